//! Addresses: how deep two of them go together.

use super::{Relations, SAME, Tests};
use crate::read::Address;

const ROOM: Relations = 1 << 1;
const SIMILAR_ROOM: Relations = 1 << 2;
const BUILDING: Relations = 1 << 3;
const NEIGHBOUR: Relations = 1 << 4;
const ESTATE: Relations = 1 << 5;
const COMMUNITY: Relations = 1 << 6;
const SUBDISTRICT: Relations = 1 << 7;
const DISTRICT: Relations = 1 << 8;

pub(super) const TESTS: Tests = &[
    ("exact", SAME),
    ("room", ROOM),
    ("similar_room", SIMILAR_ROOM),
    ("building", BUILDING),
    ("neighbour", NEIGHBOUR),
    ("estate", ESTATE),
    ("community", COMMUNITY),
    ("subdistrict", SUBDISTRICT),
    ("district", DISTRICT),
];

/// What can be said of two addresses; nothing when no part stands in both.
pub(crate) fn relations(one: &Address, other: &Address) -> Option<Relations> {
    let same = |one: u32, other: u32| one != 0 && one == other;
    let apart = |one: u32, other: u32| one != 0 && other != 0 && one != other;
    let other_place = apart(one.district, other.district) || apart(one.subdistrict, other.subdistrict);
    let same_estate = same(one.estate, other.estate) && !other_place;
    let alike = same_estate || (similar(one, other) && !other_place);
    let same_room = same(one.building, other.building) && same(one.room, other.room);
    let mut found = 0;
    let mut say = |holds: bool, relation: Relations| found |= if holds { relation } else { 0 };
    say(one == other && one.room != 0, SAME);
    say(same_estate && same_room, ROOM);
    say(alike && same_room, SIMILAR_ROOM);
    say(
        alike && same(one.building, other.building),
        if apart(one.room, other.room) { NEIGHBOUR } else { BUILDING },
    );
    say(same_estate, ESTATE);
    say(same(one.community, other.community) && !other_place, COMMUNITY);
    say(same(one.subdistrict, other.subdistrict), SUBDISTRICT);
    say(same(one.district, other.district), DISTRICT);
    let comparable = other_place || apart(one.estate, other.estate) || apart(one.community, other.community);
    (found != 0 || comparable).then_some(found)
}

/// Whether two estates' names have most of their characters in common, or one holds the other.
fn similar(one: &Address, other: &Address) -> bool {
    let count = |set: u64| set.count_ones();
    let (few, many) = {
        let (one, other) = (count(one.estate_characters), count(other.estate_characters));
        (one.min(other), one.max(other))
    };
    let common = count(one.estate_characters & other.estate_characters);
    common >= 2 && (common * 4 >= many * 3 || (few >= 3 && common == few))
}
