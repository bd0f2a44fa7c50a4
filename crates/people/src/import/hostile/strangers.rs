//! Spreadsheets as a stranger makes them who wants to see the import fail.

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook, Worksheet};

use super::lines::full_width;
use super::*;
use crate::reading::RejectionCode as Code;

/// What text editors, terminals and old programs leave in a text file.
#[tokio::test]
async fn bytes_from_everywhere() {
    let (id, other) = (child(123), child(125));
    let text = format!("姓名,身份证号,学校\n张三,{id},x\n李四,{other},y\n");
    let two = |what: &str, bytes: Vec<u8>| Case::bytes(what, "school", "a.csv", bytes).taken(2);
    check(vec![
        two("a mark twice", format!("\u{feff}\u{feff}{text}").into_bytes()),
        two("a mark in quotes", format!("\u{feff}{}", text.replacen("姓名", "\"姓名\"", 1)).into_bytes()),
        two(
            "a mark before each file that was put together",
            format!("\u{feff}{text}\u{feff}姓名,身份证号,学校\n").into_bytes(),
        )
        .skipped(2),
        two("the end of file of DOS", format!("{text}\u{1a}").into_bytes()).skipped(2),
        two("NULs at the end", [text.as_bytes(), &[0; 8]].concat()).skipped(2),
        two("NULs in a cell", text.replace(",x", ",x\0\0").into_bytes()),
        two("NULs in a name", text.replace("张三", "张\0三").into_bytes()),
        two("a NUL in a number", text.replace(&id, &format!("{id}\0")).into_bytes()),
        two("zero-width spaces in a heading", text.replace("姓名", "姓\u{200b}名").into_bytes()),
        two(
            "a letter of four bytes in each cell",
            gb18030(&text.replace('x', "𠮷㐂").replace("李四", "𠀀㐂")),
        ),
        two("GB18030 with a mark", [&[0x84, 0x31, 0x95, 0x33], gb18030(&text).as_slice()].concat()),
        two("UTF-16 with lone carriage returns", {
            let text = text.replace('\n', "\r");
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
        }),
        two(
            "line ends of three kinds",
            text.replacen('\n', "\r\n", 1).replacen("x\n", "x\r", 1).into_bytes(),
        ),
        two("doubled carriage returns", text.replace('\n', "\r\r\n").into_bytes()),
        two("Unicode line separators in a cell", text.replace(",x", ",x\u{2028}y").into_bytes()),
        two("no-break spaces around everything", text.replace(',', "\u{a0},\u{3000}").into_bytes()),
        two("control characters", text.replace(",x", ",\u{7}x\u{b}").into_bytes()),
        two("a form feed between pages", text.replace("李四", "\u{c}李四").into_bytes()),
    ])
    .await;
}

/// Separators and quotation marks where nobody expects them.
#[tokio::test]
async fn cuts_in_odd_places() {
    let (id, other) = (child(123), child(125));
    check(vec![
        Case::text(
            "semicolons with commas in every cell",
            "school",
            &format!("姓名;身份证号;学校\n张三;{id};a,b,c,d\n李四;{other};e,f,g,h\n"),
        )
        .taken(2),
        Case::text("strokes", "school", &format!("姓名|身份证号|学校\n张三|{id}|x\n李四|{other}|y\n"))
            .taken(2),
        Case::text(
            "full-width commas",
            "school",
            &format!("姓名，身份证号，学校\n张三，{id}，x\n李四，{other}，y\n"),
        )
        .taken(2),
        Case::text(
            "tabs and quoted line breaks",
            "school",
            &format!("姓名\t身份证号\t学校\n张三\t{id}\t\"x\ny\"\n李四\t{other}\tz\n"),
        )
        .taken(2),
        Case::text(
            "spaces behind the separators",
            "school",
            &format!("姓名, 身份证号, 学校\n张三, \"{id}\", \"x, y\"\n李四, {other}, z\n"),
        )
        .taken(2),
    ])
    .await;
}

