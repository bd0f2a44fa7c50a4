//! Which post holds a matter: what the workflow asks for, turned into a post that is there.

use std::collections::{HashMap, HashSet};

use access::posts::{self, Post, PostFilter};
use base::{AccountId, AreaLevel, AreaPath, Moment, OrganisationId, PostId};
use sea_orm::ConnectionTrait;
use workflow::{Arrival, Candidate, Hold, Holder, HolderWanted, Stage, Workflow};

use super::Matter;
use crate::MatterError;

/// A post that holds matters, and the level it works at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    pub post: PostId,
    /// `None` for a department or organisation, which stands beside the ladder.
    pub level: Option<AreaLevel>,
}

/// A stage for which somebody is looked for, and how a matter comes into it.
#[derive(Clone, Copy)]
pub(crate) struct Entering<'a> {
    pub workflow: &'a Workflow,
    /// The kind of the matter.
    pub kind: &'a str,
    /// The stage that it is in once the holder has it.
    pub stage: &'a str,
    pub arrival: Arrival,
    pub at: Moment,
}

impl<'a> Entering<'a> {
    fn stage(&self) -> Option<&'a Stage> {
        self.workflow.stage(self.kind, self.stage)
    }

    /// What `post` could do there while `accounts` sit at it.
    fn hold(&self, post: &Post, accounts: &[AccountId]) -> Hold {
        let candidate = Candidate { role: &post.role, level: rung_of(self.workflow, post), accounts };
        self.stage().map_or(Hold::Nothing, |stage| stage.hold(self.arrival, &candidate))
    }

    /// Whether a department or organisation holds the stage.
    fn is_organisations(&self) -> bool {
        let run = self.stage().and_then(|stage| stage.run.as_ref());
        run.is_some_and(|run| run.holder == Holder::Organisation)
    }
}

/// The level at which a post works, where its role stands on the ladder there.
pub(crate) fn rung_of(workflow: &Workflow, post: &Post) -> Option<AreaLevel> {
    let level = post.area.level();
    workflow.ladder.iter().any(|rung| rung.role == post.role && rung.level == level).then_some(level)
}

/// What a post is looked for by: a stage of a kind, how a matter comes into it, level and place.
type Sought = (String, String, Arrival, AreaLevel, AreaPath);

/// Finds posts by stage, level and place, each once: a screening opens thousands of leads in few places.
#[derive(Default)]
pub(crate) struct Holders {
    found: HashMap<Sought, Held>,
}

impl Holders {
    /// The post that answers at `level` for `area`, else at the next level above (a community without a director is
    /// its supervisor's), of those that can do in the stage what it is for; where no level has one, of those that can at
    /// least turn the matter down. A post that nobody holds at present is taken only when no level has one that is held.
    pub async fn at_level(
        &mut self,
        connection: &impl ConnectionTrait,
        entering: &Entering<'_>,
        level: AreaLevel,
        area: &AreaPath,
    ) -> Result<Held, MatterError> {
        let sought = (entering.kind.to_owned(), entering.stage.to_owned(), entering.arrival, level, *area);
        if let Some(held) = self.found.get(&sought) {
            return Ok(*held);
        }
        let roles = roles_from(entering.workflow, level);
        let mut best: Option<(Hold, Post)> = None;
        for role in &roles {
            for holder in posts::holders_for(connection, role, area, entering.at).await? {
                let hold = entering.hold(&holder.post, &holder.accounts);
                if hold > best.as_ref().map_or(Hold::Nothing, |(hold, _)| *hold) {
                    best = Some((hold, holder.post));
                }
            }
            if best.as_ref().is_some_and(|(hold, _)| *hold == Hold::Whole) {
                break;
            }
        }
        let post = match best {
            Some((_, post)) => post,
            None => {
                empty_post(connection, &roles, area, |post| entering.hold(post, &[]) > Hold::Nothing).await?
            }
        };
        let held = Held { post: post.id, level: Some(post.area.level()) };
        self.found.insert(sought, held);
        Ok(held)
    }

