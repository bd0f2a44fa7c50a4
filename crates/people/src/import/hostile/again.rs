//! Deliveries that follow one another: "Importing the same delivery again changes nothing; a changed delivery updates; a
//! row gone from a `full` delivery is marked gone, never deleted. A delivery that would retire more than 5 % of a feed is
//! taken, its retirements held for a person to confirm and counted as `gone`. A header without rows is reported and
//! retires nothing."

use store::testing::TestDatabase;

use super::*;
use crate::deliveries::{Horizon, repo};
use crate::import::tests::{count, seen};

store::on_both! { migrations() =>
    the_same_rows_in_another_form_change_nothing,
    five_in_a_hundred_are_marked_gone_and_six_wait,
    a_rejected_row_keeps_its_predecessor,
    a_header_without_rows_retires_nothing,
    changes_retire_nothing,
    a_later_feed_finds_the_persons_of_an_earlier_one,
}

/// A school's list of `count` pupils; every seventh without a number, every fifth with a guardian.
fn list(count: u16) -> String {
    let header = "姓名,身份证号,出生日期,学校,缺勤天数,家长姓名\n".to_owned();
    (0..count).fold(header, |text, order| text + &pupil(order))
}

fn pupil(order: u16) -> String {
    let name: String = ["赵钱孙李周吴郑王冯陈", "子雨天文晓思若一可安", "涵轩怡然辰琪宁诺欣睿"]
        .iter()
        .zip([order % 10, order / 10 % 10, (order / 3 + order) % 10])
        .filter_map(|(characters, place)| characters.chars().nth(usize::from(place)))
        .collect();
    let number = if order % 7 == 3 { String::new() } else { child(order + 1) };
    let guardian = if order.is_multiple_of(5) { "李四" } else { "" };
    format!("{name},{number},2013-03-06,西丽某小学,{},{guardian}\n", order % 9 + 1)
}

async fn gone_and_current(importer: &Importer) -> (i64, usize) {
    let read = importer.hands.database.read().await.unwrap();
    let current = repo::feed(read.connection(), "school").await.unwrap().unwrap().current_rows;
    assert!(Horizon::read(read.connection()).await.is_ok());
    drop(read);
    (current, seen(&importer.hands).await.values().sum())
}

async fn the_same_rows_in_another_form_change_nothing(database: TestDatabase) {
    let importer = importer(&database);
    let feed = importer.programs.feed("school").unwrap();
    let text = list(40);
    let first = deliver(&importer, feed, text.as_bytes()).await.figures;
    assert_eq!((first.accepted, first.rejected, first.skipped), (40, 0, 1));
    assert_eq!(first.new_persons + first.linked, 40);

    let swapped: String = text
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            cells.reverse();
            cells.join(",") + "\r\n"
        })
        .collect();
    let mut lines: Vec<&str> = text.lines().collect();
    let header = lines.remove(0);
    lines.reverse();
    let turned = format!("缺勤名单\n{header}\n{}\n合计,,,,,\n", lines.join("\n"));
    let mut writer = rust_xlsxwriter::Workbook::new();
    let sheet = writer.add_worksheet();
    for (row, line) in (0..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    let workbook = writer.save_to_buffer().unwrap();
    let forms =
        [text.clone().into_bytes(), gb18030(&text), swapped.into_bytes(), turned.into_bytes(), workbook];
    for (form, bytes) in forms.iter().enumerate() {
        let again = deliver(&importer, feed, bytes).await.figures;
        let expected = Figures { rows: 40, unchanged: 40, skipped: again.skipped, ..Figures::default() };
        assert_eq!(again, expected, "form {form}");
    }
    assert_eq!(count(&importer.hands, "source_row").await, 40);
    assert_eq!(count(&importer.hands, "person").await, i64::try_from(first.new_persons).unwrap());
}

async fn five_in_a_hundred_are_marked_gone_and_six_wait(database: TestDatabase) {
    let importer = importer(&database);
    let feed = importer.programs.feed("school").unwrap();
    let text = list(100);
    deliver(&importer, feed, text.as_bytes()).await;
    let people = count(&importer.hands, "person").await;

    let six_fewer: String = text.lines().take(95).map(|line| line.to_owned() + "\n").collect();
    let held = deliver(&importer, feed, six_fewer.as_bytes()).await;
    assert_eq!((held.figures.unchanged, held.figures.gone), (94, 6));
    assert_eq!(gone_and_current(&importer).await.0, 100, "what is held is not gone yet");
    let read = importer.hands.database.read().await.unwrap();
    let delivery = repo::delivery(read.connection(), held.delivery.unwrap()).await.unwrap();
    assert_eq!(delivery.held, Some(crate::deliveries::HeldState::Waiting));
    drop(read);

    let five_fewer: String =
        text.lines().take(96).map(|line| line.replacen(",1,", ",2,", 1) + "\n").collect();
    let report = deliver(&importer, feed, five_fewer.as_bytes()).await.figures;
    assert_eq!((report.rows, report.gone, report.accepted, report.rejected), (95, 5, 0, 0));
    assert!(report.updated > 0 && report.updated + report.unchanged == 95, "{report:?}");
    assert_eq!(gone_and_current(&importer).await.0, 95);
    assert_eq!(count(&importer.hands, "person").await, people, "nobody is deleted");

    let back = deliver(&importer, feed, text.as_bytes()).await.figures;
    assert_eq!((back.accepted, back.new_persons), (5, 0), "who comes back is who was there");
    assert_eq!(gone_and_current(&importer).await.0, 100);
}

