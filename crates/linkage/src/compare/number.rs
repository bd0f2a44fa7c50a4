//! Identity numbers. A check digit catches every single wrong digit and every swap of neighbours (facts.md, Identity):
//! two valid numbers that differ are two persons' (or one is borrowed), never a slip of the pen.

use super::{Relations, SAME, Tests};
use crate::read::Number;
use crate::read::number::Soundness;

const SAME_FAULTY: Relations = 1 << 1;
const MASKED: Relations = 1 << 2;
const SLIP: Relations = 1 << 3;
const TWO_DIGITS: Relations = 1 << 4;
const DIFFERENT: Relations = 1 << 5;
const DIFFERENT_FAULTY: Relations = 1 << 6;

pub(super) const TESTS: Tests = &[
    ("exact", SAME),
    ("same_faulty", SAME_FAULTY),
    ("masked", MASKED),
    ("slip", SLIP),
    ("two_digits", TWO_DIGITS),
    ("different", DIFFERENT),
    ("different_faulty", DIFFERENT_FAULTY),
];

/// Fewest places that must be visible in both for a masked number to say anything.
const FEWEST_VISIBLE: u32 = 8;

/// What can be said of two numbers; nothing of a resident's number and another document's.
pub(crate) fn relations(one: Number, other: Number) -> Option<Relations> {
    match (one.soundness(), other.soundness()) {
        (Soundness::Document, Soundness::Document) => {
            Some(if one == other { SAME } else { DIFFERENT_FAULTY })
        }
        (Soundness::Document, _) | (_, Soundness::Document) => None,
        (Soundness::Valid, Soundness::Valid) => Some(if one == other { SAME } else { DIFFERENT }),
        _ if one.has_hidden() || other.has_hidden() => masked(one, other),
        _ if one == other => Some(SAME_FAULTY),
        _ => Some(near(one, other)),
    }
}

/// Numbers of which at least one fails its check.
fn near(one: Number, other: Number) -> Relations {
    if one.length() != other.length() {
        let (long, short) = if one.length() > other.length() { (one, other) } else { (other, one) };
        return if is_without_one(long, short) { SLIP } else { DIFFERENT_FAULTY };
    }
    match one.places_apart(other) {
        0 => SAME_FAULTY,
        1 => SLIP,
        2 if is_swapped(one, other) => SLIP,
        2 => TWO_DIGITS,
        _ => DIFFERENT_FAULTY,
    }
}

/// Whether the two places that differ are neighbours with each other's character.
fn is_swapped(one: Number, other: Number) -> bool {
    let (one, other) = (one.characters(), other.characters());
    let differing = one ^ other;
    let lowest = differing.trailing_zeros() / 4 * 4;
    let pair = |number: u128| ((number >> lowest) & 0xf, (number >> (lowest + 4)) & 0xf);
    let ((low, high), (other_low, other_high)) = (pair(one), pair(other));
    differing >> (lowest + 8) == 0 && low == other_high && high == other_low
}

/// Whether `short` is `long` with one character left out.
fn is_without_one(long: Number, short: Number) -> bool {
    long.length() == short.length() + 1
        && (0..long.length()).any(|place| {
            let low = long.characters() & ((1_u128 << (place * 4)) - 1);
            let high = long.characters() >> ((place + 1) * 4) << (place * 4);
            (high | low) == short.characters()
        })
}

/// Numbers with hidden places: they agree where both can be seen, they contradict each other, or too little is visible.
fn masked(one: Number, other: Number) -> Option<Relations> {
    if one.length() != other.length() {
        return None;
    }
    let place = |number: Number, at: u32| (number.characters() >> (at * 4)) & 0xf;
    let hidden = 0xb;
    let visible = (0..one.length()).filter(|at| place(one, *at) != hidden && place(other, *at) != hidden);
    let (seen, apart) = visible
        .fold((0, 0), |(seen, apart), at| (seen + 1, apart + u32::from(place(one, at) != place(other, at))));
    match (seen, apart) {
        (FEWEST_VISIBLE.., 0) => Some(MASKED),
        (FEWEST_VISIBLE.., 2..) => Some(DIFFERENT_FAULTY),
        _ => None,
    }
}
