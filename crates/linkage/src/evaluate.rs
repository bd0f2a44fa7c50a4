//! How right pairs are, when the truth is known: precision, recall and F1 of pairs, at every threshold.

use std::io::Read;

use hashbrown::HashMap;
use serde::Serialize;

use crate::batch::FileFault;

/// Thresholds at which the figures are told, beside the best one.
const THRESHOLDS: [f64; 7] = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999];
/// Precisions at which the recall is told.
const PRECISIONS: [f64; 3] = [0.99, 0.999, 0.9999];

/// What was found against what is true.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Pairs that are one person.
    pub true_pairs: u64,
    /// Pairs that are listed.
    pub listed_pairs: u64,
    /// Share of the true pairs that are listed at all.
    pub candidate_recall: f64,
    /// At the threshold with the best F1; `None` when no pair is listed.
    pub best: Option<AtThreshold>,
    /// At fixed thresholds.
    pub at: Vec<AtThreshold>,
    /// Where precision is still what it says: the lowest such threshold, and the recall there.
    pub recall_at_precision: Vec<(f64, Option<AtThreshold>)>,
    /// Whether probabilities mean what they say: the pairs of each tenth from 0 to 1.
    pub tenths: Vec<Tenth>,
    /// The figures at many thresholds, the highest first, for drawing.
    #[serde(skip)]
    pub curve: Vec<AtThreshold>,
}

/// The pairs whose probability lies in one tenth.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Tenth {
    /// How many they are.
    pub pairs: u64,
    /// The mean of their probabilities.
    pub said: f64,
    /// The share of them that is true.
    pub found: f64,
}

/// Figures of the pairs of a probability of `threshold` and more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AtThreshold {
    /// The least probability.
    pub threshold: f64,
    /// How many pairs reach it.
    pub pairs: u64,
    /// Share of them that are true.
    pub precision: f64,
    /// Share of the true pairs that are among them.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

impl AtThreshold {
    fn new(threshold: f64, pairs: u64, right: u64, true_pairs: u64) -> Self {
        let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let (precision, recall) = (share(right, pairs), share(right, true_pairs));
        let sum = precision + recall;
        let f1 = if sum == 0.0 { 0.0 } else { 2.0 * precision * recall / sum };
        Self { threshold, pairs, precision, recall, f1 }
    }
}

/// Holds pairs (`left_id,right_id,probability`) against the truth (`record_id,true_id`) for the rows of the files `left`
/// and `right`, whose first columns are the ids; without `right` the pairs are of one file. A pair that is listed twice
/// counts once, as the more probable.
///
/// # Errors
/// When a file cannot be read, a row lacks a cell, or an id or a probability is none.
pub fn evaluate<P: Read, T: Read, L: Read, R: Read>(
    pairs: P,
    truth: T,
    left: L,
    right: Option<R>,
) -> Result<Evaluation, FileFault> {
    let truth: HashMap<String, String> = rows(truth, 2)?.into_iter().filter_map(two).collect();
    let left = people(left, &truth)?;
    let right = right.map(|right| people(right, &truth)).transpose()?;
    let true_pairs = match &right {
        Some(right) => {
            let others = counted(right);
            counted(&left).iter().map(|(who, rows)| rows * others.get(who).copied().unwrap_or(0)).sum()
        }
        None => counted(&left).values().map(|rows| rows * (rows.saturating_sub(1)) / 2).sum(),
    };
    let mut found: HashMap<(String, String), (f64, bool)> = HashMap::new();
    for (row, line) in rows(pairs, 3)?.into_iter().zip(2_u64..) {
        let mut cells = row.into_iter();
        let (Some(mut one), Some(mut other), Some(probability)) = (cells.next(), cells.next(), cells.next())
        else {
            return Err(FileFault::Fields { line, found: 0, expected: 3 });
        };
        if right.is_none() && one > other {
            std::mem::swap(&mut one, &mut other);
        }
        let whose = left.get(&one).zip(right.as_ref().unwrap_or(&left).get(&other));
        let probability = probability.parse::<f64>().ok().filter(|found| found.is_finite());
        let (Some((whose, others)), Some(probability)) = (whose, probability) else {
            return Err(FileFault::Pair { line });
        };
        let is_right = whose == others;
        let best = found.entry((one, other)).or_insert((probability, is_right));
        best.0 = best.0.max(probability);
    }
    let mut found: Vec<(f64, bool)> = found.into_values().collect();
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    Ok(figures(&found, true_pairs))
}

/// The figures of pairs, the most probable first.
fn figures(found: &[(f64, bool)], true_pairs: u64) -> Evaluation {
    let mut steps: Vec<AtThreshold> = Vec::new();
    let (mut pairs, mut right) = (0, 0);
    for of_one_probability in found.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        pairs += of_one_probability.len() as u64;
        right += of_one_probability.iter().filter(|(_, is_right)| *is_right).count() as u64;
        let threshold = of_one_probability.first().map_or(0.0, |(probability, _)| *probability);
        steps.push(AtThreshold::new(threshold, pairs, right, true_pairs));
    }
    let at = |threshold: f64| {
        let last = steps.iter().rev().find(|step| step.threshold >= threshold);
        last.map_or(AtThreshold::new(threshold, 0, 0, true_pairs), |step| AtThreshold { threshold, ..*step })
    };
    Evaluation {
        tenths: tenths(found),
        curve: steps
            .iter()
            .step_by(steps.len().div_ceil(MOST_STEPS).max(1))
            .chain(steps.last())
            .copied()
            .collect(),
        true_pairs,
        listed_pairs: pairs,
        candidate_recall: steps.last().map_or(0.0, |step| step.recall),
        best: steps.iter().copied().max_by(|one, other| one.f1.total_cmp(&other.f1)),
        at: THRESHOLDS.into_iter().map(at).collect(),
        recall_at_precision: PRECISIONS
            .into_iter()
            .map(|least| (least, steps.iter().rev().find(|step| step.precision >= least).copied()))
            .collect(),
    }
}

