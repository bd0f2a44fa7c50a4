//! What can be said of two values of one kind: a set of relations, each a bit, and each the name of a test in a model.
//! The model's levels are asked in their order, and the first whose relation holds is the outcome.

mod address;
mod day;
mod name;
mod number;
mod text;

use smallvec::SmallVec;

pub(crate) use address::relations as address_relations;
pub(crate) use day::relations as day_relations;
pub(crate) use name::relations as name_relations;
pub(crate) use number::relations as number_relations;
pub(crate) use text::{holds as text_holds, relations_of as text_relations};

use crate::model::{Characters, ColumnKind, Comparison, Test};
use crate::read::{Digits, Value};

/// Relations that hold between two values, one bit each.
pub(crate) type Relations = u32;

/// Names of the tests of a kind, with their bits.
pub(crate) type Tests = &'static [(&'static str, Relations)];

/// Relation of values that are one and the same, in every kind.
pub(crate) const SAME: Relations = 1;
/// A value of the column is one of the other record's cross column, or the other way round.
pub(crate) const CROSS: Relations = 1 << 30;
/// A value of the cross column is one of the other record's cross column.
pub(crate) const CROSS_BOTH: Relations = 1 << 31;
/// Relation of two phones of one length that differ in one digit.
const ONE_DIGIT: Relations = 1 << 1;

const CATEGORY_TESTS: Tests = &[("exact", SAME)];
const PHONE_TESTS: Tests = &[("exact", SAME), ("one_digit", ONE_DIGIT)];

/// The tests that a model may name for a kind, beside `else`, `cross` and `cross_both`.
pub(crate) fn tests_of(kind: ColumnKind) -> Tests {
    match kind {
        ColumnKind::PersonName => name::TESTS,
        ColumnKind::IdentityNumber => number::TESTS,
        ColumnKind::Day => day::TESTS,
        ColumnKind::Category => CATEGORY_TESTS,
        ColumnKind::Phone => PHONE_TESTS,
        ColumnKind::Address => address::TESTS,
        ColumnKind::Text => text::TESTS,
        ColumnKind::Email => text::EMAIL_TESTS,
        ColumnKind::Quantity | ColumnKind::Place => text::EXACT_TESTS,
    }
}

/// The relations of two values, or `None` where they cannot be compared (a passport and a resident's number).
pub(crate) fn relations(table: &Characters, one: &Value, other: &Value) -> Option<Relations> {
    match (one, other) {
        (Value::Name(one), Value::Name(other)) => Some(name::relations(table, one, other)),
        (Value::Number(one), Value::Number(other)) => number::relations(*one, *other),
        (Value::Day(one), Value::Day(other)) => Some(day::relations(*one, *other)),
        (Value::Category(one), Value::Category(other)) => Some(Relations::from(one == other)),
        (Value::Phone(one), Value::Phone(other)) => Some(phone_relations(*one, *other)),
        (Value::Address(one), Value::Address(other)) => address::relations(one, other),
        (Value::Text(one), Value::Text(other)) => Some(text::relations_of(one, other)),
        _ => None,
    }
}

pub(crate) fn phone_relations(one: Digits, other: Digits) -> Relations {
    if one == other {
        SAME
    } else if one.is_one_digit_off(other) {
        ONE_DIGIT
    } else {
        0
    }
}

/// Both records' values of a comparison's column and of its cross column.
pub(crate) struct Sides<'values> {
    pub(crate) query: &'values [Value],
    pub(crate) query_cross: &'values [Value],
    pub(crate) other: &'values [Value],
    pub(crate) other_cross: &'values [Value],
}

/// The outcome of a comparison: the place of the level, and the query's value that brought it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome<'values> {
    pub(crate) level: usize,
    pub(crate) value: &'values Value,
}

