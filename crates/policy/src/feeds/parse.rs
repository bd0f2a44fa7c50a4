//! Reading and checking the description of a feed.

use std::collections::HashMap;

use base::AreaLevel;
use rules::Fault;
use rules::document::{self, Fields};

use super::{Choice, Column, Completeness, Condition, Feed, Heading, IndicatorRule, Meaning, Subject, Test};

/// Meanings without anything beside them.
const PLAIN_MEANINGS: [(&str, Meaning); 21] = [
    ("name", Meaning::Name),
    ("identity_number", Meaning::IdentityNumber),
    ("birth", Meaning::Birth),
    ("sex", Meaning::Sex),
    ("phone", Meaning::Phone),
    ("kinship", Meaning::Kinship),
    ("address", Meaning::Address),
    ("district", Meaning::Area(AreaLevel::District)),
    ("subdistrict", Meaning::Area(AreaLevel::Subdistrict)),
    ("community", Meaning::Area(AreaLevel::Community)),
    ("school", Meaning::School),
    ("grade", Meaning::Grade),
    ("class", Meaning::Class),
    ("school_and_class", Meaning::SchoolAndClass),
    ("household", Meaning::Household),
    ("relation", Meaning::Relation),
    ("serial", Meaning::Serial),
    ("event_day", Meaning::EventDay),
    ("day", Meaning::Day),
    ("flag", Meaning::Flag),
    ("text", Meaning::Text),
];

const SUBJECTS: [(&str, Subject); 7] = [
    ("person", Subject::Person),
    ("guardian", Subject::Guardian),
    ("father", Subject::Father),
    ("mother", Subject::Mother),
    ("head", Subject::Head),
    ("registration", Subject::Registration),
    ("school", Subject::School),
];

/// The most columns of a feed; a spreadsheet with more is no list of people.
const MOST_COLUMNS: usize = 200;

pub(super) fn parse(text: &str) -> Result<Feed, Vec<Fault>> {
    document::read(text, |fields| {
        let key = fields.key("key");
        let (label, department) = (fields.label("label"), fields.label("department"));
        let completeness =
            fields.choice("deliveries", &[("full", Completeness::Full), ("changes", Completeness::Changes)]);
        let by_household = fields.flag("by_household");
        let oldest = fields.optional_integer("oldest_years", 1..=150);
        let dated = fields.dated();
        let words = |name| -> Vec<String> { fields.texts(name).into_iter().map(|text| text.value).collect() };
        let (none_words, empty_home_words) = (words("none_words"), words("empty_home_words"));
        let columns = read_columns(fields);
        let indicators = read_indicators(fields, &columns);
        check_person(fields, &columns);
        let by_heading = headings(fields, &columns);
        Some(Feed {
            key: key?,
            label: label?,
            department: department?,
            completeness: completeness?,
            by_household,
            oldest_years: oldest.and_then(|years| i32::try_from(years).ok()),
            columns,
            indicators,
            none_words,
            empty_home_words,
            dated: dated?,
            description: text.to_owned(),
            by_heading,
        })
    })
}

fn read_columns(fields: &Fields<'_>) -> Vec<Column> {
    let entries = fields.entries("column");
    if entries.len() > MOST_COLUMNS {
        let message = format!("there are {} columns", entries.len());
        fields.fault("column", message, format!("Describe at most {MOST_COLUMNS}"));
    }
    let columns: Vec<Column> = entries.iter().take(MOST_COLUMNS).filter_map(read_column).collect();
    fields.refuse_twins(
        "column",
        columns.iter().map(|column| (column.key.as_str(), line_of(&entries, &column.key))),
    );
    let starred: Vec<&Column> = columns.iter().filter(|column| column.starred).collect();
    if let [_, second, ..] = starred.as_slice() {
        let message = format!("`{}` is a second starred column", second.key);
        fields.fault_at(line_of(&entries, &second.key), message, "Star the one column that identifies a row");
    }
    // What is read into a person's fields can stand in one column only; other kinds as often as is useful.
    for (place, column) in columns.iter().enumerate() {
        let singular = !matches!(
            column.meaning,
            Meaning::EventDay
                | Meaning::Day
                | Meaning::Number { .. }
                | Meaning::Flag
                | Meaning::Choice(_)
                | Meaning::Text
        );
        let earlier = columns.iter().take(place);
        if singular
            && earlier.clone().any(|other| other.meaning == column.meaning && other.subject == column.subject)
        {
            let message = format!("`{}` has the meaning and subject of an earlier column", column.key);
            let mend = "Put its headings into that column, or give it the meaning `text`";
            fields.fault_at(line_of(&entries, &column.key), message, mend);
        }
    }
    columns
}

