//! Search by name, pinyin, part of a number, phone: what a person types into one box.
//!
//! It reads through the packed columns from end to end, which takes a few milliseconds for a million people. So that nobody
//! who writes has to wait so long, it takes along what it reads: not a copy, but the segments as they are now.

use std::sync::Arc;

use uuid::Uuid;

use super::LiveIndex;
use super::interner::{Entry, value_of};
use super::rows::{Place, id_of};
use super::segments::Segments;
use crate::model::{ColumnKind, Model};
use crate::read::{Digits, Name, Number};
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
    fn read(model: &Model, text: &str) -> Option<Self> {
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
        let name = Name::read(&model.characters, &text)?;
        Some(Self::Characters(name.characters.into_vec()))
    }
}

/// What a search reads, as it was when [`LiveIndex::searcher`] was asked for it: it holds no lock.
#[derive(Debug, Clone)]
pub struct Searcher {
    model: Arc<Model>,
    places: Vec<Place>,
    words: Segments<u32>,
    ids: Segments<Uuid>,
    texts: Segments<Entry<Box<str>>>,
}

/// The best answers so far, at most `most` of them once it is asked for them.
struct Answers<'texts> {
    most: usize,
    found: Vec<(Answer, &'texts str, Uuid)>,
}

/// Answers that are kept beside those asked for before the worst are dropped.
const ANSWERS_BESIDE: usize = 4_096;

impl<'texts> Answers<'texts> {
    fn add(&mut self, answer: Answer, name: &'texts str, id: Uuid) {
        self.found.push((answer, name, id));
        if self.found.len() >= self.most.saturating_add(ANSWERS_BESIDE) {
            self.keep_best();
        }
    }

    fn keep_best(&mut self) {
        self.found.sort_unstable();
        self.found.truncate(self.most);
    }
}

impl LiveIndex {
    /// As [`Searcher::search`].
    pub fn search(&self, text: &str, limit: usize) -> Vec<Uuid> {
        self.searcher().search(text, limit)
    }

    /// What a search reads, to be taken along: who keeps the index behind a lock asks for it under the lock and searches
    /// without.
    pub fn searcher(&self) -> Searcher {
        Searcher {
            model: self.model.clone(),
            places: self.rows.places.clone(),
            words: self.rows.words.clone(),
            ids: self.rows.ids.clone(),
            texts: self.rows.texts.entries().clone(),
        }
    }
}

impl Searcher {
    /// The records that answer what a person typed: a name or a part of it, its pinyin in full or by initials, at least
    /// four characters of an identity number or phone. At most `limit`, the best answers first, equal ones by name and
    /// id.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Uuid> {
        let Some(query) = Query::read(&self.model, text) else { return Vec::new() };
        let mut answers = Answers { most: limit, found: Vec::new() };
        match &query {
            Query::Number(digits) => self.search_numbers(digits, &mut answers),
            Query::Letters(_) | Query::Characters(_) => self.search_names(&query, &mut answers),
        }
        answers.keep_best();
        answers.found.into_iter().map(|(_, _, id)| id).collect()
    }

    /// First the names, each once, then the rows that bear one of those found.
    fn search_names<'texts>(&'texts self, query: &Query, answers: &mut Answers<'texts>) {
        let found: Vec<Option<Answer>> = self
            .texts
            .iter()
            .flatten()
            .map(|entry| entry.value().and_then(|text| answer_of_name(query, text)))
            .collect();
        let places = self.searched_places(&[ColumnKind::PersonName, ColumnKind::Text]);
        for (slot, row) in (0..).zip(self.words.iter()) {
            let numbers = places.iter().flat_map(|place| place.values(row)).flatten();
            let best = numbers
                .filter_map(|number| Some((found.get(*number as usize).copied().flatten()?, *number)))
                .min();
            if let Some((answer, number)) = best {
                let name = value_of(&self.texts, number).map_or("", |text| text);
                answers.add(answer, name, id_of(&self.ids, slot));
            }
        }
    }

    fn search_numbers(&self, digits: &[u8], answers: &mut Answers<'_>) {
        let number = Number::part(digits);
        let phone = Digits::part(digits);
        let places = self.searched_places(&[ColumnKind::IdentityNumber, ColumnKind::Phone]);
        for (slot, row) in (0..).zip(self.words.iter()) {
            let values = places.iter().flat_map(|place| place.values(row));
            // A number takes three words and a phone two.
            let answered = values.filter_map(|words| match words {
                [low, middle, high] => {
                    let found = Number::from_words([*low, *middle, *high])?;
                    answer_of_part(found.length(), found.characters(), number?)
                }
                [low, high] => {
                    let found = Digits::from_words([*low, *high])?;
                    answer_of_part(found.length(), u128::from(found.packed()), phone?)
                }
                _ => None,
            });
            if let Some(answer) = answered.min() {
                answers.add(answer, "", id_of(&self.ids, slot));
            }
        }
    }

    fn searched_places(&self, kinds: &[ColumnKind]) -> Vec<Place> {
        let columns = self.model.columns.iter().zip(&self.places);
        columns
            .filter(|(column, _)| column.searched && kinds.contains(&column.kind))
            .map(|(_, place)| *place)
            .collect()
    }
}

/// Where `part`, some characters of four bits each and how many, stands in `length` such characters.
fn answer_of_part(length: u32, characters: u128, (part, part_length): (u128, u32)) -> Option<Answer> {
    const BITS: u32 = 4;
    let last = length.checked_sub(part_length)?;
    let mask = (1 << (part_length * BITS)) - 1;
    // The first character stands highest.
    let at = (0..=last).rev().find(|place| (characters >> (place * BITS)) & mask == part)?;
    Some(match at {
        0 if last == 0 => Answer::Whole,
        at if at == last => Answer::Beginning,
        _ => Answer::Within,
    })
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
