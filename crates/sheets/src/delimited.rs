//! Lines of fields: which separator, where a record starts and ends, what a stray quotation mark means.
//!
//! Written by hand because a reader of well-formed files loses what counts here: blank lines, the physical line of
//! each record, and the rest of the file behind one quotation mark that nobody closed.

use crate::encoding::{Decoded, decode};
use crate::sheet::SheetBuilder;
use crate::{CellKind, FileFault, Format, Limits, RowFault, Workbook};

/// Separators, the likeliest first.
const SEPARATORS: [char; 4] = [',', '\t', ';', '|'];
/// What separates fields only where nothing else does: it stands in texts too.
const WIDE_COMMA: char = '，';
/// Lines from the start by which the separator is told.
const SAMPLE_LINES: usize = 400;
/// How far a quoted field may reach: beyond it the quotation mark was never closed.
const QUOTED_LINES: usize = 64;

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileFault> {
    let Decoded { text, encoding, broken_lines } = decode(bytes);
    let separator = separator_of(&text);
    let mut builder = SheetBuilder::new("", false, limits, 0);
    let mut broken = broken_lines.iter().copied().peekable();
    let mut reader = Records { rest: &text, line: 1, separator };
    while !reader.rest.is_empty() {
        builder.begin_row(reader.line)?;
        let first_line = reader.line;
        reader.record(&mut builder)?;
        while broken.next_if(|line| *line < first_line).is_some() {}
        if broken.next_if(|line| *line < reader.line).is_some() {
            builder.fault(RowFault::Undecodable);
        }
    }
    Ok(Workbook {
        format: Format::Delimited,
        encoding: Some(encoding),
        separator: Some(separator),
        named_otherwise: false,
        sheets: vec![builder.finish()],
    })
}

/// What is left of a text, cut into records from its front.
struct Records<'a> {
    rest: &'a str,
    /// Physical line of what is left, from 1.
    line: u32,
    separator: char,
}

impl Records<'_> {
    /// Takes one record off the front and puts its fields into the present row.
    fn record(&mut self, builder: &mut SheetBuilder) -> Result<(), FileFault> {
        // A blank line is a record without fields.
        if let Some(rest) = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n')) {
            self.rest = rest;
            self.line += 1;
            return Ok(());
        }
        loop {
            let after = if let Some((inner, after)) = quoted_field(self.rest, self.separator) {
                self.line += u32::try_from(inner.matches('\n').count()).unwrap_or(u32::MAX);
                builder.cell(&quoted_pieces(inner), CellKind::Text)?;
                after
            } else {
                let end = self.rest.find([self.separator, '\n']).unwrap_or(self.rest.len());
                let (field, after) = self.rest.split_at(end);
                builder.cell(&[field.strip_suffix('\r').unwrap_or(field)], CellKind::Text)?;
                after
            };
            let mut characters = after.chars();
            let next = characters.next();
            self.rest = characters.as_str();
            if next != Some(self.separator) {
                self.line += 1;
                return Ok(());
            }
        }
    }
}

/// The text between the quotation marks of a quoted field at the front of `text`, still with doubled marks, and what
/// follows (a separator, a line end or nothing). `None` when the field is not quoted, or the mark is a stray one.
fn quoted_field(text: &str, separator: char) -> Option<(&str, &str)> {
    let inner = text.trim_start_matches(' ').strip_prefix('"')?;
    let mut lines = 0;
    let mut places = inner.char_indices().peekable();
    while let Some((place, character)) = places.next() {
        match character {
            '\n' => {
                lines += 1;
                if lines > QUOTED_LINES {
                    return None;
                }
            }
            '"' => {
                let rest = inner.get(place + 1..)?;
                if rest.starts_with('"') {
                    places.next();
                    continue;
                }
                let after = rest.trim_start_matches(' ');
                let after = after
                    .strip_prefix('\r')
                    .filter(|after| after.starts_with('\n') || after.is_empty())
                    .unwrap_or(after);
                if after.is_empty() || after.starts_with(['\n', separator]) {
                    return Some((inner.get(..place)?, after));
                }
                // A mark in the middle of a later line opens another field: this one was never closed.
                if lines > 0 {
                    return None;
                }
            }
            _ => {}
        }
    }
    None
}

/// The pieces of a quoted text, each doubled mark made single by leaving its second half out.
fn quoted_pieces(inner: &str) -> Vec<&str> {
    let mut pieces = Vec::with_capacity(1);
    let mut rest = inner;
    while let Some(place) = rest.find("\"\"") {
        pieces.push(rest.get(..=place).unwrap_or_default());
        rest = rest.get(place + 2..).unwrap_or_default();
    }
    pieces.push(rest);
    pieces
}

