//! Identity numbers, sound and damaged, packed so that two of them are compared by one XOR.

use base::resident_id::ResidentId;
use base::{Day, IdentityDocument};

use crate::read::{PartialDay, says_nothing};

/// A number: up to 18 characters of four bits each (digits, X, hidden), its length and its state. Another document's
/// number is kept as it is hashed, since nothing but equality can be said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Number(u128);

/// What a number is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Soundness {
    /// A resident's number that passes every test.
    Valid,
    /// It has a resident number's form, but fails a test or is incomplete.
    Faulty,
    /// Another document: permit or passport.
    Document,
}

/// Bits of one character.
const BITS: u32 = 4;
/// The character X.
const LETTER_X: u128 = 0xa;
/// A hidden character.
const HIDDEN: u128 = 0xb;
/// Characters of a full number.
const FULL_LENGTH: u32 = 18;
/// Where the length stands.
const LENGTH_AT: u32 = 72;
/// Where the state stands.
const STATE_AT: u32 = 77;
/// Mask of the characters.
const CHARACTERS: u128 = (1 << LENGTH_AT) - 1;
/// Fewest characters that are taken for a damaged number: fewer are another thing altogether.
const FEWEST_CHARACTERS: u32 = 14;

impl Number {
    /// Reads a number as it was written; 15 digits are brought to 18.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = base::notation::cell_text(text);
        if says_nothing(&text) {
            return None;
        }
        match IdentityDocument::read(&text) {
            Ok(IdentityDocument::Resident(id)) => Some(Self::valid(&id)),
            Ok(IdentityDocument::Other { number, .. }) => {
                Some(Self::assemble(u128::from(crate::mixing::mix_text(&number)), 0, Soundness::Document))
            }
            Err(_) => Self::faulty(&text),
        }
    }

    /// The number of an identity that passed every test.
    pub(crate) fn valid(id: &ResidentId) -> Self {
        let characters =
            id.as_str().bytes().fold(0, |packed, byte| (packed << BITS) | code_of(byte).unwrap_or(0));
        Self::assemble(characters, FULL_LENGTH, Soundness::Valid)
    }

    fn faulty(text: &str) -> Option<Self> {
        let (mut packed, mut length, mut visible) = (0_u128, 0_u32, 0_u32);
        for byte in text.chars().map(|character| u8::try_from(character).unwrap_or(b'*')) {
            if matches!(byte, b' ' | b'-' | b'\'') {
                continue;
            }
            let code = code_of(byte)?;
            length += 1;
            if length > FULL_LENGTH {
                return None;
            }
            packed = (packed << BITS) | code;
            visible += u32::from(code != HIDDEN);
        }
        let enough = length >= FEWEST_CHARACTERS && visible >= FEWEST_VISIBLE;
        enough.then(|| Self::assemble(packed, length, Soundness::Faulty))
    }

    fn assemble(characters: u128, length: u32, soundness: Soundness) -> Self {
        let state = match soundness {
            Soundness::Valid => 1,
            Soundness::Faulty => 2,
            Soundness::Document => 3,
        };
        Self((characters & CHARACTERS) | (u128::from(length) << LENGTH_AT) | (state << STATE_AT))
    }

    /// Three words for a row; all zero is no number.
    pub(crate) fn words(self) -> [u32; 3] {
        let word = |shift: u32| u32::try_from((self.0 >> shift) & u128::from(u32::MAX)).unwrap_or(0);
        [word(0), word(32), word(64)]
    }

    /// The number of three words, `None` for no number.
    pub(crate) fn from_words(words: [u32; 3]) -> Option<Self> {
        let [low, middle, high] = words.map(u128::from);
        let packed = low | (middle << 32) | (high << 64);
        (packed != 0).then_some(Self(packed))
    }

    /// What it is worth.
    pub(crate) fn soundness(self) -> Soundness {
        match self.0 >> STATE_AT {
            1 => Soundness::Valid,
            2 => Soundness::Faulty,
            _ => Soundness::Document,
        }
    }

    /// How many characters it has.
    pub(crate) fn length(self) -> u32 {
        u32::try_from((self.0 >> LENGTH_AT) & 0x1f).unwrap_or(0)
    }

    /// The characters, four bits each, the last one lowest.
    pub(crate) fn characters(self) -> u128 {
        self.0 & CHARACTERS
    }

    /// Characters as they stand within a number, and how many: what a search looks for. `None` when no number has them.
    pub(crate) fn part(characters: &[u8]) -> Option<(u128, u32)> {
        let length = u32::try_from(characters.len()).ok().filter(|length| *length <= FULL_LENGTH)?;
        let codes = characters.iter().map(|byte| code_of(*byte));
        let packed = codes.into_iter().try_fold(0, |packed, code| Some((packed << BITS) | code?))?;
        Some((packed, length))
    }

    /// Whether a character is hidden.
    pub(crate) fn has_hidden(self) -> bool {
        self.soundness() == Soundness::Faulty
            && (0..self.length()).any(|place| (self.0 >> (place * BITS)) & 0xf == HIDDEN)
    }

    /// The hash of the whole.
    pub(crate) fn hash(self) -> u64 {
        let words = self.words();
        words.into_iter().fold(crate::mixing::SEED, |hash, word| crate::mixing::mix(hash, u64::from(word)))
    }

    /// The characters `from..to` counted from the front of a full number, as one word; `None` when it is not full or
    /// one of them is hidden.
    pub(crate) fn slice(self, from: u32, to: u32) -> Option<u64> {
        if self.length() != FULL_LENGTH || to > FULL_LENGTH || from >= to {
            return None;
        }
        let packed =
            (self.characters() >> ((FULL_LENGTH - to) * BITS)) & ((1_u128 << ((to - from) * BITS)) - 1);
        let hidden = self.soundness() == Soundness::Faulty
            && (0..to - from).any(|place| (packed >> (place * BITS)) & 0xf == HIDDEN);
        u64::try_from(packed).ok().filter(|_| !hidden)
    }

    /// The birth date in a valid number.
    pub(crate) fn birth(self) -> Option<PartialDay> {
        if self.soundness() != Soundness::Valid {
            return None;
        }
        let decimal = |from, to| {
            let packed = self.slice(from, to)?;
            (0..to - from).rev().try_fold(0_i32, |value, place| {
                Some(value * 10 + i32::try_from((packed >> (place * BITS)) & 0xf).ok()?)
            })
        };
        let (year, month, day) = (decimal(6, 10)?, decimal(10, 12)?, decimal(12, 14)?);
        let day = Day::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)?;
        Some(PartialDay::of(day))
    }

    /// How many places differ, for numbers of one length.
    pub(crate) fn places_apart(self, other: Self) -> u32 {
        let differing = self.characters() ^ other.characters();
        (0..FULL_LENGTH)
            .filter(|place| (differing >> (place * BITS)) & 0xf != 0)
            .count()
            .try_into()
            .unwrap_or(0)
    }
}

/// Fewest visible characters of a masked number that is worth anything: area and birth date, say.
const FEWEST_VISIBLE: u32 = 8;

/// The four bits of a character, or `None` when no number has it.
fn code_of(byte: u8) -> Option<u128> {
    match byte {
        b'0'..=b'9' => Some(u128::from(byte - b'0')),
        b'x' | b'X' => Some(LETTER_X),
        b'*' => Some(HIDDEN),
        _ => None,
    }
}
