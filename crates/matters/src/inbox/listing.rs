//! A list of matters as a table: what every list of matters in the product looks like, whatever program it is of.

use std::collections::{HashMap, HashSet};

use access::Masked;
use askama::Template;
use base::{MatterId, PersonId, Severity, Sex};
use people::persons::listing::{self, Listed};
use store::Read;
use web::components::{Badge, Clock, Pager, Place};
use web::{Choice, Ctx, Tokens, WebError, Worded as _};

use super::{Count, Filter, HeldBy, InboxRow, Standing, Texts, Whose};
use crate::panel::{Names, Wanted, clock_of};
use crate::{Matter, MatterError, Matters, TaskKind};

/// Rows on one page of a desk.
pub(super) const ROWS: u64 = 50;

/// A list of matters with its filters. Prints itself.
#[derive(Template)]
#[template(path = "inbox/templates/listing.html")]
pub struct Listing {
    pub(super) t: Texts,
    pub(super) base: String,
    pub(super) filter: Filter,
    pub(super) kinds: Vec<Choice>,
    pub(super) areas: Vec<Choice>,
    /// Stages that can be chosen between.
    pub(super) stages: Vec<Choice>,
    /// Holders that can be chosen between.
    pub(super) holders: Vec<Choice>,
    /// What was searched for, and what came of it.
    pub(super) search: Option<Searched>,
    pub(super) tokens: Tokens,
    /// Whether names can be searched for, or only numbers of matters.
    pub(super) finds_people: bool,
    /// How the matters of the filter stand, whichever of them are listed.
    pub(super) count: Count,
    /// The rows.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub total: u64,
    pub(super) pager: Pager,
    /// Dispatching many at once, where there is something to dispatch.
    pub(super) bulk: Option<Bulk>,
}

impl askama::filters::HtmlSafe for Listing {}

/// A matter as a row.
pub struct Row {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) clock: Clock,
    pub(super) severity: Badge,
    pub(super) person: Option<(Masked, String)>,
    pub(super) title: String,
    pub(super) number: String,
    pub(super) kind: String,
    pub(super) stage: String,
    pub(super) stage_icon: String,
    pub(super) area: String,
    pub(super) holder: String,
    pub(super) changed: String,
    pub(super) is_supervised: bool,
    /// Whether the reader was told of it at once, as of a danger.
    pub(super) is_alert: bool,
    pub(super) can_dispatch: bool,
}

impl Row {
    /// Whether the line of words says more than the name and the number that stand in the row anyway.
    fn says_more(&self) -> bool {
        let is_name = self.person.as_ref().is_some_and(|(name, _)| name.as_str() == self.title);
        !is_name && self.title != self.number
    }
}

/// Dispatching many at once: it sends the filter, not the ids.
pub(super) struct Bulk {
    pub tokens: Tokens,
    pub query: String,
    pub count: u64,
    pub label: String,
}

/// A search as the list tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    /// What was typed.
    pub text: String,
    /// Persons who were found.
    pub persons: usize,
    /// Whether there may be more of them.
    pub is_cut: bool,
}

/// What is asked of [`Listing::read`].
pub struct Ask<'a> {
    /// The page: `/inbox`.
    pub base: &'a str,
    /// Which matters.
    pub filter: Filter,
    /// Which page of it, from 1 on.
    pub page: u64,
    /// Kinds that can be chosen between; none where the page has one kind only.
    pub chooses_kind: bool,
    /// Whether leads that wait can be dispatched from the list.
    pub dispatches: bool,
    /// The search that the filter's [`Filter::sought`] comes from.
    pub search: Option<Searched>,
}

impl<'a> Ask<'a> {
    /// What the address of a page says, of matters that stand like `filter` unless it says otherwise.
    pub fn of(ctx: &Ctx, base: &'a str) -> Self {
        let query = ctx.address().split_once('?').map(|(_, query)| query).unwrap_or_default();
        let page = query.split('&').find_map(|pair| pair.strip_prefix("page="));
        Self {
            base,
            filter: Filter::of_query(query, &ctx.app.areas),
            page: page.and_then(|page| page.parse().ok()).unwrap_or(1),
            chooses_kind: false,
            dispatches: false,
            search: None,
        }
    }
}

