//! Areas: a tree with four levels. The 12-digit statistical code is a property, not the identity: two functional
//! districts of Shenzhen have none (facts.md, Identity).

use serde::{Deserialize, Serialize};

mod locate;
mod tree;

pub use tree::{Area, AreaFault, AreaTree, FIRST_OWN_AREA};

/// An area's id: its place in the list of areas, given once and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AreaId(pub i32);

/// The four levels of the city, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaLevel {
    /// 市
    City,
    /// 区
    District,
    /// 街道
    Subdistrict,
    /// 社区
    Community,
}

/// Where something stands: the city, and as much below it as is known. A level is never set without those above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AreaPath {
    /// The city.
    pub city: AreaId,
    /// The district, if known.
    pub district: Option<AreaId>,
    /// The sub-district, if known.
    pub subdistrict: Option<AreaId>,
    /// The community, if known.
    pub community: Option<AreaId>,
}

impl AreaPath {
    /// The deepest level that is known.
    pub fn level(&self) -> AreaLevel {
        match (self.district, self.subdistrict, self.community) {
            (_, _, Some(_)) => AreaLevel::Community,
            (_, Some(_), None) => AreaLevel::Subdistrict,
            (Some(_), None, None) => AreaLevel::District,
            (None, None, None) => AreaLevel::City,
        }
    }

    /// The deepest area that is known.
    pub fn area(&self) -> AreaId {
        self.community.or(self.subdistrict).or(self.district).unwrap_or(self.city)
    }

    /// The area at `level`, if known.
    pub fn at(&self, level: AreaLevel) -> Option<AreaId> {
        match level {
            AreaLevel::City => Some(self.city),
            AreaLevel::District => self.district,
            AreaLevel::Subdistrict => self.subdistrict,
            AreaLevel::Community => self.community,
        }
    }

    /// Whether `self` lies in `other` or is the same place.
    pub fn is_within(&self, other: &Self) -> bool {
        self.at(other.level()) == Some(other.area())
    }

    /// The same place cut at `level`: what lies below is dropped.
    #[must_use]
    pub fn cut_at(&self, level: AreaLevel) -> Self {
        Self {
            city: self.city,
            district: self.district.filter(|_| level >= AreaLevel::District),
            subdistrict: self.subdistrict.filter(|_| level >= AreaLevel::Subdistrict),
            community: self.community.filter(|_| level >= AreaLevel::Community),
        }
    }
}

impl AreaLevel {
    /// All levels, from the top.
    pub const ALL: [Self; 4] = [Self::City, Self::District, Self::Subdistrict, Self::Community];

    /// The level's name in data files, addresses and columns: `city`, `district`, `subdistrict`, `community`.
    pub fn key(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::District => "district",
            Self::Subdistrict => "subdistrict",
            Self::Community => "community",
        }
    }

    /// The level with this [`AreaLevel::key`].
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.key() == key)
    }

    /// The level below, or `None` at the community.
    pub fn below(self) -> Option<Self> {
        match self {
            Self::City => Some(Self::District),
            Self::District => Some(Self::Subdistrict),
            Self::Subdistrict => Some(Self::Community),
            Self::Community => None,
        }
    }

    /// The level above, or `None` at the city.
    pub fn above(self) -> Option<Self> {
        match self {
            Self::City => None,
            Self::District => Some(Self::City),
            Self::Subdistrict => Some(Self::District),
            Self::Community => Some(Self::Subdistrict),
        }
    }
}
