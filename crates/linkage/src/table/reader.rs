//! From the cells of a file to rows of numbers, block by block. The kinds of columns are read side by side; the numbers
//! of values depend on the order of the rows only, never on the threads.

use hashbrown::HashTable;
use rayon::prelude::*;

use super::lexicon::{Lexicon, Lexicons};
use super::{Layout, Table, words_of};
use crate::mixing::{mix, mix_bytes};
use crate::model::{Column, ColumnKind, Model};
use crate::read::{self, Address, AddressParts, Digits, Number, Value, address};

/// Rows of a file as they came: one text with where each cell ends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    text: String,
    /// Where each row begins.
    beginnings: Vec<u32>,
    /// Where each cell ends.
    ends: Vec<u32>,
    fields: usize,
    /// Bytes between two cells of a row.
    gap: usize,
}

impl Block {
    /// A block for rows of `fields` cells that are added one by one.
    pub(crate) fn new(fields: usize) -> Self {
        Self { fields, ..Self::default() }
    }

    /// Rows of `fields` cells in a text in which one byte parts the cells of a row: where each row begins and each cell
    /// ends.
    pub(crate) fn of_text(text: String, beginnings: Vec<u32>, ends: Vec<u32>, fields: usize) -> Self {
        Self { text, beginnings, ends, fields, gap: 1 }
    }

    /// Adds one row: its cells as one text, and where each ends.
    pub(crate) fn add(&mut self, text: &str, ends: impl Iterator<Item = usize>) {
        let from = self.text.len();
        self.text.push_str(text);
        self.beginnings.push(narrow(from));
        self.ends.extend(ends.map(|end| narrow(from + end)));
    }

    /// How many rows it has.
    pub(crate) fn rows(&self) -> usize {
        self.beginnings.len()
    }

    /// How many bytes of text it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    fn cell(&self, row: usize, field: usize) -> &str {
        let at = row * self.fields + field;
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let from = match field {
            0 => self.beginnings.get(row).map_or(0, |from| *from as usize),
            _ => end(at - 1) + self.gap,
        };
        self.text.get(from..end(at)).unwrap_or_default()
    }
}

/// A place in a block: blocks are some megabytes long.
pub(crate) fn narrow(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
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

/// The words of each column of a block, row by row.
type Columns = Vec<(usize, Vec<u32>)>;

/// What is read from where.
#[derive(Debug)]
struct Plan<'model> {
    model: &'model Model,
    fields: Vec<Fields>,
    id_field: usize,
    /// Names of columns of the file that nothing is read from.
    ignored: Vec<String>,
}

/// What was read before, for one kind: cells that come again are not read again. Cells are known by 64 bits of hash.
#[derive(Debug, Default)]
struct Cache {
    cells: HashTable<(u64, u32)>,
    parts: [HashTable<(u64, address::Part)>; address::PARTS],
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
        let is_read = |field: usize| {
            let of = |fields: &Fields| fields.whole.contains(&field) || fields.parts.contains(&Some(field));
            field == id_field || fields.iter().any(of)
        };
        let names = header.iter().enumerate().filter(|(field, _)| !is_read(*field));
        let ignored = names.map(|(_, name)| name.clone()).collect();
        Ok(Self { plan: Plan { model, fields, id_field, ignored }, caches: Vec::new(), waiting: None })
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
        Table::new(Layout::new(model, &most), self.plan.ignored.clone())
    }

    /// Makes room for about `rows` rows: tables that grow step by step are copied again and again.
    pub(crate) fn expect(&self, rows: usize, lexicons: &mut Lexicons, table: &mut Table) {
        table.words.reserve_exact(rows * table.layout.width);
        table.id_ends.reserve_exact(rows);
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
    pub(crate) fn finish(mut self, table: &mut Table) {
        if let Some((block, columns)) = self.waiting.take() {
            self.plan.assemble(&block, &columns, table);
        }
        self.plan.fill_in(table);
        table.shrink();
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
            let of_kind = fields.iter().filter(|fields| kind_of(fields) == Some(kind) && fields.most() > 0);
            of_kind.map(|fields| (fields.column, worker.column(fields))).collect::<Vec<_>>()
        };
        kinds.into_par_iter().with_max_len(1).flat_map_iter(of_kind).collect()
    }

    /// Puts the columns' words into rows.
    fn assemble(&self, block: &Block, columns: &Columns, table: &mut Table) {
        let Table { layout, words: all, .. } = table;
        let width = layout.width;
        let from = all.len();
        all.resize(from + block.rows() * width, 0);
        let rows = all.get_mut(from..).unwrap_or_default();
        for (column, words) in columns {
            let places = layout.places(*column);
            let of_value = words_of(layout.kind(*column));
            let of_row = self.fields.get(*column).map_or(0, Fields::most) * of_value;
            if of_row == 0 || width == 0 {
                continue;
            }
            for (row, words) in rows.chunks_exact_mut(width).zip(words.chunks_exact(of_row)) {
                if let Some(row) = row.get_mut(places.clone()) {
                    keep_distinct(row, words, of_value);
                }
            }
        }
        for row in 0..block.rows() {
            table.add_id(block.cell(row, self.id_field));
        }
    }

    /// Fills an empty day with the birth date that a valid number says, where the model asks for that.
    fn fill_in(&self, table: &mut Table) {
        let Table { layout, words, .. } = table;
        for (place, column) in self.model.columns.iter().enumerate() {
            let Some(source) = column.filled_from else { continue };
            let (days, source) = (layout.places(place), layout.places(source));
            if days.is_empty() || source.is_empty() {
                continue;
            }
            for row in words.chunks_exact_mut(layout.width) {
                let number = row.get(source.clone()).and_then(<[u32]>::first_chunk);
                let birth = number.and_then(|number| Number::from_words(*number)).and_then(Number::birth);
                let Some(days) = row.get_mut(days.clone()).filter(|days| days.iter().all(|day| *day == 0))
                else {
                    continue;
                };
                if let (Some(birth), Some(day)) = (birth, days.first_mut()) {
                    *day = birth.word();
                }
            }
        }
    }
}