impl Listing {
    /// Reads a page of the list.
    pub async fn read(ctx: &Ctx, read: &Read, matters: &Matters, ask: Ask<'_>) -> Result<Self, WebError> {
        let Ask { base, filter, page, chooses_kind, dispatches, search } = ask;
        let count = matters.counts(read, &ctx.actor, &filter, ctx.now).await?.all();
        let total = count.of(filter.standing);
        // A page that is there no longer, since the list became shorter, is its last one.
        let page = page.clamp(1, total.div_ceil(ROWS).max(1));
        let mut listed =
            matters.inbox_from(read, &ctx.actor, &filter, ctx.now, (page - 1) * ROWS, ROWS).await?;
        let alerted = matters.alerted(read, &ctx.actor).await?;
        let is_alert: HashSet<MatterId> = alerted.iter().map(|row| row.matter.id).collect();
        if let Some(whose) = pinned(&filter) {
            // A danger stands first, however much else is due sooner.
            listed.retain(|row| !is_alert.contains(&row.matter.id));
            let theirs = |row: &InboxRow| whose == Whose::Area || row.task.is_some();
            let first = alerted.into_iter().filter(|row| page == 1 && theirs(row));
            listed.splice(0..0, first);
        }
        let shown: Vec<Matter> =
            listed.iter().map(|row| matters.worded_for(&ctx.actor, &row.matter)).collect();
        let found: Vec<&Matter> = shown.iter().collect();
        let mut wanted = Wanted::default();
        wanted.posts.extend(found.iter().map(|matter| matter.holder));
        let names = Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
        let people = people_of(ctx, read, &found).await?;
        let lines = matters.lines(ctx, read, &found).await?;
        let around = Around { names: &names, people: &people, lines: &lines, dispatches };
        let rows = shown.iter().zip(&listed);
        let rows = rows.map(|(matter, row)| {
            let row = one_row(ctx, matters, matter, row.task, &around)?;
            Ok(Row { is_alert: is_alert.contains(&matter.id), ..row })
        });
        let rows: Vec<Row> = rows.collect::<Result<_, MatterError>>()?;
        let query = filter.query();
        let place = Place { page, rows_per_page: ROWS, total };
        let pager = Pager::numbered(place, |page| address(base, &query, page), ctx.language);
        // A list that was found stands in no address, by which all of it could be dispatched.
        let dispatches = dispatches && search.is_none();
        let bulk = if dispatches && rows.iter().any(|row| row.can_dispatch) {
            bulk(ctx, read, matters, &filter).await?
        } else {
            None
        };
        Ok(Self {
            t: Texts(ctx.language),
            base: base.to_owned(),
            kinds: if chooses_kind { kinds(ctx, matters) } else { Vec::new() },
            areas: areas(ctx),
            stages: stages(ctx, matters, &filter, chooses_kind),
            holders: holders(ctx, read, matters, &filter).await?,
            search,
            tokens: ctx.tokens(),
            finds_people: ctx.may("read", "person"),
            count,
            pager,
            filter,
            rows,
            total,
            bulk,
        })
    }

    /// Where the list is without what was searched for.
    fn unsought_href(&self) -> String {
        address(&self.base, &self.filter.query(), 1)
    }

    /// What a search carries along unseen: the whole filter but a number that was searched for before.
    fn kept_by_search(&self) -> Vec<(String, String)> {
        self.carried(&["number"])
    }

    /// What the form of filters carries along unseen: all that it does not let one choose.
    fn kept_by_filter(&self) -> Vec<(String, String)> {
        self.carried(&["whose", "standing", "severity", "kind", "stage", "within", "holder"])
    }