/// The best level over all pairs of values, or `None` when one side says nothing.
pub(crate) fn outcome<'values>(
    table: &Characters,
    comparison: &Comparison,
    sides: &Sides<'values>,
) -> Option<Outcome<'values>> {
    let mut best: Option<Outcome<'values>> = None;
    for value in sides.query {
        for other in sides.other {
            let Some(relations) = relations(table, value, other) else { continue };
            let holds = |test: Test| match test {
                Test::Relation(bits) => relations & bits != 0,
                Test::Otherwise => true,
                test => match (value, other) {
                    (Value::Text(one), Value::Text(other)) => text::holds(test, one, other),
                    _ => false,
                },
            };
            let before = best.map_or(usize::MAX, |found| found.level);
            let found = comparison.levels.iter().take(before).position(|level| holds(level.test));
            best = found.map(|level| Outcome { level, value }).or(best);
        }
    }
    if comparison.cross.is_some() {
        for (bits, value) in crossings(sides) {
            let before = best.map_or(usize::MAX, |found| found.level);
            let mut levels = comparison.levels.iter().take(before);
            let found =
                levels.position(|level| matches!(level.test, Test::Relation(test) if test & bits != 0));
            best = found.map(|level| Outcome { level, value }).or(best);
        }
    }
    best
}

