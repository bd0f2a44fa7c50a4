//! What is on record already of what a form asks at a door: from what departments delivered, and from what was answered
//! before. It stands beside the question and is taken over by a tap, never answered by itself: what nobody looked at would
//! pass as seen. Each entry is under the word that a field of the form names in `prefill`.

use std::collections::BTreeMap;

use base::Label;
use matters::{Matter, Matters};
use people::persons::{self, Card};
use store::Read;
use web::{Ctx, WebError};
use workflow::{Answer, Answers, Field, Form};

use super::child;
use super::door::wrong;

/// Months for which a school's word about attendance is taken: one term.
const ATTENDANCE_DAYS: i32 = 120;

/// What is on record, as answers and in words, by field.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The answers.
    pub answers: Answers,
    /// What was known, by field.
    pub words: BTreeMap<String, Label>,
}

/// Whom a form is about: the matter, and the person as far as the reader may see them.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    /// The matter.
    pub matter: &'a Matter,
    /// The person.
    pub card: Option<&'a Card>,
}

/// What is known for `form` at the door, and at a desk that writes down what was found there.
pub(crate) async fn of(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    about: About<'_>,
    form: &Form,
) -> Result<Known, WebError> {
    let mut known = Known::default();
    for field in form.fields() {
        let Some(word) = field.prefill.as_deref() else { continue };
        let found = match word {
            "household.members" => about.card.and_then(child::at_home).map(|(kinds, label)| {
                let kinds = kinds.into_iter().map(str::to_owned);
                (Answer::Choices(kinds.filter(|key| field.option(key).is_some()).collect()), label)
            }),
            "school.attendance" => attendance(ctx, read, about.matter).await?,
            "guardian.carer" => answered_before(ctx, matters, read, about.matter, field).await?,
            // A word of a form that this program's phone has nothing for: the question is simply asked.
            _ => None,
        };
        let fits = |answer: &Answer| match answer {
            Answer::Choice(key) => field.option(key).is_some(),
            Answer::Choices(keys) => !keys.is_empty(),
            _ => true,
        };
        if let Some((answer, label)) = found.filter(|(answer, _)| fits(answer)) {
            known.answers.values.insert(field.key.clone(), answer);
            known.words.insert(field.key.clone(), label);
        }
    }
    Ok(known)
}

/// What schools report of the child.
async fn attendance(ctx: &Ctx, read: &Read, matter: &Matter) -> Result<Option<(Answer, Label)>, WebError> {
    let Some(subject) = matter.subject else { return Ok(None) };
    let facts = persons::facts(read, &[subject]).await?;
    let recent = |kind: &str| {
        let indicators = facts.iter().flat_map(|facts| &facts.indicators);
        let mut of_kind = indicators.filter(|one| one.kind == kind);
        of_kind.find(|one| one.day.is_none_or(|day| ctx.today().days_since(day) <= ATTENDANCE_DAYS))
    };
    let choice =
        |key: &str, zh: String, en: String| Some((Answer::Choice(key.to_owned()), Label::new(zh, en)));
    if recent("out_of_school").is_some() {
        return Ok(choice("out", "学校报来失学辍学".to_owned(), "reported as out of school".to_owned()));
    }
    Ok(recent("absent").and_then(|one| match one.amount {
        Some(days) => choice(
            "often_absent",
            format!("学校报来缺课 {days} 天"),
            format!("the school reports {days} days of absence"),
        ),
        None => choice("often_absent", "学校报来缺课".to_owned(), "the school reports absence".to_owned()),
    }))
}

/// The answer to the same question at the last visit.
async fn answered_before(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    matter: &Matter,
    field: &Field,
) -> Result<Option<(Answer, Label)>, WebError> {
    let Some(subject) = matter.subject else { return Ok(None) };
    let (connection, keys) = (read.connection(), read.keys());
    let all = matters.about(connection, keys, &matters.scope(&ctx.actor), subject).await.map_err(wrong)?;
    let Some(last) = all.into_iter().find(|one| one.kind == matter.kind && one.closed_at.is_some()) else {
        return Ok(None);
    };
    let (_, token) = matters.look_up(connection, keys, &ctx.actor, last.id).await.map_err(wrong)?;
    let answers = matters.answers(connection, keys, &token).await.map_err(wrong)?;
    let found = answers.values().find_map(|handed_in| handed_in.filled.answers.values.get(&field.key));
    let Some(Answer::Choice(key)) = found else { return Ok(None) };
    let said = field.option(key).map(|option| {
        let Label { zh, en } = &option.label;
        (
            Answer::Choice(key.clone()),
            Label::new(format!("上次走访：{zh}"), format!("at the last visit: {en}")),
        )
    });
    Ok(said)
}
