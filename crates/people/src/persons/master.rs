//! The master record of a person: a function of the rows that are linked to them, and of nothing else. Whoever renews
//! it twice gets the same; undoing a link undoes what it brought.
//!
//! Per field one simple order says which row wins, and the value keeps the row it comes from:
//! - **number**: named by the most feeds, then by the newest row;
//! - **birth and sex**: those in the number, else as the number;
//! - **name**: those that stand beside the number, then by the most feeds, then the newest row; of two that stand alike
//!   the fuller goes before one that is a part of it; the other spellings are kept as other names;
//! - **address, school, guardians, phones**: the newest row, since they change; other phones are kept behind it.

use std::collections::BTreeMap;

use base::AreaPath;
use base::Day;
use base::IdentityDocument;
use base::Phone;
use base::Sex;
use base::SourceRowId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::rows::{Guardian, Place, PlaceKind, RowPlace, RowValues, SourceRow};

/// Most values that are kept of a field that may have several.
const MOST_VALUES: usize = 8;

/// A value with the row it comes from: one click leads from any value on any page to its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// The row that says so. Within a seal, a value whose row is the master's own `row` names none.
    #[serde(default = "no_row", skip_serializing_if = "is_no_row")]
    pub row: SourceRowId,
}

fn no_row() -> SourceRowId {
    SourceRowId(Uuid::nil())
}

fn is_no_row(row: &SourceRowId) -> bool {
    row.0.is_nil()
}

/// What is known of a person. Sealed in the person's row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Master {
    /// Within a seal, the row of all values that name none: most persons are known from one row, whose id would be half
    /// of what is sealed. `None` outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<SourceRowId>,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Sourced<String>>,
    /// Other spellings, at most eight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_names: Vec<Sourced<String>>,
    /// Usable identity document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Sourced<IdentityDocument>>,
    /// A number that cannot be used, as written, when there is none that can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unusable_number: Option<Sourced<String>>,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth: Option<Sourced<Day>>,
    /// Sex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sourced<Sex>>,
    /// Phones, the newest first, at most eight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Sourced<Phone>>,
    /// Places, each kind at most once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Sourced<Place>>,
    /// Guardians, the newest row's first, at most eight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guardians: Vec<Sourced<Guardian>>,
    /// School.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school: Option<Sourced<String>>,
    /// Grade and class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Sourced<String>>,
}

/// A row that is linked to the person.
#[derive(Debug, Clone, Copy)]
pub struct LinkedRow<'a> {
    /// The row.
    pub id: SourceRowId,
    /// Its feed.
    pub feed_id: i32,
    /// The number of its delivery: higher is newer.
    pub number: i64,
    /// Where it stands in its delivery: of two rows of one delivery the later counts as newer, so that the same file
    /// gives the same record whatever ids its rows were given.
    pub place: RowPlace,
    /// What it says.
    pub values: &'a RowValues,
}

impl<'a> LinkedRow<'a> {
    /// A row that was opened.
    pub fn of(row: &SourceRow, values: &'a RowValues) -> Self {
        Self { id: row.id, feed_id: row.feed_id, number: row.number, place: row.place, values }
    }
}

