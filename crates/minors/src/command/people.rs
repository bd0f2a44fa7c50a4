//! `/command/people`: the persons that the second figure of the funnel counts.

use askama::Template;
use axum::Extension;
use base::PersonId;
use people::persons::listing::{self, Listed};
use serde::Deserialize;
use uuid::Uuid;
use web::components::{EmptyState, Pager};
use web::{Ctx, PageResult, Query, Shell};

use super::Texts;
use super::headcount::Headcounts;
use super::pages::area_wanted;

/// Persons on a page.
const ROWS: u64 = 50;

#[derive(Template)]
#[template(path = "command/templates/people.html")]
struct PeoplePage {
    shell: Shell,
    t: Texts,
    rows: Vec<PersonRow>,
    pager: Pager,
    empty: EmptyState,
}

struct PersonRow {
    name: String,
    sex: &'static str,
    year: String,
    place: String,
}

/// Which page of which area.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    within: Option<i32>,
    after: Option<Uuid>,
}

/// A page of the list. Names are masked whoever reads: a list is no file.
pub async fn show(
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
    Extension(headcounts): Extension<Headcounts>,
) -> PageResult {
    let area = area_wanted(&ctx, wanted.within)?;
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let (roles, actor) = (&ctx.app.roles, &ctx.actor);
    let total = headcounts.of(&ctx, &read, &area).await?;
    let after = wanted.after.map(PersonId);
    let mut persons = listing::list(&read, roles, actor, Some(&area), after, ROWS + 1).await?;
    drop(read);
    let has_more = persons.len() > usize::try_from(ROWS).unwrap_or(usize::MAX);
    if has_more {
        persons.pop();
    }
    let here = format!("/command/people?within={}", area.area().0);
    let next = persons.last().filter(|_| has_more).map(|last| format!("{here}&after={}", last.person.0));
    let pager = Pager::new(persons.len(), total, after.map(|_| here), next, ctx.language);
    let rows = persons.iter().map(|person| row(&ctx, t, person)).collect();
    let title = t.people_title(ctx.area_name(area.area()));
    let shell = ctx.shell("/command", title).await?.at(&ctx, &area);
    let empty = EmptyState {
        icon: "users",
        title: t.people_empty().to_owned(),
        detail: t.people_empty_next().to_owned(),
        link: None,
    };
    web::page(&PeoplePage { shell, t, rows, pager, empty })
}

fn row(ctx: &Ctx, t: Texts, person: &Listed) -> PersonRow {
    let sex = match person.sex {
        Some(base::Sex::Male) => t.male(),
        Some(base::Sex::Female) => t.female(),
        None => t.unknown(),
    };
    let places = [person.area.district, person.area.subdistrict, person.area.community];
    let place: Vec<&str> = places.into_iter().flatten().map(|id| ctx.area_name(id)).collect();
    PersonRow {
        name: person.name.as_str().to_owned(),
        sex,
        year: person.birth_month.map_or_else(|| t.unknown().to_owned(), |month| (month / 12).to_string()),
        place: place.join("·"),
    }
}
