//! What posts, people and organisations are called on a page.

use std::collections::HashMap;

use access::posts::{self, Post};
use access::{accounts, organisations};
use base::{AccountId, Label, Moment, OrganisationId, PostId};
use store::Read;
use texts::Language;
use web::{App, Worded as _};

use super::Texts;
use crate::MatterError;

/// Names behind the ids that a page shows.
#[derive(Debug, Default)]
pub struct Names {
    posts: HashMap<PostId, PostName>,
    accounts: HashMap<AccountId, String>,
    organisations: HashMap<OrganisationId, String>,
}

/// What a post is called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PostName {
    /// Area and role: 大勘社区 社区儿童主任.
    pub seat: String,
    /// Who holds it; empty if nobody does.
    pub people: String,
}

impl PostName {
    /// In a line: 陈晓岚，大勘社区 社区儿童主任.
    pub fn line(&self, language: Language) -> String {
        if self.people.is_empty() {
            return Texts(language).post_empty(self.seat.as_str());
        }
        format!("{}{}{}", self.people, language.choose("，", ", "), self.seat)
    }

    /// As short as it gets: who holds it, else the seat.
    pub fn short(&self) -> &str {
        if self.people.is_empty() { &self.seat } else { &self.people }
    }
}

impl Names {
    /// The names of these at `now`.
    pub async fn read(
        read: &Read,
        app: &App,
        language: Language,
        wanted: &Wanted,
        now: Moment,
    ) -> Result<Self, MatterError> {
        let connection = read.connection();
        let found = posts::by_ids(connection, &unique(&wanted.posts)).await?;
        let ids: Vec<PostId> = found.iter().map(|post| post.id).collect();
        let tenures = posts::present_of_posts(connection, &ids, now).await?;
        let accounts: Vec<AccountId> =
            wanted.accounts.iter().copied().chain(tenures.iter().map(|tenure| tenure.account)).collect();
        let accounts = accounts::names(read, &unique(&accounts)).await?;
        let mut people: HashMap<PostId, Vec<&str>> = HashMap::new();
        for tenure in &tenures {
            if let Some(name) = accounts.get(&tenure.account) {
                people.entry(tenure.post).or_default().push(name);
            }
        }
        let join = language.choose("、", ", ");
        let posts = found.iter().map(|post| {
            let people = people.get(&post.id).map(|people| people.join(join)).unwrap_or_default();
            (post.id, PostName { seat: seat(app, post, language), people })
        });
        let posts = posts.collect();
        let organisations = organisations::by_ids(connection, &unique(&wanted.organisations)).await?;
        let organisations = organisations.into_iter().map(|one| (one.id, one.name)).collect();
        Ok(Self { posts, accounts, organisations })
    }

    /// What a post is called; empty if it is not known.
    pub fn post(&self, id: PostId) -> PostName {
        self.posts.get(&id).cloned().unwrap_or_default()
    }

    /// The name of an account; empty if it is not known.
    pub fn account(&self, id: AccountId) -> &str {
        self.accounts.get(&id).map(String::as_str).unwrap_or_default()
    }

    /// The name of an organisation; empty if it is not known.
    pub fn organisation(&self, id: OrganisationId) -> &str {
        self.organisations.get(&id).map(String::as_str).unwrap_or_default()
    }
}

/// Whose names are wanted.
#[derive(Debug, Default, Clone)]
pub struct Wanted {
    /// Posts.
    pub posts: Vec<PostId>,
    /// Accounts.
    pub accounts: Vec<AccountId>,
    /// Organisations.
    pub organisations: Vec<OrganisationId>,
}

fn unique<T: Ord + Copy>(ids: &[T]) -> Vec<T> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Area and role of a post, with its own title where it has one.
fn seat(app: &App, post: &Post, language: Language) -> String {
    let area = app.areas.get(post.area.area()).map(|area| area.short_name.as_str()).unwrap_or_default();
    let role = app.roles.get(&post.role).map(|role| &role.label);
    let role = role.map_or(post.role.as_str(), |label: &Label| label.says(language));
    format!("{area} {role} {}", post.title).trim().to_owned()
}
