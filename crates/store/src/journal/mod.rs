//! The journal: the one append-only log. Timeline, audit and events are three readings of it.
//!
//! An entry is written in the transaction of what it tells (`Write::record`), without a number. A sequencer, one at a
//! time over all processes, numbers what is committed and chains it: each entry's hash covers the one before. (A chain
//! inside each transaction would queue all writers on one row.) The hash covers a payload by its digest only, so that
//! retention can erase a payload and the chain still holds.

mod append;
mod entry;
mod list;
mod listen;
mod refusal;
mod sequence;
mod verify;

use crate::schema::Migration;

pub use append::{PAYLOAD_BYTES_AT_MOST, erase};
pub(crate) use append::{append, append_all};
pub use entry::{Entry, Payload};
pub use list::{Filter, Place, after, entry, list, newest};
pub(crate) use listen::Deliveries;
pub use listen::{Lag, Listener, lags, wait};
pub use refusal::{Refusal, RefusalState, TRIES_BEFORE_A_PERSON, refusals, retry, set_aside, stuck};
pub use sequence::{Head, NotAHead, head, sequence};
pub use verify::{Fault, Verdict, verify};

/// The table, which is also what its payloads are bound to.
const TABLE: &str = "journal";

pub(crate) fn migrations() -> Vec<Migration> {
    vec![Migration {
        name: "store.0001_journal",
        up: |schema| {
            schema.create_table(TABLE, |table| {
                table.id();
                table.big_integer("number").optional();
                table.text("kind");
                table.moment("at");
                table.moment("recorded_at");
                table.uuid("actor_account").optional();
                table.uuid("actor_post").optional();
                table.uuid("operation");
                table.text("operation_name");
                table.uuid("subject").optional();
                table.uuid("matter").optional();
                table.area_optional();
                table.bytes("payload").optional();
                table.bytes("digest");
                table.bytes("hash").optional();
            });
            schema.unique_index(TABLE, &["number"]);
            schema.index(TABLE, &["subject", "id"]);
            schema.index(TABLE, &["matter", "id"]);
            schema.index(TABLE, &["actor_account", "id"]);
            schema.index(TABLE, &["kind", "id"]);
            schema.create_table("journal_cursor", |table| {
                table.text("listener");
                table.big_integer("number");
                table.primary_key(&["listener"]);
            });
        },
    }]
}

/// What came later.
pub(crate) fn later_migrations() -> Vec<Migration> {
    vec![Migration {
        name: "store.0005_refusal",
        up: |schema| {
            schema.create_table(refusal::TABLE, |table| {
                table.text("listener");
                table.big_integer("number");
                table.uuid("entry");
                table.text("state");
                table.integer("attempts");
                table.moment("since");
                table.moment("next_at");
                table.bytes("error");
                table.primary_key(&["listener", "number"]);
            });
        },
    }]
}
