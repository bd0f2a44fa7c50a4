//! Names as cells hold them: with a role before or behind (儿童:张三, 李四（户主）), with spaces between the characters, in
//! part (张某, 张*), several in one cell.

use std::borrow::Cow;

use base::ResidentId;

use super::surnames;
use super::words::{is_pending, says_none, without_brackets};

/// What a cell of names says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NameReading {
    /// The person's name in its normal form, if it is whole.
    pub(super) name: Option<String>,
    /// What is wrong with it.
    pub(super) fault: Option<NameFault>,
    /// The role that stood with it.
    pub(super) role: Option<Role>,
    /// Somebody who looks after the person, named in the same cell.
    pub(super) guardian: Option<(Role, String)>,
    /// Digits that stood with the name: often a phone.
    pub(super) digits: Option<String>,
    /// Whether it is marked as still to be verified.
    pub(super) is_pending: bool,
}

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameFault {
    /// It is there in part only.
    Partial,
    /// There are several.
    Several,
    /// It is none.
    Unreadable,
}

/// Most characters of a name: whole names of six and more words of other languages have their place; a text beyond is
/// none.
const LONGEST_NAME: usize = 200;

/// A role that is written with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// 儿童, 学生
    Child,
    /// 户主
    Head,
    /// 成员, 本人, 姓名: says nothing.
    Member,
    /// 监护人, 家长
    Guardian,
    /// 父亲
    Father,
    /// 母亲
    Mother,
    /// 爷爷, 外婆
    Grandparent,
}

impl Role {
    /// Whether the role is that of somebody who looks after another.
    pub(super) fn is_guardian(self) -> bool {
        matches!(self, Self::Guardian | Self::Father | Self::Mother | Self::Grandparent)
    }
}

/// Roles that can stand right before a name, the longer first.
const ROLES: [(&str, Role); 37] = [
    ("法定监护人", Role::Guardian),
    ("被监护人", Role::Child),
    ("未成年人", Role::Child),
    ("家庭成员", Role::Member),
    ("监护人", Role::Guardian),
    ("残疾人", Role::Member),
    ("困境儿童", Role::Child),
    ("留守儿童", Role::Child),
    ("流动儿童", Role::Child),
    ("儿童", Role::Child),
    ("学生", Role::Child),
    ("幼儿", Role::Child),
    ("孩子", Role::Child),
    ("小孩", Role::Child),
    ("子女", Role::Child),
    ("家长", Role::Guardian),
    ("户主", Role::Head),
    ("成员", Role::Member),
    ("本人", Role::Member),
    ("姓名", Role::Member),
    ("父亲", Role::Father),
    ("母亲", Role::Mother),
    ("爸爸", Role::Father),
    ("妈妈", Role::Mother),
    ("爷爷", Role::Grandparent),
    ("奶奶", Role::Grandparent),
    ("外公", Role::Grandparent),
    ("外婆", Role::Grandparent),
    ("姥爷", Role::Grandparent),
    ("姥姥", Role::Grandparent),
    ("祖父", Role::Grandparent),
    ("祖母", Role::Grandparent),
    ("外祖父", Role::Grandparent),
    ("外祖母", Role::Grandparent),
    ("人员", Role::Member),
    ("居民", Role::Member),
    ("住户", Role::Member),
];
/// Roles of one character, which count only before a colon or in brackets.
const SHORT_ROLES: [(&str, Role); 4] =
    [("父", Role::Father), ("母", Role::Mother), ("子", Role::Child), ("女", Role::Child)];
