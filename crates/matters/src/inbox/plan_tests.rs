//! How SQLite reads lists and counts: from an index, in its order. An office has a hundred thousand matters after some
//! years; a plan that sorts them all would be noticed by nobody until then.

use access::{Actor, Grant, Scope, Sight, Term};
use base::{AreaId, AreaLevel, AreaPath, Moment};
use sea_orm::sea_query::{SelectStatement, SqliteQueryBuilder};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use super::counts::Counting;
use super::filter::{Filter, Standing, Whose};
use super::repo;
use crate::matter::repo::select_matters;

fn actor(level: AreaLevel) -> Actor {
    let [district, subdistrict, community] = [2, 3, 4].map(|id| Some(AreaId(id)));
    let area = AreaPath { city: AreaId(1), district, subdistrict, community }.cut_at(level);
    let id = Uuid::from_u128(1);
    Actor::in_post(id.into(), id.into(), "role".to_owned(), id.into(), area, String::new())
}

fn scope(actor: &Actor) -> Scope {
    let full = |term| Grant { term, sight: Sight::Full };
    let grants = ["lead", "visit", "case"].map(|kind| (kind, vec![full(Term::Area), full(Term::Held)]));
    Scope::of_kinds(actor, "kind", grants, false)
}

async fn plan(connection: &impl ConnectionTrait, select: &SelectStatement) -> String {
    let backend = connection.get_database_backend();
    let text = format!("EXPLAIN QUERY PLAN {}", select.to_string(SqliteQueryBuilder));
    let rows = connection.query_all_raw(Statement::from_string(backend, text)).await.unwrap();
    let lines = rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn lists_are_read_in_the_order_of_an_index_and_counts_from_one_alone() {
    let migrations = [store::migrations(), access::migrations(), crate::migrations()].concat();
    let database = store::testing::sqlite(&migrations).await;
    let read = database.read().await.unwrap();
    for level in AreaLevel::ALL {
        let actor = actor(level);
        let scope = scope(&actor);
        for standing in Standing::ALL {
            let filter = Filter { whose: Whose::Area, standing, ..Filter::default() };
            let mut select = select_matters();
            repo::narrow(&mut select, &scope, &actor, &filter, standing, Moment(0));
            repo::page(&mut select, standing, None, 51);
            let plan = plan(read.connection(), &select).await;
            let sorts = plan.lines().any(|line| line == "USE TEMP B-TREE FOR ORDER BY");
            assert!(plan.contains("USING INDEX matter_") && !sorts, "{level:?} {standing:?}:\n{plan}");
        }
        if level <= AreaLevel::District {
            let filter = Filter { whose: Whose::Area, ..Filter::default() };
            let counting = Counting { scope: &scope, actor: &actor, filter: &filter, now: Moment(0) };
            let plan = plan(read.connection(), &counting.select(&["kind", "stage", "severity"])).await;
            let sorts = plan.contains("TEMP B-TREE");
            assert!(plan.contains("USING COVERING INDEX matter_") && !sorts, "{level:?}:\n{plan}");
            let kinds = vec!["lead".to_owned(), "case".to_owned()];
            let filter = Filter { kinds, standing: Standing::Closed, ..filter.clone() };
            let counting = Counting { scope: &scope, actor: &actor, filter: &filter, now: Moment(0) };
            let plan = self::plan(read.connection(), &counting.select_outcomes()).await;
            let sorts = plan.contains("TEMP B-TREE");
            assert!(plan.contains("USING COVERING INDEX matter_") && !sorts, "{level:?}:\n{plan}");
        }
    }
}
