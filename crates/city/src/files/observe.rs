//! What departments notice of a family: some of what is there, and some that is not. Every draw starts from how people
//! live (who is away, who is poor, in which weeks a child was alone), never from whether the child counts as at risk.

use base::Day;

use crate::chance::Dice;
use crate::lives::{City, Fate, Household, Person, Relation};

/// Streams of dice for what is noticed; those of pens lie below.
const LISTING: u64 = 101 << 40;
const LABELS: u64 = 102 << 40;
const SCHOOL: u64 = 103 << 40;
/// Below this temper a home is one in which people are hit.
const HARSH: f64 = -0.7;

/// Whether the grid lists `person` (at `place` in the city) as living at home on `day`: those who are away often stay
/// on the list for years.
pub(super) fn is_listed(city: &City, place: usize, person: &Person, day: Day) -> bool {
    if person.birth > day {
        return false;
    }
    let stays = match person.fate {
        Fate::Home => 0.995,
        Fate::WorksAway => 0.40,
        Fate::InPrison | Fate::InDrugTreatment => 0.25,
        Fate::Lost => 0.30,
        Fate::Dead => 0.06,
    };
    Dice::new(city.settings.seed, LISTING | place as u64).happens(stays)
}

/// What of a child's family is there to be seen.
struct Family {
    parents: usize,
    parents_home: usize,
    grandparents_home: usize,
    in_prison: bool,
    gone_for_good: usize,
    dead: usize,
}

impl Family {
    fn of(members: &[Person]) -> Self {
        let parents = || members.iter().filter(|member| member.relation.is_parent());
        let with = |fates: &[Fate]| parents().filter(|parent| fates.contains(&parent.fate)).count();
        let is_grandparent =
            |member: &&Person| matches!(member.relation, Relation::Grandfather | Relation::Grandmother);
        Self {
            parents: parents().count(),
            parents_home: with(&[Fate::Home]),
            grandparents_home: members.iter().filter(is_grandparent).count(),
            in_prison: with(&[Fate::InPrison, Fate::InDrugTreatment]) > 0,
            gone_for_good: with(&[Fate::Dead, Fate::Lost, Fate::InPrison]),
            dead: with(&[Fate::Dead]),
        }
    }
}

/// The labels that the grid puts on a person.
pub(super) fn labels(city: &City, household: &Household, place: usize, person: &Person) -> Vec<&'static str> {
    let mut dice = Dice::new(city.settings.seed, LABELS | place as u64);
    let mut labels = Vec::new();
    let mut put = |label: &'static str, there: bool, seen: f64, wrong: f64| {
        if dice.happens(if there { seen } else { wrong }) {
            labels.push(label);
        }
    };
    put("低保", household.is_poor, 0.75, 0.002);
    let Some(childhood) = &person.childhood else {
        put("重病", false, 0.0, 0.004);
        return labels;
    };
    let family = Family::of(city.members(household));
    let nobody = family.parents_home == 0;
    put("留守", nobody && family.parents > 0, 0.65, 0.002);
    put("隔代抚养", nobody && family.grandparents_home > 0, 0.5, 0.003);
    put("单亲", family.parents_home == 1, 0.45, 0.004);
    put("父母服刑", family.in_prison, 0.5, 0.0002);
    put("孤儿", family.parents > 0 && family.dead == family.parents, 0.7, 0.0001);
    put("事实无人抚养", family.parents > 0 && family.gone_for_good == family.parents, 0.5, 0.0002);
    put("独居", nobody && family.grandparents_home == 0, 0.5, 0.0002);
    put("家暴", household.temper < HARSH, 0.25, 0.0006);
    put("重病", false, 0.0, 0.003);
    // Who walks the stairs every week sees now and then that nobody is at home with a child.
    let rounds = i32::try_from(childhood.weeks_without_care).unwrap_or(0);
    put("监护缺失", rounds > 0, 1.0 - 0.94_f64.powi(rounds), 0.0008);
    labels
}

/// What a school reports of a pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    pub days: u32,
    pub last: Day,
    pub reason: &'static str,
}

