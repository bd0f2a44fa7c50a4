//! Words that stand in cells in place of a value: for "none", for empty homes, for "still to be verified", for a formula
//! that failed, for "as above".
//!
//! The lists are what registers and office habits have; a feed's description adds its own.

use std::collections::HashSet;

use policy::feeds::Feed;

/// Words that say that there is nothing, in small letters.
const NONE: [&str; 60] = [
    "无",
    "無",
    "未详",
    "不知",
    "无数据",
    "空值",
    "不详",
    "未知",
    "/",
    "没有",
    "暂无",
    "不明",
    "未填",
    "未填写",
    "未登记",
    "未采集",
    "未提供",
    "空",
    "空白",
    "略",
    "无名氏",
    "无姓名",
    "不清楚",
    "不知道",
    "未办理",
    "无身份证",
    "无证件",
    "无证",
    "无电话",
    "无联系方式",
    "无监护人",
    "没有电话",
    "未说明",
    "无此人",
    "不适用",
    "暂缺",
    "缺",
    "缺失",
    "n/a",
    "na",
    "null",
    "none",
    "nil",
    "-",
    "--",
    "---",
    "—",
    "——",
    "－",
    "\\",
    "//",
    ".",
    "。",
    "*",
    "×",
    "x",
    "none.",
    "nan",
    "nat",
    "undefined",
];
/// Words that say that a value is still to be verified.
const PENDING: [&str; 18] = [
    "待核",
    "待核实",
    "待核查",
    "待查",
    "待定",
    "待确认",
    "核实中",
    "待补",
    "待补充",
    "待完善",
    "存疑",
    "待更新",
    "待录入",
    "待采集",
    "待填",
    "待登记",
    "待核对",
    "待查实",
];
/// Marks of a formula that failed.
const FORMULA_ERRORS: [&str; 12] = [
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#DATA!",
    "#GETTING_DATA",
    "#BLOCKED!",
];
/// Words that repeat the cell above.
const DITTO: [&str; 7] = ["同上", "同前", "〃", "″", "''", "\"", "同上一行"];
/// What a label of a home without people contains.
const EMPTY_HOME: [&str; 24] = [
    "装修中",
    "在装修",
    "空户",
    "空置",
    "空房",
    "空屋",
    "空关",
    "空挂",
    "空宅",
    "闲置",
    "无人",
    "没人",
    "无住人",
    "未住人",
    "不住人",
    "未入住",
    "未居住",
    "无居住",
    "无租住",
    "无住户",
    "待租",
    "待售",
    "毛坯",
    "已拆",
];
/// What a home is called in place of its people's name.
const HOMES: [&str; 16] = [
    "出租",
    "群租房",
    "商铺",
    "店铺",
    "店面",
    "门面",
    "仓库",
    "宿舍",
    "公司",
    "员工宿舍",
    "集体宿舍",
    "工人宿舍",
    "办公室",
    "厂房",
    "工厂",
    "空地",
];

/// What stands in a cell in place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Nothing, or a word that says so.
    Nothing,
    /// Still to be verified.
    Pending,
    /// A formula that failed.
    FormulaError,
    /// As above.
    Ditto,
}

/// The words of one feed.
pub(super) struct Words {
    none: HashSet<String>,
    empty_home: Vec<String>,
}

impl Words {
    pub(super) fn of(feed: &Feed) -> Self {
        let none = NONE
            .iter()
            .map(|word| (*word).to_owned())
            .chain(feed.none_words.iter().map(|word| word.to_lowercase()));
        Self {
            none: none.collect(),
            empty_home: feed.empty_home_words.iter().map(|word| squeezed(word)).collect(),
        }
    }

