//! What must hold of the files: same seed same bytes, slips as dense as intended, and read as anybody's files are.

use std::collections::{BTreeMap, HashSet};

use people::reading::{self, Reading};
use policy::Programs;

use super::*;
use crate::lives::Settings;

fn today() -> Day {
    Day::new(2026, 11, 24).unwrap()
}

fn city(seed: u64, persons: u32) -> City {
    City::simulate(Settings { persons, seed, today: today() }, &AreaTree::shipped())
}

fn read(file: &DepartmentFile) -> Reading {
    let programs = Programs::load(None).unwrap();
    let feed = programs.feed(file.feed).unwrap();
    reading::read(&file.bytes, &file.name, feed, today(), &AreaTree::shipped()).unwrap()
}

#[test]
fn same_seed_same_bytes() {
    let areas = AreaTree::shipped();
    for feed in Feed::ALL {
        let bytes = |seed| feed.export(&city(seed, 800), &areas, today(), areas.city()).unwrap().bytes;
        let first = bytes(1);
        assert!(first == bytes(1), "{feed:?} differs from itself");
        assert!(first != bytes(2), "{feed:?} does not depend on the seed");
    }
}

#[test]
fn every_row_is_read_as_what_it_is() {
    let (city, areas) = (city(7, 4_000), AreaTree::shipped());
    for feed in Feed::ALL {
        let file = feed.export(&city, &areas, today(), areas.city()).unwrap();
        let reading = read(&file);
        let read_rows = reading.rows.len() + reading.duplicates.len() + reading.rejections.len();
        assert_eq!(read_rows, file.rows.len(), "{feed:?}: {:?}", reading.skipped);
        let whose: BTreeMap<u32, Option<usize>> =
            file.rows.iter().map(|row| (row.place, row.person)).collect();
        assert_eq!(whose.len(), file.rows.len(), "two rows of {feed:?} stand in one place");
        let nobody = file.rows.iter().filter(|row| row.person.is_none()).count();
        let rejected = reading.rejections.len();
        assert!(rejected >= nobody && rejected <= nobody + 5 + file.rows.len() / 300, "{feed:?}: {rejected}");
        for row in &reading.rows {
            let person = whose[&row.place.row].expect("a row that is taken is somebody's");
            assert!(city.persons.get(person).is_some());
        }
        let named = reading.columns.iter().filter(|column| column.column.is_some()).count();
        assert_eq!(named, reading.columns.len(), "{feed:?} has a column that its description does not know");
    }
}

#[test]
fn most_names_and_numbers_are_those_of_their_person() {
    let (city, areas) = (city(8, 6_000), AreaTree::shipped());
    for (feed, least) in [(Feed::Grid, 0.93), (Feed::School, 0.80), (Feed::Disabled, 0.65)] {
        let file = feed.export(&city, &areas, today(), areas.city()).unwrap();
        let whose: BTreeMap<u32, usize> =
            file.rows.iter().filter_map(|row| row.person.map(|person| (row.place, person))).collect();
        let reading = read(&file);
        let right = reading.rows.iter().filter(|row| {
            let person = &city.persons[whose[&row.place.row]];
            let number = row.values.document.as_ref().map(|document| document.number().to_owned());
            row.values.name.as_deref() == Some(person.name.as_str())
                && number.as_deref() == Some(person.identity_number.as_str())
        });
        let share = right.count() as f64 / reading.rows.len() as f64;
        assert!((least..0.995).contains(&share), "{feed:?}: {share:.3} are as they should be");
    }
}

