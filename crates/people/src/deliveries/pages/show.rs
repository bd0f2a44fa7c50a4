//! How states, figures and codes of deliveries are said.

use texts::Language;
use web::components::{Badge, Funnel, FunnelStep, Remark, Tone};

use crate::Texts;
use crate::deliveries::{Delivery, DeliveryState, Fate, Figures, HeldState};
use crate::reading::{RejectionCode, SkippedKind, WarningCode, Wording};

/// Where a delivery stands.
pub(super) fn state(t: Texts, delivery: &Delivery) -> Badge {
    if delivery.held == Some(HeldState::Waiting) && delivery.state == DeliveryState::Done {
        return Badge::new(Tone::High, "alert-triangle", t.delivery_state_held());
    }
    match delivery.state {
        DeliveryState::Received | DeliveryState::Staged => {
            Badge::new(Tone::Info, "loader", t.delivery_state_reading())
        }
        DeliveryState::Checked if delivery.apply_asked_at.is_some() => {
            Badge::new(Tone::Info, "loader", t.delivery_state_waiting())
        }
        DeliveryState::Checked => Badge::new(Tone::Medium, "eye-check", t.delivery_state_checked()),
        DeliveryState::Applying => Badge::new(Tone::Info, "loader", t.delivery_state_applying()),
        DeliveryState::Done => Badge::new(Tone::Ok, "circle-check", t.delivery_state_done()),
        DeliveryState::Dropped => Badge::new(Tone::Low, "circle-x", t.delivery_state_dropped()),
    }
}

/// The bar of figures: rows = new + updated + unchanged + copies + set aside, and what stands beside them. `own` is the
/// delivery's address, under which the lists behind the figures are.
pub(super) fn flow(t: Texts, figures: &Figures, lines: u64, own: &str) -> Funnel {
    let step = |label: &str, base: String, figure: u64, joint: Option<&'static str>| FunnelStep {
        label: label.to_owned(),
        base: String::new(),
        figure,
        href: None,
        tone: None,
        remarks: vec![Remark { text: base, figure: None, tone: None, href: None }],
        joint,
    };
    let list = |step: FunnelStep, tone: Tone, list: &str| FunnelStep {
        tone: (step.figure > 0).then_some(tone),
        href: (step.figure > 0).then(|| format!("{own}/{list}")),
        ..step
    };
    let of_file = if lines > 0 { t.flow_rows_note(lines) } else { String::new() };
    let share = web::show::share(figures.rejected, figures.rows);
    let rejected = if figures.rejected > 0 { t.flow_rejected_note(share) } else { t.flow_none().to_owned() };
    let plus = Some("plus");
    Funnel {
        label: t.flow_label().to_owned(),
        steps: vec![
            step(t.flow_rows(), of_file, figures.rows, None),
            step(t.flow_accepted(), t.flow_accepted_note().to_owned(), figures.accepted, Some("equal")),
            step(t.flow_updated(), t.flow_updated_note().to_owned(), figures.updated, plus),
            step(t.flow_unchanged(), t.flow_unchanged_note().to_owned(), figures.unchanged, plus),
            step(t.flow_duplicates(), t.flow_duplicates_note().to_owned(), figures.duplicates, plus),
            list(step(t.flow_rejected(), rejected, figures.rejected, plus), Tone::Urgent, "set-aside"),
            list(
                step(t.flow_warnings(), t.flow_warnings_note().to_owned(), figures.warnings, None),
                Tone::High,
                "warnings",
            ),
            step(t.flow_skipped(), t.flow_skipped_note().to_owned(), figures.skipped, None),
            list(step(t.flow_gone(), t.flow_gone_note().to_owned(), figures.gone, None), Tone::Info, "gone"),
        ],
    }
}

/// The words of a reason for setting a row aside.
pub(super) fn rejection(key: &str, language: Language) -> Option<Wording> {
    RejectionCode::from_key(key).map(|code| language.choose(code.chinese(), code.english()))
}

/// The words of a warning.
pub(super) fn warning(key: &str, language: Language) -> Option<Wording> {
    WarningCode::from_key(key).map(|code| language.choose(code.chinese(), code.english()))
}

/// The word for a line that is no row.
pub(super) fn skipped(t: Texts, key: &str) -> &'static str {
    match SkippedKind::ALL.into_iter().find(|kind| kind.key() == key) {
        Some(SkippedKind::Title) => t.skipped_title(),
        Some(SkippedKind::Header) => t.skipped_header(),
        Some(SkippedKind::Blank) => t.skipped_blank(),
        Some(SkippedKind::Subtotal) => t.skipped_subtotal(),
        Some(SkippedKind::EndMark) => t.skipped_end_mark(),
        Some(SkippedKind::Note) | None => t.skipped_note(),
    }
}

/// What becomes of a row: tone, icon and word.
pub(super) fn fate(t: Texts, fate: Fate, is_warned: bool) -> (&'static str, &'static str, &'static str) {
    match fate {
        Fate::Skipped => ("t3", "minus", t.fate_skipped()),
        Fate::Header => ("b", "table", t.fate_header()),
        Fate::Added if is_warned => ("amb", "alert-triangle", t.fate_added_warned()),
        Fate::Updated if is_warned => ("amb", "alert-triangle", t.fate_updated_warned()),
        Fate::Added => ("grn", "plus", t.fate_added()),
        Fate::Updated => ("grn", "pencil", t.fate_updated()),
        Fate::Unchanged => ("t2", "equal", t.fate_unchanged()),
        Fate::Duplicate => ("t2", "copy", t.fate_duplicate()),
        Fate::Rejected => ("red", "ban", t.fate_rejected()),
    }
}

/// A size in bytes as people say it.
pub(super) fn size(bytes: i64) -> String {
    let kilobytes = bytes.max(0) as f64 / 1024.0;
    if kilobytes < 1000.0 {
        format!("{:.0} KB", kilobytes.ceil())
    } else {
        format!("{:.1} MB", kilobytes / 1024.0)
    }
}
