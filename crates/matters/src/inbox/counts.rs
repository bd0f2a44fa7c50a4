//! Numbers that equal the lists behind them: they are counted with the conditions of the list.

use std::collections::BTreeMap;

use access::{Actor, Scope};
use base::{AreaId, AreaLevel, Moment, Severity};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query, SelectStatement};
use store::Read;
use uuid::Uuid;
use web::{Ctx, WebError};

use super::filter::{Filter, Standing};
use super::repo;
use crate::MatterError;
use crate::matter::{COLUMNS, TABLE, severity};
use crate::service::kinds_of;

/// How many matters stand how. `late`, `soon` and `paused` are among the `open` ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Not ended; of a filter of ended matters, ended; of a filter of any, all.
    pub all: u64,
    /// Overdue.
    pub late: u64,
    /// Due soon.
    pub soon: u64,
    /// With a clock that stands.
    pub paused: u64,
}

impl Count {
    /// How many stand like this.
    pub fn of(&self, standing: Standing) -> u64 {
        match standing {
            Standing::Open | Standing::Closed | Standing::Any => self.all,
            Standing::Late => self.late,
            Standing::Soon => self.soon,
            Standing::Paused => self.paused,
        }
    }

    fn add(&mut self, other: &Self) {
        self.all += other.all;
        self.late += other.late;
        self.soon += other.soon;
        self.paused += other.paused;
    }
}

/// Numbers of a filter, by kind, stage and severity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    rows: Vec<(String, String, Severity, Count)>,
}

impl Counts {
    /// All together.
    pub fn all(&self) -> Count {
        self.sum(|_, _, _| true)
    }

    /// Those of one kind.
    pub fn of_kind(&self, kind: &str) -> Count {
        self.sum(|own, _, _| own == kind)
    }

    /// Those of one severity.
    pub fn of_severity(&self, severity: Severity) -> Count {
        self.sum(|_, _, own| own == severity)
    }

    /// Those in one stage of a kind.
    pub fn of_stage(&self, kind: &str, stage: &str) -> Count {
        self.sum(|own_kind, own_stage, _| own_kind == kind && own_stage == stage)
    }

    /// Those that fit.
    pub fn sum(&self, fits: impl Fn(&str, &str, Severity) -> bool) -> Count {
        let mut sum = Count::default();
        for (kind, stage, severity, count) in &self.rows {
            if fits(kind, stage, *severity) {
                sum.add(count);
            }
        }
        sum
    }
}

/// Numbers of one area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaCount {
    /// The area; `None` for matters whose place is not known so far down.
    pub area: Option<AreaId>,
    /// The numbers.
    pub count: Count,
}

/// How many matters of a kind ended in a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeCount {
    /// The kind.
    pub kind: String,
    /// Key of the outcome.
    pub outcome: String,
    /// How many.
    pub figure: u64,
}

/// How many matters the actor's own list shows: for a figure that every page asks for, so it begins with the few tasks of
/// the post.
pub(crate) async fn mine(ctx: &Ctx, read: &Read) -> Result<u64, WebError> {
    let Some(post) = ctx.actor.post else { return Ok(0) };
    let kinds = kinds_of(&ctx.app.programs);
    let scope = ctx.app.roles.scope_of_kinds(&ctx.actor, access::READ, "kind", &kinds);
    let id = || Expr::col((TABLE, "id"));
    let mut select = Query::select();
    select
        .expr_as(id().count_distinct(), "count")
        .from("task")
        .inner_join(TABLE, id().equals(("task", "matter_id")))
        .and_where(Expr::col(("task", "post_id")).eq(post.0))
        .and_where(Expr::col(("task", "closed_at")).is_null())
        .cond_where(repo::stands(Standing::Open, ctx.now))
        .cond_where(scope.condition(&COLUMNS));
    let row = read.connection().query_one(&select).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(count.unsigned_abs())
}

/// What is counted under which conditions.
pub(super) struct Counting<'a> {
    pub scope: &'a Scope,
    pub actor: &'a Actor,
    pub filter: &'a Filter,
    pub now: Moment,
}

