//! A form of the workflow as a sheet on a desk page: sections, every kind of field, what is filled in from what is known
//! and where it comes from, points and level.
//!
//! Fields carry their key behind [`FIELD`], so that no form can clash with what the page itself sends. A field that
//! hangs on another answer is on the page always: without script it says when it is to be filled in, with script it comes
//! and goes. What is sent of a field that does not apply counts as absent (`Form::shown`).

use askama::Template;
use base::{AttachmentId, Day, Label};
use texts::Language;
use web::components::{Band, SampleMark, Scale, Tone};
use web::{Choice, Reader, Typed, Worded as _};
use workflow::{Answer, Answers, Field, FieldFault, FieldKind, Form};

use super::Texts;
use super::condition;

/// What stands before the key of a form's field in its name on the page.
pub const FIELD: &str = "f-";
/// Before the key of a field of pictures, where files are chosen.
pub const FILES: &str = "files-";
/// The level that a person sets instead of the one by points, and why.
pub(super) const LEVEL: &str = "level";
pub(super) const LEVEL_REASON: &str = "level_reason";

/// What is known of an answer before anybody types: it is shown filled in, with its source, to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The word of the form's field: `school.attendance`.
    pub word: String,
    /// The answer; left out where the field cannot hold it, and where only the source is to be shown beside the field.
    pub answer: Option<Answer>,
    /// Where it comes from, in the reader's language, and what it says there.
    pub source: String,
    /// The page of the source.
    pub href: Option<String>,
}

/// A picture that a field can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Its id.
    pub id: AttachmentId,
    /// Where it is shown.
    pub href: String,
    /// Where the small one is shown.
    pub thumbnail: String,
    /// What is said of it, else its number.
    pub label: String,
}

/// What a sheet is filled with.
pub struct Filling<'a> {
    /// The answers that stand in it: a draft's, those handed in before, or what is known.
    pub answers: &'a Answers,
    /// Whether the answer to a field is one that was handed in to the same form before.
    pub is_earlier: &'a dyn Fn(&str) -> bool,
    /// What is known beforehand, with its sources.
    pub known: &'a [Known],
    /// What was typed and could not be taken; it goes before everything else.
    pub typed: Option<&'a Typed>,
    /// What is wrong with it.
    pub faults: &'a [FieldFault],
    /// The pictures of the matter.
    pub photos: &'a [Photo],
    /// Persons that a field can name.
    pub persons: &'a [Choice],
}

/// The sheet. Prints itself as what stands inside a form.
#[derive(Template)]
#[template(path = "panel/templates/sheet.html")]
pub struct Sheet {
    pub(super) t: Texts,
    pub(super) language: Language,
    /// Key of the form.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Whether its questions are ours rather than a source's.
    pub is_sample: bool,
    /// Laws and documents that it rests on.
    pub sources: Vec<String>,
    /// Its sections.
    pub sections: Vec<SheetSection>,
    /// Points and level so far.
    pub score: Option<SheetScore>,
    /// How many required answers are missing.
    pub missing: usize,
    /// Whether it takes pictures.
    pub takes_files: bool,
    pub(super) faults: Vec<(String, String, String)>,
}

/// A section.
pub struct SheetSection {
    /// Its anchor.
    pub anchor: String,
    /// Its heading.
    pub label: String,
    /// Its fields.
    pub fields: Vec<SheetField>,
    /// How many of those that are shown are answered.
    pub answered: usize,
    /// How many are shown.
    pub shown: usize,
}

impl SheetSection {
    /// The icon of how far it is.
    pub fn icon(&self) -> &'static str {
        match self.answered {
            0 if self.shown > 0 => "circle-dashed",
            answered if answered >= self.shown => "circle-check",
            _ => "circle-half-2",
        }
    }
}

/// A field.
pub struct SheetField {
    /// Its name on the page.
    pub name: String,
    /// Its key in the form.
    pub key: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
    pub(super) is_required: bool,
    pub(super) input: Input,
    pub(super) values: Vec<String>,
    pub(super) fault: Option<String>,
    pub(super) origin: Option<(String, Option<String>)>,
    pub(super) only_when: Option<String>,
    pub(super) show_when: Option<String>,
    pub(super) is_shown: bool,
}

