//! Today: what is in the reader's hands, the most pressing first and large, the rest by what is to be done with it.

use std::cmp::Reverse;

use askama::Template;
use axum::Extension;
use base::{MatterId, PersonId, Severity};
use matters::inbox::{Filter, Whose};
use matters::{Matter, Matters, Phase};
use people::persons::{self, Card};
use store::Read;
use web::components::Badge;
use web::{Ctx, PageResult, Shell, WebError, show as shown};

use super::Texts;
use super::child::{self, Child};
use super::door::wrong;
use super::notices;
use super::section::{Section, VISITS};
use super::seen::Seen;
use super::time::Distance;
use crate::VISIT;

/// Matters on the page at most; more than a person does in a day.
pub(crate) const SHOWN_AT_MOST: u64 = 40;

/// What is in somebody's hands.
pub(crate) struct Mine {
    /// The matters, those due first at the front.
    pub matters: Vec<Matter>,
    /// Whether there are more.
    pub has_more: bool,
}

/// The most pressing matter.
struct First {
    id: MatterId,
    href: String,
    call_href: String,
    map_href: String,
    number: String,
    base: String,
    kind: String,
    name: String,
    about: String,
    why: String,
    place: String,
    distance: Distance,
    is_urgent: bool,
    is_to_accept: bool,
    is_visit: bool,
    /// The first number that can be called, by its id.
    call: Option<String>,
}

impl First {
    /// Whether it is shown in red: urgent or late, nothing else is.
    fn is_pressing(&self) -> bool {
        self.is_urgent || self.distance.is_late()
    }

    /// The sign of alarm is for what is pressing.
    fn icon(&self) -> &'static str {
        match (self.is_visit, self.is_pressing()) {
            (true, _) => "calendar",
            (false, true) => "urgent",
            (false, false) => "home-search",
        }
    }

    fn left_percent(&self) -> u8 {
        100_u8.saturating_sub(self.distance.used_percent)
    }
}

/// A matter in a list.
struct Row {
    id: MatterId,
    href: String,
    name: String,
    about: String,
    kind: &'static str,
    badge: Badge,
    distance: Distance,
}

struct Group {
    title: &'static str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "phone/templates/today.html")]
struct TodayPage {
    shell: Shell,
    t: Texts,
    sub: String,
    first: Option<First>,
    groups: [Group; 3],
    has_more: bool,
    unread: u64,
}

impl TodayPage {
    fn is_empty(&self) -> bool {
        self.first.is_none()
    }
}

/// The page.
pub(crate) async fn show(ctx: Ctx, Extension(matters): Extension<Matters>) -> PageResult {
    let read = ctx.read().await?;
    let mine = mine(&ctx, &matters, &read).await?;
    let mut ordered: Vec<&Matter> = mine.matters.iter().collect();
    ordered.sort_by_key(|matter| (urgency(matter, &ctx), matter.clock.due));
    let first = match ordered.first() {
        Some(matter) => first(&ctx, &read, matter).await?,
        None => None,
    };
    let rest = ordered.get(usize::from(first.is_some())..).unwrap_or_default();
    let children = children(&ctx, &read, rest).await?;
    let unread = notices::unread(&ctx, &read).await?;
    drop(read);
    let t = Texts(ctx.language);
    let of = |title, part: Part| {
        let rows = rest.iter().filter(|matter| Part::of(matter, &ctx) == part);
        Group { title, rows: rows.filter_map(|matter| row(&ctx, matter, &children)).collect() }
    };
    let groups =
        [of(t.today_accept(), Part::Accept), of(t.today_do(), Part::Today), of(t.today_later(), Part::Later)];
    let day = shown::day(ctx.today(), ctx.today(), ctx.language);
    let area = ctx.area_name(ctx.actor.area.area());
    let weekday = shown::weekday(ctx.today(), ctx.language);
    let sub = t.today_sub(day, weekday, area);
    let shell = ctx.shell("/m", t.today_title()).await?;
    web::page(&TodayPage { shell, t, sub, first, groups, has_more: mine.has_more, unread })
}

/// Where a matter stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Accept,
    Today,
    Later,
}

impl Part {
    fn of(matter: &Matter, ctx: &Ctx) -> Self {
        if matter.stage == "accept" {
            Self::Accept
        } else if matter.phase() == Phase::Open
            && (matter.clock.due.day() <= ctx.today() || matter.is_soon(ctx.now))
        {
            Self::Today
        } else {
            Self::Later
        }
    }
}

/// Urgent before late before the rest; what stands comes last. A visit of a child of the gravest level is not urgent
/// before its day comes near.
fn urgency(matter: &Matter, ctx: &Ctx) -> (bool, Reverse<bool>, Reverse<bool>) {
    let is_paused = matter.phase() == Phase::Paused;
    let is_late = matter.is_late(ctx.now);
    let is_near = is_late || matter.is_soon(ctx.now) || matter.clock.due.day() <= ctx.today();
    let is_urgent = matter.severity == Severity::Urgent && (matter.kind != VISIT || is_near);
    (is_paused, Reverse(is_urgent), Reverse(is_late))
}

