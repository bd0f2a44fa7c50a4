//! Sealing: what is personal is stored encrypted and bound to its row; what decides identity is stored as a keyed
//! hash.
//!
//! A sealed value is `format (1) | algorithm (1) | key id (2, big endian) | nonce (12) | ciphertext | tag (16)`. The
//! four header bytes, the table and the row's id are authenticated, so that a sealed value that was moved to another
//! row or table does not open.
//!
//! Payloads are JSON, not postcard: a field that was added with `#[serde(default)]` opens rows from before it, and a
//! field that was taken away is passed over. Postcard knows fields by their place only, so each change of a struct
//! would mean to seal the table anew. JSON costs about twice the bytes of a name and a number and is not what bounds
//! the speed (the encryption itself is of the same order).
//!
//! Nonces are random. NIST SP 800-38D (8.3) bounds one key to 2³² of those; a new data key can be added at any time
//! because each value names its own.

mod master;

use std::sync::Arc;

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut, Aes256Gcm};
use base::Entropy;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::StoreError;

pub use master::MASTER_KEY_FILE_NAME;
pub(crate) use master::load;

/// The layout described at the head of this module.
const FORMAT: u8 = 1;
/// AES-256-GCM with a 96-bit nonce and a 128-bit tag.
const AES_256_GCM: u8 = 1;
const HEADER_LENGTH: usize = 4;
const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;

/// Bytes that sealing adds.
pub const SEALING_OVERHEAD_BYTES: usize = HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH;

/// Length of a keyed hash, in bytes. 128 bits: among a billion keys two meet by chance once in 10²⁰ cities.
pub const HASH_LENGTH_BYTES: usize = 16;

/// The keys of one database. Cheap to clone; the key material is wiped when the last clone is dropped.
#[derive(Clone)]
pub struct Keys(Arc<KeyRing>);

struct KeyRing {
    /// Every sealing key that a row may name; the last one seals.
    sealing: Vec<SealingKey>,
    hashing: Zeroizing<[u8; 32]>,
    chaining: Zeroizing<[u8; 32]>,
    entropy: Entropy,
}

struct SealingKey {
    id: u16,
    cipher: Aes256Gcm,
}

impl Keys {
    /// Seals `value` as the part of row `id` of `table` that nobody reads without the keys.
    ///
    /// # Errors
    /// `Internal` if `value` cannot be written as JSON (a map whose keys are no text).
    pub fn seal(&self, table: &'static str, id: Uuid, value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
        let mut buffer = Vec::with_capacity(256);
        buffer.resize(HEADER_LENGTH + NONCE_LENGTH, 0);
        serde_json::to_writer(&mut buffer, value)?;
        self.seal_in_place(table, id, 0, buffer)
    }

    /// Opens what `seal` made for row `id` of `table`.
    ///
    /// # Errors
    /// `Internal` if it was altered, belongs to another row, is sealed with a key that is not here, or has another
    /// shape than `T`.
    pub fn open<T: DeserializeOwned>(
        &self,
        table: &'static str,
        id: Uuid,
        sealed: &[u8],
    ) -> Result<T, StoreError> {
        let plain = self.open_bytes(table, id, 0, sealed)?;
        Ok(serde_json::from_slice(&plain)?)
    }

    /// Seals bytes that are no JSON, as part `part` of row `id` of `table` (a blob has many parts).
    pub(crate) fn seal_bytes(
        &self,
        table: &'static str,
        id: Uuid,
        part: u32,
        plain: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let mut buffer = Vec::with_capacity(plain.len() + SEALING_OVERHEAD_BYTES);
        buffer.resize(HEADER_LENGTH + NONCE_LENGTH, 0);
        buffer.extend_from_slice(plain);
        self.seal_in_place(table, id, part, buffer)
    }

