//! The phone's pages and commands, as a director meets them, on both databases.

#![cfg(test)]

mod late;
mod office;
mod told;

use axum::http::StatusCode;
use base::Severity;
use matters::{Matter, Phase};
use serde_json::{Value, json};
use store::testing::TestDatabase;
use uuid::Uuid;

use late::{
    a_check_that_arrives_late_lies_beside_the_lead_of_whoever_has_it,
    danger_about_a_lead_that_has_ended_joins_the_open_case, danger_from_an_old_page_arrives_without_script,
    danger_that_arrives_late_opens_a_case_whoever_has_the_lead,
};
use office::{Office, answer, migrations, picture, text};
use told::{a_notice_says_what_it_is_about, the_words_of_a_sign_of_harm_are_shown};

store::on_both! { migrations() =>
    a_check_goes_from_acceptance_to_its_receipt,
    a_command_sent_twice_is_done_once,
    what_somebody_else_did_meanwhile_is_shown_beside_what_was_written,
    a_reminder_of_the_clock_stops_no_command,
    danger_opens_a_case_and_says_who_knows,
    a_notice_says_what_it_is_about,
    the_words_of_a_sign_of_harm_are_shown,
    danger_is_reported_though_the_clock_stands,
    without_script_the_same_is_done,
    what_is_written_is_kept_and_overwrites_nothing,
    the_grounds_of_a_screening_are_said_with_source_and_day,
    another_director_gets_nothing,
    numbers_stand_on_no_page_before_a_tap,
    a_page_that_is_older_than_a_renewal_dials_nobody_else,
    danger_without_script_keeps_what_was_chosen_and_says_what_is_wrong,
    a_lead_is_returned_with_its_reason,
    answers_that_speak_against_each_other_are_asked_back,
    a_picture_of_a_draft_is_shown_by_its_matter,
    the_sign_of_alarm_is_for_what_is_pressing,
    every_page_is_there_in_both_languages,
    danger_that_arrives_late_opens_a_case_whoever_has_the_lead,
    danger_about_a_lead_that_has_ended_joins_the_open_case,
    a_check_that_arrives_late_lies_beside_the_lead_of_whoever_has_it,
    danger_from_an_old_page_arrives_without_script,
}

/// What the page says that the phone saw.
async fn seen(browser: &office::Browser<'_>, path: &str) -> Value {
    let page = if path.contains("/visits/") {
        browser.page(&format!("{path}/form")).await
    } else {
        browser.page(path).await
    };
    let base = office::between(&page, "data-base=\"", "\"").replace("&#34;", "\"").replace("&quot;", "\"");
    serde_json::from_str(&base).unwrap()
}

fn of(matter: &Matter) -> Value {
    json!({ "version": matter.version, "stage": matter.stage, "since": matter.clock.started.0 })
}

fn command(matter: &Matter, action: &str, base: &Value, answers: Value) -> Value {
    json!({
        "command": Uuid::from_u128(u128::from(matter.version.unsigned_abs()) << 64 | 7),
        "device_time": 1_772_413_200_000_i64,
        "matter": matter.id,
        "action": action,
        "form": if answers.is_null() { Value::Null } else { json!("check") },
        "base": base,
        "reason": Value::Null,
        "answers": answers,
    })
}

/// The answers of somebody who has seen the child and found nothing.
fn no_risk() -> Value {
    json!({
        "seen": "yes", "at_home": ["mother"], "injury": "none", "manner": "calm", "spoke_alone": "yes",
        "care": "enough", "school": "attends", "result": "no_risk",
    })
}

