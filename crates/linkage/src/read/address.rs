//! Addresses: district, sub-district, community, estate, building and room, from parts or from one text, with numerals
//! in Arabic or Chinese. What is kept are hashes: addresses are compared here, never shown.

use std::hash::{Hash, Hasher};

use base::notation::{chinese_digit, chinese_number, half_width};

use crate::mixing::{mix, mix_characters, mix_text, upper};
use crate::model::Characters;
use crate::read::says_nothing;
use crate::record::PART_SEPARATOR;

/// An address as it is compared: the hash of each part, zero where a part is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Address {
    pub(crate) district: u32,
    pub(crate) subdistrict: u32,
    pub(crate) community: u32,
    pub(crate) estate: u32,
    pub(crate) building: u32,
    pub(crate) room: u32,
    /// One bit for each character of the estate's name: how much two names have in common is told from it.
    pub(crate) estate_characters: u64,
}

impl Hash for Address {
    /// Three words instead of eight: the parts are hashes already.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let pair = |high: u32, low: u32| (u64::from(high) << 32) | u64::from(low);
        state.write_u64(pair(self.estate, self.building) ^ self.estate_characters);
        state.write_u64(pair(self.room, self.community));
        state.write_u64(pair(self.district, self.subdistrict));
    }
}

/// The words of an address in a row's order.
pub(crate) const ADDRESS_WORDS: usize = 8;

impl Address {
    /// Reads a cell: the parts of a [`crate::PersonAddress`], or one text.
    pub(crate) fn read(table: &Characters, cell: &str) -> Option<Self> {
        let mut parts = AddressParts::default();
        if cell.contains(PART_SEPARATOR) {
            let mut given = cell.split(PART_SEPARATOR);
            parts.given = std::array::from_fn(|_| given.next().unwrap_or_default());
            parts.text = given.next().unwrap_or_default();
        } else {
            parts.text = cell;
        }
        Self::of_parts(table, &parts)
    }

    /// Reads an address that came in parts, with or without its whole text. What the parts leave out is read from the
    /// text, unless the text is the parts in a row.
    pub(crate) fn of_parts(table: &Characters, given: &AddressParts<'_>) -> Option<Self> {
        let mut parts = Parts::default();
        for (place, text) in parts.places().into_iter().zip(given.given) {
            *place = plain(table, text);
        }
        if given.text_says_more() && parts.places().iter().any(|place| place.is_empty()) {
            parts.fill_from(Parts::of_text(&plain(table, given.text)));
        }
        let mut hashed = [Part::default(); PARTS];
        for (place, (hashed, text)) in hashed.iter_mut().zip(parts.places()).enumerate() {
            *hashed = Part::of_plain(place, text);
        }
        Self::assemble(hashed)
    }

    /// The address of its parts, `None` when none of them says anything.
    pub(crate) fn assemble(parts: [Part; PARTS]) -> Option<Self> {
        let [district, subdistrict, community, estate, building, room] = parts;
        let address = Self {
            district: district.hash,
            subdistrict: subdistrict.hash,
            community: community.hash,
            estate: estate.hash,
            building: building.hash,
            room: room.hash,
            estate_characters: estate.characters,
        };
        (address != Self::default()).then_some(address)
    }

    /// Whether both are of one house: no part that both name differs, and estate and building are the same. Estates that
    /// are written differently but have characters in common may be one. `None` where too little is said.
    pub(crate) fn is_same_house(&self, other: &Self) -> Option<bool> {
        let same = |one: u32, other: u32| (one != 0 && other != 0).then_some(one == other);
        let estate = match same(self.estate, other.estate) {
            Some(false) if self.estate_characters & other.estate_characters != 0 => None,
            decided => decided,
        };
        let building = same(self.building, other.building);
        let parts = [same(self.community, other.community), estate, building, same(self.room, other.room)];
        if parts.contains(&Some(false)) {
            return Some(false);
        }
        (estate == Some(true) && building == Some(true)).then_some(true)
    }

    /// The words for storage.
    pub(crate) fn words(self) -> [u32; ADDRESS_WORDS] {
        let low = u32::try_from(self.estate_characters & u64::from(u32::MAX)).unwrap_or(0);
        let high = upper(self.estate_characters);
        [self.district, self.subdistrict, self.community, self.estate, self.building, self.room, low, high]
    }

