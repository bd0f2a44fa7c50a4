//! What a batch will write: every row decided and sealed, ready to be inserted. Nothing here touches the database.

use base::{AreaPath, DeliveryId, Entropy, Moment, OrganisationId, PersonId, SourceRowId};
use rayon::prelude::*;
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use store::{Keys, StoreError};
use uuid::Uuid;

use super::assign::{Assignment, Unassigned, assign};
use super::lookups::Lookups;
use super::{Digest, Joined, Step, Taken};
use crate::deliveries::repo::Batch;
use crate::index::{Newcomer, PeopleIndex, Weighed};
use crate::persons::repo::person_values;
use crate::persons::{Master, Number};
use crate::rows::{EndedAs, SealingRow};

/// The delivery that rows are stamped with.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its number.
    pub number: i64,
    /// Its feed.
    pub feed_id: i32,
    /// Whose rows they are.
    pub organisation: Option<OrganisationId>,
    /// Where persons belong of whom no place is known: the city desk.
    pub city: AreaPath,
    /// The time of this batch.
    pub at: Moment,
}

/// Everything that one transaction writes.
#[derive(Debug, Default)]
pub struct Plan {
    pub(super) source_rows: Vec<[Value; 10]>,
    pub(super) ended: Vec<[Value; 3]>,
    pub(super) persons: Vec<Vec<Value>>,
    pub(super) numbers: Vec<(Number, PersonId)>,
    /// Pairs of persons about whom somebody is asked from now on.
    pub(super) asked_about: Vec<(PersonId, PersonId)>,
    pub(super) links: Vec<[Value; 7]>,
    pub(super) indicators: Vec<[Value; 5]>,
    pub(super) households: Vec<(Uuid, [Value; 3])>,
    pub(super) residences: Vec<[Value; 8]>,
    pub(super) relations: Vec<[Value; 4]>,
    pub(super) reviews: Vec<Vec<Value>>,
    pub(super) batch: Batch,
    /// Rows that were joined to a person who was there.
    pub linked: u64,
    /// Rows about which somebody is asked.
    pub asked: u64,
    /// Persons who were made.
    pub(super) made: Made,
}

/// What stands in the live index and not yet in the database: persons who were made, and numbers by which others are
/// known from now on. Unless it is kept it is undone when this is dropped, by whatever failure.
#[derive(Debug, Default)]
pub struct Made {
    index: Option<PeopleIndex>,
    persons: Vec<PersonId>,
    /// Of whom, which number, and by which the person was known before.
    numbers: Vec<(PersonId, Number, Option<Number>)>,
}

impl Made {
    /// Nothing yet, to be put into `index`.
    pub fn nothing(index: &PeopleIndex) -> Self {
        Self { index: Some(index.clone()), persons: Vec::new(), numbers: Vec::new() }
    }

    /// Puts a new person into the index.
    pub fn insert(&mut self, newcomer: &Newcomer, number: Option<Number>) {
        if let Some(index) = &self.index {
            self.persons.push(newcomer.id());
            index.insert(newcomer, number);
        }
    }

    /// Says in the index that `person` is known by `number`.
    pub fn set_number(&mut self, person: PersonId, number: Number) {
        if let Some(index) = &self.index {
            self.numbers.push((person, number, index.number_of(person)));
            index.set_number(person, Some(number));
        }
    }

    /// How many persons were made.
    pub fn count(&self) -> u64 {
        super::taken::count(self.persons.len())
    }

    /// They are written: the index was right.
    pub fn keep(mut self) {
        self.index = None;
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let Some(index) = &self.index else { return };
        index.forget(&self.persons);
        for (person, number, former) in self.numbers.drain(..).rev() {
            // Who was forgotten, or is known by another number since, stays so.
            if index.number_of(person) == Some(number) {
                index.set_number(person, former);
            }
        }
    }
}

/// Why weights speak for a link; sealed beside it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// The weights field by field.
    pub fields: Vec<Weighed>,
    /// Version of the model.
    pub model: String,
    /// Other candidates, the heaviest first.
    #[serde(default)]
    pub others: Vec<(PersonId, f64)>,
    /// What is taken off because another member of the household would agree as well.
    #[serde(default)]
    pub household: f64,
}

/// The usable numbers of the rows among `steps`, in their order.
pub fn numbers_of(keys: &Keys, taken: &Taken, steps: &[Joined]) -> Vec<Option<Number>> {
    steps
        .par_iter()
        .map(|joined| match joined.step {
            Step::Added { row } | Step::Updated { row, .. } => {
                let document = taken.rows.get(row)?.values.document.as_ref()?;
                Some(Number::of(keys, document))
            }
            Step::Unchanged { .. } | Step::Missing { .. } => None,
        })
        .collect()
}

