//! The live index as its callers see it. Goal: what goes in can be found, explained, taken out and saved, and the order
//! in which it came makes no difference. Method: a few persons by hand, then properties over generated ones.

#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::RwLock;

use linkage::{Candidate, LiveIndex, Model, Person, PersonAddress, ReadRecord, Record, SnapshotFault, Zone};
use proptest::prelude::*;
use uuid::Uuid;

fn model() -> Model {
    Model::parse(include_str!("../../../linkage/cn-person.toml")).unwrap()
}

fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(7, number)
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn child(number: u64, name: &str, birth: &str, identity_number: &str) -> Person {
    Person {
        id: id(number),
        names: texts(&[name]),
        identity_number: identity_number.to_owned(),
        birth: birth.to_owned(),
        sex: "女".to_owned(),
        phones: texts(&["13812346207"]),
        guardian_names: texts(&["刘芳"]),
        addresses: vec![PersonAddress {
            text: "深圳市南山区西丽街道大勘社区王京坑村12栋1203".to_owned(),
            ..PersonAddress::default()
        }],
        ..Person::default()
    }
}

fn number(birth: (i16, i8, i8), order: u16) -> String {
    let birth = base::Day::new(birth.0, birth.1, birth.2).unwrap();
    base::ResidentId::compose(440_305, birth, order).unwrap().as_str().to_owned()
}

fn index(people: &[Person]) -> LiveIndex {
    let mut index = LiveIndex::new(model());
    for person in people {
        assert!(index.insert(&person.clone().into()));
    }
    index
}

fn saved(index: &LiveIndex) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).unwrap();
    bytes
}

fn zone(index: &LiveIndex, record: Person) -> (Zone, Option<Uuid>) {
    let candidates = index.score(&record.into(), 5);
    let best = candidates.first();
    (best.map_or(Zone::New, |best| index.zone(best)), best.map(|best| best.id))
}

#[test]
fn a_same_sounding_name_with_a_mistyped_number_is_linked_and_explained() {
    let index = index(&[child(1, "张梓涵", "2013-03-06", &number((2013, 3, 6), 127))]);
    let mut wrong = number((2013, 3, 6), 127);
    wrong.replace_range(15..16, if wrong.as_bytes()[15] == b'7' { "1" } else { "7" });
    let record: Record = child(9, "张子涵", "2013年3月6日", &wrong).into();
    let best = index.score(&record, 5).remove(0);
    assert_eq!((best.id, index.zone(&best)), (id(1), Zone::Link));
    let level =
        |field: &str| best.fields.iter().find(|found| found.field.as_str() == field).unwrap().level.as_str();
    assert_eq!((level("name"), level("identity_number"), level("birth")), ("same_tone", "slip", "exact"));
    let sum: f64 = best.fields.iter().map(|field| field.weight).sum();
    assert!((best.prior_weight + best.household_weight + sum - best.total_weight).abs() < 1e-9);
    for field in &best.fields {
        assert!(index.model().field_label(&field.field).is_some());
        assert!(index.model().level_label(&field.field, &field.level).is_some());
    }
    assert_eq!(index.compare(&record, id(1)).as_ref(), Some(&best));
}

#[test]
fn two_valid_numbers_that_differ_are_never_linked() {
    let index = index(&[child(1, "张梓涵", "2013-03-06", &number((2013, 3, 6), 127))]);
    let (zone, best) = zone(&index, child(9, "张梓涵", "2013-03-06", &number((2013, 3, 6), 129)));
    assert_eq!((zone, best), (Zone::Review, Some(id(1))));
}

#[test]
fn a_number_under_quite_another_name_goes_to_review() {
    let number = number((2013, 3, 6), 127);
    let index = index(&[child(1, "张梓涵", "2013-03-06", &number)]);
    let stranger = Person {
        id: id(9),
        names: texts(&["王大力"]),
        identity_number: number,
        birth: "1980-05-05".to_owned(),
        ..Person::default()
    };
    assert_eq!(zone(&index, stranger).0, Zone::Review);
}

#[test]
fn a_sibling_or_twin_is_not_linked_for_sharing_house_and_phone() {
    let index = index(&[child(1, "张梓涵", "2013-03-06", "")]);
    assert_ne!(zone(&index, child(9, "张梓萱", "2013-03-06", "")).0, Zone::Link, "twin");
    assert_ne!(zone(&index, child(9, "张梓萱", "2015-08-20", "")).0, Zone::Link, "sibling");
    assert_eq!(zone(&index, child(9, "张梓涵", "2013-03-06", "")).0, Zone::Link, "herself");
}

