//! What a source row says, in typed form: the part of a row from which persons are made. It is sealed with the row.

use base::AreaPath;
use base::Day;
use base::IdentityDocument;
use base::Phone;
use base::Sex;
use serde::{Deserialize, Serialize};

/// The usable values of one row. What could not be used is not here; it stays in the row's cells as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RowValues {
    /// The person's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The person's usable identity document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<IdentityDocument>,
    /// A number of the person's that cannot be used, as written: still evidence for who it is, never an identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unusable_number: Option<String>,
    /// Date of birth: of its own column, else of the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth: Option<Day>,
    /// Sex: of its own column, else of the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// The person's own phones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// Places with which the row connects the person, each kind at most once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// The household of which the row makes the person a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdClaim>,
    /// Those who look after the person, as the row names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guardians: Vec<Guardian>,
    /// School, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school: Option<String>,
    /// Grade and class, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

/// How a place is connected with a person, in the order in which it decides whose person it is (design §3, Identity).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// 现住址: where the person lives now.
    Present,
    /// 学校: where the person goes to school.
    School,
    /// 户籍地: where the person is registered.
    Registration,
}

impl PlaceKind {
    /// All kinds, the one that decides first at the front.
    pub const ALL: [Self; 3] = [Self::Present, Self::School, Self::Registration];

    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::School => "school",
            Self::Registration => "registration",
        }
    }
}

/// A place with which a row connects its person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// How it is connected.
    pub kind: PlaceKind,
    /// The address as written; `None` when only areas are given.
    pub address: Option<String>,
    /// The area in which it lies, as far as it can be told. `None` when it lies elsewhere or cannot be told.
    pub area: Option<AreaPath>,
}

/// A row's word on the household of its person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdClaim {
    /// What identifies the household within its feed: its number, else its address.
    pub key: String,
    /// The person's place in it as written: 户主, 子, 女 …
    pub role: Option<String>,
}

/// Somebody who looks after the person, as a row names them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Guardian {
    /// Kinship: `father`, `mother`, `guardian` …
    pub kind: String,
    /// Name.
    pub name: Option<String>,
    /// Phones.
    pub phones: Vec<Phone>,
    /// Usable identity document.
    pub document: Option<IdentityDocument>,
}

impl RowValues {
    /// The place of `kind`.
    pub fn place(&self, kind: PlaceKind) -> Option<&Place> {
        self.places.iter().find(|place| place.kind == kind)
    }

    /// The area that decides whose person it is: present residence, else school, else registration.
    pub fn area(&self) -> Option<AreaPath> {
        PlaceKind::ALL.into_iter().find_map(|kind| self.place(kind).and_then(|place| place.area))
    }
}
