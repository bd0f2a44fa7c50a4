//! `/deliveries/{id}`: one delivery, from its preview to its result. Whatever state it is in, the page can be loaded again
//! at any time and shows how far it is.

use askama::Template;
use axum::http::HeaderValue;
use base::DeliveryId;
use uuid::Uuid;
use web::components::{
    Alert, Badge, Band, Funnel, FunnelStep, SampleMark, Scale, Step, StepState, Steps, Tone,
};
use web::show;
use web::{Ctx, PageResult, Path, Shell, WebError};

use super::groups::{self, GroupRow};
use super::lists::ListPart;
use super::preview::FileView;
use super::{address, feed_of, seen};
use crate::Texts;
use crate::deliveries::model::{
    Delivery, DeliveryDetail, DeliveryState, Figures, HeldState, LONG_WAIT_MILLISECONDS,
};
use crate::deliveries::{Preview, repo};
use crate::import::{HELD_ABOVE_PERCENT, must_be_confirmed};

/// Kinds of warnings that the overview shows; the list behind it has all.
const WARNINGS_SHOWN: usize = 8;

#[derive(Template)]
#[template(path = "deliveries/templates/delivery.html")]
pub(super) struct DeliveryPage {
    shell: Shell,
    t: Texts,
    feed_href: String,
    sub: String,
    state: Badge,
    steps: Steps,
    own: String,
    file: FileLine,
    under_way: Option<Progress>,
    /// What is said of a delivery that a killed command left.
    left: Option<&'static str>,
    failure: Option<Alert>,
    flow: Option<Funnel>,
    linking: Option<Funnel>,
    held: Option<HeldBox>,
    preview: Option<FileView>,
    rejections: Vec<GroupRow>,
    warnings: Vec<GroupRow>,
    gone: Option<GoneBox>,
    list: Option<ListPart>,
    /// What stands in the way of applying it as it was checked.
    overtaken: Option<OvertakenBox>,
    rows_to_apply: u64,
    rejected: u64,
    can_apply: bool,
    /// Whether it can go on where it was broken off, and be put away instead.
    can_go_on: bool,
    can_drop: bool,
    can_download: bool,
}

/// The file as it came.
struct FileLine {
    name: String,
    form: String,
    /// What is to be known of it as a whole.
    notes: Vec<String>,
    digest_note: String,
}

/// How far a job is.
#[derive(Template)]
#[template(path = "deliveries/templates/progress.html")]
struct Progress {
    t: Texts,
    own: String,
    what: &'static str,
    detail: String,
    percent: Option<u64>,
    is_long: bool,
}

impl askama::filters::HtmlSafe for Progress {}

/// Retirements that wait for a person.
struct HeldBox {
    title: String,
    may_decide: bool,
    gone: u64,
    is_waiting: bool,
}

/// What is said above the button of a delivery that its feed has overtaken, or that goes back to older data.
struct OvertakenBox {
    /// Whether it has to be checked anew first.
    is_stale: bool,
    title: &'static str,
    reasons: Vec<String>,
}

/// How many rows of the feed are not named any more.
struct GoneBox {
    held_before: u64,
    seen_again: u64,
    kept: u64,
    gone: u64,
    scale: Scale,
    is_held: bool,
    sample: SampleMark,
}

/// The page.
pub(super) async fn show(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    web::page(&page(&ctx, DeliveryId(id), None).await?)
}

/// How far the job is, for the page that waits for it; when it is done the page is loaded again.
pub(super) async fn progress(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let read = ctx.read().await?;
    let delivery = seen(&ctx, read.connection(), DeliveryId(id), "read").await?;
    drop(read);
    match Progress::of(&ctx, &delivery) {
        Some(progress) if ctx.wants_fragment() => web::page(&progress),
        _ if ctx.wants_fragment() => {
            let mut response = axum::response::IntoResponse::into_response(());
            response.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
            Ok(response)
        }
        _ => Ok(web::see_other(&address(delivery.id))),
    }
}

