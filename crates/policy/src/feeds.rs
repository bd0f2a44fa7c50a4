//! Feeds as data: what a department's spreadsheet is called, what its columns mean, what identifies a row, and
//! which indicators follow from it (`feeds/*.toml`).
//!
//! What belongs here: the description and its check. How a file is read by it is `people`'s (`people::reading`).

use std::collections::HashMap;

use base::{AreaLevel, Label};
use rules::{Dated, Fault};

mod heading;
mod parse;

pub use heading::{Heading, names_somebody_else};

/// A described source of rows.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Its name in commands, tables and addresses: `grid`.
    pub key: String,
    /// Its name on screen.
    pub label: Label,
    /// The department that delivers it.
    pub department: Label,
    /// Whether a delivery is the whole list.
    pub completeness: Completeness,
    /// Whether its rows are members of households, so that each must tell its household.
    pub by_household: bool,
    /// The greatest age in years that a person of this feed can have; somebody older is there by a number that is
    /// not theirs. `None` when people of any age are listed.
    pub oldest_years: Option<i32>,
    /// Its columns, in the order in which they are offered to a person who maps a file by hand.
    pub columns: Vec<Column>,
    /// The indicators that its rows yield.
    pub indicators: Vec<IndicatorRule>,
    /// Words that stand for "none" in this feed beside those that do everywhere.
    pub none_words: Vec<String>,
    /// Labels of empty homes in this feed beside those known everywhere.
    pub empty_home_words: Vec<String>,
    /// Since when the description holds, and who says so.
    pub dated: Dated,
    /// The description as it was written, to be read again by whoever goes on with a delivery of the feed.
    pub description: String,
    /// Normal form of a heading to the column that bears it.
    by_heading: HashMap<String, usize>,
}

/// Whether a delivery names every row that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Completeness {
    /// Every row: what is not in it any more is gone.
    Full,
    /// What changed: nothing is ever gone.
    Changes,
}

/// One column of a feed.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name in data: `last_absent_on`. Changing it makes every row of the feed an updated one.
    pub key: String,
    /// Its name on screen.
    pub label: Label,
    /// What its cells hold.
    pub meaning: Meaning,
    /// Whom or what they are about.
    pub subject: Subject,
    /// Whether a row whose cell is empty or unreadable is rejected, and a file without the column refused.
    pub required: bool,
    /// Whether it is the starred key: what identifies a row of the feed, once for each delivery.
    pub starred: bool,
    /// Headings that it bears in files, as written in the description.
    pub headings: Vec<String>,
    /// Words by which a heading that is not listed is still recognised.
    pub contains: Vec<String>,
}

/// Whom or what a column is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The person whose row it is: 本人.
    Person,
    /// Whoever looks after the person: 监护人.
    Guardian,
    /// 父亲
    Father,
    /// 母亲
    Mother,
    /// The head of the household: 户主.
    Head,
    /// The household registration: 户籍.
    Registration,
    /// The school.
    School,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A person's name.
    Name,
    /// An identity document's number.
    IdentityNumber,
    /// A date of birth.
    Birth,
    /// Sex.
    Sex,
    /// One or more phones.
    Phone,
    /// How the guardian is related to the person: 父亲, 祖母.
    Kinship,
    /// An address as one text.
    Address,
    /// The name or code of an area of one level.
    Area(AreaLevel),
    /// School.
    School,
    /// Grade.
    Grade,
    /// Class, perhaps with its grade.
    Class,
    /// School, grade and class in one cell.
    SchoolAndClass,
    /// The number of the household.
    Household,
    /// The person's relation to the head of the household: 户主, 子, 孙女.
    Relation,
    /// The number of a line, which means nothing and may change with every delivery.
    Serial,
    /// A day on which something happened (a call, a visit, an absence): never in the future.
    EventDay,
    /// Any other day.
    Day,
    /// A whole number within bounds.
    Number {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// Yes or no.
    Flag,
    /// One of some words, by their codes.
    Choice(Vec<Choice>),
    /// Any text, kept as it is.
    Text,
}

/// A word that a choice can take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its code in data.
    pub code: String,
    /// Ways in which files write it.
    pub words: Vec<String>,
}

