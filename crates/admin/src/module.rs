//! What this crate hands to the binary.

use std::sync::Arc;

use base::Label;
use store::clock::OfficeClock;
use web::{Action, Figure, MenuItem, Module, Pages, Rule, places};

use crate::{
    account, areas, entrance, jobs, journal, log_ins, office_clock, organisations, posts, section, users,
};

/// What the journal and the list of jobs call what happens here.
mod records {
    texts::module!("admin-records");
}

/// The module. `clock` is the office's clock of this process, which one of its pages moves in a demo.
pub fn module(clock: &Arc<OfficeClock>) -> Module {
    Module {
        pages: pages(clock),
        menu: menu(),
        actions: actions(),
        figures: vec![troubles()],
        words: Some(|language, key| records::Texts(language).named(key)),
        ..Module::new("admin")
    }
}

fn pages(clock: &Arc<OfficeClock>) -> Pages {
    Pages::new()
        .merge(entrance::pages())
        .merge(account::pages())
        .merge(users::pages())
        .merge(posts::pages())
        .merge(organisations::pages())
        .merge(areas::pages())
        .merge(jobs::pages())
        .merge(journal::pages())
        .merge(log_ins::pages())
        .merge(office_clock::pages().with(Arc::clone(clock)))
}

/// What asks for a person behind the pages: how many of it stand at 系统.
const TROUBLES: &str = "admin.troubles";

fn troubles() -> Figure {
    Figure {
        name: TROUBLES,
        read: |ctx, read| {
            Box::pin(async move {
                if !ctx.may("read", "job") {
                    return Ok(0);
                }
                Ok(section::troubles(read.connection()).await?)
            })
        },
    }
}

/// The office at the foot of the rail; whoever only oversees a team has its posts, an auditor the journal.
fn menu() -> Vec<MenuItem> {
    let label = |zh: &str, en: &str| Label { zh: zh.to_owned(), en: en.to_owned() };
    let item = |place, icon, label, href, rule| MenuItem { place, icon, label, href, rule, figure: None };
    vec![
        item(
            80,
            "users-group",
            label("队伍", "Team"),
            "/admin/posts",
            Rule::May(&[("dispatch", "lead"), ("approve", "case")]),
        ),
        MenuItem {
            figure: Some(TROUBLES),
            ..item(90, "settings", label("系统", "System"), "/admin/users", Rule::May(&[("read", "account")]))
        },
    ]
}

/// The shell's ways into this crate, and where each role begins.
fn actions() -> Vec<Action> {
    let mut actions = vec![
        shell_action("admin.log_in", places::LOG_IN, "/log-in", Rule::Anyone),
        shell_action("admin.log_out", places::LOG_OUT, "/log-out", Rule::OwnAccount),
        shell_action("admin.account", places::ACCOUNT, "/account", Rule::OwnAccount),
    ];
    actions.extend(homes());
    actions
}

/// Where people begin, told by what they may do: first what only few may. A home that no module serves is passed over.
fn homes() -> [Action; 6] {
    [
        home("admin.home_users", "/admin/users", &[("manage", "account")]),
        home("admin.home_feeds", "/feeds", &[("upload", "delivery")]),
        home("admin.home_inbox", "/inbox", &[("dispatch", "lead")]),
        home("admin.home_phone", "/m", &[("handle", "visit")]),
        home("admin.home_referrals", "/referrals", &[("handle", "referral")]),
        home("admin.home_journal", "/admin/journal", &[("read", "journal")]),
    ]
}

fn home(name: &'static str, href: &'static str, rights: &'static [(&'static str, &'static str)]) -> Action {
    shell_action(name, places::HOME, href, Rule::May(rights))
}

fn shell_action(name: &'static str, place: &'static str, href: &'static str, rule: Rule) -> Action {
    let label = Label { zh: String::new(), en: String::new() };
    Action { name, place, icon: "", label, href, rule, figure: None }
}
