//! The merge join: what a delivery says beside what its feed holds, both sorted by row key, and what follows for each
//! row. Pure: no database, no clock.
//!
//! Keys are keyed hashes ([`store::Keys::hash`]), so that sorting by them mixes the rows well and tells nothing. A feed
//! without a key column may hold several rows under one key (two visits of one person on one list): within such a
//! group rows are paired by content first, so that a row that did not change is never written again.

use base::SourceRowId;
use serde::{Deserialize, Serialize};

/// A keyed hash of 16 bytes: a row key or the content of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub [u8; 16]);

impl Digest {
    /// Takes the first 16 bytes of a keyed hash; shorter ones are filled up with zeros.
    pub fn of(hash: &[u8]) -> Self {
        let mut bytes = [0; 16];
        for (place, byte) in bytes.iter_mut().zip(hash) {
            *place = *byte;
        }
        Self(bytes)
    }
}

/// A row of the delivery, by its place in the list of readable rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Incoming {
    /// Hash of the row key.
    pub key: Digest,
    /// Hash of the content.
    pub content: Digest,
    /// Index into the rows that were read.
    pub row: usize,
}

/// A row that the feed holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Current {
    /// Hash of the row key.
    pub key: Digest,
    /// Hash of the content.
    pub content: Digest,
    /// The row's id.
    pub id: SourceRowId,
}

/// What follows for one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The feed does not hold it.
    Added {
        /// Index into the rows that were read.
        row: usize,
    },
    /// The feed holds it with other content.
    Updated {
        /// Index into the rows that were read.
        row: usize,
        /// The row that it takes the place of.
        previous: SourceRowId,
    },
    /// The feed holds it just so: nothing is written.
    Unchanged {
        /// The row that stays.
        current: SourceRowId,
    },
    /// The delivery does not name it any more.
    Missing {
        /// The row in question.
        current: SourceRowId,
    },
}

/// How many rows took which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// New to the feed.
    pub added: u64,
    /// Held with other content.
    pub updated: u64,
    /// Held just so.
    pub unchanged: u64,
    /// Held, but not in the delivery.
    pub missing: u64,
}

impl Counts {
    /// Counts `steps`.
    pub fn of(steps: &[Step]) -> Self {
        let mut counts = Self::default();
        for step in steps {
            match step {
                Step::Added { .. } => counts.added += 1,
                Step::Updated { .. } => counts.updated += 1,
                Step::Unchanged { .. } => counts.unchanged += 1,
                Step::Missing { .. } => counts.missing += 1,
            }
        }
        counts
    }
}

/// Joins `incoming` and `current`, both sorted ascending, into steps in the order of the keys.
pub fn merge(incoming: &[Incoming], current: &[Current]) -> Vec<Step> {
    let mut steps = Vec::with_capacity(incoming.len().max(current.len()));
    let (mut incoming, mut current) = (incoming, current);
    loop {
        let key = match (incoming.first(), current.first()) {
            (None, None) => return steps,
            (Some(row), None) => row.key,
            (None, Some(held)) => held.key,
            (Some(row), Some(held)) => row.key.min(held.key),
        };
        let (group, rest) = incoming.split_at(incoming.partition_point(|row| row.key <= key));
        let (held, held_rest) = current.split_at(current.partition_point(|row| row.key <= key));
        (incoming, current) = (rest, held_rest);
        pair_group(group, held, &mut steps);
    }
}

/// One key: equal contents stay, the others are paired in order, what is left over is new or missing.
fn pair_group(incoming: &[Incoming], current: &[Current], steps: &mut Vec<Step>) {
    if let ([row], [held]) = (incoming, current) {
        steps.push(if row.content == held.content {
            Step::Unchanged { current: held.id }
        } else {
            Step::Updated { row: row.row, previous: held.id }
        });
        return;
    }
    let mut left: Vec<Current> = current.to_vec();
    let mut changed = Vec::new();
    for row in incoming {
        match left.iter().position(|held| held.content == row.content) {
            Some(place) => steps.push(Step::Unchanged { current: left.remove(place).id }),
            None => changed.push(row),
        }
    }
    let mut left = left.into_iter();
    for row in changed {
        steps.push(match left.next() {
            Some(held) => Step::Updated { row: row.row, previous: held.id },
            None => Step::Added { row: row.row },
        });
    }
    steps.extend(left.map(|held| Step::Missing { current: held.id }));
}

/// Where a batch that begins at the start of `incoming` ends: at most `limit` rows, and never inside a group of equal
/// keys unless the group alone is larger.
pub fn batch_end(incoming: &[Incoming], limit: usize) -> usize {
    let Some(first_left_out) = incoming.get(limit) else { return incoming.len() };
    let begin_of_group = incoming.partition_point(|row| row.key < first_left_out.key);
    if begin_of_group > 0 {
        begin_of_group
    } else {
        incoming.partition_point(|row| row.key <= first_left_out.key)
    }
}

