//! What a crate hands to the binary: plain lists, put together by [`crate::assemble()`] and nowhere else.

use std::future::Future;
use std::pin::Pin;

use base::{Label, PostId};
use sea_orm::DatabaseTransaction;
use store::jobs::JobKind;
use store::journal::Listener;
use store::{Migration, Read};
use texts::Language;

use crate::app::App;
use crate::ctx::Ctx;
use crate::error::WebError;
use crate::pages::{Pages, Rule};

/// One crate of the product.
pub struct Module {
    /// Its name, that of the crate.
    pub name: &'static str,
    /// Its tables; in the order of the arrows behind those of the modules before.
    pub migrations: Vec<Migration>,
    /// Its pages.
    pub pages: Pages,
    /// Its entries of the rail.
    pub menu: Vec<MenuItem>,
    /// Its jobs.
    pub jobs: Vec<JobKind<App>>,
    /// What it hears of other crates' events.
    pub listeners: Vec<Listener<App>>,
    /// Numbers that the shell shows.
    pub figures: Vec<Figure>,
    /// Links that it offers at places of other crates' pages.
    pub actions: Vec<Action>,
    /// What it asks of the data that was read at start.
    pub check: Option<Check>,
    /// What its events, jobs and listeners are called.
    pub words: Option<Words>,
    /// What of its own keeps a post where it is.
    pub keeps: Option<Keeps>,
}

impl Module {
    /// A module that has nothing yet; set what there is.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            migrations: Vec::new(),
            pages: Pages::new(),
            menu: Vec::new(),
            jobs: Vec::new(),
            listeners: Vec::new(),
            figures: Vec::new(),
            actions: Vec::new(),
            check: None,
            words: None,
            keeps: None,
        }
    }
}

/// Asks the data that was read at start for what a module needs; the error says what is missing, and the mend.
pub type Check = fn(&App) -> Result<(), String>;

/// The words for the key of an event, a job or a listener, with `-` for `.` and `_`, as keys of messages are written; `None`
/// for one of another module.
pub type Words = fn(Language, &str) -> Option<&'static str>;

/// What of a module's own keeps a post where it is: while there is any, the post is neither closed nor moved to another
/// role, organisation or area. It asks in the transaction in which the post is to be changed.
pub type Keeps = for<'a> fn(
    &'a Ctx,
    &'a DatabaseTransaction,
    PostId,
) -> Pin<Box<dyn Future<Output = Result<Option<Kept>, WebError>> + Send + 'a>>;

/// Something that keeps a post where it is, as its page says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it is, how much of it, and what is to be done about it first: whole sentences.
    pub words: String,
    /// The list of it and what the link is called, for whoever may see that.
    pub list: Option<(String, String)>,
}

/// An entry of the rail.
#[derive(Debug, Clone)]
pub struct MenuItem {
    /// Where it stands: entries go by this number, 10 for the first. From 90 on they stand at the foot of the rail.
    pub place: u8,
    /// Icon, by its name in Tabler's set.
    pub icon: &'static str,
    /// One or two characters of Chinese above all: 待办. English as short as it gets.
    pub label: Label,
    /// Where it leads; also the name of the section.
    pub href: &'static str,
    /// Who has it.
    pub rule: Rule,
    /// The figure that stands at it, by name.
    pub figure: Option<&'static str>,
}

/// Reads a figure for whoever asks, from a snapshot. Must be quick: every page asks.
pub type ReadFigure =
    for<'a> fn(&'a Ctx, &'a Read) -> Pin<Box<dyn Future<Output = Result<u64, WebError>> + Send + 'a>>;

/// A number that the shell shows: open tasks at 待办, unread notices at the bell.
#[derive(Clone, Copy)]
pub struct Figure {
    /// `crate.noun`: `matters.my_open`.
    pub name: &'static str,
    /// Reads it.
    pub read: ReadFigure,
}

/// A link that one crate offers at a place of another's page. The shell's own places are in [`places`].
#[derive(Debug, Clone)]
pub struct Action {
    /// `crate.verb_noun`: `minors.open_file`.
    pub name: &'static str,
    /// The place that it is offered at: `people.person`.
    pub place: &'static str,
    /// Icon, by its name in Tabler's set.
    pub icon: &'static str,
    /// What is said on it.
    pub label: Label,
    /// Where it leads; `{id}` stands for the id of the thing.
    pub href: &'static str,
    /// Who has it.
    pub rule: Rule,
    /// The figure that stands at it, by name.
    pub figure: Option<&'static str>,
}

impl Action {
    /// Where it leads for the thing with this id.
    pub fn href_of(&self, id: impl std::fmt::Display) -> String {
        self.href.replace("{id}", &id.to_string())
    }
}

/// Places of the shell. At most one action each; at [`places::HOME`](HOME) several.
pub mod places {
    /// Where the search field posts to (field `text`).
    pub const SEARCH: &str = "web.search";
    /// Where the bell leads.
    pub const NOTICES: &str = "web.notices";
    /// Where a name in the area crumb leads; `{id}` is the area.
    pub const AREA: &str = "web.area";
    /// The page of one's own account.
    pub const ACCOUNT: &str = "web.account";
    /// Where the log-out button posts to.
    pub const LOG_OUT: &str = "web.log_out";
    /// Where the front page leads: to the first of these that the reader may use and that a module serves.
    pub const HOME: &str = "web.home";
    /// Where somebody is sent who is not logged in; gets `?next=`.
    pub const LOG_IN: &str = "web.log_in";
}
