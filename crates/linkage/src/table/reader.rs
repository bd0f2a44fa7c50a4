//! From the cells of a file to rows of numbers, block by block. The kinds of columns are read side by side; the numbers
//! of values depend on the order of the rows only, never on the threads.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::lexicon::{Code, Lexicon, Lexicons};
use super::{Layout, Table};
use crate::model::{ColumnKind, Model};
use crate::read::{self, Address, AddressParts, Digits, Value, address};

/// Rows of a file as they came: one text with where each cell ends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    text: String,
    ends: Vec<usize>,
    fields: usize,
}

impl Block {
    /// A block for rows of `fields` cells.
    pub(crate) fn new(fields: usize) -> Self {
        Self { text: String::new(), ends: Vec::new(), fields }
    }

    /// Adds one row: its cells as one text, and where each ends.
    pub(crate) fn add(&mut self, text: &str, ends: impl Iterator<Item = usize>) {
        let from = self.text.len();
        self.text.push_str(text);
        self.ends.extend(ends.map(|end| from + end));
    }

    /// How many rows it has.
    pub(crate) fn rows(&self) -> usize {
        self.ends.len().checked_div(self.fields).unwrap_or(0)
    }

    /// How many bytes of text it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    fn cell(&self, row: usize, field: usize) -> &str {
        let at = row * self.fields + field;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(from);
        self.text.get(from..end).unwrap_or_default()
    }
}

/// A header without a column that the model knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeaderFault {
    /// The names that the model's columns are read from.
    pub(crate) known: String,
}

/// Which fields of the file one column of the model is read from.
#[derive(Debug, Clone, Default)]
struct Fields {
    column: usize,
    whole: Vec<usize>,
    /// Fields that hold one part each, for an address.
    parts: [Option<usize>; address::PARTS],
}

impl Fields {
    fn has_parts(&self) -> bool {
        self.parts.iter().any(Option::is_some)
    }

    /// How many values a row can have.
    fn most(&self) -> usize {
        if self.has_parts() { self.whole.len().max(1) } else { self.whole.len() }
    }
}

/// Reads one file by a model: while the columns of one block are read, the block before is put into rows.
#[derive(Debug)]
pub(crate) struct TableReader<'model> {
    plan: Plan<'model>,
    caches: Vec<Cache>,
    waiting: Option<(Block, Columns)>,
}

/// The numbers of each column of a block, row by row.
type Columns = Vec<(usize, Vec<Code>)>;

/// What is read from where.
#[derive(Debug)]
struct Plan<'model> {
    model: &'model Model,
    fields: Vec<Fields>,
    id_field: usize,
}

/// What was read before, for one kind: cells that come again are not read again.
#[derive(Debug, Default)]
struct Cache {
    cells: HashMap<Box<str>, Code>,
    parts: [HashMap<Box<str>, address::Part>; address::PARTS],
}

/// Most different cells of one kind that are remembered: a bound on memory, not on what can be read.
const MOST_REMEMBERED: usize = 1 << 20;

impl<'model> TableReader<'model> {
    /// A reader for files with this header; `id_field` is the field of the id.
    pub(crate) fn new(model: &'model Model, header: &[String], id_field: usize) -> Result<Self, HeaderFault> {
        let find = |name: &String| header.iter().position(|found| found.trim() == name);
        let fields: Vec<Fields> = model
            .columns
            .iter()
            .enumerate()
            .map(|(column, described)| Fields {
                column,
                whole: described.sources.iter().filter_map(find).take(described.most).collect(),
                parts: std::array::from_fn(|part| {
                    described.parts.get(part).and_then(|names| names.iter().find_map(find))
                }),
            })
            .collect();
        if fields.iter().all(|fields| fields.most() == 0) {
            let known = model.columns.iter().flat_map(|column| column.sources.iter().map(String::as_str));
            return Err(HeaderFault { known: known.collect::<Vec<_>>().join(", ") });
        }
        Ok(Self { plan: Plan { model, fields, id_field }, caches: Vec::new(), waiting: None })
    }

    /// An empty table for the file.
    pub(crate) fn table(&self) -> Table {
        let Plan { model, fields, .. } = &self.plan;
        let most: Vec<usize> = model
            .columns
            .iter()
            .zip(fields)
            .map(|(column, fields)| fields.most().max(usize::from(column.filled_from.is_some())))
            .collect();
        Table::new(Layout::new(model, &most))
    }

