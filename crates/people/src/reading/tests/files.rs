//! Encodings, separators, workbooks, broken lines.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook};

use super::*;

const PLAIN: &str = "姓名,身份证号,学校,缺勤天数,最近日期\n张三,,西丽某小学,12,2024-11-13\n李四,,\"南头,某中学\",5,2024-11-12\n";

/// `text` in GB18030, by way of the reader's own decoder: each character is looked up once.
fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[test]
fn every_encoding_and_separator_gives_the_same_rows() {
    let plain = read_as("school", PLAIN);
    let mark = "\u{feff}".to_owned() + PLAIN;
    let crlf = PLAIN.replace('\n', "\r\n");
    let semicolons =
        PLAIN.replace("\"南头,某中学\"", "\u{1}").replace(',', ";").replace('\u{1}', "南头,某中学");
    let tabs = PLAIN.replace("\"南头,某中学\"", "\u{1}").replace(',', "\t").replace('\u{1}', "南头,某中学");
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(tabs.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [
        mark.into_bytes(),
        gb18030(PLAIN),
        crlf.clone().into_bytes(),
        gb18030(&crlf),
        semicolons.into_bytes(),
        tabs.into_bytes(),
        utf16,
    ] {
        let other = read_bytes("school", &bytes);
        assert_eq!(other.rows, plain.rows);
        assert_eq!(figures(&other), (2, 0, 0, 1));
    }
}

#[test]
fn places_are_the_physical_lines_where_records_start() {
    let reading = read_as("school", "姓名,住址\n\n张三,\"南山区\n桃源街道\"\n李四,x\n");
    assert_eq!(reading.rows.iter().map(|row| row.place.row).collect::<Vec<_>>(), [3, 5]);
}

#[test]
fn a_wrong_number_of_fields_and_broken_bytes_set_their_row_aside_only() {
    let reading = read_as("school", "姓名,学校,班级\n张三,x,1\n李四,x\n王五,x,1,2\n赵六,x,1\n孙七,x,1\n");
    assert_eq!(rejections(&reading), [(3, "field_count"), (4, "field_count")]);
    assert_eq!(reading.rejections[0].value, "2/3");
    let mut bytes = "姓名,学校\n张三,x\n".as_bytes().to_vec();
    bytes.extend(b"\xff\xfe\xfa,x\n");
    bytes.extend("李四,y\n".as_bytes());
    let reading = read_bytes("school", &bytes);
    assert_eq!((figures(&reading), rejections(&reading)), ((2, 0, 1, 1), vec![(3, "undecodable")]));
    let mut bytes = gb18030("姓名,学校\n张三,西丽某小学\n");
    bytes.extend(b"\xff\xff,x\n");
    bytes.extend(gb18030("李四,南头某中学\n"));
    let reading = read_bytes("school", &bytes);
    assert_eq!((figures(&reading), rejections(&reading)), ((2, 0, 1, 1), vec![(3, "undecodable")]));
}

#[test]
fn a_separator_at_the_end_of_every_line_is_a_habit_not_a_fault() {
    assert_eq!(figures(&read_as("school", "姓名,学校,\n张三,x\n李四,y\n")), (2, 0, 0, 1));
    assert_eq!(figures(&read_as("school", "姓名,学校\n张三,x,\n李四,y,\n")), (2, 0, 0, 1));
    assert_eq!(figures(&read_as("school", "姓名,学校\n张三,x\n李四,y,\n王五,z\n")), (2, 0, 1, 1));
}

#[test]
fn a_rejected_row_still_tells_whose_it_was() {
    let id = number("2013-03-06", 123);
    let reading = read_as("school", &format!("姓名,身份证号,最近日期\n张三,{id},2024-13-11\n张三,{id}\n"));
    assert_eq!(rejections(&reading), [(2, "event_impossible"), (3, "field_count")]);
    let key = Some(format!("id:{id}"));
    assert_eq!(
        reading.rejections.iter().map(|rejection| rejection.key.clone()).collect::<Vec<_>>(),
        [key.clone(), key]
    );
}

#[test]
fn a_workbook_as_an_office_makes_it() {
    let mut writer = Workbook::new();
    let plain = Style::new();
    let date = Style::new().set_num_format("yyyy/m/d");
    writer.add_worksheet().set_name("说明").unwrap().write(0, 0, "请按要求填写").unwrap();
    let sheet = writer.add_worksheet().set_name("名单").unwrap();
    sheet.merge_range(0, 0, 0, 5, "南山区缺勤学生名单", &plain).unwrap();
    sheet.merge_range(1, 0, 2, 0, "学生姓名", &plain).unwrap();
    sheet.merge_range(1, 1, 2, 1, "身份证号", &plain).unwrap();
    sheet.merge_range(1, 2, 1, 3, "缺勤情况", &plain).unwrap();
    sheet.merge_range(1, 4, 2, 4, "家长电话", &plain).unwrap();
    sheet.write(2, 2, "天数").unwrap();
    sheet.write(2, 3, "最近日期").unwrap();
    let id = number("2013-03-06", 123);
    sheet.write(3, 0, "张三").unwrap().write(3, 1, &id).unwrap().write(3, 2, 12).unwrap();
    sheet.write_with_format(3, 3, ExcelDateTime::from_ymd(2024, 11, 13).unwrap(), &date).unwrap();
    sheet.write(3, 4, 13_812_346_207_f64).unwrap();
    sheet
        .write(4, 0, "李四")
        .unwrap()
        .write(4, 1, 440_305_201_303_061_234_f64)
        .unwrap()
        .write(4, 2, 5.0)
        .unwrap();
    sheet.write_formula(4, 3, Formula::new("=A99").set_result("#REF!")).unwrap();
    sheet.write(6, 0, "合计").unwrap().write(6, 2, 17).unwrap();
    let bytes = writer.save_to_buffer().unwrap();
    let reading = read(&bytes, "名单.xlsx", feed("school"), today(), tree()).unwrap();
    assert_eq!(
        (reading.sheet_names.as_slice(), reading.other_sheets.len()),
        (["名单".to_owned()].as_slice(), 1)
    );
    assert_eq!(reading.header, HeaderPlace { first: 2, last: 3 });
    assert_eq!(
        skipped(&reading),
        [(1, "title"), (2, "header"), (3, "header"), (6, "blank"), (7, "subtotal")]
    );
    assert_eq!(figures(&reading), (2, 0, 0, 5));
    assert_eq!(warnings(&reading), [(5, "id_rounded"), (5, "formula_error")]);
    let first = &reading.rows[0];
    assert_eq!(
        first.indicators,
        [Indicator { kind: "absent".into(), day: Day::new(2024, 11, 13), number: Some(12) }]
    );
    assert_eq!(first.values.guardians[0].phones[0].as_str(), "13812346207");
}

#[test]
fn a_file_of_another_type_is_recognised_or_refused() {
    let mut writer = Workbook::new();
    writer.add_worksheet().write(0, 0, "姓名").unwrap().write(1, 0, "张三").unwrap();
    let bytes = writer.save_to_buffer().unwrap();
    let reading = read(&bytes, "名单.csv", feed("school"), today(), tree()).unwrap();
    assert!(reading.named_otherwise && reading.format == Format::Xlsx);
    for (bytes, key) in [
        (b"".as_slice(), "file_empty"),
        (b"%PDF-1.4", "file_other_kind"),
        (b"<html></html>", "file_web_page"),
    ] {
        assert_eq!(read(bytes, "a.csv", feed("school"), today(), tree()).unwrap_err().key(), key);
    }
}

#[test]
fn a_text_under_the_name_of_a_workbook_is_told_so_before_its_columns() {
    let read_as = |name: &str| {
        let text = "会议通知：请各校于周五前报送。\n联系人：王老师\n";
        read(text.as_bytes(), name, feed("school"), today(), tree()).unwrap_err()
    };
    let fault = read_as("缺勤名单.xlsx");
    assert_eq!(fault.key(), "columns_missing");
    assert!(
        fault.chinese().starts_with("文件类型与后缀不符：它不是工作簿，而是纯文本"),
        "{}",
        fault.chinese()
    );
    assert!(
        fault.english().starts_with("The file is of another type than its name says"),
        "{}",
        fault.english()
    );
    assert!(fault.english().contains("save it as .xlsx"), "{}", fault.english());
    let fault = read_as("缺勤名单.csv");
    assert!(fault.chinese().starts_with("文件缺少必填的列"), "{}", fault.chinese());
}

#[test]
fn a_number_that_stands_for_a_day_counts_as_its_workbook_does() {
    let mut writer = Workbook::new();
    let sheet = writer.add_worksheet();
    for (column, heading) in (0_u16..).zip(["姓名", "出生日期", "学校", "缺勤天数", "最近缺勤日期"])
    {
        sheet.write(0, column, heading).unwrap();
    }
    // 6 March 2013 and 13 November 2024, counted from 1904; neither has a date's format.
    sheet.write(1, 0, "张三").unwrap().write(1, 1, 39_877).unwrap().write(1, 2, "西丽小学").unwrap();
    sheet.write(1, 3, 4).unwrap().write(1, 4, 44_147.5).unwrap();
    let bytes = writer.save_to_buffer().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let (name, mut text) = (part.name().unwrap().into_owned(), String::new());
        part.read_to_string(&mut text).unwrap();
        changed.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        let text = text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ");
        changed.write_all(text.as_bytes()).unwrap();
    }
    let changed = changed.finish().unwrap().into_inner();
    let reading = read(&changed, "名单.xlsx", feed("school"), today(), tree()).unwrap();
    assert_eq!(reading.rows[0].values.birth, Day::new(2013, 3, 6));
    assert_eq!(reading.rows[0].indicators[0].day, Day::new(2024, 11, 13));
    let reading = read(&bytes, "名单.xlsx", feed("school"), today(), tree()).unwrap();
    assert_eq!(reading.rows[0].values.birth, Day::new(2009, 3, 5), "else days are counted from 1900");
}

