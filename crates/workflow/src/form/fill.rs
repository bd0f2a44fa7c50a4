//! Checking answers against a form, and scoring them.

use base::Day;

use super::{Field, FieldKind, Form};
use crate::{Answer, Answers, FieldFault, Filled, Known, Score, ValueFault};

impl Form {
    /// The fields that are shown with these answers, in order. Answers to fields that are not shown count as absent,
    /// so that a changed mind further up hides all that hung on it.
    pub fn shown<'a>(&'a self, answers: &Answers) -> Vec<&'a Field> {
        let mut kept = Answers::default();
        let mut shown = Vec::new();
        for field in self.fields() {
            let known = Known { current: Some(&kept), ..Known::default() };
            if field.show_when.as_ref().is_none_or(|condition| condition.holds(&known)) {
                if let Some(answer) = answers.values.get(&field.key) {
                    kept.values.insert(field.key.clone(), answer.clone());
                }
                shown.push(field);
            }
        }
        shown
    }

    /// What a draft may not contain: values that no field can hold. That something is missing is no fault yet.
    pub fn draft_faults(&self, answers: &Answers, today: Day) -> Vec<FieldFault> {
        let mut faults = self.faults(answers, today);
        faults.retain(|fault| !matches!(fault.fault, ValueFault::Missing | ValueFault::LevelNeedsReason(_)));
        faults
    }

    /// How many of the shown required fields are not answered yet.
    pub fn missing(&self, answers: &Answers) -> usize {
        let unanswered = |field: &&Field| field.required && !answers.values.contains_key(&field.key);
        self.shown(answers).into_iter().filter(unanswered).count()
    }

    /// The answers as they may be handed in on the day `today`: only fields that are shown, with points and level.
    pub fn fill(&self, answers: &Answers, today: Day) -> Result<Filled, Vec<FieldFault>> {
        let faults = self.faults(answers, today);
        if !faults.is_empty() {
            return Err(faults);
        }
        let shown = self.shown(answers).into_iter();
        let values = shown.filter_map(|field| answers.values.get_key_value(&field.key));
        let values = values.map(|(key, answer)| (key.clone(), answer.clone())).collect();
        let answers = Answers { values, level: answers.level.clone() };
        let score = self.score(&answers);
        Ok(Filled { answers, score })
    }

    /// Points and level of answers, complete or not.
    pub fn score(&self, answers: &Answers) -> Option<Score> {
        let scoring = self.scoring.as_ref()?;
        let points = self.shown(answers).into_iter().map(|field| field.points(answers)).sum();
        let by_rule = scoring.level(points)?.severity;
        let level = answers.level.as_ref().map_or(by_rule, |choice| choice.severity);
        Some(Score { points, by_rule, level })
    }

    fn faults(&self, answers: &Answers, today: Day) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        for field in self.shown(answers) {
            let fault = match answers.values.get(&field.key) {
                None => field.required.then_some(ValueFault::Missing),
                Some(answer) => field.fault(answer, today),
            };
            faults.extend(fault.map(|fault| FieldFault { field: field.key.clone(), fault }));
        }
        for key in answers.values.keys().filter(|key| self.field(key).is_none()) {
            faults.push(FieldFault { field: key.clone(), fault: ValueFault::NoSuchField });
        }
        faults.extend(self.level_fault(answers).map(|fault| FieldFault { field: "_level".into(), fault }));
        faults
    }

    fn level_fault(&self, answers: &Answers) -> Option<ValueFault> {
        let choice = answers.level.as_ref()?;
        match &self.scoring {
            Some(scoring) if scoring.overridable => {
                if scoring.named(choice.severity).is_none() {
                    return Some(ValueFault::NotAnOption);
                }
                match choice.reason.trim().chars().count() {
                    letters if letters < scoring.reason_least => {
                        Some(ValueFault::LevelNeedsReason(scoring.reason_least))
                    }
                    letters if letters > MOST_LEVEL_REASON_LETTERS => {
                        Some(ValueFault::TooLong(MOST_LEVEL_REASON_LETTERS))
                    }
                    _ => None,
                }
            }
            _ => Some(ValueFault::LevelIsFixed),
        }
    }
}

/// Most letters of the reason for a changed level.
const MOST_LEVEL_REASON_LETTERS: usize = 500;

impl Field {
    /// Whether the field can hold `answer` on the day `today`, whatever else is answered and whether it is shown.
    pub fn holds(&self, answer: &Answer, today: Day) -> bool {
        self.fault(answer, today).is_none()
    }

    fn points(&self, answers: &Answers) -> i32 {
        let of = |key: &String| self.option(key).and_then(|option| option.points).unwrap_or(0);
        match answers.values.get(&self.key) {
            Some(Answer::Choice(key)) => of(key),
            Some(Answer::Choices(keys)) => keys.iter().map(of).sum(),
            _ => 0,
        }
    }

    /// What is wrong with `answer`, if anything.
    fn fault(&self, answer: &Answer, today: Day) -> Option<ValueFault> {
        match (&self.kind, answer) {
            (FieldKind::Choice { .. }, Answer::Choice(key)) => {
                self.option(key).is_none().then_some(ValueFault::NotAnOption)
            }
            (FieldKind::Choices { options }, Answer::Choices(keys)) => {
                let known = keys.len() <= options.len() && keys.iter().all(|key| self.option(key).is_some());
                if keys.is_empty() && self.required {
                    return Some(ValueFault::Missing);
                }
                (!known).then_some(ValueFault::NotAnOption)
            }
            (FieldKind::Text { least, most }, Answer::Text(text)) => match text.trim().chars().count() {
                0 if self.required => Some(ValueFault::Missing),
                letters if letters > 0 && letters < *least => Some(ValueFault::TooShort(*least)),
                letters if letters > *most => Some(ValueFault::TooLong(*most)),
                _ => None,
            },
            (FieldKind::Number { least, most }, Answer::Number(number)) => {
                (!(least..=most).contains(&number)).then_some(ValueFault::OutOfRange(*least, *most))
            }
            (FieldKind::Date { future }, Answer::Date(day)) => {
                (!future && *day > today).then_some(ValueFault::InTheFuture)
            }
            (FieldKind::Photos { most }, Answer::Photos(photos)) => match photos.len() {
                0 if self.required => Some(ValueFault::Missing),
                count if count > *most => Some(ValueFault::TooMany(*most)),
                _ => None,
            },
            (FieldKind::Person, Answer::Person(_)) => None,
            _ => Some(ValueFault::NotAnOption),
        }
    }
}