/// Quotation marks of every kind, and columns with nothing in them.
#[tokio::test]
async fn marks_and_empty_columns() {
    let (id, other) = (child(123), child(125));
    check(vec![
        Case::text(
            "every field in quotes",
            "school",
            &format!("\"姓名\",\"身份证号\"\n\"张三\",\"{id}\"\n\"李四\",\"{other}\"\n"),
        )
        .taken(2),
        Case::text(
            "single quotes",
            "school",
            &format!("'姓名','身份证号'\n'张三','{id}'\n'李四','{other}'\n"),
        )
        .taken(2),
        Case::text(
            "Chinese quotation marks",
            "school",
            &format!("“姓名”,“身份证号”\n“张三”,“{id}”\n“李四”,“{other}”\n"),
        )
        .taken(2),
        Case::text("marks doubled by two programs", "school", "姓名,学校\n张三,\"\"\"x\"\"\"\n李四,\"\"\n")
            .taken(2),
        Case::text(
            "a mark in the middle of each row",
            "school",
            "姓名,学校,备注\n张三,\"x\"y,z\n李四,x\"y\",z\n",
        )
        .taken(2),
        Case::text("trailing empty columns", "school", "姓名,学校,,,\n张三,x,,,\n李四,y,,,\n").taken(2),
        Case::text("empty columns in front", "school", ",,姓名,学校\n,,张三,x\n,,李四,y\n").taken(2),
        Case::text(
            "an empty column between each",
            "school",
            "姓名,,学校,,班级\n张三,,x,,一班\n李四,,y,,二班\n",
        )
        .taken(2),
        Case::text("blank lines between each", "school", "\n\n姓名,学校\n\n张三,x\n\n\n李四,y\n\n")
            .taken(2)
            .skipped(7),
        Case::text("a row of separators only", "school", "姓名,学校\n张三,x\n,\n,,,,,\n李四,y\n")
            .taken(2)
            .skipped(3),
        Case::text(
            "columns of the same name",
            "school",
            &format!("姓名,姓名,身份证号\n张三,张三,{id}\n李四,李四,{other}\n"),
        )
        .taken(2),
    ])
    .await;
}

/// Totals, notes, titles and empty homes wherever they stand.
#[tokio::test]
async fn lines_that_stray() {
    let (id, other, third) = (child(123), child(125), child(127));
    let table = |line: &str| {
        format!(
            "序号,姓名,身份证号,户号,现住址\n{line}\n1,张三,{id},1,x\n{line}\n2,李四,{other},2,y\n{line}\n"
        )
    };
    let mut cases: Vec<Case> = [
        "合计,,,,",
        ",合计,,,",
        ",,合计,,",
        ",,,合计,2",
        "合 计：,2,,,",
        "总计:2人,,,,",
        "小计（人）,2,,,",
        "长源社区合计,2,,,",
        "其中：男,1,,,",
        "其中：女,1,,,",
        "合计：2人（男1人，女1人）,,,,",
        "本页小计,2,,,累计,4",
        "以上共计2人,,,,",
        "注：户号由社区编制。,,,,",
        "※ 本表一式两份,,,,",
        "* 带星号为必填项,,,,",
        "续表,,,,",
        "（续上表）,,,,",
        "（接下页）,,,,",
        "以下空白,,,,",
        "***,,,,",
        "-----,-----,-----,-----,-----",
        "=====,,,,",
        "第 1 页,共 2 页,,,",
        "1/2,,,,",
        "打印时间：2024-11-01 10:00:00,,,,",
        "制表单位：长源社区工作站,,,制表日期：2024年11月1日",
        "填表人签名：,,联系电话：,13812346207,",
        "社区负责人（签字）：,,,年  月  日,",
    ]
    .into_iter()
    .map(|line| Case::text(line, "grid", &table(line)).taken(2).skipped(4))
    .collect();
    cases.push(
        Case::text(
            "the header in the middle of the page, and the title with it",
            "grid",
            &format!("人口清单,,\n姓名,身份证号,户号\n张三,{id},1\n人口清单,,\n姓名,身份证号,户号\n李四,{other},2\n第2页,,\n姓名,身份证号,户号\n王五,{third},3\n"),
        )
        .taken(3)
        .skipped(6),
    );
    for label in [
        "空户",
        "（空户）",
        "空房",
        "该户无人",
        "无人居住（已搬走）",
        "出租屋（空）",
        "空置-待租",
        "暂无人居住",
        "搬走无人",
    ] {
        let text =
            format!("姓名,身份证号,户号,现住址\n张三,{id},1,x\n{label},,2,y路2号202\n李四,{other},3,z\n");
        cases.push(Case::text(label, "grid", &text).taken(2).rejects(3, "姓名", Code::EmptyHome));
    }
    check(cases).await;
}

