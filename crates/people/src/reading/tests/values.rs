//! Values: what sets a row aside, what is noted, what is used.

use super::*;

fn school(rows: &str) -> Reading {
    read_as("school", &format!("姓名,身份证号,性别,出生日期,最近日期,家长电话,家长姓名\n{rows}"))
}

#[test]
fn a_person_needs_a_name_or_a_usable_number() {
    let id = number("2013-03-06", 123);
    for (row, code) in [
        (",,,,,,李四", "person_missing"),
        ("无,,,,,,", "person_missing"),
        ("不详,无,,,,,", "person_missing"),
        ("/,4403**********1234,,,,,", "person_missing"),
        ("空户,,,,,,", "empty_home"),
        ("出租屋（空）,,,,,,", "empty_home"),
        ("无人居住,,男,,,,", "empty_home"),
        ("#REF!,,男,,,,", "person_unreadable"),
        ("12345,,男,,,,", "person_unreadable"),
        ("儿童:无,,男,,,,", "person_unreadable"),
        ("待核,,男,,,,", "person_unreadable"),
    ] {
        let reading = school(&format!("{row}\n张三,,,,,,\n"));
        assert_eq!(rejections(&reading), [(2, code)], "{row}");
        assert_eq!(reading.rejections[0].code.letter(), 'a');
    }
    for row in [
        format!(",{id},,,,,"),
        format!("无,{id},,,,,"),
        format!("#N/A,{id},,,,,"),
        format!("待核,{id},,,,,"),
        format!("空户,{id},,,,,"),
        "张某,,,,,,".into(),
        "张*,,,,,,".into(),
    ] {
        assert_eq!(figures(&school(&format!("{row}\n"))), (1, 0, 0, 1), "{row}");
    }
}

#[test]
fn event_days_that_do_not_exist_or_are_to_come_set_the_row_aside() {
    for (day, code) in [
        ("2024-13-11", "event_impossible"),
        ("2月30日", "event_impossible"),
        ("2024-02-30", "event_impossible"),
        ("20240230", "event_impossible"),
        ("2026-11-25", "event_future"),
        ("2027年1月", "event_future"),
        ("60000", "event_future"),
    ] {
        let reading = school(&format!("张三,,,,{day},,\n"));
        assert_eq!(rejections(&reading), [(2, code)], "{day}");
        assert_eq!(reading.heading(reading.rejections[0].column), "最近日期");
        assert_eq!(reading.rejections[0].value, day);
    }
    for (day, code) in [
        ("13.3.6", Some("day_ambiguous")),
        ("待核", Some("pending")),
        ("上周", Some("day_unreadable")),
        ("2024年11月", Some("day_incomplete")),
        ("#N/A", Some("formula_error")),
        ("", None),
        ("无", None),
        ("2026-11-24", None),
    ] {
        let reading = school(&format!("张三,,,,{day},,\n"));
        assert_eq!(figures(&reading), (1, 0, 0, 1), "{day}");
        assert_eq!(warnings(&reading).first().map(|(_, code)| *code), code, "{day}");
    }
}

#[test]
fn each_defect_of_a_number_is_a_warning_and_the_number_is_not_used() {
    let sound = number("2013-03-06", 123);
    let mut wrong = sound.clone();
    wrong.replace_range(17.., if sound.ends_with('1') { "2" } else { "1" });
    let adult = number("1985-03-06", 123);
    for (text, code) in [
        ("4403**********1234", "id_masked"),
        ("4.40305E+17", "id_rounded"),
        ("440305201303061000", "id_rounded"),
        (wrong.as_str(), "id_check"),
        (&sound[..17], "id_length"),
        ("440305201302301234", "id_birth"),
        ("990305201303061234", "id_check"),
        ("000305201303061234", "id_province"),
        ("待核", "pending"),
        ("#VALUE!", "formula_error"),
        ("户口本", "id_characters"),
        (adult.as_str(), "id_adult"),
    ] {
        let reading = school(&format!("张三,{text},,,,,\n"));
        assert_eq!(warnings(&reading), [(2, code)], "{text}");
        assert_eq!(reading.rows[0].values.document, None);
        assert!(reading.rows[0].key.starts_with("name:"), "{text}");
        assert!(!reading.rows[0].warnings[0].value.contains("20130306"), "masked");
    }
    for text in ["", "无", "/", "不详"] {
        assert_eq!(warnings(&school(&format!("张三,{text},,,,,\n"))), [], "{text}");
    }
}

