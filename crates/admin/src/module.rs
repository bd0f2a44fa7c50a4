//! What this crate hands to the binary.

use base::Label;
use web::{Action, Module, Pages, Rule, places};

use crate::{account, entrance};

/// The module.
pub fn module() -> Module {
    let pages = Pages::new();
    let pages = account::pages(entrance::pages(pages));
    Module { pages, actions: actions(), ..Module::new("admin") }
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
