//! A condition after checking: a typed tree in which nothing can go wrong but that something is not known.

use crate::facts::{FlagFact, NumberFact, TextFact};

/// Something that holds, does not hold, or is not known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Flag {
    Literal(bool),
    Fact(FlagFact),
    Not(Box<Flag>),
    And(Box<Flag>, Box<Flag>),
    Or(Box<Flag>, Box<Flag>),
    Same(Box<Flag>, Box<Flag>),
    Compare(Comparison, Number, Number),
    NumberIn(Number, Vec<i64>),
    TextSame(Text, Text),
    TextIn(Text, Vec<String>),
    Holds(Selection),
}

/// A whole number, or not known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Number {
    Literal(i64),
    Fact(NumberFact),
    Negate(Box<Number>),
    Add(Box<Number>, Box<Number>),
    Subtract(Box<Number>, Box<Number>),
    Multiply(Box<Number>, Box<Number>),
    Aggregate(Aggregate, Selection),
}

/// A word, or not known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Text {
    Literal(String),
    Fact(TextFact),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Same,
    Other,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// What is made of the indicators that are selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aggregate {
    /// How many there are.
    Count,
    /// How many different persons bear them.
    People,
    /// The sum of their numbers.
    Sum,
    /// The number of the one with the latest day; not known without one.
    Latest,
    /// Days since the latest day; not known without one.
    DaysSince,
}

/// Which indicators are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Place of the kind in the ruleset's list of indicators.
    pub(crate) kind: usize,
    /// Of whom they are said.
    pub(crate) of: Whose,
    /// Only those with a day in the last so many days, the day of screening among them.
    pub(crate) within_days: Option<i64>,
}

/// Of whom the indicators are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The person that is screened.
    Person,
    /// Its parents and guardians.
    Guardian,
    /// Everybody else who lives with it, or looks after it.
    Household,
}