/// What stands between a role and a name.
const AFTER_ROLE: [char; 9] = [':', '-', '—', '=', '.', '、', ' ', '·', ';'];
/// What stands in a cell of names in place of one: who somebody is to others, or why there is no name.
const NOT_NAMES: [&str; 37] = [
    "父母",
    "父母亲",
    "祖父母",
    "外祖父母",
    "爷爷奶奶",
    "外公外婆",
    "亲戚",
    "亲属",
    "其他亲属",
    "业主",
    "房东",
    "租客",
    "租户",
    "承租人",
    "流动人员",
    "流动人口",
    "外来人员",
    "无业",
    "新生儿",
    "未命名",
    "未取名",
    "未起名",
    "待取名",
    "无名",
    "无名字",
    "没名字",
    "名字不详",
    "姓名不详",
    "姓名未知",
    "未知姓名",
    "不祥",
    "拒访",
    "拒绝登记",
    "拒绝提供",
    "人户分离",
    "不在家",
    "日期",
];
/// What no name ends with: a list of schools or places has strayed into the column.
const INSTITUTIONS: [&str; 12] = [
    "小学",
    "中学",
    "学校",
    "幼儿园",
    "街道",
    "社区",
    "居委会",
    "村委会",
    "工作站",
    "派出所",
    "网格",
    "小区",
];
/// Ways to speak of somebody whose given name is not known: 王同学, 李芳之子.
const ADDRESSES: [&str; 18] = [
    "先生",
    "女士",
    "小姐",
    "同学",
    "小朋友",
    "老师",
    "阿姨",
    "叔叔",
    "某某",
    "师傅",
    "之子",
    "之女",
    "的孩子",
    "的儿子",
    "的女儿",
    "婴儿",
    "男婴",
    "女婴",
];
/// Remarks behind a name that is not the person's own.
const ALIASES: [&str; 4] = ["化名", "假名", "匿名", "代称"];

/// Whether a word is a role that can stand before a name.
pub(super) fn is_role(word: &str) -> bool {
    let word = without_ordinal_at_end(word);
    ROLES.iter().chain(&SHORT_ROLES).any(|(role, _)| *role == word)
}

/// A role without the number that counts it: 成员1.
fn without_ordinal_at_end(word: &str) -> &str {
    word.trim_end_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
}

/// Reads a cell of names. `text` is half-width and trimmed.
pub(super) fn read(text: &str) -> NameReading {
    if is_plain(text) {
        return NameReading { name: Some(text.to_owned()), ..NameReading::default() };
    }
    let mut reading = NameReading::default();
    let mut people: Vec<String> = Vec::new();
    let mut guardians: Vec<(Role, String)> = Vec::new();
    let mut is_alias = false;
    for part in parts(text) {
        let (role, name, notes) = split_role(part.trim());
        is_alias |= notes.iter().any(|note| ALIASES.contains(&note.as_str()));
        reading.is_pending |= notes.iter().any(|note| is_pending(note)) || is_pending(name.as_str());
        if name.is_empty() || says_none(&name) {
            reading.role = reading.role.or(role);
            continue;
        }
        match role {
            Some(role) if role.is_guardian() => {
                guardians.extend(surnames::apart(&name).into_iter().map(|name| (role, name)));
            }
            role => {
                reading.role = reading.role.or(role);
                people.extend(surnames::apart(&name));
            }
        }
    }
    if people.is_empty() && !guardians.is_empty() {
        // 监护人:李四 alone is the name of whoever the row is about.
        let (role, name) = guardians.remove(0);
        reading.role = Some(role);
        people.push(name);
    }
    reading.guardian = guardians.into_iter().find_map(|(role, name)| Some((role, checked(&name).0?)));
    match people.as_slice() {
        [] => reading.fault = Some(NameFault::Unreadable),
        [only] => {
            let (name, digits, fault) = checked_with_digits(only);
            (reading.name, reading.digits, reading.fault) = (name, digits, fault);
        }
        [first, ..] if people.iter().all(|other| other == first) => {
            (reading.name, reading.fault) = checked(first);
        }
        _ => reading.fault = Some(NameFault::Several),
    }
    if is_alias && reading.name.take().is_some() {
        reading.fault = Some(NameFault::Partial);
    }
    reading
}

/// A whole identity number in a cell of names, and the cell without it: 张三 440305…. Only one whose check character fits;
/// any other may be a phone and something.
pub(super) fn with_number(text: &str) -> Option<(String, &str)> {
    const LENGTH: usize = 18;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric();
    let runs = text.as_bytes().split_inclusive(|byte| !is_part(byte));
    let mut at = 0;
    for run in runs {
        let (from, length) = (at, run.iter().take_while(|byte| is_part(byte)).count());
        at += run.len();
        if length != LENGTH {
            continue;
        }
        let (before, number, after) =
            (text.get(..from)?, text.get(from..from + LENGTH)?, text.get(from + LENGTH..)?);
        if ResidentId::read(number).is_ok() {
            return Some((format!("{before} {after}").trim().to_owned(), number));
        }
    }
    None
}

