//! A person as one reader may see them: every value masked by the reader's clearance, with the row that it comes from.

use std::collections::HashMap;

use access::{AccessError, Actor, FieldClass, Masked, Roles, Token, look_up};
use base::{AreaPath, DeliveryId, PersonId, Sex, SourceRowId};
use sea_orm::sea_query::Condition;
use store::Read;

use super::facts::{HouseholdFacts, PersonFacts, households};
use super::model::{Person, PersonThing};
use super::{Master, Sourced, repo};
use crate::deliveries::Horizon;
use crate::rows::{self, PlaceKind, RowPlace, SourceRow};

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
    pub place: RowPlace,
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
        Self::of_rows(read, rows::repo::by_ids(read.connection(), &repo::origins(master)).await?).await
    }

    async fn of_rows(read: &Read, rows: Vec<SourceRow>) -> Result<Self, AccessError> {
        let feeds = crate::deliveries::repo::feed_keys(read.connection()).await?;
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
        let nowhere = || Origin { row, feed: String::new(), delivery: None, place: RowPlace::default() };
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
        lines(master).into_iter().map(|line| self.value(line)).collect()
    }

    fn value(&self, line: Unmasked) -> CardValue {
        CardValue {
            line: line.line,
            value: match line.class {
                Some(class) => self.roles.show(self.actor, class, &line.text),
                None => Masked::Full(line.text),
            },
            origin: self.origins.get(line.row),
        }
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

/// A value as it is, before it is masked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unmasked {
    line: CardLine,
    class: Option<FieldClass>,
    text: String,
    row: SourceRowId,
}

/// The lines of a master record, in the order of the card.
fn lines(master: &Master) -> Vec<Unmasked> {
    use CardLine as Of;
    use FieldClass as Class;
    let text = |value: &Sourced<String>| (value.value.clone(), value.row);
    let mut lines: Vec<(Of, Option<Class>, (String, SourceRowId))> = Vec::new();
    lines.extend(master.name.iter().map(|value| (Of::Name, Some(Class::Name), text(value))));
    lines.extend(master.other_names.iter().map(|value| (Of::OtherName, Some(Class::Name), text(value))));
    lines.extend(master.document.iter().map(|value| {
        (Of::IdentityNumber, Some(Class::IdentityNumber), (value.value.number().to_owned(), value.row))
    }));
    lines.extend(
        master
            .unusable_number
            .iter()
            .map(|value| (Of::UnusableNumber, Some(Class::IdentityNumber), text(value))),
    );
    lines.extend(
        master
            .birth
            .iter()
            .map(|value| (Of::Birth, Some(Class::Birth), (value.value.to_string(), value.row))),
    );
    lines.extend(
        master.sex.iter().map(|value| (Of::Sex, None, (super::sex_word(value.value).to_owned(), value.row))),
    );
    lines.extend(
        master
            .phones
            .iter()
            .map(|value| (Of::Phone, Some(Class::Phone), (value.value.as_str().to_owned(), value.row))),
    );
    lines.extend(master.places.iter().filter_map(|place| {
        let address = place.value.address.clone()?;
        Some((Of::Place(place.value.kind), Some(Class::Address), (address, place.row)))
    }));
    lines.extend(master.school.iter().map(|value| (Of::School, None, text(value))));
    lines.extend(master.class.iter().map(|value| (Of::Class, None, text(value))));
    let line = |(line, class, (text, row))| Unmasked { line, class, text, row };
    lines.into_iter().map(line).collect()
}

/// What the rows of a person say of one line beside the value that the card shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSaid {
    /// Which line.
    pub line: CardLine,
    /// How many rows say what the card shows.
    pub agreeing: usize,
    /// What others say, each value once, by the newest row that says it.
    pub others: Vec<CardValue>,
}

/// Rows of one person that are opened, the newest first: a child has one of each feed and their older versions.
const ROWS_OPENED: usize = 60;

