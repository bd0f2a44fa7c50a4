//! What whoever looks after a child comes to know of it: how it lives in truth, not what a register says.

use base::Day;
use workflow::Answer;

use crate::lives::{City, Fate, Person};

/// Grades of disability that count as severe (GB/T 26341: 1 and 2).
const SEVERE_GRADE: u8 = 2;
/// Days missed at school in a term from which somebody misses it often.
const OFTEN_ABSENT_DAYS: u32 = 4;
/// Ages of compulsory schooling begin here.
const SCHOOL_YEARS: i32 = 6;
/// Below this age nobody asks a child what it wants.
const SPEAKING_YEARS: i32 = 3;
/// From this age on a child answers for itself in part.
const GROWING_YEARS: i32 = 14;

/// How a child lives.
#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    /// Whether it is truly at risk.
    pub is_at_risk: bool,
    /// Share of the weeks watched in which nobody looked after it, 0 to 1.
    pub neglect: f64,
    name: String,
    age_years: i32,
    disability_grade: Option<u8>,
    is_at_school: bool,
    days_absent: u32,
    is_poor: bool,
    /// What keeps the parents from looking after it, as assessments call it.
    parents: &'static str,
}

impl Life {
    /// The life of the child at `place` in [`City::persons`], as on `today`; `None` for grown-ups.
    pub fn of(city: &City, place: usize, today: Day) -> Option<Self> {
        let person = city.persons.get(place)?;
        let childhood = person.childhood.as_ref()?;
        let home = city.households.get(person.household)?;
        let weeks = f64::from(childhood.weeks_without_care) / f64::from(crate::lives::WATCHED_WEEKS);
        Some(Self {
            is_at_risk: childhood.is_at_risk(),
            neglect: weeks.min(1.0),
            name: person.name.clone(),
            age_years: person.birth.age_on(today),
            disability_grade: person.disability.map(|disability| disability.grade),
            is_at_school: childhood.at_school,
            days_absent: childhood.absences_until(today).map(|absence| absence.days).sum(),
            is_poor: home.is_poor,
            parents: parents(city.members(home)),
        })
    }

    /// What a department is told of the child under the `prefill` of a field; `None` for what this does not tell.
    pub(super) fn told(&self, prefill: &str) -> Option<Answer> {
        match prefill {
            "child.name" => Some(Answer::Text(self.name.clone())),
            "child.age" => Some(Answer::Number(i64::from(self.age_years))),
            _ => None,
        }
    }

    /// Whether it is below the age of school.
    pub(super) fn is_small(&self) -> bool {
        self.age_years < SCHOOL_YEARS
    }

    /// The word for what is known under the `prefill` of a field, in the words that assessments use; `None` for what this
    /// does not tell.
    pub(super) fn word(&self, prefill: &str) -> Option<&'static str> {
        Some(match prefill {
            "person.age_band" if self.age_years < SCHOOL_YEARS => "under_six",
            "person.age_band" if self.age_years < GROWING_YEARS => "six_to_thirteen",
            "person.age_band" => "fourteen_up",
            "health.state" => match self.disability_grade {
                Some(grade) if grade <= SEVERE_GRADE => "severe",
                Some(_) => "disabled",
                None => "good",
            },
            "school.attendance" if self.is_small() => "too_young",
            "school.attendance" if !self.is_at_school => "out",
            "school.attendance" if self.days_absent >= OFTEN_ABSENT_DAYS => "often_absent",
            "school.attendance" => "attends",
            "check.spoke_alone" if self.age_years < SPEAKING_YEARS => "too_young",
            "household.income" if self.is_poor => "allowance",
            "guardian.state" => self.parents,
            _ => return None,
        })
    }
}

/// What keeps the parents away or unable; the first that is found.
fn parents(members: &[Person]) -> &'static str {
    let mut all = members.iter().filter(|member| member.relation.is_parent());
    let reason = all.find_map(|parent| match parent.fate {
        Fate::InPrison => Some("prison"),
        Fate::InDrugTreatment => Some("drugs"),
        Fate::Lost => Some("lost"),
        Fate::Dead => Some("dead"),
        Fate::Home | Fate::WorksAway => {
            parent.disability.filter(|disability| disability.grade <= SEVERE_GRADE).map(|_| "disabled")
        }
    });
    reason.unwrap_or("fine")
}
