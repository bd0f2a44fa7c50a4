//! A delivery from its bytes to published rows: receive, read and compare, apply, publish. Each step can be called by
//! itself (a page and its jobs do), or all together (the command line does).

use std::borrow::Cow;
use std::sync::Arc;

use base::{AreaPath, AreaTree, Day, DeliveryId, Label, Moment, OrganisationId};
use policy::Programs;
use policy::feeds::Feed;
use sea_orm::Value;
use store::bulk::{Target, upsert_rows};
use store::{Event, StoreError};
use texts::Language;
use web::WebError;

use super::apply::{Applying, compare};
use super::hands::Hands;
use super::publish::publish;
use super::readied::{preview_of, taken_of};
use super::{Comparison, ImportReport, Rejection, Taken, Turn};
use crate::deliveries::repo::{self, Change, NewDelivery};
use crate::deliveries::{Delivery, DeliveryDetail, DeliveryState, Figures, HeldState};
use crate::reading::{self, ReadFault, Reading};

/// Files up to this size are taken: a city's whole grid is a tenth of it.
pub const FILE_BYTES_AT_MOST: u64 = 200 << 20;

/// Rows that are set aside, in one transaction.
const SET_ASIDE_AT_A_TIME: usize = 2_000;

/// Why a delivery as a whole is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no such feed.
    #[error("there is no feed called {0}; the feeds are in feeds/")]
    UnknownFeed(String),
    /// The file cannot be read, or lacks what the feed requires.
    #[error(transparent)]
    File(#[from] ReadFault),
    /// The file is larger than is taken.
    #[error("the file is larger than {limit_bytes} bytes; split it")]
    TooLarge {
        /// The bound, in bytes.
        limit_bytes: u64,
    },
    /// The delivery is in another state than the step needs: somebody was quicker.
    #[error("the delivery was handled by somebody else in the meantime")]
    Overtaken,
    /// Another import holds the lease for too long.
    #[error("another import is running; try again when it is done")]
    Busy,
    /// Anything else.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Overtaken,
            StoreError::Busy => Self::Busy,
            StoreError::TooLarge { limit_bytes } => Self::TooLarge { limit_bytes },
            other => Self::Store(other),
        }
    }
}

impl From<ImportError> for WebError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::UnknownFeed(_) => Self::NotFound,
            ImportError::TooLarge { limit_bytes } => Self::TooLarge { limit_bytes },
            ImportError::Overtaken => Self::Conflict,
            ImportError::Busy => Self::Busy,
            ImportError::File(fault) => Self::internal(fault.key()),
            ImportError::Store(error) => error.into(),
        }
    }
}

impl ImportError {
    /// What happened and what to do, for a person.
    pub fn says(&self, language: Language) -> String {
        if let Self::File(fault) = self {
            return language.choose(fault.chinese(), fault.english());
        }
        match language {
            Language::English => self.to_string(),
            Language::Chinese => match self {
                Self::UnknownFeed(feed) => format!("没有名为 {feed} 的来源；来源说明在 feeds/ 文件夹里"),
                Self::TooLarge { limit_bytes } => {
                    format!("文件超过 {} MB，请拆成几份再报送", limit_bytes >> 20)
                }
                Self::Overtaken => "这一批已由他人处理，请刷新后再看".to_owned(),
                Self::Busy => "另一批数据正在入库，请稍后再试".to_owned(),
                Self::File(_) | Self::Store(_) => "系统出错，请凭操作编号联系管理员".to_owned(),
            },
        }
    }
}

/// What an import needs beside its hands.
#[derive(Clone)]
pub struct Importer {
    /// Its tools.
    pub hands: Hands,
    /// The feeds.
    pub programs: Arc<Programs>,
    /// The areas.
    pub areas: Arc<AreaTree>,
    /// Where the post lies that imports.
    pub area: AreaPath,
    /// Whose rows are imported.
    pub organisation: Option<OrganisationId>,
}

/// How an import is run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Say what would happen, and write nothing.
    pub dry_run: bool,
    /// The language of the reasons in the report.
    pub language: Language,
}

/// A file with its name.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

