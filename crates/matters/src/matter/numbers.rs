//! Numbers of matters: letters of the kind, day, and a count that begins anew each day: `XS-261124-0086`.

use base::Day;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use store::bulk::{Target, insert_rows};
use store::{StoreError, Write};

/// Reserves `count` numbers of one kind on the day of the transaction, in order.
pub(crate) async fn reserve(write: &Write, letters: &str, count: usize) -> Result<Vec<String>, StoreError> {
    let day = write.at().day();
    let count = i32::try_from(count).map_err(StoreError::internal)?;
    // On PostgreSQL several transactions count at once; those of one kind and day wait for each other here.
    write.lock(&format!("matters.number.{letters}")).await?;
    let connection = write.connection();
    let of_day = Expr::col("letters").eq(letters).and(Expr::col("day").eq(day.number()));
    let update = Query::update()
        .table("matter_number")
        .value("last", Expr::col("last").add(count))
        .and_where(of_day.clone())
        .to_owned();
    let last = if connection.execute(&update).await?.rows_affected() == 0 {
        let target = Target { table: "matter_number", columns: &["letters", "day", "last"] };
        insert_rows(connection, target, [[letters.into(), day.number().into(), count.into()]]).await?;
        count
    } else {
        let select = Query::select().column("last").from("matter_number").and_where(of_day).to_owned();
        let row = connection.query_one(&select).await?;
        row.ok_or_else(|| StoreError::internal("the count of numbers is gone"))?.try_get("", "last")?
    };
    Ok((last - count + 1..=last).map(|number| text(letters, day, number)).collect())
}

fn text(letters: &str, day: Day, number: i32) -> String {
    format!(
        "{letters}-{:02}{:02}{:02}-{number:04}",
        day.year().rem_euclid(100),
        day.month(),
        day.day_of_month()
    )
}
