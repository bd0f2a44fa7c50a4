//! The one evaluator. It works in three values: a part that rests on something unknown is unknown (`None`), unless the
//! rest decides alone (`false && unknown` is false), which is what CEL says of errors.

use base::Day;

use crate::facts::{Bearer, Facts, IndicatorFact};
use crate::program::{Aggregate, Comparison, Flag, Number, Selection, Text, Whose};

/// Facts made ready for many rules: the kind of each indicator as a place in the ruleset's list, its day as a number.
pub(crate) struct Prepared<'a> {
    facts: &'a Facts,
    indicators: Vec<Ready<'a>>,
}

struct Ready<'a> {
    kind: usize,
    /// Days before the day of screening.
    age_days: Option<i64>,
    /// Place in the facts.
    place: usize,
    fact: &'a IndicatorFact,
}

impl<'a> Prepared<'a> {
    /// Makes ready what is known on `today`; kinds that the ruleset does not declare, and what is dated after `today`,
    /// are left out.
    pub(crate) fn new(facts: &'a Facts, today: Day, kind_of: impl Fn(&str) -> Option<usize>) -> Self {
        let today = i64::from(today.number());
        let ready = |(place, fact): (usize, &'a IndicatorFact)| {
            let age_days = fact.day.map(|day| today - i64::from(day.number()));
            let known = age_days.is_none_or(|days| days >= 0);
            known.then_some(Ready { kind: kind_of(&fact.kind)?, age_days, place, fact })
        };
        Self { facts, indicators: facts.indicators.iter().enumerate().filter_map(ready).collect() }
    }

    fn selected(&self, selection: Selection) -> impl Iterator<Item = &Ready<'a>> {
        self.indicators.iter().filter(move |ready| {
            ready.kind == selection.kind
                && match (selection.of, ready.fact.bearer) {
                    (Whose::Person, Bearer::Person)
                    | (Whose::Guardian, Bearer::Guardian(_))
                    | (Whose::Household, Bearer::Guardian(_) | Bearer::Household(_)) => true,
                    (Whose::Person | Whose::Guardian | Whose::Household, _) => false,
                }
                && selection.within_days.is_none_or(|within| ready.age_days.is_some_and(|days| days < within))
        })
    }
}

/// Who is told which indicators a condition rests on.
pub(crate) trait Trace {
    /// Whether anybody listens: without, a condition is left as soon as it is decided.
    const LISTENS: bool;
    /// The indicator at this place of the facts was looked at.
    fn used(&mut self, place: usize);
    /// How much has been told so far.
    fn mark(&self) -> usize;
    /// Forgets what was told since `mark`: it decided nothing.
    fn forget(&mut self, mark: usize);
}

/// Nobody: for the whole city.
pub(crate) struct Deaf;

impl Trace for Deaf {
    const LISTENS: bool = false;
    fn used(&mut self, _: usize) {}
    fn mark(&self) -> usize {
        0
    }
    fn forget(&mut self, _: usize) {}
}

/// Places of indicators in the facts: for one person.
#[derive(Default)]
pub(crate) struct Used(pub(crate) Vec<usize>);

impl Trace for Used {
    const LISTENS: bool = true;
    fn used(&mut self, place: usize) {
        if !self.0.contains(&place) {
            self.0.push(place);
        }
    }
    fn mark(&self) -> usize {
        self.0.len()
    }
    fn forget(&mut self, mark: usize) {
        self.0.truncate(mark);
    }
}

