//! Telephone numbers: how they are read from a cell that may hold several, and their one normal form.
//!
//! A phone is no identity (design, Nouns): parents share one with their children.

use serde::{Deserialize, Serialize};

use crate::mask;
use crate::notation::cell_text;

/// A number in normal form: digits only, a land line with its area code when one was written, a foreign number
/// with `+`. At most 16 characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone {
    characters: [u8; 16],
    length: u8,
}

/// Why something that should be a phone is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneFault {
    /// Digits are hidden by stars.
    #[error("digits are hidden by stars")]
    Masked,
    /// A spreadsheet kept it as a number and lost digits: `1.38E+10`.
    #[error("a spreadsheet stored it as a number and lost digits")]
    Rounded,
    /// A mobile has 11 digits, a land line 7 or 8 with an area code of 3 or 4.
    #[error("it has {0} digits, which no number here has")]
    WrongLength(usize),
    /// The digits are there, but no network uses such a number.
    #[error("no network uses such a number")]
    NotInUse,
    /// A number that is typed when none is known: `13800000000`.
    #[error("it is a filler, no number")]
    Filler,
    /// There is no digit in it.
    #[error("there is no number in it")]
    NotANumber,
}

/// What a cell says about phones: the numbers in the order in which they stand, and the faults of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PhonesReading {
    /// The numbers, without repeats; at most eight.
    pub phones: Vec<Phone>,
    /// The first fault, if a part of the cell is no phone.
    pub fault: Option<PhoneFault>,
}

/// Most numbers that are taken from one cell.
const MOST_PHONES: usize = 8;

impl Phone {
    /// Reads one number. A cell with several is read by [`read_phones`].
    pub fn read(text: &str) -> Result<Self, PhoneFault> {
        let reading = read_phones(text);
        match (reading.phones.as_slice(), reading.fault) {
            ([phone], None) => Ok(*phone),
            (_, Some(fault)) => Err(fault),
            ([], None) => Err(PhoneFault::NotANumber),
            (_, None) => Err(PhoneFault::WrongLength(text.bytes().filter(u8::is_ascii_digit).count())),
        }
    }

    fn of(text: &str) -> Option<Self> {
        let mut characters = [0; 16];
        characters.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { characters, length: u8::try_from(text.len()).ok()? })
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        self.characters
            .get(..usize::from(self.length))
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    /// Whether it is a mobile number of the mainland.
    pub fn is_mobile(&self) -> bool {
        self.length == 11 && self.characters.starts_with(b"1")
    }

