//! Feeds and deliveries as they are stored: state, figures, and what a page shows of one.

use access::{Reach, ScopeColumns, Thing};
use base::{AccountId, DeliveryId, Label, Moment, OrganisationId, SourceRowId};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::rows::RowPlace;

/// A delivery as a thing that is looked up: seen from the area of the post that handed it in, and by that post.
pub enum DeliveryThing {}

impl Thing for DeliveryThing {
    const COLUMNS: ScopeColumns =
        ScopeColumns { holder_post: Reach::Column("post_id"), ..ScopeColumns::of("delivery") };
}

/// Where a delivery stands. It moves down this list only (a checked one that is to be checked anew is staged again), and a
/// killed process finds it where it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// The file is kept, sealed; nothing is known of it yet.
    Received,
    /// It was read: header, columns and rows are known.
    Staged,
    /// It was compared with what the feed holds: the figures are known, and wait for "apply".
    Checked,
    /// Its rows are being written, in transactions of their own; nobody sees any of them.
    Applying,
    /// It is published.
    Done,
    /// It was put away before it was applied.
    Dropped,
}

impl DeliveryState {
    const ALL: [Self; 6] =
        [Self::Received, Self::Staged, Self::Checked, Self::Applying, Self::Done, Self::Dropped];

    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Staged => "staged",
            Self::Checked => "checked",
            Self::Applying => "applying",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// The state with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Where the retirements of a delivery stand that were too many to be made without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldState {
    /// They wait for a person.
    Waiting,
    /// A person confirmed them: the rows are marked gone.
    Retired,
    /// A person let the rows stand.
    Kept,
    /// A later delivery of the feed came first and says itself what is gone.
    Overtaken,
}

impl HeldState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Retired, Self::Kept, Self::Overtaken];

    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Retired => "retired",
            Self::Kept => "kept",
            Self::Overtaken => "overtaken",
        }
    }

    /// The state with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// The figures of one delivery. They are the delivery's, however often its import was resumed: those above the line
/// are settled when it is compared with its feed, those below grow in the same transactions as the rows they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Rows of data: `accepted + updated + unchanged + duplicates + rejected`.
    pub rows: u64,
    /// Rows that the feed did not hold.
    pub accepted: u64,
    /// Rows that it held with other content.
    pub updated: u64,
    /// Rows that it held just so.
    pub unchanged: u64,
    /// Exact copies of an earlier row of the delivery.
    pub duplicates: u64,
    /// Rows that cannot be taken.
    pub rejected: u64,
    /// Lines that are no rows: titles, headers, blanks, totals, notes.
    pub skipped: u64,
    /// Rows that were taken although a value in them cannot be used.
    pub warnings: u64,
    /// Rows of the feed that a full delivery names no more.
    pub gone: u64,

    /// Rows that were joined to a person who was there.
    pub linked: u64,
    /// Rows whose person must be decided by somebody.
    pub review: u64,
    /// Persons who were made.
    pub new_persons: u64,
}

/// One delivery, without what is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The feed's number in `feed_state`.
    pub feed_id: i32,
    /// Version of the feed's description under which it was read.
    pub feed_version: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// Its number, given when applying begins.
    pub number: Option<i64>,
    /// Whose rows they are.
    pub organisation: Option<OrganisationId>,
    /// Who handed it in.
    pub account: Option<AccountId>,
    /// The file as it came, sealed (`store::blob`).
    pub blob: Uuid,
    /// Size of the file, in bytes.
    pub size_bytes: i64,
    /// When it came in; its rows are judged by the day of this moment, however late they are applied.
    pub received_at: Moment,
    /// When its state last changed.
    pub changed_at: Moment,
    /// Rows that are applied, for the progress bar.
    pub rows_applied: i64,
    /// Its figures, once it is checked.
    pub figures: Option<Figures>,
    /// Its held retirements, if there were too many.
    pub held: Option<HeldState>,
    /// When somebody asked for it to be applied.
    pub apply_asked_at: Option<Moment>,
    /// Version of the record.
    pub version: i32,
    /// What is sealed.
    pub sealed: Vec<u8>,
}

/// The columns of `delivery` that [`Delivery`] is made from.
pub(crate) const DELIVERY_COLUMNS: [&str; 17] = [
    "id",
    "feed_id",
    "feed_version",
    "state",
    "number",
    "organisation_id",
    "account_id",
    "blob_id",
    "size_bytes",
    "received_at",
    "changed_at",
    "rows_applied",
    "figures",
    "held",
    "apply_asked_at",
    "version",
    "sealed",
];

/// A row of `delivery` as the database hands it out.
#[derive(Debug, FromQueryResult)]
pub(crate) struct DeliveryRow {
    id: Uuid,
    feed_id: i32,
    feed_version: String,
    state: String,
    number: Option<i64>,
    organisation_id: Option<Uuid>,
    account_id: Option<Uuid>,
    blob_id: Uuid,
    size_bytes: i64,
    received_at: i64,
    changed_at: i64,
    rows_applied: i64,
    figures: Option<String>,
    held: Option<String>,
    apply_asked_at: Option<i64>,
    version: i32,
    sealed: Vec<u8>,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = store::StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, Self::Error> {
        let state = DeliveryState::from_word(&row.state)
            .ok_or_else(|| store::StoreError::internal("a delivery has an unknown state"))?;
        Ok(Self {
            id: row.id.into(),
            feed_id: row.feed_id,
            feed_version: row.feed_version,
            state,
            number: row.number,
            organisation: row.organisation_id.map(Into::into),
            account: row.account_id.map(Into::into),
            blob: row.blob_id,
            size_bytes: row.size_bytes,
            received_at: Moment(row.received_at),
            changed_at: Moment(row.changed_at),
            rows_applied: row.rows_applied,
            figures: row.figures.as_deref().map(serde_json::from_str).transpose()?,
            held: row.held.as_deref().and_then(HeldState::from_word),
            apply_asked_at: row.apply_asked_at.map(Moment),
            version: row.version,
            sealed: row.sealed,
        })
    }
}

