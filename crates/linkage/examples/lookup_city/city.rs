//! People of a generated city: any of them by number, always the same, so that none has to be kept. Names are about as
//! common as they are in China; three people in a household share surname, phone and address.

use base::{Day, ResidentId};
use linkage::{Person, PersonAddress};
use uuid::Uuid;

/// People in a household: father, mother, child.
const HOUSEHOLD: u64 = 3;

/// Surnames with their share of the population in hundredths of a percent.
const SURNAMES: &[(&str, u64)] = &[
    ("王", 720),
    ("李", 710),
    ("张", 680),
    ("刘", 530),
    ("陈", 460),
    ("杨", 300),
    ("黄", 240),
    ("赵", 220),
    ("吴", 210),
    ("周", 200),
    ("徐", 160),
    ("孙", 150),
    ("马", 130),
    ("朱", 120),
    ("胡", 120),
    ("郭", 115),
    ("何", 110),
    ("林", 110),
    ("高", 100),
    ("罗", 95),
    ("郑", 90),
    ("梁", 85),
    ("谢", 75),
    ("宋", 70),
    ("唐", 68),
    ("许", 66),
    ("韩", 65),
    ("邓", 62),
    ("冯", 62),
    ("曹", 58),
    ("彭", 56),
    ("曾", 56),
    ("肖", 55),
    ("田", 53),
    ("董", 50),
    ("潘", 50),
    ("袁", 50),
    ("蔡", 48),
    ("蒋", 47),
    ("余", 46),
    ("于", 45),
    ("杜", 45),
    ("叶", 44),
    ("程", 43),
    ("魏", 42),
    ("苏", 42),
    ("吕", 41),
    ("丁", 40),
    ("任", 39),
    ("卢", 38),
    ("姚", 37),
    ("沈", 37),
    ("钟", 36),
    ("姜", 35),
    ("崔", 34),
    ("谭", 34),
    ("陆", 33),
    ("范", 32),
    ("汪", 31),
    ("廖", 31),
    ("石", 30),
    ("金", 29),
    ("韦", 28),
    ("贾", 28),
    ("夏", 27),
    ("付", 27),
    ("方", 27),
    ("邹", 26),
    ("熊", 26),
    ("白", 25),
    ("孟", 25),
    ("秦", 24),
    ("邱", 24),
    ("侯", 24),
    ("江", 23),
    ("尹", 23),
    ("薛", 22),
    ("闫", 22),
    ("雷", 21),
    ("龙", 21),
    ("黎", 20),
    ("史", 20),
    ("陶", 19),
    ("贺", 19),
    ("毛", 18),
    ("段", 18),
    ("郝", 18),
    ("顾", 17),
    ("龚", 17),
    ("邵", 17),
    ("覃", 16),
    ("武", 16),
    ("钱", 16),
    ("戴", 15),
    ("严", 15),
    ("莫", 15),
    ("孔", 14),
    ("向", 14),
    ("常", 13),
    ("汤", 13),
    ("康", 13),
    ("易", 12),
    ("乔", 12),
    ("赖", 12),
    ("文", 11),
    ("施", 11),
    ("洪", 10),
    ("章", 10),
    ("欧阳", 8),
    ("梅", 8),
    ("庄", 8),
    ("上官", 1),
];
/// Characters of given names, the frequent ones first.
const MALE: &str = "伟强军勇杰涛明超平刚辉鹏华飞浩建志国文斌波宇林峰俊海龙健亮松东成永德洪振家荣金生庆祥仁义忠胜利新兴安福顺根才学民天\
                    泽子轩睿晨昊博思远嘉豪铭瀚瑞翔凯鑫磊威武山川江河春旭光启正立鸿卓尧翰霖烨煜彬彦恒宏坚诚信达贤良善";
const FEMALE: &str = "芳娜敏静丽艳娟霞燕秀英玲桂兰红梅玉萍洁婷琳雪琴莉慧颖倩怡欣雅雯佳晓嘉思诗涵梓萱紫妍语彤梦瑶琪璐蕾薇蓉茜媛珍珠凤莲\
                      香云月春秋冬淑惠美华爱琼菊荷青翠霜冰可依若心悦乐宁安然清芷柔婉菲菁巧素贞善宜睿晨文君子";
const PLACES: &str = "福田梅林莲花华强罗湖桂园翠竹东门南山西丽蛇口沙河粤海桃源盐田宝安新安西乡航城沙井松岗石岩龙岗平湖坂田布吉横岗龙城\
                      坪地龙华民治大浪观湖观澜坪山碧岭光明公明凤凰马田大鹏葵涌南澳";
const AREAS: u64 = 60;