/// Most points of a curve: more cannot be told apart by the eye.
const MOST_STEPS: usize = 240;

fn tenths(found: &[(f64, bool)]) -> Vec<Tenth> {
    let of = |tenth: u32| {
        let is_in = |probability: f64| {
            let place = probability * 10.0;
            place >= f64::from(tenth) && (place < f64::from(tenth + 1) || tenth == 9)
        };
        let (mut pairs, mut said, mut right) = (0_u64, 0.0, 0_u64);
        for (probability, is_right) in found.iter().filter(|(probability, _)| is_in(*probability)) {
            pairs += 1;
            said += probability;
            right += u64::from(*is_right);
        }
        let all = pairs.max(1) as f64;
        Tenth { pairs, said: said / all, found: right as f64 / all }
    };
    (0..10).map(of).collect()
}

/// The rows behind the header, each with at least `cells` cells.
fn rows(file: impl Read, cells: usize) -> Result<Vec<Vec<String>>, FileFault> {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        if record.len() < cells {
            let line = record.position().map_or(0, ::csv::Position::line);
            return Err(FileFault::Fields { line, found: record.len(), expected: cells });
        }
        rows.push(record.iter().take(cells).map(str::to_owned).collect());
    }
    Ok(rows)
}

fn two(row: Vec<String>) -> Option<(String, String)> {
    let mut cells = row.into_iter();
    cells.next().zip(cells.next())
}

/// Who each row of a file is.
fn people(file: impl Read, truth: &HashMap<String, String>) -> Result<HashMap<String, String>, FileFault> {
    let mut people = HashMap::new();
    for (row, line) in rows(file, 1)?.into_iter().zip(2_u64..) {
        let Some(id) = row.into_iter().next() else { continue };
        let who = truth.get(&id).ok_or(FileFault::Untold { line })?.clone();
        people.insert(id, who);
    }
    Ok(people)
}

/// How many rows each person has.
fn counted(people: &HashMap<String, String>) -> HashMap<&str, u64> {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for who in people.values() {
        *counts.entry(who).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUTH: &str = "record_id,true_id\nl1,a\nl2,b\nl3,c\nr1,a\nr2,b\nr3,b\nr4,d\n";

    fn of(pairs: &str) -> Result<Evaluation, FileFault> {
        let pairs = format!("left_id,right_id,probability\n{pairs}");
        evaluate(
            pairs.as_bytes(),
            TRUTH.as_bytes(),
            &b"id,x\nl1,\nl2,\nl3,\n"[..],
            Some(&b"id\nr1\nr2\nr3\nr4\n"[..]),
        )
    }

    #[test]
    fn pairs_are_counted_at_every_threshold() {
        let found = of("l1,r1,0.99\nl2,r2,0.9\nl2,r2,0.2\nl3,r4,0.6\nl2,r3,0.3\n").unwrap();
        assert_eq!((found.true_pairs, found.listed_pairs), (3, 4));
        let best = found.best.unwrap();
        assert_eq!((best.threshold, best.pairs, best.recall), (0.3, 4, 1.0));
        let half = found.at[0];
        assert_eq!((half.pairs, half.precision, half.recall), (3, 2.0 / 3.0, 2.0 / 3.0));
        let (least, sure) = found.recall_at_precision[1];
        assert_eq!((least, sure.unwrap().threshold), (0.999, 0.9));
        assert_eq!(of("").unwrap().best, None);
        let last = found.tenths[9];
        assert!(last.pairs == 2 && (last.said - 0.945).abs() < 1e-9 && last.found > 0.999);
        assert!(found.tenths[6].pairs == 1 && found.tenths[6].found < 0.001);
        assert!(found.curve.is_sorted_by(|one, next| one.threshold >= next.threshold));
    }

    #[test]
    fn pairs_of_one_file_have_no_direction() {
        let pairs = "left_id,right_id,probability\nr3,r2,0.7\nr2,r3,0.8\nr1,r4,0.6\n";
        let found = evaluate(pairs.as_bytes(), TRUTH.as_bytes(), &b"id\nr1\nr2\nr3\nr4\n"[..], None::<&[u8]>)
            .unwrap();
        assert_eq!((found.true_pairs, found.listed_pairs), (1, 2));
        assert!(found.best.unwrap().threshold > 0.79, "the more probable of both counts");
    }

    #[test]
    fn what_is_no_pair_is_told_with_its_line() {
        assert!(matches!(of("l1,r1,0.9\nl1,r9,0.9\n"), Err(FileFault::Pair { line: 3 })));
        assert!(matches!(of("l1,r1,high\n"), Err(FileFault::Pair { line: 2 })));
        assert!(matches!(of("l1\n"), Err(FileFault::Fields { line: 2, .. })));
    }
}
