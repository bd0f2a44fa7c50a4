//! A person as one reader may see them: every value masked by the reader's clearance, with the row that it comes from.

use std::collections::HashMap;

use access::{AccessError, Actor, FieldClass, Masked, Roles, Token, look_up};
use base::{AreaPath, DeliveryId, PersonId, Sex, SourceRowId};
use sea_orm::sea_query::Condition;
use store::Read;

use super::facts::{HouseholdFacts, households};
use super::model::{Person, PersonThing};
use super::{Master, Sourced, repo};
use crate::deliveries::Horizon;
use crate::rows::{self, PlaceKind};

/// Which value a line of the card holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardLine {
    /// Name.
    Name,
    /// Another spelling of the name.
    OtherName,
    /// Number of an identity document.
    IdentityNumber,
    /// A number that cannot be used.
    UnusableNumber,
    /// Date of birth.
    Birth,
    /// Sex.
    Sex,
    /// A phone.
    Phone,
    /// A place of this kind.
    Place(PlaceKind),
    /// School.
    School,
    /// Grade and class.
    Class,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The row.
    pub row: SourceRowId,
    /// Its feed, by key; empty if the row is gone from the database.
    pub feed: String,
    /// The delivery that brought it.
    pub delivery: Option<DeliveryId>,
    /// Its place in the file.
    pub place: u32,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardValue {
    /// Which.
    pub line: CardLine,
    /// The value as the reader sees it.
    pub value: Masked,
    /// Where it comes from.
    pub origin: Origin,
}

/// Somebody who looks after the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardGuardian {
    /// Kinship.
    pub kind: String,
    /// Name.
    pub name: Option<Masked>,
    /// Phones.
    pub phones: Vec<Masked>,
    /// Where it comes from.
    pub origin: Origin,
}

/// A member of the household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardMember {
    /// The person.
    pub person: PersonId,
    /// Name, masked as on lists.
    pub name: Masked,
    /// Place in the household as written.
    pub role: Option<String>,
    /// Month of birth, as [`super::birth_month`] counts.
    pub birth_month: Option<i32>,
    /// Sex.
    pub sex: Option<Sex>,
    /// The row that makes them one.
    pub row: SourceRowId,
}

/// A person as one reader may see them.
#[derive(Debug)]
pub struct Card {
    /// Proof that the reader may, and why.
    pub token: Token<PersonThing>,
    /// The person.
    pub person: PersonId,
    /// Where the person belongs.
    pub area: AreaPath,
    /// Month of birth, as [`super::birth_month`] counts.
    pub birth_month: Option<i32>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Name, masked as in titles.
    pub title: Masked,
    /// The values.
    pub values: Vec<CardValue>,
    /// Guardians.
    pub guardians: Vec<CardGuardian>,
    /// The household, if a row names one.
    pub household: Option<HouseholdFacts>,
    /// Its other members.
    pub members: Vec<CardMember>,
}

/// The card of `id` for `actor`. The page that shows it records the reading before it answers.
///
/// # Errors
/// `NotFound` when there is no such person or none that the actor may see.
pub async fn card(read: &Read, roles: &Roles, actor: &Actor, id: PersonId) -> Result<Card, AccessError> {
    let connection = read.connection();
    let horizon = Horizon::read(connection).await?;
    let id = repo::resolve(connection, id).await?;
    let scope = roles.scope(actor, "read", "person");
    let token = look_up::<PersonThing>(connection, &scope, id.0).await?;
    let person =
        repo::by_ids(connection, &[id], horizon.sees("person")).await?.pop().ok_or(AccessError::NotFound)?;
    let master = person.master(read.keys())?;
    let origins = Origins::of(read, &master).await?;
    let household = households(connection, horizon, &[id]).await?.remove(&id);
    let members = members(read, household.as_ref()).await?;
    let shown = Shown { roles, actor, origins: &origins };
    Ok(Card {
        token,
        person: id,
        area: person.area,
        birth_month: person.birth_month,
        sex: person.sex,
        title: title(&master),
        values: shown.values(&master),
        guardians: master.guardians.iter().map(|guardian| shown.guardian(guardian)).collect(),
        household,
        members,
    })
}

/// The name as it stands in titles and lists.
pub fn title(master: &Master) -> Masked {
    let name = master.name.as_ref().map(|name| name.value.as_str()).unwrap_or_default();
    Masked::on_list(FieldClass::Name, name)
}

