//! `/leads`: a dense table of leads with filters, and dispatch in one line.

use std::collections::HashMap;

use askama::Template;
use axum::Extension;
use base::{AreaId, AreaLevel, MatterId, Severity};
use futures::future::BoxFuture;
use matters::inbox::{Filter, Standing, Whose};
use matters::panel::{Names, Wanted, clock_of};
use matters::{Matter, Matters};
use serde::Deserialize;
use store::Read;
use uuid::Uuid;
use web::components::{Badge, Clock, EmptyState, Pager, Tab, Tabs, Tone};
use web::{Choice, Ctx, PageResult, Query, Shell, WebError, Worded as _, show};

use super::dispatch::{self, Plan};
use super::{Texts, repo, why};
use crate::screening::{self, LeadDetail};
use crate::{LEAD, PROGRAM};

/// Rows of a page.
const ROWS: u64 = 50;
/// Reasons that a row names.
const REASONS_NAMED: usize = 3;
/// Posts that the line of dispatch names.
const POSTS_NAMED: usize = 4;

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct Asked {
    state: Option<String>,
    stage: Option<String>,
    level: Option<String>,
    area: Option<String>,
    after: Option<String>,
    /// A batch that was just sent: it can be taken back.
    sent: Option<Uuid>,
    /// How many leads were just taken back.
    back: Option<u64>,
}

/// Why the list is empty, and the way on: to what has ended, where nothing was filtered for, else to all that is open.
fn empty(t: Texts, asked: &Asked) -> EmptyState {
    let is_filtered = !asked.hidden().is_empty();
    let (title, detail) = if is_filtered {
        (t.leads_none(), t.leads_none_detail())
    } else {
        (t.leads_nothing(), t.leads_nothing_detail())
    };
    let link = if is_filtered {
        (t.leads_all().to_owned(), "/leads".to_owned())
    } else {
        (t.leads_nothing_closed().to_owned(), asked.href(Some(Standing::Closed), None))
    };
    EmptyState { icon: "radar-2", title: title.to_owned(), detail: detail.to_owned(), link: Some(link) }
}

impl Asked {
    /// The matters that are asked for.
    pub fn filter(&self, ctx: &Ctx) -> Filter {
        let standing = self.state.as_deref().and_then(Standing::from_word).unwrap_or_default();
        let area = self.area.as_deref().and_then(|text| text.parse().ok()).map(AreaId);
        Filter {
            whose: Whose::Area,
            standing,
            within: area.and_then(|area| ctx.app.areas.path_of(area)),
            kinds: vec![LEAD.to_owned()],
            stages: self.stage.iter().filter(|stage| !stage.is_empty()).cloned().collect(),
            severities: self.level.as_deref().and_then(Severity::from_key).into_iter().collect(),
            ..Filter::default()
        }
    }

    /// The address of the list with another standing, or another place in it.
    fn href(&self, standing: Option<Standing>, after: Option<&str>) -> String {
        let state = standing.map(Standing::word).or(self.state.as_deref());
        let fields = [
            ("state", state),
            ("stage", self.stage.as_deref()),
            ("level", self.level.as_deref()),
            ("area", self.area.as_deref()),
            ("after", after),
        ];
        let fields = fields.iter().filter_map(|(name, value)| {
            // Words and numbers of ours only: whatever else stands there is dropped.
            let value = value.filter(|value| {
                !value.is_empty()
                    && value.chars().all(|one| one.is_ascii_alphanumeric() || "_.-".contains(one))
            })?;
            Some(format!("{name}={value}"))
        });
        let fields: Vec<String> = fields.collect();
        if fields.is_empty() { "/leads".to_owned() } else { format!("/leads?{}", fields.join("&")) }
    }

    /// Whether the filter `name` is set to `value`.
    fn has(&self, name: &str, value: &str) -> bool {
        self.hidden().iter().any(|(own, set)| *own == name && set == value)
    }

    /// As a form carries it, unseen.
    fn hidden(&self) -> Vec<(&'static str, String)> {
        [("state", &self.state), ("stage", &self.stage), ("level", &self.level), ("area", &self.area)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone().filter(|value| !value.is_empty())?)))
            .collect()
    }

    /// From the fields of the form that dispatches.
    pub fn of_form(form: &mut web::Reader) -> Option<Self> {
        let mut field = |name: &str| form.optional_text(name, 40);
        Some(Self {
            state: field("state")?,
            stage: field("stage")?,
            level: field("level")?,
            area: field("area")?,
            ..Self::default()
        })
    }

    /// Where the list is after something was done.
    pub fn back_with(&self, name: &str, value: &str) -> String {
        let href = self.href(None, None);
        let joint = if href.contains('?') { '&' } else { '?' };
        format!("{href}{joint}{name}={value}")
    }
}

