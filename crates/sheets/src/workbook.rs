//! Workbooks in Office Open XML, through `calamine`.
//!
//! What a spreadsheet shows and what it stores differ: a merged cell shows one value and stores it once; a date is a
//! number with a format; an identity number typed as a number has lost its last digits. Each is told apart here.

use std::io::{Cursor, Read};
use std::panic::AssertUnwindSafe;

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader};

use crate::sheet::SheetBuilder;
use crate::{CellKind, FileFault, Format, Limits, Sheet, Workbook};

/// Most sheets of a workbook that are read.
const MOST_SHEETS: usize = 50;
/// Most merged ranges of a sheet that are honoured, and most cells that one may fill.
const MOST_MERGED: usize = 200_000;

/// How many times its own size a workbook may unpack to; sheets of real lists reach a few dozen.
const MOST_PACKED_TIMES: u64 = 200;
/// How a formula without a value ends.
const UNRECKONED: [&[u8]; 4] = [b"</f><v></v>", b"</f><v/>", b"</f><v />", b"</f></c>"];
/// What a cell shows whose formula has no value.
const NOT_RECKONED: &str = "=?";

/// How much of a workbook's settings is looked at, in bytes.
const MOST_SETTINGS_BYTES: usize = 1 << 20;
/// What a workbook of any size may unpack to, in bytes.
const ALWAYS_UNPACKED_BYTES: u64 = 256 << 20;

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileFault> {
    let signs = unpacks_within(bytes, limits)?;
    // The reader is somebody else's code on a hostile file: if it panics, the file is damaged and the process lives.
    let sheets = std::panic::catch_unwind(AssertUnwindSafe(|| read_sheets(bytes, limits, signs)))
        .unwrap_or(Err(FileFault::Damaged))?;
    Ok(Workbook { format: Format::Xlsx, encoding: None, separator: None, named_otherwise: false, sheets })
}

/// What is known of a workbook before it is read.
#[derive(Debug, Clone, Copy)]
struct Signs {
    /// Whether any sheet has merged cells.
    has_merged: bool,
    /// Whether any sheet may have formulas without a value: a program wrote them that cannot reckon.
    has_unreckoned: bool,
    /// Whether days are counted from 1904: the habit of early Macintoshes, which files keep.
    counts_from_1904: bool,
}

/// Unpacks every part once without keeping it, and stops at the limit: the sizes that an archive declares are only
/// claims.
fn unpacks_within(bytes: &[u8], limits: &Limits) -> Result<Signs, FileFault> {
    let damaged = |_error| FileFault::Damaged;
    // No list packs so well: what does was made to exhaust its reader.
    let of_its_size = (bytes.len() as u64).saturating_mul(MOST_PACKED_TIMES).max(ALWAYS_UNPACKED_BYTES);
    let most = limits.unpacked_bytes.min(of_its_size);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut unpacked = 0_u64;
    let (mut has_merged, mut has_unreckoned) = (false, false);
    let mut settings = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(damaged)?;
        let is_sheet = part.name().is_ok_and(|name| name.contains("worksheets"));
        let is_settings = part
            .name()
            .is_ok_and(|name| name.trim_start_matches('/').eq_ignore_ascii_case("xl/workbook.xml"));
        // What the pieces before ended with, so that a word across two of them is found.
        let mut tail = [0_u8; 16];
        loop {
            let count = part.read(&mut buffer).map_err(|_error| FileFault::Damaged)?;
            let piece = buffer.get(..count).unwrap_or_default();
            unpacked += count as u64;
            if unpacked > most {
                return Err(FileFault::TooMuch { what: "unpacked bytes", most });
            }
            if count == 0 {
                break;
            }
            if is_settings && settings.len() < MOST_SETTINGS_BYTES {
                settings.extend_from_slice(piece);
            }
            if is_sheet && !(has_merged && has_unreckoned) {
                let seam: Vec<u8> = tail.iter().chain(piece.iter().take(16)).copied().collect();
                let has = |word: &[u8]| contains(piece, word) || contains(&seam, word);
                has_merged = has_merged || has(b"<mergeCell ");
                has_unreckoned = has_unreckoned || UNRECKONED.iter().any(|word| has(word));
                let end = piece.len().saturating_sub(16);
                for (kept, byte) in
                    tail.iter_mut().rev().zip(piece.get(end..).unwrap_or_default().iter().rev())
                {
                    *kept = *byte;
                }
            }
        }
    }
    Ok(Signs { has_merged, has_unreckoned, counts_from_1904: counts_from_1904(&settings) })
}

