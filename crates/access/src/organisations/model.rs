//! The table `organisation`.

use base::{AreaLevel, AreaPath, Moment, OrganisationId};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, EntityTrait, EnumIter, PrimaryKeyTrait, Uuid,
};
use sea_orm::{DeriveRelation, Set};

use crate::AccessError;

/// What an organisation is. Shown in both languages by the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrganisationKind {
    /// 民政局: a civil-affairs bureau of the city or a district.
    Bureau,
    /// 街道办事处
    SubdistrictOffice,
    /// 社区工作站, with the residents' committee.
    CommunityStation,
    /// 会办单位: police, procuratorate, court, education, health and the other departments of the responsibility list.
    Department,
    /// 社会组织, 服务机构: social-work agencies, law firms, care agencies.
    Agency,
}

impl OrganisationKind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::Bureau, Self::SubdistrictOffice, Self::CommunityStation, Self::Department, Self::Agency];

    /// The word of this kind in the database and in forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bureau => "bureau",
            Self::SubdistrictOffice => "subdistrict_office",
            Self::CommunityStation => "community_station",
            Self::Department => "department",
            Self::Agency => "agency",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// The department of the responsibility list that it is in its area: `police`. Referrals find it by this.
    pub department: Option<String>,
    /// The area that it serves.
    pub area: AreaPath,
    /// Since when it is closed, by the office's clock.
    pub closed_at: Option<Moment>,
    /// Its version.
    pub version: i32,
}

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub name: String,
    pub department: Option<String>,
    pub city_id: i32,
    pub district_id: Option<i32>,
    pub subdistrict_id: Option<i32>,
    pub community_id: Option<i32>,
    pub closed_at: Option<i64>,
    pub version: i32,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn into_organisation(self) -> Result<Organisation, AccessError> {
        let kind = OrganisationKind::from_word(&self.kind)
            .ok_or_else(|| AccessError::internal("an organisation is of an unknown kind"))?;
        Ok(Organisation {
            id: OrganisationId(self.id),
            kind,
            area: crate::field::path(self.city_id, self.district_id, self.subdistrict_id, self.community_id),
            name: self.name,
            department: self.department,
            closed_at: self.closed_at.map(Moment),
            version: self.version,
        })
    }
}

/// The row with every column set.
pub fn active(organisation: &Organisation) -> ActiveModel {
    ActiveModel {
        id: Set(organisation.id.0),
        kind: Set(organisation.kind.word().to_owned()),
        name: Set(organisation.name.clone()),
        department: Set(organisation.department.clone()),
        city_id: Set(organisation.area.city.0),
        district_id: Set(organisation.area.district.map(|id| id.0)),
        subdistrict_id: Set(organisation.area.subdistrict.map(|id| id.0)),
        community_id: Set(organisation.area.community.map(|id| id.0)),
        closed_at: Set(organisation.closed_at.map(|at| at.0)),
        version: Set(organisation.version),
    }
}

/// The column in which rows say which area of `level` they serve.
pub fn column(level: AreaLevel) -> Column {
    match level {
        AreaLevel::City => Column::CityId,
        AreaLevel::District => Column::DistrictId,
        AreaLevel::Subdistrict => Column::SubdistrictId,
        AreaLevel::Community => Column::CommunityId,
    }
}
