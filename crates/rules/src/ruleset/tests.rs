use super::*;

const SOUND: &str = r#"version = "t-1"
applies = 'age_years < 18'

[[fact]]
key = "age_years"
label = { zh = "年龄", en = "Age" }

[[fact]]
key = "sex"
label = { zh = "性别", en = "Sex" }

[[indicator]]
kind = "absent"
label = { zh = "缺勤", en = "Absent" }

[[threshold]]
severity = "urgent"
at_least = 80
from = 2024-01-01
source = "M3"

[[threshold]]
severity = "high"
at_least = 60
from = 2024-01-01
source = "M3"

[[threshold]]
severity = "medium"
at_least = 40
from = 2024-01-01
source = "M3"

[[threshold]]
severity = "low"
at_least = 20
from = 2024-01-01
source = "M3"

[[rule]]
key = "absent"
label = { zh = "缺勤", en = "Absent" }
when = '''
age_years >= 6 &&
holds("absent", 30)'''
points = 14
from = 2024-01-01
source = "M1"
"#;

fn told(text: &str) -> Vec<String> {
    Ruleset::parse(text).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_file_is_read() {
    let rules = Ruleset::parse(SOUND).unwrap();
    assert_eq!((rules.version.as_str(), rules.rules.len(), rules.thresholds.len()), ("t-1", 1, 4));
    assert_eq!(rules.thresholds.first().map(|threshold| threshold.severity), Some(Severity::Urgent));
    assert!(rules.rule("absent", "2024-01-01".parse().unwrap()).is_some());
    assert!(rules.rule("absent", "2023-12-31".parse().unwrap()).is_none());
}

#[test]
fn each_fault_of_a_condition_is_told_with_its_own_line_and_mend() {
    let wrong = SOUND
        .replace("age_years >= 6 &&", "age >= 6 &&")
        .replace("holds(\"absent\", 30)", "holds(\"abscent\", 0)");
    assert_eq!(
        told(&wrong),
        [
            "line 44: there is no fact `age`. Use a declared fact (age_years, sex), or add a [[fact]].",
            "line 45: `holds` looks back 0 days. Write a number of days from 1 to 6600.",
        ]
    );
}

#[test]
fn conditions_that_compare_what_cannot_be_compared_are_refused() {
    for (condition, message) in [
        ("age_years == \"six\"", "a whole number is compared with a text"),
        ("sex == \"F\"", "the fact is never `F`"),
        ("sex in [\"male\", \"boy\"]", "the fact is never `boy`"),
        ("sex < \"male\"", "a text stands where a whole number must"),
        ("age_years", "a whole number stands where yes or no must"),
        ("age_years in [\"a\"]", "a whole number is sought among values of another kind"),
        ("age_years in []", "the list is empty"),
        ("age_years in absent", "`in` is not followed by a list"),
        ("sum(\"absent\") > 1", "`sum` asks for a number, and `absent` carries none"),
        ("latest(\"absent\", 3) > 1", "`latest` is not asked like this"),
        ("people(\"absent\") > 1", "`people` of the person alone is one at most"),
        ("mother.holds(\"absent\")", "`mother` bears no indicators"),
        ("holds(sex)", "`holds` is not asked like this"),
        ("size(\"absent\") > 1", "there is no function `size`"),
        ("age_years % 2 == 0", "the operator `%` has no place in a rule"),
        ("age_years > 1 ? true : false", "the operator `?_:` has no place in a rule"),
        ("guardians > 1", "there is no fact `guardians`"),
        ("age_years > 1.5", "a number with a point has no place in a rule"),
    ] {
        let wrong = SOUND.replace("applies = 'age_years < 18'", &format!("applies = '{condition}'"));
        let faults = Ruleset::parse(&wrong).unwrap_err();
        assert_eq!(
            faults.first().map(|fault| (fault.line, fault.message.as_str())),
            Some((2, message)),
            "{condition}"
        );
    }
}

#[test]
fn the_shape_of_the_table_is_checked() {
    let wrong = SOUND
        .replace("points = 14", "points = 0\ncap = 3")
        .replace("at_least = 60", "at_least = 90")
        .replace("key = \"sex\"", "key = \"height\"");
    let told = told(&wrong);
    assert_eq!(told.len(), 4, "{told:#?}");
    assert!(
        told[0].starts_with("line 9: `height` is not known here. Write one of `age_years`"),
        "{}",
        told[0]
    );
    assert!(told[1].starts_with("line 16: the thresholds do not fall from level to level."), "{}", told[1]);
    assert!(told[2].starts_with("line 46: the rule gives no points."), "{}", told[2]);
    assert!(told[3].starts_with("line 47: `each` and `cap` belong together."), "{}", told[3]);
}

#[test]
fn a_rule_that_holds_twice_on_one_day_is_refused() {
    let again = SOUND.split("[[rule]]").last().unwrap();
    let faults = Ruleset::parse(&format!("{SOUND}\n[[rule]]{again}")).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].message, "the rule `absent` holds twice on the same day");
    let followed = SOUND.to_owned().replace("source = \"M1\"", "until = 2025-12-31\nsource = \"M1\"");
    let later = again.replace("from = 2024-01-01", "from = 2026-01-01");
    assert!(Ruleset::parse(&format!("{followed}\n[[rule]]{later}")).is_ok());
}
