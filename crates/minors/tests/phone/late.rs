//! What was written without signal and is sent when somebody else has the lead, or nobody.

use base::{MatterId, PersonId, Severity};
use matters::notices::NoticeKind;
use matters::{Matter, Phase};
use serde_json::{Value, json};
use store::testing::TestDatabase;
use uuid::Uuid;

use super::office::{Office, Worker, answer, picture};
use super::{command, english_of, no_risk, of};

/// A report of danger from the sheet.
fn danger(lead: &Matter, number: u128) -> Value {
    let mut sent = command(lead, "danger", &of(lead), json!({ "danger": ["violence"] }));
    sent["form"] = json!("danger");
    sent["command"] = json!(Uuid::from_u128(number));
    sent
}

/// What a post was told, of which matter.
async fn told(office: &Office, worker: Worker) -> Vec<(NoticeKind, MatterId)> {
    let actor = office.actor(worker).await;
    let read = office.app.database.read().await.unwrap();
    let (connection, keys) = (read.connection(), read.keys());
    let rows = office.matters.notices(connection, keys, &actor, None, 50).await.unwrap();
    rows.into_iter().map(|row| (row.notice.kind, row.notice.matter)).collect()
}

/// The open case of the child, if there is one.
async fn case_of(office: &Office, child: PersonId) -> Option<Matter> {
    let read = office.app.database.read().await.unwrap();
    let (connection, keys) = (read.connection(), read.keys());
    office.matters.open_of(connection, keys, "minors", "case", &[child]).await.unwrap()
}

async fn count(office: &Office, worker: Worker, kind: NoticeKind) -> usize {
    told(office, worker).await.into_iter().filter(|(told, _)| *told == kind).count()
}

/// The lead was given to somebody else, who has not even accepted it, and its director works in the next community now.
pub async fn danger_that_arrives_late_opens_a_case_whoever_has_the_lead(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::Medium).await;
    office.hand_to_colleague(lead.id).await;
    let moved = office.move_to_next_community(office.director).await;
    let browser = office.log_in(moved).await;
    let now = browser.get(&format!("/m/leads/{}", lead.id)).await;
    assert_eq!(now.status(), 404, "it is not theirs to see any more");

    // Whoever never held it is refused, whatever they say that they saw.
    let sent = danger(&lead, 41);
    let stranger = office.log_in(office.neighbour).await;
    let (status, refused) = stranger.command("/m/commands", &sent).await;
    assert_eq!(status, 404, "{refused}");
    assert!(case_of(&office, office.child).await.is_none());

    let (status, receipt) = browser.command("/m/commands", &sent).await;
    assert_eq!((status, receipt["location"].as_str()), (200, Some("/m")), "{receipt}");
    assert!(receipt["title"].as_str().unwrap().contains("已立案"), "{receipt}");
    let after = office.matter(lead.id).await;
    assert_eq!((after.outcome.as_deref(), after.severity), (Some("danger"), Severity::Urgent));
    let case = case_of(&office, office.child).await.unwrap();
    assert_eq!((case.parent, case.severity), (Some(lead.id), Severity::Urgent));
    for worker in [office.supervisor, office.officer] {
        assert!(told(&office, worker).await.contains(&(NoticeKind::Alert, case.id)), "{}", worker.login);
    }
    assert!(told(&office, office.colleague).await.contains(&(NoticeKind::LateReport, lead.id)));

    // Sent twice, and once more under another number: one effect.
    let (_, again) = browser.command("/m/commands", &sent).await;
    assert_eq!(again["title"], receipt["title"]);
    let (status, known) = browser.command("/m/commands", &danger(&lead, 42)).await;
    assert_eq!((status, known["title"].as_str()), (200, Some("这份之前已送达")), "{known}");
    assert_eq!(count(&office, office.officer, NoticeKind::Alert).await, 1);

    // Whoever looks at the lead reads who wrote it, and that it came late.
    let page = office.log_in(office.supervisor).await.page(&format!("/leads/{}", lead.id)).await;
    assert!(page.contains("手机时间") && page.contains("陈晓岚"), "{page}");
}

