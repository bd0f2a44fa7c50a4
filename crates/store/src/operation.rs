//! Who does what, and when: what every writing transaction carries.

use base::{AccountId, AreaPath, MatterId, Moment, OperationId, PersonId, PostId};
use serde_json::Value;

/// One request, command or run of a job. Its id stands in the log, in the journal and on the page that failed.
#[derive(Debug, Clone)]
pub struct Operation {
    /// What a person reads out to support.
    pub id: OperationId,
    /// What is done, `crate.verb_noun`: `"matters.accept_lead"`.
    pub name: &'static str,
    /// Who does it.
    pub actor: ActorRef,
    /// When, by the office's clock (which a demo moves forward).
    pub at: Moment,
}

/// Who acts: an account on a post, or the system itself (neither).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ActorRef {
    /// The account that is logged in.
    pub account: Option<AccountId>,
    /// The post on which it acts.
    pub post: Option<PostId>,
}

impl ActorRef {
    /// The system: a job, a command on the server's own console.
    pub const SYSTEM: Self = Self { account: None, post: None };
}

/// Something that happened, as the journal keeps it. The kind belongs to the crate that emits it.
#[derive(Debug, Clone, Default)]
pub struct Event {
    /// What happened, `crate.noun_verb`: `"people.delivery_published"`.
    pub kind: &'static str,
    /// The person it is about.
    pub subject: Option<PersonId>,
    /// The matter it belongs to.
    pub matter: Option<MatterId>,
    /// Where; decides who may read it.
    pub area: Option<AreaPath>,
    /// What stood there before; sealed. `Value::Null` when there was nothing.
    pub before: Value,
    /// What stands there now; sealed.
    pub after: Value,
}