/// The line of the last table that has this key; the fault that is told there is about the later one.
fn line_of(entries: &[Fields<'_>], key: &str) -> u32 {
    let with_key = entries.iter().rev().find(|entry| entry.text("key").as_deref() == Some(key));
    with_key.map_or(1, Fields::line)
}

fn read_column(fields: &Fields<'_>) -> Option<Column> {
    let (key, label) = (fields.key("key"), fields.label("label"));
    let meaning = read_meaning(fields);
    let subject = match fields.optional_text("of") {
        None => Some(Subject::Person),
        Some(word) => fields.chosen(fields.line_of("of"), &word, &SUBJECTS),
    };
    let (required, starred) = (fields.flag("required"), fields.flag("starred"));
    let texts = |name| -> Vec<String> { fields.texts(name).into_iter().map(|text| text.value).collect() };
    let headings = texts("headings");
    let contains: Vec<String> = texts("contains")
        .iter()
        .map(|word| Heading::of(word).whole().to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    if headings.is_empty() {
        fields.fault("headings", "the column has no `headings`", "List the headings that it bears in files");
    }
    fields.finish();
    Some(Column {
        key: key?,
        label: label?,
        meaning: meaning?,
        subject: subject?,
        required,
        starred,
        headings,
        contains,
    })
}

fn read_meaning(fields: &Fields<'_>) -> Option<Meaning> {
    let word = fields.text("means")?;
    let (least, most) = (
        fields.optional_integer("least", i64::MIN..=i64::MAX),
        fields.optional_integer("most", i64::MIN..=i64::MAX),
    );
    let choices: Vec<Choice> = fields.entries("choice").iter().filter_map(read_choice).collect();
    let meaning = match word.as_str() {
        "number" => {
            if let (Some(least), Some(most)) = (least, most) {
                if most < least {
                    fields.fault(
                        "most",
                        "`most` is below `least`",
                        "Set `most` to the greatest number that can stand there",
                    );
                }
                return Some(Meaning::Number { least, most });
            }
            fields.fault(
                "means",
                "a number has no `least` and `most`",
                "Add both: what lies outside is a slip of the pen",
            );
            None
        }
        "choice" => {
            if choices.is_empty() {
                fields.fault(
                    "means",
                    "a choice has no words",
                    "Add tables [[column.choice]] with `code` and `words`",
                );
            }
            fields.refuse_twins("choice", choices.iter().map(|choice| (choice.code.as_str(), fields.line())));
            return Some(Meaning::Choice(choices));
        }
        plain => {
            let mut known: Vec<(&str, Option<Meaning>)> =
                PLAIN_MEANINGS.into_iter().map(|(word, meaning)| (word, Some(meaning))).collect();
            known.extend([("number", None), ("choice", None)]);
            fields.chosen(fields.line_of("means"), plain, &known).flatten()
        }
    };
    if least.is_some() || most.is_some() || !choices.is_empty() {
        let message = format!("`least`, `most` and `choice` mean nothing to `{word}`");
        fields.fault("means", message, "Remove them, or write `number` or `choice`");
    }
    meaning
}

fn read_choice(fields: &Fields<'_>) -> Option<Choice> {
    let code = fields.key("code");
    let words: Vec<String> = fields.texts("words").into_iter().map(|text| text.value).collect();
    if words.is_empty() {
        fields.fault("words", "the choice has no `words`", "List the ways in which files write it");
    }
    fields.finish();
    Some(Choice { code: code?, words })
}

fn read_indicators(fields: &Fields<'_>, columns: &[Column]) -> Vec<IndicatorRule> {
    fields.entries("indicator").iter().filter_map(|entry| read_indicator(entry, columns)).collect()
}

fn read_indicator(fields: &Fields<'_>, columns: &[Column]) -> Option<IndicatorRule> {
    let (kind, label) = (fields.key("kind"), fields.label("label"));
    let day = named_column(
        fields,
        "day",
        columns,
        &|meaning| matches!(meaning, Meaning::Day | Meaning::EventDay),
        "a day",
    );
    let number = named_column(
        fields,
        "number",
        columns,
        &|meaning| matches!(meaning, Meaning::Number { .. }),
        "a number",
    );
    let entries = fields.entries("when");
    let conditions: Vec<Condition> =
        entries.iter().filter_map(|entry| read_condition(entry, columns)).collect();
    if entries.is_empty() {
        fields.fault("when", "the indicator has no condition", "Add a table [[indicator.when]]");
    }
    fields.finish();
    (conditions.len() == entries.len()).then_some(())?;
    Some(IndicatorRule { kind: kind?, label: label?, conditions, day, number })
}

/// The index of the column that the field `name` names, if it holds what is wanted of it.
fn named_column(
    fields: &Fields<'_>,
    name: &'static str,
    columns: &[Column],
    fits: &dyn Fn(&Meaning) -> bool,
    wanted: &str,
) -> Option<usize> {
    let key = fields.optional_text(name)?;
    let found = columns.iter().position(|column| column.key == key);
    match found.and_then(|index| columns.get(index)) {
        Some(column) if fits(&column.meaning) => return found,
        Some(_) => fields.fault(
            name,
            format!("the column `{key}` does not hold {wanted}"),
            format!("Name a column that holds {wanted}"),
        ),
        None => {
            fields.fault(name, format!("there is no column `{key}`"), "Name one of the columns of this file");
        }
    }
    None
}

fn read_condition(fields: &Fields<'_>, columns: &[Column]) -> Option<Condition> {
    let column = named_column(fields, "column", columns, &|_| true, "a value");
    if column.is_none() && fields.optional_text("column").is_none() {
        fields.fault("column", "the condition has no `column`", "Name the column that it looks at");
    }
    let (yes, filled) = (fields.flag("yes"), fields.flag("filled"));
    let keys: Vec<String> = fields.keys("is").into_iter().map(|key| key.value).collect();
    let mentions: Vec<String> = fields.texts("mentions").into_iter().map(|text| text.value).collect();
    let (least, most) = (
        fields.optional_integer("least", i64::MIN..=i64::MAX),
        fields.optional_integer("most", i64::MIN..=i64::MAX),
    );
    fields.finish();
    let mut tests = Vec::new();
    tests.extend(yes.then_some(Test::Yes));
    tests.extend(filled.then_some(Test::Filled));
    tests.extend((!keys.is_empty()).then_some(Test::Is(keys)));
    tests.extend((!mentions.is_empty()).then_some(Test::Mentions(mentions)));
    if least.is_some() || most.is_some() {
        tests.push(Test::Between { least: least.unwrap_or(i64::MIN), most: most.unwrap_or(i64::MAX) });
    }
    let column = column?;
    let [test] = <[Test; 1]>::try_from(tests)
        .map_err(|tests| {
            let message = format!("the condition says {} things of its column", tests.len());
            let mend = "Write one of `yes`, `filled`, `is`, `mentions`, or `least` and `most`; a second condition is a second table";
            fields.fault_at(fields.line(), message, mend);
        })
        .ok()?;
    check_test(fields, columns.get(column)?, &test);
    Some(Condition { column, test })
}

/// Notes a test that can never hold of its column.
fn check_test(fields: &Fields<'_>, column: &Column, test: &Test) {
    match (test, &column.meaning) {
        (Test::Yes, Meaning::Flag)
        | (Test::Filled | Test::Mentions(_), _)
        | (Test::Between { .. }, Meaning::Number { .. }) => {}
        (Test::Is(codes), Meaning::Choice(choices)) => {
            for code in codes.iter().filter(|code| !choices.iter().any(|choice| choice.code == **code)) {
                let message = format!("`{}` has no choice `{code}`", column.key);
                fields.fault("is", message, "Name one of the codes of the column");
            }
        }
        _ => {
            let message =
                format!("the condition does not fit `{}`, which holds {}", column.key, column.meaning.key());
            fields.fault(
                "column",
                message,
                "Use `yes` with a flag, `is` with a choice, `least` and `most` with a number",
            );
        }
    }
}

/// Notes a description by which no person can be told.
fn check_person(fields: &Fields<'_>, columns: &[Column]) {
    let tells = |meaning: &Meaning| {
        columns.iter().any(|column| column.subject == Subject::Person && column.meaning == *meaning)
    };
    if !tells(&Meaning::Name) && !tells(&Meaning::IdentityNumber) {
        let message = "no column holds the person's name or identity number";
        fields.fault("column", message, "Add a column with means = \"name\" or \"identity_number\"");
    }
}

/// Every heading in its normal form; one that two columns list is a fault, since it would be decided by chance. A
/// column's own names count where no column lists them.
fn headings(fields: &Fields<'_>, columns: &[Column]) -> HashMap<String, usize> {
    let mut by_heading: HashMap<String, usize> = HashMap::new();
    for (index, column) in columns.iter().enumerate() {
        for heading in &column.headings {
            let form = Heading::of(heading).whole().to_owned();
            if let Some(other) = by_heading.insert(form, index).filter(|other| *other != index) {
                let other = columns.get(other).map(|other| other.key.as_str()).unwrap_or_default();
                let message = format!("the heading `{heading}` belongs to `{other}` and to `{}`", column.key);
                fields.fault("column", message, "Leave it with one of them");
            }
        }
    }
    for (index, column) in columns.iter().enumerate() {
        for name in [&column.label.zh, &column.label.en, &column.key] {
            by_heading.entry(Heading::of(name).whole().to_owned()).or_insert(index);
        }
    }
    by_heading.remove("");
    by_heading
}
