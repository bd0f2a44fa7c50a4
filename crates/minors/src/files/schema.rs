//! The tables of the child's file.

use store::schema::Schema;

/// One file per child, and the categories it was ever in.
pub(crate) fn tables(schema: &mut Schema) {
    schema.create_table("child_file", |table| {
        table.id();
        table.uuid("person_id").unique();
        table.area();
        table.text("state");
        table.integer("level");
        table.moment("opened_at");
        table.uuid("opened_from_id").optional();
        table.moment("changed_at");
        table.moment("closed_at").optional();
        table.text("close_reason").optional();
        table.uuid("holder_post_id").optional();
        table.uuid("visit_id").optional();
        table.moment("visit_due_at");
        table.moment("visited_at").optional();
        table.version();
    });
    // A desk lists the files of its area by the moment at which the next visit is due.
    for level in store::AREA_COLUMNS {
        schema.index("child_file", &[level, "state", "visit_due_at", "id"]);
    }
    schema.create_table("child_category", |table| {
        table.id();
        table.uuid("file_id").references("child_file");
        table.text("category");
        table.day("from_day");
        table.day("until_day").optional();
        table.uuid("matter_id").optional();
        table.uuid("account_id").optional();
        table.uuid("post_id").optional();
        table.moment("set_at");
        table.version();
        table.sealed();
    });
    schema.index("child_category", &["file_id", "category"]);
}
