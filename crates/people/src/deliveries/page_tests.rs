//! Handing in, looking, applying, and what is shown to whom.

use axum::http::StatusCode;
use store::testing::TestDatabase;

use crate::office::{Office, migrations, tokens};

const GRID: &str = "\
2026年网格人口清单,,,,,,\n\
姓名,身份证号,性别,户号,与户主关系,联系电话,社区\n\
张伟,440305198503061234,男,H1,户主,13812346207,大勘社区\n\
李芳,,女,H1,妻,,大勘社区\n\
张子涵,,男,H1,子,,大勘社区\n\
王强,440305198001011231,男,H2,户主,,大勘社区\n\
王强,440305198001011231,男,H2,户主,,大勘社区\n\
,,,H3,=1+1,,大勘社区\n\
合计,5,,,,,\n";

store::on_both! { migrations() =>
    a_file_is_previewed_applied_and_its_figures_add_up,
    each_number_of_faults_leads_to_its_own_list,
    a_bad_file_is_refused_with_what_to_do,
    many_gone_rows_wait_for_a_person_on_the_page,
    only_those_entitled_see_and_act,
    a_second_click_applies_once,
    a_page_offers_to_go_on_with_what_a_killed_command_left,
    an_overtaken_preview_is_checked_anew_and_going_back_wants_a_tick,
    the_same_file_after_a_newer_one_says_what_it_takes_back,
    a_file_of_another_feed_is_told,
    a_row_of_somebody_who_is_kept_from_the_reader_is_not_there,
}

