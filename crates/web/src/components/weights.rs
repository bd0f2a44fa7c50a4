//! Why a machine decided: points as a waterfall, a total on a scale, the weight of one field.
//!
//! Lengths are SVG attributes in percent, since nothing inline is allowed.

use askama::Template;

use super::percent;
use super::prints_itself;
use super::status::Tone;

/// Points that add up, each where the one before ended.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(path = "components/waterfall.html")]
pub struct Waterfall {
    heads: [String; 5],
    ticks: Vec<Tick>,
    rows: Vec<PlacedRow>,
    total_label: String,
    total_note: String,
    total: i64,
    total_percent: f64,
    threshold_percent: f64,
    tone: Tone,
}

/// One indicator and its points.
#[derive(Debug, Clone, PartialEq)]
pub struct WaterfallRow {
    /// What was found.
    pub title: String,
    /// More about it: since when.
    pub note: String,
    /// The feed it comes from.
    pub source: String,
    /// The row: 11-05 批次，第 1,904 行.
    pub source_row: String,
    /// Where the row is shown.
    pub source_href: String,
    /// The rule's id.
    pub rule: String,
    /// Its points; less than nothing speaks against.
    pub points: i64,
}

/// What stands around the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct WaterfallFrame {
    /// Heads of the columns: indicator, source and row, rule, (scale), points.
    pub heads: [String; 4],
    /// The word for the total, and what the levels are.
    pub total_label: String,
    /// What the levels are.
    pub total_note: String,
    /// The points at which the level that was reached begins; marked on the scale.
    pub threshold: i64,
    /// The colour of the total.
    pub tone: Tone,
}

#[derive(Debug, Clone, PartialEq)]
struct Tick {
    value: i64,
    percent: f64,
    is_threshold: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct PlacedRow {
    row: WaterfallRow,
    from_percent: f64,
    width_percent: f64,
}

impl PlacedRow {
    fn signed(&self) -> String {
        signed(&self.row.points.to_string())
    }

    fn is_negative(&self) -> bool {
        self.row.points < 0
    }
}

/// A number with its sign, the minus as typography has it.
fn signed(number: &str) -> String {
    match number.strip_prefix('-') {
        Some(rest) => format!("−{rest}"),
        None => format!("+{number}"),
    }
}

impl Waterfall {
    /// The rows in their order on a scale from 0 to 100, or as far as they reach.
    pub fn new(frame: WaterfallFrame, rows: Vec<WaterfallRow>) -> Self {
        let (mut sum, mut highest) = (0_i64, 100_i64);
        for row in &rows {
            sum = sum.saturating_add(row.points);
            highest = highest.max(sum);
        }
        let whole = highest.div_euclid(20).saturating_add(i64::from(highest.rem_euclid(20) > 0)) * 20;
        let share = |points: i64| percent(points as f64, whole as f64);
        let mut reached = 0_i64;
        let placed = rows
            .into_iter()
            .map(|row| {
                let before = reached;
                reached = reached.saturating_add(row.points);
                let (from, to) = (share(before.min(reached)), share(before.max(reached)));
                PlacedRow { row, from_percent: from, width_percent: to - from }
            })
            .collect();
        let ticks = (0..=5_i64).map(|step| whole / 5 * step);
        let ticks = ticks
            .map(|value| Tick { value, percent: share(value), is_threshold: value == frame.threshold })
            .collect();
        let [indicator, source, rule, points] = frame.heads;
        Self {
            heads: [indicator, source, rule, String::new(), points],
            ticks,
            rows: placed,
            total_label: frame.total_label,
            total_note: frame.total_note,
            total: sum,
            total_percent: share(sum),
            threshold_percent: share(frame.threshold),
            tone: frame.tone,
        }
    }
}

/// A value on a scale of bands: 另立新人 | 人工复核 | 自动合并.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(path = "components/scale.html")]
pub struct Scale {
    bands: Vec<PlacedBand>,
    bounds: Vec<(String, f64)>,
    value: String,
    value_percent: f64,
    /// At which side of its place the value stands, so that it stays within the scale.
    value_class: &'static str,
}

/// Share of a scale, in percent, within which a value stands at its end.
const NEAR_AN_END: f64 = 12.0;

/// A band of a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its name.
    pub label: String,
    /// Where it ends; the next begins there.
    pub until: f64,
    /// Its colour.
    pub tone: Tone,
}

#[derive(Debug, Clone, PartialEq)]
struct PlacedBand {
    label: String,
    from_percent: f64,
    width_percent: f64,
    middle_percent: f64,
    class: &'static str,
}

