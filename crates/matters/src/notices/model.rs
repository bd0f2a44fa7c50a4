//! Notices as they are stored.

use base::{MatterId, Moment, PostId};
use uuid::Uuid;

use crate::{Matter, MatterError};

/// Why somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// The matter is theirs now.
    Assigned,
    /// It is due soon.
    Reminder,
    /// It is late, and has climbed above them.
    Late,
    /// A late matter has climbed to them.
    Climbed,
    /// It is late, and nobody is above.
    StillLate,
    /// The workflow tells their level at once: immediate danger.
    Alert,
    /// Another matter about the same person brought news for it.
    Joined,
    /// A report that was written when it was somebody else's to do has arrived.
    LateReport,
    /// A referral that hangs on it was answered, done or taken back.
    ReferralMoved,
    /// What they asked for was not granted: the matter goes on.
    SentBack,
    /// What they asked for was granted: the matter has ended.
    Approved,
}

impl NoticeKind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Assigned,
        Self::Reminder,
        Self::Late,
        Self::Climbed,
        Self::StillLate,
        Self::Alert,
        Self::Joined,
        Self::LateReport,
        Self::ReferralMoved,
        Self::SentBack,
        Self::Approved,
    ];

    /// The word for it in the database and in names of messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Reminder => "reminder",
            Self::Late => "late",
            Self::Climbed => "climbed",
            Self::StillLate => "still_late",
            Self::Alert => "alert",
            Self::Joined => "joined",
            Self::LateReport => "late_report",
            Self::ReferralMoved => "referral_moved",
            Self::SentBack => "sent_back",
            Self::Approved => "approved",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A notice in the product. It is the post's: whoever holds the post reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id; a later notice has a greater one.
    pub id: Uuid,
    /// Whom it is for.
    pub post: PostId,
    /// What it is about.
    pub matter: MatterId,
    /// Why.
    pub kind: NoticeKind,
    /// When.
    pub at: Moment,
    /// When it was read.
    pub read_at: Option<Moment>,
}

/// A notice with the matter that it is about.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    /// The notice.
    pub notice: Notice,
    /// The matter; `None` once the reader may not see it any more, as a department a referral that was taken back.
    pub matter: Option<Matter>,
}

/// The columns, in the order in which they are written.
pub(super) const COLUMNS: [&str; 5] = ["id", "post_id", "matter_id", "kind", "at"];

#[derive(Debug, sea_orm::FromQueryResult)]
pub(super) struct Row {
    id: Uuid,
    post_id: Uuid,
    matter_id: Uuid,
    kind: String,
    at: i64,
    read_at: Option<i64>,
}

impl TryFrom<Row> for Notice {
    type Error = MatterError;

    fn try_from(row: Row) -> Result<Self, MatterError> {
        let kind = NoticeKind::from_word(&row.kind);
        Ok(Self {
            id: row.id,
            post: PostId(row.post_id),
            matter: MatterId(row.matter_id),
            kind: kind.ok_or_else(|| MatterError::internal("a notice is of an unknown kind"))?,
            at: Moment(row.at),
            read_at: row.read_at.map(Moment),
        })
    }
}
