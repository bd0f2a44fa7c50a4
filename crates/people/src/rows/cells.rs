//! What may be shown of a cell: by the feed's column that it stands in, and by who reads it.

use access::{Actor, Clearance, FieldClass, Masked, Roles};
use base::mask;
use policy::feeds::{Column, Feed, Meaning};

/// Characters up to which a cell of a column that is not personal is shown whole on a list.
const PLAIN_CHARACTERS: usize = 16;
/// Digits in a row from which on a cell may hold a number of somebody's.
const DIGITS_OF_A_NUMBER: usize = 7;

/// The column of `feed` that a cell stands in, by the key that its delivery kept.
pub(crate) fn column_of<'a>(feed: &'a Feed, target: Option<&str>) -> Option<&'a Column> {
    feed.columns.get(feed.index_of(target?)?)
}

/// The class of personal field that a column holds, `None` if nothing personal. A column that the feed does not know may
/// hold anything: it is free text.
pub fn class_of(column: Option<&Column>) -> Option<FieldClass> {
    let Some(column) = column else { return Some(FieldClass::Narrative) };
    match column.meaning {
        Meaning::Name => Some(FieldClass::Name),
        Meaning::IdentityNumber => Some(FieldClass::IdentityNumber),
        Meaning::Birth => Some(FieldClass::Birth),
        Meaning::Phone => Some(FieldClass::Phone),
        Meaning::Address => Some(FieldClass::Address),
        // A certificate's number begins with its holder's identity number.
        Meaning::Text if column.starred => Some(FieldClass::IdentityNumber),
        Meaning::Text => Some(FieldClass::Narrative),
        // What a register is kept for: kinds and grades of disability, days absent.
        Meaning::Choice(_) | Meaning::Flag => Some(FieldClass::Health),
        _ => None,
    }
}

/// Whether the actor's role sees where and how a person lives: school and class, household, kin, the days of what
/// happened. No class of its own names these; they are for whoever may find the door.
pub fn sees_circumstances(roles: &Roles, actor: &Actor) -> bool {
    roles.clearance(actor, FieldClass::Address) == Clearance::Full
}

/// Whether a column holds what is no secret of anybody: sex, area, the number of a line (design §4, Sealing).
fn is_open(column: Option<&Column>) -> bool {
    column.is_some_and(|column| matches!(column.meaning, Meaning::Serial | Meaning::Sex | Meaning::Area(_)))
}

/// A cell as it came, as far as the actor's role sees it.
pub fn for_reader(roles: &Roles, actor: &Actor, column: Option<&Column>, text: &str) -> Masked {
    match class_of(column) {
        Some(class) => roles.show(actor, class, text),
        None if is_open(column) || sees_circumstances(roles, actor) => Masked::Full(text.to_owned()),
        None => Masked::Withheld,
    }
}

/// A cell as it stands on lists and previews, for a role that sees such cells at all.
pub(crate) fn on_list_for(roles: &Roles, actor: &Actor, column: Option<&Column>, text: &str) -> String {
    let is_withheld = match class_of(column) {
        Some(class) => roles.clearance(actor, class) == Clearance::None,
        None => !is_open(column) && !sees_circumstances(roles, actor),
    };
    if is_withheld && !text.trim().is_empty() { Masked::Withheld.to_string() } else { on_list(column, text) }
}

/// A cell of which nobody knows the column, as it stands on lists.
pub(crate) fn unplaced(roles: &Roles, actor: &Actor, text: &str) -> String {
    match roles.clearance(actor, FieldClass::Narrative) {
        Clearance::None if !text.trim().is_empty() => Masked::Withheld.to_string(),
        _ => mask::text(text),
    }
}

/// A cell as it stands on lists and previews, for everybody: what could be somebody's name or number is masked, whatever
/// column it stands in.
fn on_list(column: Option<&Column>, text: &str) -> String {
    match class_of(column) {
        None | Some(FieldClass::Health) if is_plain(text) => text.to_owned(),
        None | Some(FieldClass::Health | FieldClass::Narrative) => mask::text(text),
        Some(class) => Masked::on_list(class, text).to_string(),
    }
}

/// Whether a text is short and holds no long number.
fn is_plain(text: &str) -> bool {
    let mut digits = 0;
    let has_number = text.chars().any(|character| {
        digits = if character.is_ascii_digit() { digits + 1 } else { 0 };
        digits >= DIGITS_OF_A_NUMBER
    });
    !has_number && text.chars().count() <= PLAIN_CHARACTERS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_shows_no_number_and_no_name_in_any_column() {
        let programs = policy::Programs::load(None).unwrap();
        let feed = programs.feed("grid").unwrap();
        let shown = |key: Option<&str>, text: &str| on_list(column_of(feed, key), text);
        assert_eq!(shown(Some("name"), "张子涵"), "张*涵");
        assert_eq!(shown(Some("sex"), "女"), "女");
        assert!(!shown(Some("sex"), "440305201303061245").contains("20130306"));
        assert!(!shown(None, "母亲李秀英").contains("秀英"));
        assert_eq!(class_of(None), Some(FieldClass::Narrative));
    }

    #[test]
    fn who_sees_no_address_sees_no_school_either() {
        let programs = policy::Programs::load(None).unwrap();
        let roles = Roles::of_programs(&programs).unwrap();
        let feed = programs.feed("school").unwrap();
        let nil = uuid::Uuid::nil();
        let actor = |role: &str| {
            let (account, post) = (base::AccountId(nil), base::PostId(nil));
            let organisation = base::OrganisationId(nil);
            Actor::in_post(account, post, role.to_owned(), organisation, access::CITY, String::new())
        };
        let column = |meaning: fn(&Meaning) -> bool| feed.columns.iter().find(|one| meaning(&one.meaning));
        let school = column(|meaning| matches!(meaning, Meaning::School));
        let sex = column(|meaning| matches!(meaning, Meaning::Sex));
        for (role, is_shown) in [("auditor", false), ("child_director", true), ("feed_clerk", true)] {
            let actor = actor(role);
            let shown = for_reader(&roles, &actor, school, "西丽小学");
            assert_eq!(shown.as_str() == "西丽小学", is_shown, "{role}");
            assert_eq!(on_list_for(&roles, &actor, school, "西丽小学") == "西丽小学", is_shown, "{role}");
            assert_eq!(for_reader(&roles, &actor, sex, "女").as_str(), "女");
            assert_eq!(on_list_for(&roles, &actor, school, ""), "", "an empty cell hides nothing");
        }
        assert_eq!(unplaced(&roles, &actor("auditor"), "母亲李秀英"), "***");
        assert!(!unplaced(&roles, &actor("feed_clerk"), "母亲李秀英").contains("秀"));
    }
}
