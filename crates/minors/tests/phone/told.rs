//! What somebody is told of a child before they go: in a notice, and of a sign of harm.

use serde_json::json;
use store::testing::TestDatabase;

use super::office::{self, Office};
use super::{command, of};

/// Whoever is told of danger reads what kind of danger, and since when, before they open anything.
pub async fn a_notice_says_what_it_is_about(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.screened().await;
    let lead = office.act(office.supervisor, lead.id, "dispatch", Some(office.director.post)).await;
    let director = office.log_in(office.director).await;
    let notices = director.page("/m/notices").await;
    assert!(notices.contains("<span>家庭暴力"), "{notices}");
    let lead = office.act(office.director, lead.id, "accept", None).await;
    let mut sent = command(&lead, "danger", &of(&lead), json!({ "danger": ["violence"] }));
    sent["form"] = json!("danger");
    assert_eq!(director.command("/m/commands", &sent).await.0, 200);
    let notices = office.log_in(office.officer).await.page("/notices").await;
    assert!(notices.contains("紧急</span>") && notices.contains("家庭暴力"), "{notices}");
    assert!(notices.contains("今日 09:00 上报") && !notices.contains("张子涵"), "{notices}");
}

/// What a school wrote of a sign of harm stands on the phone as it stands at the desk.
pub async fn the_words_of_a_sign_of_harm_are_shown(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver_absence("手臂有淤青，说是摔的").await;
    let lead = office.lead_of_child().await;
    let lead = office.act(office.supervisor, lead.id, "dispatch", Some(office.director.post)).await;
    let browser = office.log_in(office.director).await;
    let page = browser.page(&format!("/m/leads/{}", lead.id)).await;
    assert!(page.contains("伤害迹象") && page.contains("手臂有淤青，说是摔的</q>"), "{page}");
    let shown = office::between(&page, "<ol class=\"why\">", "</ol>");
    assert_eq!(shown.matches("<q>").count(), 1, "under the sign of harm alone: {shown}");
}
