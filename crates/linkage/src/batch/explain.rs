//! Why a pair weighs what it weighs, in words: the waterfall of weights for one left and one right row.

use std::fmt::Write as _;

use base::Label;
use serde::Serialize;

use super::Files;
use super::weigh::{LineOf, WeightLine};
use crate::model::{IMPLIED, MISSING as MISSING_KEY, Model};
use crate::table::{RowNumber, Table};

/// What two rows weigh, line by line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The left row's id.
    pub left_id: String,
    /// The right row's id.
    pub right_id: String,
    /// log2 of the odds that both are one person: the lines added up, before rivals are counted.
    pub total_weight: f64,
    /// The same as a probability.
    pub probability: f64,
    /// The lines, in their order.
    pub lines: Vec<ExplanationLine>,
}

/// One line of an explanation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplanationLine {
    /// What it is about: a comparison's key, or `prior`, `household`, `calibration`, `lent`.
    pub field: String,
    /// The comparison's outcome: a level's key, `missing` or `implied`; empty for other lines.
    pub level: String,
    /// Bits for (positive) or against (negative) one person.
    pub weight: f64,
    /// What it is about, in words.
    pub label: Label,
    /// The outcome, in words; empty texts for other lines.
    pub level_label: Label,
}

impl ExplanationLine {
    /// What it is about and what came out, in Chinese or in English.
    pub(super) fn in_words(&self, chinese: bool) -> String {
        let say = |label: &Label| if chinese { label.zh.clone() } else { label.en.clone() };
        match say(&self.level_label).as_str() {
            "" => say(&self.label),
            outcome => format!("{}: {outcome}", say(&self.label)),
        }
    }
}

impl Files {
    /// Explains what the rows with these ids weigh, however little they have in common. `None` when an id is in neither
    /// file's first column.
    pub fn explain(&self, left_id: &str, right_id: &str) -> Option<Explanation> {
        let find = |table: &Table, id: &str| table.numbers().find(|row| table.id(*row) == id);
        let (left, right) = (find(&self.left, left_id)?, find(&self.right, right_id)?);
        Some(self.explain_rows(left, right))
    }

    /// Explains a pair, with the probability that it has among its rivals.
    pub fn explain_pair(&self, pair: &super::Pair) -> Explanation {
        Explanation { probability: pair.probability, ..self.explain_rows(pair.left, pair.right) }
    }

    fn explain_rows(&self, left: RowNumber, right: RowNumber) -> Explanation {
        let lent = self.loans.of_pair(left, right);
        let lines = self.weigher().lines(self.left.row(left), self.right.row(right), lent);
        let total_weight = lines.iter().map(|line| line.weight).sum::<f64>();
        Explanation {
            left_id: self.left.id(left).to_owned(),
            right_id: self.right.id(right).to_owned(),
            total_weight,
            probability: 1.0 / (1.0 + (-total_weight).exp2()),
            lines: lines.iter().map(|line| worded(&self.model, line)).collect(),
        }
    }
}

fn worded(model: &Model, line: &WeightLine) -> ExplanationLine {
    let nothing = || Label::new("", "");
    let plain = |field: &str, label: Label| ExplanationLine {
        field: field.to_owned(),
        level: String::new(),
        weight: line.weight,
        label,
        level_label: nothing(),
    };
    match line.of {
        LineOf::Prior => plain("prior", model.prior_label().clone()),
        LineOf::Household => plain("household", model.household_label().clone()),
        LineOf::Calibration => plain(
            "calibration",
            Label::new(
                "校准：据证件号可核对的行，其余各项合计应有的分量",
                "Calibration: what the rest weighs together, by rows whose number tells",
            ),
        ),
        LineOf::Lent => plain(
            "lent",
            Label::new(
                "证件号（及据其填写的出生日期）疑为他人的，不计",
                "The number, and the birth date taken from it, may be somebody else's: left out",
            ),
        ),
        LineOf::Field { comparison, level, implied } => {
            let Some(found) = model.comparisons.get(comparison) else { return plain("", nothing()) };
            let level = found.levels.get(usize::from(level));
            let (key, level_label) = match level {
                None => (MISSING_KEY, &model.labels.missing),
                Some(_) if implied => (IMPLIED, &model.labels.implied),
                Some(level) => (level.key.as_str(), &level.label),
            };
            ExplanationLine {
                field: found.key.as_str().to_owned(),
                level: key.to_owned(),
                weight: line.weight,
                label: found.label.clone(),
                level_label: level_label.clone(),
            }
        }
    }
}

/// Bits that one block of a bar stands for.
const BITS_PER_BLOCK: f64 = 1.0;
/// Longest bar, in blocks.
const MOST_BLOCKS: usize = 30;

impl Explanation {
    /// The explanation for a terminal, in Chinese or in English: a line for each weight, with a bar.
    pub fn to_text(&self, chinese: bool) -> String {
        let mut text = String::new();
        for line in &self.lines {
            let what = line.in_words(chinese);
            let blocks = (line.weight.abs() / BITS_PER_BLOCK).round().clamp(0.0, MOST_BLOCKS as f64);
            let bar: String = if line.weight < 0.0 { "░" } else { "█" }.repeat(blocks_of(blocks));
            // Writing into a text cannot fail.
            let _written = writeln!(text, "{:>+8.2}  {bar:<30}  {what}", line.weight);
        }
        let sum = if chinese { "合计" } else { "Total" };
        let _written = writeln!(text, "{:>+8.2}  {sum}: {:.6}", self.total_weight, self.probability);
        text
    }
}

/// A count of blocks out of a number that was held within bounds.
fn blocks_of(blocks: f64) -> usize {
    (0..MOST_BLOCKS).take_while(|block| (*block as f64) < blocks).count()
}
