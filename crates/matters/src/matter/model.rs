//! A matter as it is stored.

use access::{Reach, ScopeColumns, Thing, Through};
use base::{
    AccountId, AreaId, AreaLevel, AreaPath, MatterId, Moment, OrganisationId, PersonId, PostId, Severity,
};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use store::Keys;
use uuid::Uuid;
use workflow::{Clock, Pause};

use crate::MatterError;

/// The table, which is also what sealed words are bound to.
pub(crate) const TABLE: &str = "matter";

/// Anything being handled: lead, case, visit, referral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Its id.
    pub id: MatterId,
    /// The program it belongs to.
    pub program: String,
    /// The version of the program that it runs under to its end.
    pub program_version: String,
    /// Key of its kind in the workflow.
    pub kind: String,
    /// The matter that it was opened from.
    pub parent: Option<MatterId>,
    /// Kind of that matter.
    pub opened_from: Option<String>,
    /// What people call it by: `XS-261124-0086`.
    pub number: String,
    /// The person it is about; a lead may have a place only.
    pub subject: Option<PersonId>,
    /// Where it belongs.
    pub area: AreaPath,
    /// Key of its stage.
    pub stage: String,
    /// How grave it is.
    pub severity: Severity,
    /// How it ended.
    pub outcome: Option<String>,
    /// What brought it, as a word of the program: `screening`, `check`, `plan`, `manual`.
    pub origin: String,
    /// The post that holds it; of one that has ended, the last.
    pub holder: PostId,
    /// The level at which that post works; `None` for a department or organisation.
    pub holder_level: Option<AreaLevel>,
    /// The organisation that it was referred to.
    pub organisation: Option<OrganisationId>,
    /// The post that opened it; `None` when the system did.
    pub opener: Option<PostId>,
    /// Who brought it into its stage.
    pub entered_by: Option<AccountId>,
    /// The level at which that person works.
    pub entered_level: Option<AreaLevel>,
    /// When it was opened.
    pub opened_at: Moment,
    /// When anything about it last changed.
    pub changed_at: Moment,
    /// When it ended.
    pub closed_at: Option<Moment>,
    /// Its clock; of a matter that has ended, as it last stood.
    pub clock: Clock,
    /// From when on it counts as due soon: the moment of its reminder.
    pub soon_at: Moment,
    /// Its version, counted up by every change.
    pub version: i32,
    /// What is sealed.
    pub words: MatterWords,
}

/// The sealed part of a matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterWords {
    /// One line that says what it is about.
    pub title: String,
    /// What is to be known at first sight; may be empty.
    pub summary: String,
    /// Where, in words, when there is no person; may be empty.
    pub place: String,
}

/// Whether a matter is being worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Its clock runs.
    Open,
    /// Its clock stands.
    Paused,
    /// It has ended.
    Closed,
}

impl Matter {
    /// What it is called on lists: its line of words, or its number where there is none.
    pub fn heading(&self) -> &str {
        if self.words.title.is_empty() { &self.number } else { &self.words.title }
    }

    /// Whether it is being worked on.
    pub fn phase(&self) -> Phase {
        match (self.closed_at, &self.clock.pause) {
            (Some(_), _) => Phase::Closed,
            (None, Some(_)) => Phase::Paused,
            (None, None) => Phase::Open,
        }
    }

    /// Whether its stage is overdue.
    pub fn is_late(&self, now: Moment) -> bool {
        self.closed_at.is_none() && self.clock.is_late(now)
    }

    /// Whether its stage is due soon and not yet late.
    pub fn is_soon(&self, now: Moment) -> bool {
        self.phase() == Phase::Open && now >= self.soon_at && now < self.clock.due
    }

    /// The moment at which the clock has something to do; `None` once the matter has ended.
    pub(crate) fn next_at(&self) -> Option<Moment> {
        self.closed_at.is_none().then(|| self.clock.next())
    }
}

/// What a look-up of a matter is proof of.
#[derive(Debug)]
pub struct MatterThing;

