//! How children fare: 26 weeks in which somebody looks after them or nobody does.
//!
//! Each week the family's strength to care is weighed against what it carries. Part of it shows in registers (who is
//! away, who is disabled); part does not (temper, a neighbour who helps), as in life.

use base::Day;

use super::household::{Fate, Household, Relation};
use super::{Absence, Childhood, Person};
use crate::chance::Dice;

/// Weeks that are simulated before the last day.
pub const WATCHED_WEEKS: u32 = 26;
/// Weeks without care from which a child counts as truly at risk.
pub const AT_RISK_WEEKS: u32 = 4;
/// Weeks of school before the last day: the term that runs.
pub const TERM_WEEKS: usize = 12;

/// Log-odds against a week without care in a family that has nothing to give: about one week in three fails.
const FAILING_AT_ZERO: f64 = 0.6;
/// By how much one unit of strength raises those log-odds.
const FAILING_SLOPE: f64 = 7.5;

/// Plays the weeks up to `today` for the children among `members`.
pub(super) fn live(household: &Household, members: &mut [Person], today: Day, dice: &mut Dice) {
    let strength = strength(household, members, today);
    for child in members.iter_mut().filter(|member| member.childhood.is_some()) {
        let age = child.birth.age_on(today);
        let at_school = match age {
            3..=5 => dice.happens(0.85),
            6..=14 => true,
            15..=17 => !dice.happens(0.03),
            _ => false,
        };
        let own_strength = strength - if child.disability.is_some() { 0.25 } else { 0.0 };
        child.childhood = Some(weeks(own_strength, at_school, today, dice));
    }
}

/// What the grown-ups at home can give, less what they carry: about 1 in a settled family, below 0.3 where it fails.
fn strength(household: &Household, members: &[Person], today: Day) -> f64 {
    let given: f64 = members.iter().map(|member| strength_of(member, today)).sum();
    let children = members.iter().filter(|member| member.childhood.is_some()).count();
    let carried = 0.12 * children.saturating_sub(1) as f64 + if household.is_poor { 0.15 } else { 0.0 };
    given.min(1.6) - carried + household.temper
}

/// What one member gives to the children.
fn strength_of(member: &Person, today: Day) -> f64 {
    if member.fate != Fate::Home || member.childhood.is_some() {
        return 0.0;
    }
    let by_relation = match member.relation {
        Relation::Father | Relation::Mother => 0.7,
        Relation::Grandfather | Relation::Grandmother if member.birth.age_on(today) >= 75 => 0.2,
        Relation::Grandfather | Relation::Grandmother => 0.4,
        Relation::Single | Relation::Child | Relation::Lodger => 0.0,
    };
    match member.disability {
        Some(disability) if disability.grade <= 2 => by_relation * 0.15,
        Some(_) => by_relation * 0.7,
        None => by_relation,
    }
}

fn weeks(strength: f64, at_school: bool, today: Day, dice: &mut Dice) -> Childhood {
    let failing = 1.0 / (1.0 + (FAILING_AT_ZERO + FAILING_SLOPE * strength).exp());
    let mut childhood = Childhood { at_school, ..Childhood::default() };
    for week in (0..WATCHED_WEEKS).rev() {
        let without_care = dice.happens(failing);
        childhood.weeks_without_care += u32::from(without_care);
        if week as usize >= TERM_WEEKS || !at_school {
            continue;
        }
        // Most absences are plain colds.
        let days = if without_care && dice.happens(0.75) {
            1 + dice.below(4)
        } else {
            u32::from(dice.happens(0.02))
        };
        if days > 0 {
            let days_ago = i32::try_from(week * 7 + 1 + dice.below(5)).unwrap_or(1);
            childhood.absences.push(Absence {
                last: school_day(today.plus_days(-days_ago)),
                days,
                without_care,
            });
        }
    }
    childhood
}

/// The day itself, or the Friday before a weekend.
fn school_day(day: Day) -> Day {
    if !day.is_weekend() {
        return day;
    }
    let friday = day.yesterday();
    if friday.is_weekend() { friday.yesterday() } else { friday }
}