    fn carried(&self, but: &[&str]) -> Vec<(String, String)> {
        let query = self.filter.query();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let pairs = pairs.filter(|(key, _)| !but.contains(key));
        pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    fn is_holder(&self, value: &str) -> bool {
        let held = self.filter.held_by.map(|held| held.word().to_owned());
        held.or(self.filter.holder.map(|post| post.0.to_string())).is_some_and(|own| own == value)
    }

    /// The order in which the rows stand, in words.
    fn order(&self) -> &'static str {
        match self.filter.standing {
            Standing::Closed => self.t.order_closed(),
            Standing::Any => self.t.order_opened(),
            _ if pinned(&self.filter).is_some() => self.t.order_due_danger(),
            _ => self.t.order_due(),
        }
    }

    fn standings(&self) -> [(Standing, &'static str); 6] {
        let t = self.t;
        [
            (Standing::Open, t.standing_open()),
            (Standing::Late, t.standing_late()),
            (Standing::Soon, t.standing_soon()),
            (Standing::Paused, t.standing_paused()),
            (Standing::Closed, t.standing_closed()),
            (Standing::Any, t.standing_any()),
        ]
    }

    fn severities(&self) -> Vec<Choice> {
        let choices = [Severity::Urgent, Severity::High, Severity::Medium, Severity::Low].into_iter();
        choices.map(|one| Choice::new(one.key(), Badge::severity(one, self.t.0).word)).collect()
    }

    fn is_severity(&self, key: &str) -> bool {
        self.filter.severities.iter().any(|one| one.key() == key)
    }

    fn is_kind(&self, key: &str) -> bool {
        self.filter.kinds.iter().any(|one| one == key)
    }

    fn is_stage(&self, key: &str) -> bool {
        self.filter.stages.iter().any(|one| one == key)
    }

    fn is_area(&self, id: &str) -> bool {
        self.filter.within.is_some_and(|area| area.area().0.to_string() == id)
    }

    /// Whether the list is empty because nothing is there, not because of what was filtered for.
    fn is_unfiltered(&self) -> bool {
        let kinds = if self.kinds.is_empty() { self.filter.kinds.clone() } else { Vec::new() };
        self.filter == Filter { whose: self.filter.whose, kinds, ..Filter::default() }
    }

    /// What stands in the field of the search.
    fn sought(&self) -> &str {
        let number = self.filter.number.as_deref().unwrap_or_default();
        self.search.as_ref().map_or(number, |search| search.text.as_str())
    }

    /// Whether it lists everything that is open of the reader's own.
    pub(super) fn is_all_of_mine(&self) -> bool {
        self.filter == Filter::default()
    }

    /// Whether it lists what is open, however near its end.
    pub(super) fn is_open(&self) -> bool {
        self.filter.standing == Standing::Open
    }

    fn is_mine(&self) -> bool {
        self.filter.whose == Whose::Mine
    }
}

/// Whose matters a list is of in which dangers stand first: one that is ordered by what is due and narrowed by nothing.
fn pinned(filter: &Filter) -> Option<Whose> {
    let whose = filter.whose;
    let is_plain = *filter == Filter { whose, ..Filter::default() };
    (is_plain && matches!(whose, Whose::Mine | Whose::Area)).then_some(whose)
}

/// The address of a page of a list.
pub(super) fn address(base: &str, query: &str, page: u64) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(Some(query.to_owned()).filter(|query| !query.is_empty()));
    parts.extend(Some(page).filter(|page| *page > 1).map(|page| format!("page={page}")));
    if parts.is_empty() { base.to_owned() } else { format!("{base}?{}", parts.join("&")) }
}

/// The persons of these matters as lines of lists, as far as the actor may see persons at all.
async fn people_of(ctx: &Ctx, read: &Read, found: &[&Matter]) -> Result<HashMap<PersonId, Listed>, WebError> {
    let mut ids: Vec<PersonId> = found.iter().filter_map(|matter| matter.subject).collect();
    ids.sort_unstable();
    ids.dedup();
    let listed = listing::lines(read, &ctx.app.roles, &ctx.actor, &ids).await?;
    Ok(listed.into_iter().map(|one| (one.person, one)).collect())
}

