//! What present rows say of where a person lives: the person's own, those of whoever lives there too, and those of others
//! that name the same house. What follows from it is for whoever asks to say.

use std::collections::HashMap;

use base::{AreaPath, PersonId, SourceRowId};
use linkage::Model;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Condition;
use store::{Keys, StoreError};

use super::facts::{households, rows_of};
use super::repo;
use crate::deliveries::Horizon;
use crate::rows::{self, PlaceKind};

/// Rows of a home that are opened at most, the newest first: a household has one of each feed for each of its members.
const ROWS_OPENED: usize = 40;

/// What is said of where a person lives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Whereabouts {
    /// The area of the present address as the person's record has it, as far as it can be told.
    pub stated: Option<AreaPath>,
    /// What rows say, the newest first.
    pub said: Vec<HomeSaid>,
}

/// What one row says of a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeSaid {
    /// The row.
    pub row: SourceRowId,
    /// Of whom it is.
    pub of: HomeOf,
    /// The area that it names as the present one.
    pub area: AreaPath,
    /// Whether its address and the person's own are of one house; `None` where one of them says too little.
    pub is_same_house: Option<bool>,
}

/// Of whom a row about a home is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HomeOf {
    /// The person.
    Own,
    /// Somebody of the same household.
    Household,
    /// Somebody else, who looks after the person.
    Guardian,
}

/// What is said of where `person` lives; `guardians` are those who look after the person, as far as they are known. Houses
/// are compared as `model` reads addresses.
///
/// # Errors
/// Those of the database.
pub async fn whereabouts(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    model: &Model,
    person: PersonId,
    guardians: &[PersonId],
) -> Result<Whereabouts, StoreError> {
    let horizon = Horizon::read(connection).await?;
    let Some(known) = repo::by_ids(connection, &[person], Condition::all()).await?.pop() else {
        return Ok(Whereabouts::default());
    };
    let master = known.master(keys)?;
    let present = master.place(PlaceKind::Present);
    let address = present.and_then(|place| place.value.address.clone());
    let mut of_rows: HashMap<SourceRowId, HomeOf> = HashMap::new();
    for (bearer, rows) in rows_of(connection, horizon, guardians).await? {
        if bearer != person {
            of_rows.extend(rows.into_iter().map(|(row, _)| (row, HomeOf::Guardian)));
        }
    }
    let household = households(connection, horizon, &[person]).await?.remove(&person);
    let members = household.into_iter().flat_map(|household| household.others);
    of_rows.extend(members.map(|member| (member.row, HomeOf::Household)));
    let own = rows_of(connection, horizon, &[person]).await?.remove(&person).unwrap_or_default();
    of_rows.extend(own.into_iter().map(|(row, _)| (row, HomeOf::Own)));
    let mut ids: Vec<SourceRowId> = of_rows.keys().copied().collect();
    // Ids of rows are in the order of time, so the last are the newest.
    ids.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    ids.truncate(ROWS_OPENED);
    let mut found = rows::repo::by_ids(connection, &ids).await?;
    found.sort_by_key(|row| std::cmp::Reverse((row.number, row.place, row.id)));
    let mut said = Vec::new();
    for row in found {
        let values = rows::repo::open(keys, &row)?.values;
        let Some(place) = values.place(PlaceKind::Present) else { continue };
        let (Some(area), Some(of)) = (place.area, of_rows.get(&row.id)) else { continue };
        let both = address.as_deref().zip(place.address.as_deref());
        let is_same_house = both.and_then(|(own, other)| model.is_same_house(own, other));
        said.push(HomeSaid { row: row.id, of: *of, area, is_same_house });
    }
    Ok(Whereabouts { stated: present.and_then(|place| place.value.area), said })
}
