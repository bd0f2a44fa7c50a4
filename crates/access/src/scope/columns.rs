//! Where a table keeps what the terms of a scope ask for.

use base::AreaLevel;

/// The columns of one table that decide who may see its rows. A constant beside the table's entity:
///
/// ```
/// use access::{Reach, ScopeColumns, Through};
///
/// const MATTER: ScopeColumns = ScopeColumns {
///     holder_post: Reach::Column("holder_post_id"),
///     person: Some("subject_id"),
///     ..ScopeColumns::of("matter")
/// };
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeColumns {
    /// The table, or the alias under which the query names it.
    pub table: &'static str,
    /// The row's id, a UUID: what somebody is named on in person.
    pub id: &'static str,
    /// Area column of each level; empty in a row whose place is not known so far down.
    pub city: &'static str,
    /// See `city`.
    pub district: &'static str,
    /// See `city`.
    pub subdistrict: &'static str,
    /// See `city`.
    pub community: &'static str,
    /// The post that holds the row.
    pub holder_post: Reach,
    /// The organisation to which the row was referred.
    pub organisation: Reach,
    /// The person whom the row is about: what sealing and barring go by. `None` for tables that are about nobody.
    pub person: Option<&'static str>,
}

/// How a row leads to a post or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Not at all: the term never holds for this table.
    Nowhere,
    /// By a column of the row.
    Column(&'static str),
    /// By a row of another table.
    Through(Through),
}

/// A row of another table that leads to a post or an organisation: the open task of a matter, the referral of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Through {
    /// The other table.
    pub table: &'static str,
    /// Its column that names our row.
    pub key: &'static str,
    /// Our column that it names, usually `id`.
    pub own: &'static str,
    /// Its column with the post or the organisation.
    pub column: &'static str,
    /// Only rows whose text column has one of these values: the states in which a referral or a task still stands.
    pub only: Option<(&'static str, &'static [&'static str])>,
}

impl ScopeColumns {
    /// The columns of `table` by the names that every scoped table uses; what is not there is `Nowhere`.
    pub const fn of(table: &'static str) -> Self {
        Self {
            table,
            id: "id",
            city: "city_id",
            district: "district_id",
            subdistrict: "subdistrict_id",
            community: "community_id",
            holder_post: Reach::Nowhere,
            organisation: Reach::Nowhere,
            person: None,
        }
    }

    /// The same columns under the alias that a query gives the table.
    #[must_use]
    pub const fn under(self, alias: &'static str) -> Self {
        Self { table: alias, ..self }
    }

    /// The area column of `level`.
    pub fn at(&self, level: AreaLevel) -> &'static str {
        match level {
            AreaLevel::City => self.city,
            AreaLevel::District => self.district,
            AreaLevel::Subdistrict => self.subdistrict,
            AreaLevel::Community => self.community,
        }
    }
}