/// Sex and age: 女 11.
pub(super) fn sex_and_age(ctx: &Ctx, listed: &Listed) -> String {
    let t = Texts(ctx.language);
    let sex = match listed.sex {
        Some(Sex::Female) => t.sex_female(),
        Some(Sex::Male) => t.sex_male(),
        None => "",
    };
    let today = ctx.today();
    let months = people::persons::birth_month(today);
    let age = listed.birth_month.map(|born| ((months - born) / 12).to_string()).unwrap_or_default();
    format!("{sex} {age}").trim().to_owned()
}

/// What the rows of a page need beside the matters.
struct Around<'a> {
    names: &'a Names,
    people: &'a HashMap<PersonId, Listed>,
    /// What each is about.
    lines: &'a HashMap<MatterId, String>,
    dispatches: bool,
}

fn one_row(
    ctx: &Ctx,
    matters: &Matters,
    matter: &Matter,
    task: Option<TaskKind>,
    around: &Around<'_>,
) -> Result<Row, MatterError> {
    let Around { names, people, lines, dispatches } = *around;
    let (kind, stage) = (matters.kind_of(matter)?, matters.stage_of(matter)?);
    let outcome = matters.outcome_of(matter).map(|outcome| outcome.says(ctx.language).to_owned());
    let person = matter.subject.and_then(|subject| people.get(&subject));
    Ok(Row {
        id: matter.id.to_string(),
        href: matters.path_for(ctx, matter),
        clock: clock_of(matter, kind, ctx),
        severity: Badge::severity(matter.severity, ctx.language),
        person: person.map(|one| (one.name.clone(), sex_and_age(ctx, one))),
        title: lines.get(&matter.id).map_or_else(|| matter.heading(), String::as_str).to_owned(),
        number: matter.number.clone(),
        kind: kind.label.says(ctx.language).to_owned(),
        stage: outcome.unwrap_or_else(|| stage.label.says(ctx.language).to_owned()),
        stage_icon: stage.icon.clone(),
        area: ctx.area_name(matter.area.area()).to_owned(),
        holder: names.post(matter.holder).short().to_owned(),
        changed: web::show::when(matter.changed_at, ctx.now),
        is_supervised: task == Some(TaskKind::Supervise),
        is_alert: false,
        can_dispatch: dispatches && matter.closed_at.is_none() && stage.actions.contains_key(DISPATCH),
    })
}

/// The action of the workflow that hands a matter to whoever is near.
pub(super) const DISPATCH: &str = "dispatch";

fn kinds(ctx: &Ctx, matters: &Matters) -> Vec<Choice> {
    let kinds = matters.programs().all().flat_map(|program| program.workflow.kinds());
    let readable = kinds.filter(|kind| ctx.may("read", &kind.key));
    readable.map(|kind| Choice::new(&kind.key, kind.label.says(ctx.language))).collect()
}

/// The stages of the kinds that the list is of, each key once; of a list of several kinds those of the kind that was chosen,
/// since one key means different things in different kinds.
fn stages(ctx: &Ctx, matters: &Matters, filter: &Filter, chooses_kind: bool) -> Vec<Choice> {
    if chooses_kind && filter.kinds.len() != 1 {
        return Vec::new();
    }
    let kinds = matters.programs().all().flat_map(|program| program.workflow.kinds());
    let kinds = kinds.filter(|kind| filter.kinds.contains(&kind.key) && ctx.may("read", &kind.key));
    let is_past = filter.standing == Standing::Closed;
    let stages = kinds.flat_map(|kind| kind.stages.values()).filter(|stage| !is_past && !stage.ends());
    stages.map(|stage| Choice::new(&stage.key, stage.label.says(ctx.language))).collect()
}

