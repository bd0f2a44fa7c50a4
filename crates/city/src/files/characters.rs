//! Characters that are taken for one another: of one sound, of one shape, traditional for simplified.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::chance::Dice;

/// Characters with one pronunciation, tone ignored: what an input method offers beside the right one.
const ONE_SOUND: &str = "伟炜玮维纬 强蔷 军君钧俊均 勇永咏泳 杰洁捷婕 涛韬 明铭鸣茗 平萍苹 刚钢 辉晖慧惠会 鹏朋彭 华桦骅 \
飞菲霏 浩昊皓灏 建健剑鉴 志智治致 国帼 文雯闻 斌彬滨宾 波博勃 宇雨语羽禹予 林琳霖麟 峰锋丰枫风 隆龙 亮良梁 东冬栋 成诚承程 \
德得 洪宏鸿红虹 振镇震 家佳嘉加 荣蓉容融 金锦瑾津 生升声胜圣 庆清青 祥翔详 仁任人 义毅逸怡艺 忠中钟 利丽莉力立 新欣心鑫馨 \
兴星 福富 顺舜 才财 学雪 民敏 子紫梓芷 轩萱宣 睿瑞 晨辰尘 思诗斯 远媛元源 翰涵瀚寒 凯恺 磊蕾雷 威薇微 春椿 旭许 光广 启琪奇 \
正政郑 尧瑶姚 烨业叶 煜玉郁育 彦艳燕妍 贤娴 芳方 静靖晶京 霞侠 莹颖瑛英 玲灵凌 桂贵 兰岚 梅美 婷亭廷 琴勤 倩茜 雅亚 晓小筱 \
彤童桐 梦孟 璐露路 珍真贞 珠竹 凤奉 莲连 香湘 云芸 月悦越 秋邱 淑舒书 爱艾 荷和 冰兵 素苏 宜依 张章 刘留 陈程 杨阳 黄皇 周州 \
徐许 朱祝 付傅 阎闫严 魏卫 沈申 白柏 黎李 汪王 吴武 覃秦 肖萧 余于 乐月 若偌 安桉 可珂 航杭 奕弈 诺懦 佑友 彭朋 曾增";
/// Characters that look alike: slips of handwriting and of reading machines.
const ONE_SHAPE: &str = "晴睛清 未末 己已巳 王玉 天夫 大太 人入 土士 千干 日曰 杨扬 陈阵 刘列 林材 晓哓 娜挪 丽俪 婷停 琪淇棋 \
洪拱 峰蜂 浩洁 伟纬 敏梅 佳住 茜西 萍苹 宇字 安按 英央 晨辰 博搏 泽择 豪毫 轩轲 凯剀 磊垒 霞霜 秀莠 辉晖 涛祷 杰木 鹏棚 梓辛 \
冉再 侯候 贾贵 范苑 汪江 任仕 石右 白自 余佘 吕品 丁了 萱宣 涵函 诺若 欣钦 铭名 彤形 志忘 明朋 睿壑";
const SIMPLIFIED: &str = "张刘陈杨黄赵吴孙马郑谢许韩邓冯萧叶苏吕卢钟谭陆范贾邹闫龙贺顾龚钱严汤乔赖庄伟强军杰涛飞华国东荣庆义胜兴顺学轩凯辉鹏泽丽艳娟红静兰莲凤云爱琼语诗梦莹";
const TRADITIONAL: &str = "張劉陳楊黃趙吳孫馬鄭謝許韓鄧馮蕭葉蘇呂盧鍾譚陸範賈鄒閆龍賀顧龔錢嚴湯喬賴莊偉強軍傑濤飛華國東榮慶義勝興順學軒凱輝鵬澤麗豔娟紅靜蘭蓮鳳雲愛瓊語詩夢瑩";

type Neighbours = HashMap<char, Vec<char>>;

static SAME_SOUND: LazyLock<Neighbours> = LazyLock::new(|| neighbours(ONE_SOUND));
static LOOK_ALIKE: LazyLock<Neighbours> = LazyLock::new(|| neighbours(ONE_SHAPE));
static LETTERS: LazyLock<Vec<char>> =
    LazyLock::new(|| ONE_SOUND.chars().filter(|letter| !letter.is_whitespace()).collect());

fn neighbours(groups: &str) -> Neighbours {
    let mut neighbours = Neighbours::new();
    for group in groups.split_whitespace() {
        for letter in group.chars() {
            let others = group.chars().filter(|other| *other != letter);
            neighbours.entry(letter).or_default().extend(others);
        }
    }
    neighbours
}

/// The other characters of one sound with `letter`.
pub(super) fn same_sound(letter: char) -> &'static [char] {
    SAME_SOUND.get(&letter).map(Vec::as_slice).unwrap_or_default()
}

/// The other characters that look like `letter`.
pub(super) fn look_alike(letter: char) -> &'static [char] {
    LOOK_ALIKE.get(&letter).map(Vec::as_slice).unwrap_or_default()
}

/// `letter` in its traditional form, if it has another one.
pub(super) fn traditional(letter: char) -> char {
    SIMPLIFIED
        .chars()
        .zip(TRADITIONAL.chars())
        .find(|(simple, _)| *simple == letter)
        .map_or(letter, |(_, full)| full)
}

/// Any character of a given name.
pub(super) fn any_given(dice: &mut Dice) -> char {
    dice.pick(&LETTERS).copied().unwrap_or('明')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_its_own_neighbour_and_the_two_scripts_are_as_long() {
        assert!(!same_sound('梓').contains(&'梓') && same_sound('梓').contains(&'子'));
        assert!(look_alike('未').contains(&'末'));
        assert_eq!(SIMPLIFIED.chars().count(), TRADITIONAL.chars().count());
        assert_eq!((traditional('张'), traditional('明')), ('張', '明'));
    }
}
