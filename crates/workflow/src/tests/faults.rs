//! Every fault of a workflow or form file is told with its line and a mend, all of a file at once.

use crate::{Forms, Workflow};

const FORMS: &str = include_str!("../../../../programs/minors/forms.toml");
const WORKFLOW: &str = include_str!("../../../../programs/minors/workflow.toml");

/// The line on which `text` first stands, from 1.
fn line_of(file: &str, text: &str) -> usize {
    file.lines().position(|line| line.contains(text)).expect("the text stands in the file") + 1
}

/// The faults after one place of the workflow was changed, as (line, message).
fn faults_of_workflow(from: &str, to: &str) -> Vec<(usize, String)> {
    let changed = WORKFLOW.replacen(from, to, 1);
    assert_ne!(changed, WORKFLOW, "{from} stands in the file");
    let found = Workflow::parse(&changed, Forms::parse(FORMS).unwrap()).err().unwrap_or_default();
    assert!(found.iter().all(|fault| !fault.mend.is_empty()));
    found.into_iter().map(|fault| (fault.line, fault.message)).collect()
}

fn faults_of_forms(from: &str, to: &str) -> Vec<(usize, String)> {
    let changed = FORMS.replacen(from, to, 1);
    assert_ne!(changed, FORMS, "{from} stands in the file");
    let found = Forms::parse(&changed).err().unwrap_or_default();
    found.into_iter().map(|fault| (fault.line, fault.message)).collect()
}

#[test]
fn a_name_that_leads_nowhere_is_told_where_it_stands() {
    let place = |text| line_of(WORKFLOW, text);
    // What an action needs is told at its stage.
    let triage = place("key = \"triage\"");
    for (from, to, line, says) in [
        (
            "form = \"assessment\"",
            "form = \"assesment\"",
            place("form = \"assessment\""),
            "no form assesment",
        ),
        (
            "field = \"check.result\", is = [\"danger\"]",
            "field = \"check.resolt\", is = [\"danger\"]",
            place("is = [\"danger\"]"),
            "no field check.resolt",
        ),
        ("is = [\"danger\"]", "is = [\"dangr\"]", place("is = [\"danger\"]"), "no option dangr"),
        (
            "then = [{ to = \"check\" }]",
            "then = [{ to = \"cheque\" }]",
            place("then = [{ to = \"check\" }]"),
            "no stage cheque",
        ),
        (
            "outcome = \"dismissed\" }",
            "outcome = \"nothing\" }",
            place("outcome = \"dismissed\" }"),
            "no outcome nothing",
        ),
        ("opens = [\"case\"]", "opens = [\"kase\"]", place("opens = [\"case\"]"), "no kind kase"),
        ("hangs = \"referral\"", "hangs = \"referal\"", triage, "no kind referal"),
        ("ended_not = [\"withdrawn\"", "ended_not = [\"refused\"", triage, "no outcome refused"),
        ("not_at = [\"returned\"", "not_at = [\"gone\"", triage, "no stage gone"),
        (
            "tells = \"referral_child\"",
            "tells = \"child\"",
            place("tells = \"referral_child\""),
            "no form child",
        ),
        (
            "in_all = \"10 working days\"",
            "in_all = \"10 weeks\"",
            place("in_all = \"10 working days\""),
            "in_all is no period",
        ),
        (
            "no_open = [\"referral\"]",
            "no_open = [\"referal\"]",
            place("no_open = [\"referral\"]"),
            "no kind referal",
        ),
        (
            "holder = \"subdistrict\"",
            "holder = \"street\"",
            place("holder = \"subdistrict\""),
            "street holds nothing",
        ),
        (
            "urgent = \"1 hour\", high = \"4 hours\"",
            "urgent = \"1 houre\", high = \"4 hours\"",
            place("deadline = { urgent = \"1 hour\", high = \"4 hours\""),
            "\"1 houre\" is no period",
        ),
    ] {
        let faults = faults_of_workflow(from, to);
        assert!(faults.iter().any(|(at, message)| *at == line && message.contains(says)), "{to}: {faults:?}");
    }
}

#[test]
fn what_is_shown_and_asked_of_answers_exists() {
    let place = |text| line_of(WORKFLOW, text);
    for (from, to, line, says) in [
        ("shows = [\"review\"]", "shows = [\"revue\"]", place("shows = [\"review\"]"), "no form revue"),
        (
            "field = \"closure.against_review\", answered = true",
            "field = \"closure.against_review\", answered = false",
            place("field = \"closure.against_review\", answered = true"),
            "cannot be compared",
        ),
    ] {
        let faults = faults_of_workflow(from, to);
        assert!(faults.iter().any(|(at, message)| *at == line && message.contains(says)), "{to}: {faults:?}");
    }
}

