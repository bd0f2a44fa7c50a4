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

/// A step with the key that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// Hash of the row key.
    pub key: Digest,
    /// What follows.
    pub step: Step,
}

/// Joins `incoming` and `current`, both sorted ascending, into steps in the order of the keys.
pub fn merge(incoming: &[Incoming], current: &[Current]) -> Vec<Joined> {
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
        pair_group(group, held, |step| steps.push(Joined { key, step }));
    }
}

/// One key: equal contents stay, the others are paired in order, what is left over is new or missing.
fn pair_group(incoming: &[Incoming], current: &[Current], mut push: impl FnMut(Step)) {
    if let ([row], [held]) = (incoming, current) {
        push(if row.content == held.content {
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
            Some(place) => push(Step::Unchanged { current: left.remove(place).id }),
            None => changed.push(row),
        }
    }
    let mut left = left.into_iter();
    for row in changed {
        push(match left.next() {
            Some(held) => Step::Updated { row: row.row, previous: held.id },
            None => Step::Added { row: row.row },
        });
    }
    for held in left {
        push(Step::Missing { current: held.id });
    }
}

/// Where a batch that begins at the start of `steps` ends: at most `limit` steps, and never inside a group of equal keys
/// unless the group alone is larger, so that "everything up to this key is done" can be said after it.
pub fn batch_end(steps: &[Joined], limit: usize) -> usize {
    let Some(first_left_out) = steps.get(limit) else { return steps.len() };
    let begin_of_group = steps.partition_point(|joined| joined.key < first_left_out.key);
    if begin_of_group > 0 {
        begin_of_group
    } else {
        steps.partition_point(|joined| joined.key <= first_left_out.key)
    }
}

/// Share of a feed, in percent, above which retirements wait for a person (issue 4, "What a delivery does").
pub const HELD_ABOVE_PERCENT: u8 = 5;

/// Whether retiring `missing` of `held` rows needs a person: more than 5 % of the feed (issue 4, "What a delivery
/// does").
pub fn must_be_confirmed(missing: u64, held: u64) -> bool {
    missing.saturating_mul(100) > held.saturating_mul(u64::from(HELD_ABOVE_PERCENT))
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

    fn steps(joined: &[Joined]) -> Vec<Step> {
        joined.iter().map(|joined| joined.step).collect()
    }

    #[test]
    fn each_row_takes_its_way() {
        let joined = merge(&incoming(&[(1, 1), (2, 9), (4, 4)]), &current(&[(1, 1), (2, 2), (3, 3)]));
        assert_eq!(
            steps(&joined),
            [
                Step::Unchanged { current: SourceRowId(Uuid::from_u128(0)) },
                Step::Updated { row: 1, previous: SourceRowId(Uuid::from_u128(1)) },
                Step::Missing { current: SourceRowId(Uuid::from_u128(2)) },
                Step::Added { row: 2 },
            ]
        );
        assert_eq!(joined.last().unwrap().key, digest(4));
    }

    #[test]
    fn in_a_group_of_equal_keys_only_the_changed_row_is_written() {
        let joined = merge(&incoming(&[(1, 7), (1, 3)]), &current(&[(1, 3), (1, 5)]));
        assert_eq!(
            steps(&joined),
            [
                Step::Unchanged { current: SourceRowId(Uuid::from_u128(0)) },
                Step::Updated { row: 0, previous: SourceRowId(Uuid::from_u128(1)) },
            ]
        );
    }

    #[test]
    fn a_batch_ends_between_keys() {
        let joined = merge(&incoming(&[(1, 1), (2, 1), (2, 2), (3, 1)]), &[]);
        assert_eq!(batch_end(&joined, 2), 1);
        assert_eq!(batch_end(&joined, 3), 3);
        assert_eq!(batch_end(&joined, 9), 4);
        assert_eq!(batch_end(&merge(&incoming(&[(1, 1), (1, 2), (1, 3), (2, 1)]), &[]), 2), 3);
    }

    #[test]
    fn more_than_five_in_a_hundred_need_a_person() {
        assert!(!must_be_confirmed(5, 100));
        assert!(must_be_confirmed(6, 100));
        assert!(!must_be_confirmed(0, 0));
    }

    proptest! {
        /// Applying a delivery up to any key and joining again gives the steps that were left, and no others: that is
        /// what lets a killed import go on from its last key.
        #[test]
        fn what_is_left_is_what_was_left(
            rows in prop::collection::vec((0_u8..20, 0_u8..4), 0..60),
            held in prop::collection::vec((0_u8..20, 0_u8..4), 0..60),
            limit in 1_usize..10,
        ) {
            let (rows, held) = (incoming(&rows), current(&held));
            let mut left: Vec<Joined> = changes(&merge(&rows, &held));
            let mut feed = held;
            while !left.is_empty() {
                let end = batch_end(&left, limit);
                let last = left[end - 1].key;
                for joined in &left[..end] {
                    apply(&mut feed, &rows, joined.step);
                }
                feed.sort_unstable();
                let again = changes(&merge(&rows, &feed));
                prop_assert!(again.iter().all(|joined| joined.key > last));
                prop_assert_eq!(again.len(), left.len() - end);
                left = again;
            }
            let mut wanted: Vec<_> = rows.iter().map(|row| (row.key, row.content)).collect();
            let mut found: Vec<_> = feed.iter().map(|row| (row.key, row.content)).collect();
            wanted.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(wanted, found);
        }

        /// Every incoming row is taken once, every held row is decided once.
        #[test]
        fn nothing_is_lost_or_doubled(
            rows in prop::collection::vec((0_u8..20, 0_u8..4), 0..60),
            held in prop::collection::vec((0_u8..20, 0_u8..4), 0..60),
        ) {
            let joined = merge(&incoming(&rows), &current(&held));
            let of = |wanted: fn(&Step) -> bool| joined.iter().filter(|joined| wanted(&joined.step)).count();
            let (added, missing) =
                (of(|step| matches!(step, Step::Added { .. })), of(|step| matches!(step, Step::Missing { .. })));
            prop_assert_eq!(joined.len() - added, held.len());
            prop_assert_eq!(joined.len() - missing, rows.len());
        }
    }

    fn changes(joined: &[Joined]) -> Vec<Joined> {
        joined.iter().filter(|joined| !matches!(joined.step, Step::Unchanged { .. })).copied().collect()
    }

    fn apply(feed: &mut Vec<Current>, rows: &[Incoming], step: Step) {
        let row_of = |index: usize| rows.iter().find(|row| row.row == index).unwrap();
        match step {
            Step::Added { row } => {
                let id = SourceRowId(Uuid::from_u128(1_000 + row as u128));
                feed.push(Current { key: row_of(row).key, content: row_of(row).content, id });
            }
            Step::Updated { row, previous } => {
                let held = feed.iter_mut().find(|held| held.id == previous).unwrap();
                held.content = row_of(row).content;
            }
            Step::Unchanged { .. } => {}
            Step::Missing { current } => feed.retain(|held| held.id != current),
        }
    }
}
