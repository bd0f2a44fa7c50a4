//! The citizen identity number of GB 11643: 17 digits and a check character (ISO 7064, MOD 11-2).
//!
//! Positions: area of first registration (6), birth date (8), order (3, odd for men), check (1). Numbers given before
//! October 1999 have 15 digits, without the century and the check, and are brought to 18. The same form, with areas
//! 81, 82 and 83, is used by residence permits for people from Hong Kong, Macau and Taiwan, and, beginning with 9, by
//! the permanent residence card for foreigners.

use serde::{Deserialize, Serialize};

use crate::notation::cell_text;
use crate::{Day, Sex, mask};

/// A number that passed every test: form, known province, real birth date, check character. Always 18 characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResidentId {
    characters: [u8; 18],
    birth: Day,
}

/// Why a text is no usable number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResidentIdFault {
    /// Nothing is written.
    #[error("the cell is empty")]
    Empty,
    /// Digits are hidden: `4403**********1234`.
    #[error("digits are hidden by stars")]
    Masked,
    /// A spreadsheet kept it as a number and lost the last digits: `4.40305E+17`, or 18 digits ending in 000.
    #[error("a spreadsheet stored it as a number and lost the last digits")]
    Rounded,
    /// It has neither 18 nor 15 characters.
    #[error("it has {0} characters instead of 18")]
    WrongLength(usize),
    /// It has characters that are no digits.
    #[error("it has characters that do not belong to such a number")]
    WrongCharacters,
    /// Its first two digits are no province.
    #[error("its first two digits are no province")]
    UnknownProvince,
    /// The birth date in it is not in the calendar.
    #[error("the birth date in it does not exist")]
    ImpossibleBirth,
    /// The check character does not fit the digits before it.
    #[error("its last character does not fit the digits before it")]
    WrongCheck,
}

/// Weights of the 17 digits (GB 11643-1999, 4.3).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check character by remainder.
const CHECKS: [u8; 11] = *b"10X98765432";
/// Years that a birth date in a number can have.
const BIRTH_YEARS: std::ops::RangeInclusive<i16> = 1850..=2199;

impl ResidentId {
    /// Reads a number as it stands in a cell: full-width digits, spaces, hyphens and a small `x` do not matter; 15
    /// digits are brought to 18.
    pub fn read(text: &str) -> Result<Self, ResidentIdFault> {
        let mut characters = [0_u8; 18];
        let text = cell_text(text);
        if text.is_empty() {
            return Err(ResidentIdFault::Empty);
        }
        let (count, fault) = collect(&text, &mut characters);
        if let Some(fault) = fault {
            return Err(fault);
        }
        match count {
            18 => Self::from_eighteen(characters),
            15 => Self::from_fifteen(&characters),
            other => Err(ResidentIdFault::WrongLength(other)),
        }
    }

    fn from_fifteen(characters: &[u8; 18]) -> Result<Self, ResidentIdFault> {
        if characters.iter().take(15).any(|byte| !byte.is_ascii_digit()) {
            return Err(ResidentIdFault::WrongCharacters);
        }
        let mut full = [b'0'; 18];
        // Area, the century that 15-digit numbers were given for, then what stood behind it.
        let source = characters.iter().take(6).chain(b"19").chain(characters.iter().skip(6).take(9));
        for (place, byte) in full.iter_mut().zip(source) {
            *place = *byte;
        }
        let check = check_of(characters_before_check(&full));
        if let Some(last) = full.last_mut() {
            *last = check;
        }
        Self::from_eighteen(full)
    }

    fn from_eighteen(characters: [u8; 18]) -> Result<Self, ResidentIdFault> {
        if characters.iter().take(17).any(|byte| !byte.is_ascii_digit()) {
            return Err(ResidentIdFault::WrongCharacters);
        }
        let check = characters.last().copied().unwrap_or(0);
        let fits = check_of(characters_before_check(&characters)) == check;
        if !fits && characters.ends_with(b"000") {
            return Err(ResidentIdFault::Rounded);
        }
        if !is_province(number(&characters, 0, 2)) {
            return Err(ResidentIdFault::UnknownProvince);
        }
        let small = |from, count| i8::try_from(number(&characters, from, count)).unwrap_or(0);
        let year = i16::try_from(number(&characters, 6, 4)).unwrap_or(0);
        let birth =
            Day::new(year, small(10, 2), small(12, 2)).filter(|day| BIRTH_YEARS.contains(&day.year()));
        let birth = birth.ok_or(ResidentIdFault::ImpossibleBirth)?;
        if !fits {
            return Err(ResidentIdFault::WrongCheck);
        }
        Ok(Self { characters, birth })
    }