    /// Makes room for about `rows` rows: tables that grow step by step are copied again and again.
    pub(crate) fn expect(&self, rows: usize, lexicons: &mut Lexicons, table: &mut Table) {
        table.codes.reserve(rows * table.layout.width);
        table.id_ends.reserve(rows);
        for (kind, lexicon) in lexicons.each() {
            let has_fields = |fields: &&Fields| fields.most() > 0 && table.layout.kind(fields.column) == kind;
            if self.plan.fields.iter().any(|fields| has_fields(&fields)) {
                lexicon.expect(rows);
            }
        }
    }

    /// Reads a block's rows onto the end of `table`, the last of them only when the next block is read, or at
    /// [`TableReader::finish`].
    pub(crate) fn read(&mut self, block: Block, lexicons: &mut Lexicons, table: &mut Table) {
        self.caches.resize_with(lexicons.each().count(), Cache::default);
        let Self { plan, caches, waiting } = self;
        let before = waiting.take();
        let (columns, ()) = rayon::join(
            || plan.columns(&block, lexicons, caches),
            || {
                if let Some((block, columns)) = &before {
                    plan.assemble(block, columns, table);
                }
            },
        );
        *waiting = Some((block, columns));
    }

    /// Ends reading: all rows are in `table`, and empty days are filled where the model asks for it.
    pub(crate) fn finish(mut self, lexicons: &mut Lexicons, table: &mut Table) {
        if let Some((block, columns)) = self.waiting.take() {
            self.plan.assemble(&block, &columns, table);
        }
        self.plan.fill_in(lexicons, table);
    }
}

impl Plan<'_> {
    /// Reads the columns, kind by kind side by side.
    fn columns(&self, block: &Block, lexicons: &mut Lexicons, caches: &mut [Cache]) -> Columns {
        let Self { model, fields, .. } = self;
        let kind_of = |fields: &Fields| model.columns.get(fields.column).map(|column| column.kind);
        let kinds: Vec<_> = lexicons.each().zip(caches).collect();
        let of_kind = |((kind, lexicon), cache): ((ColumnKind, &mut Lexicon), &mut Cache)| {
            let mut worker = Worker { model, block, lexicon, cache };
            let of_kind = fields.iter().filter(|fields| kind_of(fields) == Some(kind));
            of_kind.map(|fields| (fields.column, worker.column(fields))).collect::<Vec<_>>()
        };
        kinds.into_par_iter().with_max_len(1).flat_map_iter(of_kind).collect()
    }

    /// Puts the columns' numbers into rows.
    fn assemble(&self, block: &Block, columns: &Columns, table: &mut Table) {
        let width = table.layout.width;
        let from = table.codes.len();
        table.codes.resize(from + block.rows() * width, 0);
        let rows = table.codes.get_mut(from..).unwrap_or_default();
        for (column, codes) in columns {
            let places = table.layout.places(*column);
            let most = self.fields.get(*column).map_or(0, Fields::most);
            if most == 0 || width == 0 {
                continue;
            }
            for (row, codes) in rows.chunks_exact_mut(width).zip(codes.chunks_exact(most)) {
                if let Some(row) = row.get_mut(places.clone()) {
                    keep_distinct(row, codes);
                }
            }
        }
        for row in 0..block.rows() {
            table.add_id(block.cell(row, self.id_field));
        }
    }

    /// Fills an empty day with the birth date that a valid number says, where the model asks for that.
    fn fill_in(&self, lexicons: &mut Lexicons, table: &mut Table) {
        for (place, column) in self.model.columns.iter().enumerate() {
            let Some(source) = column.filled_from else { continue };
            let (days, numbers) = (table.layout.places(place), table.layout.places(source));
            let width = table.layout.width.max(1);
            for row in table.codes.chunks_exact_mut(width) {
                let is_empty = row.get(days.clone()).is_none_or(|codes| codes.iter().all(|code| *code == 0));
                let Some(number) = row.get(numbers.clone()).and_then(<[Code]>::first).copied() else {
                    continue;
                };
                if !is_empty || number == 0 {
                    continue;
                }
                let birth = lexicons.of(ColumnKind::IdentityNumber).and_then(|lexicon| match lexicon {
                    Lexicon::Numbers(numbers) => numbers.get(number).and_then(|number| number.birth()),
                    _ => None,
                });
                let Some(birth) = birth else { continue };
                let mut lexicon = lexicons.each().filter(|(kind, _)| *kind == ColumnKind::Day);
                if let Some((_, lexicon)) = lexicon.next()
                    && let Some(first) = row.get_mut(days.clone()).and_then(<[Code]>::first_mut)
                {
                    *first = lexicon.add(Value::Day(birth));
                }
            }
        }
    }
}

