//! The child's file: opened by a check, visited by its level, seen by who may, on both databases.

#![cfg(test)]

#[expect(dead_code, reason = "the office is that of the phone's tests, which ask more of it")]
#[path = "../phone/office.rs"]
mod office;

mod case;
mod changes;
mod family;
mod visitor;

use access::AccessError;
use axum::body::Body;
use axum::http::{Request, Response};
use base::{MatterId, PersonId, Severity};
use matters::{Acting, Matter};
use minors::files::{self, Change, ChildFile, FileError, FileState, Filter};
use people::People;
use people::import::{File, Options};
use serde_json::{Value, json};
use store::journal;
use store::testing::TestDatabase;
use texts::Language;

use office::{Browser, Office, Worker, between, migrations, text};

store::on_both! { migrations() =>
    a_check_opens_a_file_once,
    a_file_shows_how_far_its_case_is,
    a_visit_at_which_nobody_was_met_is_made_again_soon,
    each_visit_plans_the_next_by_the_level,
    a_file_is_closed_when_nothing_is_open_and_opened_again_by_a_check,
    a_neighbour_and_a_department_find_no_file,
    a_look_is_on_record_before_the_page_is_sent,
    what_is_above_the_clearance_is_masked,
    the_list_counts_what_it_lists,
    a_desk_changes_a_file,
}

const HOUR: i64 = 3_600_000;

/// Answers of a check that found a child in difficulty.
fn in_difficulty() -> Value {
    json!({
        "seen": "yes", "at_home": ["mother"], "injury": "none", "manner": "calm", "spoke_alone": "yes",
        "care": "enough", "school": "attends", "result": "in_difficulty", "category": "guardianship",
        "case_needed": "no",
    })
}

fn visited(result: &str) -> Value {
    json!({ "met": "home", "carer": "parents", "living": "enough", "school": "attends", "changed": "same", "result": result })
}

/// Hands a form in, as `worker`.
async fn hand_in(
    office: &Office,
    worker: Worker,
    id: MatterId,
    action: &str,
    form: &str,
    answers: &Value,
) -> Matter {
    let actor = office.actor(worker).await;
    let operation =
        store::Operation { actor: actor.reference(), ..office.database.operation("test.hand_in") };
    let write = office.app.database.write(operation).await.unwrap();
    let (matter, token) = office.matters.look_up(write.connection(), write.keys(), &actor, id).await.unwrap();
    let form = &office.matters.workflow_of(&matter).unwrap().forms.get(form).unwrap();
    let (answers, faults) = form.read_json(answers.as_object().unwrap());
    assert!(faults.is_empty(), "{faults:?}");
    let acting =
        Acting { action, answers: Some(&answers), reason: None, holder: None, version: matter.version };
    let acted = office.matters.act(&write, &actor, &token, &acting).await.unwrap();
    write.save().await.unwrap();
    acted.matter
}

/// A check of this severity that finds the child in difficulty.
async fn check(office: &Office, severity: Severity) -> Matter {
    let lead = office.accepted(severity).await;
    hand_in(office, office.director, lead.id, "submit", "check", &in_difficulty()).await
}

async fn file(office: &Office, worker: Worker, person: PersonId) -> Result<ChildFile, AccessError> {
    let actor = office.actor(worker).await;
    let read = office.app.database.read().await.unwrap();
    let found = files::look_up_file(read.connection(), &office.app.roles, &actor, "read", person).await;
    found.map(|(file, _)| file)
}

async fn count(office: &Office, worker: Worker, filter: &Filter) -> u64 {
    let actor = office.actor(worker).await;
    let read = office.app.database.read().await.unwrap();
    files::count(&read, &office.app.roles, &actor, filter, office.app.now()).await.unwrap()
}

async fn change(office: &Office, change: Change) -> Result<(), FileError> {
    let actor = office.actor(office.supervisor).await;
    let operation = store::Operation { actor: actor.reference(), ..office.database.operation("test.change") };
    let write = office.app.database.write(operation).await.unwrap();
    let looked_up =
        files::look_up_file(write.connection(), &office.app.roles, &actor, "handle", office.child).await;
    let (file, token) = looked_up.unwrap();
    files::change(&office.matters, &write, &token, file.version, file, change).await?;
    write.save().await.unwrap();
    Ok(())
}

