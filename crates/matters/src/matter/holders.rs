//! Which post holds a matter: what the workflow asks for, turned into a post that is there.

use std::collections::HashMap;

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
                let post = contact(connection, workflow, &matter.kind, organisation).await?;
                Ok(Held { post, level: None })
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

/// The post of an organisation that answers matters of this kind: of the roles that may act while the organisation
/// holds one, the first post that there is.
async fn contact(
    connection: &impl ConnectionTrait,
    workflow: &Workflow,
    kind: &str,
    organisation: OrganisationId,
) -> Result<PostId, MatterError> {
    let stages = workflow.kind(kind).into_iter().flat_map(|kind| kind.stages.values());
    let held =
        stages.filter(|stage| stage.run.as_ref().is_some_and(|run| run.holder == Holder::Organisation));
    let roles: Vec<&str> = held
        .flat_map(|stage| stage.actions.values())
        .filter(|action| action.who == workflow::Who::Holder)
        .flat_map(|action| action.roles.iter().map(String::as_str))
        .collect();
    let filter = PostFilter { organisation: Some(organisation), ..PostFilter::default() };
    let posts = posts::list(connection, &filter, None, posts::PAGE_AT_MOST).await?;
    let contact = posts.into_iter().find(|post| roles.contains(&post.role.as_str()));
    contact.map(|post| post.id).ok_or(MatterError::NobodyAtOrganisation)
}
