//! The pages of leads on both databases, in both languages, for whoever may and may not see them.

use axum::http::StatusCode;
use store::testing::TestDatabase;

use crate::LEAD;
use crate::office::{self, Office, grid, text};
use crate::screening::DISPATCH_STAGE;

store::on_both! { office::migrations() =>
    the_list_and_the_page_say_why_in_both_languages,
    a_list_is_dispatched_in_one_line_and_taken_back,
    what_is_refused_comes_back_with_what_was_typed,
    a_neighbour_meets_nothing,
}

/// Three girls, each with a grandmother.
fn homes() -> String {
    grid(&[
        ("H1", "王秀兰", "户主", (1955, 3, 2), 12, ""),
        ("H1", "王小雨", "孙女", (2014, 5, 6), 24, "留守"),
        ("H2", "周桂英", "户主", (1953, 4, 2), 14, ""),
        ("H2", "周雨桐", "孙女", (2015, 8, 6), 26, "留守"),
        ("H3", "吴凤英", "户主", (1950, 9, 2), 16, ""),
        ("H3", "吴若曦", "孙女", (2012, 1, 16), 28, "留守"),
    ])
}

async fn the_list_and_the_page_say_why_in_both_languages(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    for login in ["supervisor", "district", "director"] {
        for (language, list_says, page_says) in [
            ("zh", ["线索", "待派发", "只有老年人照看"], ["为什么提出这条线索", "父母均不同住", "网格人口"]),
            (
                "en",
                ["Leads", "Dispatch", "Only elders at home"],
                ["Why this lead", "No parent at home", "row"],
            ),
        ] {
            let answer = office.get(login, "/leads", language).await;
            assert_eq!(answer.status(), StatusCode::OK);
            let list = text(answer).await;
            for words in list_says {
                assert!(list.contains(words), "{login} {language} {words}");
            }
            assert!(list.contains(&page) && list.contains("王*雨") && !list.contains("王小雨"));
            let answer = office.get(login, &page, language).await;
            assert_eq!(answer.status(), StatusCode::OK);
            let shown = text(answer).await;
            for words in page_says {
                assert!(shown.contains(words), "{login} {language} {words}: {shown}");
            }
            assert!(shown.contains("/rows/"), "each point leads to its row");
            assert!(!shown.contains(" style="));
            assert!(!shown.contains(&office::number((2014, 5, 6), 24)) || login == "district");
        }
    }
    // Every look was put on record.
    let read = office.app.database.read().await.unwrap();
    let filter = store::journal::Filter { matter: Some(lead.id), ..store::journal::Filter::default() };
    let told = store::journal::list(&read, &filter, None, 50).await.unwrap();
    assert!(told.iter().filter(|entry| entry.kind == access::FILE_READ).count() >= 6);
}

async fn a_list_is_dispatched_in_one_line_and_taken_back(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let list = text(office.get("supervisor", "/leads", "zh").await).await;
    assert!(list.contains("派发 3 件"), "{list}");
    assert!(list.contains("director 某"), "the director of the community is proposed");
    let stale = office.post("supervisor", "/leads", "/leads/dispatch", "count=2").await;
    assert_eq!(stale.status(), StatusCode::CONFLICT, "another number than was seen");
    let sent = office.post("supervisor", "/leads", "/leads/dispatch", "count=3").await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    let director = office.actor("director").post;
    let leads = office.matters_of(LEAD).await;
    assert!(leads.iter().all(|lead| lead.stage == "accept" && Some(lead.holder) == director));
    let location = sent.headers()["location"].to_str().unwrap().to_owned();
    let after = text(office.get("supervisor", &location, "zh").await).await;
    assert!(after.contains("已派发 3 件") && after.contains("撤回这次派发"), "{after}");
    // One is accepted meanwhile: it stays.
    let page = format!("/leads/{}", leads[0].id);
    let body = format!("action=accept&version={}", leads[0].version);
    let accepted = office.post("director", &page, &format!("{page}/act"), &body).await;
    assert_eq!(accepted.status(), StatusCode::SEE_OTHER);
    let batch = location.split("sent=").nth(1).unwrap().to_owned();
    let undo = format!("/leads/dispatch/{batch}/undo");
    let undone = office.post("supervisor", &location, &undo, "").await;
    assert_eq!(undone.headers()["location"], "/leads?back=2");
    let leads = office.matters_of(LEAD).await;
    assert_eq!(leads.iter().filter(|lead| lead.stage == DISPATCH_STAGE).count(), 2);
    let again = office.post("supervisor", "/leads", &undo, "").await;
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
}

async fn what_is_refused_comes_back_with_what_was_typed(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    let body = format!("action=dismiss&version={}&reason=%E4%B8%8D%E5%AF%B9", lead.version);
    let refused = office.post("supervisor", &page, &format!("{page}/act"), &body).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(refused).await.contains("不对</textarea>"), "what was typed is still there");
    let overtaken = body.replace(&format!("version={}", lead.version), "version=99");
    let answer = office.post("supervisor", &page, &format!("{page}/act"), &overtaken).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert_eq!(office.matter(lead.id).await.stage, DISPATCH_STAGE);
}

async fn a_neighbour_meets_nothing(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    assert_eq!(office.get("neighbour", &page, "zh").await.status(), StatusCode::NOT_FOUND);
    let list = text(office.get("neighbour", "/leads", "zh").await).await;
    assert!(!list.contains("王*雨") && list.contains("没有符合条件的线索"));
    // The look-up that every act begins with finds nothing either.
    let read = office.app.database.read().await.unwrap();
    let neighbour = office.actor("neighbour");
    let found = office.matters.look_up(read.connection(), read.keys(), neighbour, lead.id).await;
    assert!(matches!(found, Err(matters::MatterError::NotFound)));
}
