//! The list of a city's areas, and finding one by id, code or name.

use std::collections::HashMap;

use super::{AreaId, AreaLevel, AreaPath};

/// One area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Its id: the place in the list, from 1, the city first. Lines are only ever added at the end of the file. Areas
    /// that an installation added itself count from [`FIRST_OWN_AREA`].
    pub id: AreaId,
    /// The 12-digit statistical code; two functional districts of Shenzhen have none (facts.md).
    pub code: Option<String>,
    /// The official name: 留仙社区居委会.
    pub name: String,
    /// The name in use: 留仙社区.
    pub short_name: String,
    /// Its level.
    pub level: AreaLevel,
    /// The area above; none for the city.
    pub parent: Option<AreaId>,
    /// The area with all above it.
    pub path: AreaPath,
}

/// Why a list of areas cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct AreaFault {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong, and what should stand there.
    pub message: String,
}

/// All areas of one city.
#[derive(Debug, Clone)]
pub struct AreaTree {
    areas: Vec<Area>,
    /// How many of `areas` come from the list; those of the installation itself stand behind them.
    listed: usize,
    children: Vec<Vec<AreaId>>,
    by_code: HashMap<String, AreaId>,
    /// Per level: every form of a name that stands for an area in a column of that level.
    by_name: [HashMap<String, Vec<AreaId>>; 4],
    pub(super) words: super::locate::Words,
}

/// The id of the first area that an installation added itself: far behind any list, so that a longer list never takes it.
pub const FIRST_OWN_AREA: AreaId = AreaId(1_000_000);

/// Endings of the official names of communities, longest first.
const COMMUNITY_ENDINGS: [&str; 4] = ["居民委员会", "居委会", "工作站", "居委"];
/// Most areas of a list: far above any city's, so that a wrong file is refused and not loaded.
const MOST_AREAS: usize = 100_000;

impl AreaTree {
    /// The areas that ship with the product: Shenzhen, 9 districts, 79 sub-districts, 788 communities.
    ///
    /// # Panics
    /// Never: the file is part of the build, and a test reads it.
    pub fn shipped() -> Self {
        Self::parse(include_str!("../../../../data/areas/shenzhen.csv"), "深圳市")
            .unwrap_or_else(|_| Self::of_city("深圳市", None))
    }

