//! Reading a day from a cell, in the notations that Chinese spreadsheets carry.
//!
//! Never guesses: what can mean two days, or only a month, is said to be so, and the caller decides whether that is
//! enough for it.

use crate::notation::{cell_text, chinese_number};

use super::Day;

/// What a cell says about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayReading {
    /// Nothing is written.
    Empty,
    /// One day, beyond doubt.
    Day(Day),
    /// A month only (`2013年3月`).
    Month {
        /// The year.
        year: i16,
        /// The month, 1 to 12.
        month: i8,
    },
    /// A year only (`2013`).
    Year {
        /// The year.
        year: i16,
    },
    /// It can mean more than one day: a year of two digits, day and month that can be swapped, no year, a lunar date.
    Ambiguous,
    /// It has the form of a day that the calendar does not have (30 February, month 13).
    Impossible,
    /// It is no day at all.
    Unreadable,
}

impl DayReading {
    /// The day, when there is one beyond doubt.
    pub fn day(self) -> Option<Day> {
        match self {
            Self::Day(day) => Some(day),
            _ => None,
        }
    }
}

/// Years that a four-digit number is read as.
const YEARS: std::ops::RangeInclusive<u32> = 1800..=2199;
/// Longest text looked at, in bytes: no notation of a day with time and weekday is longer.
const LONGEST_BYTES: usize = 80;

/// Reads a day: `2013-3-6`, `2013/03/06`, `2013.3.6`, `20130306`, `2013年3月6日`, `二〇一三年三月六日`, `6-Mar-2013`,
/// day-first and month-first forms when only one is possible, spreadsheet serials (`45609`), each with a time or
/// weekday behind it. Full-width characters and spaces do not matter.
pub fn read_day(text: &str) -> DayReading {
    let text = cell_text(text);
    // A stroke of the pen behind a day is none of it: `2013.3.6.`.
    let text = text.trim_end_matches(['.', '。', '、', ',', ';']).trim_end();
    if text.is_empty() {
        return DayReading::Empty;
    }
    if text.len() > LONGEST_BYTES {
        return DayReading::Unreadable;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return read_digits(text);
    }
    if ["农历", "阴历", "旧历", "正月", "腊月", "闰", "初"].iter().any(|mark| text.contains(mark))
    {
        return DayReading::Ambiguous;
    }
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return read_parts(text);
    }
    let spelled = spelled_in_digits(text);
    read_parts(&spelled)
}

/// A number without any separator: a compact date, a month, a year, or a spreadsheet's serial.
fn read_digits(text: &str) -> DayReading {
    let number =
        |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    match text.len() {
        4 if YEARS.contains(&number(0, 4)) => DayReading::Year { year: year_of(number(0, 4)) },
        5 => serial(number(0, 5)),
        6 => {
            let as_month = YEARS.contains(&number(0, 4)) && (1..=12).contains(&number(4, 6));
            let as_short_year = valid(2000 + number(0, 2), number(2, 4), number(4, 6)).is_some();
            match (as_month, as_short_year) {
                (true, false) => {
                    DayReading::Month { year: year_of(number(0, 4)), month: small(number(4, 6)) }
                }
                (_, true) => DayReading::Ambiguous,
                (false, false) => DayReading::Unreadable,
            }
        }
        8 | 12 | 14 => {
            if YEARS.contains(&number(0, 4)) {
                day_or_impossible(number(0, 4), number(4, 6), number(6, 8))
            } else if text.len() == 8 && YEARS.contains(&number(4, 8)) {
                two_orders(number(0, 2), number(2, 4), number(4, 8))
            } else {
                DayReading::Unreadable
            }
        }
        _ => DayReading::Unreadable,
    }
}

/// Days since 1899-12-30, as spreadsheets count from March 1900 on. From 1927 to 2099: shorter numbers are years.
fn serial(number: u32) -> DayReading {
    let in_range = (10_000..=73_050).contains(&number);
    let day = i32::try_from(number).ok().and_then(|number| Day::from_number(number - 25_569));
    day.filter(|_| in_range).map_or(DayReading::Unreadable, DayReading::Day)
}

