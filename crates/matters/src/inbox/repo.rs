//! The inbox as SQL.
//!
//! A list is read in the order of the index that begins with the area: `closed_at` stands in the order although it is
//! empty in every row of an open list, since PostgreSQL sees only so that the index has the order already.

use access::{Actor, Scope};
use base::{AreaPath, MatterId, Moment};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Order, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait};
use store::StoreError;

use super::filter::{Cursor, Filter, HeldBy, Sought, Standing, Whose};
use crate::matter::{COLUMNS, TABLE};
use crate::{MatterError, TaskKind};

/// Letters of a part of a number at most; the longest number is shorter.
const NUMBER_LETTERS_AT_MOST: usize = 30;

/// Narrows a statement over `matter` to the rows of `filter` that `scope` shows.
pub(super) fn narrow(
    select: &mut SelectStatement,
    scope: &Scope,
    actor: &Actor,
    filter: &Filter,
    standing: Standing,
    now: Moment,
) {
    select.cond_where(scope.condition(&COLUMNS)).cond_where(whose(actor, filter, standing));
    select.cond_where(stands(standing, now));
    narrow_place(select, actor, filter);
    let any_of = |column: &'static str, words: &[String]| {
        (!words.is_empty()).then(|| col(column).is_in(words.iter().map(String::as_str)))
    };
    let ranks: Vec<i32> = filter.severities.iter().map(|severity| i32::from(severity.rank())).collect();
    let between = |column: &'static str, span: Option<(Moment, Moment)>| {
        span.map(|(from, until)| col(column).gte(from.0).and(col(column).lt(until.0)))
    };
    let wanted = Condition::all()
        .add_option(any_of("kind", &filter.kinds))
        .add_option(any_of("stage", &filter.stages))
        .add_option(any_of("outcome", &filter.outcomes))
        .add_option((!ranks.is_empty()).then(|| col("severity").is_in(ranks)))
        .add_option(filter.holder.map(|post| col("holder_post_id").eq(post.0)))
        .add_option(filter.held_by.map(|held| held_by(actor, held)))
        .add_option(filter.sought.as_ref().map(sought))
        .add_option(filter.organisation.map(|one| col("organisation_id").eq(one.0)))
        .add_option(filter.subject.map(|person| col("subject_id").eq(person.0)))
        .add_option(filter.parent.map(|parent| col("parent_id").eq(parent.0)))
        .add_option(filter.number.as_deref().map(has_number))
        .add_option(between("opened_at", filter.opened))
        .add_option(between("closed_at", filter.closed));
    select.cond_where(wanted);
}

fn col(column: &'static str) -> Expr {
    Expr::col((TABLE, column))
}

fn held_by(actor: &Actor, held: HeldBy) -> Expr {
    let found = match held {
        HeldBy::Me => actor.post.map(|post| col("holder_post_id").eq(post.0)),
        HeldBy::Office => actor.organisation.map(|organisation| {
            let mut posts = Query::select();
            posts.column("id").from("post").and_where(Expr::col("organisation_id").eq(organisation.0));
            col("holder_post_id").in_subquery(posts)
        }),
    };
    found.unwrap_or_else(|| Expr::cust("1 = 0"))
}

fn sought(sought: &Sought) -> Condition {
    let persons = (!sought.persons.is_empty())
        .then(|| col("subject_id").is_in(sought.persons.iter().map(|person| person.0)));
    let number = sought.number.as_deref().map(has_number);
    // Nothing found is no matter, not every matter.
    Condition::any().add(Expr::cust("1 = 0")).add_option(persons).add_option(number)
}

/// Orders a list and cuts it to the page behind `after`.
pub(super) fn page(select: &mut SelectStatement, standing: Standing, after: Option<Cursor>, limit: u64) {
    let (column, order) = match standing {
        Standing::Closed => ("closed_at", Order::Desc),
        Standing::Any => ("opened_at", Order::Desc),
        _ => ("due_at", Order::Asc),
    };
    if let Some(Cursor { at, id }) = after {
        let place = Expr::tuple([col(column), col("id")]);
        let last = Expr::tuple([at.0.into(), id.0.into()]);
        select.and_where(match standing {
            Standing::Closed | Standing::Any => place.lt(last),
            _ => place.gt(last),
        });
    }
    if !matches!(standing, Standing::Closed | Standing::Any) {
        select.order_by((TABLE, "closed_at"), Order::Asc);
    }
    select.order_by((TABLE, column), order.clone()).order_by((TABLE, "id"), order).limit(limit);
}

