//! Connection, transaction, migrations, sealed rows and blobs, bulk writing, journal, jobs.
//!
//! What belongs here: everything that must know which database there is, and what every crate above needs to keep
//! something for good: one body of code for SQLite and PostgreSQL. What never belongs here: a table of another
//! crate, a word about children or matters, HTML.
//!
//! A repository above is a few functions over `read.connection()` or `write.connection()`:
//!
//! ```ignore
//! let read = database.read().await?;                       // one snapshot, cannot write
//! let row = person::Entity::find_by_id(id).one(read.connection()).await?.ok_or(StoreError::NotFound)?;
//! let name: Sealed = read.keys().open("person", row.id, &row.sealed)?;
//!
//! let write = database.write(operation).await?;            // dropped without `save`: nothing happened
//! let id = write.new_id();
//! model(id, write.keys().seal("person", id, &sealed)?).insert(write.connection()).await?;
//! write.record(Event { kind: "people.person_created", subject: Some(id.into()), ..Event::default() }).await?;
//! write.enqueue("people.renew", &Renew { person: id }, write.at()).await?;
//! write.save().await?;
//! ```

pub mod blob;
pub mod bulk;
pub mod clock;
mod database;
mod engine;
mod error;
pub mod jobs;
pub mod journal;
mod keys;
pub mod lease;
mod migration;
mod operation;
mod read;
pub mod schema;
#[cfg(feature = "testing")]
pub mod testing;
mod write;

pub use database::Database;
pub use engine::{DatabaseUrl, SQLITE_FILE_NAME};
pub use error::StoreError;
pub use keys::{HASH_LENGTH_BYTES, Keys, MASTER_KEY_FILE_NAME, SEALING_OVERHEAD_BYTES};
pub use migration::migrations;
pub use operation::{ActorRef, Event, Operation};
pub use read::Read;
pub use schema::{Column, Migration, Schema, TableSketch};
pub use write::Write;

/// The columns in which a row says where it belongs, from the top (`base::AreaPath`).
pub const AREA_COLUMNS: [&str; 4] = ["city_id", "district_id", "subdistrict_id", "community_id"];
