//! Finding the area that an address or a set of columns names.
//!
//! Roads and estates are named after communities (留仙大道 is not in 留仙社区 alone), so a community counts only with
//! its 社区 or 居委会, a sub-district with its 街道 or right behind its district, a district with its 区 or right
//! behind the city. What the words leave open stays open: the path ends where certainty does.

use std::collections::HashMap;

use crate::notation::half_width;

use super::{Area, AreaId, AreaLevel, AreaPath, AreaTree};

/// The words by which areas are recognised in running text, by their first character, longest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Words(HashMap<char, Vec<Word>>);

#[derive(Debug, Clone)]
struct Word {
    text: Box<str>,
    level: AreaLevel,
    /// The areas that it names.
    areas: Vec<AreaId>,
    /// A bare stem: counts only right behind the area above, and before an end.
    weak: bool,
}

/// An area named in a text.
struct Mention<'a> {
    word: &'a Word,
    end: usize,
}

/// Longest text looked at, in bytes.
const LONGEST_BYTES: usize = 600;

impl Words {
    pub(super) fn of(areas: &[Area]) -> Self {
        let mut words: HashMap<char, Vec<Word>> = HashMap::new();
        let mut add = |text: &str, area: &Area, weak: bool| {
            let Some(first) = text.chars().next() else { return };
            let list = words.entry(first).or_default();
            match list
                .iter_mut()
                .find(|word| &*word.text == text && word.level == area.level && word.weak == weak)
            {
                Some(word) => word.areas.push(area.id),
                None => list.push(Word { text: text.into(), level: area.level, areas: vec![area.id], weak }),
            }
        };
        for area in areas {
            add(&area.short_name, area, false);
            if area.name != area.short_name {
                add(&area.name, area, false);
            }
            let ending = match area.level {
                AreaLevel::City => "市",
                AreaLevel::District => "区",
                AreaLevel::Subdistrict => "街道",
                AreaLevel::Community => continue,
            };
            if let Some(stem) = area.short_name.strip_suffix(ending) {
                // The city's bare name is certain by itself: 深圳南山.
                add(stem, area, area.level != AreaLevel::City);
            }
        }
        for list in words.values_mut() {
            list.sort_by(|one, other| {
                other
                    .text
                    .len()
                    .cmp(&one.text.len())
                    .then(one.weak.cmp(&other.weak))
                    .then(one.level.cmp(&other.level))
            });
        }
        Self(words)
    }

    /// The areas named in `text`, in order, and what stands before the first below the city.
    fn mentions<'a>(&'a self, text: &str) -> (Vec<Mention<'a>>, usize) {
        let mut mentions: Vec<Mention<'a>> = Vec::new();
        let mut first_start = text.len();
        let mut skip_to = 0;
        for (start, character) in text.char_indices() {
            if start < skip_to {
                continue;
            }
            let Some(rest) = text.get(start..) else { continue };
            let before = mentions
                .last()
                .filter(|mention| text.get(mention.end..start).is_some_and(|gap| gap.trim().is_empty()));
            let found = self.0.get(&character).and_then(|list| {
                list.iter().find(|word| {
                    rest.starts_with(&*word.text) && (!word.weak || self.counts(word, before, rest))
                })
            });
            if let Some(word) = found {
                skip_to = start + word.text.len();
                if word.level != AreaLevel::City {
                    first_start = first_start.min(start);
                }
                mentions.push(Mention { word, end: skip_to });
            }
        }
        (mentions, first_start)
    }

    /// Whether a bare stem stands right behind the area above it, and before an end, a separator or a community.
    fn counts(&self, word: &Word, before: Option<&Mention>, rest: &str) -> bool {
        if before.map(|mention| mention.word.level) != word.level.above() {
            return false;
        }
        let after = rest.get(word.text.len()..).unwrap_or_default();
        let Some(next) = after.chars().next() else { return true };
        next == ' '
            || next == '-'
            || next == '/'
            || self
                .0
                .get(&next)
                .is_some_and(|list| list.iter().any(|word| !word.weak && after.starts_with(&*word.text)))
    }
}

impl AreaTree {
    /// The deepest area that an address names beyond doubt, with all above it; `None` when it names none of this
    /// city, or begins with another one.
    pub fn locate(&self, text: &str) -> Option<AreaPath> {
        let text = half_width(text);
        let text = cut(&text, LONGEST_BYTES);
        let (mentions, first_start) = self.words.mentions(text);
        let names_city = mentions.iter().any(|mention| mention.word.level == AreaLevel::City);
        if !names_city && names_another_place(text.get(..first_start).unwrap_or_default()) {
            return None;
        }
        let at = |level: AreaLevel| {
            let mention = mentions.iter().find(|mention| mention.word.level == level);
            mention.map(|mention| mention.word.areas.as_slice()).unwrap_or_default()
        };
        let path = self.narrow(at(AreaLevel::District), at(AreaLevel::Subdistrict), at(AreaLevel::Community));
        path.or_else(|| names_city.then(|| self.city()))
    }

