//! The shapes that pages are made of. Most are values that print themselves: a page struct holds a [`Clock`] and its
//! template says `{{ clock }}`. Those with a body of the page's own are macros in `templates/components.html`. The page
//! `/components` shows every one in every state.
//!
//! What belongs here: a shape that at least two pages use, with no word of a program in it: words come in from outside.

mod board;
mod clock;
mod person;
mod progress;
mod status;
mod table;
mod weights;

pub use board::{Funnel, FunnelStep, Measure, Remark, Tile, TileGrid};
pub use clock::Clock;
pub use person::{Avatar, Conflict, ConflictRow, Sourced};
pub use progress::{Step, StepState, Steps, Timeline, TimelineEntry};
pub use status::{Alert, Badge, EmptyState, SampleMark, Tone};
pub use table::{Head, Pager, Place, Sort, Tab, Tabs};
pub use weights::{Band, Scale, Waterfall, WaterfallFrame, WaterfallRow, WeightBar};

use std::fmt;

use askama::filters::HtmlSafe;

/// An icon of Tabler's set by its name. It is decoration: the word beside it says the same.
#[derive(Debug, Clone, Copy)]
pub struct Icon<'a>(&'a str);

/// The icon `name`, for templates: `{{ web::icon("home") }}`. The sprite holds the icons whose names stand in the source;
/// `cargo xtask assets` looks for them.
pub fn icon<T: AsRef<str> + ?Sized>(name: &T) -> Icon<'_> {
    Icon(name.as_ref())
}

impl fmt::Display for Icon<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name is letters, digits and hyphens; anything else would be no icon and is left out.
        let is_name = self.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let name = if is_name { self.0 } else { "" };
        let sprite = crate::assets::href("icons.svg");
        write!(
            formatter,
            r#"<svg class="ti" aria-hidden="true" focusable="false"><use href="{sprite}#{name}"></use></svg>"#
        )
    }
}

impl HtmlSafe for Icon<'_> {}

/// Marks types that print themselves as HTML of their own templates, where everything from outside is escaped.
macro_rules! prints_itself {
    ($($name:ty),* $(,)?) => {$(
        impl askama::filters::HtmlSafe for $name {}
    )*};
}
use prints_itself;

/// A share of `whole` in percent, between 0 and 100.
fn percent(part: f64, whole: f64) -> f64 {
    if whole <= 0.0 { 0.0 } else { (part / whole * 100.0).clamp(0.0, 100.0) }
}

/// An answer to choose, in a select, as a button or a tick box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is said.
    pub label: String,
    /// A remark at its right: the points of an answer.
    pub note: String,
}

impl Choice {
    /// An answer without a remark.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), note: String::new() }
    }
}
