//! Whole files that are odd: encodings, separators, quotation marks, workbooks, files of another kind than their name.

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook};

use super::*;
use crate::reading::RejectionCode as Code;

#[tokio::test]
async fn encodings() {
    let (id, other) = (child(123), child(125));
    let text = format!("姓名,身份证号,学校\n张三,{id},西丽某小学\n李四,{other},\"南头,某中学\"\n");
    let broken =
        |bytes: &[u8], tail: Vec<u8>| [bytes, b"\xff\xfe\xfa,", other.as_bytes(), b",x\n", &tail].concat();
    let one = format!("姓名,身份证号,学校\n张三,{id},西丽某小学\n");
    let utf16 = |bytes: fn(u16) -> [u8; 2], mark: [u8; 2]| -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
    };
    let plain = |what: &str, bytes: Vec<u8>| Case::bytes(what, "school", "a.csv", bytes).taken(2);
    check(vec![
        plain("UTF-8", text.clone().into_bytes()),
        plain("UTF-8 with a mark", format!("\u{feff}{text}").into_bytes()),
        plain("GB18030", gb18030(&text)),
        plain("UTF-16", utf16(u16::to_le_bytes, [0xff, 0xfe])),
        plain("UTF-16, the greater byte first", utf16(u16::to_be_bytes, [0xfe, 0xff])),
        plain("a mark in the middle", text.replace("李四", "\u{feff}李四").into_bytes()),
        plain("carriage returns alone", text.replace('\n', "\r").into_bytes()),
        plain("both line ends", text.replacen('\n', "\r\n", 2).into_bytes()),
        plain("no line end at the end", text.trim_end().to_owned().into_bytes()),
        plain("a rare character in GB18030", gb18030(&text.replace("李四", "㐂𠀀"))),
        plain(
            "bytes that are no text, in UTF-8",
            broken(one.as_bytes(), format!("王五,{},y\n", child(127)).into_bytes()),
        )
        .rejects(3, "", Code::Undecodable),
        plain(
            "bytes that are no text, in GB18030",
            broken(&gb18030(&one), gb18030(&format!("王五,{},南头\n", child(127)))),
        )
        .rejects(3, "", Code::Undecodable),
        plain("the last character cut in half", {
            let mut bytes = gb18030(&text.replace('"', "").replace("南头,某中学", "南头"));
            bytes.truncate(bytes.len() - 2);
            bytes
        })
        .taken(1)
        .rejects(3, "", Code::Undecodable),
    ])
    .await;
}

/// "(d) it has another number of fields than the header"; `row` is "the physical line where the record starts".
#[tokio::test]
async fn fields_and_quotation_marks() {
    check(vec![
        Case::text(
            "line breaks in a field",
            "school",
            "姓名,住址\n\n张三,\"南山区\n\n桃源街道\"\n无,x\n李四,y\n",
        )
        .taken(2)
        .skipped(2)
        .rejects(6, "姓名", Code::PersonMissing),
        Case::text(
            "too few and too many",
            "school",
            "姓名,学校,班级\n张三,x,1\n李四,x\n王五,x,1,2\n\"赵\n六\",x\n孙七,x,1\n",
        )
        .taken(2)
        .rejects(3, "", Code::FieldCount)
        .rejects(4, "", Code::FieldCount)
        .rejects(5, "", Code::FieldCount),
        Case::text("a separator too many on one of two rows", "school", "姓名,学校\n张三,x\n李四,y,\n")
            .taken(1)
            .rejects(3, "", Code::FieldCount),
        Case::text("a separator at the end of every row", "school", "姓名,学校\n张三,x,\n李四,y,\n王五,z,\n")
            .taken(3),
        Case::text(
            "notes with other numbers of fields",
            "school",
            "缺勤表\n姓名,学校,班级\n张三,x,1\n合计：1人\n填表人：王五,1\n\n",
        )
        .taken(1)
        .skipped(5),
        Case::text("a mark that nobody closed", "school", "姓名,学校\n\"张三,x\n李四,y\n王五,\"z\"\n")
            .taken(3),
        Case::text(
            "marks within a field",
            "school",
            "姓名,学校\n张三,\"y路\"2号\n李\"四,z\n'王五',z\"\n赵六,\"说\"\"不\"\"\"\n",
        )
        .taken(4),
        Case::text("a mark at the very end", "school", "姓名,学校\n张三,\"x\n").taken(1),
        Case::text("semicolons", "school", "姓名;学校\n张三;a,b\n李四;c,d\n").taken(2),
        Case::text("tabs", "school", "姓名\t学校\n张三\ta,b\n李四\tc;d\n").taken(2),
        Case::text("sep=", "school", "sep=;\n姓名;学校\n张三;x\n").taken(1).skipped(2),
        Case::text(
            "commas in the title, other signs in the cells",
            "school",
            "2024年，南山；福田|名单\n姓名,学校,住址\n张三,a;b,c|d\n李四,e;f,g|h\n",
        )
        .taken(2)
        .skipped(2),
        Case::text("one column", "school", "姓名\n张三\n李四\n\n合计2人\n").taken(2).skipped(3),
        Case::text("a very long cell", "school", &format!("姓名,备注\n张三,{}\n", "长".repeat(60_000)))
            .taken(1)
            .warnings(1),
    ])
    .await;
}