/// Plans `steps`. New persons stand in `index` when this returns.
pub fn plan(
    stamp: &Stamp,
    taken: &Taken,
    steps: &[Joined],
    numbers: &[Option<Number>],
    lookups: &Lookups,
    index: &PeopleIndex,
    sealing: (&Keys, &Entropy),
) -> Result<Plan, StoreError> {
    let (keys, entropy) = sealing;
    let mut ids = entropy.uuids(stamp.at, steps.len() * 2).into_iter();
    let unassigned: Vec<Unassigned<'_>> = steps
        .iter()
        .zip(numbers)
        .filter_map(|(joined, number)| match joined.step {
            Step::Added { row } | Step::Updated { row, .. } => Some(Unassigned {
                taken: taken.rows.get(row)?,
                id: SourceRowId(ids.next()?),
                person: PersonId(ids.next()?),
                number: *number,
                former: lookups.previous.get(&row).copied(),
            }),
            Step::Unchanged { .. } | Step::Missing { .. } => None,
        })
        .collect();
    let mut plan = Plan { made: Made::nothing(index), ..Plan::default() };
    let assignments = assign(&unassigned, lookups, index, &mut plan.made);
    let written: Vec<Written> = unassigned
        .par_iter()
        .zip(&assignments)
        .map(|(row, assignment)| Written::of(stamp, index, lookups, (keys, entropy), row, assignment))
        .collect::<Result<_, _>>()?;
    for row in written {
        plan.take(row);
    }
    for (row, assignment) in unassigned.iter().zip(&assignments) {
        plan.note(row, assignment);
    }
    plan.end(stamp, steps, lookups);
    plan.batch.tidy();
    Ok(plan)
}

impl Plan {
    fn take(&mut self, row: Written) {
        self.source_rows.push(row.source_row);
        self.links.push(row.link);
        self.persons.extend(row.person);
        self.reviews.extend(row.review);
        self.indicators.extend(row.indicators);
        self.residences.extend(row.residences);
        self.relations.extend(row.relations);
        self.households.extend(row.household);
    }

    fn note(&mut self, row: &Unassigned<'_>, assignment: &Assignment) {
        self.batch.touched.push(assignment.person.0);
        if !assignment.is_first() {
            self.linked += 1;
            self.batch.to_renew.push(assignment.person.0);
        }
        if let Some(former) = assignment.moved_from {
            self.batch.touched.push(former.0);
            self.batch.to_renew.push(former.0);
        }
        if let Some(ask) = &assignment.ask {
            self.asked += 1;
            self.asked_about.push((assignment.person, ask.candidate));
        }
        if let Some(number) = row.number.filter(|_| assignment.gains_number) {
            self.numbers.push((number, assignment.person));
        }
    }

    /// Ends the rows that others take the place of, and those that are gone.
    fn end(&mut self, stamp: &Stamp, steps: &[Joined], lookups: &Lookups) {
        for joined in steps {
            let (id, ended) = match joined.step {
                Step::Updated { previous, .. } => (previous, EndedAs::Superseded),
                Step::Missing { current } => {
                    if let Some(link) = lookups.links.get(&current) {
                        self.batch.touched.push(link.person.0);
                        self.batch.to_renew.push(link.person.0);
                    }
                    (current, EndedAs::Gone)
                }
                Step::Added { .. } | Step::Unchanged { .. } => continue,
            };
            self.ended.push([id.0.into(), stamp.number.into(), ended.word().into()]);
        }
    }
}

/// The values that one row brings into the tables.
struct Written {
    source_row: [Value; 10],
    link: [Value; 7],
    person: Option<Vec<Value>>,
    review: Option<Vec<Value>>,
    indicators: Vec<[Value; 5]>,
    household: Option<(Uuid, [Value; 3])>,
    residences: Vec<[Value; 8]>,
    relations: Vec<[Value; 4]>,
}

impl Written {
    fn of(
        stamp: &Stamp,
        index: &PeopleIndex,
        lookups: &Lookups,
        sealing: (&Keys, &Entropy),
        row: &Unassigned<'_>,
        assignment: &Assignment,
    ) -> Result<Self, StoreError> {
        let (keys, entropy) = sealing;
        let id = row.id.0;
        let sealed =
            SealingRow { cells: &row.taken.cells, values: &row.taken.values, warnings: &row.taken.warnings };
        let master = assignment.is_first().then(|| Master::of_one(row.id, &row.taken.values));
        let household = household(stamp, keys, row)?;
        let indicators = row.taken.indicators.iter().map(|indicator| {
            [
                entropy.uuid(stamp.at).into(),
                id.into(),
                indicator.kind.as_str().into(),
                indicator.day.map(base::Day::number).into(),
                indicator.number.into(),
            ]
        });
        let relations = row.taken.values.guardians.iter().map(|guardian| {
            let relation = entropy.uuid(stamp.at);
            let sealed = keys.seal("relation", relation, guardian)?;
            Ok([relation.into(), id.into(), guardian.kind.as_str().into(), sealed.into()])
        });
        Ok(Self {
            source_row: [
                id.into(),
                stamp.feed_id.into(),
                row.taken.key.0.to_vec().into(),
                row.taken.content.0.to_vec().into(),
                stamp.delivery.0.into(),
                stamp.number.into(),
                i64::from(row.taken.place).into(),
                stamp.organisation.map(Uuid::from).into(),
                row.former.map(Uuid::from).into(),
                keys.seal("source_row", id, &sealed)?.into(),
            ],
            link: link(stamp, index, lookups, keys, row, assignment)?,
            person: master.map(|master| person(stamp, keys, assignment.person, master)).transpose()?,
            review: review(stamp, index, sealing, row, assignment)?,
            indicators: indicators.collect(),
            residences: residences(household.as_ref().map(|(id, _)| *id), row),
            household,
            relations: relations.collect::<Result<_, StoreError>>()?,
        })
    }
}