/// The lead ended as "no risk", and the child has a case from elsewhere.
pub async fn danger_about_a_lead_that_has_ended_joins_the_open_case(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::Low).await;
    office.hand_to_colleague(lead.id).await;
    office.act(office.colleague, lead.id, "accept", None).await;
    let colleague = office.log_in(office.colleague).await;
    let theirs = office.matter(lead.id).await;
    let (status, told_so) =
        colleague.command("/m/commands", &command(&theirs, "submit", &of(&theirs), no_risk())).await;
    assert_eq!(status, 200, "{told_so}");
    assert_eq!(office.matter(lead.id).await.outcome.as_deref(), Some("no_risk"));

    let director = office.log_in(office.director).await;
    let (status, receipt) = director.command("/m/commands", &danger(&lead, 51)).await;
    assert_eq!(status, 200, "{receipt}");
    assert!(receipt["title"].as_str().unwrap().contains("已立案"), "{receipt}");
    let case = case_of(&office, office.child).await.unwrap();
    assert_eq!((case.parent, case.severity), (Some(lead.id), Severity::Urgent));
    assert!(told(&office, office.officer).await.contains(&(NoticeKind::Alert, case.id)));
    assert_eq!(office.matter(lead.id).await.outcome.as_deref(), Some("no_risk"), "what was found stays");
    let supervisor = office.log_in(office.supervisor).await;
    let page = supervisor.page(&format!("/leads/{}", lead.id)).await;
    assert!(page.contains("有一份迟到的报告：紧急危险") && page.contains("（迟到）"), "{page}");
    let page = supervisor.page(&format!("/cases/{}", case.id)).await;
    assert!(page.contains("（迟到）"), "the case shows what brought it: {page}");

    // The whole check follows, with danger as its result and a picture: the case is there by now.
    let id = lead.id.to_string();
    let photo = Uuid::from_u128(52).to_string();
    let fields = [("command", photo.as_str()), ("matter", &id), ("device_time", "1")];
    let sent = director.upload("/m/photos", &fields, Some(("photo", &picture())), "application/json").await;
    let (status, received) = answer(sent).await;
    assert_eq!(status, 200, "{received}");
    let mut answers = no_risk();
    (answers["result"], answers["danger"]) = (json!("danger"), json!(["violence"]));
    answers["category"] = json!("guardianship");
    answers["photos"] = json!([received["attachment"]]);
    let mut check = command(&lead, "submit", &of(&lead), answers);
    check["command"] = json!(Uuid::from_u128(53));
    let (status, receipt) = director.command("/m/commands", &check).await;
    assert_eq!(status, 200, "{receipt}");
    assert!(receipt["title"].as_str().unwrap().contains("已并入"), "{receipt}");
    assert_eq!(case_of(&office, office.child).await.unwrap().id, case.id, "one case");
    assert!(told(&office, office.supervisor).await.contains(&(NoticeKind::Joined, case.id)));
    assert_eq!(count(&office, office.officer, NoticeKind::Alert).await, 2, "each word of danger alerts");
    let page = supervisor.page(&format!("/cases/{}", case.id)).await;
    let noted = page.contains("有新情况并入：XS-") && page.contains(&format!("href=\"/matters/{id}\""));
    assert!(noted, "the case says at its head what has come: {page}");
    let page = supervisor.page(&format!("/leads/{id}")).await;
    assert!(page.contains(received["attachment"].as_str().unwrap()), "its picture arrived: {page}");
}

/// Anything but danger moves nothing: it lies beside the lead, and is told of.
pub async fn a_check_that_arrives_late_lies_beside_the_lead_of_whoever_has_it(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::High).await;
    office.hand_to_colleague(lead.id).await;
    let before = office.matter(lead.id).await;
    let director = english_of(&office).await;
    let mut sent = command(&lead, "submit", &of(&lead), no_risk());
    sent["command"] = json!(Uuid::from_u128(61));
    let (status, receipt) = director.command("/m/commands", &sent).await;
    assert_eq!(status, 200, "{receipt}");
    assert!(receipt["title"].as_str().unwrap().contains("handed on to whoever has it now"), "{receipt}");
    let after = office.matter(lead.id).await;
    assert_eq!(
        (after.stage.clone(), after.holder, after.version),
        (before.stage, before.holder, before.version)
    );
    assert_eq!(after.phase(), Phase::Open);
    assert!(told(&office, office.colleague).await.contains(&(NoticeKind::LateReport, lead.id)));
    let colleague = office.log_in(office.colleague).await;
    let page = colleague.page(&format!("/m/leads/{}", lead.id)).await;
    assert!(page.contains("迟到送达") && page.contains("陈晓岚") && page.contains("平稳"), "{page}");
    let notices = colleague.page("/m/notices").await;
    assert!(notices.contains("收到迟到的报告"), "{notices}");
    let (_, again) = director.command("/m/commands", &sent).await;
    assert_eq!((&again["at"], &again["title"]), (&receipt["at"], &receipt["title"]));
    assert_eq!(count(&office, office.colleague, NoticeKind::LateReport).await, 1);
    // Answers that cannot be are asked back, late or not.
    sent["command"] = json!(Uuid::from_u128(62));
    sent["answers"]["result"] = json!("not_found");
    assert_eq!(director.command("/m/commands", &sent).await.0, 422);
}

/// A page that stood open without script while the lead was given to somebody else.
pub async fn danger_from_an_old_page_arrives_without_script(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::Medium).await;
    office.hand_to_colleague(lead.id).await;
    let director = office.log_in(office.director).await;
    let base = of(&lead).to_string();
    let fields = [("matter_action", "danger"), ("matter_base", base.as_str()), ("danger", "violence")];
    let path = format!("/m/leads/{}/act", lead.id);
    let done = director.upload(&path, &fields, None, "text/html").await;
    assert_eq!((done.status().as_u16(), done.headers()["location"].to_str().unwrap()), (303, "/m"));
    assert_eq!(office.matter(lead.id).await.outcome.as_deref(), Some("danger"));
    assert!(case_of(&office, office.child).await.is_some());
    // Anything else is shown beside how it stands, as ever.
    let fields = [("matter_action", "return"), ("matter_base", base.as_str()), ("reason", "not_here")];
    let refused = director.upload(&path, &fields, None, "text/html").await;
    assert_ne!(refused.status().as_u16(), 303);
}
