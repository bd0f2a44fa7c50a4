//! Persons: the master record and what is asked of it.

mod card;
mod facts;
pub mod listing;
mod master;
mod model;
pub(crate) mod pages;
pub mod repo;
mod says;
mod search;
mod whereabouts;

pub use card::{Card, CardGuardian, CardLine, CardMember, CardSaid, CardValue, Origin, card, said, title};
pub(crate) use facts::households;
pub use facts::{GuardianFacts, HouseholdFacts, Member, PersonFacts, facts, indicators_of, touched};
pub use master::{LinkedRow, Master, Sourced};
pub use model::{Number, Person, PersonState, PersonThing, birth_month, sex_word};
pub use pages::PERSON_PLACE;
pub(crate) use pages::links_address;
pub(crate) use says::{about, kinship_says, sex_says};
pub use search::{FOUND_AT_MOST, Found, Search, record_search, search, search_among};
pub use whereabouts::{HomeOf, HomeSaid, Whereabouts, whereabouts};
