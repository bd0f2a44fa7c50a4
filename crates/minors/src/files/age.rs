//! When a child is one no longer (民法典 第十七条: from 18 years on). Pure.

use base::Day;
use people::persons::Master;

/// Age from which somebody is an adult.
const ADULT_YEARS: i32 = 18;

/// The day on which somebody born on `birth` becomes an adult.
pub(super) fn adult_on(birth: Day) -> Day {
    let day = birth.plus_months(ADULT_YEARS * 12);
    // Who was born on 29 February turns 18 on 1 March.
    if birth.age_on(day) < ADULT_YEARS { day.tomorrow() } else { day }
}

/// Whether the person is an adult on `today`. Whose birth is not known is taken for a child: nobody is left unvisited on
/// a gap in a register.
pub(super) fn is_adult(master: &Master, today: Day) -> bool {
    master.birth.as_ref().is_some_and(|birth| adult_on(birth.value) <= today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighteen_is_turned_on_the_birthday_and_after_a_leap_day_on_the_next() {
        let day = |year, month, day| Day::new(year, month, day).unwrap();
        assert_eq!(adult_on(day(2008, 5, 2)), day(2026, 5, 2));
        assert_eq!(adult_on(day(2008, 2, 29)), day(2026, 3, 1));
        assert_eq!(adult_on(day(2007, 12, 31)), day(2025, 12, 31));
    }
}