#[test]
fn the_headings_of_departments_are_known() {
    let text = "县（市、区）,乡镇（街道）,村（社区）,残疾人姓名,残疾人证号码,残疾类别等级,首次发证日期\n\
        南山区,西丽街道,大勘社区,张三,44030520130306100511,肢体二级,2020-05-06\n\
        南山区,西丽街道,大勘社区,李四,44030520130306101351,智力三级,2020-05-06\n";
    let reading = read(text.as_bytes(), "名册.csv", feed("disabled"), today(), tree()).unwrap();
    assert!(reading.columns.iter().all(|column| column.column.is_some()), "{:?}", reading.columns);
    let kinds: Vec<Vec<&str>> = reading
        .rows
        .iter()
        .map(|row| row.indicators.iter().map(|indicator| indicator.kind.as_str()).collect())
        .collect();
    assert_eq!(kinds, [["disabled", "severely_disabled"], ["disabled", "mentally_disabled"]]);
    let text = "姓名,与户主关系,户主手机号码,所属社区工作站\n张三,户主,13812346207,大勘社区工作站\n";
    let reading = read(text.as_bytes(), "人口.csv", feed("grid"), today(), tree()).unwrap();
    assert!(reading.columns.iter().all(|column| column.column.is_some()), "{:?}", reading.columns);
}