/// The separator that makes the most cuts in lines that agree on how many fields they have: one header of nine
/// columns says more than two remarks with a stroke in them.
fn separator_of(text: &str) -> char {
    // What a spreadsheet is told by the first line: sep=;
    if let Some(named) =
        text.strip_prefix("sep=").and_then(|rest| rest.chars().next()).filter(|c| SEPARATORS.contains(c))
    {
        return named;
    }
    let mut best = ((false, 0, 0), ',');
    for separator in SEPARATORS {
        let mut counts: Vec<usize> = Vec::new();
        let mut lines = 0;
        let mut reader = Records { rest: text, line: 1, separator };
        let limits = Limits { rows: u32::MAX, ..Limits::default() };
        let mut builder = SheetBuilder::new("", false, &limits, 0);
        for _ in 0..SAMPLE_LINES {
            if reader.rest.is_empty() || builder.begin_row(1).is_err() || reader.record(&mut builder).is_err()
            {
                break;
            }
            counts.push(builder.cells_of_row() as usize);
            lines += usize::from(builder.cells_of_row() > 0);
        }
        counts.retain(|count| *count > 1);
        counts.sort_unstable();
        // The first separator wins a tie.
        for group in counts.chunk_by(|one, other| one == other) {
            let fields = group.first().copied().unwrap_or(0);
            // One on which all lines agree, the header too, goes before any on which only the rows do.
            let is_agreed = group.len() == lines && lines > 1;
            let score = (is_agreed, group.len() * fields.saturating_sub(1), group.len());
            if score > best.0 {
                best = (score, separator);
            }
        }
    }
    match best {
        // Typed with a Chinese keyboard all through.
        ((_, 0, _), _) if text.lines().take(2).all(|line| line.contains(WIDE_COMMA)) => WIDE_COMMA,
        (_, separator) => separator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let workbook = read(text.as_bytes(), &Limits::default()).unwrap();
        workbook.sheets[0]
            .rows()
            .map(|row| (row.place, row.cells().map(|cell| cell.text.to_owned()).collect()))
            .collect()
    }

    fn fields(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn records_carry_the_physical_line_where_they_start() {
        let text = "a,b\r\n\"1\n2\",x\r\n\n3,\"say \"\"no\"\"\"\n,\n4,5";
        assert_eq!(
            rows(text),
            [
                (1, fields(&["a", "b"])),
                (2, fields(&["1\n2", "x"])),
                (4, vec![]),
                (5, fields(&["3", "say \"no\""])),
                (6, fields(&["", ""])),
                (7, fields(&["4", "5"])),
            ]
        );
    }

    #[test]
    fn a_mark_that_nobody_closed_spoils_one_line_only() {
        let text = "a,b\n\"1,x\n2,\"y\"\n3,z\n";
        assert_eq!(
            rows(text),
            [
                (1, fields(&["a", "b"])),
                (2, fields(&["\"1", "x"])),
                (3, fields(&["2", "y"])),
                (4, fields(&["3", "z"]))
            ]
        );
        assert_eq!(rows("a,b\n5\" pipe,x\n")[1].1, fields(&["5\" pipe", "x"]));
        assert_eq!(rows("a,b\n\"5\" pipe\",x\n")[1].1, fields(&["5\" pipe", "x"]));
        assert_eq!(rows("a,b\n1,\"x\n").len(), 2);
    }

    #[test]
    fn the_separator_is_told_by_the_lines() {
        for (text, separator) in [
            ("姓名;地址\n张三;南山,桃源\n李四;南山,西丽\n", ';'),
            ("姓名\t地址\n张三\t南山,桃源\n", '\t'),
            ("姓名,地址\n张三,\"南山;桃源;长源\"\n李四,b\n", ','),
            ("标题\n姓名|地址\n张三|b\n", '|'),
            ("姓名\n张三\n", ','),
            ("sep=;\n姓名;地址\n", ';'),
            ("姓名;地址\n张三;a,b,c\n李四;d,e,f\n", ';'),
            ("姓名，地址\n张三，a\n", '，'),
            ("姓名\n张三，李四\n", ','),
            ("序号,姓名,学校,班级\n|\n|\n", ','),
        ] {
            assert_eq!(separator_of(text), separator, "{text}");
        }
    }

    #[test]
    fn broken_bytes_are_a_fault_of_their_row() {
        let bytes = [b"a,b\n\"1\n".as_slice(), b"\xff\",x\n2,y\n", "李四,z\n".as_bytes()].concat();
        let workbook = read(&bytes, &Limits::default()).unwrap();
        let faults: Vec<(u32, bool)> =
            workbook.sheets[0].rows().map(|row| (row.place, row.fault.is_some())).collect();
        assert_eq!(faults, [(1, false), (2, true), (4, false), (5, false)]);
    }

    #[test]
    fn limits_hold() {
        let limits = Limits { rows: 2, columns: 2, cells: 5, cell_bytes: 4, ..Limits::default() };
        assert_eq!(read(b"a\nb\nc\n", &limits).unwrap_err(), FileFault::TooMuch { what: "rows", most: 2 });
        let workbook = read("a,b,c\n张三李四,d\n".as_bytes(), &limits).unwrap();
        let faults: Vec<_> = workbook.sheets[0].rows().map(|row| row.fault).collect();
        assert_eq!(faults, [Some(RowFault::TooManyCells), Some(RowFault::CellTooLong)]);
        assert_eq!(workbook.sheets[0].row(1).unwrap().cell(0).text, "张");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic_and_places_rise(bytes in prop::collection::vec(prop::sample::select(b"a1,;\t\"\r\n \xff\xe5\xa7\x93".to_vec()), 0..200)) {
            if let Ok(workbook) = read(&bytes, &Limits::default()) {
                let places: Vec<u32> = workbook.sheets[0].rows().map(|row| row.place).collect();
                prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
            }
        }

        /// What is written by the rules is read back as it was.
        #[test]
        fn quoted_fields_come_back(table in prop::collection::vec(prop::collection::vec("[a-z张,;\"\n ]{0,8}", 3), 1..20)) {
            let text: String = table.iter().map(|row| {
                let fields: Vec<String> = row.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
                fields.join(",") + "\n"
            }).collect();
            let limits = Limits::default();
            let mut reader = Records { rest: &text, line: 1, separator: ',' };
            let mut builder = SheetBuilder::new("", false, &limits, 0);
            while !reader.rest.is_empty() {
                builder.begin_row(reader.line).unwrap();
                reader.record(&mut builder).unwrap();
            }
            let read: Vec<Vec<String>> = builder.finish().rows().map(|row| row.cells().map(|cell| cell.text.to_owned()).collect()).collect();
            prop_assert_eq!(read, table);
        }
    }
}
