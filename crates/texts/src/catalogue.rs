//! Formatting at run time: two bundles, read once, and the values that go into a message.

use std::borrow::Cow;
use std::fmt::Display;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use intl_memoizer::concurrent::IntlLangMemoizer;
use unic_langid::{LanguageIdentifier, langid};

use crate::Language;

/// The messages of one crate in both languages, ready to be formatted.
pub struct Catalogue {
    chinese: FluentBundle<FluentResource>,
    english: FluentBundle<FluentResource>,
}

/// A value for a variable of a message.
pub struct Value<'a>(FluentValue<'a>);

impl Value<'_> {
    /// A number: chooses plurals, and is written with thousands grouped.
    pub fn number(number: impl Number) -> Self {
        Self(FluentValue::from(number.number()))
    }

    /// A text, as it is.
    pub fn text(text: impl Display) -> Self {
        Self(FluentValue::String(Cow::Owned(text.to_string())))
    }
}

/// What counts as a number in a message: every number type and references to it, as templates hand over both.
pub trait Number {
    /// The number as Fluent counts (exact up to 2⁵³).
    fn number(&self) -> f64;
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl Number for $kind {
            fn number(&self) -> f64 {
                f64::from(*self)
            }
        }
    )*};
}
macro_rules! wide_numbers {
    ($($kind:ty),*) => {$(
        impl Number for $kind {
            fn number(&self) -> f64 {
                *self as f64
            }
        }
    )*};
}
numbers!(u8, i8, u16, i16, u32, i32, f32, f64);
wide_numbers!(u64, i64, usize, isize);

impl<T: Number + ?Sized> Number for &T {
    fn number(&self) -> f64 {
        (**self).number()
    }
}

impl Catalogue {
    /// Reads both files. They were checked when the crate was built, so nothing is reported here.
    pub fn new(chinese: &str, english: &str) -> Self {
        Self { chinese: bundle(langid!("zh-CN"), chinese), english: bundle(langid!("en"), english) }
    }

    /// The message `key` (or `key.attribute`) in `language` with `values` put in. The key itself if there is no such
    /// message, which generated code cannot ask for.
    pub fn format(&self, language: Language, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
        let bundle = language.choose(&self.chinese, &self.english);
        let (id, attribute) = match key.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (key, None),
        };
        let pattern = bundle.get_message(id).and_then(|message| match attribute {
            Some(attribute) => message.get_attribute(attribute).map(|found| found.value()),
            None => message.value(),
        });
        let Some(pattern) = pattern else { return key.to_owned() };
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            arguments.set(*name, value.0.clone());
        }
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned()
    }
}

/// A bundle without isolation marks (they would be printed on letters) that groups the digits of numbers.
fn bundle(language: LanguageIdentifier, source: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(format_number));
    // The built-in NUMBER(), for options such as `useGrouping: "false"`. The name is free in a new bundle.
    let _ = bundle.add_builtins();
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(source.to_owned());
    bundle.add_resource_overriding(resource);
    bundle
}

fn format_number(value: &FluentValue<'_>, _: &IntlLangMemoizer) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    if number.options.use_grouping { Some(group_digits(&number.as_string())) } else { None }
}

/// A decimal number with its whole part in groups of three, as both languages write it: 5312 → 5,312. Anything that is
/// not a plain decimal number is left as it is.
pub fn group_digits(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, part)| (whole, Some(part)));
    if whole.len() <= 3 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut grouped = String::with_capacity(number.len() + whole.len() / 3);
    grouped.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "\
dispatch = Dispatch { $count ->
    [one] one matter
   *[other] { $count } matters
}
year = In { NUMBER($year, useGrouping: \"false\") }
named = { $name } of { -product }
-product = Shouwang
    .short = SW
field = Field
    .help = Write what { $who } saw
";

    #[test]
    fn plurals_grouping_terms_and_attributes() {
        let catalogue = Catalogue::new("", ENGLISH);
        let say = |key: &str, values: &[(&'static str, Value<'_>)]| {
            catalogue.format(Language::English, key, values)
        };
        assert_eq!(say("dispatch", &[("count", Value::number(1))]), "Dispatch one matter");
        assert_eq!(say("dispatch", &[("count", Value::number(5312_i64))]), "Dispatch 5,312 matters");
        assert_eq!(say("year", &[("year", Value::number(2026))]), "In 2026");
        assert_eq!(say("named", &[("name", Value::text("张*涵"))]), "张*涵 of Shouwang");
        assert_eq!(say("field.help", &[("who", Value::text("you"))]), "Write what you saw");
        assert_eq!(say("absent", &[]), "absent");
    }

    #[test]
    fn digits_are_grouped_from_the_right() {
        for (plain, grouped) in
            [("7", "7"), ("412", "412"), ("5312", "5,312"), ("-1234567.5", "-1,234,567.5"), ("1e9", "1e9")]
        {
            assert_eq!(group_digits(plain), grouped);
        }
    }
}
