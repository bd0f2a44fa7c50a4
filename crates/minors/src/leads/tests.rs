//! The pages of leads on both databases, in both languages, for whoever may and may not see them.

use axum::http::StatusCode;
use matters::Matter;
use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use store::testing::TestDatabase;

use crate::LEAD;
use crate::office::{self, Office, SchoolRow, grid, school, text};
use crate::screening::DISPATCH_STAGE;

mod auditor;

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
    an_inbox_is_searched_by_name_and_by_holder_and_no_address_says_whom,
    those_of_whom_nothing_is_in_hand_hide_nobody,
    a_reason_that_its_source_gives_no_longer_stays_to_be_read,
    lists_call_a_child_by_the_name_that_the_rows_give_now,
    the_command_page_says_why_and_how_far_an_urgent_lead_has_climbed,
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
        list.split("<tr data-row>").nth(1).unwrap().split("</td>").next().unwrap().to_owned()
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
    // A director dispatches nothing: a lead that waits for that is not handed to one.
    let unfit = send("assign", &format!("holder={director}&reason={reason}")).await;
    assert_eq!(unfit.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let unfit = text(unfit).await;
    assert!(unfit.contains("所选岗位不能持有这件事项"), "{unfit}");
    send("act", &format!("action=dispatch&holder={director}")).await;
    assert_eq!(office.matter(lead.id).await.holder, director);
    let supervisor = office.actor("supervisor").post.unwrap();
    let handed = send("assign", &format!("holder={supervisor}&reason={reason}")).await;
    assert_eq!(handed.status(), StatusCode::SEE_OTHER, "{}", text(handed).await);
    let now = office.matter(lead.id).await;
    assert_eq!((now.holder, now.stage.as_str()), (supervisor, "accept"));
}

/// The row of `lead` on the command page.
async fn row_on_command(office: &Office, login: &str, lead: &Matter, language: &str) -> String {
    let answer = office.get(login, "/command", language).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = text(answer).await;
    let row = page.split("<tr>").find(|row| row.contains(&lead.number)).map(str::to_owned);
    row.unwrap_or_else(|| panic!("{page}"))
}

async fn lists_call_a_child_by_the_name_that_the_rows_give_now(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let sent = office.post("supervisor", "/leads", "/leads/dispatch", "count=3").await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    let names = ["王*雨", "周*桐", "吴*曦"];
    for (login, page) in [("supervisor", "/leads"), ("director", "/m")] {
        let list = text(office.get(login, page, "zh").await).await;
        assert!(names.iter().filter(|name| list.contains(**name)).count() >= 2, "{page}: {list}");
    }
    let corrected =
        homes().replace("王小雨", "王小雪").replace("周雨桐", "周雨欣").replace("吴若曦", "吴若兰");
    office.deliver("grid", &corrected).await;
    for (login, page) in [("supervisor", "/leads"), ("director", "/m")] {
        let list = text(office.get(login, page, "zh").await).await;
        assert!(!names.iter().any(|name| list.contains(name)), "{page}: {list}");
        let now = ["王*雪", "周*欣", "吴*兰"];
        assert!(now.iter().filter(|name| list.contains(**name)).count() >= 2, "{page}: {list}");
    }
}

