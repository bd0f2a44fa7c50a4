//! Generated workflows run to their end through the services: whatever can be read can be worked, and an open matter has
//! a holder and a next moment at every step.

use std::fmt::Write as _;

use base::Severity;
use matters::inbox::Filter;
use matters::{Matter, MatterError, Phase};
use policy::Files;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use workflow::Refusal;

use crate::office::{Office, hand_in, migrations};

/// What a generated stage is made of.
#[derive(Debug, Clone)]
struct StagePlan {
    holder: usize,
    deadline: usize,
    kinds: Vec<(usize, bool)>,
    back: Option<usize>,
    skipped: bool,
    another_person: bool,
}

fn stages() -> impl Strategy<Value = Vec<StagePlan>> {
    let fields = prop::collection::vec((0..6_usize, any::<bool>()), 0..4);
    let stage = (0..5_usize, 0..3_usize, fields, prop::option::of(0..5_usize), any::<bool>(), any::<bool>());
    let stage = stage.prop_map(|(holder, deadline, kinds, back, skipped, another_person)| StagePlan {
        holder,
        deadline,
        kinds,
        back,
        skipped,
        another_person,
    });
    prop::collection::vec(stage, 1..5)
}

const LABEL: &str = r#"label = { zh = "项", en = "Item" }"#;
const OPTIONS: &str = r#"options = [{ key = "a", label = { zh = "甲", en = "A" }, points = 1 }, { key = "b", label = { zh = "乙", en = "B" } }]"#;

fn forms_text(stages: &[StagePlan]) -> String {
    let mut text = String::new();
    for (number, stage) in stages.iter().enumerate() {
        let _ =
            writeln!(text, "[[form]]\nkey = \"f{number}\"\n{LABEL}\n[[form.section]]\nkey = \"s\"\n{LABEL}");
        let mut field = |key: &str, kind: &str, more: &str| {
            let _ =
                writeln!(text, "[[form.section.field]]\nkey = \"{key}\"\n{LABEL}\nkind = \"{kind}\"\n{more}");
        };
        field("first", "choice", &format!("required = true\n{OPTIONS}"));
        for (place, (kind, hangs)) in stage.kinds.iter().enumerate() {
            let (kind, more) = [
                ("choice", OPTIONS),
                ("choices", OPTIONS),
                ("text", "most = 20"),
                ("number", "least = -3\nmost = 12"),
                ("date", ""),
                ("person", ""),
            ][*kind];
            let hangs = if *hangs { "show_when = { field = \"first\", is = [\"a\"] }" } else { "" };
            field(&format!("q{place}"), kind, &format!("required = true\n{more}\n{hangs}"));
        }
        text.push_str("[form.scoring]\nlevels = [{ from = 0, severity = \"low\", label = { zh = \"低\", en = \"Low\" } }, { from = 1, severity = \"urgent\", label = { zh = \"急\", en = \"Urgent\" } }]\n");
    }
    text
}

fn workflow_text(stages: &[StagePlan]) -> String {
    let roles = r#"["child_director", "child_supervisor", "district_officer", "city_officer"]"#;
    let mut text = format!(
        "[[kind]]\nkey = \"thing\"\n{LABEL}\nnumber = \"T\"\nfirst = \"s0\"\nclimbs_every = \"1 working day\"\nassign = {{ roles = {roles}, reason_least = 1 }}\n[[kind.outcome]]\nkey = \"over\"\n{LABEL}\n"
    );
    let last = stages.len() - 1;
    for (number, stage) in stages.iter().enumerate() {
        let holder = ["community", "subdistrict", "district", "above", "keep"][stage.holder];
        let deadline = ["\"1 hour\"", "\"2 working days\"", "\"9 days\""][stage.deadline];
        let _ = writeln!(
            text,
            "[[kind.stage]]\nkey = \"s{number}\"\n{LABEL}\nholder = \"{holder}\"\ndeadline = {deadline}\nremind_before = \"30 minutes\""
        );
        let next = number + 1;
        if stage.skipped && number < last {
            let _ = writeln!(text, "skip = {{ when = {{ severity = [\"urgent\"] }}, to = \"s{next}\" }}");
        }
        let on = if number == last {
            "to = \"end\", outcome = \"over\"".to_owned()
        } else {
            format!("to = \"s{next}\"")
        };
        let back = stage.back.map_or(String::new(), |back| {
            let back = back.min(number);
            format!("{{ when = {{ field = \"f{number}.first\", is = [\"b\"] }}, to = \"s{back}\" }}, ")
        });
        // Above the city stands nobody: what may end up there must not ask for another person, of whom there is none.
        let guards =
            if stage.another_person && stage.holder < 3 { "guards = [\"another_person\"]\n" } else { "" };
        let _ = writeln!(
            text,
            "[[kind.stage.action]]\nkey = \"go\"\n{LABEL}\nroles = {roles}\nform = \"f{number}\"\n{guards}then = [{back}{{ {on} }}]"
        );
    }
    let _ = writeln!(text, "[[kind.stage]]\nkey = \"end\"\n{LABEL}\nends = true");
    text
}

