//! The table `area`.

use base::{Area, AreaId, AreaLevel, AreaPath};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, EntityTrait, EnumIter, PrimaryKeyTrait,
};
use sea_orm::{DeriveRelation, Set};

/// One area as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaRow {
    /// Its id.
    pub id: AreaId,
    /// Its level.
    pub level: AreaLevel,
    /// The official name.
    pub name: String,
    /// The 12-digit statistical code, if it has one.
    pub code: Option<String>,
    /// The area with all above it.
    pub path: AreaPath,
    /// Whether it comes from the shipped list; others were added in the browser.
    pub shipped: bool,
    /// Its version.
    pub version: i32,
}

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "area")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub level: String,
    pub name: String,
    pub code: Option<String>,
    pub city_id: i32,
    pub district_id: Option<i32>,
    pub subdistrict_id: Option<i32>,
    pub community_id: Option<i32>,
    pub shipped: bool,
    pub version: i32,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn path(&self) -> AreaPath {
        crate::field::path(self.city_id, self.district_id, self.subdistrict_id, self.community_id)
    }

    pub fn into_row(self) -> AreaRow {
        let path = self.path();
        AreaRow {
            id: AreaId(self.id),
            level: path.level(),
            name: self.name,
            code: self.code,
            path,
            shipped: self.shipped,
            version: self.version,
        }
    }
}

/// A row of the shipped list.
pub fn shipped(area: &Area) -> ActiveModel {
    active(&AreaRow {
        id: area.id,
        level: area.level,
        name: area.name.clone(),
        code: area.code.clone(),
        path: area.path,
        shipped: true,
        version: 1,
    })
}

/// The row with every column set.
pub fn active(row: &AreaRow) -> ActiveModel {
    ActiveModel {
        id: Set(row.id.0),
        level: Set(row.level.key().to_owned()),
        name: Set(row.name.clone()),
        code: Set(row.code.clone()),
        city_id: Set(row.path.city.0),
        district_id: Set(row.path.district.map(|id| id.0)),
        subdistrict_id: Set(row.path.subdistrict.map(|id| id.0)),
        community_id: Set(row.path.community.map(|id| id.0)),
        shipped: Set(row.shipped),
        version: Set(row.version),
    }
}