/// A row that is rejected now was a row before: it is not gone.
async fn a_rejected_row_keeps_its_predecessor(database: TestDatabase) {
    let importer = importer(&database);
    let feed = importer.programs.feed("school").unwrap();
    let text = list(40).replacen("缺勤天数", "最近缺勤日期", 1);
    let days: String = text
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            if at > 0 {
                cells[4] = format!("2024-11-{:02}", at % 28 + 1);
            }
            cells.join(",") + "\n"
        })
        .collect();
    deliver(&importer, feed, days.as_bytes()).await;
    let mut lines: Vec<String> = days.lines().map(str::to_owned).collect();
    lines[1] = lines[1].replace("2024-11", "2024-13");
    lines[2] = lines[2].replace("2024-11", "2099-11");
    lines[3].push_str(",多一格");
    let report = deliver(&importer, feed, (lines.join("\n") + "\n").as_bytes()).await;
    let figures = report.figures;
    assert_eq!((figures.rejected, figures.unchanged, figures.gone), (3, 37, 0), "{:?}", report.rejections);
    assert_eq!(gone_and_current(&importer).await.0, 40);
}

async fn a_header_without_rows_retires_nothing(database: TestDatabase) {
    let importer = importer(&database);
    let feed = importer.programs.feed("school").unwrap();
    let text = list(12);
    deliver(&importer, feed, text.as_bytes()).await;
    let header = text.lines().next().unwrap();
    for empty in [format!("{header}\n"), format!("标题\n{header}\n\n合计,,,,,\n填表人：,,,,,\n")] {
        let report = deliver(&importer, feed, empty.as_bytes()).await;
        assert_eq!((report.figures.rows, report.figures.gone), (0, 0));
        assert_eq!(report.notes.len(), 1, "it is reported");
        assert_eq!(gone_and_current(&importer).await.0, 12);
    }
    let again = deliver(&importer, feed, text.as_bytes()).await.figures;
    assert_eq!((again.unchanged, again.accepted), (12, 0));
}

async fn changes_retire_nothing(database: TestDatabase) {
    let importer = importer(&database);
    let described = include_str!("../../../../../feeds/school.toml")
        .replace("deliveries = \"full\"", "deliveries = \"changes\"");
    let feed = Feed::parse(&described).unwrap();
    let text = list(12);
    deliver(&importer, &feed, text.as_bytes()).await;
    let two: String = text.lines().take(3).map(|line| line.to_owned() + "\n").collect();
    let report = deliver(&importer, &feed, two.as_bytes()).await.figures;
    assert_eq!((report.unchanged, report.gone), (2, 0));
    assert_eq!(gone_and_current(&importer).await.0, 12);
}

/// A person is found again by the number, however it is written, and by name, birth and guardian without one.
async fn a_later_feed_finds_the_persons_of_an_earlier_one(database: TestDatabase) {
    let importer = importer(&database);
    let (school, disabled) =
        (importer.programs.feed("school").unwrap(), importer.programs.feed("disabled").unwrap());
    let (id, other) = (child(123), child(125));
    let first = format!(
        "姓名,身份证号,出生日期,家长姓名,家长电话\n张小雨,{id},2013-03-06,张大山,13812346207\n欧阳安宁,{other},2013-03-06,王小玲,13912346208\n"
    );
    deliver(&importer, school, first.as_bytes()).await;
    let second = format!(
        "残疾人证号,姓名,身份证号,出生日期,监护人,监护人电话,残疾等级\n\
         A1,张小雨,{} {},,,,二级\n\
         A2,欧阳 安宁,,2013年3月6日,监护人：王小玲,139-1234-6208,一级\n\
         A3,别人,{},,,,三级\n",
        &id[..6],
        &id[6..],
        child(129),
    );
    let figures = deliver(&importer, disabled, second.as_bytes()).await.figures;
    assert_eq!((figures.accepted, figures.linked, figures.new_persons), (3, 2, 1), "{figures:?}");
}