/// Two to four Chinese characters that are no role and no part of a name: the common case, told at once.
fn is_plain(text: &str) -> bool {
    let mut count = 0;
    for character in text.chars() {
        if !is_chinese(character) || character == '某' {
            return false;
        }
        count += 1;
    }
    (2..=4).contains(&count)
        && !ROLES.iter().any(|(word, _)| text.starts_with(word))
        && !ADDRESSES.iter().any(|word| text.ends_with(word))
        && !NOT_NAMES.contains(&text)
        && !INSTITUTIONS.iter().any(|word| text.ends_with(word))
        && !is_pending(text)
}

pub(super) fn is_chinese(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '\u{f900}'..='\u{faff}' | '〇')
}

/// The parts of a cell, one for each name: cut at separators, and at spaces before a role.
fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let text = without_wrapping(without_number(text));
    for piece in text.split([';', '/', '、', '|', '\n', ',', '&', '+']) {
        let mut current = String::new();
        for word in piece.split(' ').filter(|word| !word.is_empty()) {
            let begins_role = ROLES.iter().any(|(role, _)| word.starts_with(role))
                || SHORT_ROLES
                    .iter()
                    .any(|(role, _)| word.strip_prefix(role).is_some_and(|rest| rest.starts_with(':')));
            let only_role = ROLES.iter().any(|(role, _)| current.trim_end_matches(AFTER_ROLE) == *role);
            if begins_role && !current.is_empty() && !only_role {
                parts.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        if !current.is_empty() {
            parts.push(current);
        }
    }
    parts
}

/// A cell without the number of a list before the name: `1、张三`, `2.李四`, `3王五`.
fn without_number(text: &str) -> &str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 4 {
        return text;
    }
    let rest = text.get(digits..).unwrap_or_default();
    let rest = rest.trim_start_matches(['.', '、', ')', ',', ' ', '-']);
    if rest.chars().take(2).filter(|character| is_chinese(*character)).count() == 2 { rest } else { text }
}

/// A cell whose line was broken inside one name (张↵三) as one line; a break between two names stays.
fn without_wrapping(text: &str) -> Cow<'_, str> {
    let is_short = text.chars().filter(|character| *character != '\n').count() <= 4;
    let breaks_a_name = text.split('\n').any(|line| line.chars().count() == 1);
    if is_short && breaks_a_name { Cow::Owned(text.replace('\n', "")) } else { Cow::Borrowed(text) }
}

/// The role, the name without it, and what stood in brackets.
fn split_role(part: &str) -> (Option<Role>, String, Vec<String>) {
    let (outside, notes) = without_brackets(part);
    let role_of = |word: &str| {
        ROLES.iter().chain(&SHORT_ROLES).find(|(role, _)| *role == word.trim()).map(|(_, role)| *role)
    };
    let in_brackets = notes.iter().find_map(|note| role_of(note));
    let rest = outside.trim_matches(AFTER_ROLE);
    for (word, role) in ROLES {
        if let Some(name) = rest.strip_prefix(word) {
            let name = without_ordinal(name).trim_matches(AFTER_ROLE);
            // 监护人(李四): the brackets hold the name.
            let in_brackets = notes.iter().find(|note| name.is_empty() && role_of(note).is_none());
            let name = in_brackets.filter(|note| !is_pending(note)).map_or(name, String::as_str).to_owned();
            return (Some(role), name, notes);
        }
    }
    for (word, role) in SHORT_ROLES {
        if let Some(name) = rest.strip_prefix(word).and_then(|rest| rest.strip_prefix(':')) {
            return (Some(role), name.trim_matches(AFTER_ROLE).to_owned(), notes);
        }
    }
    // 王雨桐 男: the sex has strayed into the cell; that of a girl is a role, too.
    if let Some((name, "男")) = rest.rsplit_once([' ', '-', ':'])
        && name.chars().filter(|character| is_chinese(*character)).count() >= 2
    {
        return (in_brackets, name.trim_matches(AFTER_ROLE).to_owned(), notes);
    }
    let suffix = rest.rsplit_once([' ', '-', ':']).and_then(|(name, word)| Some((role_of(word)?, name)));
    if let Some((role, name)) = suffix {
        return (Some(role), name.trim_matches(AFTER_ROLE).to_owned(), notes);
    }
    (in_brackets, rest.to_owned(), notes)
}

