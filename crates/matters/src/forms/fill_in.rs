//! Filling a form in from what is known, what was handed in earlier, and what somebody began to write.

use std::collections::BTreeMap;

use base::{Day, MatterId};
use store::Read;
use workflow::{Answer, Answers, Form, Refusal, Score};

use crate::answers::{self, Draft};
use crate::{Matter, MatterError, MatterToken, Matters};

/// Where an answer comes from that stands in a form before anybody has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// From what the program knows: to be confirmed.
    Known,
    /// From the answers that were handed in to the same form before.
    Earlier,
    /// From the draft.
    Draft,
}

/// A form as it is laid before somebody.
#[derive(Debug, Clone)]
pub struct Laid<'a> {
    /// The form.
    pub form: &'a Form,
    /// The answers that stand in it.
    pub answers: Answers,
    /// Where each of them comes from, by field.
    pub origins: BTreeMap<String, Origin>,
    /// The draft that they come from, if there is one; its version is handed back on saving.
    pub draft: Option<Draft>,
    /// Points and level of the answers so far, where the form has a scoring.
    pub score: Option<Score>,
    /// How many of the shown required fields are not answered yet.
    pub missing: usize,
}

/// The answers that stand in `form` before anybody writes. A draft is what its writer left it as, with what they took
/// out left out; without one, earlier answers go before what is `known` under the form's prefill words. Pictures are
/// taken anew each time, and so is what the form asks afresh. An answer that the field cannot hold is passed over.
pub fn fill_in(
    form: &Form,
    known: &BTreeMap<String, Answer>,
    earlier: Option<&Answers>,
    draft: Option<&Answers>,
    today: Day,
) -> (Answers, BTreeMap<String, Origin>) {
    if let Some(draft) = draft {
        let origins = draft.values.keys().map(|field| (field.clone(), Origin::Draft)).collect();
        return (draft.clone(), origins);
    }
    let mut answers = Answers::default();
    let mut origins = BTreeMap::new();
    for field in form.fields() {
        let before = earlier.and_then(|earlier| earlier.values.get(&field.key));
        let before = before.filter(|answer| !field.afresh && !matches!(answer, Answer::Photos(_)));
        let known = field.prefill.as_ref().and_then(|word| known.get(word));
        let candidates = [(before, Origin::Earlier), (known, Origin::Known)];
        let fitting = candidates.into_iter().find_map(|(answer, origin)| {
            answer.filter(|answer| field.holds(answer, today)).map(|answer| (answer, origin))
        });
        if let Some((answer, origin)) = fitting {
            answers.values.insert(field.key.clone(), answer.clone());
            origins.insert(field.key.clone(), origin);
        }
    }
    (answers, origins)
}

impl Matters {
    /// A form of a matter's workflow as it is laid before somebody. `known` is what the program knows of the matter, by
    /// the words that fields name as `prefill`.
    ///
    /// # Errors
    /// `Refused` with `NoSuchAction` for a form that the workflow does not have.
    pub async fn lay_form(
        &self,
        read: &Read,
        token: &MatterToken,
        matter: &Matter,
        form: &str,
        known: &BTreeMap<String, Answer>,
        today: Day,
    ) -> Result<Laid<'_>, MatterError> {
        if matter.id != MatterId(token.id()) {
            return Err(MatterError::NotFound);
        }
        let program = self.programs().version(&matter.program, &matter.program_version);
        let form =
            program.and_then(|program| program.workflow.forms.get(form)).ok_or(Refusal::NoSuchAction)?;
        let draft = self.draft(read.connection(), read.keys(), token, &form.key).await?;
        let mut latest = answers::latest(read.connection(), read.keys(), matter.id).await?;
        let earlier = latest.remove(&form.key).map(|answers| answers.filled.answers);
        let written = draft.as_ref().map(|draft| &draft.answers);
        let (answers, origins) = fill_in(form, known, earlier.as_ref(), written, today);
        let (score, missing) = (form.score(&answers), form.missing(&answers));
        Ok(Laid { form, answers, origins, draft, score, missing })
    }
}

#[cfg(test)]
mod tests {
    use workflow::Forms;

    use super::*;

    const FORM: &str = r#"
version = "1"
effective_from = "2026-01-01"

[[form]]
key = "f"
label = { zh = "表", en = "Form" }

[[form.section]]
key = "s"
label = { zh = "节", en = "Section" }

[[form.section.field]]
key = "school"
label = { zh = "学校", en = "School" }
kind = "text"
most = 5
prefill = "school"

[[form.section.field]]
key = "photo"
label = { zh = "照片", en = "Photograph" }
kind = "photos"
most = 3

[[form.section.field]]
key = "now"
label = { zh = "现在怎样", en = "How is it now?" }
kind = "text"
most = 5
afresh = true
"#;

    fn form() -> Form {
        Forms::parse(FORM).unwrap().get("f").unwrap().clone()
    }

    fn today() -> Day {
        base::Moment(1_772_413_200_000).day()
    }

    fn answers(values: &[(&str, Answer)]) -> Answers {
        let values = values.iter().map(|(key, answer)| ((*key).to_owned(), answer.clone())).collect();
        Answers { values, level: None }
    }

    fn known(text: &str) -> BTreeMap<String, Answer> {
        BTreeMap::from([("school".to_owned(), Answer::Text(text.to_owned()))])
    }

    #[test]
    fn what_is_known_is_filled_in_and_earlier_answers_go_before_it() {
        let (filled, origins) = fill_in(&form(), &known("一小"), None, None, today());
        assert_eq!((filled.text("school"), origins.get("school")), (Some("一小"), Some(&Origin::Known)));
        let photo = Answer::Photos(vec![uuid::Uuid::from_u128(1).into()]);
        let now = Answer::Text("平稳".to_owned());
        let earlier = answers(&[("school", Answer::Text("二小".to_owned())), ("photo", photo), ("now", now)]);
        let (filled, origins) = fill_in(&form(), &known("一小"), Some(&earlier), None, today());
        assert_eq!((filled.text("school"), origins.get("school")), (Some("二小"), Some(&Origin::Earlier)));
        assert!(!filled.values.contains_key("photo"));
        assert!(!filled.values.contains_key("now"), "a judgement about now is asked anew");
    }

    #[test]
    fn what_the_field_cannot_hold_is_passed_over() {
        let (filled, _) = fill_in(&form(), &known("一所名字太长的学校"), None, None, today());
        assert!(filled.values.is_empty());
    }

    #[test]
    fn a_draft_is_left_as_it_was_written() {
        let (filled, origins) = fill_in(&form(), &known("一小"), None, Some(&Answers::default()), today());
        assert!(filled.values.is_empty() && origins.is_empty());
    }
}