    /// The address of stored words.
    pub(crate) fn from_words(words: [u32; ADDRESS_WORDS]) -> Self {
        let [district, subdistrict, community, estate, building, room, low, high] = words;
        let estate_characters = u64::from(low) | (u64::from(high) << 32);
        Self { district, subdistrict, community, estate, building, room, estate_characters }
    }

    /// The hash of the whole.
    pub(crate) fn hash(self) -> u64 {
        self.words().into_iter().fold(crate::mixing::SEED, |hash, word| mix(hash, u64::from(word)))
    }
}

/// How many parts an address has.
pub(crate) const PARTS: usize = 6;

/// An address as it was handed in: district, sub-district, community, estate, building, room, and the whole text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AddressParts<'text> {
    pub(crate) given: [&'text str; PARTS],
    pub(crate) text: &'text str,
}

impl AddressParts<'_> {
    /// Whether the text can tell more than the parts do: not when it is the parts in a row, perhaps behind the city's
    /// name.
    pub(crate) fn text_says_more(&self) -> bool {
        if self.text.is_empty() {
            return false;
        }
        let mut before = self.text;
        for part in self.given.into_iter().rev() {
            let Some(rest) = before.strip_suffix(part) else { return true };
            before = rest;
        }
        !(before.is_empty() || before.ends_with(['市', '省']))
    }
}

/// One part as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Part {
    hash: u32,
    /// One bit for each character, for the estate only.
    characters: u64,
}

/// Which part is the estate.
const ESTATE: usize = 3;

impl Part {
    /// Reads the `place`-th part from its own cell.
    pub(crate) fn read(table: &Characters, place: usize, text: &str) -> Self {
        Self::of_plain(place, &plain(table, text))
    }

    fn of_plain(place: usize, text: &str) -> Self {
        let hash = match place {
            0 => hash_without(text, &["新区", "区", "县"]),
            1 => hash_without(text, &["街道办事处", "街道办", "街道", "镇", "乡"]),
            2 => hash_without(text, &COMMUNITY_ENDINGS),
            ESTATE => hash_without(text.trim_end_matches('-'), &[]),
            _ => number_hash(text),
        };
        let bit = |character| 1 << (mix(0, u64::from(u32::from(character))) % 64);
        let estate = if place == ESTATE { text.trim_end_matches('-') } else { "" };
        Self { hash, characters: estate.chars().fold(0, |set, character| set | bit(character)) }
    }
}

/// The parts as texts.
#[derive(Debug, Default)]
struct Parts {
    district: String,
    subdistrict: String,
    community: String,
    estate: String,
    building: String,
    room: String,
}

impl Parts {
    fn places(&mut self) -> [&mut String; 6] {
        let Self { district, subdistrict, community, estate, building, room } = self;
        [district, subdistrict, community, estate, building, room]
    }

    /// Takes from `other` what is missing here.
    fn fill_from(&mut self, mut other: Self) {
        for (place, found) in self.places().into_iter().zip(other.places()) {
            if place.is_empty() {
                std::mem::swap(place, found);
            }
        }
    }

    fn of_text(text: &str) -> Self {
        let mut parts = Self::default();
        let text = after_city(text);
        let (district, text) =
            cut(text, &["新区", "区", "县"], 5, &["社区", "小区", "园区", "工业区", "校区", "片区"]);
        let (subdistrict, text) = cut(text, &["街道办事处", "街道办", "街道", "镇", "乡"], 7, &[]);
        let (community, text) = cut(text, &COMMUNITY_ENDINGS, 10, &[]);
        district.clone_into(&mut parts.district);
        subdistrict.clone_into(&mut parts.subdistrict);
        community.clone_into(&mut parts.community);
        parts.read_estate(text);
        parts
    }

