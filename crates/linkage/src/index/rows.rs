//! Records packed into rows of words: some eighty bytes for a person.

use rayon::prelude::*;
use uuid::Uuid;

use super::interner::{Entry, Interner};
use super::parts::{Dealt, Parts};
use super::segments::Segments;
use crate::keys;
use crate::mixing::mix;
use crate::model::{ColumnKind, Model, Part};
use crate::read::{Address, Digits, Name, Number, PartialDay, Reading, Value, Values};

/// A row's place.
pub(crate) type Slot = u32;

/// Where a column stands in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    kind: ColumnKind,
    from: usize,
    /// Words of one value.
    width: usize,
    most: usize,
}

impl Place {
    /// The words of each value in `row`, up to the first that is none.
    pub(super) fn values(self, row: &[u32]) -> impl Iterator<Item = &[u32]> {
        let words = row.get(self.from..self.from + self.width * self.most).unwrap_or_default();
        words.chunks_exact(self.width).take_while(|words| words.iter().any(|word| *word != 0))
    }
}

/// All rows, and the values that they share.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub(super) places: Vec<Place>,
    pub(super) words: Segments<u32>,
    pub(super) ids: Segments<Uuid>,
    slots: Parts<Slot>,
    length: usize,
    free: Vec<Slot>,
    pub(super) texts: Interner<Box<str>>,
    pub(super) addresses: Interner<Address>,
}

/// Words of one value of a kind.
fn width_of(kind: ColumnKind) -> usize {
    match kind {
        ColumnKind::IdentityNumber => 3,
        ColumnKind::Phone => 2,
        _ => 1,
    }
}

fn hash(id: Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    mix(high, low)
}

impl Rows {
    pub(super) fn new(model: &Model) -> Self {
        let mut width = 0;
        let places = model.columns.iter().map(|column| {
            let place =
                Place { kind: column.kind, from: width, width: width_of(column.kind), most: column.most };
            width += place.width * place.most;
            place
        });
        let places = places.collect();
        Self {
            places,
            words: Segments::new(width),
            ids: Segments::new(1),
            slots: Parts::default(),
            length: 0,
            free: Vec::new(),
            texts: Interner::new(),
            addresses: Interner::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn slot_of(&self, id: Uuid) -> Option<Slot> {
        self.slots.find(hash(id), |slot| self.ids.item(*slot) == Some(&[id])).copied()
    }

    pub(crate) fn id_of(&self, slot: Slot) -> Uuid {
        id_of(&self.ids, slot)
    }

    /// All rows in use, in the order of their ids.
    pub(super) fn in_order(&self) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self.slots.iter().copied().collect();
        slots.sort_unstable_by_key(|slot| self.id_of(*slot));
        slots
    }

    pub(super) fn add(&mut self, id: Uuid, reading: &Reading) -> Slot {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.words.push();
            self.ids.push()
        });
        let Self { places, words, ids, texts, addresses, .. } = self;
        if let Some(row) = words.item_mut(slot) {
            for (column, place) in places.iter().enumerate() {
                let room = row.iter_mut().skip(place.from);
                let packed = reading.column(column).iter().take(place.most);
                let packed =
                    packed.flat_map(|value| pack(texts, addresses, value).into_iter().take(place.width));
                room.zip(packed).for_each(|(word, packed)| *word = packed);
            }
        }
        if let Some([place]) = ids.item_mut(slot) {
            *place = id;
        }
        self.slots.insert(hash(id), slot, |slot| hash(id_of(ids, *slot)));
        self.length += 1;
        slot
    }

    /// Empties a row. Its place is used again.
    pub(super) fn remove(&mut self, slot: Slot) {
        match self.slots.find_entry(hash(self.id_of(slot)), |other| *other == slot) {
            Some(found) => drop(found.remove()),
            None => return,
        }
        let Self { places, words, texts, addresses, .. } = self;
        let Some(row) = words.item_mut(slot) else { return };
        for (shared, at) in shared_of(places, row) {
            let number = row.get(at).copied().unwrap_or(0);
            match shared {
                Shared::Text => texts.remove(number),
                Shared::Address => addresses.remove(number),
            }
        }
        row.fill(0);
        self.free.push(slot);
        self.length -= 1;
    }

    /// Puts back a row that was saved, behind all others. Whether the values that it shares are there. It is found by its
    /// id only when [`Rows::find_all`] has been told.
    pub(super) fn restore(&mut self, id: Uuid, saved: impl Iterator<Item = u32>) -> bool {
        self.words.push();
        let slot = self.ids.push();
        let Self { places, words, ids, texts, addresses, .. } = self;
        let (Some(row), Some([place])) = (words.item_mut(slot), ids.item_mut(slot)) else { return false };
        *place = id;
        row.iter_mut().zip(saved).for_each(|(word, saved)| *word = saved);
        self.length += 1;
        shared_of(places, row).all(|(shared, at)| {
            row.get(at).is_some_and(|number| match shared {
                Shared::Text => texts.is_value(*number),
                Shared::Address => addresses.is_value(*number),
            })
        })
    }

    /// Makes restored rows to be found by their ids.
    pub(super) fn find_all(&mut self, dealt: &Dealt<Slot>) {
        let ids = &self.ids;
        self.slots.insert_all(dealt, |slot| hash(id_of(ids, *slot)));
    }

    /// Notes a restored row for [`Rows::find_all`].
    pub(super) fn deal(&self, slot: Slot, dealt: &mut Dealt<Slot>) {
        dealt.add(hash(self.id_of(slot)), slot);
    }

    /// Words of a row.
    pub(super) fn width(&self) -> usize {
        self.words.width()
    }

    /// The numbers in a row that stand for a value that rows share.
    pub(super) fn shared(&self, slot: Slot) -> impl Iterator<Item = (Shared, u32)> {
        let row = self.words.item(slot).unwrap_or_default();
        shared_of(&self.places, row).filter_map(|(shared, at)| Some((shared, *row.get(at)?)))
    }

    /// The words of a row with other numbers for the values that rows share.
    pub(super) fn renumbered(&self, slot: Slot, new: impl Fn(Shared, u32) -> u32) -> Vec<u32> {
        let row = self.words.item(slot).unwrap_or_default();
        let mut words = row.to_vec();
        for (shared, at) in shared_of(&self.places, row) {
            if let Some(word) = words.get_mut(at) {
                *word = new(shared, *word);
            }
        }
        words
    }

    /// The values of one column of a row.
    pub(crate) fn values(&self, model: &Model, slot: Slot, column: usize) -> Values {
        let Some((place, row)) = self.places.get(column).zip(self.words.item(slot)) else {
            return Values::new();
        };
        place.values(row).filter_map(|words| self.unpack(model, place.kind, words)).collect()
    }

    fn unpack(&self, model: &Model, kind: ColumnKind, words: &[u32]) -> Option<Value> {
        match (kind, words) {
            (ColumnKind::PersonName, [number]) => {
                self.texts.get(*number).map(|text| Value::Name(Name::from_text(&model.characters, text)))
            }
            (kind, [number]) if kind.is_text() => self.texts.get(*number).cloned().map(Value::Text),
            (ColumnKind::IdentityNumber, [low, middle, high]) => {
                Number::from_words([*low, *middle, *high]).map(Value::Number)
            }
            (ColumnKind::Day, [word]) => PartialDay::from_word(*word).map(Value::Day),
            (ColumnKind::Category, [value]) => (*value != 0).then_some(Value::Category(*value)),
            (ColumnKind::Phone, [low, high]) => Digits::from_words([*low, *high]).map(Value::Phone),
            (ColumnKind::Address, [number]) => self.addresses.get(*number).copied().map(Value::Address),
            _ => None,
        }
    }

    /// The hashes of the sides of a row's values that make a part of a key; `texts` has what each text says.
    pub(super) fn sides<'rows>(
        &'rows self,
        model: &'rows Model,
        texts: &'rows Texts,
        slot: Slot,
        part: &'rows Part,
    ) -> impl Iterator<Item = u64> {
        let row = self.words.item(slot).unwrap_or_default();
        let places = part.columns.iter().filter_map(|column| self.places.get(*column));
        let values = places.flat_map(move |place| place.values(row).map(|words| (place.kind, words)));
        values.filter_map(move |(kind, words)| match (kind, words) {
            (ColumnKind::PersonName, [number]) => {
                keys::side(texts.0.get(*number as usize)?.as_ref()?, part.aspect)
            }
            _ => keys::side(&self.unpack(model, kind, words)?, part.aspect),
        })
    }

    /// All names, each read once.
    pub(super) fn read_texts(&self, model: &Model) -> Texts {
        let entries: Vec<&Entry<Box<str>>> = self.texts.entries().iter().flatten().collect();
        let read = |entry: &&Entry<Box<str>>| {
            entry.value().map(|text| Value::Name(Name::from_text(&model.characters, text)))
        };
        Texts(entries.par_iter().map(read).collect())
    }

    /// A whole row, unpacked.
    pub(crate) fn reading(&self, model: &Model, slot: Slot) -> Reading {
        Reading { columns: (0..model.columns.len()).map(|column| self.values(model, slot, column)).collect() }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let texts = self.texts.entries();
        let texts: usize = texts.iter().flatten().filter_map(Entry::value).map(|text| text.len()).sum();
        self.words.memory_bytes()
            + self.ids.memory_bytes()
            + self.slots.memory_bytes()
            + self.free.capacity() * 4
            + self.texts.memory_bytes()
            + texts
            + self.addresses.memory_bytes()
    }
}

