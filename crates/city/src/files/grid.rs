//! 网格人口: the grid's list of who lives where, household by household, as CSV in GB18030.

use base::{AreaTree, Day, Sex};

use super::address;
use super::observe;
use super::pen::{GRID, Pen};
use super::table::{Line, Table};
use crate::chance::Dice;
use crate::lives::{City, Household, Person, Relation};

const HEADER: &[&str] = &[
    "序号",
    "区",
    "街道",
    "社区",
    "户号",
    "姓名",
    "与户主关系",
    "性别",
    "身份证号码",
    "出生日期",
    "联系电话",
    "监护人姓名",
    "监护人电话",
    "现住址",
    "人口类型",
    "登记日期",
    "标签",
    "备注",
];
/// Column of the serial number, which is given once the order is known.
const SERIAL: usize = 0;
/// Which pen writes a person's row, and which writes the second one of those who are listed twice.
const PEN: u64 = 1;
const SECOND_PEN: u64 = 2;

/// The table as of `day`, of the households that `wanted` picks.
pub(super) fn table(city: &City, areas: &AreaTree, day: Day, wanted: &dyn Fn(&Household) -> bool) -> Table {
    let is_there = |home: &&Household| home.arrived <= day && wanted(home);
    let mut homes: Vec<&Household> = city.households.iter().filter(is_there).collect();
    homes.sort_by_key(|home| (home.home.community, home.number.clone()));
    let mut lines = Vec::new();
    for household in homes {
        let listed: Vec<usize> = household
            .members
            .clone()
            .filter(|place| {
                city.persons.get(*place).is_some_and(|person| observe::is_listed(city, *place, person, day))
            })
            .collect();
        let head = head_of(city, &listed);
        for place in listed {
            let Some(person) = city.persons.get(place) else { continue };
            let row = Row { city, areas, household, head, place, person, day };
            lines.push(row.line(Pen::new(city.settings.seed, PEN, place, GRID)));
            odd_rows(&mut lines, &row);
        }
        empty_home(&mut lines, city, household);
    }
    for (serial, line) in (1..).zip(lines.iter_mut()) {
        if let Some(cell) = line.cells.get_mut(SERIAL) {
            *cell = i32::to_string(&serial);
        }
    }
    let total = format!("合计：{}人", lines.len());
    Table {
        above: vec![
            "实有人口信息登记表（网格）".to_owned(),
            format!("填报单位：市委政法委网格管理处  数据截止：{day}"),
        ],
        header: vec![HEADER.to_vec()],
        lines,
        below: vec![total, "注：本表数据由网格员入户采集，仅供内部核查使用".to_owned()],
    }
}

/// Rows that lists have beside the good ones: a person entered again at a former address, a line copied twice.
fn odd_rows(lines: &mut Vec<Line>, row: &Row<'_>) {
    let mut dice = Dice::new(row.city.settings.seed, (106 << 40) | row.place as u64);
    if dice.happens(0.01) {
        let mut pen = Pen::new(row.city.settings.seed, SECOND_PEN, row.place, GRID);
        pen.habits.address_former = 1.0;
        let mut line = row.line(pen);
        if let Some(cell) = line.cells.get_mut(4) {
            *cell = format!("H{:08}", 90_000_000 + row.place);
        }
        lines.push(line);
    }
    if dice.happens(0.001)
        && let Some(last) = lines.last().cloned()
    {
        lines.push(last);
    }
    if dice.happens(0.000_4)
        && let Some(last) = lines.last_mut()
    {
        // A comma that nobody quoted.
        last.cells.push("（待核".to_owned());
    }
}

/// One home in three hundred stands empty.
fn empty_home(lines: &mut Vec<Line>, city: &City, household: &Household) {
    let mut dice = Dice::new(city.settings.seed, (107 << 40) | household.members.start as u64);
    if dice.happens(0.003) {
        let mut cells = vec![String::new(); HEADER.len()];
        for (column, text) in [(4, format!("K{}", household.number)), (5, "空户".to_owned())] {
            if let Some(cell) = cells.get_mut(column) {
                *cell = text;
            }
        }
        lines.push(Line { cells, person: None, slips: Vec::new() });
    }
}

/// The head of those who are listed: the first grown-up.
fn head_of<'a>(city: &'a City, listed: &[usize]) -> Option<&'a Person> {
    let members = || listed.iter().filter_map(|place| city.persons.get(*place));
    members().find(|person| !matches!(person.relation, Relation::Child | Relation::Lodger))
}

struct Row<'a> {
    city: &'a City,
    areas: &'a AreaTree,
    household: &'a Household,
    head: Option<&'a Person>,
    place: usize,
    person: &'a Person,
    day: Day,
}

impl Row<'_> {
    fn line(&self, mut pen: Pen) -> Line {
        let person = self.person;
        let guardians = observe::guardians(self.city, self.place, person, self.day);
        let guardian = guardians.first().copied();
        let name = pen.name(&person.name);
        let is_small = person.birth.age_on(self.day) < 7;
        let number = pen.number(person, guardian.filter(|_| person.childhood.is_some()), is_small);
        let birth = pen.birth(person, &number);
        let sex = pen.sex(person.sex);
        let phone = pen.phone(person, guardian);
        let place = address::write(&mut pen, self.household, self.areas);
        let (guardian_name, guardian_phone) =
            match guardian.filter(|_| !pen.dice.happens(GRID.without_guardian)) {
                Some(guardian) => (pen.name(&guardian.name), pen.phone_of_guardian(guardian)),
                None => (String::new(), String::new()),
            };
        let registered_on = pen.day(self.registered_on());
        let labels = observe::labels(self.city, self.household, self.place, person).join("、");
        let cells = vec![
            String::new(),
            place.district,
            place.subdistrict,
            place.community,
            self.household.number.clone(),
            name,
            self.relation().to_owned(),
            sex.to_owned(),
            number,
            birth,
            phone,
            guardian_name,
            guardian_phone,
            place.whole,
            self.residence_kind(&mut pen).to_owned(),
            registered_on,
            labels,
            String::new(),
        ];
        Line { cells, person: Some(self.place), slips: pen.slips }
    }

    /// A few days after somebody came, or was born.
    fn registered_on(&self) -> Day {
        let came = self.household.arrived.max(self.person.birth).plus_days(3);
        came.min(self.day)
    }

    fn residence_kind(&self, pen: &mut Pen) -> &'static str {
        if self.household.registered_at / 100 == 4_403 {
            "户籍"
        } else if pen.dice.happens(0.35) {
            "流动人口"
        } else {
            "非户籍"
        }
    }

    fn relation(&self) -> &'static str {
        let is_male = self.person.sex == Sex::Male;
        let by_sex = |male: &'static str, female: &'static str| if is_male { male } else { female };
        let Some(head) = self.head else { return by_sex("子", "女") };
        if std::ptr::eq(head, self.person) {
            return "户主";
        }
        let head_is_grandparent = matches!(head.relation, Relation::Grandfather | Relation::Grandmother);
        match self.person.relation {
            Relation::Father | Relation::Mother => "配偶",
            Relation::Child if head_is_grandparent => by_sex("孙子", "孙女"),
            Relation::Child => by_sex("子", "女"),
            Relation::Grandfather | Relation::Grandmother if head_is_grandparent => "配偶",
            Relation::Grandfather => "父亲",
            Relation::Grandmother => "母亲",
            Relation::Single => "合租",
            Relation::Lodger => "租客",
        }
    }
}
