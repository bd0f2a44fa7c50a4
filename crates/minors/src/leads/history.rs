//! What screenings brought to a lead, as lines of its timeline.

use web::components::{TimelineEntry, Tone};
use web::{Ctx, show};

use super::Texts;
use crate::screening::{Outcome, ScreeningRecord};

/// The line of one screening.
pub(super) fn entry(ctx: &Ctx, record: &ScreeningRecord) -> TimelineEntry {
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
