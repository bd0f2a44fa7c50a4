//! Names. What goes wrong with them between two Chinese registers: a character of the same sound (input by pinyin), of
//! nearly the same sound (dialect), of nearly the same shape (hand and optical reading), a character dropped, two turned
//! round, another given name after a change of name, hidden characters, the passport's Latin spelling.

use smallvec::SmallVec;

use super::{Relations, SAME, Tests};
use crate::model::Characters;
use crate::read::Name;
use crate::read::name::{DOT, HOLE};
use crate::sound::{spelling, syllable};

const SAME_TONE: Relations = 1 << 1;
const SAME_SOUND: Relations = 1 << 2;
const REGIONAL_SOUND: Relations = 1 << 3;
const LOOK_ALIKE: Relations = 1 << 4;
const REORDERED: Relations = 1 << 5;
const SPELLED: Relations = 1 << 6;
const MASKED: Relations = 1 << 7;
const SHORTENED: Relations = 1 << 8;
const ONE_CHARACTER: Relations = 1 << 9;
const SAME_GIVEN: Relations = 1 << 10;
const SAME_SURNAME: Relations = 1 << 11;

pub(super) const TESTS: Tests = &[
    ("exact", SAME),
    ("same_tone", SAME_TONE),
    ("same_sound", SAME_SOUND),
    ("regional_sound", REGIONAL_SOUND),
    ("look_alike", LOOK_ALIKE),
    ("reordered", REORDERED),
    ("spelled", SPELLED),
    ("masked", MASKED),
    ("shortened", SHORTENED),
    ("one_character", ONE_CHARACTER),
    ("same_given", SAME_GIVEN),
    ("same_surname", SAME_SURNAME),
];

/// How near two characters are, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    Same,
    Tone,
    Sound,
    Regional,
    Shape,
    Far,
}

/// All that can be said of two names.
pub(crate) fn relations(table: &Characters, one: &Name, other: &Name) -> Relations {
    if one.has_holes() || other.has_holes() {
        return masked(one, other);
    }
    if one.characters == other.characters {
        return SAME;
    }
    if one.is_latin() != other.is_latin() {
        return if is_spelled(one, other) { SPELLED } else { 0 };
    }
    let by_place =
        if one.characters.len() == other.characters.len() { same_length(table, one, other) } else { 0 };
    if by_place & !(SAME_SURNAME | SAME_GIVEN | ONE_CHARACTER) != 0 {
        return by_place;
    }
    let mut found = by_place;
    if is_reordered(one, other) {
        found |= REORDERED;
    }
    if is_shortened(one, other) || is_shortened(other, one) {
        found |= SHORTENED;
    }
    if one.surname_length > 0 && one.surname() == other.surname() {
        found |= SAME_SURNAME;
    } else if one.given().len() > 1 && one.given() == other.given() {
        found |= SAME_GIVEN;
    }
    found
}

fn nearness(table: &Characters, one: char, other: char) -> Nearness {
    if one == other {
        return Nearness::Same;
    }
    let (one_sound, other_sound) = (syllable(one), syllable(other));
    if one_sound.is_some() && one_sound.is_same_tone(other_sound) {
        Nearness::Tone
    } else if one_sound.is_some() && one_sound.toneless() == other_sound.toneless() {
        Nearness::Sound
    } else if table.regional.alike(one_sound, other_sound) {
        Nearness::Regional
    } else if table.look_alike(one, other) {
        Nearness::Shape
    } else {
        Nearness::Far
    }
}

