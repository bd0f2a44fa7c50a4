//! Program M: screening to leads, dispatch and check, the child's file, the case, the command page.
//!
//! What belongs here: what a lead, a check, a file, a visit and a case of a child *are*: their tables, their pages and
//! what follows from each. What never belongs here: how a row becomes a person (`people`), how any matter runs, is held
//! and is late (`matters`), or what another program does.
//!
//! One folder for each capability; what a folder hands to the binary is one line below.

pub mod cases;
pub mod command;
pub mod files;
mod kin;
pub mod leads;
mod module;
#[cfg(test)]
mod office;
pub mod phone;
pub mod referrals;
pub mod screening;
pub mod visits;

use matters::KindPage;

pub use module::{consequences, migrations, module};

/// The kind of a lead in the workflow of the program.
pub const LEAD: &str = "lead";
/// The kind of a case in the workflow of the program.
pub const CASE: &str = "case";
/// The kind of a visit in the workflow of the program.
pub const VISIT: &str = "visit";
/// The kind of a referral in the workflow of the program.
pub const REFERRAL: &str = "referral";

/// The program, as `programs/` and matters name it.
pub const PROGRAM: &str = "minors";

/// Where the pages of this program's kinds of matter are: what `Matters::with_pages` takes. A kind without a page of its
/// own is worked on the page of any matter.
pub const PAGES: [KindPage; 4] = [
    KindPage {
        kind: LEAD,
        path: "/leads",
        rule: leads::READERS,
        again: Some(leads::again),
        lines: Some(leads::lines),
        grounds: Some(screening::grounds),
    },
    KindPage {
        kind: CASE,
        path: "/cases",
        rule: cases::READERS,
        again: Some(cases::again),
        lines: Some(cases::lines),
        grounds: None,
    },
    // What is asked of a department is in the words of the referral.
    KindPage {
        kind: REFERRAL,
        path: "/referrals",
        rule: referrals::READERS,
        again: Some(referrals::again),
        lines: None,
        grounds: None,
    },
    // At the door what cannot be taken is answered by the phone itself.
    KindPage {
        kind: VISIT,
        path: "/m/visits",
        rule: phone::WORKERS,
        again: None,
        lines: Some(files::lines),
        grounds: None,
    },
];
