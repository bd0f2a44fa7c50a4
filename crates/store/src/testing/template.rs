//! Migrated once, copied for each test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{ManualClock, SharedClock};
use sea_orm::DbBackend;
use tempfile::TempDir;

use super::cluster::{self, Copy};
use super::{START, open};
use crate::{DatabaseUrl, MASTER_KEY_FILE_NAME, Migration, SQLITE_FILE_NAME, Schema};

/// Puts a migrated SQLite file and its master key into `folder`.
pub(super) async fn copy_sqlite(migrations: &[Migration], folder: &Path) {
    let fingerprint = fingerprint(migrations);
    write_master_key(&fingerprint, folder);
    let templates = cluster::common_folder().join("templates");
    std::fs::create_dir_all(&templates).expect("a folder for templates");
    let template = templates.join(format!("{}.db", name(&fingerprint)));
    if !template.exists() {
        make_sqlite(migrations, &fingerprint, &template).await;
    }
    std::fs::copy(&template, folder.join(SQLITE_FILE_NAME)).expect("a copy of the template");
}

/// Makes the template aside and moves it to its place, so that nobody copies half of one.
async fn make_sqlite(migrations: &[Migration], fingerprint: &blake3::Hash, template: &PathBuf) {
    let folder =
        template.parent().map(TempDir::new_in).expect("a folder for templates").expect("a folder aside");
    write_master_key(fingerprint, folder.path());
    migrate(&DatabaseUrl::in_folder(folder.path()), folder.path(), migrations).await;
    std::fs::rename(folder.path().join(SQLITE_FILE_NAME), template)
        .expect("the template is moved to its place");
}

/// Makes a migrated PostgreSQL database and puts its master key into `folder`.
pub(super) async fn copy_postgres(migrations: &[Migration], folder: &Path) -> Copy {
    let fingerprint = fingerprint(migrations);
    write_master_key(&fingerprint, folder);
    let server = cluster::server().await;
    let template = format!("template_{}", name(&fingerprint));
    if !server.has(&template).await {
        let aside = server.create(None).await;
        migrate(&aside.url(), folder, migrations).await;
        server.rename(aside, &template).await;
    }
    server.create(Some(&template)).await
}

async fn migrate(url: &DatabaseUrl, folder: &Path, migrations: &[Migration]) {
    let clock = Arc::new(ManualClock::new(START)) as SharedClock;
    let database = open(url, folder, 0, clock).await;
    database.migrate(migrations).await.expect("the migrations apply");
    database.close().await.expect("the template closes");
}

/// Every copy of a template has the key that the template was sealed with, and every process knows it.
fn write_master_key(fingerprint: &blake3::Hash, folder: &Path) {
    let key = blake3::derive_key("shouwang test master key", fingerprint.as_bytes());
    let text = blake3::Hash::from_bytes(key).to_hex().to_string();
    std::fs::write(folder.join(MASTER_KEY_FILE_NAME), text).expect("the master key is written");
}

/// The digest of everything that the migrations will do, on both databases.
fn fingerprint(migrations: &[Migration]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    for migration in migrations {
        let mut schema = Schema::default();
        (migration.up)(&mut schema);
        hasher.update(migration.name.as_bytes());
        for backend in [DbBackend::Sqlite, DbBackend::Postgres] {
            for statement in schema.statements(backend) {
                hasher.update(statement.as_bytes()).update(&[0]);
            }
        }
    }
    hasher.finalize()
}

fn name(fingerprint: &blake3::Hash) -> String {
    fingerprint.to_hex().chars().take(16).collect()
}
