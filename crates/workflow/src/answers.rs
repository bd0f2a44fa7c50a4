//! What was answered to a form, and what is wrong with it, in words for the person who answers.

use std::collections::BTreeMap;

use base::{AttachmentId, Day, Label, PersonId, Severity};
use serde::{Deserialize, Serialize};

/// One answer. Its shape follows the kind of the field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Key of the chosen option.
    Choice(String),
    /// Keys of the chosen options, in the order of the form.
    Choices(Vec<String>),
    /// Text as it was written, trimmed.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A day.
    Date(Day),
    /// Photographs or documents that were uploaded before.
    Photos(Vec<AttachmentId>),
    /// A person of the master record.
    Person(PersonId),
}

/// Answers to a form, by the key of the field. What is not answered is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// Field to answer.
    pub values: BTreeMap<String, Answer>,
    /// A level that a person sets instead of the one that the points give.
    pub level: Option<LevelChoice>,
}

/// A level set by a person against the points, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelChoice {
    /// The level.
    pub severity: Severity,
    /// The reason in the person's words.
    pub reason: String,
}

impl Answers {
    /// Key of the option chosen in `field`, where that is a choice and answered.
    pub fn choice(&self, field: &str) -> Option<&str> {
        match self.values.get(field) {
            Some(Answer::Choice(key)) => Some(key),
            _ => None,
        }
    }

    /// The text written in `field`.
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.values.get(field) {
            Some(Answer::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Every attachment that an answer names.
    pub fn attachments(&self) -> impl Iterator<Item = AttachmentId> + '_ {
        self.values
            .values()
            .flat_map(|answer| match answer {
                Answer::Photos(photos) => photos.as_slice(),
                _ => &[],
            })
            .copied()
    }
}

/// Answers that may be handed in: complete, without what the form did not ask, with their score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// The answers to the fields that were shown.
    pub answers: Answers,
    /// Points and level, where the form has a scoring.
    pub score: Option<Score>,
}

/// What the points of a form come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Sum of the points of the chosen options.
    pub points: i32,
    /// The level that the table gives for the points.
    pub by_rule: Severity,
    /// The level that holds: the person's where one was set, else the table's.
    pub level: Severity,
}

/// What is wrong with the answer to one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// Key of the field; `_level` for the level set by a person.
    pub field: String,
    /// What is wrong.
    pub fault: ValueFault,
}

/// What can be wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueFault {
    /// The form has no such field.
    NoSuchField,
    /// A required field is not answered.
    Missing,
    /// The answer is not among the options.
    NotAnOption,
    /// The text has more letters than this.
    TooLong(usize),
    /// The text has fewer letters than this.
    TooShort(usize),
    /// The answer is no whole number.
    NotANumber,
    /// The number lies outside these bounds.
    OutOfRange(i64, i64),
    /// The answer is no day.
    NotADay,
    /// The day has not come yet.
    InTheFuture,
    /// More than this many were given.
    TooMany(usize),
    /// The answer names nothing that can be looked up.
    NotAnId,
    /// A level was set without a reason of at least this many letters.
    LevelNeedsReason(usize),
    /// This form's level cannot be set by hand.
    LevelIsFixed,
}

impl ValueFault {
    /// What happened and what to do, in both languages.
    pub fn message(&self) -> Label {
        match self {
            Self::NoSuchField => Label::new(
                "表单没有这一项，请刷新后重填",
                "The form has no such field. Reload it and fill it in again.",
            ),
            Self::Missing => Label::new("必填，请作答", "Required. Please answer."),
            Self::NotAnOption => {
                Label::new("不在可选范围，请重新选择", "Not one of the options. Choose again.")
            }
            Self::TooLong(most) => Label::new(
                format!("最多 {most} 字，请缩短"),
                format!("At most {most} characters. Shorten it."),
            ),
            Self::TooShort(least) => Label::new(
                format!("至少 {least} 字，请补充"),
                format!("At least {least} characters. Add to it."),
            ),
            Self::NotANumber => Label::new("请填整数", "Enter a whole number."),
            Self::OutOfRange(least, most) => Label::new(
                format!("应在 {least} 至 {most} 之间"),
                format!("Must lie between {least} and {most}."),
            ),
            Self::NotADay => {
                Label::new("日期读不出，请按 2026-11-24 填写", "Not a date. Write it as 2026-11-24.")
            }
            Self::InTheFuture => Label::new("日期还没到，请核对", "The date lies in the future. Check it."),
            Self::TooMany(most) => {
                Label::new(format!("最多 {most} 个，请删去几个"), format!("At most {most}. Remove some."))
            }
            Self::NotAnId => {
                Label::new("所选已不存在，请重新选择", "What was chosen no longer exists. Choose again.")
            }
            Self::LevelNeedsReason(least) => Label::new(
                format!("改定级别须写明理由，至少 {least} 字"),
                format!("A changed level needs a reason of at least {least} characters."),
            ),
            Self::LevelIsFixed => Label::new(
                "本表级别由得分决定，不能改定",
                "The level of this form follows the points and cannot be set.",
            ),
        }
    }
}
