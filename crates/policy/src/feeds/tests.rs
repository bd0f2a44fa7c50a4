use super::*;

const GRID: &str = include_str!("../../../../feeds/grid.toml");
const DISABLED: &str = include_str!("../../../../feeds/disabled.toml");
const SCHOOL: &str = include_str!("../../../../feeds/school.toml");

fn feed(text: &str) -> Feed {
    Feed::parse(text).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn column(feed: &Feed, heading: &str) -> Option<String> {
    feed.column_for(&Heading::of(heading)).map(|index| feed.columns[index].key.clone())
}

#[test]
fn the_shipped_feeds_are_whole() {
    for (text, key, by_household) in
        [(GRID, "grid", true), (DISABLED, "disabled", false), (SCHOOL, "school", false)]
    {
        let feed = feed(text);
        assert_eq!((feed.key.as_str(), feed.by_household), (key, by_household));
        assert_eq!(feed.completeness, Completeness::Full);
        assert!(!feed.indicators.is_empty());
        for column in &feed.columns {
            assert!(!column.label.lacks_a_language(), "{}", column.key);
            for heading in &column.headings {
                assert_eq!(self::column(&feed, heading).as_ref(), Some(&column.key), "{heading}");
            }
        }
    }
    assert_eq!(
        feed(DISABLED).starred().map(|index| feed(DISABLED).columns[index].key.clone()).as_deref(),
        Some("card_number")
    );
}

#[test]
fn headings_are_recognised_as_people_write_them() {
    let school = feed(SCHOOL);
    for (heading, key) in [
        ("学生姓名", "name"),
        ("姓 名", "name"),
        ("*身份证号码（18位）", "identity_number"),
        ("学生身份证件号码", "identity_number"),
        ("身份证\n号码", "identity_number"),
        ("家长联系电话（手机）", "guardian_phone"),
        ("联系电话", "guardian_phone"),
        ("缺勤天数(天)", "absent_days"),
        ("Name", "name"),
        ("１．学校名称", "school"),
        ("班主任意见", "homeroom_note"),
    ] {
        assert_eq!(column(&school, heading).as_deref(), Some(key), "{heading}");
    }
    let grid = feed(GRID);
    for (heading, key) in [
        ("与户主关系", Some("relation")),
        ("户主姓名", Some("head_name")),
        ("家庭住址", Some("address")),
        ("本人手机", Some("phone")),
        ("网格员电话", None),
        ("填表人", None),
        ("采集人姓名", None),
        ("父亲身份证号", None),
        ("", None),
    ] {
        assert_eq!(column(&grid, heading).as_deref(), key, "{heading}");
    }
}

#[test]
fn each_fault_names_its_line_and_mend() {
    let head = "key = \"x\"\nlabel = { zh = \"甲\", en = \"A\" }\ndepartment = { zh = \"乙\", en = \"B\" }\ndeliveries = \"full\"\nfrom = 2024-01-01\nsource = \"M1\"\n";
    let name = "[[column]]\nkey = \"name\"\nlabel = { zh = \"姓名\", en = \"Name\" }\nmeans = \"name\"\nheadings = [\"姓名\"]\n";
    assert!(Feed::parse(&format!("{head}{name}")).is_ok());
    for (text, line, message) in [
        (head.to_owned(), 1, "no column holds the person's name or identity number"),
        (
            format!("{head}{}", name.replace("means = \"name\"", "means = \"nom\"")),
            10,
            "`nom` is not known here",
        ),
        (format!("{head}{name}{name}"), 12, "the column `name` stands here a second time"),
        (format!("{head}{}", name.replace("headings = [\"姓名\"]\n", "")), 7, "the column has no `headings`"),
        (format!("{head}{name}colour = 1\n"), 12, "`[[column]] 1` has no field `colour`"),
        (
            format!("{head}{name}{}", name.replace("\"name\"", "\"number\"")),
            15,
            "a number has no `least` and `most`",
        ),
        (
            format!(
                "{head}{name}[[indicator]]\nkind = \"k\"\nlabel = {{ zh = \"甲\", en = \"A\" }}\n[[indicator.when]]\ncolumn = \"age\"\nyes = true\n"
            ),
            16,
            "there is no column `age`",
        ),
        (
            format!(
                "{head}{name}[[indicator]]\nkind = \"k\"\nlabel = {{ zh = \"甲\", en = \"A\" }}\n[[indicator.when]]\ncolumn = \"name\"\nyes = true\n"
            ),
            16,
            "the condition does not fit `name`, which holds name",
        ),
        (head.replace("full", "whole"), 4, "`whole` is not known here"),
    ] {
        let faults = Feed::parse(&text).unwrap_err();
        let plain = |message: &str| message.replace('`', "");
        assert!(
            faults.iter().any(|fault| fault.line == line
                && plain(&fault.message).contains(&plain(message))
                && !fault.mend.is_empty()),
            "{message}: {faults:#?}"
        );
    }
}
