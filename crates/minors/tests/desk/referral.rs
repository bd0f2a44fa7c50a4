//! A referral from the case to a department that sees it and nothing else, rejected, sent again, accepted and done.

use access::organisations::{self, OrganisationForm, OrganisationKind};
use axum::http::StatusCode;
use base::{AreaLevel, MatterId};
use matters::Matter;
use store::testing::TestDatabase;

use crate::office::{Office, migrations, pair};

store::on_both! { migrations() =>
    a_department_rejects_then_accepts_and_finishes_what_it_alone_sees,
    what_a_department_could_not_do_stands_in_the_case,
    only_who_can_receive_a_referral_is_offered,
}

async fn referrals(office: &Office, case: MatterId) -> Vec<Matter> {
    let read = office.app.database.read().await.unwrap();
    let scope = office.matters.scope(&access::Actor::system());
    let children = office.matters.children(read.connection(), read.keys(), &scope, case).await.unwrap();
    let mut referrals: Vec<Matter> =
        children.into_iter().filter(|child| child.organisation.is_some()).collect();
    // Opened in one moment of a clock that stands: their numbers tell which came first.
    referrals.sort_by(|one, other| one.number.cmp(&other.number));
    referrals
}

async fn refer(office: &Office, case: MatterId, query: &str, previous: Option<MatterId>) {
    let page = office.get("supervisor", &format!("/cases/{case}?{query}")).await.html;
    assert!(page.contains("南山公安分局"), "the form proposes who has the duty here");
    let mut fields = vec![
        pair("version", &office.matter(case).await.version.to_string()),
        pair("to", "duty:family_violence"),
        pair("title", "出具告诫书"),
        pair("summary", "父亲酒后打人，请到场处置"),
    ];
    if let Some(previous) = previous {
        assert!(page.contains("父亲酒后打人，请到场处置"), "what was written is not typed again");
        fields.push(pair("previous", &previous.to_string()));
    }
    let answer = office.send("supervisor", &page, &format!("/matters/{case}/refer"), &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.html);
    assert!(office.follow("supervisor", &answer).await.contains("已发给南山公安分局"));
}