    /// `138****6207`.
    pub fn masked(&self) -> String {
        mask::phone(self.as_str())
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Masked: a number must not reach a log through a debug print.
        write!(formatter, "Phone({})", self.masked())
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneFault;

    fn try_from(text: String) -> Result<Self, PhoneFault> {
        Self::read(&text)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.as_str().to_owned()
    }
}

/// Reads every number of a cell: `13812345678`, `138-1234-5678`, `+86 138…`, `0755-83501234转801`, several with
/// `/`, `、`, `，`, `;`, a space, a line break or words between them (`父:138… 母:139…`).
pub fn read_phones(text: &str) -> PhonesReading {
    let text = cell_text(text);
    let mut reading = PhonesReading::default();
    if let Some(phone) = plain_mobile(&text) {
        match phone {
            Ok(phone) => reading.phones.push(phone),
            Err(fault) => reading.fault = Some(fault),
        }
        return reading;
    }
    if text.contains(['*', '●', '•']) {
        reading.fault = Some(PhoneFault::Masked);
        return reading;
    }
    if is_scientific(&text) {
        reading.fault = Some(PhoneFault::Rounded);
        return reading;
    }
    for part in text.split(is_between_numbers) {
        let part = part.trim_matches([' ', '-', '.', ':']);
        if part.bytes().any(|byte| byte.is_ascii_digit()) {
            read_part(part, &mut reading);
        }
    }
    if reading.phones.is_empty() && reading.fault.is_none() && !text.is_empty() {
        reading.fault = Some(PhoneFault::NotANumber);
    }
    reading
}

/// Eleven bare digits, the common case, told without any copying.
fn plain_mobile(text: &str) -> Option<Result<Phone, PhoneFault>> {
    let text = text.strip_suffix(".0").unwrap_or(text);
    let eleven = text.len() == 11 && text.bytes().all(|byte| byte.is_ascii_digit()) && text.starts_with('1');
    eleven.then(|| number_of(text))
}

fn is_scientific(text: &str) -> bool {
    text.split_once(['E', 'e']).is_some_and(|(before, after)| {
        before.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && after.starts_with('+')
            && !before.is_empty()
    })
}

/// What separates two numbers. Spaces, hyphens, dots and brackets also stand inside one, and are judged later.
fn is_between_numbers(character: char) -> bool {
    !matches!(character, '0'..='9' | ' ' | '-' | '—' | '–' | '.' | '(' | ')' | '+' | '转')
}

/// One part between strong separators: usually one number, perhaps with spaces in it, perhaps two with a space between.
fn read_part(part: &str, reading: &mut PhonesReading) {
    let without_extension = part.split('转').next().unwrap_or(part);
    let digits: String = without_extension.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    match number_of(&digits) {
        Ok(phone) => add(phone, reading),
        Err(fault) => {
            let mut all = true;
            let mut found = Vec::new();
            for word in without_extension
                .split([' ', '(', ')'])
                .filter(|word| word.bytes().any(|b| b.is_ascii_digit()))
            {
                let digits: String = word.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                match number_of(&digits).or_else(|fault| without_dash_extension(word).ok_or(fault)) {
                    Ok(phone) => found.push(phone),
                    Err(_) => all = false,
                }
            }
            if !all && found.is_empty() {
                found.extend(two_joined(&digits).into_iter().flatten());
                all = !found.is_empty();
            }
            if !all {
                reading.fault.get_or_insert(fault);
            }
            for phone in found {
                add(phone, reading);
            }
        }
    }
}

fn add(phone: Phone, reading: &mut PhonesReading) {
    if !reading.phones.contains(&phone) && reading.phones.len() < MOST_PHONES {
        reading.phones.push(phone);
    }
}

/// `0755-83501234-801`: the part after the second hyphen is an extension.
fn without_dash_extension(word: &str) -> Option<Phone> {
    let (number, extension) = word.rsplit_once('-')?;
    let short = (1..=6).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_digit());
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    number_of(&digits).ok().filter(|_| short)
}

/// Two mobiles written without anything between them.
fn two_joined(digits: &str) -> Option<[Phone; 2]> {
    if digits.len() != 22 {
        return None;
    }
    let (first, second) = (number_of(digits.get(..11)?).ok()?, number_of(digits.get(11..)?).ok()?);
    (first.is_mobile() && second.is_mobile()).then_some([first, second])
}

/// The number that `digits` (with a leading `+` perhaps) is.
fn number_of(digits: &str) -> Result<Phone, PhoneFault> {
    let foreign = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00")).unwrap_or("");
    let national = if let Some(rest) = foreign.strip_prefix("86") {
        rest
    } else if digits.len() == 13 && digits.starts_with("861") {
        digits.get(2..).unwrap_or_default()
    } else if digits.starts_with('+') || digits.starts_with("00") {
        return foreign_number(foreign);
    } else {
        digits
    };
    let length = national.len();
    if national.contains('+') || !national.is_ascii() {
        return Err(PhoneFault::WrongLength(length));
    }
    let second = national.as_bytes().get(1).copied().unwrap_or(0);
    match (length, national.as_bytes().first()) {
        // A mobile; an area code of 3 digits (010, 02x) or 4 with 7 or 8 behind it; a service number; 7 or 8 alone.
        (11, Some(b'1')) if (b'3'..=b'9').contains(&second) => filler_or(national),
        (10..=12, Some(b'0')) if (b'1'..=b'9').contains(&second) => filler_or(national),
        (10, Some(b'4' | b'8')) if second == b'0' => filler_or(national),
        (7 | 8, Some(b'2'..=b'9')) => filler_or(national),
        (11, Some(b'1')) | (7 | 8, _) => Err(PhoneFault::NotInUse),
        _ => Err(PhoneFault::WrongLength(length)),
    }
}

