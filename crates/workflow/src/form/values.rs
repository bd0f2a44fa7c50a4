//! Reading answers from what a browser or a phone sends, by the kind of the field.

use base::{AttachmentId, Day, PersonId, Severity, read_day};
use serde_json::Value;

use super::{Field, FieldKind, Form};
use crate::{Answer, Answers, FieldFault, LevelChoice, ValueFault};

/// Most entries of one list that are looked at, whatever the field allows.
const MOST_ENTRIES: usize = 100;

impl Form {
    /// Answers from the pairs of a posted page. Fields that the page has beyond the form's (tokens) begin with an
    /// underscore and are passed over; a choice of several comes as several pairs.
    pub fn read_pairs(&self, pairs: &[(String, String)]) -> (Answers, Vec<FieldFault>) {
        let given = |key: &str| -> Vec<&str> {
            pairs
                .iter()
                .filter(|(name, value)| name == key && !value.trim().is_empty())
                .map(|(_, value)| value.trim())
                .take(MOST_ENTRIES)
                .collect()
        };
        let unknown = pairs.iter().map(|(name, _)| name.as_str());
        self.read(given, unknown)
    }

    /// Answers from the JSON object of a phone: text, number, or a list of texts for each field.
    pub fn read_json(&self, object: &serde_json::Map<String, Value>) -> (Answers, Vec<FieldFault>) {
        let texts: Vec<(String, String)> = object
            .iter()
            .flat_map(|(key, value)| {
                let texts: Vec<String> = match value {
                    Value::Array(entries) => {
                        entries.iter().take(MOST_ENTRIES).filter_map(plain_text).collect()
                    }
                    other => plain_text(other).into_iter().collect(),
                };
                texts.into_iter().map(move |text| (key.clone(), text))
            })
            .collect();
        let (answers, mut faults) = self.read_pairs(&texts);
        let nested = object.iter().filter(|(_, value)| value.is_object());
        faults
            .extend(nested.map(|(key, _)| FieldFault { field: key.clone(), fault: ValueFault::NotAnOption }));
        (answers, faults)
    }

    fn read<'a>(
        &self,
        given: impl Fn(&str) -> Vec<&'a str>,
        names: impl Iterator<Item = &'a str>,
    ) -> (Answers, Vec<FieldFault>) {
        let mut answers = Answers::default();
        let mut faults = Vec::new();
        for name in names.filter(|name| !name.starts_with('_')) {
            if self.field(name).is_none() && !faults.iter().any(|fault: &FieldFault| fault.field == name) {
                faults.push(FieldFault { field: name.to_owned(), fault: ValueFault::NoSuchField });
            }
        }
        for field in self.fields() {
            match field.read(&given(&field.key)) {
                Ok(Some(answer)) => {
                    answers.values.insert(field.key.clone(), answer);
                }
                Ok(None) => {}
                Err(fault) => faults.push(FieldFault { field: field.key.clone(), fault }),
            }
        }
        if let Some(level) = given("_level").first() {
            match Severity::from_key(level) {
                Some(severity) => {
                    let reason = given("_level_reason").first().copied().unwrap_or_default().to_owned();
                    answers.level = Some(LevelChoice { severity, reason });
                }
                None => faults.push(FieldFault { field: "_level".into(), fault: ValueFault::NotAnOption }),
            }
        }
        (answers, faults)
    }
}

/// A JSON scalar as the text that a page would have sent.
fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Field {
    /// The answer that these texts mean, or `None` when nothing was given.
    fn read(&self, given: &[&str]) -> Result<Option<Answer>, ValueFault> {
        let Some(first) = given.first().copied() else { return Ok(None) };
        let answer = match &self.kind {
            FieldKind::Choice { .. } => Answer::Choice(first.to_owned()),
            FieldKind::Choices { options } => {
                if given.iter().any(|key| self.option(key).is_none()) {
                    return Err(ValueFault::NotAnOption);
                }
                let chosen = options.iter().filter(|option| given.contains(&option.key.as_str()));
                Answer::Choices(chosen.map(|option| option.key.clone()).collect())
            }
            FieldKind::Text { .. } => Answer::Text(first.to_owned()),
            FieldKind::Number { .. } => Answer::Number(first.parse().ok().ok_or(ValueFault::NotANumber)?),
            FieldKind::Date { .. } => Answer::Date(day_of(first).ok_or(ValueFault::NotADay)?),
            FieldKind::Photos { .. } => {
                let photos: Option<Vec<AttachmentId>> = given.iter().map(|text| text.parse().ok()).collect();
                Answer::Photos(photos.ok_or(ValueFault::NotAnId)?)
            }
            FieldKind::Person => Answer::Person(first.parse::<PersonId>().ok().ok_or(ValueFault::NotAnId)?),
        };
        Ok(Some(answer))
    }
}

/// A day that has one reading only.
fn day_of(text: &str) -> Option<Day> {
    read_day(text).day()
}
