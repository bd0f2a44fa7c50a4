//! What posts and people are called on the pages of leads.

use std::collections::HashMap;

use access::{accounts, posts};
use base::{AccountId, PostId};
use store::Read;
use web::{Ctx, WebError, Worded as _};

/// A post with who holds it.
#[derive(Debug, Clone, Default)]
pub(super) struct Seat {
    /// Area and role: 大勘社区 社区儿童主任.
    pub seat: String,
    /// Who holds it at present; empty if nobody does.
    pub people: String,
}

impl Seat {
    /// Who holds it, else what it is.
    pub fn short(&self) -> &str {
        if self.people.is_empty() { &self.seat } else { &self.people }
    }
}

/// The names behind the ids of a page.
pub(super) struct Who {
    seats: HashMap<PostId, Seat>,
    people: HashMap<AccountId, String>,
}

impl Who {
    /// The names of these.
    pub async fn read(
        ctx: &Ctx,
        read: &Read,
        wanted: &[PostId],
        people: &[AccountId],
    ) -> Result<Self, WebError> {
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let found = posts::by_ids(read.connection(), &wanted).await?;
        let tenures = posts::present_of_posts(read.connection(), &wanted, ctx.now).await?;
        let mut accounts: Vec<AccountId> = tenures.iter().map(|tenure| tenure.account).collect();
        accounts.extend(people);
        accounts.sort_unstable();
        accounts.dedup();
        let people = accounts::names(read, &accounts).await?;
        let seats = found.into_iter().map(|post| {
            let role = ctx.app.roles.get(&post.role).map_or("", |role| role.label.says(ctx.language));
            let area = ctx.app.areas.get(post.area.area()).map_or("", |area| area.short_name.as_str());
            let held: Vec<&str> = tenures
                .iter()
                .filter(|tenure| tenure.post == post.id)
                .filter_map(|tenure| people.get(&tenure.account).map(String::as_str))
                .collect();
            let seat = format!("{area} {role} {}", post.title).trim().to_owned();
            (post.id, Seat { seat, people: held.join(ctx.language.choose("、", ", ")) })
        });
        Ok(Self { seats: seats.collect(), people })
    }

    /// A post; empty if it is not known.
    pub fn seat(&self, post: PostId) -> Seat {
        self.seats.get(&post).cloned().unwrap_or_default()
    }

    /// A person; empty if they are not known.
    pub fn person(&self, account: AccountId) -> &str {
        self.people.get(&account).map(String::as_str).unwrap_or_default()
    }
}
