//! Lines of a table that are no rows: blank ones, repeated headers, subtotals, notes, titles, end marks.
//!
//! A line that could be a person's is never skipped: whoever has an identity number, or a name with half a row behind
//! it, is a row, whatever words stand there.

use std::borrow::Cow;

use base::notation::cell_text;
use policy::feeds::Heading;
use sheets::Row;

use super::codes::SkippedKind;
use super::header::Header;

/// Words of subtotals and totals.
const TOTALS: [&str; 11] =
    ["合计", "小计", "总计", "共计", "总数", "累计", "平均", "本页合计", "本页小计", "总人数", "汇总"];
/// Words with which a note begins.
const NOTES: [&str; 44] = [
    "注:",
    "注意",
    "备注:",
    "说明:",
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
    "日期:",
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
/// Hints that stand under a header: how to fill it in.
const HINTS: [&str; 9] =
    ["必填", "选填", "可不填", "文本", "文本格式", "下拉选择", "不填", "非必填", "必填项"];

/// What a line above the header is.
pub(super) fn above_header(row: &Row) -> SkippedKind {
    if row.is_blank() {
        return SkippedKind::Blank;
    }
    let first = row.cells().map(|cell| squeezed(cell.text)).find(|text| !text.is_empty()).unwrap_or_default();
    if begins_note(&first) { SkippedKind::Note } else { SkippedKind::Title }
}

/// What a line below the header is, if it is no row.
pub(super) fn below_header(row: &Row, header: &Header) -> Option<SkippedKind> {
    let name = header.name.map(|column| row.cell(column).text).unwrap_or_default();
    let identity = header.identity.map(|column| row.cell(column).text).unwrap_or_default();
    // The common case, told by two cells: a name of a few characters without any sign, and a number of some length.
    if identity.trim().len() >= 15 && identity.bytes().any(|byte| byte.is_ascii_digit()) {
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
    if is_header_again(&filled, header) {
        return Some(SkippedKind::Header);
    }
    let first = squeezed(first);
    let alone = filled.iter().all(|(_, text)| squeezed(text) == first);
    if ENDS.iter().any(|word| first.contains(word)) && filled.len() <= 2 || alone && is_whole_end(&first) {
        return Some(SkippedKind::EndMark);
    }
    let name = squeezed(name);
    if is_total(&filled, &name) {
        return Some(SkippedKind::Subtotal);
    }
    let has_person = !name.is_empty() && !begins_note(&name) && filled.len() * 2 > header.width_filled();
    if begins_note(&first) && !has_person {
        return Some(SkippedKind::Note);
    }
    if filled.iter().all(|(_, text)| HINTS.contains(&text.trim_matches(['(', ')', '*', ' ']))) {
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
    if length >= 6 && TITLES.iter().any(|word| before_bracket.ends_with(word)) {
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

fn begins_note(text: &str) -> bool {
    let text = text.trim_start_matches(['*', '(', '※', '【']);
    NOTES.iter().any(|word| text.starts_with(word))
        || (text.starts_with("注") && text.contains(['1', '.', '。']))
}

/// Whether a total is called so in one of the first cells, where no person is.
fn is_total(filled: &[(usize, Cow<'_, str>)], name: &str) -> bool {
    let is_word = |text: &str| {
        TOTALS.iter().any(|word| {
            text.strip_prefix(word).is_some_and(|rest| {
                rest.is_empty()
                    || rest.starts_with([':', '(', '=', '数'])
                    || rest.starts_with(|first: char| first.is_ascii_digit())
                    || matches!(rest, "人数" | "户数" | "人" | "户" | "数" | "金额" | "天数")
            })
        })
    };
    // 共5户12人; 西丽街道小计
    let is_count = |text: &str| {
        text.starts_with('共')
            && text.bytes().any(|byte| byte.is_ascii_digit())
            && text.ends_with(['人', '户', '条', '名', '行', '份', '页', '个', '件'])
    };
    let ends_so = |text: &str| {
        text.chars().count() <= 12
            && (text.ends_with("小计") || text.ends_with("合计") || text.ends_with("总计"))
    };
    let names_total = |text: &str| is_word(text) || is_count(text) || ends_so(text);
    let called = filled.iter().take(3).any(|(_, text)| names_total(&squeezed(text)));
    called && (name.is_empty() || names_total(name) || is_digits(name))
}

/// Whether the line says again what the header says, or numbers its columns (1 2 3 …, 甲 乙 1 2 …).
fn is_header_again(filled: &[(usize, Cow<'_, str>)], header: &Header) -> bool {
    let same =
        filled.iter().filter(|(column, text)| header.has_heading(*column, Heading::of(text).whole())).count();
    if same * 10 >= filled.len() * 6 && (same >= 2 || filled.len() == same && header.width_filled() <= 2) {
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
