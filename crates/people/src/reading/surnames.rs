//! Where one Chinese name ends and the next begins, when only a space or a word stands between them.

use super::names::is_chinese;

/// The commonest surnames: nine in ten people bear one of them (第七次全国人口普查). Rare ones are left out, since they are
/// syllables of names of minorities too (古丽, 买买提, 卓玛).
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关焦俞左柳甘祝";
/// Surnames of two characters.
const LONG_SURNAMES: [&str; 12] =
    ["欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "端木"];
/// Words between two names.
const AND: [char; 3] = ['和', '及', '与'];
/// Characters of a name, at least and at most.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=4;

/// The names that stand in `text` with spaces, or a word for "and", between them. Spaces inside of one name are no end of it: there the
/// character behind the space begins no name, or the part before it is none by itself (王 芳, 欧阳 娜娜, 阿依古丽 买买提).
pub(super) fn apart(text: &str) -> Vec<String> {
    let one = || vec![text.to_owned()];
    // 王芳和李强: the word between two whole names is none of their characters.
    let joined = AND
        .iter()
        .find_map(|and| text.split_once(*and).filter(|(one, other)| is_whole(one) && is_whole(other)));
    if let Some((one, other)) = joined {
        return vec![one.to_owned(), other.to_owned()];
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() < 2 || !words.iter().all(|word| word.chars().all(is_chinese)) {
        return one();
    }
    let mut names: Vec<String> = Vec::new();
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let length = word.chars().count();
        let goes_on = length > 1 || words.peek().is_some();
        match names.last_mut() {
            Some(name) if !(is_whole(name) && goes_on && begins(word)) => name.push_str(word),
            _ => names.push(word.to_owned()),
        }
    }
    if names.iter().all(|name| is_whole(name)) { names } else { one() }
}

/// Whether a text begins with a surname.
fn begins(text: &str) -> bool {
    text.chars().next().is_some_and(|first| SURNAMES.contains(first))
        || LONG_SURNAMES.iter().any(|surname| text.starts_with(surname))
}

/// Whether a text is a name by itself: a surname with something behind it.
fn is_whole(text: &str) -> bool {
    begins(text) && LENGTH.contains(&text.chars().count()) && !LONG_SURNAMES.contains(&text)
}
