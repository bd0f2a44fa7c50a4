//! The master key: a file in the data folder that wraps the data keys in the table `data_key`.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use aes_gcm::aead::Aead;
use aes_gcm::aead::Payload;
use aes_gcm::{Aes256Gcm, KeyInit};
use base::{Entropy, Moment};
use sea_orm::sea_query::{Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use zeroize::Zeroizing;

use super::{KeyRing, Keys, NONCE_LENGTH, SealingKey};
use crate::StoreError;

/// The file in the data folder that opens everything. Keep a copy of it apart from the copies of the database.
pub const MASTER_KEY_FILE_NAME: &str = "master.key";

const PURPOSES: [&str; 3] = ["seal", "hash", "chain"];

/// Reads the data keys; on a database that has none yet, makes them, and the master key if there is no file.
///
/// # Errors
/// `Refused` if the database has wrapped keys and the master key is not there or is not the one that wrapped them.
pub(crate) async fn load(
    transaction: &DatabaseTransaction,
    data_folder: &Path,
    entropy: &Entropy,
    now: Moment,
) -> Result<Keys, StoreError> {
    let path = data_folder.join(MASTER_KEY_FILE_NAME);
    let mut wrapped = read_wrapped(transaction).await?;
    let master = match (read_master(&path)?, wrapped.is_empty()) {
        (Some(master), _) => master,
        (None, true) => make_master(&path, entropy)?,
        (None, false) => {
            return Err(StoreError::Refused(format!(
                "the database is sealed, and its key {} is missing; put back the copy that was made of it (a new key \
                 would open nothing)",
                path.display()
            )));
        }
    };
    if wrapped.is_empty() {
        for (id, purpose) in (1..).zip(PURPOSES) {
            let row =
                Wrapped { id, purpose: purpose.to_owned(), sealed: wrap(&master, id, purpose, entropy)? };
            insert_wrapped(transaction, &row, now).await?;
            wrapped.push(row);
        }
    }
    ring(&master, &wrapped, entropy, &path)
}

struct Wrapped {
    id: i32,
    purpose: String,
    sealed: Vec<u8>,
}

fn ring(master: &[u8; 32], wrapped: &[Wrapped], entropy: &Entropy, path: &Path) -> Result<Keys, StoreError> {
    let (mut sealing, mut hashing, mut chaining) = (Vec::new(), None, None);
    for row in wrapped {
        let Some(key) = unwrap(master, row) else {
            return Err(StoreError::Refused(format!(
                "the key {} is not the one that this database was sealed with; put back the right copy",
                path.display()
            )));
        };
        match row.purpose.as_str() {
            "seal" => sealing.push(SealingKey {
                id: u16::try_from(row.id).map_err(StoreError::internal)?,
                cipher: Aes256Gcm::new(&(*key).into()),
            }),
            "hash" => hashing = Some(key),
            "chain" => chaining = Some(key),
            other => {
                return Err(StoreError::internal(format_args!("a data key has the unknown purpose {other}")));
            }
        }
    }
    match (sealing.is_empty(), hashing, chaining) {
        (false, Some(hashing), Some(chaining)) => {
            Ok(Keys(Arc::new(KeyRing { sealing, hashing, chaining, entropy: entropy.clone() })))
        }
        _ => Err(StoreError::internal("the table data_key lacks a key")),
    }
}

async fn read_wrapped(connection: &impl ConnectionTrait) -> Result<Vec<Wrapped>, StoreError> {
    let select = Query::select()
        .columns(["id", "purpose", "wrapped"])
        .from("data_key")
        .order_by("id", Order::Asc)
        .to_owned();
    let rows = connection.query_all(&select).await?;
    rows.iter()
        .map(|row| {
            Ok(Wrapped {
                id: row.try_get("", "id")?,
                purpose: row.try_get("", "purpose")?,
                sealed: row.try_get("", "wrapped")?,
            })
        })
        .collect()
}

async fn insert_wrapped(
    connection: &impl ConnectionTrait,
    row: &Wrapped,
    now: Moment,
) -> Result<(), StoreError> {
    let insert = Query::insert()
        .into_table("data_key")
        .columns(["id", "purpose", "wrapped", "made_at"])
        .values_panic([row.id.into(), row.purpose.as_str().into(), row.sealed.clone().into(), now.0.into()])
        .to_owned();
    connection.execute(&insert).await?;
    Ok(())
}

/// A fresh data key, wrapped: `nonce | ciphertext | tag`, bound to its id and purpose.
fn wrap(master: &[u8; 32], id: i32, purpose: &str, entropy: &Entropy) -> Result<Vec<u8>, StoreError> {
    let key = Zeroizing::new(entropy.bytes::<32>());
    let nonce: [u8; NONCE_LENGTH] = entropy.bytes();
    let payload = Payload { msg: &*key, aad: &wrapping_data(id, purpose) };
    let sealed = Aes256Gcm::new(master.into())
        .encrypt(&nonce.into(), payload)
        .map_err(|_fault| StoreError::internal("a data key could not be wrapped"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn unwrap(master: &[u8; 32], row: &Wrapped) -> Option<Zeroizing<[u8; 32]>> {
    let (nonce, sealed) = row.sealed.split_first_chunk::<NONCE_LENGTH>()?;
    let payload = Payload { msg: sealed, aad: &wrapping_data(row.id, &row.purpose) };
    let plain = Zeroizing::new(Aes256Gcm::new(master.into()).decrypt(&(*nonce).into(), payload).ok()?);
    Some(Zeroizing::new(plain.as_slice().try_into().ok()?))
}

fn wrapping_data(id: i32, purpose: &str) -> Vec<u8> {
    [&id.to_be_bytes(), purpose.as_bytes()].concat()
}

/// The master key in `path`, 64 hexadecimal digits; `None` if there is no such file.
fn read_master(path: &Path) -> Result<Option<Zeroizing<[u8; 32]>>, StoreError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(StoreError::Refused(format!("the key {} cannot be read: {error}", path.display())));
        }
    };
    close_to_others(path)?;
    let Ok(hash) = blake3::Hash::from_hex(text.trim()) else {
        return Err(StoreError::Refused(format!(
            "the key {} is damaged (64 hexadecimal digits are expected); put back the copy that was made of it",
            path.display()
        )));
    };
    Ok(Some(Zeroizing::new(*hash.as_bytes())))
}

/// Takes the key away from everybody but its owner, and says so: whoever reads it beside a copy of the database reads
/// everything.
#[cfg(unix)]
fn close_to_others(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt as _;
    const OTHERS: u32 = 0o077;
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        return Ok(());
    }
    let owner_only = std::fs::Permissions::from_mode(0o600);
    if std::fs::set_permissions(path, owner_only).is_err() {
        return Err(StoreError::Refused(format!(
            "the key {0} can be read by others (mode {mode:o}), and this user may not change that; as its owner run: \
             chmod 600 {0}",
            path.display()
        )));
    }
    tracing::warn!(
        key = %path.display(),
        mode = %format_args!("{mode:o}"),
        "the key could be read by others on this machine; it is for its owner only now (mode 600)"
    );
    Ok(())
}

/// Elsewhere the folder's own rights have to do.
#[cfg(not(unix))]
fn close_to_others(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Makes the master key file, readable by its owner only, and puts it on the disk before anything is sealed with it.
fn make_master(path: &Path, entropy: &Entropy) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    let key = Zeroizing::new(entropy.bytes::<32>());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = options.open(path)?;
    let text = Zeroizing::new(format!("{}\n", blake3::Hash::from_bytes(*key).to_hex()));
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(key)
}
