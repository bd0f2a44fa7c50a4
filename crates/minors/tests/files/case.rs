//! A case that a check opened: what it begins with, what a department is told of its child, and how old it has to be to
//! come of age.

use access::accounts::{self, AccountForm, Password};
use access::organisations::{self, OrganisationForm, OrganisationKind};
use access::posts::{self, Appointment, PostForm, TenureKind};
use axum::body::Body;
use axum::http::{Request, Response};
use base::{AreaLevel, OrganisationId, Severity};
use matters::attachments::Picture;
use matters::{Acting, Matter, MatterError};
use serde_json::json;
use store::testing::TestDatabase;
use workflow::{Answer, Answers, FieldKind, Form, Refusal};

use crate::office::{Office, Worker, between, migrations, picture, text};
use crate::{hand_in, in_difficulty, readings};

store::on_both! { migrations() =>
    a_case_begins_with_the_papers_of_its_check,
    a_department_reads_of_the_child_what_the_sender_let_it_know,
    nobody_of_eleven_comes_of_age,
    the_category_of_a_child_in_danger_is_settled_in_its_case,
}

/// A case that a check asked for, with the lead that was checked.
async fn case_of_check(office: &Office) -> (Matter, Matter) {
    let lead = office.accepted(Severity::High).await;
    let actor = office.actor(office.director).await;
    let operation = store::Operation { actor: actor.reference(), ..office.database.operation("test.attach") };
    let write = office.app.database.write(operation).await.unwrap();
    let (_, token) = office.matters.look_up(write.connection(), write.keys(), &actor, lead.id).await.unwrap();
    let photo = Picture::read(picture()).await.unwrap();
    office.matters.attach(&write, &actor, &token, &photo, "床铺").await.unwrap();
    write.save().await.unwrap();
    let mut answers = in_difficulty();
    answers["case_needed"] = json!("yes");
    let lead = hand_in(office, office.director, lead.id, "submit", "check", &answers).await;
    let read = office.app.database.read().await.unwrap();
    let (connection, keys) = (read.connection(), read.keys());
    let case = office.matters.open_of(connection, keys, "minors", "case", &[office.child]).await;
    (case.unwrap().unwrap(), lead)
}

/// Complete answers to `form`: what is given, else the first that fits.
fn complete(form: &Form, given: &[(&str, &str)], office: &Office) -> Answers {
    let mut answers = Answers::default();
    for _ in form.fields() {
        let shown = form.shown(&answers).into_iter();
        let mut open = shown.filter(|field| field.required && !answers.values.contains_key(&field.key));
        let Some(field) = open.next() else { break };
        let given = given.iter().find(|(key, _)| *key == field.key).map(|(_, given)| (*given).to_owned());
        let first = || field.options().first().map(|option| option.key.clone()).unwrap_or_default();
        let answer = match &field.kind {
            FieldKind::Choice { .. } => Answer::Choice(given.unwrap_or_else(first)),
            FieldKind::Choices { .. } => Answer::Choices(vec![given.unwrap_or_else(first)]),
            FieldKind::Text { least, .. } => Answer::Text("写".repeat((*least).max(2))),
            FieldKind::Number { least, .. } => Answer::Number(*least),
            FieldKind::Date { .. } => Answer::Date(office.app.now().day()),
            FieldKind::Photos { .. } | FieldKind::Person => break,
        };
        answers.values.insert(field.key.clone(), answer);
    }
    answers
}

async fn act(
    office: &Office,
    worker: Worker,
    case: &Matter,
    action: &str,
    given: &[(&str, &str)],
) -> Result<Matter, MatterError> {
    let actor = office.actor(worker).await;
    let operation = store::Operation { actor: actor.reference(), ..office.database.operation("test.act") };
    let write = office.app.database.write(operation).await.unwrap();
    let (matter, token) =
        office.matters.look_up(write.connection(), write.keys(), &actor, case.id).await.unwrap();
    let workflow = office.matters.workflow_of(&matter).unwrap();
    let form = workflow.form_of(&office.matters.stage_of(&matter).unwrap().actions[action]);
    let answers = form.map(|form| complete(form, given, office));
    let acting =
        Acting { action, answers: answers.as_ref(), reason: None, holder: None, version: matter.version };
    let acted = office.matters.act(&write, &actor, &token, &acting).await?;
    write.save().await.unwrap();
    Ok(acted.matter)
}

