//! How a character sounds: its syllable in Hanyu Pinyin with the tone, and the same with regional habits folded.
//!
//! The reading is the most usual one of each character. A character with several readings is thereby given one and
//! the same on both sides of a comparison, which is what matters there.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pinyin::ToPinyin;

/// A syllable and its tone: `number × 8 + tone`. Zero for characters without a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Syllable(u16);

impl Syllable {
    /// Whether the character has a reading at all.
    pub(crate) fn is_some(self) -> bool {
        self.0 != 0
    }

    /// Whether the two are one syllable in one tone; a neutral tone goes with every other, since whether a character
    /// bears it depends on the word.
    pub(crate) fn is_same_tone(self, other: Self) -> bool {
        let (tone, other_tone) = (self.0 & 7, other.0 & 7);
        self.toneless() == other.toneless() && (tone == other_tone || tone == 0 || other_tone == 0)
    }

    /// The syllable's number, tone dropped.
    pub(crate) fn toneless(self) -> u16 {
        self.0 >> 3
    }
}

/// First character of the table: CJK Unified Ideographs Extension A begins here and the main block follows.
const FIRST: u32 = 0x3400;
/// Last character of the table.
const LAST: u32 = 0x9fff;

/// All readings, taken from the `pinyin` crate once.
struct Readings {
    by_character: Vec<Syllable>,
    /// Spelling by syllable number; number 0 is empty.
    spellings: Vec<String>,
}

static READINGS: LazyLock<Readings> = LazyLock::new(|| {
    let mut numbers: BTreeMap<&'static str, u16> = BTreeMap::new();
    let mut spellings = vec![String::new()];
    let by_character = (FIRST..=LAST).map(|code| {
        let Some(reading) = char::from_u32(code).and_then(|character| character.to_pinyin()) else {
            return Syllable(0);
        };
        let number = *numbers.entry(reading.plain()).or_insert_with(|| {
            spellings.push(reading.plain().replace('ü', "v"));
            u16::try_from(spellings.len() - 1).unwrap_or(0)
        });
        let tone = reading
            .with_tone_num_end()
            .bytes()
            .last()
            .filter(u8::is_ascii_digit)
            .map_or(0, |digit| digit - b'0');
        Syllable((number << 3) | u16::from(tone.min(7)))
    });
    let by_character = by_character.collect();
    Readings { by_character, spellings }
});

/// How `character` is read.
pub(crate) fn syllable(character: char) -> Syllable {
    let Some(place) = u32::from(character).checked_sub(FIRST) else { return Syllable(0) };
    READINGS.by_character.get(place as usize).copied().unwrap_or_default()
}

/// The spelling of a syllable without tone, `ü` as `v`: `zhang`.
pub(crate) fn spelling(syllable: Syllable) -> &'static str {
    READINGS.spellings.get(usize::from(syllable.toneless())).map_or("", String::as_str)
}

/// Which syllables a region does not tell apart: each syllable's number → the number that stands for its class.
#[derive(Debug, Clone, Default)]
pub(crate) struct RegionalFold(Vec<u16>);

impl RegionalFold {
    /// Folds by pairs of beginnings (`zh` → `z`, `n` → `l`) and of endings (`ang` → `an`).
    pub(crate) fn new(beginnings: &[(String, String)], endings: &[(String, String)]) -> Self {
        let mut classes: BTreeMap<String, u16> = BTreeMap::new();
        let folded = READINGS.spellings.iter().enumerate().map(|(number, spelling)| {
            let mut class = spelling.clone();
            for (from, to) in beginnings {
                if let Some(rest) = class.strip_prefix(from.as_str()) {
                    class = format!("{to}{rest}");
                    break;
                }
            }
            for (from, to) in endings {
                if let Some(rest) = class.strip_suffix(from.as_str()) {
                    class = format!("{rest}{to}");
                    break;
                }
            }
            *classes.entry(class).or_insert_with(|| u16::try_from(number).unwrap_or(0))
        });
        Self(folded.collect())
    }

    /// Whether a region may not tell the two apart. Every syllable is like itself.
    pub(crate) fn alike(&self, one: Syllable, other: Syllable) -> bool {
        let class = |syllable: Syllable| self.0.get(usize::from(syllable.toneless()));
        one.is_some() && other.is_some() && class(one) == class(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_have_syllable_and_tone() {
        assert_eq!(spelling(syllable('张')), "zhang");
        assert_eq!(spelling(syllable('吕')), "lv");
        assert!(syllable('梓').is_same_tone(syllable('子')));
        assert!(!syllable('妈').is_same_tone(syllable('马')));
        assert_eq!(syllable('妈').toneless(), syllable('马').toneless());
        assert!(!syllable('A').is_some() && !syllable('·').is_some());
    }

    #[test]
    fn regions_fold_only_what_they_were_told() {
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let fold = RegionalFold::new(&[pair("zh", "z"), pair("n", "l")], &[pair("ing", "in")]);
        assert!(fold.alike(syllable('张'), syllable('臧')));
        assert!(fold.alike(syllable('宁'), syllable('林')));
        assert!(!fold.alike(syllable('张'), syllable('陈')));
        assert!(!fold.alike(syllable('A'), syllable('B')));
    }
}
