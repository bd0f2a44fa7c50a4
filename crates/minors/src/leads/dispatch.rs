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

/// The action of the workflow that sends a lead, and the one that brings it back.
const SEND: &str = "dispatch";
const RETURN: &str = "return";

/// The stage that waits for whoever was sent to accept.
const ACCEPT_STAGE: &str = "accept";

/// Whom the program proposes for a lead of this place: the first role of its routing that has somebody there at `at`.
pub async fn proposal(
    connection: &impl ConnectionTrait,
    programs: &Programs,
    area: &AreaPath,
    at: Moment,
) -> Result<Option<Post>, MatterError> {
    let dispatch = programs.program(PROGRAM).and_then(|program| program.routing.dispatch_of(LEAD));
    let roles: Vec<&str> =
        dispatch.map(|dispatch| dispatch.offer.iter().map(String::as_str).collect()).unwrap_or_default();
    let holder = posts::holder_for(connection, &roles, area, at).await?;
    Ok(holder.map(|holder| holder.post))
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
            let post = if let Some(post) = proposed.get(&area) {
                *post
            } else {
                let post = proposal(read.connection(), matters.programs(), &area, at).await?;
                let post = post.map(|post| post.id);
                proposed.insert(area, post);
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
    reason: &str,
) -> Result<usize, MatterError> {
    let post = actor.post.ok_or(MatterError::NotAllowed)?;
    let mut taken_back = 0;
    for Sent { lead, version, due } in repo::end_batch(write, post, batch).await? {
        let (lead, token) = matters.look_up(write.connection(), write.keys(), actor, lead).await?;
        if lead.version != version || lead.stage != ACCEPT_STAGE {
            continue;
        }
        let acting = Acting { action: RETURN, answers: None, reason: Some(reason), holder: None, version };
        matters.take_back(write, actor, &token, &acting, due).await?;
        taken_back += 1;
    }
    Ok(taken_back)
}