impl Importer {
    /// Takes `file` in as a delivery of `feed`, from beginning to end. If an import of this very file was killed while it
    /// was applied, it goes on with that delivery and answers its figures.
    pub async fn run(
        &self,
        feed: &Feed,
        file: File<'_>,
        options: Options,
    ) -> Result<ImportReport, ImportError> {
        let today = self.hands.clock.now().day();
        let mut reading = self.read(feed, file, today)?;
        let taken = Arc::new(taken_of(&mut reading, feed, self.hands.database.keys()));
        let mut notes = taken.notes.clone();
        let rejections = rejections_of(&reading, options.language);
        let turn = Turn::take(&self.hands.database).await?;
        // A dry run touches nothing, not even what an earlier import left.
        let finished = if options.dry_run { Vec::new() } else { self.finish_others(None, &turn).await? };
        let resumed = self.resumed(finished, feed, file).await?;
        notes.extend(self.tell_left(feed, file, options).await?);
        notes.extend(super::fit::other_feed(feed, self.programs.feeds(), &taken.columns));
        let before = if resumed.is_some() { None } else { self.delivered_before(feed, file).await? };
        let (delivery, figures) = if let Some(resumed) = resumed {
            (Some(resumed.id), resumed.figures.unwrap_or_default())
        } else if options.dry_run {
            let rest = super::rehearse::rehearse(&self.hands, &turn, &feed.key, &taken).await?;
            (None, self.with_what_is_applied(feed, file, rest).await?)
        } else {
            let id = self.receive(feed, file).await?;
            let delivery = self.stage(id, &taken).await?;
            let (delivery, comparison) = self.preview(delivery, feed, &reading, &taken).await?;
            drop(reading);
            let hands = self.hands.clone();
            let applying = Applying::begin_with(hands, turn.clone(), delivery, taken, comparison).await?;
            let delivery = self.apply_to_the_end(applying).await?;
            (Some(id), delivery.figures.unwrap_or_default())
        };
        turn.end().await;
        notes.extend(before.map(|at| goes_back(at.day(), &figures)));
        let notes = notes.iter().map(|note| options.language.choose(&note.zh, &note.en).clone()).collect();
        Ok(ImportReport { delivery, figures, rejections, notes })
    }

    /// Keeps `file` as it came. Nothing is read yet.
    pub async fn receive(&self, feed: &Feed, file: File<'_>) -> Result<DeliveryId, ImportError> {
        let size = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
        if size > FILE_BYTES_AT_MOST {
            return Err(ImportError::TooLarge { limit_bytes: FILE_BYTES_AT_MOST });
        }
        let write = self.hands.write("people.receive_delivery").await?;
        let id = self.insert_delivery(&write, feed, file).await?;
        write.save().await?;
        Ok(id)
    }

    /// As [`Importer::receive`], in a transaction of the caller's.
    pub async fn insert_delivery(
        &self,
        write: &store::Write,
        feed: &Feed,
        file: File<'_>,
    ) -> Result<DeliveryId, ImportError> {
        let feed_id = repo::feed_number(write, &feed.key).await?;
        let blob = store::blob::put(write, file.bytes).await?;
        let digest = blake3::hash(file.bytes);
        let own = self.programs.feed(&feed.key);
        let is_own = own.is_some_and(|own| own.description == feed.description);
        let detail = DeliveryDetail {
            file_name: file.name.to_owned(),
            description: (!is_own).then(|| feed.description.clone()),
            ..DeliveryDetail::default()
        };
        let new = NewDelivery {
            feed_id,
            feed_version: &feed.dated.from.to_string(),
            area: self.area,
            organisation: self.organisation,
            blob,
            digest: digest.as_bytes(),
            size_bytes: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
            detail: &detail,
        };
        let id = repo::insert(write, new).await?;
        let after = serde_json::json!({ "delivery": id, "feed": feed.key });
        write.record(Event { kind: "people.delivery_received", after, ..Event::default() }).await?;
        Ok(id)
    }

    /// Reads a received delivery and compares it with its feed: after this its figures are known. Whoever asked for it to
    /// be applied before has to look again.
    pub async fn check(&self, id: DeliveryId) -> Result<Delivery, ImportError> {
        let (mut delivery, feed, mut reading) = self.read_delivery(id).await?;
        if !matches!(delivery.state, DeliveryState::Received | DeliveryState::Staged | DeliveryState::Checked)
        {
            return Ok(delivery);
        }
        let taken = Arc::new(taken_of(&mut reading, &feed, self.hands.database.keys()));
        if delivery.state == DeliveryState::Received {
            delivery = self.stage(id, &taken).await?;
        }
        Ok(self.preview(delivery, &feed, &reading, &taken).await?.0)
    }

    /// Compares a staged delivery with its feed and keeps what its page shows of it.
    async fn preview(
        &self,
        mut delivery: Delivery,
        feed: &Feed,
        reading: &Reading,
        taken: &Arc<Taken>,
    ) -> Result<(Delivery, Comparison), ImportError> {
        // Read before the rows are: if the feed publishes in between, the comparison counts as older than it is.
        let read = self.hands.database.read().await?;
        let compared_with =
            repo::feed(read.connection(), &feed.key).await?.map_or(0, |state| state.published);
        drop(read);
        let comparison = compare(&self.hands, delivery.feed_id, taken).await?;
        let mut detail = repo::detail(self.hands.database.keys(), &delivery)?;
        let mut preview = preview_of(reading, feed, taken, &comparison);
        preview.compared_with = compared_with;
        preview.notes.extend(super::fit::other_feed(feed, self.programs.feeds(), &taken.columns));
        detail.preview = Some(preview);
        let write = self.hands.write("people.check_delivery").await?;
        let change = Change {
            state: Some(DeliveryState::Checked),
            figures: Some(comparison.figures),
            detail: Some(&detail),
            is_apply_withdrawn: true,
            ..Change::default()
        };
        repo::change(&write, &mut delivery, change).await?;
        write.save().await?;
        Ok((delivery, comparison))
    }

