//! What happens when a form is sent twice, or by two people at once.

use axum::http::StatusCode;
use store::testing::TestDatabase;

use crate::office::{Office, migrations, pair};

store::on_both! { migrations() =>
    a_double_click_acts_once,
    the_second_of_two_people_is_told_and_shown_both,
    a_clock_is_paused_resumed_and_a_matter_handed_over,
}

async fn a_double_click_acts_once(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "邻居反映").await;
    let page = office.get("supervisor", &format!("/cases/{case}")).await.html;
    let fields = office.fields(&office.matter(case).await, "submit", &[]);
    let path = format!("/matters/{case}/act");
    let first = office.send("supervisor", &page, &path, &fields).await;
    let second = office.send("supervisor", &page, &path, &fields).await;
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(first.location, second.location);
    for answer in [first, second] {
        let page = office.follow("supervisor", &answer).await;
        assert!(page.contains("转入「受理」，由您办理"), "{page}");
    }
    let matter = office.matter(case).await;
    assert_eq!((matter.stage.as_str(), matter.version), ("acceptance", 2));
}

async fn the_second_of_two_people_is_told_and_shown_both(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "邻居反映").await;
    let pages = [
        office.get("supervisor", &format!("/cases/{case}")).await.html,
        office.get("district", &format!("/cases/{case}")).await.html,
    ];
    let path = format!("/matters/{case}/act");
    let matter = office.matter(case).await;
    let mine = office.fields(&matter, "submit", &[("facts", "督导员记下的经过，十个字以上")]);
    let theirs = office.fields(&matter, "submit", &[("facts", "区里记下的另一种经过，也够长")]);
    assert_eq!(office.send("supervisor", &pages[0], &path, &mine).await.status, StatusCode::SEE_OTHER);
    let answer = office.send("district", &pages[1], &path, &theirs).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    for text in ["supervisor 某", "督导员记下的经过，十个字以上", "区里记下的另一种经过，也够长"]
    {
        assert!(answer.html.contains(text), "{text}");
    }
    assert_eq!(office.matter(case).await.version, 2, "nothing was overwritten");
}

async fn a_clock_is_paused_resumed_and_a_matter_handed_over(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "邻居反映").await;
    let page = format!("/cases/{case}");
    let send = async |what: &str, fields: &[(&str, &str)]| {
        let shown = office.get("district", &page).await.html;
        let version = office.matter(case).await.version.to_string();
        let mut pairs = vec![pair("version", &version)];
        pairs.extend(fields.iter().map(|(name, value)| pair(name, value)));
        office.send("district", &shown, &format!("/matters/{case}/{what}"), &pairs).await
    };
    let too_long = send("pause", &[("pause", "court"), ("until", "2027-03-02")]).await;
    assert_eq!(too_long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(too_long.html.contains("value=\"2027-03-02\""), "the day that was typed is still there");
    let paused = send("pause", &[("pause", "court"), ("until", "2026-03-10")]).await;
    assert_eq!(paused.status, StatusCode::SEE_OTHER, "{}", paused.html);
    assert!(office.get("district", &page).await.html.contains("司法程序进行中"));
    send("resume", &[]).await;
    assert!(office.matter(case).await.clock.pause.is_none());
    let shown = office.get("district", &page).await.html;
    let choice =
        shown.split("id=\"assign-holder\"").nth(1).unwrap().split("<option value=\"").nth(2).unwrap();
    let holder = choice.split('"').next().unwrap().to_owned();
    let short = send("assign", &[("holder", &holder), ("reason", "")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    send("assign", &[("holder", &holder), ("reason", "出差，请代办")]).await;
    assert_eq!(office.matter(case).await.holder.to_string(), holder);
}
