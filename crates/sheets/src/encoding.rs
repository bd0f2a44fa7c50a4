//! Bytes of a text file to characters, line by line, so that a broken line spoils no other.
//!
//! In GB18030 neither a line end nor a separator nor a quotation mark occurs inside a character, so lines can be
//! cut before decoding; in UTF-8 likewise.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

/// How a text file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    Utf8,
    /// GB18030, which contains GBK and GB2312: what Chinese spreadsheets save as CSV.
    Gb18030,
    /// UTF-16, with a mark (what spreadsheets call Unicode text) or without.
    Utf16,
}

impl Encoding {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Utf16 => "UTF-16",
        }
    }
}

/// A text with the lines in it that could not be decoded.
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: Encoding,
    /// Physical lines, from 1, in order, with bytes that the encoding does not have.
    pub(crate) broken_lines: Vec<u32>,
}

pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    if crate::format::has_utf16_mark(bytes) {
        let encoding = if bytes.starts_with(b"\xff\xfe") { UTF_16LE } else { UTF_16BE };
        return decode_utf16(bytes.get(2..).unwrap_or_default(), encoding);
    }
    if let Some(encoding) = crate::format::utf16_without_mark(bytes) {
        return decode_utf16(bytes, encoding);
    }
    let marked = bytes.strip_prefix(b"\xef\xbb\xbf");
    let body = marked.unwrap_or(bytes);
    let body = &*with_line_feeds(body);
    if let Ok(text) = std::str::from_utf8(body) {
        return Decoded { text: text.to_owned(), encoding: Encoding::Utf8, broken_lines: Vec::new() };
    }
    let encoding = if marked.is_some() || is_mostly_utf8(body) { Encoding::Utf8 } else { Encoding::Gb18030 };
    let mut text = String::with_capacity(body.len() * 3 / 2);
    let mut broken_lines = Vec::new();
    for (number, line) in (1_u32..).zip(body.split_inclusive(|byte| *byte == b'\n')) {
        let whole = match encoding {
            Encoding::Gb18030 => decode_gb18030(line, &mut text),
            _ => decode_utf8(line, &mut text),
        };
        if !whole {
            broken_lines.push(number);
        }
    }
    Decoded { text, encoding, broken_lines }
}

fn decode_utf8(line: &[u8], text: &mut String) -> bool {
    let decoded = String::from_utf8_lossy(line);
    text.push_str(&decoded);
    matches!(decoded, Cow::Borrowed(_))
}

fn decode_gb18030(line: &[u8], text: &mut String) -> bool {
    // A line of UTF-8 in a file of GB18030: two exports were put together.
    if is_surely_utf8(line) {
        return decode_utf8(line, text);
    }
    let (decoded, malformed) = GB18030.decode_without_bom_handling(line);
    text.push_str(&decoded);
    !malformed
}

/// Whether the lines that are no plain ASCII are rather UTF-8 with broken lines than GB18030. Chinese in GB18030 is
/// valid UTF-8 by chance only when very short, so that even a fifth of valid lines is proof.
fn is_mostly_utf8(body: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for line in body.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        match std::str::from_utf8(line) {
            Ok(_) => valid += 1,
            Err(_) => invalid += 1,
        }
    }
    valid * 4 >= invalid
}

/// Whether a line is UTF-8 beyond doubt: valid, with at least four characters of three bytes.
fn is_surely_utf8(line: &[u8]) -> bool {
    !line.is_ascii()
        && std::str::from_utf8(line).is_ok_and(|text| text.chars().filter(|c| c.len_utf8() == 3).count() >= 4)
}

fn decode_utf16(bytes: &[u8], encoding: &'static encoding_rs::Encoding) -> Decoded {
    let (text, _malformed) = encoding.decode_without_bom_handling(bytes);
    let bytes = with_line_feeds(text.as_bytes()).into_owned();
    // Of a text only carriage returns were changed.
    let text = String::from_utf8(bytes).unwrap_or_else(|_never| text.into_owned());
    let broken = (1_u32..).zip(text.split('\n')).filter(|(_, line)| line.contains('\u{fffd}'));
    let broken_lines = broken.map(|(number, _)| number).collect();
    Decoded { text, encoding: Encoding::Utf16, broken_lines }
}

/// Lines that end with a carriage return alone, as on old Macintosh computers, or where two files were put together, end
/// with a line feed. Several before a line feed belong to it.
fn with_line_feeds(body: &[u8]) -> Cow<'_, [u8]> {
    let is_lone = |pair: &[u8]| matches!(pair, [b'\r', next] if !matches!(next, b'\r' | b'\n'));
    if !body.windows(2).any(is_lone) && !body.ends_with(b"\r") {
        return Cow::Borrowed(body);
    }
    let mut changed = Vec::with_capacity(body.len());
    let mut returns = 0;
    for byte in body {
        if *byte == b'\r' {
            returns += 1;
            continue;
        }
        let end = if *byte == b'\n' { b'\r' } else { b'\n' };
        changed.extend(std::iter::repeat_n(end, returns));
        changed.push(*byte);
        returns = 0;
    }
    changed.extend(std::iter::repeat_n(b'\n', returns));
    Cow::Owned(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn each_encoding_is_told() {
        let text = "姓名,地址\n张一三,南山区\n";
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8),
            (gb(text), Encoding::Gb18030),
            (
                [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
                Encoding::Utf16,
            ),
            (
                [vec![0xfe, 0xff], text.encode_utf16().flat_map(u16::to_be_bytes).collect()].concat(),
                Encoding::Utf16,
            ),
            (text.encode_utf16().flat_map(u16::to_le_bytes).collect(), Encoding::Utf16),
            (text.encode_utf16().flat_map(u16::to_be_bytes).collect(), Encoding::Utf16),
        ] {
            let decoded = decode(&bytes);
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
            assert!(decoded.broken_lines.is_empty());
        }
    }

    #[test]
    fn a_broken_line_spoils_no_other() {
        let decoded =
            decode(&[b"\xe5\xa7\x93,b\n".as_slice(), b"\xff\xfe\xfa,b\n", "李四,b\n".as_bytes()].concat());
        assert_eq!(decoded.encoding, Encoding::Utf8);
        assert_eq!(decoded.broken_lines, [2]);
        assert!(decoded.text.ends_with("李四,b\n"));
        let decoded = decode(
            &[gb("姓名,学校\n张三,桃源小学\n"), b"\xff\xff,b\n".to_vec(), gb("李四,西丽小学\n")].concat(),
        );
        assert_eq!((decoded.encoding, decoded.broken_lines), (Encoding::Gb18030, vec![3]));
    }

    #[test]
    fn line_ends_of_every_kind_end_lines() {
        for (text, read) in [
            ("a\rb\r", "a\nb\n"),
            ("a\r\rb", "a\n\nb"),
            ("a\r\nb\rc\n", "a\r\nb\nc\n"),
            ("a\r\r\nb", "a\r\r\nb"),
        ] {
            assert_eq!(decode(text.as_bytes()).text, read, "{text:?}");
        }
    }

    #[test]
    fn a_rare_character_of_four_bytes_is_read() {
        let decoded = decode(&gb("㐂𠀀,张\n"));
        assert_eq!(decoded.text, "㐂𠀀,张\n");
    }
}
