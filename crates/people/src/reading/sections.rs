//! The parts of a delivery that stand under a header of their own: sheets of one list, and tables that follow one another
//! on a sheet. The columns of each may stand in another order; all of them are brought to the columns of the first.

use std::ops::Range;

use policy::feeds::Feed;
use rayon::prelude::*;
use sheets::{Row, Sheet};

use super::header::{self, Header};
use super::skipped;
use super::{FileColumn, OtherSheet};
use crate::rows::RowPlace;

/// Most columns that the sections have together, unless the first alone has more.
const MOST_COLUMNS: usize = 128;
/// In place of a column where there are too many of them: what stands there comes behind the columns.
const NO_COLUMN: usize = usize::MAX;
/// Words in the name of a sheet that shows how to fill in another one: its rows are nobody's.
const EXAMPLES: [&str; 10] =
    ["示例", "样例", "范例", "例子", "模板", "样表", "说明", "字典", "example", "template"];

/// Rows under one header.
#[derive(Debug)]
pub(super) struct Section {
    /// The place of its first line: the header's, or that of what stands above the first header of a sheet.
    pub(super) from: RowPlace,
    /// The same, by index in its sheet.
    pub(super) above: usize,
    /// Its header.
    pub(super) header: Header,
    /// The rows below, by index in their sheet.
    pub(super) rows: Range<usize>,
    /// For each column of the header the delivery's column that it is.
    pub(super) columns: Vec<usize>,
}

/// The sheets that are read, and their sections.
pub(super) struct Sections {
    pub(super) sheets: Vec<Sheet>,
    pub(super) found: Vec<Section>,
    /// The columns of all sections, those of the first in their order.
    pub(super) columns: Vec<FileColumn>,
    /// Sheets that are not read.
    pub(super) others: Vec<OtherSheet>,
}

/// The sheet of `sheets` with the best header.
pub(super) fn best(sheets: &[Sheet], feed: &Feed) -> Option<(usize, Header)> {
    let mut found: Option<(usize, Header)> = None;
    for (index, sheet) in sheets.iter().enumerate() {
        let Some(header) = header::find(sheet, feed) else { continue };
        // A sheet of explanations names a column or two; the list is the one that knows most. The first of several.
        let is_better = found.as_ref().is_none_or(|(_, best)| header.rank(feed) > best.rank(feed));
        if is_better {
            found = Some((index, header));
        }
    }
    found
}

impl Sections {
    /// Parts `sheets`, of which the one at `best` has the header `best_header`, which lacks nothing.
    pub(super) fn of(sheets: Vec<Sheet>, best: usize, best_header: &Header, feed: &Feed) -> Self {
        let mut found =
            Self { sheets: Vec::new(), found: Vec::new(), columns: Vec::new(), others: Vec::new() };
        for (index, sheet) in sheets.into_iter().enumerate() {
            let header = if index == best {
                Some(best_header.clone())
            } else {
                header::find(&sheet, feed).filter(|header| header.continues(best_header, feed))
            };
            let is_example = || EXAMPLES.iter().any(|word| sheet.name.to_lowercase().contains(word));
            if let Some(header) = header.filter(|_| index == best || !is_example()) {
                found.add_sheet(sheet, header, feed);
                continue;
            }
            let lines = sheet.rows().filter(|row| !row.is_blank()).count();
            if lines > 0 {
                found.others.push(OtherSheet { name: sheet.name, lines });
            }
        }
        found
    }

    fn add_sheet(&mut self, sheet: Sheet, header: Header, feed: &Feed) {
        let number = u16::try_from(self.sheets.len()).unwrap_or(u16::MAX);
        let place =
            |index: usize| RowPlace { sheet: number, row: sheet.row(index).map_or(0, |row| row.place) };
        let first = earlier(&sheet, &header, feed).unwrap_or(header);
        let mut headers = repeats(&sheet, &first, feed);
        headers.insert(0, first);
        let ends: Vec<usize> =
            headers.iter().skip(1).map(|header| header.first).chain([sheet.len()]).collect();
        let mut begin = 0;
        for (header, end) in headers.into_iter().zip(ends) {
            let columns = self.join(&header);
            let rows = header.last + 1..end;
            self.found.push(Section { from: place(begin), above: begin, header, rows, columns });
            begin = end;
        }
        self.sheets.push(sheet);
    }

