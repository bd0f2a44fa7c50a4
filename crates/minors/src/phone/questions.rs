//! A form of the workflow as the phone asks it: question by question, with large answers, what is known, and what is
//! wrong. Nothing here knows a particular form; they are data (`programs/minors/forms.toml`).

use base::{AttachmentId, Label, MatterId};
use serde_json::{Value, json};
use texts::Language;
use web::Worded as _;
use workflow::{Answer, Answers, Condition, Field, FieldFault, FieldKind, FieldName, Form, StageAction};

use super::Texts;
use super::known::Known;

/// The field whose options are shown as four large cards: the verdict.
const VERDICT: &str = "result";
/// The answer that is always shown in red.
const DANGER: &str = "danger";

/// One question.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// Key of the field.
    pub key: String,
    /// The question.
    pub label: String,
    /// How to answer it; may be empty.
    pub help: String,
    /// What is on record already; may be empty. It is no answer: whoever stands at the door says what is so.
    pub known: String,
    /// The options that say what is on record, apart by spaces, for the tap that takes it over; may be empty.
    pub take: String,
    /// Whether the form can be handed in without it.
    pub is_required: bool,
    /// When it is asked, for the script; empty if always.
    pub rule: String,
    /// How it is answered.
    pub shape: Shape,
    /// The options of a choice.
    pub options: Vec<Pick>,
    /// What was written so far, or the number or day.
    pub text: String,
    /// The most letters, or pictures.
    pub most: usize,
    /// Pictures that are on the server already.
    pub photos: Vec<AttachmentId>,
    /// The matter that keeps them: they are shown under its address.
    pub matter: MatterId,
    /// What is wrong with the answer.
    pub fault: Option<String>,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One of a few answers.
    One,
    /// The verdict: one of four cards.
    Verdict,
    /// Any number of answers.
    Many,
    /// Words.
    Words,
    /// A number.
    Number,
    /// A day.
    Day,
    /// Pictures.
    Photos,
}

/// One answer to choose.
#[derive(Debug, Clone)]
pub(crate) struct Pick {
    /// Key of the option.
    pub key: String,
    /// Its wording.
    pub label: String,
    /// A line of explanation; may be empty.
    pub hint: String,
    /// The picture of a card.
    pub icon: &'static str,
    /// Whether it is chosen.
    pub is_chosen: bool,
    /// Whether it is red.
    pub is_danger: bool,
}

impl Question {
    /// Whether it is answered in one of these shapes; for templates.
    pub fn is(&self, shape: &str) -> bool {
        self.shape.word() == shape
    }

    /// How many columns its answers stand in.
    pub fn columns(&self) -> &'static str {
        let longest = self.options.iter().map(|option| option.label.chars().count()).max().unwrap_or(0);
        match (self.options.len(), longest) {
            (3, 0..=5) => "c3",
            (2, 0..=9) | (4.., 0..=7) => "c2",
            _ => "c1",
        }
    }
}

impl Shape {
    fn word(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Verdict => "verdict",
            Self::Many => "many",
            Self::Words => "words",
            Self::Number => "number",
            Self::Day => "day",
            Self::Photos => "photos",
        }
    }
}

/// What a form is shown with.
pub(crate) struct Shown<'a> {
    /// The matter that the form belongs to.
    pub matter: MatterId,
    /// The answers that stand in it.
    pub answers: &'a Answers,
    /// What is on record of fields, in words, and as the answers that would say it.
    pub known: &'a Known,
    /// What is wrong.
    pub faults: &'a [FieldFault],
    /// The language.
    pub language: Language,
}

/// The questions of `form`.
pub(crate) fn questions(form: &Form, shown: &Shown<'_>) -> Vec<Question> {
    form.fields().map(|field| question(field, shown)).collect()
}

