//! Headers: where they stand, how they are divided, how their words are recognised.

use super::*;

#[test]
fn titles_above_the_header_and_everything_below_that_is_no_row() {
    let id = number("2013-03-06", 123);
    let text = format!(
        "南山区2024-2025学年缺勤学生名单,,,,,\n填报单位：区教育局,,2024.11.15,,,\n,,,,,\n学生姓名,身份证号,学校班级,缺勤天数,最近日期,家长电话\n\
         张三,{id},西丽某小学 五（3）,12,2024-11-13,13812346207\n小计,,,12,,\n,,,,,\n学生姓名,身份证号,学校班级,缺勤天数,最近日期,家长电话\n\
         李四,,南头某中学 初二1班,5,45609,15912343381\n合计,2人,,17,,\n注：缺勤含事假、病假。,,,,,\n填表人：王五,,,审核人：赵六,,\n以下空白,,,,,\n第1页 共1页,,,,,\n"
    );
    let reading = read_as("school", &text);
    assert_eq!(figures(&reading), (2, 0, 0, 12));
    assert_eq!(reading.header, HeaderPlace { first: 4, last: 4 });
    assert_eq!(
        skipped(&reading),
        [
            (1, "title"),
            (2, "note"),
            (3, "blank"),
            (4, "header"),
            (6, "subtotal"),
            (7, "blank"),
            (8, "header"),
            (10, "subtotal"),
            (11, "note"),
            (12, "note"),
            (13, "end_mark"),
            (14, "note"),
        ]
    );
    assert_eq!(warnings(&reading), []);
    let values = &reading.rows[0].values;
    assert_eq!((values.school.as_deref(), values.class.as_deref()), (Some("西丽某小学"), Some("五(3)")));
    assert_eq!(reading.rows[1].indicators[0].day, Day::new(2024, 11, 13), "a serial is a day");
}

#[test]
fn a_header_of_two_lines() {
    for text in [
        "学生姓名,身份证号,学校班级,缺勤情况,,家长电话\n,,,天数,最近日期,\n张三,,西丽某小学,12,2024-11-13,13812346207\n",
        "学生姓名,身份证号,学校班级,缺勤情况,缺勤情况,家长电话\n学生姓名,身份证号,学校班级,天数,最近日期,家长电话\n张三,,西丽某小学,12,2024-11-13,13812346207\n",
    ] {
        let reading = read_as("school", text);
        assert_eq!(reading.header, HeaderPlace { first: 1, last: 2 }, "{text}");
        assert_eq!(
            mapped(&reading, "school"),
            [
                "name",
                "identity_number",
                "school_and_class",
                "absent_days",
                "last_absent_on",
                "guardian_phone"
            ]
        );
        assert_eq!(figures(&reading), (1, 0, 0, 2));
        assert_eq!(reading.columns[3].heading, "缺勤情况 / 天数");
    }
    let reading =
        read_as("school", "儿童信息,,监护人信息,\n姓名,身份证号,姓名,电话\n张三,,李四,13812346207\n");
    assert_eq!(mapped(&reading, "school"), ["name", "identity_number", "guardian_name", "guardian_phone"]);
}

#[test]
fn a_title_right_above_the_header_is_no_part_of_it() {
    for title in ["南山区缺勤学生名单,,", ",南山区缺勤学生名单,", "南山区缺勤学生名单"]
    {
        let reading = read_as("school", &format!("{title}\n姓名,学校,缺勤天数\n张小雨,西丽某小学,3\n"));
        assert_eq!(reading.header, HeaderPlace { first: 2, last: 2 }, "{title}");
        assert_eq!(figures(&reading), (1, 0, 0, 2), "{title}");
    }
}

#[test]
fn a_first_row_of_data_is_no_second_line_of_the_header() {
    let reading = read_as("grid", "户号,姓名,与户主关系,标签\n1,张三,监护人,独居\n1,李四,子,\n");
    assert_eq!(reading.header, HeaderPlace { first: 1, last: 1 });
    assert_eq!(figures(&reading), (2, 0, 0, 1));
}

#[test]
fn columns_come_in_any_order_under_any_of_their_names() {
    for header in [
        "监护人电话,姓名",
        "家长联系电话（手机）,*学 生 姓 名",
        "家长手机,姓名\u{3000}",
        "guardian phone,Name",
        "\"家长\n电话\",\"姓名\n（必填）\"",
    ] {
        let reading = read_as("school", &format!("{header}\n13812346207,张三\n"));
        assert_eq!(mapped(&reading, "school"), ["guardian_phone", "name"], "{header}");
        assert_eq!(reading.rows[0].values.guardians[0].phones[0].as_str(), "13812346207");
    }
}

