//! Simulated lives: households of a city, who lives in them, what befell them, and how the children fared week by week.
//!
//! A life comes first, a department's file second (`files`). Whether a child is truly at risk is read off the weeks in
//! which nobody looked after it, never off anything that a department noted down: the product is measured against that.

mod care;
mod home;
mod household;

use base::{AreaTree, Day, Phone, ResidentId, Sex};

use crate::chance::Dice;

pub use care::{AT_RISK_WEEKS, TERM_WEEKS, WATCHED_WEEKS};
pub use home::Home;
pub use household::{Fate, Household, Relation};

/// What a city is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How many people live in it, at least; the last household is kept whole.
    pub persons: u32,
    /// The same seed gives the same city.
    pub seed: u64,
    /// The day on which the story ends.
    pub today: Day,
}

/// A disability as the federation certifies it (GB/T 26341: seven kinds, four grades, 1 the gravest).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disability {
    /// The kind in Chinese: 肢体, 智力 and so on.
    pub kind: &'static str,
    /// Grade 1 to 4.
    pub grade: u8,
}

/// A person of the city.
#[derive(Debug, Clone)]
pub struct Person {
    /// Place of the household in [`City::households`].
    pub household: usize,
    /// What the person is in the household.
    pub relation: Relation,
    /// Full name.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// Date of birth.
    pub birth: Day,
    /// Identity number: valid, unique in the city.
    pub identity_number: ResidentId,
    /// Own telephone; `None` for those who use a guardian's.
    pub phone: Option<Phone>,
    /// The number used before, which some registers still hold.
    pub former_phone: Option<Phone>,
    /// What keeps the person from the family's table, if anything.
    pub fate: Fate,
    /// Certified disability.
    pub disability: Option<Disability>,
    /// How a child fared; `None` for grown-ups.
    pub childhood: Option<Childhood>,
}

/// School missed within one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// The last day of it.
    pub last: Day,
    /// How many days.
    pub days: u32,
    /// Whether nobody looked after the child in that week: then nobody answers the teacher's call either.
    pub without_care: bool,
}

/// How a child fared in the weeks that were simulated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Childhood {
    /// Whether the child goes to kindergarten or school.
    pub at_school: bool,
    /// Weeks, of those watched, in which nobody looked after the child.
    pub weeks_without_care: u32,
    /// What it missed at school in this term, the earliest first.
    pub absences: Vec<Absence>,
}

impl Childhood {
    /// Whether the child is truly at risk: the truth that screening is measured by.
    pub fn is_at_risk(&self) -> bool {
        self.weeks_without_care >= AT_RISK_WEEKS
    }

    /// What it had missed up to `day`, that day included.
    pub fn absences_until(&self, day: Day) -> impl Iterator<Item = &Absence> {
        self.absences.iter().filter(move |absence| absence.last <= day)
    }
}

/// A city with all who live in it.
#[derive(Debug, Clone)]
pub struct City {
    /// What it was made from.
    pub settings: Settings,
    /// Households, in the order in which they were made.
    pub households: Vec<Household>,
    /// People, those of one household one after the other.
    pub persons: Vec<Person>,
}

impl City {
    /// Simulates a city on the communities of `areas`. Deterministic in `settings` and `areas`.
    pub fn simulate(settings: Settings, areas: &AreaTree) -> Self {
        let mut maker = household::Maker::new(settings, areas);
        let mut city = Self { settings, households: Vec::new(), persons: Vec::new() };
        while city.persons.len() < settings.persons as usize {
            let (household, members) = maker.household(city.households.len(), city.persons.len());
            city.households.push(household);
            city.persons.extend(members);
        }
        let mut dice = Dice::new(settings.seed, 2);
        for household in &city.households {
            let range = household.members.clone();
            if let Some(members) = city.persons.get_mut(range) {
                care::live(household, members, settings.today, &mut dice);
            }
        }
        city
    }

    /// The members of `household`.
    pub fn members(&self, household: &Household) -> &[Person] {
        self.persons.get(household.members.clone()).unwrap_or_default()
    }

    /// All children with how they fared.
    pub fn children(&self) -> impl Iterator<Item = (&Person, &Childhood)> {
        self.persons
            .iter()
            .filter_map(|person| person.childhood.as_ref().map(|childhood| (person, childhood)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn city(seed: u64) -> City {
        let today = Day::new(2026, 11, 24).unwrap();
        City::simulate(Settings { persons: 20_000, seed, today }, &AreaTree::shipped())
    }

    #[test]
    fn same_settings_same_city() {
        let text = |city: &City| format!("{:?}", city.persons.iter().take(500).collect::<Vec<_>>());
        assert_eq!(text(&city(1)), text(&city(1)));
        assert_ne!(text(&city(1)), text(&city(2)));
    }

    #[test]
    fn people_are_who_their_numbers_say_and_numbers_are_unique() {
        let city = city(3);
        let mut seen = HashSet::new();
        for person in &city.persons {
            assert_eq!(person.identity_number.birth(), person.birth);
            assert_eq!(person.identity_number.sex(), person.sex);
            assert!(person.birth <= city.settings.today);
            assert!(seen.insert(person.identity_number.as_str().to_owned()));
        }
        let elsewhere =
            city.persons.iter().filter(|person| !person.identity_number.area_prefix().starts_with("4403"));
        let share = elsewhere.count() as f64 / city.persons.len() as f64;
        assert!(share >= 0.6, "only {share:.2} were registered first elsewhere");
    }

    #[test]
    fn the_city_has_the_families_that_make_linking_hard() {
        let city = city(4);
        let twins = city.households.iter().filter(|household| {
            let births: Vec<Day> = city
                .members(household)
                .iter()
                .filter(|member| member.childhood.is_some())
                .map(|child| child.birth)
                .collect();
            births
                .iter()
                .enumerate()
                .any(|(place, birth)| births.iter().skip(place + 1).any(|other| other == birth))
        });
        assert!(twins.count() >= 5);
        assert!(city.persons.iter().any(|person| person.name.contains('·')));
        assert!(city.persons.iter().any(|person| person.name.starts_with("欧阳")));
        assert!(city.persons.iter().any(|person| person.relation == Relation::Lodger));
    }

    #[test]
    fn children_at_risk_are_few_and_live_in_families_of_every_kind() {
        let city = city(5);
        let children = city.children().count();
        let at_risk: Vec<&Person> = city
            .children()
            .filter(|(_, childhood)| childhood.is_at_risk())
            .map(|(person, _)| person)
            .collect();
        let share = at_risk.len() as f64 / children as f64;
        let of_all = children as f64 / city.persons.len() as f64;
        assert!((0.15..0.30).contains(&of_all), "{of_all:.3} of the people are children");
        assert!((0.005..0.03).contains(&share), "{share:.4} of the children are at risk");
        let cared_for_by_both = at_risk.iter().filter(|child| {
            let members = city
                .households
                .get(child.household)
                .map(|household| city.members(household))
                .unwrap_or_default();
            members.iter().filter(|member| member.relation.is_parent() && member.fate == Fate::Home).count()
                == 2
        });
        assert!(cared_for_by_both.count() > 0, "risk must not be only what a register shows");
    }
}
