//! What was read: sheets, rows, cells. All text of a sheet lies in one buffer, so that a hundred thousand rows cost
//! a handful of allocations.

use crate::{Encoding, FileFault, Format, Limits, RowFault};

/// A file that was read.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// What it is.
    pub format: Format,
    /// How its text was encoded; for separated text only.
    pub encoding: Option<Encoding>,
    /// What separates its fields; for separated text only.
    pub separator: Option<char>,
    /// Whether its name promises another kind of file than it is.
    pub named_otherwise: bool,
    /// Its visible sheets in their order; separated text has one, without a name.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its name; empty for separated text.
    pub name: String,
    /// Whether every row has the same number of cells by nature (a grid), so that a count says nothing.
    pub is_grid: bool,
    /// Whether its workbook counts days from 1904 and not from 1900: what a number that stands for a day means.
    pub counts_from_1904: bool,
    text: String,
    cells: Vec<CellSpan>,
    rows: Vec<RowSpan>,
}

#[derive(Debug, Clone, Copy)]
struct CellSpan {
    start: u32,
    length: u32,
    kind: CellKind,
}

#[derive(Debug, Clone, Copy)]
struct RowSpan {
    place: u32,
    first: u32,
    count: u32,
    fault: Option<RowFault>,
}

/// What a cell held before it became text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CellKind {
    /// Text, or nothing.
    Text,
    /// A number; its text has all digits, without exponent. Beyond 15 digits a spreadsheet loses the rest.
    Number,
    /// A date, written `2013-03-06`, with ` 08:30:00` behind it if it has a time.
    Date,
    /// Yes or no.
    Truth,
    /// A formula that failed: `#REF!`, `#N/A`.
    Error,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    /// Its text as it came.
    pub text: &'a str,
    /// What it held.
    pub kind: CellKind,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Its place: the sheet's row number, or the physical line where the record starts; from 1.
    pub place: u32,
    /// What is wrong with it as a line of the file.
    pub fault: Option<RowFault>,
    text: &'a str,
    cells: &'a [CellSpan],
}

impl<'a> Row<'a> {
    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no cell at all.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Whether no cell holds more than spaces.
    pub fn is_blank(&self) -> bool {
        self.cells().all(|cell| cell.text.trim().is_empty())
    }

    /// The cell at `place`, from 0; beyond the end an empty one.
    pub fn cell(&self, place: usize) -> Cell<'a> {
        self.cells.get(place).map_or(Cell { text: "", kind: CellKind::Text }, |span| self.resolve(*span))
    }

    /// All its cells in order.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = Cell<'a>> + use<'a> {
        let row = *self;
        self.cells.iter().map(move |span| row.resolve(*span))
    }

    fn resolve(&self, span: CellSpan) -> Cell<'a> {
        let (start, end) = (span.start as usize, span.start as usize + span.length as usize);
        Cell { text: self.text.get(start..end).unwrap_or_default(), kind: span.kind }
    }
}

impl Sheet {
    /// How many rows it has, blank ones between two others included, as long as they are not a thousand and more.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether no cell of any row holds more than spaces.
    pub fn is_blank(&self) -> bool {
        self.rows().all(|row| row.is_blank())
    }

    /// The row at `index`, from 0 (which is not its place).
    pub fn row(&self, index: usize) -> Option<Row<'_>> {
        self.rows.get(index).map(|span| self.resolve(*span))
    }

    /// The row at `place`. Rows stand in the order of their places.
    pub fn row_at(&self, place: u32) -> Option<Row<'_>> {
        let index = self.rows.binary_search_by_key(&place, |row| row.place).ok()?;
        self.row(index)
    }

    /// All rows in order.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        self.rows.iter().map(|span| self.resolve(*span))
    }

    fn resolve(&self, span: RowSpan) -> Row<'_> {
        let (first, end) = (span.first as usize, span.first as usize + span.count as usize);
        let cells = self.cells.get(first..end).unwrap_or_default();
        Row { place: span.place, fault: span.fault, text: &self.text, cells }
    }
}

/// Puts a sheet together, row by row, and keeps the limits.
pub(crate) struct SheetBuilder<'a> {
    sheet: Sheet,
    limits: &'a Limits,
    /// Cells that other sheets of the file have taken.
    cells_before: u64,
}

impl<'a> SheetBuilder<'a> {
    pub(crate) fn new(name: &str, is_grid: bool, limits: &'a Limits, cells_before: u64) -> Self {
        let sheet = Sheet {
            name: name.to_owned(),
            is_grid,
            counts_from_1904: false,
            text: String::new(),
            cells: Vec::new(),
            rows: Vec::new(),
        };
        Self { sheet, limits, cells_before }
    }

    pub(crate) fn begin_row(&mut self, place: u32) -> Result<(), FileFault> {
        if self.sheet.rows.len() as u64 >= u64::from(self.limits.rows) {
            return Err(FileFault::TooMuch { what: "rows", most: u64::from(self.limits.rows) });
        }
        let first = offset(self.sheet.cells.len())?;
        self.sheet.rows.push(RowSpan { place, first, count: 0, fault: None });
        Ok(())
    }

    /// Notes a fault of the present row; the first one stays.
    pub(crate) fn fault(&mut self, fault: RowFault) {
        if let Some(row) = self.sheet.rows.last_mut() {
            row.fault.get_or_insert(fault);
        }
    }

    /// Adds a cell to the present row, from the pieces that its text consists of.
    pub(crate) fn cell(&mut self, pieces: &[&str], kind: CellKind) -> Result<(), FileFault> {
        let Some(row) = self.sheet.rows.last_mut() else { return Ok(()) };
        if row.count >= self.limits.columns {
            row.fault.get_or_insert(RowFault::TooManyCells);
            return Ok(());
        }
        if self.cells_before + self.sheet.cells.len() as u64 >= self.limits.cells {
            return Err(FileFault::TooMuch { what: "cells", most: self.limits.cells });
        }
        let start = self.sheet.text.len();
        let mut left = self.limits.cell_bytes;
        for piece in pieces {
            let fits = cut(piece, left);
            self.sheet.text.push_str(fits);
            left -= fits.len();
            if fits.len() < piece.len() {
                row.fault.get_or_insert(RowFault::CellTooLong);
                break;
            }
        }
        row.count += 1;
        let length = offset(self.sheet.text.len() - start)?;
        self.sheet.cells.push(CellSpan { start: offset(start)?, length, kind });
        Ok(())
    }

    /// How many cells the present row has.
    pub(crate) fn cells_of_row(&self) -> u32 {
        self.sheet.rows.last().map_or(0, |row| row.count)
    }

    /// How many cells there are, with those of the sheets before.
    pub(crate) fn cells(&self) -> u64 {
        self.cells_before + self.sheet.cells.len() as u64
    }

    pub(crate) fn finish(self) -> Sheet {
        self.sheet
    }
}

fn offset(value: usize) -> Result<u32, FileFault> {
    u32::try_from(value)
        .map_err(|_too_large| FileFault::TooMuch { what: "unpacked bytes", most: u64::from(u32::MAX) })
}

/// `text` cut to at most `bytes` at a character's edge.
fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
