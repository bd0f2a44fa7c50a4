//! `/review/{id}`: the row's person and who it may be, side by side; what speaks for and against, and what follows from
//! each answer.

use std::collections::HashSet;

use access::{FieldClass, Masked, Reading};
use askama::Template;
use axum::Extension;
use store::Read;
use uuid::Uuid;
use web::components::{Alert, Badge, Band, SampleMark, Scale, Tone, WeightBar};
use web::{Ctx, PageResult, Path, Shell, Typed, WebError};

use super::queue::{self, QueueRow};
use super::sides::{Marked, Side, beside, marked};
use super::{address, found, repo, scope};
use crate::deliveries::Horizon;
use crate::import::Evidence;
use crate::index::Weighed;
use crate::review::Review;
use crate::{People, Texts, deliveries, persons};

/// Questions of the queue that stand beside the one that is open.
const QUEUE_BESIDE: usize = 14;
/// The least and the most weight that a bar shows, in bits.
const BAR_FROM: f64 = -16.0;
/// See [`BAR_FROM`].
const BAR_UNTIL: f64 = 20.0;
/// How far the scale of the total reaches beyond the thresholds, in bits.
const SCALE_AROUND: f64 = 8.0;

/// Keys of the page: the three answers, and taking the last one back.
const KEYS: [&[&str]; 4] = [&["1"], &["2"], &["3"], &["U"]];

#[derive(Template)]
#[template(path = "review/templates/pair.html")]
pub(super) struct PairPage {
    shell: Shell,
    t: Texts,
    own: String,
    version: i32,
    queue: Vec<QueueRow>,
    /// Which of those that wait stand in the queue beside, if not all do.
    range: Option<String>,
    waiting: u64,
    heads: [Head; 2],
    fields: Vec<FieldRow>,
    /// What is taken off for the household, if anything is.
    household: Option<String>,
    household_note: String,
    start: String,
    start_note: String,
    total: String,
    odds: String,
    scale: Scale,
    model: String,
    sample: Option<SampleMark>,
    state: Badge,
    decided: Option<Alert>,
    undo: Option<String>,
    last_undo: Option<String>,
    can_decide: bool,
    form: Typed,
    same: Vec<Consequence>,
    around: Vec<(String, String)>,
}

/// The head of a side.
struct Head {
    source: String,
    source_href: Option<String>,
    name: Marked,
    about: String,
}

/// A field of the comparison.
struct FieldRow {
    label: String,
    sides: [Vec<Marked>; 2],
    level: String,
    tone: Tone,
    icon: &'static str,
    bar: WeightBar,
    weight: String,
    is_against: bool,
    is_number: bool,
}

/// What follows from "the same person".
struct Consequence {
    icon: &'static str,
    text: String,
}

/// The page.
pub(super) async fn show(ctx: Ctx, Extension(people): Extension<People>, Path(id): Path<Uuid>) -> PageResult {
    let typed = ctx.typed(&address(id));
    web::page(&page(&ctx, &people, id, typed, false).await?)
}

