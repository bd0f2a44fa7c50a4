//! `/cases` and `/cases/{id}`.

use std::collections::HashMap;

use access::Masked;
use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use base::MatterId;
use futures::future::BoxFuture;
use matters::inbox::{Ask, Filter, Listing, Whose};
use matters::panel::{self, Asked, Panel, Seen};
use matters::{Matter, Matters};
use people::persons::{birth_month, listing};
use store::Read;
use web::{Ctx, PageResult, Path, Query, Shell, WebError};

use super::{Texts, known};
use crate::CASE;

/// The list of cases.
#[derive(Template)]
#[template(path = "cases/templates/list.html")]
struct CaseList {
    shell: Shell,
    t: Texts,
    listing: Listing,
}

pub(super) async fn list(ctx: Ctx, Extension(matters): Extension<Matters>) -> PageResult {
    let t = Texts(ctx.language);
    let ask = of_kind(&ctx, "/cases", CASE, Whose::Area);
    let read = ctx.read().await?;
    let listing = Listing::read(&ctx, &read, &matters, ask).await?;
    drop(read);
    let shell = ctx.shell("/cases", t.cases_title()).await?.as_of(ctx.now);
    web::page(&CaseList { shell, t, listing })
}

/// What the address of a list of one kind asks for; whose, unless it says otherwise.
pub(crate) fn of_kind<'a>(ctx: &Ctx, base: &'a str, kind: &str, whose: Whose) -> Ask<'a> {
    let ask = Ask::of(ctx, base);
    let says_whose = ctx.address().contains("whose=");
    let whose = if says_whose { ask.filter.whose } else { whose };
    Ask { filter: Filter { kinds: vec![kind.to_owned()], whose, ..ask.filter }, ..ask }
}

/// What cases are about: the categories of the child's file, else the reasons of the lead that brought it.
pub(crate) fn lines<'a>(
    ctx: &'a Ctx,
    read: &'a Read,
    cases: &'a [&'a Matter],
) -> BoxFuture<'a, Result<HashMap<MatterId, String>, WebError>> {
    Box::pin(async move {
        let mut said = crate::files::lines(ctx, read, cases).await?;
        said.retain(|_, line| !line.is_empty());
        let leads: Vec<MatterId> = cases.iter().filter_map(|case| case.parent).collect();
        let reasons = crate::leads::reasons_of(ctx, read, &leads).await?;
        for case in cases {
            if let Some(line) = case.parent.and_then(|lead| reasons.get(&lead)) {
                said.entry(case.id).or_insert_with(|| line.clone());
            }
        }
        Ok(said)
    })
}

/// One case.
#[derive(Template)]
#[template(path = "cases/templates/case.html")]
struct CasePage {
    shell: Shell,
    t: Texts,
    panel: Panel,
    person: Option<Person>,
}

/// The child, as the head of the page names it.
pub(crate) struct Person {
    pub name: Masked,
    pub about: String,
    pub file: Option<String>,
}

pub(super) async fn show(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let seen = panel::look_up(&ctx, &matters, id).await?;
    if seen.matter.kind != CASE {
        return Err(WebError::NotFound);
    }
    answer(&ctx, &matters, seen, panel::Ask::of(&asked), StatusCode::OK).await
}

/// The page again, with what was typed and why it cannot be taken.
pub fn again<'a>(
    ctx: &'a Ctx,
    matters: &'a Matters,
    seen: Seen,
    ask: panel::Ask<'a>,
    status: StatusCode,
) -> BoxFuture<'a, PageResult> {
    Box::pin(answer(ctx, matters, seen, ask, status))
}

async fn answer(
    ctx: &Ctx,
    matters: &Matters,
    seen: Seen,
    ask: panel::Ask<'_>,
    status: StatusCode,
) -> PageResult {
    let known = known(ctx, matters, &seen).await?;
    let panel = Panel::read(ctx, matters, &seen, ask.known(&known)).await?;
    let person = person(ctx, &seen.read, &seen.matter).await?;
    let matter = seen.matter;
    drop(seen.read);
    panel::record(ctx, &matter, "assess").await?;
    let t = Texts(ctx.language);
    let title = t.case_title(panel.stage.word.as_str(), matter.number.as_str());
    let shell = ctx.shell("/cases", title).await?.at(ctx, &matter.area);
    let shell = shell.rule_version(format!("{} {}", matter.program, matter.program_version));
    let shell = shell.sample(t.sample_note()).on_record();
    web::page_with(status, &CasePage { shell, t, panel, person })
}

/// The child of a matter, as far as the reader may see persons.
pub(crate) async fn person(ctx: &Ctx, read: &Read, matter: &Matter) -> Result<Option<Person>, WebError> {
    let Some(subject) = matter.subject else { return Ok(None) };
    let found = listing::lines(read, &ctx.app.roles, &ctx.actor, &[subject]).await?.pop();
    let t = Texts(ctx.language);
    Ok(found.map(|one| {
        let sex = match one.sex {
            Some(base::Sex::Female) => t.sex_female(),
            Some(base::Sex::Male) => t.sex_male(),
            None => "",
        };
        let age = one.birth_month.map(|born| t.age((birth_month(ctx.today()) - born) / 12));
        let about: Vec<String> =
            [Some(sex.to_owned()), age].into_iter().flatten().filter(|part| !part.is_empty()).collect();
        Person {
            name: one.name,
            about: about.join(ctx.language.choose("，", ", ")),
            file: ctx.may("read", "file").then(|| format!("/files/{subject}")),
        }
    }))
}
