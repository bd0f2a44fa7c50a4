//! When a field is to be filled in: in words for people, and as data for the script of the page.

use serde_json::{Value, json};
use texts::Language;
use web::Worded as _;
use workflow::{Condition, Form};

use super::Texts;

/// `condition` for the script: `{"is": [field, [options]]}`, `{"least": [field, number]}`, `{"all": […]}`,
/// `{"any": […]}`, `{"not": …}`; `false` for what a form cannot ask of itself, as `Form::shown` has it.
pub(super) fn as_json(condition: &Condition) -> Value {
    match condition {
        Condition::Is { field, options } if field.form.is_none() => json!({ "is": [field.field, options] }),
        Condition::AtLeast { field, least } if field.form.is_none() => {
            json!({ "least": [field.field, least] })
        }
        Condition::All(all) => json!({ "all": all.iter().map(as_json).collect::<Vec<_>>() }),
        Condition::Any(any) => json!({ "any": any.iter().map(as_json).collect::<Vec<_>>() }),
        Condition::Not(one) => json!({ "not": as_json(one) }),
        Condition::Is { .. }
        | Condition::AtLeast { .. }
        | Condition::Answered(_)
        | Condition::Severity(_)
        | Condition::Grounds(_)
        | Condition::OpenedFrom(_)
        | Condition::Hangs { .. }
        | Condition::LoweredFrom(_)
        | Condition::AgeUnder(_) => Value::Bool(false),
    }
}

/// `condition` in words: 「见到孩子了吗」为「没见到」.
pub(super) fn in_words(condition: &Condition, form: &Form, language: Language) -> String {
    let t = Texts(language);
    let question = |key: &str| form.field(key).map(|field| field.label.says(language)).unwrap_or_default();
    let joined = |all: &[Condition], word: &str| {
        all.iter().map(|one| in_words(one, form, language)).collect::<Vec<_>>().join(word)
    };
    match condition {
        Condition::Is { field, options } => {
            let found = form.field(&field.field);
            let labels = options.iter().map(|key| {
                found.and_then(|found| found.option(key)).map_or(key.as_str(), |one| one.label.says(language))
            });
            let labels = labels.collect::<Vec<_>>().join(language.choose("、", ", "));
            t.when_is(question(&field.field), labels)
        }
        Condition::AtLeast { field, least } => t.when_least(question(&field.field), *least),
        Condition::All(all) => joined(all, t.when_and()),
        Condition::Any(any) => joined(any, t.when_or()),
        Condition::Not(one) => t.when_not(in_words(one, form, language)),
        Condition::Answered(_)
        | Condition::Severity(_)
        | Condition::Grounds(_)
        | Condition::OpenedFrom(_)
        | Condition::Hangs { .. }
        | Condition::LoweredFrom(_)
        | Condition::AgeUnder(_) => String::new(),
    }
}
