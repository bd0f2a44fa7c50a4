//! Names as people in a southern city bear them: surnames by their share of the country, given names by time of birth,
//! two-character surnames, and names of minorities with a middle dot.
//!
//! Shares of surnames: the Ministry of Public Security's yearly report of names, rounded; the tail is thinned.

use base::Sex;

use crate::chance::Dice;

/// Surname and its share in tenths of a per mille of the population.
const SURNAMES: &[(&str, u32)] = &[
    ("王", 720),
    ("李", 710),
    ("张", 680),
    ("刘", 530),
    ("陈", 620),
    ("杨", 300),
    ("黄", 380),
    ("赵", 210),
    ("吴", 300),
    ("周", 200),
    ("徐", 150),
    ("孙", 140),
    ("马", 120),
    ("朱", 120),
    ("胡", 115),
    ("郭", 113),
    ("何", 112),
    ("林", 180),
    ("高", 95),
    ("罗", 130),
    ("郑", 140),
    ("梁", 120),
    ("谢", 110),
    ("宋", 65),
    ("唐", 64),
    ("许", 75),
    ("韩", 58),
    ("邓", 80),
    ("冯", 62),
    ("曹", 52),
    ("彭", 58),
    ("曾", 85),
    ("肖", 55),
    ("田", 46),
    ("董", 44),
    ("潘", 52),
    ("袁", 46),
    ("蔡", 72),
    ("蒋", 44),
    ("余", 48),
    ("于", 38),
    ("杜", 40),
    ("叶", 64),
    ("程", 40),
    ("魏", 38),
    ("苏", 46),
    ("吕", 38),
    ("丁", 36),
    ("任", 34),
    ("卢", 40),
    ("姚", 34),
    ("沈", 32),
    ("钟", 56),
    ("姜", 28),
    ("崔", 26),
    ("谭", 36),
    ("陆", 30),
    ("范", 30),
    ("汪", 28),
    ("廖", 46),
    ("石", 28),
    ("金", 24),
    ("韦", 34),
    ("贾", 22),
    ("夏", 24),
    ("方", 30),
    ("邹", 28),
    ("熊", 24),
    ("白", 20),
    ("孟", 20),
    ("秦", 20),
    ("邱", 34),
    ("侯", 18),
    ("江", 26),
    ("尹", 18),
    ("薛", 18),
    ("雷", 20),
    ("龙", 20),
    ("黎", 26),
    ("史", 16),
    ("陶", 16),
    ("贺", 15),
    ("毛", 15),
    ("段", 14),
    ("郝", 12),
    ("顾", 13),
    ("龚", 14),
    ("邵", 12),
    ("覃", 20),
    ("武", 10),
    ("钱", 11),
    ("戴", 14),
    ("严", 12),
    ("莫", 16),
    ("孔", 10),
    ("向", 11),
    ("常", 9),
    ("汤", 12),
    ("康", 10),
    ("易", 11),
    ("赖", 26),
    ("文", 12),
    ("施", 11),
    ("洪", 14),
    ("庄", 18),
    ("温", 16),
    ("欧阳", 9),
    ("司徒", 2),
    ("上官", 1),
    ("诸葛", 1),
    ("司马", 1),
    ("东方", 1),
];
/// Characters of given names, the most frequent first: men born before 1985.
const MEN: &str = "伟强军勇杰涛明超平刚辉鹏华飞浩建志国文斌波宇林峰俊海龙健亮松东成永德洪振家荣金生庆祥仁义忠胜利新兴安福顺根才学民";
/// Women born before 1985.
const WOMEN: &str = "芳娜敏静丽艳娟霞燕秀英玲桂兰红梅玉萍洁婷琳雪琴莉慧颖倩怡欣雅雯佳晓嘉思诗媛珍珠凤莲香云月春秋淑惠美华爱琼菊青翠";
/// Boys born since 2005.
const BOYS: &str =
    "子轩睿晨昊博思远嘉豪铭瀚瑞翔凯鑫磊宇泽浩然俊熙皓辰煜彬彦恒宏奕诺梓谦霖毅航天乐安一骏烨尧承佑哲";
/// Girls born since 2005.
const GIRLS: &str =
    "涵梓萱紫妍语彤梦瑶琪璐蕾薇欣怡诗可馨雨悦心若依诺艺晗晴琳佳思睿宜清芷柔婉菲沐舒钰然乐安一橙汐妤苒嘉";
