//! Headers in every shape, and lines that are no rows: "Titles, headers (repeated ones too), blank lines, subtotals,
//! notes and end marks are `skipped`"; "Every other column may be missing, in any order".

use super::*;
use crate::reading::RejectionCode as Code;

#[tokio::test]
async fn headers_in_every_shape() {
    let (id, other) = (child(123), child(125));
    let one_row = |what: &str, feed, text: String| Case::text(what, feed, &text).taken(1);
    check(vec![
        one_row(
            "another order, synonyms, units in brackets",
            "school",
            format!("家长联系电话（手机）,缺勤天数(天),最近 缺勤\u{3000}日期,证件号码（18位）,学 生 姓 名\n13812346207,12,2024/11/3,{id},张三\n"),
        ),
        one_row("full-width letters", "school", format!("ＮＡＭＥ,身份证号（文本）,缺勤天数/天\n张三,{id},１２\n")),
        one_row("line breaks in a heading", "school", format!("\"学生\n姓名\",\"身份证\n号码\",\"缺勤天数\n(单位：天)\"\n张三,{id},3\n")),
        one_row("a star and a number before a heading", "school", format!("1.*姓名,2.*身份证号码（必填）\n张三,{id}\n")),
        one_row("the name of a child", "grid", format!("户主姓名,儿童姓名,儿童身份证号,家长姓名,住址\n张大,张三,{id},李四,x路1号101\n")),
        one_row("members by that word alone", "grid", format!("户号,成员,与户主关系,公民身份号码\n1,张三,子,{id}\n")),
        one_row("only the heads are named", "grid", format!("户主姓名,户主身份证号,住址\n张三,{},x路1号101\n", adult(1))),
        one_row("only a number", "disabled", format!("身份证号\n{id}\n")),
        one_row(
            "two lines, groups over them",
            "grid",
            format!("基本情况,,,家庭情况,,监护人情况,\n姓名,身份证号,性别,户号,与户主关系,姓名,联系方式\n张三,{id},男,1,子,李四,13812346207\n"),
        )
        .skipped(2),
        one_row(
            "two lines of which the lower says whose it is",
            "grid",
            format!("序号,儿童姓名,身份证号,户号,家长情况,\n,,,,家长姓名,家长电话\n1,张三,{id},1,李四,13812346207\n"),
        )
        .skipped(2),
        one_row("units in a line of their own", "school", format!("姓名,身份证号,缺勤天数\n,(18位),(天)\n张三,{id},3\n")).skipped(2),
        one_row("what was searched for stands above", "grid", format!("姓名:,全部,身份证号:,全部,,\n,,,,,\n序号,姓名,身份证号,户号,与户主关系,现住址\n1,张三,{id},1,子,x\n")).skipped(3),
        one_row("an unknown column is kept", "school", format!("姓名,鞋码,身份证号\n张三,38,{id}\n")),
        Case::text(
            "repeated, in other words and in another order",
            "grid",
            &format!("姓名,身份证号,户号\n张三,{id},1\n姓 名,公民身份号码,家庭编号\n李四,{other},2\n身份证号,户号,姓名\n"),
        )
        .taken(2)
        .skipped(3),
        Case::text(
            "the repeat knows a column more than the first",
            "grid",
            &format!("姓名,身份证号,户号,x\n张三,{id},1,\n姓名,身份证号,户号,联系电话\n李四,{other},2,13812346207\n"),
        )
        .taken(2)
        .skipped(2),
        Case::text("no person in it", "school", "学校,班级\n西丽某小学,1\n").refused("columns_missing"),
        Case::text("no header at all", "school", "张三,12\n李四,3\n").refused("columns_missing"),
        Case::text("a header and nothing else", "school", "标题\n姓名,身份证号\n\n合计,0\n填表人：,\n").skipped(5),
    ])
    .await;
}

