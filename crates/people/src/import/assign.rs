//! Whose rows they are: the rows of one batch, each given to a person.
//!
//! Rows with a usable number come first, scored together in parallel: among themselves they are told apart by their
//! numbers, unless all else is the same ([`Namesakes`]). Those without one follow singly, each scored against an index
//! that already has the persons made before it, so that two rows about one new person find each other inside the batch
//! too.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use base::{PersonId, SourceRowId};
use rayon::prelude::*;

use super::lookups::Lookups;
use super::plan::Made;
use super::{Digest, TakenRow};
use crate::index::{Newcomer, PeopleIndex, Scored, Weighed};
use crate::links::{Answer, Cause, Former, Ground, Owner, Proposal, Question, decide};
use crate::persons::{Master, Number};
use crate::rows::RowValues;

/// A row of the batch that needs a person.
#[derive(Debug, Clone, Copy)]
pub struct Unassigned<'a> {
    /// The row.
    pub taken: &'a TakenRow,
    /// The id that it gets.
    pub id: SourceRowId,
    /// The id that a new person would get.
    pub person: PersonId,
    /// Its usable number.
    pub number: Option<Number>,
    /// The version that it takes the place of, or that had ended before.
    pub former: Option<SourceRowId>,
}

/// Who is asked about a row, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Who it may be.
    pub candidate: PersonId,
    /// Why it is not decided.
    pub cause: Cause,
    /// The weight in favour.
    pub weight: f64,
    /// Other candidates, the heaviest first.
    pub others: Vec<(PersonId, f64)>,
    /// The weights field by field.
    pub fields: Vec<Weighed>,
    /// What is taken off for the household.
    pub household: f64,
}

/// A row with its person.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The person.
    pub person: PersonId,
    /// Why.
    pub ground: Ground,
    /// The total weight, where weights decided.
    pub weight: Option<f64>,
    /// The weights field by field, where weights decided.
    pub fields: Vec<Weighed>,
    /// Whether the row's number becomes the person's.
    pub gains_number: bool,
    /// The person whom an earlier version was linked to, when it was another.
    pub moved_from: Option<PersonId>,
    /// The question that is put to a person.
    pub ask: Option<Ask>,
}

impl Assignment {
    /// Whether the person is made for this row.
    pub fn is_first(&self) -> bool {
        self.ground == Ground::First
    }
}

/// Gives each row of `rows` its person; new persons stand in `index` when this returns, by way of `made`.
pub fn assign(
    rows: &[Unassigned<'_>],
    lookups: &Lookups,
    index: &PeopleIndex,
    made: &mut Made,
) -> Vec<Assignment> {
    let mut work = Work { lookups, index, taken_numbers: HashMap::new(), namesakes: Namesakes::default() };
    let newcomers: Vec<Option<Newcomer>> = rows.par_iter().map(|row| work.newcomer(row)).collect();
    let scored = work.score_numbered(rows, &newcomers);
    let mut assignments: Vec<Option<Assignment>> = vec![None; rows.len()];
    let (numbered, unnumbered): (Vec<usize>, Vec<usize>) =
        (0..rows.len()).partition(|place| rows.get(*place).is_some_and(|row| row.number.is_some()));
    for place in numbered.into_iter().chain(unnumbered) {
        let (Some(row), Some(slot)) = (rows.get(place), assignments.get_mut(place)) else { continue };
        let newcomer = newcomers.get(place).and_then(Option::as_ref);
        *slot = Some(work.assign_one(row, scored.get(&place).map(Vec::as_slice), newcomer, made));
    }
    assignments.into_iter().flatten().collect()
}

struct Work<'a> {
    lookups: &'a Lookups,
    index: &'a PeopleIndex,
    /// Numbers that rows of this batch brought.
    taken_numbers: HashMap<Digest, PersonId>,
    /// Persons whom rows with a number made.
    namesakes: Namesakes,
}