#[test]
fn a_guardian_is_not_linked_to_the_child() {
    let mother = Person {
        names: texts(&["刘芳"]),
        guardian_names: Vec::new(),
        birth: "1985-01-09".to_owned(),
        ..child(1, "", "", "")
    };
    let index = index(&[mother]);
    assert_ne!(zone(&index, child(9, "张梓涵", "2013-03-06", "")).0, Zone::Link);
}

#[test]
fn a_namesake_who_stands_as_near_is_a_rival() {
    let bare = |number| Person {
        phones: Vec::new(),
        guardian_names: Vec::new(),
        addresses: Vec::new(),
        ..child(number, "欧阳紫嫣", "2013-03-06", "")
    };
    let with = |number: u64, order: u16| Person {
        identity_number: self::number((2013, 3, 6), order),
        ..bare(number)
    };
    let index = index(&[with(1, 127), with(2, 129)]);
    let candidates = index.score(&bare(9).into(), 5);
    assert_eq!(candidates.iter().map(|candidate| candidate.id).collect::<Vec<_>>(), [id(1), id(2)]);
    assert_eq!(index.zone(&candidates[0]), Zone::Review);
}

#[test]
fn search_by_name_pinyin_number_and_phone() {
    let number = number((2013, 3, 6), 127);
    let index = index(&[
        child(1, "张梓涵", "2013-03-06", &number),
        Person { phones: texts(&["13900001235"]), ..child(2, "张梓涵涵", "", "") },
        Person { phones: texts(&["13700001236"]), ..child(3, "吕布", "", "") },
    ]);
    for (text, expected) in [
        ("张梓涵", vec![1, 2]),
        ("梓涵", vec![1, 2]),
        ("zhangzihan", vec![1, 2]),
        ("zhang zi", vec![1, 2]),
        ("zihan", vec![1, 2]),
        ("zzh", vec![1, 2]),
        ("lvbu", vec![3]),
        (&number[10..], vec![1]),
        (&number, vec![1]),
        ("6207", vec![1]),
        ("139 0000 1235", vec![2]),
        ("207", vec![]),
        ("", vec![]),
        ("赵", vec![]),
    ] {
        let found = index.search(text, 10);
        assert_eq!(found, expected.into_iter().map(id).collect::<Vec<_>>(), "{text}");
    }
    assert_eq!(index.search("张", 1), [id(1)]);
}

#[test]
fn a_batch_does_not_see_itself() {
    let mut index = index(&[]);
    let (one, same) = (child(1, "张梓涵", "2013-03-06", ""), child(2, "张梓涵", "2013-03-06", ""));
    assert!(index.score_batch(&[one.clone().into(), same.clone().into()], 5).iter().all(Vec::is_empty));
    index.insert(&one.into());
    assert_eq!(index.score_batch(&[same.into()], 5)[0][0].id, id(1));
}

#[test]
fn a_common_key_costs_no_more_than_its_bound() {
    // Three thousand people with one hotline number for a phone: the key says nothing and is passed over.
    let people: Vec<Person> = (0..3_000)
        .map(|number| Person {
            id: id(number),
            phones: texts(&["075583501235"]),
            sex: "男".to_owned(),
            ..Person::default()
        })
        .collect();
    let index = index(&people);
    let record = Person { phones: texts(&["075583501235"]), ..Person::default() };
    assert!(index.score(&record.into(), 5).is_empty());
}

#[test]
fn snapshots_of_other_models_or_damaged_ones_are_refused() {
    let bytes = saved(&index(&[child(1, "张梓涵", "2013-03-06", "")]));
    let other = include_str!("../../../linkage/cn-person.toml").replace("review = 1.0", "review = 1.5");
    assert_eq!(
        LiveIndex::load(Model::parse(&other).unwrap(), &bytes[..]).err(),
        Some(SnapshotFault::OtherModel)
    );
    assert_eq!(LiveIndex::load(model(), &b""[..]).err(), Some(SnapshotFault::NotASnapshot));
    for place in 8..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        assert!(LiveIndex::load(model(), &damaged[..]).is_err(), "{place}");
        assert!(LiveIndex::load(model(), &bytes[..place]).is_err(), "{place}");
    }
}

fn is_send_and_sync<T: Send + Sync>() {}

#[test]
fn the_index_is_shared_between_threads() {
    is_send_and_sync::<LiveIndex>();
}