/// The page with what was typed; `is_overtaken` if somebody else answered first.
pub(super) async fn page(
    ctx: &Ctx,
    people: &People,
    id: Uuid,
    form: Typed,
    is_overtaken: bool,
) -> Result<PairPage, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let review = found(ctx, read.connection(), "read", id).await?;
    let sides = (Side::of(&read, review.person).await?, Side::of(&read, review.candidate).await?);
    let evidence: Evidence = read.keys().open("review", review.id, &review.sealed)?;
    let Weighing { fields, household, total } = weighed(people, &read, &sides, &review, &evidence).await?;
    let horizon = Horizon::read(read.connection()).await?;
    let waiting = repo::waiting(read.connection(), horizon, scope(ctx, "read")).await?;
    let mut reviews = repo::queue(read.connection(), horizon, scope(ctx, "read"), 0).await?;
    // The open one is always among those beside it.
    let first =
        reviews.iter().position(|review| review.id == id).map_or(0, |at| at / QUEUE_BESIDE * QUEUE_BESIDE);
    let beside: Vec<Review> = reviews.drain(..).skip(first).take(QUEUE_BESIDE).collect();
    let queue = queue::rows(ctx, people, &read, &beside, Some(id)).await?;
    let is_all = waiting == u64::try_from(queue.len()).unwrap_or(0);
    let range =
        (!is_all && !queue.is_empty()).then(|| t.review_range(first + 1, first + queue.len(), waiting));
    let last_undo = queue::last_undo(ctx, &read).await?;
    let decided = decided(ctx, &read, &review, is_overtaken).await?;
    let heads = [head(ctx, &read, &sides.0, &sides.1).await?, head(ctx, &read, &sides.1, &sides.0).await?];
    let around = around(ctx, &read, &review, &evidence, &sides).await?;
    drop(read);
    record(ctx, &sides).await?;
    let model = people.index().model();
    let sum: f64 = fields.iter().map(|field| field.weight).sum();
    Ok(PairPage {
        shell: shell(ctx, t).await?,
        t,
        own: address(id),
        version: review.version,
        queue,
        range,
        waiting,
        heads,
        fields: fields.iter().map(|field| field_row(ctx, people, &sides, field)).collect(),
        household: (household < -0.05).then(|| WeightBar::text(household)),
        household_note: ctx.says(model.household_label()).to_owned(),
        start: WeightBar::text(total - sum - household),
        start_note: ctx.says(model.prior_label()).to_owned(),
        total: WeightBar::text(total),
        odds: odds(t, total),
        scale: scale(t, people, total),
        model: evidence.model.clone(),
        sample: model.is_sample().then(|| SampleMark::new(ctx.language)),
        state: queue::state(t, review.state),
        undo: review.decision.map(|decision| format!("/decisions/{decision}/undo")),
        can_decide: review.state.is_waiting() && ctx.may("decide", "review"),
        decided,
        last_undo,
        form,
        same: same(ctx, &sides),
        around,
    })
}

async fn shell(ctx: &Ctx, t: Texts) -> Result<Shell, WebError> {
    let shell = ctx.shell("/review", t.review_title()).await?.on_record().note(t.review_foot());
    let labels = [t.review_same(), t.review_different(), t.review_unsure(), t.review_undo_last()];
    Ok(shell.keys(KEYS.into_iter().zip(labels)))
}

/// Both persons' rows are shown: both readings are on record before.
async fn record(ctx: &Ctx, sides: &(Side, Side)) -> Result<(), WebError> {
    for side in [&sides.0, &sides.1] {
        let (subject, area) = (side.person.id, Some(side.person.area));
        let reading = Reading { subject, matter: None, area, purpose: "review", part: "card" };
        access::read_record(ctx.app.database.write(ctx.operation_named("people.read_pair")).await?, reading)
            .await?;
    }
    Ok(())
}

/// What speaks for and against the two being one.
struct Weighing {
    fields: Vec<Weighed>,
    household: f64,
    total: f64,
}

/// The weights that were kept with the question, and their total; where a number and not a weight proposed the candidate,
/// those of now.
async fn weighed(
    people: &People,
    read: &Read,
    sides: &(Side, Side),
    review: &Review,
    evidence: &Evidence,
) -> Result<Weighing, WebError> {
    if !evidence.fields.is_empty() {
        let (fields, household) = (evidence.fields.clone(), evidence.household);
        return Ok(Weighing { fields, household, total: review.weight });
    }
    people.index().follow(read.connection(), read.keys()).await?;
    let row = sides.0.rows.first().map(|(_, values)| values);
    let scored = row.and_then(|row| people.index().compare(row, sides.1.person.id));
    Ok(scored.map_or(Weighing { fields: Vec::new(), household: 0.0, total: review.weight }, |scored| {
        Weighing { fields: scored.fields, household: scored.household, total: scored.weight }
    }))
}

