//! Several tables in one file: below one another on a sheet, each with its columns in an order of its own, or on sheets of
//! their own.

use rust_xlsxwriter::{Workbook, Worksheet};

use super::*;
use crate::reading::RejectionCode as Code;

/// A repeated header whose columns stand in another order says what the rows below it mean.
#[tokio::test]
async fn tables_that_follow_one_another() {
    let (id, other) = (child(123), child(125));
    let case = |what: &str, feed, text: String| Case::text(what, feed, &text).taken(2).skipped(2);
    check(vec![
        case(
            "another order",
            "school",
            format!("姓名,身份证号,学校\n张三,{id},x\n学校,姓名,身份证号\ny,李四,{other}\n"),
        ),
        case(
            "another order without numbers",
            "school",
            "姓名,学校,班级\n张三,x,一班\n班级,姓名,学校\n二班,李四,y\n".to_owned(),
        ),
        case(
            "the name where the number stood",
            "school",
            format!("姓名,身份证号\n张三,{id}\n身份证号,姓名\n{other},李四\n"),
        ),
        case(
            "more columns than before",
            "school",
            format!("姓名,身份证号\n张三,{id}\n学校,班级,姓名,身份证号\nx,一班,李四,{other}\n"),
        ),
        case(
            "fewer columns than before",
            "school",
            format!("学校,班级,姓名,身份证号\nx,一班,李四,{other}\n姓名,身份证号\n张三,{id}\n"),
        ),
        case(
            "an unknown column in the place of the name",
            "school",
            format!("姓名,身份证号,学校\n张三,{id},x\n鞋码,姓名,身份证号\n38,李四,{other}\n"),
        ),
    ])
    .await;
}

/// What is found, warned of and rejected there stands in the column that the nearer header names.
#[tokio::test]
async fn rows_below_a_repeated_header() {
    let (id, other, third) = (child(123), child(125), child(127));
    let case = |what: &str, feed, text: String| Case::text(what, feed, &text).taken(2).skipped(2);
    check(vec![
        Case::text(
            "a copy under another order",
            "school",
            &format!("姓名,身份证号,学校\n张三,{id},x\n学校,姓名,身份证号\nx,张三,{id}\n"),
        )
        .taken(1)
        .duplicates(1)
        .skipped(2),
        Case::text(
            "what is wrong stands in the column where it stands",
            "grid",
            "姓名,走访日期,现住址\n张三,2015-3-5,x\n现住址,走访日期,姓名\ny,2099-1-1,李四\nz,2015-3-5,无\n",
        )
        .taken(1)
        .skipped(2)
        .rejects(4, "走访日期", Code::EventFuture)
        .rejects(5, "姓名", Code::PersonMissing),
        Case::text(
            "as above means the same table",
            "grid",
            "姓名,现住址\n张三,x路1号101\n现住址,姓名\n同上,李四\ny路2号202,王五\n",
        )
        .taken(3)
        .skipped(2),
        case(
            "two lines, groups the other way about",
            "school",
            format!(
                "学生,,家长,\n姓名,身份证号,姓名,电话\n张三,{id},李四,13812346207\n家长,,学生,\n姓名,电话,姓名,身份证号\n王五,13812346208,赵六,{other}\n"
            ),
        )
        .skipped(4),
        Case::text(
            "a table of fewer columns above the better one",
            "school",
            &format!(
                "姓名,学校\n张三,x\n李四,y\n\n序号,姓名,身份证号,学校,班级,缺勤天数\n1,王五,{third},x,一班,3\n"
            ),
        )
        .taken(3)
        .skipped(3),
        Case::text(
            "back to the first order",
            "school",
            &format!(
                "姓名,身份证号\n张三,{id}\n身份证号,姓名\n{other},李四\n姓名,身份证号\n王五,{third}\n"
            ),
        )
        .taken(3)
        .skipped(3),
    ])
    .await;
}

/// Lines that are shorter than the header, or only look like one.
#[tokio::test]
async fn lines_that_look_like_headers() {
    check(vec![
        Case::text(
            "one field too few below the second header",
            "school",
            "姓名,学校\n张三,x\n学校,班级,姓名\ny,一班,李四\nz,王五\n",
        )
        .taken(2)
        .skipped(2)
        .rejects(5, "", Code::FieldCount),
        Case::text(
            "words of headings in a row are no header",
            "grid",
            "姓名,人口类型,是否留守,标签,备注\n张三,户籍,留守,儿童,其他\n李四,户籍,留守,学生,说明\n",
        )
        .taken(2),
        Case::text(
            "a summary below the list names nobody",
            "school",
            "姓名,学校\n张三,西丽某小学\n\n学校,人数\n西丽某小学,3\n南头某中学,4\n合计,7\n",
        )
        .taken(1)
        .skipped(3)
        .rejects(4, "姓名", Code::PersonUnreadable)
        .rejects(5, "姓名", Code::PersonUnreadable)
        .rejects(6, "姓名", Code::PersonUnreadable),
    ])
    .await;
}

/// Writes `lines` of cells to a sheet, from its first row.
fn fill(sheet: &mut Worksheet, lines: &[&[&str]]) {
    for (row, cells) in (0..).zip(lines) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write(row, column, *cell).unwrap();
        }
    }
}

/// A workbook of sheets, by name.
fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut writer = Workbook::new();
    for (name, lines) in sheets {
        fill(writer.add_worksheet().set_name(*name).unwrap(), lines);
    }
    writer.save_to_buffer().unwrap()
}

