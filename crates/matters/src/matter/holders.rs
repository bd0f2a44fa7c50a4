//! Which post holds a matter: what the workflow asks for, turned into a post that is there.

use std::collections::{HashMap, HashSet};

use access::posts::{self, Post, PostFilter};
use base::{AreaLevel, AreaPath, Moment, OrganisationId, PostId};
use sea_orm::ConnectionTrait;
use workflow::{Holder, HolderWanted, Workflow};

use super::Matter;
use crate::MatterError;

/// A post that holds matters, and the level it works at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    pub post: PostId,
    /// `None` for a department or organisation, which stands beside the ladder.
    pub level: Option<AreaLevel>,
}

/// Finds posts by level and place, each once: a screening opens thousands of leads in few places.
#[derive(Default)]
pub(crate) struct Holders {
    found: HashMap<(AreaLevel, AreaPath), Held>,
}

impl Holders {
    /// The post that answers at `level` for `area`, else at the next level above (a community without a director is
    /// its supervisor's). A post that nobody holds at present is taken only when no level has one that is held.
    pub async fn at_level(
        &mut self,
        connection: &impl ConnectionTrait,
        workflow: &Workflow,
        level: AreaLevel,
        area: &AreaPath,
        at: Moment,
    ) -> Result<Held, MatterError> {
        let key = (level, *area);
        if let Some(held) = self.found.get(&key) {
            return Ok(*held);
        }
        let roles: Vec<&str> = workflow
            .ladder
            .iter()
            .filter(|rung| rung.level <= level)
            .map(|rung| rung.role.as_str())
            .collect();
        let post = match posts::holder_for(connection, &roles, area, at).await? {
            Some(holder) => holder.post,
            None => empty_post(connection, &roles, area).await?,
        };
        let held = Held { post: post.id, level: Some(post.area.level()) };
        self.found.insert(key, held);
        Ok(held)
    }

    /// The post that `wanted` asks for.
    pub async fn wanted(
        &mut self,
        connection: &impl ConnectionTrait,
        workflow: &Workflow,
        matter: &Matter,
        wanted: &HolderWanted,
        at: Moment,
    ) -> Result<Held, MatterError> {
        match wanted {
            HolderWanted::Role { level, .. } => {
                self.at_level(connection, workflow, *level, &matter.area, at).await
            }
            HolderWanted::Named { post, .. } => fit_post(connection, workflow, *post, &matter.area).await,
            HolderWanted::Keep => Ok(Held { post: matter.holder, level: matter.holder_level }),
            HolderWanted::Opener => match matter.opener {
                Some(post) => fit_post(connection, workflow, post, &matter.area).await,
                None => self.at_level(connection, workflow, AreaLevel::Community, &matter.area, at).await,
            },
            HolderWanted::Organisation => {
                let organisation = matter.organisation.ok_or(MatterError::NobodyAtOrganisation)?;
                if is_contact(connection, workflow, matter, organisation).await? {
                    return Ok(Held { post: matter.holder, level: None });
                }
                let contacts = Contacts::read(connection, workflow, &matter.kind, &matter.area, at).await?;
                match contacts.of(organisation) {
                    Contact::Held(post) => Ok(Held { post, level: None }),
                    Contact::Vacant | Contact::None => Err(MatterError::NobodyAtOrganisation),
                }
            }
        }
    }
}

/// The first open post of these roles whose area covers the place, held or not.
async fn empty_post(
    connection: &impl ConnectionTrait,
    roles: &[&str],
    area: &AreaPath,
) -> Result<Post, MatterError> {
    for role in roles {
        let filter = PostFilter {
            role: Some((*role).to_owned()),
            within: Some(area.cut_at(AreaLevel::City)),
            ..PostFilter::default()
        };
        let mut after = None;
        loop {
            let page = posts::list(connection, &filter, after, posts::PAGE_AT_MOST).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            if let Some(post) = page.into_iter().find(|post| area.is_within(&post.area)) {
                return Ok(post);
            }
        }
    }
    Err(MatterError::NobodyToHold)
}

/// Whether a post of `post` may hold a matter of `area`: it covers the place; or the place is no nearer known than the
/// sub-district, and the post is one of its communities, whose door may be the right one.
fn reaches(post: &AreaPath, area: &AreaPath) -> bool {
    area.is_within(post) || (area.level() == AreaLevel::Subdistrict && post.is_within(area))
}