async fn head(ctx: &Ctx, read: &Read, side: &Side, other: &Side) -> Result<Head, WebError> {
    let t = Texts(ctx.language);
    let feeds = deliveries::repo::feed_keys(read.connection()).await?;
    let newest = side.rows.first().map(|(row, _)| row);
    let source = match newest {
        Some(row) => {
            let key = feeds.get(&row.feed_id).map_or("", String::as_str);
            let feed = ctx.app.programs.feed(key).map_or(key, |feed| ctx.says(&feed.label));
            t.review_source(feed, row.place, side.rows.len())
        }
        None => t.review_no_rows().to_owned(),
    };
    Ok(Head {
        source,
        source_href: newest.map(|row| format!("/rows/{}", row.id.0)),
        name: name_of(ctx, side, other),
        about: persons::about(t, &side.person, ctx.today()),
    })
}

fn name_of(ctx: &Ctx, side: &Side, other: &Side) -> Marked {
    let name = |side: &Side| side.master.name.as_ref().map(|name| name.value.clone()).unwrap_or_default();
    match ctx.app.roles.show(&ctx.actor, FieldClass::Name, &name(side)) {
        Masked::Full(text) => marked(&text, &name(other)),
        hidden => vec![(hidden.to_string(), false)],
    }
}

/// The class of personal field that a comparison is about.
fn class_of(field: &str) -> Option<FieldClass> {
    match field {
        "name" | "guardian_name" => Some(FieldClass::Name),
        "identity_number" => Some(FieldClass::IdentityNumber),
        "birth" => Some(FieldClass::Birth),
        "phone" | "guardian_phone" => Some(FieldClass::Phone),
        "address" => Some(FieldClass::Address),
        _ => None,
    }
}

/// The field of guardians from which the weight of a comparison comes, where the model compared across fields: one's own
/// phone is that of the other's guardian, or the guardians have the same.
fn crossed(field: &Weighed) -> Option<&'static str> {
    let is_across = matches!(field.level.as_str(), "cross" | "cross_both");
    (field.field == "phone" && is_across).then_some("guardian_phone")
}

fn field_row(ctx: &Ctx, people: &People, sides: &(Side, Side), field: &Weighed) -> FieldRow {
    let t = Texts(ctx.language);
    let model = people.index().model();
    let (key, level) = (field.field.as_str().into(), field.level.as_str().into());
    let label = model.field_label(&key).map_or(field.field.as_str(), |label| ctx.says(label));
    let outcome = model.level_label(&key, &level).map_or(field.level.as_str(), |label| ctx.says(label));
    let (left, right) = (sides.0.texts(t, &field.field), sides.1.texts(t, &field.field));
    let mut shown_sides = [shown(ctx, &field.field, &left, &right), shown(ctx, &field.field, &right, &left)];
    let mut is_silent = left.is_empty() || right.is_empty();
    if let Some(other) = crossed(field) {
        // The weight comes from what stands in another field: without it two empty cells would weigh something.
        let (lefts, rights) = (sides.0.texts(t, other), sides.1.texts(t, other));
        let all = [[left, lefts.clone()].concat(), [right, rights.clone()].concat()];
        is_silent = all.iter().any(Vec::is_empty);
        let of_guardians = [shown(ctx, other, &lefts, &all[1]), shown(ctx, other, &rights, &all[0])];
        for (side, guardians) in shown_sides.iter_mut().zip(of_guardians) {
            side.extend(guardians.into_iter().map(|text| {
                let head = (format!("{} ", t.review_of_guardian()), false);
                std::iter::once(head).chain(text).collect::<Marked>()
            }));
        }
    }
    let (tone, icon) = match field.weight {
        _ if is_silent => (Tone::Low, "minus"),
        weight if weight < -0.05 => (Tone::High, "equal-not"),
        _ if field.level == "exact" => (Tone::Ok, "equal"),
        weight if weight > 0.05 => (Tone::Medium, "wave-sine"),
        _ => (Tone::Low, "minus"),
    };
    FieldRow {
        label: label.to_owned(),
        sides: shown_sides,
        level: outcome.to_owned(),
        tone,
        icon,
        bar: WeightBar::new(field.weight.clamp(BAR_FROM, BAR_UNTIL), BAR_FROM, BAR_UNTIL, tone == Tone::Ok),
        weight: WeightBar::text(field.weight),
        is_against: field.weight < -0.05,
        is_number: field.field == "identity_number",
    }
}

