//! What each rule brings on a measured city: for whoever sets the points.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use base::PersonId;
use city::lives::{Childhood, City};
use city::quality::Whose;
use matters::Matter;

use crate::application::Application;

/// Leads, and those of them whose child is truly at risk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Brought {
    leads: u32,
    at_risk: u32,
}

impl Brought {
    fn add(&mut self, is_at_risk: bool) {
        self.leads += 1;
        self.at_risk += u32::from(is_at_risk);
    }
}

/// Prints, for each rule, the leads that it counts in and those that would be none without it; then the same for each set
/// of rules that made a lead, and how the children at risk whom no lead found live.
///
/// # Errors
/// As the database.
pub async fn print(application: &Application, city: &City, whose: &Whose, leads: &[Matter]) -> Result<()> {
    let read = application.app.database.read().await?;
    let ids: Vec<_> = leads.iter().map(|lead| lead.id).collect();
    let details = minors::screening::repo::details(read.connection(), read.keys(), &ids).await?;
    drop(read);
    let least = application.app.programs.program(minors::PROGRAM);
    let least = least.and_then(|program| program.rules.thresholds.iter().map(|one| one.at_least).min());
    let is_at_risk = |person: &PersonId| {
        let places = whose.get(person).into_iter().flatten();
        places
            .filter_map(|place| city.persons.get(*place))
            .any(|person| person.childhood.as_ref().is_some_and(Childhood::is_at_risk))
    };
    let mut counted: BTreeMap<String, (Brought, Brought)> = BTreeMap::new();
    let mut sets: BTreeMap<String, Brought> = BTreeMap::new();
    for detail in details.values() {
        let at_risk = is_at_risk(&detail.person);
        let mut names = Vec::new();
        for reason in &detail.explanation.reasons {
            let (all, decisive) = counted.entry(reason.rule.clone()).or_default();
            all.add(at_risk);
            if least.is_some_and(|least| detail.points - reason.points < least) {
                decisive.add(at_risk);
            }
            names.push(format!("{} {}", reason.rule, reason.points));
        }
        sets.entry(names.join(" + ")).or_default().add(at_risk);
    }
    println!("rule: leads (at risk); without it none (at risk)");
    for (rule, (all, decisive)) in &counted {
        println!("  {rule}: {} ({}); {} ({})", all.leads, all.at_risk, decisive.leads, decisive.at_risk);
    }
    let mut sets: Vec<(String, Brought)> = sets.into_iter().collect();
    sets.sort_by_key(|(_, brought)| std::cmp::Reverse(brought.leads));
    println!("rules together: leads (at risk)");
    for (names, brought) in sets {
        println!("  {names}: {} ({})", brought.leads, brought.at_risk);
    }
    print_missed(city, whose, details.values().map(|detail| detail.person));
    Ok(())
}

/// Prints how the children at risk live whom no lead is about.
fn print_missed(city: &City, whose: &Whose, with_lead: impl Iterator<Item = PersonId>) {
    let found: BTreeSet<usize> =
        with_lead.filter_map(|person| whose.get(&person)).flatten().copied().collect();
    println!("at risk, without a lead: weeks without care, temper of the home, who belongs to it");
    for (place, person) in city.persons.iter().enumerate() {
        let Some(childhood) = person.childhood.as_ref().filter(|childhood| childhood.is_at_risk()) else {
            continue;
        };
        let Some(home) = city.households.get(person.household).filter(|_| !found.contains(&place)) else {
            continue;
        };
        let members: Vec<String> = city
            .members(home)
            .iter()
            .map(|member| format!("{:?} {:?}", member.relation, member.fate))
            .collect();
        println!("  {}, {:.2}: {}", childhood.weeks_without_care, home.temper, members.join(", "));
    }
}