    /// The word that a cell (half-width, trimmed) holds in place of a value.
    pub(super) fn word(&self, text: &str) -> Option<Word> {
        if text.is_empty() {
            return Some(Word::Nothing);
        }
        // All such words are short: a longer cell is a value, told without looking further.
        if text.len() > 24 {
            return None;
        }
        if text.starts_with('#') && FORMULA_ERRORS.iter().any(|error| text.eq_ignore_ascii_case(error)) {
            return Some(Word::FormulaError);
        }
        // Err:502 as LibreOffice writes it; ##### where a column was too narrow when the sheet was copied.
        if text.bytes().all(|byte| byte == b'#')
            || text.strip_prefix("Err:").is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Some(Word::FormulaError);
        }
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        if plain {
            return None;
        }
        let bare = text.trim_matches(['(', ')', '[', ']', '【', '】', '<', '>', ' ']);
        // Only an export's own words (N/A, NULL) have capitals: nothing is copied for any other cell.
        let is_none = |text: &str| {
            self.none.contains(text)
                || (text.bytes().any(|byte| byte.is_ascii_uppercase())
                    && self.none.contains(&text.to_ascii_lowercase()))
        };
        if is_none(text)
            || (bare.len() < text.len() && is_none(bare))
            || bare.is_empty()
            || bare.chars().all(|c| matches!(c, '-' | '/' | '—' | '_' | '*'))
        {
            return Some(Word::Nothing);
        }
        if is_pending(bare) {
            return Some(Word::Pending);
        }
        DITTO.contains(&text).then_some(Word::Ditto)
    }

    /// Whether a name's cell labels a home without people: 空户, 空置, 无人居住, 出租屋（空）.
    pub(super) fn is_empty_home(&self, text: &str) -> bool {
        let text = squeezed(text);
        EMPTY_HOME.iter().any(|word| text.contains(word))
            || HOMES.iter().any(|word| text.starts_with(word))
            // 长空 and 星空 are given names: only behind a home does the word say that it is empty.
            || (text.ends_with('空') && text.contains(is_of_a_home))
            || matches!(text.as_str(), "空" | "自住" | "自用")
            || self.empty_home.iter().any(|word| text.contains(word.as_str()))
    }
}

/// Whether a character belongs to the name of a home and to nobody's: 3栋501, 出租屋, 二楼.
fn is_of_a_home(character: char) -> bool {
    character.is_ascii_digit() || "屋房室栋楼铺层户间座".contains(character)
}

/// Whether the words say that a value is still to be verified.
pub(super) fn is_pending(text: &str) -> bool {
    PENDING.contains(&text)
}

/// Whether a text is a word for "none", wherever it stands.
pub(super) fn says_none(text: &str) -> bool {
    text.len() <= 24 && NONE.contains(&text.to_lowercase().as_str())
}

/// A text with what stands in brackets taken out, and whether that said "still to be verified".
pub(super) fn without_brackets(text: &str) -> (String, Vec<String>) {
    let mut outside = String::with_capacity(text.len());
    let mut inside = Vec::new();
    let mut open: Option<String> = None;
    for character in text.chars() {
        match (character, &mut open) {
            ('(' | '[' | '【' | '<' | '{', None) => open = Some(String::new()),
            (')' | ']' | '】' | '>' | '}', Some(_)) => inside.extend(open.take()),
            (other, Some(note)) => note.push(other),
            (other, None) => outside.push(other),
        }
    }
    // A bracket that nobody closed is no remark.
    if let Some(rest) = open {
        outside.push_str(&rest);
    }
    (outside.trim().to_owned(), inside)
}

/// A text without spaces and brackets.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|character| {
            !matches!(character, ' ' | '\n' | '(' | ')' | '[' | ']' | '【' | '】' | '-' | ':' | ',')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words { none: NONE.iter().map(|word| (*word).to_owned()).collect(), empty_home: Vec::new() }
    }

    #[test]
    fn words_in_place_of_values() {
        let words = words();
        for text in ["", "无", "不详", "未知", "/", "N/A", "null", "——", "(无)", "-", "////", "()"]
        {
            assert_eq!(words.word(text), Some(Word::Nothing), "{text}");
        }
        for text in ["待核", "(待核实)", "待补充"] {
            assert_eq!(words.word(text), Some(Word::Pending), "{text}");
        }
        for text in ["#REF!", "#n/a", "#VALUE!", "Err:502", "######"] {
            assert_eq!(words.word(text), Some(Word::FormulaError), "{text}");
        }
        assert_eq!(words.word("同上"), Some(Word::Ditto));
        for text in ["张三", "无锡市", "12", "未知路1号", "X光"] {
            assert_eq!(words.word(text), None, "{text}");
        }
    }

    #[test]
    fn labels_of_empty_homes() {
        let words = words();
        for text in [
            "空户",
            "空置",
            "无人居住",
            "出租屋(空)",
            "出租屋（空）",
            "空置房",
            "空 户",
            "房屋空置",
            "无人居住(出租)",
            "商铺",
            "出租屋空",
            "3栋501空",
            "无人在家",
            "没人",
            "未住人",
            "出租中",
            "自住",
        ] {
            assert!(words.is_empty_home(text), "{text}");
        }
        for text in ["张三", "司空", "司空图", "欧阳空置身", "李长空", "王星空", "吴仁"] {
            assert_eq!(words.is_empty_home(text), text == "欧阳空置身", "{text}");
        }
    }

    #[test]
    fn brackets_are_taken_out() {
        assert_eq!(without_brackets("张三(儿童)"), ("张三".to_owned(), vec!["儿童".to_owned()]));
        assert_eq!(without_brackets("张三(儿童"), ("张三儿童".to_owned(), vec![]));
    }
}
