//! Records of whole files, packed: each row is a few numbers, each number stands for a value that was read once.
//!
//! What belongs here: the lexicons (one for each kind of column, shared by both files and by columns that are compared
//! across), the rows, and how cells become numbers. Zero is "says nothing". A pair of equal numbers is a pair of equal
//! values, so that most comparisons, all counts and all joins are done on numbers.

pub(crate) mod lexicon;
mod reader;

use std::ops::Range;

pub(crate) use lexicon::{Code, Lexicons};
pub(crate) use reader::{Block, TableReader};

use crate::model::{ColumnKind, Model};

/// Where the values of each column stand in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    columns: Vec<Range<usize>>,
    kinds: Vec<ColumnKind>,
    width: usize,
}

impl Layout {
    /// The layout of rows of `model` in which column `n` has at most `most[n]` values.
    pub(crate) fn new(model: &Model, most: &[usize]) -> Self {
        let mut width = 0;
        let columns = model.columns.iter().zip(most).map(|(column, most)| {
            let from = width;
            width += (*most).min(column.most);
            from..width
        });
        let columns = columns.collect();
        Self { columns, kinds: model.columns.iter().map(|column| column.kind).collect(), width }
    }

    /// The places of a column's values in a row.
    pub(crate) fn places(&self, column: usize) -> Range<usize> {
        self.columns.get(column).cloned().unwrap_or_default()
    }

    /// The kind of a column.
    pub(crate) fn kind(&self, column: usize) -> ColumnKind {
        self.kinds.get(column).copied().unwrap_or(ColumnKind::Text)
    }
}

/// A row's place in its table.
pub(crate) type RowNumber = u32;

/// The rows of one file, and the ids under which it knows them.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) layout: Layout,
    codes: Vec<Code>,
    id_bytes: String,
    id_ends: Vec<usize>,
}

impl Table {
    pub(crate) fn new(layout: Layout) -> Self {
        Self { layout, codes: Vec::new(), id_bytes: String::new(), id_ends: Vec::new() }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.id_ends.len()
    }

    /// All values of a row.
    pub(crate) fn row(&self, row: RowNumber) -> Row<'_> {
        let from = row as usize * self.layout.width;
        Row {
            layout: &self.layout,
            codes: self.codes.get(from..from + self.layout.width).unwrap_or_default(),
        }
    }

    /// The id that the file gives a row.
    pub(crate) fn id(&self, row: RowNumber) -> &str {
        let at = row as usize;
        let from = at.checked_sub(1).and_then(|before| self.id_ends.get(before)).copied().unwrap_or(0);
        self.id_ends.get(at).and_then(|end| self.id_bytes.get(from..*end)).unwrap_or_default()
    }

    /// All row numbers.
    pub(crate) fn numbers(&self) -> Range<RowNumber> {
        0..RowNumber::try_from(self.len()).unwrap_or(RowNumber::MAX)
    }

    fn add_id(&mut self, id: &str) {
        self.id_bytes.push_str(id);
        self.id_ends.push(self.id_bytes.len());
    }
}

/// One row, borrowed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'table> {
    layout: &'table Layout,
    codes: &'table [Code],
}

impl<'table> Row<'table> {
    /// The values of a column; zeros are places that say nothing.
    pub(crate) fn column(&self, column: usize) -> &'table [Code] {
        self.codes.get(self.layout.places(column)).unwrap_or_default()
    }
}
