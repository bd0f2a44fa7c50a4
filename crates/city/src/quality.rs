//! How well linking and screening did, measured by the truth.
//!
//! Linking is judged by pairs of rows: a pair is right when both rows are one person's in truth and in the database.
//! Screening is judged by children: how many of those at risk have a lead, and how many children have one at all.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{DeliveryId, PersonId};
use matters::inbox::{Filter, Standing};
use matters::{Matter, MatterError, Matters};
use people::links;
use web::App;

use crate::deliver::Delivered;
use crate::lives::City;
use crate::office::Office;

/// Leads that are asked for at a time.
const LEADS_AT_A_TIME: u64 = 200;

/// Pairs of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Linking {
    /// That are one person's.
    pub true_pairs: u64,
    /// That were linked to one person without anybody deciding.
    pub linked_pairs: u64,
    /// That are both.
    pub right_pairs: u64,
}

impl Linking {
    /// The share of what was linked that is right.
    pub fn precision(&self) -> f64 {
        share(self.right_pairs, self.linked_pairs)
    }

    /// The share of what is one person's that was linked.
    pub fn recall(&self) -> f64 {
        share(self.right_pairs, self.true_pairs)
    }
}

/// Children.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Screening {
    /// Who live in the city.
    pub children: u64,
    /// Who are at risk.
    pub at_risk: u64,
    /// Persons of the database who have a lead.
    pub leads: u64,
    /// Children at risk among them.
    pub found: u64,
}

impl Screening {
    /// The share of the children at risk who have a lead.
    pub fn recall(&self) -> f64 {
        share(self.found, self.at_risk)
    }

    /// Leads by children.
    pub fn leads_by_children(&self) -> f64 {
        share(self.leads, self.children)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Whose rows each person of the database holds: places in [`City::persons`], one for each row.
pub type Whose = HashMap<PersonId, Vec<usize>>;

/// Reads to whom the rows of `delivered` were linked.
///
/// # Errors
/// As the database.
pub async fn whose(app: &App, delivered: &[Delivered]) -> Result<Whose, access::AccessError> {
    let mut places: HashMap<(DeliveryId, u32), usize> = HashMap::new();
    for file in delivered {
        let Some(delivery) = file.report.delivery else { continue };
        places.extend(file.rows.iter().filter_map(|row| Some(((delivery, row.place), row.person?))));
    }
    let read = app.database.read().await?;
    let feeds = people::deliveries::repo::feed_keys(read.connection()).await?;
    let mut whose = Whose::new();
    for feed in feeds.keys() {
        for (delivery, place, holder) in links::repo::persons_of_feed(read.connection(), *feed).await? {
            if let Some(person) = places.get(&(delivery, place.row)) {
                whose.entry(holder).or_default().push(*person);
            }
        }
    }
    Ok(whose)
}

/// Every lead there is, open or ended, as the city's officer sees them.
///
/// # Errors
/// As the database.
pub async fn leads(app: &App, matters: &Matters, office: &Office) -> Result<Vec<Matter>, MatterError> {
    let mut found = Vec::new();
    let Some(reader) = office.actor_at("city_officer", app.areas.city().city) else { return Ok(found) };
    let kinds = vec!["lead".to_owned()];
    let whose = matters::inbox::Whose::Area;
    let filter = Filter { whose, standing: Standing::Any, kinds, ..Filter::default() };
    let mut after = None;
    loop {
        let read = app.database.read().await?;
        let page = matters.inbox(&read, reader, &filter, app.now(), after, LEADS_AT_A_TIME).await?;
        found.extend(page.rows.into_iter().map(|row| row.matter));
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(found),
        }
    }
}

/// Judges linking.
pub fn linking(whose: &Whose) -> Linking {
    let mut of_person: BTreeMap<usize, u64> = BTreeMap::new();
    let mut linking = Linking::default();
    for rows in whose.values() {
        let mut here: BTreeMap<usize, u64> = BTreeMap::new();
        for person in rows {
            *here.entry(*person).or_default() += 1;
            *of_person.entry(*person).or_default() += 1;
        }
        linking.linked_pairs += pairs(rows.len() as u64);
        linking.right_pairs += here.values().map(|count| pairs(*count)).sum::<u64>();
    }
    linking.true_pairs = of_person.values().map(|count| pairs(*count)).sum();
    linking
}

fn pairs(rows: u64) -> u64 {
    rows * rows.saturating_sub(1) / 2
}

/// Judges screening: `leads` are the persons of the database who have one, each once.
pub fn screening(city: &City, whose: &Whose, leads: &[PersonId]) -> Screening {
    let at_risk: HashSet<usize> = city
        .persons
        .iter()
        .enumerate()
        .filter(|(_, person)| person.childhood.as_ref().is_some_and(crate::lives::Childhood::is_at_risk))
        .map(|(place, _)| place)
        .collect();
    let with_lead: HashSet<usize> =
        leads.iter().filter_map(|person| whose.get(person)).flatten().copied().collect();
    Screening {
        children: city.children().count() as u64,
        at_risk: at_risk.len() as u64,
        leads: leads.len() as u64,
        found: at_risk.intersection(&with_lead).count() as u64,
    }
}

#[cfg(test)]
mod tests {
    use base::PersonId;

    use super::*;

    #[test]
    fn pairs_are_judged_by_whose_they_are() {
        let person = |number: u128| PersonId(uuid::Uuid::from_u128(number));
        // One person's rows over two records, and somebody else's row among them.
        let whose = Whose::from([(person(1), vec![7, 7, 8]), (person(2), vec![7]), (person(3), vec![9])]);
        let linking = linking(&whose);
        assert_eq!(linking, Linking { true_pairs: 3, linked_pairs: 3, right_pairs: 1 });
        assert!((linking.precision() - 1.0 / 3.0).abs() < 1e-9);
    }
}
