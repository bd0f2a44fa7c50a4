//! The case (M6): from acceptance to closure.
//!
//! How a step is worked is `matters::panel`'s: steps, forms and who may do what stand in the program's workflow. What
//! belongs here: what is known of the child when a step's form is laid out, and the head of the page.

mod known;
mod pages;

use base::Label;
use web::{MenuItem, Pages, Rule};

texts::module!("minors-cases");

pub use known::known;
pub use pages::again;
pub(crate) use pages::{lines, of_kind};

/// Who may ask for cases. Which ones is the scope's to say.
pub(crate) const READERS: Rule = Rule::May(&[("read", "case")]);

/// The pages of cases.
pub fn pages() -> Pages {
    Pages::new().get("/cases", READERS, pages::list).get("/cases/{id}", READERS, pages::show)
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem {
        place: 60,
        icon: "briefcase",
        label: Label::new("个案", "Cases"),
        href: "/cases",
        rule: READERS,
        figure: None,
    }]
}
