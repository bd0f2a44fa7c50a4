//! The truth that linking and screening are measured by: which rows are one person, and which children are at risk.
//!
//! It is made from the lives and from what the files say of their own rows, never from an indicator, and nothing that
//! reads deliveries ever reads it.

use std::fmt::Write;

use crate::files::DepartmentFile;
use crate::lives::City;

/// `file,row,person,slips`: one line for each row of `files`; `person` is empty for a row that is nobody's. Rows with the
/// same person are one person's.
pub fn rows(files: &[DepartmentFile]) -> String {
    let mut text = "file,row,person,slips\n".to_owned();
    for file in files {
        for row in &file.rows {
            let person = row.person.map(person_name).unwrap_or_default();
            let slips: Vec<String> = row.slips.iter().map(|slip| format!("{slip:?}")).collect();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{},{},{person},{}", file.name, row.place, slips.join(" "));
        }
    }
    text
}

/// `person,weeks_without_care,at_risk`: one line for each child.
pub fn children(city: &City) -> String {
    let mut text = "person,weeks_without_care,at_risk\n".to_owned();
    for (place, person) in city.persons.iter().enumerate() {
        if let Some(childhood) = &person.childhood {
            let (weeks, at_risk) = (childhood.weeks_without_care, childhood.is_at_risk());
            let _ = writeln!(text, "{},{weeks},{at_risk}", person_name(place));
        }
    }
    text
}

/// What the truth calls the person at `place`: P00000001 for the first.
pub fn person_name(place: usize) -> String {
    format!("P{:08}", place + 1)
}