/// Each of these lines stands between two rows, in a table whose name is in the second column, and must not count.
#[tokio::test]
async fn lines_that_are_no_rows() {
    let lines = [
        "小计：,,1人,,",
        "合计,2户,3人,,",
        "桃源街道小计,,,,1",
        ",,小计,1,",
        ",合  计,,,3",
        "总计（人）,,,,3",
        "合计：3人,,,,",
        "合计人数：3,,,,",
        "共计3人,,,,",
        "本页合计,,2,,",
        ",,,,合计：3户5人",
        "合计,缺勤 12 人，其中连续缺勤 3 天以上 2 人,,,",
        "备注：以上数据截至11月,,,,",
        "备注,以上数据截至11月,,,",
        "备 注：,,,,",
        "说明,本表由街道填报,,,",
        "填表人：王小明,,审核人：李小红,,",
        "填表人,王小明,制表日期,2024-11-01,",
        "填表人：,王小明,,,",
        "审核人,李四,,,",
        "制表日期：2024年11月1日,,,,",
        "制表日期,2024-11-01,,,",
        "单位负责人：,,填报人：,,填报日期：",
        "联系电话,13812346207,,,",
        "注1：xx,,,,",
        "（以下空白）,,,,",
        "---以下无正文---,,,,",
        "＝＝END＝＝,,,,",
        "—— 完 ——,,,,",
        "第1页 共3页,,,,",
        ",,,,",
        "\"\",\"\",　,,",
        "南山区网格人口清单,,,,",
        "序号,姓名,身份证号,户号,备注",
        "1,2,3,4,5",
        "西丽街道,,,,",
    ];
    let (id, other) = (child(123), child(125));
    let cases = lines.iter().map(|line| {
        let text = format!("序号,姓名,身份证号,户号,备注\n1,张三,{id},1,\n{line}\n2,李四,{other},2,\n");
        Case::text(*line, "grid", &text).taken(2).skipped(2)
    });
    check(cases.collect()).await;
}

/// The same where the name stands in the first column, so that every label stands where a name would.
#[tokio::test]
async fn lines_that_are_no_rows_under_the_names() {
    let lines = [
        "合计,2,,",
        "小计：2人,,,",
        "共 2 户,,,",
        "以上共2人,,,",
        "备注,,,",
        "备注：1. 本表由社区填报,,,",
        "2. 数据截至2024年11月,,,",
        "3、请于月底前上报,,,",
        "填表人：王五,,,审核：",
        "填表人：王五,联系电话：13812346207,填表日期：2024-11-1,审核人：赵六",
        "制表人,王五,,",
        "日期,2024-11-1,,",
        "单位（盖章）：,,,",
        "一、户籍人口,,,",
        "（二）流动人口,,,",
        "2024年11月,,,",
        "西丽某小学,,,",
        "二（1）班,,,",
        "一年级,,,",
        "长源社区,,,",
        "3栋,,,",
        "以下空白,,,",
        "完,,,",
    ];
    let (id, other) = (child(123), child(125));
    let cases = lines.iter().map(|line| {
        let text = format!("姓名,户号,身份证号,备注\n张三,1,{id},\n{line}\n李四,2,{other},\n");
        Case::text(*line, "grid", &text).taken(2).skipped(2)
    });
    check(cases.collect()).await;
}

/// Whoever has a number, or a name and half a row, is a row, whatever words stand there.
#[tokio::test]
async fn persons_who_look_like_such_lines() {
    let id = child(123);
    check(vec![
        Case::text("a total for a name", "school", &format!("姓名,身份证号,备注\n小计,{id},合计\n")).taken(1),
        Case::text(
            "a number in full-width digits",
            "school",
            &format!("姓名,身份证号,备注\n合计,{},\n", full_width(&id)),
        )
        .taken(1),
        Case::text("a note beside a name", "school", "备注,姓名,学校\n说明情况,张三,x\n").taken(1),
        Case::text("a short name alone", "school", "姓名,学校,班级\n张三,,\n注小明,,\n").taken(2),
        Case::text("a role before the name, alone", "school", "姓名,学校,班级\n儿童：张三,,\n户主：李四,,\n")
            .taken(2),
        Case::text("labels in the other cells", "school", "姓名,备注,住址\n张三,电话：无,地址：x\n").taken(1),
        Case::text("hours are no signature", "school", "备注,姓名,学校,班级\n8:00,,17:30,\n").rejects(
            2,
            "姓名",
            Code::PersonMissing,
        ),
        Case::text("a state that is a label elsewhere", "school", "状态,姓名,学校\n审核,张三,x\n").taken(1),
        Case::text("nobody, and still a row", "school", "姓名,学校,班级\n,x,1\n").rejects(
            2,
            "姓名",
            Code::PersonMissing,
        ),
    ])
    .await;
}

pub(super) fn full_width(text: &str) -> String {
    text.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect()
}