    /// Opens what `seal_bytes` made. The plain bytes are wiped when they are dropped.
    pub(crate) fn open_bytes(
        &self,
        table: &'static str,
        id: Uuid,
        part: u32,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let (Some((header, rest)), true) =
            (sealed.split_first_chunk::<HEADER_LENGTH>(), sealed.len() >= SEALING_OVERHEAD_BYTES)
        else {
            return Err(StoreError::internal(format_args!("a sealed value of {table} is too short")));
        };
        let Some((nonce, body)) = rest.split_first_chunk::<NONCE_LENGTH>() else {
            return Err(StoreError::internal(format_args!("a sealed value of {table} is too short")));
        };
        let [format, algorithm, key_high, key_low] = *header;
        if (format, algorithm) != (FORMAT, AES_256_GCM) {
            return Err(StoreError::internal(format_args!(
                "a sealed value of {table} has format {format} and algorithm {algorithm}, which this version does not know"
            )));
        }
        let key_id = u16::from_be_bytes([key_high, key_low]);
        let Some(key) = self.0.sealing.iter().find(|key| key.id == key_id) else {
            return Err(StoreError::internal(format_args!(
                "a value of {table} is sealed with the unknown key {key_id}"
            )));
        };
        let mut plain = Zeroizing::new(body.to_vec());
        key.cipher
            .decrypt_in_place(&(*nonce).into(), &associated_data(*header, table, id, part), &mut *plain)
            .map_err(|_fault| {
                StoreError::internal(format_args!("a sealed value of {table} was altered or moved"))
            })?;
        Ok(plain)
    }

    /// The keyed hash of `value`, by which equal values of one `kind` (`"identity_number"`, `"phone"`) find each other
    /// and nobody finds the value. `value` must be normalised before.
    pub fn hash(&self, kind: &'static str, value: &str) -> Vec<u8> {
        self.hash_bytes(kind, value.as_bytes())
    }

    /// As `hash`, for values that are no text (the content of a row).
    pub fn hash_bytes(&self, kind: &'static str, value: &[u8]) -> Vec<u8> {
        let mut hasher = blake3::Hasher::new_keyed(&self.0.hashing);
        hasher.update(kind.as_bytes()).update(&[0]).update(value);
        let mut hash = vec![0; HASH_LENGTH_BYTES];
        hasher.finalize_xof().fill(&mut hash);
        hash
    }

    /// A hasher for the journal's chain. Keyed, so that who can write the table cannot write a chain that holds.
    pub(crate) fn chain_hasher(&self) -> blake3::Hasher {
        blake3::Hasher::new_keyed(&self.0.chaining)
    }

    /// Seals the JSON (or bytes) that stand in `buffer` behind room for header and nonce.
    fn seal_in_place(
        &self,
        table: &'static str,
        id: Uuid,
        part: u32,
        mut buffer: Vec<u8>,
    ) -> Result<Vec<u8>, StoreError> {
        let Some(key) = self.0.sealing.last() else {
            return Err(StoreError::internal("there is no sealing key"));
        };
        let [key_high, key_low] = key.id.to_be_bytes();
        let header = [FORMAT, AES_256_GCM, key_high, key_low];
        let nonce: [u8; NONCE_LENGTH] = self.0.entropy.bytes();
        let Some((head, body)) = buffer.split_at_mut_checked(HEADER_LENGTH + NONCE_LENGTH) else {
            return Err(StoreError::internal("no room for the header of a sealed value"));
        };
        let (head_header, head_nonce) = head.split_at_mut(HEADER_LENGTH);
        head_header.copy_from_slice(&header);
        head_nonce.copy_from_slice(&nonce);
        let tag = key
            .cipher
            .encrypt_inout_detached(
                &nonce.into(),
                &associated_data(header, table, id, part),
                InOutBuf::from(body),
            )
            .map_err(|_fault| {
                StoreError::internal(format_args!("a value of {table} is too long to be sealed"))
            })?;
        buffer.extend_from_slice(&tag);
        Ok(buffer)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys(…)")
    }
}

/// What a sealed value is bound to. Header, id and part have fixed lengths and the table comes last, so no two rows
/// share it.
fn associated_data(
    header: [u8; HEADER_LENGTH],
    table: &str,
    id: Uuid,
    part: u32,
) -> smallvec::SmallVec<[u8; 64]> {
    let mut data = smallvec::SmallVec::new();
    data.extend_from_slice(&header);
    data.extend_from_slice(id.as_bytes());
    data.extend_from_slice(&part.to_be_bytes());
    data.extend_from_slice(table.as_bytes());
    data
}
