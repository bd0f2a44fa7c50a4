//! Search by name, pinyin, part of a number, phone: what a person types into one box.
//!
//! It reads through the packed columns from end to end. That takes a few milliseconds for a million people, needs no
//! memory of its own, and is always up to date.

use uuid::Uuid;

use super::LiveIndex;
use super::rows::Slot;
use crate::model::ColumnKind;
use crate::read::{Name, Value};
use crate::sound::{spelling, syllable};

/// Fewest characters of a number that are looked for (design, Storage).
const FEWEST_CHARACTERS: usize = 4;
/// Longest query that is looked at, in characters.
const MOST_CHARACTERS: usize = 40;

/// How well a record answers a query, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    /// The whole name, or the whole number.
    Whole,
    /// It begins so.
    Beginning,
    /// It holds it.
    Within,
    /// The first letters of the syllables.
    Initials,
}

/// A query, told apart by what is typed.
enum Query {
    /// Chinese characters.
    Characters(Vec<char>),
    /// Latin letters: pinyin, initials, or a name in Latin letters.
    Letters(String),
    /// Digits, perhaps with an X at the end.
    Number(Vec<u8>),
}

impl Query {
    fn read(index: &LiveIndex, text: &str) -> Option<Self> {
        let text = base::notation::cell_text(text);
        let text: String = text
            .chars()
            .filter(|character| !matches!(character, ' ' | '-' | '\''))
            .take(MOST_CHARACTERS)
            .collect();
        let is_number = |text: &str| {
            text.bytes().any(|byte| byte.is_ascii_digit())
                && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'+'))
        };
        if is_number(&text) {
            return (text.len() >= FEWEST_CHARACTERS)
                .then(|| Self::Number(text.to_ascii_uppercase().into_bytes()));
        }
        let letters = text.to_lowercase().replace('ü', "v");
        if !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Some(Self::Letters(letters));
        }
        let name = Name::read(&index.model.characters, &text)?;
        Some(Self::Characters(name.characters.into_vec()))
    }
}

impl LiveIndex {
    /// The records that answer what a person typed: a name or a part of it, its pinyin in full or by initials, at least
    /// four characters of an identity number or phone. At most `limit`, the best answers first, equal ones by name and
    /// id.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Uuid> {
        let Some(query) = Query::read(self, text) else { return Vec::new() };
        let mut answers: Vec<(Answer, String, Uuid)> = Vec::new();
        match &query {
            Query::Number(digits) => self.search_numbers(digits, &mut answers),
            Query::Letters(_) | Query::Characters(_) => self.search_names(&query, &mut answers),
        }
        answers.sort_unstable();
        answers.dedup_by_key(|(_, _, id)| *id);
        answers.into_iter().take(limit).map(|(_, _, id)| id).collect()
    }

    /// First the names, each once, then the rows that bear one of those found.
    fn search_names(&self, query: &Query, answers: &mut Vec<(Answer, String, Uuid)>) {
        let mut found: Vec<Option<Answer>> = Vec::new();
        for (number, text) in self.rows.texts.iter() {
            if let Some(answer) = answer_of_name(query, text) {
                let place = number as usize;
                found.resize(found.len().max(place + 1), None);
                if let Some(entry) = found.get_mut(place) {
                    *entry = Some(answer);
                }
            }
        }
        let columns = self.searched_columns(&[ColumnKind::PersonName, ColumnKind::Text]);
        for slot in self.rows.slots() {
            let numbers = columns.iter().flat_map(|column| self.rows.first_words(slot, *column));
            let best = numbers
                .filter_map(|number| Some((found.get(number as usize).copied().flatten()?, number)))
                .min();
            if let Some((answer, number)) = best {
                let name = self.rows.texts.get(number).map_or_else(String::new, ToString::to_string);
                answers.push((answer, name, self.rows.id_of(slot)));
            }
        }
    }

    fn search_numbers(&self, digits: &[u8], answers: &mut Vec<(Answer, String, Uuid)>) {
        let columns = self.searched_columns(&[ColumnKind::IdentityNumber, ColumnKind::Phone]);
        for slot in self.rows.slots() {
            let best =
                columns.iter().filter_map(|column| self.answer_of_numbers(slot, *column, digits)).min();
            if let Some(answer) = best {
                answers.push((answer, String::new(), self.rows.id_of(slot)));
            }
        }
    }

    fn answer_of_numbers(&self, slot: Slot, column: usize, digits: &[u8]) -> Option<Answer> {
        let (mut number_buffer, mut phone_buffer) = ([0; 18], [0; 16]);
        let values = self.rows.values(&self.model, slot, column);
        let answers = values.iter().filter_map(|value| match value {
            Value::Number(number) => part_of(number.spell(&mut number_buffer), digits),
            Value::Phone(phone) => part_of(phone.spell(&mut phone_buffer), digits),
            _ => None,
        });
        answers.min()
    }

    fn searched_columns(&self, kinds: &[ColumnKind]) -> Vec<usize> {
        let columns = self.model.columns.iter().enumerate();
        columns
            .filter(|(_, column)| column.searched && kinds.contains(&column.kind))
            .map(|(place, _)| place)
            .collect()
    }
}

/// Where `part` stands in `whole`.
fn part_of<T: PartialEq>(whole: &[T], part: &[T]) -> Option<Answer> {
    if whole == part {
        Some(Answer::Whole)
    } else if whole.starts_with(part) {
        Some(Answer::Beginning)
    } else {
        whole.windows(part.len().max(1)).any(|window| window == part).then_some(Answer::Within)
    }
}

fn answer_of_name(query: &Query, name: &str) -> Option<Answer> {
    match query {
        Query::Characters(characters) => {
            let name: smallvec::SmallVec<[char; 8]> = name.chars().collect();
            part_of(&name, characters)
        }
        Query::Letters(letters) => answer_of_letters(letters, name),
        Query::Number(_) => None,
    }
}

/// Letters against the pinyin of a name: its whole spelling, its beginning, the spelling of the given name, initials.
fn answer_of_letters(letters: &str, name: &str) -> Option<Answer> {
    let syllables = || {
        name.chars().filter(|character| !matches!(character, ' ' | '·' | '*')).map(|character| {
            let sound = syllable(character);
            (spelling(sound), character)
        })
    };
    let matched = |skip: usize| -> Option<usize> {
        // How many letters are left when the syllables from `skip` on have been taken off; `None` if they do not fit.
        let mut rest = letters;
        for (spelled, character) in syllables().skip(skip) {
            if rest.is_empty() {
                return Some(1);
            }
            let mut buffer = [0; 4];
            let spelled = if spelled.is_empty() { &*character.encode_utf8(&mut buffer) } else { spelled };
            if let Some(after) = rest.strip_prefix(spelled) {
                rest = after;
            } else {
                return spelled.starts_with(rest).then_some(1);
            }
        }
        rest.is_empty().then_some(0)
    };
    match matched(0) {
        Some(0) => return Some(Answer::Whole),
        Some(_) => return Some(Answer::Beginning),
        None => {}
    }
    if letters.len() > 1 && matched(1).is_some() {
        return Some(Answer::Within);
    }
    let mut initials = syllables().map(|(spelled, character)| spelled.chars().next().unwrap_or(character));
    letters.chars().all(|letter| initials.next() == Some(letter)).then_some(Answer::Initials)
}