/// Persons of one batch by their name with a phone or a guardian. The rows with a number are scored before any
/// of them is in the index; one that finds its like here is scored again. As hashes: one that is shared by chance costs
/// a second look.
#[derive(Default)]
struct Namesakes {
    hasher: RandomState,
    seen: HashSet<u64>,
}

impl Namesakes {
    /// Notes the person of a row. Whether one like this was noted before.
    fn note(&mut self, values: &RowValues) -> bool {
        let Some(name) = values.name.as_deref() else { return false };
        let phones = values.guardians.iter().flat_map(|guardian| &guardian.phones).chain(&values.phones);
        let names = values.guardians.iter().filter_map(|guardian| guardian.name.as_deref());
        let hashes = phones
            .map(|phone| self.hasher.hash_one((name, phone.as_str())))
            .chain(names.map(|guardian| self.hasher.hash_one((name, guardian))));
        let mut is_known = false;
        for hash in hashes {
            is_known |= !self.seen.insert(hash);
        }
        is_known
    }
}

impl Work<'_> {
    fn former(&self, row: &Unassigned<'_>) -> Option<Former> {
        let link = self.lookups.links.get(&row.former?)?;
        Some(Former {
            person: link.person,
            decided_by_person: link.decision.is_some(),
            other_number: self.has_other_number(row, link.person),
        })
    }

    fn owner(&self, row: &Unassigned<'_>) -> Option<PersonId> {
        let digest = row.number?.digest;
        self.taken_numbers.get(&digest).or_else(|| self.lookups.owners.get(&digest)).copied()
    }

    fn has_other_number(&self, row: &Unassigned<'_>, person: PersonId) -> bool {
        let Some(number) = row.number else { return false };
        self.index.number_of(person).is_some_and(|other| other.kind == number.kind && other != number)
    }

    fn is_told_apart(&self, former: Option<Former>, other: PersonId) -> bool {
        former.is_some_and(|former| {
            let pairs = &self.lookups.told_apart;
            pairs.contains(&(former.person, other)) || pairs.contains(&(other, former.person))
        })
    }

    /// Whether it is asked already whether the row's former person is `other`.
    fn is_asked(&self, former: Option<Former>, other: PersonId) -> bool {
        former.is_some_and(|former| {
            let pairs = &self.lookups.asked;
            pairs.contains(&(former.person, other)) || pairs.contains(&(other, former.person))
        })
    }

    /// Whether weights may be needed to decide.
    fn needs_weights(&self, row: &Unassigned<'_>) -> bool {
        let kept = self.former(row).is_some_and(|former| former.decided_by_person || !former.other_number);
        self.owner(row).is_none() && !kept
    }

    fn score_numbered(
        &self,
        rows: &[Unassigned<'_>],
        newcomers: &[Option<Newcomer>],
    ) -> HashMap<usize, Vec<Scored>> {
        let (places, wanted): (Vec<usize>, Vec<&Newcomer>) = rows
            .iter()
            .zip(newcomers)
            .enumerate()
            .filter_map(|(place, (row, newcomer))| {
                let newcomer = newcomer.as_ref().filter(|_| row.number.is_some());
                Some((place, newcomer?))
            })
            .unzip();
        places.into_iter().zip(self.index.score(&wanted)).collect()
    }

    /// Reads whoever may have to be made for `row`, once: to be scored and to be put in. The other part of the work needs
    /// the index to itself.
    fn newcomer(&self, row: &Unassigned<'_>) -> Option<Newcomer> {
        self.needs_weights(row).then(|| read_newcomer(self.index, row))
    }

    fn assign_one(
        &mut self,
        row: &Unassigned<'_>,
        scored: Option<&[Scored]>,
        newcomer: Option<&Newcomer>,
        made: &mut Made,
    ) -> Assignment {
        let former = self.former(row);
        let owner = self.owner(row).map(|person| Owner {
            person,
            conflicts: self.index.name_and_birth_conflict(&row.taken.values, person),
            told_apart: self.is_told_apart(former, person),
            is_asked: self.is_asked(former, person),
        });
        let (index, read, fresh) = (self.index, OnceCell::new(), OnceCell::new());
        let newcomer = || newcomer.unwrap_or_else(|| read.get_or_init(|| read_newcomer(index, row)));
        let score = || fresh.get_or_init(|| index.score(&[newcomer()]).pop().unwrap_or_default());
        let has_namesake = scored.is_some() && self.namesakes.note(&row.taken.values);
        let is_owner_unsure = owner.is_some_and(|owner| owner.conflicts || owner.told_apart);
        let scored: &[Scored] = match scored {
            Some(scored) if !has_namesake => scored,
            Some(_) => score(),
            None if row.number.is_none() && self.needs_weights(row) || is_owner_unsure => score(),
            None => &[],
        };
        // Whoever is asked whether this is the owner is shown what speaks for and against it, however little does.
        let asked = owner.filter(|owner| owner.conflicts && !owner.told_apart).map(|owner| owner.person);
        let asked = asked.filter(|owner| !scored.iter().any(|scored| scored.person == *owner));
        let mut with_owner = Vec::new();
        let scored = match asked.and_then(|owner| self.index.compare(&row.taken.values, owner)) {
            Some(owner) => {
                with_owner.extend(scored.iter().cloned().chain([owner]));
                &with_owner
            }
            None => scored,
        };
        let link = self.index.model().zones().link;
        let proposals = scored
            .iter()
            .map(|scored| Proposal {
                person: scored.person,
                weight: scored.weight,
                zone: scored.zone,
                other_number: self.has_other_number(row, scored.person),
                is_same_otherwise: scored.is_same_but_for_number(link),
                told_apart: self.is_told_apart(former, scored.person),
            })
            .collect();
        let answer = decide(&Question { former, owner, proposals });
        let assignment = self.settle(row, former, owner.is_some(), scored, answer);
        if assignment.is_first() {
            let number = row.number.filter(|_| assignment.gains_number);
            made.insert(newcomer(), number);
        } else if let Some(number) = row.number.filter(|_| assignment.gains_number) {
            made.set_number(assignment.person, number);
        }
        assignment
    }

    fn settle(
        &mut self,
        row: &Unassigned<'_>,
        former: Option<Former>,
        is_owned: bool,
        scored: &[Scored],
        answer: Answer,
    ) -> Assignment {
        let fields_of = |person: PersonId| {
            scored
                .iter()
                .find(|scored| scored.person == person)
                .map_or_else(Vec::new, |scored| scored.fields.clone())
        };
        let (person, ground, weight, fields, ask) = match answer {
            Answer::Link { person, ground, weight } => {
                let fields = if weight.is_some() { fields_of(person) } else { Vec::new() };
                (person, ground, weight, fields, None)
            }
            Answer::New => (row.person, Ground::First, None, Vec::new(), None),
            Answer::Ask { candidate, cause, weight } => {
                let others = scored
                    .iter()
                    .filter(|scored| scored.person != candidate)
                    .map(|scored| (scored.person, scored.weight))
                    .take(OTHERS_AT_MOST)
                    .collect();
                let household = scored.iter().find(|scored| scored.person == candidate);
                let household = household.map_or(0.0, |scored| scored.household);
                let ask = Ask { candidate, cause, weight, others, fields: fields_of(candidate), household };
                (row.person, Ground::First, None, Vec::new(), Some(ask))
            }
        };
        let gains_number = row.number.is_some() && !is_owned;
        if let Some(number) = row.number.filter(|_| gains_number) {
            self.taken_numbers.insert(number.digest, person);
        }
        let moved_from = former.map(|former| former.person).filter(|former| *former != person);
        Assignment { person, ground, weight, fields, gains_number, moved_from, ask }
    }
}

fn read_newcomer(index: &PeopleIndex, row: &Unassigned<'_>) -> Newcomer {
    index.newcomer(row.person, &Master::of_one(row.id, &row.taken.values))
}

/// Other candidates that are kept with a question.
const OTHERS_AT_MOST: usize = 4;
