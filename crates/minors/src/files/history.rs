//! What happened to a child, over all matters that the reader sees, and who has read the file.

use base::{AccountId, MatterId, Moment, PersonId, PostId, Severity};
use matters::panel::{Names, Wanted};
use matters::{Matter, Matters};
use serde_json::Value;
use store::Read;
use store::journal::{self, Entry, Filter};
use web::components::{Badge, Timeline, TimelineEntry, Tone};
use web::{Ctx, WebError, Worded as _, show};

use super::page::look_of;
use super::{Texts, words};

/// Lines of the timeline at most.
const SHOWN_AT_MOST: u64 = 60;
/// Readings that are shown.
const READERS_AT_MOST: u64 = 12;

/// The kinds of the journal that make a child's history.
const TOLD: [&str; 10] = [
    "matters.opened",
    "matters.acted",
    "matters.climbed",
    "matters.late",
    "minors.file_opened",
    "minors.file_reopened",
    "minors.file_closed",
    "minors.file_regraded",
    "minors.category_added",
    "minors.category_ended",
];

/// What was read of the journal.
pub(super) struct Told {
    entries: Vec<Entry>,
    readings: Vec<Entry>,
}

/// One reading of the file.
pub(super) struct Reading {
    pub when: String,
    pub who: String,
    pub purpose: String,
}

impl Told {
    /// Reads both lists.
    pub async fn read(read: &Read, ids: &[PersonId]) -> Result<Self, WebError> {
        Ok(Self {
            entries: listed(read, ids, &TOLD, SHOWN_AT_MOST).await?,
            readings: listed(read, ids, &[access::FILE_READ], READERS_AT_MOST).await?,
        })
    }

    /// Who last changed the file, and when.
    pub fn last_change(&self, names: &Names) -> Option<(String, String)> {
        let is_change = |entry: &&Entry| entry.kind.starts_with("minors.") && entry.actor.account.is_some();
        let entry = self.entries.iter().find(is_change)?;
        Some((names.account(entry.actor.account?).to_owned(), show::full(entry.at)))
    }

    /// When the level was last set by somebody at the file.
    pub fn graded_at(&self) -> Option<Moment> {
        let is_grading = |entry: &&Entry| entry.kind == "minors.file_regraded" && entry.matter.is_none();
        self.entries.iter().find(is_grading).map(|entry| entry.at)
    }

    /// Whose names the lines show.
    pub fn wanted(&self, wanted: &mut Wanted) {
        for entry in self.entries.iter().chain(&self.readings) {
            wanted.accounts.extend(entry.actor.account);
            wanted.posts.extend(entry.actor.post);
        }
    }

    /// The timeline, newest first. Of a matter that the reader does not see nothing is told.
    pub fn timeline(&self, ctx: &Ctx, matters: &Matters, seen: &[Matter], names: &Names) -> Timeline {
        let telling = Telling { ctx, t: Texts(ctx.language), matters, seen };
        let entries = self.entries.iter().filter_map(|entry| {
            let (title, tone) = telling.title(entry)?;
            Some(TimelineEntry {
                when: show::when(entry.at, ctx.now),
                icon: Some(icon_of(&entry.kind)),
                tone,
                title,
                detail: who(ctx, names, entry.actor.account, entry.actor.post),
                href: entry.matter.and_then(|id| telling.href(id)),
                is_ahead: false,
            })
        });
        Timeline { entries: entries.collect() }
    }

    /// Who has read the file, newest first.
    pub fn readers(&self, ctx: &Ctx, names: &Names) -> Vec<Reading> {
        let t = Texts(ctx.language);
        let reading = |entry: &Entry| Reading {
            when: moment(ctx, entry.at),
            who: who(ctx, names, entry.actor.account, entry.actor.post),
            purpose: purpose(t, entry.payload.as_ref().map_or(&Value::Null, |payload| &payload.after)),
        };
        self.readings.iter().map(reading).collect()
    }
}

/// The newest entries about a child, under whichever of its ids they were written.
async fn listed(read: &Read, ids: &[PersonId], kinds: &[&str], at_most: u64) -> Result<Vec<Entry>, WebError> {
    // A filter without a person would be about anybody.
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let filter = Filter { subjects: ids.to_vec(), kinds, ..Filter::default() };
    Ok(journal::list(read, &filter, None, at_most).await?)
}

/// Day and time, or the time alone today.
fn moment(ctx: &Ctx, at: Moment) -> String {
    let day = show::when(at, ctx.now);
    if at.day() == ctx.today() { day } else { format!("{day} {}", show::time(at)) }
}

fn icon_of(kind: &str) -> &'static str {
    match kind {
        "matters.opened" => "radar-2",
        "matters.climbed" => "arrow-up-right",
        "minors.file_opened" | "minors.file_reopened" => "folder-open",
        "minors.file_closed" => "archive",
        "minors.category_added" | "minors.category_ended" => "tag",
        "minors.file_regraded" => "flag",
        _ => "checks",
    }
}

