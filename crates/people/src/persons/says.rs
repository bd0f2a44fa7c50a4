//! How sex, age and kinship are said.

use base::{Day, Sex};

use super::Person;
use crate::Texts;

/// The word for a sex.
pub(crate) fn sex_says(t: Texts, sex: Sex) -> &'static str {
    match sex {
        Sex::Male => t.sex_male(),
        Sex::Female => t.sex_female(),
    }
}

/// Sex and age of a person on a list: 女 11.
pub(crate) fn about(t: Texts, person: &Person, today: Day) -> String {
    about_of(t, person.sex, person.birth_month, today)
}

/// As [`about`], from the two columns that it takes.
pub(super) fn about_of(t: Texts, sex: Option<Sex>, birth_month: Option<i32>, today: Day) -> String {
    let sex = sex.map(|sex| sex_says(t, sex)).unwrap_or_default();
    let months = birth_month.map(|birth| super::birth_month(today) - birth);
    match months {
        Some(months) if months >= 0 => t.person_about(sex, months / 12).trim().to_owned(),
        _ => sex.to_owned(),
    }
}

/// The word for somebody who looks after a person.
pub(crate) fn kinship_says(t: Texts, kind: &str) -> String {
    match kind {
        "father" => t.kinship_father().to_owned(),
        "mother" => t.kinship_mother().to_owned(),
        "guardian" => t.kinship_guardian().to_owned(),
        other => other.to_owned(),
    }
}