/// A number abroad, kept with `+`: Hong Kong +852 and Macau +853 have 8 digits.
fn foreign_number(digits: &str) -> Result<Phone, PhoneFault> {
    if !(8..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PhoneFault::WrongLength(digits.len()));
    }
    // No country's code begins with 0: a row of zeros fills a cell that must not be empty.
    if digits.starts_with('0') {
        return Err(PhoneFault::Filler);
    }
    Phone::of(&format!("+{digits}")).ok_or(PhoneFault::WrongLength(digits.len()))
}

fn filler_or(digits: &str) -> Result<Phone, PhoneFault> {
    let tail = digits.as_bytes().get(digits.len().saturating_sub(7)..).unwrap_or_default();
    let first = tail.first().copied().unwrap_or(0);
    let counts_up = digits.ends_with("12345678") && !digits.starts_with('1');
    if counts_up
        || tail.iter().all(|byte| *byte == b'0')
        || (digits.len() < 9 && tail.iter().all(|byte| *byte == first))
    {
        return Err(PhoneFault::Filler);
    }
    Phone::of(digits).ok_or(PhoneFault::WrongLength(digits.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(text: &str) -> Vec<String> {
        read_phones(text).phones.iter().map(|phone| phone.as_str().to_owned()).collect()
    }

    #[test]
    fn one_number_in_every_notation() {
        for text in [
            "13812346207",
            "138 1234 6207",
            "138-1234-6207",
            "+86 13812346207",
            "8613812346207",
            "0086-13812346207",
            "１３８１２３４６２０７",
            "13812346207.0",
            "'13812346207",
            "电话：13812346207",
            "13812346207（妈妈）",
            "(138)12346207",
        ] {
            let reading = read_phones(text);
            assert_eq!(reading.fault, None, "{text}");
            assert_eq!(numbers(text), ["13812346207"], "{text}");
        }
        for text in [
            "0755-83501235",
            "（0755）83501235",
            "0755 83501235",
            "0755-83501235转801",
            "0755-83501235-801",
            "075583501235",
        ] {
            assert_eq!(numbers(text), ["075583501235"], "{text}");
        }
        assert_eq!(numbers("83501235"), ["83501235"]);
        assert_eq!(numbers("+852 6123 4567"), ["+85261234567"]);
        assert_eq!(Phone::read("13812346207").unwrap().masked(), "138****6207");
    }

    #[test]
    fn several_numbers_in_a_cell() {
        for text in [
            "13812346207/13900001235",
            "13812346207、13900001235",
            "13812346207，13900001235",
            "13812346207;13900001235",
            "13812346207 13900001235",
            "13812346207\n13900001235",
            "父:13812346207 母:13900001235",
            "1381234620713900001235",
            "13812346207或13900001235",
            "13812346207/13812346207/13900001235",
        ] {
            assert_eq!(numbers(text), ["13812346207", "13900001235"], "{text}");
            assert_eq!(read_phones(text).fault, None, "{text}");
        }
        assert_eq!(numbers("13812346207/0755-83501235"), ["13812346207", "075583501235"]);
        let half = read_phones("13812346207/1390000123");
        assert_eq!((half.phones.len(), half.fault), (1, Some(PhoneFault::WrongLength(10))));
    }

    #[test]
    fn each_fault_by_name() {
        for (text, fault) in [
            ("138****6207", PhoneFault::Masked),
            ("1.38123E+10", PhoneFault::Rounded),
            ("138123462", PhoneFault::WrongLength(9)),
            ("138123462071", PhoneFault::WrongLength(12)),
            ("12812346207", PhoneFault::NotInUse),
            ("13800000000", PhoneFault::Filler),
            ("待核", PhoneFault::NotANumber),
        ] {
            assert_eq!(Phone::read(text), Err(fault), "{text}");
        }
        assert_eq!(read_phones(""), PhonesReading::default());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic_and_bounded(text in "[0-9 /+、转()E.*-]{0,60}|\\PC{0,40}") {
            let reading = read_phones(&text);
            prop_assert!(reading.phones.len() <= MOST_PHONES);
            for phone in reading.phones {
                prop_assert_eq!(Phone::try_from(phone.as_str().to_owned()), Ok(phone));
            }
        }
    }
}
