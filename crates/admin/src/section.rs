//! What the pages of administration have in common: their tabs, the addresses of their lists, the names on them.

use std::collections::HashMap;

use access::posts::Post;
use access::{Actor, accounts, organisations};
use base::{AccountId, AreaPath, AreaTree, OrganisationId};
use sea_orm::ConnectionTrait;
use store::{Read, StoreError, jobs, journal};
use web::components::{Tab, Tabs};
use web::{Ctx, Shell, WebError, Worded as _};

use crate::Texts;

/// Rows on a page of a list.
pub const ROWS: u64 = 50;

/// A page of administration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Accounts.
    Users,
    /// Posts and who holds them.
    Posts,
    /// Organisations.
    Organisations,
    /// The area tree.
    Areas,
    /// What runs behind the pages.
    Jobs,
    /// What was done.
    Journal,
    /// Who came in.
    LogIns,
    /// The office's clock.
    Clock,
}

impl Section {
    const ALL: [Self; 8] = [
        Self::Users,
        Self::Posts,
        Self::Organisations,
        Self::Areas,
        Self::Jobs,
        Self::Journal,
        Self::LogIns,
        Self::Clock,
    ];

    /// Its first page.
    pub fn href(self) -> &'static str {
        match self {
            Self::Users => "/admin/users",
            Self::Posts => "/admin/posts",
            Self::Organisations => "/admin/organisations",
            Self::Areas => "/admin/areas",
            Self::Jobs => "/admin/jobs",
            Self::Journal => "/admin/journal",
            Self::LogIns => "/admin/log-ins",
            Self::Clock => "/admin/clock",
        }
    }

    /// What one must be allowed to read to see it.
    fn kind(self) -> &'static str {
        match self {
            Self::Users => "account",
            Self::Posts => "post",
            Self::Organisations => "organisation",
            Self::Areas => "area",
            Self::Jobs | Self::Clock => "job",
            Self::Journal | Self::LogIns => "journal",
        }
    }

    fn label(self, t: Texts) -> &'static str {
        match self {
            Self::Users => t.section_users(),
            Self::Posts => t.section_posts(),
            Self::Organisations => t.section_organisations(),
            Self::Areas => t.section_areas(),
            Self::Jobs => t.section_jobs(),
            Self::Journal => t.section_journal(),
            Self::LogIns => t.section_log_ins(),
            Self::Clock => t.section_clock(),
        }
    }

    /// The tabs of administration as far as the actor may see them, this one chosen; at the jobs stands how much asks for
    /// a person there.
    pub async fn tabs(self, ctx: &Ctx) -> Result<Tabs, WebError> {
        let t = Texts(ctx.language);
        let troubles = if ctx.may("read", Self::Jobs.kind()) {
            troubles(ctx.read().await?.connection()).await?
        } else {
            0
        };
        let shown = Self::ALL.into_iter().filter(|section| ctx.may("read", section.kind()));
        let tab = |section: Self| Tab {
            label: section.label(t).to_owned(),
            href: section.href().to_owned(),
            count: Some(troubles).filter(|troubles| section == Self::Jobs && *troubles > 0),
            is_active: section == self,
        };
        Ok(Tabs { label: t.section_label().to_owned(), tabs: shown.map(tab).collect() })
    }

    /// The shell of one of its pages. Whoever sees nothing but posts has them as an entry of their own.
    pub async fn shell(self, ctx: &Ctx, title: impl Into<String>) -> Result<Shell, WebError> {
        let entry = if ctx.may("read", "account") { "/admin/users" } else { self.href() };
        ctx.shell(entry, title).await
    }
}

/// What runs behind the pages and asks for a person: jobs that are dead, and listeners that stand still.
pub async fn troubles(connection: &impl ConnectionTrait) -> Result<u64, StoreError> {
    Ok(jobs::dead(connection).await? + journal::stuck(connection).await?)
}

/// The address of a list with the filters that are set. Values are keys, ids and days: nothing personal.
pub fn address(path: &str, fields: &[(&str, String)]) -> String {
    let set: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if set.is_empty() { path.to_owned() } else { format!("{path}?{}", set.join("&")) }
}

/// The post as it is named on lists: 南山区 西丽街道 儿童督导员 二组.
pub fn post_name(ctx: &Ctx, areas: &AreaTree, post: &Post) -> String {
    let role = role_name(ctx, &post.role);
    format!("{} {role} {}", areas.name_of(&post.area), post.title).trim().to_owned()
}

/// The role as it is named on screen.
pub fn role_name<'a>(ctx: &'a Ctx, key: &'a str) -> &'a str {
    ctx.app.roles.get(key).map_or(key, |role| role.label.says(ctx.language))
}

/// The areas with those that were added since the process began.
pub async fn areas(ctx: &Ctx, read: &Read) -> Result<AreaTree, WebError> {
    Ok(access::areas::tree(read.connection(), &ctx.app.areas).await?)
}

/// Whether what stands at `area` is the actor's to look after.
pub fn is_in_reach(actor: &Actor, area: &AreaPath) -> bool {
    area.is_within(&actor.area)
}

/// The names behind ids of organisations.
pub async fn organisation_names(
    read: &Read,
    ids: impl IntoIterator<Item = OrganisationId>,
) -> Result<HashMap<OrganisationId, String>, WebError> {
    let ids: Vec<OrganisationId> = ids.into_iter().collect();
    let found = organisations::by_ids(read.connection(), &ids).await?;
    Ok(found.into_iter().map(|organisation| (organisation.id, organisation.name)).collect())
}

/// The names behind ids of accounts, each asked for once.
pub async fn account_names(
    read: &Read,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, String>, WebError> {
    let mut ids: Vec<AccountId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(accounts::names(read, &ids).await?)
}
