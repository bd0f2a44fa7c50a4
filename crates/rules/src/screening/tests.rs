use super::*;
use crate::{Bearer, Household, IndicatorFact};
use base::PersonId;
use base::Severity::{High, Low, Medium, Urgent};
use proptest::prelude::*;

const RULES: &str = r#"
version = "test-1"
applies = 'age_years < 18 || (!age_known && holds("absent"))'

[[fact]]
key = "age_years"
label = { zh = "年龄", en = "Age" }
[[fact]]
key = "age_known"
label = { zh = "年龄已知", en = "Age known" }
[[fact]]
key = "adults_at_home"
label = { zh = "同住成年人", en = "Adults at home" }

[[indicator]]
kind = "absent"
label = { zh = "缺勤", en = "Absent" }
number = true
[[indicator]]
kind = "disabled"
label = { zh = "残疾", en = "Disabled" }

[[threshold]]
severity = "urgent"
at_least = 80
from = 2024-01-01
source = "M3"
sample = true
[[threshold]]
severity = "high"
at_least = 60
from = 2024-01-01
source = "M3"
sample = true
[[threshold]]
severity = "medium"
at_least = 40
from = 2024-01-01
source = "M3"
sample = true
[[threshold]]
severity = "low"
at_least = 20
from = 2024-01-01
source = "M3"
sample = true

[[rule]]
key = "absent_days"
label = { zh = "缺勤", en = "Absent from school" }
when = 'latest("absent") >= 3'
points = 4
each = 'latest("absent")'
cap = 30
from = 2024-01-01
source = "M1"
sample = true

[[rule]]
key = "carers_disabled"
label = { zh = "监护人残疾", en = "Guardians disabled" }
when = 'guardian.people("disabled") >= 2 || holds("disabled")'
points = 40
from = 2024-01-01
until = 2026-10-31
source = "民发〔2019〕62号"

[[rule]]
key = "carers_disabled"
label = { zh = "监护人残疾", en = "Guardians disabled" }
when = 'guardian.people("disabled") >= 2 || holds("disabled")'
points = 60
from = 2026-11-01
source = "民发〔2019〕62号"

[[rule]]
key = "adults"
label = { zh = "有成年人同住", en = "Adults at home" }
when = 'adults_at_home >= 2'
points = -15
from = 2024-01-01
source = "own"
sample = true
"#;