/// "An empty file, another type than its name, a wrong header … each gets one clear message".
#[tokio::test]
async fn files_of_another_kind() {
    let mut writer = Workbook::new();
    writer.add_worksheet().write(0, 0, "姓名").unwrap().write(1, 0, "张三").unwrap();
    let workbook = writer.save_to_buffer().unwrap();
    let text = "姓名\n张三\n".as_bytes().to_vec();
    let case = |name: &'static str, bytes: &[u8]| Case::bytes(name, "school", name, bytes.to_vec());
    check(vec![
        case("工作簿.csv", &workbook).taken(1),
        case("文本.xlsx", &text).taken(1),
        case("文本.xls", &gb18030("姓名\t学校\n张三\tx\n")).taken(1),
        case("没有后缀", &text).taken(1),
        case("空.csv", b"").refused("file_empty"),
        case("空.xlsx", b"").refused("file_empty"),
        case("空行.csv", b"\xef\xbb\xbf\n ,,\n").refused("file_empty"),
        case("旧.xls", &[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat())
            .refused("file_old_workbook"),
        case("网页.xls", b"<html><table><tr><td>1</td></tr></table></html>").refused("file_web_page"),
        case("文档.xlsx", b"%PDF-1.7\n").refused("file_other_kind"),
        case("图片.csv", b"\x89PNG\r\n\x1a\n0000").refused("file_other_kind"),
        case("截断.xlsx", &workbook[..workbook.len() / 2]).refused("file_damaged"),
        case("乱码.xlsx", &[b"PK\x03\x04".as_slice(), &[7; 400]].concat()).refused("file_damaged"),
        case("别的.csv", b"{\"a\": 1}").refused("file_other_kind"),
    ])
    .await;
}

/// What is taken all the same says so: the report has a note beside its figures.
#[tokio::test]
async fn what_is_odd_of_the_whole_file_is_said() {
    let database = store::testing::sqlite(&migrations()).await;
    let importer = importer(&database);
    let feed = importer.programs.feed("school").unwrap();
    let mut writer = Workbook::new();
    let explanation = writer.add_worksheet().set_name("说明").unwrap();
    explanation.write(0, 0, "填表说明").unwrap().write(1, 0, "身份证号：18位").unwrap();
    let list = writer.add_worksheet().set_name("名单").unwrap();
    list.write(0, 0, "姓名").unwrap().write(0, 1, "学校").unwrap().write(1, 0, "张三").unwrap();
    let bytes = writer.save_to_buffer().unwrap();
    let options = Options { dry_run: true, language: Language::Chinese };
    let report = importer.run(feed, File { name: "名单.csv", bytes: &bytes }, options).await.unwrap();
    assert_eq!(report.figures.accepted, 1, "the list is read, not the explanation");
    assert!(report.notes[0].contains("XLSX") && report.notes[1].contains("说明"), "{:?}", report.notes);

    let header = File { name: "名单.csv", bytes: "姓名,学校\n".as_bytes() };
    let report = importer.run(feed, header, options).await.unwrap();
    assert!(report.notes[0].contains("只有表头"), "{:?}", report.notes);
    let plain = File { name: "名单.csv", bytes: "姓名,学校\n张三,x\n".as_bytes() };
    assert!(importer.run(feed, plain, options).await.unwrap().notes.is_empty());
}

#[tokio::test]
async fn workbooks() {
    let mut writer = Workbook::new();
    let (plain, date) = (Style::new(), Style::new().set_num_format("yyyy\"年\"m\"月\"d\"日\""));
    let sheet = writer.add_worksheet();
    sheet.merge_range(0, 0, 0, 4, "南山区缺勤学生名单", &plain).unwrap();
    sheet.merge_range(1, 0, 2, 0, "学生姓名", &plain).unwrap();
    sheet.merge_range(1, 1, 2, 1, "身份证号", &plain).unwrap();
    sheet.merge_range(1, 2, 1, 3, "缺勤情况", &plain).unwrap();
    sheet.merge_range(1, 4, 2, 4, "家长电话", &plain).unwrap();
    sheet.write(2, 2, "天数").unwrap().write(2, 3, "最近日期").unwrap();
    let day = |year, month, day| ExcelDateTime::from_ymd(year, month, day).unwrap();
    // A date cell, a phone kept as a number; a number that lost its last digits; a serial without a format.
    sheet.write(3, 0, "张三").unwrap().write(3, 1, child(123)).unwrap().write(3, 2, "12").unwrap();
    sheet.write_with_format(3, 3, day(2024, 11, 13), &date).unwrap().write(3, 4, 13_812_346_207_f64).unwrap();
    sheet
        .write(4, 0, "李四")
        .unwrap()
        .write(4, 1, 440_305_201_303_061_254_f64)
        .unwrap()
        .write(4, 3, 45_609)
        .unwrap();
    // Formulas that failed: beside a name, and in its place.
    let failed = |error: &str| Formula::new("=A99").set_result(error);
    sheet.write(5, 0, "王五").unwrap().write_formula(5, 1, failed("#REF!")).unwrap();
    sheet.write_formula(5, 3, failed("#N/A")).unwrap();
    sheet.write_formula(6, 0, failed("#REF!")).unwrap().write(6, 2, 3).unwrap();
    // An event still to come, a time without a day, an exact copy.
    sheet.write(7, 0, "赵六").unwrap().write_with_format(7, 3, day(2099, 1, 1), &date).unwrap();
    sheet.write(10, 0, "孙七").unwrap().write(11, 0, "孙七").unwrap();
    sheet.merge_range(12, 0, 12, 4, "合计", &plain).unwrap();
    sheet.write(13, 0, "填表人：王五").unwrap();
    let office = writer.save_to_buffer().unwrap();

    let mut writer = Workbook::new();
    writer.add_worksheet().set_name("空表").unwrap();
    let hidden = writer.add_worksheet().set_hidden(true);
    hidden.write(0, 0, "姓名").unwrap().write(1, 0, "不该读到").unwrap().write(2, 0, "也不该").unwrap();
    let sheet = writer.add_worksheet().set_name("户").unwrap();
    for (column, heading) in (0..).zip(["户号", "姓名", "与户主关系", "现住址"]) {
        sheet.write(0, column, heading).unwrap();
    }
    sheet.merge_range(1, 0, 3, 0, "1", &plain).unwrap();
    for (row, (name, relation)) in (1..).zip([("张三", "户主"), ("李四", "妻"), ("张小", "子")]) {
        sheet.write(row, 1, name).unwrap().write(row, 2, relation).unwrap();
    }
    sheet.write(4, 1, "王五").unwrap().write(4, 2, "户主").unwrap();
    let households = writer.save_to_buffer().unwrap();

    // Somebody has touched the last row that there is.
    let mut writer = Workbook::new();
    let sheet = writer.add_worksheet();
    for (column, heading) in (0..).zip(["学生姓名", "学校"]) {
        sheet.write(0, column, heading).unwrap();
    }
    sheet.write(1, 0, "张三").unwrap().write(3, 0, "李四").unwrap();
    sheet.write(1_048_575, 1, "以下空白").unwrap();
    let touched = writer.save_to_buffer().unwrap();

    check(vec![
        Case::bytes("a lone cell in the last row", "school", "名单.xlsx", touched).taken(2).skipped(3),
        Case::bytes("as an office makes it", "school", "名单.xlsx", office)
            .taken(4)
            .warnings(2)
            .duplicates(1)
            .skipped(7)
            .rejects(7, "学生姓名", Code::PersonUnreadable)
            .rejects(8, "缺勤情况 / 最近日期", Code::EventFuture),
        Case::bytes("merged households behind a hidden sheet", "grid", "户.xlsx", households)
            .taken(3)
            .rejects(5, "户号", Code::HouseholdUnknown),
    ])
    .await;
}

/// A packed file that unpacks to more than any list is refused before it is read.
#[tokio::test]
async fn a_file_that_unpacks_to_too_much_is_refused() {
    let mut writer = Workbook::new();
    let sheet = writer.add_worksheet();
    sheet.write(0, 0, "姓名").unwrap().write(1, 0, "长".repeat(30_000)).unwrap();
    let bytes = writer.save_to_buffer().unwrap();
    let limits = sheets::Limits { unpacked_bytes: 20_000, ..sheets::Limits::default() };
    let refused = sheets::read_within(&bytes, "a.xlsx", &limits).unwrap_err();
    assert_eq!(refused.key(), "file_too_much");
}