async fn a_check_goes_from_acceptance_to_its_receipt(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.dispatched(Severity::High).await;
    let browser = office.log_in(office.director).await;
    let today = browser.page("/m").await;
    assert!(today.contains("签收，我去") && today.contains("张*涵"), "{today}");
    assert!(!today.contains("张子涵"), "lists show no whole name");

    let href = format!("/m/leads/{}", lead.id);
    let base = seen(&browser, &href).await;
    let (status, receipt) =
        browser.command("/m/commands", &command(&lead, "accept", &base, Value::Null)).await;
    assert_eq!((status, receipt["location"].as_str().unwrap()), (200, href.as_str()), "{receipt}");

    let form = browser.page(&format!("{href}/form")).await;
    assert!(form.contains("见到孩子了吗") && form.matches("data-q=").count() <= 15 + 1, "{form}");
    assert!(
        form.contains("登记上是：") && form.contains("data-take=\"mother"),
        "what is on record is said: {form}"
    );
    assert!(!form.contains(" checked"), "and nothing counts as seen that nobody has seen: {form}");
    let photo = Uuid::from_u128(11).to_string();
    let id = lead.id.to_string();
    let fields = [("command", photo.as_str()), ("matter", &id), ("device_time", "1")];
    let bytes = picture();
    let sent = browser.upload("/m/photos", &fields, Some(("photo", &bytes)), "application/json").await;
    let (status, received) = answer(sent).await;
    assert_eq!(status, 200, "{received}");
    let attachment = received["attachment"].as_str().unwrap();
    let again = browser.upload("/m/photos", &fields, Some(("photo", &bytes)), "application/json").await;
    assert_eq!(answer(again).await.1["attachment"].as_str().unwrap(), attachment, "one receipt, one picture");

    let now = office.matter(lead.id).await;
    let mut answers = no_risk();
    answers["result"] = json!("in_difficulty");
    answers["category"] = json!("guardianship");
    answers["case_needed"] = json!("no");
    answers["photos"] = json!([attachment]);
    let (status, receipt) =
        browser.command("/m/commands", &command(&now, "submit", &of(&now), answers)).await;
    assert_eq!(status, 200, "{receipt}");
    let location = receipt["location"].as_str().unwrap_or_else(|| panic!("{receipt}"));
    let outcome = browser.page(location).await;
    for words in ["已认定：困境儿童", "监护缺失或不当", "回执", attachment] {
        assert!(outcome.contains(words), "{words}: {outcome}");
    }
    let looks = readings(&office).await;
    let shown = browser.get(&format!("/m/photos/{}/{attachment}", lead.id)).await;
    assert_eq!(readings(&office).await, looks + 1, "a look at a picture is on record");
    assert_eq!(
        (shown.status(), shown.headers()["content-type"].to_str().unwrap()),
        (StatusCode::OK, "image/jpeg")
    );
    assert_eq!(office.matter(lead.id).await.outcome.as_deref(), Some("in_difficulty"));
    // The file that was opened plans its first visit, which is the director's.
    assert!(outcome.contains("已建档案") && outcome.contains("下次走访"), "{outcome}");
    let today = browser.page("/m").await;
    let visit = format!("/m/visits/{}", office::between(&today, "/m/visits/", "\""));
    let page = browser.page(&visit).await;
    assert!(page.contains("还没走访过") && page.contains("写走访"), "{page}");
    let form = browser.page(&format!("{visit}/form")).await;
    assert!(form.contains("和上次比") && form.matches("data-q=").count() <= 12 + 1, "{form}");
    let fields = [
        ("matter_base", seen(&browser, &visit).await.to_string()),
        ("met", "no".to_owned()),
        ("result", "not_met".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = browser.upload(&format!("{visit}/form"), &fields, None, "text/html").await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER, "{}", text(done).await);
    assert!(browser.page(&format!("{visit}/outcome")).await.contains("没见到，督导员已收到"));
}

async fn a_command_sent_twice_is_done_once(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::High).await;
    let browser = office.log_in(office.director).await;
    let sent = command(&lead, "submit", &of(&lead), no_risk());
    let first = browser.command("/m/commands", &sent).await;
    let second = browser.command("/m/commands", &sent).await;
    assert_eq!(first.0, 200, "{}", first.1);
    assert_eq!((first.0, &first.1["at"]), (second.0, &second.1["at"]));
    let actor = office.actor(office.director).await;
    let read = office.app.database.read().await.unwrap();
    let (_, token) = office.matters.look_up(read.connection(), read.keys(), &actor, lead.id).await.unwrap();
    let all = office.matters.all_answers(read.connection(), read.keys(), &token).await.unwrap();
    assert_eq!(all.len(), 1);
    drop(read);
    // Another person's command of the same id shows nothing of it.
    let neighbour = office.log_in(office.neighbour).await;
    assert_eq!(neighbour.command("/m/commands", &sent).await.0, 404);
}

