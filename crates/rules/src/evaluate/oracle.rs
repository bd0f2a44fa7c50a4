//! The interpreter of `cel` as the oracle: whatever condition is written, the lowered program says the same as it does.

use std::fmt::Write as _;
use std::sync::Arc;

use base::{Day, IndicatorId, PersonId, Sex, SourceRowId};
use cel::common::types::CelString;
use cel::extractors::Arguments;
use cel::{Context, ExecutionError, FunctionContext, Program, Value};
use proptest::prelude::*;

use super::{Deaf, Prepared, Used};
use crate::check::{Declared, condition};
use crate::facts::{Bearer, FACTS, Fact, Facts, Household, IndicatorFact};

const KINDS: [&str; 3] = ["absent", "disabled", "other"];

fn declared() -> Declared {
    Declared {
        facts: FACTS.iter().map(|(name, _)| (*name).to_owned()).collect(),
        indicators: vec![
            ("absent".to_owned(), true),
            ("disabled".to_owned(), true),
            ("other".to_owned(), false),
        ],
    }
}

fn today() -> Day {
    "2026-11-24".parse().unwrap()
}

// ---- the oracle: facts as variables (what is unknown is undeclared), aggregates as functions

fn oracle(text: &str, facts: &Facts) -> Option<bool> {
    let mut context = Context::default();
    for (name, fact) in FACTS {
        let value: Option<Value> = match fact {
            Fact::Number(fact) => facts.number(fact).map(Value::from),
            Fact::Text(fact) => facts.text(fact).map(Value::from),
            Fact::Flag(fact) => Some(Value::from(facts.flag(fact))),
        };
        if let Some(value) = value {
            context.add_variable_from_value(name, value);
        }
    }
    for receiver in ["guardian", "household"] {
        context.add_variable_from_value(receiver, receiver.to_owned());
    }
    let facts = Arc::new(facts.clone());
    for name in ["holds", "count", "people", "sum", "latest", "days_since"] {
        let facts = Arc::clone(&facts);
        let function = move |call: &FunctionContext, Arguments(arguments): Arguments| {
            called(name, call, &arguments, &facts)
        };
        context.add_function(name, function).unwrap();
    }
    let program = Program::compile(text).unwrap();
    match program.execute(&context) {
        Ok(Value::Bool(flag)) => Some(flag),
        Ok(other) => panic!("{text} is {other:?}"),
        Err(_) => None,
    }
}

/// The functions over indicators, written as plainly as can be and independently of the evaluator.
fn called(
    name: &str,
    call: &FunctionContext,
    arguments: &[Value],
    facts: &Facts,
) -> Result<Value, ExecutionError> {
    let receiver = call
        .this
        .as_ref()
        .and_then(|this| this.downcast_ref::<CelString>().map(|text| text.inner().to_owned()));
    let Some(Value::String(kind)) = arguments.first() else { panic!("a kind") };
    let within =
        arguments.get(1).map(|days| if let Value::Int(days) = days { *days } else { panic!("days") });
    let mut matching: Vec<&IndicatorFact> = Vec::new();
    for fact in facts.indicators.iter().filter(|fact| fact.kind == **kind) {
        let theirs = match receiver.as_deref() {
            None => fact.bearer == Bearer::Person,
            Some("guardian") => matches!(fact.bearer, Bearer::Guardian(_)),
            Some(_) => fact.bearer != Bearer::Person,
        };
        let days_ago = fact.day.map(|day| i64::from(today().days_since(day)));
        let in_time = match (days_ago, within) {
            (Some(days), _) if days < 0 => false,
            (Some(days), Some(within)) => days < within,
            (None, Some(_)) => false,
            (_, None) => true,
        };
        if theirs && in_time {
            matching.push(fact);
        }
    }
    let unknown = || call.error("not known");
    match name {
        "holds" => Ok(Value::Bool(!matching.is_empty())),
        "count" => Ok(Value::Int(matching.len().try_into().unwrap())),
        "people" => {
            let bearers: std::collections::HashSet<Bearer> =
                matching.iter().map(|fact| fact.bearer).collect();
            Ok(Value::Int(bearers.len().try_into().unwrap()))
        }
        "sum" => Ok(Value::Int(matching.iter().filter_map(|fact| fact.number).sum())),
        "latest" => {
            matching.sort_by_key(|fact| (fact.day, fact.number));
            let last = matching.iter().rev().find_map(|fact| fact.number);
            last.map(Value::Int).ok_or_else(unknown)
        }
        _ => {
            let latest = matching.iter().filter_map(|fact| fact.day).max();
            latest.map(|day| Value::Int(i64::from(today().days_since(day)))).ok_or_else(unknown)
        }
    }
}

// ---- conditions of every shape that the language has

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (-3_i64..20).prop_map(|number| number.to_string()),
        1 => Just(i64::MAX.to_string()),
        1 => Just(i64::MIN.to_string()),
    ]
}

