//! The list of accounts: what each person is at present, and whether they can come in.

use access::accounts::{self, Account, AccountFilter};
use access::posts::{self, Post};
use askama::Template;
use base::{AccountId, AreaId, AreaTree};
use serde::Deserialize;
use store::Read;
use web::components::{Badge, EmptyState, Pager, Tabs, Tone};
use web::{Choice, Ctx, Form, FromForm, PageResult, Query, Reader, Shell, Typed, WebError};

use crate::section::{self, ROWS, Section, address};
use crate::{Texts, place};

/// The most characters that are searched for.
const TEXT_AT_MOST: usize = 40;

#[derive(Template)]
#[template(path = "users/templates/list.html")]
struct UserList {
    shell: Shell,
    t: Texts,
    tabs: Tabs,
    filter: Typed,
    areas: Vec<Choice>,
    searched: String,
    rows: Vec<Row>,
    pager: Pager,
    empty: EmptyState,
    may_manage: bool,
}

/// One account.
struct Row {
    id: AccountId,
    name: String,
    login: String,
    phone: String,
    posts: Vec<String>,
    state: Badge,
}

/// The filters in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    area: Option<String>,
    locked: Option<String>,
    after: Option<String>,
}

/// A name to search for: sent in a form, because a name has no place in an address.
pub struct Search(String);

impl FromForm for Search {
    fn read(form: &mut Reader) -> Option<Self> {
        form.optional_text("text", TEXT_AT_MOST).map(|text| Self(text.unwrap_or_default()))
    }
}

/// The list.
pub async fn show(ctx: Ctx, Query(wanted): Query<Wanted>) -> PageResult {
    web::page(&page(&ctx, &wanted, String::new()).await?)
}

/// The accounts whose name or login name contains what was typed.
pub async fn search(ctx: Ctx, form: Form<Search>) -> PageResult {
    let text = form.input.map(|Search(text)| text).unwrap_or_default();
    let everywhere = Wanted { locked: Some("1".to_owned()), ..Wanted::default() };
    web::page(&page(&ctx, &everywhere, text).await?)
}

async fn page(ctx: &Ctx, wanted: &Wanted, searched: String) -> Result<UserList, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let tree = section::areas(ctx, &read).await?;
    let area = wanted.area.as_deref().unwrap_or_default();
    let chosen = area.parse().ok().and_then(|id| tree.path_of(AreaId(id)));
    let within = chosen.filter(|area| section::is_in_reach(&ctx.actor, area)).unwrap_or(ctx.actor.area);
    let with_disabled = wanted.locked.as_deref().is_some_and(|locked| !locked.is_empty());
    let text = Some(searched.clone()).filter(|text| !text.is_empty());
    let filter = AccountFilter { text, within: Some(within), with_disabled };
    let mut found = accounts::list(&read, &filter, wanted.after.as_deref(), ROWS + 1).await?;
    let more = found.len() as u64 > ROWS;
    // What a search finds is known where all of it stands on the page.
    let total = match (searched.is_empty(), more) {
        (true, _) => Some(accounts::count(&read, &filter).await?),
        (false, false) => Some(found.len() as u64),
        (false, true) => None,
    };
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let rows = rows(ctx, &read, &tree, &found).await?;
    drop(read);
    let locked = if with_disabled { "1" } else { "" };
    let query = |after: &str| {
        let fields = [("area", area.to_owned()), ("locked", locked.to_owned()), ("after", after.to_owned())];
        address("/admin/users", &fields)
    };
    // A search is answered whole: it has no address to go on from.
    let goes_on = more && searched.is_empty();
    let next = found.last().filter(|_| goes_on).map(|last| query(&last.login));
    let first = wanted.after.as_ref().map(|_| query(""));
    let empty = EmptyState {
        icon: "users",
        title: t.users_empty().to_owned(),
        detail: t.users_empty_detail().to_owned(),
        link: ctx.may("manage", "account").then(|| (t.users_new().to_owned(), "/admin/users/new".to_owned())),
    };
    Ok(UserList {
        shell: Section::Users.shell(ctx, t.users_title()).await?,
        t,
        tabs: Section::Users.tabs(ctx).await?,
        filter: Typed::filled(ctx.language, [("area", area), ("locked", locked)]),
        areas: place::area_choices(&tree, &ctx.actor.area),
        searched,
        pager: match total {
            Some(total) => Pager::new(rows.len(), total, first, next, ctx.language),
            None => Pager::uncounted(rows.len(), first, next, ctx.language),
        },
        rows,
        empty,
        may_manage: ctx.may("manage", "account"),
    })
}

async fn rows(ctx: &Ctx, read: &Read, areas: &AreaTree, listed: &[Account]) -> Result<Vec<Row>, WebError> {
    let ids: Vec<AccountId> = listed.iter().map(|account| account.id).collect();
    let tenures = posts::present_of_accounts(read.connection(), &ids, ctx.now).await?;
    let held: Vec<_> = tenures.iter().map(|tenure| tenure.post).collect();
    let held: Vec<Post> = posts::by_ids(read.connection(), &held).await?;
    let logins: Vec<&str> = listed.iter().map(|account| account.login.as_str()).collect();
    let shut =
        accounts::locked_logins(read.connection(), read.keys(), &logins, ctx.app.machine_now()).await?;
    let row = |account: &Account| {
        let own = tenures.iter().filter(|tenure| tenure.account == account.id);
        let own = own.filter_map(|tenure| held.iter().find(|post| post.id == tenure.post));
        Row {
            id: account.id,
            name: account.name.clone(),
            login: account.login.clone(),
            phone: account.phone.clone(),
            posts: own.map(|post| section::post_name(ctx, areas, post)).collect(),
            state: state(Texts(ctx.language), account, shut.contains(&account.login)),
        }
    };
    Ok(listed.iter().map(row).collect())
}

/// Whether somebody can come in; `is_shut` while wrong passwords lock the login name.
pub fn state(t: Texts, account: &Account, is_shut: bool) -> Badge {
    if account.disabled_at.is_some() {
        Badge::new(Tone::Urgent, "lock", t.user_state_locked())
    } else if is_shut {
        Badge::new(Tone::High, "lock", t.user_state_shut())
    } else if !account.has_password {
        Badge::new(Tone::Medium, "key", t.user_state_no_password())
    } else if account.must_change_password {
        Badge::new(Tone::Medium, "key", t.user_state_one_time())
    } else {
        Badge::new(Tone::Ok, "circle-check", t.user_state_in_use())
    }
}
