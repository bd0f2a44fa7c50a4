//! Tables as departments send them: a title, a header of one line or two, rows, a total, notes, and the bytes of a CSV or
//! XLSX file made of them.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// What a file is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// CSV in GB18030, as a Chinese spreadsheet saves it.
    Gb18030,
    /// CSV in UTF-8 with a byte-order mark.
    Utf8WithMark,
    /// A workbook.
    Xlsx,
}

/// A row with whose it is.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its cells.
    pub cells: Vec<String>,
    /// Place of its person in the city; `None` for a row that is nobody's.
    pub person: Option<usize>,
    /// What was spoilt in it.
    pub slips: Vec<super::Slip>,
}

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Lines above the header: title, who sends it.
    pub above: Vec<String>,
    /// The header's lines. In a header of two, an upper cell stands over the empty ones to its right.
    pub header: Vec<Vec<&'static str>>,
    /// The rows.
    pub lines: Vec<Line>,
    /// Lines below: total, notes, who signed.
    pub below: Vec<String>,
}

impl Table {
    /// The place (sheet row, physical line) of the first row.
    pub(super) fn first_place(&self) -> usize {
        self.above.len() + self.header.len() + 1
    }

    /// The file's bytes.
    pub(super) fn bytes(&self, encoding: Encoding) -> Result<Vec<u8>, XlsxError> {
        match encoding {
            Encoding::Xlsx => self.workbook(),
            Encoding::Utf8WithMark => Ok(format!("\u{feff}{}", self.text()).into_bytes()),
            Encoding::Gb18030 => Ok(encoding_rs::GB18030.encode(&self.text()).0.into_owned()),
        }
    }

    fn width(&self) -> usize {
        self.header.iter().map(Vec::len).max().unwrap_or(1)
    }

    /// Separated text. Lines above and below fill their first field and leave the others empty, as spreadsheets save
    /// them.
    fn text(&self) -> String {
        let width = self.width();
        let mut text = String::new();
        let mut write = |cells: &mut dyn Iterator<Item = &str>| {
            for place in 0..width {
                if place > 0 {
                    text.push(',');
                }
                field(&mut text, cells.next().unwrap_or_default());
            }
            // A row with a field too many, as a comma in an address makes one.
            for cell in cells {
                text.push(',');
                field(&mut text, cell);
            }
            text.push_str("\r\n");
        };
        for line in &self.above {
            write(&mut std::iter::once(line.as_str()));
        }
        for line in &self.header {
            write(&mut line.iter().copied());
        }
        for line in &self.lines {
            write(&mut line.cells.iter().map(String::as_str));
        }
        for line in &self.below {
            write(&mut std::iter::once(line.as_str()));
        }
        text
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // The day of making would differ from run to run.
        let properties = rust_xlsxwriter::DocProperties::new()
            .set_creation_datetime(&rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 1, 1)?);
        workbook.set_properties(&properties);
        let sheet = workbook.add_worksheet();
        let bold = Format::new().set_bold();
        let last = u16::try_from(self.width().saturating_sub(1)).unwrap_or(u16::MAX);
        let mut row = 0;
        for line in &self.above {
            sheet.merge_range(row, 0, row, last, line, &bold)?;
            row += 1;
        }
        for (place, line) in self.header.iter().enumerate() {
            for (column, cell) in (0_u16..).zip(line) {
                if place == 0 && self.header.len() > 1 {
                    let span = u16::try_from(empty_after(line, column)).unwrap_or(0);
                    if span > 0 && !cell.is_empty() {
                        sheet.merge_range(row, column, row, column + span, cell, &bold)?;
                        continue;
                    }
                }
                if !cell.is_empty() {
                    sheet.write_string(row, column, *cell)?;
                }
            }
            row += 1;
        }
        for line in &self.lines {
            for (column, cell) in (0_u16..).zip(&line.cells) {
                match cell.parse::<f64>() {
                    // A number of days is a number in a sheet; a long number is kept as text by whoever knows why.
                    Ok(number) if cell.len() <= 4 => sheet.write_number(row, column, number)?,
                    _ => sheet.write_string(row, column, cell)?,
                };
            }
            row += 1;
        }
        for line in &self.below {
            sheet.write_string(row, 0, line)?;
            row += 1;
        }
        workbook.save_to_buffer()
    }
}

/// How many empty cells follow `column` directly.
fn empty_after(line: &[&str], column: u16) -> usize {
    line.iter().skip(usize::from(column) + 1).take_while(|cell| cell.is_empty()).count()
}

/// One field, quoted where it must be.
fn field(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}
