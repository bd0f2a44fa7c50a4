//! Sealing and keys: what is sealed opens in its row only, and a database never gets a second master key.

#![cfg(test)]

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use base::{Entropy, ManualClock, SharedClock};
use serde::{Deserialize, Serialize};
use store::testing::{START, TestDatabase};
use store::{Database, DatabaseUrl, MASTER_KEY_FILE_NAME, StoreError};
use uuid::Uuid;

store::on_both! { store::migrations() =>
    what_is_sealed_opens_in_its_row_only,
    an_altered_byte_anywhere_does_not_open,
    a_payload_opens_after_its_struct_has_grown,
    equal_values_have_equal_hashes_within_a_kind,
    a_second_opening_has_the_same_keys,
    a_sealed_database_without_its_key_is_refused,
    a_sealed_database_with_another_key_is_refused,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Sealed {
    name: String,
    phones: Vec<String>,
}

fn sealed() -> Sealed {
    Sealed { name: "张梓涵".to_owned(), phones: vec!["13800006207".to_owned()] }
}

const ROW: Uuid = Uuid::from_u128(7);

async fn what_is_sealed_opens_in_its_row_only(database: TestDatabase) {
    let keys = database.keys();
    let bytes = keys.seal("person", ROW, &sealed()).unwrap();
    assert_eq!(keys.open::<Sealed>("person", ROW, &bytes).unwrap(), sealed());
    keys.open::<Sealed>("person", Uuid::from_u128(8), &bytes).unwrap_err();
    keys.open::<Sealed>("household", ROW, &bytes).unwrap_err();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(!text.contains("13800006207") && !text.contains("张梓涵"));
    assert_ne!(bytes, keys.seal("person", ROW, &sealed()).unwrap(), "equal values are sealed differently");
}

async fn an_altered_byte_anywhere_does_not_open(database: TestDatabase) {
    let keys = database.keys();
    let bytes = keys.seal("person", ROW, &sealed()).unwrap();
    for place in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[place] ^= 1;
        keys.open::<Sealed>("person", ROW, &altered).unwrap_err();
        keys.open::<Sealed>("person", ROW, &bytes[..place]).unwrap_err();
    }
}

async fn a_payload_opens_after_its_struct_has_grown(database: TestDatabase) {
    #[derive(Deserialize)]
    struct Grown {
        name: String,
        #[serde(default)]
        address: Option<String>,
    }
    let bytes = database.keys().seal("person", ROW, &sealed()).unwrap();
    let grown: Grown = database.keys().open("person", ROW, &bytes).unwrap();
    assert_eq!((grown.name.as_str(), grown.address), ("张梓涵", None));
}

async fn equal_values_have_equal_hashes_within_a_kind(database: TestDatabase) {
    let keys = database.keys();
    assert_eq!(keys.hash("phone", "13800006207"), keys.hash("phone", "13800006207"));
    assert_ne!(keys.hash("phone", "13800006207"), keys.hash("phone", "13800006208"));
    assert_ne!(keys.hash("phone", "13800006207"), keys.hash("identity_number", "13800006207"));
    assert_eq!(keys.hash("phone", "13800006207").len(), store::HASH_LENGTH_BYTES);
}

async fn a_second_opening_has_the_same_keys(database: TestDatabase) {
    let other = database.open_again(2).await;
    let bytes = database.keys().seal("person", ROW, &sealed()).unwrap();
    assert_eq!(other.keys().open::<Sealed>("person", ROW, &bytes).unwrap(), sealed());
    assert_eq!(other.keys().hash("phone", "1"), database.keys().hash("phone", "1"));
}

async fn open(database: &TestDatabase) -> Result<Database, StoreError> {
    Database::open(database.url(), database.folder(), Entropy::from_seed(3), database.shared_clock()).await
}

async fn a_sealed_database_without_its_key_is_refused(database: TestDatabase) {
    let path = database.folder().join(MASTER_KEY_FILE_NAME);
    std::fs::remove_file(&path).unwrap();
    let refused = open(&database).await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Refused(text) if text.contains(MASTER_KEY_FILE_NAME)),
        "{refused}"
    );
    assert!(!path.exists(), "no new key is made");
}

async fn a_sealed_database_with_another_key_is_refused(database: TestDatabase) {
    let path = database.folder().join(MASTER_KEY_FILE_NAME);
    std::fs::write(&path, "00".repeat(32)).unwrap();
    let refused = open(&database).await.unwrap_err();
    assert!(matches!(refused, StoreError::Refused(_)), "{refused}");
    std::fs::write(&path, "not a key").unwrap();
    assert!(matches!(open(&database).await.unwrap_err(), StoreError::Refused(_)));
}

#[tokio::test]
async fn the_first_start_writes_a_key_that_only_its_owner_reads() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::in_folder(folder.path());
    let clock = Arc::new(ManualClock::new(START));
    Database::open(&url, folder.path(), Entropy::from_seed(1), clock).await.unwrap();
    let key = std::fs::metadata(folder.path().join(MASTER_KEY_FILE_NAME)).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn the_files_of_a_new_database_are_read_by_their_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let clock: SharedClock = Arc::new(ManualClock::new(START));
    let url = DatabaseUrl::in_folder(folder.path());
    let entropy = Entropy::from_seed(5);
    let database = Database::open(&url, folder.path(), entropy, clock).await.unwrap();
    database.migrate(&store::migrations()).await.unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{:?} has {mode:o}", entry.file_name());
            seen += 1;
        }
    }
    assert!(seen >= 3, "key, database and log: {seen}");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_said_at_once_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let clock: SharedClock = Arc::new(ManualClock::new(START));
    let url = "postgres://nobody:watch-over@127.0.0.1:1/nothing".parse().unwrap();
    match Database::open(&url, folder.path(), Entropy::from_seed(5), clock).await.map(|_opened| ()) {
        Err(StoreError::Refused(text)) => {
            assert!(text.contains("SHOUWANG_DATABASE_URL") && !text.contains("watch-over"), "{text}");
        }
        other => panic!("{other:?}"),
    }
}
