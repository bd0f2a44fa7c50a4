//! Referrals of cases to departments (M6): what the district follows and a department sees. A department's contact sees
//! what was referred to it and nothing of the case.

mod pages;

use base::Label;
use web::{MenuItem, Pages, Rule};

pub use pages::again;

/// Who may ask for referrals. Which ones is the scope's to say.
pub(crate) const READERS: Rule = Rule::May(&[("read", "referral")]);

/// The pages of referrals.
pub fn pages() -> Pages {
    Pages::new().get("/referrals", READERS, pages::list).get("/referrals/{id}", READERS, pages::show)
}

/// The entries of the rail.
pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem {
        place: 65,
        icon: "send",
        label: Label::new("转介", "Referrals"),
        href: "/referrals",
        rule: READERS,
        figure: None,
    }]
}
