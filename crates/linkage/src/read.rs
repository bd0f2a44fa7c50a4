//! From the texts of a record to values that can be compared, hashed and packed: one file per kind of column.
//!
//! Reading never fails. What says nothing ("无", an empty cell, a number of stars only) is no value; what is damaged
//! becomes a value that says so, because damage is evidence too.

pub(crate) mod address;
pub(crate) mod day;
mod email;
pub(crate) mod lunar;
pub(crate) mod name;
pub(crate) mod number;
pub(crate) mod phone;
mod place;
mod quantity;

use smallvec::SmallVec;

use crate::model::{Column, ColumnKind, Model};
use crate::record::Record;

pub(crate) use address::{Address, AddressParts};
pub(crate) use day::PartialDay;
pub(crate) use name::Name;
pub(crate) use number::Number;
pub(crate) use phone::Digits;
pub(crate) use place::Place;
pub(crate) use quantity::quantity_of;

/// One value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Name(Name),
    Number(Number),
    Day(PartialDay),
    Category(u32),
    Phone(Digits),
    Address(Address),
    Text(Box<str>),
}

/// The values of one column, without repeats, at most as many as the column takes.
pub(crate) type Values = SmallVec<[Value; 2]>;

/// A record as it was read: the values of each of the model's columns, in the model's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reading {
    pub(crate) columns: Vec<Values>,
}

impl Reading {
    /// The values of a column.
    pub(crate) fn column(&self, column: usize) -> &[Value] {
        self.columns.get(column).map_or(&[], SmallVec::as_slice)
    }
}

/// Longest text of a cell that is looked at, in characters: longer ones are cut, so that one cell cannot cost a second.
const MOST_CHARACTERS: usize = 200;

/// Reads a record by the model's columns.
pub(crate) fn read(model: &Model, record: &Record) -> Reading {
    let mut reading = Reading { columns: Vec::with_capacity(model.columns.len()) };
    for column in &model.columns {
        let mut values = Values::new();
        for source in &column.sources {
            for text in record.texts(source) {
                if values.len() >= column.most {
                    break;
                }
                if let Some(value) =
                    read_value(model, column, bounded(text)).filter(|value| !values.contains(value))
                {
                    values.push(value);
                }
            }
        }
        reading.columns.push(values);
    }
    fill_in(model, &mut reading);
    reading
}

/// Fills an empty column with what a valid identity number says (its birth date), where the model asks for that.
fn fill_in(model: &Model, reading: &mut Reading) {
    for (place, column) in model.columns.iter().enumerate() {
        let Some(source) = column.filled_from else { continue };
        if !reading.column(place).is_empty() {
            continue;
        }
        let day = reading.column(source).iter().find_map(|value| match value {
            Value::Number(number) => number.birth(),
            _ => None,
        });
        if let (Some(day), Some(values)) = (day, reading.columns.get_mut(place)) {
            values.push(Value::Day(day));
        }
    }
}

pub(crate) fn bounded(text: &str) -> &str {
    text.char_indices().nth(MOST_CHARACTERS).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

pub(crate) fn read_value(model: &Model, column: &Column, text: &str) -> Option<Value> {
    match column.kind {
        ColumnKind::PersonName => Name::read(&model.characters, text).map(Value::Name),
        ColumnKind::IdentityNumber => Number::read(text).map(Value::Number),
        ColumnKind::Day => PartialDay::read(text).map(Value::Day),
        ColumnKind::Category => {
            let word = base::notation::cell_text(text);
            column.words.get(word.as_ref()).copied().map(Value::Category)
        }
        ColumnKind::Phone => Digits::read(text).map(Value::Phone),
        ColumnKind::Address => Address::read(&model.characters, text).map(Value::Address),
        ColumnKind::Text => read_text(text).map(|text| Value::Text(without(&column.drops, text))),
        ColumnKind::Email => email::read(text).map(Value::Text),
        ColumnKind::Quantity => quantity::read(text).map(Value::Text),
        ColumnKind::Place => Place::read(text).map(|place| Value::Text(place.text())),
    }
}

/// A plain text: half-width, lower case, one space between words, nothing but letters and digits.
fn read_text(text: &str) -> Option<Box<str>> {
    let mut plain = String::new();
    for character in base::notation::half_width(text).chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            plain.push(character);
        } else if !plain.is_empty() && !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    let plain = plain.trim_end();
    (!plain.is_empty()).then(|| plain.into())
}

/// A text without the words at its end that tell nobody apart (`有限公司`), as long as something is left.
fn without(drops: &[String], text: Box<str>) -> Box<str> {
    let mut rest: &str = &text;
    let shorter = |rest: &'_ str, word: &String| {
        let before = rest.strip_suffix(word.as_str())?;
        // `co` is no part of `mexico`; Chinese words have no spaces between them.
        (!word.is_ascii() || before.ends_with(' ')).then_some(before.len())
    };
    while let Some(shorter) =
        drops.iter().find_map(|word| shorter(rest, word)).and_then(|length| rest.get(..length))
    {
        let shorter = shorter.trim_end();
        if shorter.is_empty() {
            break;
        }
        rest = shorter;
    }
    if rest.len() == text.len() { text } else { rest.into() }
}

/// Words by which forms say that there is nothing to say.
pub(crate) fn says_nothing(text: &str) -> bool {
    matches!(
        text,
        "" | "无"
            | "没有"
            | "不详"
            | "未知"
            | "不明"
            | "待核"
            | "待查"
            | "空"
            | "暂无"
            | "-"
            | "--"
            | "/"
            | "\\"
            | "N/A"
            | "n/a"
            | "NULL"
            | "null"
            | "none"
    )
}
