//! Moments, days and spans as people read them, in both languages. Numbers are grouped by `texts::group_digits`.
//!
//! What belongs here: how a value is written, when the words are not part of a sentence. Sentences belong to the
//! messages in `locales/`.

use base::{Day, Label, Moment};
use texts::Language;

use crate::Texts;

/// One minute in milliseconds.
const MINUTE: i64 = 60_000;
/// One hour in milliseconds.
const HOUR: i64 = 60 * MINUTE;
/// One day in milliseconds.
const DAY: i64 = 24 * HOUR;

/// What is said in both languages.
pub trait Worded {
    /// What it says in `language`.
    fn says(&self, language: Language) -> &str;
}

impl Worded for Label {
    fn says(&self, language: Language) -> &str {
        language.choose(&self.zh, &self.en)
    }
}

/// A number with its thousands grouped: 41,286.
pub fn number(value: impl std::fmt::Display) -> String {
    texts::group_digits(&value.to_string())
}

/// A share in percent with one decimal: 4.2%. A share of nothing is a dash.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "—".to_owned() } else { format!("{:.1}%", part as f64 / whole as f64 * 100.0) }
}

/// The time of day: 10:24.
pub fn time(at: Moment) -> String {
    let time = at.city_time();
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A day as it stands in tables: 11-14, or 2024-11-14 outside this year.
pub fn short_day(day: Day, today: Day) -> String {
    if day.year() == today.year() {
        format!("{:02}-{:02}", day.month(), day.day_of_month())
    } else {
        format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day_of_month())
    }
}

/// A day in full: 2024-11-14.
pub fn full_day(day: Day) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day_of_month())
}

/// A day in a sentence: 11 月 14 日, 14 November; with the year outside this year.
pub fn day(day: Day, today: Day, language: Language) -> String {
    let this_year = day.year() == today.year();
    let month = month_name(day.month());
    match (language, this_year) {
        (Language::Chinese, true) => format!("{} 月 {} 日", day.month(), day.day_of_month()),
        (Language::Chinese, false) => {
            format!("{} 年 {} 月 {} 日", day.year(), day.month(), day.day_of_month())
        }
        (Language::English, true) => format!("{} {month}", day.day_of_month()),
        (Language::English, false) => format!("{} {month} {}", day.day_of_month(), day.year()),
    }
}

/// A moment in a table or timeline: 10:24 today, else 11-14, or 2023-11-14.
pub fn when(at: Moment, now: Moment) -> String {
    let (day, today) = (at.day(), now.day());
    if day == today { time(at) } else { short_day(day, today) }
}

/// A moment in full: 2024-11-14 10:24.
pub fn full(at: Moment) -> String {
    format!("{} {}", full_day(at.day()), time(at))
}

/// A moment in a sentence, nearest first: 今日 17:30, 明日 12:00, 11 月 18 日.
pub fn near(at: Moment, now: Moment, language: Language) -> String {
    let words = Texts(language);
    let (then, today) = (at.day(), now.day());
    match then.days_since(today) {
        -1 => words.show_yesterday(time(at)),
        0 => words.show_today(time(at)),
        1 => words.show_tomorrow(time(at)),
        _ => day(then, today, language),
    }
}

/// A span as a clock shows it: 00:38:05, from a day on 1 天 02:14. Always positive.
pub fn span_exact(milliseconds: i64, language: Language) -> String {
    let seconds = milliseconds.unsigned_abs() / 1000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    if days > 0 {
        return Texts(language).show_days_and_time(days, format!("{hours:02}:{minutes:02}"));
    }
    format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
}

/// A span in its two largest units: 38 分, 3 时 12 分, 2 天 3 时.
pub fn span(milliseconds: i64, language: Language) -> String {
    let words = Texts(language);
    let milliseconds = milliseconds.abs();
    let (days, hours, minutes) =
        (milliseconds / DAY, milliseconds % DAY / HOUR, milliseconds % HOUR / MINUTE);
    match (days, hours, minutes) {
        (0, 0, minutes) => words.show_minutes(minutes),
        (0, hours, 0) => words.show_hours(hours),
        (0, hours, minutes) => words.show_hours_and_minutes(hours, minutes),
        (days, 0, _) => words.show_days(days),
        (days, hours, _) => words.show_days_and_hours(days, hours),
    }
}

/// The day of the week.
pub fn weekday(day: Day, language: Language) -> &'static str {
    let words = Texts(language);
    match day.0.weekday().to_monday_zero_offset() {
        0 => words.show_monday(),
        1 => words.show_tuesday(),
        2 => words.show_wednesday(),
        3 => words.show_thursday(),
        4 => words.show_friday(),
        5 => words.show_saturday(),
        _ => words.show_sunday(),
    }
}

fn month_name(month: i8) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: i16, month: i8, day: i8, hour: i64, minute: i64) -> Moment {
        Day::new(year, month, day).unwrap().start().plus_minutes(hour * 60 + minute)
    }

    #[test]
    fn moments_are_said_from_near_to_far() {
        let now = at(2024, 11, 14, 10, 24);
        let near = |moment, language| near(moment, now, language);
        assert_eq!(near(at(2024, 11, 14, 17, 30), Language::Chinese), "今日 17:30");
        assert_eq!(near(at(2024, 11, 15, 12, 0), Language::Chinese), "明日 12:00");
        assert_eq!(near(at(2024, 11, 18, 9, 0), Language::Chinese), "11 月 18 日");
        assert_eq!(near(at(2025, 1, 2, 9, 0), Language::Chinese), "2025 年 1 月 2 日");
        assert_eq!(near(at(2024, 11, 18, 9, 0), Language::English), "18 November");
        assert_eq!(when(at(2024, 11, 14, 7, 2), now), "07:02");
        assert_eq!(when(at(2024, 11, 5, 7, 2), now), "11-05");
        assert_eq!(when(at(2023, 11, 5, 7, 2), now), "2023-11-05");
    }

    #[test]
    fn spans_have_at_most_two_units() {
        assert_eq!(span_exact(38 * MINUTE + 5_000, Language::Chinese), "00:38:05");
        assert_eq!(span_exact(-(DAY + 2 * HOUR + 14 * MINUTE), Language::Chinese), "1 天 02:14");
        assert_eq!(span(38 * MINUTE, Language::Chinese), "38 分");
        assert_eq!(span(2 * DAY + 3 * HOUR, Language::Chinese), "2 天 3 时");
        assert_eq!(span(DAY, Language::English), "1 day");
        assert_eq!(span(3 * HOUR + 12 * MINUTE, Language::English), "3 h 12 min");
    }

    #[test]
    fn a_share_of_nothing_is_a_dash() {
        assert_eq!(share(19, 449), "4.2%");
        assert_eq!(share(0, 0), "—");
    }
}
