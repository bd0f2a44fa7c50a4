//! A model: which columns a record has, how two values are compared, what each outcome weighs, which records are
//! compared at all, and where the line between link, review and new runs. A model is a TOML file (docs/linkage.md); the
//! engine knows kinds of columns, never a particular column.

mod check;
mod file;
mod learnt;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use base::Label;
use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::sound::RegionalFold;

/// A short name out of a model: of a comparison, a level or a guard. Cheap to copy; serialized as its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Arc<str>);

impl Key {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

/// What is wrong with a model file: where, what, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}; {mend}")]
pub struct ModelFault {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub mend: String,
}

/// What a record's best candidate is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Nobody in the index: a new record.
    New,
    /// A person has to decide.
    Review,
    /// The same, beyond the threshold of the model.
    Link,
}

/// Where the zones begin, in bits of the total weight, and what else stands on the total.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zones {
    /// From this total on the link is made without asking.
    pub link: f64,
    /// From this total on a person is asked.
    pub review: f64,
    /// Candidates below this total are not returned.
    pub listed: f64,
    /// A best candidate that is not this many bits ahead of another who is not the same person goes to review.
    pub rival_margin: f64,
}

/// What is known before two records are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// Share of the records that come in whose person is already in the index.
    pub known_share: f64,
    /// An index smaller than this counts as this large: its own frequencies say little yet.
    pub least_records: f64,
    /// How many others of a person's household stand in the index on average.
    pub household_others: f64,
    /// How many imagined records with the model's frequencies are added to those of the index.
    pub ballast_records: f64,
}

/// Kinds of columns: how a text is read and what can be said of two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ColumnKind {
    PersonName,
    IdentityNumber,
    Day,
    Category,
    Phone,
    Address,
    Text,
    Email,
    Quantity,
    Place,
}

impl ColumnKind {
    /// Whether its values are texts.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Email | Self::Quantity | Self::Place)
    }
}

/// One column of the model.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) kind: ColumnKind,
    /// Names of the record's cells that it is read from.
    pub(crate) sources: Vec<String>,
    /// For an address: names of cells that hold one part each, in the order of the parts.
    pub(crate) parts: Vec<Vec<String>>,
    /// Most values of one record.
    pub(crate) most: usize,
    /// For a text: words at its end that are left out.
    pub(crate) drops: Vec<String>,
    /// Whether the search looks into it.
    pub(crate) searched: bool,
    /// For a category: each wording and the value that it means.
    pub(crate) words: BTreeMap<String, u32>,
    /// The column of a number whose birth date fills this one when it is empty.
    pub(crate) filled_from: Option<usize>,
}

/// When a level of a comparison holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Test {
    /// A bit of the kind's relations (see `compare`).
    Relation(u32),
    /// Jaro–Winkler similarity of two texts, at least.
    JaroWinkler(f64),
    /// Levenshtein distance of two texts, at most.
    Edits(usize),
    /// Damerau–Levenshtein distance of two texts, at most.
    Damerau(usize),
    /// Share of the words of two texts that both have, at least.
    Tokens(f64),
    /// Difference of two quantities, at most.
    Apart(f64),
    /// Difference of two quantities as a share of the larger one, at most.
    ApartShare(f64),
    /// Distance of two places, at most.
    Kilometres(f64),
    /// Whatever has not been said before.
    Otherwise,
}

/// One outcome of a comparison.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    pub(crate) key: Key,
    pub(crate) label: Label,
    pub(crate) test: Test,
    /// log2 of how often it is seen between two records of one person.
    pub(crate) log_match: f64,
    /// How often it is seen between two records of strangers.
    pub(crate) chance: f64,
    /// log2 of how often it is seen between two persons of one household.
    pub(crate) log_household: f64,
    /// Which key of the index counts how common the value is; then the chance is that count.
    pub(crate) frequency: Option<usize>,
}