    /// Reads what stands behind the community: estate, building, unit, room.
    fn read_estate(&mut self, text: &str) {
        let characters: Vec<char> = text.chars().collect();
        let mut place = 0;
        while let Some(rest) = characters.get(place..).filter(|rest| !rest.is_empty()) {
            let length = number_length(rest);
            let (number, behind) = rest.split_at(length);
            let number: String = number.iter().collect();
            let marker = Marker::of(behind);
            let is_last = behind.is_empty();
            let digits_only = number.bytes().all(|byte| byte.is_ascii_digit());
            match marker {
                Marker::Building(width) if length > 0 && self.building.is_empty() => {
                    self.building = number;
                    place += length + width;
                }
                Marker::Room(width) if length > 0 => {
                    self.room = number;
                    place += length + width;
                }
                Marker::Level(width) if length > 0 => place += length + width,
                _ if length > 0 && digits_only && !self.building.is_empty() => {
                    self.room = number;
                    place += length;
                }
                Marker::Hyphen if length > 0 && digits_only && length <= 3 => {
                    self.building = number;
                    place += length + 1;
                }
                _ if length > 0 && digits_only && is_last && !self.estate.is_empty() => {
                    if length > 2 {
                        self.room = number;
                    } else {
                        self.building = number;
                    }
                    place += length;
                }
                _ => {
                    let taken = length.max(1);
                    if self.building.is_empty() && self.room.is_empty() {
                        self.estate.extend(rest.iter().take(taken));
                    }
                    place += taken;
                }
            }
        }
    }
}

/// Endings of a community's name, longest first.
const COMMUNITY_ENDINGS: [&str; 7] =
    ["社区居民委员会", "社区居委会", "社区工作站", "居民委员会", "居委会", "村委会", "社区"];

/// The text in plain characters, without spaces.
fn plain(table: &Characters, text: &str) -> String {
    if says_nothing(text.trim()) {
        return String::new();
    }
    let text = half_width(text);
    let kept = text
        .chars()
        .filter(|character| character.is_alphanumeric() || matches!(character, '-' | '#' | '〇' | '○'));
    kept.map(|character| table.simplified(character.to_ascii_uppercase())).collect()
}

/// What follows the province and the city.
fn after_city(text: &str) -> &str {
    let mut rest = text;
    for ending in ["省", "自治区", "市"] {
        if let Some((before, after)) = rest.split_once(ending) {
            let is_name = before.chars().count() <= 8 && !before.contains(['区', '街', '镇', '村', '园']);
            rest = if is_name { after } else { rest };
        }
    }
    rest
}

/// Cuts a name with one of the `endings` off the front, if it stands within `most` characters and does not end in one
/// of `unless`.
fn cut<'text>(text: &'text str, endings: &[&str], most: usize, unless: &[&str]) -> (&'text str, &'text str) {
    let found = endings.iter().filter_map(|ending| {
        let end = text.find(ending)? + ending.len();
        let (name, rest) = text.split_at_checked(end)?;
        let fits = name.chars().count() <= most + ending.chars().count() && name.len() > ending.len();
        (fits && !unless.iter().any(|word| name.ends_with(word))).then_some((name, rest))
    });
    found
        .min_by_key(|(name, rest)| (name.len() - name.len().min(ending_length(name, endings)), rest.len()))
        .unwrap_or(("", text))
}

/// Length of the longest of `endings` that `name` ends in.
fn ending_length(name: &str, endings: &[&str]) -> usize {
    endings.iter().filter(|ending| name.ends_with(**ending)).map(|ending| ending.len()).max().unwrap_or(0)
}

/// How many characters at the front make a number: digits with letters, or a Chinese numeral before a marker.
fn number_length(text: &[char]) -> usize {
    let plain = text.iter().take_while(|character| character.is_ascii_alphanumeric()).count();
    if plain > 0 {
        return plain;
    }
    let is_numeral = |character: &&char| {
        chinese_digit(**character).is_some() || matches!(character, '十' | '百' | '廿' | '卅')
    };
    let numeral = text.iter().take_while(is_numeral).count();
    // 三联村 is a name, 三栋 is a building.
    let marked =
        !matches!(Marker::of(text.get(numeral..).unwrap_or_default()), Marker::None | Marker::Hyphen);
    if numeral > 0 && marked { numeral } else { 0 }
}

/// What stands behind a number and says what it counts, with its width in characters.
#[derive(Debug, Clone, Copy)]
enum Marker {
    Building(usize),
    Level(usize),
    Room(usize),
    Hyphen,
    None,
}

