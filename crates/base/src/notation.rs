//! Characters as people type them into spreadsheets, brought to one form before anything is read from them.
//!
//! Chinese input methods write full-width digits, letters and punctuation; copies from web pages carry invisible
//! characters; spreadsheets mark text with a leading apostrophe or as `="…"`.

use std::borrow::Cow;

/// Whether `character` takes no space and means nothing: zero-width marks, direction marks, soft hyphen, byte-order mark.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00ad}' | '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
        || (character.is_control() && !matches!(character, '\n' | '\t'))
}

/// The half-width form of a full-width character, a plain space for any other space; others as they are.
fn half_width_of(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        '\u{00a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\t' => ' ',
        other => other,
    }
}

/// `text` with full-width characters made half-width, other kinds of space made plain, and invisible characters
/// dropped. Borrows when nothing changes, which is the common case.
pub fn half_width(text: &str) -> Cow<'_, str> {
    // Numbers, dates and phones are plain ASCII, told by their bytes.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return Cow::Borrowed(text);
    }
    if text.chars().all(|character| !is_invisible(character) && half_width_of(character) == character) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|character| !is_invisible(*character)).map(half_width_of).collect())
}

/// The text of a cell as a reader sees it: half-width, trimmed, without the marks by which a spreadsheet keeps a
/// number as text (`'123`, `` `123 ``, `="123"`).
pub fn cell_text(text: &str) -> Cow<'_, str> {
    match half_width(text) {
        Cow::Borrowed(text) => Cow::Borrowed(without_marks(text)),
        Cow::Owned(text) => {
            let inner = without_marks(&text);
            if inner.len() == text.len() { Cow::Owned(text) } else { Cow::Owned(inner.to_owned()) }
        }
    }
}

fn without_marks(text: &str) -> &str {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return inner.trim();
    }
    let digits_follow = |rest: &&str| rest.starts_with(|first: char| first.is_ascii_digit());
    text.strip_prefix(['\'', '`', '\u{2019}', '\u{2018}']).filter(digits_follow).map_or(text, str::trim)
}

/// The value of one Chinese numeral 〇…九 (with the forms that forms and cheques use), or `None`.
pub fn chinese_digit(character: char) -> Option<u32> {
    Some(match character {
        '〇' | '零' | '○' | '◯' => 0,
        '一' | '壹' | '元' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// A Chinese number below one hundred (`六`, `十二`, `二十`, `廿三`, `三十一`), or one spelled digit by digit
/// (`二〇一三`). `None` when `text` is neither.
pub fn chinese_number(text: &str) -> Option<u32> {
    let mut value = 0_u32;
    let mut digit: Option<u32> = None;
    let mut tens_seen = false;
    for character in text.chars() {
        let tens = match character {
            '十' | '拾' => digit.take().unwrap_or(1),
            '廿' => 2,
            '卅' => 3,
            _ => {
                let next = chinese_digit(character)?;
                digit = Some(digit.unwrap_or(0).checked_mul(10)?.checked_add(next)?);
                continue;
            }
        };
        if tens_seen || tens > 9 {
            return None;
        }
        tens_seen = true;
        value = tens * 10;
    }
    match (tens_seen, digit) {
        (true, Some(units)) if units > 9 => None,
        (true, units) => Some(value + units.unwrap_or(0)),
        (false, digits) => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_and_invisible_characters_vanish() {
        assert_eq!(half_width("４４０３　０５Ｘ：（一）"), "4403 05X:(一)");
        assert_eq!(half_width("\u{feff}张\u{200b}三\u{a0}"), "张三 ");
        assert!(matches!(half_width("张三 4403"), Cow::Borrowed(_)));
    }

    #[test]
    fn marks_of_spreadsheets_are_taken_off() {
        assert_eq!(cell_text(" '440305 "), "440305");
        assert_eq!(cell_text("=\"440305\""), "440305");
        assert_eq!(cell_text("＝＂440305＂"), "440305");
        assert_eq!(cell_text("'quoted'"), "'quoted'");
    }

    #[test]
    fn chinese_numbers() {
        for (text, value) in [
            ("六", 6),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("三十一", 31),
            ("廿三", 23),
            ("二〇一三", 2013),
            ("一九九八", 1998),
        ] {
            assert_eq!(chinese_number(text), Some(value), "{text}");
        }
        for text in ["", "十十", "百", "十二三", "二〇一三〇六〇七八九〇一二"] {
            assert_eq!(chinese_number(text), None, "{text}");
        }
    }
}