fn question(field: &Field, shown: &Shown<'_>) -> Question {
    let answer = shown.answers.values.get(&field.key);
    let t = Texts(shown.language);
    let (shape, most) = match &field.kind {
        FieldKind::Choice { .. } if field.key == VERDICT => (Shape::Verdict, 1),
        FieldKind::Choice { .. } => (Shape::One, 1),
        FieldKind::Choices { options } => (Shape::Many, options.len()),
        FieldKind::Text { most, .. } => (Shape::Words, *most),
        FieldKind::Number { .. } => (Shape::Number, 12),
        FieldKind::Date { .. } => (Shape::Day, 10),
        FieldKind::Photos { most } => (Shape::Photos, *most),
        FieldKind::Person => (Shape::Words, 36),
    };
    let known = shown.known.words.get(&field.key).map(|what| t.form_known(what.says(shown.language)));
    let fault = shown.faults.iter().find(|fault| fault.field == field.key);
    Question {
        key: field.key.clone(),
        label: field.label.says(shown.language).to_owned(),
        help: field.help.as_ref().map(|help| help.says(shown.language).to_owned()).unwrap_or_default(),
        known: known.unwrap_or_default(),
        take: match shown.known.answers.values.get(&field.key) {
            Some(Answer::Choice(key)) => key.clone(),
            Some(Answer::Choices(keys)) => keys.join(" "),
            _ => String::new(),
        },
        is_required: field.required,
        rule: field.show_when.as_ref().map(|condition| rule(condition).to_string()).unwrap_or_default(),
        shape,
        options: picks(field, answer, shown.language),
        text: answer.map(plain).unwrap_or_default(),
        most,
        photos: match answer {
            Some(Answer::Photos(photos)) => photos.clone(),
            _ => Vec::new(),
        },
        matter: shown.matter,
        fault: fault.map(|fault| fault.fault.message().says(shown.language).to_owned()),
    }
}

fn picks(field: &Field, answer: Option<&Answer>, language: Language) -> Vec<Pick> {
    let is_chosen = |key: &str| match answer {
        Some(Answer::Choice(chosen)) => chosen == key,
        Some(Answer::Choices(chosen)) => chosen.iter().any(|one| one == key),
        _ => false,
    };
    let options = field.options().iter();
    let picks = options.map(|option| Pick {
        key: option.key.clone(),
        label: option.label.says(language).to_owned(),
        hint: option.hint.as_ref().map(|hint| hint.says(language).to_owned()).unwrap_or_default(),
        icon: picture(&option.key),
        is_chosen: is_chosen(&option.key),
        is_danger: field.key == VERDICT && option.key == DANGER,
    });
    picks.collect()
}

/// The picture of a verdict's card. A verdict that is new in the data gets the plain one.
fn picture(key: &str) -> &'static str {
    match key {
        "not_found" | "not_met" => "map-search",
        "no_risk" | "fine" => "shield-check",
        "in_difficulty" => "heart-handshake",
        "concern" => "eye",
        "danger" => "urgent",
        _ => "circle-check",
    }
}

/// A condition as the script reads it. What depends on more than this form's answers does not show on a phone.
fn rule(condition: &Condition) -> Value {
    match condition {
        Condition::Is { field, options } if field.form.is_none() => {
            json!({ "field": field.field, "is": options })
        }
        Condition::AtLeast { field, least } if field.form.is_none() => {
            json!({ "field": field.field, "least": least })
        }
        Condition::All(all) => json!({ "all": all.iter().map(rule).collect::<Vec<_>>() }),
        Condition::Any(any) => json!({ "any": any.iter().map(rule).collect::<Vec<_>>() }),
        Condition::Not(one) => json!({ "not": rule(one) }),
        Condition::Is { .. }
        | Condition::AtLeast { .. }
        | Condition::Answered(_)
        | Condition::Severity(_)
        | Condition::Grounds(_)
        | Condition::OpenedFrom(_)
        | Condition::Hangs { .. }
        | Condition::LoweredFrom(_)
        | Condition::AgeUnder(_) => json!({ "any": [] }),
    }
}

/// What `action` needs of the answers of `form`, for the script: the question at which it is said, when it is asked for,
/// what must hold, and the message. What looks at more than this form is told by the server alone.
pub(crate) fn needs(form: &Form, action: &StageAction, language: Language) -> String {
    let needs = action.needs.iter().filter_map(|need| {
        let when = need.when.as_ref()?;
        Some(json!({
            "field": asked_first(when, form)?,
            "when": rule(&of_this_form(when, form)?),
            "holds": rule(&of_this_form(&need.holds, form)?),
            "message": need.message.says(language),
        }))
    });
    Value::Array(needs.collect()).to_string()
}

