//! A question from the queue to its answer, and back; rows, search and the history of links, each as far as a post goes.

use axum::http::StatusCode;
use base::{Day, ResidentId};
use store::testing::TestDatabase;

use crate::office::{Office, link_in, migrations, tokens};

store::on_both! { migrations() =>
    a_question_is_answered_and_taken_back,
    a_question_says_what_differs_and_nothing_else,
    the_queue_beside_says_how_many_more_wait,
    a_long_queue_has_pages,
    whoever_answers_second_is_told_and_keeps_the_note,
    a_row_is_shown_to_its_area_and_to_nobody_else,
    a_search_finds_by_every_way_and_only_in_ones_area,
    rows_are_parted_and_joined_again,
}

fn number() -> String {
    ResidentId::compose(440_305, Day::new(2013, 3, 6).unwrap(), 10).unwrap().as_str().to_owned()
}

fn grid() -> String {
    format!(
        "姓名,身份证号,户号,与户主关系,联系电话,现住址,社区,街道\n\
         欧阳娜娜,{},H1,户主,13812346207,大勘村一坊3栋101,大勘社区,西丽街道\n\
         李娜,,H2,户主,,莲花村2栋,福中社区,莲花街道\n",
        number()
    )
}

/// The same child, a day off and without number.
const SCHOOL: &str = "学生姓名,出生日期,学校,居住社区,居住街道,缺勤天数,最近缺勤日期\n\
    欧阳娜娜,2013-03-07,西丽小学,大勘社区,西丽街道,9,2026-02-20\n";

/// An office with one question. Returns its address.
async fn asked(database: &TestDatabase) -> (Office, String) {
    let office = Office::open(database).await;
    office.import("grid", &grid()).await;
    office.import("school", SCHOOL).await;
    let question = office.link("officer", "/review", "/review/").await;
    (office, question)
}

