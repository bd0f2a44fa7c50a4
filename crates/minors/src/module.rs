//! What this crate hands to the binary: one line for each capability.

use matters::{Consequence, Matters};
use people::People;
use store::Migration;
use web::{Module, Pages};

use crate::{PROGRAM, cases, command, files, leads, phone, referrals, screening, visits};

/// What the journal and the list of jobs call what happens here.
mod records {
    texts::module!("minors-records");
}

/// The history of this crate's tables.
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration { name: "minors.0001_screening", up: screening::repo::tables },
        Migration { name: "minors.0002_dispatch", up: leads::repo::tables },
        Migration { name: "minors.0003_files", up: files::schema::tables },
        Migration { name: "minors.0004_unanswered", up: screening::repo::unanswered_table },
        Migration { name: "minors.0005_dispatch_due", up: leads::repo::item_due },
        Migration { name: "minors.0006_screening_round", up: screening::repo::round_table },
    ]
}

/// What the program does at the words of its workflow: what `Matters::new` takes.
pub fn consequences() -> Vec<Consequence> {
    files::consequences()
}

/// The module.
pub fn module(people: &People, matters: &Matters) -> Module {
    Module {
        migrations: migrations(),
        pages: pages().with(people.clone()).with(matters.clone()),
        menu: [
            leads::menu(),
            phone::menu(),
            files::menu(),
            cases::menu(),
            referrals::menu(),
            command::menu(),
        ]
        .concat(),
        jobs: screening::jobs(matters),
        listeners: [screening::listeners(), files::listeners(matters), visits::listeners()]
            .into_iter()
            .flatten()
            .collect(),
        keeps: Some(|ctx, connection, post| Box::pin(visits::keeps(ctx, connection, post))),
        words: Some(|language, key| records::Texts(language).named(key)),
        ..Module::new(PROGRAM)
    }
}

/// The pages of every folder. Their handlers find `People` and `Matters` as extensions.
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
