//! Source rows as they are stored. A row is a version: when its content changes, a new one takes its place and names
//! it as its predecessor; the old one stays, ended.

use base::{DeliveryId, OrganisationId, SourceRowId};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{RowPlace, RowValues};
use crate::import::Digest;
use crate::reading::Warning;

/// Why a row is no longer what its feed says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndedAs {
    /// A newer version took its place.
    Superseded,
    /// A full delivery named it no more. It is never deleted.
    Gone,
}

impl EndedAs {
    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Superseded => "superseded",
            Self::Gone => "gone",
        }
    }

    /// The reason with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Superseded, Self::Gone].into_iter().find(|ended| ended.word() == word)
    }
}

/// What is sealed of a row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SealedRow {
    /// Its cells as they came, in the order of its delivery's columns.
    pub cells: Vec<String>,
    /// What could be used of them.
    pub values: RowValues,
    /// What could not, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// As [`SealedRow`], of what stands elsewhere: an import seals hundreds of thousands and copies none of them.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct SealingRow<'a> {
    /// See [`SealedRow::cells`].
    pub cells: &'a [String],
    /// See [`SealedRow::values`].
    pub values: &'a RowValues,
    /// See [`SealedRow::warnings`].
    #[serde(skip_serializing_if = "<[Warning]>::is_empty")]
    pub warnings: &'a [Warning],
}

/// A source row, its sealed part opened or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Its id.
    pub id: SourceRowId,
    /// Its feed's number.
    pub feed_id: i32,
    /// Hash of its key.
    pub key: Digest,
    /// The delivery that brought it.
    pub delivery: DeliveryId,
    /// That delivery's number.
    pub number: i64,
    /// Its place in the file.
    pub place: RowPlace,
    /// Whose row it is.
    pub organisation: Option<OrganisationId>,
    /// The version before it.
    pub previous: Option<SourceRowId>,
    /// When and why it ended, if it did: the number of the delivery, and the reason.
    pub ended: Option<(i64, EndedAs)>,
    /// What is sealed.
    pub sealed: Vec<u8>,
}

/// The columns of `source_row` that [`SourceRow`] is made from.
pub(crate) const SOURCE_ROW_COLUMNS: [&str; 11] = [
    "id",
    "feed_id",
    "row_key",
    "delivery_id",
    "number",
    "place",
    "organisation_id",
    "previous_id",
    "ended_number",
    "ended_as",
    "sealed",
];

/// A row of `source_row` as the database hands it out.
#[derive(Debug, FromQueryResult)]
pub(crate) struct StoredRow {
    id: Uuid,
    feed_id: i32,
    row_key: Vec<u8>,
    delivery_id: Uuid,
    number: i64,
    place: i64,
    organisation_id: Option<Uuid>,
    previous_id: Option<Uuid>,
    ended_number: Option<i64>,
    ended_as: Option<String>,
    sealed: Vec<u8>,
}

impl From<StoredRow> for SourceRow {
    fn from(row: StoredRow) -> Self {
        Self {
            id: row.id.into(),
            feed_id: row.feed_id,
            key: Digest::of(&row.row_key),
            delivery: row.delivery_id.into(),
            number: row.number,
            place: row.place.into(),
            organisation: row.organisation_id.map(Into::into),
            previous: row.previous_id.map(Into::into),
            ended: row.ended_number.zip(row.ended_as.as_deref().and_then(EndedAs::from_word)),
            sealed: row.sealed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_by_reference_is_opened_as_a_row() {
        let row = SealedRow {
            cells: vec!["张三".to_owned(), String::new()],
            values: RowValues { name: Some("张三".to_owned()), ..RowValues::default() },
            warnings: Vec::new(),
        };
        let sealing = SealingRow { cells: &row.cells, values: &row.values, warnings: &row.warnings };
        assert_eq!(serde_json::to_string(&sealing).unwrap(), serde_json::to_string(&row).unwrap());
    }
}
