//! What is known of a child when a form of its case is laid out (domain.md M6, "fill once"): from the check at the door,
//! from earlier steps of the case, from the person's record. Each answer comes with its source; a person confirms it.

use access::Masked;
use base::{Day, MatterId, PersonId};
use matters::answers::HandedIn;
use matters::panel::{Known, Seen};
use matters::{Matter, MatterError, Matters};
use people::persons::{self, Card, CardLine, birth_month};
use web::{Ctx, WebError};
use workflow::{Answer, Answers};

use super::Texts;

/// Under how many years a child is of the first, and of the second band of age in the assessment.
const FIRST_BAND_YEARS: i32 = 6;
const SECOND_BAND_YEARS: i32 = 14;

/// What a question of a case is answered with: the word of the form, and the field of the check at the door that says it.
const FROM_CHECK: [(&str, &str); 7] = [
    ("school.attendance", "school"),
    ("check.injury", "injury"),
    ("check.care", "care"),
    ("check.manner", "manner"),
    ("check.spoke_alone", "spoke_alone"),
    ("check.category", "category"),
    ("household.members", "at_home"),
];

/// The form by which a danger is reported, and the result of a check that found one.
const DANGER: &str = "danger";

/// What is known for the forms of a case.
///
/// # Errors
/// Those of the database. A source that the reader may not see is passed over.
pub async fn known(ctx: &Ctx, matters: &Matters, seen: &Seen) -> Result<Vec<Known>, WebError> {
    let mut known = Vec::new();
    if let Some((lead, check)) = check_of(ctx, matters, seen).await? {
        known.extend(from_check(ctx, matters, &lead, &check));
    }
    if let Some(subject) = seen.matter.subject {
        known.extend(from_person(ctx, seen, subject).await?);
        known.extend(history(ctx, matters, seen, subject).await?);
    }
    Ok(known)
}