    /// Reads `code,name,level[,parent]` with a header. `level` is `city`, `district`, `subdistrict` or `community`.
    /// Parents follow from the codes (2 province, 2 city, 2 district, 3 sub-district, 3 community); an area without a code
    /// names its parent's code or name in `parent`. Parents stand before their children. A city line may be absent: then
    /// the city is called `city_name`, with the code that the districts share.
    pub fn parse(text: &str, city_name: &str) -> Result<Self, AreaFault> {
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().cloned().unwrap_or_default();
        let column =
            |wanted: &str| header.iter().position(|name| name.trim_start_matches('\u{feff}') == wanted);
        let (Some(code), Some(name), Some(level)) = (column("code"), column("name"), column("level")) else {
            return Err(AreaFault {
                line: 1,
                message: "the header must name the columns code, name and level".into(),
            });
        };
        let parent = column("parent");
        let mut tree: Option<Self> = None;
        for record in reader.records() {
            let record = record.map_err(|error| AreaFault {
                line: error.position().map_or(0, csv::Position::line),
                message: "not a line of comma-separated values".into(),
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |place: usize| record.get(place).unwrap_or_default();
            let fault = |message: String| AreaFault { line, message };
            let level = AreaLevel::from_key(cell(level))
                .ok_or_else(|| fault("the level must be city, district, subdistrict or community".into()))?;
            let code = Some(cell(code)).filter(|code| !code.is_empty());
            if code.is_some_and(|code| code.len() != 12 || !code.bytes().all(|byte| byte.is_ascii_digit())) {
                return Err(fault("the code must have 12 digits".into()));
            }
            match (&mut tree, level) {
                (None, AreaLevel::City) => tree = Some(Self::of_city(cell(name), code)),
                (Some(_), AreaLevel::City) => {
                    return Err(fault("a second city; one file lists one city".into()));
                }
                (tree, _) => {
                    let city_code =
                        || code.and_then(|code| code.get(..4)).map(|city| format!("{city}00000000"));
                    let tree = tree.get_or_insert_with(|| Self::of_city(city_name, city_code().as_deref()));
                    tree.add(code, cell(name), level, parent.map(cell)).map_err(fault)?;
                }
            }
        }
        let mut tree = tree.ok_or_else(|| AreaFault { line: 1, message: "the file lists no area".into() })?;
        tree.words = super::locate::Words::of(&tree.areas);
        Ok(tree)
    }

    fn of_city(name: &str, code: Option<&str>) -> Self {
        let mut tree = Self {
            areas: Vec::new(),
            listed: 0,
            children: Vec::new(),
            by_code: HashMap::new(),
            by_name: std::array::from_fn(|_| HashMap::new()),
            words: super::locate::Words::default(),
        };
        let path = AreaPath { city: AreaId(1), district: None, subdistrict: None, community: None };
        tree.insert(AreaId(1), code, name, AreaLevel::City, None, path);
        tree.listed = 1;
        tree.words = super::locate::Words::of(&tree.areas);
        tree
    }

    fn add(
        &mut self,
        code: Option<&str>,
        name: &str,
        level: AreaLevel,
        parent: Option<&str>,
    ) -> Result<(), String> {
        if self.areas.len() >= MOST_AREAS {
            return Err(format!("more than {MOST_AREAS} areas"));
        }
        if name.is_empty() {
            return Err("the name is empty".into());
        }
        if code.is_some_and(|code| self.by_code.contains_key(code)) {
            return Err("the code is listed twice".into());
        }
        let above = level.above().unwrap_or(AreaLevel::City);
        let named = parent.filter(|parent| !parent.is_empty());
        let parent = match (named, code) {
            (Some(parent), _) => self
                .by_code(parent)
                .or_else(|| self.by_name(above, parent).first().and_then(|id| self.get(*id))),
            (None, Some(code)) => {
                parent_code(code, level).map_or(self.areas.first(), |code| self.by_code(&code))
            }
            (None, None) => return Err("an area without a code must name its parent".into()),
        };
        let parent =
            parent.filter(|parent| parent.level == above).ok_or("its parent is not listed before it")?;
        let (parent, mut path) = (parent.id, parent.path);
        let id = self.next_id();
        match level {
            AreaLevel::City => {}
            AreaLevel::District => path.district = Some(id),
            AreaLevel::Subdistrict => path.subdistrict = Some(id),
            AreaLevel::Community => path.community = Some(id),
        }
        self.insert(id, code, name, level, Some(parent), path);
        self.listed = self.areas.len();
        Ok(())
    }

    /// The same tree with more areas that this installation added itself: parent and name of each, in the order of their
    /// ids, which count from [`FIRST_OWN_AREA`] and go on behind those that the tree has already. For districts that work as such and stand in no list (facts.md).
    ///
    /// # Errors
    /// The place in `own` of the first whose parent is unknown or a community.
    pub fn with_own<'a>(&self, own: impl IntoIterator<Item = (AreaId, &'a str)>) -> Result<Self, usize> {
        let mut tree = self.clone();
        for (place, (parent, name)) in own.into_iter().enumerate() {
            let Some(level) = tree.get(parent).and_then(|parent| parent.level.below()) else {
                return Err(place);
            };
            let id = AreaId(
                FIRST_OWN_AREA.0
                    + i32::try_from(tree.areas.len() - tree.listed).map_err(|_too_many| place)?,
            );
            let path = tree.get(parent).map_or(tree.city(), |parent| parent.path);
            let path = match level {
                AreaLevel::City => path,
                AreaLevel::District => AreaPath { district: Some(id), ..path },
                AreaLevel::Subdistrict => AreaPath { subdistrict: Some(id), ..path },
                AreaLevel::Community => AreaPath { community: Some(id), ..path },
            };
            tree.insert(id, None, name, level, Some(parent), path);
        }
        tree.words = super::locate::Words::of(&tree.areas);
        Ok(tree)
    }

    fn next_id(&self) -> AreaId {
        AreaId(i32::try_from(self.areas.len()).unwrap_or(i32::MAX - 1) + 1)
    }

    fn insert(
        &mut self,
        id: AreaId,
        code: Option<&str>,
        name: &str,
        level: AreaLevel,
        parent: Option<AreaId>,
        path: AreaPath,
    ) {
        let area = Area {
            id,
            code: code.map(str::to_owned),
            name: name.to_owned(),
            short_name: short_name(name, level),
            level,
            parent,
            path,
        };
        if let Some(code) = code {
            self.by_code.insert(code.to_owned(), id);
        }
        if let Some(names) = self.by_name.get_mut(level as usize) {
            for form in forms(&area) {
                names.entry(form).or_default().push(id);
            }
        }
        if let Some(siblings) =
            parent.and_then(|id| self.index_of(id)).and_then(|place| self.children.get_mut(place))
        {
            siblings.push(id);
        }
        self.areas.push(area);
        self.children.push(Vec::new());
    }

    /// Place of an id in `areas`.
    fn index_of(&self, id: AreaId) -> Option<usize> {
        if id >= FIRST_OWN_AREA {
            return Some(self.listed + usize::try_from(id.0 - FIRST_OWN_AREA.0).ok()?);
        }
        usize::try_from(id.0).ok()?.checked_sub(1).filter(|place| *place < self.listed)
    }

    /// The city at the root.
    pub fn city(&self) -> AreaPath {
        AreaPath { city: AreaId(1), district: None, subdistrict: None, community: None }
    }

    /// All areas, parents before children, by id.
    pub fn all(&self) -> &[Area] {
        &self.areas
    }

