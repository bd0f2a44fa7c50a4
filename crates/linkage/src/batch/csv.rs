//! CSV in and out.

use std::io::{Read, Write};
use std::sync::mpsc;

use super::FileFault;
use crate::model::Model;
use crate::table::{Block, Lexicons, Table, TableReader};

/// Bytes of text in one block: large enough to share the work out, small beside the tables.
const BLOCK_BYTES: usize = 4 << 20;
/// Blocks that wait to be read.
const BLOCKS_WAITING: usize = 2;
/// Most rows of one file: row numbers have 32 bits.
const MOST_ROWS: u64 = u32::MAX as u64 - 1;

/// Reads a CSV file: UTF-8, with a header, the id in the first column. Rows are cut into cells on one thread while
/// others read the cells of the block before. `bytes` is the size of the file, where it is known: tables are made large
/// enough at once.
pub(super) fn read(
    model: &Model,
    lexicons: &mut Lexicons,
    file: impl Read + Send,
    bytes: Option<u64>,
) -> Result<Table, FileFault> {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).buffer_capacity(1 << 18).from_reader(file);
    let header: Vec<String> =
        reader.headers()?.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
    let mut table_reader =
        TableReader::new(model, &header, 0).map_err(|fault| FileFault::Header { known: fault.known })?;
    let mut table = table_reader.table();
    let mut expected = bytes;
    let (sender, receiver) = mpsc::sync_channel::<Block>(BLOCKS_WAITING);
    std::thread::scope(|scope| {
        let cutter = scope.spawn(move || cut(&mut reader, header.len(), &sender));
        for block in receiver {
            if let Some(bytes) = expected.take() {
                let rows = bytes.saturating_mul(block.rows() as u64) / (block.bytes() as u64).max(1);
                table_reader.expect(
                    usize::try_from(rows.min(MOST_EXPECTED)).unwrap_or(0),
                    lexicons,
                    &mut table,
                );
            }
            table_reader.read(block, lexicons, &mut table);
        }
        cutter.join().unwrap_or(Err(FileFault::Cut))
    })?;
    table_reader.finish(lexicons, &mut table);
    Ok(table)
}

/// Most rows that room is made for before they are there: a file's size is only a hint.
const MOST_EXPECTED: u64 = 1 << 24;

/// Cuts rows into cells, block by block.
fn cut<R: Read>(
    reader: &mut ::csv::Reader<R>,
    fields: usize,
    blocks: &mpsc::SyncSender<Block>,
) -> Result<(), FileFault> {
    let mut record = ::csv::ByteRecord::new();
    let mut block = Block::new(fields);
    let mut rows = 0_u64;
    while reader.read_byte_record(&mut record)? {
        let line = record.position().map_or(0, ::csv::Position::line);
        if record.len() != fields {
            return Err(FileFault::Fields { line, found: record.len(), expected: fields });
        }
        rows += 1;
        if rows > MOST_ROWS {
            return Err(FileFault::TooLong);
        }
        let text = std::str::from_utf8(record.as_slice()).map_err(|_fault| FileFault::NotUtf8 { line })?;
        block.add(text, (0..fields).map(|field| record.range(field).map_or(text.len(), |range| range.end)));
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
