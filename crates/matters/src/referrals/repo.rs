//! Finding and writing what referrals have beside being matters.

use base::MatterId;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};
use store::bulk::{LIST_AT_MOST, Target, insert_rows};
use store::{StoreError, Write};

use super::model::{NO_LONGER_STANDING, ReferralDetail, Row, TABLE};
use crate::{Matter, MatterError};

const COLUMNS: [&str; 6] = ["matter_id", "organisation_id", "department", "duty", "state", "previous_id"];

/// The details of these referrals; those that are none are left out.
pub(crate) async fn details(
    connection: &impl ConnectionTrait,
    ids: &[MatterId],
) -> Result<Vec<ReferralDetail>, MatterError> {
    let mut details = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(LIST_AT_MOST) {
        let select = Query::select()
            .columns(COLUMNS)
            .from(TABLE)
            .and_where(Expr::col("matter_id").is_in(chunk.iter().map(|id| id.0)))
            .to_owned();
        for row in connection.query_all(&select).await? {
            details.push(Row::from_query_result(&row, "")?.into());
        }
    }
    Ok(details)
}

pub(super) async fn insert(write: &Write, detail: &ReferralDetail) -> Result<(), StoreError> {
    let row: [sea_orm::Value; 7] = [
        detail.matter.0.into(),
        detail.organisation.0.into(),
        detail.department.clone().into(),
        detail.duty.clone().into(),
        detail.state.clone().into(),
        detail.previous.map(|id| id.0).into(),
        YES.into(),
    ];
    let columns = ["matter_id", "organisation_id", "department", "duty", "state", "previous_id", "stands"];
    insert_rows(write.connection(), Target { table: TABLE, columns: &columns }, [row]).await?;
    Ok(())
}

/// The words of the column `stands`, which is text because scopes compare text.
const YES: &str = "yes";
const NO: &str = "no";

/// Brings the state by which the organisation sees its referral up to the matter's. Returns whether it changed. What no
/// longer stands never stands again.
pub(crate) async fn keep_state(write: &Write, matter: &Matter) -> Result<bool, StoreError> {
    let ended = matter.outcome.as_deref().filter(|_| matter.closed_at.is_some());
    let state = ended.unwrap_or(&matter.stage);
    let mut update = Query::update();
    update
        .table(TABLE)
        .value("state", state)
        .and_where(Expr::col("matter_id").eq(matter.id.0))
        .and_where(Expr::col("state").ne(state));
    if NO_LONGER_STANDING.contains(&state) {
        update.value("stands", NO);
    }
    Ok(write.connection().execute(&update).await?.rows_affected() > 0)
}