    /// The delivery's column of each column of `header`: the one that means the same, or bears the same heading; a new one
    /// where there is none yet, and [`NO_COLUMN`] where there are too many.
    fn join(&mut self, header: &Header) -> Vec<usize> {
        let most = if self.columns.is_empty() { usize::MAX } else { MOST_COLUMNS };
        let mut taken = vec![false; self.columns.len()];
        let mut joined = Vec::with_capacity(header.columns.len());
        for own in &header.columns {
            let is_same = |known: &FileColumn| {
                known.column == own.column && (own.column.is_some() || known.heading == own.text)
            };
            let mut known = self.columns.iter().zip(&taken);
            let found = known.position(|(known, taken)| !taken && is_same(known));
            let at = match found {
                None if self.columns.len() >= most => NO_COLUMN,
                None => {
                    let heading = own.text.clone();
                    let (column, second_of) = (own.column, own.second_of);
                    self.columns.push(FileColumn { heading, column, second_of, filled: 0, unusable: 0 });
                    taken.push(false);
                    self.columns.len() - 1
                }
                Some(found) => found,
            };
            if let Some(taken) = taken.get_mut(at) {
                *taken = true;
            }
            joined.push(at);
        }
        joined
    }
}

impl Section {
    /// The cells of a row below its header in the order of the delivery's columns, and behind them what no column has.
    pub(super) fn arranged<'a>(&self, row: &Row<'a>, width: usize) -> Vec<&'a str> {
        let mut cells: Vec<&str> = row.cells().map(|cell| cell.text).collect();
        if self.columns.iter().enumerate().all(|(place, column)| place == *column) {
            return cells;
        }
        let beyond = cells.split_off(self.columns.len().min(cells.len()));
        let mut arranged = vec![""; width];
        let mut behind = Vec::new();
        for (text, column) in cells.into_iter().zip(&self.columns) {
            match arranged.get_mut(*column) {
                Some(cell) => *cell = text,
                None => behind.push(text),
            }
        }
        arranged.extend(behind.into_iter().chain(beyond));
        arranged
    }
}

/// A header above `header` with rows of its own: a list of fewer columns stands over the better one.
fn earlier(sheet: &Sheet, header: &Header, feed: &Feed) -> Option<Header> {
    (0..header.first).find_map(|index| {
        let above = header::at(sheet, index, feed)?;
        let mut between = (above.last + 1..header.first).filter_map(|index| sheet.row(index));
        let has_rows = between.any(|row| skipped::below_header(&row, &above, feed).is_none());
        (above.names_most(feed) && has_rows).then_some(above)
    })
}

/// Headers below `first` whose columns stand otherwise than those of the header before them.
fn repeats(sheet: &Sheet, first: &Header, feed: &Feed) -> Vec<Header> {
    // Which lines could be one is told on all cores; what each of them changes depends on those before.
    let candidates: Vec<Header> = (first.last + 1..sheet.len())
        .into_par_iter()
        .filter(|index| header::may_be(sheet, *index, first, feed))
        .filter_map(|index| header::at(sheet, index, feed))
        .filter(|header| header.names_most(feed))
        .collect();
    let mut repeats: Vec<Header> = Vec::new();
    let mut end = 0;
    for candidate in candidates {
        let before = repeats.last().unwrap_or(first);
        if candidate.first < end || !candidate.stands_below(before, sheet, feed) {
            continue;
        }
        end = candidate.last + 1;
        if candidate.differs(before, sheet.is_grid) {
            repeats.push(candidate);
        }
    }
    repeats
}
