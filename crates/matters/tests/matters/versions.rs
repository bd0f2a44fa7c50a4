//! Policy that changes while matters run.

use std::sync::Arc;

use base::Severity;
use matters::versions::{self, VersionError};
use policy::{Files, Programs};
use store::testing::TestDatabase;

use crate::office::{Office, hand_in, migrations, services, take};

store::on_both! { migrations() =>
    a_new_version_does_not_disturb_a_running_lead,
    the_same_version_with_other_content_does_not_start,
    a_step_with_a_form_is_added_in_toml_alone,
}

const STEP: &str = r#"
[[kind.stage]]
key = "consult"
label = { zh = "会商", en = "Consultation" }
icon = "users"
holder = "keep"
deadline = "2 working days"
remind_before = "4 hours"

[[kind.stage.action]]
key = "submit"
label = { zh = "提交会商", en = "Submit consultation" }
roles = ["child_director", "child_supervisor"]
form = "consult"
then = [{ to = "done", outcome = "no_risk" }]
"#;

const FORM: &str = r#"
[[form]]
key = "consult"
label = { zh = "会商记录", en = "Consultation" }

[[form.section]]
key = "talk"
label = { zh = "会商", en = "Talk" }

[[form.section.field]]
key = "agreed"
label = { zh = "各方是否同意", en = "Do all agree?" }
kind = "choice"
required = true
options = [
  { key = "yes", label = { zh = "同意", en = "Yes" } },
  { key = "no", label = { zh = "不同意", en = "No" } },
]
"#;

/// The shipped files in a folder of the installation, in which the check of a lead is followed by a consultation.
fn changed() -> Files {
    let shipped = Files::shipped().unwrap();
    let get = |name: &str| shipped.get(&format!("programs/minors/{name}.toml")).unwrap().to_owned();
    let workflow = get("workflow");
    let check = workflow.find("key = \"check\"").unwrap();
    let (before, from_check) = workflow.split_at(check);
    let from_check =
        from_check.replacen("{ to = \"done\", outcome = \"no_risk\" },", "{ to = \"consult\" },", 1);
    let done = from_check.find("[[kind.stage]]").unwrap();
    let (stage, rest) = from_check.split_at(done);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("programs/minors");
    std::fs::create_dir_all(&path).unwrap();
    std::fs::write(path.join("workflow.toml"), [before, stage, STEP, "\n", rest].concat()).unwrap();
    std::fs::write(path.join("forms.toml"), get("forms") + FORM).unwrap();
    let program = get("program").replace("version = \"2026.11-11\"", "version = \"2026.12-1\"");
    std::fs::write(path.join("program.toml"), program).unwrap();
    Files::shipped().unwrap().overridden_by(folder.path()).unwrap()
}

async fn start(office: &Office, files: &Files) -> Result<Programs, VersionError> {
    let mut programs = Programs::read(files).unwrap();
    let write = office.database.begin("test.start").await;
    versions::keep(&write, &mut programs).await?;
    write.save().await.unwrap();
    Ok(programs)
}

/// Takes a lead to its check and hands that in; returns the stage it is in then.
async fn check(office: &Office, severity: Severity, person: u128) -> (matters::Matter, String) {
    let lead = office.lead(severity, person).await;
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    office.act(&office.director, lead.id, take("accept")).await.unwrap();
    let acted =
        office.act(&office.director, lead.id, hand_in("submit", &[("result", "no_risk")])).await.unwrap();
    let stage = acted.matter.stage.clone();
    (acted.matter, stage)
}

async fn a_new_version_does_not_disturb_a_running_lead(database: TestDatabase) {
    let mut office = Office::new(database).await;
    start(&office, &Files::shipped().unwrap()).await.unwrap();
    let old = office.lead(Severity::High, 1).await;
    office.act(&office.supervisor, old.id, take("dispatch")).await.unwrap();

    let programs = start(&office, &changed()).await.unwrap();
    office.matters = services(programs, &Arc::default());
    office.act(&office.director, old.id, take("accept")).await.unwrap();
    let acted =
        office.act(&office.director, old.id, hand_in("submit", &[("result", "no_risk")])).await.unwrap();
    assert_eq!((acted.matter.stage.as_str(), acted.matter.program_version.as_str()), ("done", "2026.11-11"));
    let (new, stage) = check(&office, Severity::High, 2).await;
    assert_eq!((stage.as_str(), new.program_version.as_str()), ("consult", "2026.12-1"));

    // Starting once more with either is no change.
    start(&office, &changed()).await.unwrap();
    let programs = start(&office, &Files::shipped().unwrap()).await.unwrap();
    assert!(programs.version("minors", "2026.12-1").is_some());
}

async fn the_same_version_with_other_content_does_not_start(database: TestDatabase) {
    let office = Office::new(database).await;
    let shipped = Files::shipped().unwrap();
    start(&office, &shipped).await.unwrap();
    let forms = shipped.get("programs/minors/forms.toml").unwrap().to_owned() + FORM;
    match start(&office, &shipped.with("programs/minors/forms.toml", forms)).await {
        Err(VersionError::Faults(faults)) => {
            assert_eq!(faults.len(), 1);
            assert!(faults[0].message.contains("`forms.toml`"), "{}", faults[0].message);
        }
        other => panic!("{other:?}"),
    }
}

async fn a_step_with_a_form_is_added_in_toml_alone(database: TestDatabase) {
    let office = Office::with(database, changed()).await;
    let (lead, stage) = check(&office, Severity::Medium, 1).await;
    assert_eq!((stage.as_str(), Some(lead.holder)), ("consult", office.director.post));
    let read = office.database.read().await.unwrap();
    let offers =
        office.matters.offers(read.connection(), read.keys(), &office.director, &lead).await.unwrap();
    assert_eq!(offers[0].action.form.as_deref(), Some("consult"));
    drop(read);
    let acted = office.act(&office.director, lead.id, hand_in("submit", &[("agreed", "yes")])).await.unwrap();
    assert_eq!(acted.matter.outcome.as_deref(), Some("no_risk"));
}