#[derive(Template)]
#[template(path = "leads/templates/list.html")]
struct ListPage {
    shell: Shell,
    t: Texts,
    sub: String,
    tabs: Tabs,
    stages: Vec<Choice>,
    levels: Vec<Choice>,
    areas: Vec<Choice>,
    asked: Asked,
    order: &'static str,
    dispatch: Option<DispatchLine>,
    sent: Option<Sent>,
    back: Option<u64>,
    rows: Vec<Row>,
    pager: Pager,
    empty: EmptyState,
}

/// The line that dispatches what is shown.
struct DispatchLine {
    count: usize,
    to: Vec<(String, usize, String)>,
    more_posts: usize,
    without: usize,
    hidden: Vec<(&'static str, String)>,
}

/// What was just sent, and can be taken back.
struct Sent {
    count: u64,
    when: String,
    undo: String,
}

struct Row {
    href: String,
    clock: Clock,
    level: Badge,
    name: String,
    person: String,
    reasons: String,
    points: Option<i64>,
    is_withdrawable: bool,
    number: String,
    stage: Badge,
    community: String,
    holder: String,
    changed: String,
}

/// The list.
pub(super) async fn show(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let page = build(&ctx, &matters, asked).await?;
    web::page(&page)
}

async fn build(ctx: &Ctx, matters: &Matters, asked: Asked) -> Result<ListPage, WebError> {
    let t = Texts(ctx.language);
    let filter = asked.filter(ctx);
    let after = asked.after.as_deref().and_then(|after| after.parse().ok());
    let read = ctx.read().await?;
    let page = matters.inbox(&read, &ctx.actor, &filter, ctx.now, after, ROWS).await?;
    let open = Filter { standing: Standing::Open, ..filter.clone() };
    let counts = matters.counts(&read, &ctx.actor, &open, ctx.now).await?.all();
    let areas = areas(ctx, &read, matters, &filter).await?;
    let plan = plan(ctx, &read, matters, &filter).await?;
    let matters_shown: Vec<Matter> = page.rows.into_iter().map(|row| row.matter).collect();
    let ids: Vec<MatterId> = matters_shown.iter().map(|matter| matter.id).collect();
    let details = screening::repo::details(read.connection(), read.keys(), &ids).await?;
    let persons: Vec<_> = matters_shown.iter().filter_map(|matter| matter.subject).collect();
    let facts =
        people::persons::repo::by_ids(read.connection(), &persons, sea_orm::sea_query::Condition::all())
            .await?;
    let facts: HashMap<_, _> = facts.into_iter().map(|person| (person.id, person)).collect();
    // By the name that the rows give now: a lead keeps the one of the day on which it was opened.
    let listed = people::persons::listing::lines(&read, &ctx.app.roles, &ctx.actor, &persons).await?;
    let called: HashMap<_, _> = listed.into_iter().map(|one| (one.person, one.name)).collect();
    let mut posts: Vec<_> = matters_shown.iter().map(|matter| matter.holder).collect();
    posts.extend(plan.iter().flat_map(|plan| plan.by_post.iter().map(|(post, _)| *post)));
    let wanted = Wanted { posts, ..Wanted::default() };
    let names = Names::read(&read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
    let sent = sent(ctx, &read, &asked).await?;
    drop(read);
    let rows = matters_shown
        .iter()
        .map(|matter| {
            let person = matter.subject.and_then(|subject| facts.get(&subject));
            let row = row(ctx, matters, matter, details.get(&matter.id), person, &names);
            match matter.subject.and_then(|subject| called.get(&subject)) {
                Some(name) if !name.as_str().is_empty() => Row { name: name.as_str().to_owned(), ..row },
                _ => row,
            }
        })
        .collect::<Vec<_>>();
    let next = page.next.map(|cursor| asked.href(None, Some(&cursor.to_string())));
    let first = asked.after.is_some().then(|| asked.href(None, None));
    let total = counts.of(filter.standing);
    let pager = if filter.standing == Standing::Closed {
        Pager::uncounted(rows.len(), first, next, ctx.language)
    } else {
        Pager::new(rows.len(), total, first, next, ctx.language)
    };
    let mut shell = ctx.shell("/leads", t.leads_title()).await?;
    shell.foot.notes = vec![t.lead_foot_proposal().to_owned()];
    shell.foot.sample = Some(t.lead_foot_sample().to_owned());
    Ok(ListPage {
        sub: t.leads_sub(counts.all, counts.late, counts.soon),
        tabs: tabs(&asked, &filter, counts, t),
        stages: stages(ctx, matters),
        levels: levels(ctx),
        areas,
        order: match filter.standing {
            Standing::Closed => t.leads_order_closed(),
            Standing::Any => t.leads_order_opened(),
            _ => t.leads_order(),
        },
        dispatch: plan.map(|plan| line(&plan, &names, &asked)),
        sent,
        back: asked.back,
        rows,
        pager,
        empty: empty(t, &asked),
        shell,
        t,
        asked,
    })
}

fn tabs(asked: &Asked, filter: &Filter, counts: matters::inbox::Count, t: Texts) -> Tabs {
    let of = |standing: Standing, label: &str| Tab {
        label: label.to_owned(),
        href: asked.href(Some(standing), None),
        count: (standing != Standing::Closed).then(|| counts.of(standing)),
        is_active: filter.standing == standing,
    };
    Tabs {
        label: t.leads_tabs().to_owned(),
        tabs: vec![
            of(Standing::Open, t.leads_open()),
            of(Standing::Late, t.leads_late()),
            of(Standing::Soon, t.leads_soon()),
            of(Standing::Paused, t.leads_paused()),
            of(Standing::Closed, t.leads_closed()),
        ],
    }
}

fn stages(ctx: &Ctx, matters: &Matters) -> Vec<Choice> {
    let program = matters.programs().program(PROGRAM);
    let kind = program.and_then(|program| program.workflow.kind(LEAD));
    let stages = kind.into_iter().flat_map(|kind| kind.stages.values()).filter(|stage| !stage.ends());
    stages.map(|stage| Choice::new(stage.key.clone(), stage.label.says(ctx.language))).collect()
}

fn levels(ctx: &Ctx) -> Vec<Choice> {
    Severity::ALL
        .into_iter()
        .map(|level| Choice::new(level.key(), Badge::severity(level, ctx.language).word))
        .collect()
}

/// The areas below the reader's own, each with how many of the leads lie there.
async fn areas(ctx: &Ctx, read: &Read, matters: &Matters, filter: &Filter) -> Result<Vec<Choice>, WebError> {
    let below = match ctx.actor.area.level() {
        AreaLevel::City => AreaLevel::District,
        AreaLevel::District => AreaLevel::Subdistrict,
        AreaLevel::Subdistrict | AreaLevel::Community => AreaLevel::Community,
    };
    let everywhere = Filter { within: None, ..filter.clone() };
    let counts = matters.counts_by_area(read, &ctx.actor, &everywhere, below, ctx.now).await?;
    let areas = counts.into_iter().filter_map(|one| {
        let area = ctx.app.areas.get(one.area?)?;
        let count = one.count.of(filter.standing);
        Some(Choice::new(area.id.0.to_string(), format!("{} {count}", area.short_name)))
    });
    Ok(areas.collect())
}

/// What can be dispatched of what is shown, by somebody who may.
async fn plan(ctx: &Ctx, read: &Read, matters: &Matters, filter: &Filter) -> Result<Option<Plan>, WebError> {
    let is_asked =
        filter.stages.is_empty() || filter.stages.iter().any(|stage| stage == screening::DISPATCH_STAGE);
    let has_some = !matches!(filter.standing, Standing::Closed | Standing::Paused);
    if !is_asked || !has_some || !ctx.may("dispatch", LEAD) {
        return Ok(None);
    }
    let plan = dispatch::plan(read, matters, &ctx.actor, filter, ctx.now).await?;
    Ok((!plan.leads.is_empty() || plan.without > 0).then_some(plan))
}

fn line(plan: &Plan, names: &Names, asked: &Asked) -> DispatchLine {
    let to = plan.by_post.iter().take(POSTS_NAMED).map(|(post, count)| {
        let seat = names.post(*post);
        (seat.seat, *count, seat.people)
    });
    DispatchLine {
        count: plan.leads.len(),
        to: to.collect(),
        more_posts: plan.by_post.len().saturating_sub(POSTS_NAMED),
        without: plan.without,
        hidden: asked.hidden(),
    }
}

async fn sent(ctx: &Ctx, read: &Read, asked: &Asked) -> Result<Option<Sent>, WebError> {
    let (Some(batch), Some(post)) = (asked.sent, ctx.actor.post) else { return Ok(None) };
    let found = repo::batch(read.connection(), post, batch).await?;
    Ok(found.map(|(count, at)| Sent {
        count,
        when: show::when(at, ctx.now),
        undo: format!("/leads/dispatch/{batch}/undo"),
    }))
}

/// The gravest reasons of a lead, in one line. Those that their sources give no longer come last and say so; the gravest
/// of them is named however much else there is, since whoever reads the line has to know what the lead was opened for.
fn reasons(ctx: &Ctx, detail: &LeadDetail) -> String {
    let mut reasons: Vec<_> = detail.explanation.reasons.iter().collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.points));
    let named = reasons.iter().take(REASONS_NAMED).map(|reason| reason.label.says(ctx.language).to_owned());
    let mut named: Vec<String> = named.collect();
    let mut retired: Vec<_> = detail.explanation.retired.iter().collect();
    retired.sort_by_key(|one| std::cmp::Reverse(one.reason.points));
    let left = REASONS_NAMED.saturating_sub(named.len()).max(1);
    named.extend(retired.into_iter().take(left).map(|one| {
        Texts(ctx.language).lead_reason_gone(one.reason.label.says(ctx.language), why::since(ctx, one))
    }));
    named.join(ctx.language.choose("、", ", "))
}