/// The crossings that hold, each with the query's value that brought it.
fn crossings<'values>(sides: &Sides<'values>) -> SmallVec<[(Relations, &'values Value); 4]> {
    let shared = |ours: &'values [Value], theirs: &[Value]| ours.iter().find(|value| theirs.contains(value));
    let pairs = [
        (CROSS, shared(sides.query, sides.other_cross)),
        (CROSS, shared(sides.query_cross, sides.other)),
        (CROSS_BOTH, shared(sides.query_cross, sides.other_cross)),
    ];
    pairs.into_iter().filter_map(|(bits, value)| value.map(|value| (bits, value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::read::{Name, Number, PartialDay};
    use proptest::prelude::*;

    fn model() -> Model {
        Model::parse(include_str!("../../../linkage/cn-person.toml")).unwrap()
    }

    /// The first test of the kind's list that holds.
    fn first(tests: Tests, relations: Option<Relations>) -> &'static str {
        let relations = relations.unwrap_or(0);
        tests.iter().find(|(_, bit)| relations & bit != 0).map_or("none", |(name, _)| name)
    }

    #[test]
    fn names_by_what_went_wrong() {
        let table = model().characters;
        for (one, other, expected) in [
            ("张梓涵", "张梓涵", "exact"),
            ("張梓涵", "张梓涵（小名涵涵）", "exact"),
            (" 张 三丰", "张三丰", "exact"),
            ("张子涵", "张梓涵", "same_tone"),
            ("李明", "李鸣", "same_tone"),
            ("王强", "王墙", "same_tone"),
            ("王慧", "王辉", "same_sound"),
            ("张宁", "张灵", "regional_sound"),
            ("陈晴", "陈睛", "look_alike"),
            ("杨宇", "杨字", "look_alike"),
            ("王小明", "王明小", "reordered"),
            ("张梓涵", "ZHANG ZIHAN", "spelled"),
            ("张梓涵", "Zihan Zhang", "spelled"),
            ("张*涵", "张梓涵", "masked"),
            ("张某", "张梓涵", "masked"),
            ("阿依努尔·买买提", "阿依努尔", "shortened"),
            ("阿依努尔•买买提", "阿依努尔·买买提", "exact"),
            ("张梓涵", "张涵", "shortened"),
            ("张梓涵", "张梓萱", "one_character"),
            ("张梓涵", "陈梓涵", "same_given"),
            ("张梓涵", "张伟", "same_surname"),
            ("欧阳娜娜", "欧阳修", "same_surname"),
            ("张梓涵", "李伟", "none"),
        ] {
            let (one, other) = (Name::read(&table, one).unwrap(), Name::read(&table, other).unwrap());
            assert_eq!(
                first(name::TESTS, Some(name::relations(&table, &one, &other))),
                expected,
                "{one:?} {other:?}"
            );
        }
        for nothing in ["", "无", "***", "（空）", "12"] {
            assert_eq!(Name::read(&table, nothing), None, "{nothing}");
        }
    }

    #[test]
    fn numbers_by_what_went_wrong() {
        for (one, other, expected) in [
            ("11010519491231002X", "11010519491231002x", "exact"),
            ("110105491231002", "11010519491231002X", "exact"),
            ("11010519491231003X", "11010519491231002X", "slip"),
            ("11010519491213002X", "11010519491231002X", "slip"),
            ("1101051949123102X", "11010519491231002X", "slip"),
            ("11010519491231003X", "11010519491231003X", "same_faulty"),
            ("110105********002X", "11010519491231002X", "masked"),
            ("11010519491231114X", "11010519491231002X", "different_faulty"),
            ("440305199001011231", "11010519491231002X", "different_faulty"),
            ("H12345678", "11010519491231002X", "none"),
            ("H12345678", "H12345678", "exact"),
        ] {
            let (one, other) = (Number::read(one).unwrap(), Number::read(other).unwrap());
            assert_eq!(first(number::TESTS, number::relations(one, other)), expected, "{one:?} {other:?}");
        }
        let birth = base::Day::new(2013, 3, 6).unwrap();
        let of = |order| Number::valid(&base::ResidentId::compose(440_305, birth, order).unwrap());
        assert_eq!(first(number::TESTS, number::relations(of(121), of(123))), "different");
        assert_eq!(of(121).birth(), Some(PartialDay::of(birth)));
        assert_eq!(Number::from_words(of(121).words()), Some(of(121)));
        assert_eq!(Number::read("******"), None);
    }

    #[test]
    fn days_by_what_went_wrong() {
        for (one, other, expected) in [
            ("2013-03-06", "2013年3月6日", "exact"),
            ("2013-03-06", "2013-06-03", "swapped"),
            ("2013-03-06", "2013-03-16", "one_digit"),
            ("2013-03-06", "2013-01-01", "new_years_day"),
            ("2013-03-06", "2013", "partial"),
            ("2009-03-06", "2010-03-06", "next_year"),
            ("2013-03-06", "2013-03-25", "same_month"),
            // The lunar date of that solar day, written as a solar one.
            ("2013-03-06", "2013-04-15", "lunar"),
            ("2020-04-01", "2020-05-23", "lunar"),
            ("2013-03-06", "2013-04-17", "lunar_distance"),
            ("2013-03-06", "2013-11-28", "same_year"),
            ("2013-03-06", "2001-11-28", "none"),
        ] {
            let (one, other) = (PartialDay::read(one).unwrap(), PartialDay::read(other).unwrap());
            assert_eq!(first(day::TESTS, Some(day::relations(one, other))), expected, "{one:?} {other:?}");
        }
    }

    proptest! {
        /// What is said of two values does not depend on which is looked up and which is in the index.
        #[test]
        fn relations_are_symmetric(one in "[张张李王子梓涵宁林明·*a-c ]{0,6}", other in "[张张李王子梓涵宁林明·*a-c ]{0,6}",
            number in "[0-9]{16}[0-9X]{2}", digits in "[0-9*]{14,18}", day in 0_u32..40_000, later in 0_u32..40_000) {
            let table = model().characters;
            if let (Some(one), Some(other)) = (Name::read(&table, &one), Name::read(&table, &other)) {
                prop_assert_eq!(name::relations(&table, &one, &other), name::relations(&table, &other, &one));
                prop_assert_eq!(name::relations(&table, &one, &one) & SAME != 0, !one.has_holes());
            }
            if let (Some(one), Some(other)) = (Number::read(&number), Number::read(&digits)) {
                prop_assert_eq!(number::relations(one, other), number::relations(other, one));
            }
            let date = |days: u32| PartialDay::of(base::Day::from_number(i32::try_from(days).unwrap()).unwrap());
            prop_assert_eq!(day::relations(date(day), date(later)), day::relations(date(later), date(day)));
        }
    }
}
