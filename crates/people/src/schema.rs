//! The tables of people, in one place: what the rows say is in the `model.rs` of each room.
//!
//! Two kinds of columns only: plain ones that lists and conditions need (areas, birth month, sex, states, times, keyed
//! hashes), and `sealed`, which holds everything personal (design §4).
//!
//! `number` is the number of the delivery that wrote a row. A reader sees what is at or below the published number
//! ([`crate::deliveries::Horizon`]), so that publishing is one row however large the delivery was.

use store::schema::{Migration, Schema};

/// The history of this crate's tables.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { name: "people.0001_deliveries", up: deliveries },
        Migration { name: "people.0002_source_rows", up: source_rows },
        Migration { name: "people.0003_persons", up: persons },
        Migration { name: "people.0004_decisions", up: decisions },
        Migration { name: "people.0005_apply_asked", up: apply_asked },
        Migration { name: "people.0006_shown_revision", up: shown_revision },
        Migration { name: "people.0007_no_last_key", up: no_last_key },
    ]
}

fn deliveries(schema: &mut Schema) {
    // One row. Whoever creates or links people takes it for the length of a transaction: the one writer of design §4.
    schema.create_table("people_writer", |table| {
        table.integer("id");
        table.big_integer("revision");
        table.big_integer("number");
        table.primary_key(&["id"]);
    });
    schema.create_table("feed_state", |table| {
        table.integer("id");
        table.text("feed").unique();
        table.big_integer("published");
        table.uuid("delivery_id").optional();
        table.big_integer("current_rows");
        table.primary_key(&["id"]);
    });
    schema.create_table("delivery", |table| {
        table.id();
        table.integer("feed_id").references("feed_state");
        table.text("feed_version");
        table.text("state");
        table.big_integer("number").optional();
        table.area();
        table.uuid("organisation_id").optional();
        table.uuid("post_id").optional();
        table.uuid("account_id").optional();
        table.uuid("blob_id");
        table.bytes("file_digest");
        table.big_integer("size_bytes");
        table.moment("received_at");
        table.moment("changed_at");
        // Taken out by `no_last_key`.
        table.bytes("last_key").optional();
        table.big_integer("rows_applied");
        table.text("figures").optional();
        table.text("held").optional();
        table.version();
        table.sealed();
    });
    schema.index("delivery", &["feed_id", "received_at"]);
    schema.index("delivery", &["state"]);
    // Whom one transaction of an import touched, packed.
    schema.create_table("delivery_batch", |table| {
        table.uuid("delivery_id").references("delivery");
        table.integer("ordinal");
        table.bytes("touched");
        table.bytes("to_renew");
        table.primary_key(&["delivery_id", "ordinal"]);
    });
    schema.create_table("set_aside", |table| {
        table.uuid("delivery_id").references("delivery");
        table.integer("ordinal");
        table.big_integer("place");
        table.text("reason");
        table.sealed();
        table.primary_key(&["delivery_id", "ordinal"]);
    });
}

/// When somebody asked for a checked delivery to be applied: until its job begins its page says that it waits.
fn shown_revision(schema: &mut Schema) {
    // The last revision that changed what readers see. An import writes many that nobody sees before it is published.
    schema.add_column("people_writer", |table| {
        table.big_integer("shown_revision").default(0);
    });
}

fn apply_asked(schema: &mut Schema) {
    schema.add_column("delivery", |table| {
        table.moment("apply_asked_at").optional();
    });
}

fn source_rows(schema: &mut Schema) {
    // Hot tables name no foreign keys: an import writes them by the hundred thousand, in one transaction with their
    // parents.
    schema.create_table("source_row", |table| {
        table.id();
        table.integer("feed_id");
        table.bytes("row_key");
        table.bytes("content_hash");
        table.uuid("delivery_id");
        table.big_integer("number");
        table.big_integer("place");
        table.uuid("organisation_id").optional();
        table.uuid("previous_id").optional();
        table.big_integer("ended_number").optional();
        table.text("ended_as").optional();
        table.sealed();
    });
    schema.index("source_row", &["feed_id", "row_key"]);
    schema.create_table("indicator", |table| {
        table.id();
        table.uuid("source_row_id");
        table.text("kind");
        table.day("day").optional();
        table.big_integer("amount").optional();
    });
    schema.index("indicator", &["source_row_id"]);
    // Who lives together is said by the residences; what the household is called in its feed is sealed here.
    schema.create_table("household", |table| {
        table.id();
        table.integer("feed_id");
        table.sealed();
    });
    schema.create_table("residence", |table| {
        table.uuid("source_row_id");
        table.text("kind");
        table.uuid("household_id").optional();
        table.area_optional();
        table.text("role").optional();
        table.primary_key(&["source_row_id", "kind"]);
        table.narrow();
    });
    schema.index("residence", &["household_id"]);
    schema.create_table("relation", |table| {
        table.id();
        table.uuid("source_row_id");
        table.text("kind");
        table.sealed();
    });
    schema.index("relation", &["source_row_id"]);
}

fn persons(schema: &mut Schema) {
    schema.create_table("person", |table| {
        table.id();
        table.area();
        table.integer("birth_month").optional();
        table.text("sex").optional();
        table.text("state");
        table.uuid("merged_into").optional();
        table.big_integer("number");
        table.big_integer("revision");
        table.sealed();
    });
    schema.index("person", &["revision"]);
    schema.create_table("person_key", |table| {
        table.text("kind");
        table.bytes("hash");
        table.uuid("person_id");
        table.primary_key(&["kind", "hash"]);
        table.narrow();
    });
    schema.create_table("link", |table| {
        table.uuid("source_row_id");
        table.uuid("person_id");
        table.text("decided_by");
        table.double("weight").optional();
        table.moment("decided_at");
        table.uuid("decision_id").optional();
        table.bytes("sealed").optional();
        table.primary_key(&["source_row_id"]);
        table.narrow();
    });
    schema.index("link", &["person_id"]);
}

fn decisions(schema: &mut Schema) {
    schema.create_table("review", |table| {
        table.id();
        table.area();
        table.uuid("source_row_id");
        table.uuid("person_id");
        table.uuid("candidate_id");
        table.text("cause");
        table.text("state");
        table.double("weight");
        table.big_integer("number");
        table.moment("opened_at");
        table.moment("decided_at").optional();
        table.uuid("account_id").optional();
        table.uuid("decision_id").optional();
        table.version();
        table.sealed();
    });
    for level in store::AREA_COLUMNS {
        schema.index("review", &[level, "state", "weight"]);
    }
    schema.index("review", &["person_id", "candidate_id"]);
    schema.index("review", &["candidate_id"]);
    schema.create_table("decision", |table| {
        table.id();
        table.text("kind");
        table.uuid("person_id");
        table.uuid("other_id");
        table.uuid("review_id").optional();
        table.uuid("account_id").optional();
        table.moment("decided_at");
        table.moment("undone_at").optional();
        table.uuid("undone_by").optional();
        table.sealed();
    });
    schema.index("decision", &["person_id", "decided_at"]);
    schema.index("decision", &["other_id", "decided_at"]);
    schema.index("decision", &["account_id", "decided_at"]);
}

/// Rows are applied in the order of the file, and what is left is found by comparing: no last key is kept.
fn no_last_key(schema: &mut Schema) {
    schema.drop_column("delivery", "last_key");
}
