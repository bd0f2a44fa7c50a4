//! Where people live: an estate or an urban village in a community of the real list, with building, unit and room.

use base::{AreaId, AreaLevel, AreaTree};

use crate::chance::Dice;
use crate::names::running;

/// A dwelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The community that it lies in.
    pub community: AreaId,
    /// Estate or village: 锦绣花园, 下围新村.
    pub estate: String,
    /// Building, from 1.
    pub building: u32,
    /// Unit within the building, where it has units.
    pub unit: Option<u32>,
    /// Room: floor and number, 1203.
    pub room: u32,
}

const ESTATE_HEADS: &[&str] = &[
    "锦绣",
    "金色",
    "碧海",
    "阳光",
    "翠湖",
    "祥和",
    "怡景",
    "东方",
    "海滨",
    "御景",
    "星河",
    "丽景",
    "桃园",
    "彩云",
    "恒裕",
    "银湖",
    "百合",
    "紫荆",
    "长城",
    "万象",
    "和平",
    "联合",
    "新洲",
    "上塘",
    "下围",
    "水背",
    "岗头",
    "白石",
    "大冲",
    "黄田",
    "王京坑",
    "石牌",
];
const ESTATE_TAILS: &[&str] = &["花园", "家园", "新村", "雅苑", "公寓", "豪庭", "小区", "大厦", "苑", "村"];
/// Estates that one community has.
const ESTATES_A_COMMUNITY: u32 = 9;

/// Draws dwellings: communities differ in size, and each has its few estates.
#[derive(Debug)]
pub(super) struct Homes {
    communities: Vec<AreaId>,
    totals: Vec<f64>,
    seed: u64,
}

impl Homes {
    pub(super) fn new(areas: &AreaTree, seed: u64) -> Self {
        let communities: Vec<AreaId> = areas
            .all()
            .iter()
            .filter(|area| area.level == AreaLevel::Community)
            .map(|area| area.id)
            .collect();
        let mut dice = Dice::new(seed, 10);
        let totals = running(communities.iter().map(|_| (dice.normal(0.0, 0.6)).exp()));
        Self { communities, totals, seed }
    }

    pub(super) fn draw(&self, city: AreaId, dice: &mut Dice) -> Home {
        let community = self.communities.get(dice.weighted(&self.totals)).copied().unwrap_or(city);
        let number = dice.below(ESTATES_A_COMMUNITY);
        // The estate's name and kind follow from where it stands, not from who lives there.
        let place =
            u64::from(community.0.unsigned_abs()) * u64::from(ESTATES_A_COMMUNITY) + u64::from(number);
        let mut estate_dice = Dice::new(self.seed, 1_000 + place);
        let head = estate_dice.pick(ESTATE_HEADS).copied().unwrap_or("和平");
        let tail = estate_dice.pick(ESTATE_TAILS).copied().unwrap_or("小区");
        let has_units = estate_dice.happens(0.4);
        Home {
            community,
            estate: format!("{head}{tail}"),
            building: 1 + dice.below(30),
            unit: has_units.then(|| 1 + dice.below(4)),
            room: (1 + dice.below(30)) * 100 + 1 + dice.below(8),
        }
    }
}
