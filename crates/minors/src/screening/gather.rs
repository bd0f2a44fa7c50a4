//! From what people know of a person to what rules ask. Pure: what is known, and the day, are arguments.

use std::collections::{BTreeSet, HashMap};

use base::{Day, PersonId};
use people::PersonFacts;
use people::persons::{Member, birth_month};
use people::rows::Indicator;
use rules::{Bearer, Facts, Household, IndicatorFact};

use super::kinship::{self, Kin, Place};

/// Age from which somebody is an adult (Civil Code, article 17).
const ADULT_YEARS: i32 = 18;
/// Age from which somebody is an elder (Law on the rights of the elderly, article 2).
const ELDER_YEARS: i32 = 60;

/// Who a person may depend on, or live with: whose indicators are asked for beside the person's own.
pub fn others(facts: &PersonFacts) -> BTreeSet<PersonId> {
    let at_home = facts.household.iter().flat_map(|household| &household.others).map(|member| member.person);
    at_home.chain(facts.guardians.iter().filter_map(|guardian| guardian.person)).collect()
}

/// Whether the person may be a child on `today`: under 18, or of unknown birth.
pub fn may_be_child(facts: &PersonFacts, today: Day) -> bool {
    facts.birth.is_none_or(|(birth, _)| birth.age_on(today) < ADULT_YEARS)
}

/// The month of birth, as [`birth_month`] counts, of the eldest who may be children on `today`: who turns 18 in this month
/// may not have done so yet.
pub fn eldest_birth_month(today: Day) -> i32 {
    birth_month(today) - 12 * ADULT_YEARS
}

/// The facts of one person on `today`; `said_of_others` are the indicators of [`others`].
pub fn gather(facts: &PersonFacts, said_of_others: &HashMap<PersonId, Vec<Indicator>>, today: Day) -> Facts {
    let home = Home::of(facts, today);
    let mut carers: BTreeSet<PersonId> = home.parents.iter().copied().collect();
    carers.extend(facts.guardians.iter().filter_map(|guardian| guardian.person));
    let mut indicators: Vec<IndicatorFact> =
        facts.indicators.iter().map(|indicator| fact(indicator, Bearer::Person)).collect();
    for other in others(facts) {
        let bearer = if carers.contains(&other) { Bearer::Guardian(other) } else { Bearer::Household(other) };
        let said = said_of_others.get(&other).map_or(&[][..], Vec::as_slice);
        indicators.extend(said.iter().map(|indicator| fact(indicator, bearer)));
    }
    let named = facts
        .guardians
        .iter()
        .filter(|guardian| guardian.person.is_none_or(|person| !home.parents.contains(&person)));
    let guardians = named.count().saturating_add(home.parents.len());
    Facts {
        age_years: facts.birth.map(|(birth, _)| i64::from(birth.age_on(today))),
        sex: facts.sex,
        residence: None,
        guardians: i64::try_from(guardians).ok(),
        household: home.counts,
        indicators,
    }
}

fn fact(indicator: &Indicator, bearer: Bearer) -> IndicatorFact {
    IndicatorFact {
        id: indicator.id,
        kind: indicator.kind.clone(),
        day: indicator.day,
        number: indicator.amount,
        source: indicator.row,
        bearer,
    }
}

/// Who lives with the person.
struct Home {
    parents: Vec<PersonId>,
    counts: Option<Household>,
}

impl Home {
    fn of(facts: &PersonFacts, today: Day) -> Self {
        let Some(household) = &facts.household else { return Self { parents: Vec::new(), counts: None } };
        let own = kinship::place(household.role.as_deref());
        let mut parents = Vec::new();
        let (mut counts, mut is_told) = (Household::default(), true);
        for member in &household.others {
            if !is_adult(member, today) {
                counts.children += 1;
                continue;
            }
            counts.adults += 1;
            counts.elders += i64::from(age(member, today).is_some_and(|age| age >= ELDER_YEARS));
            match relation(facts, own, member) {
                Kin::Parent => parents.push(member.person),
                Kin::Unrelated => counts.strangers += 1,
                Kin::Unknown => is_told = false,
                Kin::Grandparent | Kin::Sibling | Kin::Relative => {}
            }
        }
        // More than two cannot all be parents: an aunt written as 子. Nothing is then said of parents at all.
        is_told &= parents.len() <= 2;
        counts.parents = i64::try_from(parents.len()).unwrap_or(0);
        let is_enough = is_told || (counts.parents == 2 && parents.len() == 2);
        Self { parents, counts: is_enough.then_some(counts) }
    }
}

/// What a member is to the person: as a row about the person names them, else by their places in the household.
fn relation(facts: &PersonFacts, own: Place, member: &Member) -> Kin {
    let named = facts.guardians.iter().find(|guardian| guardian.person == Some(member.person));
    match named.map(|guardian| guardian.kind.as_str()) {
        Some("father" | "mother") => Kin::Parent,
        Some("grandfather" | "grandmother" | "grandparent") => Kin::Grandparent,
        _ => kinship::kin(own, kinship::place(member.role.as_deref())),
    }
}

/// Age in years by the month of birth.
fn age(member: &Member, today: Day) -> Option<i32> {
    Some((birth_month(today) - member.birth_month?).div_euclid(12))
}

/// Whether a member is an adult. Whose age is not known is one, unless the household names them somebody's child: a
/// child is not said to live without adults on a gap in a register.
fn is_adult(member: &Member, today: Day) -> bool {
    let by_place = || {
        let place = kinship::place(member.role.as_deref());
        !matches!(place, Place::Child | Place::Grandchild)
    };
    age(member, today).map_or_else(by_place, |age| age >= ADULT_YEARS)
}
