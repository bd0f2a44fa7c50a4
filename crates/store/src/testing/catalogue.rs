//! What a database says of its own schema.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::TestDatabase;

const POSTGRES: [&str; 2] = [
    "SELECT 'column ' || table_name || '.' || column_name || CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END AS line \
     FROM information_schema.columns WHERE table_schema = current_schema()",
    "SELECT 'index ' || t.relname || CASE WHEN x.indisunique THEN ' unique' ELSE '' END || ' (' || \
     (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(x.indkey) WITH ORDINALITY AS k(number, place) \
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) || ')' AS line \
     FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
     WHERE n.nspname = current_schema()",
];

/// A primary key is read from the columns: SQLite has no index of its own for one that is a single integer.
const SQLITE: [&str; 3] = [
    "SELECT 'column ' || m.name || '.' || c.name || CASE WHEN c.\"notnull\" = 0 AND c.pk = 0 THEN ' null' ELSE '' END AS line \
     FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
    "SELECT 'index ' || m.name || CASE WHEN i.\"unique\" THEN ' unique' ELSE '' END || ' (' || \
     (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')' AS line \
     FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin <> 'pk'",
    "SELECT 'index ' || m.name || ' unique (' || \
     (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk)) || ')' AS line \
     FROM sqlite_master m WHERE m.type = 'table'",
];

/// The schema of `database`, one line for each column (with `null` if it may be empty) and each index (with `unique`
/// and its columns), so that a test can compare both databases.
pub async fn schema_of(database: &TestDatabase) -> BTreeSet<String> {
    let (backend, statements): (_, &[&str]) =
        if database.is_postgres() { (DbBackend::Postgres, &POSTGRES) } else { (DbBackend::Sqlite, &SQLITE) };
    let read = database.read().await.expect("a reader");
    let mut lines = BTreeSet::new();
    for statement in statements {
        let statement = Statement::from_string(backend, *statement);
        for row in read.connection().query_all_raw(statement).await.expect("the catalogue") {
            lines.insert(row.try_get("", "line").expect("a line"));
        }
    }
    lines
}