/// A post that a person named, if it can hold a matter of this place.
pub(crate) async fn fit_post(
    connection: &impl ConnectionTrait,
    workflow: &Workflow,
    post: PostId,
    area: &AreaPath,
) -> Result<Held, MatterError> {
    let post = match posts::get(connection, post).await {
        Ok(post) => post,
        Err(access::AccessError::NotFound) => return Err(MatterError::UnfitHolder),
        Err(other) => return Err(other.into()),
    };
    let answers =
        workflow.ladder.iter().any(|rung| rung.role == post.role && rung.level == post.area.level());
    if post.closed_at.is_some() || !answers || !reaches(&post.area, area) {
        return Err(MatterError::UnfitHolder);
    }
    Ok(Held { post: post.id, level: Some(post.area.level()) })
}

/// Whether the post that holds `matter` is one by which `organisation` answers such matters: whoever took a referral keeps
/// it, however many contacts the organisation has.
async fn is_contact(
    connection: &impl ConnectionTrait,
    workflow: &Workflow,
    matter: &Matter,
    organisation: OrganisationId,
) -> Result<bool, MatterError> {
    match posts::get(connection, matter.holder).await {
        Ok(post) => {
            let answers = contact_roles(workflow, &matter.kind).contains(&post.role.as_str());
            Ok(answers && post.organisation == organisation && post.closed_at.is_none())
        }
        Err(access::AccessError::NotFound) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

/// The roles by which an organisation answers matters of this kind: those that may act while it holds one.
fn contact_roles<'a>(workflow: &'a Workflow, kind: &str) -> Vec<&'a str> {
    let stages = workflow.kind(kind).into_iter().flat_map(|kind| kind.stages.values());
    let held =
        stages.filter(|stage| stage.run.as_ref().is_some_and(|run| run.holder == Holder::Organisation));
    let mut roles: Vec<&str> = held
        .flat_map(|stage| stage.actions.values())
        .filter(|action| action.who == workflow::Who::Holder)
        .flat_map(|action| action.roles.iter().map(String::as_str))
        .collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// By what an organisation can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contact {
    /// This post, which somebody holds.
    Held(PostId),
    /// It has a post, and nobody holds it.
    Vacant,
    /// It has no such post.
    None,
}

/// The posts by which organisations take what is referred to them. Nothing is sent to a desk at which nobody sits.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    held: HashMap<OrganisationId, PostId>,
    vacant: HashSet<OrganisationId>,
}

/// Pages of contact posts that are read at most: far more than a city has departments.
const CONTACT_PAGES_AT_MOST: usize = 20;

impl Contacts {
    /// The contacts for matters of `kind` at `area`: of several that are held those that cover the place first, of those
    /// the one of the smallest area, then the oldest.
    pub async fn read(
        connection: &impl ConnectionTrait,
        workflow: &Workflow,
        kind: &str,
        area: &AreaPath,
        at: Moment,
    ) -> Result<Self, MatterError> {
        let mut contacts = Self::default();
        let roles = contact_roles(workflow, kind);
        for role in &roles {
            for holder in posts::holders_for(connection, role, area, at).await? {
                contacts.held.entry(holder.post.organisation).or_insert(holder.post.id);
            }
        }
        for role in roles {
            contacts.add_others(connection, role, area, at).await?;
        }
        Ok(contacts)
    }

    /// Posts of the city that cover another place, and those that nobody holds.
    async fn add_others(
        &mut self,
        connection: &impl ConnectionTrait,
        role: &str,
        area: &AreaPath,
        at: Moment,
    ) -> Result<(), MatterError> {
        let filter = PostFilter {
            role: Some(role.to_owned()),
            within: Some(area.cut_at(AreaLevel::City)),
            ..PostFilter::default()
        };
        let mut after = None;
        for _page in 0..CONTACT_PAGES_AT_MOST {
            let mut page = posts::list(connection, &filter, after, posts::PAGE_AT_MOST).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            page.retain(|post| !self.held.contains_key(&post.organisation));
            let ids: Vec<PostId> = page.iter().map(|post| post.id).collect();
            let tenures = posts::present_of_posts(connection, &ids, at).await?;
            for post in page {
                // Of those that cover the place it is known already that nobody holds them.
                let is_held = !area.is_within(&post.area) && tenures.iter().any(|one| one.post == post.id);
                if is_held {
                    self.held.entry(post.organisation).or_insert(post.id);
                } else {
                    self.vacant.insert(post.organisation);
                }
            }
        }
        Ok(())
    }

    /// By what `organisation` can be reached.
    pub fn of(&self, organisation: OrganisationId) -> Contact {
        match self.held.get(&organisation) {
            Some(post) => Contact::Held(*post),
            None if self.vacant.contains(&organisation) => Contact::Vacant,
            None => Contact::None,
        }
    }

    /// The organisations that can be reached.
    pub fn organisations(&self) -> impl Iterator<Item = OrganisationId> + '_ {
        self.held.keys().copied()
    }
}