/// The page with `list` below it, one of the lists behind its figures.
pub(super) async fn page(
    ctx: &Ctx,
    id: DeliveryId,
    list: Option<ListPart>,
) -> Result<DeliveryPage, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let delivery = seen(ctx, read.connection(), id, "read").await?;
    let keys = repo::feed_keys(read.connection()).await?;
    let detail = repo::detail(read.keys(), &delivery)?;
    let account: Vec<_> = delivery.account.into_iter().collect();
    let names = access::accounts::names(&read, &account).await?;
    let overtaking = match delivery.state {
        DeliveryState::Checked if !delivery.is_under_way() => {
            repo::overtaking(read.connection(), read.keys(), &delivery).await?
        }
        _ => repo::Overtaking::default(),
    };
    drop(read);
    let key = keys.get(&delivery.feed_id).cloned().unwrap_or_default();
    let feed = feed_of(ctx, &key)?;
    let who = delivery.account.and_then(|account| names.get(&account)).cloned();
    let who = who.unwrap_or_else(|| t.feeds_by_command().to_owned());
    let department = ctx.says(&feed.department);
    let own = address(id);
    let (may_apply, is_left) = (ctx.may("apply", "delivery"), delivery.is_left(ctx.now));
    let preview = detail.preview.clone().unwrap_or_default();
    let is_before = matches!(delivery.state, DeliveryState::Checked);
    let title = t.delivery_title(ctx.says(&feed.label));
    let gone = gone(ctx, &delivery, &preview);
    let figures = delivery.figures.unwrap_or_default();
    // Rows that wait for a person's word are not written with the others: the button does not count them.
    let gone_at_once = if gone.as_ref().is_some_and(|gone| gone.is_held) { 0 } else { figures.gone };
    Ok(DeliveryPage {
        shell: ctx.shell("/feeds", title).await?.note(t.delivery_foot_kept()).note(t.delivery_foot_again()),
        t,
        feed_href: format!("/feeds/{key}"),
        sub: t.delivery_sub(department, show::full(delivery.received_at), who),
        state: if overtaking.is_stale {
            Badge::new(Tone::High, "refresh", t.overtaken_state())
        } else {
            super::show::state(t, &delivery)
        },
        steps: steps(t, &delivery),
        file: FileLine::of(t, &delivery, &detail, &preview),
        under_way: Progress::of(ctx, &delivery),
        left: left(ctx, &delivery),
        failure: failure(ctx, &detail),
        flow: delivery.figures.map(|figures| super::show::flow(t, &figures, preview.lines, &own)),
        linking: linking(ctx, &delivery),
        held: held(ctx, &delivery),
        preview: (is_before && detail.preview.is_some() && list.is_none())
            .then(|| FileView::of(ctx, feed, &detail, &preview)),
        rejections: groups::rejections(t, &detail.sheets, &preview.rejections),
        warnings: groups::warnings(t, &detail.sheets, &preview.warnings),
        gone,
        list,
        overtaken: overtaken(t, overtaking, &figures),
        rows_to_apply: figures.accepted + figures.updated + gone_at_once,
        rejected: figures.rejected,
        can_apply: is_before && !delivery.is_under_way() && may_apply,
        can_drop: matches!(delivery.state, DeliveryState::Received | DeliveryState::Staged),
        can_go_on: may_apply && is_left && !is_before,
        can_download: ctx.may("upload", "delivery"),
        own,
    })
}

impl DeliveryPage {
    /// An address below the delivery's own.
    fn to(&self, what: &str) -> String {
        format!("{}/{what}", self.own)
    }
}

impl FileLine {
    fn of(t: Texts, delivery: &Delivery, detail: &DeliveryDetail, preview: &Preview) -> Self {
        let size = super::show::size(delivery.size_bytes);
        let form = if preview.form.is_empty() { size } else { format!("{}, {size}", preview.form) };
        let notes = preview.notes.iter().map(|note| t.0.choose(&note.zh, &note.en).clone()).collect();
        let digest_note = t.delivery_version(&delivery.feed_version);
        Self { name: detail.file_name.clone(), form, notes, digest_note }
    }
}

impl Progress {
    fn of(ctx: &Ctx, delivery: &Delivery) -> Option<Self> {
        if !delivery.is_under_way() {
            return None;
        }
        let t = Texts(ctx.language);
        let all = delivery.rows_to_apply();
        let done = u64::try_from(delivery.rows_applied).unwrap_or(0).clamp(0, all);
        let (what, detail, percent) = match delivery.state {
            DeliveryState::Applying => (
                t.progress_applying(),
                t.progress_rows(done, all),
                Some((done * 100).checked_div(all).unwrap_or(100)),
            ),
            DeliveryState::Checked => (t.progress_waiting(), t.progress_rows(0_u64, all), Some(0)),
            _ => (t.progress_reading(), t.progress_reading_note().to_owned(), None),
        };
        let since =
            delivery.apply_asked_at.map_or(delivery.changed_at, |asked| asked.max(delivery.changed_at));
        Some(Self {
            t,
            own: address(delivery.id),
            what,
            detail,
            percent,
            is_long: ctx.now.milliseconds_since(since) > LONG_WAIT_MILLISECONDS && !delivery.is_left(ctx.now),
        })
    }
}

/// Hand in → read → check → apply → published.
fn steps(t: Texts, delivery: &Delivery) -> Steps {
    let at = match delivery.state {
        DeliveryState::Received | DeliveryState::Staged => 1,
        DeliveryState::Checked if delivery.apply_asked_at.is_some() => 3,
        DeliveryState::Checked => 2,
        DeliveryState::Applying => 3,
        DeliveryState::Done => 5,
        DeliveryState::Dropped => 0,
    };
    let labels = [t.step_hand_in(), t.step_read(), t.step_check(), t.step_apply(), t.step_done()];
    let steps = labels
        .into_iter()
        .enumerate()
        .map(|(place, label)| {
            let state = match place.cmp(&at) {
                _ if delivery.state == DeliveryState::Dropped && place > 0 => StepState::Skipped,
                _ if delivery.state == DeliveryState::Dropped => StepState::Done,
                std::cmp::Ordering::Less => StepState::Done,
                std::cmp::Ordering::Equal => StepState::Now,
                std::cmp::Ordering::Greater => StepState::Ahead,
            };
            Step { label: label.to_owned(), note: String::new(), state, href: None }
        })
        .collect();
    Steps { label: t.steps_label().to_owned(), steps }
}

