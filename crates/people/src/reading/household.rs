//! Which household a row belongs to: by its number, else by its head, else by its address down to the door.
//!
//! A list that was made with merged cells names the household on its first line only, and its CSV export leaves the
//! others blank. They are filled from above only where the whole file is made that way.

/// What a row says of its household.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HouseholdParts {
    /// Its number as written.
    pub(super) number: Option<String>,
    /// Whether the cell of the number is blank, as the lower ones of merged cells are: a word for "none" is no blank.
    pub(super) is_blank: bool,
    /// What stands in the cell of the number in place of one, for the message: 无, 待核, #REF!.
    pub(super) word: String,
    /// Its head: number of the identity document, else the name.
    pub(super) head: Option<String>,
    /// The address, if it goes down to a door.
    pub(super) door: Option<String>,
    /// Whether the row is the head's own.
    pub(super) is_head: bool,
    /// Whether the row says how it is related to a head that is somebody else.
    pub(super) is_member: bool,
}

impl HouseholdParts {
    /// What identifies the household within its feed.
    pub(super) fn key(&self) -> Option<String> {
        if let Some(number) = &self.number {
            return Some(number.clone());
        }
        match (&self.head, &self.door) {
            (Some(head), Some(door)) => Some(format!("{head} {door}")),
            (Some(only), None) | (None, Some(only)) => Some(only.clone()),
            (None, None) => None,
        }
    }
}

/// Whether the file names each household on its first line only: no number stands twice in a row, every line with
/// a number is a head's, and as many members without one stand behind these, or behind most of them one at least.
pub(super) fn is_merged(rows: &[HouseholdParts]) -> bool {
    let mut previous: Option<&str> = None;
    let (mut households, mut continued, mut members) = (0_usize, 0_usize, 0_usize);
    let mut is_first_line = false;
    for row in rows {
        match &row.number {
            Some(number) => {
                if previous == Some(number.as_str()) || !row.is_head {
                    return false;
                }
                previous = Some(number);
                households += 1;
                is_first_line = true;
            }
            None if row.is_blank && row.is_member => {
                members += 1;
                continued += usize::from(is_first_line);
                is_first_line = false;
            }
            None => {}
        }
    }
    households > 0 && (members >= households || continued * 2 > households)
}

/// Whether a text of an address goes down to a door: it has a number.
pub(super) fn door(address: &str) -> Option<String> {
    let plain: String = address.chars().filter(|character| !character.is_whitespace()).collect();
    let has_number = plain.chars().any(|c| {
        c.is_ascii_digit()
            || base::notation::chinese_digit(c).is_some_and(|_| plain.contains(['栋', '号', '室', '座']))
    });
    has_number.then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: Option<&str>, is_head: bool) -> HouseholdParts {
        HouseholdParts {
            number: number.map(str::to_owned),
            is_blank: number.is_none(),
            is_head,
            is_member: !is_head,
            ..HouseholdParts::default()
        }
    }

    #[test]
    fn a_file_made_with_merged_cells_is_told_from_one_with_gaps() {
        assert!(is_merged(&[row(Some("1"), true), row(None, false), row(Some("2"), true), row(None, false)]));
        assert!(!is_merged(&[row(Some("1"), true), row(Some("1"), false), row(None, false)]));
        assert!(!is_merged(&[row(Some("1"), true), row(Some("2"), false), row(None, false)]));
        assert!(!is_merged(&[row(None, false)]));
        // One member without a number among households of one person was forgotten.
        assert!(!is_merged(&[row(Some("1"), true), row(Some("2"), true), row(None, false)]));
    }

    #[test]
    fn an_address_without_a_number_is_no_door() {
        assert_eq!(door("南山区 西丽街道 阳光花园3栋501").as_deref(), Some("南山区西丽街道阳光花园3栋501"));
        assert!(door("阳光花园三栋五〇一室").is_some());
        assert_eq!(door("南山区西丽街道"), None);
    }
}
