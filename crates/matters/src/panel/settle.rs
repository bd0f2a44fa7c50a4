//! Two people wrote one form: what only one of them answered is kept, and between answers that differ whoever sends last
//! chooses, field by field or all at once.

use texts::Language;
use web::{Typed, Worded as _};
use workflow::{Answers, Form};

use super::sheet::{self, FIELD, LEVEL, LEVEL_REASON};

/// What precedes the key of a field in the name of the choice, and of the other person's answer.
const PICK: &str = "pick-";
const THEIRS: &str = "t-";
/// The choice for all fields at once, and the word for the other person's answers.
const PICK_ALL: &str = "pick";
const PICKED_THEIRS: &str = "theirs";

/// A field that both answered, differently.
pub(super) struct Differing {
    pub key: String,
    pub label: String,
    pub theirs: String,
    pub mine: String,
    /// Their answer as the form sends it.
    pub values: Vec<String>,
}

/// What was typed, with `theirs` where nothing was typed; and the fields that both answered differently.
pub(super) fn merged(
    form: &Form,
    typed: &Typed,
    theirs: &Answers,
    language: Language,
) -> (Typed, Vec<Differing>) {
    let mut merged = typed.clone();
    let mut differing = Vec::new();
    let (mine, _) = sheet::read_typed(form, typed);
    for field in form.fields() {
        let Some(answer) = theirs.values.get(&field.key) else { continue };
        let name = format!("{FIELD}{}", field.key);
        match mine.values.get(&field.key) {
            Some(own) if own == answer => {}
            Some(own) => differing.push(Differing {
                key: field.key.clone(),
                label: field.label.says(language).to_owned(),
                theirs: sheet::in_words(field, answer, language),
                mine: sheet::in_words(field, own, language),
                values: sheet::texts_of(answer),
            }),
            // What was typed and cannot be read stays, to be mended.
            None if typed.has(&name) => {}
            None => merged = merged.with(&name, sheet::texts_of(answer)),
        }
    }
    if let Some(level) = theirs.level.as_ref().filter(|_| !typed.has(LEVEL)) {
        merged = merged.with(LEVEL, [level.severity.key().to_owned()]);
        merged = merged.with(LEVEL_REASON, [level.reason.clone()]);
    }
    (merged, differing)
}

/// What was typed, with the other person's answers where those were chosen.
pub(super) fn chosen(form: &Form, typed: Typed) -> Typed {
    let all = typed.value(PICK_ALL) == PICKED_THEIRS;
    let picked = form.fields().filter(|field| {
        let is_theirs = all || typed.value(&format!("{PICK}{}", field.key)) == PICKED_THEIRS;
        is_theirs && typed.has(&format!("{THEIRS}{}", field.key))
    });
    let picked: Vec<&str> = picked.map(|field| field.key.as_str()).collect();
    picked.into_iter().fold(typed, |typed, key| {
        let values: Vec<String> = typed.values(&format!("{THEIRS}{key}")).map(str::to_owned).collect();
        typed.with(&format!("{FIELD}{key}"), values)
    })
}