async fn a_check_opens_a_file_once(database: TestDatabase) {
    let office = Office::open(database).await;
    assert!(matches!(file(&office, office.director, office.child).await, Err(AccessError::NotFound)));
    let first = check(&office, Severity::Medium).await;
    let opened = file(&office, office.director, office.child).await.unwrap();
    assert_eq!(
        (opened.level, opened.state, opened.opened_from),
        (Severity::Medium, FileState::Open, Some(first.id))
    );
    assert_eq!(opened.area, office.area);

    // A second, graver check joins the same file and raises its level; the visit that is planned stays the one.
    check(&office, Severity::High).await;
    let again = file(&office, office.director, office.child).await.unwrap();
    assert_eq!((again.id, again.level, again.visit), (opened.id, Severity::High, opened.visit));
    let page = office.log_in(office.director).await.page(&format!("/files/{}", office.child)).await;
    assert_eq!(page.matches("class=\"nw\">至今").count(), 1, "one category, found once: {page}");
    assert!(page.contains("监护缺失或不当"), "{page}");
}

async fn a_file_shows_how_far_its_case_is(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::High).await;
    let mut answers = in_difficulty();
    answers["case_needed"] = json!("yes");
    hand_in(&office, office.director, lead.id, "submit", "check", &answers).await;
    let shown = office.log_in(office.supervisor).await.page(&format!("/files/{}", office.child)).await;
    let strip =
        shown.split("pn-steps fl-case\"").nth(1).unwrap_or_default().split("</section>").next().unwrap();
    assert!(strip.contains("href=\"/cases/") && strip.contains("个案 GA-"), "{strip}");
    assert!(strip.contains("aria-current=\"step\"") && strip.contains("评估"), "{strip}");
}

async fn each_visit_plans_the_next_by_the_level(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Low).await;
    let mut last = office.app.now();
    for (level, days) in
        [(Severity::Low, 90), (Severity::Medium, 30), (Severity::High, 15), (Severity::Urgent, 7)]
    {
        let now = file(&office, office.director, office.child).await.unwrap();
        if now.level != level {
            change(&office, Change::Level(level, "走访后重新评估".to_owned())).await.unwrap();
            let visit = office.matter(now.visit.unwrap()).await;
            hand_in(&office, office.director, visit.id, "record", "visit", &visited("fine")).await;
            last = office.app.now();
        }
        let file = file(&office, office.director, office.child).await.unwrap();
        let visit = office.matter(file.visit.unwrap()).await;
        assert_eq!(visit.clock.due.milliseconds_since(last), days * 24 * HOUR, "{level:?}");
        assert_eq!((file.visit_due_at, file.holder), (visit.clock.due, Some(office.director.post)));
        assert_eq!(
            (visit.kind.as_str(), visit.severity, visit.subject),
            ("visit", level, Some(office.child))
        );
    }
}

async fn a_visit_at_which_nobody_was_met_is_made_again_soon(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Low).await;
    let before = file(&office, office.director, office.child).await.unwrap();
    let visited_at = before.visited_at;
    office.database.clock().advance_milliseconds(40 * 24 * HOUR);
    let visit = before.visit.unwrap();
    hand_in(&office, office.director, visit, "record", "visit", &visited("not_met")).await;
    let after = file(&office, office.director, office.child).await.unwrap();
    assert_eq!(after.visited_at, visited_at, "nobody saw the child");
    let again = office.matter(after.visit.unwrap()).await;
    assert_ne!(again.id, visit);
    assert_eq!(again.clock.due.milliseconds_since(office.app.now()), 14 * 24 * HOUR);
}

async fn a_file_is_closed_when_nothing_is_open_and_opened_again_by_a_check(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let lead = office.accepted(Severity::Medium).await;
    let refused = change(&office, Change::Close("settled".to_owned())).await;
    assert!(matches!(refused, Err(FileError::StillOpen)), "{refused:?}");
    let no_risk = json!({
        "seen": "yes", "at_home": ["mother"], "injury": "none", "manner": "calm", "spoke_alone": "yes",
        "care": "enough", "school": "attends", "result": "no_risk",
    });
    hand_in(&office, office.director, lead.id, "submit", "check", &no_risk).await;
    let visit = file(&office, office.director, office.child).await.unwrap().visit.unwrap();
    change(&office, Change::Close("settled".to_owned())).await.unwrap();
    // The visit that was planned is made all the same, and none follows it.
    hand_in(&office, office.director, visit, "record", "visit", &visited("fine")).await;
    let closed = file(&office, office.director, office.child).await.unwrap();
    assert_eq!((closed.state, closed.visit), (FileState::Closed, Some(visit)));
    let page = office.log_in(office.supervisor).await.page(&format!("/files/{}", office.child)).await;
    assert!(page.contains("风险消除") && page.contains("重新启用"), "{page}");

    check(&office, Severity::High).await;
    let open = file(&office, office.director, office.child).await.unwrap();
    assert_eq!((open.state, open.id, open.closed_at), (FileState::Open, closed.id, None));
    assert_ne!(open.visit, Some(visit));
}