async fn what_somebody_else_did_meanwhile_is_shown_beside_what_was_written(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::High).await;
    let browser = office.log_in(office.director).await;
    // The supervisor gives it to somebody else while the director writes.
    office.act(office.supervisor, lead.id, "reassign", Some(office.director.post)).await;
    let (status, told) =
        browser.command("/m/commands", &command(&lead, "submit", &of(&lead), no_risk())).await;
    assert_eq!(status, 409, "{told}");
    let rows = told["rows"].as_array().unwrap();
    let has = |side: &str, text: &str| rows.iter().any(|row| row[side].as_str() == Some(text));
    assert!(has("theirs", "待签收") && has("mine", "平稳"), "{told}");
    assert_eq!(office.matter(lead.id).await.stage, "accept", "nothing was overwritten");

    // Handed in on another phone first: both answers stand side by side.
    let lead = office.act(office.director, lead.id, "accept", None).await;
    let mut worse = no_risk();
    worse["manner"] = json!("silent");
    let (status, _) = browser.command("/m/commands", &command(&lead, "submit", &of(&lead), worse)).await;
    assert_eq!(status, 200);
    let mut late = command(&lead, "submit", &of(&lead), no_risk());
    late["command"] = json!(Uuid::from_u128(99));
    let (status, told) = browser.command("/m/commands", &late).await;
    assert_eq!(status, 200, "{told}");
    assert!(told["title"].as_str().unwrap().contains("已办结，你写的和照片已附上"), "{told}");
    let page = office.log_in(office.supervisor).await.page(&format!("/leads/{}", lead.id)).await;
    assert!(page.contains("不说话") && page.contains("平稳"), "both stand on the lead: {page}");
}

async fn a_reminder_of_the_clock_stops_no_command(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::Urgent).await;
    office.database.clock().advance_milliseconds(150 * 60_000);
    office.matters.tick(&office.app.database, office.app.now()).await.unwrap();
    assert!(office.matter(lead.id).await.version > lead.version, "the reminder counts the version up");
    let browser = office::Browser { language: "en", ..office.log_in(office.director).await };
    assert!(browser.page("/m").await.contains("min left"));
    let (status, told) =
        browser.command("/m/commands", &command(&lead, "submit", &of(&lead), no_risk())).await;
    assert_eq!(status, 200, "{told}");
}

async fn danger_opens_a_case_and_says_who_knows(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::High).await;
    let browser = office.log_in(office.director).await;
    let form = browser.page(&format!("/m/leads/{}/form", lead.id)).await;
    assert!(
        form.contains("立即立案，通知街道儿童督导员、区民政局"),
        "it is said before what happens: {form}"
    );
    let mut sent = command(&lead, "danger", &of(&lead), json!({}));
    sent["form"] = json!("danger");
    let (status, told) = browser.command("/m/commands", &sent).await;
    assert_eq!((status, told["faults"]["danger"].as_str().is_some()), (422, true), "{told}");
    sent["answers"] = json!({ "danger": ["violence"] });
    let (status, receipt) = browser.command("/m/commands", &sent).await;
    assert_eq!(status, 200, "{receipt}");
    let outcome = browser.page(receipt["location"].as_str().unwrap()).await;
    for words in [
        "紧急危险，已立案",
        "已立案 GA-",
        "儿童督导员",
        "区民政局",
        "tel:110",
        "tel:120",
        "0755-0000-0000",
        "样例",
    ] {
        assert!(outcome.contains(words), "{words}: {outcome}");
    }
    assert!(!outcome.contains("tel:0755"), "a sample is not dialled");
    assert_eq!(office.matter(lead.id).await.severity, Severity::Urgent);
}