/// Numbers as spreadsheets and hasty hands leave them.
#[tokio::test]
async fn numbers_by_hasty_hands() {
    let (id, other) = (child(123), child(125));
    let with_x = (1..900).map(child).find(|number| number.ends_with('X')).unwrap();
    let body = &with_x[..17];
    let mut cases = Vec::new();
    for number in [
        format!("{body}x"),
        format!("{body}Ｘ"),
        format!("{body}ｘ"),
        format!("{body} X"),
        format!("{body}×"),
        format!("{body}*"),
        full_width(&with_x),
        format!("\t{with_x}"),
        format!("{with_x}。"),
        format!("`{with_x}"),
        format!("’{with_x}"),
        format!("{}-{}-{}", &with_x[..6], &with_x[6..14], &with_x[14..]),
        format!("ID:{with_x}"),
        format!("{with_x}（身份证）"),
        format!("{with_x}\n"),
    ] {
        let table = format!("姓名,身份证号\n张三,{with_x}\n无,\"{number}\"\n");
        // A star hides the last digit; all others are linked by the number alone.
        let case = Case::text(number.clone(), "school", &table);
        cases.push(if number.ends_with('*') {
            case.taken(1).rejects(3, "姓名", Code::PersonMissing)
        } else {
            case.taken(2).warnings(1).linked(1)
        });
    }
    for number in [
        format!("{id}/{other}"),
        format!("{id} {other}"),
        format!("{id}、{other}"),
        format!("{id}\n{other}"),
        format!("{id};{other}"),
        format!("{id}{other}"),
        "4.403E+17".to_owned(),
        "4.40305201303061E17".to_owned(),
        "440305201303061000.00".to_owned(),
        "440,305,201,303,061,000".to_owned(),
        "#########".to_owned(),
        "已办".to_owned(),
        "未满16周岁未办理".to_owned(),
        "出生证A123456789".to_owned(),
    ] {
        let table = format!("姓名,身份证号\n张三,\"{number}\"\n");
        cases.push(Case::text(number.clone(), "school", &table).taken(1).warnings(1));
    }
    check(cases).await;
}

/// Two names in a cell are a warning; a space within one name is none.
#[tokio::test]
async fn names_by_hasty_hands() {
    let mut cases = Vec::new();
    for name in [
        "王芳 李强",
        "王芳\u{3000}李强",
        "王芳\u{a0}李强",
        "王芳/李强",
        "王芳和李强",
        "王芳及李强",
        "王芳，李强",
        "王芳&李强",
        "王芳+李强",
        "王 芳 李 强",
    ] {
        cases.push(Case::text(name, "school", &format!("姓名\n\"{name}\"\n")).taken(1).warnings(1));
    }
    for name in [
        "王 芳",
        "欧 阳娜娜",
        "欧阳 娜娜",
        "Maria Silva",
        "O'Neill Shaun",
        "Anna-Maria Müller",
        "阿依古丽 买买提",
        "扎西 达瓦",
        "买买提·阿不都·热合曼",
        "金正 恩",
        "山田 太郎",
        "王和平",
        "和田玉",
        "李及时",
        "Li Xiaoming（李小明）",
    ] {
        cases.push(Case::text(name, "school", &format!("姓名\n\"{name}\"\n")).taken(1));
    }
    check(cases).await;
}

/// A workbook of one sheet.
fn book(fill: &dyn Fn(&mut Worksheet)) -> Vec<u8> {
    let mut writer = Workbook::new();
    fill(writer.add_worksheet());
    writer.save_to_buffer().unwrap()
}

/// The same with a header in its first row.
fn headed(fill: &dyn Fn(&mut Worksheet)) -> Vec<u8> {
    book(&|sheet| {
        write(sheet, 0, &["姓名", "身份证号", "走访日期", "户号", "备注"]);
        fill(sheet);
    })
}

/// Writes texts into a row, from its first cell; an empty one is left out.
fn write(sheet: &mut Worksheet, row: u32, texts: &[&str]) {
    for (column, text) in (0..).zip(texts).filter(|(_, text)| !text.is_empty()) {
        sheet.write(row, column, *text).unwrap();
    }
}

fn case(what: &str, bytes: Vec<u8>) -> Case {
    Case::bytes(what, "grid", "户.xlsx", bytes)
}

/// What is hidden, computed or missing.
#[tokio::test]
async fn hidden_and_computed_cells() {
    let plain = Style::new();
    let id = child(123);
    check(vec![
        case(
            "hidden rows and columns are rows",
            headed(&|sheet| {
                write(sheet, 1, &["张三", "", "", "1"]);
                write(sheet, 2, &["李四", "", "", "2"]);
                sheet.set_row_hidden(2).unwrap().set_column_hidden(3).unwrap();
            }),
        )
        .taken(2),
        case(
            "cells of formulas",
            headed(&|sheet| {
                sheet.write_formula(1, 0, Formula::new("=\"张\"&\"三\"").set_result("张三")).unwrap();
                sheet.write_formula(1, 1, Formula::new("=Sheet2!A1").set_result(id.as_str())).unwrap();
                sheet.write_formula(1, 2, Formula::new("=TODAY()-9").set_result("45609")).unwrap();
                sheet.write(1, 3, 1).unwrap();
            }),
        )
        .taken(1)
        .warnings(1),
        case(
            "a formula without a result",
            headed(&|sheet| {
                sheet.write_formula(1, 0, Formula::new("=A9").set_result("")).unwrap();
                write(sheet, 1, &["", "", "", "1"]);
                write(sheet, 2, &["李四", "", "", "1"]);
            }),
        )
        .taken(1)
        .rejects(2, "姓名", Code::PersonUnreadable),
        case(
            "yes and no as truths",
            book(&|sheet| {
                for (column, heading) in (0..).zip(["姓名", "是否留守", "户号"]) {
                    sheet.write(0, column, heading).unwrap();
                }
                sheet
                    .write(1, 0, "张三")
                    .unwrap()
                    .write_boolean(1, 1, true)
                    .unwrap()
                    .write(1, 2, "1")
                    .unwrap();
            }),
        )
        .taken(1),
        case(
            "rich text and line breaks",
            headed(&|sheet| {
                let bold = Style::new().set_bold();
                sheet.write_rich_string(1, 0, &[(&plain, "张"), (&bold, "三")]).unwrap();
                sheet.write(1, 1, format!("{id}\n").as_str()).unwrap().write(1, 3, "1_x000D_").unwrap();
            }),
        )
        .taken(1),
    ])
    .await;
}

