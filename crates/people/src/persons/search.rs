//! Searching for people: the live index proposes, the database shows what the searcher may see, and the search itself
//! is put on record (design §4, Search).

use std::collections::HashMap;

use access::{Actor, FieldClass, Masked, Roles};
use base::{AreaPath, PersonId, Sex};
use sea_orm::Condition;
use store::{Event, Read, StoreError, Write};

use super::{Person, listing, repo, title};
use crate::index::PeopleIndex;

/// Persons that the index proposes; of these the searcher may see fewer. A common name is borne by thousands of a city, of
/// whom somebody who sees one community may see two: as long as few are found, more are proposed.
const PROPOSED: [usize; 3] = [500, 4_000, 32_000];
/// Persons that are shown.
pub const FOUND_AT_MOST: usize = 50;

/// A person who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The person.
    pub person: PersonId,
    /// Name, masked as on lists.
    pub name: Masked,
    /// Identity number, masked as on lists.
    pub number: Option<Masked>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Month of birth, as [`super::birth_month`] counts.
    pub birth_month: Option<i32>,
    /// Where the person belongs.
    pub area: AreaPath,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Who, the likeliest first; at most [`FOUND_AT_MOST`].
    pub found: Vec<Found>,
    /// Whether there may be more.
    pub is_cut: bool,
}

/// Persons of `filter` whom `text` may mean and `actor` may see: by name, pinyin (in full or by initials), at least four characters of
/// a number, or a phone.
pub async fn search(
    read: &Read,
    index: &PeopleIndex,
    roles: &Roles,
    actor: &Actor,
    filter: &listing::Filter,
    text: &str,
) -> Result<Search, StoreError> {
    search_among(read, index, roles, actor, (filter, Condition::all()), text).await
}

/// As [`search`], among the persons for whom `which` holds as well, a condition on the table `person`: those of whom a list
/// of other things has any. Whoever bears a common name would otherwise hide whom the list is about.
pub async fn search_among(
    read: &Read,
    index: &PeopleIndex,
    roles: &Roles,
    actor: &Actor,
    (filter, which): (&listing::Filter, Condition),
    text: &str,
) -> Result<Search, StoreError> {
    index.follow(read.connection(), read.keys()).await?;
    let condition = listing::condition(read, roles, actor, filter).await?.add(which);
    let mut seen = Vec::new();
    let mut is_cut = false;
    for most in PROPOSED {
        let proposed = index.search(text, most);
        let places: HashMap<PersonId, usize> = proposed.iter().copied().zip(0..).collect();
        seen = repo::by_ids(read.connection(), &proposed, condition.clone()).await?;
        seen.sort_by_key(|person| places.get(&person.id).copied());
        is_cut = seen.len() > FOUND_AT_MOST || proposed.len() >= most;
        if seen.len() >= FOUND_AT_MOST || proposed.len() < most {
            break;
        }
    }
    seen.truncate(FOUND_AT_MOST);
    let found = seen.iter().map(|person| found(read, person)).collect::<Result<_, _>>()?;
    Ok(Search { found, is_cut })
}

fn found(read: &Read, person: &Person) -> Result<Found, StoreError> {
    let master = person.master(read.keys())?;
    let number = master.document.as_ref();
    let number = number.map(|number| Masked::on_list(FieldClass::IdentityNumber, number.value.number()));
    Ok(Found {
        person: person.id,
        name: title(&master),
        number,
        sex: person.sex,
        birth_month: person.birth_month,
        area: person.area,
    })
}

/// Puts a search on record, before its answer is shown. What was typed is sealed in the journal.
pub async fn record_search(write: &Write, text: &str, found: usize) -> Result<(), StoreError> {
    let after = serde_json::json!({ "text": text, "found": found });
    write.record(Event { kind: "people.searched", after, ..Event::default() }).await?;
    Ok(())
}
