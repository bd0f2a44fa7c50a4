//! What screenings brought to a lead, as lines of its timeline: of each what is new, what is said again and what is said no
//! longer, and the points that follow from all of it.

use base::Moment;
use web::components::{TimelineEntry, Tone};
use web::{Ctx, Worded as _, show};

use super::Texts;
use crate::screening::{Outcome, Reason, ScreeningRecord};

/// The lines of the screenings of one lead, which are given oldest first.
pub(super) fn entries(ctx: &Ctx, records: &[ScreeningRecord]) -> Vec<(Moment, TimelineEntry)> {
    let lines = records.iter().enumerate();
    lines
        .map(|(place, record)| (record.at, entry(ctx, record, records.get(..place).unwrap_or_default())))
        .collect()
}

fn entry(ctx: &Ctx, record: &ScreeningRecord, earlier: &[ScreeningRecord]) -> TimelineEntry {
    let t = Texts(ctx.language);
    let change =
        earlier.last().map(|before| Change::between(ctx, before, record, earlier)).unwrap_or_default();
    let title = match record.outcome {
        Outcome::Opened => t.lead_told_screened(record.points),
        _ if !change.is_empty() => change.in_words(ctx, record.points),
        Outcome::Joined | Outcome::Noted => t.lead_told_joined(record.points),
        Outcome::Returned => t.lead_told_returned(record.points),
        Outcome::Marked => t.lead_told_marked(record.points),
    };
    let is_less = record.outcome == Outcome::Marked || !change.gone.is_empty();
    TimelineEntry {
        when: show::when(record.at, ctx.now),
        icon: None,
        tone: if is_less { Tone::High } else { Tone::Info },
        title,
        detail: t.lead_told_rules(record.rules_version.as_str()),
        href: None,
        is_ahead: false,
    }
}

/// What one screening changed in the reasons of a lead, in words.
#[derive(Default)]
struct Change {
    new: Vec<String>,
    back: Vec<String>,
    gone: Vec<String>,
}

impl Change {
    fn between(
        ctx: &Ctx,
        before: &ScreeningRecord,
        record: &ScreeningRecord,
        earlier: &[ScreeningRecord],
    ) -> Self {
        let named = |reason: &Reason| reason.label.says(ctx.language).to_owned();
        let mut change = Self::default();
        for reason in &record.explanation.reasons {
            if before.explanation.counts(&reason.rule) {
                continue;
            }
            match gone_since(earlier, &reason.rule) {
                Some(since) => {
                    let day = show::short_day(since.day(), ctx.today());
                    change.back.push(Texts(ctx.language).lead_told_was_gone(named(reason), day));
                }
                None => change.new.push(named(reason)),
            }
        }
        change.gone = before.explanation.lost_in(&record.explanation).map(named).collect();
        change
    }

    fn is_empty(&self) -> bool {
        self.new.is_empty() && self.back.is_empty() && self.gone.is_empty()
    }

    fn in_words(&self, ctx: &Ctx, points: i64) -> String {
        let t = Texts(ctx.language);
        let joined = |words: &[String]| words.join(ctx.language.choose("、", ", "));
        let mut parts = Vec::new();
        if !self.new.is_empty() {
            parts.push(t.lead_told_new(joined(&self.new)));
        }
        if !self.back.is_empty() {
            parts.push(t.lead_told_back(joined(&self.back)));
        }
        if !self.gone.is_empty() {
            parts.push(t.lead_told_gone(joined(&self.gone)));
        }
        parts.push(t.lead_told_now(points));
        parts.join(ctx.language.choose("；", "; "))
    }
}

/// When a rule that counted before was lost, if it was.
fn gone_since(earlier: &[ScreeningRecord], rule: &str) -> Option<Moment> {
    let last = earlier.iter().rposition(|record| record.explanation.counts(rule))?;
    earlier.get(last.checked_add(1)?).map(|record| record.at)
}
