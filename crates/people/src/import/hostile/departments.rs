//! What departments write of their own accord: headings of their forms, remarks beside names, numbers that a spreadsheet
//! has had in its hands.

use super::*;
use crate::reading::RejectionCode as Code;

/// Who is not called by a name of their own.
#[tokio::test]
async fn remarks_beside_names() {
    let (id, other) = (child(123), child(125));
    let of = |what: &'static str, name: &str| {
        let text = format!("户号,姓名,与户主关系,身份证号\n1,王芳,户主,{id}\n1,{name},子,{other}\n");
        Case::text(what, "grid", &text).taken(2)
    };
    check(vec![
        of("the sex behind the name", "王雨桐 男"),
        of("a name that is not hers", "小明（化名）").warnings(1),
        of("a child by the mother's name", "王芳之子").warnings(1),
        of("a child who has no name yet", "婴儿").warnings(1),
        of("the daughter of somebody with a long name", "欧阳娜娜的女儿").warnings(1),
    ])
    .await;
}

/// Lines that belong to the paper and not to the list, and homes in which nobody is.
#[tokio::test]
async fn pages_and_homes() {
    let id = child(123);
    let row = format!("1,王芳,户主,{id}\n");
    let of = |what: &'static str, line: &str| {
        Case::text(what, "grid", &format!("户号,姓名,与户主关系,身份证号\n{line}\n{row}"))
    };
    let mut cases = Vec::new();
    for line in [",续上页,,", "续表,,,", ",接下页,,"] {
        cases.push(of("a page that goes on", line).taken(1).skipped(2));
    }
    for home in ["装修中", "公司宿舍", "员工宿舍", "店面"] {
        let case = of("a home without people", &format!("2,{home},,"));
        cases.push(case.taken(1).rejects(2, "姓名", Code::EmptyHome));
    }
    check(cases).await;
}

/// A key that a spreadsheet has rounded is many people's: it sets nobody's row aside, and stands for nobody.
#[tokio::test]
async fn keys_that_were_rounded() {
    let (id, other) = (child(123), child(125));
    let form = |key: &str, another: &str| {
        format!("残疾人证号,姓名,身份证号,残疾等级\n{key},张三,{id},一级\n{another},李四,{other},二级\n")
    };
    let card = |id: &str| format!("{id}11");
    check(vec![
        Case::text("whole cards", "disabled", &form(&card(&id), &card(&other))).taken(2),
        Case::text("cards as powers of ten", "disabled", &form("4.40305E+19", "4.40305E+19"))
            .taken(2)
            .warnings(2),
        Case::text("one card twice", "disabled", &form(&card(&id), &card(&id))).taken(1).rejects(
            3,
            "残疾人证号",
            Code::KeyConflict,
        ),
    ])
    .await;
    let mut writer = rust_xlsxwriter::Workbook::new();
    let sheet = writer.add_worksheet();
    for (column, heading) in (0_u16..).zip(["残疾人证号", "姓名", "残疾等级"]) {
        sheet.write(0, column, heading).unwrap();
    }
    for (row, name) in (1_u32..).zip(["张三", "李四"]) {
        sheet.write(row, 0, 44_030_520_130_306_100_000_f64).unwrap();
        sheet.write(row, 1, name).unwrap().write(row, 2, "一级").unwrap();
    }
    let bytes = writer.save_to_buffer().unwrap();
    check(vec![Case::bytes("cards as numbers", "disabled", "证.xlsx", bytes).taken(2).warnings(2)]).await;
}