async fn danger_is_reported_though_the_clock_stands(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::Medium).await;
    let actor = office.actor(office.director).await;
    let operation = store::Operation { actor: actor.reference(), ..office.database.operation("test.pause") };
    let write = office.app.database.write(operation).await.unwrap();
    let (lead, token) =
        office.matters.look_up(write.connection(), write.keys(), &actor, lead.id).await.unwrap();
    let pausing = matters::Pausing {
        reason: "away",
        until: office.app.now().plus_hours(24),
        note: "",
        version: lead.version,
    };
    let lead = office.matters.pause(&write, &actor, &token, &pausing).await.unwrap().matter;
    write.save().await.unwrap();

    let browser = office.log_in(office.director).await;
    let page = browser.page(&format!("/m/leads/{}", lead.id)).await;
    let report = format!("/matters/{}?action=danger", lead.id);
    assert!(page.contains("role=\"status\"") && page.contains(&report), "{page}");
    assert!(!page.contains(&format!("/m/leads/{}/form", lead.id)), "the check itself waits: {page}");
    let mut sent = command(&lead, "danger", &of(&lead), json!({ "danger": ["violence"] }));
    sent["form"] = json!("danger");
    let (status, receipt) = browser.command("/m/commands", &sent).await;
    assert_eq!(status, 200, "{receipt}");
    assert_eq!(office.matter(lead.id).await.outcome.as_deref(), Some("danger"));
}

async fn without_script_the_same_is_done(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::Medium).await;
    let browser = office.log_in(office.director).await;
    let path = format!("/m/leads/{}/form", lead.id);
    let base = of(&lead).to_string();
    let mut fields =
        vec![("matter_base", base.as_str()), ("seen", "yes"), ("at_home", "mother"), ("at_home", "sibling")];
    let missing = browser.upload(&path, &fields, None, "text/html").await;
    assert_eq!(missing.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(missing).await;
    assert!(
        page.contains("必填，请作答") && page.contains("value=\"sibling\" data-says=\"兄弟姐妹\" checked"),
        "{page}"
    );
    fields.extend([
        ("injury", "none"),
        ("manner", "calm"),
        ("spoke_alone", "yes"),
        ("care", "enough"),
        ("school", "attends"),
        ("result", "no_risk"),
        ("note", "家里整洁"),
    ]);
    let bytes = picture();
    let done = browser.upload(&path, &fields, Some(("photos", &bytes)), "text/html").await;
    let status = done.status();
    assert_eq!(status, StatusCode::SEE_OTHER, "{}", text(done).await);
    let again = browser.upload(&path, &fields, Some(("photos", &bytes)), "text/html").await;
    assert!(!again.status().is_server_error(), "{}", again.status());
    let outcome = browser.page(&format!("/m/leads/{}/outcome", lead.id)).await;
    assert!(
        outcome.contains("没有风险") && outcome.contains("家里整洁") && outcome.contains("<img"),
        "{outcome}"
    );
}

