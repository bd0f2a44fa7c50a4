//! Conditions on what has been answered and how grave a matter is: when a field is shown, a stage is skipped, a
//! branch is taken.

use std::collections::BTreeMap;
use std::ops::Range;

use base::Severity;
use serde::Deserialize;

use crate::fault::Faults;
use crate::{Answer, Answers, Field, FieldKind};

/// A checked condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// One of these options was chosen.
    Is {
        /// The field asked about.
        field: FieldName,
        /// Keys of options; one is enough.
        options: Vec<String>,
    },
    /// The number answered is at least this.
    AtLeast {
        /// The field asked about.
        field: FieldName,
        /// The least number for which it holds.
        least: i64,
    },
    /// Something was answered, whatever it says.
    Answered(FieldName),
    /// The matter is of one of these severities.
    Severity(Vec<Severity>),
    /// One of these is among what the matter stands on now, by the keys that the program screens with.
    Grounds(Vec<String>),
    /// The matter was opened from one of these kinds of matter.
    OpenedFrom(Vec<String>),
    /// A matter of this kind hangs on it: open elsewhere than so, or ended otherwise than so.
    Hangs {
        /// Key of the kind.
        kind: String,
        /// Stages in which one does not count.
        not_at: Vec<String>,
        /// Outcomes after which one does not count any more.
        ended_not: Vec<String>,
    },
    /// The person whom the matter is about is known to be under so many years old.
    AgeUnder(i32),
    /// The form that is handed in sets a milder level than its points give, which is one of these.
    LoweredFrom(Vec<Severity>),
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

/// A field of the form at hand (`form` is `None`) or of another form of the matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldName {
    /// Key of the form, where it is not the one being filled.
    pub form: Option<String>,
    /// Key of the field.
    pub field: String,
}

/// What a condition may look at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Answers of the form at hand.
    pub current: Option<&'a Answers>,
    /// The latest answers that were handed in, by form.
    pub forms: Option<&'a BTreeMap<String, Answers>>,
    /// Severity of the matter.
    pub severity: Option<Severity>,
    /// What it stands on now: keys of the rules that speak for it.
    pub grounds: &'a [String],
    /// Kind of the matter from which this one was opened.
    pub opened_from: Option<&'a str>,
    /// The matters that hang on it.
    pub children: &'a [Child],
    /// Age of the person whom it is about, in whole years, if it is known.
    pub age: Option<i32>,
    /// The level that the points of the form at hand give, where a person has set a milder one.
    pub lowered_from: Option<Severity>,
}

/// A matter that hangs on another, as far as a decision about that one asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Key of its kind.
    pub kind: String,
    /// Key of its stage.
    pub stage: String,
    /// How it ended; `None` while it is open.
    pub outcome: Option<String>,
}

impl Child {
    /// Whether it is being worked on.
    pub fn is_open(&self) -> bool {
        self.outcome.is_none()
    }
}

impl<'a> Known<'a> {
    fn answer(&self, name: &FieldName) -> Option<&'a Answer> {
        let answers = match &name.form {
            None => self.current,
            Some(form) => self.forms.and_then(|forms| forms.get(form)),
        };
        answers.and_then(|answers| answers.values.get(&name.field))
    }
}

impl Condition {
    /// Whether the condition holds. A field without an answer fulfils nothing.
    pub fn holds(&self, known: &Known<'_>) -> bool {
        match self {
            Self::Is { field, options } => match known.answer(field) {
                Some(Answer::Choice(chosen)) => options.contains(chosen),
                Some(Answer::Choices(chosen)) => chosen.iter().any(|one| options.contains(one)),
                _ => false,
            },
            Self::AtLeast { field, least } => {
                matches!(known.answer(field), Some(Answer::Number(number)) if number >= least)
            }
            Self::Answered(field) => known.answer(field).is_some(),
            Self::Severity(levels) => known.severity.is_some_and(|severity| levels.contains(&severity)),
            Self::Grounds(keys) => known.grounds.iter().any(|ground| keys.contains(ground)),
            Self::OpenedFrom(kinds) => {
                known.opened_from.is_some_and(|kind| kinds.iter().any(|one| one == kind))
            }
            Self::Hangs { kind, not_at, ended_not } => known.children.iter().any(|child| {
                let counts = match &child.outcome {
                    Some(outcome) => !ended_not.contains(outcome),
                    None => !not_at.contains(&child.stage),
                };
                child.kind == *kind && counts
            }),
            Self::AgeUnder(years) => known.age.is_some_and(|age| age < *years),
            Self::LoweredFrom(levels) => known.lowered_from.is_some_and(|level| levels.contains(&level)),
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(known)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(known)),
            Self::Not(condition) => !condition.holds(known),
        }
    }
}

