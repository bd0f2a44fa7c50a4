//! Columns that fill no field of the person (days, numbers, flags, choices, texts), and the indicators that follow.

use base::notation::{chinese_number, half_width};
use base::{Day, DayReading, mask};
use policy::feeds::{Choice, Condition, Meaning, Test};
use sheets::{CellKind, Row};

use super::Indicator;
use super::codes::{RejectionCode, WarningCode};
use super::plan::At;
use super::row::{Draft, RowReader, warn};

/// A usable value of such a column.
#[derive(Debug, Clone, PartialEq, Eq)]
enum PlainValue {
    Day(Day),
    Number(i64),
    Flag(bool),
    Choice(String),
    Text(String),
}

/// The values of a row, by the feed's column.
type PlainValues = Vec<(usize, PlainValue)>;

impl RowReader<'_> {
    pub(super) fn read_plain(&self, row: &Row, draft: &mut Draft) {
        let mut values: PlainValues = Vec::with_capacity(self.plan.plain.len());
        for at in &self.plan.plain {
            let Some(column) = self.feed.columns.get(at.feed) else { continue };
            let Some((text, kind, at)) = self.value(row, Some(*at), draft) else { continue };
            let value = match &column.meaning {
                Meaning::EventDay => self.read_event(row, (&text, kind), at, draft).map(PlainValue::Day),
                Meaning::Day => self.read_plain_day((&text, kind), at, draft).map(PlainValue::Day),
                Meaning::Number { least, most } => {
                    let number = read_number(&text).filter(|number| (*least..=*most).contains(number));
                    if number.is_none() {
                        warn(draft, at, WarningCode::NumberUnreadable, mask::text(&text));
                    }
                    number.map(PlainValue::Number)
                }
                Meaning::Flag => read_flag(&text).map(PlainValue::Flag),
                Meaning::Choice(choices) => read_choice(&text, choices).map(PlainValue::Choice),
                _ => Some(PlainValue::Text(text.into_owned())),
            };
            values.extend(value.map(|value| (at.feed, value)));
        }
        self.derive(&values, draft);
    }

    /// The day of an event; one that does not exist or is still to come sets the row aside.
    fn read_event(
        &self,
        row: &Row,
        (text, kind): (&str, CellKind),
        at: At,
        draft: &mut Draft,
    ) -> Option<Day> {
        let month = (self.today.year(), self.today.month());
        let code = match self.day_of(text, kind) {
            DayReading::Day(day) if day > self.today => RejectionCode::EventFuture,
            DayReading::Month { year, month: of_year } if (year, of_year) > month => {
                RejectionCode::EventFuture
            }
            DayReading::Year { year } if year > month.0 => RejectionCode::EventFuture,
            DayReading::Impossible => RejectionCode::EventImpossible,
            reading => return day_or_warning(reading, text, at, draft),
        };
        draft.reject(self.place(row), Some(at.column()), code, shown(text));
        None
    }

    fn read_plain_day(&self, (text, kind): (&str, CellKind), at: At, draft: &mut Draft) -> Option<Day> {
        match self.day_of(text, kind) {
            DayReading::Day(day) if day > self.today => {
                warn(draft, at, WarningCode::DayFuture, shown(text));
                None
            }
            reading => day_or_warning(reading, text, at, draft),
        }
    }

    /// The indicators whose conditions hold; of one kind the first.
    fn derive(&self, values: &PlainValues, draft: &mut Draft) {
        for rule in &self.feed.indicators {
            let holds = rule.conditions.iter().all(|condition| holds(condition, values));
            if !holds || draft.indicators.iter().any(|known| known.kind == rule.kind) {
                continue;
            }
            let day = rule.day.and_then(|column| match value_of(values, column) {
                Some(PlainValue::Day(day)) => Some(*day),
                _ => None,
            });
            let number = rule.number.and_then(|column| match value_of(values, column) {
                Some(PlainValue::Number(number)) => Some(*number),
                _ => None,
            });
            draft.indicators.push(Indicator { kind: rule.kind.clone(), day, number });
        }
    }
}

/// The day, or a warning why there is none.
fn day_or_warning(reading: DayReading, text: &str, at: At, draft: &mut Draft) -> Option<Day> {
    let (code, value) = match reading {
        DayReading::Empty => return None,
        DayReading::Day(day) => return Some(day),
        DayReading::Month { .. } | DayReading::Year { .. } => (WarningCode::DayIncomplete, shown(text)),
        DayReading::Ambiguous => (WarningCode::DayAmbiguous, shown(text)),
        DayReading::Impossible => (WarningCode::DayImpossible, shown(text)),
        DayReading::Unreadable => (WarningCode::DayUnreadable, mask::text(text)),
    };
    warn(draft, at, code, value);
    None
}

fn value_of(values: &PlainValues, column: usize) -> Option<&PlainValue> {
    values.iter().find(|(index, _)| *index == column).map(|(_, value)| value)
}

fn holds(condition: &Condition, values: &PlainValues) -> bool {
    let value = value_of(values, condition.column);
    match (&condition.test, value) {
        (Test::Filled, value) => value.is_some(),
        (Test::Yes, Some(PlainValue::Flag(flag))) => *flag,
        (Test::Is(codes), Some(PlainValue::Choice(code))) => codes.contains(code),
        (Test::Between { least, most }, Some(PlainValue::Number(number))) => {
            (*least..=*most).contains(number)
        }
        (Test::Mentions(words), Some(PlainValue::Text(text))) => mentions(text, words),
        _ => false,
    }
}