const COLDS: &[&str] =
    &["病假", "病假", "病假", "感冒发烧", "事假", "事假", "家中有事", "", "", "肠胃不适", "请假回老家"];

/// What the school of `person` reports of it on `day`; nothing of most.
pub(super) fn absence(city: &City, place: usize, person: &Person, day: Day) -> Option<Report> {
    let childhood = person.childhood.as_ref()?;
    let mut dice = Dice::new(city.settings.seed, SCHOOL | place as u64);
    let is_forgotten = dice.happens(0.05);
    let is_mistaken = dice.happens(0.002);
    let miscount = dice.unit();
    let harm_seen = dice.happens(0.25);
    let hurt_at_play = dice.happens(0.002);
    let age = person.birth.age_on(day);
    if !childhood.at_school {
        let is_known = (6..18).contains(&age) && dice.happens(0.4);
        let last = day.plus_days(-dice.between(20, 70));
        return is_known.then_some(Report { days: 30, last, reason: "辍学" });
    }
    let is_harsh = city.households.get(person.household).is_some_and(|home| home.temper < HARSH);
    let (mut days, mut last, mut reason) = (0, None, dice.pick(COLDS).copied().unwrap_or_default());
    for absence in childhood.absences_until(day) {
        days += absence.days;
        last = Some(absence.last);
        // The teacher calls; whoever is not looked after has nobody who answers. Others miss a call as well.
        let unanswered = dice.happens(if absence.without_care { 0.30 } else { 0.02 });
        let neglected = dice.happens(if absence.without_care { 0.10 } else { 0.001 });
        if neglected {
            reason = "家长称无人照料";
        } else if unanswered {
            reason = "多次联系不上家长";
        }
    }
    if days == 0 && is_mistaken {
        return Some(Report {
            days: 1 + dice.below(2),
            last: day.plus_days(-dice.between(1, 20)),
            reason: "",
        });
    }
    let last = last?;
    if is_forgotten {
        return None;
    }
    if is_harsh && harm_seen {
        reason = "身上有淤青，家长说法不一";
    } else if hurt_at_play {
        reason = "体育课受伤";
    }
    let days = match miscount {
        drawn if drawn < 0.07 => days + 1,
        drawn if drawn < 0.14 && days > 1 => days - 1,
        _ => days,
    };
    Some(Report { days, last, reason })
}

/// Whether the federation has registered the disability of the person at `place`, and since when.
pub(super) fn certificate(city: &City, place: usize, person: &Person, day: Day) -> Option<Day> {
    person.disability?;
    let mut dice = Dice::new(city.settings.seed, (104 << 40) | place as u64);
    let issued = city.settings.today.plus_days(-dice.between(30, 3_600)).max(person.birth.plus_days(200));
    (dice.happens(0.93) && issued <= day).then_some(issued)
}

/// Who is asked for a child, or for somebody very old: a parent before a grandparent. The first is the main one.
pub(super) fn guardians<'a>(city: &'a City, place: usize, person: &Person, day: Day) -> Vec<&'a Person> {
    let Some(household) = city.households.get(person.household) else { return Vec::new() };
    let is_elder = matches!(person.relation, Relation::Grandfather | Relation::Grandmother)
        && person.birth.age_on(day) > 72;
    if person.childhood.is_none() && !is_elder {
        return Vec::new();
    }
    let members = city.members(household);
    let is_reachable = |member: &&Person| !matches!(member.fate, Fate::Dead | Fate::Lost);
    let mut guardians: Vec<&Person> =
        members.iter().filter(|member| member.relation.is_parent()).filter(is_reachable).collect();
    // Mothers are asked as often as fathers.
    if Dice::new(city.settings.seed, (105 << 40) | place as u64).happens(0.55) {
        guardians.reverse();
    }
    if person.childhood.is_some() {
        guardians.extend(
            members
                .iter()
                .filter(|member| matches!(member.relation, Relation::Grandfather | Relation::Grandmother)),
        );
    }
    guardians
}
