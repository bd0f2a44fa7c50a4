//! The list of posts with who holds each at present.

use std::collections::HashMap;

use access::posts::{self, Post, PostFilter};
use askama::Template;
use base::{AccountId, AreaId, AreaTree, PostId};
use serde::Deserialize;
use store::Read;
use web::components::{Badge, EmptyState, Pager, Tabs, Tone};
use web::{Choice, Ctx, PageResult, Query, Shell, Typed, WebError};

use crate::section::{self, ROWS, Section, address};
use crate::users::role_choices;
use crate::{Texts, place};

#[derive(Template)]
#[template(path = "posts/templates/list.html")]
struct PostList {
    shell: Shell,
    t: Texts,
    tabs: Tabs,
    filter: Typed,
    roles: Vec<Choice>,
    areas: Vec<Choice>,
    rows: Vec<Row>,
    pager: Pager,
    empty: EmptyState,
    may_manage: bool,
    may_see_accounts: bool,
}

/// One post.
struct Row {
    id: PostId,
    role: String,
    area: String,
    organisation: String,
    title: String,
    holders: Vec<(AccountId, String)>,
    state: Badge,
}

/// The filters in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    role: Option<String>,
    area: Option<String>,
    closed: Option<String>,
    after: Option<PostId>,
}

/// The list.
pub async fn show(ctx: Ctx, Query(wanted): Query<Wanted>) -> PageResult {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let tree = section::areas(&ctx, &read).await?;
    let area = wanted.area.clone().unwrap_or_default();
    let chosen = area.parse().ok().and_then(|id| tree.path_of(AreaId(id)));
    let within = chosen.filter(|area| section::is_in_reach(&ctx.actor, area)).unwrap_or(ctx.actor.area);
    let role = wanted.role.clone().filter(|role| ctx.app.roles.get(role).is_some()).unwrap_or_default();
    let with_closed = wanted.closed.as_deref().is_some_and(|closed| !closed.is_empty());
    let filter = PostFilter {
        role: Some(role.clone()).filter(|role| !role.is_empty()),
        organisation: None,
        within: Some(within),
        with_closed,
    };
    let mut found = posts::list(read.connection(), &filter, wanted.after, ROWS + 1).await?;
    let total = posts::count(read.connection(), &filter).await?;
    let more = found.len() as u64 > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let rows = rows(&ctx, &read, &tree, &found).await?;
    drop(read);
    let closed = if with_closed { "1" } else { "" };
    let query = |after: String| {
        let fields =
            [("role", role.clone()), ("area", area.clone()), ("closed", closed.to_owned()), ("after", after)];
        address("/admin/posts", &fields)
    };
    let next = found.last().filter(|_| more).map(|last| query(last.id.to_string()));
    let first = wanted.after.map(|_| query(String::new()));
    let page = PostList {
        shell: Section::Posts.shell(&ctx, t.posts_title()).await?,
        t,
        tabs: Section::Posts.tabs(&ctx).await?,
        filter: Typed::filled(
            ctx.language,
            [("role", role.as_str()), ("area", area.as_str()), ("closed", closed)],
        ),
        roles: role_choices(&ctx),
        areas: place::area_choices(&tree, &ctx.actor.area),
        pager: Pager::new(rows.len(), total, first, next, ctx.language),
        rows,
        empty: empty(&ctx),
        may_manage: ctx.may("manage", "post"),
        may_see_accounts: ctx.may("read", "account"),
    };
    web::page(&page)
}

fn empty(ctx: &Ctx) -> EmptyState {
    let t = Texts(ctx.language);
    let link = (t.posts_new().to_owned(), "/admin/posts/new".to_owned());
    EmptyState {
        icon: "id-badge-2",
        title: t.posts_empty().to_owned(),
        detail: t.posts_empty_detail().to_owned(),
        link: Some(link).filter(|_| ctx.may("manage", "post")),
    }
}

async fn rows(ctx: &Ctx, read: &Read, areas: &AreaTree, found: &[Post]) -> Result<Vec<Row>, WebError> {
    let t = Texts(ctx.language);
    let ids: Vec<PostId> = found.iter().map(|post| post.id).collect();
    let tenures = posts::present_of_posts(read.connection(), &ids, ctx.now).await?;
    let names = section::account_names(read, tenures.iter().map(|tenure| tenure.account)).await?;
    let mut holders: HashMap<PostId, Vec<(AccountId, String)>> = HashMap::new();
    for tenure in &tenures {
        if let Some(name) = names.get(&tenure.account) {
            holders.entry(tenure.post).or_default().push((tenure.account, name.clone()));
        }
    }
    let organisations = section::organisation_names(read, found.iter().map(|post| post.organisation)).await?;
    let row = |post: &Post| {
        let holders = holders.remove(&post.id).unwrap_or_default();
        let state = if post.closed_at.is_some() {
            Badge::new(Tone::Low, "archive", t.state_closed())
        } else if holders.is_empty() {
            Badge::new(Tone::Medium, "user-question", t.post_vacant())
        } else {
            Badge::new(Tone::Ok, "circle-check", t.post_held())
        };
        Row {
            id: post.id,
            role: section::role_name(ctx, &post.role).to_owned(),
            area: areas.name_of(&post.area),
            organisation: organisations.get(&post.organisation).cloned().unwrap_or_default(),
            title: post.title.clone(),
            holders,
            state,
        }
    };
    Ok(found.iter().map(row).collect())
}