/// Who, on which post.
fn who(ctx: &Ctx, names: &Names, account: Option<AccountId>, post: Option<PostId>) -> String {
    let name = account.map(|account| names.account(account)).unwrap_or_default();
    let seat = post.map(|post| names.post(post).seat).unwrap_or_default();
    if name.is_empty() {
        return Texts(ctx.language).history_system().to_owned();
    }
    format!("{name} {seat}").trim().to_owned()
}

fn purpose(t: Texts, after: &Value) -> String {
    let word = |name: &str| after.get(name).and_then(Value::as_str).unwrap_or_default();
    let said = match (word("purpose"), word("part")) {
        ("full_name", _) => t.purpose_name(),
        (_, "file") => t.purpose_file(),
        (_, "card") => t.purpose_card(),
        (_, "source_row") => t.purpose_source(),
        (_, "phone") => t.purpose_phone(),
        _ => t.purpose_work(),
    };
    said.to_owned()
}

struct Telling<'a> {
    ctx: &'a Ctx,
    t: Texts,
    matters: &'a Matters,
    seen: &'a [Matter],
}

impl Telling<'_> {
    fn matter(&self, id: MatterId) -> Option<&Matter> {
        self.seen.iter().find(|matter| matter.id == id)
    }

    fn href(&self, id: MatterId) -> Option<String> {
        self.matter(id).map(|matter| self.matters.path_for(self.ctx, matter))
    }

    /// What happened and its colour; `None` for what the reader does not see.
    fn title(&self, entry: &Entry) -> Option<(String, Tone)> {
        let payload = entry.payload.clone().unwrap_or_default();
        let (before, after) = (&payload.before, &payload.after);
        let word = |side: &Value, name: &str| {
            side.get(name).and_then(Value::as_str).map(str::to_owned).unwrap_or_default()
        };
        let (t, ctx) = (self.t, self.ctx);
        Some(match entry.kind.as_str() {
            "minors.file_opened" => (t.history_file_opened().to_owned(), Tone::Info),
            "minors.file_reopened" => (t.history_file_reopened().to_owned(), Tone::Info),
            "minors.file_closed" => {
                let reason = word(after, "reason");
                let reason = if reason == super::merged::CLOSED_AS_MERGED {
                    t.file_merged().to_owned()
                } else {
                    words::word(ctx, super::CLOSE_REASONS, &reason)
                };
                (t.history_file_closed(reason), Tone::Ok)
            }
            "minors.file_regraded" => {
                let level = Severity::from_key(&word(after, "level"))?;
                (t.history_regraded(Badge::severity(level, ctx.language).word), level.into())
            }
            "minors.category_added" => {
                (t.history_category_added(words::category(ctx, &word(after, "category"))), Tone::High)
            }
            "minors.category_ended" => {
                (t.history_category_ended(words::category(ctx, &word(after, "category"))), Tone::Low)
            }
            _ => {
                let matter = self.matter(entry.matter?)?;
                let step = Step {
                    // What arrived late was done where it was written.
                    stage_before: Some(word(after, "written_in"))
                        .filter(|stage| !stage.is_empty())
                        .unwrap_or_else(|| word(before, "stage")),
                    action: word(after, "action"),
                    stage: word(after, "stage"),
                    outcome: word(after, "outcome"),
                };
                self.of_matter(entry.kind.as_str(), matter, &step)?
            }
        })
    }

    fn of_matter(&self, event: &str, matter: &Matter, step: &Step) -> Option<(String, Tone)> {
        let (t, language) = (self.t, self.ctx.language);
        let kind = self.matters.kind_of(matter).ok()?;
        let (name, number) = (kind.label.says(language), matter.number.as_str());
        Some(match event {
            "matters.opened" => (t.history_opened(name, number), Tone::from(matter.severity)),
            "matters.climbed" => (t.history_climbed(name, number), Tone::Urgent),
            "matters.late" => (t.history_late(name, number), Tone::High),
            _ => {
                let left = kind.stages.get(&step.stage_before)?;
                let action = left.actions.get(&step.action)?.label.says(language);
                if let Some(outcome) = kind.outcomes.get(&step.outcome) {
                    (
                        t.history_ended(name, number, action, outcome.says(language)),
                        look_of(Some(&step.outcome)).0,
                    )
                } else {
                    let stage = kind.stages.get(&step.stage)?.label.says(language);
                    (t.history_acted(name, number, action, stage), Tone::Info)
                }
            }
        })
    }
}

/// A step of a matter as the journal keeps it.
struct Step {
    stage_before: String,
    action: String,
    stage: String,
    outcome: String,
}