/// The names of an index by their numbers.
pub(super) struct Texts(Vec<Option<Value>>);

/// What a number in a row stands for, where rows share their values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    Text,
    Address,
}

/// The numbers in `row` that stand for a value that rows share: what, and at which word.
fn shared_of(places: &[Place], row: &[u32]) -> impl Iterator<Item = (Shared, usize)> {
    places.iter().flat_map(|place| {
        let shared = match place.kind {
            ColumnKind::PersonName => Some(Shared::Text),
            kind if kind.is_text() => Some(Shared::Text),
            ColumnKind::Address => Some(Shared::Address),
            _ => None,
        };
        let count = place.values(row).count();
        shared.into_iter().flat_map(move |shared| (0..count).map(move |nth| (shared, place.from + nth)))
    })
}

/// The id of a row in `ids`.
pub(super) fn id_of(ids: &Segments<Uuid>, slot: Slot) -> Uuid {
    ids.item(slot).and_then(<[Uuid]>::first).copied().unwrap_or_default()
}

fn pack(texts: &mut Interner<Box<str>>, addresses: &mut Interner<Address>, value: &Value) -> [u32; 3] {
    match value {
        Value::Name(name) => [texts.add(name.text().as_str(), |text| text.into()), 0, 0],
        Value::Text(text) => [texts.add(text.as_ref(), |text| text.into()), 0, 0],
        Value::Number(number) => number.words(),
        Value::Day(day) => [day.word(), 0, 0],
        Value::Category(value) => [*value, 0, 0],
        Value::Phone(phone) => {
            let [low, high] = phone.words();
            [low, high, 0]
        }
        Value::Address(address) => [addresses.add(address, |address| *address), 0, 0],
    }
}
