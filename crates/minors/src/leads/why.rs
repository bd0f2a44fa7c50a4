//! Why a lead was opened: its reasons in points, and the rows that they stand on.

use std::collections::{HashMap, HashSet};

use base::{Severity, SourceRowId};
use matters::Matter;
use store::Read;
use web::components::{Badge, Tone, Waterfall, WaterfallFrame, WaterfallRow};
use web::{Ctx, WebError, Worded as _, show};

use super::Texts;
use super::origin::{self, Origin};
use crate::screening::{Explanation, LeadDetail, LeadIndicator, Reason, Retired};

/// What a lead was opened for and what it stands on.
pub(super) struct Grounds {
    pub detail: Option<LeadDetail>,
    pub stands: Vec<LeadIndicator>,
}

impl Grounds {
    /// Indicators that are said no longer, by no version of their row.
    pub fn ended(&self) -> usize {
        self.stands.iter().filter(|one| one.ended_at.is_some() && !is_followed(one, self)).count()
    }
}

/// Whether a newer version of the row says the same: then nothing was lost.
fn is_followed(ended: &LeadIndicator, seen: &Grounds) -> bool {
    seen.stands.iter().any(|one| one.ended_at.is_none() && one.ground.element == ended.ground.element)
}

/// The rows that the lead stands on or stood on, and which of their indicators count.
pub(super) async fn origins(
    ctx: &Ctx,
    read: &Read,
    seen: &Grounds,
) -> Result<HashMap<SourceRowId, Origin>, WebError> {
    let mut kinds: HashMap<SourceRowId, HashSet<String>> = HashMap::new();
    for stand in &seen.stands {
        kinds.entry(stand.row).or_default().insert(stand.ground.kind.clone());
    }
    let reasons = seen.detail.iter().flat_map(|detail| &detail.explanation.reasons);
    for row in reasons.filter_map(|reason| reason.household_row) {
        kinds.entry(row).or_default();
    }
    origin::read(ctx, read, &kinds).await
}

/// The rows in the order of the reasons; those that are no longer said come last. Whoever may not see who the child is
/// (`knows_child`) sees of a row what the lead stands on, and not the school, class or number beside it.
pub(super) fn in_order(
    mut origins: HashMap<SourceRowId, Origin>,
    seen: &Grounds,
    knows_child: bool,
) -> Vec<Origin> {
    if !knows_child {
        for origin in origins.values_mut() {
            origin.cells.retain(|cell| cell.counts);
        }
    }
    let reasons = seen.detail.iter().flat_map(|detail| &detail.explanation.reasons);
    let present = reasons.flat_map(rows_of).collect::<Vec<_>>();
    let past = seen.stands.iter().filter(|one| !is_followed(one, seen)).map(|one| one.row);
    present.into_iter().chain(past).filter_map(|row| origins.remove(&row)).collect()
}

fn rows_of(reason: &Reason) -> Vec<SourceRowId> {
    reason.grounds.iter().map(|ground| ground.row).chain(reason.household_row).collect()
}

/// How many reasons, and how many points; and how many reasons are given no longer.
pub(super) fn why_note(ctx: &Ctx, detail: &LeadDetail) -> String {
    let t = Texts(ctx.language);
    let note = t.lead_why_note(detail.explanation.reasons.len(), detail.points);
    match detail.explanation.retired.len() {
        0 => note,
        retired => [note, t.lead_why_retired(retired)].join(ctx.language.choose("；", "; ")),
    }
}

/// A reason that its source gives no longer.
pub(super) struct RetiredLine {
    pub label: String,
    pub points: i64,
    pub since: String,
    pub href: Option<String>,
}

/// The reasons that their sources give no longer, as they were.
pub(super) fn retired(ctx: &Ctx, detail: &LeadDetail) -> Vec<RetiredLine> {
    let retired = detail.explanation.retired.iter();
    let line = |one: &Retired| RetiredLine {
        label: one.reason.label.says(ctx.language).to_owned(),
        points: one.reason.points,
        since: since(ctx, one),
        href: rows_of(&one.reason).first().map(|row| format!("/rows/{row}")),
    };
    retired.map(line).collect()
}

/// That the source of a reason gives it no longer, and since when.
pub(super) fn since(ctx: &Ctx, retired: &Retired) -> String {
    Texts(ctx.language).lead_gone_since(show::short_day(retired.since.day(), ctx.today()))
}

/// The reasons on the scale of the levels.
pub(super) fn why(
    ctx: &Ctx,
    matter: &Matter,
    detail: &LeadDetail,
    origins: &HashMap<SourceRowId, Origin>,
) -> Waterfall {
    let t = Texts(ctx.language);
    let explanation = &detail.explanation;
    let rows = explanation.reasons.iter().map(|reason| {
        let rows = rows_of(reason);
        let first = rows.first().and_then(|row| origins.get(row));
        WaterfallRow {
            title: reason.label.says(ctx.language).to_owned(),
            note: note(ctx, reason, rows.len()),
            source: first.map(|origin| origin.feed.clone()).unwrap_or_default(),
            source_row: first.map(|origin| origin.place.clone()).unwrap_or_default(),
            source_href: first.map(|origin| origin.href.clone()).unwrap_or_default(),
            rule: reason.rule.clone(),
            points: reason.points,
        }
    });
    let rows = rows.collect();
    let threshold = explanation.thresholds.iter().find(|(level, ..)| *level == matter.severity);
    let frame = WaterfallFrame {
        heads: [
            t.lead_head_indicator().to_owned(),
            t.lead_head_source().to_owned(),
            t.lead_head_rule().to_owned(),
            t.lead_head_points().to_owned(),
        ],
        total_label: t.lead_total().to_owned(),
        total_note: levels(ctx, explanation),
        threshold: threshold.map_or(0, |(_, least, _)| *least),
        tone: Tone::from(matter.severity),
    };
    Waterfall::new(frame, rows)
}

/// From how many points on each level is reached: 80 紧急，60 高，40 中，20 低（样例）.
fn levels(ctx: &Ctx, explanation: &Explanation) -> String {
    let t = Texts(ctx.language);
    let levels = explanation.thresholds.iter().map(|(level, least, _): &(Severity, i64, bool)| {
        format!("{least} {}", Badge::severity(*level, ctx.language).word)
    });
    let levels = levels.collect::<Vec<_>>().join(ctx.language.choose("，", ", "));
    if explanation.thresholds.iter().any(|(.., sample)| *sample) {
        t.lead_levels_sample(levels)
    } else {
        levels
    }
}

/// Days and numbers of what a reason rests on: 2026-02-20，5.
fn note(ctx: &Ctx, reason: &Reason, rows: usize) -> String {
    let t = Texts(ctx.language);
    let mut parts: Vec<String> = Vec::new();
    if let Some(ground) = reason.grounds.first() {
        parts.extend(ground.number.map(|number| t.lead_note_number(number)));
        parts.extend(ground.day.clone().map(|day| t.lead_note_day(day)));
    }
    if rows > 1 {
        parts.push(t.lead_note_more(rows - 1));
    }
    parts.join(ctx.language.choose("，", ", "))
}