/// One comparison.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    pub(crate) key: Key,
    pub(crate) label: Label,
    pub(crate) column: usize,
    pub(crate) cross: Option<usize>,
    pub(crate) levels: Vec<Level>,
    /// Where one of these holds, this comparison's agreement adds nothing: it is implied.
    pub(crate) implied_by: Vec<(usize, u32)>,
}

/// Which side of a value makes a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aspect {
    Whole,
    Sound,
    Surname,
    AreaAndBirth,
    Tail,
    Year,
    Community,
    Estate,
    Building,
    Room,
}

/// One part of a key: a side of the values of one or several columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) columns: Vec<usize>,
    pub(crate) aspect: Aspect,
}

/// A key under which records meet, or by which values are counted.
#[derive(Debug, Clone)]
pub(crate) struct KeyRule {
    /// What the model calls it: its parts, joined by `+`.
    pub(crate) name: String,
    pub(crate) parts: Vec<Part>,
    /// Records under one key of this rule are compared only while there are no more than this.
    pub(crate) most: usize,
    /// A link found by it is final: the rules behind it are not asked.
    pub(crate) decisive: bool,
    /// Whether it finds candidates; otherwise it only counts.
    pub(crate) finds: bool,
}

/// A line that no weight crosses.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    pub(crate) key: Key,
    pub(crate) label: Label,
    /// All of these must hold: comparison and a bit for each level that counts.
    pub(crate) when: Vec<(usize, u32)>,
    pub(crate) at_most: Zone,
    pub(crate) at_least: Zone,
}

/// Numbers that one person lends another.
#[derive(Debug, Clone)]
pub(crate) struct Borrowed {
    /// The column of the number, and the place of its comparison.
    pub(crate) number: usize,
    pub(crate) number_comparison: usize,
    /// The column of the birth date that may have been taken from it, and the place of its comparison.
    pub(crate) birth: Option<(usize, usize)>,
    /// A column that says something on one of the two rows wherever a number is lent: who the guardian is.
    pub(crate) sign: Option<usize>,
    /// A comparison and the levels at which two rows under one number are two persons'.
    pub(crate) owner: (usize, u32),
    /// log2 of the share of rows under such a number that have it from somebody else.
    pub(crate) log_share: f64,
}

/// A comparison that tells for itself whether two records are one person's, where both sides speak: it teaches what the
/// others are worth together.
#[derive(Debug, Clone)]
pub(crate) struct Teacher {
    pub(crate) comparison: usize,
    /// Levels that say "one person", a bit each.
    pub(crate) same: u32,
    /// Levels that say "two persons", a bit each.
    pub(crate) different: u32,
}

/// Whether the level at `place` is one of `levels`, a bit each.
pub(crate) fn is_among(levels: u32, place: usize) -> bool {
    let bit = u32::try_from(place).ok().and_then(|place| 1_u32.checked_shl(place));
    bit.is_some_and(|bit| levels & bit != 0)
}

impl Teacher {
    /// What a level says: one person, two persons, or nothing.
    pub(crate) fn verdict(&self, level: u8) -> Option<bool> {
        let level = usize::from(level);
        match (is_among(self.same, level), is_among(self.different, level)) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

/// How far the weights beside the teacher's are to be trusted: total = teacher's weight + scale × rest + offset.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calibration {
    pub(crate) scale: f64,
    /// In bits.
    pub(crate) offset: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { scale: 1.0, offset: 0.0 }
    }
}

/// What the model knows of Chinese characters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Characters {
    simplified: HashMap<char, char>,
    compound_surnames: HashSet<(char, char)>,
    look_alikes: HashSet<(char, char)>,
    pub(crate) regional: RegionalFold,
}

impl Characters {
    /// The simplified form of a traditional or variant character; any other as it is.
    pub(crate) fn simplified(&self, character: char) -> char {
        self.simplified.get(&character).copied().unwrap_or(character)
    }

    /// Whether the two characters are a surname together.
    pub(crate) fn is_compound_surname(&self, first: char, second: char) -> bool {
        self.compound_surnames.contains(&(first, second))
    }