impl Master {
    /// The master record that follows from `rows`, in any order.
    pub fn of(rows: &[LinkedRow<'_>]) -> Self {
        if let [row] = rows {
            return Self::of_one(row.id, row.values);
        }
        let mut rows = rows.to_vec();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.number), std::cmp::Reverse(row.place), row.id));
        let document = by_most_feeds(&rows, |row| row.values.document.clone()).into_iter().next();
        let mut names = names(&rows, document.as_ref().map(|document| &document.value)).into_iter();
        let name = names.next();
        let number = document.as_ref().and_then(|document| document.value.resident_id());
        let origin = document.as_ref().map(|document| document.row);
        let from_number = |row: Option<SourceRowId>| row.zip(number);
        Self {
            row: None,
            name,
            other_names: names.take(MOST_VALUES).collect(),
            birth: from_number(origin)
                .map(|(row, number)| Sourced { value: number.birth(), row })
                .or_else(|| by_most_feeds(&rows, |row| row.values.birth).into_iter().next()),
            sex: from_number(origin)
                .map(|(row, number)| Sourced { value: number.sex(), row })
                .or_else(|| by_most_feeds(&rows, |row| row.values.sex).into_iter().next()),
            unusable_number: if document.is_some() {
                None
            } else {
                newest(&rows, |row| row.values.unusable_number.clone())
            },
            document,
            phones: distinct(&rows, |row| row.values.phones.clone()),
            places: PlaceKind::ALL.into_iter().filter_map(|kind| newest_place(&rows, kind)).collect(),
            guardians: distinct(&rows, |row| row.values.guardians.clone()),
            school: newest(&rows, |row| row.values.school.clone()),
            class: newest(&rows, |row| row.values.class.clone()),
        }
    }

    /// The master record of a person of whom there is one row.
    pub fn of_one(row: SourceRowId, values: &RowValues) -> Self {
        let number = values.document.as_ref().and_then(IdentityDocument::resident_id);
        Self {
            row: None,
            name: values.name.clone().map(|value| Sourced { value, row }),
            other_names: Vec::new(),
            document: values.document.clone().map(|value| Sourced { value, row }),
            unusable_number: values
                .unusable_number
                .clone()
                .filter(|_| values.document.is_none())
                .map(|value| Sourced { value, row }),
            birth: number.map(|number| number.birth()).or(values.birth).map(|value| Sourced { value, row }),
            sex: number.map(|number| number.sex()).or(values.sex).map(|value| Sourced { value, row }),
            phones: sourced(row, values.phones.iter().copied()),
            places: PlaceKind::ALL
                .into_iter()
                .filter_map(|kind| values.place(kind).cloned())
                .map(|value| Sourced { value, row })
                .collect(),
            guardians: sourced(row, values.guardians.iter().cloned()),
            school: values.school.clone().map(|value| Sourced { value, row }),
            class: values.class.clone().map(|value| Sourced { value, row }),
        }
    }

    /// As it is sealed: the row of the first value is named once, for all values that it says. [`Master::unfolded`] is
    /// the way back.
    pub(super) fn folded(mut self) -> Self {
        let Some(shared) = self.rows_mut().next().map(|row| *row) else { return self };
        self.rows_mut().filter(|row| **row == shared).for_each(|row| *row = no_row());
        self.row = Some(shared);
        self
    }

    /// As it is used: each value names its row.
    pub(super) fn unfolded(mut self) -> Self {
        if let Some(shared) = self.row.take() {
            self.rows_mut().filter(|row| is_no_row(row)).for_each(|row| *row = shared);
        }
        self
    }

    /// The row of each value.
    fn rows_mut(&mut self) -> impl Iterator<Item = &mut SourceRowId> {
        fn of<'a, T: 'a>(
            values: impl IntoIterator<Item = &'a mut Sourced<T>>,
        ) -> impl Iterator<Item = &'a mut SourceRowId> {
            values.into_iter().map(|value| &mut value.row)
        }
        of(&mut self.name)
            .chain(of(&mut self.other_names))
            .chain(of(&mut self.document))
            .chain(of(&mut self.unusable_number))
            .chain(of(&mut self.birth))
            .chain(of(&mut self.sex))
            .chain(of(&mut self.phones))
            .chain(of(&mut self.places))
            .chain(of(&mut self.guardians))
            .chain(of(&mut self.school))
            .chain(of(&mut self.class))
    }

    /// The place of `kind`.
    pub fn place(&self, kind: PlaceKind) -> Option<&Sourced<Place>> {
        self.places.iter().find(|place| place.value.kind == kind)
    }

    /// The area that decides whose person it is: present residence, else school, else registration. `None` is the city
    /// desk's.
    pub fn area(&self) -> Option<AreaPath> {
        PlaceKind::ALL.into_iter().find_map(|kind| self.place(kind).and_then(|place| place.value.area))
    }
}

