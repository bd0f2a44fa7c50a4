//! Records of whole files, packed: each row is a few 32-bit words. Names, categories and texts stand there as numbers of
//! values that were read once; the values of other kinds, of which nearly every row has its own, stand there themselves.
//!
//! What belongs here: the lexicons (one for each kind of column, shared by both files and by columns that are compared
//! across), the rows, and how cells become words. All words zero is "says nothing". Equal words are equal values, so
//! that most comparisons, all counts and all joins are done on numbers. A row stands in one place of memory: two rows
//! that are compared are two looks there.

pub(crate) mod lexicon;
mod reader;

use std::ops::Range;

pub(crate) use lexicon::{Code, Lexicons};
pub(crate) use reader::{Block, TableReader, narrow};

use crate::model::{ColumnKind, Model};
use crate::read::address::ADDRESS_WORDS;
use crate::read::{Address, Digits, Number, PartialDay};

/// One value of a row: its number in the lexicon of its kind, or the value itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    Code(Code),
    Number(Number),
    Day(PartialDay),
    Phone(Digits),
    Address(Address),
}

impl Cell {
    /// The value of a kind's words, `None` for none.
    fn of_words(kind: ColumnKind, words: &[u32]) -> Option<Self> {
        match (kind, words) {
            (ColumnKind::IdentityNumber, [one, two, three]) => {
                Number::from_words([*one, *two, *three]).map(Self::Number)
            }
            (ColumnKind::Phone, [one, two]) => Digits::from_words([*one, *two]).map(Self::Phone),
            (ColumnKind::Day, [word]) => PartialDay::from_word(*word).map(Self::Day),
            (ColumnKind::Address, words) => {
                let address = Address::from_words(<[u32; ADDRESS_WORDS]>::try_from(words).ok()?);
                (address != Address::default()).then_some(Self::Address(address))
            }
            (_, [code]) => (*code != 0).then_some(Self::Code(*code)),
            _ => None,
        }
    }
}

/// How many words a value of a kind takes.
fn words_of(kind: ColumnKind) -> usize {
    match kind {
        ColumnKind::IdentityNumber => 3,
        ColumnKind::Phone => 2,
        ColumnKind::Address => ADDRESS_WORDS,
        _ => 1,
    }
}

/// Where the values of each column stand in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    columns: Vec<(ColumnKind, Range<usize>)>,
    width: usize,
}

impl Layout {
    /// The layout of rows of `model` in which column `n` has at most `most[n]` values.
    pub(crate) fn new(model: &Model, most: &[usize]) -> Self {
        let mut width = 0;
        let columns = model.columns.iter().zip(most).map(|(column, most)| {
            let from = width;
            width += (*most).min(column.most) * words_of(column.kind);
            (column.kind, from..width)
        });
        let columns = columns.collect();
        Self { columns, width }
    }

    /// The places of a column's words in a row.
    fn places(&self, column: usize) -> Range<usize> {
        self.columns.get(column).map_or(0..0, |(_, places)| places.clone())
    }

    /// The kind of a column.
    pub(crate) fn kind(&self, column: usize) -> ColumnKind {
        self.columns.get(column).map_or(ColumnKind::Text, |(kind, _)| *kind)
    }

    /// How many values of a column a row has room for.
    pub(crate) fn most(&self, column: usize) -> usize {
        self.places(column).len() / words_of(self.kind(column))
    }
}

/// A row's place in its table.
pub(crate) type RowNumber = u32;

/// The rows of one file, and the ids under which it knows them.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) layout: Layout,
    /// Names of the file's columns that are not looked at.
    pub(crate) ignored: Vec<String>,
    words: Vec<u32>,
    id_bytes: String,
    id_ends: Vec<usize>,
}

impl Table {
    pub(crate) fn new(layout: Layout, ignored: Vec<String>) -> Self {
        Self { layout, ignored, words: Vec::new(), id_bytes: String::new(), id_ends: Vec::new() }
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
            words: self.words.get(from..from + self.layout.width).unwrap_or_default(),
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

    /// How many bytes the rows and their ids take.
    pub(crate) fn bytes(&self) -> usize {
        self.words.len() * size_of::<u32>() + self.id_bytes.len() + self.id_ends.len() * size_of::<usize>()
    }

    fn add_id(&mut self, id: &str) {
        self.id_bytes.push_str(id);
        self.id_ends.push(self.id_bytes.len());
    }

    /// Gives back the room that was made and not needed.
    fn shrink(&mut self) {
        self.words.shrink_to_fit();
        self.id_bytes.shrink_to_fit();
        self.id_ends.shrink_to_fit();
    }
}

/// One row, borrowed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'table> {
    layout: &'table Layout,
    words: &'table [u32],
}

/// The words of one column in a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places<'table> {
    kind: ColumnKind,
    words: &'table [u32],
}

impl<'table> Row<'table> {
    /// The words of a column.
    pub(crate) fn places(&self, column: usize) -> Places<'table> {
        let found = self.layout.columns.get(column);
        let (kind, words) = found.map_or((ColumnKind::Text, &[][..]), |(kind, places)| {
            (*kind, self.words.get(places.clone()).unwrap_or_default())
        });
        Places { kind, words }
    }

    /// The values of a column.
    pub(crate) fn column(&self, column: usize) -> impl Iterator<Item = Cell> + use<'table> {
        self.places(column).cells()
    }
}

impl<'table> Places<'table> {
    fn cells(self) -> impl Iterator<Item = Cell> + use<'table> {
        let Self { kind, words } = self;
        words.chunks_exact(words_of(kind)).filter_map(move |words| Cell::of_words(kind, words))
    }

    /// The first value that is one of `theirs`, in a column of the same kind.
    pub(crate) fn shared(self, theirs: Self) -> Option<Cell> {
        let width = words_of(self.kind);
        let is_shared = |words: &&[u32]| {
            theirs.words.chunks_exact(width).any(|others| others == *words)
                && words.iter().any(|word| *word != 0)
        };
        let shared = self.words.chunks_exact(width).find(is_shared)?;
        Cell::of_words(self.kind, shared)
    }
}