/// How a field is answered.
pub(super) enum Input {
    One(Vec<SheetOption>),
    Many(Vec<SheetOption>),
    Words { least: usize, most: usize },
    Number { least: i64, most: i64 },
    Day { latest: Option<String> },
    Photos { files: String, photos: Vec<Photo>, most: usize },
    Person(Vec<Choice>),
}

/// An option.
pub(super) struct SheetOption {
    pub key: String,
    pub label: String,
    pub hint: Option<String>,
    pub points: Option<i32>,
}

impl SheetField {
    fn value(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }

    fn has(&self, key: &str) -> bool {
        self.values.iter().any(|value| value == key)
    }

    fn has_photo(&self, photo: &Photo) -> bool {
        self.has(&photo.id.to_string())
    }
}

/// Points and level.
pub struct SheetScore {
    /// Points so far.
    pub points: i32,
    /// The level that they give.
    pub by_rule: String,
    /// Its colour.
    pub tone: Tone,
    /// Points on the scale of levels.
    pub scale: Scale,
    /// Whether the figures are ours.
    pub is_sample: bool,
    /// Levels that a person may set instead; empty where the points decide.
    pub choices: Vec<Choice>,
    /// The level that is set, by key.
    pub chosen: String,
    /// Why.
    pub reason: String,
    /// Fewest letters of the reason.
    pub reason_least: usize,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// For the script, as JSON: from how many points on which level, its words and its class.
    pub levels: String,
}

web_prints!(Sheet);

impl Sheet {
    /// The sheet of `form` on the day `today`.
    pub fn new(form: &Form, filling: &Filling<'_>, today: Day, language: Language) -> Self {
        let answers = answers_of(form, filling);
        let shown: Vec<&str> = form.shown(&answers).into_iter().map(|field| field.key.as_str()).collect();
        let sections = form.sections.iter().map(|section| {
            let fields: Vec<SheetField> = section
                .fields
                .iter()
                .map(|field| {
                    let is_shown = shown.contains(&field.key.as_str());
                    sheet_field(form, field, filling, &answers, Place { is_shown, today, language })
                })
                .collect();
            let visible = || fields.iter().filter(|field| field.is_shown);
            SheetSection {
                anchor: format!("s-{}", section.key),
                label: section.label.says(language).to_owned(),
                answered: visible().filter(|field| !field.values.is_empty()).count(),
                shown: visible().count(),
                fields,
            }
        });
        let sections: Vec<SheetSection> = sections.collect();
        let faults = sections
            .iter()
            .flat_map(|section| &section.fields)
            .filter_map(|field| Some((field.name.clone(), field.label.clone(), field.fault.clone()?)));
        let faults = faults.collect();
        Self {
            t: Texts(language),
            language,
            key: form.key.clone(),
            title: form.label.says(language).to_owned(),
            is_sample: form.sample,
            sources: form.sources.clone(),
            score: score(form, filling, &answers, language),
            missing: form.missing(&answers),
            takes_files: form.fields().any(|field| matches!(field.kind, FieldKind::Photos { .. })),
            sections,
            faults,
        }
    }

    /// The mark of what no source states.
    pub fn mark(&self) -> SampleMark {
        SampleMark::new(self.language)
    }

    /// How many of the fields that are shown are answered, and how many are shown.
    pub fn progress(&self) -> (usize, usize) {
        self.sections
            .iter()
            .fold((0, 0), |(answered, shown), section| (answered + section.answered, shown + section.shown))
    }
}

#[derive(Clone, Copy)]
struct Place {
    is_shown: bool,
    today: Day,
    language: Language,
}

/// The answers that the sheet begins with: what was typed goes before what is laid out.
fn answers_of(form: &Form, filling: &Filling<'_>) -> Answers {
    filling.typed.map_or_else(|| filling.answers.clone(), |typed| read_typed(form, typed).0)
}

