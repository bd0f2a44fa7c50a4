//! The shape of a model file. What the words mean is checked in `check`.

use std::collections::BTreeMap;

use base::Label;
use serde::Deserialize;
use toml::Spanned;

use super::{Calibration, ColumnKind, Prior, Zone, Zones};

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelFile {
    pub(super) key: Spanned<String>,
    pub(super) version: String,
    #[serde(default)]
    pub(super) sample: bool,
    pub(super) label: Label,
    /// Where the figures come from: for readers.
    #[serde(rename = "source")]
    pub(super) _source: String,
    pub(super) prior: Spanned<Prior>,
    pub(super) zones: Spanned<Zones>,
    pub(super) labels: FixedLabels,
    #[serde(default)]
    pub(super) characters: CharactersFile,
    pub(super) columns: Vec<ColumnFile>,
    pub(super) comparisons: Vec<ComparisonFile>,
    pub(super) blocking: Vec<BlockingFile>,
    #[serde(default)]
    pub(super) guards: Vec<GuardFile>,
    pub(super) borrowed: Option<BorrowedFile>,
    pub(super) teacher: Option<TeacherFile>,
    pub(super) calibration: Option<Spanned<Calibration>>,
}

/// `[teacher]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TeacherFile {
    pub(super) same: ConditionFile,
    pub(super) different: ConditionFile,
}

/// `[borrowed]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BorrowedFile {
    /// The comparison of the number.
    pub(super) number: Spanned<String>,
    /// The comparison of the birth date that may have been taken from it.
    pub(super) birth: Option<Spanned<String>>,
    /// A column that says something on one of the two rows wherever a number is lent.
    pub(super) sign: Option<Spanned<String>>,
    /// When two rows under one number are two persons'.
    pub(super) owner_differs: ConditionFile,
    /// Share of the rows under such a number that have it from somebody else.
    pub(super) share: f64,
}

/// Wordings that every model gives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FixedLabels {
    pub(crate) prior: Label,
    pub(crate) household: Label,
    pub(crate) missing: Label,
    pub(crate) implied: Label,
    pub(crate) rival: Label,
}

/// `[characters]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CharactersFile {
    pub(super) compound_surnames: Vec<Spanned<String>>,
    /// Groups of characters that look alike.
    pub(super) look_alike: Vec<String>,
    /// Pairs of traditional (or variant) and simplified character.
    pub(super) simplified: Vec<Spanned<String>>,
    pub(super) regional_beginnings: Vec<(String, String)>,
    pub(super) regional_endings: Vec<(String, String)>,
}

/// `[[columns]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnFile {
    pub(super) key: Spanned<String>,
    pub(super) kind: ColumnKind,
    pub(super) sources: Option<Vec<String>>,
    /// For an address: cells that hold one part each.
    #[serde(default)]
    pub(super) parts: BTreeMap<String, Vec<String>>,
    #[serde(default = "one")]
    pub(super) most: usize,
    #[serde(default)]
    pub(super) search: bool,
    #[serde(default)]
    pub(super) words: BTreeMap<String, Vec<String>>,
    pub(super) filled_from: Option<Spanned<String>>,
    /// For a text: words at its end that are left out.
    #[serde(default)]
    pub(super) drops: Vec<String>,
}

fn one() -> usize {
    1
}

/// `[[comparisons]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparisonFile {
    pub(super) key: Spanned<String>,
    pub(super) label: Label,
    pub(super) column: Spanned<String>,
    pub(super) cross: Option<Spanned<String>>,
    pub(super) levels: Vec<LevelFile>,
    #[serde(default)]
    pub(super) implied_by: Vec<ConditionFile>,
}

/// One of `levels`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LevelFile {
    pub(super) test: Spanned<String>,
    pub(super) key: Option<String>,
    pub(super) at_least: Option<f64>,
    pub(super) at_most: Option<f64>,
    #[serde(rename = "m")]
    pub(super) matched: f64,
    #[serde(rename = "u")]
    pub(super) chance: f64,
    #[serde(rename = "h")]
    pub(super) household: f64,
    pub(super) frequency: Option<Spanned<String>>,
    pub(super) label: Label,
}

/// A comparison and some of its levels.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionFile {
    pub(super) field: Spanned<String>,
    pub(super) levels: Vec<Spanned<String>>,
}

/// `[[blocking]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BlockingFile {
    pub(super) on: Vec<Spanned<String>>,
    pub(super) most: usize,
    #[serde(default)]
    pub(super) decisive: bool,
}

/// `[[guards]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuardFile {
    pub(super) key: Spanned<String>,
    pub(super) label: Label,
    pub(super) when: Vec<ConditionFile>,
    #[serde(default = "highest")]
    pub(super) at_most: Zone,
    #[serde(default = "lowest")]
    pub(super) at_least: Zone,
}

fn highest() -> Zone {
    Zone::Link
}

fn lowest() -> Zone {
    Zone::New
}