async fn a_case_begins_with_the_papers_of_its_check(database: TestDatabase) {
    let office = Office::open(database).await;
    let (case, lead) = case_of_check(&office).await;
    let path = format!("/cases/{}", case.id);
    let page = office.log_in(office.supervisor).await.page(&path).await;
    let papers = between(&page, "id=\"papers\"", "</section>");
    assert!(papers.contains("表单 1 份，图片 1 张"), "{papers}");
    assert!(papers.contains("入户核查表") && papers.contains(&lead.number), "{papers}");
    let photo = between(papers, "<a href=\"", "\"").to_owned();
    assert!(photo.starts_with(&format!("/matters/{}/attachments/", lead.id)), "{photo}");
    assert_eq!(office.log_in(office.supervisor).await.get(&photo).await.status(), 200);
    // The report is on record already: it was made, not left out.
    let steps = between(&page, "pn-steps", "</section>");
    assert!(steps.contains("发现报告") && !steps.contains("未经过"), "{steps}");
    assert!(!steps.contains("skipped"), "{steps}");
    // The step that nobody went through is said to be left out.
    act(&office, office.supervisor, &case, "accept", &[("emergency", "no")]).await.unwrap();
    let page = office.log_in(office.supervisor).await.page(&path).await;
    let steps = between(&page, "pn-steps", "</section>");
    assert_eq!(steps.matches("未经过").count(), 1, "{steps}");
}

/// The education office of the district, with a contact who logs in.
async fn education(office: &Office) -> (OrganisationId, Worker) {
    let (first, own) = (Password::one_time(&office.app.entropy), Password::new("Umbrella-Grey-74"));
    let hash = accounts::hash_password(first.clone(), &office.app.entropy).await.unwrap();
    let district = office.area.cut_at(AreaLevel::District);
    let write = office.database.begin("test.education").await;
    let form = OrganisationForm {
        kind: OrganisationKind::Department,
        name: "区教育局".to_owned(),
        department: Some("education".to_owned()),
        area: district,
    };
    let organisation = organisations::create(&write, &form).await.unwrap();
    let form =
        AccountForm { login: "contact".to_owned(), name: "何联络".to_owned(), phone: String::new() };
    let account = accounts::create(&write, &form, Some(&hash)).await.unwrap();
    let role = "department_contact".to_owned();
    let form = PostForm { role, organisation, title: String::new(), area: district };
    let post = posts::create(&write, &office.app.roles, &form).await.unwrap();
    let appointment = Appointment { post, account, kind: TenureKind::Regular, from: write.at(), until: None };
    posts::appoint(&write, &appointment).await.unwrap();
    write.save().await.unwrap();
    let operation = office.database.operation("test.change_password");
    accounts::change_password(&office.app.database, operation, account, first, own).await.unwrap();
    (organisation, Worker { account, post, login: "contact" })
}

/// Sends a form of `page` to `path`.
pub async fn send(office: &Office, worker: Worker, page: &str, path: &str, fields: &str) -> Response<Body> {
    let browser = office.log_in(worker).await;
    let page = browser.page(page).await;
    let hidden = |name: &str| between(&page, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    let (token, once) = (hidden("_token"), hidden("_once"));
    let request = Request::post(path)
        .header("cookie", &browser.cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("{fields}&_token={token}&_once={once}")));
    browser.ask(request.unwrap()).await
}