impl Scale {
    /// `value` (shown as `text`) on the bands that follow one another from `from`.
    pub fn new(from: f64, bands: Vec<Band>, value: f64, text: impl Into<String>) -> Self {
        let end = bands.last().map_or(from, |band| band.until);
        let share = |at: f64| percent(at - from, end - from);
        let mut start = from;
        let inner = bands.len().saturating_sub(1);
        let bounds =
            bands.iter().take(inner).map(|band| (format!("{:.1}", band.until), share(band.until))).collect();
        let bands = bands
            .into_iter()
            .map(|band| {
                let (left, right) = (share(start), share(band.until));
                start = band.until;
                PlacedBand {
                    label: band.label,
                    from_percent: left,
                    width_percent: right - left,
                    middle_percent: f64::midpoint(left, right),
                    class: band.tone.class(),
                }
            })
            .collect();
        let value_percent = share(value);
        let value_class = match value_percent {
            ..NEAR_AN_END => "first",
            percent if percent > 100.0 - NEAR_AN_END => "last",
            _ => "",
        };
        Self { bands, bounds, value: text.into(), value_percent, value_class }
    }

    /// The same with bounds that say that they are shares: 5.0%.
    #[must_use]
    pub fn in_percent(mut self) -> Self {
        self.bounds.iter_mut().for_each(|(text, _)| text.push('%'));
        self
    }
}

/// The weight of one field of a comparison: to the right it speaks for, to the left against.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(
    ext = "html",
    source = r#"<svg class="sw-weight {{ class }}" aria-hidden="true" focusable="false"><rect class="bar" x="{{ from_percent|fmt("{:.1}") }}%" y="4" width="{{ width_percent|fmt("{:.1}") }}%" height="14"></rect><line x1="{{ zero_percent|fmt("{:.1}") }}%" x2="{{ zero_percent|fmt("{:.1}") }}%" y1="0" y2="100%"></line></svg>"#
)]
pub struct WeightBar {
    from_percent: f64,
    width_percent: f64,
    zero_percent: f64,
    class: &'static str,
}

impl WeightBar {
    /// `weight` on a scale from `least` (below zero) to `most`; `agrees` decides between green and ochre.
    pub fn new(weight: f64, least: f64, most: f64, agrees: bool) -> Self {
        let share = |at: f64| percent(at - least, most - least);
        let (zero, end) = (share(0.0), share(weight));
        let class = match (weight < 0.0, agrees) {
            (true, _) => "against",
            (false, true) => "for",
            (false, false) => "partly",
        };
        Self { from_percent: zero.min(end), width_percent: (end - zero).abs(), zero_percent: zero, class }
    }

    /// A weight with its sign: +3.9, −12.5.
    pub fn text(weight: f64) -> String {
        if weight.abs() < 0.05 { "0.0".to_owned() } else { signed(&format!("{weight:.1}")) }
    }
}

prints_itself!(Waterfall, Scale, WeightBar);

#[cfg(test)]
mod tests {
    use super::*;

    fn row(points: i64) -> WaterfallRow {
        WaterfallRow {
            title: "缺勤".into(),
            note: String::new(),
            source: String::new(),
            source_row: String::new(),
            source_href: String::new(),
            rule: String::new(),
            points,
        }
    }

    fn frame(threshold: i64) -> WaterfallFrame {
        WaterfallFrame {
            heads: Default::default(),
            total_label: String::new(),
            total_note: String::new(),
            threshold,
            tone: Tone::Urgent,
        }
    }

    #[test]
    fn each_bar_begins_where_the_one_before_ended() {
        let waterfall = Waterfall::new(frame(80), vec![row(34), row(22), row(-5)]);
        let places: Vec<(f64, f64)> =
            waterfall.rows.iter().map(|row| (row.from_percent.round(), row.width_percent.round())).collect();
        assert_eq!(places, [(0.0, 34.0), (34.0, 22.0), (51.0, 5.0)]);
        assert_eq!((waterfall.total, waterfall.total_percent, waterfall.threshold_percent), (51, 51.0, 80.0));
    }

    #[test]
    fn more_than_a_hundred_points_stretch_the_scale() {
        let waterfall = Waterfall::new(frame(80), vec![row(90), row(45)]);
        assert_eq!(waterfall.ticks.last().map(|tick| tick.value), Some(140));
        assert!(waterfall.rows.iter().all(|row| row.from_percent + row.width_percent <= 100.0));
    }

    #[test]
    fn a_value_at_an_end_stands_within_the_scale() {
        let at = |value: f64| {
            let band = |until: f64| Band { label: String::new(), until, tone: Tone::Low };
            Scale::new(0.0, vec![band(5.0), band(10.0)], value, "100.0%").in_percent().to_string()
        };
        assert!(at(10.0).contains("class=\"value last\""), "{}", at(10.0));
        assert!(at(0.0).contains("class=\"value first\""), "{}", at(0.0));
        assert!(at(5.0).contains("class=\"value \"") && at(5.0).contains(">5.0%</text>"), "{}", at(5.0));
    }

    #[test]
    fn weights_stand_left_or_right_of_zero() {
        let bar = WeightBar::new(-3.0, -6.0, 6.0, false);
        assert_eq!((bar.from_percent, bar.width_percent, bar.zero_percent), (25.0, 25.0, 50.0));
        assert_eq!(WeightBar::text(-12.5), "−12.5");
        assert_eq!(WeightBar::text(3.91), "+3.9");
        assert_eq!(WeightBar::text(-0.01), "0.0");
    }
}