    /// Makes a number with the right check character: for synthetic people. `None` when the area is no province's or
    /// `area` has more than six digits.
    pub fn compose(area: u32, birth: Day, order: u16) -> Option<Self> {
        let text =
            format!("{area:06}{:04}{:02}{:02}{order:03}0", birth.year(), birth.month(), birth.day_of_month());
        let mut characters: [u8; 18] = text.into_bytes().try_into().ok()?;
        let check = check_of(characters_before_check(&characters));
        *characters.last_mut()? = check;
        Self::from_eighteen(characters).ok()
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.characters).unwrap_or_default()
    }

    /// The birth date in it.
    pub fn birth(&self) -> Day {
        self.birth
    }

    /// The sex in it: the order number is odd for men.
    pub fn sex(&self) -> Sex {
        if number(&self.characters, 14, 3) % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The six digits of the place of first registration. It says nothing of where the person lives.
    pub fn area_prefix(&self) -> &str {
        self.as_str().get(..6).unwrap_or_default()
    }

    /// Whether it ends like a number that a spreadsheet rounded (000). One in 1,100 sound numbers does; in a column
    /// where others are rounded for certain it is more likely another loss that happens to fit.
    pub fn looks_rounded(&self) -> bool {
        self.characters.ends_with(b"000")
    }

    /// `4403**********1234`.
    pub fn masked(&self) -> String {
        mask::identity_number(self.as_str())
    }
}

/// Fills `characters` with the digits and a final `X`, and counts all that stand there, or says what is wrong.
fn collect(text: &str, characters: &mut [u8; 18]) -> (usize, Option<ResidentIdFault>) {
    let mut count = 0;
    let mut fault = None;
    for character in text.chars() {
        let byte = match character {
            '0'..='9' => character as u8,
            // The last character as it is written: Latin, Cyrillic and Greek capitals, the sign of multiplication.
            'x' | 'X' | '×' | 'Х' | 'х' | 'Χ' | 'χ' | '✕' => b'X',
            ' ' | '-' | '\n' | '—' | '–' | '_' | '.' if !text.contains(['E', 'e']) => continue,
            '*' | '●' | '•' | '■' | '▲' | '※' | '＊' | '?' => {
                return (count, Some(ResidentIdFault::Masked));
            }
            _ => {
                fault = Some(if is_scientific(text) {
                    ResidentIdFault::Rounded
                } else {
                    ResidentIdFault::WrongCharacters
                });
                b' '
            }
        };
        if let Some(place) = characters.get_mut(count) {
            *place = byte;
        }
        count += 1;
    }
    if fault.is_none() && characters.iter().take(count.min(18)).filter(|byte| **byte == b'X').count() > 2 {
        fault = Some(ResidentIdFault::Masked);
    }
    // `440305201303061000.0`: a number with the decimals that some programs write.
    if fault.is_none() && text.ends_with(".0") && count == 19 {
        fault = Some(ResidentIdFault::Rounded);
    }
    (count, fault)
}

/// Whether the text is a number with an exponent: `4.40305E+17`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.trim_start_matches('+');
    !mantissa.is_empty()
        && mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && !exponent.is_empty()
        && exponent.bytes().all(|byte| byte.is_ascii_digit())
}

fn characters_before_check(characters: &[u8; 18]) -> impl Iterator<Item = u8> {
    characters.iter().copied().take(17)
}

/// The check character for 17 digits.
fn check_of(digits: impl Iterator<Item = u8>) -> u8 {
    let sum: u32 =
        digits.zip(WEIGHTS).map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight).sum();
    CHECKS.get((sum % 11) as usize).copied().unwrap_or(b'0')
}