async fn a_department_reads_of_the_child_what_the_sender_let_it_know(database: TestDatabase) {
    let office = Office::open(database).await;
    let (organisation, contact) = education(&office).await;
    let (case, _) = case_of_check(&office).await;
    let case = act(&office, office.supervisor, &case, "accept", &[("emergency", "no")]).await.unwrap();
    let page = format!("/cases/{}?refer=new", case.id);
    let form = office.log_in(office.supervisor).await.page(&page).await;
    let form = between(&form, "id=\"refer\"", "</form>");
    let community = office.app.areas.get(office.area.community.unwrap()).unwrap().short_name.clone();
    for (name, value) in
        [("child_name", "张子涵"), ("child_age", "10"), ("child_community", community.as_str())]
    {
        let field = format!("name=\"f-{name}\" ");
        let field = form.split(&field).nth(1).unwrap_or_else(|| panic!("{name}: {form}"));
        assert!(field.split('>').next().unwrap().contains(&format!("value=\"{value}\"")), "{name}: {form}");
    }
    assert!(form.contains("个人档案"), "where it comes from is said: {form}");

    // The sender takes the community out and adds an address.
    let fields = format!(
        "version={}&to=organisation:{organisation}&title=请安排返校&summary=已缺课两周&f-child_name=张子涵&f-child_age=10\
         &f-child_school=&f-child_community=&f-child_address=王京坑村18栋",
        case.version
    );
    let path = format!("/matters/{}/refer", case.id);
    // A number that the field cannot hold comes back with everything that was typed.
    let wrong = fields.replace("f-child_age=10", "f-child_age=百岁");
    let refused = send(&office, office.supervisor, &page, &path, &wrong).await;
    assert_eq!(refused.status(), 422);
    let shown = text(refused).await;
    assert!(shown.contains("请填整数") && shown.contains("王京坑村18栋"), "{shown}");
    let sent = send(&office, office.supervisor, &page, &path, &fields).await;
    assert_eq!(sent.status(), 303, "{}", text(sent).await);

    let read = office.app.database.read().await.unwrap();
    let scope = office.matters.scope(&office.actor(office.officer).await);
    let children = office.matters.children(read.connection(), read.keys(), &scope, case.id).await.unwrap();
    let referral = children.into_iter().find(|child| child.organisation.is_some()).unwrap();
    drop(read);
    let before = readings(&office).await.len();
    let path = format!("/referrals/{}", referral.id);
    let seen = office.log_in(contact).await.page(&path).await;
    for word in ["张子涵", "<dt>年龄（周岁）</dt><dd>10", "王京坑村18栋", "请安排返校"] {
        assert!(seen.contains(word), "{word}: {seen}");
    }
    // Not what was taken out, not who else lives there, not what was found at the door.
    for word in ["所在社区", "张丽", "13812346207", "入户核查", "监护缺失"] {
        assert!(!seen.contains(word), "{word}: {seen}");
    }
    let readings = readings(&office).await;
    assert_eq!(readings.len(), before + 1, "the look is on record");
    assert!(readings.iter().any(|one| one.actor.account == Some(contact.account)), "{readings:?}");
    assert_eq!(office.log_in(contact).await.get(&format!("/files/{}", office.child)).await.status(), 403);

    // Sent again, it says what it said before.
    let actor = office.actor(contact).await;
    let operation = store::Operation { actor: actor.reference(), ..office.database.operation("test.reject") };
    let write = office.app.database.write(operation).await.unwrap();
    let (matter, token) =
        office.matters.look_up(write.connection(), write.keys(), &actor, referral.id).await.unwrap();
    let acting = Acting {
        action: "reject",
        answers: None,
        reason: Some("学籍不在本区"),
        holder: None,
        version: matter.version,
    };
    office.matters.act(&write, &actor, &token, &acting).await.unwrap();
    write.save().await.unwrap();
    let again = format!("/cases/{}?refer=again&previous={}", case.id, referral.id);
    let form = office.log_in(office.supervisor).await.page(&again).await;
    let form = between(&form, "id=\"refer\"", "</form>");
    assert!(form.contains("value=\"王京坑村18栋\"") && !form.contains(&format!("value=\"{community}\"")));
}