    /// Puts a delivery away that cannot be read after all, with the reason for its page.
    pub async fn put_away(&self, id: DeliveryId, error: &ImportError) -> Result<(), ImportError> {
        let says = |language| error.says(language);
        self.put_away_saying(id, Label { zh: says(Language::Chinese), en: says(Language::English) }).await
    }

    /// Puts a delivery away that is not applied, and says why on its page.
    pub(super) async fn put_away_saying(&self, id: DeliveryId, why: Label) -> Result<(), ImportError> {
        let write = self.hands.write("people.put_away_delivery").await?;
        let mut delivery = repo::delivery(write.connection(), id).await?;
        if !matches!(delivery.state, DeliveryState::Received | DeliveryState::Staged | DeliveryState::Checked)
        {
            return Ok(());
        }
        let mut detail = repo::detail(write.keys(), &delivery)?;
        detail.failure = Some(why);
        let change =
            Change { state: Some(DeliveryState::Dropped), detail: Some(&detail), ..Change::default() };
        repo::change(&write, &mut delivery, change).await?;
        Ok(write.save().await?)
    }

    /// Applies and publishes a checked delivery, or goes on with one that was left half applied. One that the feed has
    /// overtaken since it was compared is compared anew instead, and waits for somebody to look at it.
    pub async fn apply(&self, id: DeliveryId) -> Result<Delivery, ImportError> {
        let turn = Turn::take(&self.hands.database).await?;
        self.finish_others(Some(id), &turn).await?;
        let (delivery, feed, mut reading) = self.read_delivery(id).await?;
        if matches!(delivery.state, DeliveryState::Done | DeliveryState::Dropped) {
            return Ok(delivery);
        }
        let taken = Arc::new(taken_of(&mut reading, &feed, self.hands.database.keys()));
        if delivery.state == DeliveryState::Checked && self.is_stale(&delivery).await? {
            let (delivery, _) = self.preview(delivery, &feed, &reading, &taken).await?;
            turn.end().await;
            return Ok(delivery);
        }
        drop(reading);
        let delivery = self.apply_taken(delivery, &taken, &turn).await?;
        turn.end().await;
        Ok(delivery)
    }

    async fn is_stale(&self, delivery: &Delivery) -> Result<bool, ImportError> {
        let read = self.hands.database.read().await?;
        Ok(repo::overtaking(read.connection(), read.keys(), delivery).await?.is_stale)
    }

    /// When this very file was delivered before, if others of the feed came since.
    async fn delivered_before(&self, feed: &Feed, file: File<'_>) -> Result<Option<Moment>, ImportError> {
        let read = self.hands.database.read().await?;
        let Some(state) = repo::feed(read.connection(), &feed.key).await? else { return Ok(None) };
        let digest = blake3::hash(file.bytes);
        Ok(repo::delivered_before(read.connection(), &state, digest.as_bytes()).await?)
    }

    fn read(&self, feed: &Feed, file: File<'_>, today: Day) -> Result<Reading, ImportError> {
        Ok(reading::read(file.bytes, file.name, feed, today, &self.areas)?)
    }

    /// Reads the file of a delivery as it was judged on the day it came.
    pub(super) async fn read_delivery(
        &self,
        id: DeliveryId,
    ) -> Result<(Delivery, Cow<'_, Feed>, Reading), ImportError> {
        let read = self.hands.database.read().await?;
        let delivery = repo::delivery(read.connection(), id).await?;
        let feeds = repo::feed_keys(read.connection()).await?;
        let detail = repo::detail(read.keys(), &delivery)?;
        let bytes =
            store::blob::get(read.connection(), read.keys(), delivery.blob, FILE_BYTES_AT_MOST).await?;
        drop(read);
        let feed = if let Some(description) = &detail.description {
            let unusable =
                |_| StoreError::internal("the description of a delivery's feed cannot be read any more");
            Cow::Owned(Feed::parse(description).map_err(unusable)?)
        } else {
            let key = feeds.get(&delivery.feed_id).cloned().unwrap_or_default();
            Cow::Borrowed(self.programs.feed(&key).ok_or(ImportError::UnknownFeed(key))?)
        };
        let today = delivery.received_at.day();
        let reading = self.read(&feed, File { name: &detail.file_name, bytes: &bytes }, today)?;
        Ok((delivery, feed, reading))
    }

