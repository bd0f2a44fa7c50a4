//! The tables of this crate.

use store::Migration;

/// The steps of this crate's schema, to be handed to `Database::migrate` behind `store::migrations()`.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { name: "access.0001_posts", up: posts },
        Migration { name: "access.0002_accounts", up: accounts },
        Migration { name: "access.0003_exceptions", up: exceptions },
    ]
}

fn posts(schema: &mut store::Schema) {
    schema.create_table("area", |table| {
        table.integer("id");
        table.text("level");
        table.text("name");
        table.text("code").optional();
        table.area();
        table.boolean("shipped");
        table.version();
        table.primary_key(&["id"]);
    });
    schema.unique_index("area", &["code"]);
    schema.create_table("organisation", |table| {
        table.id();
        table.text("kind");
        table.text("name");
        table.text("department").optional();
        table.area();
        table.moment("closed_at").optional();
        table.version();
    });
    schema.index("organisation", &["city_id", "district_id", "subdistrict_id", "community_id"]);
    schema.index("organisation", &["department", "city_id"]);
    schema.create_table("post", |table| {
        table.id();
        table.text("role");
        table.uuid("organisation_id").references("organisation");
        table.text("title");
        table.area();
        table.moment("closed_at").optional();
        table.version();
    });
    schema.index("post", &["role", "city_id", "district_id", "subdistrict_id", "community_id"]);
    schema.index("post", &["organisation_id"]);
}

fn accounts(schema: &mut store::Schema) {
    schema.create_table("account", |table| {
        table.id();
        table.text("login").unique();
        table.text("password_hash").optional();
        table.boolean("must_change_password");
        table.moment("disabled_at").optional();
        table.sealed();
        table.version();
    });
    schema.create_table("tenure", |table| {
        table.id();
        table.uuid("post_id").references("post");
        table.uuid("account_id").references("account");
        table.text("kind");
        table.moment("from_at");
        table.moment("until_at").optional();
        table.version();
    });
    schema.index("tenure", &["account_id", "from_at"]);
    schema.index("tenure", &["post_id", "from_at"]);
    schema.create_table("login_failure", |table| {
        table.bytes("login_hash");
        table.integer("count");
        table.moment("last_at");
        table.primary_key(&["login_hash"]);
        table.narrow();
    });
    schema.index("login_failure", &["last_at"]);
    schema.create_table("login_record", |table| {
        table.id();
        table.uuid("account_id").optional();
        table.text("outcome");
        table.moment("at");
        table.sealed();
    });
    schema.index("login_record", &["account_id", "id"]);
    schema.create_table("session", |table| {
        table.bytes("token_hash");
        table.uuid("account_id").references("account");
        table.uuid("post_id").optional();
        table.moment("opened_at");
        table.moment("seen_at");
        table.primary_key(&["token_hash"]);
        table.narrow();
    });
    schema.index("session", &["account_id"]);
    schema.index("session", &["seen_at"]);
}

fn exceptions(schema: &mut store::Schema) {
    schema.create_table("named", |table| {
        table.uuid("thing_id");
        table.uuid("account_id").references("account");
        table.moment("named_at");
        table.primary_key(&["thing_id", "account_id"]);
        table.narrow();
    });
    schema.index("named", &["account_id"]);
    schema.create_table("barred", |table| {
        table.uuid("account_id").references("account");
        table.uuid("person_id");
        table.moment("barred_at");
        table.primary_key(&["account_id", "person_id"]);
        table.narrow();
    });
    schema.index("barred", &["person_id"]);
    schema.create_table("sealed_person", |table| {
        table.uuid("person_id");
        table.moment("sealed_at");
        table.primary_key(&["person_id"]);
        table.narrow();
    });
}