async fn what_is_written_is_kept_and_overwrites_nothing(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::Medium).await;
    let browser = office.log_in(office.director).await;
    let draft = |version: i32, note: &str| {
        json!({
            "matter": lead.id, "form": "check", "version": version,
            "answers": { "seen": "no", "whereabouts": "moved", "note": note },
        })
    };
    let (status, kept) = browser.command("/m/drafts", &draft(0, "门口有信")).await;
    assert_eq!((status, kept["version"].as_i64()), (200, Some(1)), "{kept}");
    let form = browser.page(&format!("/m/leads/{}/form", lead.id)).await;
    assert!(form.contains("门口有信"));
    let revision = kept["revision"].as_str().unwrap();
    assert!(
        form.contains(&format!("data-draft-revision=\"{revision}\"")),
        "the page shows that state: {form}"
    );
    assert!(browser.page(&format!("/m/leads/{}", lead.id)).await.contains("接着填"));
    let (status, told) = browser.command("/m/drafts", &draft(0, "另一台手机")).await;
    assert_eq!((status, told["answers"]["note"].as_str()), (409, Some("门口有信")), "{told}");
    assert_eq!(told["revision"], revision, "by which the phone knows that it saw this already");
    office.database.clock().advance_milliseconds(1_000);
    let (status, next) = browser.command("/m/drafts", &draft(1, "邻居说搬走了")).await;
    assert_eq!(status, 200);
    assert_ne!(next["revision"], revision);
}

