//! What is said of a file as a whole: why it cannot be taken, and what to know of one that is taken all the same.

use base::Label;
use policy::feeds::{Feed, Heading};
use sheets::{FileFault, Format, Sheet};

use super::header::{Header, LINES_SEARCHED};
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
        /// Why no heading can be found in it, where that can be told.
        oddity: Option<Oddity>,
    },
    /// Under the person's heading stand headings: the table lies on its side, or is a form.
    #[error("{}", self.english())]
    NoList {
        /// What stands there.
        labels: Vec<String>,
    },
}

/// Why a text has no headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// It was read in one encoding and saved in another: 濮撳悕, å§“å.
    Garbled,
    /// Its columns are kept apart by spaces.
    Unseparated,
}

impl Oddity {
    fn english(self) -> &'static str {
        match self {
            Self::Garbled => {
                "Its characters are garbled: it was saved in a wrong encoding. Export it anew as UTF-8 or GB18030. "
            }
            Self::Unseparated => {
                "Nothing separates its columns but spaces: save it as .xlsx, or separate them by commas or tabs. "
            }
        }
    }

    fn chinese(self) -> &'static str {
        match self {
            Self::Garbled => "文件里是乱码，是用错编码存的：请从原系统重新导出，存成 UTF-8 或 GB18030。",
            Self::Unseparated => "各列之间只有空格：请另存为 .xlsx，或用逗号、制表符分隔。",
        }
    }

    /// What is odd of the first lines of `sheet`.
    fn of(sheet: &Sheet, feed: &Feed) -> Option<Self> {
        let (mut latin, mut others) = (0, 0);
        for row in sheet.rows().take(LINES_JUDGED) {
            let filled: Vec<&str> =
                row.cells().map(|cell| cell.text.trim()).filter(|text| !text.is_empty()).collect();
            if filled.iter().any(|text| MISREAD.iter().any(|word| text.contains(word))) {
                return Some(Self::Garbled);
            }
            let letters = filled.iter().flat_map(|text| text.chars()).filter(|letter| !letter.is_ascii());
            for letter in letters {
                if matches!(letter, '\u{80}'..='\u{ff}' | '\u{fffd}') { latin += 1 } else { others += 1 }
            }
            if let [only] = filled.as_slice() {
                let is_heading = |word: &&str| feed.named(&Heading::of(word)).is_some();
                if only.split_whitespace().filter(is_heading).count() >= HEADINGS_IN_A_CELL {
                    return Some(Self::Unseparated);
                }
            }
        }
        (latin >= GARBLED_AT_LEAST && latin > others).then_some(Self::Garbled)
    }
}

/// Whether nothing but spaces separates the columns of `sheet`: all headings stand in one cell.
pub(super) fn is_unseparated(sheet: &Sheet, feed: &Feed) -> bool {
    Oddity::of(sheet, feed) == Some(Oddity::Unseparated)
}

/// Lines from the start by which it is judged what is odd of a file.
const LINES_JUDGED: usize = 40;
/// 姓名 and 身份证 in UTF-8, read as GB18030.
const MISREAD: [&str; 2] = ["濮撳悕", "韬唤璇"];
/// Letters of European languages, as UTF-8 shows when it is read so, that make a Chinese table a garbled one.
const GARBLED_AT_LEAST: usize = 24;
/// Headings in one cell that are no heading.
const HEADINGS_IN_A_CELL: usize = 2;

impl ReadFault {
    /// A name that never changes.
    pub fn key(&self) -> &'static str {
        match self {
            Self::File(fault) => fault.key(),
            Self::Columns { .. } => "columns_missing",
            Self::NoList { .. } => "no_list",
        }
    }

    /// What happened and what to do, in English.
    pub fn english(&self) -> String {
        match self {
            Self::File(fault) => fault.english(),
            Self::NoList { labels } => format!(
                "The table is no list with a line for each person: where the persons should stand, there is {}. It lies on its side, or is a form. Put the headings into the first line, and each person into a line of their own below.",
                labels.join(", ")
            ),
            Self::Columns { missing, seen, place, named_otherwise, oddity } => {
                let named = named_otherwise.map(english_kind).unwrap_or_default();
                let odd = oddity.map(Oddity::english).unwrap_or_default();
                let missing: Vec<&str> = missing.iter().map(|label| label.en.as_str()).collect();
                let found = match place {
                    Some(place) => format!("Line {place} has {}.", seen.join(", ")),
                    None => format!("None of the first {LINES_SEARCHED} lines of the file is a header."),
                };
                format!(
                    "{named}{odd}The file lacks the required column {}. {found} Add the column, or name it as the feed does.",
                    missing.join(" and ")
                )
            }
        }
    }

    /// What happened and what to do, in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::File(fault) => fault.chinese(),
            Self::NoList { labels } => format!(
                "这张表不是一行一人：该写人的地方是列名（{}）。表格像是横放的，或是一人一份的登记表。请改成第一行列名、下面每行一人再报送。",
                labels.join("、")
            ),
            Self::Columns { missing, seen, place, named_otherwise, oddity } => {
                let named = named_otherwise.map(chinese_kind).unwrap_or_default();
                let odd = oddity.map(Oddity::chinese).unwrap_or_default();
                let missing: Vec<&str> = missing.iter().map(|label| label.zh.as_str()).collect();
                let found = match place {
                    Some(place) => format!("第 {place} 行的列有：{}。", seen.join("、")),
                    None => format!("前 {LINES_SEARCHED} 行里没有找到表头。"),
                };
                format!(
                    "{named}{odd}文件缺少必填的列：{}。{found}请补上该列，或把列名改成来源说明里的写法。",
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
    let oddity = sheet.and_then(|sheet| Oddity::of(sheet, feed));
    ReadFault::Columns { missing, seen: seen.unwrap_or_default(), place, named_otherwise, oddity }
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
    if !reading.repeated.is_empty() {
        let list = |between: &str| reading.repeated.join(between);
        notes.push(Label {
            zh: format!(
                "表头里 {} 出现了两次：右边一组没有当作人来读。名单如果左右分成两栏，请把右栏接到左栏下面再报送。",
                list("、")
            ),
            en: format!(
                "The headings {} stand twice: the ones further right were not read as persons. If the list is in two halves side by side, put the right one below the left one and send it again.",
                list(", ")
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