/// What is said of a delivery that a killed command left.
fn left(ctx: &Ctx, delivery: &Delivery) -> Option<&'static str> {
    let t = Texts(ctx.language);
    if !delivery.is_left(ctx.now) {
        return None;
    }
    Some(match delivery.state {
        DeliveryState::Checked => t.delivery_left_checked(),
        DeliveryState::Applying => t.delivery_left_applying(),
        _ => t.delivery_left_reading(),
    })
}

fn failure(ctx: &Ctx, detail: &DeliveryDetail) -> Option<Alert> {
    let t = Texts(ctx.language);
    let failure = detail.failure.as_ref()?;
    Some(Alert::new(Tone::Urgent, t.feed_refused(), ctx.says(failure)))
}

/// What linking made of the rows, once they are applied.
fn linking(ctx: &Ctx, delivery: &Delivery) -> Option<Funnel> {
    let t = Texts(ctx.language);
    if delivery.state != DeliveryState::Done {
        return None;
    }
    let figures = delivery.figures?;
    let step = |label: &str, base: &str, figure: u64, href: Option<&str>| FunnelStep {
        label: label.to_owned(),
        base: base.to_owned(),
        figure,
        href: href.filter(|_| figure > 0).map(str::to_owned),
        tone: None,
        remarks: Vec::new(),
        joint: None,
    };
    let queue = ctx.may("read", "review").then_some("/review");
    Some(Funnel {
        label: t.linking_label().to_owned(),
        steps: vec![
            step(t.linking_linked(), t.linking_linked_note(), figures.linked, None),
            step(t.linking_new(), t.linking_new_note(), figures.new_persons, None),
            step(t.linking_review(), t.linking_review_note(), figures.review, queue),
        ],
    })
}

fn overtaken(t: Texts, overtaking: repo::Overtaking, figures: &Figures) -> Option<OvertakenBox> {
    if overtaking.is_stale {
        let reasons = vec![t.overtaken_stale_detail().to_owned()];
        return Some(OvertakenBox { is_stale: true, title: t.overtaken_stale(), reasons });
    }
    let before = overtaking.delivered_before.map(|at| t.overtaken_same_file(show::full(at)));
    let behind = overtaking.behind.map(|at| t.overtaken_older(show::full(at)));
    let mut reasons: Vec<String> = before.into_iter().chain(behind).collect();
    if reasons.is_empty() {
        return None;
    }
    reasons.push(t.overtaken_figures(show::number(figures.gone), show::number(figures.updated)));
    Some(OvertakenBox { is_stale: false, title: t.overtaken_back(), reasons })
}

fn held(ctx: &Ctx, delivery: &Delivery) -> Option<HeldBox> {
    let t = Texts(ctx.language);
    let gone = delivery.figures?.gone;
    let title = match delivery.held? {
        HeldState::Waiting if delivery.state == DeliveryState::Done => t.held_waiting(gone),
        HeldState::Waiting => return None,
        HeldState::Retired => t.held_retired(gone),
        HeldState::Kept => t.held_kept(gone),
        HeldState::Overtaken => t.held_overtaken(gone),
    };
    Some(HeldBox {
        title,
        may_decide: ctx.may("decide", "delivery"),
        gone,
        is_waiting: delivery.held == Some(HeldState::Waiting),
    })
}

fn gone(ctx: &Ctx, delivery: &Delivery, preview: &Preview) -> Option<GoneBox> {
    let t = Texts(ctx.language);
    let figures = delivery.figures?;
    let before = preview.held_before;
    if before == 0 {
        return None;
    }
    let seen_again = figures.updated + figures.unchanged;
    let percent = figures.gone as f64 / before as f64 * 100.0;
    let bound = f64::from(HELD_ABOVE_PERCENT);
    // The bound stands in the middle; what is beyond twice of it stands at the end.
    let bands = vec![
        Band { label: t.gone_marked().to_owned(), until: bound, tone: Tone::Low },
        Band { label: t.gone_held().to_owned(), until: bound * 2.0, tone: Tone::Medium },
    ];
    Some(GoneBox {
        held_before: before,
        seen_again,
        kept: before.saturating_sub(seen_again).saturating_sub(figures.gone),
        gone: figures.gone,
        scale: Scale::new(0.0, bands, percent.min(bound * 2.0), show::share(figures.gone, before))
            .in_percent(),
        is_held: must_be_confirmed(figures.gone, before),
        sample: SampleMark::new(ctx.language),
    })
}