/// Up to three numbers with what stands after each: `2013`·`年`, `3`·`月`, `6`·`日 08:00`.
fn read_parts(text: &str) -> DayReading {
    let Some((first, first_digits, after_first)) = leading_number(text) else {
        return DayReading::Unreadable;
    };
    let Some((second, second_digits, after_second)) = after_separator(after_first).and_then(leading_number)
    else {
        return if matches!(after_first.trim(), "年") && first_digits == 4 {
            DayReading::Year { year: year_of(first) }
        } else if first_digits == 8 && is_time_or_weekday(after_first) {
            text.get(..8).map_or(DayReading::Unreadable, read_digits)
        } else {
            DayReading::Unreadable
        };
    };
    if first_digits == 5 && after_first.starts_with('.') && after_second.is_empty() {
        return serial(first);
    }
    // A time right behind a compact date: `20130306 08:00`.
    if first_digits == 8 && is_time_or_weekday(after_first) {
        return text.get(..8).map_or(DayReading::Unreadable, read_digits);
    }
    let Some((third, third_digits, rest)) = after_separator(after_second).and_then(leading_number) else {
        return read_two(after_first, (first, first_digits), (second, second_digits), after_second);
    };
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(['日', '号']).unwrap_or(rest);
    if !is_time_or_weekday(rest) || second_digits > 2 {
        return DayReading::Unreadable;
    }
    let reading = match (first_digits, third_digits) {
        (4, 1 | 2) => day_or_impossible(first, second, third),
        (1 | 2, 4) => two_orders(first, second, third),
        (1 | 2, 1 | 2) => short_year(first, second, third),
        _ => DayReading::Unreadable,
    };
    match reading {
        DayReading::Day(day) if is_evening_in_utc(rest) => DayReading::Day(day.tomorrow()),
        other => other,
    }
}

/// Two numbers only: a month of a year, or a day without a year.
fn read_two(separator: &str, first: (u32, usize), second: (u32, usize), rest: &str) -> DayReading {
    let rest = rest.trim();
    let month_of = |year: u32, month: u32| match (YEARS.contains(&year), (1..=12).contains(&month)) {
        (true, true) => DayReading::Month { year: year_of(year), month: small(month) },
        (true, false) => DayReading::Impossible,
        (false, _) => DayReading::Unreadable,
    };
    match (first.1, second.1, rest) {
        (4, 1 | 2, "" | "月" | "月份") => month_of(first.0, second.0),
        (1 | 2, 4, "" | "年") => month_of(second.0, first.0),
        (1 | 2, 1 | 2, "" | "日" | "号") => {
            // 2012 is a leap year: what it does not have, no year has.
            let month_first = valid(2012, first.0, second.0).is_some();
            let day_first =
                !separator.trim_start().starts_with('月') && valid(2012, second.0, first.0).is_some();
            if month_first || day_first { DayReading::Ambiguous } else { DayReading::Impossible }
        }
        (1 | 2, 1 | 2, "月") => DayReading::Ambiguous,
        _ => DayReading::Unreadable,
    }
}

/// Day and month before a year: certain only if one order is impossible, or both say the same.
fn two_orders(first: u32, second: u32, year: u32) -> DayReading {
    if !YEARS.contains(&year) {
        return DayReading::Unreadable;
    }
    match (valid(year, first, second), valid(year, second, first)) {
        (Some(one), Some(other)) if one == other => DayReading::Day(one),
        (Some(_), Some(_)) => DayReading::Ambiguous,
        (Some(day), None) | (None, Some(day)) => DayReading::Day(day),
        (None, None) => DayReading::Impossible,
    }
}

/// Three short numbers: the year has two digits, so that its century, and often its place, is open.
fn short_year(first: u32, second: u32, third: u32) -> DayReading {
    let possible = valid(2000 + first, second, third).is_some()
        || valid(2000 + third, first, second).is_some()
        || valid(2000 + third, second, first).is_some();
    if possible { DayReading::Ambiguous } else { DayReading::Impossible }
}

fn day_or_impossible(year: u32, month: u32, day: u32) -> DayReading {
    if !YEARS.contains(&year) {
        return DayReading::Impossible;
    }
    valid(year, month, day).map_or(DayReading::Impossible, DayReading::Day)
}

