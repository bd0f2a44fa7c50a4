//! Screens a generated city in memory and says how long it took: `cargo run --release -p rules --example screen_city`.
//!
//! 200,000 people with 400,000 indicators have to take less than 2 s (docs/performance.md).

use std::time::Instant;

use base::{Day, IndicatorId, PersonId, Sex, SourceRowId};
use rules::{Bearer, Facts, Household, IndicatorFact, Ruleset};
use uuid::Uuid;

const PERSONS: u32 = 200_000;
const KINDS: [&str; 8] = [
    "absent",
    "disabled",
    "severely_disabled",
    "left_behind",
    "migrant",
    "low_income",
    "sign_of_harm",
    "single_parent",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../programs/minors/rules.toml");
    let ruleset = Ruleset::parse(&std::fs::read_to_string(path)?).map_err(|faults| format!("{faults:#?}"))?;
    let today: Day = "2026-11-24".parse()?;
    let people: Vec<Facts> = (0..PERSONS).map(|number| person(number, today)).collect();
    let indicators: usize = people.iter().map(|person| person.indicators.len()).sum();
    let in_force = ruleset.on(today);

    let start = Instant::now();
    let graded = people.iter().filter(|person| in_force.grade(person).severity.is_some()).count();
    let fast = start.elapsed();

    let start = Instant::now();
    let explained = people.iter().filter(|person| in_force.evaluate(person).severity.is_some()).count();
    let slow = start.elapsed();

    println!("{} people, {indicators} indicators, {} rules", people.len(), ruleset.rules.len());
    println!("points and level: {fast:?}; with every reason: {slow:?}; leads: {graded} and {explained}");
    Ok(())
}

/// The facts of one person, from the number alone: a fixed mixture without randomness. All are
/// children, so that no rule is passed over.
fn person(number: u32, today: Day) -> Facts {
    let mix = |salt: u32| (number ^ salt).wrapping_mul(2_654_435_761) >> 8;
    let indicator = |place: u32| {
        let kind = usize::try_from(mix(place + 1)).unwrap_or(0) % KINDS.len();
        let days = i32::try_from(mix(place + 7) % 300).unwrap_or(0);
        let id = Uuid::from_u128(u128::from(number) << 8 | u128::from(place));
        IndicatorFact {
            id: IndicatorId(id),
            kind: KINDS.get(kind).copied().unwrap_or("absent").to_owned(),
            day: Some(today.plus_days(-days)),
            number: Some(i64::from(mix(place) % 12)),
            source: SourceRowId(id),
            bearer: if place == 0 { Bearer::Person } else { Bearer::Guardian(PersonId(id)) },
        }
    };
    Facts {
        age_years: Some(i64::from(mix(3) % 18)),
        sex: Some(if number.is_multiple_of(2) { Sex::Female } else { Sex::Male }),
        residence: Some("habitual".to_owned()),
        guardians: Some(i64::from(mix(4) % 3)),
        household: Some(Household {
            parents: i64::from(mix(5) % 3),
            adults: i64::from(1 + mix(6) % 3),
            elders: i64::from(mix(8) % 2),
            children: 1,
            strangers: 0,
        }),
        indicators: (0..2).map(indicator).collect(),
    }
}