async fn a_neighbour_and_a_department_find_no_file(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let neighbour = office.log_in(office.neighbour).await;
    let path = format!("/files/{}", office.child);
    assert_eq!(neighbour.get(&path).await.status(), 404);
    assert_eq!(neighbour.get(&format!("/files/{}", uuid::Uuid::from_u128(1))).await.status(), 404);
    let list = neighbour.page("/files").await;
    assert!(!list.contains("张*涵") && list.contains("没有符合条件的档案"), "{list}");

    // A department sees its referral and no file.
    let mut contact = office.actor(office.officer).await;
    contact.role = "department_contact".to_owned();
    assert!(!office.app.roles.may(&contact, "read", "file"));
    let read = office.app.database.read().await.unwrap();
    let found =
        files::look_up_file(read.connection(), &office.app.roles, &contact, "read", office.child).await;
    assert!(matches!(found, Err(AccessError::NotFound)));
}

async fn readings(office: &Office) -> Vec<journal::Entry> {
    let read = office.app.database.read().await.unwrap();
    let filter = journal::Filter {
        subjects: vec![office.child],
        kinds: vec![access::FILE_READ.to_owned()],
        ..journal::Filter::default()
    };
    journal::list(&read, &filter, None, 10).await.unwrap()
}

async fn a_look_is_on_record_before_the_page_is_sent(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    assert!(readings(&office).await.is_empty());
    let page = office.log_in(office.supervisor).await.page(&format!("/files/{}", office.child)).await;
    let read = readings(&office).await;
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].actor.account, Some(office.supervisor.account));
    assert!(page.contains("本页查阅已留痕") && page.contains("查阅档案"), "{page}");
    // Who finds nothing has read nothing.
    office.log_in(office.neighbour).await.get(&format!("/files/{}", office.child)).await;
    assert_eq!(readings(&office).await.len(), 1);
}

/// The grid's list with the household of the office's child and of a boy with this number, all at home in `area`.
async fn deliver_grid(office: &Office, area: base::AreaPath, number: &str) -> people::import::ImportReport {
    let name = |level| office.app.areas.get(area.at(level).unwrap()).unwrap().name.clone();
    let place = format!(
        "{},{},{}",
        name(base::AreaLevel::District),
        name(base::AreaLevel::Subdistrict),
        name(base::AreaLevel::Community)
    );
    let file = format!(
        "姓名,身份证号,性别,出生日期,户号,与户主关系,监护人,与监护人关系,监护人电话,区,街道,社区,现住址\n\
         张丽,,女,1988-03-06,H1,母亲,,,,{place},王京坑村18栋503\n\
         张子涵,,女,2015-03-06,H1,女,张丽,母亲,13812346207,{place},王京坑村18栋503\n\
         张小宇,,男,2022-03-06,H1,子,,,,{place},王京坑村18栋503\n\
         欧阳晨,{number},男,2014-05-02,H2,子,,,,{place},王京坑村20栋101\n"
    );
    let people = People::new(&office.app.programs).unwrap();
    let file = File { name: "网格.csv", bytes: file.as_bytes() };
    let options = Options { dry_run: false, language: Language::Chinese };
    let system = access::Actor::system();
    people::import::run(&people, &office.app, &system, "grid", file, options).await.unwrap()
}

async fn child_with_number(office: &Office, number: &str) -> PersonId {
    let report = deliver_grid(office, office.area, number).await;
    let read = office.app.database.read().await.unwrap();
    let mut found = Vec::new();
    let delivery = report.delivery.unwrap();
    for ordinal in 0.. {
        match people::persons::touched(&read, delivery, ordinal).await.unwrap() {
            Some(persons) => found.extend(persons),
            None => break,
        }
    }
    let all = people::persons::repo::by_ids(read.connection(), &found, sea_orm::Condition::all()).await;
    let named = |person: &people::persons::Person| {
        person.master(read.keys()).unwrap().name.is_some_and(|name| name.value == "欧阳晨")
    };
    all.unwrap().into_iter().find(named).unwrap().id
}