#[test]
fn a_stage_that_nobody_enters_or_nobody_leaves_is_refused() {
    let never = faults_of_workflow(
        "form = \"triage\"\nthen = [{ to = \"help_plan\" }]",
        "form = \"triage\"\nthen = [{ to = \"triage\" }]",
    );
    assert!(
        never.iter().any(|(_, message)| message.contains("from stage triage no end is reached")),
        "{never:?}"
    );
    let without = faults_of_workflow(
        "to = \"done\", outcome = \"no_risk\" },\n",
        "when = { severity = [\"low\"] }, to = \"done\", outcome = \"no_risk\" },\n",
    );
    assert!(without.iter().any(|(_, message)| message.contains("branches of the action are not complete")));
    let circle = faults_of_workflow(
        "opened_from = [\"lead\", \"visit\"] }, to = \"acceptance\"",
        "opened_from = [\"lead\", \"visit\"] }, to = \"discovery\"",
    );
    assert!(circle.iter().any(|(_, message)| message.contains("circle")));
    let silent = faults_of_workflow("holder = \"above\"\n", "");
    assert!(silent.iter().any(|(_, message)| message.contains("lacks a holder")));
    let label =
        faults_of_workflow("{ zh = \"待派发\", en = \"Dispatch\" }", "{ zh = \"待派发\", en = \"\" }");
    assert!(
        label.iter().any(|(at, message)| *at == line_of(WORKFLOW, "待派发") && message.contains("languages"))
    );
}

/// The line of the stage, what is wrong, and who could mend it how: whoever writes the file reads it at its start.
#[test]
fn a_stage_that_nobody_could_hold_is_refused() {
    let approve = "label = { zh = \"同意结案\", en = \"Approve closure\" }\nroles = [\"district_officer\", \"city_officer\"]";
    let send_back =
        "label = { zh = \"退回补充\", en = \"Send back\" }\nroles = [\"district_officer\", \"city_officer\"]";
    let changed = WORKFLOW
        .replacen(
            approve,
            &approve.replace("\"district_officer\", \"city_officer\"", "\"child_director\""),
            1,
        )
        .replacen(
            send_back,
            &send_back.replace("\"district_officer\", \"city_officer\"", "\"child_director\""),
            1,
        );
    let found = Workflow::parse(&changed, Forms::parse(FORMS).unwrap()).err().unwrap_or_default();
    let closure = found.iter().find(|fault| fault.message.contains("nobody could hold stage closure"));
    let closure = closure.expect("the closure of a case comes to nobody");
    assert_eq!(
        closure.line,
        line_of(&changed, "key = \"closure\"\nlabel = { zh = \"结案审批\"".split('\n').next().unwrap())
    );
    assert!(closure.mend.contains("a role that stands on the ladder"), "{closure:?}");

    // The district may ask for closure: then the district cannot decide on it.
    let changed = WORKFLOW.replace(
        "roles = [\"district_officer\", \"city_officer\"]\nguards",
        "roles = [\"district_officer\"]\nguards",
    );
    assert_ne!(changed, WORKFLOW);
    let found = Workflow::parse(&changed, Forms::parse(FORMS).unwrap()).err().unwrap_or_default();
    let stuck = found
        .iter()
        .any(|fault| fault.message == "nobody could hold stage closure once district has brought it there");
    assert!(stuck, "{found:?}");
}

#[test]
fn a_form_that_asks_too_much_or_of_nothing_is_refused() {
    let place = |text| line_of(FORMS, text);
    let most = faults_of_forms("most_fields = 15", "most_fields = 10");
    assert!(
        most.iter().any(|(at, message)| *at == place("key = \"check\"") && message.contains("15 fields")),
        "{most:?}"
    );
    let later = faults_of_forms(
        "show_when = { field = \"seen\", is = [\"no\"] }",
        "show_when = { field = \"result\", is = [\"danger\"] }",
    );
    assert!(
        later.iter().any(|(_, message)| message.contains("no field result")),
        "a field may ask about earlier ones only"
    );
    let twice = faults_of_forms("key = \"manner\"", "key = \"injury\"");
    assert!(twice.iter().any(|(at, message)| *at == place("key = \"manner\"") && message.contains("twice")));
    let levels = faults_of_forms("from = 24, severity = \"high\"", "from = 10, severity = \"high\"");
    assert!(levels.iter().any(|(_, message)| message.contains("not in order")));
    let unknown = faults_of_forms("required = true", "mandatory = true");
    assert_eq!(unknown.len(), 1, "a misspelt word stops the reading at its line: {unknown:?}");
    assert_eq!(unknown[0].0, place("required = true"));
}

#[test]
fn text_that_is_no_toml_is_one_fault_and_never_a_panic() {
    assert_eq!(Forms::parse("version = ").unwrap_err().len(), 1);
    let forms = Forms::parse("version = \"1\"\neffective_from = \"2026-01-01\"\n").unwrap();
    assert_eq!(Workflow::parse("[[kind]\n", forms).unwrap_err().len(), 1);
}