/// What follows a role that counts: 成员1:张三, 儿童二:张三.
fn without_ordinal(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    if rest.len() < name.len() && rest.starts_with(AFTER_ROLE) { rest } else { name }
}

fn checked(name: &str) -> (Option<String>, Option<NameFault>) {
    let (name, _, fault) = checked_with_digits(name);
    (name, fault)
}

/// The normal form of a name, digits that stood behind it, and what is wrong with it.
fn checked_with_digits(name: &str) -> (Option<String>, Option<String>, Option<NameFault>) {
    // A word before a colon that is none of the roles is still no part of the name: 低保户:张三.
    let name = name.rsplit_once(':').map_or(name, |(_, behind)| behind).trim_matches([' ', '。']);
    let name = &with_plain_dots(name);
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let rest = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | ':' | '-'));
    let has_digits_inside = rest.bytes().any(|byte| byte.is_ascii_digit());
    let digits = (!digits.is_empty() && !has_digits_inside).then_some(digits);
    let letters = rest.chars().filter(|character| character.is_alphabetic()).count();
    let fault = |fault| (None, digits.clone(), Some(fault));
    if letters == 0
        || has_digits_inside
        || NOT_NAMES.contains(&rest)
        || INSTITUTIONS.iter().any(|word| rest.ends_with(word))
        || rest.chars().count() > LONGEST_NAME
        || rest.contains(['。', '#', '@', '!', '\u{fffd}'])
    {
        let hidden = rest.contains(['*', '●', '□', '?']);
        return fault(if hidden && letters > 0 { NameFault::Partial } else { NameFault::Unreadable });
    }
    let chinese = rest.chars().filter(|character| is_chinese(*character)).count();
    let hidden = rest.contains(['*', '●', '○', '□', '■', '█', '?', '×', '某', '…', '～', '~']);
    let crossed_out = chinese > 0 && rest.chars().any(|character| matches!(character, 'x' | 'X' | 'ｘ'));
    let addressed = ADDRESSES.iter().any(|word| rest.ends_with(word)) && chinese <= 7;
    if hidden || crossed_out || addressed || letters == 1 {
        return fault(NameFault::Partial);
    }
    // A sentence is no name; the longest Chinese transcriptions have a dot in the middle.
    if chinese > 12 && !rest.contains(['·', '•', '.']) {
        return fault(NameFault::Unreadable);
    }
    (Some(normal(rest, chinese > 0)), digits, None)
}

/// Signs that are typed for the dot of transcribed names.
const DOTS: [char; 13] = ['•', '‧', '・', '･', '．', '.', '∙', '⋅', '˙', '․', '﹒', '●', '。'];

/// A name in which every sign between two parts of it is the one dot; elsewhere such a sign hides a character, or ends
/// a sentence.
fn with_plain_dots(name: &str) -> Cow<'_, str> {
    if !name.contains(DOTS) {
        return Cow::Borrowed(name);
    }
    let is_part = |part: &str| {
        let letters = part.chars().filter(|character| !character.is_whitespace());
        letters.clone().count() >= 2 && letters.clone().all(|letter| is_chinese(letter) || letter == '·')
    };
    if name.split(DOTS).all(is_part) { Cow::Owned(name.replace(DOTS, "·")) } else { Cow::Borrowed(name) }
}