#[test]
fn a_sound_number_is_used_however_it_is_written() {
    let plain = number("2013-03-06", 123);
    let full_width: String = plain.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
    for text in [
        format!(" {plain} "),
        format!("'{plain}"),
        full_width,
        format!("{} {} {}", &plain[..6], &plain[6..14], &plain[14..]),
        format!("身份证：{plain}"),
        plain.to_lowercase(),
    ] {
        let reading = school(&format!("张三,{text},,,,,\n"));
        assert_eq!(
            reading.rows[0].values.document.as_ref().map(base::IdentityDocument::number),
            Some(plain.as_str()),
            "{text}"
        );
        assert_eq!(reading.rows[0].values.birth, Day::new(2013, 3, 6));
    }
    let reading =
        read_as("disabled", "姓名,身份证号\n张三,110105491231002\n李四,H12345678\n王五,810000199408230021\n");
    let numbers: Vec<&str> = reading
        .rows
        .iter()
        .filter_map(|row| row.values.document.as_ref())
        .map(base::IdentityDocument::number)
        .collect();
    assert_eq!(numbers, ["11010519491231002X", "H12345678", "810000199408230021"]);
}

#[test]
fn a_number_against_birth_or_sex() {
    let id = number("2013-03-06", 123); // 123 is odd: male
    for (birth, sex, codes, uses_number) in [
        ("2013-03-06", "男", vec![], true),
        ("2013-06-03", "男", vec!["birth_against_id"], true),
        ("2013-03-07", "女", vec!["birth_against_id", "sex_against_id"], true),
        ("2011-11-28", "男", vec!["id_against_birth"], false),
        ("2013-2-30", "男", vec!["birth_impossible"], true),
        ("2027-03-06", "男", vec!["birth_future"], true),
        ("13.3.6", "男", vec!["birth_ambiguous"], true),
        ("2013年3月", "中", vec!["birth_incomplete", "sex_unreadable"], true),
    ] {
        let reading = school(&format!("张三,{id},{sex},{birth},,,\n"));
        assert_eq!(
            warnings(&reading).iter().map(|(_, code)| *code).collect::<Vec<_>>(),
            codes,
            "{birth} {sex}"
        );
        assert_eq!(reading.rows[0].values.document.is_some(), uses_number, "{birth}");
    }
    // The mother's number on a child's row of a list of all ages.
    let mother = number("1985-07-01", 124);
    let reading = read_as(
        "grid",
        &format!("姓名,身份证号,出生日期\n张三,{mother},2013-03-06\n儿童:李四,{mother},\n王五,{mother},\n"),
    );
    assert_eq!(warnings(&reading), [(2, "id_adult"), (3, "id_adult")]);
}

#[test]
fn a_column_with_rounded_numbers_is_not_trusted_where_a_loss_happens_to_fit() {
    let lucky =
        (100..1000).step_by(100).map(|order| number("2013-03-06", order)).find(|id| id.ends_with("000"));
    let lucky = lucky.unwrap_or_else(|| {
        // Some birth date has one: the check digit is 0 in one of eleven.
        (1..28)
            .flat_map(|day| {
                (100..1000).step_by(100).map(move |order| number(&format!("2013-03-{day:02}"), order))
            })
            .find(|id| id.ends_with("000"))
            .unwrap()
    });
    assert_eq!(warnings(&school(&format!("张三,{lucky},,,,,\n"))), []);
    assert_eq!(
        warnings(&school(&format!("张三,{lucky},,,,,\n李四,4.40305E+17,,,,,\n"))),
        [(2, "id_rounded"), (3, "id_rounded")]
    );
}

