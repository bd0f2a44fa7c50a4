//! Persons as they are stored.

use access::{ScopeColumns, Thing};
use base::{AreaId, AreaPath, Day, DocumentKind, IdentityDocument, PersonId, Sex};
use sea_orm::FromQueryResult;
use store::{Keys, StoreError};
use uuid::Uuid;

use super::Master;
use crate::import::Digest;

/// A person as a thing that is looked up: seen in the area where they belong.
pub enum PersonThing {}

impl Thing for PersonThing {
    const COLUMNS: ScopeColumns = ScopeColumns { person: Some("id"), ..ScopeColumns::of("person") };
}

/// What has become of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonState {
    /// On record.
    Active,
    /// Found to be another person on record; everything went there.
    Merged,
}

impl PersonState {
    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Merged => "merged",
        }
    }
}

/// A person's plain columns and sealed part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// Where the person belongs.
    pub area: AreaPath,
    /// Month of birth, as [`birth_month`] counts.
    pub birth_month: Option<i32>,
    /// Sex.
    pub sex: Option<Sex>,
    /// What has become of it.
    pub state: PersonState,
    /// The person that this one was found to be.
    pub merged_into: Option<PersonId>,
    /// The number of the delivery that brought it.
    pub number: i64,
    /// The writer's revision in which it last changed.
    pub revision: i64,
    /// What is sealed.
    pub sealed: Vec<u8>,
}

/// Months since the year 0, so that the age in full months is a subtraction. What a list needs of a birth date; the day
/// is sealed.
pub fn birth_month(birth: Day) -> i32 {
    i32::from(birth.year()) * 12 + i32::from(birth.month()) - 1
}

/// The word for a sex that is stored.
pub fn sex_word(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
    }
}

/// The sex that is stored under this word.
pub(super) fn sex_of_word(word: &str) -> Option<Sex> {
    [Sex::Male, Sex::Female].into_iter().find(|sex| sex_word(*sex) == word)
}

/// A usable number, as far as it decides identity: its kind and a keyed hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    /// Kind of the document.
    pub kind: DocumentKind,
    /// Keyed hash of kind and number: equal for equal documents.
    pub digest: Digest,
}

impl Number {
    /// The number of `document`.
    pub fn of(keys: &Keys, document: &IdentityDocument) -> Self {
        let kind = document.kind();
        Self { kind, digest: Digest::of(&keys.hash(kind_word(kind), document.number())) }
    }

    /// The kind as `person_key` stores it.
    pub fn kind_word(&self) -> &'static str {
        kind_word(self.kind)
    }
}

fn kind_word(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::ResidentId => "resident_id",
        DocumentKind::HongKongMacauPermit => "hong_kong_macau_permit",
        DocumentKind::TaiwanPermit => "taiwan_permit",
        DocumentKind::Passport => "passport",
    }
}

impl Person {
    /// What is sealed.
    pub fn master(&self, keys: &Keys) -> Result<Master, StoreError> {
        Ok(keys.open::<Master>("person", self.id.0, &self.sealed)?.unfolded())
    }
}

/// The columns of `person` that [`Person`] is made from.
pub(crate) const PERSON_COLUMNS: [&str; 12] = [
    "id",
    "city_id",
    "district_id",
    "subdistrict_id",
    "community_id",
    "birth_month",
    "sex",
    "state",
    "merged_into",
    "number",
    "revision",
    "sealed",
];

/// A row of `person` as the database hands it out.
#[derive(Debug, FromQueryResult)]
pub(crate) struct PersonRow {
    id: Uuid,
    city_id: i32,
    district_id: Option<i32>,
    subdistrict_id: Option<i32>,
    community_id: Option<i32>,
    birth_month: Option<i32>,
    sex: Option<String>,
    state: String,
    merged_into: Option<Uuid>,
    number: i64,
    revision: i64,
    sealed: Vec<u8>,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Self {
            id: row.id.into(),
            area: AreaPath {
                city: AreaId(row.city_id),
                district: row.district_id.map(AreaId),
                subdistrict: row.subdistrict_id.map(AreaId),
                community: row.community_id.map(AreaId),
            },
            birth_month: row.birth_month,
            sex: row.sex.as_deref().and_then(sex_of_word),
            state: if row.state == PersonState::Merged.word() {
                PersonState::Merged
            } else {
                PersonState::Active
            },
            merged_into: row.merged_into.map(Into::into),
            number: row.number,
            revision: row.revision,
            sealed: row.sealed,
        }
    }
}