    /// Writes down what was found in the file: its columns, and the rows that are set aside.
    async fn stage(&self, id: DeliveryId, taken: &Taken) -> Result<Delivery, ImportError> {
        let keys = self.hands.database.keys();
        let target =
            Target { table: "set_aside", columns: &["delivery_id", "ordinal", "place", "reason", "sealed"] };
        for (chunk, first) in
            taken.set_aside.chunks(SET_ASIDE_AT_A_TIME).zip((0_i32..).step_by(SET_ASIDE_AT_A_TIME))
        {
            let rows = chunk
                .iter()
                .zip(first..)
                .map(|(row, ordinal)| {
                    let sealed = keys.seal("set_aside", id.0, &super::SealedSetAside::of(row))?;
                    let place: i64 = row.place.into();
                    Ok([id.0.into(), ordinal.into(), place.into(), row.reason.key().into(), sealed.into()])
                })
                .collect::<Result<Vec<[Value; 5]>, StoreError>>()?;
            let write = self.hands.write("people.stage_delivery").await?;
            upsert_rows(write.connection(), target, &["delivery_id", "ordinal"], rows).await?;
            write.save().await?;
        }
        let write = self.hands.write("people.stage_delivery").await?;
        let mut delivery = repo::delivery(write.connection(), id).await?;
        let mut detail = repo::detail(keys, &delivery)?;
        detail.sheets.clone_from(&taken.sheets);
        detail.columns.clone_from(&taken.columns);
        detail.targets.clone_from(&taken.targets);
        let change =
            Change { state: Some(DeliveryState::Staged), detail: Some(&detail), ..Change::default() };
        repo::change(&write, &mut delivery, change).await?;
        write.save().await?;
        Ok(delivery)
    }

    async fn apply_taken(
        &self,
        delivery: Delivery,
        taken: &Arc<Taken>,
        turn: &Turn,
    ) -> Result<Delivery, ImportError> {
        let applying = Applying::begin(self.hands.clone(), turn.clone(), delivery, Arc::clone(taken)).await?;
        self.apply_to_the_end(applying).await
    }

    async fn apply_to_the_end(&self, mut applying: Applying) -> Result<Delivery, ImportError> {
        while applying.step().await? {}
        Ok(publish(&self.hands, applying.delivery().clone()).await?)
    }

    /// Of the deliveries that were just `finished`, the one of this file: its import was killed before it could answer.
    async fn resumed(
        &self,
        mut finished: Vec<Delivery>,
        feed: &Feed,
        file: File<'_>,
    ) -> Result<Option<Delivery>, ImportError> {
        let read = self.hands.database.read().await?;
        // The last one, behind which nothing came. One whose held retirements were confirmed has answered before.
        let Some(last) = finished.pop().filter(|last| last.held != Some(HeldState::Retired)) else {
            return Ok(None);
        };
        let digest = blake3::hash(file.bytes);
        let is_it = repo::is_of(read.connection(), last.id, &feed.key, digest.as_bytes()).await?;
        Ok(is_it.then_some(last))
    }

    /// Finishes what a killed import left half applied, so that at most one delivery ever is.
    pub(super) async fn finish_others(
        &self,
        but: Option<DeliveryId>,
        turn: &Turn,
    ) -> Result<Vec<Delivery>, ImportError> {
        let mut finished = Vec::new();
        loop {
            let read = self.hands.database.read().await?;
            let Some(other) = repo::applying(read.connection()).await? else { return Ok(finished) };
            drop(read);
            if Some(other.id) == but {
                return Ok(finished);
            }
            let (delivery, feed, mut reading) = self.read_delivery(other.id).await?;
            let taken = Arc::new(taken_of(&mut reading, &feed, self.hands.database.keys()));
            drop(reading);
            finished.push(self.apply_taken(delivery, &taken, turn).await?);
        }
    }
}

/// That a file which came before takes the feed back to what it was then.
fn goes_back(day: Day, figures: &Figures) -> Label {
    let Figures { gone, updated, .. } = *figures;
    Label {
        zh: format!(
            "这个文件 {day} 已报送过，之后又有更新的批次：入库会退回到当时的数据，{gone} 行不再出现，{updated} 行改回旧内容。"
        ),
        en: format!(
            "This very file was delivered on {day}, and newer deliveries came since: applying it goes back to the older state; rows gone: {gone}, rows changed: {updated}."
        ),
    }
}

fn rejections_of(reading: &Reading, language: Language) -> Vec<Rejection> {
    reading
        .rejections
        .iter()
        .map(|rejection| Rejection {
            row: rejection.place.row,
            column: reading.heading(rejection.column).to_owned(),
            reason: super::report::reason(rejection, &reading.sheet_names, language),
        })
        .collect()
}