/// The check at the door that the case came from.
async fn check_of(ctx: &Ctx, matters: &Matters, seen: &Seen) -> Result<Option<(Matter, HandedIn)>, WebError> {
    let Some(parent) = seen.matter.parent else { return Ok(None) };
    let (connection, keys) = (seen.read.connection(), seen.read.keys());
    match matters.look_up(connection, keys, &ctx.actor, parent).await {
        Ok((lead, token)) => {
            let mut answers = matters.answers(connection, keys, &token).await?;
            // Whoever reported a danger was at the door last.
            let last = ["danger", "check", "visit"].iter().find_map(|form| answers.remove(*form));
            let second = answers.remove("second_look");
            Ok(last.map(|mut check| {
                // Whoever looked a second time found the category, where the check had found none.
                let category = second.and_then(|mut second| second.filled.answers.values.remove("category"));
                check.filled.answers.values.extend(category.map(|found| ("category".to_owned(), found)));
                (lead, check)
            }))
        }
        Err(MatterError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn from_check(ctx: &Ctx, matters: &Matters, lead: &Matter, check: &HandedIn) -> Vec<Known> {
    let t = Texts(ctx.language);
    let is_danger = check.form == DANGER;
    let day = web::show::short_day(check.at.day(), ctx.today());
    let source = if is_danger {
        t.known_danger(lead.number.as_str(), day)
    } else {
        t.known_check(lead.number.as_str(), day)
    };
    let href = Some(matters.path_for(ctx, lead));
    let answers = &check.filled.answers;
    let one = |word: &str, answer: Option<Answer>| Known {
        word: word.to_owned(),
        answer,
        source: source.clone(),
        href: href.clone(),
    };
    let mut known: Vec<Known> = FROM_CHECK
        .into_iter()
        .filter_map(|(word, field)| {
            let answer = answers.values.get(field)?;
            Some(one(word, translated(word, answer)))
        })
        .collect();
    let classes = classes(answers);
    if !classes.is_empty() {
        known.push(one("case.classes", Some(Answer::Choices(classes))));
    }
    if is_danger || answers.choice("result") == Some(DANGER) {
        known.push(one("case.emergency", Some(Answer::Choice("yes".to_owned()))));
    }
    known
}

/// An answer of the check in the words of the assessment, where the two differ. What has no counterpart is shown as a
/// source only.
fn translated(word: &str, answer: &Answer) -> Option<Answer> {
    match (word, answer) {
        ("check.manner", Answer::Choice(key)) if key == "silent" => None,
        ("check.spoke_alone", Answer::Choice(key)) if key == "no" => {
            Some(Answer::Choice("not_yet".to_owned()))
        }
        _ => Some(answer.clone()),
    }
}

/// The classes of the case that dangers and difficulties seen at the door stand for.
fn classes(answers: &Answers) -> Vec<String> {
    let dangers: &[String] = match answers.values.get("danger") {
        Some(Answer::Choices(dangers)) => dangers,
        _ => &[],
    };
    let of_danger = |danger: &String| match danger.as_str() {
        "violence" => Some("violence"),
        "sexual" => Some("sexual"),
        "abandoned" => Some("care"),
        "self_harm" => Some("mind"),
        _ => None,
    };
    let of_category = match answers.choice("category") {
        Some("poverty") => Some("poverty"),
        Some("guardianship") => Some("care"),
        _ => None,
    };
    let mut classes: Vec<String> =
        dangers.iter().filter_map(of_danger).chain(of_category).map(str::to_owned).collect();
    classes.sort();
    classes.dedup();
    classes
}

/// From the person's record, as far as the reader may see persons.
async fn from_person(ctx: &Ctx, seen: &Seen, subject: PersonId) -> Result<Vec<Known>, WebError> {
    let t = Texts(ctx.language);
    let card = match persons::card(&seen.read, &ctx.app.roles, &ctx.actor, subject).await {
        Ok(card) => card,
        Err(access::AccessError::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut known = Vec::new();
    if let Some(born) = card.birth_month {
        let years = (birth_month(ctx.today()) - born) / 12;
        let band = match years {
            years if years < FIRST_BAND_YEARS => "under_six",
            years if years < SECOND_BAND_YEARS => "six_to_thirteen",
            _ => "fourteen_up",
        };
        known.push(Known {
            word: "person.age_band".to_owned(),
            answer: Some(Answer::Choice(band.to_owned())),
            source: t.known_age(years),
            href: None,
        });
    }
    known.extend(to_be_told(ctx, seen, &card));
    let elders = card.members.iter().filter(|member| {
        let years = member.birth_month.map(|born| (birth_month(ctx.today()) - born) / 12);
        years.is_some_and(|years| years >= 18)
    });
    let elders: Vec<String> = elders
        .map(|member| {
            let kin = crate::kin::in_words(&card, member, ctx.language);
            format!("{} {kin}", member.name.as_str()).trim().to_owned()
        })
        .collect();
    if !elders.is_empty() {
        known.push(Known {
            word: "household.other_carer".to_owned(),
            answer: None,
            source: t.known_adults(elders.join(ctx.language.choose("、", ", "))),
            href: None,
        });
    }
    Ok(known)
}

/// What a department has to know of a child to find it: name, age, school, community. A value that the reader sees
/// masked is left for somebody to write who knows it.
fn to_be_told(ctx: &Ctx, seen: &Seen, card: &Card) -> Vec<Known> {
    let whole = |line: CardLine| {
        let value = card.values.iter().find(|value| value.line == line)?;
        match &value.value {
            Masked::Full(text) if !text.is_empty() => Some(Answer::Text(text.clone())),
            Masked::Full(_) | Masked::Masked(_) | Masked::Withheld => None,
        }
    };
    let born = card.values.iter().find(|value| value.line == CardLine::Birth);
    let born: Option<Day> = born.and_then(|value| value.value.as_str().parse().ok());
    let by_month = || Some((birth_month(ctx.today()) - card.birth_month?) / 12);
    let years = born.map(|born| born.age_on(ctx.today())).or_else(by_month);
    let community = seen.matter.area.community.and_then(|area| ctx.app.areas.get(area));
    let href = ctx.may("read", "file").then(|| format!("/files/{}", card.person));
    let values = [
        ("child.name", whole(CardLine::Name)),
        ("child.age", years.filter(|years| *years >= 0).map(|years| Answer::Number(i64::from(years)))),
        ("child.school", whole(CardLine::School)),
        ("child.community", community.map(|area| Answer::Text(area.short_name.clone()))),
    ];
    let known = values.into_iter().filter_map(|(word, answer)| {
        let source = Texts(ctx.language).known_file().to_owned();
        Some(Known { word: word.to_owned(), answer: Some(answer?), source, href: href.clone() })
    });
    known.collect()
}

/// Whether there were cases of the child before.
async fn history(
    ctx: &Ctx,
    matters: &Matters,
    seen: &Seen,
    subject: PersonId,
) -> Result<Vec<Known>, WebError> {
    let (connection, keys) = (seen.read.connection(), seen.read.keys());
    let about = matters.about(connection, keys, &matters.scope(&ctx.actor), subject).await?;
    let own: MatterId = seen.matter.id;
    let before = about.iter().filter(|one| one.kind == crate::CASE && one.id != own).count();
    let answer = match before {
        0 => "no",
        1 | 2 => "twice",
        _ => "often",
    };
    Ok(vec![Known {
        word: "case.history".to_owned(),
        answer: Some(Answer::Choice(answer.to_owned())),
        source: Texts(ctx.language).known_cases(before),
        href: None,
    }])
}