fn valid(year: u32, month: u32, day: u32) -> Option<Day> {
    Day::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

fn year_of(year: u32) -> i16 {
    i16::try_from(year).unwrap_or(i16::MAX)
}

fn small(number: u32) -> i8 {
    i8::try_from(number).unwrap_or(i8::MAX)
}

/// The number that `text` begins with, how many digits it has (at most 8), and what follows.
fn leading_number(text: &str) -> Option<(u32, usize, &str)> {
    let text = text.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 8 {
        return None;
    }
    Some((text.get(..digits)?.parse().ok()?, digits, text.get(digits..)?))
}

/// What follows one separator between the numbers of a date, or `None` when no separator stands there.
fn after_separator(text: &str) -> Option<&str> {
    let trimmed = text.trim_start();
    let after = trimmed
        .strip_prefix(['-', '/', '.', '年', '月', '、', ',', '\\', '_', '—', '–', '−', '‐', '·', '。']);
    match after {
        Some(after) => Some(after),
        None if trimmed.len() < text.len() => Some(trimmed),
        None => None,
    }
}

/// Whether `text` is nothing, a time of day, a weekday, or a word that belongs to a birth date.
fn is_time_or_weekday(text: &str) -> bool {
    let text = text.trim();
    let known = |character: char| {
        character.is_ascii_digit()
            || matches!(character, ':' | '.' | '+' | '-' | ' ' | 'T' | 't' | 'Z' | 'z' | '(' | ')' | ',')
            || matches!(character, 'A' | 'P' | 'M' | 'a' | 'p' | 'm')
            || "时点分秒上下午早晚凌晨中星期周一二三四五六七日天出生".contains(character)
    };
    if !text.chars().all(known) || text.starts_with(['-', '.', '+', '日']) {
        return false;
    }
    // A time has a colon, or says 时 or 点; digits without either are something else.
    !text.bytes().any(|byte| byte.is_ascii_digit()) || text.contains([':', '时', '点'])
}

/// Whether the time is given in UTC and lies after 16:00, when the next day has begun in China: web exports write
/// a local midnight as `2013-03-05T16:00:00.000Z`.
fn is_evening_in_utc(time: &str) -> bool {
    let Some(time) = time.trim().strip_prefix(['T', 't']) else { return false };
    time.ends_with(['Z', 'z'])
        && time.get(..2).and_then(|hour| hour.parse::<u32>().ok()).is_some_and(|hour| hour >= 16)
}

/// Months as English exports write them.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Chinese numerals before 年, 月, 日, 号 and English months, written in digits; everything else as it is.
fn spelled_in_digits(text: &str) -> String {
    if text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return english_in_digits(text);
    }
    let mut spelled = String::with_capacity(text.len());
    let mut numerals = String::new();
    for character in text.chars() {
        let is_numeral = "〇零○◯一二三四五六七八九十廿卅元两壹贰叁肆伍陆柒捌玖拾".contains(character);
        if is_numeral {
            numerals.push(character);
            continue;
        }
        if !numerals.is_empty() {
            match chinese_number(&numerals).filter(|_| matches!(character, '年' | '月' | '日' | '号')) {
                Some(number) => spelled.push_str(&number.to_string()),
                None => spelled.push_str(&numerals),
            }
            numerals.clear();
        }
        spelled.push(character);
    }
    spelled.push_str(&numerals);
    spelled
}

