//! What happened to a matter, in words, newest first, with what the clock brings next on top.

use access::FieldClass;
use base::{AreaLevel, Moment};
use web::components::{Badge, Timeline, TimelineEntry, Tone};
use web::{Ctx, Worded as _};
use workflow::{Kind, Stage};

use super::Texts;
use super::names::{Names, Wanted};
use crate::Matter;
use crate::timeline::{Entry, What};

/// Entries that are shown: more than a case of two years has.
pub(super) const SHOWN_AT_MOST: u64 = 200;

/// Whose names the entries show.
pub(super) fn wanted(entries: &[Entry], wanted: &mut Wanted) {
    for entry in entries {
        wanted.accounts.extend(entry.account);
        wanted.posts.extend(entry.holder);
        match &entry.what {
            What::Referred { organisation, .. } | What::ReferralMoved { organisation, .. } => {
                wanted.organisations.extend(*organisation);
            }
            _ => {}
        }
    }
}

/// When a stage was last left, for the steps.
pub(super) fn left_at(entries: &[Entry], stage: &Stage) -> Option<Moment> {
    entries.iter().find(|entry| entry.from.as_ref() == Some(&stage.label)).map(|entry| entry.at)
}

/// The last change by a person, for a conflict: who, and when.
pub(super) fn last_change<'a>(entries: &'a [Entry], names: &'a Names) -> Option<(&'a str, Moment)> {
    let entry = entries.iter().find(|entry| entry.account.is_some())?;
    Some((names.account(entry.account?), entry.at))
}

/// The timeline, with what the program tells beside the matter's own acts.
pub(super) fn timeline(
    ctx: &Ctx,
    kind: &Kind,
    matter: &Matter,
    entries: &[Entry],
    names: &Names,
    told: Vec<(Moment, TimelineEntry)>,
) -> Timeline {
    let telling = Telling { t: Texts(ctx.language), ctx, kind, matter, names };
    let own = entries.iter().map(|entry| (entry.at, telling.entry(entry)));
    // Of one moment, what the program tells is the newer: it follows from the act.
    let mut past: Vec<(Moment, TimelineEntry)> = told.into_iter().chain(own).collect();
    past.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let past = past.into_iter().map(|(_, entry)| entry);
    Timeline { entries: telling.ahead().into_iter().chain(past).collect() }
}

struct Telling<'a> {
    t: Texts,
    ctx: &'a Ctx,
    kind: &'a Kind,
    matter: &'a Matter,
    names: &'a Names,
}

impl Telling<'_> {
    /// What happens by itself if nobody acts: the next climb.
    fn ahead(&self) -> Option<TimelineEntry> {
        let clock = &self.matter.clock;
        if self.matter.closed_at.is_some() || clock.pause.is_some() {
            return None;
        }
        let stood = clock.climbed_to.or(self.matter.holder_level);
        let above = self.kind.ladder.iter().find(|level| stood.is_none_or(|stood| **level < stood))?;
        Some(TimelineEntry {
            when: web::show::when(clock.climb_at, self.ctx.now),
            icon: None,
            tone: Tone::High,
            title: self.t.history_ahead(level_name(self.t, *above)),
            detail: String::new(),
            href: None,
            is_ahead: true,
        })
    }

    fn entry(&self, entry: &Entry) -> TimelineEntry {
        let (title, tone) = self.title(entry);
        let who = entry.account.map(|account| self.names.account(account)).unwrap_or_default();
        let mut detail = vec![if who.is_empty() { self.t.history_system() } else { who }.to_owned()];
        detail.extend(
            entry
                .severity
                .map(|(_, now)| self.t.history_graded(Badge::severity(now, self.ctx.language).word)),
        );
        if let Some(written) = entry.written {
            detail.push(self.t.history_written(web::show::full(written)));
        }
        if entry.is_taken_back {
            detail.push(self.t.history_taken_back().to_owned());
        }
        if let Some(reason) = &entry.reason {
            // Somebody's own words, in the language in which they wrote them: quoted, beside their name.
            let shown = self.ctx.app.roles.show(&self.ctx.actor, FieldClass::Narrative, reason);
            let quoted = |shown: &str| self.ctx.language.choose(format!("「{shown}」"), format!("“{shown}”"));
            detail.push(match shown.as_str() {
                "" => String::new(),
                shown => quoted(shown),
            });
        }
        detail.retain(|part| !part.is_empty());
        TimelineEntry {
            when: web::show::when(entry.at, self.ctx.now),
            icon: None,
            tone,
            title,
            detail: detail.join(self.ctx.language.choose("，", ", ")),
            href: match &entry.what {
                What::Joined { from: Some(from), .. } => Some(format!("/matters/{from}")),
                _ => None,
            },
            is_ahead: false,
        }
    }

    fn title(&self, entry: &Entry) -> (String, Tone) {
        let (t, language) = (self.t, self.ctx.language);
        let of = |organisation: &Option<base::OrganisationId>| {
            organisation.map(|id| self.names.organisation(id)).unwrap_or_default()
        };
        match &entry.what {
            What::Opened { .. } => {
                let kind = self.kind.label.says(language);
                (t.history_opened(kind, self.matter.number.as_str()), Tone::Info)
            }
            What::Acted { action } => self.acted(entry, action.says(language)),
            What::Assigned => {
                let holder = entry.holder.map(|post| self.names.post(post)).unwrap_or_default();
                (t.history_assigned(holder.short()), Tone::Info)
            }
            What::Paused { reason, until } => {
                let until = until.map(|until| web::show::full_day(until.day())).unwrap_or_default();
                (t.history_paused(reason.says(language), until), Tone::Low)
            }
            What::Resumed => (t.history_resumed().to_owned(), Tone::Info),
            What::Reminded => (t.history_reminded().to_owned(), Tone::Medium),
            What::Climbed { to } => {
                let level = to.map(|level| level_name(t, level)).unwrap_or_default();
                (t.history_climbed(level), Tone::Urgent)
            }
            What::StillLate => (t.history_still_late().to_owned(), Tone::Urgent),
            What::Regraded => (t.history_regraded().to_owned(), Tone::High),
            What::Joined { number, .. } => (t.history_joined(number.as_str()), Tone::High),
            What::Late { form } => (t.history_late(form.says(language)), Tone::High),
            What::Referred { number, organisation, .. } => {
                (t.history_referred(of(organisation), number.as_str()), Tone::Info)
            }
            What::ReferralMoved { organisation, state, .. } => {
                let state = state.as_ref().map(|state| state.says(language)).unwrap_or_default();
                (t.history_referral_moved(of(organisation), state), Tone::Info)
            }
            What::Attached { .. } => (t.history_attached().to_owned(), Tone::Low),
        }
    }

    fn acted(&self, entry: &Entry, action: &str) -> (String, Tone) {
        let language = self.ctx.language;
        match (&entry.outcome, &entry.to) {
            (Some(outcome), _) => (self.t.history_ended(action, outcome.says(language)), Tone::Ok),
            (None, Some(stage)) => (self.t.history_acted(action, stage.says(language)), Tone::Info),
            (None, None) => (action.to_owned(), Tone::Info),
        }
    }
}

/// What a level is called.
pub(super) fn level_name(t: Texts, level: AreaLevel) -> &'static str {
    match level {
        AreaLevel::City => t.level_city(),
        AreaLevel::District => t.level_district(),
        AreaLevel::Subdistrict => t.level_subdistrict(),
        AreaLevel::Community => t.level_community(),
    }
}