async fn the_grounds_of_a_screening_are_said_with_source_and_day(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.screened().await;
    let lead = office.act(office.supervisor, lead.id, "dispatch", Some(office.director.post)).await;
    let browser = office.log_in(office.director).await;
    let page = browser.page(&format!("/m/leads/{}", lead.id)).await;
    assert!(
        page.contains("伤害可能来自家里") && page.find("/map\"") < page.find("伤害可能来自家里"),
        "the way there comes before any call: {page}"
    );
    assert!(page.find("伤害可能来自家里") < page.find("/call\""), "{page}");
    for words in ["家庭暴力", "网格人口，2 月 20 日", "60 分"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let english = office::Browser { language: "en", ..browser };
    let page = english.page(&format!("/m/leads/{}", lead.id)).await;
    assert!(
        page.contains("Domestic violence at home") && page.contains("Grid population, 20 February"),
        "{page}"
    );
}

async fn another_director_gets_nothing(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::High).await;
    let neighbour = office.log_in(office.neighbour).await;
    for part in ["", "/form", "/return", "/outcome"] {
        let path = format!("/m/leads/{}{part}", lead.id);
        assert_eq!(neighbour.get(&path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let path = format!("/m/visits/{}", lead.id);
    assert_eq!(office.log_in(office.director).await.get(&path).await.status(), StatusCode::NOT_FOUND);
    for part in ["/call", "/map", "/name", "/act", "/form"] {
        let path = format!("/m/leads/{}{part}", lead.id);
        let sent = neighbour.upload(&path, &[("who", "0")], None, "text/html").await;
        assert_eq!(sent.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let (status, told) =
        neighbour.command("/m/commands", &command(&lead, "submit", &of(&lead), no_risk())).await;
    assert_eq!(status, 404, "{told}");
    assert_eq!(office.matter(lead.id).await.phase(), Phase::Open);
}

async fn numbers_stand_on_no_page_before_a_tap(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::High).await;
    let browser = office.log_in(office.director).await;
    let path = format!("/m/leads/{}", lead.id);
    let page = browser.page(&path).await;
    assert!(page.contains("王京坑村18栋503") && page.contains("母亲 张*"), "{page}");
    for hidden in ["13812346207", "tel:", "geo:", "张子涵"] {
        assert!(!page.contains(hidden), "{hidden} stands on the page");
    }
    let who = called(&page);
    let call = browser.upload(&format!("{path}/call"), &[("who", &who)], None, "application/json").await;
    assert_eq!(answer(call).await.1["href"], "tel:13812346207");
    let map = browser.upload(&format!("{path}/map"), &[], None, "text/html").await;
    assert!(text(map).await.contains("geo:0,0?q=%E7%8E%8B"));
    let name = browser.upload(&format!("{path}/name"), &[], None, "text/html").await;
    assert!(text(name).await.contains("张子涵"));
    let none = browser.upload(&format!("{path}/call"), &[("who", "5")], None, "application/json").await;
    assert_eq!(none.status(), StatusCode::CONFLICT);
    assert_eq!(readings(&office).await, 4, "the page and each tap are on record");
}

async fn a_page_that_is_older_than_a_renewal_dials_nobody_else(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::High).await;
    let browser = office.log_in(office.director).await;
    let path = format!("/m/leads/{}", lead.id);
    let who = called(&browser.page(&path).await);
    // The grid brings a father, who stands before the mother from now on.
    office.deliver_guardian("张强", "父亲", "13712346299").await;
    let page = browser.page(&path).await;
    let now = called(&page);
    assert!(page.contains("父亲 张*、母亲 张*") && now != who, "{page}");
    for (who, number) in [(&who, "tel:13812346207"), (&now, "tel:13712346299")] {
        let call = browser.upload(&format!("{path}/call"), &[("who", who)], None, "application/json").await;
        assert_eq!(answer(call).await.1["href"], number, "the page of before dials whom it names");
    }
    // A number that is not there any more is another number's place in no list.
    let looks = readings(&office).await;
    let gone = "0".repeat(32);
    let call = browser.upload(&format!("{path}/call"), &[("who", &gone)], None, "text/html").await;
    assert_eq!(call.status(), StatusCode::CONFLICT);
    let page = text(call).await;
    assert!(page.contains("这个号码已经变了，没有拨出") && !page.contains("tel:"), "{page}");
    assert_eq!(readings(&office).await, looks, "nothing was shown");
}

/// The id of the first number that a page offers to call.
fn called(page: &str) -> String {
    let form = office::between(page, "/call\" data-tap>", "</form>");
    office::between(form, "name=\"who\" value=\"", "\"").to_owned()
}

async fn danger_without_script_keeps_what_was_chosen_and_says_what_is_wrong(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::Medium).await;
    let browser = office.log_in(office.director).await;
    let path = format!("/m/leads/{}/act", lead.id);
    let base = of(&lead).to_string();
    let bare = [("matter_action", "danger"), ("matter_base", base.as_str())];
    let missing = browser.upload(&path, &bare, None, "text/html").await;
    assert_eq!(missing.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(missing).await;
    assert!(page.contains("class=\"shade open\"") && page.contains("必填，请作答"), "{page}");
    let fields = [bare[0], bare[1], ("danger", "violence"), ("danger", "nothing that is known")];
    let strange = browser.upload(&path, &fields, None, "text/html").await;
    assert_eq!(strange.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(strange).await;
    assert!(page.contains("class=\"shade open\""), "{page}");
    assert_eq!(office.matter(lead.id).await.phase(), Phase::Open);
    let done = browser.upload(&path, &fields[..3], None, "text/html").await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER, "{}", text(done).await);
    assert_eq!(office.matter(lead.id).await.outcome.as_deref(), Some("danger"));
}

/// How many looks at somebody's data are on record.
async fn readings(office: &Office) -> usize {
    let read = office.app.database.read().await.unwrap();
    let filter = store::journal::Filter { kinds: vec![access::FILE_READ.to_owned()], ..Default::default() };
    store::journal::list(&read, &filter, None, 200).await.unwrap().len()
}

async fn a_lead_is_returned_with_its_reason(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.dispatched(Severity::High).await;
    let browser = office.log_in(office.director).await;
    let page = browser.page(&format!("/m/leads/{}/return", lead.id)).await;
    assert!(page.contains("不住本社区"), "{page}");
    let path = format!("/m/leads/{}/act", lead.id);
    let base = of(&lead).to_string();
    let bare = [("matter_action", "return"), ("matter_base", base.as_str())];
    let refused = browser.upload(&path, &bare, None, "text/html").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let asked = text(refused).await;
    let choice = office::between(&asked, "为什么去不了", "补一句");
    assert!(choice.contains("请选一个原因"), "it is said at the choice that misses: {asked}");
    let fields = [bare[0], bare[1], ("reason", "not_here"), ("more", "搬到隔壁社区")];
    let done = browser.upload(&path, &fields, None, "text/html").await;
    assert_eq!((done.status(), done.headers()["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, "/m"));
    assert_eq!(office.matter(lead.id).await.stage, "dispatch");
}

async fn every_page_is_there_in_both_languages(database: TestDatabase) {
    let office = Office::open(database).await;
    let waiting = office.dispatched(Severity::Urgent).await;
    let id = waiting.id;
    for (language, words) in [
        ("zh", ["今天", "签收，我去", "为什么去不了", "通知", "我的"]),
        ("en", ["Today", "Accept, I will go", "Why can you not go?", "Notices", "Me"]),
    ] {
        let browser = office::Browser { language, ..office.log_in(office.director).await };
        let paths = [
            "/m".to_owned(),
            format!("/m/leads/{id}"),
            format!("/m/leads/{id}/return"),
            "/m/notices".to_owned(),
            "/m/me".to_owned(),
        ];
        for (path, words) in paths.iter().zip(words) {
            let page = browser.page(path).await;
            assert!(page.contains(words), "{language} {path}: {page}");
            assert!(!page.contains(" style=") && !page.contains("<script>"), "the policy forbids it: {path}");
        }
    }
    let accepted = office.act(office.director, id, "accept", None).await;
    let english = office::Browser { language: "en", ..office.log_in(office.director).await };
    let form = english.page(&format!("/m/leads/{id}/form")).await;
    assert!(form.contains("Did you see the child?") && !form.contains("见到孩子了吗"), "{form}");
    let (status, told) =
        english.command("/m/commands", &command(&accepted, "submit", &of(&accepted), no_risk())).await;
    assert_eq!(status, 200, "{told}");
    assert!(english.page(&format!("/m/leads/{id}/outcome")).await.contains("On record: no risk"));
    let notices = english.page("/m/notices").await;
    assert!(notices.contains("Given to you"), "{notices}");
}

async fn answers_that_speak_against_each_other_are_asked_back(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::Urgent).await;
    let browser = office.log_in(office.director).await;
    let path = format!("/m/leads/{}/form", lead.id);
    let form = browser.page(&path).await;
    assert!(
        form.contains("data-needs=") && form.contains("就不是「未找到」"),
        "the script asks at once: {form}"
    );

    // Seen, and not found: said at the result, nothing done.
    let mut found = no_risk();
    found["result"] = json!("not_found");
    let (status, told) = browser.command("/m/commands", &command(&lead, "submit", &of(&lead), found)).await;
    assert_eq!(status, 422, "{told}");
    assert!(told["faults"]["result"].as_str().unwrap().contains("未找到"), "{told}");
    let base = of(&lead).to_string();
    let fields = [
        ("matter_base", base.as_str()),
        ("seen", "yes"),
        ("at_home", "mother"),
        ("injury", "none"),
        ("manner", "calm"),
        ("spoke_alone", "yes"),
        ("care", "enough"),
        ("school", "attends"),
        ("result", "not_found"),
    ];
    let refused = browser.upload(&path, &fields, None, "text/html").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(refused).await;
    assert!(page.contains("role=\"alert\"") && page.contains("请另选核查结果"), "without script too: {page}");

    // Signs of harm, and no risk: why, and the supervisor has it then.
    let mut harm = no_risk();
    (harm["injury"], harm["manner"], harm["care"]) = (json!("new"), json!("afraid"), json!("lacking"));
    let (status, told) =
        browser.command("/m/commands", &command(&lead, "submit", &of(&lead), harm.clone())).await;
    assert_eq!(status, 422, "{told}");
    assert!(told["faults"]["why_no_risk"].is_string(), "{told}");
    assert_eq!(office.matter(lead.id).await.phase(), Phase::Open, "the lead is not finished");
    harm["why_no_risk"] = json!("骑车摔的，正在换药，母亲下岗，已联系居委会");
    let (status, told) = browser.command("/m/commands", &command(&lead, "submit", &of(&lead), harm)).await;
    assert_eq!((status, told["location"].as_str()), (200, Some("/m")), "{told}");
    let after = office.matter(lead.id).await;
    assert_eq!((after.stage.as_str(), after.holder), ("confirm", office.supervisor.post));
    let today = browser.page("/m").await;
    assert!(!today.contains(&format!("/m/leads/{}", lead.id)), "it is the supervisor's now: {today}");

    // Whoever decides reads the answers without a click, is led to the safe way, and confirms with the sign of what is done.
    let supervisor = office.log_in(office.supervisor).await;
    let page = supervisor.page(&format!("/leads/{}", lead.id)).await;
    let asked = office::between(&page, "id=\"request\"", "</section>");
    assert!(asked.contains("<details class=\"pn-paper\" open>") && asked.contains("骑车摔的"), "{asked}");
    let form = office::between(&page, "name=\"action\" value=\"confirm\"", "</form>");
    assert!(!form.contains("btn-primary") && form.contains("#checks\""), "nobody is led to end it: {form}");
    let again = office::between(&page, "name=\"action\" value=\"check_again\"", "</form>");
    assert!(again.contains("btn-primary"), "{again}");
    assert!(!form.contains("btn-danger") && !form.contains("#x\""), "{form}");
    // Whoever asked is told who has it, since when and until when: on the phone, and at a desk.
    for (page, words) in [
        (browser.page(&format!("/m/leads/{}", lead.id)).await, "这一步现由"),
        (browser.page(&format!("/leads/{}", lead.id)).await, "这一步现由"),
        (english_of(&office).await.page(&format!("/m/leads/{}", lead.id)).await, "has this step since"),
    ] {
        assert!(page.contains(words), "{page}");
        assert!(!page.contains("您的岗位不能") && !page.contains("post cannot"), "{page}");
    }
    // Whoever is sent again reads what for, before and after accepting.
    office.database.clock().advance_milliseconds(1_000);
    office.act(office.supervisor, lead.id, "check_again", Some(office.director.post)).await;
    let before = browser.page(&format!("/m/leads/{}", lead.id)).await;
    office.act(office.director, lead.id, "accept", None).await;
    for page in [before, browser.page(&format!("/m/leads/{}", lead.id)).await] {
        assert!(page.contains("派人再查：改派给别人"), "{page}");
    }
}

/// The director's browser in English.
async fn english_of(office: &Office) -> office::Browser<'_> {
    office::Browser { language: "en", ..office.log_in(office.director).await }
}

async fn a_picture_of_a_draft_is_shown_by_its_matter(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.accepted(Severity::Medium).await;
    let browser = office.log_in(office.director).await;
    let (id, photo) = (lead.id.to_string(), Uuid::from_u128(12).to_string());
    let fields = [("command", photo.as_str()), ("matter", &id), ("device_time", "1")];
    let bytes = picture();
    let sent = browser.upload("/m/photos", &fields, Some(("photo", &bytes)), "application/json").await;
    let attachment = answer(sent).await.1["attachment"].as_str().unwrap().to_owned();
    let draft = json!({
        "matter": lead.id, "form": "check", "version": 0,
        "answers": { "seen": "yes", "photos": [attachment] },
    });
    assert_eq!(browser.command("/m/drafts", &draft).await.0, 200);
    let form = browser.page(&format!("/m/leads/{id}/form")).await;
    let source = format!("/m/photos/{}", office::between(&form, "<img src=\"/m/photos/", "\""));
    assert_eq!(browser.get(&source).await.status(), StatusCode::OK, "{source}");
}

async fn the_sign_of_alarm_is_for_what_is_pressing(database: TestDatabase) {
    let office = Office::open(database).await;
    office.accepted(Severity::Low).await;
    let browser = office.log_in(office.director).await;
    let today = browser.page("/m").await;
    let top = office::between(&today, "<div class=\"top", "</div>").to_owned();
    assert!(top.contains("#home-search") && !top.contains("#urgent"), "{top}");
}