#[test]
fn a_second_column_of_the_same_name_is_the_guardians() {
    let reading = read_as(
        "grid",
        "姓名,身份证号,联系电话,监护人,身份证号,联系电话\n张三,,13812346207,李四,,13900001235\n",
    );
    assert_eq!(
        mapped(&reading, "grid"),
        ["name", "identity_number", "phone", "guardian_name", "guardian_identity_number", "guardian_phone"]
    );
}

#[test]
fn a_second_column_of_one_meaning_says_what_the_first_leaves_open() {
    let reading = read_as(
        "school",
        "姓名,学校,联系电话,学校,联系电话,姓名\n张三,,,西丽某小学,13812346207,李四\n王五,南头某小学,13812346207,西丽某小学,13900001235,\n",
    );
    let school = feed("school");
    let second: Vec<Option<&str>> =
        reading.columns.iter().map(|column| Some(school.columns[column.second_of?].key.as_str())).collect();
    let phone = school.columns[reading.columns[2].column.unwrap()].key.as_str();
    // Under a second 姓名 stands somebody else.
    assert_eq!(second, [None, None, None, Some("school"), Some(phone), None]);
    let said = |row: usize| {
        let values = &reading.rows[row].values;
        let around = values.guardians.iter().flat_map(|guardian| &guardian.phones);
        let phones: Vec<&str> = values.phones.iter().chain(around).map(base::Phone::as_str).collect();
        (values.school.as_deref(), phones)
    };
    assert_eq!(said(0), (Some("西丽某小学"), vec!["13812346207"]));
    assert_eq!(said(1), (Some("南头某小学"), vec!["13812346207", "13900001235"]));
}

/// The header of two lines as it is printed on every page of a list.
const ON_EVERY_PAGE: &str = "序号,学校,班级,学籍号,学生基本信息,,,缺勤情况,,监护人,,家庭住址\n,,,,姓名,身份证件号,性别,天数,最近日期,姓名,电话,\n";

#[test]
fn a_header_of_two_lines_that_is_repeated_changes_nothing() {
    let row = |number: u32, name: &str| {
        format!(
            "{number},西丽某小学,五（3）,G{number},{name},,女,3,2026-11-03,李四,13812346207,某路{number}号\n"
        )
    };
    let (one, two) = (row(1, "张三"), row(2, "王五"));
    let whole = read_as("school", &format!("{ON_EVERY_PAGE}{one}{two}"));
    let lower_line = ON_EVERY_PAGE.split_once('\n').unwrap().1;
    for (again, lines) in [(ON_EVERY_PAGE, 2), (lower_line, 1)] {
        let reading = read_as("school", &format!("{ON_EVERY_PAGE}{one}{again}{two}"));
        assert_eq!(figures(&reading), (2, 0, 0, 2 + lines));
        assert_eq!(mapped(&reading, "school"), mapped(&whole, "school"));
        let said = |reading: &Reading| (reading.rows[1].values.clone(), reading.rows[1].key.clone());
        assert_eq!(said(&reading), said(&whole));
        assert_eq!(reading.rows[1].content, whole.rows[1].content);
    }
}

#[test]
fn a_header_of_two_lines_in_another_order_is_read_by_its_own() {
    let moved = "学校,学生基本信息,,家庭住址\n,姓名,性别,\n乙校,王五,男,某路2号\n";
    let reading = read_as(
        "school",
        &format!("{ON_EVERY_PAGE}1,甲校,五（3）,G1,张三,,女,3,2026-11-03,李四,13812346207,某路1号\n{moved}"),
    );
    let values = &reading.rows[1].values;
    assert_eq!((values.name.as_deref(), values.school.as_deref()), (Some("王五"), Some("乙校")));
    assert_eq!(values.places[0].address.as_deref(), Some("某路2号"));
}

#[test]
fn unknown_columns_are_kept_and_named() {
    let reading = read_as("school", "序号,姓名,鞋码,,班主任意见\n1,张三,38,x,家长联系不上\n");
    assert_eq!(mapped(&reading, "school"), ["serial", "name", "-", "-", "homeroom_note"]);
    assert_eq!(reading.cells(RowPlace::first_sheet(2)), ["1", "张三", "38", "x", "家长联系不上"]);
    assert_eq!(reading.rows[0].indicators[0].kind, "out_of_contact");
    assert!(reading.lacking.len() > 10);
}