    /// Whether the two are easily taken for each other by the eye.
    pub(crate) fn look_alike(&self, one: char, other: char) -> bool {
        self.look_alikes.contains(&(one.min(other), one.max(other)))
    }
}

/// A model, read and checked.
#[derive(Debug, Clone)]
pub struct Model {
    pub(crate) key: String,
    pub(crate) version: String,
    pub(crate) sample: bool,
    pub(crate) label: Label,
    pub(crate) prior: Prior,
    pub(crate) zones: Zones,
    pub(crate) columns: Vec<Column>,
    pub(crate) comparisons: Vec<Comparison>,
    pub(crate) rules: Vec<KeyRule>,
    pub(crate) guards: Vec<Guard>,
    pub(crate) borrowed: Option<Borrowed>,
    pub(crate) teacher: Option<Teacher>,
    pub(crate) calibration: Calibration,
    pub(crate) characters: Characters,
    pub(crate) labels: file::FixedLabels,
    pub(crate) fixed: FixedKeys,
    /// The file's text, into which what was learnt is written.
    pub(crate) text: Arc<str>,
    /// Hash of the file: a snapshot is taken back by the model that made it only.
    pub(crate) fingerprint: u64,
}

/// Keys that every model has.
#[derive(Debug, Clone)]
pub(crate) struct FixedKeys {
    pub(crate) missing: Key,
    pub(crate) implied: Key,
    pub(crate) rival: Key,
}

impl Model {
    /// Reads and checks a model file. All faults are told at once, in the order of the file.
    pub fn parse(text: &str) -> Result<Self, Vec<ModelFault>> {
        check::parse(text)
    }

    /// The model's short name.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The version that a link keeps.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether its figures are examples, not estimates from the city's own data.
    pub fn is_sample(&self) -> bool {
        self.sample
    }

    /// What the model is called.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// Whether two addresses, each as one text, are of one house; `None` where one of them says too little.
    pub fn is_same_house(&self, one: &str, other: &str) -> Option<bool> {
        let read = |text: &str| crate::read::Address::read(&self.characters, text);
        read(one)?.is_same_house(&read(other)?)
    }

    /// Where the zones begin.
    pub fn zones(&self) -> Zones {
        self.zones
    }

    /// The wording of a comparison.
    pub fn field_label(&self, field: &Key) -> Option<&Label> {
        self.comparisons
            .iter()
            .find(|comparison| comparison.key == *field)
            .map(|comparison| &comparison.label)
    }

    /// The wording of a comparison's outcome.
    pub fn level_label(&self, field: &Key, level: &Key) -> Option<&Label> {
        match level.as_str() {
            MISSING => return Some(&self.labels.missing),
            IMPLIED => return Some(&self.labels.implied),
            _ => {}
        }
        let comparison = self.comparisons.iter().find(|comparison| comparison.key == *field)?;
        comparison.levels.iter().find(|found| found.key == *level).map(|found| &found.label)
    }

    /// The wording of a guard: why a candidate is not linked, or not passed over, whatever it weighs.
    pub fn guard_label(&self, guard: &Key) -> Option<&Label> {
        if guard.as_str() == RIVAL {
            return Some(&self.labels.rival);
        }
        self.guards.iter().find(|found| found.key == *guard).map(|found| &found.label)
    }

    /// The wording of where a total starts: the small chance that two records taken at random are one person's.
    pub fn prior_label(&self) -> &Label {
        &self.labels.prior
    }

    /// The wording of what is taken off because a household would agree as well.
    pub fn household_label(&self) -> &Label {
        &self.labels.household
    }
}

/// Level of a comparison where one side says nothing.
pub(crate) const MISSING: &str = "missing";
/// Level of a comparison whose agreement follows from another one.
pub(crate) const IMPLIED: &str = "implied";
/// Guard of a candidate beside whom another stands as near.
pub(crate) const RIVAL: &str = "rival";

impl Default for FixedKeys {
    fn default() -> Self {
        Self { missing: MISSING.into(), implied: IMPLIED.into(), rival: RIVAL.into() }
    }
}
