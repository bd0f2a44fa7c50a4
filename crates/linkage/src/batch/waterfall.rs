//! An explanation as a drawing: each weight begins where the one before it ended, the last bar is the sum. One SVG without
//! anything from outside, for a page, a letter or a slide.

use std::fmt::Write as _;

use super::Explanation;
use crate::markup::escaped;

/// Width of the drawing, in pixels.
const WIDTH: f64 = 760.0;
/// Where bars begin: what stands before them is words.
const BARS_FROM: f64 = 380.0;
/// Room behind the bars, for the weight in figures.
const FIGURES: f64 = 64.0;
/// Height of a line, and of the bar in it, in pixels.
const LINE: f64 = 28.0;
/// Height of a bar, in pixels.
const BAR: f64 = 16.0;
/// Longest text before a bar, in columns of a fixed face (a Chinese character takes two).
const MOST_COLUMNS: usize = 50;

/// One bar: what it is about, and from where to where it goes, in bits.
struct Bar {
    words: String,
    from: f64,
    to: f64,
    colour: &'static str,
}

impl Explanation {
    /// The waterfall of weights as SVG, in Chinese or in English. The ids of the rows and the labels of the model stand in
    /// it, no value of a row.
    pub fn to_svg(&self, chinese: bool) -> String {
        let bars = self.bars(chinese);
        let ends = || bars.iter().flat_map(|bar| [bar.from, bar.to]).chain([0.0]);
        let (least, most) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
        let pixels_per_bit = (WIDTH - BARS_FROM - 2.0 * FIGURES) / (most - least).max(1.0);
        let place = |bits: f64| BARS_FROM + FIGURES + (bits - least) * pixels_per_bit;
        let height = LINE * (bars.len() as f64 + 1.0);
        let title = if chinese {
            format!("{} 与 {}：同一人的概率 {:.6}", self.left_id, self.right_id, self.probability)
        } else {
            format!(
                "{} and {}: one person with probability {:.6}",
                self.left_id, self.right_id, self.probability
            )
        };
        let title = drawn(&title);
        // Writing into a text cannot fail.
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" font-family=\"system-ui, 'Noto Sans CJK SC', sans-serif\" font-size=\"13\">\n<title>{title}</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n<text x=\"8\" y=\"19\" font-weight=\"600\" fill=\"#12304f\">{title}</text>\n"
        );
        let zero = place(0.0);
        let _written = writeln!(
            svg,
            "<line x1=\"{zero:.1}\" x2=\"{zero:.1}\" y1=\"{LINE}\" y2=\"{height}\" stroke=\"#8a97a6\" stroke-dasharray=\"3 3\"/>"
        );
        let mut top = LINE;
        for bar in &bars {
            let (from, to) = (place(bar.from.min(bar.to)), place(bar.from.max(bar.to)));
            let width = (to - from).max(1.0);
            let weight = bar.to - bar.from;
            let (figure, anchor) =
                if weight < 0.0 { (from - 6.0, "end") } else { (from + width + 6.0, "start") };
            let (text, middle) = (top + 19.0, top + (LINE - BAR) / 2.0);
            let _written = writeln!(
                svg,
                "<g><title>{0}</title><text x=\"8\" y=\"{text}\" fill=\"#1d2733\">{1}</text><rect x=\"{from:.1}\" y=\"{middle}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"2\" fill=\"{2}\"/><text x=\"{figure:.1}\" y=\"{text}\" text-anchor=\"{anchor}\" fill=\"#1d2733\">{weight:+.2}</text></g>",
                drawn(&bar.words),
                drawn(&cut(&bar.words)),
                bar.colour,
            );
            top += LINE;
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn bars(&self, chinese: bool) -> Vec<Bar> {
        let mut sum = 0.0;
        let mut bars = Vec::with_capacity(self.lines.len() + 1);
        for line in &self.lines {
            let words = line.in_words(chinese);
            let from = sum;
            sum += line.weight;
            // For one person in blue, against it in amber: told apart by whoever does not see red and green, and by the sign.
            let colour = if line.weight < 0.0 { "#b7791f" } else { "#1f6feb" };
            bars.push(Bar { words, from, to: sum, colour });
        }
        let words = if chinese { "合计（比特）" } else { "Total (bits)" };
        bars.push(Bar { words: words.to_owned(), from: 0.0, to: self.total_weight, colour: "#12304f" });
        bars
    }
}

/// Text as it may stand in XML. Characters that XML has no place for are left out.
fn drawn(text: &str) -> String {
    let has_place = text.chars().filter(|character| !matches!(character, '\u{fffe}' | '\u{ffff}'));
    let shown = has_place.map(|character| if character.is_control() { ' ' } else { character });
    escaped(&shown.collect::<String>())
}

/// As much of a text as has room before a bar; the whole stands in the title of its line.
fn cut(text: &str) -> String {
    let columns = |character: char| if character.is_ascii() { 1 } else { 2 };
    if text.chars().map(columns).sum::<usize>() <= MOST_COLUMNS {
        return text.to_owned();
    }
    let mut left = MOST_COLUMNS - 1;
    let fits = |character: &char| match left.checked_sub(columns(*character)) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    text.chars().take_while(fits).chain(['…']).collect()
}