impl Condition {
    /// Whether it looks at how old somebody is.
    pub(crate) fn asks_age(&self) -> bool {
        match self {
            Self::AgeUnder(_) => true,
            Self::All(list) | Self::Any(list) => list.iter().any(Self::asks_age),
            Self::Not(one) => one.asks_age(),
            Self::Is { .. }
            | Self::AtLeast { .. }
            | Self::Answered(_)
            | Self::Severity(_)
            | Self::Grounds(_)
            | Self::LoweredFrom(_)
            | Self::OpenedFrom(_)
            | Self::Hangs { .. } => false,
        }
    }

    /// Every ground that it names.
    pub(crate) fn grounds(&self) -> Vec<&str> {
        match self {
            Self::Grounds(keys) => keys.iter().map(String::as_str).collect(),
            Self::All(list) | Self::Any(list) => list.iter().flat_map(Self::grounds).collect(),
            Self::Not(one) => one.grounds(),
            Self::Is { .. }
            | Self::AtLeast { .. }
            | Self::Answered(_)
            | Self::Severity(_)
            | Self::OpenedFrom(_)
            | Self::Hangs { .. }
            | Self::LoweredFrom(_)
            | Self::AgeUnder(_) => Vec::new(),
        }
    }
}

/// A condition as it stands in TOML: exactly one of its ways of speaking.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCondition {
    field: Option<String>,
    is: Option<Vec<String>>,
    at_least: Option<i64>,
    answered: Option<bool>,
    severity: Option<Vec<Severity>>,
    grounds: Option<Vec<String>>,
    opened_from: Option<Vec<String>>,
    hangs: Option<String>,
    not_at: Option<Vec<String>>,
    ended_not: Option<Vec<String>>,
    age_under: Option<i32>,
    lowered_from: Option<Vec<Severity>>,
    all: Option<Vec<RawCondition>>,
    any: Option<Vec<RawCondition>>,
    not: Option<Box<RawCondition>>,
}

/// Deeper nesting than this is a mistake, and is bounded so that a file cannot exhaust the stack.
const MOST_DEPTH: usize = 8;

/// Where the fields that a condition names are looked up: `None` when there is no such field.
pub(crate) type FieldLookup<'a> = dyn Fn(&FieldName) -> Option<&'a Field> + 'a;

impl RawCondition {
    /// Checks the condition against the fields that there are.
    pub(crate) fn read(
        &self,
        at: &Range<usize>,
        fields: &FieldLookup<'_>,
        faults: &mut Faults,
    ) -> Option<Condition> {
        self.read_at(at, fields, faults, 0)
    }

