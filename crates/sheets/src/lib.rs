//! Engine: the bytes of a spreadsheet to rows, each with its place in the file and what is wrong with it.
//!
//! What belongs here: recognising a file by its bytes, its encoding and separator; rows and cells with their places;
//! limits, so that a hostile file is refused and never exhausts the machine. What a column means, which line is the header
//! and which row is good is judged elsewhere: this engine never fails on a row, it says what it found.

mod delimited;
mod encoding;
mod fault;
mod format;
mod sheet;
mod workbook;

pub use encoding::Encoding;
pub use fault::{FileFault, Limits, RowFault};
pub use format::Format;
pub use sheet::{Cell, CellKind, Row, Sheet, Workbook};

/// Reads a file: comma-, semicolon- or tab-separated text (UTF-8, UTF-16, GB18030) or an XLSX workbook,
/// recognised by its bytes; `file_name` only serves to say when it promises something else.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Workbook, FileFault> {
    read_within(bytes, file_name, &Limits::default())
}

/// [`read`] with other limits than the default ones.
pub fn read_within(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Workbook, FileFault> {
    if bytes.len() as u64 > limits.bytes {
        return Err(FileFault::TooLarge { bytes: bytes.len() as u64, most_bytes: limits.bytes });
    }
    let format = format::recognise(bytes).map_err(|fault| format::named(fault, file_name))?;
    let mut workbook = match format {
        Format::Delimited => delimited::read(bytes, limits)?,
        Format::Xlsx => workbook::read(bytes, limits)?,
    };
    workbook.named_otherwise = format.is_named_otherwise(file_name);
    if workbook.sheets.iter().all(Sheet::is_blank) {
        return Err(FileFault::Empty);
    }
    Ok(workbook)
}