#[test]
fn a_table_on_its_side_and_a_form_are_no_lists() {
    let id = number("2015-03-12", 12);
    for text in [
        format!(
            "姓名,张三,李四,王五\n身份证号,{id},,\n性别,男,女,男\n出生日期,2015-03-12,,\n现住址,西丽,南头,沙河\n"
        ),
        format!(
            "儿童基本情况登记表\n姓名,张三,性别,男\n身份证号,{id},出生日期,2015-03-12\n现住址,西丽街道,联系电话,13812346207\n"
        ),
        format!(
            "姓名,张三,性别,男\n身份证号,{id},出生日期,2015-03-12\n现住址,西丽,联系电话,\n\n姓名,李四,性别,女\n身份证号,,出生日期,\n现住址,南头,联系电话,\n"
        ),
    ] {
        let fault = refused("grid", &text);
        assert_eq!(fault.key(), "no_list", "{text}");
        assert!(
            fault.chinese().contains("身份证号") && fault.chinese().contains("每行一人"),
            "{}",
            fault.chinese()
        );
        assert!(fault.english().contains("a line of their own"), "{}", fault.english());
    }
    // A heading that is repeated, or a single word that has strayed, makes no form of a list.
    let list = read_as("grid", "姓名,性别\n张三,男\n姓名,性别\n李四,女\n性别,男\n");
    assert_eq!(list.rows.len() + list.rejections.len(), 3);
}

