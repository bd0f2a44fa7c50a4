//! Identity documents other than the resident's number, and one type for any of them.
//!
//! Mainland travel permits of Hong Kong and Macau residents are H or M with 8 digits (10 with the issue count, before
//! 2013, facts.md); those of Taiwan residents have 8 digits (10 in older ones); passports begin with letters.

use serde::{Deserialize, Serialize};

use crate::mask;
use crate::notation::cell_text;
use crate::resident_id::{ResidentId, ResidentIdFault};

/// Kind of an identity document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 居民身份证, with the residence permits and cards that use its form.
    ResidentId,
    /// 港澳居民来往内地通行证
    HongKongMacauPermit,
    /// 台湾居民来往大陆通行证
    TaiwanPermit,
    /// 护照
    Passport,
}

/// A document's kind and number, in one normal form, fit to identify a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum IdentityDocument {
    /// A resident's number.
    Resident(ResidentId),
    /// Another document.
    Other {
        /// Which.
        kind: DocumentKind,
        /// Its number: capitals and digits only; at most 12 characters.
        number: Box<str>,
    },
}

impl IdentityDocument {
    /// Reads a document number as it stands in a cell. Anything that is no permit and no passport is judged as a
    /// resident's number, and its fault is that number's.
    pub fn read(text: &str) -> Result<Self, ResidentIdFault> {
        match ResidentId::read(text) {
            Ok(id) => Ok(Self::Resident(id)),
            Err(fault @ (ResidentIdFault::Empty | ResidentIdFault::Masked | ResidentIdFault::Rounded)) => {
                Err(fault)
            }
            Err(fault) => read_other(text).ok_or(fault),
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> DocumentKind {
        match self {
            Self::Resident(_) => DocumentKind::ResidentId,
            Self::Other { kind, .. } => *kind,
        }
    }

    /// The number in its normal form.
    pub fn number(&self) -> &str {
        match self {
            Self::Resident(id) => id.as_str(),
            Self::Other { number, .. } => number,
        }
    }

    /// The resident's number, if it is one.
    pub fn resident_id(&self) -> Option<ResidentId> {
        match self {
            Self::Resident(id) => Some(*id),
            Self::Other { .. } => None,
        }
    }

    /// The number with its middle hidden.
    pub fn masked(&self) -> String {
        mask::identity_number(self.number())
    }
}

/// Words by which forms say that a number is a Taiwan permit: eight bare digits alone could be anything.
const TAIWAN_WORDS: [&str; 4] = ["台胞证", "台湾", "臺", "TW"];
/// Words that stand before the number of a document.
const KIND_WORDS: [&str; 8] =
    ["港澳通行证", "回乡证", "护照号码", "护照号", "护照", "通行证", "证件号", "台胞证"];

fn read_other(text: &str) -> Option<IdentityDocument> {
    let text = cell_text(text);
    let mut rest: &str = &text;
    let is_taiwan = TAIWAN_WORDS.iter().any(|word| text.contains(word));
    for word in KIND_WORDS {
        rest = rest.trim_start_matches(word).trim_start_matches([':', ' ']);
    }
    if is_taiwan {
        rest = rest.trim_start_matches(|character: char| !character.is_ascii_digit());
    }
    if rest.len() > 24
        || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'(' | b')'))
    {
        return None;
    }
    let number: String =
        rest.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let letters = number.bytes().take_while(u8::is_ascii_uppercase).count();
    let digits = number.bytes().skip(letters).take_while(u8::is_ascii_digit).count();
    let plain = letters + digits == number.len();
    let kind = match (letters, digits) {
        (1, 8 | 10) if plain && number.starts_with(['H', 'M']) => DocumentKind::HongKongMacauPermit,
        (0, 8 | 10) if plain && is_taiwan => DocumentKind::TaiwanPermit,
        (1 | 2, 6..=9) if plain => DocumentKind::Passport,
        _ => return None,
    };
    // H1234567801: the last two of ten digits count the issues, and change while the person stays the same.
    let kept = if kind == DocumentKind::HongKongMacauPermit { number.get(..9)? } else { &number };
    Some(IdentityDocument::Other { kind, number: kept.into() })
}

impl std::fmt::Debug for IdentityDocument {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}({})", self.kind(), self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_normal_forms() {
        for (text, kind, number) in [
            ("h12345678", DocumentKind::HongKongMacauPermit, "H12345678"),
            ("H1234567801", DocumentKind::HongKongMacauPermit, "H12345678"),
            ("M 1234 5678", DocumentKind::HongKongMacauPermit, "M12345678"),
            ("回乡证：Ｍ12345678", DocumentKind::HongKongMacauPermit, "M12345678"),
            ("台胞证01234567", DocumentKind::TaiwanPermit, "01234567"),
            ("E12345678", DocumentKind::Passport, "E12345678"),
            ("护照 EA1234567", DocumentKind::Passport, "EA1234567"),
            ("11010519491231002X", DocumentKind::ResidentId, "11010519491231002X"),
        ] {
            let document = IdentityDocument::read(text).unwrap();
            assert_eq!((document.kind(), document.number()), (kind, number), "{text}");
        }
        assert_eq!(
            IdentityDocument::read("810000199408230021").map(|document| document.kind()),
            Ok(DocumentKind::ResidentId)
        );
    }

    #[test]
    fn what_is_none_of_them_is_judged_as_a_residents_number() {
        assert_eq!(IdentityDocument::read("20130306"), Err(ResidentIdFault::WrongLength(8)));
        assert_eq!(IdentityDocument::read("无"), Err(ResidentIdFault::WrongCharacters));
        assert_eq!(IdentityDocument::read("ABCDEFGH"), Err(ResidentIdFault::WrongCharacters));
        assert_eq!(IdentityDocument::read("4403**********1234"), Err(ResidentIdFault::Masked));
    }
}
