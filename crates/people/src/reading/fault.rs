//! What is said of a file as a whole: why it cannot be taken, and what to know of one that is taken all the same.

use base::Label;
use policy::feeds::Feed;
use sheets::{FileFault, Format, Sheet};

use super::header::Header;
use super::{OtherSheet, Reading};

/// Most sheets that a note names.
const SHEETS_NAMED: usize = 8;

/// Why a file as a whole cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] FileFault),
    /// It lacks columns without which nothing can be taken, or no line of it is a header.
    #[error("{}", self.english())]
    Columns {
        /// The columns that it lacks, by their labels.
        missing: Vec<Label>,
        /// The line that is most like a header, and its headings; empty when there is none.
        seen: Vec<String>,
        /// The place of that line.
        place: Option<u32>,
        /// What the file is, if its name promises another kind.
        named_otherwise: Option<Format>,
    },
}

impl ReadFault {
    /// A name that never changes.
    pub fn key(&self) -> &'static str {
        match self {
            Self::File(fault) => fault.key(),
            Self::Columns { .. } => "columns_missing",
        }
    }

    /// What happened and what to do, in English.
    pub fn english(&self) -> String {
        match self {
            Self::File(fault) => fault.english(),
            Self::Columns { missing, seen, place, named_otherwise } => {
                let named = named_otherwise.map(english_kind).unwrap_or_default();
                let missing: Vec<&str> = missing.iter().map(|label| label.en.as_str()).collect();
                let found = match place {
                    Some(place) => format!("Line {place} has {}.", seen.join(", ")),
                    None => "No line of the file is a header.".to_owned(),
                };
                format!(
                    "{named}The file lacks the required column {}. {found} Add the column, or name it as the feed does.",
                    missing.join(" and ")
                )
            }
        }
    }

    /// What happened and what to do, in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::File(fault) => fault.chinese(),
            Self::Columns { missing, seen, place, named_otherwise } => {
                let named = named_otherwise.map(chinese_kind).unwrap_or_default();
                let missing: Vec<&str> = missing.iter().map(|label| label.zh.as_str()).collect();
                let found = match place {
                    Some(place) => format!("第 {place} 行的列有：{}。", seen.join("、")),
                    None => "文件里没有找到表头。".to_owned(),
                };
                format!(
                    "{named}文件缺少必填的列：{}。{found}请补上该列，或把列名改成来源说明里的写法。",
                    missing.join("、")
                )
            }
        }
    }
}

/// What is said first of a file whose name promises another kind: most often it is not the list at all.
fn english_kind(is: Format) -> &'static str {
    match is {
        Format::Delimited => {
            "The file is of another type than its name says: it is no workbook but plain text, and was read as CSV. If a workbook was meant, open it in a spreadsheet, save it as .xlsx, and send that. "
        }
        Format::Xlsx => {
            "The file is of another type than its name says: it is an XLSX workbook, and was read as one. If another list was meant, send that; else name it .xlsx. "
        }
    }
}

/// See [`english_kind`].
fn chinese_kind(is: Format) -> &'static str {
    match is {
        Format::Delimited => {
            "文件类型与后缀不符：它不是工作簿，而是纯文本，已按 CSV 读取。如果要报的是工作簿，请用表格软件打开后另存为 .xlsx 再上传。"
        }
        Format::Xlsx => {
            "文件类型与后缀不符：它是 XLSX 工作簿，已按工作簿读取。如果选错了文件请重选，否则请把后缀改为 .xlsx。"
        }
    }
}

/// The fault of a file that has no header, or whose header lacks what the feed requires.
pub(super) fn missing_columns(
    feed: &Feed,
    header: Option<&Header>,
    sheet: Option<&Sheet>,
    named_otherwise: Option<Format>,
) -> ReadFault {
    let nothing = Header { first: 0, last: 0, columns: Vec::new(), fields: 0, name: None, identity: None };
    let lacking = header.unwrap_or(&nothing).lacks(feed);
    let missing = lacking
        .iter()
        .filter_map(|index| feed.columns.get(*index))
        .map(|column| column.label.clone())
        .collect();
    let seen = header.map(|header| {
        header
            .columns
            .iter()
            .map(|column| column.text.clone())
            .filter(|text| !text.is_empty())
            .take(30)
            .collect()
    });
    let place = header.zip(sheet).and_then(|(header, sheet)| sheet.row(header.first)).map(|row| row.place);
    ReadFault::Columns { missing, seen: seen.unwrap_or_default(), place, named_otherwise }
}

/// See [`Reading::notes`].
pub(super) fn notes(reading: &Reading) -> Vec<Label> {
    let mut notes = Vec::new();
    if reading.named_otherwise {
        let form = match reading.format {
            Format::Xlsx => "XLSX",
            Format::Delimited => "CSV",
        };
        notes.push(Label {
            zh: format!("文件名的后缀与内容不符：内容是 {form}，已按 {form} 读取。下次请按内容命名。"),
            en: format!(
                "The file is not what its name says: it was read as {form}, which it is. Name it so next time."
            ),
        });
    }
    if !reading.other_sheets.is_empty() {
        let lines = |sheet: &OtherSheet, unit: &str| format!("{} ({} {unit})", sheet.name, sheet.lines);
        let list = |unit: &str, between: &str| {
            let sheets = reading.other_sheets.iter().take(SHEETS_NAMED).map(|sheet| lines(sheet, unit));
            sheets.collect::<Vec<_>>().join(between)
        };
        let read = |between: &str| reading.sheet_names.join(between);
        notes.push(Label {
            zh: format!(
                "只读了工作表 {}；另有工作表未读：{}，因为没有同样的表头。要报送的行请都放在有表头的表里。",
                read("、"),
                list("行", "、")
            ),
            en: format!(
                "Only the sheet {} was read; not read, for want of the same header: {}. Put all rows to be sent below a header.",
                read(", "),
                list("lines", ", ")
            ),
        });
    }
    if reading.is_header_only() {
        notes.push(Label {
            zh: "文件只有表头，没有数据行；原有的行都不动。请确认导出是否完整。".to_owned(),
            en: "The file has a header and no row; nothing that is held changes. Check that the export is whole."
                .to_owned(),
        });
    }
    notes
}