#[test]
fn phones_of_guardians() {
    let reading = school(
        "张三,,,,,13812346207/13900001235,李四（父亲）\n王五,,,,,138****6207,家长:赵六\n孙七,,,,,1381234620,无\n周八,,,,,待核,\n",
    );
    assert_eq!(warnings(&reading), [(3, "phone_masked"), (4, "phone_wrong"), (5, "pending")]);
    let guardian = &reading.rows[0].values.guardians[0];
    assert_eq!(
        (guardian.name.as_deref(), guardian.kind.as_str(), guardian.phones.len()),
        (Some("李四"), "father", 2)
    );
    assert_eq!(reading.rows[1].values.guardians[0].name.as_deref(), Some("赵六"));
    assert!(reading.rows[2].values.guardians.is_empty());
    assert_eq!(reading.rows[1].warnings[0].value, "138****6207");
}

#[test]
fn copies_equal_keys_and_starred_keys() {
    let id = number("2013-03-06", 123);
    // Exact copies, also of a row that was set aside; a line's number is no content.
    let reading =
        read_as("school", &format!("序号,姓名,身份证号\n1,张三,{id}\n2,张三,{id}\n3,,\n4,无,\n5,无,\n"));
    assert_eq!(figures(&reading), (1, 2, 1, 2));
    assert_eq!(
        reading.duplicates,
        [(3, 2), (6, 5)].map(|(place, of)| Duplicate {
            place: RowPlace::first_sheet(place),
            of: RowPlace::first_sheet(of),
        })
    );
    // Without a starred key both are taken, with a warning.
    let reading =
        read_as("school", &format!("姓名,身份证号,缺勤天数\n张三,{id},1\n张三,{id},2\n张三,{id},1\n"));
    assert_eq!((figures(&reading), warnings(&reading)), ((2, 1, 0, 1), vec![(3, "same_key")]));
    assert_eq!(reading.rows[1].warnings[0].other_row, Some(RowPlace::first_sheet(2)));
    // With one the later is set aside.
    let reading =
        read_as("disabled", "残疾人证号,姓名\nA1,张三\nA1,李四\nA1,张三\nA2,张三\n,王五\n,王五二\n");
    assert_eq!((figures(&reading), rejections(&reading)), ((4, 1, 1, 1), vec![(3, "key_conflict")]));
    assert_eq!(reading.rejections[0].other_row, Some(RowPlace::first_sheet(2)));
}

#[test]
fn content_does_not_depend_on_the_order_of_columns() {
    let one = read_as("school", "序号,姓名,学校\n1,张三,x\n");
    let other = read_as("school", "学校,备注,姓名\nx,,张三\n");
    assert_eq!(one.rows[0].content, other.rows[0].content);
    assert_eq!(one.rows[0].key, other.rows[0].key);
}

#[test]
fn disabled_persons_and_their_indicators() {
    let reading = read_as(
        "disabled",
        "姓名,残疾类别,残疾等级,发证日期,监护人,监护人电话\n张三,肢体,二级,2020-1-2,李四,13812346207\n王五,精神残疾,4,2月30日,,\n赵六,,,,,\n",
    );
    let kinds: Vec<Vec<(&str, Option<i64>)>> = reading
        .rows
        .iter()
        .map(|row| row.indicators.iter().map(|i| (i.kind.as_str(), i.number)).collect())
        .collect();
    assert_eq!(
        kinds,
        [
            vec![("disabled", Some(2)), ("severely_disabled", Some(2))],
            vec![("disabled", Some(4)), ("mentally_disabled", Some(4))],
            vec![],
        ]
    );
    assert_eq!(warnings(&reading), [(3, "day_impossible")]);
}