    /// The area with `id`.
    pub fn get(&self, id: AreaId) -> Option<&Area> {
        self.areas.get(self.index_of(id)?)
    }

    /// The area with all above it.
    pub fn path_of(&self, id: AreaId) -> Option<AreaPath> {
        self.get(id).map(|area| area.path)
    }

    /// The areas directly below `id`, in the order of the list.
    pub fn children(&self, id: AreaId) -> impl Iterator<Item = &Area> {
        let ids = self
            .index_of(id)
            .and_then(|place| self.children.get(place))
            .map(Vec::as_slice)
            .unwrap_or_default();
        ids.iter().filter_map(|id| self.get(*id))
    }

    /// The area with this 12-digit code.
    pub fn by_code(&self, code: &str) -> Option<&Area> {
        self.by_code.get(code).and_then(|id| self.get(*id))
    }

    /// The areas of a level that `name` can stand for: the official name, the one in use, and the bare stem
    /// (`留仙社区居委会`, `留仙社区`, `留仙`). Several communities of a city share a name.
    pub fn by_name(&self, level: AreaLevel, name: &str) -> &[AreaId] {
        self.by_name
            .get(level as usize)
            .and_then(|names| names.get(name))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The names in use from the district down, with spaces between: `南山区 西丽街道 留仙社区`; the city's name when
    /// nothing below is known.
    pub fn name_of(&self, path: &AreaPath) -> String {
        let below: Vec<&str> = [path.district, path.subdistrict, path.community]
            .into_iter()
            .flatten()
            .filter_map(|id| self.get(id))
            .map(|area| area.short_name.as_str())
            .collect();
        if below.is_empty() {
            self.get(path.city).map(|city| city.short_name.clone()).unwrap_or_default()
        } else {
            below.join(" ")
        }
    }
}

/// The code of the area above: what stands before the own digits, filled up with zeros. `None` for a district.
fn parent_code(code: &str, level: AreaLevel) -> Option<String> {
    let kept = match level {
        AreaLevel::Community => 9,
        AreaLevel::Subdistrict => 6,
        AreaLevel::District | AreaLevel::City => return None,
    };
    code.get(..kept).map(|start| format!("{start:0<12}"))
}

/// The name in use: communities without the ending of their committee, and always with 社区.
fn short_name(name: &str, level: AreaLevel) -> String {
    if level != AreaLevel::Community {
        return name.to_owned();
    }
    let stem = COMMUNITY_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    if stem.contains("社区") { stem.to_owned() } else { format!("{stem}社区") }
}

/// Every form in which a column of the area's level may name it.
fn forms(area: &Area) -> Vec<String> {
    let stem_endings: &[&str] = match area.level {
        AreaLevel::City => &["市"],
        AreaLevel::District => &["新区", "区"],
        AreaLevel::Subdistrict => &["街道"],
        AreaLevel::Community => &["社区"],
    };
    let mut forms = vec![area.name.clone(), area.short_name.clone()];
    if let Some(stem) = stem_endings.iter().find_map(|ending| area.short_name.strip_suffix(ending)) {
        forms.push(stem.to_owned());
        match area.level {
            AreaLevel::Subdistrict => {
                forms.extend(["街道办", "街道办事处", "街办", "街"].map(|ending| format!("{stem}{ending}")));
            }
            AreaLevel::Community => {
                forms.extend(
                    ["社区居委会", "社区居民委员会", "居委会", "社区工作站", "社区党群服务中心"]
                        .map(|ending| format!("{stem}{ending}")),
                );
            }
            _ => {}
        }
    }
    forms.retain(|form| !form.is_empty());
    forms.sort_unstable();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installation_adds_districts_of_its_own() {
        let listed = AreaTree::shipped();
        let district = FIRST_OWN_AREA;
        let own = [(AreaId(1), "大鹏新区"), (district, "葵涌街道"), (AreaId(2), "新设街道")];
        let tree = listed.with_own(own).unwrap();
        let found = tree.get(AreaId(district.0 + 1)).unwrap();
        assert_eq!((found.level, found.path.district), (AreaLevel::Subdistrict, Some(district)));
        assert_eq!(tree.children(AreaId(1)).count(), listed.children(AreaId(1)).count() + 1);
        assert_eq!(tree.name_of(&found.path), "大鹏新区 葵涌街道");
        assert_eq!(tree.locate("深圳市大鹏新区葵涌街道某路1号"), Some(found.path));
        assert!(listed.get(district).is_none());
        assert!(tree.get(AreaId(district.0 + 3)).is_none());
        let community = tree.all().iter().find(|area| area.level == AreaLevel::Community).unwrap();
        let one_by_one = listed.with_own([own[0]]).unwrap().with_own([own[1]]).unwrap();
        assert_eq!(one_by_one.get(found.id), Some(found));
        assert_eq!(listed.with_own([(community.id, "某小区")]).unwrap_err(), 0);
    }
}