/// The values of one side as this reader may see them, differences from the other side marked.
fn shown(ctx: &Ctx, field: &str, texts: &[String], others: &[String]) -> Vec<Marked> {
    let other = others.first().map_or("", String::as_str);
    texts
        .iter()
        .map(|text| match class_of(field) {
            None => marked(text, other),
            Some(class) => match ctx.app.roles.show(&ctx.actor, class, text) {
                Masked::Full(text) if class == FieldClass::IdentityNumber => beside(&text, other),
                Masked::Full(text) if class == FieldClass::Name => marked(&text, other),
                Masked::Full(_) if class == FieldClass::Phone => phone(text, others),
                Masked::Full(text) => vec![(text, false)],
                hidden => vec![(hidden.to_string(), false)],
            },
        })
        .collect()
}

/// A phone that the other side has too is masked: that they agree is all that matters. One that differs is shown.
fn phone(text: &str, others: &[String]) -> Marked {
    if others.iter().any(|other| other == text) || others.is_empty() {
        return vec![(base::mask::phone(text), false)];
    }
    marked(text, others.first().map_or("", String::as_str))
}

/// The total as odds: 416 : 1.
fn odds(t: Texts, weight: f64) -> String {
    if weight >= 0.0 {
        t.review_odds_for(web::show::number(format!("{:.0}", weight.min(40.0).exp2())))
    } else {
        t.review_odds_against(web::show::number(format!("{:.0}", (-weight).min(40.0).exp2())))
    }
}

fn scale(t: Texts, people: &People, weight: f64) -> Scale {
    let zones = people.index().model().zones();
    let (from, until) = (zones.review - SCALE_AROUND, zones.link + SCALE_AROUND);
    let bands = vec![
        Band { label: t.review_band_new().to_owned(), until: zones.review, tone: Tone::Low },
        Band { label: t.review_band_ask().to_owned(), until: zones.link, tone: Tone::Medium },
        Band { label: t.review_band_link().to_owned(), until, tone: Tone::Ok },
    ];
    Scale::new(from, bands, weight.clamp(from, until), WeightBar::text(weight))
}

/// What somebody has decided already.
async fn decided(
    ctx: &Ctx,
    read: &Read,
    review: &Review,
    is_overtaken: bool,
) -> Result<Option<Alert>, WebError> {
    let t = Texts(ctx.language);
    let Some((at, account)) = review.decided.filter(|_| is_overtaken || !review.state.is_waiting()) else {
        return Ok(is_overtaken.then(|| Alert::new(Tone::High, t.review_changed(), t.review_changed_next())));
    };
    let ids: Vec<_> = account.into_iter().collect();
    let names = access::accounts::names(read, &ids).await?;
    let who = account.and_then(|account| names.get(&account).cloned());
    let who = who.unwrap_or_else(|| t.feeds_by_command().to_owned());
    let what = queue::state(t, review.state).word;
    let title = t.review_decided(who, web::show::near(at, ctx.now, ctx.language), what);
    let next = if is_overtaken { t.review_decided_kept() } else { t.review_decided_next() };
    Ok(Some(Alert::new(if is_overtaken { Tone::High } else { Tone::Info }, title, next)))
}

