//! Routing as data: by which of a person's places a new matter finds its area, to whom it is proposed there, and which
//! department has which duty. Which role answers at each level, and how a late matter climbs, is the workflow's.

use std::collections::BTreeSet;

use base::Label;
use rules::document::{Fields, Located};
use rules::{Dated, Fault, document};
use workflow::Period;

use crate::Roles;

/// The places by which a matter can find its area, in the words of the file.
const PLACES: [(&str, PlaceBy); 4] = [
    ("present", PlaceBy::Present),
    ("school", PlaceBy::School),
    ("registration", PlaceBy::Registration),
    ("city", PlaceBy::City),
];

/// The largest number of classes or duties that a list can be said to have.
const MAXIMUM_STATED: i64 = 1_000;

/// Where matters go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routing {
    /// To whom a new matter of each kind is proposed.
    pub dispatch: Vec<Dispatch>,
    /// The departments to which matters are referred.
    pub departments: Vec<Department>,
    /// Which department has which duty (职责清单, M6).
    pub responsibility: ResponsibilityList,
    /// The numbers to call when a child is in danger now, the first to call first.
    pub emergency_numbers: Vec<EmergencyNumber>,
}

/// A number to call when a child is in danger now. One that is a `sample` is shown and cannot be dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyNumber {
    /// Its name in data: `police`.
    pub key: String,
    /// Who answers, on screen: 公安报警.
    pub label: Label,
    /// What is dialled: digits, with hyphens at most.
    pub number: String,
    /// Since when, and who says so.
    pub dated: Dated,
}

/// To whom a new matter of one kind is proposed, and who confirms it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// The kind of matter.
    pub kind: String,
    /// The places that are asked for the area, in this order; the first that is known decides.
    pub place_by: Vec<PlaceBy>,
    /// The roles to whose post in that area it is proposed, in this order; the first that is held decides.
    pub offer: Vec<String>,
    /// The roles that may confirm the proposal.
    pub confirmed_by: Vec<String>,
    /// Since when, and who says so.
    pub dated: Dated,
}

/// A place of a person's by which a matter finds its area (design §3, Identity).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceBy {
    /// Where the person lives at present (现住).
    Present,
    /// Where the person's school is.
    School,
    /// Where the household is registered (户籍).
    Registration,
    /// The desk of the city, which takes what has no place.
    City,
}

/// A department that takes referrals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Its name in data: `police`.
    pub key: String,
    /// Its name on screen: 公安.
    pub label: Label,
    /// Since when, and who says so.
    pub dated: Dated,
}

/// The list of duties by class, and how long the real list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponsibilityList {
    /// How many classes the source says that the list has.
    pub stated_classes: u32,
    /// How many duties the source says that the list has.
    pub stated_duties: u32,
    /// Since when, and who says so.
    pub dated: Dated,
    /// The classes in the order of the file.
    pub classes: Vec<DutyClass>,
}

/// One class of duties: 家庭, 学校 and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyClass {
    /// Its name in data.
    pub key: String,
    /// Its name on screen.
    pub label: Label,
    /// Since when, and who says so.
    pub dated: Dated,
    /// Its duties in the order of the file.
    pub duties: Vec<Duty>,
}

/// One duty of one department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Its name in data.
    pub key: String,
    /// What is to be done, on screen.
    pub label: Label,
    /// The key of the department that has the duty.
    pub department: String,
    /// How long the department has to accept or reject a referral.
    pub answer_within: Period,
    /// How long it has from acceptance until the duty is done.
    pub done_within: Period,
    /// Since when, and who says so.
    pub dated: Dated,
}

impl Routing {
    /// Reads `routing.toml`. `matters` are the kinds of matter of the program's workflow.
    ///
    /// # Errors
    /// Every fault of the file, and roles, departments and kinds of matter that it names and that do not exist.
    pub fn parse(text: &str, roles: Option<&Roles>, matters: Option<&[&str]>) -> Result<Self, Vec<Fault>> {
        document::read(text, |fields| {
            let dispatch = fields.entries("dispatch");
            let dispatch: Vec<_> =
                dispatch.iter().map(|entry| read_dispatch(entry, roles, matters)).collect();
            let entries = fields.entries("department");
            let departments: Vec<_> = entries.iter().map(read_department).collect();
            let departments: Option<Vec<Department>> = departments.into_iter().collect();
            if let Some(departments) = &departments {
                let keys = departments
                    .iter()
                    .zip(&entries)
                    .map(|(one, entry)| (one.key.as_str(), entry.line_of("key")));
                fields.refuse_twins("department", keys);
            }
            let responsibility = fields
                .table("responsibility")
                .and_then(|table| read_responsibility(&table, departments.as_deref()));
            let entries = fields.entries("emergency_number");
            let numbers: Vec<_> = entries.iter().map(read_emergency_number).collect();
            Some(Self {
                emergency_numbers: numbers.into_iter().collect::<Option<_>>()?,
                dispatch: dispatch.into_iter().collect::<Option<_>>()?,
                departments: departments?,
                responsibility: responsibility?,
            })
        })
    }

    /// How a new matter of this kind is dispatched.
    pub fn dispatch_of(&self, kind: &str) -> Option<&Dispatch> {
        self.dispatch.iter().find(|dispatch| dispatch.kind == kind)
    }

    /// The department with this key.
    pub fn department(&self, key: &str) -> Option<&Department> {
        self.departments.iter().find(|department| department.key == key)
    }

    /// The duty with this key, and its class.
    pub fn duty(&self, key: &str) -> Option<(&DutyClass, &Duty)> {
        self.responsibility
            .classes
            .iter()
            .flat_map(|class| class.duties.iter().map(move |duty| (class, duty)))
            .find(|(_, duty)| duty.key == key)
    }
}