/// Copies the values that say something, without repeats, to the front.
fn keep_distinct(row: &mut [u32], values: &[u32], of_value: usize) {
    if values.len() == of_value && row.len() == of_value {
        row.copy_from_slice(values);
        return;
    }
    let mut kept = 0;
    for value in values.chunks_exact(of_value) {
        let is_new = value.iter().any(|word| *word != 0)
            && !row.chunks_exact(of_value).take(kept).any(|found| found == value);
        if is_new && let Some(place) = row.chunks_exact_mut(of_value).nth(kept) {
            place.copy_from_slice(value);
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
    /// The words of one column, row by row.
    fn column(&mut self, fields: &Fields) -> Vec<u32> {
        let block = self.block;
        let cells =
            (0..block.rows()).flat_map(|row| fields.whole.iter().map(move |field| block.cell(row, *field)));
        let Some(column) = self.model.columns.get(fields.column) else { return Vec::new() };
        let mut words = Vec::with_capacity(block.rows() * fields.most() * words_of(column.kind));
        match column.kind {
            ColumnKind::IdentityNumber => {
                for text in cells {
                    let number = if text.is_empty() { None } else { Number::read(read::bounded(text)) };
                    words.extend(number.map_or_else(Default::default, Number::words));
                }
            }
            ColumnKind::Phone => {
                for text in cells {
                    let phone = match Digits::plain_mobile(text) {
                        None if text.is_empty() => None,
                        None => Digits::read(read::bounded(text)),
                        mobile => mobile,
                    };
                    words.extend(phone.map_or_else(Default::default, Digits::words));
                }
            }
            ColumnKind::Address if fields.has_parts() => {
                for row in 0..block.rows() {
                    words.extend(self.address(row, fields).words());
                    for field in fields.whole.iter().skip(1) {
                        words.extend(self.one_text(block.cell(row, *field)).words());
                    }
                }
            }
            ColumnKind::Address => cells.for_each(|text| words.extend(self.one_text(text).words())),
            _ => {
                cells.for_each(|text| words.push(self.cell(fields.column, column, text)));
            }
        }
        words
    }

    fn cell(&mut self, place: usize, column: &Column, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        // What a word means may depend on the column; what is read from other cells does not.
        let depends = column.kind == ColumnKind::Category || !column.drops.is_empty();
        let of_column = if depends { place as u64 + 1 } else { 0 };
        let hash = mix(mix_bytes(text.as_bytes()), of_column);
        let Self { model, lexicon, cache, .. } = self;
        remembered(&mut cache.cells, hash, || match read::read_value(model, column, read::bounded(text)) {
            Some(Value::Day(day)) => day.word(),
            Some(value) => lexicon.add(value),
            None => 0,
        })
    }

    /// An address that stands in one cell; the empty one where it says nothing.
    fn one_text(&self, text: &str) -> Address {
        Address::read(&self.model.characters, read::bounded(text)).unwrap_or_default()
    }

    /// An address that stands in cells of its own for each part; the empty one where these say nothing.
    fn address(&mut self, row: usize, fields: &Fields) -> Address {
        let cell = |field: Option<usize>| field.map_or("", |field| self.block.cell(row, field));
        let given = fields.parts.map(cell);
        let text = cell(fields.whole.first().copied());
        if given.iter().all(|part| part.is_empty()) && text.is_empty() {
            return Address::default();
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
                if !text.is_empty() {
                    let hash = mix_bytes(text.as_bytes());
                    *known = remembered(cache, hash, || address::Part::read(characters, place, text));
                }
            }
            Address::assemble(known)
        };
        address.unwrap_or_default()
    }
}

/// What `read` gives for a cell of this hash, or gave before.
fn remembered<T: Copy>(cache: &mut HashTable<(u64, T)>, hash: u64, read: impl FnOnce() -> T) -> T {
    if let Some((_, known)) = cache.find(hash, |(found, _)| *found == hash) {
        return *known;
    }
    let value = read();
    if cache.len() < MOST_REMEMBERED {
        cache.insert_unique(hash, (hash, value), |(hash, _)| *hash);
    }
    value
}
