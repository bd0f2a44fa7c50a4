//! `/review`: the questions that wait, open ones before unsure ones, the weightiest first.

use std::collections::HashMap;

use access::Masked;
use askama::Template;
use axum::Extension;
use base::PersonId;
use sea_orm::sea_query::Condition;
use store::{Read, StoreError};
use web::components::{Badge, EmptyState, Pager, Tone, WeightBar};
use web::{Ctx, PageResult, Query, Shell, WebError};

use super::{address, repo, scope};
use crate::deliveries::Horizon;
use crate::import::Evidence;
use crate::links::{Cause, decisions};
use crate::persons::Master;
use crate::review::{Review, ReviewState};
use crate::{People, Texts, persons};

/// A question in the queue.
pub(super) struct QueueRow {
    pub href: String,
    pub name: Masked,
    pub candidate: Masked,
    pub about: String,
    pub area: String,
    /// What stands between them, or why a person is asked at all.
    pub cause: String,
    pub weight: String,
    pub state: Badge,
    pub when: String,
    pub is_shown: bool,
}

#[derive(Template)]
#[template(path = "review/templates/queue.html")]
struct QueuePage {
    shell: Shell,
    t: Texts,
    rows: Vec<QueueRow>,
    total: u64,
    empty: EmptyState,
    pager: Pager,
    undo: Option<String>,
}

/// Where in the queue the page begins.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Place {
    from: Option<u64>,
}

/// The page.
pub(super) async fn show(
    ctx: Ctx,
    Extension(people): Extension<People>,
    Query(place): Query<Place>,
) -> PageResult {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let horizon = Horizon::read(read.connection()).await?;
    let total = repo::waiting(read.connection(), horizon, scope(&ctx, "read")).await?;
    // Behind the last question there is nothing: others may have answered some since the page before.
    let from = place.from.unwrap_or(0).min(total.saturating_sub(1) / repo::PAGE_ROWS * repo::PAGE_ROWS);
    let reviews = repo::queue(read.connection(), horizon, scope(&ctx, "read"), from).await?;
    let until = from + u64::try_from(reviews.len()).unwrap_or(0);
    let next = (until < total).then(|| format!("/review?from={until}"));
    let rows = rows(&ctx, &people, &read, &reviews, None).await?;
    let undo = last_undo(&ctx, &read).await?;
    drop(read);
    web::page(&QueuePage {
        shell: ctx.shell("/review", t.review_title()).await?,
        t,
        pager: Pager::new(rows.len(), total, (from > 0).then(|| "/review".to_owned()), next, ctx.language),
        rows,
        total,
        empty: EmptyState {
            icon: "circle-check",
            title: t.review_empty().to_owned(),
            detail: t.review_empty_next().to_owned(),
            link: None,
        },
        undo,
    })
}

/// Where the actor's last decision is undone, if there is one.
pub(super) async fn last_undo(ctx: &Ctx, read: &Read) -> Result<Option<String>, WebError> {
    let Some(account) = ctx.actor.account.filter(|_| ctx.may("decide", "review")) else { return Ok(None) };
    let last = decisions::last_of(read.connection(), account).await?;
    Ok(last.map(|id| format!("/decisions/{id}/undo")))
}