/// Proof that somebody may see a matter.
pub type MatterToken = access::Token<MatterThing>;

/// Where `matter` keeps what scopes ask for. A department sees the referral that was sent to it while it stands: not
/// the case, and not what it has rejected.
pub const COLUMNS: ScopeColumns = ScopeColumns {
    holder_post: Reach::Column("holder_post_id"),
    organisation: Reach::Through(Through {
        table: "referral",
        key: "matter_id",
        own: "id",
        column: "organisation_id",
        only: Some(("stands", &["yes"])),
    }),
    person: Some("subject_id"),
    ..ScopeColumns::of(TABLE)
};

impl Thing for MatterThing {
    const COLUMNS: ScopeColumns = COLUMNS;
}

/// The columns of `matter`, in the order in which they are written.
pub(crate) const MATTER_COLUMNS: [&str; 38] = [
    "id",
    "program",
    "program_version",
    "kind",
    "parent_id",
    "number",
    "subject_id",
    "city_id",
    "district_id",
    "subdistrict_id",
    "community_id",
    "stage",
    "severity",
    "outcome",
    "origin",
    "opened_from",
    "holder_post_id",
    "holder_level",
    "organisation_id",
    "opener_post_id",
    "entered_by_id",
    "entered_level",
    "opened_at",
    "changed_at",
    "closed_at",
    "started_at",
    "due_at",
    "soon_at",
    "remind_at",
    "climb_at",
    "climbed_to",
    "paused_at",
    "pause_until",
    "pause_reason",
    "stood_milliseconds",
    "next_at",
    "version",
    "sealed",
];

/// A row of `matter` as the database hands it out.
#[derive(Debug, FromQueryResult)]
pub(crate) struct MatterRow {
    id: Uuid,
    program: String,
    program_version: String,
    kind: String,
    parent_id: Option<Uuid>,
    number: String,
    subject_id: Option<Uuid>,
    city_id: i32,
    district_id: Option<i32>,
    subdistrict_id: Option<i32>,
    community_id: Option<i32>,
    stage: String,
    severity: i32,
    outcome: Option<String>,
    origin: String,
    opened_from: Option<String>,
    holder_post_id: Uuid,
    holder_level: Option<String>,
    organisation_id: Option<Uuid>,
    opener_post_id: Option<Uuid>,
    entered_by_id: Option<Uuid>,
    entered_level: Option<String>,
    opened_at: i64,
    changed_at: i64,
    closed_at: Option<i64>,
    started_at: i64,
    due_at: i64,
    soon_at: i64,
    remind_at: Option<i64>,
    climb_at: i64,
    climbed_to: Option<String>,
    paused_at: Option<i64>,
    pause_until: Option<i64>,
    pause_reason: Option<String>,
    stood_milliseconds: i64,
    version: i32,
    sealed: Vec<u8>,
}

/// The severity stored as its rank.
pub(crate) fn severity(rank: i32) -> Result<Severity, MatterError> {
    let severity = i16::try_from(rank).ok().and_then(Severity::from_rank);
    severity.ok_or_else(|| MatterError::internal("a row is of an unknown severity"))
}

fn level(key: Option<&str>) -> Option<AreaLevel> {
    key.and_then(AreaLevel::from_key)
}