/// What follows if both are one person, worked out from the rows of both.
fn same(ctx: &Ctx, sides: &(Side, Side)) -> Vec<Consequence> {
    let t = Texts(ctx.language);
    let (left, right) = sides;
    let joined = left.joined(right);
    let of = |icon, text: String| Consequence { icon, text };
    let mut list = vec![of("link", t.follow_rows(left.rows.len(), right.rows.len() + left.rows.len()))];
    let kinds: HashSet<&str> = right.indicators.iter().map(|indicator| indicator.kind.as_str()).collect();
    let mut fresh: Vec<String> = left
        .indicators
        .iter()
        .filter(|indicator| !kinds.contains(indicator.kind.as_str()))
        .map(|indicator| indicator_label(ctx, &indicator.kind))
        .collect();
    fresh.sort();
    fresh.dedup();
    if fresh.is_empty() {
        list.push(of("broadcast", t.follow_no_indicators().to_owned()));
    } else {
        list.push(of("broadcast", t.follow_indicators(fresh.join(ctx.language.choose("、", ", ")))));
    }
    let show = |class, text: &str| ctx.app.roles.show(&ctx.actor, class, text).to_string();
    if let Some(name) = &joined.name {
        let others: Vec<String> =
            joined.other_names.iter().map(|other| show(FieldClass::Name, &other.value)).collect();
        let name = show(FieldClass::Name, &name.value);
        list.push(of(
            "signature",
            if others.is_empty() {
                t.follow_name(name)
            } else {
                t.follow_names(name, others.join(ctx.language.choose("、", ", ")))
            },
        ));
    }
    if let Some(number) = &joined.document {
        list.push(of("id", t.follow_number(base::mask::identity_number(number.value.number()))));
    }
    list.push(of("arrow-back-up", t.follow_undo().to_owned()));
    list
}

fn indicator_label(ctx: &Ctx, kind: &str) -> String {
    let rule = ctx.app.programs.feeds().flat_map(|feed| &feed.indicators).find(|rule| rule.kind == kind);
    rule.map_or_else(|| kind.to_owned(), |rule| ctx.says(&rule.label).to_owned())
}

/// What else bears on the decision: why it is asked, other candidates, the household, since when it waits.
async fn around(
    ctx: &Ctx,
    read: &Read,
    review: &Review,
    evidence: &Evidence,
    sides: &(Side, Side),
) -> Result<Vec<(String, String)>, WebError> {
    let t = Texts(ctx.language);
    let others = match evidence.others.first() {
        Some((_, weight)) => t.around_others(evidence.others.len(), WeightBar::text(*weight)),
        None => t.around_no_others().to_owned(),
    };
    let horizon = Horizon::read(read.connection()).await?;
    let ids = [review.candidate];
    let household = persons::households(read.connection(), horizon, &ids).await?.remove(&review.candidate);
    let members: Vec<base::PersonId> =
        household.iter().flat_map(|household| &household.others).map(|member| member.person).collect();
    let members =
        persons::repo::by_ids(read.connection(), &members, sea_orm::sea_query::Condition::all()).await?;
    let members = members
        .iter()
        .take(6)
        .map(|member| {
            Ok(format!(
                "{} {}",
                persons::title(&member.master(read.keys())?),
                persons::about(t, member, ctx.today())
            ))
        })
        .collect::<Result<Vec<_>, store::StoreError>>()?;
    let mark = ctx.language.choose("、", ", ");
    let cause = queue::cause(t, review.cause, &sides.0.master, &sides.1.master);
    let household = if members.is_empty() { t.around_no_household().to_owned() } else { members.join(mark) };
    Ok(vec![
        (t.around_cause().to_owned(), cause.to_owned()),
        (t.around_candidates().to_owned(), others),
        (t.around_household().to_owned(), household),
        (t.around_area().to_owned(), ctx.app.areas.name_of(&review.area)),
        (t.around_since().to_owned(), web::show::near(review.opened_at, ctx.now, ctx.language)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_that_comes_from_guardians_phones_shows_them() {
        let programs = policy::Programs::load(None).unwrap();
        let people = People::new(&programs).unwrap();
        let weighed = |field: &str, level: &str| {
            let known = people.index().model().level_label(&field.into(), &level.into());
            assert!(known.is_some(), "the model has no level {level} of {field}");
            crossed(&Weighed { field: field.to_owned(), level: level.to_owned(), weight: 8.8 })
        };
        assert_eq!(weighed("phone", "cross_both"), Some("guardian_phone"));
        assert_eq!(weighed("phone", "cross"), Some("guardian_phone"));
        assert_eq!((weighed("phone", "exact"), weighed("name", "exact")), (None, None));
    }
}
