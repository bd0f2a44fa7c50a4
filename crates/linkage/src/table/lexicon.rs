//! The distinct values of one kind of column, each read once and known by a number.

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::compare::{self, Relations};
use crate::keys::{self, KeyHash};
use crate::mixing::{SEED, mix, upper};
use crate::model::{Aspect, Characters, ColumnKind};
use crate::read::{Name, Value};
use crate::table::Cell;

/// The number of a value; zero is no value.
pub(crate) type Code = u32;

/// Values by number.
#[derive(Debug, Clone)]
pub(crate) struct Distinct<T> {
    values: Vec<T>,
    /// Half of a value's hash beside its number: a table that grows need not look at the values.
    numbers: HashTable<(u32, Code)>,
    hasher: DefaultHashBuilder,
}

impl<T: Hash + Eq> Distinct<T> {
    fn new() -> Self {
        Self { values: Vec::new(), numbers: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }

    fn expect(&mut self, more: usize) {
        self.values.reserve(more);
        self.numbers.reserve(more, |(half, _)| spread(*half));
    }

    /// The number of `value`: its own if it is known, else the next one.
    pub(crate) fn add(&mut self, value: T) -> Code {
        let Self { values, numbers, hasher } = self;
        let half = upper(hasher.hash_one(&value));
        let at = |code: Code| values.get((code as usize).wrapping_sub(1));
        if let Some((_, code)) =
            numbers.find(spread(half), |(found, code)| *found == half && at(*code) == Some(&value))
        {
            return *code;
        }
        values.push(value);
        let code = Code::try_from(values.len()).unwrap_or(0);
        numbers.insert_unique(spread(half), (half, code), |(half, _)| spread(*half));
        code
    }

    /// The value of a number.
    pub(crate) fn get(&self, code: Code) -> Option<&T> {
        self.values.get((code as usize).wrapping_sub(1))
    }

    fn len(&self) -> usize {
        self.values.len()
    }

    fn bytes(&self) -> usize {
        self.values.capacity() * size_of::<T>() + self.numbers.capacity() * (size_of::<(u32, Code)>() + 1)
    }
}

/// Half a hash, spread over the whole word that a table looks at.
fn spread(half: u32) -> u64 {
    u64::from(half).wrapping_mul(SEED)
}

/// The lexicon of one kind.
#[derive(Debug, Clone)]
pub(crate) enum Lexicon {
    Names(Distinct<Name>),
    Categories(Distinct<u32>),
    Texts(Distinct<Box<str>>),
    /// Of a kind whose values stand in the rows themselves: nearly each row has its own.
    None,
}

impl Lexicon {
    fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::PersonName => Self::Names(Distinct::new()),
            ColumnKind::Category => Self::Categories(Distinct::new()),
            ColumnKind::Text | ColumnKind::Email | ColumnKind::Quantity | ColumnKind::Place => {
                Self::Texts(Distinct::new())
            }
            ColumnKind::IdentityNumber | ColumnKind::Day | ColumnKind::Phone | ColumnKind::Address => {
                Self::None
            }
        }
    }

    /// Makes room for the values of `rows` rows, of which some share a name.
    pub(crate) fn expect(&mut self, rows: usize) {
        match self {
            Self::Names(values) => values.expect(rows / 4),
            Self::Texts(values) => values.expect(rows / 4),
            Self::Categories(_) | Self::None => {}
        }
    }

    /// The number of `value`; zero where the value is of another kind.
    pub(crate) fn add(&mut self, value: Value) -> Code {
        match (self, value) {
            (Self::Names(values), Value::Name(value)) => values.add(value),
            (Self::Categories(values), Value::Category(value)) => values.add(value),
            (Self::Texts(values), Value::Text(value)) => values.add(value),
            _ => 0,
        }
    }

    /// The value of a number.
    fn value(&self, code: Code) -> Option<Value> {
        match self {
            Self::Names(values) => values.get(code).cloned().map(Value::Name),
            Self::Categories(values) => values.get(code).copied().map(Value::Category),
            Self::Texts(values) => values.get(code).cloned().map(Value::Text),
            Self::None => None,
        }
    }

    /// How many values there are.
    fn len(&self) -> usize {
        match self {
            Self::Names(values) => values.len(),
            Self::Categories(values) => values.len(),
            Self::Texts(values) => values.len(),
            Self::None => 0,
        }
    }

    /// About how many bytes it takes, without what long names and texts take beside.
    fn bytes(&self) -> usize {
        match self {
            Self::Names(values) => values.bytes(),
            Self::Categories(values) => values.bytes(),
            Self::Texts(values) => {
                values.bytes() + values.values.iter().map(|text| text.len()).sum::<usize>()
            }
            Self::None => 0,
        }
    }

    /// What can be said of two values; `None` where a number is zero or they cannot be compared.
    pub(crate) fn relations(&self, table: &Characters, one: Code, other: Code) -> Option<Relations> {
        match self {
            Self::Names(values) => {
                let (one, other) = (values.get(one)?, values.get(other)?);
                Some(compare::name_relations(table, one, other))
            }
            Self::Categories(values) => Some(Relations::from(values.get(one)? == values.get(other)?)),
            Self::Texts(values) => Some(compare::text_relations(values.get(one)?, values.get(other)?)),
            Self::None => None,
        }
    }

    /// The two values of a text column, for similarities that only a model asks for.
    pub(crate) fn texts(&self, one: Code, other: Code) -> Option<(&str, &str)> {
        match self {
            Self::Texts(values) => Some((values.get(one)?, values.get(other)?)),
            _ => None,
        }
    }

    /// The hash of one side of each value, by number; zero where a value does not have it.
    pub(crate) fn sides(&self, aspect: Aspect) -> Vec<KeyHash> {
        let side = |code| self.value(code).map_or(0, |value| key_side(&value, aspect));
        let last = Code::try_from(self.len()).unwrap_or(Code::MAX);
        (0..=last).map(side).collect()
    }
}

