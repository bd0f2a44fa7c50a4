//! The tables of this crate.

use store::Migration;

/// The migrations, oldest first.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { name: "matters.0001_program_version", up: program_version },
        Migration { name: "matters.0002_matter", up: matter },
        Migration { name: "matters.0003_beside", up: beside },
        Migration { name: "matters.0004_papers", up: papers },
        Migration { name: "matters.0005_counting", up: counting },
        Migration { name: "matters.0006_outcomes", up: outcomes },
        Migration { name: "matters.0007_stood", up: stood },
    ]
}

/// The files of each version of a program that was ever in use.
fn program_version(schema: &mut store::Schema) {
    schema.create_table("program_version", |table| {
        table.text("program");
        table.text("version");
        table.text("hash");
        table.text("files");
        table.moment("kept_at");
        table.primary_key(&["program", "version"]);
    });
}

fn matter(schema: &mut store::Schema) {
    schema.create_table("matter", |table| {
        table.id();
        table.text("program");
        table.text("program_version");
        table.text("kind");
        table.uuid("parent_id").optional().references("matter");
        table.text("number").unique();
        table.uuid("subject_id").optional();
        table.area();
        table.text("stage");
        table.integer("severity");
        table.text("outcome").optional();
        table.text("origin");
        table.text("opened_from").optional();
        table.uuid("holder_post_id");
        table.text("holder_level").optional();
        table.uuid("organisation_id").optional();
        table.uuid("opener_post_id").optional();
        table.uuid("entered_by_id").optional();
        table.text("entered_level").optional();
        table.moment("opened_at");
        table.moment("changed_at");
        table.moment("closed_at").optional();
        table.moment("started_at");
        table.moment("due_at");
        table.moment("soon_at");
        table.moment("remind_at").optional();
        table.moment("climb_at");
        table.text("climbed_to").optional();
        table.moment("paused_at").optional();
        table.moment("pause_until").optional();
        table.text("pause_reason").optional();
        table.moment("next_at").optional();
        table.version();
        table.sealed();
    });
    // A desk lists what is open in its area by the moment at which it is due.
    for level in store::AREA_COLUMNS {
        schema.index("matter", &[level, "closed_at", "due_at", "id"]);
    }
    schema.index("matter", &["subject_id", "kind"]);
    schema.index("matter", &["parent_id"]);
    schema.index("matter", &["next_at"]);
}

/// What hangs on a matter: who has it to do, its number, and to whom it was referred.
fn beside(schema: &mut store::Schema) {
    schema.create_table("task", |table| {
        table.id();
        table.uuid("matter_id").references("matter");
        table.uuid("post_id");
        table.text("kind");
        table.text("stage");
        table.moment("opened_at");
        table.moment("closed_at").optional();
    });
    schema.index("task", &["post_id", "closed_at"]);
    schema.index("task", &["matter_id"]);
    schema.create_table("matter_number", |table| {
        table.text("letters");
        table.day("day");
        table.integer("last");
        table.primary_key(&["letters", "day"]);
        table.narrow();
    });
    schema.create_table("referral", |table| {
        table.uuid("matter_id").references("matter");
        table.uuid("organisation_id");
        table.text("department").optional();
        table.text("duty").optional();
        table.text("state");
        table.text("stands");
        table.uuid("previous_id").optional().references("matter");
        table.primary_key(&["matter_id"]);
    });
    schema.index("referral", &["organisation_id", "stands"]);
}

/// Answers, attachments, receipts and notices.
fn papers(schema: &mut store::Schema) {
    schema.create_table("answer", |table| {
        table.id();
        table.uuid("matter_id").references("matter");
        table.text("form");
        table.text("stage");
        table.text("program_version");
        table.text("state");
        table.uuid("account_id").optional();
        table.moment("saved_at");
        table.integer("points").optional();
        table.integer("severity").optional();
        table.version();
        table.sealed();
    });
    schema.index("answer", &["matter_id", "form", "state"]);
    schema.create_table("attachment", |table| {
        table.id();
        table.uuid("matter_id").references("matter");
        table.uuid("blob_id");
        table.text("media_type");
        table.big_integer("size_bytes");
        table.uuid("account_id").optional();
        table.moment("added_at");
        table.sealed();
    });
    schema.index("attachment", &["matter_id"]);
    schema.create_table("receipt", |table| {
        table.id();
        table.uuid("account_id").optional();
        table.text("command");
        table.uuid("matter_id").optional();
        table.moment("recorded_at");
        table.sealed();
    });
    schema.create_table("notice", |table| {
        table.id();
        table.uuid("post_id");
        table.uuid("matter_id").references("matter");
        table.text("kind");
        table.moment("at");
        table.moment("read_at").optional();
    });
    schema.index("notice", &["post_id", "read_at"]);
    schema.index("notice", &["post_id", "id"]);
}

/// What numbers are counted from, and what lists of all matters, open or ended, are read in the order of.
fn counting(schema: &mut store::Schema) {
    // The columns that a count asks for, in the order in which it groups: it is answered from the index alone, and sorts
    // nothing. Counts of 100,000 open matters took three times as long without. Below a district there is little to count.
    for level in ["city_id", "district_id"] {
        let counted =
            ["kind", "stage", "severity", "due_at", "soon_at", "paused_at", "subject_id", "holder_post_id"];
        schema.index("matter", &[&[level, "closed_at"], &counted[..]].concat());
    }
    for level in store::AREA_COLUMNS {
        schema.index("matter", &[level, "opened_at", "id"]);
    }
}

/// How long a clock has stood in its stage before the present pause.
fn stood(schema: &mut store::Schema) {
    schema.add_column("matter", |table| {
        table.big_integer("stood_milliseconds").default(0);
    });
}

/// What ended matters are counted from, and what old notices are found by.
fn outcomes(schema: &mut store::Schema) {
    // The funnel of a command page counts ended matters by kind and outcome, as far as the reader's scope reaches. 30,000
    // of them took 21 ms each time an outcome was asked for, 2 ms for all of them from this index alone.
    for level in ["city_id", "district_id"] {
        let counted = ["kind", "outcome", "closed_at", "holder_post_id", "subject_id"];
        schema.index("matter", &[&[level], &counted[..]].concat());
    }
    schema.index("notice", &["at"]);
    schema.index("notice", &["read_at"]);
}