async fn a_reason_that_its_source_gives_no_longer_stays_to_be_read(database: TestDatabase) {
    let office = Office::open(database).await;
    let many: Vec<(String, office::Birth, u16)> =
        (0..40_u16).map(|one| (format!("赵甲{one}"), (2012, 1, 2), 100 + one)).collect();
    let others = many.iter().map(|(name, birth, order)| (name.as_str(), *birth, *order, 0));
    let others: Vec<SchoolRow<'_>> = others.collect();
    let rows = [others.clone(), vec![("李明轩", (2013, 2, 3), 51, 6)]].concat();
    let family = [
        ("H2", "李强", "户主", (1985, 1, 9), 31, ""),
        ("H2", "陈芳", "配偶", (1986, 7, 8), 42, ""),
        ("H2", "李明轩", "子", (2013, 2, 3), 51, ""),
    ];
    office.deliver("grid", &grid(&family)).await;
    office.deliver("school", &school(&rows)).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let director = office.actor("director").post.unwrap();
    let body = format!("action=dispatch&holder={director}&version={}", office.matter(lead.id).await.version);
    let page = format!("/leads/{}", lead.id);
    let sent = office.post("supervisor", &page, &act_of(&lead), &body).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    make_urgent(&office, &lead).await;
    office.deliver("school", &school(&others)).await;
    for (language, since) in [("zh", "来源自 "), ("en", "no longer gives it since ")] {
        let detail = {
            let read = office.app.database.read().await.unwrap();
            let mut found =
                crate::screening::repo::details(read.connection(), read.keys(), &[lead.id]).await.unwrap();
            found.remove(&lead.id).unwrap()
        };
        let reason = &detail.explanation.retired[0].reason.label;
        let reason = if language == "zh" { &reason.zh } else { &reason.en };
        let page = text(office.get("supervisor", &format!("/leads/{}", lead.id), language).await).await;
        assert!(page.contains(&format!("<s>{reason}")) && page.contains(since), "{language}: {page}");
        let phone = text(office.get("director", &format!("/m/leads/{}", lead.id), language).await).await;
        assert!(phone.contains("<s>") && phone.contains(since), "{language}: {phone}");
        let inbox = text(office.get("director", "/inbox", language).await).await;
        assert!(inbox.contains(reason.as_str()) && inbox.contains(since), "{language}: {inbox}");
        let command = row_on_command(&office, "district", &lead, language).await;
        assert!(command.contains(reason.as_str()) && command.contains(since), "{language}: {command}");
    }
    assert_eq!(
        office.matter(lead.id).await.severity,
        base::Severity::Urgent,
        "a person lowers it, nobody else"
    );
}

async fn those_of_whom_nothing_is_in_hand_hide_nobody(database: TestDatabase) {
    let office = Office::open(database).await;
    // Of seventy people with a surname one child has a lead, and came last.
    let names: Vec<String> = (0..70_u32)
        .filter_map(|number| Some(format!("王{}", char::from_u32(0x4e10 + number * 3)?)))
        .collect();
    let homes_of: Vec<String> = (0..names.len()).map(|number| format!("W{number}")).collect();
    let many: Vec<office::GridRow<'_>> = (0_u16..)
        .zip(names.iter().zip(&homes_of))
        .map(|(order, (name, home))| {
            (home.as_str(), name.as_str(), "户主", (1970, 1, 2), 100 + order * 2, "")
        })
        .collect();
    office.deliver("grid", &grid(&many)).await;
    office.deliver("grid", &(grid(&many) + homes().split_once('\n').unwrap().1)).await;
    let find = async |text: &str| {
        let body = format!("whose=area&text={text}");
        let page = office.post("supervisor", "/inbox?whose=area", "/inbox/find", &body).await;
        self::text(page).await
    };
    let found = find("wang").await;
    assert_eq!(found.matches("<tr data-row").count(), 1, "{found}");
    assert!(found.contains("找到 1 人，1 件"), "{found}");
    // Somebody of whom nothing is in hand is on record all the same.
    let nobody = find(names[0].as_str()).await;
    assert!(nobody.contains("找到 1 人，0 件"), "{nobody}");
}

/// Makes a lead urgent without anybody's act, as if its rules had.
async fn make_urgent(office: &Office, lead: &Matter) {
    let write = office.database.begin("test.make_urgent").await;
    let urgent = Query::update()
        .table("matter")
        .value("severity", i32::from(base::Severity::Urgent.rank()))
        .and_where(Expr::col("id").eq(lead.id.0))
        .to_owned();
    write.connection().execute(&urgent).await.unwrap();
    write.save().await.unwrap();
}

async fn the_command_page_says_why_and_how_far_an_urgent_lead_has_climbed(database: TestDatabase) {
    let mut office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    make_urgent(&office, &lead).await;
    let read = office.app.database.read().await.unwrap();
    let details = crate::screening::repo::details(read.connection(), read.keys(), &[lead.id]).await.unwrap();
    drop(read);
    let points = details[&lead.id].points;
    let before = row_on_command(&office, "district", &lead, "zh").await;
    assert!(
        before.contains("只有一名老年亲属照看") && before.contains(&format!("<b>{points}</b>")),
        "{before}"
    );
    assert!(!before.contains("升级至"), "{before}");
    // Nobody sends it out for days; by then every session has ended.
    office.database.clock().advance_milliseconds(10 * 24 * 60 * 60_000);
    office.matters.tick(&office.app.database, office.app.now()).await.unwrap();
    let area = office.street().cut_at(base::AreaLevel::District);
    office.seat("later", "district_officer", area).await;
    let after = row_on_command(&office, "later", &lead, "zh").await;
    assert!(after.contains("已由街道升级至区"), "{after}");
    let english = row_on_command(&office, "later", &lead, "en").await;
    assert!(english.contains("Climbed from sub-district to district"), "{english}");
}