async fn nobody_of_eleven_comes_of_age(database: TestDatabase) {
    let office = Office::open(database).await;
    let (case, _) = case_of_check(&office).await;
    for (action, given) in [
        ("accept", &[("emergency", "no")][..]),
        ("submit", &[("custody", "no")][..]),
        ("submit", &[("referral", "not_needed")][..]),
        ("submit", &[][..]),
    ] {
        act(&office, office.supervisor, &case, action, given).await.unwrap();
    }
    let ask =
        async |ground| act(&office, office.supervisor, &case, "request_closure", &[("ground", ground)]).await;
    let refused = ask("adult").await;
    assert!(
        matches!(&refused, Err(MatterError::Refused(Refusal::Unmet(why))) if why.zh.contains("未满十八周岁")),
        "{refused:?}"
    );
    // Eight years later she is of age.
    office.database.clock().advance_milliseconds(8 * 366 * 86_400_000);
    let asked = ask("adult").await.unwrap();
    assert_eq!(asked.stage, "closure");

    // Whoever decides finds the request open, before anything else.
    let path = format!("/cases/{}", case.id);
    let page = office.log_in(office.officer).await.page(&path).await;
    let request = between(&page, "id=\"request\"", "</section>");
    assert!(
        request.contains("<details class=\"pn-paper\" open>") && request.contains("年满十八周岁"),
        "{request}"
    );
    assert!(page.find("id=\"request\"") < page.find("id=\"acts\""), "it comes first");
    let own = office.log_in(office.supervisor).await.page(&path).await;
    assert!(!own.contains("id=\"request\""), "who asked decides nothing");
    let closed = act(&office, office.officer, &case, "approve", &[]).await.unwrap();
    assert_eq!(closed.outcome.as_deref(), Some("adult"));
}

async fn the_category_of_a_child_in_danger_is_settled_in_its_case(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::High).await;
    hand_in(&office, office.director, lead.id, "danger", "danger", &json!({ "danger": ["violence"] })).await;
    let case = {
        let read = office.app.database.read().await.unwrap();
        let (connection, keys) = (read.connection(), read.keys());
        office.matters.open_of(connection, keys, "minors", "case", &[office.child]).await.unwrap().unwrap()
    };
    let path = format!("/files/{}", office.child);
    let shown = office.log_in(office.supervisor).await.page(&path).await;
    assert!(shown.contains("尚未认定类别"), "whoever reports danger is asked for nothing else: {shown}");
    act(&office, office.supervisor, &case, "accept", &[("emergency", "no")]).await.unwrap();
    let form = office.log_in(office.supervisor).await.page(&format!("/cases/{}", case.id)).await;
    assert!(form.contains("name=\"f-category\"") && form.contains("困境类别"), "{form}");
    act(&office, office.supervisor, &case, "submit", &[("custody", "no"), ("category", "guardianship")])
        .await
        .unwrap();
    let shown = office.log_in(office.supervisor).await.page(&path).await;
    assert!(shown.contains("监护缺失或不当") && !shown.contains("尚未认定类别"), "{shown}");
    let head = between(&shown, "class=\"sw-head\"", "class=\"sub\"");
    assert!(head.contains("badge st urgent"), "the case is open: {head}");

    // After the case has ended the level is that of then, and a person is asked for that of now.
    for (action, given) in [
        ("submit", &[("referral", "not_needed")][..]),
        ("submit", &[]),
        ("request_closure", &[("ground", "resolved")]),
    ] {
        act(&office, office.supervisor, &case, action, given).await.unwrap();
    }
    act(&office, office.officer, &case, "approve", &[]).await.unwrap();
    let shown = office.log_in(office.supervisor).await.page(&path).await;
    let head = between(&shown, "class=\"sw-head\"", "class=\"sub\"");
    assert!(!head.contains("badge st urgent") && head.contains("当时"), "{head}");
    assert!(shown.contains("档案等级仍是当时的") && shown.contains(&case.number), "{shown}");
    let list = office.log_in(office.supervisor).await.page("/files").await;
    assert!(!list.contains("badge st urgent") && list.contains("当时"), "the list says the same: {list}");
    crate::change(&office, minors::files::Change::Level(Severity::Medium, "风险消除后复核".to_owned()))
        .await
        .unwrap();
    let list = office.log_in(office.supervisor).await.page("/files").await;
    assert!(list.contains("badge st medium") && !list.contains("当时"), "{list}");
    let shown = office.log_in(office.supervisor).await.page(&path).await;
    assert!(!shown.contains("档案等级仍是当时的"), "{shown}");
}