async fn first(ctx: &Ctx, read: &Read, matter: &Matter) -> Result<Option<First>, WebError> {
    let Some(section) = Section::of(&matter.kind) else { return Ok(None) };
    let card = match matter.subject {
        Some(person) => persons::card(read, &ctx.app.roles, &ctx.actor, person).await.ok(),
        None => None,
    };
    let card: Option<&Card> = card.as_ref();
    let child = card.map(|card| Child::of(card, read.keys(), ctx.today(), ctx.language));
    let t = Texts(ctx.language);
    let is_visit = section.kind == VISITS.kind;
    let href = section.href(matter.id);
    let area = ctx.app.areas.get(matter.area.area()).map(|area| area.short_name.clone());
    Ok(Some(First {
        id: matter.id,
        call_href: format!("{href}/call"),
        map_href: format!("{href}/map"),
        href,
        number: matter.number.clone(),
        base: Seen::of(matter).to_json(),
        kind: if is_visit {
            t.kind_visit().to_owned()
        } else {
            t.lead_of(severity_word(matter.severity, ctx.language))
        },
        name: child::heading(child.as_ref(), matter),
        about: child.as_ref().map(|child| child.about.clone()).unwrap_or_default(),
        why: matter.words.summary.clone(),
        place: area.unwrap_or_default(),
        distance: Distance::of(matter, ctx.now, ctx.language),
        is_urgent: matter.severity == Severity::Urgent,
        is_to_accept: matter.stage == "accept",
        is_visit,
        call: child.and_then(|child| {
            child.guardians.into_iter().flat_map(|one| one.numbers).next().map(|number| number.id)
        }),
    }))
}

/// A severity in one word.
fn severity_word(severity: Severity, language: texts::Language) -> &'static str {
    let words = web::Texts(language);
    match severity {
        Severity::Urgent => words.severity_urgent(),
        Severity::High => words.severity_high(),
        Severity::Medium => words.severity_medium(),
        Severity::Low => words.severity_low(),
    }
}

/// A child in a line of the list.
struct InList {
    id: PersonId,
    sex: Option<base::Sex>,
    birth_month: Option<i32>,
    /// The name that the rows give now, as lists show it.
    name: Option<String>,
}

/// Name, sex and age of the children of `matters`, as lists show them: read at once.
async fn children(ctx: &Ctx, read: &Read, matters: &[&Matter]) -> Result<Vec<InList>, WebError> {
    let ids: Vec<PersonId> = matters.iter().filter_map(|matter| matter.subject).collect();
    let all = persons::repo::by_ids(read.connection(), &ids, sea_orm::Condition::all()).await?;
    let listed = persons::listing::lines(read, &ctx.app.roles, &ctx.actor, &ids).await?;
    let named = |id: PersonId| {
        let listed = listed.iter().find(|one| one.person == id)?;
        Some(listed.name.as_str().to_owned()).filter(|name| !name.is_empty())
    };
    let child = |person: persons::Person| InList {
        id: person.id,
        sex: person.sex,
        birth_month: person.birth_month,
        name: named(person.id),
    };
    Ok(all.into_iter().map(child).collect())
}

fn row(ctx: &Ctx, matter: &Matter, children: &[InList]) -> Option<Row> {
    let section = Section::of(&matter.kind)?;
    let t = Texts(ctx.language);
    let child = children.iter().find(|child| Some(child.id) == matter.subject);
    let about = child.map(|child| child::about(child.sex, child.birth_month, ctx.today(), ctx.language));
    Some(Row {
        id: matter.id,
        href: section.href(matter.id),
        name: child.and_then(|child| child.name.clone()).unwrap_or_else(|| child::heading(None, matter)),
        about: about.unwrap_or_default(),
        kind: if section.kind == VISITS.kind { t.kind_visit() } else { t.kind_lead() },
        badge: Badge::severity(matter.severity, ctx.language),
        distance: Distance::of(matter, ctx.now, ctx.language),
    })
}

/// What the reader's post holds of leads and visits, those due first at the front.
pub(crate) async fn mine(ctx: &Ctx, matters: &Matters, read: &Read) -> Result<Mine, WebError> {
    let filter = Filter {
        whose: Whose::Mine,
        kinds: Section::kinds().map(str::to_owned).collect(),
        holder: ctx.actor.post,
        ..Filter::default()
    };
    let page = matters.inbox(read, &ctx.actor, &filter, ctx.now, None, SHOWN_AT_MOST).await.map_err(wrong)?;
    let has_more = page.next.is_some();
    Ok(Mine { matters: page.rows.into_iter().map(|row| row.matter).collect(), has_more })
}
