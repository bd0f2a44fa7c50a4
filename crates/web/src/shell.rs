//! The frame around every page: rail, top bar, head, foot. A page struct holds a [`Shell`] and its template extends
//! `page.html` (desk), `phone.html` (phone) or `plain.html` (no account).

use access::Actor;
use access::organisations::{self, Organisation, OrganisationKind};
use base::{AreaId, AreaPath, Moment};
use texts::Language;

use crate::Texts;
use crate::ctx::{Ctx, Visitor};
use crate::error::WebError;
use crate::form::Tokens;
use crate::module::{Action, places};
use crate::pages::Rule;
use crate::show::{self, Worded as _};
use crate::visit::operation_number;

/// From which distance on the office's clock is said to be moved, in milliseconds.
const MOVED_FROM_MILLISECONDS: i64 = 60_000;

/// Everything that the frame of a page shows.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The language of the page.
    pub language: Language,
    /// The kit's own words.
    pub words: Texts,
    /// The title of the page: in its head and in the browser's tab. Nothing personal: names are masked.
    pub title: String,
    /// The program that the page belongs to, after the product's name.
    pub program: String,
    /// The rail.
    pub menu: Vec<MenuEntry>,
    /// The four-level area of the page.
    pub crumbs: Vec<Crumb>,
    /// The lower level, to go down to: 12 个社区.
    pub below: Option<Link>,
    /// Where the search field posts to, if there is a search.
    pub search: Option<String>,
    /// What was searched for, when the page answers a search.
    pub searched: String,
    /// The bell: where it leads and how many are unread.
    pub notices: Option<Bell>,
    /// The corner of the person.
    pub user: User,
    /// All people in this installation are synthetic, and the page says so.
    pub is_demo: bool,
    /// What the office's clock shows when it is not the machine's time: every page says so.
    pub moved_clock: Option<String>,
    /// What the forms of the page carry unseen.
    pub tokens: Tokens,
    /// Path and query of the page: where the language switch comes back to.
    pub address: String,
    /// A form that was given back after a log-in: the page says so.
    pub given_back: Option<GivenBack>,
    /// What the form before this page has done, in a sentence.
    pub said: Option<String>,
    /// What the foot says.
    pub foot: Foot,
}

/// An entry of the rail.
#[derive(Debug, Clone)]
pub struct MenuEntry {
    /// Icon.
    pub icon: &'static str,
    /// Word.
    pub label: String,
    /// Where it leads.
    pub href: &'static str,
    /// Whether the page belongs to it.
    pub is_active: bool,
    /// Whether it stands at the foot of the rail.
    pub is_low: bool,
    /// The number at it; zero is not shown.
    pub figure: Option<u64>,
}

/// A level of the area crumb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// The area's name.
    pub name: String,
    /// Where it leads; levels above the reader's post lead nowhere.
    pub href: Option<String>,
    /// Whether it is the page's own area.
    pub is_current: bool,
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The words.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// A link that another module offers at a place of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Icon.
    pub icon: &'static str,
    /// The words.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// The bell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bell {
    /// Where it leads.
    pub href: String,
    /// How many notices are unread.
    pub unread: u64,
}

/// Who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct User {
    /// The name.
    pub name: String,
    /// Its first character, for the picture.
    pub initial: String,
    /// Area and role: 西丽街道 儿童督导员.
    pub post: String,
    /// The page of one's own account.
    pub account_href: Option<String>,
    /// Where the log-out button posts to.
    pub log_out: Option<String>,
}

/// A form that was given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenBack {
    /// Whether files must be chosen again.
    pub has_lost_files: bool,
}

/// What the foot says, from left to right.
#[derive(Debug, Clone, Default)]
pub struct Foot {
    /// Keys of a working page.
    pub keys: Vec<KeyHint>,
    /// The time up to which the page's figures go.
    pub as_of: Option<String>,
    /// Program and version whose rules the page shows.
    pub rule_version: Option<String>,
    /// Further remarks.
    pub notes: Vec<String>,
    /// A remark that some figure is a sample.
    pub sample: Option<String>,
    /// Whether reading the page is on record.
    pub is_on_record: bool,
    /// The operation's number.
    pub operation: String,
}