fn read_dispatch(entry: &Fields<'_>, roles: Option<&Roles>, matters: Option<&[&str]>) -> Option<Dispatch> {
    let kind = match matters {
        None => entry.key("kind"),
        Some(matters) => {
            let kinds: Vec<(&str, String)> = matters.iter().map(|kind| (*kind, (*kind).to_owned())).collect();
            entry.choice("kind", &kinds)
        }
    };
    let place_by = entry.keys("place_by");
    let place_by: Vec<_> =
        place_by.iter().filter_map(|place| entry.chosen(place.line, &place.value, &PLACES)).collect();
    if place_by.last() != Some(&PlaceBy::City) {
        let message = "a matter without a place would be dispatched to nobody";
        entry.fault("place_by", message, "End the list `place_by` with `city`");
    }
    let (offer, confirmed_by) =
        (named_roles(entry, "offer", roles), named_roles(entry, "confirmed_by", roles));
    let dated = entry.dated();
    entry.finish();
    Some(Dispatch { kind: kind?, place_by, offer, confirmed_by, dated: dated? })
}

fn named_roles(entry: &Fields<'_>, name: &'static str, roles: Option<&Roles>) -> Vec<String> {
    let keys = entry.keys(name);
    if keys.is_empty() {
        entry.fault(
            name,
            format!("`{name}` names no role"),
            format!("Add a list `{name}` of one role at least"),
        );
    }
    for Located { value, line } in &keys {
        known_role(entry, *line, value, roles);
    }
    keys.into_iter().map(|key| key.value).collect()
}

fn known_role(entry: &Fields<'_>, line: u32, key: &str, roles: Option<&Roles>) {
    if roles.is_some_and(|roles| roles.role(key).is_none()) {
        entry.fault_at(
            line,
            format!("there is no role `{key}`"),
            "Name a role of roles.toml, or add it there",
        );
    }
}

fn read_department(entry: &Fields<'_>) -> Option<Department> {
    let (key, label, dated) = (entry.key("key"), entry.label("label"), entry.dated());
    entry.finish();
    Some(Department { key: key?, label: label?, dated: dated? })
}

fn read_emergency_number(entry: &Fields<'_>) -> Option<EmergencyNumber> {
    let (key, label, number) = (entry.key("key"), entry.label("label"), entry.text("number"));
    let dated = entry.dated();
    if let Some(number) = &number
        && !can_be_dialled(number)
    {
        let mend = "Write 3 to 16 digits, with hyphens at most: \"110\"";
        entry.fault("number", format!("`{number}` cannot be dialled"), mend);
    }
    entry.finish();
    Some(EmergencyNumber { key: key?, label: label?, number: number?, dated: dated? })
}

fn can_be_dialled(number: &str) -> bool {
    (3..=16).contains(&number.len()) && number.bytes().all(|letter| letter.is_ascii_digit() || letter == b'-')
}

fn read_responsibility(table: &Fields<'_>, departments: Option<&[Department]>) -> Option<ResponsibilityList> {
    let stated_classes = table.integer("stated_classes", 0..=MAXIMUM_STATED);
    let stated_duties = table.integer("stated_duties", 0..=MAXIMUM_STATED);
    let dated = table.dated();
    let mut duty_lines: Vec<(String, u32)> = Vec::new();
    let classes: Vec<Option<DutyClass>> = table
        .entries("class")
        .iter()
        .map(|entry| {
            let (key, label, dated) = (entry.key("key"), entry.label("label"), entry.dated());
            let duties = entry.entries("duty");
            duty_lines.extend(duties.iter().filter_map(|duty| Some((duty.key("key")?, duty.line_of("key")))));
            let duties: Vec<_> = duties.iter().map(|duty| read_duty(duty, departments)).collect();
            entry.finish();
            let duties = duties.into_iter().collect::<Option<_>>()?;
            Some(DutyClass { key: key?, label: label?, dated: dated?, duties })
        })
        .collect();
    table.finish();
    table.refuse_twins("duty", duty_lines.iter().map(|(key, line)| (key.as_str(), *line)));
    Some(ResponsibilityList {
        stated_classes: u32::try_from(stated_classes?).ok()?,
        stated_duties: u32::try_from(stated_duties?).ok()?,
        dated: dated?,
        classes: classes.into_iter().collect::<Option<_>>()?,
    })
}

fn read_duty(entry: &Fields<'_>, departments: Option<&[Department]>) -> Option<Duty> {
    let (key, label, department) = (entry.key("key"), entry.label("label"), entry.key("department"));
    let (answer_within, done_within) = (period(entry, "answer_within"), period(entry, "done_within"));
    let dated = entry.dated();
    entry.finish();
    let known: Option<BTreeSet<&str>> =
        departments.map(|all| all.iter().map(|one| one.key.as_str()).collect());
    if let (Some(known), Some(department)) = (known, &department)
        && !known.contains(department.as_str())
    {
        let mend = "Name a [[department]] of this file, or add it";
        entry.fault("department", format!("there is no department `{department}`"), mend);
    }
    Some(Duty {
        key: key?,
        label: label?,
        department: department?,
        answer_within: answer_within?,
        done_within: done_within?,
        dated: dated?,
    })
}

fn period(entry: &Fields<'_>, name: &'static str) -> Option<Period> {
    let text = entry.text(name)?;
    let period = Period::read(&text);
    if period.is_none() {
        let mend = "Write hours, working days or days, such as \"4 hours\" or \"3 working days\"";
        entry.fault(name, format!("`{text}` is no length of time"), mend);
    }
    period
}

#[cfg(test)]
mod tests;
