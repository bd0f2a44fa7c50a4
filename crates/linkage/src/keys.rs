//! Keys under which records meet. Only records with a key in common are compared; each rule of the model makes keys.

use smallvec::SmallVec;

use crate::mixing::{SEED, mix, upper};
use crate::model::{Aspect, KeyRule, Part};
use crate::read::{Reading, Value};

/// A key: 32 bits of a hash over rule and values. Two values on one key cost a needless comparison, nothing else.
pub(crate) type KeyHash = u32;

/// The keys of one rule, without repeats.
pub(crate) type Keys = SmallVec<[KeyHash; 4]>;

/// Most keys that one rule makes of one record.
const MOST_KEYS: usize = 16;

/// The keys that `rule`, the model's `place`-th, makes of a record; none when a part is missing.
pub(crate) fn keys(place: usize, rule: &KeyRule, reading: &Reading) -> Keys {
    join(seed(place), &rule.parts, |part| {
        let values = part.columns.iter().flat_map(|column| reading.column(*column));
        values.filter_map(|value| side(value, part.aspect))
    })
}

/// Where the keys of the model's `place`-th rule begin, so that no two rules share one.
pub(crate) fn seed(place: usize) -> u64 {
    mix(SEED, place as u64)
}

/// The keys of parts: one for each choice of a side from every part, the hashes of which `sides` tells.
pub(crate) fn join<'parts, P, I>(seed: u64, parts: &'parts [P], sides: impl Fn(&'parts P) -> I) -> Keys
where
    I: Iterator<Item = u64>,
{
    let mut hashes: SmallVec<[u64; 4]> = SmallVec::new();
    hashes.push(seed);
    for part in parts {
        let mut sides = sides(part);
        let Some(first) = sides.next() else { return Keys::new() };
        let Some(second) = sides.next() else {
            // Most parts have one side.
            hashes.iter_mut().for_each(|hash| *hash = mix(*hash, first));
            continue;
        };
        let mut joined: SmallVec<[u64; 4]> = SmallVec::new();
        for side in [first, second].into_iter().chain(sides) {
            let room = MOST_KEYS - joined.len().min(MOST_KEYS);
            joined.extend(hashes.iter().map(|hash| mix(*hash, side)).take(room));
        }
        hashes = joined;
    }
    let mut keys: Keys = hashes.into_iter().map(upper).collect();
    if keys.len() > 1 {
        keys.sort_unstable();
        keys.dedup();
    }
    keys
}

/// The key under which a rule of one part counts `value`.
pub(crate) fn counting_key(place: usize, part: &Part, value: &Value) -> Option<KeyHash> {
    side(value, part.aspect).map(|side| upper(mix(seed(place), side)))
}

/// The hash of one side of a value; `None` where the value does not have it.
pub(crate) fn side(value: &Value, aspect: Aspect) -> Option<u64> {
    match (value, aspect) {
        (Value::Name(name), Aspect::Whole) => (!name.has_holes()).then(|| name.hash()),
        (Value::Name(name), Aspect::Sound) => name.sound_hash(),
        (Value::Name(name), Aspect::Surname) => name.surname_hash(),
        (Value::Number(number), Aspect::Whole) => (!number.has_hidden()).then(|| number.hash()),
        (Value::Number(number), Aspect::AreaAndBirth) => number.slice(0, 14),
        (Value::Number(number), Aspect::Tail) => number.slice(10, 18),
        (Value::Day(day), Aspect::Whole) => day.is_whole().then(|| u64::from(day.word())),
        (Value::Day(day), Aspect::Year) => Some(u64::from(day.year())),
        (Value::Phone(phone), Aspect::Whole) => Some(phone.packed()),
        (Value::Category(value), Aspect::Whole) => Some(u64::from(*value)),
        (Value::Text(text), Aspect::Whole) => Some(crate::mixing::mix_text(text)),
        (Value::Address(address), Aspect::Whole) => Some(address.hash()),
        (Value::Address(address), Aspect::Community) => joined(&[address.community]),
        (Value::Address(address), Aspect::Estate) => joined(&[address.estate]),
        (Value::Address(address), Aspect::Building) => joined(&[address.estate, address.building]),
        (Value::Address(address), Aspect::Room) => joined(&[address.estate, address.building, address.room]),
        _ => None,
    }
}

/// The hash of several parts, all of which must be known.
fn joined(parts: &[u32]) -> Option<u64> {
    parts
        .iter()
        .all(|part| *part != 0)
        .then(|| parts.iter().fold(SEED, |hash, part| mix(hash, u64::from(*part))))
}
