//! What happened to a lead: the matter's timeline, and what screenings brought to it, the newest first.

use matters::timeline::{Entry, What};
use web::components::{TimelineEntry, Tone};
use web::{Ctx, Worded as _, show};

use super::Texts;
use super::who::Who;
use crate::screening::{Outcome, ScreeningRecord};

/// Entries that are shown.
const SHOWN: usize = 14;

/// The entries for a reader.
pub(super) fn entries(
    ctx: &Ctx,
    told: &[Entry],
    screenings: &[ScreeningRecord],
    who: &Who,
) -> Vec<TimelineEntry> {
    let mut all: Vec<(base::Moment, TimelineEntry)> =
        told.iter().filter_map(|entry| Some((entry.at, line(ctx, entry, who)?))).collect();
    all.extend(screenings.iter().map(|record| (record.at, screening(ctx, record))));
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    all.truncate(SHOWN);
    all.into_iter().map(|(_, entry)| entry).collect()
}

fn screening(ctx: &Ctx, record: &ScreeningRecord) -> TimelineEntry {
    let t = Texts(ctx.language);
    let title = match record.outcome {
        Outcome::Opened => t.lead_told_screened(record.points),
        Outcome::Joined | Outcome::Noted => t.lead_told_joined(record.points),
        Outcome::Marked => t.lead_told_marked(record.points),
    };
    let tone = if record.outcome == Outcome::Marked { Tone::High } else { Tone::Info };
    TimelineEntry {
        when: show::when(record.at, ctx.now),
        icon: None,
        tone,
        title,
        detail: t.lead_told_rules(record.rules_version.as_str()),
        href: None,
        is_ahead: false,
    }
}

fn line(ctx: &Ctx, entry: &Entry, who: &Who) -> Option<TimelineEntry> {
    let t = Texts(ctx.language);
    let person = entry.account.map(|account| who.person(account)).unwrap_or_default();
    let by = |verb: &str| if person.is_empty() { verb.to_owned() } else { format!("{person} {verb}") };
    let (title, tone) = match &entry.what {
        // What opened a lead is told by its screening, with the points.
        What::Opened { origin, .. } if origin == "screening" => return None,
        What::Opened { .. } => (by(t.lead_told_opened()), Tone::Info),
        What::Acted { action } => (by(action.says(ctx.language)), Tone::Info),
        What::Assigned => (by(t.lead_told_assigned()), Tone::Info),
        What::Paused { reason, .. } => (t.lead_told_paused(reason.says(ctx.language)), Tone::Low),
        What::Resumed => (t.lead_told_resumed().to_owned(), Tone::Info),
        What::Reminded => (t.lead_told_reminded().to_owned(), Tone::Info),
        What::Climbed { .. } => (t.lead_told_climbed().to_owned(), Tone::High),
        What::StillLate => (t.lead_told_still_late().to_owned(), Tone::Urgent),
        What::Regraded => (t.lead_told_regraded().to_owned(), Tone::High),
        What::Joined { number, .. } => (t.lead_told_news(number.as_str()), Tone::High),
        What::Referred { number, .. } | What::ReferralMoved { number, .. } => {
            (t.lead_told_news(number.as_str()), Tone::Info)
        }
        What::Attached { .. } => (by(t.lead_told_attached()), Tone::Info),
    };
    let mut detail = Vec::new();
    if let Some((_, after)) = entry.severity {
        let level = web::components::Badge::severity(after, ctx.language).word;
        detail.push(t.lead_told_level(level));
    }
    if let Some(post) = entry.holder {
        detail.push(t.lead_told_holder(who.seat(post).short()));
    }
    if let Some(outcome) = &entry.outcome {
        detail.push(outcome.says(ctx.language).to_owned());
    }
    // The reason of a level that screening raised is a word for the journal; the line below it says what joined.
    if let Some(reason) = entry.reason.as_ref().filter(|_| entry.what != What::Regraded) {
        let shown = ctx.app.roles.show(&ctx.actor, access::FieldClass::Narrative, reason);
        detail.push(shown.to_string());
    }
    Some(TimelineEntry {
        when: show::when(entry.at, ctx.now),
        icon: None,
        tone,
        title,
        detail: detail.join(ctx.language.choose("，", "; ")),
        href: None,
        is_ahead: false,
    })
}