fn number(characters: &[u8; 18], from: usize, count: usize) -> u32 {
    characters
        .iter()
        .skip(from)
        .take(count)
        .fold(0, |value, digit| value * 10 + u32::from(digit.wrapping_sub(b'0')))
}

/// First two digits in use: GB/T 2260, with 81 to 83 for residence permits and 9x for foreigners' cards.
fn is_province(code: u32) -> bool {
    matches!(code, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 90..=99)
}

impl std::fmt::Debug for ResidentId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Masked: a number must not reach a log through a debug print.
        write!(formatter, "ResidentId({})", self.masked())
    }
}

impl TryFrom<String> for ResidentId {
    type Error = ResidentIdFault;

    fn try_from(text: String) -> Result<Self, ResidentIdFault> {
        Self::read(&text)
    }
}

impl From<ResidentId> for String {
    fn from(id: ResidentId) -> Self {
        id.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> ResidentId {
        ResidentId::compose(440_305, Day::new(2013, 3, 6).unwrap(), 123).unwrap()
    }

    #[test]
    fn the_standards_own_example() {
        // GB 11643-1999, annex: 11010519491231002X.
        let id = ResidentId::read("11010519491231002X").unwrap();
        assert_eq!(id.birth(), Day::new(1949, 12, 31).unwrap());
        assert_eq!(id.sex(), Sex::Female);
        assert_eq!(id.masked(), "1101**********002X");
        assert_eq!(format!("{id:?}"), "ResidentId(1101**********002X)");
    }

    #[test]
    fn every_way_of_writing_it() {
        for text in [
            "11010519491231002x",
            " 110105 19491231 002X ",
            "１１０１０５１９４９１２３１００２Ｘ",
            "110105-19491231-002X",
            "'11010519491231002X",
            "11010519491231002×",
            "=\"11010519491231002X\"",
            "110105491231002",
            "110105\u{200b}19491231002X",
        ] {
            assert_eq!(
                ResidentId::read(text).map(|id| id.as_str().to_owned()).as_deref(),
                Ok("11010519491231002X"),
                "{text}"
            );
        }
    }

    #[test]
    fn each_fault_by_name() {
        use ResidentIdFault as Fault;
        for (text, fault) in [
            ("", Fault::Empty),
            ("4403**********1234", Fault::Masked),
            ("4403XXXXXXXXXX1234", Fault::Masked),
            ("4.40305E+17", Fault::Rounded),
            ("4.40305201303061E+17", Fault::Rounded),
            ("440305201303061000", Fault::Rounded),
            ("44030520130306123", Fault::WrongLength(17)),
            ("4403052013030612345", Fault::WrongLength(19)),
            ("440305201302301234", Fault::ImpossibleBirth),
            ("990305201313061234", Fault::ImpossibleBirth),
            ("000305201303061234", Fault::UnknownProvince),
            ("110105194912310021", Fault::WrongCheck),
            ("待核", Fault::WrongCharacters),
            ("4403052013O3061234", Fault::WrongCharacters),
        ] {
            assert_eq!(ResidentId::read(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn serialized_as_text_and_checked_on_the_way_in() {
        let id = sample();
        assert_eq!(ResidentId::try_from(String::from(id)), Ok(id));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,30}") {
            prop_assert!(ResidentId::read(&text).is_ok_and(|id| id.as_str().len() == 18) || ResidentId::read(&text).is_err());
        }

        /// facts.md: any single wrong digit and any adjacent swap is caught.
        #[test]
        fn one_wrong_digit_or_one_swap_is_caught(place in 0_usize..18, digit in 0_u8..10, order in 1_u16..1000, days in 0_i32..20_000) {
            let id = ResidentId::compose(440_305, Day::from_number(days).unwrap(), order).unwrap();
            let mut wrong = id.as_str().as_bytes().to_vec();
            wrong[place] = b'0' + digit;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(ResidentId::read(&wrong).is_ok(), wrong == id.as_str());
            if place > 0 {
                let mut swapped = id.as_str().as_bytes().to_vec();
                swapped.swap(place - 1, place);
                let swapped = String::from_utf8(swapped).unwrap();
                prop_assert_eq!(ResidentId::read(&swapped).is_ok(), swapped == id.as_str());
            }
        }
    }
}
