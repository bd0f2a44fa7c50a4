//! 残疾人名册: the federation's register of certificates, as CSV in UTF-8 with a mark.

use base::{AreaTree, Day};

use super::address;
use super::observe;
use super::pen::{FEDERATION, Pen};
use super::table::{Line, Table};
use crate::chance::Dice;
use crate::lives::{City, Household, Person};

const HEADER: &[&str] = &[
    "序号",
    "残疾人证号",
    "姓名",
    "性别",
    "公民身份号码",
    "出生年月日",
    "残疾类别",
    "残疾等级",
    "监护人",
    "监护人联系电话",
    "联系电话",
    "家庭住址",
    "发证日期",
    "备注",
];
const GRADES: [&str; 4] = ["一级", "二级", "三级", "四级"];
const PEN: u64 = 3;
const SECOND_PEN: u64 = 4;

/// The table as of `day`, of the households that `wanted` picks.
pub(super) fn table(city: &City, areas: &AreaTree, day: Day, wanted: &dyn Fn(&Household) -> bool) -> Table {
    let mut lines = Vec::new();
    for (place, person) in city.persons.iter().enumerate() {
        if !city.households.get(person.household).is_some_and(wanted) {
            continue;
        }
        let Some(issued) = observe::certificate(city, place, person, day) else { continue };
        let mut dice = Dice::new(city.settings.seed, (108 << 40) | place as u64);
        let pens = if dice.happens(0.02) { vec![PEN, SECOND_PEN] } else { vec![PEN] };
        for pen in pens {
            // A certificate that was issued anew has a number of its own.
            let number = format!("{}{:07}{pen}", issued.year(), place + 1);
            let pen = Pen::new(city.settings.seed, pen, place, FEDERATION);
            lines.push(line(city, areas, place, person, issued, day, number, pen));
        }
    }
    for (serial, line) in (1..).zip(lines.iter_mut()) {
        if let Some(cell) = line.cells.first_mut() {
            *cell = i32::to_string(&serial);
        }
    }
    let total = format!("合计：{}人", lines.len());
    Table {
        above: vec!["持证残疾人名册".to_owned()],
        header: vec![HEADER.to_vec()],
        lines,
        below: vec![total, format!("导出日期：{day}"), "以下空白".to_owned()],
    }
}

#[expect(clippy::too_many_arguments, reason = "one row is told by all of these, and only here")]
fn line(
    city: &City,
    areas: &AreaTree,
    place: usize,
    person: &Person,
    issued: Day,
    day: Day,
    card: String,
    mut pen: Pen,
) -> Line {
    let guardian = observe::guardians(city, place, person, day).first().copied();
    let name = pen.name(&person.name);
    let number = pen.number(person, guardian.filter(|_| person.childhood.is_some()), false);
    let birth = pen.birth(person, &number);
    let sex = pen.sex(person.sex).to_owned();
    let phone = pen.phone(person, guardian);
    let home = city.households.get(person.household).map(|home| address::write(&mut pen, home, areas));
    let (guardian_name, guardian_phone) =
        match guardian.filter(|_| !pen.dice.happens(FEDERATION.without_guardian)) {
            Some(guardian) => (pen.name(&guardian.name), pen.phone_of_guardian(guardian)),
            None => (String::new(), String::new()),
        };
    let (kind, grade) = person.disability.map_or(("", 4), |disability| (disability.kind, disability.grade));
    let grade = GRADES.get(usize::from(grade).saturating_sub(1)).copied().unwrap_or_default();
    let cells = vec![
        String::new(),
        card,
        name,
        sex,
        number,
        birth,
        kind.to_owned(),
        grade.to_owned(),
        guardian_name,
        guardian_phone,
        phone,
        home.unwrap_or_default().whole,
        pen.day(issued),
        String::new(),
    ];
    Line { cells, person: Some(place), slips: pen.slips }
}
