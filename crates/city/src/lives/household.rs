//! Making households: who belongs to them, their names and numbers, and what befell them.

use std::collections::HashSet;
use std::ops::Range;

use base::{AreaId, AreaTree, Day, Phone, ResidentId, Sex};

use super::home::{Home, Homes};
use super::{Childhood, Disability, Person, Settings};
use crate::chance::Dice;
use crate::names::{Family, Names};

/// What somebody is in a household, seen from the children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// 父亲
    Father,
    /// 母亲
    Mother,
    /// 子女 under 18
    Child,
    /// 祖父 or 外祖父
    Grandfather,
    /// 祖母 or 外祖母
    Grandmother,
    /// Lives alone or shares with others without children.
    Single,
    /// Lives with the family without being related.
    Lodger,
}

impl Relation {
    /// Whether it is a parent of the household's children.
    pub fn is_parent(self) -> bool {
        matches!(self, Self::Father | Self::Mother)
    }
}

/// What keeps somebody from the family's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// Nothing: lives at home.
    Home,
    /// Works in another place.
    WorksAway,
    /// Serves a sentence.
    InPrison,
    /// In compulsory drug treatment.
    InDrugTreatment,
    /// Nobody knows where.
    Lost,
    /// Dead.
    Dead,
}

/// A household.
#[derive(Debug, Clone)]
pub struct Household {
    /// The number that the grid gives it.
    pub number: String,
    /// Where it lives.
    pub home: Home,
    /// Where it lived before, which some registers still hold.
    pub former_home: Home,
    /// Places of its members in [`super::City::persons`].
    pub members: Range<usize>,
    /// Six digits of the place of its household registration; 4403… is this city.
    pub registered_at: u32,
    /// Since when it lives there.
    pub arrived: Day,
    /// Whether it lives below the minimum.
    pub is_poor: bool,
    /// Warmth or harshness that no register holds, in the unit of care.
    pub temper: f64,
}

/// Area prefixes of this city's districts.
const LOCAL: &[u32] =
    &[440_301, 440_303, 440_304, 440_305, 440_306, 440_307, 440_308, 440_309, 440_310, 440_311];
/// Area prefixes of counties that people come from, neighbours in the province first.
const AWAY: &[u32] = &[
    440_582, 440_583, 440_514, 441_402, 441_424, 440_982, 440_883, 441_521, 445_281, 445_224, 441_322,
    430_481, 430_426, 430_525, 430_581, 431_025, 421_083, 421_087, 420_625, 421_126, 450_881, 450_921,
    450_981, 360_781, 360_730, 360_429, 511_621, 511_321, 510_921, 411_325, 411_381, 411_525, 500_234,
    500_230, 522_121, 520_221, 350_583, 341_221, 340_826, 610_402, 653_101, 542_301, 370_832, 230_102,
];
const PHONE_HEADS: &[&str] = &[
    "130", "134", "135", "136", "137", "138", "139", "150", "158", "159", "176", "177", "186", "188", "189",
];
const DISABILITIES: &[&str] = &["肢体", "视力", "听力", "言语", "智力", "精神", "多重"];

/// Shapes of households: weight, (father, mother, children, grandfather, grandmother, singles, lodger).
const SHAPES: &[(f64, [u32; 7])] = &[
    (40.0, [0, 0, 0, 0, 0, 1, 0]),
    (30.0, [0, 0, 0, 0, 0, 2, 0]),
    (16.0, [1, 1, 1, 0, 0, 0, 0]),
    (11.0, [1, 1, 2, 0, 0, 0, 0]),
    (2.0, [1, 1, 3, 0, 0, 0, 0]),
    (5.0, [1, 1, 1, 1, 1, 0, 0]),
    (4.0, [1, 1, 2, 0, 1, 0, 0]),
    (1.6, [0, 1, 1, 0, 0, 0, 0]),
    (0.8, [1, 0, 1, 0, 0, 0, 0]),
    (0.7, [0, 1, 1, 0, 0, 0, 1]),
    (0.5, [0, 0, 1, 1, 1, 0, 0]),
    (0.3, [0, 0, 1, 0, 1, 0, 0]),
];

/// Makes one household after the other.
pub(super) struct Maker {
    settings: Settings,
    dice: Dice,
    names: Names,
    homes: Homes,
    city: AreaId,
    shape_totals: Vec<f64>,
    numbers_given: HashSet<ResidentId>,
}

