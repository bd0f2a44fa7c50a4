//! 学校缺勤: pupils who missed school in this term, as a workbook with a header of two lines.

use base::{AreaLevel, AreaTree, Day};

use super::address;
use super::observe::{self, Report};
use super::pen::{Pen, SCHOOL};
use super::table::{Line, Table};
use crate::chance::Dice;
use crate::lives::{City, Household, Person};

const HEADER: [&[&str]; 2] = [
    &[
        "序号",
        "学校",
        "班级",
        "学籍号",
        "学生基本信息",
        "",
        "",
        "",
        "缺勤情况",
        "",
        "",
        "监护人",
        "",
        "家庭住址",
    ],
    &[
        "",
        "",
        "",
        "",
        "姓名",
        "身份证件号",
        "性别",
        "出生日期",
        "天数",
        "最近日期",
        "原因",
        "姓名",
        "电话",
        "",
    ],
];
const PEN: u64 = 5;
const SECOND_PEN: u64 = 6;
const CLASSES: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

/// The table as of `day`, since the beginning of term, of the households that `wanted` picks.
pub(super) fn table(city: &City, areas: &AreaTree, day: Day, wanted: &dyn Fn(&Household) -> bool) -> Table {
    let mut lines = Vec::new();
    for (place, person) in city.persons.iter().enumerate() {
        if !city.households.get(person.household).is_some_and(wanted) {
            continue;
        }
        let Some(report) = observe::absence(city, place, person, day) else { continue };
        let mut dice = Dice::new(city.settings.seed, (109 << 40) | place as u64);
        let pens = if dice.happens(0.02) { vec![PEN, SECOND_PEN] } else { vec![PEN] };
        for pen in pens {
            let row = Row { city, areas, place, person, report: &report, day, number: pen };
            lines.push(row.line(Pen::new(city.settings.seed, pen, place, SCHOOL)));
        }
    }
    lines.sort_by(|one, other| one.cells.get(1).cmp(&other.cells.get(1)));
    for (serial, line) in (1..).zip(lines.iter_mut()) {
        if let Some(cell) = line.cells.first_mut() {
            *cell = i32::to_string(&serial);
        }
    }
    let total = format!("合计：{}人次", lines.len());
    Table {
        above: vec![
            "中小学（幼儿园）学生缺勤情况统计表".to_owned(),
            format!("填报单位：市教育局  统计日期：{day}"),
        ],
        header: HEADER.iter().map(|line| line.to_vec()).collect(),
        lines,
        below: vec![total, "注：病假、事假均计入缺勤天数".to_owned(), "填表人：  审核人：".to_owned()],
    }
}

struct Row<'a> {
    city: &'a City,
    areas: &'a AreaTree,
    place: usize,
    person: &'a Person,
    report: &'a Report,
    day: Day,
    number: u64,
}

impl Row<'_> {
    fn line(&self, mut pen: Pen) -> Line {
        let person = self.person;
        let guardians = observe::guardians(self.city, self.place, person, self.day);
        let second = guardians.get(1).copied().filter(|_| pen.dice.happens(0.15));
        let guardian = second.or(guardians.first().copied());
        let name = pen.name(&person.name);
        let is_small = person.birth.age_on(self.day) < 7;
        let number = pen.number(person, guardian, is_small);
        let birth = pen.birth(person, &number);
        let sex = pen.sex(person.sex).to_owned();
        let home = self.city.households.get(person.household);
        let address = home.map(|home| address::write(&mut pen, home, self.areas)).unwrap_or_default();
        let (guardian_name, guardian_phone) =
            match guardian.filter(|_| !pen.dice.happens(SCHOOL.without_guardian)) {
                Some(guardian) => (pen.name(&guardian.name), pen.phone_of_guardian(guardian)),
                None => (String::new(), String::new()),
            };
        let last = self.last_day(&mut pen);
        let cells = vec![
            String::new(),
            self.school(),
            self.class(),
            format!("{}{:07}{}", self.person.birth.year() + 6, self.place + 1, self.number),
            name,
            number,
            sex,
            birth,
            self.report.days.to_string(),
            last,
            self.report.reason.to_owned(),
            guardian_name,
            guardian_phone,
            address.whole,
        ];
        Line { cells, person: Some(self.place), slips: pen.slips }
    }

    /// One date in a thousand is none.
    fn last_day(&self, pen: &mut Pen) -> String {
        let day = self.report.last;
        if pen.dice.happens(0.001) {
            return format!("{}-{:02}-{:02}", day.year(), day.month(), day.day_of_month() + 31);
        }
        pen.day(day)
    }

    /// The school of the sub-district where the child lives.
    fn school(&self) -> String {
        let community = self.city.households.get(self.person.household).map(|home| home.home.community);
        let path = community.and_then(|community| self.areas.path_of(community));
        let area = path.and_then(|path| path.at(AreaLevel::Subdistrict)).and_then(|id| self.areas.get(id));
        let name = area.map(|area| area.name.trim_end_matches("街道").to_owned()).unwrap_or_default();
        let number = community.map_or(1, |community| community.0.unsigned_abs() % 3 + 1);
        let kind = match self.age() {
            ..=5 => "幼儿园",
            6..=11 => "小学",
            12..=14 => "初级中学",
            _ => "高级中学",
        };
        let number = ["第一", "第二", "第三"].get(number as usize - 1).copied().unwrap_or("第一");
        format!("{name}{number}{kind}")
    }

    fn class(&self) -> String {
        let age = self.age();
        let grade = match age {
            ..=5 => {
                return ["小班", "中班", "大班"]
                    .get(usize::try_from(age - 3).unwrap_or(0))
                    .copied()
                    .unwrap_or("小班")
                    .to_owned();
            }
            6..=11 => {
                CLASSES.get(usize::try_from(age - 6).unwrap_or(0)).copied().map(|year| format!("{year}年级"))
            }
            12..=14 => Some(format!(
                "初{}",
                CLASSES.get(usize::try_from(age - 12).unwrap_or(0)).copied().unwrap_or("一")
            )),
            _ => Some(format!(
                "高{}",
                CLASSES.get(usize::try_from(age - 15).unwrap_or(0)).copied().unwrap_or("一")
            )),
        };
        format!("{}（{}）班", grade.unwrap_or_default(), self.place % 8 + 1)
    }

    fn age(&self) -> i32 {
        self.person.birth.age_on(self.day)
    }
}
