//! Birth dates. Typical faults: day and month turned round, one digit mistyped, the lunar date written as a solar one
//! (it is 18 to 51 days earlier, and the calendar says by how many), the first of January for a date that nobody knew, the year counted in the old way.

use super::{Relations, SAME, Tests};
use crate::read::{PartialDay, lunar};

const SWAPPED: Relations = 1 << 1;
const ONE_DIGIT: Relations = 1 << 2;
const NEW_YEARS_DAY: Relations = 1 << 3;
const PARTIAL: Relations = 1 << 4;
const NEXT_YEAR: Relations = 1 << 5;
const SAME_MONTH: Relations = 1 << 6;
const LUNAR_DISTANCE: Relations = 1 << 7;
const SAME_YEAR: Relations = 1 << 8;
const LUNAR: Relations = 1 << 9;

pub(super) const TESTS: Tests = &[
    ("exact", SAME),
    ("swapped", SWAPPED),
    ("one_digit", ONE_DIGIT),
    ("new_years_day", NEW_YEARS_DAY),
    ("partial", PARTIAL),
    ("next_year", NEXT_YEAR),
    ("same_month", SAME_MONTH),
    ("lunar", LUNAR),
    ("lunar_distance", LUNAR_DISTANCE),
    ("same_year", SAME_YEAR),
];

/// How many days a lunar date lies before the solar date of the same day: 18 to 51 with leap months.
const LUNAR_DAYS: std::ops::RangeInclusive<u32> = 18..=51;

/// What can be said of two dates.
pub(crate) fn relations(one: PartialDay, other: PartialDay) -> Relations {
    let same_year = one.year() == other.year();
    if !one.is_whole() || !other.is_whole() {
        let same_month = one.month() == other.month() || one.month() == 0 || other.month() == 0;
        return if same_year && same_month { PARTIAL } else { 0 };
    }
    if one == other {
        return SAME;
    }
    let (month, day) = (one.month(), one.day_of_month());
    let same_month_and_day = month == other.month() && day == other.day_of_month();
    let is_first = |date: PartialDay| date.month() == 1 && date.day_of_month() == 1;
    let mut found = 0;
    let mut say = |holds: bool, relation: Relations| found |= if holds { relation } else { 0 };
    say(same_year && month == other.day_of_month() && day == other.month(), SWAPPED);
    say(digits_apart(one, other) == 1, ONE_DIGIT);
    say(same_year && (is_first(one) || is_first(other)), NEW_YEARS_DAY);
    say(same_month_and_day && one.year().abs_diff(other.year()) == 1, NEXT_YEAR);
    say(same_year && month == other.month(), SAME_MONTH);
    let days_apart = one.number().zip(other.number()).map(|(one, other)| one.abs_diff(other));
    let is_distance = days_apart.is_some_and(|days| LUNAR_DAYS.contains(&days));
    say(is_distance, LUNAR_DISTANCE);
    // A day of a leap month may lie a little farther.
    let may_be_lunar =
        days_apart.is_some_and(|days| (LUNAR_DAYS.start() - 3..=LUNAR_DAYS.end() + 9).contains(&days));
    say(may_be_lunar && (is_lunar_of(one, other) || is_lunar_of(other, one)), LUNAR);
    say(same_year, SAME_YEAR);
    found
}

/// Whether `lunar`, taken for a lunar date, is the solar date `solar`.
fn is_lunar_of(lunar: PartialDay, solar: PartialDay) -> bool {
    let days = lunar::solar_days(lunar.year(), lunar.month(), lunar.day_of_month());
    days.into_iter().flatten().any(|day| PartialDay::of(day) == solar)
}

/// How many of the eight digits differ.
fn digits_apart(one: PartialDay, other: PartialDay) -> u32 {
    let (mut one, mut other, mut apart) = (one.word(), other.word(), 0);
    while one != other {
        apart += u32::from(one % 10 != other % 10);
        one /= 10;
        other /= 10;
    }
    apart
}