/// Whether one of the labels in a text contains one of the words, with no "not" in that label before it.
fn mentions(text: &str, words: &[String]) -> bool {
    text.split(['、', ',', ';', '/', '|', ' ', '\n', '。', '+']).any(|label| {
        words.iter().any(|word| {
            label.find(word.as_str()).is_some_and(|place| {
                let before = label.get(..place).unwrap_or_default();
                !["非", "不", "无", "否", "未", "没"].iter().any(|not| before.contains(not))
            })
        })
    })
}

/// A day as it is shown in a message: it is nobody's birth date, so it stays readable.
fn shown(text: &str) -> String {
    text.chars().take(24).collect()
}

/// A whole number: `12`, `12天`, `12.0`, `１２`, `十二`, `二级`, `1,200`, `Ⅱ`.
fn read_number(text: &str) -> Option<i64> {
    let full = half_width(text);
    let text = full
        .trim()
        .trim_start_matches(['约', '共', '第'])
        .trim_end_matches(['天', '日', '次', '级', '岁', '节', '人', '个', ' ']);
    let digits: String = text.chars().filter(|character| *character != ',').collect();
    let whole = digits
        .split_once('.')
        .filter(|(_, decimals)| decimals.bytes().all(|byte| byte == b'0'))
        .map_or(digits.as_str(), |(whole, _)| whole);
    if let Ok(number) = whole.parse() {
        return Some(number);
    }
    if let Some(roman) = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"].iter().position(|roman| *roman == whole) {
        return i64::try_from(roman + 1).ok();
    }
    if let Some(number) = chinese_number(whole) {
        return Some(i64::from(number));
    }
    // 三级(中度), 肢体二级: the one numeral before 级.
    let (before, _) = full.split_once('级')?;
    let last = before.chars().last()?;
    last.to_digit(10).or_else(|| base::notation::chinese_digit(last)).map(i64::from)
}

/// Yes or no. `None` when it says neither.
fn read_flag(text: &str) -> Option<bool> {
    Some(match text {
        "是" | "有" | "对" | "1" | "1.0" | "Y" | "y" | "YES" | "Yes" | "yes" | "TRUE" | "true" | "√"
        | "✓" | "✔" | "☑" | "T" | "1-是" => true,
        "否" | "不是" | "没" | "0" | "0.0" | "N" | "n" | "NO" | "No" | "no" | "FALSE" | "false" | "☐"
        | "F" | "0-否" | "2-否" => false,
        other => match (
            other.starts_with('是') || other.starts_with('有'),
            other.starts_with('否') || other.starts_with('非') || other.starts_with('不'),
        ) {
            (true, false) => true,
            (false, true) => false,
            // A column 是否留守 may say 留守.
            _ if ["留守", "流动", "独居", "辍学", "失学"].iter().any(|word| other.starts_with(word)) => {
                true
            }
            _ => return None,
        },
    })
}

/// The choice that a cell names: by a whole word, else by the longest word in it.
fn read_choice(text: &str, choices: &[Choice]) -> Option<String> {
    let whole = choices.iter().find(|choice| choice.words.iter().any(|word| word == text));
    let within = || {
        choices
            .iter()
            .flat_map(|choice| choice.words.iter().map(move |word| (word, choice)))
            .filter(|(word, _)| word.chars().count() > 1 && text.contains(word.as_str()))
            .max_by_key(|(word, _)| word.len())
            .map(|(_, choice)| choice)
    };
    whole.or_else(within).map(|choice| choice.code.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, number) in [
            ("12", 12),
            ("12天", 12),
            ("１２", 12),
            ("12.0", 12),
            ("十二", 12),
            ("二级", 2),
            ("Ⅱ", 2),
            ("三级(中度)", 3),
            ("肢体二级", 2),
            ("约3天", 3),
        ] {
            assert_eq!(read_number(text), Some(number), "{text}");
        }
        for text in ["", "12.5", "很多", "3-5", "天"] {
            assert_eq!(read_number(text), None, "{text}");
        }
    }

    #[test]
    fn a_label_with_not_before_it_does_not_count() {
        let words = ["留守".to_owned()];
        for text in ["留守儿童", "低保、留守", "农村留守儿童"] {
            assert!(mentions(text, &words), "{text}");
        }
        for text in ["非留守儿童", "不是留守", "低保", "无留守情况"] {
            assert!(!mentions(text, &words), "{text}");
        }
        assert!(mentions("非低保,留守", &words));
    }

    #[test]
    fn flags_and_choices() {
        assert_eq!(
            (read_flag("是"), read_flag("否"), read_flag("√"), read_flag("留守"), read_flag("也许")),
            (Some(true), Some(false), Some(true), Some(true), None)
        );
        let choices = [
            Choice { code: "registered".into(), words: vec!["户籍".into()] },
            Choice { code: "habitual".into(), words: vec!["非户籍".into()] },
        ];
        assert_eq!(read_choice("非户籍人口", &choices).as_deref(), Some("habitual"));
        assert_eq!(read_choice("户籍", &choices).as_deref(), Some("registered"));
        assert_eq!(read_choice("x", &choices), None);
    }
}