async fn a_department_rejects_then_accepts_and_finishes_what_it_alone_sees(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "隐去的个案标题").await;
    office.act("supervisor", case, "submit", &[]).await;
    office.act("supervisor", case, "accept", &[("emergency", "no"), ("classes", "care")]).await;
    assert_eq!(office.matter(case).await.stage, "assessment");
    refer(&office, case, "refer=new", None).await;
    let first = referrals(&office, case).await.pop().unwrap();

    let list = office.get("police", "/referrals").await;
    assert!(list.html.contains("出具告诫书") && !list.html.contains("隐去的个案标题"));
    let page = office.get("police", &format!("/referrals/{}", first.id)).await;
    assert!(
        page.html.contains("<small>南山公安分局 会办单位联络员</small>"),
        "the head says which department"
    );
    assert!(
        page.html.contains("内应答") && page.html.contains("内办结"),
        "both terms stand beside the clock"
    );
    let sent = office.get("supervisor", &format!("/cases/{case}")).await.html;
    assert!(sent.contains("内应答") && sent.contains("内办结"), "and the sender reads the same");
    assert!(page.html.contains("父亲酒后打人，请到场处置") && !page.html.contains("隐去的个案标题"));
    assert!(!page.html.contains(&case.to_string()), "not even the case's id");
    assert_eq!(office.get("police", &format!("/cases/{case}")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(office.get("police", &format!("/matters/{case}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        office.get("neighbour", &format!("/referrals/{}", first.id)).await.status,
        StatusCode::NOT_FOUND
    );

    let answer = office.act("police", first.id, "reject", &[("reason", "属派出所管辖，请改转")]).await;
    assert_eq!(answer.location, "/referrals", "what it rejected it does not see any more: {}", answer.html);
    let list = office.follow("police", &answer).await;
    let said = format!("「退回」已办：转介 {} ", first.number);
    assert!(
        list.contains(&said) && list.contains("「已退回」") && list.contains("它已不在您的列表中"),
        "{list}"
    );
    let gone = office.get("police", &format!("/referrals/{}", first.id)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let seen = office.get("supervisor", &format!("/cases/{case}")).await.html;
    assert!(seen.contains("属派出所管辖，请改转") && seen.contains("已退回") && seen.contains("再转"));
    let unsent = "有 1 件转介被退回或没有办成";
    assert!(
        seen.contains(unsent) && seen.contains("1 件没有办成，待处理") && seen.contains("这件事还没有着落"),
        "it is not done because nobody has it"
    );

    refer(&office, case, &format!("refer=again&previous={}", first.id), Some(first.id)).await;
    let second = referrals(&office, case).await.pop().unwrap();
    office.act("police", second.id, "accept", &[]).await;
    let finish = office.act("police", second.id, "finish", &[("result", "solved")]).await;
    assert_eq!(finish.status, StatusCode::SEE_OTHER, "{}", finish.html);
    assert_eq!(office.matter(second.id).await.outcome.as_deref(), Some("done"));
    let seen = office.get("supervisor", &format!("/cases/{case}")).await.html;
    assert!(seen.contains("已办结") && seen.contains("已改转") && !seen.contains("还没有着落"));
    assert!(seen.contains("做了什么，或为什么办不了"), "what was done stands in the case");
}

/// What a department answers stands in the case; that it could not do it is no success there, and whoever sent it decides.
async fn what_a_department_could_not_do_stands_in_the_case(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "个案").await;
    office.act("supervisor", case, "submit", &[]).await;
    office.act("supervisor", case, "accept", &[("emergency", "no"), ("classes", "care")]).await;
    refer(&office, case, "refer=new", None).await;
    let referral = referrals(&office, case).await.pop().unwrap();
    office.act("police", referral.id, "accept", &[]).await;
    let answer = [("result", "impossible"), ("what", "当事人已离开本市，无法送达")];
    let answered = office.act("police", referral.id, "finish", &answer).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.html);
    let page = format!("/cases/{case}");
    let seen = office.get("supervisor", &page).await.html;
    let row = seen.split("class=\"pn-ref\"").nth(1).unwrap().split("</article>").next().unwrap();
    for text in
        ["st urgent", "没有办成", "无法办理", "当事人已离开本市，无法送达", "police 某", "还没有着落", "再转"]
    {
        assert!(row.contains(text), "{text}: {row}");
    }
    assert!(!row.contains("st ok"), "it is no success: {row}");
    for act in ["value=\"cover\"", "value=\"drop\""] {
        assert!(row.contains(act), "{act}: {row}");
    }
    assert!(!row.contains("value=\"send_again\""), "sending it again is sending it: {row}");
    let theirs = office.get("police", &format!("/referrals/{}", referral.id)).await;
    assert_eq!(theirs.status, StatusCode::OK);
    assert!(!theirs.html.contains("value=\"cover\""), "what becomes of it is not the department's");
    office.act("supervisor", referral.id, "cover", &[("reason", "由姑姑接走照料")]).await;
    let seen = office.get("supervisor", &page).await.html;
    for text in ["另行解决", "由姑姑接走照料", "当事人已离开本市，无法送达"] {
        assert!(seen.contains(text), "{text}: {seen}");
    }
    assert!(!seen.contains("还没有着落"));
}

async fn only_who_can_receive_a_referral_is_offered(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "个案").await;
    office.act("supervisor", case, "submit", &[]).await;
    office.act("supervisor", case, "accept", &[("emergency", "no"), ("classes", "care")]).await;
    let write = office.database.begin("test.organisations").await;
    let area = office.place.cut_at(AreaLevel::District);
    let form =
        |kind, name: &str, area| OrganisationForm { kind, name: name.to_owned(), department: None, area };
    let agency = form(OrganisationKind::Agency, "青苗社工", area);
    let agency = organisations::create(&write, &agency).await.unwrap();
    let station = form(OrganisationKind::CommunityStation, "西丽社区工作站", office.place);
    organisations::create(&write, &station).await.unwrap();
    write.save().await.unwrap();

    let page = office.get("supervisor", &format!("/cases/{case}?refer=new")).await.html;
    let police = format!("<option value=\"organisation:{}\">南山公安分局", office.police);
    assert!(page.contains(&police), "{page}");
    let agency = format!("<option value=\"organisation:{agency}\" disabled>青苗社工（没有联络岗位，收不到）");
    assert!(page.contains(&agency), "who cannot receive is named with the reason: {page}");
    assert!(!page.contains("西丽社区工作站"), "a station is nobody to refer to");
    let english = office.get_in("supervisor", &format!("/cases/{case}?refer=new"), "en").await.html;
    assert!(english.contains("青苗社工 (no contact post)"));
}
