//! Hiding the middle of personal data: how it is shown to whoever has no clearance, and in every message.
//!
//! `张*涵`, `4403**********1234`, `138****6207` (mock-ups, Words).

/// Family names of two characters that are in use.
const TWO_CHARACTER_SURNAMES: [&str; 37] = [
    "欧阳", "上官", "司徒", "诸葛", "司马", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙",
    "东方", "南宫", "西门", "端木", "百里", "呼延", "轩辕", "司空", "独孤", "澹台", "申屠", "完颜", "太史",
    "淳于", "单于", "闻人", "钟离", "濮阳", "赫连", "万俟", "公冶", "宗政", "仲孙", "拓跋",
];

/// A person's name with its middle hidden: `李*`, `张*涵`, `欧阳*`, `欧阳*娜`, `阿**丽·***`, `J*** S****`.
pub fn name(name: &str) -> String {
    let name = name.trim();
    if name.is_ascii() {
        let words: Vec<String> = name.split_whitespace().map(|word| keep_of_name(word, 1, 0)).collect();
        return words.join(" ");
    }
    let mut parts = name.split(['·', '•', '‧', '・', '．']);
    let first = parts.next().unwrap_or_default();
    let surname_length =
        if TWO_CHARACTER_SURNAMES.iter().any(|surname| first.starts_with(surname)) { 2 } else { 1 };
    let length = first.chars().count();
    let mut masked =
        keep_of_name(first, surname_length.min(length), usize::from(length > surname_length + 1));
    for part in parts {
        masked.push('·');
        masked.push_str(&keep_of_name(part, 0, 0));
    }
    masked
}

/// A number of an identity document: four characters at each end of 18 or 15, less of a shorter one.
pub fn identity_number(number: &str) -> String {
    let number = number.trim();
    match number.chars().count() {
        15.. => keep(number, 4, 4),
        7..=14 => keep(number, 2, 2),
        _ => keep(number, 1, 0),
    }
}

/// A phone: `138****6207`; of a land line the area code and the last two digits stay.
pub fn phone(phone: &str) -> String {
    let phone = phone.trim();
    match phone.chars().count() {
        11 if phone.starts_with('1') => keep(phone, 3, 4),
        9.. => keep(phone, 4, 2),
        _ => keep(phone, 1, 1),
    }
}

/// An address down to its community (or street office, or district); what is finer is hidden.
pub fn address(address: &str) -> String {
    let address = address.trim();
    let end = ["社区", "街道", "镇", "区", "县", "市"]
        .iter()
        .find_map(|unit| address.find(unit).map(|start| start + unit.len()))
        .and_then(|end| address.get(..end));
    match end {
        Some(known) if known.len() == address.len() => known.to_owned(),
        Some(known) => format!("{known}***"),
        None => keep(address, 1, 0).chars().take(7).collect(),
    }
}

/// A birth date: the year stays, if the text begins with one.
pub fn birth(text: &str) -> String {
    keep(text.trim(), 4, 0)
}

/// Any other cell: up to five plain digits stay as they are, of anything else its first and last character.
pub fn text(text: &str) -> String {
    let text = text.trim();
    let count = text.chars().count();
    if count <= 5 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    if count <= 2 {
        return keep(text, 1, 0);
    }
    let masked = keep(text, 1, 1);
    // A long note would drown the message that it stands in.
    if count <= 24 { masked } else { format!("{}…", masked.chars().take(12).collect::<String>()) }
}

/// Stars that stand for what is hidden of a name, at most: more would only push aside what stands beside it.
const NAME_STARS_AT_MOST: usize = 6;

/// As [`keep`], with no more stars in a row than names have.
fn keep_of_name(text: &str, start: usize, end: usize) -> String {
    let kept = keep(text, start, end);
    let mut run = 0;
    kept.chars()
        .filter(|character| {
            run = if *character == '*' { run + 1 } else { 0 };
            run <= NAME_STARS_AT_MOST
        })
        .collect()
}

/// `text` with the first `start` and the last `end` characters kept; at least one is hidden unless it is empty.
fn keep(text: &str, start: usize, end: usize) -> String {
    let count = text.chars().count();
    let (start, end) =
        if start + end < count { (start, end) } else { (start.min(count.saturating_sub(1)), 0) };
    text.chars()
        .enumerate()
        .map(|(place, character)| if place < start || place >= count - end { character } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (full, masked) in [
            ("张", "*"),
            ("李娜", "李*"),
            ("张子涵", "张*涵"),
            ("欧阳娜", "欧阳*"),
            ("欧阳娜娜", "欧阳*娜"),
            ("濮阳昀笙", "濮阳*笙"),
            ("阿依古丽·买买提", "阿**丽·***"),
            ("John Smith", "J*** S****"),
            ("", ""),
            (&"长".repeat(40), "长******长"),
            ("买买提·阿卜杜热合曼阿卜杜", "买*提·******"),
            ("Wolfeschlegelsteinhausenbergerdorff Li", "W****** L*"),
        ] {
            assert_eq!(name(full), masked, "{full}");
        }
    }

    #[test]
    fn numbers_phones_and_addresses() {
        assert_eq!(identity_number("440305201303061234"), "4403**********1234");
        assert_eq!(identity_number("H12345678"), "H1*****78");
        assert_eq!(phone("13812346207"), "138****6207");
        assert_eq!(phone("075583501235"), "0755******35");
        assert_eq!(address("南山区西丽街道留仙社区阳光花园3栋501"), "南山区西丽街道留仙社区***");
        assert_eq!(address("南山区西丽街道"), "南山区西丽街道");
        assert_eq!(address("阳光花园3栋501"), "阳******");
        assert_eq!(birth("2013-03-06"), "2013******");
        assert_eq!(text("12"), "12");
        assert_eq!(text("张三说"), "张*说");
    }
}
