//! Who acts.

use base::{AccountId, AreaId, AreaPath, OrganisationId, PostId};

/// Who acts: a person in one of their posts, or the system itself.
///
/// An actor is made by [`crate::sessions`] for a request and by [`crate::posts::actor`] for a program that acts for
/// somebody; [`Actor::system`] is what jobs and listeners act as.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Actor {
    /// The account; `None` is the system.
    pub account: Option<AccountId>,
    /// The post that the person acts in; `None` for the system and for a person who holds none at present.
    pub post: Option<PostId>,
    /// The role of the post; empty without one, which no role is called.
    pub role: String,
    /// The organisation of the post.
    pub organisation: Option<OrganisationId>,
    /// The area of the post; the whole city for the system.
    pub area: AreaPath,
    /// The person's name, for the corner of the page and for signing what they wrote; never logged.
    pub display_name: String,
}

/// The role that the system acts in; `roles.toml` cannot define it.
pub const SYSTEM_ROLE: &str = "system";

/// The root of the area tree: the city that this installation serves.
pub const CITY: AreaPath = AreaPath { city: AreaId(1), district: None, subdistrict: None, community: None };

impl Actor {
    /// What no person does: jobs, listeners, the first start.
    pub fn system() -> Self {
        Self {
            account: None,
            post: None,
            role: SYSTEM_ROLE.to_owned(),
            organisation: None,
            area: CITY,
            display_name: String::new(),
        }
    }

    /// Whether this is the system itself.
    pub fn is_system(&self) -> bool {
        self.account.is_none() && self.role == SYSTEM_ROLE
    }

    /// A person who is known but holds no post at present: may change the own password and choose a post, no more.
    pub fn without_post(account: AccountId, display_name: String) -> Self {
        Self {
            account: Some(account),
            post: None,
            role: String::new(),
            organisation: None,
            area: CITY,
            display_name,
        }
    }

    /// A person in a post. Whoever calls this has made sure that the account holds the post.
    pub fn in_post(
        account: AccountId,
        post: PostId,
        role: String,
        organisation: OrganisationId,
        area: AreaPath,
        display_name: String,
    ) -> Self {
        Self {
            account: Some(account),
            post: Some(post),
            role,
            organisation: Some(organisation),
            area,
            display_name,
        }
    }

    /// How the journal names who acts.
    pub fn reference(&self) -> store::ActorRef {
        store::ActorRef { account: self.account, post: self.post }
    }
}
