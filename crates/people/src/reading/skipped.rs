//! Lines of a table that are no rows: blank ones, repeated headers, subtotals, notes, titles, end marks.
//!
//! A line that could be a person's is never skipped: whoever has an identity number, or a name with half a row behind
//! it, is a row, whatever words stand there.

use std::borrow::Cow;

use base::notation::cell_text;
use policy::feeds::{Feed, Heading};
use sheets::Row;

use super::codes::SkippedKind;
use super::header::Header;
use super::names::is_role;

/// Words of subtotals and totals.
const TOTALS: [&str; 12] = [
    "合计",
    "小计",
    "总计",
    "共计",
    "总数",
    "累计",
    "平均",
    "本页合计",
    "本页小计",
    "总人数",
    "汇总",
    "其中",
];
/// Words with which a note begins.
const NOTES: [&str; 54] = [
    "续上页",
    "接上页",
    "转下页",
    "接下页",
    "续表",
    "注:",
    "注意",
    "备注",
    "说明",
    "主管领导",
    "分管领导",
    "附注",
    "填表人",
    "填报人",
    "制表",
    "审核",
    "填报单位",
    "填报日期",
    "填表日期",
    "填表单位",
    "填表说明",
    "填写说明",
    "联系人:",
    "联系人员",
    "单位盖章",
    "单位(盖章)",
    "单位(公章)",
    "负责人",
    "领导签字",
    "签字",
    "盖章",
    "打印时间",
    "打印日期",
    "打印人",
    "导出时间",
    "导出日期",
    "导出人",
    "数据来源",
    "数据截止",
    "统计时间",
    "统计日期",
    "统计截止",
    "报送单位",
    "报送日期",
    "报送人",
    "经办人",
    "示例",
    "样例",
    "例:",
    "单位:",
    "日期",
    "联系电话",
    "联系方式",
    "报表日期",
];
/// Words that end a table.
const ENDS: [&str; 10] = [
    "以下空白",
    "以下无正文",
    "以下为空",
    "以下无",
    "此页无正文",
    "无正文",
    "到此结束",
    "没有更多数据",
    "数据结束",
    "完毕",
];
/// Whole cells that end a table.
const WHOLE_ENDS: [&str; 8] = ["完", "end", "eof", "theend", "结束", "endoffile", "已完", "止"];
/// Words in a title.
const TITLES: [&str; 12] =
    ["表", "名单", "名册", "花名册", "统计", "清单", "台账", "汇总", "情况", "一览", "登记", "信息"];
/// Words in which a title ends and no name does, however short it is.
const LISTS: [&str; 6] = ["名单", "名册", "清单", "台账", "登记表", "统计表"];
/// Words beside the place for somebody's hand or stamp.
const SIGNED: [&str; 5] = ["签字", "签名", "签章", "盖章", "公章"];
/// Hints that stand under a header: how to fill it in.
const HINTS: [&str; 9] =
    ["必填", "选填", "可不填", "文本", "文本格式", "下拉选择", "不填", "非必填", "必填项"];

/// What the heading of a group of rows ends with, when it stands in the column of the names.
const GROUPS: [&str; 14] = [
    "街道",
    "社区",
    "居委会",
    "村委会",
    "工作站",
    "年级",
    "小学",
    "中学",
    "学校",
    "幼儿园",
    "学院",
    "网格",
    "小区",
    "行政区",
];
/// Words of a sentence that explains the table.
const EXPLAINING: [&str; 14] = [
    "请", "本表", "此表", "数据", "截至", "截止", "上报", "填报", "报送", "如下", "以上", "以下", "打印",
    "联系",
];
/// Units of what is counted.
const UNITS: [&str; 9] = ["人数", "户数", "人口数", "金额", "天数", "人", "户", "数", "名"];

/// What a line above the header is.
pub(super) fn above_header(row: &Row) -> SkippedKind {
    if row.is_blank() {
        return SkippedKind::Blank;
    }
    let first = row.cells().map(|cell| squeezed(cell.text)).find(|text| !text.is_empty()).unwrap_or_default();
    if begins_note(&first) { SkippedKind::Note } else { SkippedKind::Title }
}

