//! Numbers that one person lends another: a parent's identity number on a child's row, because the form wants one.
//!
//! Such a number, and the birth date that somebody took from it, speak of the owner. The rows under one number whose
//! names cannot be one person's are found before anything is weighed; for them a pair is also weighed without the number
//! and what follows from it (`[borrowed]` of the model).

use super::weigh::Weigher;
use crate::model::{Borrowed, ColumnKind, Model, is_among};
use crate::table::lexicon::Lexicon;
use crate::table::{Code, Lexicons, Row, RowNumber, Table};

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
        let mut search = Search {
            model,
            borrowed,
            lexicons,
            tables: [right, left],
            first: vec![None; lexicons.of(ColumnKind::IdentityNumber).map_or(0, Lexicon::len) + 1],
            lent: [vec![Lent::Nothing; right.len()], vec![Lent::Nothing; left.len()]],
        };
        search.go(RIGHT);
        search.go(LEFT);
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

const RIGHT: usize = 0;
const LEFT: usize = 1;

struct Search<'batch> {
    model: &'batch Model,
    borrowed: &'batch Borrowed,
    lexicons: &'batch Lexicons,
    tables: [&'batch Table; 2],
    /// By number: the first row that has it.
    first: Vec<Option<(usize, RowNumber)>>,
    lent: [Vec<Lent>; 2],
}

impl Search<'_> {
    fn go(&mut self, side: usize) {
        let Some(table) = self.tables.get(side).copied() else { return };
        for row in table.numbers() {
            let Some(number) = table.row(row).column(self.borrowed.number).first().copied() else { continue };
            let Some(first) = self.first.get_mut(number as usize).filter(|_| number != 0) else { continue };
            let Some((first_side, first_row)) = *first else {
                *first = Some((side, row));
                continue;
            };
            let Some(owner) = self.tables.get(first_side).map(|table| table.row(first_row)) else { continue };
            if self.are_two(owner, table.row(row)) {
                self.mark(side, row);
                self.mark(first_side, first_row);
            }
        }
    }

    /// Whether two rows under one number have names that cannot be one person's.
    fn are_two(&self, one: Row<'_>, other: Row<'_>) -> bool {
        let (place, levels) = self.borrowed.owner;
        let Some(comparison) = self.model.comparisons.get(place) else { return false };
        let found = Weigher::outcome_of(self.model, self.lexicons, comparison, one, other);
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
        let first = |column: usize| row.column(column).first().copied().filter(|code| *code != 0);
        let number =
            first(self.borrowed.number).and_then(|code| match self.lexicons.of(ColumnKind::IdentityNumber) {
                Some(Lexicon::Numbers(numbers)) => numbers.get(code).and_then(|number| number.birth()),
                _ => None,
            });
        let birth =
            self.borrowed.birth.and_then(|(column, _)| first(column)).and_then(|code: Code| {
                match self.lexicons.of(ColumnKind::Day) {
                    Some(Lexicon::Days(days)) => days.get(code).copied(),
                    _ => None,
                }
            });
        number.is_some() && number == birth
    }
}