fn whose(actor: &Actor, filter: &Filter, standing: Standing) -> Condition {
    let none = || Condition::all().add(Expr::cust("1 = 0"));
    match filter.whose {
        Whose::Mine => match actor.post {
            Some(post) => {
                let mut tasks = Query::select();
                tasks.column("matter_id").from("task").and_where(Expr::col("post_id").eq(post.0));
                if !matches!(standing, Standing::Closed | Standing::Any) {
                    tasks.and_where(Expr::col("closed_at").is_null());
                }
                Condition::all().add(col("id").in_subquery(tasks))
            }
            None => none(),
        },
        Whose::Area if filter.within.is_some() => Condition::all(),
        Whose::Area => Condition::all().add(in_place(&actor.area)),
        Whose::Referred => match actor.organisation {
            Some(organisation) => {
                let mut referrals = Query::select();
                referrals
                    .column("matter_id")
                    .from("referral")
                    .and_where(Expr::col("organisation_id").eq(organisation.0))
                    .and_where(Expr::col("stands").eq("yes"));
                Condition::all().add(col("id").in_subquery(referrals))
            }
            None => none(),
        },
    }
}

fn in_place(area: &AreaPath) -> Expr {
    col(COLUMNS.at(area.level())).eq(area.area().0)
}

fn narrow_place(select: &mut SelectStatement, actor: &Actor, filter: &Filter) {
    if let Some(area) = &filter.within {
        select.and_where(in_place(area));
    }
    let below = filter.within.unwrap_or(actor.area).level().below();
    if let Some(below) = below.filter(|_| filter.unplaced) {
        select.and_where(col(COLUMNS.at(below)).is_null());
    }
}

/// How rows stand at `now`; the same as [`crate::Matter::is_late`] and [`crate::Matter::is_soon`] say of one.
pub(super) fn stands(standing: Standing, now: Moment) -> Condition {
    let open = Condition::all().add(col("closed_at").is_null());
    let running = || col("paused_at").is_null();
    match standing {
        Standing::Open => open,
        Standing::Late => open.add(running()).add(col("due_at").lte(now.0)),
        Standing::Soon => open.add(running()).add(col("due_at").gt(now.0)).add(col("soon_at").lte(now.0)),
        Standing::Paused => open.add(col("paused_at").is_not_null()),
        Standing::Closed => Condition::all().add(col("closed_at").is_not_null()),
        Standing::Any => Condition::all(),
    }
}

/// Numbers are of letters, digits and dashes; what has anything else is part of none.
fn has_number(part: &str) -> Expr {
    let part = part.trim().to_ascii_uppercase();
    let sound = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if part.is_empty() || part.len() > NUMBER_LETTERS_AT_MOST || !part.chars().all(sound) {
        return Expr::cust("1 = 0");
    }
    col("number").like(LikeExpr::new(format!("%{part}%")))
}

/// What the actor's post has to do with each of these matters.
pub(super) async fn tasks_of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    matters: &[MatterId],
) -> Result<Vec<(MatterId, TaskKind)>, MatterError> {
    let Some(post) = actor.post.filter(|_| !matters.is_empty()) else { return Ok(Vec::new()) };
    let select = Query::select()
        .columns(["matter_id", "kind"])
        .from("task")
        .and_where(Expr::col("matter_id").is_in(matters.iter().map(|id| id.0)))
        .and_where(Expr::col("post_id").eq(post.0))
        .and_where(Expr::col("closed_at").is_null())
        .to_owned();
    let rows = connection.query_all(&select).await.map_err(StoreError::from)?;
    let task = |row: &sea_orm::QueryResult| {
        let kind: String = row.try_get("", "kind")?;
        let kind =
            TaskKind::from_word(&kind).ok_or_else(|| MatterError::internal("a task of an unknown kind"))?;
        Ok((MatterId(row.try_get("", "matter_id")?), kind))
    };
    rows.iter().map(task).collect()
}