    /// The deepest area that columns name: each a name of its own level in any of its forms, a 12-digit code, or an
    /// address that names it. Empty or unknown ones are passed over. `None` when nothing is named.
    pub fn place(&self, district: &str, subdistrict: &str, community: &str) -> Option<AreaPath> {
        let columns = [
            (AreaLevel::District, district),
            (AreaLevel::Subdistrict, subdistrict),
            (AreaLevel::Community, community),
        ];
        let mut named: [Vec<AreaId>; 3] = [Vec::new(), Vec::new(), Vec::new()];
        for (level, text) in columns {
            let text = half_width(text);
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let found = self.by_name(level, text);
            if !found.is_empty() {
                add_all(&mut named, level, found);
            } else if let Some(path) = self.by_code(text).map(|area| area.path).or_else(|| self.locate(text))
            {
                // A column of communities may hold 西丽街道留仙社区: each level that it names counts.
                for (level, id) in [
                    (AreaLevel::District, path.district),
                    (AreaLevel::Subdistrict, path.subdistrict),
                    (AreaLevel::Community, path.community),
                ] {
                    add_all(&mut named, level, id.as_slice());
                }
            }
        }
        let [districts, subdistricts, communities] = named;
        self.narrow(&districts, &subdistricts, &communities)
    }

    /// The deepest path on which the candidates of the levels agree. A sub-district outranks a district that it is not
    /// in (people write the district of ten years ago); a community yields to the sub-district unless it lies in the same district and
    /// is the only one of its name there (sub-districts have been split).
    fn narrow(
        &self,
        districts: &[AreaId],
        subdistricts: &[AreaId],
        communities: &[AreaId],
    ) -> Option<AreaPath> {
        let paths =
            |ids: &[AreaId]| -> Vec<AreaPath> { ids.iter().filter_map(|id| self.path_of(*id)).collect() };
        let district = only(&paths(districts));
        let within = |candidates: Vec<AreaPath>, above: Option<AreaPath>| -> Vec<AreaPath> {
            candidates.into_iter().filter(|path| above.is_none_or(|above| path.is_within(&above))).collect()
        };
        let all_subdistricts = paths(subdistricts);
        let subdistrict =
            only(&within(all_subdistricts.clone(), district)).or_else(|| only(&all_subdistricts));
        let above = subdistrict.or(district);
        let all_communities = paths(communities);
        let community = only(&within(all_communities.clone(), above)).or_else(|| {
            let district = subdistrict.map(|path| path.cut_at(AreaLevel::District));
            district.and_then(|district| only(&within(all_communities, Some(district))))
        });
        community.or(above)
    }
}

fn add_all(named: &mut [Vec<AreaId>; 3], level: AreaLevel, ids: &[AreaId]) {
    let list = (level as usize).checked_sub(1).and_then(|place| named.get_mut(place));
    if let Some(list) = list {
        list.extend(ids.iter().filter(|id| !list.contains(id)).copied().collect::<Vec<_>>());
    }
}

/// The one path of a list that has no other.
fn only(paths: &[AreaPath]) -> Option<AreaPath> {
    match paths {
        [path] => Some(*path),
        _ => None,
    }
}

/// Whether the words before the first area of this city name a province, city or county: then the address is elsewhere
/// and its 阳光社区 is not ours.
fn names_another_place(text: &str) -> bool {
    let text = text.trim_start_matches("中国").trim_start_matches("广东省");
    ["省", "自治区", "市", "县", "州", "盟", "香港", "澳门", "台湾"].iter().any(|unit| text.contains(unit))
}