/// The shipped program with one more kind of matter, for the shipped roles.
fn files(stages: &[StagePlan]) -> Files {
    let shipped = Files::shipped().unwrap();
    let get = |name: &str| shipped.get(&format!("programs/minors/{name}.toml")).unwrap().to_owned();
    let roles = get("roles")
        .replace("kinds = [\"lead\", \"visit\"]", "kinds = [\"lead\", \"visit\", \"thing\"]")
        .replace(
            "kinds = [\"lead\", \"visit\", \"case\", \"referral\"]",
            "kinds = [\"lead\", \"visit\", \"case\", \"referral\", \"thing\"]",
        );
    let forms = get("forms") + "\n" + &forms_text(stages);
    let workflow = get("workflow") + "\n" + &workflow_text(stages);
    shipped
        .with("programs/minors/roles.toml", roles)
        .with("programs/minors/forms.toml", forms)
        .with("programs/minors/workflow.toml", workflow)
}

/// Works a matter to its end: back where a form leads back, at most once a stage; by another person where one is asked
/// for.
async fn run(office: &Office, severity: Severity, lead_back: bool) -> Result<Matter, MatterError> {
    let mut matter = office.open(office.new_matter("thing", severity)).await;
    let (mut steps, mut backs) = (0, 0);
    while matter.phase() != Phase::Closed {
        steps += 1;
        assert!(steps < 60, "the matter goes in circles");
        office.wait(20 * 60_000).await;
        let pick = if lead_back && backs < 3 { "b" } else { "a" };
        backs += 1;
        // Whoever holds it, else somebody above: the guard may ask for another person.
        let people = [&office.director, &office.supervisor, &office.officer, &office.city];
        let mut moved = None;
        for person in people {
            match office.act(person, matter.id, hand_in("go", &[("first", pick)])).await {
                Ok(acted) => {
                    moved = Some(acted.matter);
                    break;
                }
                Err(MatterError::Refused(Refusal::NotHeld | Refusal::SamePerson)) => {}
                Err(other) => return Err(other),
            }
        }
        matter = moved.expect("somebody can act");
        if matter.phase() != Phase::Closed {
            let holder = [&office.director, &office.supervisor, &office.officer, &office.city];
            let holder =
                holder.into_iter().find(|actor| actor.post == Some(matter.holder)).expect("a holder");
            let read = office.database.read().await.unwrap();
            let inbox =
                office.matters.inbox(&read, holder, &Filter::default(), office.now(), None, 10).await?;
            assert!(
                inbox.rows.iter().any(|row| row.matter.id == matter.id),
                "it stands in its holder's inbox"
            );
            assert!(matter.clock.next() > office.now());
        }
    }
    Ok(matter)
}

#[test]
fn generated_workflows_run_to_their_end() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let plan = (stages(), any::<bool>(), any::<bool>());
    let outcome = runner.run(&plan, |(stages, urgent, lead_back)| {
        runtime.block_on(async {
            let database = store::testing::sqlite(&migrations()).await;
            let office = Office::with(database, files(&stages)).await;
            let severity = if urgent { Severity::Urgent } else { Severity::Medium };
            let ended = run(&office, severity, lead_back).await;
            let ended = ended.map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(ended.outcome.as_deref(), Some("over"));
            let read = office.database.read().await.unwrap();
            for actor in [&office.director, &office.supervisor, &office.officer, &office.city] {
                let inbox =
                    office.matters.inbox(&read, actor, &Filter::default(), office.now(), None, 10).await;
                prop_assert!(inbox.unwrap().rows.is_empty());
            }
            Ok(())
        })
    });
    outcome.unwrap();
}