#[test]
fn a_look_up_beside_a_writer_sees_the_index_before_or_after_and_a_search_as_it_was() {
    let residents: Vec<Person> = (0..50)
        .map(|number| {
            let order = u16::try_from(number).unwrap() * 2 + 1;
            child(number, "张梓涵", "2013-03-06", &self::number((2013, 3, 6), order))
        })
        .collect();
    let model = model();
    let index = RwLock::new(index(&residents));
    let searcher = index.read().unwrap().searcher();
    let before = searcher.search("张梓涵", 100);
    let sizes = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..4 {
                for number in 1_000..1_400 {
                    let guest = child(number, "李伟", "1980-01-01", "").into();
                    index.write().unwrap().insert_read(&ReadRecord::new(&model, &guest));
                }
                for number in (1_000..1_400).rev() {
                    assert!(index.write().unwrap().remove(id(number)), "{round} {number}");
                }
            }
        });
        let mut sizes = Vec::new();
        while !writer.is_finished() {
            for resident in &residents {
                let found = index.read().unwrap().score(&resident.clone().into(), 1);
                let best = found.first().map(|best| (best.id, best.guards.len()));
                assert_eq!(best, Some((resident.id, 0)));
            }
            sizes.push(index.read().unwrap().search("李伟", 500).len());
            assert_eq!(searcher.search("张梓涵", 100), before);
        }
        writer.join().unwrap();
        sizes
    });
    assert!(sizes.iter().all(|size| *size <= 400));
    assert_eq!(saved(&index.into_inner().unwrap()), saved(&self::index(&residents)));
    assert_eq!(before.len(), residents.len());
}

/// Persons from small sets of values, so that many meet.
fn person() -> impl Strategy<Value = Person> {
    let name = prop::sample::select(vec![
        "张梓涵",
        "张子涵",
        "张梓萱",
        "欧阳修",
        "王伟",
        "王炜",
        "",
        "阿依努尔·买买提",
        "张*",
    ]);
    let birth = prop::sample::select(vec!["2013-03-06", "2013-06-03", "2013", "", "1980-01-01"]);
    let order = prop::sample::select(vec![0_u16, 121, 122, 127]);
    let phone = prop::sample::select(vec!["13812346207", "13900001235", ""]);
    let address =
        prop::sample::select(vec!["南山区西丽街道大勘社区王京坑村12栋1203", "王京坑村十二栋", "宝安区", ""]);
    (name, birth, order, phone, phone_or_none(), address).prop_map(
        |(name, birth, order, phone, guardian_phone, address)| Person {
            names: texts(&[name]),
            birth: birth.to_owned(),
            identity_number: if order == 0 { String::new() } else { number((2013, 3, 6), order) },
            phones: texts(&[phone]),
            guardian_phones: texts(&[guardian_phone]),
            guardian_names: texts(&["刘芳"]),
            addresses: vec![PersonAddress { text: address.to_owned(), ..PersonAddress::default() }],
            ..Person::default()
        },
    )
}

fn phone_or_none() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["13812346207", ""])
}