/// Keys and what they do: `J` `K` 上下.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHint {
    /// The keys.
    pub keys: Vec<&'static str>,
    /// What they do.
    pub label: String,
}

impl Shell {
    /// The shell of a page for nobody in particular: the log-in page, an error before log-in.
    pub fn plain(visitor: &Visitor, title: impl Into<String>) -> Self {
        let words = Texts(visitor.language);
        Self {
            language: visitor.language,
            words,
            title: title.into(),
            program: words.shell_program().to_owned(),
            menu: Vec::new(),
            crumbs: Vec::new(),
            below: None,
            search: None,
            searched: String::new(),
            notices: None,
            user: User::default(),
            is_demo: visitor.app.site.is_demo,
            moved_clock: moved_clock(visitor),
            tokens: visitor.tokens(),
            address: visitor.address().to_owned(),
            given_back: visitor
                .visit()
                .parked
                .as_ref()
                .map(|parked| GivenBack { has_lost_files: parked.has_lost_files }),
            said: visitor.visit().said.clone(),
            foot: Foot { operation: operation_number(visitor.operation), ..Foot::default() },
        }
    }

    /// The page shows this area instead of the actor's own.
    #[must_use]
    pub fn at(mut self, ctx: &Ctx, area: &AreaPath) -> Self {
        self.crumbs = crumbs(ctx, area);
        self
    }

    /// Names the lower level and where it leads.
    #[must_use]
    pub fn below(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.below = Some(Link { label: label.into(), href: href.into() });
        self
    }

    /// The foot says up to when the figures go.
    #[must_use]
    pub fn as_of(mut self, at: Moment) -> Self {
        self.foot.as_of = Some(self.words.foot_as_of(show::full(at)));
        self
    }

    /// The foot names the program version: `minors 2024.11-7`.
    #[must_use]
    pub fn rule_version(mut self, version: impl std::fmt::Display) -> Self {
        self.foot.rule_version = Some(self.words.foot_rule_version(version));
        self
    }

    /// The foot says that reading the page is on record. The record must be saved before the page is sent.
    #[must_use]
    pub fn on_record(mut self) -> Self {
        self.foot.is_on_record = true;
        self
    }

    /// A further remark in the foot.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.foot.notes.push(note.into());
        self
    }

    /// A remark in the foot about figures that are samples.
    #[must_use]
    pub fn sample(mut self, note: impl Into<String>) -> Self {
        self.foot.sample = Some(note.into());
        self
    }

    /// Keys of a working page.
    #[must_use]
    pub fn keys<L: Into<String>>(
        mut self,
        keys: impl IntoIterator<Item = (&'static [&'static str], L)>,
    ) -> Self {
        let hints =
            keys.into_iter().map(|(keys, label)| KeyHint { keys: keys.to_vec(), label: label.into() });
        self.foot.keys.extend(hints);
        self
    }

    /// The language's BCP 47 tag, for `lang`.
    pub fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// The address of a built file, for templates: `desk.js`.
    pub fn asset(&self, name: &str) -> String {
        crate::assets::href(name)
    }

    /// The entries in the upper part of the rail.
    pub fn high_menu(&self) -> impl Iterator<Item = &MenuEntry> {
        self.menu.iter().filter(|entry| !entry.is_low)
    }

    /// The entries at the foot of the rail.
    pub fn low_menu(&self) -> impl Iterator<Item = &MenuEntry> {
        self.menu.iter().filter(|entry| entry.is_low)
    }

    /// The language behind the switch.
    pub fn other_language(&self) -> Language {
        self.language.other()
    }
}

/// The office's time, when its clock was moved.
fn moved_clock(visitor: &Visitor) -> Option<String> {
    let (now, machine_now) = (visitor.app.now(), visitor.app.machine_now());
    let ahead = now.milliseconds_since(machine_now);
    (ahead >= MOVED_FROM_MILLISECONDS)
        .then(|| Texts(visitor.language).shell_clock(show::full(now), show::span(ahead, visitor.language)))
}