/// `6-Mar-2013`, `Mar 6, 2013` as `2013-3-6`; anything else as it is.
fn english_in_digits(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let month_of = |word: &str| {
        let start = word.get(..3)?.to_ascii_lowercase();
        let all_letters = word.bytes().all(|byte| byte.is_ascii_alphabetic());
        MONTHS.iter().position(|month| all_letters && *month == start).map(|place| place + 1)
    };
    let (day, month, year) = match words.as_slice() {
        [first, second, year] | [first, second, year, "00", ..] => {
            match (month_of(first), month_of(second)) {
                (Some(month), None) => (*second, month, *year),
                (None, Some(month)) => (*first, month, *year),
                _ => return text.to_owned(),
            }
        }
        _ => return text.to_owned(),
    };
    if year.len() == 4 { format!("{year}-{month}-{day}") } else { format!("{day}-{month}-{year}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i16, month: i8, day: i8) -> DayReading {
        DayReading::Day(Day::new(year, month, day).unwrap())
    }

    #[test]
    fn one_day_in_every_notation() {
        for text in [
            "2013-3-6",
            "2013-03-06",
            "2013/03/06",
            "2013.3.6",
            "2013．3．6",
            "20130306",
            "2013年3月6日",
            "2013年03月06号",
            "二〇一三年三月六日",
            "二零一三年三月六日",
            "２０１３－０３－０６",
            "2013 年 3 月 6 日",
            " 2013-3-6 ",
            "2013-03-06 00:00:00",
            "2013-03-06T00:00:00",
            "2013/3/6 8:05",
            "2013-03-05T16:00:00.000Z",
            "20130306080000",
            "20130306 08:00",
            "2013年3月6日星期三",
            "2013-3-6(周三)",
            "2013年3月6日出生",
            "2013、3、6",
            "2013—3—6",
            "'2013-3-6",
            "6-Mar-2013",
            "Mar 6, 2013",
            "2013 3 6",
            "41339",
            "41339.5",
            "2013年3月6日 上午9时05分",
            "2013\\3\\6",
            "2013年3月6",
            "2013.3.6.",
            "2013年3月6日。",
            "2013-03-06\u{a0}",
        ] {
            assert_eq!(read_day(text), day(2013, 3, 6), "{text}");
        }
        assert_eq!(read_day("二〇一二年十二月二十五日"), day(2012, 12, 25));
        assert_eq!(read_day("13/3/2013"), day(2013, 3, 13));
        assert_eq!(read_day("3/13/2013"), day(2013, 3, 13));
        assert_eq!(read_day("6/6/2013"), day(2013, 6, 6));
        assert_eq!(read_day("45609"), day(2024, 11, 13));
    }

    #[test]
    fn what_is_not_one_day_says_why() {
        for text in [
            "13.3.6",
            "13-03-06",
            "130306",
            "3/6/2013",
            "3月6日",
            "13年3月6日",
            "农历2013年二月初六",
            "200612",
            "6-Mar-13",
            "03-06",
        ] {
            assert_eq!(read_day(text), DayReading::Ambiguous, "{text}");
        }
        for text in [
            "2013-2-30",
            "2013年2月30日",
            "2月30日",
            "2024-13-11",
            "20130230",
            "2013-0-6",
            "2013-3-0",
            "31/31/2013",
            "0000-00-00",
            "2013-13",
        ] {
            assert_eq!(read_day(text), DayReading::Impossible, "{text}");
        }
        for text in [
            "待核",
            "不详",
            "2013-3-6-7",
            "2013.3.6-2013.5.6",
            "abc",
            "1",
            "123456789",
            "4.40305E+17",
            "#REF!",
            "三年级",
            "2013-3-6 张三",
            "12天",
        ] {
            assert_eq!(read_day(text), DayReading::Unreadable, "{text}");
        }
        assert_eq!(read_day("2013年3月"), DayReading::Month { year: 2013, month: 3 });
        assert_eq!(read_day("2013-03"), DayReading::Month { year: 2013, month: 3 });
        assert_eq!(read_day("201303"), DayReading::Month { year: 2013, month: 3 });
        assert_eq!(read_day("2013"), DayReading::Year { year: 2013 });
        assert_eq!(read_day("2013年"), DayReading::Year { year: 2013 });
        assert_eq!(read_day("  "), DayReading::Empty);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,40}") {
            read_day(&text);
        }

        #[test]
        fn date_like_text_is_read_without_a_panic(text in "[0-9年月日./: TZ号-]{0,20}") {
            read_day(&text);
        }

        #[test]
        fn every_day_survives_its_usual_notations(number in -40_000_i32..60_000) {
            let day = Day::from_number(number).unwrap();
            let (year, month, date) = (day.year(), day.month(), day.day_of_month());
            for text in [day.to_string(), format!("{year}/{month}/{date}"), format!("{year}年{month}月{date}日"), format!("{year}{month:02}{date:02}")] {
                prop_assert_eq!(read_day(&text), DayReading::Day(day));
            }
        }
    }
}