/// An indicator that a row yields when all its conditions hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorRule {
    /// Which fact it is: `disabled`. Rules of screening name it.
    pub kind: String,
    /// Its name on screen.
    pub label: Label,
    /// What must hold; at least one.
    pub conditions: Vec<Condition>,
    /// Index of the column that holds its day. Without one, or without a usable day in it, it has none.
    pub day: Option<usize>,
    /// Index of the column that holds its number.
    pub number: Option<usize>,
}

/// A condition on one column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Index of the column.
    pub column: usize,
    /// What must hold of it.
    pub test: Test,
}

/// What must hold of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It says yes.
    Yes,
    /// It holds a usable value.
    Filled,
    /// Its choice is one of these codes.
    Is(Vec<String>),
    /// One of the labels in its text contains one of these words, without a "not" before it.
    Mentions(Vec<String>),
    /// Its number lies within bounds.
    Between {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
}

impl Feed {
    /// Reads the description of a feed.
    ///
    /// # Errors
    /// Every fault of the file, each with its line and mend.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        parse::parse(text)
    }

    /// The index of the column with this key.
    pub fn index_of(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// The index of the column of this meaning about this subject.
    pub fn find(&self, subject: Subject, meaning: &Meaning) -> Option<usize> {
        self.columns.iter().position(|column| column.subject == subject && column.meaning == *meaning)
    }

    /// The index of the column that bears `heading`: by one of its headings first, then by a word in it.
    pub fn column_for(&self, heading: &Heading) -> Option<usize> {
        self.named(heading).or_else(|| self.resembling(heading))
    }

    /// The index of the column of which `heading` is one of the headings.
    pub fn named(&self, heading: &Heading) -> Option<usize> {
        heading.forms().find_map(|form| self.by_heading.get(form)).copied()
    }

    /// The index of the column one of whose words stands in `heading`, unless it is about something beside it: 身份证有效期 is
    /// no number.
    pub fn resembling(&self, heading: &Heading) -> Option<usize> {
        // A sentence that mentions a column is none: 请逐行填写姓名和身份证号.
        if heading
            .forms()
            .map(|form| form.chars().count())
            .min()
            .is_none_or(|length| length > LONGEST_HEADING)
        {
            return None;
        }
        let about_others = names_somebody_else(heading.whole());
        self.columns.iter().position(|column| {
            let word = column.contains.iter().find(|word| heading.whole().contains(word.as_str()));
            let fits = word.is_some_and(|word| !is_beside(&heading.whole().replacen(word.as_str(), "", 1)));
            fits && (!about_others || !matches!(column.subject, Subject::Person | Subject::School))
        })
    }

    /// The index of the starred key column.
    pub fn starred(&self) -> Option<usize> {
        self.columns.iter().position(|column| column.starred)
    }
}

/// Most characters of a heading, without its remark in brackets, that is recognised by a word in it.
const LONGEST_HEADING: usize = 12;

/// What is left of a heading without the word by which it was recognised, when it is about something beside the value.
fn is_beside(rest: &str) -> bool {
    const BESIDE: [&str; 18] = [
        "是否",
        "有无",
        "有效期",
        "类型",
        "类别",
        "种类",
        "状态",
        "机关",
        "照片",
        "复印",
        "归属",
        "备注",
        "说明",
        "原因",
        "日期",
        "拼音",
        "英文",
        "曾用",
    ];
    // An address beside a number (身份证地址, 电话地址).
    BESIDE.iter().any(|word| rest.contains(word)) || rest.ends_with("地址")
}

impl Meaning {
    /// Its name in descriptions.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::IdentityNumber => "identity_number",
            Self::Birth => "birth",
            Self::Sex => "sex",
            Self::Phone => "phone",
            Self::Kinship => "kinship",
            Self::Address => "address",
            Self::Area(AreaLevel::City) => "city",
            Self::Area(AreaLevel::District) => "district",
            Self::Area(AreaLevel::Subdistrict) => "subdistrict",
            Self::Area(AreaLevel::Community) => "community",
            Self::School => "school",
            Self::Grade => "grade",
            Self::Class => "class",
            Self::SchoolAndClass => "school_and_class",
            Self::Household => "household",
            Self::Relation => "relation",
            Self::Serial => "serial",
            Self::EventDay => "event_day",
            Self::Day => "day",
            Self::Number { .. } => "number",
            Self::Flag => "flag",
            Self::Choice(_) => "choice",
            Self::Text => "text",
        }
    }
}

impl Completeness {
    /// Its name in descriptions and tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Changes => "changes",
        }
    }
}

#[cfg(test)]
mod tests;