/// "Every row of the file": a sheet for each class is how schools make their lists.
#[tokio::test]
async fn sheets_that_have_the_same_header() {
    let (id, other, third) = (child(123), child(125), child(127));
    let header: &[&str] = &["姓名", "身份证号", "学校", "缺勤天数"];
    let case =
        |what: &str, sheets: &[(&str, &[&[&str]])]| Case::bytes(what, "school", "名单.xlsx", book(sheets));
    check(vec![
        case(
            "a sheet for each class",
            &[
                ("一班", &[&["缺勤名单"], header, &["张三", &id, "x", "3"]]),
                ("二班", &[header, &["李四", &other, "x", "3"], &["合计", "", "", "3"]]),
                ("三班", &[&["学校", "姓名", "缺勤天数", "身份证号"], &["x", "王五", "2", &third]]),
            ],
        )
        .taken(3)
        .skipped(5),
        case(
            "a copy on another sheet, and rows that are rejected there",
            &[
                ("一班", &[header, &["张三", &id, "x", "3"], &["无", "", "x", "3"]]),
                (
                    "二班",
                    &[header, &["张三", &id, "x", "3"], &["", "", "y", "3"], &["李四", &other, "x", "很多"]],
                ),
            ],
        )
        .taken(2)
        .warnings(1)
        .duplicates(1)
        .skipped(2)
        .rejects(3, "姓名", Code::PersonMissing)
        .rejects(3, "姓名", Code::PersonMissing),
        case(
            "sheets that are none of the list",
            &[
                ("说明", &[&["姓名", "必填"], &["身份证号", "18位"]]),
                ("名单", &[header, &["张三", &id, "x", "3"]]),
                ("示例", &[header, &["某某", &other, "x", "3"]]),
                ("汇总", &[&["学校", "人数"], &["x", "1"]]),
                ("字典", &[&["学校"], &["x"]]),
            ],
        )
        .taken(1),
        case(
            "a sheet with a header and no row",
            &[("一班", &[header, &["张三", &id, "x", "3"]]), ("二班", &[header])],
        )
        .taken(1)
        .skipped(2),
        case(
            "half of the columns are enough, fewer are not",
            &[
                ("一班", &[header, &["张三", &id, "x", "3"]]),
                ("二班", &[&["姓名", "学校"], &["李四", "x"]]),
                ("别的", &[&["姓名", "奖项", "奖金"], &["王五", "一等", "100"]]),
            ],
        )
        .taken(2)
        .skipped(2),
    ])
    .await;
}

/// Each community counts its households from one, and what is merged on one sheet ends there.
#[tokio::test]
async fn households_of_several_sheets() {
    let header: &[&str] = &["户号", "姓名", "与户主关系"];
    let bytes = book(&[
        ("长源", &[header, &["1", "张三", "户主"], &["", "李四", "妻"]]),
        ("桃源", &[header, &["1", "王五", "户主"], &["", "赵六", "妻"]]),
    ]);
    let database = store::testing::sqlite(&migrations()).await;
    let importer = importer(&database);
    let feed = importer.programs.feed("grid").unwrap();
    let report = deliver(&importer, feed, &bytes).await;
    assert_eq!((report.figures.accepted, report.figures.rejected), (4, 0), "{report:?}");
    let households = {
        use sea_orm::ConnectionTrait;
        let read = database.database().read().await.unwrap();
        let count = sea_orm::sea_query::Query::select()
            .expr(sea_orm::sea_query::Expr::cust("count(*)"))
            .from("household")
            .to_owned();
        let row = read.connection().query_one(&count).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    };
    assert_eq!(households, 2, "the two households called 1 are two");
}

/// The row's number is the sheet's; the reason names the sheet, and so does the other row of a conflict.
#[tokio::test]
async fn what_is_said_of_a_row_names_its_sheet() {
    let database = store::testing::sqlite(&migrations()).await;
    let importer = importer(&database);
    let feed = importer.programs.feed("disabled").unwrap();
    let header: &[&str] = &["残疾人证号", "姓名", "残疾等级"];
    let bytes = book(&[
        ("一季度", &[header, &["A1", "张三", "一级"]]),
        ("二季度", &[&["残疾人名单"], header, &["A1", "张三", "二级"], &["A2", "无", "一级"]]),
        ("填写说明", &[&["请逐行填写"]]),
    ]);
    let options = Options { dry_run: false, language: Language::Chinese };
    let report = importer.run(feed, File { name: "名单.xlsx", bytes: &bytes }, options).await.unwrap();
    let said: Vec<(u32, &str)> =
        report.rejections.iter().map(|rejection| (rejection.row, rejection.reason.as_str())).collect();
    assert_eq!(said.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [3, 4]);
    assert!(said[0].1.contains("在工作表“二季度”，见第 一季度!2 行"), "{said:?}");
    assert!(said[1].1.contains("在工作表“二季度”"), "{said:?}");
    assert!(report.notes[0].contains("只读了工作表 一季度、二季度") && report.notes[0].contains("填写说明"));

    // The same once more: nothing changes, and what is kept of the rows says where they stand.
    let again = importer.run(feed, File { name: "名单.xlsx", bytes: &bytes }, options).await.unwrap();
    assert_eq!((again.figures.unchanged, again.figures.accepted), (1, 0));
    let read = database.database().read().await.unwrap();
    let kept =
        crate::deliveries::repo::set_aside(read.connection(), read.keys(), again.delivery.unwrap(), None, 10)
            .await
            .unwrap();
    let places: Vec<String> = kept.iter().map(|row| row.place.to_string()).collect();
    assert_eq!(places, ["2!3", "2!4"]);
}
