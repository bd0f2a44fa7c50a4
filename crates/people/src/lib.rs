//! Feeds and deliveries, source rows, persons and links, review, indicators, live index.
//!
//! What belongs here: what departments deliver, kept row by row as it came; who the rows are about; and what is known
//! of a person, each value with its row. What is given is the published rows and the decisions of people; persons,
//! master records, indicators and the index are functions of these.
//!
//! What never belongs here: what follows for a person. This crate knows no lead, no case, no file, no program; it says
//! in the journal that a delivery is published ([`import::DELIVERY_PUBLISHED`]) or that rows were moved by hand
//! ([`links::PERSONS_RENEWED`]), and who hears it asks for [`persons::facts`].

pub mod deliveries;
pub mod homes;
pub mod import;
pub mod index;
pub mod links;
mod module;
#[cfg(test)]
mod office;
mod people;
pub mod persons;
pub mod reading;
pub mod review;
pub mod rows;
mod schema;

texts::module!("people");

pub use module::{APPLY_JOB, CHECK_JOB, DeliveryJob, module};
pub use people::{NoModel, People};
pub use persons::{Card, Found, PersonFacts, card, facts, search, touched};
pub use schema::migrations;