impl Counting<'_> {
    pub async fn by_stage(&self, connection: &impl ConnectionTrait) -> Result<Counts, MatterError> {
        let select = self.select(&["kind", "stage", "severity"]);
        let mut counts = Counts::default();
        for row in connection.query_all(&select).await? {
            let severity = severity(row.try_get("", "severity")?)?;
            counts.rows.push((row.try_get("", "kind")?, row.try_get("", "stage")?, severity, count(&row)?));
        }
        Ok(counts)
    }

    /// Ended matters by kind and outcome: nothing is late or paused among them, so nothing but their number is counted.
    pub async fn by_outcome(
        &self,
        connection: &impl ConnectionTrait,
    ) -> Result<Vec<OutcomeCount>, MatterError> {
        let rows = connection.query_all(&self.select_outcomes()).await?;
        let counted = |row: &sea_orm::QueryResult| {
            let figure: i64 = row.try_get("", "all_count")?;
            let (kind, outcome) = (row.try_get("", "kind")?, row.try_get("", "outcome")?);
            Ok(OutcomeCount { kind, outcome, figure: figure.unsigned_abs() })
        };
        rows.iter().map(counted).collect()
    }

    pub(super) fn select_outcomes(&self) -> SelectStatement {
        let mut select = Query::select();
        for group in ["kind", "outcome"] {
            select.column((TABLE, group)).group_by_col((TABLE, group));
        }
        select.expr_as(Expr::cust("COUNT(*)"), "all_count").from(TABLE);
        // Of an ended matter, and of no other, the outcome is known: the index is read by it.
        select.and_where(Expr::col((TABLE, "outcome")).is_not_null());
        repo::narrow(&mut select, self.scope, self.actor, self.filter, Standing::Closed, self.now);
        select
    }

    pub async fn by_area(
        &self,
        connection: &impl ConnectionTrait,
        level: AreaLevel,
    ) -> Result<Vec<AreaCount>, MatterError> {
        let column = COLUMNS.at(level);
        let rows = connection.query_all(&self.select(&[column])).await?;
        let mut counts = BTreeMap::new();
        for row in rows {
            let area: Option<i32> = row.try_get("", column)?;
            counts.insert(area, count(&row)?);
        }
        Ok(counts.into_iter().map(|(area, count)| AreaCount { area: area.map(AreaId), count }).collect())
    }

    /// The numbers of each post that holds matters, or of each organisation that matters were referred to.
    pub async fn by_id(
        &self,
        connection: &impl ConnectionTrait,
        column: &'static str,
    ) -> Result<Vec<(Uuid, Count)>, MatterError> {
        let mut select = self.select(&[column]);
        select.and_where(Expr::col((TABLE, column)).is_not_null());
        let rows = connection.query_all(&select).await?;
        rows.iter().map(|row| Ok((row.try_get("", column)?, count(row)?))).collect()
    }

    /// Everything that is counted, in one pass.
    pub(super) fn select(&self, groups: &[&'static str]) -> SelectStatement {
        let standing = match self.filter.standing {
            standing @ (Standing::Closed | Standing::Any) => standing,
            _ => Standing::Open,
        };
        let mut select = Query::select();
        for group in groups {
            select.column((TABLE, *group)).group_by_col((TABLE, *group));
        }
        select.expr_as(Expr::cust("COUNT(*)"), "all_count").from(TABLE);
        for standing in [Standing::Late, Standing::Soon, Standing::Paused] {
            let holds: Expr = CaseStatement::new().case(repo::stands(standing, self.now), 1).into();
            select.expr_as(holds.count(), name(standing));
        }
        repo::narrow(&mut select, self.scope, self.actor, self.filter, standing, self.now);
        select
    }
}

fn name(standing: Standing) -> &'static str {
    match standing {
        Standing::Late => "late_count",
        Standing::Soon => "soon_count",
        Standing::Paused => "paused_count",
        Standing::Open | Standing::Closed | Standing::Any => "all_count",
    }
}

fn count(row: &sea_orm::QueryResult) -> Result<Count, MatterError> {
    let number =
        |standing| -> Result<u64, MatterError> { Ok(row.try_get::<i64>("", name(standing))?.unsigned_abs()) };
    Ok(Count {
        all: number(Standing::Open)?,
        late: number(Standing::Late)?,
        soon: number(Standing::Soon)?,
        paused: number(Standing::Paused)?,
    })
}
