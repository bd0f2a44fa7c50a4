//! Phone numbers, packed into one 64-bit word.

use base::phone::read_phones;

/// Up to 16 characters of four bits each; `+` is one of them. Zero is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digits(u64);

/// The code of zero, so that leading zeros count and an empty place is none.
const ZERO: u64 = 0xa;
/// The code of `+`.
const PLUS: u64 = 0xb;

impl Digits {
    /// Reads the first number of a cell.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let reading = read_phones(text);
        reading
            .phones
            .first()
            .map(|phone| Self(phone.as_str().bytes().fold(0, |packed, byte| (packed << 4) | code_of(byte))))
    }

    /// The number of a cell that is a mobile number written plainly, eleven digits from 1 on: what [`Digits::read`]
    /// gives as well, without asking what else the cell may be.
    pub(crate) fn plain_mobile(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_mobile = bytes.len() == 11
            && matches!(bytes, [b'1', b'3'..=b'9', ..])
            && bytes.iter().all(u8::is_ascii_digit);
        is_mobile.then(|| Self(bytes.iter().fold(0, |packed, byte| (packed << 4) | code_of(*byte))))
    }

    /// Two words for a row; both zero is no number.
    pub(crate) fn words(self) -> [u32; 2] {
        let word = |shift: u32| u32::try_from((self.0 >> shift) & u64::from(u32::MAX)).unwrap_or(0);
        [word(0), word(32)]
    }

    /// The number of two words, `None` for no number.
    pub(crate) fn from_words(words: [u32; 2]) -> Option<Self> {
        let [low, high] = words.map(u64::from);
        let packed = low | (high << 32);
        (packed != 0).then_some(Self(packed))
    }

    /// The packed characters.
    pub(crate) fn packed(self) -> u64 {
        self.0
    }

    /// How many characters it has.
    pub(crate) fn length(self) -> u32 {
        (64 - self.0.leading_zeros()).div_ceil(4)
    }

    /// Whether both have as many characters and exactly one of them differs.
    pub(crate) fn is_one_digit_off(self, other: Self) -> bool {
        let differing = self.0 ^ other.0;
        self.length() == other.length()
            && (0..16).filter(|place| (differing >> (place * 4)) & 0xf != 0).count() == 1
    }

    /// Characters as they stand within a number, and how many: what a search looks for. `None` when no number has them.
    pub(crate) fn part(characters: &[u8]) -> Option<(u128, u32)> {
        let length = u32::try_from(characters.len()).ok().filter(|length| *length <= MOST_CHARACTERS)?;
        let is_phone = characters.iter().all(|byte| byte.is_ascii_digit() || *byte == b'+');
        let packed = characters.iter().fold(0, |packed, byte| (packed << 4) | u128::from(code_of(*byte)));
        is_phone.then_some((packed, length))
    }
}

/// Most characters of a number.
const MOST_CHARACTERS: u32 = 16;

fn code_of(byte: u8) -> u64 {
    match byte {
        b'1'..=b'9' => u64::from(byte - b'0'),
        b'0' => ZERO,
        _ => PLUS,
    }
}