/// Feeds, deliveries and places of the rows that a master record names.
struct Origins(HashMap<SourceRowId, Origin>);

impl Origins {
    async fn of(read: &Read, master: &Master) -> Result<Self, AccessError> {
        let feeds = crate::deliveries::repo::feed_keys(read.connection()).await?;
        let rows = rows::repo::by_ids(read.connection(), &repo::origins(master)).await?;
        let origins = rows.into_iter().map(|row| {
            let origin = Origin {
                row: row.id,
                feed: feeds.get(&row.feed_id).cloned().unwrap_or_default(),
                delivery: Some(row.delivery),
                place: row.place,
            };
            (row.id, origin)
        });
        Ok(Self(origins.collect()))
    }

    fn get(&self, row: SourceRowId) -> Origin {
        let nowhere = || Origin { row, feed: String::new(), delivery: None, place: 0 };
        self.0.get(&row).cloned().unwrap_or_else(nowhere)
    }
}

struct Shown<'a> {
    roles: &'a Roles,
    actor: &'a Actor,
    origins: &'a Origins,
}

impl Shown<'_> {
    fn values(&self, master: &Master) -> Vec<CardValue> {
        use CardLine as Line;
        use FieldClass as Class;
        let text = |value: &Sourced<String>| (value.value.clone(), value.row);
        let mut lines: Vec<(Line, Option<Class>, (String, SourceRowId))> = Vec::new();
        lines.extend(master.name.iter().map(|value| (Line::Name, Some(Class::Name), text(value))));
        lines
            .extend(master.other_names.iter().map(|value| (Line::OtherName, Some(Class::Name), text(value))));
        lines.extend(master.document.iter().map(|value| {
            (Line::IdentityNumber, Some(Class::IdentityNumber), (value.value.number().to_owned(), value.row))
        }));
        lines.extend(
            master
                .unusable_number
                .iter()
                .map(|value| (Line::UnusableNumber, Some(Class::IdentityNumber), text(value))),
        );
        lines.extend(
            master
                .birth
                .iter()
                .map(|value| (Line::Birth, Some(Class::Birth), (value.value.to_string(), value.row))),
        );
        lines.extend(
            master
                .sex
                .iter()
                .map(|value| (Line::Sex, None, (super::sex_word(value.value).to_owned(), value.row))),
        );
        lines.extend(
            master
                .phones
                .iter()
                .map(|value| (Line::Phone, Some(Class::Phone), (value.value.as_str().to_owned(), value.row))),
        );
        lines.extend(master.places.iter().filter_map(|place| {
            let address = place.value.address.clone()?;
            Some((Line::Place(place.value.kind), Some(Class::Address), (address, place.row)))
        }));
        lines.extend(master.school.iter().map(|value| (Line::School, None, text(value))));
        lines.extend(master.class.iter().map(|value| (Line::Class, None, text(value))));
        lines
            .into_iter()
            .map(|(line, class, (text, row))| CardValue {
                line,
                value: match class {
                    Some(class) => self.roles.show(self.actor, class, &text),
                    None => Masked::Full(text),
                },
                origin: self.origins.get(row),
            })
            .collect()
    }

    fn guardian(&self, guardian: &Sourced<rows::Guardian>) -> CardGuardian {
        let show = |class, text: &str| self.roles.show(self.actor, class, text);
        CardGuardian {
            kind: guardian.value.kind.clone(),
            name: guardian.value.name.as_deref().map(|name| show(FieldClass::Name, name)),
            phones: guardian
                .value
                .phones
                .iter()
                .map(|phone| show(FieldClass::Phone, phone.as_str()))
                .collect(),
            origin: self.origins.get(guardian.row),
        }
    }
}

async fn members(read: &Read, household: Option<&HouseholdFacts>) -> Result<Vec<CardMember>, AccessError> {
    let Some(household) = household else { return Ok(Vec::new()) };
    let ids: Vec<PersonId> = household.others.iter().map(|member| member.person).collect();
    let persons = repo::by_ids(read.connection(), &ids, Condition::all()).await?;
    let by_id: HashMap<PersonId, &Person> = persons.iter().map(|person| (person.id, person)).collect();
    household
        .others
        .iter()
        .filter_map(|member| Some((member, *by_id.get(&member.person)?)))
        .map(|(member, person)| {
            Ok(CardMember {
                person: member.person,
                name: title(&person.master(read.keys())?),
                role: member.role.clone(),
                birth_month: member.birth_month,
                sex: member.sex,
                row: member.row,
            })
        })
        .collect()
}