#[test]
fn a_list_in_two_halves_side_by_side_is_said() {
    let reading = read_as("grid", "姓名,身份证号,性别,,姓名,身份证号,性别\n张三,,男,,李四,,女\n");
    assert_eq!(reading.repeated, ["姓名", "身份证号", "性别"]);
    let notes = reading.notes();
    assert!(notes.iter().any(|note| note.zh.contains("姓名、身份证号、性别 出现了两次")), "{notes:?}");
    // Somebody else's columns are theirs, and a second name alone is nobody's half.
    for text in [
        "姓名,身份证号,联系电话,监护人,身份证号,联系电话\n张三,,13812346207,李四,,13900001235\n",
        "姓名,性别,姓名\n张三,男,李四\n",
    ] {
        assert_eq!(read_as("grid", text).repeated, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_is_odd_of_a_text_without_headings_is_said() {
    let table = "姓名,身份证号,性别\n张三,,男\n李四,,女\n王五,,女\n赵六,,男\n";
    let as_latin: String = table.bytes().map(char::from).collect();
    let as_gb = encoding_rs::GB18030.decode_without_bom_handling(table.as_bytes()).0.into_owned();
    let spaced = table.replace(',', "    ");
    for (text, said, told) in [
        (as_latin.as_str(), "乱码", "garbled"),
        (&as_gb, "乱码", "garbled"),
        (&spaced, "分隔", "separates"),
        ("街道,人数\n西丽,12\n", "第 1 行", "lacks"),
    ] {
        let fault = refused("grid", text);
        assert_eq!(fault.key(), "columns_missing");
        assert!(fault.chinese().contains(said), "{}", fault.chinese());
        assert!(fault.english().contains(told), "{}", fault.english());
    }
    let deep = format!("{}姓名,性别\n张三,男\n", "填报说明\n".repeat(90));
    assert!(refused("grid", &deep).chinese().contains("前 80 行里没有找到表头"));
}

#[test]
fn a_text_in_utf16_without_a_mark_is_read() {
    let bytes: Vec<u8> = PLAIN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read_bytes("school", &bytes).rows, read_as("school", PLAIN).rows);
}

#[test]
fn a_number_beside_the_name_is_the_persons() {
    let id = number("2015-03-12", 12);
    let reading = read_as("grid", &format!("姓名及身份证号,性别\n张三 {id},男\n李四,女\n"));
    let said = |row: usize| {
        let values = &reading.rows[row].values;
        (values.name.as_deref(), values.document.as_ref().map(base::IdentityDocument::number))
    };
    assert_eq!(said(0), (Some("张三"), Some(id.as_str())));
    assert_eq!(said(1), (Some("李四"), None));
    // Its own column outranks it.
    let other = number("2015-03-12", 14);
    let reading = read_as("grid", &format!("姓名,身份证号\n张三 {id},{other}\n"));
    assert_eq!(reading.rows[0].values.document.as_ref().unwrap().number(), other);
}
