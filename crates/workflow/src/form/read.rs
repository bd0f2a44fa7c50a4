//! Reading and checking `forms.toml`.

use std::collections::BTreeSet;
use std::ops::Range;

use base::{Day, Label, Severity};
use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::{Field, FieldKind, Form, FormOption, Forms, Level, Scoring, Section};
use crate::WorkflowFault;
use crate::condition::{FieldName, RawCondition};
use crate::fault::{Faults, is_key};

/// Most fields of one form, and most options of one field: more cannot be used by anybody.
const MOST_FIELDS: usize = 60;
const MOST_OPTIONS: usize = 40;
/// Most letters of a text that does not state its own bound.
const MOST_LETTERS: usize = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForms {
    version: String,
    effective_from: Spanned<String>,
    #[serde(default)]
    form: Vec<RawForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    key: Spanned<String>,
    label: Spanned<Label>,
    #[serde(default)]
    sample: bool,
    #[serde(default)]
    sources: Vec<String>,
    most_fields: Option<usize>,
    #[serde(default)]
    section: Vec<RawSection>,
    scoring: Option<Spanned<RawScoring>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSection {
    key: Spanned<String>,
    label: Spanned<Label>,
    #[serde(default)]
    field: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    key: Spanned<String>,
    label: Spanned<Label>,
    help: Option<Spanned<Label>>,
    #[serde(default)]
    sources: Vec<String>,
    kind: RawKind,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    future: bool,
    least: Option<i64>,
    most: Option<i64>,
    #[serde(default)]
    options: Vec<RawOption>,
    show_when: Option<Spanned<RawCondition>>,
    prefill: Option<String>,
    #[serde(default)]
    afresh: bool,
    class: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum RawKind {
    Choice,
    Choices,
    Text,
    Number,
    Date,
    Photos,
    Person,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOption {
    key: Spanned<String>,
    label: Spanned<Label>,
    hint: Option<Spanned<Label>>,
    points: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScoring {
    #[serde(default)]
    overridable: bool,
    reason_least: Option<usize>,
    #[serde(default)]
    sample: bool,
    levels: Vec<RawLevel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLevel {
    from: Spanned<i32>,
    severity: Severity,
    label: Spanned<Label>,
}

impl Forms {
    /// Reads and checks `forms.toml`; all faults at once, in the order of their lines.
    pub fn parse(text: &str) -> Result<Self, Vec<WorkflowFault>> {
        let mut faults = Faults::of(text);
        let raw: RawForms = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => {
                faults.add_syntax(&error);
                return Err(faults.finish(()).err().unwrap_or_default());
            }
        };
        let effective_from = read_effective_from(&raw.effective_from, &mut faults);
        let mut forms = IndexMap::new();
        for raw in raw.form {
            let at = raw.key.span();
            let form = raw.read(&mut faults);
            if let Some(twice) = forms.insert(form.key.clone(), form) {
                faults.add(&at, format!("form {} stands twice", twice.key), "give one of them another key");
            }
        }
        faults.finish(Self { version: raw.version, effective_from, by_key: forms })
    }
}

/// The day from which a file applies.
pub(crate) fn read_effective_from(text: &Spanned<String>, faults: &mut Faults) -> Day {
    text.as_ref().parse().unwrap_or_else(|_| {
        faults.add(&text.span(), "effective_from is no day", "write it as \"2026-11-01\"");
        base::Moment(0).day()
    })
}

/// Checks a key and says what it is a key of.
pub(crate) fn check_key(key: &Spanned<String>, faults: &mut Faults) -> String {
    if !is_key(key.as_ref()) {
        let mend = "use at most 40 small letters, digits and underscores, a letter first";
        faults.add(&key.span(), format!("{} is no key", key.as_ref()), mend);
    }
    key.as_ref().clone()
}

/// Checks that a label speaks both languages.
pub(crate) fn check_label(label: &Spanned<Label>, faults: &mut Faults) -> Label {
    if label.as_ref().lacks_a_language() {
        faults.add(&label.span(), "a label lacks one of its languages", "give zh and en both");
    }
    label.as_ref().clone()
}

fn check_optional(label: Option<&Spanned<Label>>, faults: &mut Faults) -> Option<Label> {
    label.map(|label| check_label(label, faults))
}

impl RawForm {
    fn read(self, faults: &mut Faults) -> Form {
        let at = self.key.span();
        let mut form = Form {
            key: check_key(&self.key, faults),
            label: check_label(&self.label, faults),
            sample: self.sample,
            sources: self.sources,
            sections: Vec::new(),
            scoring: None,
        };
        let mut keys = BTreeSet::new();
        for raw in self.section {
            let section_at = raw.key.span();
            if !keys.insert(format!("section {}", raw.key.as_ref())) {
                faults.add(
                    &section_at,
                    "the section stands twice in the form",
                    "give one of them another key",
                );
            }
            if raw.field.is_empty() {
                faults.add(&section_at, "the section has no field", "add a field or delete the section");
            }
            let mut section = Section {
                key: check_key(&raw.key, faults),
                label: check_label(&raw.label, faults),
                fields: Vec::new(),
            };
            for field in raw.field {
                if !keys.insert(field.key.as_ref().clone()) {
                    faults.add(
                        &field.key.span(),
                        "the field stands twice in the form",
                        "give one of them another key",
                    );
                }
                let read = field.read(&form, &section, faults);
                section.fields.push(read);
            }
            form.sections.push(section);
        }
        let fields = form.fields().count();
        let most = self.most_fields.unwrap_or(MOST_FIELDS).min(MOST_FIELDS);
        if fields == 0 || fields > most {
            let mend =
                format!("a form has 1 to {most} fields; ask less, since every field costs a visit time");
            faults.add(&at, format!("the form has {fields} fields"), mend);
        }
        form.scoring = self.scoring.map(|raw| read_scoring(&raw, &form, faults));
        form
    }
}

impl RawField {
    /// `form` and `section` hold what stands before this field: all that a condition may ask about.
    fn read(self, form: &Form, section: &Section, faults: &mut Faults) -> Field {
        let at = self.key.span();
        let show_when = self.show_when.as_ref().and_then(|raw| {
            let earlier = |name: &FieldName| {
                let here = section.fields.iter().find(|field| field.key == name.field);
                name.form.is_none().then(|| form.field(&name.field).or(here)).flatten()
            };
            let condition = raw.as_ref().read(&raw.span(), &earlier, faults)?;
            // A form is not asked so: its page knows answers only, and such a field would never be shown.
            if !condition.grounds().is_empty() {
                let mend = "ask for an answer; grounds stand in workflow.toml";
                faults.add(&raw.span(), "a form knows no grounds", mend);
            }
            Some(condition)
        });
        let kind = self.read_kind(&at, faults);
        Field {
            key: check_key(&self.key, faults),
            label: check_label(&self.label, faults),
            help: check_optional(self.help.as_ref(), faults),
            sources: self.sources,
            kind,
            required: self.required,
            show_when,
            prefill: self.prefill,
            afresh: self.afresh,
            class: self.class,
        }
    }

    fn read_kind(&self, at: &Range<usize>, faults: &mut Faults) -> FieldKind {
        let chooses = matches!(self.kind, RawKind::Choice | RawKind::Choices);
        if chooses == self.options.is_empty() || self.options.len() > MOST_OPTIONS {
            let mend = format!("choice and choices have 1 to {MOST_OPTIONS} options, other kinds none");
            faults.add(at, format!("the field has {} options", self.options.len()), mend);
        }
        let bounded = matches!(self.kind, RawKind::Text | RawKind::Number | RawKind::Photos);
        if !bounded && (self.least.is_some() || self.most.is_some()) {
            faults.add(
                at,
                "least and most do not fit this kind",
                "delete them, or use text, number or photos",
            );
        }
        let letters = |number: Option<i64>, otherwise: usize| {
            number.map_or(otherwise, |number| usize::try_from(number).unwrap_or(0))
        };
        match self.kind {
            RawKind::Choice => FieldKind::Choice { options: self.read_options(faults) },
            RawKind::Choices => FieldKind::Choices { options: self.read_options(faults) },
            RawKind::Text => {
                let (least, most) = (letters(self.least, 0), letters(self.most, MOST_LETTERS));
                if least > most || most == 0 || most > 10_000 {
                    faults.add(
                        at,
                        "the bounds of the text are wrong",
                        "least ≤ most ≤ 10000, most at least 1",
                    );
                }
                FieldKind::Text { least, most }
            }
            RawKind::Number => match (self.least, self.most) {
                (Some(least), Some(most)) if least <= most => FieldKind::Number { least, most },
                _ => {
                    faults.add(at, "a number needs bounds", "give least and most, least not above most");
                    FieldKind::Number { least: 0, most: 0 }
                }
            },
            RawKind::Photos => {
                let most = letters(self.most, 6);
                if !(1..=20).contains(&most) {
                    faults.add(at, "a field takes 1 to 20 photographs", "give most between 1 and 20");
                }
                FieldKind::Photos { most }
            }
            RawKind::Date => FieldKind::Date { future: self.future },
            RawKind::Person => FieldKind::Person,
        }
    }

    fn read_options(&self, faults: &mut Faults) -> Vec<FormOption> {
        let mut keys = BTreeSet::new();
        self.options
            .iter()
            .map(|option| {
                if !keys.insert(option.key.as_ref()) {
                    faults.add(&option.key.span(), "the option stands twice", "give one of them another key");
                }
                FormOption {
                    key: check_key(&option.key, faults),
                    label: check_label(&option.label, faults),
                    hint: check_optional(option.hint.as_ref(), faults),
                    points: option.points,
                }
            })
            .collect()
    }
}

fn read_scoring(raw: &Spanned<RawScoring>, form: &Form, faults: &mut Faults) -> Scoring {
    let (at, raw) = (raw.span(), raw.as_ref());
    let ascending = raw.levels.windows(2).all(|pair| match pair {
        [lower, upper] => lower.from.as_ref() < upper.from.as_ref() && lower.severity < upper.severity,
        _ => true,
    });
    if raw.levels.is_empty() || !ascending {
        let mend = "list the levels from the lowest, with rising points and rising severity";
        faults.add(&at, "the levels are not in order", mend);
    }
    let points = form.fields().flat_map(Field::options).any(|option| option.points.is_some());
    if !points {
        faults.add(&at, "no option of the form has points", "give options points, or delete the scoring");
    }
    let levels = raw.levels.iter().map(|level| Level {
        from: *level.from.as_ref(),
        severity: level.severity,
        label: check_label(&level.label, faults),
    });
    Scoring {
        levels: levels.collect(),
        overridable: raw.overridable,
        reason_least: raw.reason_least.unwrap_or(10),
        sample: raw.sample,
    }
}