fn call(
    names: &'static [&'static str],
    numbered_only: bool,
    windowed: bool,
) -> impl Strategy<Value = String> {
    let kinds = if numbered_only { 0..2_usize } else { 0..3 };
    let within = proptest::option::of(1_i64..60);
    (
        proptest::sample::select(names),
        kinds,
        proptest::sample::select(vec!["", "guardian.", "household."]),
        within,
    )
        .prop_map(move |(name, kind, receiver, within)| {
            let receiver = if name == "people" && receiver.is_empty() { "household." } else { receiver };
            let mut text = format!("{receiver}{name}(\"{}\"", KINDS[kind]);
            if let Some(days) = within.filter(|_| windowed) {
                let _ = write!(text, ", {days}");
            }
            text + ")"
        })
}

fn number() -> impl Strategy<Value = String> {
    let facts: Vec<&str> =
        FACTS.iter().filter(|(_, fact)| matches!(fact, Fact::Number(_))).map(|(name, _)| *name).collect();
    let leaf = prop_oneof![
        literal(),
        proptest::sample::select(facts).prop_map(str::to_owned),
        call(&["count", "people"], false, true),
        call(&["sum"], true, true),
        call(&["latest"], true, false),
        call(&["days_since"], false, false),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), proptest::sample::select(vec!["+", "-", "*"]), inner.clone())
                .prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            inner.prop_map(|inner| format!("-({inner})")),
        ]
    })
}

fn flag() -> impl Strategy<Value = String> {
    let text = || {
        prop_oneof![
            Just("sex == \"male\"".to_owned()),
            Just("residence != \"migrant\"".to_owned()),
            Just("\"female\" == sex".to_owned()),
            Just("residence in [\"habitual\", \"outside\"]".to_owned()),
            Just("sex in [\"male\"]".to_owned()),
        ]
    };
    let comparison = (number(), proptest::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]), number())
        .prop_map(|(left, operator, right)| format!("{left} {operator} {right}"));
    let listed = (number(), proptest::collection::vec(literal(), 1..4))
        .prop_map(|(number, list)| format!("{number} in [{}]", list.join(", ")));
    let leaf = prop_oneof![
        4 => comparison,
        1 => listed,
        1 => text(),
        2 => call(&["holds"], false, true),
        1 => proptest::sample::select(vec!["age_known", "household_known", "true", "false"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 12, 2, |inner| {
        let joined = proptest::sample::select(vec!["&&", "||", "==", "!="]);
        prop_oneof![
            3 => (inner.clone(), joined, inner.clone())
                .prop_map(|(left, operator, right)| format!("({left}) {operator} ({right})")),
            1 => inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    let household = (0_i64..3, 0_i64..5, 0_i64..3, 0_i64..4, 0_i64..2).prop_map(
        |(parents, adults, elders, children, strangers)| Household {
            parents,
            adults,
            elders,
            children,
            strangers,
        },
    );
    let bearer = prop_oneof![
        Just(Bearer::Person),
        (0_u128..3).prop_map(|id| Bearer::Guardian(PersonId(uuid(id)))),
        (0_u128..3).prop_map(|id| Bearer::Household(PersonId(uuid(id)))),
    ];
    let day = proptest::option::of((-10_i32..90).prop_map(|days| today().plus_days(-days)));
    let indicator = (0_usize..4, day, proptest::option::of(-2_i64..15), bearer).prop_map(
        |(kind, day, number, bearer)| {
            let kind = KINDS.get(kind).copied().unwrap_or("undeclared").to_owned();
            IndicatorFact {
                id: IndicatorId(uuid(1)),
                kind,
                day,
                number,
                source: SourceRowId(uuid(2)),
                bearer,
            }
        },
    );
    (
        proptest::option::of(-1_i64..20),
        proptest::option::of(prop_oneof![Just(Sex::Male), Just(Sex::Female)]),
        proptest::option::of(proptest::sample::select(vec!["registered", "habitual", "migrant", "outside"])),
        proptest::option::of(0_i64..4),
        proptest::option::of(household),
        proptest::collection::vec(indicator, 0..6),
    )
        .prop_map(|(age_years, sex, residence, guardians, household, indicators)| Facts {
            age_years,
            sex,
            residence: residence.map(str::to_owned),
            guardians,
            household,
            indicators,
        })
}

fn uuid(id: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(id)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_program_says_what_the_interpreter_says(text in flag(), facts in facts()) {
        prop_assume!(text.len() <= crate::syntax::MAXIMUM_BYTES);
        let lowered = condition(&text, &declared());
        let lowered = lowered.map_err(|refusals| TestCaseError::fail(format!("{text}: {refusals:?}")))?;
        let names = declared().indicators;
        let prepared = Prepared::new(&facts, today(), |kind| names.iter().position(|(known, _)| known == kind));
        let fast = lowered.holds(&prepared, &mut Deaf);
        prop_assert_eq!(fast, oracle(&text, &facts), "{}", text);
        // Listening changes what is told, never what is said.
        let mut used = Used::default();
        prop_assert_eq!(fast, lowered.holds(&prepared, &mut used), "{}", text);
        prop_assert!(used.0.iter().all(|place| *place < facts.indicators.len()));
    }
}