/// Names of minorities in Chinese writing: given part, then the father's, with the dot of their own (GB 18030 U+00B7).
const DOTTED: &[(&str, Sex)] = &[
    ("阿依古丽", Sex::Female),
    ("古丽娜尔", Sex::Female),
    ("麦迪娜", Sex::Female),
    ("阿依努尔", Sex::Female),
    ("买买提", Sex::Male),
    ("艾力", Sex::Male),
    ("吐尔逊", Sex::Male),
    ("库尔班", Sex::Male),
    ("扎西", Sex::Male),
    ("卓玛", Sex::Female),
    ("达瓦", Sex::Male),
    ("次仁", Sex::Male),
];

/// Draws names. Building it once keeps the running totals of the weights.
#[derive(Debug)]
pub struct Names {
    surname_totals: Vec<f64>,
    given: [Vec<char>; 4],
    given_totals: [Vec<f64>; 4],
}

/// Whether a family writes its names with a middle dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Family {
    /// A Han-style surname, handed from father (or mother) to child.
    Surname(&'static str),
    /// Given name, dot, father's given name.
    Dotted,
}

impl Names {
    /// The tables with their running totals.
    pub fn new() -> Self {
        let given = [MEN, WOMEN, BOYS, GIRLS].map(|text| text.chars().collect::<Vec<char>>());
        // Zipf with exponent 0.75: the ten first characters take about a third, as in school registers.
        let given_totals = given
            .each_ref()
            .map(|list| running((0..list.len()).map(|place| (place as f64 + 2.0).powf(-0.75))));
        Self {
            surname_totals: running(SURNAMES.iter().map(|(_, share)| f64::from(*share))),
            given,
            given_totals,
        }
    }

    /// A family's way of naming: one in 250 writes names with a dot.
    pub fn family(&self, dice: &mut Dice) -> Family {
        if dice.happens(0.004) {
            return Family::Dotted;
        }
        let place = dice.weighted(&self.surname_totals);
        Family::Surname(SURNAMES.get(place).map_or("王", |(surname, _)| surname))
    }

    /// A full name. `shared` is the character that brothers and sisters have in common, first of the given name.
    pub fn full(
        &self,
        family: &Family,
        sex: Sex,
        birth_year: i16,
        shared: Option<char>,
        dice: &mut Dice,
    ) -> String {
        match family {
            Family::Dotted => {
                let fitting: Vec<&str> =
                    DOTTED.iter().filter(|(_, of)| *of == sex).map(|(name, _)| *name).collect();
                let fathers: Vec<&str> =
                    DOTTED.iter().filter(|(_, of)| *of == Sex::Male).map(|(name, _)| *name).collect();
                let own = dice.pick(&fitting).copied().unwrap_or("艾力");
                format!("{own}·{}", dice.pick(&fathers).copied().unwrap_or("买买提"))
            }
            Family::Surname(surname) => format!("{surname}{}", self.given(sex, birth_year, shared, dice)),
        }
    }

    /// One character that may stand first in the given names of all children of a family.
    pub fn shared_character(&self, dice: &mut Dice) -> char {
        self.character(2, dice)
    }

    fn given(&self, sex: Sex, birth_year: i16, shared: Option<char>, dice: &mut Dice) -> String {
        let young = birth_year >= 1995;
        let table = usize::from(sex == Sex::Female) + if young { 2 } else { 0 };
        let first = shared.unwrap_or_else(|| self.character(table, dice));
        let single = shared.is_none()
            && dice.happens(if birth_year < 1980 {
                0.14
            } else if young {
                0.09
            } else {
                0.22
            });
        if single {
            return first.to_string();
        }
        [first, self.character(table, dice)].iter().collect()
    }

    fn character(&self, table: usize, dice: &mut Dice) -> char {
        let place = self.given_totals.get(table).map_or(0, |totals| dice.weighted(totals));
        self.given.get(table).and_then(|list| list.get(place)).copied().unwrap_or('明')
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::new()
    }
}

/// Running totals of weights.
pub(crate) fn running(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    weights
        .scan(0.0, |total, weight| {
            *total += weight;
            Some(*total)
        })
        .collect()
}