fn known_of<'a>(field: &Field, known: &'a [Known]) -> Option<&'a Known> {
    let word = field.prefill.as_deref()?;
    known.iter().find(|known| known.word == word)
}

fn sheet_field(
    form: &Form,
    field: &Field,
    filling: &Filling<'_>,
    answers: &Answers,
    place: Place,
) -> SheetField {
    let Place { is_shown, today, language } = place;
    let name = format!("{FIELD}{}", field.key);
    let values = match filling.typed {
        Some(typed) => typed.values(&name).map(str::to_owned).filter(|value| !value.is_empty()).collect(),
        None => answers.values.get(&field.key).map(texts_of).unwrap_or_default(),
    };
    let fault = filling.faults.iter().find(|fault| fault.field == field.key);
    let known = known_of(field, filling.known).filter(|known| !known.source.is_empty());
    let show_when = field.show_when.as_ref();
    SheetField {
        key: field.key.clone(),
        label: field.label.says(language).to_owned(),
        help: field.help.as_ref().map(|help| help.says(language).to_owned()),
        is_required: field.required,
        input: input_of(field, filling, today, language),
        values,
        fault: fault.map(|fault| fault.fault.message().says(language).to_owned()),
        origin: match known {
            Some(known) => Some((known.source.clone(), known.href.clone())),
            None => {
                (filling.is_earlier)(&field.key).then(|| (Texts(language).sheet_earlier().to_owned(), None))
            }
        },
        only_when: show_when.map(|when| condition::in_words(when, form, language)),
        show_when: show_when.map(|when| condition::as_json(when).to_string()),
        is_shown,
        name,
    }
}

fn input_of(field: &Field, filling: &Filling<'_>, today: Day, language: Language) -> Input {
    let options = || {
        field.options().iter().map(|option| SheetOption {
            key: option.key.clone(),
            label: option.label.says(language).to_owned(),
            hint: option.hint.as_ref().map(|hint| hint.says(language).to_owned()),
            points: option.points,
        })
    };
    match &field.kind {
        FieldKind::Choice { .. } => Input::One(options().collect()),
        FieldKind::Choices { .. } => Input::Many(options().collect()),
        FieldKind::Text { least, most } => Input::Words { least: *least, most: *most },
        FieldKind::Number { least, most } => Input::Number { least: *least, most: *most },
        FieldKind::Date { future } => Input::Day { latest: (!future).then(|| web::show::full_day(today)) },
        FieldKind::Photos { most } => Input::Photos {
            files: format!("{FILES}{}", field.key),
            photos: filling.photos.to_vec(),
            most: *most,
        },
        FieldKind::Person => Input::Person(filling.persons.to_vec()),
    }
}

/// An answer as the page sends it.
pub(super) fn texts_of(answer: &Answer) -> Vec<String> {
    match answer {
        Answer::Choice(text) | Answer::Text(text) => vec![text.clone()],
        Answer::Choices(keys) => keys.clone(),
        Answer::Number(number) => vec![number.to_string()],
        Answer::Date(day) => vec![web::show::full_day(*day)],
        Answer::Photos(photos) => photos.iter().map(ToString::to_string).collect(),
        Answer::Person(person) => vec![person.to_string()],
    }
}