/// What the settings of a workbook say of the day from which it counts: `<workbookPr date1904="1"/>`.
fn counts_from_1904(settings: &[u8]) -> bool {
    let settings = String::from_utf8_lossy(settings);
    let Some((_, value)) = settings.split_once("date1904") else { return false };
    let value = value.trim_start().trim_start_matches('=').trim_start();
    ["\"1\"", "'1'", "\"true\"", "'true'", "\"on\""].iter().any(|yes| value.starts_with(yes))
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    // Sheets are long and the word rare: look for its first byte before comparing.
    let mut rest = bytes;
    while let Some(place) = rest.iter().position(|byte| *byte == b'<') {
        rest = rest.get(place..).unwrap_or_default();
        if rest.starts_with(word) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

fn read_sheets(bytes: &[u8], limits: &Limits, signs: Signs) -> Result<Vec<Sheet>, FileFault> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsxError::Password => FileFault::Locked,
        _ => FileFault::Damaged,
    })?;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .take(MOST_SHEETS)
        .collect();
    let mut sheets = Vec::with_capacity(names.len());
    let mut cells = 0;
    for name in names {
        let mut merged = Vec::new();
        if signs.has_merged {
            merged = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
            merged.truncate(MOST_MERGED);
        }
        let mut builder = SheetBuilder::new(&name, true, limits, cells);
        read_sheet(&mut workbook, &name, (merged, signs.has_unreckoned), &mut builder)?;
        cells = builder.cells();
        let mut sheet = builder.finish();
        sheet.counts_from_1904 = signs.counts_from_1904;
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn read_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    (merged, has_unreckoned): (Vec<Dimensions>, bool),
    builder: &mut SheetBuilder,
) -> Result<(), FileFault> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|_error| FileFault::Damaged)?;
    let mut merged = Merged::new(merged);
    let mut row = GridRow { number: 0, cells: Vec::new() };
    loop {
        let cell = next_cell(&mut reader, has_unreckoned).map_err(|_error| FileFault::Damaged)?;
        let Some(((number, column), value)) = cell else { break };
        let Some((text, kind)) = value else { continue };
        if number < row.number {
            // Rows out of order: no program writes them.
            return Err(FileFault::Damaged);
        }
        if number > row.number {
            row.write_up_to(number, &mut merged, builder)?;
        }
        if column < 16_384 {
            row.cells.push((column, text, kind));
        }
    }
    row.write_up_to(row.number + 1, &mut merged, builder)
}

/// The place of the next cell and what it holds.
type PlacedCell = ((u32, u32), Option<(String, CellKind)>);

/// The next cell. Where formulas may have no value, one that has none is an error: what it stands for is not known.
fn next_cell<R: Read + std::io::Seek>(
    reader: &mut XlsxCellReader<'_, R>,
    has_unreckoned: bool,
) -> Result<Option<PlacedCell>, calamine::XlsxError> {
    if !has_unreckoned {
        let cell = reader.next_cell()?;
        return Ok(cell.map(|cell| (cell.get_position(), text_of(cell.get_value()))));
    }
    let cell = reader.next_cell_with_formula()?;
    Ok(cell.map(|cell| {
        let unreckoned = cell.formula.is_some().then(|| (NOT_RECKONED.to_owned(), CellKind::Error));
        (cell.pos, text_of(&cell.value).or(unreckoned))
    }))
}

/// The row that is being read.
struct GridRow {
    /// Its number, from 0.
    number: u32,
    cells: Vec<(u32, String, CellKind)>,
}

impl GridRow {
    /// Writes this row and the blank ones up to `next`, which becomes the present one. A gap that no list has is the sheet's
    /// emptiness: of it no row is made.
    fn write_up_to(
        &mut self,
        next: u32,
        merged: &mut Merged,
        builder: &mut SheetBuilder,
    ) -> Result<(), FileFault> {
        while self.number < next {
            builder.begin_row(self.number + 1)?;
            merged.fill(self.number, &mut self.cells);
            self.cells.sort_by_key(|(column, _, _)| *column);
            let mut column = 0;
            for (at, text, kind) in self.cells.drain(..) {
                if at < column {
                    continue;
                }
                while column < at && builder.cells_of_row() == column {
                    builder.cell(&[], CellKind::Text)?;
                    column += 1;
                }
                builder.cell(&[&text], kind)?;
                column = at + 1;
            }
            self.number += 1;
            if next - self.number > WIDEST_GAP {
                self.number = next;
            }
        }
        Ok(())
    }
}