/// A person on record.
pub fn person(number: u64) -> Person {
    let household = number / HOUSEHOLD;
    let [father, mother, child] = [0, 1, 2].map(|place| Member::of(household, place));
    let member = [&father, &mother, &child][usize::try_from(number % HOUSEHOLD).unwrap()];
    let is_child = number % HOUSEHOLD == 2;
    // One in twenty-five has no identity number on record.
    let identity_number = if number.is_multiple_of(25) { String::new() } else { member.number.clone() };
    Person {
        id: Uuid::from_u64_pair(mixed(number, 90), number),
        names: vec![member.name.clone()],
        identity_number,
        birth: member.birth.to_string(),
        sex: member.sex.to_owned(),
        phones: vec![if is_child { mother.phone.clone() } else { member.phone.clone() }],
        guardian_names: if is_child { vec![father.name, mother.name] } else { Vec::new() },
        guardian_phones: if is_child { vec![father.phone] } else { Vec::new() },
        addresses: vec![PersonAddress { text: address(household), ..PersonAddress::default() }],
    }
}

/// A row about a person on record, as it comes in: a third without identity number, some with another character of the
/// name, another phone, no address.
pub fn row(number: u64) -> Person {
    let mut person = person(number);
    if draw(number, 40, 3) == 0 {
        person.identity_number.clear();
    }
    if draw(number, 41, 8) == 0 {
        person.names.iter_mut().for_each(|name| *name = name.replace('子', "紫").replace('伟', "炜"));
    }
    if draw(number, 42, 4) == 0 {
        person.phones = vec![phone(number, 43)];
    }
    if draw(number, 44, 3) == 0 {
        person.addresses.clear();
    }
    person
}

struct Member {
    name: String,
    number: String,
    birth: Day,
    sex: &'static str,
    phone: String,
}

impl Member {
    fn of(household: u64, place: u64) -> Self {
        let number = household * HOUSEHOLD + place;
        let is_male = place == 0 || place == 2 && draw(number, 1, 2) == 0;
        let surname = surname(if place == 2 { household * HOUSEHOLD } else { number });
        let given: Vec<char> = if is_male { MALE } else { FEMALE }.chars().collect();
        let mut name = surname.to_owned();
        name.push(given[frequent_first(number, 3, given.len())]);
        if draw(number, 4, 6) > 0 {
            name.push(given[frequent_first(number, 5, given.len())]);
        }
        // Parents are thirty to fifty, children up to seventeen, and a third of the households is a generation older.
        let older = if draw(household, 6, 3) == 0 { 27 * 365 } else { 0 };
        let youngest = if place == 2 { 0 } else { 30 * 365 };
        let days = youngest + older + draw(number, 7, if place == 2 { 17 * 365 } else { 20 * 365 });
        let birth = Day::new(2026, 11, 1).unwrap().plus_days(-i32::try_from(days).unwrap());
        let order = draw(number, 8, 499) * 2 + if is_male { 1 } else { 2 };
        let area = 440_301 + draw(number, 9, 11) + draw(number, 10, 4) * 100;
        let id = ResidentId::compose(u32::try_from(area).unwrap(), birth, u16::try_from(order).unwrap());
        Self {
            name,
            number: id.unwrap().as_str().to_owned(),
            birth,
            sex: if is_male { "男" } else { "女" },
            phone: phone(number, 11),
        }
    }
}

fn surname(number: u64) -> &'static str {
    let whole: u64 = SURNAMES.iter().map(|(_, share)| share).sum();
    let mut left = draw(number, 2, whole);
    let found = SURNAMES.iter().find(|(_, share)| {
        let is_here = left < *share;
        left = left.saturating_sub(*share);
        is_here
    });
    found.unwrap().0
}

fn phone(number: u64, purpose: u64) -> String {
    format!("1{:010}", 3_000_000_000 + draw(number, purpose, 6_900_000_000))
}

/// Sixty areas with thirty estates each in a city of any size; as many buildings as are needed, 120 rooms each.
fn address(household: u64) -> String {
    let places: Vec<char> = PLACES.chars().collect();
    let two = |at: u64| -> String {
        let from = usize::try_from(at % AREAS).unwrap() % (places.len() / 2) * 2;
        places.iter().skip(from).take(2).collect()
    };
    let building = household / 120;
    let (area, estate) = (mixed(building, 12) % AREAS, mixed(building, 13) % 30);
    format!(
        "深圳市{}区{}街道{}社区{}花园{}栋{}",
        two(area / 6),
        two(area),
        two(area * 7 + 3),
        two(area * 30 + estate),
        building % 1_000 + 1,
        household % 120 / 4 * 100 + 101 + household % 4
    )
}

/// A place below `count`; the lower of two draws, so that the front is frequent and the end rare.
fn frequent_first(number: u64, purpose: u64, count: usize) -> usize {
    let below = u64::try_from(count).unwrap();
    usize::try_from(draw(number, purpose, below).min(draw(number, purpose + 50, below))).unwrap()
}

fn draw(number: u64, purpose: u64, below: u64) -> u64 {
    mixed(number, purpose) % below
}

/// A number for a person and a purpose (the finaliser of SplitMix64): people next to each other have nothing in common.
pub fn mixed(number: u64, purpose: u64) -> u64 {
    let mut mixed = (number << 8 | purpose).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