#[test]
fn slips_are_as_dense_as_in_the_benchmark() {
    let (city, areas) = (city(9, 15_000), AreaTree::shipped());
    let files = Feed::ALL.map(|feed| feed.export(&city, &areas, today(), areas.city()).unwrap());
    let share = |feed: Feed, slip: Slip| {
        let file = files.iter().find(|file| file.feed == feed.key()).unwrap();
        let with = file.rows.iter().filter(|row| row.slips.contains(&slip)).count();
        with as f64 / file.rows.len() as f64
    };
    // The bounds are the benchmark's own shares, hurry of rows included, with room for chance.
    for (feed, slip, low, high) in [
        (Feed::Grid, Slip::NumberMissing, 0.015, 0.030),
        (Feed::Grid, Slip::PhoneFormer, 0.08, 0.14),
        (Feed::Grid, Slip::AddressFormer, 0.08, 0.13),
        (Feed::Grid, Slip::NumberDigit, 0.001, 0.008),
        (Feed::School, Slip::NumberMissing, 0.05, 0.12),
        (Feed::School, Slip::NameSound, 0.008, 0.05),
        (Feed::School, Slip::NumberOfGuardian, 0.002, 0.02),
        (Feed::Disabled, Slip::NumberMissing, 0.16, 0.25),
        (Feed::Disabled, Slip::NumberDigit, 0.008, 0.05),
        (Feed::Disabled, Slip::BirthOrder, 0.0005, 0.015),
        (Feed::Disabled, Slip::NumberOld, 0.002, 0.03),
    ] {
        let share = share(feed, slip);
        assert!((low..high).contains(&share), "{feed:?} {slip:?}: {share:.4}");
    }
}

#[test]
fn an_earlier_delivery_tells_of_fewer_people_and_repeats_its_slips() {
    let (city, areas) = (city(10, 2_000), AreaTree::shipped());
    let a_year_ago = today().plus_days(-365);
    let rows = |day| {
        let file = Feed::Grid.export(&city, &areas, day, areas.city()).unwrap();
        let slips: BTreeMap<usize, Vec<Slip>> = file
            .rows
            .into_iter()
            .rev()
            .filter_map(|row| row.person.map(|person| (person, row.slips)))
            .collect();
        slips
    };
    let (before, now) = (rows(a_year_ago), rows(today()));
    assert!(before.len() < now.len() && before.len() > now.len() / 2);
    let kept = before.iter().filter(|(person, slips)| now.get(person) == Some(slips)).count();
    assert!(kept as f64 > 0.95 * before.len() as f64, "{kept} of {}", before.len());
}

#[test]
fn truth_names_rows_that_exist_and_children_that_live() {
    let (city, areas) = (city(11, 3_000), AreaTree::shipped());
    let files: Vec<DepartmentFile> = Feed::ALL
        .into_iter()
        .map(|feed| feed.export(&city, &areas, today(), areas.city()).unwrap())
        .collect();
    let rows = crate::truth::rows(&files);
    assert_eq!(rows.lines().count(), 1 + files.iter().map(|file| file.rows.len()).sum::<usize>());
    let known: HashSet<String> = (0..city.persons.len()).map(crate::truth::person_name).collect();
    for line in rows.lines().skip(1) {
        let person = line.split(',').nth(2).unwrap();
        assert!(person.is_empty() || known.contains(person), "{line}");
    }
    let children = crate::truth::children(&city);
    assert_eq!(children.lines().count(), 1 + city.children().count());
    assert!(children.lines().any(|line| line.ends_with(",true")));
}

#[test]
fn what_is_noticed_misses_children_at_risk_and_names_others() {
    let (city, areas) = (city(12, 20_000), AreaTree::shipped());
    let file = Feed::School.export(&city, &areas, today(), areas.city()).unwrap();
    let reported: HashSet<usize> = file.rows.iter().filter_map(|row| row.person).collect();
    let mut at_risk_and_silent = 0;
    let mut settled_and_reported = 0;
    for (place, person) in city.persons.iter().enumerate() {
        let Some(childhood) = &person.childhood else { continue };
        at_risk_and_silent += usize::from(childhood.is_at_risk() && !reported.contains(&place));
        settled_and_reported += usize::from(childhood.weeks_without_care == 0 && reported.contains(&place));
    }
    assert!(at_risk_and_silent > 0 && settled_and_reported > 100);
}
