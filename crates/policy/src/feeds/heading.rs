//! Headings of columns as files write them, brought to the forms by which they are looked up.

use base::notation::half_width;

/// A heading in its normal forms, the most telling first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    forms: Vec<String>,
}

/// Words at the front of a heading that say whose it is when it is the person's own.
const OWN_PREFIXES: [&str; 16] = [
    "被监护人",
    "残疾人",
    "学生",
    "儿童",
    "孩子",
    "幼儿",
    "未成年人",
    "本人",
    "公民",
    "居民",
    "人员",
    "个人",
    "人口",
    "成员",
    "家庭成员",
    "持证人",
];
/// Words at the end of a group heading that add nothing: 监护人信息.
const GROUP_ENDINGS: [&str; 7] = ["基本情况", "基本信息", "情况", "信息", "资料", "栏", "一栏"];
/// Words that say that a heading is about somebody else than the person.
const OTHERS: [&str; 24] = [
    "监护",
    "家长",
    "父",
    "母",
    "户主",
    "联系人",
    "经办",
    "采集",
    "网格",
    "班主任",
    "填表",
    "填报",
    "登记人",
    "代理",
    "审核",
    "老师",
    "教师",
    "负责",
    "配偶",
    "抚养",
    "委托",
    "照料",
    "房东",
    "业主",
];

/// Whether a heading in normal form is about somebody else than the person whose row it is.
pub fn names_somebody_else(heading: &str) -> bool {
    // 被监护人 is the person; 祖父母 and 父母 are others.
    let heading = heading.replace("被监护人", "");
    OTHERS.iter().any(|word| heading.contains(word))
}

impl Heading {
    /// The heading of a column under one line.
    pub fn of(text: &str) -> Self {
        let whole = normal(text, true);
        let bare = normal(text, false);
        let mut forms = vec![whole.clone()];
        // What stands in brackets is a remark (必填, 18位) unless it says whose the column is: 电话(监护人).
        let in_brackets_is_remark = names_somebody_else(&bare) || !names_somebody_else(&whole);
        if in_brackets_is_remark {
            forms.push(bare.clone());
            let own = OWN_PREFIXES.iter().filter_map(|prefix| bare.strip_prefix(prefix)).map(str::to_owned);
            forms.extend(own.collect::<Vec<_>>());
        }
        Self::from_forms(forms)
    }

    /// The heading of a column under two lines: `group` spans several columns, `text` stands below it.
    pub fn within(group: &str, text: &str) -> Self {
        let own = Self::of(text);
        let group = normal(group, false);
        if group.is_empty() || own.whole().is_empty() {
            return if group.is_empty() { own } else { Self::from_forms(vec![group]) };
        }
        let stem = GROUP_ENDINGS.iter().find_map(|ending| group.strip_suffix(ending)).unwrap_or(&group);
        let mut forms = Vec::new();
        for start in [group.as_str(), stem] {
            forms.extend(own.forms.iter().map(|form| format!("{start}{form}")));
        }
        // 监护人 over 姓名 is never the person's own name.
        if !names_somebody_else(&group) {
            forms.extend(own.forms);
        }
        Self::from_forms(forms)
    }

    fn from_forms(forms: Vec<String>) -> Self {
        let mut kept: Vec<String> = Vec::with_capacity(forms.len());
        for form in forms {
            if !form.is_empty() && !kept.contains(&form) {
                kept.push(form);
            }
        }
        Self { forms: kept }
    }

    /// The forms, the most telling first.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.forms.iter().map(String::as_str)
    }

    /// The most telling form; empty for an empty heading.
    pub fn whole(&self) -> &str {
        self.forms.first().map(String::as_str).unwrap_or_default()
    }
}

/// A heading in half-width small letters without spaces, stars, colons and leading numbers; what stands in brackets
/// is joined or left out.
fn normal(text: &str, with_brackets: bool) -> String {
    let text = half_width(text);
    let mut result = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for character in text.chars() {
        match character {
            '(' | '[' | '【' | '〔' | '<' | '《' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' | '》' => depth = depth.saturating_sub(1),
            _ if depth > 0 && !with_brackets => {}
            ' ' | '\n' | '\r' | '*' | ':' | '_' | '-' | '.' | '、' | ',' | ';' | '/' | '"' | '\'' | '★'
            | '※' | '?' => {}
            other => result.extend(other.to_lowercase()),
        }
    }
    let numbered = result.trim_start_matches(|character: char| character.is_ascii_digit());
    if numbered.is_empty() { result } else { numbered.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(heading: &Heading) -> Vec<&str> {
        heading.forms().collect()
    }

    #[test]
    fn spaces_stars_brackets_and_numbers_do_not_matter() {
        for text in [
            "姓名",
            "姓 名",
            "姓　名",
            "*姓名",
            "姓名（必填）",
            "姓名\n",
            "1.姓名",
            "【姓名】",
            "姓名:",
            "学生姓名",
        ] {
            assert!(forms(&Heading::of(text)).contains(&"姓名"), "{text}");
        }
        assert_eq!(forms(&Heading::of("ID_Number")), ["idnumber"]);
    }

    #[test]
    fn brackets_that_say_whose_it_is_are_no_remark() {
        assert_eq!(forms(&Heading::of("电话（监护人）")), ["电话监护人"]);
        assert_eq!(forms(&Heading::of("监护人电话（手机）")), ["监护人电话手机", "监护人电话"]);
    }

    #[test]
    fn two_lines_are_read_together() {
        assert!(forms(&Heading::within("监护人信息", "姓名")).contains(&"监护人姓名"));
        assert!(!forms(&Heading::within("监护人信息", "姓名")).contains(&"姓名"));
        assert!(forms(&Heading::within("儿童基本情况", "姓名")).contains(&"姓名"));
        assert!(forms(&Heading::within("缺勤情况", "天数")).contains(&"缺勤天数"));
        assert_eq!(forms(&Heading::within("住址", "")), ["住址"]);
    }
}