/// What the present rows of the card's person say of each line of the card that they do not agree on, or that several say
/// alike. Compared as they are, shown as the reader may see them: two numbers that differ look alike when masked.
///
/// # Errors
/// `NotFound` when the facts are another person's.
pub async fn said(
    read: &Read,
    roles: &Roles,
    actor: &Actor,
    card: &Card,
    facts: &PersonFacts,
) -> Result<Vec<CardSaid>, AccessError> {
    if facts.person != card.person {
        return Err(AccessError::NotFound);
    }
    let known = repo::by_ids(read.connection(), &[card.person], Condition::all()).await?.pop();
    let master = known.ok_or(AccessError::NotFound)?.master(read.keys())?;
    // Ids of rows are in the order of time, so the last are the newest.
    let mut ids: Vec<SourceRowId> = facts.rows.iter().map(|(row, _)| *row).collect();
    ids.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    ids.truncate(ROWS_OPENED);
    let mut rows = rows::repo::by_ids(read.connection(), &ids).await?;
    rows.sort_by_key(|row| std::cmp::Reverse((row.number, row.place, row.id)));
    let mut all: Vec<Unmasked> = Vec::new();
    for row in &rows {
        all.extend(lines(&Master::of_one(row.id, &rows::repo::open(read.keys(), row)?.values)));
    }
    let origins = Origins::of_rows(read, rows).await?;
    let shown = Shown { roles, actor, origins: &origins };
    Ok(compare(&lines(&master), all)
        .into_iter()
        .map(|(line, agreeing, others)| CardSaid {
            line,
            agreeing,
            others: others.into_iter().map(|other| shown.value(other)).collect(),
        })
        .collect())
}

/// For each line of `shown`: how many of `said` say the same, and what the others say, each value once. Spellings of a
/// name are other values of the name.
fn compare(shown: &[Unmasked], said: Vec<Unmasked>) -> Vec<(CardLine, usize, Vec<Unmasked>)> {
    let mut found: Vec<(CardLine, usize, Vec<Unmasked>)> = Vec::new();
    for one in shown.iter().filter(|one| one.line != CardLine::OtherName) {
        if found.iter().all(|(line, ..)| *line != one.line) {
            found.push((one.line, 0, Vec::new()));
        }
    }
    for one in said {
        let Some((line, agreeing, others)) = found.iter_mut().find(|(line, ..)| *line == one.line) else {
            continue;
        };
        if shown.iter().any(|known| known.line == *line && known.text == one.text) {
            *agreeing += 1;
        } else if others.iter().all(|other| other.text != one.text) {
            others.push(one);
        }
    }
    found
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn line(line: CardLine, text: &str, row: u128) -> Unmasked {
        Unmasked { line, class: None, text: text.to_owned(), row: SourceRowId(Uuid::from_u128(row)) }
    }

    #[test]
    fn what_rows_say_otherwise_is_told_once_and_what_they_say_alike_is_counted() {
        let shown = [
            line(CardLine::Name, "张子涵", 1),
            line(CardLine::OtherName, "张梓涵", 3),
            line(CardLine::Phone, "13812346207", 1),
            line(CardLine::Phone, "13912346207", 2),
        ];
        let said = vec![
            line(CardLine::Name, "张子涵", 1),
            line(CardLine::Name, "张子涵", 2),
            line(CardLine::Name, "张梓涵", 3),
            line(CardLine::Name, "张梓涵", 4),
            line(CardLine::Phone, "13812346207", 1),
            line(CardLine::Phone, "13912346207", 2),
            line(CardLine::School, "西丽小学", 2),
        ];
        let found = compare(&shown, said);
        assert_eq!(
            found.len(),
            2,
            "a spelling is no line of its own, and what the card does not show has none"
        );
        assert_eq!(found[0], (CardLine::Name, 2, vec![line(CardLine::Name, "张梓涵", 3)]));
        assert_eq!(found[1], (CardLine::Phone, 2, vec![]), "several phones are several, not a dispute");
    }
}
