//! The pages of leads on both databases, in both languages, for whoever may and may not see them.

use axum::http::StatusCode;
use matters::Matter;
use store::testing::TestDatabase;

use crate::LEAD;
use crate::office::{self, Office, SchoolRow, grid, school, text};
use crate::screening::DISPATCH_STAGE;

store::on_both! { office::migrations() =>
    the_list_and_the_page_say_why_in_both_languages,
    a_list_is_dispatched_in_one_line_and_taken_back,
    who_gave_a_lead_back_is_not_proposed_again,
    what_is_refused_comes_back_with_what_was_typed,
    the_second_of_two_is_told_and_shown_both,
    a_lead_is_dispatched_paused_and_handed_over_on_its_page,
    a_desk_writes_down_a_check_that_the_phone_could_not,
    a_corrected_row_shows_what_it_says_now_and_the_lead_can_be_dismissed,
    a_neighbour_meets_nothing,
    who_may_not_see_the_child_sees_what_the_lead_stands_on,
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
            (
                "zh",
                ["线索", "待派发", "只有一名老年亲属照看"],
                ["为什么提出这条线索", "父母均不同住", "网格人口"],
            ),
            (
                "en",
                ["Leads", "Dispatch", "One elder alone at home with the child"],
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
            // The inbox says why, not only who.
            let inbox = text(office.get(login, "/inbox?whose=area", language).await).await;
            assert!(inbox.contains(list_says[2]), "{login} {language}: {inbox}");
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
    let due: Vec<_> = office.matters_of(LEAD).await.iter().map(|lead| (lead.id, lead.clock.due)).collect();
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
    let accepted = office.post("director", &page, &act_of(&leads[0]), &body).await;
    assert_eq!(accepted.status(), StatusCode::SEE_OTHER);
    let batch = location.split("sent=").nth(1).unwrap().to_owned();
    let undo = format!("/leads/dispatch/{batch}/undo");
    office.database.clock().advance_milliseconds(40 * 60_000);
    let undone = office.post("supervisor", &location, &undo, "").await;
    assert_eq!(undone.headers()["location"], "/leads?back=2");
    let leads = office.matters_of(LEAD).await;
    let back: Vec<_> = leads.iter().filter(|lead| lead.stage == DISPATCH_STAGE).collect();
    assert_eq!(back.len(), 2);
    for lead in back {
        assert!(due.contains(&(lead.id, lead.clock.due)), "doing and undoing puts no deadline off");
    }
    let page = format!("/leads/{}", leads.iter().find(|lead| lead.stage == DISPATCH_STAGE).unwrap().id);
    for (language, words, other) in
        [("zh", "撤回了上一步", "taken back"), ("en", "the act before was taken back", "撤回了")]
    {
        let shown = text(office.get("supervisor", &page, language).await).await;
        assert!(shown.contains(words) && !shown.contains(other), "in the words of whoever reads: {shown}");
    }
    let again = office.post("supervisor", "/leads", &undo, "").await;
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
}

fn act_of(lead: &Matter) -> String {
    format!("/matters/{}/act", lead.id)
}

async fn who_gave_a_lead_back_is_not_proposed_again(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    let director = office.actor("director").post.unwrap();
    let chosen = format!("<option value=\"{director}\" selected>");
    assert!(text(office.get("supervisor", &page, "zh").await).await.contains(&chosen));
    let act = async |login: &str, said: &str| {
        let lead = office.matter(lead.id).await;
        let body = format!("{said}&version={}", lead.version);
        let answer = office.post(login, &page, &act_of(&lead), &body).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", text(answer).await);
    };
    act("supervisor", &format!("action=dispatch&holder={director}")).await;
    act("director", "action=return&reason=%E4%B8%8E%E5%BD%93%E4%BA%8B%E4%BA%BA%E6%9C%89%E4%BA%B2%E5%B1%9E%E5%85%B3%E7%B3%BB").await;
    assert_eq!(office.matter(lead.id).await.stage, DISPATCH_STAGE);
    let shown = text(office.get("supervisor", &page, "zh").await).await;
    assert!(!shown.contains(&chosen) && shown.contains("已有人退回"), "{shown}");
    // Sent out with the others it goes to somebody else, too; the others go to the director.
    let list = text(office.get("supervisor", "/leads", "zh").await).await;
    assert!(list.contains("派发 3 件"), "{list}");
    let sent = office.post("supervisor", "/leads", "/leads/dispatch", "count=3").await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    let leads = office.matters_of(LEAD).await;
    let of_director = leads.iter().filter(|one| one.holder == director).count();
    assert_eq!((of_director, office.matter(lead.id).await.holder == director), (2, false));
}

async fn what_is_refused_comes_back_with_what_was_typed(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    let body = format!("action=dismiss&version={}&reason=%E4%B8%8D%E5%AF%B9", lead.version);
    let refused = office.post("supervisor", &page, &act_of(&lead), &body).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let shown = text(refused).await;
    assert!(shown.contains("不对</textarea>"), "what was typed is still there");
    for words in ["role=\"alert\"", "为什么提出这条线索", "父母均不同住"] {
        assert!(shown.contains(words), "it is the page of the lead, with its reasons: {words}");
    }
    assert_eq!(office.matter(lead.id).await.stage, DISPATCH_STAGE);
}

async fn the_second_of_two_is_told_and_shown_both(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    let director = office.actor("director").post.unwrap();
    let body = format!("action=dispatch&version={}&holder={director}", lead.version);
    let sent = office.post("supervisor", &page, &act_of(&lead), &body).await;
    assert_eq!(sent.headers()["location"], page.as_str());
    // The district still had the page as it was before.
    let reason = "邻居说一切都好，家里有人照看";
    let body = format!("action=dismiss&version={}&reason={reason}", lead.version);
    let overtaken = office.post("district", &page, &act_of(&lead), &body).await;
    assert_eq!(overtaken.status(), StatusCode::CONFLICT);
    let shown = text(overtaken).await;
    for words in ["待签收", "不成立", "supervisor 某", "director 某", reason] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let now = office.matter(lead.id).await;
    assert_eq!((now.stage.as_str(), now.holder), ("accept", director), "nothing was overwritten");
}

async fn a_lead_is_dispatched_paused_and_handed_over_on_its_page(database: TestDatabase) {
    let office = Office::open(database).await;
    let list = text(office.get("supervisor", "/leads", "zh").await).await;
    assert!(list.contains("<option value=\"confirm\">待复核"), "what waits for a second look can be listed");
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    let shown = text(office.get("supervisor", &page, "zh").await).await;
    let director = office.actor("director").post.unwrap();
    assert!(shown.contains("按现住址建议 director 某"), "{shown}");
    assert!(shown.contains(&format!("<option value=\"{director}\" selected>")), "the proposed one is chosen");
    assert!(shown.contains("由规则提出"), "the timeline tells of the screening");
    let (bar, section) = ("<div class=\"pn-next\"><a class=\"btn w-100\" href=\"#acts\">", "id=\"acts\"");
    assert!(shown.contains(bar) && shown.contains(section), "a narrow screen has the way to the actions");
    assert!(shown.contains("下一步：派发"), "{shown}");
    let inbox = text(office.get("supervisor", "/inbox?whose=area", "zh").await).await;
    assert!(
        inbox.contains(&format!(">线索 {}</span>", lead.number)),
        "the number stands behind the reasons: {inbox}"
    );
    let send = async |what: &str, fields: &str| {
        let version = office.matter(lead.id).await.version;
        let path = format!("/matters/{}/{what}", lead.id);
        office.post("supervisor", &page, &path, &format!("version={version}&{fields}")).await
    };
    let paused = send("pause", "pause=hospital&until=2026-03-05&note=").await;
    assert_eq!(paused.status(), StatusCode::SEE_OTHER, "{}", text(paused).await);
    // What is left does not shrink while the clock stands, and the list says why it stands.
    let row = async || {
        let list = text(office.get("supervisor", "/leads?state=paused", "zh").await).await;
        list.split("<tr data-row><td class=\"nw\">").nth(1).unwrap().split("</td>").next().unwrap().to_owned()
    };
    let before = row().await;
    assert!(before.contains("儿童住院"), "{before}");
    // In steps: a session that nobody uses ends.
    for _ in 0..6 {
        office.database.clock().advance_milliseconds(20 * 60_000);
        assert_eq!(row().await, before);
    }
    let shown = text(office.get("supervisor", &page, "zh").await).await;
    assert!(shown.contains("恢复计时"), "{shown}");
    send("resume", "").await;
    assert!(office.matter(lead.id).await.clock.pause.is_none());
    let reason = "%E4%BB%A3%E5%8A%9E";
    let handed = send("assign", &format!("holder={director}&reason={reason}")).await;
    assert_eq!(handed.status(), StatusCode::SEE_OTHER, "{}", text(handed).await);
    let now = office.matter(lead.id).await;
    assert_eq!((now.holder, now.stage.as_str()), (director, DISPATCH_STAGE));
}

/// Whoever audits sees the lead and what it stands on, and the page says so: no school, class or number of the child.
async fn who_may_not_see_the_child_sees_what_the_lead_stands_on(database: TestDatabase) {
    let mut office = Office::open(database).await;
    office.seat("auditor", "auditor", base::AreaPath { ..access::CITY }).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    let whole = text(office.get("supervisor", &page, "zh").await).await;
    let masked = |html: &str| html.matches("<dt>").count();
    assert!(masked(&whole) > 4);
    for (language, words) in
        [("zh", "不显示学校、班级、证件号码"), ("en", "school, class and numbers are not")]
    {
        let seen = text(office.get("auditor", &page, language).await).await;
        assert!(seen.contains(words), "{seen}");
        let cells: Vec<&str> = seen
            .split("<dl class=\"ld-facts\">")
            .skip(1)
            .filter_map(|part| part.split("</dl>").next())
            .collect();
        let cells = cells.concat();
        assert_eq!(cells.matches("<dd>").count(), cells.matches("<mark>").count(), "{cells}");
        for hidden in ["王小雨", "周雨桐", "吴若曦", "*雨", "*桐", "*曦"] {
            assert!(!seen.contains(hidden), "{hidden}: {seen}");
        }
    }
    assert!(!text(office.get("auditor", "/leads", "zh").await).await.contains("*雨"));
}

async fn a_desk_writes_down_a_check_that_the_phone_could_not(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    let director = office.actor("director").post.unwrap();
    for (login, fields) in [
        ("supervisor", format!("action=dispatch&holder={director}")),
        ("director", "action=accept".to_owned()),
    ] {
        let version = office.matter(lead.id).await.version;
        let sent = office.post(login, &page, &act_of(&lead), &format!("version={version}&{fields}")).await;
        assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{}", text(sent).await);
    }
    let shown = text(office.get("director", &page, "zh").await).await;
    assert!(shown.contains("name=\"f-result\""), "the form of the check is on the page: {shown}");
    assert!(shown.contains(&format!("href=\"/m/leads/{}\"", lead.id)), "and the phone's page a click away");
    assert!(shown.contains("为什么提出这条线索"));
}

async fn a_corrected_row_shows_what_it_says_now_and_the_lead_can_be_dismissed(database: TestDatabase) {
    let office = Office::open(database).await;
    let home = [
        ("H2", "李强", "户主", (1985, 1, 9), 31, ""),
        ("H2", "陈芳", "配偶", (1986, 7, 8), 42, ""),
        ("H2", "李明轩", "子", (2013, 2, 3), 51, ""),
    ];
    office.deliver("grid", &grid(&home)).await;
    let many: Vec<String> = (0..40).map(|one| format!("赵甲{one}")).collect();
    let mut rows: Vec<SchoolRow<'_>> =
        many.iter().zip(100..).map(|(name, order)| (name.as_str(), (2012, 1, 2), order, 0)).collect();
    rows.push(("李明轩", (2013, 2, 3), 51, 4));
    office.deliver("school", &school(&rows)).await;
    let lead = office.matters_of(LEAD).await.pop().unwrap();
    let page = format!("/leads/{}", lead.id);
    let director = office.actor("director").post.unwrap();
    let fields = format!("version={}&action=dispatch&holder={director}", lead.version);
    let sent = office.post("supervisor", &page, &act_of(&lead), &fields).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{}", text(sent).await);
    // The school was wrong: she was there every day, in another class.
    let corrected = school(&rows).replace("五（2）班,4", "五（3）班,0");
    office.deliver("school", &corrected).await;
    for (language, words) in [("zh", ["来源已更正", "现为 "]), ("en", ["Corrected", "Now: "])] {
        let shown = text(office.get("supervisor", &page, language).await).await;
        let row = shown
            .split("class=\"ended corrected\"")
            .nth(1)
            .expect("the old row stands")
            .split("</dl>")
            .next()
            .unwrap();
        assert!(words.iter().all(|word| row.contains(word)), "{row}");
        // Title, place, and what it is now lead to rows; the last to another one than the first two.
        let hrefs: Vec<&str> =
            row.split("href=\"/rows/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!((hrefs.len(), hrefs[0] == hrefs[1], hrefs[1] == hrefs[2]), (3, true, false), "{row}");
        let now: Vec<&str> = row.split("class=\"now\"").skip(1).collect();
        assert_eq!(now.len(), 2, "the days and the class, and nothing that is the same: {row}");
        assert!(now[0].contains("</svg>0</b>") || now[0].contains("0</b>"), "what counts is first: {row}");
        assert!(now[1].contains("五（3）班"), "{row}");
    }
    // Nobody has gone yet: the supervisor ends it, with the reason that is proposed.
    let shown = text(office.get("supervisor", &page, "zh").await).await;
    assert!(shown.contains("value=\"dismiss\"") && shown.contains("来源记录已更正或不再提供"), "{shown}");
    let by_director = text(office.get("director", &page, "zh").await).await;
    assert!(!by_director.contains("value=\"dismiss\""), "who was sent does not judge the reasons");
    let version = office.matter(lead.id).await.version;
    let reason =
        "%E6%9D%A5%E6%BA%90%E8%AE%B0%E5%BD%95%E5%B7%B2%E6%9B%B4%E6%AD%A3%E7%BC%BA%E5%8B%A4%E4%B8%BA%E9%9B%B6";
    let fields = format!("version={version}&action=dismiss&reason={reason}");
    let ended = office.post("supervisor", &page, &act_of(&lead), &fields).await;
    assert_eq!(ended.status(), StatusCode::SEE_OTHER, "{}", text(ended).await);
    assert_eq!(office.matter(lead.id).await.outcome.as_deref(), Some("dismissed"));
}

async fn a_neighbour_meets_nothing(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    assert_eq!(office.get("neighbour", &page, "zh").await.status(), StatusCode::NOT_FOUND);
    let list = text(office.get("neighbour", "/leads", "zh").await).await;
    assert!(!list.contains("王*雨") && list.contains("现在没有在办线索"));
    // The look-up that every act begins with finds nothing either.
    let read = office.app.database.read().await.unwrap();
    let neighbour = office.actor("neighbour");
    let found = office.matters.look_up(read.connection(), read.keys(), neighbour, lead.id).await;
    assert!(matches!(found, Err(matters::MatterError::NotFound)));
}
