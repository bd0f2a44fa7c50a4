//! Areas, organisations, posts, accounts, sessions, roles and scope: who somebody is here, what they may do, and which
//! rows they may see (design §5).
//!
//! What belongs here: the tables that say so, and the [`Scope`] that every list of things of persons is taken through.
//! What never belongs here: HTML, a cookie, a word about leads or cases, and any query over another crate's table.
//!
//! ```ignore
//! let scope = app.roles.scope(&actor, access::READ, "lead");        // from roles.toml
//! select.filter(scope.condition(&LEAD));                            // a list
//! let token = access::look_up::<Lead>(write.connection(), &scope, id).await?;   // one, or NotFound
//! leads::dispatch(&write, &token, …).await?;                        // writing demands the token
//! ```

pub mod accounts;
mod actor;
pub mod areas;
mod edit;
mod error;
mod field;
pub mod organisations;
pub mod posts;
mod reading;
pub mod roles;
mod schema;
pub mod scope;
pub mod sessions;
pub mod users;

pub use actor::{Actor, CITY, SYSTEM_ROLE};
pub use error::{AccessError, FieldFault};
pub use reading::{FILE_READ, ReadRecord, Reading, read_record};
pub use roles::{Clearance, FieldClass, Masked, READ, Role, Roles};
pub use schema::migrations;
pub use scope::{Grant, Reach, Scope, ScopeColumns, Sight, Term, Thing, Through, Token, look_up};