/// What leads were opened for: what a list of any matters says of them.
pub(crate) fn lines<'a>(
    ctx: &'a Ctx,
    read: &'a Read,
    leads: &'a [&'a Matter],
) -> BoxFuture<'a, Result<HashMap<MatterId, String>, WebError>> {
    Box::pin(async move {
        let ids: Vec<MatterId> = leads.iter().map(|lead| lead.id).collect();
        reasons_of(ctx, read, &ids).await
    })
}

/// What the leads with these ids were opened for; none of one that says nothing.
pub(crate) async fn reasons_of(
    ctx: &Ctx,
    read: &Read,
    leads: &[MatterId],
) -> Result<HashMap<MatterId, String>, WebError> {
    let details = screening::repo::details(read.connection(), read.keys(), leads).await?;
    let said = details.iter().map(|(id, detail)| (*id, reasons(ctx, detail)));
    Ok(said.filter(|(_, line)| !line.is_empty()).collect())
}

fn row(
    ctx: &Ctx,
    matters: &Matters,
    matter: &Matter,
    detail: Option<&LeadDetail>,
    person: Option<&people::persons::Person>,
    names: &Names,
) -> Row {
    let t = Texts(ctx.language);
    let stage = matters.stage_of(matter).ok();
    let word = match matters.outcome_of(matter) {
        Some(outcome) => outcome.says(ctx.language),
        None => stage.map_or("", |stage| stage.label.says(ctx.language)),
    };
    let tone = if matter.closed_at.is_some() { Tone::Low } else { Tone::Info };
    let community = matter.area.community.and_then(|area| ctx.app.areas.get(area));
    Row {
        href: format!("/leads/{}", matter.id),
        clock: matters
            .kind_of(matter)
            .map_or_else(|_unknown| Clock::none(ctx.language), |kind| clock_of(matter, kind, ctx)),
        level: Badge::severity(matter.severity, ctx.language),
        name: matters.worded_for(&ctx.actor, matter).heading().to_owned(),
        person: person.map(|person| person_line(ctx, person.sex, person.birth_month)).unwrap_or_default(),
        reasons: detail.map(|detail| reasons(ctx, detail)).unwrap_or_default(),
        points: detail.map(|detail| detail.points),
        is_withdrawable: detail.is_some_and(|detail| detail.withdrawable_since.is_some()),
        number: matter.number.clone(),
        stage: Badge::new(tone, icon_of(stage.map_or("", |stage| stage.icon.as_str())), word),
        community: community.map_or_else(|| t.lead_no_community().to_owned(), |area| area.short_name.clone()),
        holder: names.post(matter.holder).short().to_owned(),
        changed: show::when(matter.changed_at, ctx.now),
    }
}

/// The icon of a stage: those that the workflow of leads names, else a plain one.
fn icon_of(name: &str) -> &'static str {
    ["send", "mail-opened", "home-search", "shield-check", "checks"]
        .into_iter()
        .find(|icon| *icon == name)
        .unwrap_or("circle-dot")
}

/// Sex and age in full years by the month of birth: 女 11.
pub(super) fn person_line(ctx: &Ctx, sex: Option<base::Sex>, birth_month: Option<i32>) -> String {
    let t = Texts(ctx.language);
    let sex = match sex {
        Some(base::Sex::Female) => t.lead_female(),
        Some(base::Sex::Male) => t.lead_male(),
        None => "",
    };
    let age = birth_month.map(|month| {
        let months = people::persons::birth_month(ctx.today()).saturating_sub(month);
        months.div_euclid(12).to_string()
    });
    [sex.to_owned(), age.unwrap_or_default()].join(" ").trim().to_owned()
}
