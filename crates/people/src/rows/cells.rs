//! What may be shown of a cell: by the feed's column that it stands in, and by who reads it.

use access::{FieldClass, Masked};
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

/// A cell as it stands on lists and previews, for everybody: what could be somebody's name or number is masked, whatever
/// column it stands in.
pub(crate) fn on_list(column: Option<&Column>, text: &str) -> String {
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
}