impl Flag {
    pub(crate) fn holds<T: Trace>(&self, on: &Prepared<'_>, trace: &mut T) -> Option<bool> {
        match self {
            Self::Literal(flag) => Some(*flag),
            Self::Fact(fact) => Some(on.facts.flag(*fact)),
            Self::Not(inner) => inner.holds(on, trace).map(|flag| !flag),
            Self::And(left, right) => match left.holds(on, trace) {
                Some(false) => Some(false),
                left => match (left, right.holds(on, trace)) {
                    (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                },
            },
            Self::Or(left, right) => either(left, right, on, trace),
            Self::Same(left, right) => Some(left.holds(on, trace)? == right.holds(on, trace)?),
            Self::Compare(comparison, left, right) => {
                let (left, right) = (left.value(on, trace)?, right.value(on, trace)?);
                Some(match comparison {
                    Comparison::Same => left == right,
                    Comparison::Other => left != right,
                    Comparison::Less => left < right,
                    Comparison::AtMost => left <= right,
                    Comparison::More => left > right,
                    Comparison::AtLeast => left >= right,
                })
            }
            Self::NumberIn(number, list) => number.value(on, trace).map(|number| list.contains(&number)),
            Self::TextSame(left, right) => Some(left.word(on)? == right.word(on)?),
            Self::TextIn(text, list) => text.word(on).map(|word| list.iter().any(|one| one == word)),
            Self::Holds(selection) => {
                let mut holds = false;
                for ready in on.selected(*selection) {
                    holds = true;
                    trace.used(ready.place);
                    if !T::LISTENS {
                        break;
                    }
                }
                Some(holds)
            }
        }
    }
}

/// `left || right`. A side that does not hold is forgotten: a hit rests on what made it true. While somebody listens both
/// sides are looked at, so that a person is shown every reason there is.
fn either<T: Trace>(left: &Flag, right: &Flag, on: &Prepared<'_>, trace: &mut T) -> Option<bool> {
    let mut side = |flag: &Flag| {
        let mark = trace.mark();
        let holds = flag.holds(on, trace);
        if holds != Some(true) {
            trace.forget(mark);
        }
        holds
    };
    let first = side(left);
    if first == Some(true) && !T::LISTENS {
        return first;
    }
    match (first, side(right)) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

impl Number {
    pub(crate) fn value<T: Trace>(&self, on: &Prepared<'_>, trace: &mut T) -> Option<i64> {
        match self {
            Self::Literal(number) => Some(*number),
            Self::Fact(fact) => on.facts.number(*fact),
            Self::Negate(inner) => inner.value(on, trace)?.checked_neg(),
            Self::Add(left, right) => left.value(on, trace)?.checked_add(right.value(on, trace)?),
            Self::Subtract(left, right) => left.value(on, trace)?.checked_sub(right.value(on, trace)?),
            Self::Multiply(left, right) => left.value(on, trace)?.checked_mul(right.value(on, trace)?),
            Self::Aggregate(aggregate, selection) => aggregate_of(*aggregate, *selection, on, trace),
        }
    }
}

fn aggregate_of<T: Trace>(
    aggregate: Aggregate,
    selection: Selection,
    on: &Prepared<'_>,
    trace: &mut T,
) -> Option<i64> {
    match aggregate {
        Aggregate::Count => {
            let mut count = 0;
            for ready in on.selected(selection) {
                count += 1;
                trace.used(ready.place);
            }
            Some(count)
        }
        Aggregate::People => {
            let mut seen: Vec<Bearer> = Vec::new();
            for ready in on.selected(selection) {
                if !seen.contains(&ready.fact.bearer) {
                    seen.push(ready.fact.bearer);
                }
                trace.used(ready.place);
            }
            i64::try_from(seen.len()).ok()
        }
        Aggregate::Sum => {
            let mut sum = 0_i64;
            for ready in on.selected(selection) {
                sum = sum.saturating_add(ready.fact.number.unwrap_or(0));
                trace.used(ready.place);
            }
            Some(sum)
        }
        Aggregate::Latest => {
            // Among those of one day the greatest number; what has no day comes before every day.
            let with_number = on.selected(selection).filter_map(|ready| Some((ready, ready.fact.number?)));
            let (ready, number) =
                with_number.max_by_key(|(ready, number)| (ready.age_days.map(|days| -days), *number))?;
            trace.used(ready.place);
            Some(number)
        }
        Aggregate::DaysSince => {
            let dated = on.selected(selection).filter_map(|ready| Some((ready.age_days?, ready.place)));
            let (days, place) = dated.min()?;
            trace.used(place);
            Some(days)
        }
    }
}

impl Text {
    fn word<'b>(&'b self, on: &'b Prepared<'_>) -> Option<&'b str> {
        match self {
            Self::Literal(word) => Some(word),
            Self::Fact(fact) => on.facts.text(*fact),
        }
    }
}

#[cfg(test)]
mod oracle;