/// Blank rows between two lines of a list at most. A cell that was touched by mistake far below, or in the last row of the
/// sheet, does not make lines of all that is above it.
const WIDEST_GAP: u32 = 1_000;

/// Merged ranges that are still to come or under way, in the order of their first rows.
struct Merged {
    coming: std::iter::Peekable<std::vec::IntoIter<Dimensions>>,
    active: Vec<(Dimensions, Option<(String, CellKind)>)>,
}

impl Merged {
    fn new(mut ranges: Vec<Dimensions>) -> Self {
        ranges.retain(|range| {
            range.start.0 <= range.end.0 && range.start.1 <= range.end.1 && range.end.1 < 16_384
        });
        ranges.sort_by_key(|range| range.start);
        Self { coming: ranges.into_iter().peekable(), active: Vec::new() }
    }

    /// Gives each cell of a merged range the value that the range shows. Ranges wider than a header needs are left:
    /// a title across the sheet stays one cell.
    fn fill(&mut self, row: u32, cells: &mut Vec<(u32, String, CellKind)>) {
        self.active.retain(|(range, _)| range.end.0 >= row);
        while let Some(range) = self.coming.next_if(|range| range.start.0 <= row) {
            if range.end.0 < row {
                continue;
            }
            let value = cells.iter().find(|(column, _, _)| *column == range.start.1 && range.start.0 == row);
            let value = value.map(|(_, text, kind)| (text.clone(), *kind));
            self.active.push((range, value));
        }
        for (range, value) in &self.active {
            let Some((text, kind)) = value else { continue };
            if range.end.1 - range.start.1 >= WIDEST_FILLED {
                continue;
            }
            for column in range.start.1..=range.end.1 {
                if !cells.iter().any(|(at, _, _)| *at == column) {
                    cells.push((column, text.clone(), *kind));
                }
            }
        }
    }
}

/// Columns of a merged range from which on it is a title and not a heading of columns.
const WIDEST_FILLED: u32 = 8;

/// The text of a cell and what it held; `None` for an empty one.
fn text_of(value: &DataRef) -> Option<(String, CellKind)> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) => (unescaped(text), CellKind::Text),
        DataRef::SharedString(text) => (unescaped(text), CellKind::Text),
        DataRef::Int(number) => (number.to_string(), CellKind::Number),
        DataRef::Float(number) => (number_text(*number), CellKind::Number),
        DataRef::Bool(truth) => (if *truth { "TRUE" } else { "FALSE" }.to_owned(), CellKind::Truth),
        DataRef::Error(error) => (error.to_string(), CellKind::Error),
        DataRef::DateTime(time) => (date_text(time), CellKind::Date),
        DataRef::DateTimeIso(text) => (text.replace('T', " "), CellKind::Date),
        DataRef::DurationIso(text) => (text.clone(), CellKind::Text),
    })
}

/// All digits of a number, without exponent.
fn number_text(number: f64) -> String {
    if number.is_finite() && number.abs() < 1e25 { format!("{number}") } else { format!("{number:e}") }
}

fn date_text(time: &calamine::ExcelDateTime) -> String {
    // A duration or a time of day alone is no date.
    if time.is_duration() || time.as_f64() < 1.0 {
        return number_text(time.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

/// A text without the escapes by which the format writes control characters: `_x000D_` is a carriage return.
fn unescaped(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find("_x") {
        result.push_str(rest.get(..place).unwrap_or_default());
        let escape = rest.get(place..place + 7).filter(|escape| escape.ends_with('_'));
        let code = escape
            .and_then(|escape| u32::from_str_radix(escape.get(2..6)?, 16).ok())
            .and_then(char::from_u32);
        let (character, length) = code.map_or(("_x".to_owned(), 2), |character| (character.to_string(), 7));
        result.push_str(&character);
        rest = rest.get(place + length..).unwrap_or_default();
    }
    result.push_str(rest);
    result
}
