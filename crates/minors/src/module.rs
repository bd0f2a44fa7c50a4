//! What this crate hands to the binary: one line for each capability.

use people::People;
use store::Migration;
use web::{Module, Pages};

use crate::{PROGRAM, cases, command, files, leads, phone, referrals, visits};

/// The history of this crate's tables.
pub fn migrations() -> Vec<Migration> {
    Vec::new()
}

/// The module.
pub fn module(people: &People) -> Module {
    Module {
        migrations: migrations(),
        pages: pages().with(people.clone()),
        menu: [
            leads::menu(),
            phone::menu(),
            files::menu(),
            cases::menu(),
            referrals::menu(),
            command::menu(),
        ]
        .concat(),
        ..Module::new(PROGRAM)
    }
}

/// The pages of every folder. Their handlers find `People` as an extension.
fn pages() -> Pages {
    Pages::new()
        .merge(leads::pages())
        .merge(phone::pages())
        .merge(files::pages())
        .merge(visits::pages())
        .merge(cases::pages())
        .merge(referrals::pages())
        .merge(command::pages())
}