fn numbered(people: Vec<Person>) -> Vec<Record> {
    (0..).zip(people).map(|(number, person)| Person { id: id(number), ..person }.into()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn order_of_coming_batch_and_snapshot_make_no_difference(people in prop::collection::vec(person(), 1..25), asked in prop::collection::vec(person(), 1..6)) {
        let records = numbered(people);
        let asked = numbered(asked);
        let mut forward = LiveIndex::new(model());
        for record in &records {
            assert!(forward.insert(record));
        }
        let mut backward = LiveIndex::new(model());
        for record in records.iter().rev() {
            assert!(backward.insert(record));
        }
        let scored: Vec<_> = asked.iter().map(|record| forward.score(record, 8)).collect();
        prop_assert_eq!(&asked.iter().map(|record| backward.score(record, 8)).collect::<Vec<_>>(), &scored);
        prop_assert_eq!(&forward.score_batch(&asked, 8), &scored);
        let bytes = saved(&forward);
        prop_assert_eq!(&bytes, &saved(&backward));
        let loaded = LiveIndex::load(model(), &bytes[..]).unwrap();
        prop_assert_eq!(&loaded.score_batch(&asked, 8), &scored);
        prop_assert_eq!(saved(&loaded), bytes);
    }

    #[test]
    fn what_is_put_in_and_taken_out_leaves_nothing(people in prop::collection::vec(person(), 1..20), passing in prop::collection::vec(person(), 1..20)) {
        let records = numbered(people);
        let mut index = LiveIndex::new(model());
        for record in &records {
            assert!(index.insert(record));
        }
        let before = (saved(&index), index.score_batch(&records, 8));
        let guests: Vec<Record> = (1_000..).zip(passing).map(|(number, person)| Person { id: id(number), ..person }.into()).collect();
        for record in &guests {
            assert!(index.insert(record));
        }
        // An update is a removal and an insertion: go through it as well.
        for record in &records {
            prop_assert!(index.update(record));
        }
        for record in &guests {
            prop_assert!(index.remove(record.id));
            prop_assert!(!index.remove(record.id));
            prop_assert!(!index.update(record));
        }
        prop_assert_eq!((saved(&index), index.score_batch(&records, 8)), before);
    }

    /// Whatever was put in, changed, taken out, saved and loaded before: the index answers as one that was made of what is
    /// left, holds the same bytes, and finds whoever has the number or the name and birth date that is asked for.
    #[test]
    fn a_long_life_leaves_no_trace(steps in prop::collection::vec((0_u64..12, prop::option::weighted(0.7, person()), prop::bool::weighted(0.08)), 1..60), asked in prop::collection::vec(person(), 1..4)) {
        let mut index = LiveIndex::new(model());
        let mut known: BTreeMap<u64, Person> = BTreeMap::new();
        for (number, step, is_loaded_anew) in steps {
            let was_known = known.remove(&number).is_some();
            if let Some(person) = step {
                let person = Person { id: id(number), ..person };
                prop_assert_eq!(index.insert(&person.clone().into()), !was_known);
                known.insert(number, person);
            } else {
                prop_assert_eq!(index.remove(id(number)), was_known);
            }
            if is_loaded_anew {
                index = LiveIndex::load(model(), &saved(&index)[..]).unwrap();
            }
        }
        let mut anew = LiveIndex::new(model());
        for person in known.values() {
            anew.insert(&person.clone().into());
        }
        prop_assert_eq!(index.len(), known.len());
        prop_assert_eq!(saved(&index), saved(&anew));
        for person in asked {
            let record: Record = person.clone().into();
            let candidates = index.score(&record, usize::MAX);
            prop_assert_eq!(&candidates, &anew.score(&record, usize::MAX));
            for text in person.names.iter().chain([&person.identity_number]) {
                prop_assert_eq!(index.search(text, 20), anew.search(text, 20));
            }
            for (number, other) in &known {
                let compared = index.compare(&record, id(*number)).unwrap();
                let listed = candidates.iter().find(|found| found.id == id(*number));
                let same = |one: &[String], other: &[String]| !one.concat().is_empty() && one == other;
                let meets = !person.birth.is_empty() && person.birth == other.birth && same(&person.names, &other.names)
                    || same(&person.phones, &other.phones);
                if meets && compared.total_weight >= model().zones().listed && person.identity_number.is_empty() && !person.names.concat().contains('*') {
                    prop_assert!(listed.is_some(), "{:?} is not found for {:?}", other, person);
                }
                if let Some(listed) = listed {
                    prop_assert_eq!(&Candidate { guards: Vec::new(), ..listed.clone() }, &Candidate { guards: Vec::new(), ..compared });
                }
            }
        }
    }

    /// Two records weigh the same whichever of them is looked up, as far as they are all that is in the index.
    #[test]
    fn a_pair_weighs_the_same_both_ways(one in person(), other in person()) {
        let weigh = |held: &Person, asked: &Person| {
            let held = Person { id: id(1), ..held.clone() };
            let mut index = LiveIndex::new(model());
            index.insert(&held.into());
            let pair = index.compare(&asked.clone().into(), id(1)).unwrap();
            pair.fields.into_iter().map(|field| field.level).collect::<Vec<_>>()
        };
        prop_assert_eq!(weigh(&one, &other), weigh(&other, &one));
    }

    #[test]
    fn any_text_is_taken_without_a_panic(cells in prop::collection::vec("\\PC{0,40}|[0-9X*]{0,20}|[一-龥·0-9栋室号楼-]{0,30}", 9)) {
        let sources = ["name", "identity_number", "birth", "sex", "phone", "guardian_name", "guardian_phone", "address", "address"];
        let mut record = Record::new(id(1));
        for (source, cell) in sources.into_iter().zip(&cells) {
            record.add(source, cell.clone());
        }
        let mut index = LiveIndex::new(model());
        index.insert(&record);
        for candidate in index.score(&record, 3) {
            prop_assert!(candidate.total_weight.is_finite() && (0.0..=1.0).contains(&candidate.probability));
        }
        for cell in &cells {
            prop_assert!(index.search(cell, 3).len() <= 1);
        }
        prop_assert!(LiveIndex::load(model(), &saved(&index)[..]).is_ok());
        drop(LiveIndex::load(model(), cells.concat().as_bytes()));
    }
}
