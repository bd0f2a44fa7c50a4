//! `/admin/log-ins`.

use access::accounts::{self, Outcome};
use askama::Template;
use base::AccountId;
use serde::Deserialize;
use store::Read;
use uuid::Uuid;
use web::components::{Badge, EmptyState, Pager, Tabs, Tone};
use web::{Ctx, PageResult, Pages, Query, Rule, Shell, WebError, show};

use crate::Texts;
use crate::section::{self, ROWS, Section, address};

/// The pages of this capability.
pub fn pages() -> Pages {
    Pages::new().get("/admin/log-ins", Rule::May(&[("read", "journal")]), list)
}

#[derive(Template)]
#[template(path = "log_ins/templates/list.html")]
struct LogInList {
    shell: Shell,
    t: Texts,
    tabs: Tabs,
    whose: Option<String>,
    rows: Vec<LogInRow>,
    pager: Pager,
    empty: EmptyState,
    may_see_accounts: bool,
}

/// One line of the log.
pub struct LogInRow {
    /// Its id.
    pub id: Uuid,
    /// When, in real time.
    pub at: String,
    /// The account, if the login name was known.
    pub account: Option<AccountId>,
    /// The person's name.
    pub name: String,
    /// What became of it.
    pub outcome: Badge,
    /// From where.
    pub address: String,
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    account: Option<AccountId>,
    before: Option<Uuid>,
}

/// A page of the log, newest first, of one account or of all.
pub async fn rows(
    ctx: &Ctx,
    read: &Read,
    account: Option<AccountId>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<LogInRow>, WebError> {
    let t = Texts(ctx.language);
    let found = accounts::records(read, account, before, limit).await?;
    let names = section::account_names(read, found.iter().filter_map(|record| record.account)).await?;
    let name = |account: Option<AccountId>| match account {
        Some(account) => names.get(&account).cloned().unwrap_or_default(),
        None => t.log_ins_unknown().to_owned(),
    };
    let row = |record: accounts::LogInRecord| LogInRow {
        id: record.id,
        at: show::full(record.at),
        account: record.account,
        name: name(record.account),
        outcome: outcome(t, record.outcome),
        address: record.address,
    };
    Ok(found.into_iter().map(row).collect())
}

fn outcome(t: Texts, outcome: Outcome) -> Badge {
    match outcome {
        Outcome::LoggedIn => Badge::new(Tone::Ok, "login", t.outcome_logged_in()),
        Outcome::LoggedOut => Badge::new(Tone::Low, "logout", t.outcome_logged_out()),
        Outcome::Refused => Badge::new(Tone::High, "x", t.outcome_refused()),
        Outcome::Locked => Badge::new(Tone::Urgent, "lock", t.outcome_locked()),
    }
}

async fn list(ctx: Ctx, Query(wanted): Query<Wanted>) -> PageResult {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let mut rows = rows(&ctx, &read, wanted.account, wanted.before, ROWS + 1).await?;
    let whose = match wanted.account {
        Some(account) => section::account_names(&read, [account]).await?.remove(&account),
        None => None,
    };
    drop(read);
    let more = rows.len() as u64 > ROWS;
    rows.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let account = wanted.account.map(|account| account.to_string()).unwrap_or_default();
    let query =
        |before: String| address("/admin/log-ins", &[("account", account.clone()), ("before", before)]);
    let next = rows.last().filter(|_| more).map(|last| query(last.id.to_string()));
    let first = wanted.before.map(|_| query(String::new()));
    web::page(&LogInList {
        shell: Section::LogIns.shell(&ctx, t.log_ins_title()).await?,
        t,
        tabs: Section::LogIns.tabs(&ctx).await?,
        whose,
        pager: Pager::uncounted(rows.len(), first, next, ctx.language),
        rows,
        empty: EmptyState {
            icon: "login",
            title: t.log_ins_empty().to_owned(),
            detail: t.log_ins_empty_detail().to_owned(),
            link: None,
        },
        may_see_accounts: ctx.may("read", "account"),
    })
}