/// Names of one length, place by place.
fn same_length(table: &Characters, one: &Name, other: &Name) -> Relations {
    let pairs = one.characters.iter().zip(&other.characters);
    let places: SmallVec<[Nearness; 6]> = pairs.map(|(one, other)| nearness(table, *one, *other)).collect();
    let far = places.iter().filter(|place| **place == Nearness::Far).count();
    match (far, places.iter().max()) {
        (0, Some(Nearness::Tone)) => SAME_TONE,
        (0, Some(Nearness::Sound)) => SAME_SOUND,
        (0, Some(Nearness::Regional)) => REGIONAL_SOUND,
        (0, Some(Nearness::Shape)) => LOOK_ALIKE,
        (1, _) if one.surname() == other.surname() && one.characters.len() > 2 => {
            let others_agree =
                places.iter().filter(|place| **place == Nearness::Same).count() + 1 == places.len();
            if others_agree { ONE_CHARACTER } else { 0 }
        }
        _ => 0,
    }
}

/// The same characters in another order, or the same words, for names with dots or in Latin letters.
fn is_reordered(one: &Name, other: &Name) -> bool {
    let by_words = |name: &Name| {
        let mut words: SmallVec<[SmallVec<[char; 6]>; 4]> = name
            .characters
            .split(|character| matches!(*character, DOT | ' '))
            .map(SmallVec::from_slice)
            .collect();
        words.sort_unstable();
        words
    };
    if one.surname_length == 0 || other.surname_length == 0 {
        return by_words(one) == by_words(other);
    }
    // Most names are told apart by the sum of their characters, without sorting.
    let sum =
        |name: &Name| name.characters.iter().map(|character| u64::from(u32::from(*character))).sum::<u64>();
    let sorted = |name: &Name| {
        let mut characters = name.characters.clone();
        characters.sort_unstable();
        characters
    };
    one.characters.len() == other.characters.len()
        && one.characters.len() > 2
        && sum(one) == sum(other)
        && sorted(one) == sorted(other)
}

/// Whether `short` is `long` with one character of the given name missing, or cut off behind at least three characters.
fn is_shortened(long: &Name, short: &Name) -> bool {
    let (long_text, short_text) = (&long.characters, &short.characters);
    if short_text.len() >= long_text.len() || short_text.len() < 2 {
        return false;
    }
    if long_text.starts_with(short_text) {
        return short_text.len() >= 3 || long_text.len() == 3;
    }
    if long_text.len() != short_text.len() + 1
        || long.surname() != short.surname()
        || long.surname_length == 0
    {
        return false;
    }
    let common = long_text.iter().zip(short_text).take_while(|(one, other)| one == other).count();
    long_text.get(common + 1..) == short_text.get(common..)
}

/// Names with hidden characters: they agree as far as can be seen, and the surname is seen.
fn masked(one: &Name, other: &Name) -> Relations {
    let (Some(first), Some(other_first)) = (one.characters.first(), other.characters.first()) else {
        return 0;
    };
    if *first == HOLE || *other_first == HOLE || first != other_first {
        return 0;
    }
    let agree = one
        .characters
        .iter()
        .zip(&other.characters)
        .all(|(one, other)| one == other || *one == HOLE || *other == HOLE);
    let is_surname_only = |name: &Name| name.characters.len() == 2 && name.characters.ends_with(&[HOLE]);
    let of_one_length = one.characters.len() == other.characters.len();
    if (of_one_length && agree) || is_surname_only(one) || is_surname_only(other) {
        MASKED
    } else {
        SAME_SURNAME
    }
}

/// Whether the Latin name spells the Chinese one, surname first or last, with or without spaces.
fn is_spelled(one: &Name, other: &Name) -> bool {
    let (latin, chinese) = if one.is_latin() { (one, other) } else { (other, one) };
    let spell = |characters: &[char]| -> String {
        characters.iter().map(|character| spelling(syllable(*character))).collect()
    };
    let written: String = latin.characters.iter().filter(|character| **character != ' ').collect();
    let (surname, given) = (spell(chinese.surname()), spell(chinese.given()));
    if surname.is_empty() || given.is_empty() || written.len() != surname.len() + given.len() {
        return false;
    }
    (written.starts_with(&surname) && written.ends_with(&given))
        || (written.starts_with(&given) && written.ends_with(&surname))
}