    /// The post that `wanted` asks for.
    pub async fn wanted(
        &mut self,
        connection: &impl ConnectionTrait,
        entering: &Entering<'_>,
        matter: &Matter,
        wanted: &HolderWanted,
    ) -> Result<Held, MatterError> {
        let Entering { workflow, at, .. } = *entering;
        match wanted {
            HolderWanted::Role { level, .. } => {
                self.at_level(connection, entering, *level, &matter.area).await
            }
            HolderWanted::Named { post, .. } => fit_post(connection, entering, *post, matter).await,
            HolderWanted::Keep => self.kept_by(connection, entering, matter, Some(matter.holder)).await,
            HolderWanted::Opener => self.kept_by(connection, entering, matter, matter.opener).await,
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

impl Holders {
    /// The post that has the matter, where it can do in the stage what that is for; else the one that the ladder gives, from
    /// its level up.
    async fn kept_by(
        &mut self,
        connection: &impl ConnectionTrait,
        entering: &Entering<'_>,
        matter: &Matter,
        post: Option<PostId>,
    ) -> Result<Held, MatterError> {
        let Some(post) = post else {
            return self.at_level(connection, entering, AreaLevel::Community, &matter.area).await;
        };
        match fit_post(connection, entering, post, matter).await {
            Err(MatterError::UnfitHolder) => {
                let level = posts::get(connection, post)
                    .await
                    .ok()
                    .and_then(|post| rung_of(entering.workflow, &post));
                let level = level.unwrap_or(AreaLevel::Community);
                self.at_level(connection, entering, level, &matter.area).await
            }
            fit => fit,
        }
    }
}

/// The post that is told of what happens at `level`, or climbs there: the one that answers for `area`, else that of the
/// next level above. One that could act in the stage comes first, if any could: it is to see the matter on.
pub(crate) async fn watcher(
    connection: &impl ConnectionTrait,
    entering: &Entering<'_>,
    level: AreaLevel,
    area: &AreaPath,
) -> Result<PostId, MatterError> {
    let roles = roles_from(entering.workflow, level);
    for role in &roles {
        let held = posts::holders_for(connection, role, area, entering.at).await?;
        let can = |holder: &&posts::Holder| entering.hold(&holder.post, &holder.accounts) > Hold::Nothing;
        if let Some(holder) = held.iter().find(can).or(held.first()) {
            return Ok(holder.post.id);
        }
    }
    Ok(empty_post(connection, &roles, area, |_| true).await?.id)
}

/// The roles that answer at `level` and above it, the nearest first.
fn roles_from(workflow: &Workflow, level: AreaLevel) -> Vec<&str> {
    let rungs = workflow.ladder.iter().filter(|rung| rung.level <= level);
    rungs.map(|rung| rung.role.as_str()).collect()
}

/// The first open post of these roles whose area covers the place and that can do what is asked, held or not.
async fn empty_post(
    connection: &impl ConnectionTrait,
    roles: &[&str],
    area: &AreaPath,
    can: impl Fn(&Post) -> bool,
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
            if let Some(post) = page.into_iter().find(|post| area.is_within(&post.area) && can(post)) {
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

/// A post, if it can hold this matter in the stage: it is open, answers for the place (or is of the organisation that the
/// matter was referred to), and can do there what comes next.
pub(crate) async fn fit_post(
    connection: &impl ConnectionTrait,
    entering: &Entering<'_>,
    post: PostId,
    matter: &Matter,
) -> Result<Held, MatterError> {
    let post = match posts::get(connection, post).await {
        Ok(post) => post,
        Err(access::AccessError::NotFound) => return Err(MatterError::UnfitHolder),
        Err(other) => return Err(other.into()),
    };
    let tenures = posts::present_of_posts(connection, &[post.id], entering.at).await?;
    let accounts: Vec<AccountId> = tenures.iter().map(|tenure| tenure.account).collect();
    if fits(entering, &post, &accounts, matter) {
        Ok(Held { post: post.id, level: rung_of(entering.workflow, &post) })
    } else {
        Err(MatterError::UnfitHolder)
    }
}

/// Whether a post at which `accounts` sit can hold this matter in the stage: what is offered, and what is taken.
pub(crate) fn fits(entering: &Entering<'_>, post: &Post, accounts: &[AccountId], matter: &Matter) -> bool {
    let answers = if entering.is_organisations() {
        Some(post.organisation) == matter.organisation
    } else {
        rung_of(entering.workflow, post).is_some() && reaches(&post.area, &matter.area)
    };
    post.closed_at.is_none() && answers && entering.hold(post, accounts) == Hold::Whole
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
