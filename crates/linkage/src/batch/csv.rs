//! CSV in and out. A file without quotes is cut into cells as it stands; from the first quote on the `csv` crate does it.

use std::io::{Cursor, Read, Write};
use std::sync::mpsc;
use std::time::Duration;

use super::FileFault;
use super::watch::{Done, Stage, Watch};
use crate::model::Model;
use crate::table::{Block, Lexicons, Table, TableReader, narrow};

/// Bytes of text in one block: large enough to share the work out, small beside the tables.
const BLOCK_BYTES: usize = 1 << 20;
/// Longest row that is cut as it stands.
const LONGEST_ROW: usize = 1 << 26;
/// Blocks that wait to be read.
const BLOCKS_WAITING: usize = 2;
/// Most rows of one file: row numbers have 32 bits.
const MOST_ROWS: u64 = u32::MAX as u64 - 1;
/// Most rows that room is made for before they are there: a file's size is only a hint.
const MOST_EXPECTED: u64 = 1 << 24;

/// Reads a CSV file: UTF-8, with a header, the id in the first column. Rows are cut into cells on one thread while
/// others read the cells of the block before. `bytes` is the size of the file, where it is known: tables are made large
/// enough at once.
pub(super) fn read(
    model: &Model,
    lexicons: &mut Lexicons,
    file: impl Read + Send,
    bytes: Option<u64>,
    limits: &Limits<'_>,
) -> Result<Table, FileFault> {
    let mut cutter = Cutter::new(file)?;
    let header = cutter.header()?;
    let mut table_reader =
        TableReader::new(model, &header, 0).map_err(|fault| FileFault::Header { known: fault.known })?;
    let mut table = table_reader.table();
    let mut expected = bytes;
    let told = Done::new(limits.watch, limits.stage, bytes.unwrap_or(0));
    let mut read = 0_u64;
    let (sender, receiver) = mpsc::sync_channel::<Block>(BLOCKS_WAITING);
    std::thread::scope(|scope| {
        let cutting = scope.spawn(move || cutter.cut(&sender));
        let mut refused = Ok(());
        for block in receiver {
            let block_bytes = block.bytes() as u64;
            if let Some(bytes) = expected.take() {
                let rows = bytes.saturating_mul(block.rows() as u64) / (block.bytes() as u64).max(1);
                table_reader.expect(
                    usize::try_from(rows.min(MOST_EXPECTED)).unwrap_or(0),
                    lexicons,
                    &mut table,
                );
            }
            table_reader.read(block, lexicons, &mut table);
            read += block_bytes;
            if bytes.is_some() {
                told.add(block_bytes);
            }
            // What the rows will take when all are read: it is known long before they do.
            let share = bytes.map_or(1.0, |bytes| (read as f64 / bytes.max(read) as f64).max(f64::EPSILON));
            let rows = (table.bytes() as f64 / share).clamp(0.0, MOST_BYTES);
            refused = limits.watch.allow(limits.bytes_before + whole(rows) + lexicons.bytes() as u64);
            if refused.is_err() {
                // The cutter sees the end of the channel with its next block.
                break;
            }
        }
        let cut = cutting.join().unwrap_or(Err(FileFault::Cut));
        refused.and(cut)
    })?;
    table_reader.finish(&mut table);
    Ok(table)
}

/// Bytes beyond which nothing is told apart.
const MOST_BYTES: f64 = 1e15;

/// The whole part of a number that was held within bounds.
fn whole(number: f64) -> u64 {
    Duration::try_from_secs_f64(number).map_or(0, |seconds| seconds.as_secs())
}

/// What reading a file is bound by.
pub(super) struct Limits<'watch> {
    pub(super) watch: &'watch Watch,
    pub(super) stage: Stage,
    /// Bytes that are taken already.
    pub(super) bytes_before: u64,
}

/// Cuts a file into blocks of rows.
struct Cutter<R> {
    file: R,
    /// What has been read and not yet cut: whole rows and the beginning of one.
    waiting: Vec<u8>,
    is_at_end: bool,
    /// Cells of the header.
    fields: usize,
    /// Lines before what is waiting.
    lines: u64,
    rows: u64,
}

impl<R: Read> Cutter<R> {
    fn new(file: R) -> Result<Self, FileFault> {
        let mut cutter = Self { file, waiting: Vec::new(), is_at_end: false, fields: 0, lines: 0, rows: 0 };
        cutter.fill()?;
        Ok(cutter)
    }

    /// Reads on until a block is waiting, and one row at least.
    fn fill(&mut self) -> Result<(), FileFault> {
        let mut wanted = BLOCK_BYTES;
        while !self.is_at_end {
            self.waiting.reserve_exact(wanted.saturating_sub(self.waiting.len()));
            let missing = wanted.saturating_sub(self.waiting.len()) as u64;
            let read = self.file.by_ref().take(missing).read_to_end(&mut self.waiting)?;
            self.is_at_end = (read as u64) < missing;
            if memchr::memrchr(b'\n', &self.waiting).is_some() || wanted >= LONGEST_ROW {
                break;
            }
            wanted *= 2;
        }
        Ok(())
    }

