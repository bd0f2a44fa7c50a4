//! What can be done with a lead, as forms at the right of its page.

use access::posts;
use base::PostId;
use matters::{Matter, MatterError, Matters};
use store::Read;
use web::{Choice, Ctx, Typed, WebError, Worded as _};
use workflow::StageAction;

use super::dispatch;
use super::fault::shown;
use super::who::Who;
use crate::{LEAD, PROGRAM};

/// Posts that a person may choose from.
const POSTS_OFFERED: usize = 12;

/// An act that the reader may take.
pub(super) struct ActForm {
    /// Its key.
    pub key: String,
    /// The verb.
    pub label: String,
    /// Icon.
    pub icon: &'static str,
    /// Fewest letters of the reason, if it asks for one.
    pub reason_least: Option<usize>,
    /// What stands in the field of the reason.
    pub reason: String,
    /// The posts that it may go to, if it names one.
    pub holders: Vec<Choice>,
    /// The one that is chosen.
    pub holder: String,
    /// Where its form is, if it has one.
    pub form_href: Option<String>,
    /// Whether it is the one that the page is for.
    pub is_main: bool,
}

/// The acts, and whom the product proposes.
pub(super) struct Acts {
    /// What the reader may do now, in the order of the workflow.
    pub forms: Vec<ActForm>,
    /// The post that is proposed, while the lead waits for dispatch.
    pub proposed: Option<PostId>,
    /// Whether the proposal falls back: there is no director for the place.
    pub falls_back: bool,
}

/// The posts that a lead of this place may go to: those of the routing, the proposed one first.
pub(super) async fn posts_for(
    ctx: &Ctx,
    read: &Read,
    matters: &Matters,
    matter: &Matter,
) -> Result<Vec<PostId>, WebError> {
    let program = matters.programs().program(PROGRAM);
    let roles = program.and_then(|program| program.routing.dispatch_of(LEAD)).map(|one| one.offer.clone());
    let mut found = Vec::new();
    for role in roles.unwrap_or_default() {
        for holder in posts::holders_for(read.connection(), &role, &matter.area, ctx.now).await? {
            if found.len() < POSTS_OFFERED {
                found.push(holder.post.id);
            }
        }
    }
    Ok(found)
}

/// What the forms are made from.
pub(super) struct Asking<'a> {
    /// The lead.
    pub matter: &'a Matter,
    /// The posts that it may go to.
    pub posts: &'a [PostId],
    /// What they are called.
    pub who: &'a Who,
    /// What was sent and refused.
    pub typed: &'a Typed,
    /// The words for a lead that stands on nothing any more.
    pub withdrawal: Option<&'a str>,
}

impl Acts {
    /// What the reader may do with the lead.
    pub async fn read(
        ctx: &Ctx,
        read: &Read,
        matters: &Matters,
        asking: &Asking<'_>,
    ) -> Result<Self, WebError> {
        let matter = asking.matter;
        let offers = matters.offers(read.connection(), read.keys(), &ctx.actor, matter).await;
        let offers = match offers {
            Ok(offers) => offers,
            Err(MatterError::NotAllowed) => Vec::new(),
            Err(other) => return Err(shown(other)),
        };
        let proposed = dispatch::proposal(read.connection(), matters.programs(), &matter.area, ctx.now);
        let proposed = proposed.await.map_err(shown)?;
        let proposed_id = proposed.as_ref().map(|post| post.id);
        let offered = offers.into_iter().filter(|offer| offer.refusal.is_none());
        let forms = offered
            .enumerate()
            .map(|(place, offer)| asking.form(ctx, offer.action, proposed_id, place == 0))
            .collect();
        let falls_back =
            proposed.as_ref().is_some_and(|post| Some(post.role.as_str()) != first_role(matters).as_deref());
        Ok(Self { forms, proposed: proposed_id, falls_back })
    }
}

impl Asking<'_> {
    fn form(&self, ctx: &Ctx, action: StageAction, proposed: Option<PostId>, is_main: bool) -> ActForm {
        let typed = self.typed;
        let is_sent = typed.value("action") == action.key;
        let mut reason = if is_sent { typed.value("reason").to_owned() } else { String::new() };
        if action.key == "dismiss" && reason.is_empty() {
            self.withdrawal.unwrap_or_default().clone_into(&mut reason);
        }
        let holder = if is_sent && typed.has("holder") {
            typed.value("holder").to_owned()
        } else {
            proposed.map(|post| post.to_string()).unwrap_or_default()
        };
        let posts = self.posts.iter().filter(|_| action.names_holder);
        ActForm {
            label: action.label.says(ctx.language).to_owned(),
            icon: icon_of(&action.key),
            reason_least: action.reason_least,
            reason,
            holders: posts.map(|post| choice(self.who, *post)).collect(),
            holder,
            form_href: action.form.is_some().then(|| format!("/m/leads/{}", self.matter.id)),
            is_main,
            key: action.key,
        }
    }
}

fn first_role(matters: &Matters) -> Option<String> {
    let program = matters.programs().program(PROGRAM)?;
    program.routing.dispatch_of(LEAD)?.offer.first().cloned()
}

fn choice(who: &Who, post: PostId) -> Choice {
    let seat = who.seat(post);
    Choice::new(post.to_string(), format!("{} {}", seat.people, seat.seat).trim().to_owned())
}

fn icon_of(action: &str) -> &'static str {
    match action {
        "dispatch" => "send",
        "accept" => "check",
        "return" => "arrow-back-up",
        "reassign" => "arrows-exchange",
        "dismiss" => "x",
        _ => "circle-dot",
    }
}
