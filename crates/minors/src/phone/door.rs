//! A matter as its pages at the door have it: looked up under the reader's scope, with what can be done now and, if it is
//! about a person, that person as the reader may see them.

use access::{AccessError, Reading, read_record};
use base::{Label, MatterId, PersonId, PostId};
use matters::{Matter, MatterError, MatterToken, Matters, Offer};
use people::persons::{self, Card};
use store::Read;
use web::{Ctx, WebError, Worded as _};
use workflow::{Form, Refusal};

use super::section::Section;

/// Key of the action that reports immediate danger without the whole form.
pub(crate) const DANGER: &str = "danger";

/// A matter at the door.
pub(crate) struct Door {
    /// The matter.
    pub matter: Matter,
    /// Proof that the reader may see it.
    pub token: MatterToken,
    /// What can be done, and why not.
    pub offers: Vec<Offer>,
    /// The child, if the matter is about one whom the reader may see.
    pub card: Option<Card>,
}

impl Door {
    /// The matter `id` of `section` for whoever asks.
    ///
    /// # Errors
    /// `NotFound` if there is none of that kind, or none that they may see.
    pub async fn open(
        ctx: &Ctx,
        matters: &Matters,
        read: &Read,
        section: &Section,
        id: MatterId,
    ) -> Result<Self, WebError> {
        let (connection, keys) = (read.connection(), read.keys());
        let (matter, token) = matters.look_up(connection, keys, &ctx.actor, id).await.map_err(wrong)?;
        if matter.kind != section.kind {
            return Err(WebError::NotFound);
        }
        let offers = matters.offers(connection, keys, &ctx.actor, &matter).await.map_err(wrong)?;
        let card = match matter.subject {
            None => None,
            Some(person) => match persons::card(read, &ctx.app.roles, &ctx.actor, person).await {
                Ok(card) => Some(card),
                // The child has moved out of the reader's area since: the matter stays theirs until it is passed on.
                Err(AccessError::NotFound) => None,
                Err(other) => return Err(other.into()),
            },
        };
        Ok(Self { matter, token, offers, card })
    }

    /// The offer of an action, by its key.
    pub fn offer(&self, action: &str) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.action.key == action)
    }

    /// The offer that hands in the form of this stage: the check, the visit.
    pub fn handing_in(&self) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.action.form.is_some() && offer.action.key != DANGER)
    }

    /// Whether the action `key` can be taken by the reader now.
    pub fn can(&self, key: &str) -> bool {
        self.offer(key).is_some_and(|offer| offer.refusal.is_none())
    }

    /// Why the reader can do nothing now but report danger, if that is so: somebody else has it, or the clock stands.
    pub fn hindrance(&self) -> Option<&Refusal> {
        let others = self.offers.iter().filter(|offer| !offer.action.raises_alarm());
        let refusals = others.map(|offer| offer.refusal.as_ref());
        let all: Option<Vec<&Refusal>> = refusals.collect();
        all?.into_iter().next()
    }

    /// The form that an action hands in, under the version of the program that the matter runs under.
    pub fn form<'a>(&self, matters: &'a Matters, action: &str) -> Result<&'a Form, WebError> {
        let key = self.offer(action).and_then(|offer| offer.action.form.as_deref());
        let workflow = matters.workflow_of(&self.matter).map_err(wrong)?;
        key.and_then(|key| workflow.forms.get(key)).ok_or(WebError::NotFound)
    }

    /// Puts on record that the child's data are shown, before they are.
    pub async fn put_on_record(
        &self,
        ctx: &Ctx,
        purpose: &'static str,
        part: &'static str,
    ) -> Result<(), WebError> {
        let subject = self.card.as_ref().map(|card| card.person).or(self.matter.subject);
        put_on_record(ctx, &self.matter, subject, purpose, part).await
    }
}

/// Puts on record that something which `matter` keeps of `subject` is shown: also of a child whose own data are not the
/// reader's to see any more, since the matter tells of it all the same.
pub(crate) async fn put_on_record(
    ctx: &Ctx,
    matter: &Matter,
    subject: Option<PersonId>,
    purpose: &'static str,
    part: &'static str,
) -> Result<(), WebError> {
    let Some(subject) = subject else { return Ok(()) };
    let write = ctx.app.database.write(ctx.operation_named("minors.read_at_door")).await?;
    let reading = Reading { subject, matter: Some(matter.id), area: Some(matter.area), purpose, part };
    read_record(write, reading).await?;
    Ok(())
}

/// What a page answers to an error of matters.
pub(crate) fn wrong(error: MatterError) -> WebError {
    let message = error.message();
    match (error, message) {
        (MatterError::NotFound, _) => WebError::NotFound,
        (MatterError::NotAllowed, _) => WebError::NotAllowed,
        (MatterError::Store(error), _) => error.into(),
        (MatterError::Conflict(_), Some(message)) => WebError::overtaken(message, again()),
        (_, Some(message)) => WebError::refused(message, again()),
        (other, None) => WebError::internal(other),
    }
}

fn again() -> Label {
    Label::new("请返回，看清现在的情况再办。", "Go back, see how it stands now, then go on.")
}

/// What posts are called on a phone, in the order of `posts`: 西丽街道 儿童督导员.
pub(crate) async fn names_of(ctx: &Ctx, read: &Read, posts: &[PostId]) -> Result<Vec<String>, WebError> {
    let found = access::posts::by_ids(read.connection(), posts).await?;
    let names = posts.iter().filter_map(|id| found.iter().find(|post| post.id == *id)).map(|post| {
        let role = ctx.app.roles.get(&post.role);
        let role = role.map(|role| role.label.says(ctx.language)).unwrap_or_default();
        let area =
            ctx.app.areas.get(post.area.area()).map(|area| area.short_name.as_str()).unwrap_or_default();
        format!("{area} {role}").trim().to_owned()
    });
    Ok(names.collect())
}
