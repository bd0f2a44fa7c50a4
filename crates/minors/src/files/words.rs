//! How the things of a file are said: level and plan, category, age, period.

use access::FieldClass;
use base::{Label, PersonId, Severity, Sex};
use people::persons::Person;
use policy::{Dictionary, VisitPlan};
use std::collections::HashMap;
use store::Read;
use web::{Ctx, WebError, Worded as _};
use workflow::Period;

use super::Texts;
use super::model::{CATEGORIES, GROUPS};
use crate::PROGRAM;

/// The words of the program as the files stand.
pub(super) fn dictionary(ctx: &Ctx) -> Option<&Dictionary> {
    ctx.app.programs.program(PROGRAM).map(|program| &program.dictionary)
}

/// The plan of visits of a level.
pub(super) fn plan_of(ctx: &Ctx, level: Severity) -> Option<&VisitPlan> {
    dictionary(ctx)?.visit_plan(level)
}

/// What a category is called: one that a check reports, or a finer one that a desk added.
pub(super) fn category(ctx: &Ctx, word: &str) -> String {
    let label = dictionary(ctx)
        .and_then(|dictionary| dictionary.label(CATEGORIES, word).or_else(|| dictionary.label(GROUPS, word)));
    label.map_or_else(|| word.to_owned(), |label| label.says(ctx.language).to_owned())
}

/// What a word of a list is called.
pub(super) fn word(ctx: &Ctx, list: &str, word: &str) -> String {
    let label: Option<&Label> = dictionary(ctx).and_then(|dictionary| dictionary.label(list, word));
    label.map_or_else(|| word.to_owned(), |label| label.says(ctx.language).to_owned())
}

/// How often: every 15 days.
pub(super) fn every(t: Texts, period: Period) -> String {
    match period {
        Period::Days(days) => t.every_days(days),
        Period::WorkingDays(days) => t.every_working_days(days),
        Period::Hours(hours) => t.every_hours(hours),
        Period::Minutes(minutes) => t.every_hours(minutes.div_ceil(60)),
    }
}

/// Full years between a month of birth and today.
pub(super) fn years(ctx: &Ctx, birth_month: Option<i32>) -> Option<i32> {
    let months = people::persons::birth_month(ctx.today()) - birth_month?;
    (months >= 0).then_some(months / 12)
}

/// Sex and age: 女，11 岁.
pub(super) fn about(ctx: &Ctx, sex: Option<Sex>, birth_month: Option<i32>) -> String {
    let t = Texts(ctx.language);
    let sex = sex.map(|sex| sex_says(t, sex));
    match (sex, years(ctx, birth_month)) {
        (Some(sex), Some(years)) => t.about(sex, years),
        (None, Some(years)) => t.member_age(years),
        (Some(sex), None) => t.about_sex(sex),
        (None, None) => t.about_unknown().to_owned(),
    }
}

/// Several words in one line.
pub(super) fn joined(ctx: &Ctx, words: &[String]) -> String {
    words.join(ctx.language.choose("、", ", "))
}

/// The word for a child's sex.
pub(super) fn sex_says(t: Texts, sex: Sex) -> &'static str {
    match sex {
        Sex::Male => t.sex_male(),
        Sex::Female => t.sex_female(),
    }
}

/// The class of field that an indicator belongs to, where not everybody who sees the child may know it.
pub(super) fn class_of_indicator(kind: &str) -> Option<FieldClass> {
    match kind {
        "disabled" | "severely_disabled" | "mentally_disabled" | "serious_illness" => {
            Some(FieldClass::Health)
        }
        "parent_in_prison" => Some(FieldClass::Justice),
        "domestic_violence" | "sign_of_harm" => Some(FieldClass::Narrative),
        _ => None,
    }
}

/// A person as a line of a list.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Name, masked as on lists.
    pub name: String,
    /// Sex and age.
    pub about: String,
}

/// The lines of these persons.
pub(super) async fn lines(
    ctx: &Ctx,
    read: &Read,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Line>, WebError> {
    let everybody = sea_orm::sea_query::Condition::all();
    let found = people::persons::repo::by_ids(read.connection(), persons, everybody).await?;
    found.iter().map(|person| Ok((person.id, line(ctx, read, person)?))).collect()
}

fn line(ctx: &Ctx, read: &Read, person: &Person) -> Result<Line, WebError> {
    let master = person.master(read.keys())?;
    Ok(Line {
        name: people::persons::title(&master).to_string(),
        about: about(ctx, person.sex, person.birth_month),
    })
}