/// Posts that stand in the choice of holders, those with the most in hand first.
const HOLDERS_AT_MOST: usize = 60;

/// By whom what is listed can be held: the reader's post, their office, and each post that holds some of it. Of one's own
/// list there is nothing to choose.
async fn holders(
    ctx: &Ctx,
    read: &Read,
    matters: &Matters,
    filter: &Filter,
) -> Result<Vec<Choice>, WebError> {
    let t = Texts(ctx.language);
    let is_chosen = filter.holder.is_some() || filter.held_by.is_some();
    if filter.whose == Whose::Mine && !is_chosen {
        return Ok(Vec::new());
    }
    let any = Filter { holder: None, held_by: None, sought: None, ..filter.clone() };
    let mut counts = matters.counts_by_holder(read, &ctx.actor, &any, ctx.now).await?;
    counts.retain(|(post, count)| count.of(filter.standing) > 0 || filter.holder == Some(*post));
    counts.sort_by_key(|(post, count)| {
        (filter.holder != Some(*post), std::cmp::Reverse(count.of(filter.standing)), post.0)
    });
    counts.truncate(HOLDERS_AT_MOST);
    let mut posts: Vec<_> = counts.iter().map(|(post, _)| *post).collect();
    // One that holds nothing now is named all the same where the address asks for it.
    posts.extend(filter.holder.filter(|post| !posts.contains(post)));
    let wanted = Wanted { posts: posts.clone(), ..Wanted::default() };
    let names = Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
    let figure =
        |post| counts.iter().find(|(own, _)| *own == post).map_or(0, |(_, one)| one.of(filter.standing));
    let own = [(HeldBy::Me, t.held_by_me()), (HeldBy::Office, t.held_by_office())];
    let own = own.into_iter().map(|(held, label)| Choice::new(held.word(), label));
    let posts = posts.into_iter().map(|post| {
        let line = names.post(post).line(ctx.language);
        Choice::new(post.0.to_string(), t.held_by(line, web::show::number(figure(post))))
    });
    Ok(own.chain(posts).collect())
}

/// The areas one level below the actor's own.
fn areas(ctx: &Ctx) -> Vec<Choice> {
    let below = ctx.app.areas.children(ctx.actor.area.area());
    below.map(|area| Choice::new(area.id.0.to_string(), area.short_name.clone())).collect()
}

/// Which of the list can be dispatched at once: those of its filter that wait for it.
async fn bulk(ctx: &Ctx, read: &Read, matters: &Matters, filter: &Filter) -> Result<Option<Bulk>, WebError> {
    let waiting = waiting(matters, filter);
    let count = matters.counts(read, &ctx.actor, &waiting, ctx.now).await?.all().of(waiting.standing);
    let label = matters.programs().all().find_map(|program| {
        let mut stages = program.workflow.kinds().flat_map(|kind| kind.stages.values());
        stages.find_map(|stage| stage.actions.get(DISPATCH)).map(|action| action.label.clone())
    });
    Ok(label.filter(|_| count > 0).map(|label| Bulk {
        tokens: ctx.tokens(),
        query: waiting.query(),
        count,
        label: label.says(ctx.language).to_owned(),
    }))
}

/// `filter`, narrowed to the stages from which something can be dispatched.
pub(super) fn waiting(matters: &Matters, filter: &Filter) -> Filter {
    let programs = matters.programs().all().flat_map(|program| program.workflow.kinds());
    let mut waiting = Filter { kinds: Vec::new(), stages: Vec::new(), ..filter.clone() };
    for kind in programs {
        for stage in kind.stages.values().filter(|stage| stage.actions.contains_key(DISPATCH)) {
            waiting.kinds.push(kind.key.clone());
            waiting.stages.push(stage.key.clone());
        }
    }
    if waiting.standing == Standing::Closed {
        waiting.standing = Standing::Open;
    }
    waiting
}