impl MatterRow {
    /// The matter, with its words opened.
    pub(crate) fn open(self, keys: &Keys) -> Result<Matter, MatterError> {
        let words = keys.open(TABLE, self.id, &self.sealed)?;
        let pause = match (self.paused_at, self.pause_until, self.pause_reason) {
            (Some(since), Some(until), Some(reason)) => {
                Some(Pause { since: Moment(since), until: Moment(until), reason })
            }
            _ => None,
        };
        Ok(Matter {
            id: self.id.into(),
            program: self.program,
            program_version: self.program_version,
            kind: self.kind,
            parent: self.parent_id.map(MatterId),
            opened_from: self.opened_from,
            number: self.number,
            subject: self.subject_id.map(PersonId),
            area: AreaPath {
                city: AreaId(self.city_id),
                district: self.district_id.map(AreaId),
                subdistrict: self.subdistrict_id.map(AreaId),
                community: self.community_id.map(AreaId),
            },
            stage: self.stage,
            severity: severity(self.severity)?,
            outcome: self.outcome,
            origin: self.origin,
            holder: PostId(self.holder_post_id),
            holder_level: level(self.holder_level.as_deref()),
            organisation: self.organisation_id.map(OrganisationId),
            opener: self.opener_post_id.map(PostId),
            entered_by: self.entered_by_id.map(AccountId),
            entered_level: level(self.entered_level.as_deref()),
            opened_at: Moment(self.opened_at),
            changed_at: Moment(self.changed_at),
            closed_at: self.closed_at.map(Moment),
            clock: Clock {
                started: Moment(self.started_at),
                due: Moment(self.due_at),
                remind_at: self.remind_at.map(Moment),
                climb_at: Moment(self.climb_at),
                climbed_to: level(self.climbed_to.as_deref()),
                pause,
                stood_milliseconds: self.stood_milliseconds,
            },
            soon_at: Moment(self.soon_at),
            version: self.version,
            words,
        })
    }
}

impl Matter {
    /// The values of [`MATTER_COLUMNS`].
    pub(crate) fn values(&self, keys: &Keys) -> Result<Vec<sea_orm::Value>, MatterError> {
        let mut values: Vec<sea_orm::Value> = vec![
            self.id.0.into(),
            self.program.clone().into(),
            self.program_version.clone().into(),
            self.kind.clone().into(),
            self.parent.map(|id| id.0).into(),
            self.number.clone().into(),
            self.subject.map(|id| id.0).into(),
            self.area.city.0.into(),
            self.area.district.map(|id| id.0).into(),
            self.area.subdistrict.map(|id| id.0).into(),
            self.area.community.map(|id| id.0).into(),
        ];
        values.extend(self.changing_values().into_iter().map(|(_, value)| value));
        values.push(self.version.into());
        values.push(keys.seal(TABLE, self.id.0, &self.words)?.into());
        Ok(values)
    }

    /// The columns from `stage` to `next_at`, in the order of [`MATTER_COLUMNS`]: what work on a matter may change.
    /// What stands before them is as it was opened.
    pub(crate) fn changing_values(&self) -> Vec<(&'static str, sea_orm::Value)> {
        let clock = &self.clock;
        let pause = clock.pause.as_ref();
        let key = |level: Option<AreaLevel>| level.map(|level| level.key().to_owned());
        vec![
            ("stage", self.stage.clone().into()),
            ("severity", i32::from(self.severity.rank()).into()),
            ("outcome", self.outcome.clone().into()),
            ("origin", self.origin.clone().into()),
            ("opened_from", self.opened_from.clone().into()),
            ("holder_post_id", self.holder.0.into()),
            ("holder_level", key(self.holder_level).into()),
            ("organisation_id", self.organisation.map(|id| id.0).into()),
            ("opener_post_id", self.opener.map(|id| id.0).into()),
            ("entered_by_id", self.entered_by.map(|id| id.0).into()),
            ("entered_level", key(self.entered_level).into()),
            ("opened_at", self.opened_at.0.into()),
            ("changed_at", self.changed_at.0.into()),
            ("closed_at", self.closed_at.map(|at| at.0).into()),
            ("started_at", clock.started.0.into()),
            ("due_at", clock.due.0.into()),
            ("soon_at", self.soon_at.0.into()),
            ("remind_at", clock.remind_at.map(|at| at.0).into()),
            ("climb_at", clock.climb_at.0.into()),
            ("climbed_to", key(clock.climbed_to).into()),
            ("paused_at", pause.map(|pause| pause.since.0).into()),
            ("pause_until", pause.map(|pause| pause.until.0).into()),
            ("pause_reason", pause.map(|pause| pause.reason.clone()).into()),
            ("stood_milliseconds", clock.stood_milliseconds.into()),
            ("next_at", self.next_at().map(|at| at.0).into()),
        ]
    }
}
