//! Writing a plan: one transaction, a few statements for each table.

use std::collections::HashSet;

use store::bulk::{Target, insert_missing_rows, insert_rows, update_rows};
use store::{StoreError, Write};

use super::plan::Plan;

const SOURCE_ROW: Target<'_> = Target {
    table: "source_row",
    columns: &[
        "id",
        "feed_id",
        "row_key",
        "content_hash",
        "delivery_id",
        "number",
        "place",
        "organisation_id",
        "previous_id",
        "sealed",
    ],
};
const LINK: Target<'_> = Target {
    table: "link",
    columns: &["source_row_id", "person_id", "decided_by", "weight", "decided_at", "decision_id", "sealed"],
};
const INDICATOR: Target<'_> =
    Target { table: "indicator", columns: &["id", "source_row_id", "kind", "day", "amount"] };
const HOUSEHOLD: Target<'_> = Target { table: "household", columns: &["id", "feed_id", "sealed"] };
const RESIDENCE: Target<'_> = Target {
    table: "residence",
    columns: &[
        "source_row_id",
        "kind",
        "household_id",
        "city_id",
        "district_id",
        "subdistrict_id",
        "community_id",
        "role",
    ],
};
const RELATION: Target<'_> =
    Target { table: "relation", columns: &["id", "source_row_id", "kind", "sealed"] };
const PERSON_KEY: Target<'_> = Target { table: "person_key", columns: &["kind", "hash", "person_id"] };
const REVIEW: Target<'_> = Target {
    table: "review",
    columns: &[
        "id",
        "city_id",
        "district_id",
        "subdistrict_id",
        "community_id",
        "source_row_id",
        "person_id",
        "candidate_id",
        "cause",
        "state",
        "weight",
        "number",
        "opened_at",
        "version",
        "sealed",
    ],
};

const PERSON: Target<'_> = Target {
    table: "person",
    columns: &[
        "id",
        "city_id",
        "district_id",
        "subdistrict_id",
        "community_id",
        "birth_month",
        "sex",
        "revision",
        "sealed",
        "state",
        "number",
    ],
};
/// The place of the revision among the columns of a person.
const REVISION_COLUMN: usize = 7;

/// Writes `plan` as revision `revision` of the people. The caller holds the writer.
///
/// # Errors
/// `Duplicate` if a number was given to somebody since it was looked up: the batch must be planned again.
pub async fn write_plan(write: &Write, plan: Plan, revision: i64) -> Result<(), StoreError> {
    let connection = write.connection();
    insert_rows(connection, SOURCE_ROW, plan.source_rows).await?;
    insert_rows(connection, LINK, plan.links).await?;
    let persons = plan.persons.into_iter().map(|mut values| {
        if let Some(value) = values.get_mut(REVISION_COLUMN) {
            *value = revision.into();
        }
        values
    });
    insert_rows(connection, PERSON, persons).await?;
    let mut numbers = plan.numbers;
    // Sorted, so that neighbours in the tree are written one after another.
    numbers.sort_unstable();
    let numbers = numbers.into_iter().map(|(number, person)| {
        [number.kind_word().into(), number.digest.0.to_vec().into(), person.0.into()]
    });
    insert_rows(connection, PERSON_KEY, numbers).await?;
    insert_rows(connection, INDICATOR, plan.indicators).await?;
    let mut seen = HashSet::new();
    let households = plan.households.into_iter().filter(|(id, _)| seen.insert(*id)).map(|(_, values)| values);
    insert_missing_rows(connection, HOUSEHOLD, &["id"], households).await?;
    insert_rows(connection, RESIDENCE, plan.residences).await?;
    insert_rows(connection, RELATION, plan.relations).await?;
    insert_rows(connection, REVIEW, plan.reviews).await?;
    update_rows(connection, "source_row", "id", &["ended_number", "ended_as"], plan.ended).await?;
    Ok(())
}
