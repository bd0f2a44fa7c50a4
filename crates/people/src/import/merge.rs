//! The merge join: what a delivery says beside what its feed holds, both sorted by row key, and what follows for each
//! row. Pure: no database, no clock.
//!
//! Keys are keyed hashes ([`store::Keys::hash`]): they bring together what belongs together, and their order, which is
//! another in every installation, decides nothing. A feed without a key column may hold several rows under one key (two
//! visits of one person on one list): within such a group rows are paired by content first, so that a row that did not
//! change is never written again, and the others in the order of the file with those held in the order in which they
//! came.

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
    /// Index into the rows that were read: before the content, so that rows of one key stand in the order of the file.
    pub row: usize,
    /// Hash of the content.
    pub content: Digest,
}

/// A row that the feed holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Current {
    /// Hash of the row key.
    pub key: Digest,
    /// The row's id: before the content, so that rows of one key stand in the order in which they came.
    pub id: SourceRowId,
    /// Hash of the content.
    pub content: Digest,
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

/// Puts `steps` into the order in which they are applied: that of the file, then the rows that are missing, in the order
/// in which they came. Who is made first is whom others are joined to: the order must be the same wherever the file is
/// taken in.
pub fn in_order_of_file(steps: &mut [Joined]) {
    steps.sort_unstable_by_key(|joined| match joined.step {
        Step::Added { row } | Step::Updated { row, .. } => (0, row, None),
        Step::Missing { current } => (1, 0, Some(current)),
        Step::Unchanged { current } => (2, 0, Some(current)),
    });
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
    fn the_order_is_that_of_the_file_whatever_the_keys() {
        let mut joined =
            merge(&incoming(&[(9, 1), (2, 1), (5, 9), (2, 2)]), &current(&[(7, 7), (5, 5), (1, 1)]));
        in_order_of_file(&mut joined);
        let held = |place: u128| SourceRowId(Uuid::from_u128(place));
        assert_eq!(
            steps(&joined),
            [
                Step::Added { row: 0 },
                Step::Added { row: 1 },
                Step::Updated { row: 2, previous: held(1) },
                Step::Added { row: 3 },
                Step::Missing { current: held(0) },
                Step::Missing { current: held(2) },
            ]
        );
    }

    #[test]
    fn changed_rows_of_one_key_are_paired_in_the_order_of_the_file() {
        // The contents sort the other way round.
        let joined = merge(&incoming(&[(1, 9), (1, 8)]), &current(&[(1, 3), (1, 2)]));
        let held = |place: u128| SourceRowId(Uuid::from_u128(place));
        assert_eq!(
            steps(&joined),
            [Step::Updated { row: 0, previous: held(0) }, Step::Updated { row: 1, previous: held(1) }]
        );
    }

    #[test]
    fn more_than_five_in_a_hundred_need_a_person() {
        assert!(!must_be_confirmed(5, 100));
        assert!(must_be_confirmed(6, 100));
        assert!(!must_be_confirmed(0, 0));
    }

    proptest! {
        /// Applying the first steps of a delivery and joining again gives the steps that were left, in the same order, and
        /// no others: that is what lets a killed import go on where it was.
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
                let end = limit.min(left.len());
                for joined in &left[..end] {
                    apply(&mut feed, &rows, joined.step);
                }
                feed.sort_unstable();
                let again = changes(&merge(&rows, &feed));
                prop_assert_eq!(&again, &left[end..]);
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
        let is_change = |joined: &&Joined| !matches!(joined.step, Step::Unchanged { .. });
        let mut changes: Vec<Joined> = joined.iter().filter(is_change).copied().collect();
        in_order_of_file(&mut changes);
        changes
    }

    fn apply(feed: &mut Vec<Current>, rows: &[Incoming], step: Step) {
        let row_of = |index: usize| rows.iter().find(|row| row.row == index).unwrap();
        match step {
            Step::Added { row } => {
                let id = SourceRowId(Uuid::from_u128(1_000 + row as u128));
                feed.push(Current { key: row_of(row).key, content: row_of(row).content, id });
            }
            Step::Updated { row, previous } => {
                // A version of its own, behind all that are there.
                let held = feed.iter_mut().find(|held| held.id == previous).unwrap();
                held.content = row_of(row).content;
                held.id = SourceRowId(Uuid::from_u128(1_000 + row as u128));
            }
            Step::Unchanged { .. } => {}
            Step::Missing { current } => feed.retain(|held| held.id != current),
        }
    }
}