/// Copies the numbers that say something, without repeats, to the front.
fn keep_distinct(row: &mut [Code], codes: &[Code]) {
    if let ([place], [code]) = (&mut *row, codes) {
        *place = *code;
        return;
    }
    let mut kept = 0;
    for code in codes {
        let is_new = *code != 0 && !row.iter().take(kept).any(|found| found == code);
        if is_new && let Some(place) = row.get_mut(kept) {
            *place = *code;
            kept += 1;
        }
    }
}

/// Reads the columns of one kind out of one block.
struct Worker<'work> {
    model: &'work Model,
    block: &'work Block,
    lexicon: &'work mut Lexicon,
    cache: &'work mut Cache,
}

impl Worker<'_> {
    /// The numbers of one column, row by row.
    fn column(&mut self, fields: &Fields) -> Vec<Code> {
        let mut codes = Vec::with_capacity(self.block.rows() * fields.most());
        let Some(column) = self.model.columns.get(fields.column) else { return codes };
        for row in 0..self.block.rows() {
            if fields.has_parts() {
                codes.push(self.address(row, fields));
                for field in fields.whole.iter().skip(1) {
                    codes.push(self.cell(column, self.block.cell(row, *field)));
                }
            } else {
                for field in &fields.whole {
                    codes.push(self.cell(column, self.block.cell(row, *field)));
                }
            }
        }
        codes
    }

    fn cell(&mut self, column: &crate::model::Column, text: &str) -> Code {
        if text.is_empty() {
            return 0;
        }
        // Numbers of one person each hardly come again, and are read faster than they are looked up.
        match column.kind {
            ColumnKind::IdentityNumber => return self.add(column, text),
            ColumnKind::Phone => {
                if let Some(digits) = Digits::plain_mobile(text) {
                    return self.lexicon.add(Value::Phone(digits));
                }
            }
            _ => {}
        }
        if let Some(code) = self.cache.cells.get(text) {
            return *code;
        }
        let code = self.add(column, text);
        if self.cache.cells.len() < MOST_REMEMBERED {
            self.cache.cells.insert(text.into(), code);
        }
        code
    }

    fn add(&mut self, column: &crate::model::Column, text: &str) -> Code {
        let value = read::read_value(self.model, column, read::bounded(text));
        value.map_or(0, |value| self.lexicon.add(value))
    }

    fn address(&mut self, row: usize, fields: &Fields) -> Code {
        let cell = |field: Option<usize>| field.map_or("", |field| self.block.cell(row, field));
        let given = fields.parts.map(cell);
        let text = cell(fields.whole.first().copied());
        if given.iter().all(|part| part.is_empty()) && text.is_empty() {
            return 0;
        }
        let characters = &self.model.characters;
        let parts = AddressParts { given, text };
        let address = if parts.text_says_more() {
            Address::of_parts(characters, &parts)
        } else {
            let mut known = [address::Part::default(); address::PARTS];
            for (place, ((known, text), cache)) in
                known.iter_mut().zip(given).zip(&mut self.cache.parts).enumerate()
            {
                *known = remembered(cache, text, || address::Part::read(characters, place, text));
            }
            Address::assemble(known)
        };
        address.map_or(0, |address| self.lexicon.add(Value::Address(address)))
    }
}

/// What `read` gives for `text`, or gave before.
fn remembered(
    cache: &mut HashMap<Box<str>, address::Part>,
    text: &str,
    read: impl FnOnce() -> address::Part,
) -> address::Part {
    if text.is_empty() {
        return address::Part::default();
    }
    if let Some(part) = cache.get(text) {
        return *part;
    }
    let part = read();
    if cache.len() < MOST_REMEMBERED {
        cache.insert(text.into(), part);
    }
    part
}
