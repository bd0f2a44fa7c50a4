//! Who is to go: the product proposes, a person confirms, and may take it back while nobody has accepted.

use std::collections::BTreeMap;

use access::Actor;
use access::posts::{self, Post};
use base::{AreaPath, Moment, PostId};
use matters::inbox::{Cursor, Filter};
use matters::{Acting, Matter, MatterError, Matters};
use policy::Programs;
use sea_orm::ConnectionTrait;
use store::{Read, Write};
use uuid::Uuid;

use super::repo::{self, Sent};
use crate::screening::DISPATCH_STAGE;
use crate::{LEAD, PROGRAM};

/// Leads that are dispatched at once at most: what one transaction carries.
pub const DISPATCHED_AT_MOST: usize = 400;

/// Entries of a lead's history that are asked who gave it back: the latest.
const HISTORY_LOOKED_AT: u64 = 50;

/// The action of the workflow that sends a lead, and the one that brings it back.
const SEND: &str = "dispatch";
const RETURN: &str = "return";

/// The stage that waits for whoever was sent to accept.
const ACCEPT_STAGE: &str = "accept";

/// Whom the product proposes for a lead of `area` (M4): the post of the first role of the routing that answers there and
/// is held, the nearest first. `but` are those who gave the lead back: they know why they cannot go.
pub async fn proposal(
    connection: &impl ConnectionTrait,
    programs: &Programs,
    area: &AreaPath,
    at: Moment,
    but: &[PostId],
) -> Result<Option<Post>, MatterError> {
    let dispatch = programs.program(PROGRAM).and_then(|program| program.routing.dispatch_of(LEAD));
    for role in dispatch.iter().flat_map(|dispatch| &dispatch.offer) {
        let holders = posts::holders_for(connection, role, area, at).await?.into_iter();
        if let Some(holder) = holders.into_iter().find(|holder| !but.contains(&holder.post.id)) {
            return Ok(Some(holder.post));
        }
    }
    Ok(None)
}

/// The posts that gave a lead back, as far as its latest history says. Whoever asks is never among them: sending a lead
/// out and taking it back is no refusal to go.
pub(super) async fn gave_back(
    read: &Read,
    matters: &Matters,
    actor: &Actor,
    lead: &Matter,
) -> Result<Vec<PostId>, MatterError> {
    // The first version is as it was opened.
    if lead.version <= 1 {
        return Ok(Vec::new());
    }
    let (_, token) = matters.look_up(read.connection(), read.keys(), actor, lead.id).await?;
    let entries = matters.timeline(read, &token, lead, None, HISTORY_LOOKED_AT).await?;
    let dispatch = matters.kind_of(lead)?.stages.get(DISPATCH_STAGE).map(|stage| &stage.label);
    let back = entries.iter().filter(|entry| entry.from.is_some() && entry.to.as_ref() == dispatch);
    Ok(back.filter_map(|entry| entry.post).filter(|post| Some(*post) != actor.post).collect())
}

/// Leads that wait for dispatch, and whom each would go to.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The leads, each with the post that is proposed.
    pub leads: Vec<(Matter, PostId)>,
    /// How many go to each post, the most first.
    pub by_post: Vec<(PostId, usize)>,
    /// Leads for whose place nobody is there at all.
    pub without: usize,
}

/// The plan for the leads of `filter`, whatever stage it names, that wait for dispatch.
pub(super) async fn plan(
    read: &Read,
    matters: &Matters,
    actor: &Actor,
    filter: &Filter,
    at: Moment,
) -> Result<Plan, MatterError> {
    let filter = Filter { stages: vec![DISPATCH_STAGE.to_owned()], ..filter.clone() };
    let mut plan = Plan::default();
    let mut proposed: BTreeMap<AreaPath, Option<PostId>> = BTreeMap::new();
    let mut after: Option<Cursor> = None;
    loop {
        let page = matters.inbox(read, actor, &filter, at, after, matters::inbox::PAGE_AT_MOST).await?;
        for row in page.rows {
            if plan.leads.len() >= DISPATCHED_AT_MOST {
                break;
            }
            let area = row.matter.area;
            let but = gave_back(read, matters, actor, &row.matter).await?;
            let known = proposed.get(&area).filter(|_| but.is_empty());
            let post = if let Some(post) = known {
                *post
            } else {
                let post = proposal(read.connection(), matters.programs(), &area, at, &but).await?;
                let post = post.map(|post| post.id);
                if but.is_empty() {
                    proposed.insert(area, post);
                }
                post
            };
            match post {
                Some(post) => plan.leads.push((row.matter, post)),
                None => plan.without = plan.without.saturating_add(1),
            }
        }
        after = page.next;
        if after.is_none() || plan.leads.len() >= DISPATCHED_AT_MOST {
            break;
        }
    }
    let mut counts: BTreeMap<PostId, usize> = BTreeMap::new();
    for (_, post) in &plan.leads {
        *counts.entry(*post).or_default() += 1;
    }
    plan.by_post = counts.into_iter().collect();
    plan.by_post.sort_by_key(|(post, count)| (std::cmp::Reverse(*count), *post));
    Ok(plan)
}

/// Sends the leads of a plan, and keeps that they were sent together. Returns the batch.
pub(super) async fn send(
    write: &Write,
    matters: &Matters,
    actor: &Actor,
    plan: &Plan,
) -> Result<Uuid, MatterError> {
    let mut sent = Vec::with_capacity(plan.leads.len());
    for (lead, post) in &plan.leads {
        let (lead, token) = matters.look_up(write.connection(), write.keys(), actor, lead.id).await?;
        let acting =
            Acting { action: SEND, answers: None, reason: None, holder: Some(*post), version: lead.version };
        let due = lead.clock.due;
        let acted = matters.act(write, actor, &token, &acting).await?;
        sent.push(Sent { lead: acted.matter.id, version: acted.matter.version, due });
    }
    let post = actor.post.ok_or(MatterError::NotAllowed)?;
    Ok(repo::keep_batch(write, post, &sent).await?)
}

/// Takes a batch back: every lead of it that nobody has touched since. Each is due when it was due before. Returns how
/// many.
pub(super) async fn take_back(
    write: &Write,
    matters: &Matters,
    actor: &Actor,
    batch: Uuid,
) -> Result<usize, MatterError> {
    let post = actor.post.ok_or(MatterError::NotAllowed)?;
    let mut taken_back = 0;
    for Sent { lead, version, due } in repo::end_batch(write, post, batch).await? {
        let (lead, token) = matters.look_up(write.connection(), write.keys(), actor, lead).await?;
        if lead.version != version || lead.stage != ACCEPT_STAGE {
            continue;
        }
        let acting = Acting { action: RETURN, answers: None, reason: None, holder: None, version };
        matters.take_back(write, actor, &token, &acting, due).await?;
        taken_back += 1;
    }
    Ok(taken_back)
}