impl Marker {
    fn of(text: &[char]) -> Self {
        match text {
            ['号', '楼', ..] => Self::Building(2),
            ['单', '元', ..] => Self::Level(2),
            ['栋' | '幢' | '座' | '#', ..] | ['楼'] => Self::Building(1),
            ['楼' | '层' | '梯', ..] => Self::Level(1),
            ['室' | '房' | '户', ..] => Self::Room(1),
            ['-', ..] => Self::Hyphen,
            _ => Self::None,
        }
    }
}

/// The hash of a name without its ending; zero for nothing.
fn hash_without(name: &str, endings: &[&str]) -> u32 {
    let bare =
        name.get(..name.len() - ending_length(name, endings)).filter(|bare| !bare.is_empty()).unwrap_or(name);
    if bare.is_empty() { 0 } else { upper(mix_text(bare)).max(1) }
}

/// The hash of a building or room: `十二栋`, `12座` and `012` are one; zero for nothing.
fn number_hash(text: &str) -> u32 {
    let bare = text.trim_end_matches(['栋', '幢', '座', '楼', '号', '室', '房', '户', '#']);
    let number = chinese_number(bare)
        .map_or_else(|| bare.trim_start_matches('0').to_owned(), |value| value.to_string());
    if number.is_empty() { 0 } else { upper(mix_characters(number.chars())).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::PersonAddress;

    fn of(text: &str) -> Address {
        Address::read(&Characters::default(), text).unwrap_or_default()
    }

    #[test]
    fn one_house_is_told_from_another_and_from_too_little() {
        let home = of("南山区西丽街道王京坑村12栋1203");
        let told = |text: &str| home.is_same_house(&of(text));
        assert_eq!(told("深圳市南山区西丽街道大勘社区王京坑村十二栋1203房"), Some(true), "in any notation");
        assert_eq!(told("西丽街道王京坑村12栋"), Some(true), "without the room");
        for other in ["西丽街道王京坑村13栋1203", "西丽街道王京坑村12栋1204", "西丽街道塘朗新园12栋1203"]
        {
            assert_eq!(told(other), Some(false), "{other}");
        }
        assert_eq!(told("西丽街道王京坑村"), None, "no building");
        assert_eq!(
            told("西丽街道王京坑新村12栋1203"),
            None,
            "an estate that is written differently may be another"
        );
        assert_eq!(told("南山区西丽街道"), None);
    }

    #[test]
    fn every_notation_of_one_room_is_one_address() {
        let plain = of("深圳市南山区西丽街道大勘社区王京坑村12栋1203室");
        assert!(plain.district != 0 && plain.subdistrict != 0 && plain.community != 0 && plain.estate != 0);
        for text in [
            "广东省深圳市南山区西丽街道大勘社区王京坑村12栋1203房",
            "南山区西丽街道办事处大勘社区居委会王京坑村十二栋1203",
            "深圳市 南山区 西丽街道 大勘社区 王京坑村12号楼1203室",
            "南山区西丽街道大勘社区王京坑村１２座２单元1203",
            "南山区西丽街道大勘社区王京坑村12-1203",
        ] {
            assert_eq!(of(text), plain, "{text}");
        }
        let parts = PersonAddress {
            district: "南山区".into(),
            subdistrict: "西丽街道".into(),
            community: "大勘".into(),
            estate: "王京坑村".into(),
            building: "十二栋".into(),
            room: "1203房".into(),
            text: String::new(),
        };
        assert_eq!(of(&parts.cell()), plain);
    }

    #[test]
    fn parts_that_are_missing_are_zero_and_numerals_in_names_stay_there() {
        let bare = of("三联村五和花园3栋");
        assert_eq!((bare.district, bare.community, bare.room), (0, 0, 0));
        assert!(bare.estate != 0 && bare.building != 0);
        assert_ne!(bare.estate, of("联村五和花园3栋").estate);
        assert_eq!(of("宝安区新安街道").estate, 0);
        assert_eq!(Address::read(&Characters::default(), "不详"), None);
        assert_eq!(Address::from_words(bare.words()), bare);
        let street = of("福田区深南大道1001号");
        assert!(street.estate != 0 && street.building == 0);
    }
}
