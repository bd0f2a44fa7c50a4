use base::Severity;
use rules::{Bearer, Facts, Household, IndicatorFact};

use super::*;
use crate::{Files, Programs};

fn minors() -> BTreeMap<String, String> {
    let shipped = Files::shipped().unwrap();
    shipped.in_folder("programs/minors").map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

fn told(faults: &[PolicyFault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn the_shipped_files_load_and_know_every_role_of_the_document() {
    let programs = Programs::load(None).unwrap_or_else(|faults| panic!("{:#?}", told(&faults)));
    let program = programs.program("minors").unwrap();
    assert_eq!(program.label.zh, "未成年人保护");
    for role in [
        "administrator",
        "feed_clerk",
        "child_director",
        "child_supervisor",
        "district_officer",
        "city_officer",
        "department_contact",
        "auditor",
    ] {
        assert!(program.roles.role(role).is_some(), "{role}");
    }
    let list = &program.routing.responsibility;
    assert_eq!((list.stated_classes, list.stated_duties), (6, 55));
    assert_eq!(list.classes.len(), 6);
    assert!(list.classes.iter().flat_map(|class| &class.duties).all(|duty| duty.dated.sample));
    assert_eq!(programs.version("minors", &program.version).map(|found| &found.hash), Some(&program.hash));
    assert!(programs.version("minors", "1999").is_none());
}

#[test]
fn what_the_workflow_sends_to_can_be_dispatched() {
    let program = Program::read("minors", minors()).unwrap();
    for kind in ["lead", "case", "visit"] {
        assert!(program.routing.dispatch_of(kind).is_some(), "{kind}");
    }
}

#[test]
fn the_shipped_rules_raise_what_is_grave_and_leave_a_settled_child_alone() {
    let rules = Program::read("minors", minors()).unwrap().rules;
    let today: base::Day = "2026-11-24".parse().unwrap();
    let indicator = |kind: &str, number: Option<i64>| IndicatorFact {
        id: base::IndicatorId(uuid::Uuid::from_u128(1)),
        kind: kind.to_owned(),
        day: Some(today.plus_days(-10)),
        number,
        source: base::SourceRowId(uuid::Uuid::from_u128(2)),
        bearer: Bearer::Person,
    };
    let settled = Household { parents: 2, adults: 2, ..Household::default() };
    let child = |household, indicators| Facts {
        age_years: Some(9),
        guardians: Some(2),
        household: Some(household),
        indicators,
        ..Facts::default()
    };
    let level = |facts: Facts| rules::evaluate(&rules, &facts, today).severity;
    assert_eq!(level(child(settled, vec![])), None);
    assert_eq!(level(child(settled, vec![indicator("absent", Some(1))])), None);
    assert_eq!(level(child(settled, vec![indicator("absent", Some(3))])), Some(Severity::Low));
    assert_eq!(level(child(settled, vec![indicator("sign_of_harm", None)])), Some(Severity::Urgent));
    let elder = Household { adults: 1, elders: 1, ..Household::default() };
    assert_eq!(level(child(elder, vec![])), Some(Severity::Low));
    let elders = Household { adults: 2, elders: 2, ..Household::default() };
    assert_eq!(level(child(elders, vec![])), None, "two of them, and nothing else is known");
    assert_eq!(level(child(elders, vec![indicator("absent", Some(2))])), Some(Severity::Low));
    assert_eq!(level(child(elders, vec![indicator("absent", Some(5))])), Some(Severity::Medium));
    let nobody = || child(Household::default(), vec![]);
    assert_eq!(
        level(nobody()),
        None,
        "a list without adults, of a child who has guardians, is a gap in the list"
    );
    assert_eq!(level(Facts { guardians: Some(0), ..nobody() }), Some(Severity::High));
    assert_eq!(
        level(Facts { age_years: Some(18), ..child(settled, vec![indicator("sign_of_harm", None)]) }),
        None
    );
    assert!(rules.rules.iter().all(|rule| rule.dated.sample), "no source states points");
}

#[test]
fn the_same_version_with_other_content_does_not_start() {
    let kept = Program::read("minors", minors()).unwrap().as_version();
    let mut files = minors();
    files.entry("dictionary.toml".to_owned()).and_modify(|text| text.push_str("# a remark\n"));
    let changed = Program::read("minors", files).unwrap();
    assert_ne!(changed.hash, kept.hash);
    let fault = changed.check_against(std::slice::from_ref(&kept)).unwrap_err();
    assert_eq!(fault.file, "programs/minors/program.toml");
    assert!(
        fault.message.contains("`dictionary.toml`") && !fault.message.contains("`roles.toml`"),
        "{fault}"
    );
    let version = minors().get("program.toml").unwrap().lines().position(|line| line.starts_with("version"));
    assert_eq!(Some(fault.line as usize), version.map(|place| place + 1));

    let unchanged = Program::read("minors", minors()).unwrap();
    assert_eq!(unchanged.check_against(&[kept]), Ok(()));
    assert_eq!(unchanged.check_against(&[]), Ok(()));
}

#[test]
fn a_kept_version_is_read_again_and_refused_when_its_files_were_changed() {
    let program = Program::read("minors", minors()).unwrap();
    let mut kept = program.as_version();
    assert_eq!(Program::read_version(&kept).unwrap().hash, program.hash);
    kept.files.entry("roles.toml".to_owned()).and_modify(|text| text.push('\n'));
    assert_eq!(Program::read_version(&kept).unwrap_err().len(), 1);
}

#[test]
fn missing_and_unknown_files_are_told_beside_the_faults_of_the_others() {
    let mut files = minors();
    files.remove("routing.toml");
    files.insert("rolls.toml".to_owned(), String::new());
    files
        .entry("program.toml".to_owned())
        .and_modify(|text| *text = text.replace("\"minors\"", "\"elders\""));
    let faults = Program::read("minors", files).unwrap_err();
    let told = told(&faults).join("\n");
    assert_eq!(faults.len(), 3, "{told}");
    assert!(told.contains("programs/minors/routing.toml:1: the file is missing."), "{told}");
    assert!(told.contains("programs/minors/rolls.toml:1: nothing reads this file."), "{told}");
    assert!(told.contains("the program is called `elders` and lies in the folder `minors`."), "{told}");
}

#[test]
fn a_ground_that_no_rule_gives_is_told_where_it_stands() {
    let mut files = minors();
    files.entry("workflow.toml".to_owned()).and_modify(|text| {
        assert!(text.contains("\"sibling_harmed\""));
        *text = text.replace("\"sibling_harmed\"", "\"sibling_hurt\"");
    });
    let faults = Program::read("minors", files).unwrap_err();
    let told: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(told, ["no rule gives the ground `sibling_hurt`"]);
    assert!(faults[0].file == "programs/minors/workflow.toml" && faults[0].line > 1);
}

#[test]
fn a_field_is_of_a_class_that_roles_see_fields_by() {
    let mut files = minors();
    files.entry("forms.toml".to_owned()).and_modify(|text| {
        assert!(text.contains("class = \"phone\""));
        *text = text.replace("class = \"phone\"", "class = \"fone\"");
    });
    let faults = Program::read("minors", files).unwrap_err();
    let told: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(told, ["there is no class of field `fone`"]);
    assert!(faults[0].file == "programs/minors/forms.toml" && faults[0].line > 1);
}

#[test]
fn a_role_that_the_workflow_names_must_exist_on_its_level() {
    let mut files = minors();
    files.entry("roles.toml".to_owned()).and_modify(|text| {
        *text = text
            .replace("key = \"department_contact\"", "key = \"department\"")
            .replace("level = \"community\"", "level = \"subdistrict\"");
    });
    let faults = Program::read("minors", files).unwrap_err();
    let told: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "there is no role `department_contact`",
            "the posts of `child_director` are not on the level of its rung"
        ]
    );
    assert!(faults.iter().all(|fault| fault.file == "programs/minors/workflow.toml" && fault.line > 1));
}

#[test]
fn two_sets_of_files_that_run_together_to_the_same_bytes_have_different_hashes() {
    let files = |name: &str, text: &str| BTreeMap::from([(name.to_owned(), text.to_owned())]);
    assert_ne!(hash_of(&files("ab", "c")), hash_of(&files("a", "bc")));
}