    /// Cuts the header off the front: one row, whatever else it holds.
    fn header(&mut self) -> Result<Vec<String>, FileFault> {
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(self.waiting.as_slice());
        let mut record = ::csv::ByteRecord::new();
        reader.read_byte_record(&mut record)?;
        let name = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(name) => Ok(name.trim_start_matches('\u{feff}').trim().to_owned()),
            Err(_) => Err(FileFault::NotUtf8 { line: 1 }),
        };
        let header = record.iter().map(name).collect::<Result<Vec<_>, _>>()?;
        let position = reader.position();
        let end = usize::try_from(position.byte()).unwrap_or(usize::MAX).min(self.waiting.len());
        self.lines = position.line() - 1;
        self.waiting.drain(..end);
        self.fields = header.len();
        Ok(header)
    }

    /// Cuts what is behind the header.
    fn cut(mut self, blocks: &mpsc::SyncSender<Block>) -> Result<(), FileFault> {
        loop {
            let end = if self.is_at_end {
                Some(self.waiting.len())
            } else {
                memchr::memrchr(b'\n', &self.waiting).map(|end| end + 1)
            };
            let whole = end.and_then(|end| self.waiting.get(..end));
            if !whole.is_some_and(is_plain) {
                return self.cut_quoted(blocks);
            }
            let end = end.unwrap_or(0);
            let rest = self.waiting.split_off(end);
            let text = std::mem::replace(&mut self.waiting, rest);
            if !text.is_empty() {
                let block = self.cut_plain(text)?;
                // The other end is gone only when the process ends.
                if block.rows() > 0 && blocks.send(block).is_err() {
                    return Ok(());
                }
            }
            if self.is_at_end {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Cuts whole rows without quotes.
    fn cut_plain(&mut self, text: Vec<u8>) -> Result<Block, FileFault> {
        let text = String::from_utf8(text).map_err(|fault| {
            let valid = fault.as_bytes().get(..fault.utf8_error().valid_up_to()).unwrap_or_default();
            FileFault::NotUtf8 { line: self.lines + 1 + memchr::memchr_iter(b'\n', valid).count() as u64 }
        })?;
        let bytes = text.as_bytes();
        let mut beginnings = Vec::with_capacity(text.len() / 128);
        let mut ends = Vec::with_capacity(text.len() / 8);
        let (mut beginning, mut cells) = (0, 0);
        let last = if text.ends_with('\n') { None } else { Some(text.len()) };
        for end in memchr::memchr2_iter(b',', b'\n', bytes).chain(last) {
            cells += 1;
            if bytes.get(end) == Some(&b',') {
                ends.push(narrow(end));
                continue;
            }
            self.lines += 1;
            let is_carriage = end > beginning && bytes.get(end - 1) == Some(&b'\r');
            let row_end = if is_carriage { end - 1 } else { end };
            // An empty line is no row.
            if row_end > beginning {
                if cells != self.fields {
                    return Err(FileFault::Fields { line: self.lines, found: cells, expected: self.fields });
                }
                beginnings.push(narrow(beginning));
                ends.push(narrow(row_end));
            }
            (beginning, cells) = (end + 1, 0);
        }
        self.count(beginnings.len() as u64)?;
        Ok(Block::of_text(text, beginnings, ends, self.fields))
    }

    fn count(&mut self, rows: u64) -> Result<(), FileFault> {
        self.rows += rows;
        if self.rows > MOST_ROWS { Err(FileFault::TooLong) } else { Ok(()) }
    }

    /// Cuts everything that is left, quotes and all.
    fn cut_quoted(mut self, blocks: &mpsc::SyncSender<Block>) -> Result<(), FileFault> {
        let (fields, lines) = (self.fields, self.lines);
        let waiting = std::mem::take(&mut self.waiting);
        let rest = Cursor::new(waiting).chain(self.file.by_ref());
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 18)
            .from_reader(rest);
        let mut record = ::csv::ByteRecord::new();
        let mut block = Block::new(fields);
        let mut rows = self.rows;
        while reader.read_byte_record(&mut record)? {
            let line = lines + record.position().map_or(0, ::csv::Position::line);
            if record.len() != fields {
                return Err(FileFault::Fields { line, found: record.len(), expected: fields });
            }
            rows += 1;
            if rows > MOST_ROWS {
                return Err(FileFault::TooLong);
            }
            let text =
                std::str::from_utf8(record.as_slice()).map_err(|_fault| FileFault::NotUtf8 { line })?;
            block.add(
                text,
                (0..fields).map(|field| record.range(field).map_or(text.len(), |range| range.end)),
            );
            if block.bytes() >= BLOCK_BYTES {
                let full = std::mem::replace(&mut block, Block::new(fields));
                if blocks.send(full).is_err() {
                    return Ok(());
                }
            }
        }
        if block.rows() > 0 {
            // The other end is gone only when the process ends.
            let _gone = blocks.send(block);
        }
        Ok(())
    }
}

/// Whether rows can be cut as they stand: no quotes, and no line that ends in a carriage return alone.
fn is_plain(text: &[u8]) -> bool {
    let is_line_end = |at: usize| text.get(at + 1).is_none_or(|next| *next == b'\n');
    memchr::memchr(b'"', text).is_none() && memchr::memchr_iter(b'\r', text).all(is_line_end)
}

/// Writes pairs as `left_id,right_id,probability`.
pub(super) fn write_pairs<'ids>(
    pairs: impl Iterator<Item = ((&'ids str, &'ids str), f64)>,
    out: impl Write,
) -> Result<(), FileFault> {
    let mut writer = ::csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(out);
    writer.write_record(["left_id", "right_id", "probability"])?;
    for ((left, right), probability) in pairs {
        writer.write_record([left, right, &format!("{probability:.6}")])?;
    }
    writer.flush()?;
    Ok(())
}

/// Writes clusters as `record_id,cluster_id`.
pub(super) fn write_clusters<'ids>(
    clusters: impl Iterator<Item = (&'ids str, &'ids str)>,
    out: impl Write,
) -> Result<(), FileFault> {
    let mut writer = ::csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(out);
    writer.write_record(["record_id", "cluster_id"])?;
    for (record, cluster) in clusters {
        writer.write_record([record, cluster])?;
    }
    writer.flush()?;
    Ok(())
}
