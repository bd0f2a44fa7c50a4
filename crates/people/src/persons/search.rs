//! Searching for people: the live index proposes, the database shows what the searcher may see, and the search itself
//! is put on record (design §4, Search).

use access::{Actor, Masked, Roles};
use base::{AreaPath, PersonId, Sex};
use store::{Event, Read, StoreError, Write};

use super::{listing, repo, title};
use crate::index::PeopleIndex;

/// Persons that the index proposes; of these the searcher may see fewer.
const PROPOSED_AT_MOST: usize = 500;
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

/// Persons whom `text` may mean and `actor` may see, the likeliest first: by name, pinyin (in full or by initials), at
/// least four characters of a number, or a phone.
pub async fn search(
    read: &Read,
    index: &PeopleIndex,
    roles: &Roles,
    actor: &Actor,
    text: &str,
) -> Result<Vec<Found>, StoreError> {
    index.follow(read.connection(), read.keys()).await?;
    let proposed = index.search(text, PROPOSED_AT_MOST);
    let condition = listing::condition(read, roles, actor, None).await?;
    let mut seen = repo::by_ids(read.connection(), &proposed, condition).await?;
    seen.sort_by_key(|person| proposed.iter().position(|id| *id == person.id));
    seen.truncate(FOUND_AT_MOST);
    seen.iter()
        .map(|person| {
            let master = person.master(read.keys())?;
            let number = master
                .document
                .as_ref()
                .map(|document| Masked::on_list(access::FieldClass::IdentityNumber, document.value.number()));
            Ok(Found {
                person: person.id,
                name: title(&master),
                number,
                sex: person.sex,
                birth_month: person.birth_month,
                area: person.area,
            })
        })
        .collect()
}

/// Puts a search on record, before its answer is shown. What was typed is sealed in the journal.
pub async fn record_search(write: &Write, text: &str, found: usize) -> Result<(), StoreError> {
    let after = serde_json::json!({ "text": text, "found": found });
    write.record(Event { kind: "people.searched", after, ..Event::default() }).await?;
    Ok(())
}