/// The question of `form` at which it is said that a need of `action` with this message does not hold.
pub(crate) fn place_of(form: &Form, action: &StageAction, message: &Label) -> Option<String> {
    let need = action.needs.iter().find(|need| need.message == *message)?;
    asked_first(need.when.as_ref()?, form).map(str::to_owned)
}

/// The field of `form` that a condition names first.
fn asked_first<'a>(condition: &'a Condition, form: &Form) -> Option<&'a str> {
    match condition {
        Condition::Is { field, .. } | Condition::AtLeast { field, .. } => {
            is_of(field, form).then_some(field.field.as_str())
        }
        Condition::All(list) | Condition::Any(list) => list.iter().find_map(|one| asked_first(one, form)),
        Condition::Not(one) => asked_first(one, form),
        Condition::Answered(_)
        | Condition::Severity(_)
        | Condition::Grounds(_)
        | Condition::OpenedFrom(_)
        | Condition::Hangs { .. }
        | Condition::LoweredFrom(_)
        | Condition::AgeUnder(_) => None,
    }
}

fn is_of(name: &FieldName, form: &Form) -> bool {
    name.form.as_ref().is_none_or(|key| *key == form.key)
}

/// A condition of the workflow as one of the form itself; `None` if it looks at more than its answers.
fn of_this_form(condition: &Condition, form: &Form) -> Option<Condition> {
    let own =
        |name: &FieldName| is_of(name, form).then(|| FieldName { form: None, field: name.field.clone() });
    let each =
        |list: &[Condition]| list.iter().map(|one| of_this_form(one, form)).collect::<Option<Vec<_>>>();
    Some(match condition {
        Condition::Is { field, options } => Condition::Is { field: own(field)?, options: options.clone() },
        Condition::AtLeast { field, least } => Condition::AtLeast { field: own(field)?, least: *least },
        Condition::All(list) => Condition::All(each(list)?),
        Condition::Any(list) => Condition::Any(each(list)?),
        Condition::Not(one) => Condition::Not(Box::new(of_this_form(one, form)?)),
        Condition::Answered(_)
        | Condition::Severity(_)
        | Condition::Grounds(_)
        | Condition::OpenedFrom(_)
        | Condition::Hangs { .. }
        | Condition::LoweredFrom(_)
        | Condition::AgeUnder(_) => return None,
    })
}

/// An answer as it stands in an input.
fn plain(answer: &Answer) -> String {
    match answer {
        Answer::Choice(key) => key.clone(),
        Answer::Text(text) => text.clone(),
        Answer::Number(number) => number.to_string(),
        Answer::Date(day) => web::show::full_day(*day),
        Answer::Person(person) => person.to_string(),
        Answer::Choices(_) | Answer::Photos(_) => String::new(),
    }
}

/// One answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// The question.
    pub label: String,
    /// The answer.
    pub text: String,
}

/// The answers in words, in the order of the form; questions that are not asked or not answered are left out.
pub(crate) fn said(form: &Form, answers: &Answers, language: Language) -> Vec<Said> {
    let shown = form.shown(answers).into_iter();
    let said = shown.filter_map(|field| {
        let text = in_words(field, answers.values.get(&field.key)?, language);
        Some(Said { label: field.label.says(language).to_owned(), text }).filter(|said| !said.text.is_empty())
    });
    said.collect()
}

fn in_words(field: &Field, answer: &Answer, language: Language) -> String {
    let t = Texts(language);
    let word = |key: &String| {
        let option = field.option(key);
        option.map_or_else(|| key.clone(), |option| option.label.says(language).to_owned())
    };
    match answer {
        Answer::Choice(key) => word(key),
        Answer::Choices(keys) => keys.iter().map(word).collect::<Vec<_>>().join(t.phone_comma()),
        Answer::Photos(photos) if photos.is_empty() => String::new(),
        Answer::Photos(photos) => t.form_photo_count(photos.len()),
        other => plain(other),
    }
}