/// `text` cut to at most `bytes` at a character's edge.
fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn located(text: &str) -> Option<String> {
        let tree = AreaTree::shipped();
        tree.locate(text).map(|path| tree.name_of(&path))
    }

    fn placed(district: &str, subdistrict: &str, community: &str) -> Option<String> {
        let tree = AreaTree::shipped();
        tree.place(district, subdistrict, community).map(|path| tree.name_of(&path))
    }

    #[test]
    fn the_shipped_list_is_whole() {
        let tree = AreaTree::shipped();
        let count = |level| tree.all().iter().filter(|area| area.level == level).count();
        assert_eq!(AreaLevel::ALL.map(count), [1, 9, 79, 788]);
        assert_eq!(tree.by_code("440300000000").map(|city| city.id), Some(AreaId(1)));
        let community = tree.by_code("440311006008").unwrap();
        assert_eq!(tree.name_of(&community.path), "光明区 马田街道 新庄社区");
        assert_eq!(
            tree.children(community.path.subdistrict.unwrap()).filter(|area| area.id == community.id).count(),
            1
        );
        for (place, area) in tree.all().iter().enumerate() {
            assert_eq!(usize::try_from(area.id.0), Ok(place + 1));
            assert_eq!(area.path.area(), area.id);
            assert_eq!(area.path.level(), area.level);
        }
    }

    #[test]
    fn areas_without_a_code_name_their_parent() {
        let text = "code,name,level,parent\n440307000000,龙岗区,district,\n,大鹏新区,district,深圳市\n,葵涌街道,subdistrict,大鹏新区\n,三溪社区居委会,community,葵涌街道\n";
        let tree = AreaTree::parse(text, "深圳市").unwrap();
        assert_eq!(
            tree.locate("深圳市大鹏新区葵涌街道三溪社区1号").map(|path| tree.name_of(&path)).as_deref(),
            Some("大鹏新区 葵涌街道 三溪社区")
        );
        let fault =
            AreaTree::parse("code,name,level\n440307000000,龙岗区,district\n,大鹏新区,district\n", "深圳市")
                .unwrap_err();
        assert_eq!((fault.line, fault.message.as_str()), (3, "an area without a code must name its parent"));
        assert_eq!(
            AreaTree::parse("code,name,level\n440303001000,桂园街道,subdistrict\n", "深圳市")
                .unwrap_err()
                .line,
            2
        );
        assert_eq!(AreaTree::parse("", "深圳市").unwrap_err().line, 1);
    }

    #[test]
    fn addresses_are_located_as_deep_as_they_are_certain() {
        for (text, wanted) in [
            ("广东省深圳市南山区桃源街道长源社区某某花园3栋501", "南山区 桃源街道 长源社区"),
            ("深圳市南山区桃源街道长源村12号", "南山区 桃源街道"),
            ("南山区 桃源街道 长源社区", "南山区 桃源街道 长源社区"),
            ("南山区桃源长源社区12号", "南山区 桃源街道 长源社区"),
            ("深圳南山 桃源街道", "南山区 桃源街道"),
            ("深圳市南山区南山大道100号", "南山区"),
            ("宝安区观澜街道桂花社区", "龙华区 观澜街道 桂花社区"),
            ("长源社区居委会", "南山区 桃源街道 长源社区"),
            ("深圳市某某花园", "深圳市"),
            ("南山区留仙大道1号", "南山区"),
            ("盐田区沙头角街道东和社区", "盐田区 沙头角街道 东和社区"),
            ("南山区桃源街道办长源社区", "南山区 桃源街道 长源社区"),
        ] {
            assert_eq!(located(text).as_deref(), Some(wanted), "{text}");
        }
        for text in ["湖南省长沙市阳光社区12号", "惠州市惠阳区新围社区", "", "某某花园3栋", "香港新田社区"]
        {
            assert_eq!(located(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_that_several_share_needs_the_area_above() {
        let tree = AreaTree::shipped();
        assert!(tree.by_name(AreaLevel::Community, "凤凰社区").len() > 1);
        assert_eq!(located("凤凰社区12号"), None);
        assert_eq!(located("光明区凤凰街道凤凰社区").as_deref(), Some("光明区 凤凰街道 凤凰社区"));
    }

    #[test]
    fn columns_of_areas_agree_with_each_other() {
        assert_eq!(placed("南山", "桃源", "长源").as_deref(), Some("南山区 桃源街道 长源社区"));
        assert_eq!(placed("", "", "桃源街道长源社区").as_deref(), Some("南山区 桃源街道 长源社区"));
        assert_eq!(placed("南山区", "桃源街道办事处", "").as_deref(), Some("南山区 桃源街道"));
        assert_eq!(placed("", "", "440311006008").as_deref(), Some("光明区 马田街道 新庄社区"));
        assert_eq!(placed("南山区", "", "不存在社区").as_deref(), Some("南山区"));
        assert_eq!(placed("", "", ""), None);
    }

    proptest! {
        #[test]
        fn any_text_is_located_without_a_panic(text in "\\PC{0,60}|[深圳市南山区桃源街道长社0-9 -]{0,30}") {
            static TREE: std::sync::LazyLock<AreaTree> = std::sync::LazyLock::new(AreaTree::shipped);
            TREE.locate(&text);
        }
    }
}