/// One form for spaces and the dot of transcribed names, and no ornament around (★张三, 《张三》, 张三①).
fn normal(name: &str, is_chinese: bool) -> String {
    let name = name.trim_matches(|character: char| !character.is_alphabetic() && character != '.');
    if !is_chinese {
        return name.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    name.trim_matches('.')
        .chars()
        .filter(|character| !character.is_whitespace() && !matches!(character, '"' | '\'' | '“' | '”'))
        .map(|character| if DOTS.contains(&character) { '·' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_before_and_behind_names() {
        for (text, role) in [
            ("张三", None),
            ("儿童:张三", Some(Role::Child)),
            ("儿童 张三", Some(Role::Child)),
            ("儿童张三", Some(Role::Child)),
            ("(儿童)张三", Some(Role::Child)),
            ("张三(儿童)", Some(Role::Child)),
            ("户主:张三", Some(Role::Head)),
            ("户主-张三", Some(Role::Head)),
            ("成员:张三", Some(Role::Member)),
            ("监护人:张三", Some(Role::Guardian)),
            ("家长:张三", Some(Role::Guardian)),
            ("父:张三", Some(Role::Father)),
            ("姓名:张三", Some(Role::Member)),
            ("张 三", None),
            ("张三(小名阿宝)", None),
        ] {
            let reading = read(text);
            assert_eq!(
                (reading.name.as_deref(), reading.role, reading.fault),
                (Some("张三"), role, None),
                "{text}"
            );
        }
    }

    #[test]
    fn a_guardian_in_the_same_cell() {
        for text in
            ["儿童:张三;监护人:李四", "儿童:张三 监护人:李四", "张三/家长:李四", "儿童:张三\n监护人:李四"]
        {
            let reading = read(text);
            assert_eq!(reading.name.as_deref(), Some("张三"), "{text}");
            assert_eq!(reading.guardian, Some((Role::Guardian, "李四".to_owned())), "{text}");
        }
        assert_eq!(read("李四13812346207").digits.as_deref(), Some("13812346207"));
    }

    #[test]
    fn a_number_in_the_cell_of_the_name() {
        let number = ResidentId::compose(440_305, base::Day::new(2015, 3, 12).unwrap(), 12).unwrap();
        for text in
            ["张三 ID", "张三ID", "ID张三", "张三（ID）", "张三\nID", "身份证号:ID 姓名:张三", "张三，id"]
        {
            let text = text.replace("ID", number.as_str()).replace("id", &number.as_str().to_lowercase());
            let (rest, found) = with_number(&text).unwrap();
            assert_eq!(ResidentId::read(found), Ok(number), "{text}");
            assert!(rest.contains("张三") && !rest.contains(number.as_str()), "{rest}");
        }
        for text in ["张三", "张三13812346207", "张三440305201503120128", "张三1440305201503120129"] {
            assert_eq!(with_number(text), None, "{text}");
        }
    }

    #[test]
    fn names_that_are_no_plain_ones() {
        for (text, name) in [
            ("阿依古丽•买买提", "阿依古丽·买买提"),
            ("John  Smith", "John Smith"),
            ("Maria Silva", "Maria Silva"),
            (
                "Karl-Theodor Maximilian Friedrich Leopold von Hohenfels-Brandenburg",
                "Karl-Theodor Maximilian Friedrich Leopold von Hohenfels-Brandenburg",
            ),
            ("王 芳", "王芳"),
            ("王 小 芳", "王小芳"),
            ("欧 阳娜娜", "欧阳娜娜"),
            ("欧阳 李强", "欧阳李强"),
            ("阿依古丽 买买提", "阿依古丽买买提"),
            ("扎西 达瓦", "扎西达瓦"),
            ("欧阳 娜娜", "欧阳娜娜"),
            ("𠮷野", "𠮷野"),
            ("张三2", "张三"),
        ] {
            assert_eq!(read(text).name.as_deref(), Some(name), "{text}");
        }
        for text in ["张*", "张某", "张某某", "张XX", "张x", "张?", "张先生", "张", "**涵", "张同学"]
        {
            assert_eq!((read(text).name, read(text).fault), (None, Some(NameFault::Partial)), "{text}");
        }
        for text in ["张三、李四", "王芳 李强", "王芳  李强 张伟", "王 芳 李 强", "王小芳 欧阳娜娜"]
        {
            assert_eq!((read(text).name, read(text).fault), (None, Some(NameFault::Several)), "{text}");
        }
        assert_eq!(read("王芳 王芳").name.as_deref(), Some("王芳"));
        for text in
            ["440305201303061234", "13812346207", "!!!", "儿童:", "这一户上次走访时没有人在家请下次再去看看"]
        {
            assert_eq!((read(text).name, read(text).fault), (None, Some(NameFault::Unreadable)), "{text}");
        }
        let endless = "Anna ".repeat(50);
        assert_eq!(read(endless.trim()).fault, Some(NameFault::Unreadable));
        assert!(read("张三(待核)").is_pending);
        assert_eq!(read("张三(待核)").name.as_deref(), Some("张三"));
    }
}