/// The rows of the queue; `shown` is the question that is open.
pub(super) async fn rows(
    ctx: &Ctx,
    people: &People,
    read: &Read,
    reviews: &[Review],
    shown: Option<uuid::Uuid>,
) -> Result<Vec<QueueRow>, WebError> {
    let t = Texts(ctx.language);
    let ids: Vec<PersonId> = reviews.iter().flat_map(|review| [review.person, review.candidate]).collect();
    let found = persons::repo::by_ids(read.connection(), &ids, Condition::all()).await?;
    let by_id: HashMap<PersonId, persons::Person> =
        found.into_iter().map(|person| (person.id, person)).collect();
    let name = |id: PersonId| -> Result<Masked, StoreError> {
        match by_id.get(&id) {
            Some(person) => Ok(persons::title(&person.master(read.keys())?)),
            None => Ok(Masked::Withheld),
        }
    };
    reviews
        .iter()
        .map(|review| {
            let person = by_id.get(&review.person);
            Ok(QueueRow {
                href: address(review.id),
                name: name(review.person)?,
                candidate: name(review.candidate)?,
                about: person.map(|person| persons::about(t, person, ctx.today())).unwrap_or_default(),
                area: ctx.app.areas.name_of(&review.area),
                cause: match (person, by_id.get(&review.candidate)) {
                    (Some(person), Some(candidate)) => {
                        let (own, other) = (person.master(read.keys())?, candidate.master(read.keys())?);
                        let evidence: Evidence = read.keys().open("review", review.id, &review.sealed)?;
                        let between =
                            (review.cause == Cause::Between).then(|| between(ctx, people, &evidence));
                        between.flatten().unwrap_or_else(|| cause(t, review.cause, &own, &other).to_owned())
                    }
                    _ => t.review_cause_gone().to_owned(),
                },
                weight: WeightBar::text(review.weight),
                state: state(t, review.state),
                when: web::show::when(review.opened_at, ctx.now),
                is_shown: shown == Some(review.id),
            })
        })
        .collect::<Result<_, StoreError>>()
        .map_err(Into::into)
}

/// Fields that are named where two records are neither surely one person nor surely two.
const NAMED_FIELDS: usize = 2;

/// What keeps two records from being linked by themselves: what speaks against it, the weightiest first; where nothing
/// does, what agrees only in part. Names fields and how they compare, never what stands in them.
fn between(ctx: &Ctx, people: &People, evidence: &Evidence) -> Option<String> {
    let model = people.index().model();
    let mut fields: Vec<_> = evidence.fields.iter().filter(|field| field.weight < -0.05).collect();
    if fields.is_empty() {
        fields =
            evidence.fields.iter().filter(|field| field.weight > 0.05 && field.level != "exact").collect();
    }
    fields.sort_by(|left, right| left.weight.total_cmp(&right.weight));
    let named = fields.into_iter().take(NAMED_FIELDS).filter_map(|field| {
        let (key, level) = (field.field.as_str().into(), field.level.as_str().into());
        let (label, level) = (model.field_label(&key)?, model.level_label(&key, &level)?);
        Some(ctx.language.choose(
            format!("{}：{}", ctx.says(label), ctx.says(level)),
            format!("{}: {}", ctx.says(label), ctx.says(level)),
        ))
    });
    let named: Vec<String> = named.collect();
    (!named.is_empty()).then(|| named.join(ctx.language.choose("；", "; ")))
}

/// Why a person is asked about these two.
pub(super) fn cause(t: Texts, cause: Cause, own: &Master, other: &Master) -> &'static str {
    let birth = |master: &Master| master.birth.as_ref().map(|birth| birth.value);
    match cause {
        Cause::Between => t.review_cause_between(),
        Cause::NumberAgainstName => match (birth(own), birth(other)) {
            (Some(own), Some(other)) if own != other => t.review_cause_number_and_birth(),
            _ => t.review_cause_number(),
        },
        Cause::TwoNumbers => t.review_cause_two_numbers(),
    }
}

/// Where a question stands.
pub(super) fn state(t: Texts, state: ReviewState) -> Badge {
    match state {
        ReviewState::Open => Badge::new(Tone::Info, "circle-dot", t.review_state_open()),
        ReviewState::Unsure => Badge::new(Tone::Medium, "help-circle", t.review_state_unsure()),
        ReviewState::Same => Badge::new(Tone::Ok, "check", t.review_state_same()),
        ReviewState::Different => Badge::new(Tone::Low, "x", t.review_state_different()),
        ReviewState::Settled => Badge::new(Tone::Low, "circle-check", t.review_state_settled()),
    }
}