/// Whether retiring `missing` of `held` rows needs a person: more than 5 % of the feed (issue 4, "What a delivery
/// does").
pub fn must_be_confirmed(missing: u64, held: u64) -> bool {
    missing.saturating_mul(100) > held.saturating_mul(5)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn digest(value: u8) -> Digest {
        Digest([value; 16])
    }

    fn incoming(rows: &[(u8, u8)]) -> Vec<Incoming> {
        let mut rows: Vec<Incoming> = rows
            .iter()
            .enumerate()
            .map(|(row, (key, content))| Incoming { key: digest(*key), content: digest(*content), row })
            .collect();
        rows.sort_unstable();
        rows
    }

    fn current(rows: &[(u8, u8)]) -> Vec<Current> {
        let mut rows: Vec<Current> = rows
            .iter()
            .enumerate()
            .map(|(place, (key, content))| Current {
                key: digest(*key),
                content: digest(*content),
                id: SourceRowId(Uuid::from_u128(place as u128)),
            })
            .collect();
        rows.sort_unstable();
        rows
    }

    #[test]
    fn each_row_takes_its_way() {
        let steps = merge(&incoming(&[(1, 1), (2, 9), (4, 4)]), &current(&[(1, 1), (2, 2), (3, 3)]));
        assert_eq!(
            steps,
            [
                Step::Unchanged { current: SourceRowId(Uuid::from_u128(0)) },
                Step::Updated { row: 1, previous: SourceRowId(Uuid::from_u128(1)) },
                Step::Missing { current: SourceRowId(Uuid::from_u128(2)) },
                Step::Added { row: 2 },
            ]
        );
    }

    #[test]
    fn in_a_group_of_equal_keys_only_the_changed_row_is_written() {
        let steps = merge(&incoming(&[(1, 7), (1, 3)]), &current(&[(1, 3), (1, 5)]));
        assert_eq!(Counts::of(&steps), Counts { updated: 1, unchanged: 1, ..Counts::default() });
    }

    #[test]
    fn a_batch_ends_between_keys() {
        let rows = incoming(&[(1, 1), (2, 1), (2, 2), (3, 1)]);
        assert_eq!(batch_end(&rows, 2), 1);
        assert_eq!(batch_end(&rows, 3), 3);
        assert_eq!(batch_end(&rows, 9), 4);
        assert_eq!(batch_end(&incoming(&[(1, 1), (1, 2), (1, 3), (2, 1)]), 2), 3);
    }

    #[test]
    fn more_than_five_in_a_hundred_need_a_person() {
        assert!(!must_be_confirmed(5, 100));
        assert!(must_be_confirmed(6, 100));
        assert!(!must_be_confirmed(0, 0));
    }

    proptest! {
        /// Cutting a delivery into batches, each joined with the keys up to its own last one, gives the same steps as
        /// joining it whole: that is what lets a killed import go on from its last key.
        #[test]
        fn batches_together_are_the_whole(
            rows in prop::collection::vec((0_u8..20, 0_u8..4), 0..60),
            held in prop::collection::vec((0_u8..20, 0_u8..4), 0..60),
            limit in 1_usize..10,
        ) {
            let (rows, held) = (incoming(&rows), current(&held));
            let whole = merge(&rows, &held);
            let (mut left, mut left_held, mut steps) = (&rows[..], &held[..], Vec::new());
            while !left.is_empty() {
                let (batch, rest) = left.split_at(batch_end(left, limit));
                let last = batch.last().unwrap().key;
                let until = if rest.is_empty() { left_held.len() } else { left_held.partition_point(|row| row.key <= last) };
                let (batch_held, rest_held) = left_held.split_at(until);
                steps.extend(merge(batch, batch_held));
                (left, left_held) = (rest, rest_held);
            }
            steps.extend(merge(&[], left_held));
            prop_assert_eq!(steps, whole);
        }

        /// Every incoming row is taken once, every held row is decided once.
        #[test]
        fn nothing_is_lost_or_doubled(
            rows in prop::collection::vec((0_u8..20, 0_u8..4), 0..60),
            held in prop::collection::vec((0_u8..20, 0_u8..4), 0..60),
        ) {
            let counts = Counts::of(&merge(&incoming(&rows), &current(&held)));
            prop_assert_eq!(counts.updated + counts.unchanged + counts.missing, held.len() as u64);
            prop_assert_eq!(counts.added + counts.updated + counts.unchanged, rows.len() as u64);
        }
    }
}
