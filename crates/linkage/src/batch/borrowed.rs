//! Numbers that one person lends another: a parent's identity number on a child's row, because the form wants one.
//!
//! Such a number, and the birth date that somebody took from it, speak of the owner. The rows under one number whose
//! names cannot be one person's are found before anything is weighed; for them a pair is also weighed without the number
//! and what follows from it (`[borrowed]` of the model).

use super::repeats::Repeats;
use super::weigh::Outcomer;
use crate::model::{Borrowed, Model, is_among};
use crate::read::Number;
use crate::table::{Cell, Lexicons, Row, RowNumber, Table};
use hashbrown::HashMap;

/// What of a row may be somebody else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Lent {
    /// Nothing that is known of.
    #[default]
    Nothing,
    /// The number.
    Number,
    /// The number, and the birth date that agrees with it.
    NumberAndBirth,
}

/// What may be borrowed, for each row of two tables.
#[derive(Debug, Clone, Default)]
pub(super) struct Loans {
    left: Vec<Lent>,
    right: Vec<Lent>,
}

impl Loans {
    /// Goes over the numbers of both tables; nothing is lent where the model does not speak of it.
    pub(super) fn new(model: &Model, lexicons: &Lexicons, left: &Table, right: &Table) -> Self {
        let Some(borrowed) = &model.borrowed else { return Self::default() };
        let Some(owner) = model.comparisons.get(borrowed.owner.0) else { return Self::default() };
        let mut search = Search {
            model,
            borrowed,
            lexicons,
            owner: Outcomer::new(model, owner),
            tables: [right, left],
            lent: [vec![Lent::Nothing; right.len()], vec![Lent::Nothing; left.len()]],
        };
        search.go();
        let [right, left] = search.lent;
        Self { left, right }
    }

    /// What of a pair of a left and a right row may be somebody else's.
    pub(super) fn of_pair(&self, left: RowNumber, right: RowNumber) -> Lent {
        of(&self.left, left).max(of(&self.right, right))
    }

    /// The same of two right rows.
    pub(super) fn of_right_rows(&self, one: RowNumber, other: RowNumber) -> Lent {
        of(&self.right, one).max(of(&self.right, other))
    }
}

fn of(rows: &[Lent], row: RowNumber) -> Lent {
    rows.get(row as usize).copied().unwrap_or_default()
}

struct Search<'batch> {
    model: &'batch Model,
    borrowed: &'batch Borrowed,
    lexicons: &'batch Lexicons,
    /// The comparison of the names.
    owner: Outcomer,
    tables: [&'batch Table; 2],
    lent: [Vec<Lent>; 2],
}

impl Search<'_> {
    /// Holds each row against the first one under its number.
    fn go(&mut self) {
        let column = self.borrowed.number;
        let number_of = |table: &Table, row: RowNumber| number_in(table.row(row), column);
        let mut repeats = Repeats::new(self.tables.iter().map(|table| table.len()).sum());
        for table in self.tables {
            table
                .numbers()
                .filter_map(|row| number_of(table, row))
                .for_each(|number| repeats.add(number.hash()));
        }
        let mut first: HashMap<Number, (usize, RowNumber)> = HashMap::new();
        for (side, table) in self.tables.into_iter().enumerate() {
            for row in table.numbers() {
                let Some(number) = number_of(table, row).filter(|number| repeats.may_repeat(number.hash()))
                else {
                    continue;
                };
                let (first_side, first_row) = *first.entry(number).or_insert((side, row));
                if (first_side, first_row) == (side, row) {
                    continue;
                }
                let owner = self.tables.get(first_side).map(|table| table.row(first_row));
                if owner.is_some_and(|owner| self.are_two(owner, table.row(row))) {
                    self.mark(side, row);
                    self.mark(first_side, first_row);
                }
            }
        }
    }

    /// Whether two rows under one number have names that cannot be one person's.
    fn are_two(&self, one: Row<'_>, other: Row<'_>) -> bool {
        let (_, levels) = self.borrowed.owner;
        let found = self.owner.outcome(self.model, self.lexicons, one, other);
        found.is_some_and(|(level, _)| is_among(levels, level))
    }

    fn mark(&mut self, side: usize, row: RowNumber) {
        let Some(table) = self.tables.get(side) else { return };
        let lent = if self.birth_follows(table.row(row)) { Lent::NumberAndBirth } else { Lent::Number };
        if let Some(place) = self.lent.get_mut(side).and_then(|rows| rows.get_mut(row as usize)) {
            *place = lent;
        }
    }

    /// Whether the row's birth date is the one in its number.
    fn birth_follows(&self, row: Row<'_>) -> bool {
        let born = number_in(row, self.borrowed.number).and_then(Number::birth);
        let birth = self.borrowed.birth.and_then(|(column, _)| row.column(column).next());
        born.is_some_and(|born| birth == Some(Cell::Day(born)))
    }
}

/// The first number of a row in a column.
fn number_in(row: Row<'_>, column: usize) -> Option<Number> {
    match row.column(column).next() {
        Some(Cell::Number(number)) => Some(number),
        _ => None,
    }
}
