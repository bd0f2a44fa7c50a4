//! Reading the inbox.

use std::collections::HashMap;

use access::Actor;
use base::{AreaLevel, MatterId, Moment, OrganisationId, PostId, Severity};
use store::Read;

use super::counts::{AreaCount, Count, Counting, Counts, OutcomeCount};
use super::filter::{Cursor, Filter};
use super::repo;
use crate::matter::repo::{matters_by, select_matters};
use crate::{Matter, MatterError, Matters, TaskKind};

/// Rows on one page at most.
pub const PAGE_AT_MOST: u64 = 200;

/// Alerts that are looked at: dangers of which a post is told in weeks, at the most.
const ALERTS_AT_MOST: u64 = 50;

/// A row of a list.
#[derive(Debug, Clone)]
pub struct InboxRow {
    /// The matter.
    pub matter: Matter,
    /// What the reader's post has to do with it: to handle it, to supervise it, or nothing.
    pub task: Option<TaskKind>,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The rows: open matters by the moment at which they are due, ended ones from the latest.
    pub rows: Vec<InboxRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

impl Matters {
    /// A page of the matters of `filter` that the actor may see, at most `limit` ([`PAGE_AT_MOST`]), behind `after`.
    pub async fn inbox(
        &self,
        read: &Read,
        actor: &Actor,
        filter: &Filter,
        now: Moment,
        after: Option<Cursor>,
        limit: u64,
    ) -> Result<Page, MatterError> {
        let limit = limit.clamp(1, PAGE_AT_MOST);
        let mut select = select_matters();
        repo::narrow(&mut select, &self.scope(actor), actor, filter, filter.standing, now);
        repo::page(&mut select, filter.standing, after, limit + 1);
        let mut found = matters_by(read.connection(), read.keys(), &select).await?;
        let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            found.pop();
        }
        let next = found.last().filter(|_| more).map(|last| Cursor::behind(last, filter.standing));
        Ok(Page { rows: with_tasks(read, actor, found).await?, next })
    }

    /// As [`Matters::inbox`], from the row `skipped` on: pages with numbers, for people who go back and forth. What goes
    /// through a whole list goes by [`Cursor`], which loses nothing while the list moves.
    pub async fn inbox_from(
        &self,
        read: &Read,
        actor: &Actor,
        filter: &Filter,
        now: Moment,
        skipped: u64,
        limit: u64,
    ) -> Result<Vec<InboxRow>, MatterError> {
        let mut select = select_matters();
        repo::narrow(&mut select, &self.scope(actor), actor, filter, filter.standing, now);
        repo::page(&mut select, filter.standing, None, limit.clamp(1, PAGE_AT_MOST));
        select.offset(skipped);
        let found = matters_by(read.connection(), read.keys(), &select).await?;
        with_tasks(read, actor, found).await
    }

    /// The open matters of which the actor's post was told at once (immediate danger) and whose stage is the same since:
    /// the newest alert first. Once the stage is left, they are as any other.
    pub async fn alerted(&self, read: &Read, actor: &Actor) -> Result<Vec<InboxRow>, MatterError> {
        let Some(post) = actor.post else { return Ok(Vec::new()) };
        let (connection, keys) = (read.connection(), read.keys());
        let alerts = crate::notices::alerts(connection, post, ALERTS_AT_MOST).await?;
        let mut ids: Vec<MatterId> = alerts.iter().map(|(matter, _)| *matter).collect();
        ids.sort_unstable();
        ids.dedup();
        let tasks: HashMap<MatterId, TaskKind> =
            repo::tasks_of(connection, actor, &ids).await?.into_iter().collect();
        let mut found = self.by_ids(connection, keys, &self.scope(actor), &ids).await?;
        let last =
            |matter: &Matter| alerts.iter().find(|(id, _)| *id == matter.id).map_or(Moment(0), |(_, at)| *at);
        found.retain(|matter| {
            let is_urgent = matter.severity == Severity::Urgent && matter.closed_at.is_none();
            is_urgent && last(matter) >= matter.clock.started
        });
        found.sort_by_key(|matter| std::cmp::Reverse(last(matter)));
        let rows = found.into_iter().map(|matter| InboxRow { task: tasks.get(&matter.id).copied(), matter });
        Ok(rows.collect())
    }

    /// How many matters of `filter` the actor may see, by kind, stage and severity, and how many of them are late, due
    /// soon and paused: each number is that of the list with the same filter and that standing. Whether `filter` itself
    /// asks for late or paused ones makes no difference; whether it asks for ended ones does.
    pub async fn counts(
        &self,
        read: &Read,
        actor: &Actor,
        filter: &Filter,
        now: Moment,
    ) -> Result<Counts, MatterError> {
        let scope = self.scope(actor);
        Counting { scope: &scope, actor, filter, now }.by_stage(read.connection()).await
    }

    /// How many ended matters of `filter` the actor may see, by kind and outcome: each number is that of the list of ended
    /// ones with that kind and outcome.
    pub async fn counts_by_outcome(
        &self,
        read: &Read,
        actor: &Actor,
        filter: &Filter,
        now: Moment,
    ) -> Result<Vec<OutcomeCount>, MatterError> {
        let scope = self.scope(actor);
        Counting { scope: &scope, actor, filter, now }.by_outcome(read.connection()).await
    }

    /// As [`Matters::counts`], by the areas of a level.
    pub async fn counts_by_area(
        &self,
        read: &Read,
        actor: &Actor,
        filter: &Filter,
        level: AreaLevel,
        now: Moment,
    ) -> Result<Vec<AreaCount>, MatterError> {
        let scope = self.scope(actor);
        Counting { scope: &scope, actor, filter, now }.by_area(read.connection(), level).await
    }

    /// As [`Matters::counts`], by the posts that hold them.
    pub async fn counts_by_holder(
        &self,
        read: &Read,
        actor: &Actor,
        filter: &Filter,
        now: Moment,
    ) -> Result<Vec<(PostId, Count)>, MatterError> {
        let scope = self.scope(actor);
        let counts =
            Counting { scope: &scope, actor, filter, now }.by_id(read.connection(), "holder_post_id").await?;
        Ok(counts.into_iter().map(|(post, count)| (PostId(post), count)).collect())
    }

    /// As [`Matters::counts`], by the organisations that they were referred to.
    pub async fn counts_by_organisation(
        &self,
        read: &Read,
        actor: &Actor,
        filter: &Filter,
        now: Moment,
    ) -> Result<Vec<(OrganisationId, Count)>, MatterError> {
        let scope = self.scope(actor);
        let counts = Counting { scope: &scope, actor, filter, now }
            .by_id(read.connection(), "organisation_id")
            .await?;
        Ok(counts.into_iter().map(|(organisation, count)| (OrganisationId(organisation), count)).collect())
    }
}

/// Each of the matters with what the actor's post has to do with it.
async fn with_tasks(read: &Read, actor: &Actor, found: Vec<Matter>) -> Result<Vec<InboxRow>, MatterError> {
    let ids: Vec<MatterId> = found.iter().map(|matter| matter.id).collect();
    let mut tasks: HashMap<MatterId, TaskKind> = HashMap::new();
    for (matter, kind) in repo::tasks_of(read.connection(), actor, &ids).await? {
        // Who holds a matter that climbed to them as well has it to handle.
        let known = tasks.entry(matter).or_insert(kind);
        if kind == TaskKind::Handle {
            *known = kind;
        }
    }
    let rows = found.into_iter().map(|matter| InboxRow { task: tasks.get(&matter.id).copied(), matter });
    Ok(rows.collect())
}
