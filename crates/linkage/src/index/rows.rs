//! Records packed into rows of words: some eighty bytes for a person.

use hashbrown::HashTable;
use smallvec::SmallVec;
use uuid::Uuid;

use super::interner::Interner;
use crate::mixing::mix;
use crate::model::{ColumnKind, Model};
use crate::read::address::ADDRESS_WORDS;
use crate::read::{Address, Digits, Name, Number, PartialDay, Reading, Value, Values};

/// A row's place.
pub(crate) type Slot = u32;

/// Where a column stands in a row.
#[derive(Debug, Clone, Copy)]
struct Place {
    kind: ColumnKind,
    from: usize,
    /// Words of one value.
    width: usize,
    most: usize,
}

/// All rows, and the values that they share.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    places: Vec<Place>,
    width: usize,
    words: Vec<u32>,
    ids: Vec<Uuid>,
    slots: HashTable<Slot>,
    free: Vec<Slot>,
    pub(super) texts: Interner<Box<str>>,
    addresses: Interner<[u32; ADDRESS_WORDS]>,
}

/// Words of one value of a kind.
fn width_of(kind: ColumnKind) -> usize {
    match kind {
        ColumnKind::IdentityNumber => 3,
        ColumnKind::Phone => 2,
        ColumnKind::PersonName
        | ColumnKind::Day
        | ColumnKind::Category
        | ColumnKind::Address
        | ColumnKind::Text => 1,
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
            width,
            words: Vec::new(),
            ids: Vec::new(),
            slots: HashTable::new(),
            free: Vec::new(),
            texts: Interner::new(),
            addresses: Interner::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn slot_of(&self, id: Uuid) -> Option<Slot> {
        self.slots.find(hash(id), |slot| self.ids.get(*slot as usize) == Some(&id)).copied()
    }

    pub(crate) fn id_of(&self, slot: Slot) -> Uuid {
        self.ids.get(slot as usize).copied().unwrap_or_default()
    }

    /// All rows in use, in the order of their ids.
    pub(super) fn in_order(&self) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self.slots.iter().copied().collect();
        slots.sort_unstable_by_key(|slot| self.id_of(*slot));
        slots
    }

    /// All rows in use, in no order.
    pub(super) fn slots(&self) -> impl Iterator<Item = Slot> {
        self.slots.iter().copied()
    }

    pub(super) fn add(&mut self, model: &Model, id: Uuid, reading: &Reading) -> Slot {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.ids.push(id);
            self.words.resize(self.words.len() + self.width, 0);
            u32::try_from(self.ids.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(place) = self.ids.get_mut(slot as usize) {
            *place = id;
        }
        let from = slot as usize * self.width;
        for (column, place) in (0..model.columns.len()).zip(self.places.clone()) {
            for (nth, value) in reading.column(column).iter().take(place.most).enumerate() {
                let packed = self.pack(value);
                let start = from + place.from + nth * place.width;
                for (word, packed) in self.words.iter_mut().skip(start).take(place.width).zip(packed) {
                    *word = packed;
                }
            }
        }
        let ids = &self.ids;
        self.slots.insert_unique(hash(id), slot, |slot| ids.get(*slot as usize).map_or(0, |id| hash(*id)));
        slot
    }

    /// Empties a row. Its place is used again.
    pub(super) fn remove(&mut self, slot: Slot) {
        let id = self.id_of(slot);
        match self.slots.find_entry(hash(id), |other| *other == slot) {
            Ok(found) => drop(found.remove()),
            Err(_) => return,
        }
        let from = slot as usize * self.width;
        for place in self.places.clone() {
            let start = from + place.from;
            let words: SmallVec<[u32; 8]> =
                self.words.iter().skip(start).take(place.most * place.width).copied().collect();
            for word in words.into_iter().filter(|word| *word != 0) {
                match place.kind {
                    ColumnKind::PersonName | ColumnKind::Text => self.texts.remove(word),
                    ColumnKind::Address => self.addresses.remove(word),
                    _ => {}
                }
            }
        }
        self.words.iter_mut().skip(from).take(self.width).for_each(|word| *word = 0);
        self.free.push(slot);
    }

    fn pack(&mut self, value: &Value) -> [u32; 3] {
        match value {
            Value::Name(name) => [self.texts.add(name.text().into_boxed_str()), 0, 0],
            Value::Text(text) => [self.texts.add(text.clone()), 0, 0],
            Value::Number(number) => number.words(),
            Value::Day(day) => [day.word(), 0, 0],
            Value::Category(value) => [*value, 0, 0],
            Value::Phone(phone) => {
                let [low, high] = phone.words();
                [low, high, 0]
            }
            Value::Address(address) => [self.addresses.add(address.words()), 0, 0],
        }
    }

    /// The values of one column of a row.
    pub(crate) fn values(&self, model: &Model, slot: Slot, column: usize) -> Values {
        let Some(place) = self.places.get(column) else { return Values::new() };
        let values = (0..place.most).map_while(|nth| {
            self.words_at(slot, *place, nth).and_then(|words| self.unpack(model, place.kind, words))
        });
        values.collect()
    }

    fn words_at(&self, slot: Slot, place: Place, nth: usize) -> Option<&[u32]> {
        let start = slot as usize * self.width + place.from + nth * place.width;
        self.words.get(start..start + place.width)
    }

    fn unpack(&self, model: &Model, kind: ColumnKind, words: &[u32]) -> Option<Value> {
        match (kind, words) {
            (ColumnKind::PersonName, [number]) => {
                self.texts.get(*number).map(|text| Value::Name(Name::from_text(&model.characters, text)))
            }
            (ColumnKind::Text, [number]) => self.texts.get(*number).cloned().map(Value::Text),
            (ColumnKind::IdentityNumber, [low, middle, high]) => {
                Number::from_words([*low, *middle, *high]).map(Value::Number)
            }
            (ColumnKind::Day, [word]) => PartialDay::from_word(*word).map(Value::Day),
            (ColumnKind::Category, [value]) => (*value != 0).then_some(Value::Category(*value)),
            (ColumnKind::Phone, [low, high]) => Digits::from_words([*low, *high]).map(Value::Phone),
            (ColumnKind::Address, [number]) => {
                self.addresses.get(*number).map(|words| Value::Address(Address::from_words(*words)))
            }
            _ => None,
        }
    }

    /// A whole row, unpacked.
    pub(crate) fn reading(&self, model: &Model, slot: Slot) -> Reading {
        Reading { columns: (0..model.columns.len()).map(|column| self.values(model, slot, column)).collect() }
    }

    /// The first word of each value of a column, for the search: numbers of names.
    pub(super) fn first_words(&self, slot: Slot, column: usize) -> impl Iterator<Item = u32> {
        let place = self.places.get(column).copied();
        let most = place.map_or(0, |place| place.most);
        (0..most)
            .filter_map(move |nth| self.words_at(slot, place?, nth)?.first().copied())
            .filter(|word| *word != 0)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let texts: usize = self.texts.iter().map(|(_, text)| text.len()).sum();
        self.words.capacity() * 4
            + self.ids.capacity() * size_of::<Uuid>()
            + self.slots.allocation_size()
            + self.free.capacity() * 4
            + self.texts.memory_bytes()
            + texts
            + self.addresses.memory_bytes()
    }
}