/// The kinds, in the order of their lexicons.
const KINDS: [ColumnKind; 10] = [
    ColumnKind::PersonName,
    ColumnKind::IdentityNumber,
    ColumnKind::Day,
    ColumnKind::Category,
    ColumnKind::Phone,
    ColumnKind::Address,
    ColumnKind::Text,
    ColumnKind::Email,
    ColumnKind::Quantity,
    ColumnKind::Place,
];

/// One lexicon for each kind.
#[derive(Debug, Clone)]
pub(crate) struct Lexicons(Vec<Lexicon>);

impl Lexicons {
    pub(crate) fn new() -> Self {
        Self(KINDS.into_iter().map(Lexicon::new).collect())
    }

    /// The lexicon of a kind.
    pub(crate) fn of(&self, kind: ColumnKind) -> &Lexicon {
        self.0.get(kind as usize).unwrap_or(&Lexicon::None)
    }

    /// About how many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.0.iter().map(Lexicon::bytes).sum()
    }

    /// All lexicons with their kinds, to be filled side by side.
    pub(crate) fn each(&mut self) -> impl Iterator<Item = (ColumnKind, &mut Lexicon)> {
        KINDS.into_iter().zip(&mut self.0)
    }

    /// What can be said of two values of one kind; `None` where they cannot be compared.
    pub(crate) fn relations(
        &self,
        table: &Characters,
        kind: ColumnKind,
        one: Cell,
        other: Cell,
    ) -> Option<Relations> {
        match (one, other) {
            (Cell::Code(one), Cell::Code(other)) => self.of(kind).relations(table, one, other),
            (Cell::Number(one), Cell::Number(other)) => compare::number_relations(one, other),
            (Cell::Phone(one), Cell::Phone(other)) => Some(compare::phone_relations(one, other)),
            (Cell::Day(one), Cell::Day(other)) => Some(compare::day_relations(one, other)),
            (Cell::Address(one), Cell::Address(other)) => compare::address_relations(&one, &other),
            _ => None,
        }
    }
}

/// Whether the values of a kind stand in a lexicon, and not in the rows.
pub(crate) fn stands_in_lexicon(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::PersonName | ColumnKind::Category) || kind.is_text()
}

/// A side of a value as keys are made of it: half a hash, zero where the value does not have it.
pub(crate) fn key_side(value: &Value, aspect: Aspect) -> KeyHash {
    keys::side(value, aspect).map_or(0, |side| upper(mix(SEED, side)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexicons_stand_in_the_order_of_kinds() {
        for (place, kind) in KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, place, "{kind:?}");
        }
    }
}