fn score(form: &Form, filling: &Filling<'_>, answers: &Answers, language: Language) -> Option<SheetScore> {
    let scoring = form.scoring.as_ref()?;
    let score = form.score(answers)?;
    let by_rule = scoring.named(score.by_rule)?;
    let from = scoring.levels.first().map_or(0, |level| level.from);
    // The last level is as wide as those before on average: points have no natural end.
    let last = scoring.levels.last().map_or(0, |level| level.from);
    let steps = i32::try_from(scoring.levels.len().saturating_sub(1)).unwrap_or(1).max(1);
    let end = last.saturating_add((last - from) / steps).max(score.points);
    let ends = scoring.levels.iter().skip(1).map(|level| level.from).chain([end]);
    let bands = scoring.levels.iter().zip(ends).map(|(level, until)| Band {
        label: first_word(level.label.says(language)),
        until: f64::from(until),
        tone: level.severity.into(),
    });
    let (chosen, reason) = match (filling.typed, &answers.level) {
        (Some(typed), _) => (typed.value(LEVEL).to_owned(), typed.value(LEVEL_REASON).to_owned()),
        (None, Some(choice)) => (choice.severity.key().to_owned(), choice.reason.clone()),
        (None, None) => (String::new(), String::new()),
    };
    let fault = filling.faults.iter().find(|fault| fault.field == "_level");
    let levels = if scoring.overridable { scoring.levels.as_slice() } else { &[] };
    let shown = scoring.levels.iter().map(|level| {
        let tone: Tone = level.severity.into();
        serde_json::json!([level.from, level.label.says(language), tone.class()])
    });
    let all_levels = serde_json::Value::Array(shown.collect()).to_string();
    Some(SheetScore {
        points: score.points,
        by_rule: by_rule.label.says(language).to_owned(),
        tone: by_rule.severity.into(),
        scale: Scale::new(
            f64::from(from),
            bands.collect(),
            f64::from(score.points),
            score.points.to_string(),
        ),
        is_sample: scoring.sample,
        choices: levels
            .iter()
            .rev()
            .map(|level| Choice::new(level.severity.key(), level.label.says(language)))
            .collect(),
        chosen,
        reason,
        reason_least: scoring.reason_least,
        fault: fault.map(|fault| fault.fault.message().says(language).to_owned()),
        levels: all_levels,
    })
}

/// What a level is called before any remark on it: 一级 of 一级，红色.
fn first_word(text: &str) -> String {
    let is_end = |letter: char| letter == '，' || letter == ',';
    text.split(is_end).next().unwrap_or_default().to_owned()
}

/// Answers from what a sheet sent, with what no field can hold.
pub(super) fn read_typed(form: &Form, typed: &Typed) -> (Answers, Vec<FieldFault>) {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for field in form.fields() {
        let name = format!("{FIELD}{}", field.key);
        pairs.extend(typed.values(&name).map(|value| (field.key.clone(), value.to_owned())));
    }
    if typed.has(LEVEL) {
        pairs.push(("_level".to_owned(), typed.value(LEVEL).to_owned()));
        pairs.push(("_level_reason".to_owned(), typed.value(LEVEL_REASON).to_owned()));
    }
    form.read_pairs(&pairs)
}

/// The files that were chosen for the fields of pictures, by the field's key.
pub(super) fn read_files(form: &Form, reader: &mut Reader) -> Vec<(String, Vec<u8>)> {
    let mut chosen = Vec::new();
    for field in form.fields().filter(|field| matches!(field.kind, FieldKind::Photos { .. })) {
        let files = reader.files(&format!("{FILES}{}", field.key)).into_iter();
        chosen.extend(files.map(|file| (field.key.clone(), file.bytes.to_vec())));
    }
    chosen
}

/// An answer in words, for papers that were handed in and for the two sides of a conflict.
pub(super) fn in_words(field: &Field, answer: &Answer, language: Language) -> String {
    let says = |key: &String| {
        field.option(key).map_or(key.as_str(), |option| option.label.says(language)).to_owned()
    };
    match answer {
        Answer::Choice(key) => says(key),
        Answer::Choices(keys) => keys.iter().map(says).collect::<Vec<_>>().join(language.choose("、", ", ")),
        Answer::Text(text) => text.clone(),
        Answer::Number(number) => number.to_string(),
        Answer::Date(day) => web::show::full_day(*day),
        Answer::Photos(photos) => Texts(language).sheet_photos(photos.len()),
        Answer::Person(_) => Texts(language).sheet_person().to_owned(),
    }
}

/// The label of a level that a person set.
pub(super) fn level_in_words(form: &Form, answers: &Answers, language: Language) -> Option<(String, String)> {
    let choice = answers.level.as_ref()?;
    let label: Option<&Label> =
        form.scoring.as_ref().and_then(|scoring| scoring.named(choice.severity)).map(|level| &level.label);
    Some((label.map(|label| label.says(language)).unwrap_or_default().to_owned(), choice.reason.clone()))
}
