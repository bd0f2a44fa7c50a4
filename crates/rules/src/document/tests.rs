use super::*;

fn day(text: &str) -> base::Day {
    text.parse().unwrap()
}

fn lines_of(faults: &[Fault]) -> Vec<(u32, &str)> {
    faults.iter().map(|fault| (fault.line, fault.message.as_str())).collect()
}

#[test]
fn a_sound_file_is_read_with_the_lines_of_its_values() {
    let text = "key = \"grid\"\n\n[[item]]\nlabel = { zh = \"户\", en = \"Home\" }\nfrom = 2024-11-01\nsource = \"M1\"\n";
    let read = read(text, |fields| {
        let key = fields.key("key");
        let items = fields.entries("item");
        let item = items.first()?;
        let (label, dated) = (item.label("label"), item.dated());
        item.finish();
        Some((key?, item.line(), item.line_of("from"), label?, dated?))
    })
    .unwrap();
    assert_eq!(read.0, "grid");
    assert_eq!((read.1, read.2), (3, 5));
    assert_eq!(read.3.zh, "户");
    assert_eq!((read.4.from, read.4.sample), (day("2024-11-01"), false));
}

#[test]
fn every_fault_is_told_not_the_first_only() {
    let text = "key = \"Grid 1\"\ncount = 12\nwhen = \"2024-11-01\"\nmisspelt = 1\nword = \"red\"\n";
    let faults = read(text, |fields| {
        let key = fields.key("key");
        let count = fields.integer("count", 0..=9);
        let when = fields.day("when");
        let word = fields.choice("word", &[("blue", 1), ("green", 2)]);
        let name = fields.text("name");
        Some((key?, count?, when?, word?, name?))
    })
    .unwrap_err();
    assert_eq!(
        lines_of(&faults),
        [
            (1, "`Grid 1` is no key"),
            (1, "the file has no `name`"),
            (2, "`count` is 12"),
            (3, "`when` is a text"),
            (4, "the file has no field `misspelt`"),
            (5, "`red` is not known here"),
        ]
    );
    assert_eq!(faults[5].mend, "Write one of `blue` or `green`");
    assert_eq!(faults[2].to_string(), "line 2: `count` is 12. Write a whole number from 0 to 9.");
}

#[test]
fn faults_of_syntax_carry_their_line() {
    let faults = read("a = 1\nb = \nc = 3\nd = [1,\n", |_| Some(())).unwrap_err();
    assert_eq!(faults.first().map(|fault| fault.line), Some(2));
    assert!(faults.iter().all(|fault| fault.message.starts_with("this is not TOML")));
}

#[test]
fn a_period_that_ends_before_it_begins_is_refused_at_its_end() {
    let text = "from = 2024-11-01\nuntil = 2024-10-31\nsource = \"M1\"\n";
    let faults = read(text, |fields: &Fields<'_>| fields.dated()).unwrap_err();
    assert_eq!(lines_of(&faults), [(2, "`until` (2024-10-31) lies before `from` (2024-11-01)")]);
}

#[test]
fn the_lines_inside_a_long_text_are_counted_from_where_it_begins() {
    let text = "when = '''\na\nb'''\nthen = 'c'\n";
    let lines = read(text, |fields| {
        fields.text("when")?;
        fields.text("then")?;
        Some((fields.line_inside("when", 0), fields.line_inside("when", 1), fields.line_inside("then", 0)))
    });
    assert_eq!(lines.unwrap(), (2, 3, 4));
}

#[test]
fn a_file_beyond_all_measure_is_not_parsed() {
    let text = "#".repeat(MAXIMUM_BYTES + 1);
    assert_eq!(read(&text, |_| Some(())).unwrap_err().len(), 1);
}

#[test]
fn a_reader_that_yields_nothing_without_a_fault_is_still_a_fault() {
    assert_eq!(read("", |_| None::<()>).unwrap_err().len(), 1);
}