async fn what_is_above_the_clearance_is_masked(database: TestDatabase) {
    let mut office = Office::open(database).await;
    let birth = base::Day::new(2014, 5, 2).unwrap();
    let number = base::ResidentId::compose(440_305, birth, 17).unwrap().as_str().to_owned();
    office.child = child_with_number(&office, &number).await;
    check(&office, Severity::Medium).await;
    let path = format!("/files/{}", office.child);
    let masked = format!("{}**********{}", &number[..4], &number[14..]);
    let director = office.log_in(office.director).await.page(&path).await;
    assert!(!director.contains(&number) && director.contains(&masked), "{director}");
    assert!(director.contains("有 1 项按岗位遮蔽"), "{director}");
    let officer = office.log_in(office.officer).await.page(&path).await;
    assert!(officer.contains(&number) && !officer.contains("按岗位遮蔽</b>"), "{officer}");
    // Every value says from which row it is, and lists never show a whole name.
    assert!(officer.contains("href=\"/rows/"), "{officer}");
    let list = office.log_in(office.officer).await.page("/files").await;
    assert!(list.contains("欧阳*") && !list.contains("欧阳晨"), "{list}");
}

async fn the_list_counts_what_it_lists(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::High).await;
    let late = Filter { visits: Some(files::Visits::Late), ..Filter::default() };
    let soon = Filter { visits: Some(files::Visits::Soon), ..Filter::default() };
    let filters = [
        (Filter::default(), 1),
        (Filter { state: FileState::Closed, ..Filter::default() }, 0),
        (Filter { level: Some(Severity::High), ..Filter::default() }, 1),
        (Filter { level: Some(Severity::Low), ..Filter::default() }, 0),
        (Filter { category: Some("guardianship".to_owned()), ..Filter::default() }, 1),
        (Filter { category: Some("orphan".to_owned()), ..Filter::default() }, 0),
        (Filter { within: Some(office.area), ..Filter::default() }, 1),
        (late.clone(), 0),
        (soon.clone(), 0),
    ];
    let browser = office.log_in(office.officer).await;
    for (filter, expected) in &filters {
        assert_eq!(count(&office, office.officer, filter).await, *expected, "{filter:?}");
        assert_eq!(listed(&browser, filter).await, *expected, "{filter:?}");
    }
    office.database.clock().set(office.app.now().plus_hours(24 * 10));
    assert_eq!(count(&office, office.officer, &soon).await, 1, "due in five days");
    office.database.clock().set(office.app.now().plus_hours(24 * 6));
    assert_eq!(count(&office, office.officer, &late).await, 1, "due yesterday");
}

/// How many rows the list of a filter has.
async fn listed(browser: &Browser<'_>, filter: &Filter) -> u64 {
    let page = browser.page(&filter.href()).await;
    let rows = page.matches("<th scope=\"row\"").count() as u64;
    assert!(page.contains(&format!("共 {rows} 份")), "{page}");
    rows
}

/// Sends a form of the page of a file, as `worker`.
async fn send(office: &Office, worker: Worker, path: &str, fields: &str) -> Response<Body> {
    let browser = office.log_in(worker).await;
    let page = browser.page(path).await;
    let hidden = |name: &str| between(&page, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    // A page without a form of its own has no `_once`; what is sent from it is refused before that is asked.
    let once = if page.contains("name=\"_once\"") { hidden("_once") } else { String::new() };
    let token = hidden("_token");
    let request = Request::post(path)
        .header("cookie", &browser.cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("{fields}&_token={token}&_once={once}")));
    browser.ask(request.unwrap()).await
}

async fn a_desk_changes_a_file(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let path = format!("/files/{}", office.child);
    let send = async |worker: Worker, fields: &str| send(&office, worker, &path, fields).await;
    let version = file(&office, office.supervisor, office.child).await.unwrap().version;
    let added = send(
        office.supervisor,
        &format!("version={version}&change=add&category=migrant&reason=随父母来深四年"),
    )
    .await;
    assert_eq!(added.status(), 303, "{}", text(added).await);
    let mut supervisor = office.log_in(office.supervisor).await;
    let page = supervisor.page(&path).await;
    assert!(page.contains("流动儿童") && page.contains("随父母来深四年"), "{page}");
    // Somebody who saw the file before is told.
    let actor = office.actor(office.supervisor).await;
    let write = office.database.begin("test.stale").await;
    let found = files::look_up_file(write.connection(), &office.app.roles, &actor, "handle", office.child);
    let (now, token) = found.await.unwrap();
    let stale = Change::Level(Severity::High, "想改等级".to_owned());
    let refused = files::change(&office.matters, &write, &token, version, now, stale).await;
    assert!(matches!(refused, Err(FileError::Conflict)), "{refused:?}");
    drop(write);
    // A director reads, and changes nothing.
    let director = send(office.director, "version=1&change=close&reason=settled").await;
    assert_eq!(director.status(), 403);
    supervisor.language = "en";
    let english = supervisor.page(&path).await;
    for words in ["Identity", "Categories of difficulty", "Migrant child", "Read lately", "Check at the door"]
    {
        assert!(english.contains(words), "{words}: {english}");
    }
    assert!(supervisor.page("/files").await.contains("Next visit"));
}
