//! The tables `post` and `tenure`.

use base::{AccountId, AreaPath, Moment, OrganisationId, PostId};
use uuid::Uuid;

use crate::AccessError;

/// A post: role × organisation × area. Posts hold matters, people hold posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// Its role (`roles.toml`).
    pub role: String,
    /// The organisation that it belongs to.
    pub organisation: OrganisationId,
    /// What tells it from others of the same role, organisation and area: 未保科, "second desk". May be empty.
    pub title: String,
    /// The area that it is responsible for.
    pub area: AreaPath,
    /// Since when it is closed, by the office's clock.
    pub closed_at: Option<Moment>,
    /// Its version.
    pub version: i32,
}

/// Why somebody holds a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TenureKind {
    /// It is theirs.
    Regular,
    /// They stand in for somebody on leave (代班).
    Cover,
}

impl TenureKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Regular, Self::Cover];

    /// The word of this kind in the database and in forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Cover => "cover",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A period in which an account holds a post. Leave cover and hand-over change these, never the matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenure {
    /// Its id.
    pub id: Uuid,
    /// The post.
    pub post: PostId,
    /// Who holds it.
    pub account: AccountId,
    /// Why.
    pub kind: TenureKind,
    /// From this moment on, by the office's clock.
    pub from: Moment,
    /// Up to (and without) this moment; open if there is none.
    pub until: Option<Moment>,
    /// Its version.
    pub version: i32,
}

impl Tenure {
    /// Whether the post is held under this tenure at `at`.
    pub fn covers(&self, at: Moment) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// Whether the two periods have a moment in common.
    pub fn overlaps(&self, from: Moment, until: Option<Moment>) -> bool {
        self.until.is_none_or(|own_until| from < own_until) && until.is_none_or(|until| self.from < until)
    }
}

/// The entity of `post`.
pub mod post {
    use sea_orm::DeriveRelation;
    use sea_orm::entity::prelude::{
        ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, EntityTrait, EnumIter, PrimaryKeyTrait,
        Uuid,
    };

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "post")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub role: String,
        pub organisation_id: Uuid,
        pub title: String,
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
}

/// The entity of `tenure`.
pub mod tenure {
    use sea_orm::DeriveRelation;
    use sea_orm::entity::prelude::{
        ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, EntityTrait, EnumIter, PrimaryKeyTrait,
        Uuid,
    };

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tenure")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub post_id: Uuid,
        pub account_id: Uuid,
        pub kind: String,
        pub from_at: i64,
        pub until_at: Option<i64>,
        pub version: i32,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<post::Model> for Post {
    fn from(row: post::Model) -> Self {
        Self {
            id: PostId(row.id),
            role: row.role,
            organisation: OrganisationId(row.organisation_id),
            title: row.title,
            area: crate::field::path(row.city_id, row.district_id, row.subdistrict_id, row.community_id),
            closed_at: row.closed_at.map(Moment),
            version: row.version,
        }
    }
}

impl TryFrom<tenure::Model> for Tenure {
    type Error = AccessError;

    fn try_from(row: tenure::Model) -> Result<Self, AccessError> {
        let kind = TenureKind::from_word(&row.kind)
            .ok_or_else(|| AccessError::internal("a tenure is of an unknown kind"))?;
        Ok(Self {
            id: row.id,
            post: PostId(row.post_id),
            account: AccountId(row.account_id),
            kind,
            from: Moment(row.from_at),
            until: row.until_at.map(Moment),
            version: row.version,
        })
    }
}