    fn read_at(
        &self,
        at: &Range<usize>,
        fields: &FieldLookup<'_>,
        faults: &mut Faults,
        depth: usize,
    ) -> Option<Condition> {
        if depth > MOST_DEPTH {
            faults.add(at, "the condition is nested too deeply", "split it into several branches");
            return None;
        }
        let mut list = |conditions: &[Self]| -> Option<Vec<Condition>> {
            conditions.iter().map(|one| one.read_at(at, fields, faults, depth + 1)).collect()
        };
        let mut said: Vec<Option<Condition>> = self.of_the_matter().map(Some).collect();
        said.extend(self.all.as_ref().map(|all| list(all).map(Condition::All)));
        said.extend(self.any.as_ref().map(|any| list(any).map(Condition::Any)));
        said.extend(self.not.as_ref().map(|not| {
            let one = not.read_at(at, fields, faults, depth + 1);
            one.map(|one| Condition::Not(Box::new(one)))
        }));
        let compared = Compared { is: self.is.as_deref(), at_least: self.at_least, answered: self.answered };
        let narrows = self.not_at.is_some() || self.ended_not.is_some();
        match (&self.field, said.pop(), said.pop()) {
            (Some(field), None, None) if !narrows => field_condition(field, compared, at, fields, faults),
            (None, Some(one), None) if compared.is_nothing() && (self.hangs.is_some() || !narrows) => one,
            _ => one_way_only(at, faults),
        }
    }

    /// What it says of the matter itself, whichever way.
    fn of_the_matter(&self) -> impl Iterator<Item = Condition> {
        let of_kind = |kind: String| Condition::Hangs {
            kind,
            not_at: self.not_at.clone().unwrap_or_default(),
            ended_not: self.ended_not.clone().unwrap_or_default(),
        };
        let ways = [
            self.severity.clone().map(Condition::Severity),
            self.grounds.clone().map(Condition::Grounds),
            self.opened_from.clone().map(Condition::OpenedFrom),
            self.hangs.clone().map(of_kind),
            self.age_under.map(Condition::AgeUnder),
            self.lowered_from.clone().map(Condition::LoweredFrom),
        ];
        ways.into_iter().flatten()
    }
}

fn one_way_only(at: &Range<usize>, faults: &mut Faults) -> Option<Condition> {
    faults.add(
        at,
        "a condition says exactly one thing",
        "write one of: field with is, at_least or answered, severity, grounds, opened_from, hangs, age_under, lowered_from, all, any, not; join several with all",
    );
    None
}

/// How a condition on a field compares its answer: exactly one of these.
struct Compared<'a> {
    is: Option<&'a [String]>,
    at_least: Option<i64>,
    answered: Option<bool>,
}

impl Compared<'_> {
    fn is_nothing(&self) -> bool {
        self.is.is_none() && self.at_least.is_none() && self.answered.is_none()
    }
}

/// Checks a condition on a field: the field exists and can be answered so.
fn field_condition(
    field: &str,
    compared: Compared<'_>,
    at: &Range<usize>,
    fields: &FieldLookup<'_>,
    faults: &mut Faults,
) -> Option<Condition> {
    let name = match field.split_once('.') {
        Some((form, field)) => FieldName { form: Some(form.to_owned()), field: field.to_owned() },
        None => FieldName { form: None, field: field.to_owned() },
    };
    let Some(found) = fields(&name) else {
        let mend = "name a field that stands earlier in the form, or form.field of a form in forms.toml";
        faults.add(at, format!("there is no field {field}"), mend);
        return None;
    };
    let Compared { is, at_least, answered } = compared;
    match (is, at_least, answered, &found.kind) {
        (
            Some(options),
            None,
            None,
            FieldKind::Choice { options: known } | FieldKind::Choices { options: known },
        ) => {
            for option in options {
                if !known.iter().any(|one| one.key == *option) {
                    let words: Vec<_> = known.iter().map(|one| one.key.as_str()).collect();
                    faults.add(
                        at,
                        format!("field {field} has no option {option}"),
                        format!("its options are {}", words.join(", ")),
                    );
                }
            }
            Some(Condition::Is { field: name, options: options.to_vec() })
        }
        (None, Some(least), None, FieldKind::Number { .. }) => {
            Some(Condition::AtLeast { field: name, least })
        }
        // A form is not asked so: the script of its page knows no such question.
        (None, None, Some(true), _) if name.form.is_some() => Some(Condition::Answered(name)),
        _ => {
            let mend = "use is = [options] with a choice, at_least with a number; in a workflow also answered = true";
            faults.add(at, format!("field {field} cannot be compared like this"), mend);
            None
        }
    }
}
