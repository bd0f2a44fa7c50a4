//! The page kit: layout, components, page type, forms, errors, languages, assets.
//!
//! A request reads top to bottom: [`Ctx`] (who, when, in which language, the way to the database), a handler of fifteen
//! lines at most, one call of a service, a struct that *is* its askama template. `docs/adding-a-page.md` is the check-list.
//!
//! ```ignore
//! #[derive(Template)]
//! #[template(path = "leads/templates/list.html")]       // {% extends "page.html" %}
//! struct LeadList { shell: Shell, t: Texts, leads: Vec<LeadRow> }
//!
//! async fn list(ctx: Ctx, Query(filter): Query<Filter>) -> PageResult {
//!     let t = Texts(ctx.language);
//!     let leads = leads::list(&ctx, &filter).await?;
//!     web::page(&LeadList { shell: ctx.shell("/leads", t.leads_title()).await?, t, leads })
//! }
//! ```
//!
//! What belongs here: everything that every page has. What never belongs here: a person, a matter, a word of a program.

// Templates of this crate and of others name the kit in the same way: `web::icon("home")`.
extern crate self as web;

mod app;
mod areas;
mod assemble;
pub mod assets;
pub mod components;
mod ctx;
mod desk;
mod error;
mod error_page;
mod extract;
pub mod form;
mod gallery;
mod health;
pub mod layers;
mod module;
mod offline;
mod page;
mod pages;
pub mod session;
mod shell;
pub mod show;
#[cfg(test)]
mod tests;
mod visit;

texts::module!("web");

pub use app::{App, Site};
pub use areas::Areas;
pub use assemble::{Assembly, AssemblyError, assemble, migrations};
pub use components::{Choice, icon};
pub use ctx::{Ctx, Visitor, see_other};
pub use desk::own_address;
pub use error::{Explanation, PageResult, Refusal, WebError};
pub use extract::{Path, Query};
pub use form::{Command, Form, FromForm, Reader, Tokens, Typed, Upload};
pub use module::{Action, Check, Figure, Keeps, Kept, MenuItem, Module, ReadFigure, Words, places};
pub use page::{download, overtaken, page, page_with, unprocessable};
pub use pages::{Pages, Route, Rule};
pub use shell::{Bell, Crumb, Foot, GivenBack, KeyHint, Link, MenuEntry, Offered, Shell, User};
pub use show::Worded;
pub use texts::Language;
pub use visit::{Manner, operation_number};
