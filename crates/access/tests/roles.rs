//! What the shipped roles come to: the table role × kind × verb × term, held by a snapshot, and the scopes made of it.

#![cfg(test)]

use std::fmt::Write as _;

use access::roles::table;
use access::{Actor, Clearance, FieldClass, Role, Roles};
use base::{AccountId, OrganisationId, PostId};

/// The roles that ship with the product.
fn shipped() -> Roles {
    let programs = policy::Programs::load(None).unwrap();
    Roles::of_programs(&programs).unwrap()
}

fn in_role(role: &Role) -> Actor {
    let nil = uuid::Uuid::nil();
    let (account, post, organisation) = (AccountId(nil), PostId(nil), OrganisationId(nil));
    Actor::in_post(account, post, role.key.clone(), organisation, access::CITY, String::new())
}

#[test]
fn the_table_of_rights_is_the_one_that_was_read_and_agreed() {
    let roles = shipped();
    let mut text = String::from("role | levels | kind | verb | area | held | referred | named | anywhere\n");
    for row in table(&roles) {
        let levels: Vec<&str> = row.levels.iter().map(|level| level.key()).collect();
        let sights: Vec<&str> = row.sights.iter().map(|sight| sight.word()).collect();
        let (role, kind, verb) = (row.role, row.kind, row.verb);
        writeln!(text, "{role} | {} | {kind} | {verb} | {}", levels.join(" "), sights.join(" | ")).unwrap();
    }
    insta::assert_snapshot!("rights", text);
}

#[test]
fn the_table_of_clearances_is_the_one_that_was_read_and_agreed() {
    let roles = shipped();
    let mut text = String::new();
    for role in roles.all() {
        let actor = in_role(role);
        let said: Vec<String> = FieldClass::ALL
            .iter()
            .map(|class| format!("{} {}", class.word(), roles.clearance(&actor, *class).word()))
            .collect();
        writeln!(text, "{}: {}", role.key, said.join(", ")).unwrap();
    }
    insta::assert_snapshot!("clearances", text);
}

#[test]
fn rights_are_those_of_the_table_and_no_others() {
    let roles = shipped();
    let rows = table(&roles);
    let kinds: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.kind).collect();
    let verbs: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.verb).collect();
    for role in roles.all() {
        let actor = in_role(role);
        for kind in &kinds {
            for verb in &verbs {
                let listed = rows.iter().any(|row| (row.role, row.kind, row.verb) == (&role.key, kind, verb));
                assert_eq!(roles.may(&actor, verb, kind), listed, "{} {verb} {kind}", role.key);
                assert_eq!(roles.scope(&actor, verb, kind).is_empty(), !listed);
            }
        }
    }
}

#[test]
fn without_a_post_nothing_is_allowed_and_everything_is_masked() {
    let roles = shipped();
    let nobody = Actor::without_post(AccountId(uuid::Uuid::nil()), String::new());
    for row in table(&roles) {
        assert!(!roles.may(&nobody, row.verb, row.kind));
    }
    assert_eq!(roles.clearance(&nobody, FieldClass::Name), Clearance::Masked);
    assert!(roles.may(&Actor::system(), "manage", "account"));
}