/// Puts the shell of a page together; reads the figures at the menu.
pub(crate) async fn build(ctx: &Ctx, section: &str, title: String) -> Result<Shell, WebError> {
    let frame = ctx.frame();
    let mut shell = Shell::plain(ctx, title);
    let read = ctx.read().await?;
    for item in frame.menu.iter().filter(|item| is_allowed(ctx, item.rule)) {
        let figure = match item.figure {
            Some(name) => frame.figure(ctx, &read, name).await?,
            None => None,
        };
        shell.menu.push(MenuEntry {
            icon: item.icon,
            label: item.label.says(ctx.language).to_owned(),
            href: item.href,
            is_active: item.href == section,
            is_low: item.place >= 90,
            figure: figure.filter(|figure| *figure > 0),
        });
    }
    if let Some(action) = offered(ctx, places::NOTICES) {
        let unread = match action.figure {
            Some(name) => frame.figure(ctx, &read, name).await?.unwrap_or(0),
            None => 0,
        };
        shell.notices = Some(Bell { href: action.href.to_owned(), unread });
    }
    let department = department(ctx, &read).await?;
    drop(read);
    shell.search = offered(ctx, places::SEARCH).map(|action| action.href.to_owned());
    shell.crumbs = crumbs(ctx, &ctx.actor.area);
    shell.user = user(ctx, department);
    Ok(shell)
}

impl Ctx {
    /// What other modules offer this reader at `place` of a page, for the thing with this id.
    pub fn offers_at(&self, place: &str, id: impl std::fmt::Display) -> Vec<Offered> {
        self.frame()
            .actions_at(place)
            .filter(|action| is_allowed(self, action.rule))
            .map(|action| Offered {
                icon: action.icon,
                label: action.label.says(self.language).to_owned(),
                href: action.href_of(&id),
            })
            .collect()
    }
}

/// The action at `place` that the actor may use.
fn offered<'a>(ctx: &'a Ctx, place: &str) -> Option<&'a Action> {
    ctx.frame().actions_at(place).find(|action| is_allowed(ctx, action.rule))
}

/// Whether `rule` lets the actor in.
pub(crate) fn is_allowed(ctx: &Ctx, rule: Rule) -> bool {
    ctx.admits(rule)
}

/// The levels of `area`, each with its link where the actor's post reaches.
fn crumbs(ctx: &Ctx, area: &AreaPath) -> Vec<Crumb> {
    let action = offered(ctx, places::AREA);
    let levels = [Some(area.city), area.district, area.subdistrict, area.community];
    levels
        .into_iter()
        .flatten()
        .filter_map(|id| {
            let found = ctx.app.areas.get(id)?;
            let is_current = id == area.area();
            let is_reached = found.path.is_within(&ctx.actor.area);
            let href = action.filter(|_| is_reached).map(|action| action.href_of(id.0));
            Some(Crumb { name: found.short_name.clone(), href, is_current })
        })
        .collect()
}

/// The name of the department or agency for which the actor answers, which says more than a role that all of them have.
async fn department(ctx: &Ctx, read: &store::Read) -> Result<Option<String>, WebError> {
    let Some(id) = ctx.actor.organisation else { return Ok(None) };
    let found = organisations::by_ids(read.connection(), &[id]).await?.pop();
    let stands_aside =
        |one: &Organisation| matches!(one.kind, OrganisationKind::Department | OrganisationKind::Agency);
    Ok(found.filter(stands_aside).map(|one| one.name))
}

fn user(ctx: &Ctx, department: Option<String>) -> User {
    let Actor { display_name, .. } = &*ctx.actor;
    let href = |place| offered(ctx, place).map(|action| action.href.to_owned());
    User {
        name: display_name.clone(),
        initial: display_name.chars().next().map(String::from).unwrap_or_default(),
        post: post_name(ctx, department),
        account_href: href(places::ACCOUNT),
        log_out: href(places::LOG_OUT),
    }
}

/// Area and role of the actor's post, of a department its name and the role; empty without a post.
fn post_name(ctx: &Ctx, department: Option<String>) -> String {
    let Some(role) = ctx.app.roles.get(&ctx.actor.role) else { return String::new() };
    let area: AreaId = ctx.actor.area.area();
    let area = ctx.app.areas.get(area).map(|area| area.short_name.as_str()).unwrap_or_default();
    let place = department.as_deref().unwrap_or(area);
    format!("{place} {}", role.label.says(ctx.language)).trim().to_owned()
}