/// Days and numbers of documents, as numbers and as texts.
#[tokio::test]
async fn days_and_numbers_in_cells() {
    let date = Style::new().set_num_format("yyyy-mm-dd");
    let other = child(125);
    check(vec![
        case(
            "dates as dates, numbers and texts",
            headed(&|sheet| {
                for (row, name) in (1..).zip(["张三", "李四", "王五", "赵六", "孙七"]) {
                    sheet.write(row, 0, name).unwrap().write(row, 3, row).unwrap();
                }
                sheet.write_with_format(1, 2, ExcelDateTime::from_ymd(2024, 11, 13).unwrap(), &date).unwrap();
                sheet
                    .write(2, 2, 45_609.75)
                    .unwrap()
                    .write(3, 2, "45609")
                    .unwrap()
                    .write(4, 2, "2024年11月13日")
                    .unwrap();
                sheet.write_with_format(5, 2, 0.5, &date).unwrap();
            }),
        )
        .taken(4)
        .rejects(6, "走访日期", Code::EventImpossible),
        case(
            "a day of 1904's calendar as text",
            headed(&|sheet| {
                write(sheet, 1, &["张三", "", "44147", "1"]);
            }),
        )
        .taken(1),
        case(
            "numbers of documents as numbers",
            headed(&|sheet| {
                sheet
                    .write(1, 0, "张三")
                    .unwrap()
                    .write(1, 1, 440_305_201_303_061_234_f64)
                    .unwrap()
                    .write(1, 3, "1")
                    .unwrap();
                write(sheet, 2, &["李四", &other, "", "2"]);
            }),
        )
        .taken(2)
        .warnings(1),
    ])
    .await;
}

/// Merged cells, and tables in odd places of the sheet.
#[tokio::test]
async fn merged_cells_and_odd_places() {
    let plain = Style::new();
    let id = child(123);
    check(vec![
        case(
            "names merged over the rows of a household",
            headed(&|sheet| {
                sheet.merge_range(1, 3, 2, 3, "1", &plain).unwrap();
                write(sheet, 1, &["张三"]);
                write(sheet, 2, &["李四"]);
                sheet.merge_range(3, 0, 4, 0, "王五", &plain).unwrap();
                write(sheet, 3, &["", "", "", "2"]);
                write(sheet, 4, &["", "", "", "2", "x"]);
            }),
        )
        .taken(4)
        .warnings(1),
        case(
            "a total merged over the table",
            headed(&|sheet| {
                write(sheet, 1, &["张三", "", "", "1"]);
                sheet.merge_range(2, 0, 2, 3, "合计", &plain).unwrap();
                sheet.write(2, 4, "1人").unwrap();
                sheet
                    .merge_range(4, 0, 4, 4, "填表人：王五  审核人：赵六  日期：2024年11月1日", &plain)
                    .unwrap();
            }),
        )
        .taken(1)
        .skipped(4),
        case(
            "a table that begins far down and far right",
            book(&|sheet| {
                for (column, heading) in (30..).zip(["姓名", "身份证号", "户号"]) {
                    sheet.write(60, column, heading).unwrap();
                }
                write(
                    sheet,
                    61,
                    &[
                        "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
                        "", "", "", "", "", "", "", "", "", "张三", &id, "1",
                    ],
                );
            }),
        )
        .taken(1)
        .skipped(61),
        case(
            "a cell in the last row of the sheet",
            headed(&|sheet| {
                sheet
                    .write(1, 0, "张三")
                    .unwrap()
                    .write(1, 3, "1")
                    .unwrap()
                    .write(1_048_575, 4, " ")
                    .unwrap();
            }),
        )
        .taken(1)
        .skipped(2),
    ])
    .await;
}
