//! What killed imports leave behind, and who takes it up.
//!
//! A delivery from the browser is worked on by jobs, which are run again by themselves. One that came by command is worked
//! on by that command alone: if it is killed, whoever imports next finishes what is half applied, and whatever is not
//! applied yet is checked at the next start, so that its page can offer to go on or to put it away.
//!
//! Everything here has the turn of importing, so that no command works any more on what it finds.

use base::Label;
use policy::feeds::Feed;
use store::{Database, Operation, StoreError};

use super::Turn;
use super::deliver::{File, ImportError, Importer, Options};
use crate::deliveries::{Delivery, DeliveryState, Figures, repo};
use crate::module::TAKE_UP_JOB;

/// There is one such job at a time.
const KEY: &str = "next";

/// Has taken up what killed imports left, if there is anything. Asked for at each start.
///
/// # Errors
/// As the database.
pub async fn take_up_left(database: &Database, operation: Operation) -> Result<(), StoreError> {
    let read = database.read().await?;
    let left = repo::left_by_commands(read.connection()).await?;
    let is_unread = left.iter().any(|delivery| delivery.state != DeliveryState::Checked);
    let is_half_applied = repo::applying(read.connection()).await?.is_some();
    drop(read);
    if !is_unread && !is_half_applied {
        return Ok(());
    }
    let write = database.write(operation).await?;
    enqueue(&write).await?;
    write.save().await
}

/// Enqueues the job that takes it up.
pub(crate) async fn enqueue(write: &store::Write) -> Result<(), StoreError> {
    write.enqueue_once(TAKE_UP_JOB, KEY, &(), write.at()).await
}

impl Importer {
    /// Finishes what is half applied, and checks what came by a command that was killed before it had: then its page shows
    /// what it would do, and a person says whether it goes on.
    pub(crate) async fn take_up(&self) -> Result<(), ImportError> {
        let turn = Turn::take(&self.hands.database).await?;
        self.finish_others(None, &turn).await?;
        let read = self.hands.database.read().await?;
        let left = repo::left_by_commands(read.connection()).await?;
        drop(read);
        for delivery in left.iter().filter(|delivery| delivery.state != DeliveryState::Checked) {
            match self.check(delivery.id).await {
                Ok(_) | Err(ImportError::Overtaken) => {}
                Err(
                    error @ (ImportError::File(_)
                    | ImportError::UnknownFeed(_)
                    | ImportError::TooLarge { .. }),
                ) => self.put_away(delivery.id, &error).await?,
                Err(other) => return Err(other),
            }
        }
        turn.end().await;
        Ok(())
    }

    /// Says what earlier imports left. One of this very file is put away, since it comes anew; a dry run only says so.
    pub(super) async fn tell_left(
        &self,
        feed: &Feed,
        file: File<'_>,
        options: Options,
    ) -> Result<Vec<Label>, ImportError> {
        let read = self.hands.database.read().await?;
        let half = repo::applying(read.connection()).await?;
        let left = repo::left_by_commands(read.connection()).await?;
        let digest = blake3::hash(file.bytes);
        let mut told = Vec::new();
        if let Some(half) = half {
            let is_this = repo::is_of(read.connection(), half.id, &feed.key, digest.as_bytes()).await?;
            let name = repo::detail(read.keys(), &half)?.file_name;
            told.push(if is_this {
                this_is_half_applied(&half)
            } else {
                other_is_half_applied(&half, &name)
            });
        }
        let mut again = Vec::new();
        for delivery in left {
            if repo::is_of(read.connection(), delivery.id, &feed.key, digest.as_bytes()).await? {
                again.push(delivery.id);
            } else {
                told.push(is_in_hand(&delivery, &repo::detail(read.keys(), &delivery)?.file_name));
            }
        }
        drop(read);
        if !again.is_empty() && options.dry_run {
            told.push(Label {
                zh: "这个文件上次报送时，还没入库就中断了；正式报送时那一批会作废，重新来一遍。".to_owned(),
                en: "An earlier import of this file was broken off before anything was applied; the import puts that delivery away and begins anew."
                    .to_owned(),
            });
        }
        if !options.dry_run {
            for id in again {
                self.put_away_saying(id, came_anew()).await?;
            }
        }
        Ok(told)
    }

    /// The figures of a dry run, of which `rest` is what is left to do: if an import of this very file was killed half
    /// way, they are those of the whole delivery, as the import that goes on answers them.
    pub(super) async fn with_what_is_applied(
        &self,
        feed: &Feed,
        file: File<'_>,
        rest: Figures,
    ) -> Result<Figures, ImportError> {
        let read = self.hands.database.read().await?;
        let Some(half) = repo::applying(read.connection()).await? else { return Ok(rest) };
        let digest = blake3::hash(file.bytes);
        let is_this = repo::is_of(read.connection(), half.id, &feed.key, digest.as_bytes()).await?;
        let Some(done) = half.figures.filter(|_| is_this) else { return Ok(rest) };
        Ok(Figures {
            linked: done.linked + rest.linked,
            review: done.review + rest.review,
            new_persons: done.new_persons + rest.new_persons,
            ..done
        })
    }
}

fn progress(half: &Delivery) -> (i64, u64) {
    (half.rows_applied, half.rows_to_apply())
}

fn this_is_half_applied(half: &Delivery) -> Label {
    let (done, all) = progress(half);
    Label {
        zh: format!(
            "上次报送这个文件时中断，已写入 {done}/{all} 行，尚未发布；正式报送会从中断处接着做完，不丢不重。以下数字是整批的。"
        ),
        en: format!(
            "An import of this file was broken off half applied ({done} of {all} rows, not published); the import goes on from there, nothing lost or doubled. The figures are those of the whole delivery."
        ),
    }
}

fn other_is_half_applied(half: &Delivery, name: &str) -> Label {
    let (done, all) = progress(half);
    Label {
        zh: format!(
            "另有一批只入库了一半：{name}，{done}/{all} 行，尚未发布。正式报送会先把它做完；本次试算没有动它，做完后数字可能不同。"
        ),
        en: format!(
            "Another delivery is half applied: {name}, {done} of {all} rows, not published. The import finishes it first; this dry run left it alone, and the figures may differ once it is done."
        ),
    }
}

fn is_in_hand(delivery: &Delivery, name: &str) -> Label {
    let (day, id) = (delivery.received_at.day(), delivery.id);
    Label {
        zh: format!(
            "{day} 用命令报送的 {name} 还没入库就中断了：请到 /deliveries/{id} 选择入库或放弃，或重新报送该文件。"
        ),
        en: format!(
            "The import of {name} on {day} was broken off before anything was applied: go on with it or put it away at /deliveries/{id}, or import that file again."
        ),
    }
}

fn came_anew() -> Label {
    Label {
        zh: "报送还没入库就中断了，没有写入任何记录；同一个文件已重新报送。".to_owned(),
        en: "The import was broken off before anything was applied, and nothing of it was written; the same file came again."
            .to_owned(),
    }
}
