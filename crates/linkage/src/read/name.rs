//! Names of persons: characters brought to one form, surname told from given name, hidden characters kept as holes.

use smallvec::SmallVec;

use crate::mixing::{mix, mix_characters};
use crate::model::Characters;
use crate::read::says_nothing;
use crate::sound::syllable;

/// A hidden character (`张*涵`, `张某`).
pub(crate) const HOLE: char = '*';
/// The dot between the parts of a name (`阿依努尔·买买提`), in the one form used here.
pub(crate) const DOT: char = '·';
/// Most characters of a name that are kept: the longest in registers have some twenty.
const MOST_CHARACTERS: usize = 32;

/// A name as it is compared. Chinese names have no spaces; names in Latin letters are lower case with one space
/// between words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    pub(crate) characters: SmallVec<[char; 6]>,
    /// How many characters at the front are the surname; zero when it cannot be told.
    pub(crate) surname_length: usize,
    has_holes: bool,
}

impl Name {
    /// Reads a name: full-width and traditional characters made plain, remarks in brackets dropped.
    pub(crate) fn read(table: &Characters, text: &str) -> Option<Self> {
        let text = base::notation::cell_text(text);
        if says_nothing(&text) {
            return None;
        }
        let mut characters: SmallVec<[char; 6]> = SmallVec::new();
        let mut depth = 0_u32;
        for character in text.chars() {
            match character {
                '(' | '（' | '[' | '【' | '<' | '《' => depth += 1,
                ')' | '）' | ']' | '】' | '>' | '》' => depth = depth.saturating_sub(1),
                _ if depth > 0 || characters.len() >= MOST_CHARACTERS => {}
                _ => push(table, &mut characters, character),
            }
        }
        while characters.last().is_some_and(|last| matches!(*last, ' ' | DOT)) {
            characters.pop();
        }
        // A name of holes only says nothing.
        characters.iter().any(|character| character.is_alphabetic()).then(|| Self::of(table, characters))
    }

    /// The name of characters that are already in the one form.
    pub(crate) fn of(table: &Characters, characters: SmallVec<[char; 6]>) -> Self {
        let surname_length = surname_length(table, &characters);
        let has_holes = characters.contains(&HOLE);
        Self { characters, surname_length, has_holes }
    }

    /// The name of a text that [`Name::text`] gave.
    pub(crate) fn from_text(table: &Characters, text: &str) -> Self {
        Self::of(table, text.chars().collect())
    }

    /// The characters as a text.
    pub(crate) fn text(&self) -> String {
        self.characters.iter().collect()
    }

    /// The surname; empty when it cannot be told.
    pub(crate) fn surname(&self) -> &[char] {
        self.characters.get(..self.surname_length).unwrap_or_default()
    }

    /// What follows the surname.
    pub(crate) fn given(&self) -> &[char] {
        self.characters.get(self.surname_length..).unwrap_or_default()
    }

    /// Whether characters are hidden.
    pub(crate) fn has_holes(&self) -> bool {
        self.has_holes
    }

    /// Whether it is written in Latin letters.
    pub(crate) fn is_latin(&self) -> bool {
        self.characters.iter().all(|character| character.is_ascii_alphabetic() || *character == ' ')
    }

    /// The hash of the characters.
    pub(crate) fn hash(&self) -> u64 {
        mix_characters(self.characters.iter().copied())
    }

    /// The hash of the surname, if there is one.
    pub(crate) fn surname_hash(&self) -> Option<u64> {
        (self.surname_length > 0).then(|| mix_characters(self.surname().iter().copied()))
    }

    /// The hash of how the whole name sounds, tones dropped; `None` for a name with holes.
    pub(crate) fn sound_hash(&self) -> Option<u64> {
        let sounds = self.characters.iter().filter(|character| !matches!(**character, DOT | ' '));
        (!self.has_holes()).then(|| {
            sounds.fold(0, |hash, character| {
                let sound = syllable(*character);
                mix(
                    hash,
                    if sound.is_some() {
                        u64::from(sound.toneless())
                    } else {
                        u64::from(u32::from(*character))
                    },
                )
            })
        })
    }
}

/// Adds one character in its one form, if it belongs to a name.
fn push(table: &Characters, characters: &mut SmallVec<[char; 6]>, character: char) {
    let latin_before = characters.last().is_some_and(char::is_ascii_alphabetic);
    match character {
        '·' | '•' | '・' | '．' | '∙' | '⋅' | '‧' | '●' | '﹒' | '.' if !characters.is_empty() =>
        {
            // Two dots in a row are one.
            let is_first = !characters.ends_with(&[DOT]);
            characters.extend(is_first.then_some(DOT));
        }
        '*' | '＊' | '某' | '×' | '?' | '？' | '□' | '_' => characters.push(HOLE),
        // Latin names keep their words apart; a space between Chinese characters is lay-out (张 三).
        ' ' | ',' | '-' if latin_before => characters.push(' '),
        _ if character.is_alphabetic() => {
            if !character.is_ascii() && characters.ends_with(&[' ']) {
                characters.pop();
            }
            let plain = if character.is_ascii() {
                character.to_ascii_lowercase()
            } else {
                table.simplified(character)
            };
            characters.push(plain);
        }
        _ => {}
    }
}

/// The surname's length: two for a compound surname with at least one character behind it, else one; none for a
/// name with dots or in Latin letters, whose parts are compared as a whole.
fn surname_length(table: &Characters, characters: &[char]) -> usize {
    match characters {
        [] | [_] => 0,
        _ if characters.contains(&DOT) || characters.iter().any(char::is_ascii_alphabetic) => 0,
        [first, second, _, ..] if table.is_compound_surname(*first, *second) => 2,
        _ => 1,
    }
}
