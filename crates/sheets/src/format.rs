//! Recognising a file by its bytes. Names lie: a workbook is called .csv, a web page .xls.

use crate::FileFault;

/// The kinds of file that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Lines of fields with a separator.
    Delimited,
    /// An Office Open XML workbook.
    Xlsx,
}

impl Format {
    /// A name that never changes.
    pub fn key(self) -> &'static str {
        match self {
            Self::Delimited => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Whether `file_name` ends like another kind of file.
    pub(crate) fn is_named_otherwise(self, file_name: &str) -> bool {
        let Some(ending) = ending(file_name) else { return false };
        let fitting: &[&str] = match self {
            Self::Delimited => &["csv", "txt", "tsv"],
            Self::Xlsx => &["xlsx", "xlsm"],
        };
        !fitting.iter().any(|known| known.eq_ignore_ascii_case(ending))
    }
}

/// The ending of `file_name`, if it is short enough to be one.
pub(crate) fn ending(file_name: &str) -> Option<&str> {
    let (_, ending) = file_name.rsplit_once('.')?;
    let is_one = (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_one.then_some(ending)
}

/// `fault`, with the word that the name of the file says something else, if it promises a table of another form.
pub(crate) fn named(fault: FileFault, file_name: &str) -> FileFault {
    let Some(ending) = ending(file_name) else { return fault };
    let is = |endings: &[&str]| endings.iter().any(|known| known.eq_ignore_ascii_case(ending));
    let promises_otherwise = match fault {
        FileFault::OldWorkbook => is(&["xlsx", "xlsm", "csv", "txt", "tsv"]),
        FileFault::WebPage | FileFault::OtherKind { .. } => {
            is(&["xlsx", "xlsm", "xls", "et", "csv", "txt", "tsv"])
        }
        _ => false,
    };
    if !promises_otherwise {
        return fault;
    }
    FileFault::NamedOtherwise { ending: ending.to_ascii_lowercase(), fault: Box::new(fault) }
}

/// First bytes of the files that are sent by mistake, and what they are.
const OTHER_KINDS: [(&[u8], &str); 10] = [
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"SQLite format 3", "a binary file"),
];

/// How many bytes from the start are looked at for signs of text.
const SAMPLE_BYTES: usize = 8_192;

/// Control characters in that sample which prove nothing.
const STRAY_CONTROLS: usize = 8;

pub(crate) fn recognise(bytes: &[u8]) -> Result<Format, FileFault> {
    if bytes.iter().all(u8::is_ascii_whitespace) || bytes == b"\xef\xbb\xbf" {
        return Err(FileFault::Empty);
    }
    if bytes.starts_with(b"PK") && bytes.get(2).is_some_and(|third| *third < 9) {
        return recognise_archive(bytes);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        // An encrypted workbook lies in the same container as the old form, under this name in UTF-16.
        let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let locked = bytes.windows(encrypted.len()).any(|window| window == encrypted);
        return Err(if locked { FileFault::Locked } else { FileFault::OldWorkbook });
    }
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    if let Some((_, what)) = OTHER_KINDS.iter().find(|(start, _)| bytes.starts_with(start)) {
        // Two letters alone prove nothing: a table may begin with the column BMI.
        if *what != "a picture" || !bytes.starts_with(b"BM") || sample.contains(&0) {
            return Err(FileFault::OtherKind { what });
        }
    }
    if has_utf16_mark(bytes) || utf16_without_mark(bytes).is_some() {
        return Ok(Format::Delimited);
    }
    if looks_like_a_web_page(sample) {
        return Err(FileFault::WebPage);
    }
    if looks_like_json(sample) {
        return Err(FileFault::OtherKind { what: "program data (JSON)" });
    }
    let controls = sample.iter().filter(|byte| **byte < 9 || (14..32).contains(*byte)).count();
    // A few that a program left in a text make it no binary file.
    if controls > STRAY_CONTROLS && controls * 50 > sample.len() {
        return Err(FileFault::OtherKind { what: "a binary file" });
    }
    Ok(Format::Delimited)
}

pub(crate) fn has_utf16_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

/// One of this many characters at least is plain ASCII in a table: separators, digits, line ends.
const ASCII_SHARE: usize = 16;
/// How many times as many zero bytes must stand on the one side as on the other: 一 has one on the other.
const ZEROS_SHARE: usize = 4;

/// The byte order of a text in UTF-16 that some program wrote without a mark; `None` when it is none. Every ASCII character
/// has a zero byte on one side there.
pub(crate) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    if bytes.len() % 2 == 1 || sample.len() < 4 {
        return None;
    }
    let zeros = |side: usize| sample.chunks_exact(2).filter(|pair| pair.get(side) == Some(&0)).count();
    let (first, second) = (zeros(0), zeros(1));
    let (encoding, ascii, others) = if second > first {
        (encoding_rs::UTF_16LE, second, first)
    } else {
        (encoding_rs::UTF_16BE, first, second)
    };
    if ascii * ASCII_SHARE < sample.len() / 2 || others * ZEROS_SHARE > ascii {
        return None;
    }
    let (text, _malformed) = encoding.decode_without_bom_handling(sample);
    let is_text = |character: char| !character.is_control() || matches!(character, '\t' | '\n' | '\r');
    // The end of the sample may cut a character in two.
    let broken = text.chars().filter(|character| *character == '\u{fffd}').count();
    (broken <= 1 && text.chars().all(is_text)).then_some(encoding)
}

/// What another program reads, with the names of the columns in every row: its first line would pass for a header.
fn looks_like_json(sample: &[u8]) -> bool {
    let text = String::from_utf8_lossy(sample);
    let start: String = text.chars().filter(|character| !character.is_whitespace()).take(3).collect();
    let start = start.trim_start_matches('\u{feff}');
    start.starts_with("[{") || start.starts_with("{\"")
}

fn looks_like_a_web_page(sample: &[u8]) -> bool {
    let text = String::from_utf8_lossy(sample).to_ascii_lowercase();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    // A page that was saved with all that belongs to it (.mht) begins like a letter.
    ["<!doctype", "<html", "<table", "<?xml", "<meta", "<head", "<style", "mime-version:"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

fn recognise_archive(bytes: &[u8]) -> Result<Format, FileFault> {
    let archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|_broken| FileFault::Damaged)?;
    let has = |name: &str| archive.index_for_name(name).is_some();
    // Some programs write other letter cases or a leading slash.
    let has_like = |wanted: &str| {
        archive.file_names().flatten().any(|name| name.trim_start_matches('/').eq_ignore_ascii_case(wanted))
    };
    if has("xl/workbook.xml") || has_like("xl/workbook.xml") {
        Ok(Format::Xlsx)
    } else if has("xl/workbook.bin") {
        Err(FileFault::OtherKind { what: "a binary workbook" })
    } else if has("word/document.xml") {
        Err(FileFault::OtherKind { what: "a text document" })
    } else if has("content.xml") && has("mimetype") {
        Err(FileFault::OtherKind { what: "an OpenDocument file" })
    } else {
        Err(FileFault::OtherKind { what: "an archive" })
    }
}