/// What a line below the header is, if it is no row.
pub(super) fn below_header(row: &Row, header: &Header, feed: &Feed) -> Option<SkippedKind> {
    let name = header.name.map(|column| row.cell(column).text).unwrap_or_default();
    let identity = header.identity.map(|column| row.cell(column).text).unwrap_or_default();
    // The common case, told by one cell: a number of some length.
    let identity = identity.trim();
    if identity.len() >= 15 && identity.bytes().take(4).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let filled: Vec<(usize, Cow<'_, str>)> = row
        .cells()
        .enumerate()
        .map(|(column, cell)| (column, cell_text(cell.text)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let Some((first_column, first)) = filled.first() else { return Some(SkippedKind::Blank) };
    if filled.iter().all(|(column, text)| header.is_serial(*column) && is_digits(text)) {
        return Some(SkippedKind::Blank);
    }
    if is_header_again(&filled, header, feed) {
        return Some(SkippedKind::Header);
    }
    let first = squeezed(first);
    let alone = filled.iter().all(|(_, text)| squeezed(text) == first);
    if ENDS.iter().any(|word| first.contains(word)) && filled.len() <= 2 || alone && is_whole_end(&first) {
        return Some(SkippedKind::EndMark);
    }
    if base::IdentityDocument::read(identity).is_ok() {
        return None;
    }
    let name = squeezed(name);
    if is_total(&filled, &name) {
        return Some(SkippedKind::Subtotal);
    }
    let may_be_name = !name.is_empty() && !begins_note(&name) && !name.bytes().all(|byte| byte.is_ascii());
    let has_person = may_be_name && filled.len() * 2 > header.width_filled();
    let labels = || filled.iter().filter(|(_, text)| is_bare_label(&squeezed(text))).count();
    let labels_what_follows = is_bare_label(&first) && (filled.len() <= 2 || !may_be_name || labels() >= 2);
    let is_to_be_signed =
        SIGNED.iter().any(|word| first.contains(word)) && (name.is_empty() || name == first);
    if (begins_note(&first) && !has_person)
        || labels_what_follows
        || is_to_be_signed
        || is_signature(&filled, &name)
    {
        return Some(SkippedKind::Note);
    }
    // (天), (年-月-日): units and ways to write, under a header of one line.
    let is_hint = |text: &str| {
        HINTS.contains(&text.trim_matches(['(', ')', '*', ' ']))
            || text.starts_with('(') && text.ends_with(')')
    };
    if filled.iter().all(|(_, text)| is_hint(text)) && (filled.len() >= 2 || name.is_empty()) {
        return Some(SkippedKind::Note);
    }
    alone.then(|| lonely(&first, *first_column, filled.len(), header)).flatten()
}

/// What a line is on which one text stands, once or across merged cells.
fn lonely(text: &str, column: usize, cells: usize, header: &Header) -> Option<SkippedKind> {
    let length = text.chars().count();
    if header.width_filled() < 2 {
        return None;
    }
    let before_bracket = text.split('(').next().unwrap_or(text);
    if length >= 6 && TITLES.iter().any(|word| before_bracket.ends_with(word))
        || length >= 4 && LISTS.iter().any(|word| before_bracket.ends_with(word))
    {
        return Some(SkippedKind::Title);
    }
    // 一、户籍人口; 2. 数据截至11月; 2024年11月
    let (number, after) = numbered(text);
    let explains = EXPLAINING.iter().any(|word| after.contains(word));
    if (number == Numbering::Section && length >= 4)
        || (explains && length >= 6 && (number == Numbering::List || length >= 8))
        || is_period(text)
    {
        return Some(SkippedKind::Note);
    }
    if GROUPS.iter().any(|word| before_bracket.ends_with(word)) || is_numbered_group(text) {
        return Some(SkippedKind::Title);
    }
    let is_sentence = length >= 12 || text.contains(['。', ':', '!', ';']) || is_page(text);
    let is_person_cell = header.name == Some(column) || header.identity == Some(column);
    // A text across the table, or in the first column when that is not the person's, is the heading of a group.
    let is_group = cells >= 3 || (column == 0 && !is_person_cell && !is_digits(text));
    (is_sentence && (!is_person_cell || length >= 12 || is_page(text)) || is_group)
        .then_some(SkippedKind::Note)
}

/// `第3页`, `共5页`, `第 1 页 共 5 页`.
fn is_page(text: &str) -> bool {
    text.ends_with('页') && text.starts_with(['第', '共']) && text.chars().count() <= 12
}

fn is_whole_end(text: &str) -> bool {
    let bare =
        text.trim_matches(['-', '=', '—', '*', '(', ')', '~', '.', '。', '…', '【', '】']).to_lowercase();
    WHOLE_ENDS.contains(&bare.as_str()) || (bare.is_empty() && text.chars().count() >= 3)
}

/// A cell that is a label and nothing else: 填表人, 制表日期:, 备注. What is labelled stands beside it, whatever column that is.
fn is_bare_label(text: &str) -> bool {
    let bare = text.strip_suffix(':').unwrap_or(text);
    NOTES.iter().any(|word| {
        let Some(rest) = bare.strip_prefix(word.trim_end_matches(':')) else { return false };
        // 单位 and 联系人 without a colon could be a name in an unlucky column.
        (rest.is_empty() && (!word.ends_with(':') || bare.len() < text.len()))
            || matches!(rest, "人" | "人员" | "单位" | "日期" | "时间")
    })
}

fn begins_note(text: &str) -> bool {
    let text = text.trim_start_matches(['*', '(', '※', '【']);
    NOTES.iter().any(|word| text.starts_with(word))
        || (text.starts_with("注") && text.contains(['1', '.', '。']))
}

/// Whether every cell says who signs for the table and when: `单位负责人:`, `填报日期:`.
fn is_signature(filled: &[(usize, Cow<'_, str>)], name: &str) -> bool {
    let is_label = |text: &str| {
        let before = text.split_once(':').map(|(before, _)| before);
        before.is_some_and(|before| {
            (2..=8).contains(&before.chars().count())
                && !is_role(before)
                && !before.bytes().any(|byte| byte.is_ascii_digit())
        }) || begins_note(text)
    };
    let labels = filled.iter().filter(|(_, text)| is_label(&squeezed(text))).count();
    labels >= 2 && labels * 2 >= filled.len() && (name.is_empty() || is_label(name))
}

/// How a text is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbering {
    None,
    /// `2.`, `(2)`, `②`
    List,
    /// `一、`, `(一)`, `第一部分`
    Section,
}

/// How a text is numbered, and what follows the number.
fn numbered(text: &str) -> (Numbering, &str) {
    let bare = text.trim_start_matches(['(', '第']);
    let is_numeral =
        |character: char| base::notation::chinese_digit(character).is_some() || character == '十';
    for (numbering, after) in [
        (Numbering::List, bare.trim_start_matches(|character: char| character.is_ascii_digit())),
        (Numbering::Section, bare.trim_start_matches(is_numeral)),
    ] {
        if after.len() < bare.len() && after.starts_with(['、', '.', ')', ',', '部']) {
            return (numbering, after);
        }
    }
    let circled = |character: char| ('①'..='⑳').contains(&character);
    if text.starts_with(circled) { (Numbering::List, text) } else { (Numbering::None, text) }
}

/// `2024年11月`, `2024-2025学年`: when the table was made.
fn is_period(text: &str) -> bool {
    text.bytes().take(4).filter(u8::is_ascii_digit).count() == 4
        && (text.ends_with(['年', '月', '日', '度', '期']) || base::read_day(text).day().is_some())
        && !is_digits(text)
}

/// `二(1)班`, `高一4班`, `3栋`, `2单元`: a class or a house, with its number.
fn is_numbered_group(text: &str) -> bool {
    let before = ["班", "栋", "号楼", "单元", "楼", "组"].iter().find_map(|word| text.strip_suffix(word));
    before.is_some_and(|before| before.ends_with(|last: char| last.is_ascii_digit() || last == ')'))
}

/// Whether a total is called so in one of the first cells, where no person is.
fn is_total(filled: &[(usize, Cow<'_, str>)], name: &str) -> bool {
    // 共5户12人
    let is_count = |text: &str| {
        text.strip_prefix("以上").unwrap_or(text).starts_with('共')
            && text.bytes().any(|byte| byte.is_ascii_digit())
            && text.ends_with(['人', '户', '条', '名', '行', '份', '页', '个', '件'])
    };
    // 3户5人; 缺勤 5,312 人,其中…: what is counted stands beside the word, in whatever column.
    let is_tally = |text: &str| {
        text.bytes().any(|byte| byte.is_ascii_digit()) && text.contains(['人', '户', '条', '名'])
    };
    let names_total = |text: &str| is_count(text) || names_total(text);
    let called = filled.iter().take(3).any(|(_, text)| names_total(&squeezed(text)));
    called && (name.is_empty() || names_total(name) || is_digits(name) || is_tally(name))
}

/// Whether a text is the name of a total: 合计, 合计人数:3, 西丽街道小计, 总人数3人.
fn names_total(text: &str) -> bool {
    TOTALS.iter().any(|word| {
        let Some((before, rest)) = text.split_once(word) else { return false };
        // 西丽街道小计: what is added up may stand before the word.
        let adds_up = matches!(*word, "合计" | "小计" | "总计" | "共计");
        if !(before.is_empty() || adds_up && before.chars().count() <= 10) {
            return false;
        }
        let unit = UNITS.iter().find_map(|unit| rest.strip_prefix(unit)).unwrap_or(rest);
        unit.is_empty()
            || unit.starts_with([':', '(', '='])
            || unit.starts_with(|first: char| first.is_ascii_digit())
    })
}

/// Whether the line says again what the header says, in its order, in another or in other words, or numbers its columns
/// (1 2 3 …, 甲 乙 1 2 …).
fn is_header_again(filled: &[(usize, Cow<'_, str>)], header: &Header, feed: &Feed) -> bool {
    let headings: Vec<Heading> = filled.iter().map(|(_, text)| Heading::of(text)).collect();
    let most = |same: usize| same * 10 >= filled.len() * 6 && same >= 2;
    let same = filled
        .iter()
        .zip(&headings)
        .filter(|((column, _), heading)| header.has_heading(*column, heading.whole()));
    let same = same.count();
    if most(same) || filled.len() == same && header.width_filled() <= 2 {
        return true;
    }
    // Only a line with a heading where the person stands is worth the further look.
    let stands_for_person = |column: usize| header.name == Some(column) || header.identity == Some(column);
    let has_heading = |((column, _), heading): (&(usize, Cow<'_, str>), &Heading)| {
        stands_for_person(*column) && header.has_heading_somewhere(heading.whole())
    };
    if filled.iter().zip(&headings).any(has_heading)
        && most(headings.iter().filter(|heading| feed.column_for(heading).is_some()).count())
    {
        return true;
    }
    let numbers: Vec<usize> = filled
        .iter()
        .filter(|(_, text)| !matches!(text.as_ref(), "甲" | "乙" | "丙" | "丁" | "栏次"))
        .map_while(|(_, text)| text.trim_matches(['(', ')']).parse().ok())
        .collect();
    let lettered = filled.len() - numbers.len();
    (numbers.len() >= 3 || (numbers.len() == 2 && lettered > 0))
        && lettered <= 4
        && filled.iter().skip(lettered).count() == numbers.len()
        && numbers.first().is_some_and(|first| *first <= 2)
        && numbers.windows(2).all(|pair| matches!(pair, [one, next] if one + 1 == *next))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A text in half width without spaces.
fn squeezed(text: &str) -> String {
    cell_text(text).chars().filter(|character| !character.is_whitespace()).collect()
}
