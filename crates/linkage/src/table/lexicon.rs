//! The distinct values of one kind of column, each read once and known by a number.

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::compare::{self, Relations};
use crate::keys;
use crate::mixing::{SEED, upper};
use crate::model::{Aspect, Characters, ColumnKind};
use crate::read::{Address, Digits, Name, Number, PartialDay, Value};

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
}

/// Half a hash, spread over the whole word that a table looks at.
fn spread(half: u32) -> u64 {
    u64::from(half).wrapping_mul(SEED)
}

/// The lexicon of one kind.
#[derive(Debug, Clone)]
pub(crate) enum Lexicon {
    Names(Distinct<Name>),
    Numbers(Distinct<Number>),
    Days(Distinct<PartialDay>),
    Categories(Distinct<u32>),
    Phones(Distinct<Digits>),
    Addresses(Distinct<Address>),
    Texts(Distinct<Box<str>>),
}

impl Lexicon {
    fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::PersonName => Self::Names(Distinct::new()),
            ColumnKind::IdentityNumber => Self::Numbers(Distinct::new()),
            ColumnKind::Day => Self::Days(Distinct::new()),
            ColumnKind::Category => Self::Categories(Distinct::new()),
            ColumnKind::Phone => Self::Phones(Distinct::new()),
            ColumnKind::Address => Self::Addresses(Distinct::new()),
            ColumnKind::Text => Self::Texts(Distinct::new()),
        }
    }

    /// Makes room for the values of `rows` rows: nearly each has a number and a phone of its own, names and addresses are
    /// shared by some, days by many.
    pub(crate) fn expect(&mut self, rows: usize) {
        match self {
            Self::Names(values) => values.expect(rows / 4),
            Self::Numbers(values) => values.expect(rows),
            Self::Phones(values) => values.expect(rows / 2),
            Self::Addresses(values) => values.expect(rows / 2),
            Self::Texts(values) => values.expect(rows / 4),
            Self::Days(_) | Self::Categories(_) => {}
        }
    }

    /// The number of `value`; zero where the value is of another kind.
    pub(crate) fn add(&mut self, value: Value) -> Code {
        match (self, value) {
            (Self::Names(values), Value::Name(value)) => values.add(value),
            (Self::Numbers(values), Value::Number(value)) => values.add(value),
            (Self::Days(values), Value::Day(value)) => values.add(value),
            (Self::Categories(values), Value::Category(value)) => values.add(value),
            (Self::Phones(values), Value::Phone(value)) => values.add(value),
            (Self::Addresses(values), Value::Address(value)) => values.add(value),
            (Self::Texts(values), Value::Text(value)) => values.add(value),
            _ => 0,
        }
    }

    /// The value of a number.
    pub(crate) fn value(&self, code: Code) -> Option<Value> {
        match self {
            Self::Names(values) => values.get(code).cloned().map(Value::Name),
            Self::Numbers(values) => values.get(code).copied().map(Value::Number),
            Self::Days(values) => values.get(code).copied().map(Value::Day),
            Self::Categories(values) => values.get(code).copied().map(Value::Category),
            Self::Phones(values) => values.get(code).copied().map(Value::Phone),
            Self::Addresses(values) => values.get(code).copied().map(Value::Address),
            Self::Texts(values) => values.get(code).cloned().map(Value::Text),
        }
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Names(values) => values.len(),
            Self::Numbers(values) => values.len(),
            Self::Days(values) => values.len(),
            Self::Categories(values) => values.len(),
            Self::Phones(values) => values.len(),
            Self::Addresses(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }

    /// What can be said of two values; `None` where a number is zero or they cannot be compared.
    pub(crate) fn relations(&self, table: &Characters, one: Code, other: Code) -> Option<Relations> {
        match self {
            Self::Names(values) => {
                let (one, other) = (values.get(one)?, values.get(other)?);
                Some(compare::name_relations(table, one, other))
            }
            Self::Numbers(values) => compare::number_relations(*values.get(one)?, *values.get(other)?),
            Self::Days(values) => Some(compare::day_relations(*values.get(one)?, *values.get(other)?)),
            Self::Categories(values) => Some(Relations::from(values.get(one)? == values.get(other)?)),
            Self::Phones(values) => Some(compare::phone_relations(*values.get(one)?, *values.get(other)?)),
            Self::Addresses(values) => compare::address_relations(values.get(one)?, values.get(other)?),
            Self::Texts(values) => Some(compare::text_relations(values.get(one)?, values.get(other)?)),
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
    pub(crate) fn sides(&self, aspect: Aspect) -> Vec<u64> {
        let side = |code| self.value(code).and_then(|value| keys::side(&value, aspect)).unwrap_or(0);
        let last = Code::try_from(self.len()).unwrap_or(Code::MAX);
        (0..=last).map(side).collect()
    }
}

/// The kinds, in the order of their lexicons.
const KINDS: [ColumnKind; 7] = [
    ColumnKind::PersonName,
    ColumnKind::IdentityNumber,
    ColumnKind::Day,
    ColumnKind::Category,
    ColumnKind::Phone,
    ColumnKind::Address,
    ColumnKind::Text,
];

/// One lexicon for each kind.
#[derive(Debug, Clone)]
pub(crate) struct Lexicons(Vec<Lexicon>);

impl Lexicons {
    pub(crate) fn new() -> Self {
        Self(KINDS.into_iter().map(Lexicon::new).collect())
    }

    /// The lexicon of a kind.
    pub(crate) fn of(&self, kind: ColumnKind) -> Option<&Lexicon> {
        KINDS.iter().position(|found| *found == kind).and_then(|place| self.0.get(place))
    }

    /// All lexicons with their kinds, to be filled side by side.
    pub(crate) fn each(&mut self) -> impl Iterator<Item = (ColumnKind, &mut Lexicon)> {
        KINDS.into_iter().zip(&mut self.0)
    }
}