/// What a household's members have in common while they are made.
struct Kin {
    household: usize,
    father_family: Family,
    mother_family: Family,
    shared_character: Option<char>,
    registered_at: u32,
}

impl Maker {
    pub(super) fn new(settings: Settings, areas: &AreaTree) -> Self {
        Self {
            settings,
            dice: Dice::new(settings.seed, 1),
            names: Names::new(),
            homes: Homes::new(areas, settings.seed),
            city: areas.city().city,
            shape_totals: crate::names::running(SHAPES.iter().map(|(weight, _)| *weight)),
            numbers_given: HashSet::new(),
        }
    }

    /// The household with number `place`, whose first member will stand at `first`, and its members.
    pub(super) fn household(&mut self, place: usize, first: usize) -> (Household, Vec<Person>) {
        let shape = SHAPES
            .get(self.dice.weighted(&self.shape_totals))
            .map_or([0, 0, 0, 0, 0, 1, 0], |(_, shape)| *shape);
        let registered_at = if self.dice.happens(0.3) { self.pick_area(LOCAL) } else { self.pick_area(AWAY) };
        let father_family = self.names.family(&mut self.dice);
        let mother_family =
            if father_family == Family::Dotted { Family::Dotted } else { self.names.family(&mut self.dice) };
        let shared_character = self.dice.happens(0.22).then(|| self.names.shared_character(&mut self.dice));
        let kin = Kin { household: place, father_family, mother_family, shared_character, registered_at };
        let members = self.members(shape, &kin);
        let home = self.homes.draw(self.city, &mut self.dice);
        let former_home = self.homes.draw(self.city, &mut self.dice);
        let household = Household {
            number: format!("H{:08}", place + 1),
            home,
            former_home,
            members: first..first + members.len(),
            registered_at,
            arrived: self.arrival(),
            is_poor: self.dice.happens(0.04),
            temper: self.temper(),
        };
        (household, members)
    }

    fn members(&mut self, shape: [u32; 7], kin: &Kin) -> Vec<Person> {
        let [fathers, mothers, children, grandfathers, grandmothers, singles, lodgers] = shape;
        let year = self.settings.today.year();
        let parents_born = year - i16::try_from(self.dice.between(27, 46)).unwrap_or(36);
        let mut members = Vec::new();
        for _ in 0..fathers {
            members.push(self.grown_up(Relation::Father, Sex::Male, parents_born, kin));
        }
        for _ in 0..mothers {
            members.push(self.grown_up(Relation::Mother, Sex::Female, parents_born + 1, kin));
        }
        for _ in 0..grandfathers {
            members.push(self.grown_up(Relation::Grandfather, Sex::Male, parents_born - 26, kin));
        }
        for _ in 0..grandmothers {
            members.push(self.grown_up(Relation::Grandmother, Sex::Female, parents_born - 24, kin));
        }
        for _ in 0..singles {
            let born = year - i16::try_from(self.dice.between(19, 70)).unwrap_or(30);
            let sex = self.any_sex();
            members.push(self.grown_up(Relation::Single, sex, born, kin));
        }
        for _ in 0..lodgers {
            members.push(self.grown_up(Relation::Lodger, Sex::Male, parents_born, kin));
        }
        self.add_children(&mut members, children, parents_born, kin);
        members
    }

    fn add_children(&mut self, members: &mut Vec<Person>, count: u32, parents_born: i16, kin: &Kin) {
        let oldest = i32::from(self.settings.today.year() - parents_born - 23).clamp(0, 17);
        let mut age = self.dice.between(0, oldest);
        let mut births: Vec<Day> = Vec::new();
        for place in 0..count {
            let twin_of = births.last().copied().filter(|_| self.dice.happens(0.05));
            if place > 0 && twin_of.is_none() {
                age = (age - self.dice.between(1, 4)).max(0);
            }
            let birth = twin_of.unwrap_or_else(|| self.day_at_age(age));
            births.push(birth);
            let sex = self.any_sex();
            let family = if self.dice.happens(0.07) { &kin.mother_family } else { &kin.father_family };
            let name = self.names.full(family, sex, birth.year(), kin.shared_character, &mut self.dice);
            let own_phone = age >= 12 && self.dice.happens(0.5);
            let mut child = self.person(Relation::Child, name, sex, birth, kin, own_phone);
            child.disability = self.disability(0.012);
            child.childhood = Some(Childhood::default());
            members.push(child);
        }
    }