/// How long nothing happens to a delivery before it is taken for left, in milliseconds.
pub const LONG_WAIT_MILLISECONDS: i64 = 120_000;

impl Delivery {
    /// Whether the command that handed it in was killed, as far as can be told at `now`: it came by command, for which no
    /// job works, and is not brought to its end. One that is being read or written must have stood still for a while.
    pub fn is_left(&self, now: Moment) -> bool {
        self.account.is_none()
            && match self.state {
                DeliveryState::Checked => self.apply_asked_at.is_none(),
                DeliveryState::Received | DeliveryState::Staged | DeliveryState::Applying => {
                    now.milliseconds_since(self.changed_at) > LONG_WAIT_MILLISECONDS
                }
                DeliveryState::Done | DeliveryState::Dropped => false,
            }
    }

    /// Whether a job has it in hand, or will have it in a moment.
    pub fn is_under_way(&self) -> bool {
        match self.state {
            DeliveryState::Received | DeliveryState::Staged | DeliveryState::Applying => true,
            DeliveryState::Checked => self.apply_asked_at.is_some(),
            DeliveryState::Done | DeliveryState::Dropped => false,
        }
    }

    /// Rows that applying writes in all, for the progress bar.
    pub fn rows_to_apply(&self) -> u64 {
        let figures = self.figures.unwrap_or_default();
        match self.held {
            Some(HeldState::Retired) => figures.gone,
            Some(_) => figures.accepted + figures.updated,
            None => figures.accepted + figures.updated + figures.gone,
        }
    }
}

/// The part of a delivery that is sealed: names of files and columns, and what the preview shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DeliveryDetail {
    /// The file's name.
    pub file_name: String,
    /// The sheets that were read, by name, in the order in which places count them; one without a name for a CSV file.
    pub sheets: Vec<String>,
    /// The columns of the file in their order, by header; the cells of its rows stand in this order.
    pub columns: Vec<String>,
    /// For each of them the feed's column that it was taken for, by key; `None` where the feed knows no such column.
    pub targets: Vec<Option<String>>,
    /// The description of its feed, if that is not among the installation's own: whoever goes on with a half applied
    /// delivery reads its file by it.
    pub description: Option<String>,
    /// Why it could not be read after all, in both languages.
    pub failure: Option<Label>,
    /// What the preview shows, once the file was read.
    pub preview: Option<Preview>,
}

/// What was found in a file, small enough to be shown on one page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Preview {
    /// Encoding and form of the file: `CSV, GB18030`.
    pub form: String,
    /// What is to be known of the file as a whole: another kind than its name says, sheets that were not read.
    #[serde(default)]
    pub notes: Vec<Label>,
    /// Lines of the sheets that were read, of whatever kind.
    pub lines: u64,
    /// The rows of the first sheet's header, one or two.
    pub header: Vec<u32>,
    /// Each column of the file, and what it was taken for.
    pub mapping: Vec<MappedColumn>,
    /// The first rows of the file, at most twelve.
    pub first_rows: Vec<PreviewRow>,
    /// Lines that are no rows, by kind.
    pub skipped: Vec<(String, u64)>,
    /// Warnings by column and kind, the most frequent first, at most fifty.
    pub warnings: Vec<FaultGroup>,
    /// Rejections by column and reason, the most frequent first, at most fifty.
    pub rejections: Vec<FaultGroup>,
    /// Rows that the feed held when the delivery was compared with it.
    pub held_before: u64,
    /// The number of the feed's delivery with which it was compared; 0 before the first. Once the feed has published
    /// another, what is said here holds no more.
    pub compared_with: i64,
    /// Rows of the feed that the delivery names no more, the first thousand by key.
    pub gone: Vec<SourceRowId>,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedColumn {
    /// Its header as written.
    pub header: String,
    /// The feed's column, by key; `None` when the feed knows no such column.
    pub target: Option<String>,
    /// Whether it is the second with its heading: used where the first is empty.
    #[serde(default)]
    pub is_second: bool,
    /// Whether the feed cannot do without it.
    pub required: bool,
    /// Cells that are not empty.
    pub filled: u64,
    /// Cells whose value can be used.
    pub usable: u64,
}

/// A row of a file as the preview shows it; cells masked by whoever renders it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Its row on the first sheet.
    pub place: u32,
    /// Its cells.
    pub cells: Vec<String>,
    /// What becomes of it.
    pub fate: Fate,
    /// The columns, by index, in which something is wrong.
    pub faulty: Vec<u32>,
    /// The key of the text that says what, if something is.
    pub fault: Option<String>,
}

/// What becomes of a row of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Title, blank line, total, note: no row.
    Skipped,
    /// The header.
    Header,
    /// New to the feed.
    Added,
    /// Held with other content.
    Updated,
    /// Held just so.
    Unchanged,
    /// An exact copy of an earlier row.
    Duplicate,
    /// Not taken.
    Rejected,
}

/// Faults of one kind in one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultGroup {
    /// Kind of the fault.
    pub kind: String,
    /// The column by its header; empty when it is the row.
    pub column: String,
    /// The first row that has it.
    pub first_place: RowPlace,
    /// Its value there, masked.
    pub example: String,
    /// How many rows have it.
    pub count: u64,
    /// The first rows that have it, at most twenty.
    #[serde(default)]
    pub places: Vec<RowPlace>,
}