fn rules() -> Ruleset {
    Ruleset::parse(RULES).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn uuid(id: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(id)
}

fn indicator(id: u128, kind: &str, on: &str, number: Option<i64>, bearer: Bearer) -> IndicatorFact {
    IndicatorFact {
        id: IndicatorId(uuid(id)),
        kind: kind.to_owned(),
        day: Some(day(on)),
        number,
        source: SourceRowId(uuid(1_000 + id)),
        bearer,
    }
}

fn child(indicators: Vec<IndicatorFact>) -> Facts {
    Facts { age_years: Some(11), indicators, ..Facts::default() }
}

fn ids(hit: &Hit) -> Vec<u128> {
    hit.indicators.iter().map(|used| used.id.0.as_u128()).collect()
}

#[test]
fn a_hit_names_its_points_and_the_indicators_and_rows_that_it_rests_on() {
    let screening = evaluate(
        &rules(),
        &child(vec![
            indicator(1, "absent", "2026-11-01", Some(2), Bearer::Person),
            indicator(2, "absent", "2026-11-20", Some(9), Bearer::Person),
            indicator(3, "disabled", "2020-01-01", None, Bearer::Guardian(PersonId(uuid(7)))),
            indicator(4, "disabled", "2021-01-01", None, Bearer::Guardian(PersonId(uuid(8)))),
        ]),
        day("2026-11-24"),
    );
    let hits: Vec<_> = screening.hits.iter().map(|hit| (hit.rule.as_str(), hit.points, ids(hit))).collect();
    assert_eq!(hits, [("absent_days", 30, vec![2]), ("carers_disabled", 60, vec![3, 4])]);
    assert_eq!((screening.points, screening.severity), (90, Some(Urgent)));
    assert_eq!(screening.version, "test-1");
    assert_eq!(screening.hits[0].indicators[0].source.0.as_u128(), 1_002);
    assert!(screening.hits[0].sample && !screening.hits[1].sample);
}

#[test]
fn what_did_not_decide_is_not_named() {
    let screening = evaluate(
        &rules(),
        &child(vec![
            indicator(1, "disabled", "2020-01-01", None, Bearer::Guardian(PersonId(uuid(7)))),
            indicator(2, "disabled", "2020-01-01", None, Bearer::Person),
        ]),
        day("2026-11-24"),
    );
    assert_eq!(screening.hits.iter().map(ids).collect::<Vec<_>>(), [vec![2]]);
}

#[test]
fn the_rules_of_the_day_are_asked_and_what_happened_later_is_not_known_yet() {
    let facts = child(vec![
        indicator(1, "disabled", "2020-01-01", None, Bearer::Person),
        indicator(2, "absent", "2026-11-20", Some(9), Bearer::Person),
    ]);
    assert_eq!(evaluate(&rules(), &facts, day("2026-10-31")).points, 40);
    assert_eq!(evaluate(&rules(), &facts, day("2026-11-01")).points, 60);
    assert_eq!(evaluate(&rules(), &facts, day("2026-11-20")).points, 90);
}

#[test]
fn a_protecting_rule_takes_points_away_and_the_sum_never_falls_below_zero() {
    let home = Household { adults: 2, ..Household::default() };
    let mut facts = child(vec![indicator(1, "absent", "2026-11-20", Some(9), Bearer::Person)]);
    facts.household = Some(home);
    let screening = evaluate(&rules(), &facts, day("2026-11-24"));
    assert_eq!((screening.points, screening.severity, screening.hits.len()), (15, None, 2));
    facts.indicators.clear();
    assert_eq!(evaluate(&rules(), &facts, day("2026-11-24")).points, 0);
}

#[test]
fn a_grown_up_is_not_screened_and_an_unknown_age_only_where_the_rules_say_so() {
    let absent = || vec![indicator(1, "absent", "2026-11-20", Some(9), Bearer::Person)];
    let of_age = |age_years| Facts { age_years, ..child(absent()) };
    assert_eq!(evaluate(&rules(), &of_age(Some(18)), day("2026-11-24")).hits, []);
    assert_eq!(evaluate(&rules(), &of_age(Some(17)), day("2026-11-24")).points, 30);
    assert_eq!(evaluate(&rules(), &of_age(None), day("2026-11-24")).points, 30);
    let unknown = Facts { age_years: None, indicators: Vec::new(), ..child(absent()) };
    assert_eq!(evaluate(&rules(), &unknown, day("2026-11-24")).hits, []);
}

#[test]
fn each_level_begins_at_its_threshold() {
    let rules = rules();
    let levels: Vec<_> = [19, 20, 39, 40, 60, 79, 80].map(|points| rules.severity(points)).into();
    assert_eq!(levels, [None, Some(Low), Some(Low), Some(Medium), Some(High), Some(High), Some(Urgent)]);
}

proptest! {
    #[test]
    fn the_fast_way_says_the_same(
        age in proptest::option::of(0_i64..20),
        adults in proptest::option::of(0_i64..4),
        indicators in proptest::collection::vec((0_usize..3, 0_i32..40, proptest::option::of(0_i64..20), 0_u128..3), 0..6),
    ) {
        let kinds = ["absent", "disabled", "other"];
        let indicators = indicators.into_iter().enumerate().map(|(place, (kind, days, number, of))| IndicatorFact {
            id: IndicatorId(uuid(place as u128)),
            kind: kinds[kind].to_owned(),
            day: Some(day("2026-11-30").plus_days(-days)),
            number,
            source: SourceRowId(uuid(place as u128)),
            bearer: if of == 0 { Bearer::Person } else { Bearer::Guardian(PersonId(uuid(of))) },
        });
        let facts = Facts {
            age_years: age,
            household: adults.map(|adults| Household { adults, ..Household::default() }),
            indicators: indicators.collect(),
            ..Facts::default()
        };
        let rules = rules();
        let today = rules.on(day("2026-11-24"));
        let (screening, grade) = (today.evaluate(&facts), today.grade(&facts));
        prop_assert_eq!((screening.points, screening.severity), (grade.points, grade.severity));
        prop_assert_eq!(screening.points, screening.hits.iter().map(|hit| hit.points).sum::<i64>().max(0));
    }
}