/// The values that rows give, those of the most feeds first, among equals that of the newest row.
fn by_most_feeds<T: Clone + Ord>(
    rows: &[LinkedRow<'_>],
    value_of: impl Fn(&LinkedRow<'_>) -> Option<T>,
) -> Vec<Sourced<T>> {
    struct Support {
        feeds: Vec<i32>,
        newest: usize,
        row: SourceRowId,
    }
    let mut supports: BTreeMap<T, Support> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        let Some(value) = value_of(row) else { continue };
        let support =
            supports.entry(value).or_insert(Support { feeds: Vec::new(), newest: place, row: row.id });
        if !support.feeds.contains(&row.feed_id) {
            support.feeds.push(row.feed_id);
        }
    }
    let mut values: Vec<(T, Support)> = supports.into_iter().collect();
    values.sort_by_key(|(_, support)| (std::cmp::Reverse(support.feeds.len()), support.newest));
    values.into_iter().map(|(value, support)| Sourced { value, row: support.row }).collect()
}

/// The names that rows give, the one that goes by first. A register that copies a number has seen the document, and with
/// it the name; a list that is typed at a desk cuts names short. So what stands beside the person's number goes first,
/// and a name goes behind one that says it and more.
fn names(rows: &[LinkedRow<'_>], document: Option<&IdentityDocument>) -> Vec<Sourced<String>> {
    let all = by_most_feeds(rows, |row| row.values.name.clone());
    let is_beside = |name: &Sourced<String>| {
        let mut said = rows.iter().filter(|row| row.values.name.as_ref() == Some(&name.value));
        document.is_some() && said.any(|row| row.values.document.as_ref() == document)
    };
    let (mut beside, mut others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_beside);
    fullest_first(&mut beside);
    fullest_first(&mut others);
    beside.append(&mut others);
    beside
}

/// Puts the fullest of the names that say the first one and more before it.
fn fullest_first(names: &mut Vec<Sourced<String>>) {
    let Some(first) = names.first().map(|name| name.value.clone()) else { return };
    let fuller = names.iter().enumerate().filter(|(_, name)| name.value.contains(&first));
    // Of several that are as long, the one that stood first.
    let fullest = fuller.max_by_key(|(place, name)| (name.value.chars().count(), std::cmp::Reverse(*place)));
    if let Some((place, _)) = fullest {
        let name = names.remove(place);
        names.insert(0, name);
    }
}

fn newest<T>(rows: &[LinkedRow<'_>], value_of: impl Fn(&LinkedRow<'_>) -> Option<T>) -> Option<Sourced<T>> {
    rows.iter().find_map(|row| Some(Sourced { value: value_of(row)?, row: row.id }))
}

/// The newest row's place of `kind`; one whose area is known goes before one whose area is not.
fn newest_place(rows: &[LinkedRow<'_>], kind: PlaceKind) -> Option<Sourced<Place>> {
    newest(rows, |row| row.values.place(kind).filter(|place| place.area.is_some()).cloned())
        .or_else(|| newest(rows, |row| row.values.place(kind).cloned()))
}

fn distinct<T: PartialEq>(
    rows: &[LinkedRow<'_>],
    values_of: impl Fn(&LinkedRow<'_>) -> Vec<T>,
) -> Vec<Sourced<T>> {
    let mut kept: Vec<Sourced<T>> = Vec::new();
    for row in rows {
        for value in values_of(row) {
            if kept.len() < MOST_VALUES && kept.iter().all(|other| other.value != value) {
                kept.push(Sourced { value, row: row.id });
            }
        }
    }
    kept
}

fn sourced<T>(row: SourceRowId, values: impl Iterator<Item = T>) -> Vec<Sourced<T>> {
    values.take(MOST_VALUES).map(|value| Sourced { value, row }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: u128, feed_id: i32, number: i64, values: &RowValues) -> LinkedRow<'_> {
        LinkedRow {
            id: SourceRowId(Uuid::from_u128(id)),
            feed_id,
            number,
            place: RowPlace::first_sheet(1),
            values,
        }
    }

    fn named(name: &str) -> RowValues {
        RowValues { name: Some(name.to_owned()), ..RowValues::default() }
    }

    #[test]
    fn the_name_of_the_most_feeds_wins_and_the_others_are_kept() {
        let (one, other) = (named("张子涵"), named("张梓涵"));
        let master = Master::of(&[row(1, 1, 1, &other), row(2, 2, 2, &other), row(3, 3, 9, &one)]);
        let name = master.name.unwrap();
        assert_eq!((name.value.as_str(), name.row.0.as_u128()), ("张梓涵", 2));
        assert_eq!(master.other_names.len(), 1);
    }

    #[test]
    fn the_full_name_beside_the_number_wins_over_a_newer_one_that_was_cut() {
        let number = base::ResidentId::compose(440_305, Day::new(2013, 3, 6).unwrap(), 124).unwrap();
        let document = Some(IdentityDocument::Resident(number));
        let full = RowValues { document: document.clone(), ..named("阎骁悦") };
        let cut = named("阎骁");
        let said = |rows: &[LinkedRow<'_>]| {
            let master = Master::of(rows);
            let others: Vec<String> = master.other_names.into_iter().map(|name| name.value).collect();
            (master.name.unwrap().value, others)
        };
        let expected = ("阎骁悦".to_owned(), vec!["阎骁".to_owned()]);
        assert_eq!(said(&[row(1, 1, 1, &full), row(2, 2, 9, &cut)]), expected);
        // However many feeds cut it.
        assert_eq!(said(&[row(1, 1, 1, &full), row(2, 2, 8, &cut), row(3, 3, 9, &cut)]), expected);
        // Without a number, the name that says the other and more.
        assert_eq!(said(&[row(1, 1, 1, &named("阎骁悦")), row(2, 2, 9, &cut)]), expected);
        // Where the number stands beside both, too.
        let both = RowValues { document: document.clone(), ..named("阎骁") };
        assert_eq!(said(&[row(1, 1, 1, &full), row(2, 2, 9, &both)]), expected);
        // Another name altogether that stands beside the number goes before what many say without it.
        let other = RowValues { document, ..named("阎晓月") };
        let rows = [row(1, 1, 1, &other), row(2, 2, 8, &cut), row(3, 3, 9, &cut)];
        assert_eq!(said(&rows), ("阎晓月".to_owned(), vec!["阎骁".to_owned()]));
    }

    #[test]
    fn what_is_sealed_names_the_row_of_most_persons_once_and_loses_none() {
        let phones = vec![Phone::read("13800000001").unwrap()];
        let one = RowValues { phones: phones.clone(), school: Some("一小".to_owned()), ..named("张三") };
        let other = RowValues { class: Some("三年级".to_owned()), phones, ..named("张三") };
        let (first, second) = (row(1, 1, 1, &one), row(2, 2, 2, &other));
        for master in [Master::of(&[first]), Master::of(&[first, second]), Master::default()] {
            let text = serde_json::to_string(&master.clone().folded()).unwrap();
            let back = serde_json::from_str::<Master>(&text).unwrap().unfolded();
            assert_eq!(back, master);
            let names_first = text.matches(&first.id.0.to_string()).count();
            assert!(names_first <= 1, "{text}");
        }
        // A seal from before names its row at every value.
        let master = Master::of(&[first]);
        let text = serde_json::to_string(&master).unwrap();
        assert_eq!(serde_json::from_str::<Master>(&text).unwrap().unfolded(), master);
    }

    #[test]
    fn birth_and_sex_follow_the_number() {
        let number = base::ResidentId::compose(440_305, Day::new(2013, 3, 6).unwrap(), 124).unwrap();
        let with = RowValues { document: Some(IdentityDocument::Resident(number)), ..named("张三") };
        let without = RowValues { birth: Day::new(2013, 6, 3), sex: Some(Sex::Male), ..named("张三") };
        let master = Master::of(&[row(1, 1, 1, &with), row(2, 2, 2, &without), row(3, 3, 3, &without)]);
        assert_eq!(
            master.birth.unwrap(),
            Sourced { value: number.birth(), row: SourceRowId(Uuid::from_u128(1)) }
        );
        assert_eq!(master.sex.unwrap().value, Sex::Female);
    }

    #[test]
    fn what_changes_is_taken_from_the_newest_row() {
        let at = |address: &str| RowValues {
            places: vec![Place { kind: PlaceKind::Present, address: Some(address.to_owned()), area: None }],
            ..named("张三")
        };
        let (old, new) = (at("甲"), at("乙"));
        let master = Master::of(&[row(1, 1, 5, &old), row(2, 1, 6, &new)]);
        assert_eq!(master.place(PlaceKind::Present).unwrap().value.address.as_deref(), Some("乙"));
    }

    #[test]
    fn of_two_rows_of_one_delivery_the_later_counts_whatever_their_ids() {
        let at = |address: &str| RowValues {
            places: vec![Place { kind: PlaceKind::Present, address: Some(address.to_owned()), area: None }],
            ..named("张三")
        };
        let (above, below) = (at("甲"), at("乙"));
        for (one, other) in [(1, 2), (2, 1)] {
            let at_line =
                |id, line, values| LinkedRow { place: RowPlace::first_sheet(line), ..row(id, 1, 5, values) };
            let master = Master::of(&[at_line(one, 963, &above), at_line(other, 964, &below)]);
            assert_eq!(master.place(PlaceKind::Present).unwrap().value.address.as_deref(), Some("乙"));
        }
    }

    #[test]
    fn one_row_by_itself_gives_what_the_general_rule_gives() {
        let values = RowValues { phones: vec![Phone::read("13812346207").unwrap()], ..named("张三") };
        let one = Master::of_one(SourceRowId(Uuid::from_u128(1)), &values);
        let twice = Master::of(&[row(1, 1, 1, &values), row(1, 1, 1, &values)]);
        assert_eq!(one, twice);
    }
}
