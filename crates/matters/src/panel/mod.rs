//! How any matter is worked on a desk page: its form, what can be done with it and by whom, referrals, papers, guidance,
//! clock and timeline, for whatever kind of matter the workflow knows.
//!
//! ```ignore
//! async fn show(ctx: Ctx, Extension(matters): Extension<Matters>, Path(id): Path<MatterId>, Query(asked): Query<Asked>) -> PageResult {
//!     let seen = panel::look_up(&ctx, &matters, id).await?;            // 404 for who may not see it
//!     let ask = Ask::of(&asked).known(&known);                          // what is known goes into the form
//!     let panel = Panel::read(&ctx, &matters, &seen, &ask).await?;
//!     panel::record(&ctx, &seen, "check").await?;                       // before the page is sent
//!     web::page(&LeadPage { shell, t, panel })
//! }
//! ```
//!
//! In the template `{{ panel }}` prints it all in the columns of a working page; a page with columns of its own prints
//! the parts: `{{ panel.steps }}`, `{{ panel.work }}`, `{{ panel.acts }}`, `{{ panel.guidance }}`, `{{ panel.referrals }}`,
//! `{{ panel.papers }}`, `{{ panel.timeline }}`, and above them `{{ panel.notes }}`, which says what went wrong.
//!
//! The forms post to `/matters/{id}/…`, served here. What cannot be taken is answered by the page of the matter's kind
//! ([`crate::KindPage`]), with everything that was typed; what was taken is said in a sentence by the next page.

/// Marks a template of this folder as one that prints itself as HTML: askama escapes what comes from outside.
macro_rules! web_prints {
    ($($name:ty),* $(,)?) => {$(
        impl askama::filters::HtmlSafe for $name {}
    )*};
}

mod acts;
mod condition;
mod fault;
mod guidance;
mod history;
pub mod names;
mod page;
mod papers;
mod pictures;
mod post;
mod read;
mod refer;
pub mod said;
mod settle;
mod sheet;
mod work;

texts::module!("matters-panel");

pub use acts::{Act, Acts, elsewhere};
pub use guidance::Guidance;
pub use names::{Names, PostName, Wanted};
pub use page::pages;
pub use papers::{Paper, Papers};
pub use read::{Ask, Asked, Panel, Seen, clock_of, look_up, record, steps_of};
pub use refer::{Referral, Referrals, state as referral_state, terms as referral_terms};
pub use sheet::{FIELD, Filling, Known, Photo, Sheet};
pub use work::Work;
