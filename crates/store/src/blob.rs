//! Blobs: files and pictures, sealed in chunks of 1 MiB.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use uuid::Uuid;

use crate::StoreError;
use crate::bulk::{Target, insert_rows};
use crate::keys::Keys;
use crate::schema::Migration;
use crate::write::Write;

/// Plain bytes in one chunk.
pub const CHUNK_BYTES: usize = 1 << 20;

/// Plain bytes in one blob at most: 256 MiB, several times the largest file that a department delivers.
pub const BLOB_BYTES_AT_MOST: u64 = 256 << 20;

const CHUNK_TABLE: &str = "blob_chunk";

pub(crate) fn migrations() -> Vec<Migration> {
    vec![Migration {
        name: "store.0003_blob",
        up: |schema| {
            schema.create_table("blob", |table| {
                table.id();
                table.big_integer("size_bytes");
                table.integer("chunks");
                table.moment("made_at");
            });
            schema.create_table(CHUNK_TABLE, |table| {
                table.uuid("blob").references("blob");
                table.integer("ordinal");
                table.bytes("sealed");
                table.primary_key(&["blob", "ordinal"]);
            });
        },
    }]
}

/// Stores `bytes` and returns the blob's id.
///
/// # Errors
/// `TooLarge` beyond `BLOB_BYTES_AT_MOST`.
pub async fn put(write: &Write, bytes: &[u8]) -> Result<Uuid, StoreError> {
    let mut writer = BlobWriter::new(write, BLOB_BYTES_AT_MOST).await?;
    writer.push(bytes).await?;
    writer.finish().await
}

/// The whole blob, if it is not larger than `limit_bytes`.
///
/// # Errors
/// `NotFound`; `TooLarge`; `Internal` if it was altered.
pub async fn get(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    id: Uuid,
    limit_bytes: u64,
) -> Result<Vec<u8>, StoreError> {
    let mut reader = BlobReader::open(connection, id).await?;
    if reader.size_bytes() > limit_bytes {
        return Err(StoreError::TooLarge { limit_bytes });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(reader.size_bytes()).map_err(StoreError::internal)?);
    while let Some(chunk) = reader.next(connection, keys).await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Takes a blob away.
pub async fn delete(write: &Write, id: Uuid) -> Result<(), StoreError> {
    let chunks = Query::delete().from_table(CHUNK_TABLE).and_where(Expr::col("blob").eq(id)).to_owned();
    write.connection().execute(&chunks).await?;
    let blob = Query::delete().from_table("blob").and_where(Expr::col("id").eq(id)).to_owned();
    write.connection().execute(&blob).await?;
    Ok(())
}

/// Writes a blob piece by piece, holding one chunk in memory.
pub struct BlobWriter<'w> {
    write: &'w Write,
    id: Uuid,
    limit_bytes: u64,
    size_bytes: u64,
    chunks: i32,
    pending: zeroize::Zeroizing<Vec<u8>>,
}

impl<'w> BlobWriter<'w> {
    /// Begins a blob of at most `limit_bytes`.
    pub async fn new(write: &'w Write, limit_bytes: u64) -> Result<Self, StoreError> {
        let id = write.new_id();
        let target = Target { table: "blob", columns: &["id", "size_bytes", "chunks", "made_at"] };
        let row = [id.into(), 0_i64.into(), 0.into(), write.at().0.into()];
        insert_rows(write.connection(), target, [row]).await?;
        let limit_bytes = limit_bytes.clamp(0, BLOB_BYTES_AT_MOST);
        Ok(Self { write, id, limit_bytes, size_bytes: 0, chunks: 0, pending: zeroize::Zeroizing::default() })
    }

    /// Adds `bytes`.
    ///
    /// # Errors
    /// `TooLarge` when the bound is passed; the transaction should then be dropped.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.size_bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.size_bytes > self.limit_bytes {
            return Err(StoreError::TooLarge { limit_bytes: self.limit_bytes });
        }
        let mut rest = bytes;
        while self.pending.len() + rest.len() >= CHUNK_BYTES {
            let (taken, left) = rest.split_at(CHUNK_BYTES - self.pending.len());
            self.pending.extend_from_slice(taken);
            rest = left;
            self.store_chunk().await?;
        }
        self.pending.extend_from_slice(rest);
        Ok(())
    }

    /// Ends the blob and returns its id.
    pub async fn finish(mut self) -> Result<Uuid, StoreError> {
        if !self.pending.is_empty() {
            self.store_chunk().await?;
        }
        let size_bytes = i64::try_from(self.size_bytes).map_err(StoreError::internal)?;
        let update = Query::update()
            .table("blob")
            .values([("size_bytes", size_bytes.into()), ("chunks", self.chunks.into())])
            .and_where(Expr::col("id").eq(self.id))
            .to_owned();
        self.write.connection().execute(&update).await?;
        Ok(self.id)
    }

    async fn store_chunk(&mut self) -> Result<(), StoreError> {
        let sealed =
            self.write.keys().seal_bytes(CHUNK_TABLE, self.id, self.chunks.unsigned_abs(), &self.pending)?;
        let target = Target { table: CHUNK_TABLE, columns: &["blob", "ordinal", "sealed"] };
        let row = [self.id.into(), self.chunks.into(), sealed.into()];
        insert_rows(self.write.connection(), target, [row]).await?;
        self.chunks += 1;
        self.pending.clear();
        Ok(())
    }
}

/// Reads a blob chunk by chunk.
pub struct BlobReader {
    id: Uuid,
    size_bytes: u64,
    chunks: i32,
    next: i32,
}

impl BlobReader {
    /// Finds the blob `id`.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn open(connection: &impl ConnectionTrait, id: Uuid) -> Result<Self, StoreError> {
        let select = Query::select()
            .columns(["size_bytes", "chunks"])
            .from("blob")
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        let row = connection.query_one(&select).await?.ok_or(StoreError::NotFound)?;
        let size_bytes: i64 = row.try_get("", "size_bytes")?;
        Ok(Self { id, size_bytes: size_bytes.unsigned_abs(), chunks: row.try_get("", "chunks")?, next: 0 })
    }

    /// Its length.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The next chunk, or `None` at the end.
    ///
    /// # Errors
    /// `Internal` if a chunk is missing, altered, or stands at another place than it was written to.
    pub async fn next(
        &mut self,
        connection: &impl ConnectionTrait,
        keys: &Keys,
    ) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, StoreError> {
        if self.next >= self.chunks {
            return Ok(None);
        }
        let select = Query::select()
            .column("sealed")
            .from(CHUNK_TABLE)
            .and_where(Expr::col("blob").eq(self.id))
            .and_where(Expr::col("ordinal").eq(self.next))
            .to_owned();
        let row = connection
            .query_one(&select)
            .await?
            .ok_or_else(|| StoreError::internal("a chunk of a blob is missing"))?;
        let sealed: Vec<u8> = row.try_get("", "sealed")?;
        let plain = keys.open_bytes(CHUNK_TABLE, self.id, self.next.unsigned_abs(), &sealed)?;
        self.next += 1;
        Ok(Some(plain))
    }
}