fn link(
    stamp: &Stamp,
    index: &PeopleIndex,
    lookups: &Lookups,
    keys: &Keys,
    row: &Unassigned<'_>,
    assignment: &Assignment,
) -> Result<[Value; 7], StoreError> {
    let decision = row
        .former
        .and_then(|former| lookups.links.get(&former))
        .filter(|former| former.person == assignment.person)
        .and_then(|former| former.decision);
    let sealed = if assignment.fields.is_empty() {
        None
    } else {
        let evidence = Evidence {
            fields: assignment.fields.clone(),
            model: index.model_version(),
            ..Evidence::default()
        };
        Some(keys.seal("link", row.id.0, &evidence)?)
    };
    Ok([
        row.id.0.into(),
        assignment.person.0.into(),
        assignment.ground.word().into(),
        assignment.weight.into(),
        stamp.at.0.into(),
        decision.into(),
        sealed.into(),
    ])
}

/// A new person: what follows from the master record, then what it begins with. Its revision is set when it is written.
fn person(stamp: &Stamp, keys: &Keys, id: PersonId, master: Master) -> Result<Vec<Value>, StoreError> {
    let mut values = person_values(keys, id, stamp.city, master, 0)?.to_vec();
    values.push(crate::persons::PersonState::Active.word().into());
    values.push(stamp.number.into());
    Ok(values)
}

fn review(
    stamp: &Stamp,
    index: &PeopleIndex,
    (keys, entropy): (&Keys, &Entropy),
    row: &Unassigned<'_>,
    assignment: &Assignment,
) -> Result<Option<Vec<Value>>, StoreError> {
    let Some(ask) = &assignment.ask else { return Ok(None) };
    let id = entropy.uuid(stamp.at);
    let evidence = Evidence {
        fields: ask.fields.clone(),
        model: index.model_version(),
        others: ask.others.clone(),
        household: ask.household,
    };
    let area = row.taken.values.area().unwrap_or(stamp.city);
    Ok(Some(vec![
        id.into(),
        area.city.0.into(),
        area.district.map(|area| area.0).into(),
        area.subdistrict.map(|area| area.0).into(),
        area.community.map(|area| area.0).into(),
        row.id.0.into(),
        assignment.person.0.into(),
        ask.candidate.0.into(),
        ask.cause.word().into(),
        crate::review::ReviewState::Open.word().into(),
        ask.weight.into(),
        stamp.number.into(),
        stamp.at.0.into(),
        1.into(),
        keys.seal("review", id, &evidence)?.into(),
    ]))
}

/// The household that the row names: its id is made from its key, so that the same household is found without asking.
fn household(
    stamp: &Stamp,
    keys: &Keys,
    row: &Unassigned<'_>,
) -> Result<Option<(Uuid, [Value; 3])>, StoreError> {
    let Some(claim) = &row.taken.values.household else { return Ok(None) };
    let digest = Digest::of(&keys.hash("household", &format!("{}\u{0}{}", stamp.feed_id, claim.key)));
    let id = uuid::Builder::from_custom_bytes(digest.0).into_uuid();
    let values = [id.into(), stamp.feed_id.into(), keys.seal("household", id, &claim.key)?.into()];
    Ok(Some((id, values)))
}

/// One residence for each place of the row; the household is that of the place where the person lives.
fn residences(household: Option<Uuid>, row: &Unassigned<'_>) -> Vec<[Value; 8]> {
    use crate::rows::PlaceKind;
    let values = &row.taken.values;
    let role = values.household.as_ref().and_then(|claim| claim.role.as_deref());
    PlaceKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let place = values.place(kind);
            let household = household.filter(|_| kind == PlaceKind::Present);
            if place.is_none() && household.is_none() {
                return None;
            }
            let area = place.and_then(|place| place.area);
            Some([
                row.id.0.into(),
                kind.word().into(),
                household.into(),
                area.map(|area| area.city.0).into(),
                area.and_then(|area| area.district).map(|area| area.0).into(),
                area.and_then(|area| area.subdistrict).map(|area| area.0).into(),
                area.and_then(|area| area.community).map(|area| area.0).into(),
                role.filter(|_| household.is_some()).into(),
            ])
        })
        .collect()
}

impl Batch {
    /// Each id once, in order.
    fn tidy(&mut self) {
        for ids in [&mut self.touched, &mut self.to_renew] {
            ids.sort_unstable();
            ids.dedup();
        }
    }
}