async fn handed_in(office: &Office) -> String {
    let answer = office.hand_in("clerk", "grid", "网格.csv", GRID.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location
}

async fn a_file_is_previewed_applied_and_its_figures_add_up(database: TestDatabase) {
    let office = Office::open(&database).await;
    let page = handed_in(&office).await;
    let reading = office.get("clerk", &page).await.text;
    assert!(reading.contains("正在识别") && reading.contains("/progress"), "{reading}");
    assert!(
        reading.contains("<section class=\"card\" id=\"progress\""),
        "markup is shown as text: {reading}"
    );
    assert!(!office.piece("clerk", &format!("{page}/progress")).await.refreshes);
    office.settle().await;
    assert!(office.piece("clerk", &format!("{page}/progress")).await.refreshes);

    let preview = office.get("clerk", &page).await.text;
    for words in ["张*涵", "表头在第 2 行", "入库 4 行", "没有姓名", "网格.csv", "隔离 1 行"]
    {
        assert!(preview.contains(words), "{words} is missing in {preview}");
    }
    for hidden in ["张子涵", "440305198001011231", "13812346207"] {
        assert!(!preview.contains(hidden), "{hidden} is shown");
    }
    let english = office.get_in("clerk", &page, "en").await.text;
    assert!(english.contains("Apply 4 rows") && english.contains("set aside"), "{english}");

    let applied = office.send("clerk", &page, &format!("{page}/apply"), &[]).await;
    assert_eq!((applied.status, applied.location.as_str()), (StatusCode::SEE_OTHER, page.as_str()));
    assert!(office.get("clerk", &page).await.text.contains("已排队"));
    office.settle().await;
    let done = office.get("clerk", &page).await.text;
    assert!(done.contains("已入库") && done.contains("对上已有的人"), "{done}");

    let list = office.get("clerk", &format!("{page}/set-aside")).await.text;
    // With its tags: a list that is escaped once more shows its source.
    assert!(list.contains("没有姓名") && list.contains("<td>请补上姓名"), "{list}");
    let file = office.get("clerk", &format!("{page}/set-aside.csv")).await.text;
    assert!(file.starts_with("\u{feff}\"行号\"") && file.contains("\"'=1+1\""), "{file}");
    let feeds = office.get("clerk", "/feeds").await.text;
    assert!(feeds.contains("网格人口") && feeds.contains("今天"), "{feeds}");
    assert!(office.get_in("clerk", "/feeds", "en").await.text.contains("Grid population"));
    assert!(office.get("clerk", "/feeds/grid").await.text.contains("网格.csv"));
}

async fn each_number_of_faults_leads_to_its_own_list(database: TestDatabase) {
    let office = Office::open(&database).await;
    // Two rows without a name, one with a day that cannot be, and two with numbers that cannot be used.
    let file = "姓名,身份证号,性别,户号,与户主关系,登记日期,社区\n\
        张伟,440305198503061234,男,H1,户主,2025-09-01,大勘社区\n\
        ,,女,H1,妻,2025-09-01,大勘社区\n\
        ,,男,H2,户主,2025-09-01,大勘社区\n\
        李芳,440305198503061111,女,H3,户主,2025-09-01,大勘社区\n\
        赵敏,440305198503062222,女,H4,户主,2025-09-01,大勘社区\n\
        孙立,,男,,户主,2025-09-01,\n";
    let page = office.import("grid", file).await;
    let shown = office.get("clerk", &page).await.text;
    let mut followed = 0;
    for list in ["set-aside", "warnings"] {
        let mark = format!("href=\"{page}/{list}?group=");
        for part in shown.split(&mark).skip(1) {
            let group = part.split('"').next().unwrap();
            let said = part.split('>').nth(1).unwrap().split('<').next().unwrap();
            let count: usize = said.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap();
            let behind = office.get("clerk", &format!("{page}/{list}?group={group}")).await.text;
            if list == "set-aside" {
                assert_eq!(behind.matches("<tr data-row>").count(), count, "{list} {group}: {behind}");
            } else {
                assert!(behind.contains(&format!("提醒 {count} 行")), "{list} {group}: {behind}");
            }
            followed += 1;
        }
    }
    assert!(followed >= 2, "{shown}");
    assert_eq!(
        office.get("clerk", &format!("{page}/set-aside?group=99")).await.status,
        StatusCode::NOT_FOUND
    );
}

async fn a_bad_file_is_refused_with_what_to_do(database: TestDatabase) {
    let office = Office::open(&database).await;
    let mut zip_bomb_like = b"PK\x03\x04".to_vec();
    zip_bomb_like.extend(std::iter::repeat_n(0xFF, 4_000));
    let hostile: [(&str, &[u8], &str); 6] = [
        ("空.csv", b"", "文件是空的"),
        ("照片.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "这不是表格"),
        ("缺列.csv", "社区,电话\n大勘社区,13812346207\n".as_bytes(), "缺少必填的列"),
        ("坏.xlsx", &zip_bomb_like, "损坏"),
        ("网页.xls", b"<html><table><tr><td>a</td></tr></table></html>", "网页"),
        ("旧.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old", "旧版"),
    ];
    for (name, bytes, words) in hostile {
        let answer = office.hand_in("clerk", "grid", name, bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text.contains(words), "{name}: {words} is missing in {}", answer.text);
    }
    let none = office.send("clerk", "/feeds/grid", "/feeds/grid", &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("请选择文件"), "{}", none.text);
    assert!(office.get("clerk", "/feeds/grid").await.text.contains("还没有报送过"));
    assert_eq!(office.get("clerk", "/feeds/nothing").await.status, StatusCode::NOT_FOUND);
}

async fn many_gone_rows_wait_for_a_person_on_the_page(database: TestDatabase) {
    let office = Office::open(&database).await;
    office.import("grid", GRID).await;
    let fewer = GRID.replace("张子涵,,男,H1,子,,大勘社区\n", "");
    let page = office.import("grid", &fewer).await;
    let held = office.get("clerk", &page).await.text;
    assert!(held.contains("已停住待确认") && held.contains("确认 1 行不再出现"), "{held}");
    // It is asked once more, with the number, before it is done.
    let (offered, asked) = held.split_once("<details class=\"sw-ask\">").unwrap();
    assert!(
        !offered.contains(&format!("{page}/retire")) && offered.contains(&format!("{page}/keep")),
        "{held}"
    );
    assert!(
        asked.contains("1 行的情况即刻不再计入筛查") && asked.contains(&format!("{page}/retire")),
        "{asked}"
    );
    let list = office.get("clerk", &format!("{page}/gone")).await.text;
    assert!(list.contains("张*涵") && list.contains("/rows/"), "{list}");
    assert!(office.get("clerk", "/feeds").await.text.contains("消失待确认"));

    let seen = tokens(&held);
    let retired = office.send_tokens("clerk", &format!("{page}/retire"), &seen, &[]).await;
    assert_eq!(retired.status, StatusCode::SEE_OTHER);
    office.settle().await;
    assert!(office.get("clerk", &page).await.text.contains("已由人确认为不再出现"));
    let late = office.send("clerk", &page, &format!("{page}/keep"), &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("已由他人处理"), "{}", late.text);
}

async fn only_those_entitled_see_and_act(database: TestDatabase) {
    let office = Office::open(&database).await;
    let page = office.import("grid", GRID).await;
    // An auditor looks and does not act; an officer of a district does not see what the city's clerk handed in.
    assert_eq!(office.get("auditor", &page).await.status, StatusCode::OK);
    assert_eq!(office.get("auditor", &format!("{page}/set-aside.csv")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(office.get("officer", &page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.get("officer", "/feeds").await.status, StatusCode::OK);
    for path in ["/feeds", "/feeds/grid", page.as_str()] {
        assert_eq!(office.get("contact", path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let answer = office.send("auditor", "/feeds", &format!("{page}/apply"), &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(office.get("clerk", "/deliveries/none").await.status, StatusCode::NOT_FOUND);
}

async fn a_page_offers_to_go_on_with_what_a_killed_command_left(database: TestDatabase) {
    let office = Office::open(&database).await;
    let people = crate::People::new(&office.app.programs).unwrap();
    let system = access::Actor::system();
    let operation = base::OperationId(office.app.entropy.uuid(office.app.now()));
    let importer = people.importer(&office.app, &system, operation);
    let grid = office.app.programs.feed("grid").unwrap();
    let file = crate::import::File { name: "网格.csv", bytes: GRID.as_bytes() };
    let first = importer.receive(grid, file).await.unwrap();
    let (page, go_on) = (format!("/deliveries/{first}"), format!("/deliveries/{first}/go-on"));
    let shown = office.get("clerk", &page).await.text;
    assert!(!shown.contains("/go-on"), "the command may still be at work: {shown}");
    database.clock().advance_milliseconds(crate::deliveries::LONG_WAIT_MILLISECONDS + 1);
    let shown = office.get("clerk", &page).await.text;
    assert!(
        shown.contains("用命令报送时中断了") && shown.contains(&go_on) && shown.contains("/drop"),
        "{shown}"
    );
    assert!(!office.get("auditor", &page).await.text.contains("/go-on"));
    office.send("clerk", &page, &go_on, &[]).await;
    office.settle().await;
    let shown = office.get("clerk", &page).await.text;
    assert!(shown.contains("/apply") && shown.contains("/drop") && !shown.contains("/go-on"), "{shown}");
    let second = importer.receive(grid, file).await.unwrap();
    database.clock().advance_milliseconds(crate::deliveries::LONG_WAIT_MILLISECONDS + 1);
    let page = format!("/deliveries/{second}");
    office.send("clerk", &page, &format!("{page}/drop"), &[]).await;
    let shown = office.get("clerk", &page).await.text;
    assert!(shown.contains("已放弃") && !shown.contains("/go-on") && !shown.contains("/drop"), "{shown}");
}

async fn a_second_click_applies_once(database: TestDatabase) {
    let office = Office::open(&database).await;
    let page = handed_in(&office).await;
    office.settle().await;
    let seen = tokens(&office.get("clerk", &page).await.text);
    let action = format!("{page}/apply");
    for _click in 0..2 {
        let answer = office.send_tokens("clerk", &action, &seen, &[]).await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, page.as_str()));
    }
    office.settle().await;
    let again = office.send("clerk", &page, &action, &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    office.settle().await;
    let put_away = office.send("clerk", &page, &format!("{page}/drop"), &[]).await;
    assert_eq!(put_away.status, StatusCode::CONFLICT);
}

async fn an_overtaken_preview_is_checked_anew_and_going_back_wants_a_tick(database: TestDatabase) {
    let office = Office::open(&database).await;
    let older = handed_in(&office).await;
    database.clock().advance_milliseconds(60_000);
    let corrected = GRID.replace("13812346207", "13812346208");
    let newer = office.hand_in("clerk", "grid", "更正.csv", corrected.as_bytes()).await.location;
    office.settle().await;
    let seen = tokens(&office.get("clerk", &older).await.text);
    office.send("clerk", &newer, &format!("{newer}/apply"), &[]).await;
    office.settle().await;

    // The page that was open all the while, and one that is loaded now.
    let late = office.send_tokens("clerk", &format!("{older}/apply"), &seen, &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("又有更新的一批入了库"), "{}", late.text);
    assert!(late.text.contains("待重新核对") && !late.text.contains("待入库"), "{}", late.text);
    let english = office.get_in("clerk", &older, "en").await.text;
    assert!(english.contains("A newer delivery was published since"), "{english}");
    assert!(!english.contains(&format!("{older}/apply")) && english.contains(&format!("{older}/check")));

    office.send("clerk", &older, &format!("{older}/check"), &[]).await;
    office.settle().await;
    let anew = office.get("clerk", &older).await.text;
    assert!(anew.contains("更早报送") && anew.contains("0 行不再出现，1 行改回"), "{anew}");
    let unticked = office.send("clerk", &older, &format!("{older}/apply"), &[]).await;
    assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.settle().await;
    assert!(office.get("clerk", &older).await.text.contains("待入库"));
    let ticked = office.send("clerk", &older, &format!("{older}/apply"), &[("back", "1")]).await;
    assert_eq!(ticked.status, StatusCode::SEE_OTHER);
    office.settle().await;
    assert!(office.get("clerk", &older).await.text.contains("已入库"));

    // Asked for one behind the other: the second is not applied by figures of before the first.
    let (first, second) = (handed_in(&office).await, {
        let file = GRID.replace("李芳", "李芬");
        office.hand_in("clerk", "grid", "再更正.csv", file.as_bytes()).await.location
    });
    office.settle().await;
    for page in [&second, &first] {
        office.send("clerk", page, &format!("{page}/apply"), &[]).await;
        database.clock().advance_milliseconds(1_000);
    }
    office.settle().await;
    let waiting = office.get("clerk", &first).await.text;
    assert!(waiting.contains("待入库") && waiting.contains("退回到旧数据"), "{waiting}");
}

async fn the_same_file_after_a_newer_one_says_what_it_takes_back(database: TestDatabase) {
    let office = Office::open(&database).await;
    office.import("grid", GRID).await;
    let again = handed_in(&office).await;
    office.settle().await;
    let shown = office.get("clerk", &again).await.text;
    assert!(!shown.contains("退回到旧数据"), "it is the latest: {shown}");
    office.send("clerk", &again, &format!("{again}/drop"), &[]).await;
    let more = GRID.replace("合计,5", "赵敏,440305198503062228,女,H4,户主,,大勘社区\n合计,6");
    office.import("grid", &more).await;
    let back = handed_in(&office).await;
    office.settle().await;
    let shown = office.get("clerk", &back).await.text;
    assert!(shown.contains("已报送过，之后又有更新的批次入库"), "{shown}");
    assert!(shown.contains("1 行不再出现") && shown.contains("name=\"back\""), "{shown}");

    // From the command line it is said and done.
    let people = crate::People::new(&office.app.programs).unwrap();
    let operation = base::OperationId(office.app.entropy.uuid(office.app.now()));
    let importer = people.importer(&office.app, &access::Actor::system(), operation);
    let options = crate::import::Options { dry_run: false, language: texts::Language::Chinese };
    let feed = office.app.programs.feed("grid").unwrap();
    let file = crate::import::File { name: "网格.csv", bytes: GRID.as_bytes() };
    let report = importer.run(feed, file, options).await.unwrap();
    assert!(report.notes.iter().any(|note| note.contains("已报送过")), "{:?}", report.notes);
    let report = importer.run(feed, file, options).await.unwrap();
    assert!(report.notes.iter().all(|note| !note.contains("已报送过")), "{:?}", report.notes);
}

async fn a_file_of_another_feed_is_told(database: TestDatabase) {
    let office = Office::open(&database).await;
    let page = office.hand_in("clerk", "school", "网格.csv", GRID.as_bytes()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    office.settle().await;
    let shown = office.get("clerk", &page.location).await.text;
    assert!(shown.contains("这个文件更像「网格人口」的清单"), "{shown}");
    let own = handed_in(&office).await;
    office.settle().await;
    assert!(!office.get("clerk", &own).await.text.contains("这个文件更像"));
}

async fn a_row_of_somebody_who_is_kept_from_the_reader_is_not_there(database: TestDatabase) {
    let office = Office::open(&database).await;
    let page = office.import("grid", GRID).await;
    let read = office.app.database.read().await.unwrap();
    let delivery = page.rsplit('/').next().unwrap().parse().unwrap();
    let persons = crate::touched(&read, delivery, 0).await.unwrap().unwrap();
    let rows = crate::links::repo::rows_of(read.connection(), &persons[..1]).await.unwrap();
    let row = format!("/rows/{}", rows[&persons[0]][0].id);
    let clerk = access::accounts::by_login(read.connection(), read.keys(), "clerk").await.unwrap();
    let auditor = access::accounts::by_login(read.connection(), read.keys(), "auditor").await.unwrap();
    drop(read);
    for who in ["clerk", "auditor"] {
        assert_eq!(office.get(who, &row).await.status, StatusCode::OK, "{who} sees it by the delivery");
    }
    let write = database.begin("test.bar").await;
    for account in [clerk.id, auditor.id] {
        access::scope::exception::bar(&write, account, persons[0]).await.unwrap();
    }
    write.save().await.unwrap();
    for who in ["clerk", "auditor"] {
        assert_eq!(office.get(who, &page).await.status, StatusCode::OK);
        assert_eq!(office.get(who, &row).await.status, StatusCode::NOT_FOUND, "{who}");
    }
}