async fn a_question_is_answered_and_taken_back(database: TestDatabase) {
    let (office, question) = asked(&database).await;
    let page = office.get("officer", &question).await;
    for words in ["欧阳娜娜", "若认定为同一人", "合计", "缺勤", "起点", "撤回上一次"] {
        assert!(page.text.contains(words), "{words} is missing in {}", page.text);
    }
    assert!(!page.text.contains(&number()), "a number is shown whole");
    let english = office.get_in("officer", &question, "en").await.text;
    assert!(english.contains("If they are the same person") && english.contains("Birth date"), "{english}");
    // The queue says what stands between the two, by field and never by value.
    let queue = office.get("officer", "/review").await.text;
    assert!(queue.contains("差一位") && !queue.contains("2013-03-0"), "{queue}");
    // Neither a neighbour nor somebody without the right.
    assert_eq!(office.get("neighbour", &question).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.get("contact", "/review").await.status, StatusCode::FORBIDDEN);
    assert!(office.get("neighbour", "/review").await.text.contains("没有待复核的"));

    let version =
        page.text.split_once("name=\"version\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let seen = tokens(&page.text);
    let fields = [("answer", "same"), ("version", version.as_str()), ("note", "已致电")];
    for _click in 0..2 {
        let answer = office.send_tokens("officer", &question, &seen, &fields).await;
        assert_eq!(
            (answer.status, answer.location.as_str()),
            (StatusCode::SEE_OTHER, "/review"),
            "{}",
            answer.text
        );
    }
    let decided = office.get("officer", &question).await.text;
    assert!(decided.contains("认定为“同一人”"), "{decided}");
    let undo = link_in(&decided, "/decisions/").unwrap();
    assert_eq!(office.send("neighbour", "/review", &undo, &[]).await.status, StatusCode::NOT_FOUND);
    let undone = office.send("officer", &question, &undo, &[]).await;
    assert_eq!((undone.status, undone.location.as_str()), (StatusCode::SEE_OTHER, question.as_str()));
    assert!(office.get("officer", &question).await.text.contains("待认定"));
    let again = office.send("officer", &question, &undo, &[("x", "1")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

async fn a_question_says_what_differs_and_nothing_else(database: TestDatabase) {
    let office = Office::open(&database).await;
    office.import("grid", &grid()).await;
    let number = number();
    let head = "学生姓名,身份证号,出生日期,学校,居住社区,居住街道,缺勤天数,最近缺勤日期\n";
    let row =
        |birth: &str| format!("{head}王建国,{number},{birth},西丽小学,大勘社区,西丽街道,9,2026-02-20\n");
    office.import("school", &row("2013-03-06")).await;
    let queue = office.get("officer", "/review").await.text;
    assert!(queue.contains("证件号一致，姓名不符") && !queue.contains("出生日期不符"), "{queue}");
    let question = office.link("officer", "/review", "/review/").await;
    let page = office.get("officer", &question).await.text;
    assert!(page.contains("证件号一致，姓名不符") && !page.contains("出生日期不符"), "{page}");
    // What is added up is what is shown: a weight for each field, and the start that the model gives.
    let bits =
        |text: &str| text.trim().replace(['−', '\u{2212}'], "-").replace('+', "").parse::<f64>().unwrap();
    let weights: Vec<f64> = page
        .split("<tbody>")
        .nth(1)
        .unwrap()
        .split("</tbody>")
        .next()
        .unwrap()
        .split("<td class=\"r b")
        .skip(1)
        .map(|cell| bits(cell.split_once('>').unwrap().1.split('<').next().unwrap()))
        .collect();
    let total = page.split("合计 ").nth(1).unwrap().split('<').next().unwrap();
    assert!(weights.len() > 3, "{weights:?}");
    assert!((weights.iter().sum::<f64>() - bits(total)).abs() < 0.5, "{weights:?} are not {total}");
    assert_ne!(total, "0.0");
    // The start is the model's, and what a household takes off is a line of its own.
    assert!(weights.last().is_some_and(|start| (-26.0..-10.0).contains(start)), "{weights:?}");
}

/// An office with `count` questions.
async fn asked_often(database: &TestDatabase, count: usize) -> Office {
    let office = Office::open(database).await;
    let mut known = "姓名,身份证号,户号,与户主关系,联系电话,现住址,社区,街道\n".to_owned();
    let mut came = "学生姓名,身份证号,学校,居住社区,居住街道,缺勤天数,最近缺勤日期\n".to_owned();
    for (order, day) in (100_u16..).step_by(2).zip((1_i8..=20).cycle()).take(count) {
        let number = ResidentId::compose(440_305, Day::new(2013, 3, day).unwrap(), order).unwrap();
        let number = number.as_str();
        let home = format!("欧阳娜娜,{number},H{order},户主,,大勘村一坊{order}栋101,大勘社区,西丽街道\n");
        known.push_str(&home);
        let pupil = format!("王建国,{number},西丽小学,大勘社区,西丽街道,9,2026-02-20\n");
        came.push_str(&pupil);
    }
    office.import("grid", &known).await;
    office.import("school", &came).await;
    office
}

async fn the_queue_beside_says_how_many_more_wait(database: TestDatabase) {
    let office = asked_often(&database, 16).await;
    let queue = office.get("officer", "/review").await.text;
    let questions: Vec<&str> = queue.split("href=\"/review/").skip(1).collect();
    assert_eq!(questions.len(), 16, "{queue}");
    let address = |piece: &str| format!("/review/{}", piece.split('"').next().unwrap());
    let (first, last) = (address(questions[0]), address(questions[15]));
    let page = office.get("officer", &first).await.text;
    assert!(page.contains("第 1–14 件，共 16 件"), "{page}");
    let page = office.get("officer", &last).await.text;
    assert!(page.contains("第 15–16 件，共 16 件") && page.contains("aria-current=\"page\""), "{page}");
}

async fn a_long_queue_has_pages(database: TestDatabase) {
    let office = asked_often(&database, 53).await;
    let questions = |page: &str| {
        let pieces = page.split("href=\"/review/").skip(1);
        pieces.map(|piece| piece.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = office.get("officer", "/review").await.text;
    assert!(first.contains("/review?from=50"), "{first}");
    let second = office.get("officer", "/review?from=50").await.text;
    assert!(!second.contains("href=\"/review?from=") && second.contains("href=\"/review\""), "{second}");
    let mut all = questions(&first);
    all.extend(questions(&second));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 53);
    // Behind the end stands the last page.
    assert_eq!(questions(&office.get("officer", "/review?from=9000000").await.text).len(), 3);
}

async fn whoever_answers_second_is_told_and_keeps_the_note(database: TestDatabase) {
    let (office, question) = asked(&database).await;
    let mine = office.get("officer", &question).await.text;
    let theirs = tokens(&office.get("clerk", &question).await.text);
    let version =
        mine.split_once("name=\"version\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let first = office
        .send_tokens("clerk", &question, &theirs, &[("answer", "different"), ("version", &version)])
        .await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    let fields = [("answer", "same"), ("version", version.as_str()), ("note", "我问过班主任")];
    let second = office.send_tokens("officer", &question, &tokens(&mine), &fields).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    for words in ["认定为“不同人”", "您的认定没有生效", "我问过班主任"] {
        assert!(second.text.contains(words), "{words} is missing in {}", second.text);
    }
    let stranger =
        office.send("officer", &question, &question, &[("answer", "maybe"), ("version", "1")]).await;
    assert_eq!(stranger.status, StatusCode::UNPROCESSABLE_ENTITY);
}

async fn a_row_is_shown_to_its_area_and_to_nobody_else(database: TestDatabase) {
    let (office, question) = asked(&database).await;
    let row = office.link("officer", &question, "/rows/").await;
    let page = office.get("officer", &row).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["学生姓名", "2013-03-07", "得出的情况", "缺勤", "西丽小学", "本页查阅已留痕"]
    {
        assert!(page.text.contains(words), "{words} is missing in {}", page.text);
    }
    assert!(office.get_in("officer", &row, "en").await.text.contains("Whom it is about"));
    assert_eq!(office.get("neighbour", &row).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.get("contact", &row).await.status, StatusCode::FORBIDDEN);
    // The auditor sees the delivery, not the person: every personal cell is withheld or masked.
    let audited = office.get("auditor", &row).await;
    assert_eq!(audited.status, StatusCode::OK);
    assert!(
        !audited.text.contains("欧阳娜娜") && audited.text.contains("不在您的权限范围内"),
        "{}",
        audited.text
    );
    assert_eq!(
        office.get("officer", "/rows/018f0000-0000-7000-8000-000000000000").await.status,
        StatusCode::NOT_FOUND
    );
}

async fn a_search_finds_by_every_way_and_only_in_ones_area(database: TestDatabase) {
    let (office, _) = asked(&database).await;
    let number = number();
    for text in ["欧阳娜娜", "ouyangnana", "oynn", &number[6..14], "13812346207"] {
        let found = office.send("officer", "/search", "/search", &[("text", text)]).await;
        assert_eq!(found.status, StatusCode::OK);
        assert!(found.text.contains("欧阳*娜"), "{text} finds nobody: {}", found.text);
        assert!(!found.text.contains(&number), "a list shows a whole number");
        let neighbour = office.send("neighbour", "/search", "/search", &[("text", text)]).await;
        assert!(neighbour.text.contains("没有这样的人"), "{text} leaves the area");
    }
    // A child is found by the phone of whoever looks after it, from its whole number or a part.
    let ward = "学生姓名,出生日期,学校,居住社区,居住街道,监护人,监护人电话,缺勤天数,最近缺勤日期\n\
        赵小满,2014-05-02,西丽小学,大勘社区,西丽街道,赵大年,13900017788,9,2026-02-20\n";
    office.import("school", ward).await;
    for text in ["13900017788", "0017788"] {
        let found = office.send("officer", "/search", "/search", &[("text", text)]).await.text;
        assert!(found.contains("赵*满"), "{text} finds nobody: {found}");
        let neighbour = office.send("neighbour", "/search", "/search", &[("text", text)]).await.text;
        assert!(neighbour.contains("没有这样的人"), "{text} leaves the area");
    }
    let short = office.send("officer", "/search", "/search", &[("text", "201")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text.contains("至少输入 4 位"), "{}", short.text);
    let empty = office.send("officer", "/search", "/search", &[("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(office.get("contact", "/search").await.status, StatusCode::FORBIDDEN);
    assert!(office.get_in("officer", "/search", "en").await.text.contains("Only people of your area"));
}

async fn rows_are_parted_and_joined_again(database: TestDatabase) {
    let (office, question) = asked(&database).await;
    let page = office.get("officer", &question).await.text;
    let version =
        page.split_once("name=\"version\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let fields = [("answer", "same"), ("version", version.as_str())];
    office.send_tokens("officer", &question, &tokens(&page), &fields).await;
    let found = office.send("officer", "/search", "/search", &[("text", "欧阳娜娜")]).await.text;
    let history = link_in(&found, "/persons/").unwrap();
    let shown = office.get("officer", &history).await.text;
    assert!(
        shown.contains("认定为同一人") && shown.contains("人工认定") && shown.contains("由这一行新建"),
        "{shown}"
    );
    assert_eq!(office.get("neighbour", &history).await.status, StatusCode::NOT_FOUND);
    assert!(office.get_in("officer", &history, "en").await.text.contains("Decided by people"));

    let action = history.replace("/links", "/split");
    let none = office.send("officer", &history, &action, &[("note", "不是同一人")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("请勾选") && none.text.contains("不是同一人"), "{}", none.text);
    let rows: Vec<&str> =
        shown.split("name=\"rows\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(rows.len(), 2);
    let all = office
        .send("officer", &history, &action, &[("rows", rows[0]), ("rows", rows[1]), ("note", "不是同一人")])
        .await;
    assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(all.text.contains("全拆出就没有人留下"), "{}", all.text);
    database.clock().advance_milliseconds(60_000);
    let parted =
        office.send("officer", &history, &action, &[("rows", rows[0]), ("note", "不是同一人")]).await;
    assert_eq!(parted.status, StatusCode::SEE_OTHER, "{}", parted.text);
    let after = office.get("officer", &history).await.text;
    assert!(after.contains("拆出 1 行") && after.contains("不是同一人"), "{after}");
    let undo = link_in(&after, "/decisions/").unwrap();
    assert_eq!(office.send("officer", &history, &undo, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(office.get("officer", &history).await.text.matches("name=\"rows\"").count(), 2);
}
