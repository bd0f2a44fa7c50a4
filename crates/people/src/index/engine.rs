//! Persons and rows as the linkage engine takes them, and its answers as the rest of the crate takes them.

use base::PersonId;
use linkage::{Candidate, Person, PersonAddress, Record};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::links::Zone;
use crate::persons::Master;
use crate::rows::{Guardian, Place, RowValues};

/// Somebody whom a row may be about, with what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The person.
    pub person: PersonId,
    /// Total weight, in bits.
    pub weight: f64,
    /// Where the total stands.
    pub zone: Zone,
    /// The weights field by field.
    pub fields: Vec<Weighed>,
    /// What is taken off because another member of the household would agree as well; zero or below.
    pub household: f64,
}

/// What one field says for or against two records being one person's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weighed {
    /// The comparison, by the model's key: `name`, `birth`.
    pub field: String,
    /// Its outcome, by the model's key: `same_sound`.
    pub level: String,
    /// Its weight, in bits; negative speaks against.
    pub weight: f64,
}

impl Scored {
    /// Whether all but the numbers would join the two without asking: the same name with a phone or a guardian, at `link`
    /// bits and more. Twins share birth, guardian and phone, and not the name; namesakes the name, and in a city the birth
    /// as well.
    pub fn is_same_but_for_number(&self, link: f64) -> bool {
        let field = |key: &str| self.fields.iter().find(|field| field.field == key);
        let speaks = |key: &str| field(key).is_some_and(|field| field.weight > 0.0);
        let number = field("identity_number").map_or(0.0, |field| field.weight);
        let has_name = field("name").is_some_and(|name| name.level == "exact");
        let has_more = ["phone", "guardian_name"].into_iter().any(speaks);
        has_name && has_more && self.weight - number >= link
    }
}

/// The engine's candidate in this crate's terms.
pub(super) fn scored(candidate: &Candidate, zone: Zone) -> Scored {
    let fields = candidate
        .fields
        .iter()
        .map(|field| Weighed {
            field: field.field.as_str().to_owned(),
            level: field.level.as_str().to_owned(),
            weight: field.weight,
        })
        .collect();
    let household = candidate.household_weight;
    Scored { person: PersonId(candidate.id), weight: candidate.total_weight, zone, fields, household }
}

/// A person on record, to be found.
pub(super) fn record_of_person(id: PersonId, master: &Master) -> Record {
    let number = master
        .document
        .as_ref()
        .map(|document| document.value.number().to_owned())
        .or_else(|| master.unusable_number.as_ref().map(|number| number.value.clone()));
    let names = master.name.iter().chain(&master.other_names).map(|name| name.value.clone()).collect();
    let guardians: Vec<&Guardian> = master.guardians.iter().map(|guardian| &guardian.value).collect();
    Record::from(Person {
        id: id.0,
        names,
        identity_number: number.unwrap_or_default(),
        birth: master.birth.as_ref().map(|birth| birth.value.to_string()).unwrap_or_default(),
        sex: master.sex.as_ref().map(|sex| sex.value.chinese().to_owned()).unwrap_or_default(),
        phones: master.phones.iter().map(|phone| phone.value.as_str().to_owned()).collect(),
        guardian_names: names_of(&guardians),
        guardian_phones: phones_of(&guardians),
        addresses: master.places.iter().filter_map(|place| address(&place.value)).collect(),
    })
}

/// A row, to be compared with a person.
pub(super) fn record_of_row(values: &RowValues) -> Record {
    let number = values.document.as_ref().map(|document| document.number().to_owned());
    let guardians: Vec<&Guardian> = values.guardians.iter().collect();
    Record::from(Person {
        id: Uuid::nil(),
        names: values.name.clone().into_iter().collect(),
        identity_number: number.or_else(|| values.unusable_number.clone()).unwrap_or_default(),
        birth: values.birth.map(|birth| birth.to_string()).unwrap_or_default(),
        sex: values.sex.map(|sex| sex.chinese().to_owned()).unwrap_or_default(),
        phones: values.phones.iter().map(|phone| phone.as_str().to_owned()).collect(),
        guardian_names: names_of(&guardians),
        guardian_phones: phones_of(&guardians),
        addresses: values.places.iter().filter_map(address).collect(),
    })
}

fn names_of(guardians: &[&Guardian]) -> Vec<String> {
    guardians.iter().filter_map(|guardian| guardian.name.clone()).collect()
}

fn phones_of(guardians: &[&Guardian]) -> Vec<String> {
    guardians.iter().flat_map(|guardian| &guardian.phones).map(|phone| phone.as_str().to_owned()).collect()
}

fn address(place: &Place) -> Option<PersonAddress> {
    Some(PersonAddress { text: place.address.clone()?, ..PersonAddress::default() })
}

#[cfg(test)]
mod tests {
    use base::{Day, IdentityDocument, Phone, ResidentId, SourceRowId};

    use super::*;
    use crate::rows::PlaceKind;

    /// An import reads a row once: as the person that it may make. Whoever it is compared with sees the same.
    #[test]
    fn a_row_reads_as_the_person_that_it_would_make() {
        let birth = Day::new(2013, 3, 6).unwrap();
        let number = ResidentId::compose(440_305, birth, 12).unwrap();
        let at = |kind, address: &str| Place { kind, address: Some(address.to_owned()), area: None };
        let phone = Phone::read("13812346207").unwrap();
        let full = RowValues {
            name: Some("张子涵".to_owned()),
            birth: Some(birth),
            sex: Some(number.sex()),
            document: Some(IdentityDocument::Resident(number)),
            phones: vec![phone],
            places: vec![at(PlaceKind::Present, "留仙大道1号"), at(PlaceKind::Registration, "桃源村2栋")],
            guardians: vec![Guardian {
                kind: "mother".to_owned(),
                name: Some("李芳".to_owned()),
                phones: vec![phone],
                document: None,
            }],
            ..RowValues::default()
        };
        let bare =
            RowValues { document: None, unusable_number: Some("44030520130306".to_owned()), ..full.clone() };
        for values in [full, bare, RowValues::default()] {
            let master = Master::of_one(SourceRowId(Uuid::nil()), &values);
            assert_eq!(record_of_person(PersonId(Uuid::nil()), &master), record_of_row(&values));
        }
    }
}
