//! The two records of a question: everybody's rows, what the master record says, and what it would say if they were one.

use base::{PersonId, SourceRowId};
use sea_orm::sea_query::Condition;
use store::Read;
use web::WebError;

use crate::deliveries::Horizon;
use crate::persons::{self, LinkedRow, Master, Person};
use crate::rows::{self, Indicator, RowValues, SourceRow};
use crate::{Texts, links};

/// One of the two.
pub(super) struct Side {
    /// The person.
    pub person: Person,
    /// What is known of them.
    pub master: Master,
    /// The rows that are present, with what they say.
    pub rows: Vec<(SourceRow, RowValues)>,
    /// The facts that these rows yield.
    pub indicators: Vec<Indicator>,
}

impl Side {
    /// Everything of `id`.
    pub async fn of(read: &Read, id: PersonId) -> Result<Self, WebError> {
        let connection = read.connection();
        let horizon = Horizon::read(connection).await?;
        let person = persons::repo::by_ids(connection, &[id], Condition::all()).await?.pop();
        let person = person.ok_or(WebError::NotFound)?;
        let linked = links::repo::rows_of(connection, &[id]).await?.remove(&id).unwrap_or_default();
        let rows = linked
            .into_iter()
            .filter(|row| persons::repo::is_seen(row, horizon))
            .map(|row| {
                let values = rows::repo::open(read.keys(), &row)?.values;
                Ok((row, values))
            })
            .collect::<Result<Vec<_>, store::StoreError>>()?;
        let ids: Vec<SourceRowId> = rows.iter().map(|(row, _)| row.id).collect();
        let indicators = rows::repo::indicators(connection, &ids).await?.into_values().flatten().collect();
        let master = person.master(read.keys())?;
        Ok(Self { person, master, rows, indicators })
    }

    /// The master record of both together.
    pub fn joined(&self, other: &Self) -> Master {
        let all: Vec<LinkedRow<'_>> =
            self.rows.iter().chain(&other.rows).map(|(row, values)| LinkedRow::of(row, values)).collect();
        Master::of(&all)
    }

    /// What stands in the field `field` of the linkage model, each value by itself.
    pub fn texts(&self, t: Texts, field: &str) -> Vec<String> {
        let master = &self.master;
        let own =
            |text: &Option<persons::Sourced<String>>| text.iter().map(|text| text.value.clone()).collect();
        match field {
            "name" => master.name.iter().chain(&master.other_names).map(|name| name.value.clone()).collect(),
            "identity_number" => match &master.document {
                Some(document) => vec![document.value.number().to_owned()],
                None => own(&master.unusable_number),
            },
            "birth" => master.birth.iter().map(|birth| birth.value.to_string()).collect(),
            "sex" => master.sex.iter().map(|sex| persons::sex_says(t, sex.value).to_owned()).collect(),
            "phone" => master.phones.iter().map(|phone| phone.value.as_str().to_owned()).collect(),
            "guardian_name" => {
                master.guardians.iter().filter_map(|guardian| guardian.value.name.clone()).collect()
            }
            "guardian_phone" => master
                .guardians
                .iter()
                .flat_map(|guardian| &guardian.value.phones)
                .map(|phone| phone.as_str().to_owned())
                .collect(),
            "address" => master.places.iter().filter_map(|place| place.value.address.clone()).collect(),
            "school" => own(&master.school),
            _ => Vec::new(),
        }
    }
}

/// A text in pieces, those that differ from the other side marked.
pub(super) type Marked = Vec<(String, bool)>;

/// Marks where two texts of one length differ; texts of other lengths are left as they are.
pub(super) fn marked(text: &str, other: &str) -> Marked {
    if text == other || text.chars().count() != other.chars().count() {
        return vec![(text.to_owned(), false)];
    }
    let mut pieces: Marked = Vec::new();
    for (mine, theirs) in text.chars().zip(other.chars()) {
        let differs = mine != theirs;
        match pieces.last_mut() {
            Some((piece, was)) if *was == differs => piece.push(mine),
            _ => pieces.push((mine.to_string(), differs)),
        }
    }
    pieces
}

/// A number with its middle hidden but for the places in which it differs from the other: what a decision needs, no more.
pub(super) fn beside(number: &str, other: &str) -> Marked {
    const SHOWN: usize = 4;
    let count = number.chars().count();
    if count != other.chars().count() {
        return vec![(base::mask::identity_number(number), false)];
    }
    let hidden = number
        .chars()
        .zip(other.chars())
        .enumerate()
        .map(
            |(place, (mine, theirs))| {
                if place < SHOWN || place + SHOWN >= count || mine != theirs { mine } else { '·' }
            },
        )
        .collect::<String>();
    let other_hidden: String = hidden
        .chars()
        .zip(other.chars())
        .map(|(mine, theirs)| if mine == '·' { '·' } else { theirs })
        .collect();
    marked(&hidden, &other_hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_marked_and_the_rest_of_a_number_stays_hidden() {
        assert_eq!(
            marked("张子涵", "张梓涵"),
            [("张".to_owned(), false), ("子".to_owned(), true), ("涵".to_owned(), false)]
        );
        assert_eq!(marked("张三", "张三丰"), [("张三".to_owned(), false)]);
        let shown: String =
            beside("411522201303062745", "411522201303062145").into_iter().map(|piece| piece.0).collect();
        assert_eq!(shown, "4115··········2745");
        let middle: String =
            beside("411522201303062745", "411522201403062745").into_iter().map(|piece| piece.0).collect();
        assert_eq!(middle, "4115·····3····2745");
    }
}