#[test]
fn rows_below_a_repeated_header_are_read_and_kept_by_it() {
    let id = number("2013-03-06", 123);
    let reading = read_as(
        "school",
        &format!(
            "姓名,身份证号,鞋码\n张三,{id},38\n学校,帽号,姓名,身份证号\n甲校,56,李四,110\n鞋码,姓名,学校\n39,王五,乙校\n"
        ),
    );
    assert_eq!(mapped(&reading, "school"), ["name", "identity_number", "-", "school", "-"]);
    let headings: Vec<&str> = reading.columns.iter().map(|column| column.heading.as_str()).collect();
    assert_eq!(headings, ["姓名", "身份证号", "鞋码", "学校", "帽号"]);
    let cells = |row| reading.cells(RowPlace::first_sheet(row));
    assert_eq!(cells(2), ["张三", id.as_str(), "38"]);
    assert_eq!(cells(4), ["李四", "110", "", "甲校", "56"]);
    assert_eq!(cells(6), ["王五", "", "39", "乙校", ""]);
    let values = |row: usize| &reading.rows[row].values;
    assert_eq!((values(1).name.as_deref(), values(1).school.as_deref()), (Some("李四"), Some("甲校")));
    assert_eq!((values(2).name.as_deref(), values(2).school.as_deref()), (Some("王五"), Some("乙校")));
    // What is noted names the column of the delivery, whatever column of the row it is.
    let column = reading.rows[1].warnings[0].column;
    assert_eq!((warnings(&reading), reading.heading(column)), (vec![(4, "id_length")], "身份证号"));
    assert_eq!((reading.columns[1].filled, reading.columns[1].unusable), (2, 1));
}

#[test]
fn columns_of_many_tables_have_a_bound_and_no_cell_is_lost() {
    let tables = (0..90)
        .map(|table| format!("姓名,学校,甲{table},乙{table}\n张三{},x,1,2\n", ["一", "二"][table % 2]));
    let reading = read_as("school", &tables.collect::<String>());
    assert_eq!((reading.columns.len(), reading.row_count()), (128, 90));
    let last: Vec<&str> =
        reading.cells(RowPlace::first_sheet(180)).into_iter().filter(|cell| !cell.is_empty()).collect();
    assert_eq!(last, ["张三二", "x", "1", "2"]);
}

#[test]
fn a_file_without_the_person_is_refused_and_the_column_named() {
    for text in ["学校,班级\n西丽某小学,五（3）\n", "这不是表格\n只是一段话\n", "标题\n1,2,3\n"]
    {
        let fault = read(text.as_bytes(), "a.csv", feed("school"), today(), tree()).unwrap_err();
        assert_eq!(fault.key(), "columns_missing", "{text}");
        assert!(fault.chinese().contains("姓名") && fault.english().contains("Name"), "{}", fault.chinese());
    }
    let fault = read("学校,班级\n西丽某小学,五（3）\n".as_bytes(), "a.csv", feed("school"), today(), tree())
        .unwrap_err();
    assert!(fault.chinese().contains("第 1 行的列有：学校、班级"), "{}", fault.chinese());
}

#[test]
fn only_the_person_is_required_and_a_number_alone_is_one() {
    assert_eq!(figures(&read_as("school", "姓名\n张三\n李四\n")), (2, 0, 0, 1));
    assert_eq!(figures(&read_as("grid", "姓名\n张三\n李四\n")), (2, 0, 0, 1));
    let id = number("2013-03-06", 123);
    assert_eq!(figures(&read_as("disabled", &format!("身份证号\n{id}\n"))), (1, 0, 0, 1));
}

#[test]
fn a_header_without_rows_is_reported() {
    let reading = read_as("school", "标题\n姓名,身份证号\n\n合计,0\n");
    assert!(reading.is_header_only());
    assert_eq!(figures(&reading), (0, 0, 0, 4));
}

#[test]
fn numbers_under_the_columns_and_hints_are_no_rows() {
    let reading = read_as(
        "grid",
        "序号,姓名,身份证号,地址\n1,2,3,4\n（必填）,必填,选填,文本\n甲,乙,1,2\n1,张三,,x\n2,,,\n3,,,\n",
    );
    assert_eq!(figures(&reading), (1, 0, 0, 6));
}

#[test]
fn a_person_is_never_skipped_whatever_words_stand_there() {
    let id = number("2013-03-06", 123);
    let text = format!(
        "姓名,身份证号,备注,住址\n小计,{id},合计,x\n注小明,,填表人,y\n说明,{},以下空白,z\n单位,,,\n",
        number("2012-01-02", 11)
    );
    let reading = read_as("school", &text);
    assert_eq!(reading.row_count(), 4, "{:?}", reading.skipped);
}

#[test]
fn a_word_in_a_heading_counts_only_where_no_heading_names_the_column() {
    let reading = read_as(
        "grid",
        "姓名,身份证地址,身份证有效期,是否有身份证,身份证号码,紧急联系电话,联系电话,电话归属地,原住址,现住址\n张三,x,y,是,,,,z,x,y\n",
    );
    assert_eq!(
        mapped(&reading, "grid"),
        ["name", "-", "-", "-", "identity_number", "-", "phone", "-", "-", "address"]
    );
    assert_eq!(
        mapped(&read_as("grid", "姓名,身份证有效期,本人身份证（18位）\n张三,,\n"), "grid")[1..],
        ["-", "identity_number"]
    );
}
