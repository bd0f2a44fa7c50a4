//! What can be wrong with a file as a whole, and with one row; and the limits.

/// Bounds on what one file may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file, in bytes.
    pub bytes: u64,
    /// Size of what a workbook unpacks to, in bytes (a packed file of 1 MB can hold gigabytes).
    pub unpacked_bytes: u64,
    /// Rows of a sheet.
    pub rows: u32,
    /// Columns of a row.
    pub columns: u32,
    /// Cells of all sheets together.
    pub cells: u64,
    /// Text of one cell, in bytes; a spreadsheet itself allows 32,767 characters.
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            unpacked_bytes: 2 << 30,
            rows: 1_048_576,
            columns: 1_000,
            cells: 40_000_000,
            cell_bytes: 131_072,
        }
    }
}

/// Why a file as a whole cannot be read. Each says what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// There is nothing in it.
    #[error("The file is empty. Export it again and check that it opens with its rows.")]
    Empty,
    /// It is larger than allowed.
    #[error(
        "The file has {bytes} bytes; at most {most_bytes} are taken. Split it, or ask for an export by district."
    )]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        most_bytes: u64,
    },
    /// It unpacks to more than allowed, or has more rows or cells than allowed.
    #[error("The file holds more than {most} {what}. Split it into several.")]
    TooMuch {
        /// What there is too much of: `rows`, `cells`, `unpacked bytes`.
        what: &'static str,
        /// The limit.
        most: u64,
    },
    /// The old binary form of spreadsheets.
    #[error("This is an old .xls workbook (Excel 97-2003). Open it, save it as .xlsx or CSV, and send that.")]
    OldWorkbook,
    /// Locked with a password.
    #[error("The workbook is locked with a password. Save it without one and send it again.")]
    Locked,
    /// A web page, often named .xls.
    #[error(
        "This is a web page that was saved under the name of a table. Open it, save it as .xlsx or CSV, and send that."
    )]
    WebPage,
    /// Another kind of file.
    #[error("This is no table but {what}. Save the list as .xlsx or CSV, and send that.")]
    OtherKind {
        /// What it is, as far as its first bytes tell.
        what: &'static str,
    },
    /// It cannot be read, and is of another kind than its name says.
    #[error("The name of the file ends in .{ending}, and it is of another type. {fault}")]
    NamedOtherwise {
        /// How its name ends.
        ending: String,
        /// What it is, and what to do.
        fault: Box<FileFault>,
    },
    /// It begins like a workbook and cannot be read to its end.
    #[error("The workbook is damaged and cannot be read. Open it, save it again, and send that.")]
    Damaged,
}

impl FileFault {
    /// A name that never changes, for interfaces and journals.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TooLarge { .. } => "file_too_large",
            Self::TooMuch { .. } => "file_too_much",
            Self::OldWorkbook => "file_old_workbook",
            Self::Locked => "file_locked",
            Self::WebPage => "file_web_page",
            Self::OtherKind { .. } => "file_other_kind",
            Self::NamedOtherwise { fault, .. } => fault.key(),
            Self::Damaged => "file_damaged",
        }
    }

    /// What happened and what to do, in English.
    pub fn english(&self) -> String {
        self.to_string()
    }

    /// What happened and what to do, in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::Empty => "文件是空的。请重新导出，并确认打开后能看到数据行。".into(),
            Self::TooLarge { bytes, most_bytes } => {
                format!("文件有 {bytes} 字节，最多可收 {most_bytes} 字节。请拆分文件，或按区导出。")
            }
            Self::TooMuch { what, most } => {
                let what = match *what {
                    "rows" => "行",
                    "cells" => "个单元格",
                    _ => "字节（解压后）",
                };
                format!("文件内容超过 {most} {what}。请拆成几个文件。")
            }
            Self::OldWorkbook => {
                "这是旧版 .xls 工作簿（Excel 97-2003）。请打开后另存为 .xlsx 或 CSV 再上传。".into()
            }
            Self::Locked => "工作簿设有密码。请去掉密码另存后再上传。".into(),
            Self::WebPage => {
                "这是以表格名字保存的网页（或 XML）。请打开后另存为 .xlsx 或 CSV 再上传。".into()
            }
            Self::OtherKind { what } => {
                format!("这不是表格，看来是{}。请把名单另存为 .xlsx 或 CSV 再上传。", chinese_kind(what))
            }
            Self::NamedOtherwise { ending, fault } => {
                format!("文件名的后缀是 .{ending}，内容却是另一种类型。{}", fault.chinese())
            }
            Self::Damaged => "工作簿已损坏，无法读取。请打开后重新保存再上传。".into(),
        }
    }
}

/// The Chinese word for a kind of file.
fn chinese_kind(what: &str) -> &'static str {
    match what {
        "a PDF" => "PDF 文档",
        "a picture" => "图片",
        "a text document" => "文字文档",
        "an archive" => "压缩包",
        "an OpenDocument file" => "OpenDocument 文件",
        "a binary workbook" => "二进制工作簿 .xlsb",
        "program data (JSON)" => "程序数据（JSON）",
        _ => "无法识别的二进制文件",
    }
}

/// What is wrong with one row as a line of the file. Whether it has as many fields as the header is judged where the
/// header is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowFault {
    /// Bytes that the file's encoding does not have; they stand as U+FFFD.
    Undecodable,
    /// A cell is longer than the limit, and was cut.
    CellTooLong,
    /// It has more cells than the limit, and was cut.
    TooManyCells,
}