/// As a form sends it.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        encoded.push('%');
        encoded.push_str(&base::hexadecimal(&[byte]));
    }
    encoded
}

async fn an_inbox_is_searched_by_name_and_by_holder_and_no_address_says_whom(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &homes()).await;
    let leads = office.matters_of(LEAD).await;
    assert_eq!(leads.len(), 3);
    let area = "/inbox?whose=area";
    let find = async |login: &str, body: String| {
        let answer = office.post(login, area, "/inbox/find", &format!("whose=area&{body}")).await;
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        (answer.status(), to, text(answer).await)
    };
    let rows = |html: &str| html.matches("<tr data-row").count();
    let number = office::number((2014, 5, 6), 24);
    for typed in ["王小雨", "wangxiaoyu", "wxy", &number, &number[6..14]] {
        let (status, _, page) = find("supervisor", format!("text={}", encoded(typed))).await;
        assert_eq!((status, rows(&page)), (StatusCode::OK, 1), "{typed}: {page}");
        assert!(page.contains("王*雨") && page.contains("找到 1 人，1 件"), "{typed}: {page}");
        for part in page.split("href=\"").skip(1).filter_map(|part| part.split('"').next()) {
            assert!(!part.contains(typed) && !part.contains(&encoded(typed)), "{typed} in {part}");
        }
    }
    // Narrowed further, the search stays; without it the list is there again.
    let (_, _, late) = find("supervisor", format!("text={}&standing=late", encoded("王小雨"))).await;
    assert!(rows(&late) == 0 && late.contains("在办和已办结") && late.contains("value=\"王小雨\""), "{late}");
    let (status, to, _) = find("supervisor", "text=&standing=soon".to_owned()).await;
    assert_eq!((status, to.as_deref()), (StatusCode::SEE_OTHER, Some("/inbox?whose=area&standing=soon")));
    // The number of a matter is no secret of anybody's, and stands in the address.
    let (_, to, _) = find("supervisor", format!("text={}", leads[0].number)).await;
    assert_eq!(to, Some(format!("/inbox?whose=area&number={}", leads[0].number)));
    // Too short to say whose: no person is searched for, the numbers of matters are.
    let digits = &leads[0].number[leads[0].number.len() - 3..];
    let (_, _, page) = find("supervisor", format!("text={digits}")).await;
    assert!(rows(&page) >= 1 && page.contains("找到 0 人"), "{page}");
    // Whoever has nothing to do with the street finds nobody of it.
    let page = text(office.get("neighbour", area, "zh").await).await;
    assert_eq!(rows(&page), 0);

    let read = office.app.database.read().await.unwrap();
    let told = store::journal::list(&read, &store::journal::Filter::default(), None, 200).await.unwrap();
    assert!(told.iter().filter(|entry| entry.kind == "people.searched").count() >= 6);
    drop(read);

    // By holder: the supervisor's three; each choice leads to just what it says.
    for (value, least) in [("me", 3), ("office", 3)] {
        let page = text(office.get("supervisor", &format!("{area}&holder={value}"), "zh").await).await;
        assert_eq!(rows(&page), least, "{value}: {page}");
        assert!(page.contains(&format!("<option value=\"{value}\" selected>")), "{page}");
    }
    let held = office.actor("supervisor").post.unwrap();
    let of_district = text(office.get("district", &format!("{area}&holder={held}"), "en").await).await;
    assert_eq!(rows(&of_district), 3);
    assert!(of_district.contains(&format!("<option value=\"{held}\" selected>")), "{of_district}");
    let page = text(office.get("district", &format!("{area}&holder=me"), "zh").await).await;
    assert_eq!(rows(&page), 0, "the district holds none of them: {page}");
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