    fn grown_up(&mut self, relation: Relation, sex: Sex, born: i16, kin: &Kin) -> Person {
        let family = match relation {
            Relation::Father | Relation::Grandfather => kin.father_family.clone(),
            Relation::Mother => kin.mother_family.clone(),
            Relation::Child | Relation::Grandmother | Relation::Single | Relation::Lodger => {
                self.names.family(&mut self.dice)
            }
        };
        let birth = self.day_in(born);
        let name = self.names.full(&family, sex, birth.year(), None, &mut self.dice);
        let mut person = self.person(relation, name, sex, birth, kin, true);
        let age = birth.age_on(self.settings.today);
        person.disability = self.disability(if age >= 60 { 0.06 } else { 0.015 });
        if relation.is_parent() {
            person.fate = self.fate(sex);
        }
        person
    }

    /// One household in six came within the last year.
    fn arrival(&mut self) -> Day {
        let days =
            if self.dice.happens(0.16) { self.dice.between(20, 360) } else { self.dice.between(380, 3_600) };
        self.settings.today.plus_days(-days)
    }

    /// Most families are a little warmer or harsher than their means; a few hold a harm that no register shows.
    fn temper(&mut self) -> f64 {
        let hidden_harm = if self.dice.happens(0.008) { -1.25 } else { 0.0 };
        self.dice.normal(hidden_harm, 0.16)
    }

    fn fate(&mut self, sex: Sex) -> Fate {
        let drawn = self.dice.unit() * if sex == Sex::Male { 1.0 } else { 2.0 };
        match drawn {
            drawn if drawn < 0.05 => Fate::WorksAway,
            drawn if drawn < 0.058 => Fate::InPrison,
            drawn if drawn < 0.063 => Fate::InDrugTreatment,
            drawn if drawn < 0.07 => Fate::Lost,
            drawn if drawn < 0.075 => Fate::Dead,
            _ => Fate::Home,
        }
    }

    fn disability(&mut self, share: f64) -> Option<Disability> {
        self.dice.happens(share).then(|| Disability {
            kind: self.dice.pick(DISABILITIES).copied().unwrap_or("肢体"),
            grade: u8::try_from(self.dice.between(1, 4)).unwrap_or(4),
        })
    }

    fn person(
        &mut self,
        relation: Relation,
        name: String,
        sex: Sex,
        birth: Day,
        kin: &Kin,
        own_phone: bool,
    ) -> Person {
        let identity_number = self.identity_number(kin.registered_at, birth, sex);
        Person {
            household: kin.household,
            relation,
            name,
            sex,
            birth,
            identity_number,
            phone: own_phone.then(|| self.phone()).flatten(),
            former_phone: own_phone.then(|| self.phone()).flatten(),
            fate: Fate::Home,
            disability: None,
            childhood: None,
        }
    }

    /// A valid number that nobody else has: area, birth, order (odd for men), check.
    fn identity_number(&mut self, area: u32, birth: Day, sex: Sex) -> ResidentId {
        let mut area = area;
        loop {
            let order = u16::try_from(self.dice.below(500) * 2).unwrap_or(0) + u16::from(sex == Sex::Male);
            if let Some(number) =
                ResidentId::compose(area, birth, order).filter(|number| !self.numbers_given.contains(number))
            {
                self.numbers_given.insert(number);
                return number;
            }
            // So many born on one day in one county: the next was registered elsewhere.
            area = self.pick_area(AWAY);
        }
    }

    fn phone(&mut self) -> Option<Phone> {
        let head = self.dice.pick(PHONE_HEADS).copied().unwrap_or("138");
        Phone::read(&format!("{head}{:08}", self.dice.below(100_000_000))).ok()
    }

    fn pick_area(&mut self, list: &[u32]) -> u32 {
        self.dice.pick(list).copied().unwrap_or(440_301)
    }

    fn any_sex(&mut self) -> Sex {
        if self.dice.happens(0.52) { Sex::Male } else { Sex::Female }
    }

    fn day_at_age(&mut self, age: i32) -> Day {
        let months = -(age * 12 + self.dice.between(0, 11));
        self.settings.today.plus_months(months).plus_days(-self.dice.between(0, 27))
    }

    fn day_in(&mut self, year: i16) -> Day {
        let first = Day::new(year, 1, 1).unwrap_or(self.settings.today);
        first.plus_days(self.dice.between(0, 364))
    }
}
