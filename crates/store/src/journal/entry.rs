//! An entry as it is read.

use base::{AccountId, AreaId, AreaPath, MatterId, Moment, OperationId, PersonId, PostId};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::TABLE;
use crate::keys::Keys;
use crate::operation::ActorRef;
use crate::{AREA_COLUMNS, StoreError};

/// The plain columns, in the order in which they are inserted.
pub(super) const PLAIN_COLUMNS: [&str; 15] = [
    "id",
    "kind",
    "at",
    "recorded_at",
    "actor_account",
    "actor_post",
    "operation",
    "operation_name",
    "subject",
    "matter",
    AREA_COLUMNS[0],
    AREA_COLUMNS[1],
    AREA_COLUMNS[2],
    AREA_COLUMNS[3],
    "digest",
];

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Sorts by the time of the operation and, inside one transaction, by the order of recording.
    pub id: Uuid,
    /// Its place in the chain; `None` until the sequencer has come by.
    pub number: Option<i64>,
    /// What happened.
    pub kind: String,
    /// When, by the office's clock.
    pub at: Moment,
    /// When it was written, by the machine's clock.
    pub recorded_at: Moment,
    /// Who did it.
    pub actor: ActorRef,
    /// The request, command or job run.
    pub operation: OperationId,
    /// What that was.
    pub operation_name: String,
    /// The person it is about.
    pub subject: Option<PersonId>,
    /// The matter it belongs to.
    pub matter: Option<MatterId>,
    /// Where.
    pub area: Option<AreaPath>,
    /// Before and after; `None` when it was erased, or was not asked for.
    pub payload: Option<Payload>,
}

/// What an entry keeps sealed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    /// What stood there before; `Null` when there was nothing.
    pub before: Value,
    /// What stands there after; `Null` when nothing does.
    pub after: Value,
}

/// An entry as it lies in the table, with what the chain covers.
pub(super) struct Row {
    pub entry: Entry,
    pub digest: Vec<u8>,
    pub sealed_payload: Option<Vec<u8>>,
}

impl Row {
    /// Reads a row that was selected with `PLAIN_COLUMNS` and `number`, and with `payload` if `with_payload`.
    pub fn read(row: &QueryResult, with_payload: bool) -> Result<Self, StoreError> {
        let [city, district, subdistrict, community] = AREA_COLUMNS;
        let level = |name: &str| -> Result<Option<AreaId>, StoreError> {
            Ok(row.try_get::<Option<i32>>("", name)?.map(AreaId))
        };
        let area = match level(city)? {
            Some(city) => Some(AreaPath {
                city,
                district: level(district)?,
                subdistrict: level(subdistrict)?,
                community: level(community)?,
            }),
            None => None,
        };
        let entry = Entry {
            id: row.try_get("", "id")?,
            number: row.try_get("", "number")?,
            kind: row.try_get("", "kind")?,
            at: Moment(row.try_get("", "at")?),
            recorded_at: Moment(row.try_get("", "recorded_at")?),
            actor: ActorRef {
                account: row.try_get::<Option<Uuid>>("", "actor_account")?.map(AccountId),
                post: row.try_get::<Option<Uuid>>("", "actor_post")?.map(PostId),
            },
            operation: OperationId(row.try_get("", "operation")?),
            operation_name: row.try_get("", "operation_name")?,
            subject: row.try_get::<Option<Uuid>>("", "subject")?.map(PersonId),
            matter: row.try_get::<Option<Uuid>>("", "matter")?.map(MatterId),
            area,
            payload: None,
        };
        let sealed_payload = if with_payload { row.try_get("", "payload")? } else { None };
        Ok(Self { entry, digest: row.try_get("", "digest")?, sealed_payload })
    }

    /// The entry with its payload opened.
    pub fn open(self, keys: &Keys) -> Result<Entry, StoreError> {
        let mut entry = self.entry;
        if let Some(sealed) = self.sealed_payload {
            entry.payload = Some(keys.open(TABLE, entry.id, &sealed)?);
        }
        Ok(entry)
    }

    /// The hash that this row has at place `number` behind the entry with the hash `previous`. Every plain column goes
    /// in, each with its length or in a fixed width, so that no two entries write the same bytes.
    pub fn hash(&self, keys: &Keys, number: i64, previous: &[u8]) -> Vec<u8> {
        let entry = &self.entry;
        let mut hasher = keys.chain_hasher();
        let mut put = |bytes: &[u8]| {
            hasher.update(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
            hasher.update(bytes);
        };
        put(previous);
        put(&number.to_be_bytes());
        put(entry.id.as_bytes());
        put(entry.kind.as_bytes());
        put(&entry.at.0.to_be_bytes());
        put(&entry.recorded_at.0.to_be_bytes());
        for id in [
            entry.actor.account.map(|id| id.0),
            entry.actor.post.map(|id| id.0),
            Some(entry.operation.0),
            entry.subject.map(|id| id.0),
            entry.matter.map(|id| id.0),
        ] {
            put(id.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
        }
        put(entry.operation_name.as_bytes());
        for level in levels(entry.area) {
            put(level.map(i32::to_be_bytes).as_ref().map_or(&[], |bytes| bytes.as_slice()));
        }
        put(&self.digest);
        hasher.finalize().as_bytes().to_vec()
    }
}

/// The four area columns.
pub(super) fn levels(area: Option<AreaPath>) -> [Option<i32>; 4] {
    match area {
        None => [None; 4],
        Some(area) => [
            Some(area.city.0),
            area.district.map(|area| area.0),
            area.subdistrict.map(|area| area.0),
            area.community.map(|area| area.0),
        ],
    }
}

/// What the chain keeps of a payload: the digest of its sealed form. Of the plain form it would tell, after the payload
/// was erased, whether a guess at it is right.
pub(super) fn digest(sealed: &[u8]) -> Vec<u8> {
    blake3::hash(sealed).as_bytes().to_vec()
}
