//! `/files`: the files that the reader sees, by the moment at which the next visit is due.

use std::collections::HashMap;

use askama::Template;
use base::{AreaId, AreaLevel, FileId, MatterId, PersonId, PostId, Severity};
use futures::future::BoxFuture;
use matters::Matter;
use matters::panel::{Names, Wanted};
use serde::Deserialize;
use store::{Read, journal};
use uuid::Uuid;
use web::components::{Badge, Clock, EmptyState, Pager, Tone};
use web::{Choice, Ctx, PageResult, Query, Shell, WebError, show};

use super::model::{CATEGORIES, ChildFile, FileState, GROUPS};
use super::repo::{self, Cursor, Filter, SOON_DAYS, Visits};
use super::{Texts, words};

/// Rows of a page.
const ROWS: u64 = 50;
/// Letters of a word of an address at most.
const LETTERS_AT_MOST: usize = 40;

/// What the address asks for. A word that is not known is passed over: an old address still opens.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct Asked {
    state: Option<String>,
    level: Option<String>,
    category: Option<String>,
    area: Option<String>,
    visit: Option<String>,
    holder: Option<String>,
    after: Option<String>,
}

impl Asked {
    fn filter(&self, ctx: &Ctx) -> Filter {
        let area = self.area.as_deref().and_then(|text| text.parse().ok()).map(AreaId);
        let is_word = |text: &&str| {
            !text.is_empty()
                && text.len() <= LETTERS_AT_MOST
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        };
        Filter {
            state: self.state.as_deref().and_then(FileState::from_word).unwrap_or_default(),
            within: area.and_then(|area| ctx.app.areas.path_of(area)),
            level: self.level.as_deref().and_then(Severity::from_key),
            category: self.category.as_deref().filter(is_word).map(str::to_owned),
            visits: self.visit.as_deref().and_then(Visits::from_word),
            holder: self.holder.as_deref().and_then(|text| Uuid::try_parse(text).ok()).map(PostId),
            opened: None,
        }
    }
}

impl Filter {
    /// The address of the list of what this filter counts.
    pub fn href(&self) -> String {
        self.href_behind(None)
    }

    fn href_behind(&self, after: Option<Cursor>) -> String {
        let pairs = [
            ("state", (self.state != FileState::default()).then(|| self.state.word().to_owned())),
            ("level", self.level.map(|level| level.key().to_owned())),
            ("category", self.category.clone()),
            ("area", self.within.map(|area| area.area().0.to_string())),
            ("visit", self.visits.map(|visits| visits.word().to_owned())),
            ("holder", self.holder.map(|post| post.to_string())),
            ("after", after.map(|after| after.to_string())),
        ];
        let pairs = pairs.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value?)));
        let query: Vec<String> = pairs.collect();
        if query.is_empty() { "/files".to_owned() } else { format!("/files?{}", query.join("&")) }
    }
}

#[derive(Template)]
#[template(path = "files/templates/list.html")]
struct ListPage {
    shell: Shell,
    t: Texts,
    total: u64,
    chosen: Filter,
    levels: Vec<Choice>,
    categories: Vec<Choice>,
    areas: Vec<Choice>,
    visits: Vec<Choice>,
    states: Vec<Choice>,
    /// Whose visits alone are shown, where a link asked for that.
    holder: Option<Choice>,
    rows: Vec<Row>,
    pager: Pager,
    empty: EmptyState,
}

impl ListPage {
    fn is_level(&self, value: &str) -> bool {
        self.chosen.level.is_some_and(|level| level.key() == value)
    }

    fn is_category(&self, value: &str) -> bool {
        self.chosen.category.as_deref() == Some(value)
    }

    fn is_area(&self, value: &str) -> bool {
        self.chosen.within.is_some_and(|area| area.area().0.to_string() == value)
    }

    fn is_visit(&self, value: &str) -> bool {
        self.chosen.visits.is_some_and(|visits| visits.word() == value)
    }

    fn is_state(&self, value: &str) -> bool {
        self.chosen.state.word() == value
    }
}

struct Row {
    href: String,
    clock: Option<Clock>,
    closed: String,
    name: String,
    about: String,
    level: Badge,
    categories: String,
    area: String,
    holder: String,
    visited: String,
    opened: String,
}

/// The list.
pub(super) async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> PageResult {
    let filter = asked.filter(&ctx);
    let after = asked.after.as_deref().and_then(Cursor::read);
    let page = build(&ctx, filter, after).await?;
    web::page(&page)
}

async fn build(ctx: &Ctx, filter: Filter, after: Option<Cursor>) -> Result<ListPage, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let scope = ctx.app.roles.scope(&ctx.actor, access::READ, "file");
    let connection = read.connection();
    let total = repo::count(connection, &scope, &filter, ctx.now).await?;
    let mut files = repo::list(connection, &scope, &filter, ctx.now, after, ROWS + 1).await?;
    let more = files.len() > usize::try_from(ROWS).unwrap_or(usize::MAX);
    if more {
        files.pop();
    }
    let next = files.last().filter(|_| more).map(|last| Cursor { due: last.visit_due_at, id: last.id });
    let shown = Shown::read(ctx, &read, &files, filter.holder).await?;
    drop(read);
    let rows: Vec<Row> = files.iter().map(|file| shown.row(ctx, t, file)).collect();
    let first = after.map(|_| filter.href());
    let next = next.map(|next| filter.href_behind(Some(next)));
    let shell = ctx.shell("/files", t.list_title()).await?.as_of(ctx.now).note(t.list_foot());
    Ok(ListPage {
        shell,
        t,
        total,
        levels: levels(ctx),
        categories: categories(ctx),
        areas: areas(ctx),
        visits: Visits::ALL.iter().map(|one| Choice::new(one.word(), visit_says(t, *one))).collect(),
        states: vec![
            Choice::new(FileState::Open.word(), t.list_state_open()),
            Choice::new(FileState::Closed.word(), t.list_state_closed()),
        ],
        holder: filter.holder.map(|post| Choice::new(post.to_string(), shown.names.post(post).short())),
        pager: Pager::new(rows.len(), total, first, next, ctx.language),
        rows,
        chosen: filter,
        empty: EmptyState {
            icon: "folder-open",
            title: t.list_empty().to_owned(),
            detail: t.list_empty_next().to_owned(),
            link: None,
        },
    })
}

/// What the rows of a page need beside the files.
struct Shown {
    lines: HashMap<PersonId, words::Line>,
    categories: HashMap<FileId, Vec<String>>,
    /// Children of whom the level is that of a case that has ended, and nobody has set it since.
    graded_then: Vec<PersonId>,
    names: Names,
}

impl Shown {
    async fn read(
        ctx: &Ctx,
        read: &Read,
        files: &[ChildFile],
        holder: Option<PostId>,
    ) -> Result<Self, WebError> {
        let persons: Vec<PersonId> = files.iter().map(|file| file.person).collect();
        let posts: Vec<PostId> = files.iter().filter_map(|file| file.holder).chain(holder).collect();
        let ids: Vec<FileId> = files.iter().map(|file| file.id).collect();
        let wanted = Wanted { posts, ..Wanted::default() };
        let names = Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await;
        Ok(Self {
            lines: words::lines(ctx, read, &persons).await?,
            categories: repo::present_categories(read.connection(), &ids).await?,
            graded_then: graded_then(read, &persons).await?,
            names: names.map_err(crate::files::fault::shown)?,
        })
    }

    fn row(&self, ctx: &Ctx, t: Texts, file: &ChildFile) -> Row {
        let line = self.lines.get(&file.person).cloned().unwrap_or_default();
        let categories = self.categories.get(&file.id).map_or(&[][..], Vec::as_slice);
        let categories: Vec<String> = categories.iter().map(|word| words::category(ctx, word)).collect();
        let began = file.visited_at.unwrap_or(file.opened_at);
        Row {
            href: format!("/files/{}", file.person),
            clock: (file.state == FileState::Open && file.visit.is_some())
                .then(|| Clock::new(began, file.visit_due_at, ctx.now, ctx.language)),
            // An open file without a visit is that of somebody who is a child no longer.
            closed: file.closed_at.map_or_else(
                || t.list_adult().to_owned(),
                |at| format!("{} {}", t.list_state_closed(), show::short_day(at.day(), ctx.today())),
            ),
            name: line.name,
            about: line.about,
            level: self.level(ctx, t, file),
            categories: words::joined(ctx, &categories),
            area: ctx.area_name(file.area.area()).to_owned(),
            holder: file.holder.map(|post| self.names.post(post).short().to_owned()).unwrap_or_default(),
            visited: file
                .visited_at
                .map_or_else(|| t.list_never().to_owned(), |at| show::short_day(at.day(), ctx.today())),
            opened: show::short_day(file.opened_at.day(), ctx.today()),
        }
    }
}

impl Shown {
    /// The level as a mark: red and orange are for what goes on, as on the page of the file.
    fn level(&self, ctx: &Ctx, t: Texts, file: &ChildFile) -> Badge {
        let present = Badge::severity(file.level, ctx.language);
        let is_past = file.state == FileState::Closed || self.graded_then.contains(&file.person);
        if is_past && file.level > Severity::Low {
            return Badge::new(Tone::Low, "history", t.level_then(present.word));
        }
        present
    }
}

/// Gradings of the children of a page that are looked at, the latest first.
const GRADINGS_LOOKED_AT: u64 = 500;

/// Of these children those whose level was last set before their case ended.
async fn graded_then(read: &Read, persons: &[PersonId]) -> Result<Vec<PersonId>, WebError> {
    let mut over = repo::cases_over(read.connection(), persons).await?;
    if over.is_empty() {
        return Ok(Vec::new());
    }
    let filter = journal::Filter {
        subjects: over.keys().copied().collect(),
        kinds: vec!["minors.file_regraded".to_owned()],
        ..journal::Filter::default()
    };
    let gradings = journal::list(read, &filter, None, GRADINGS_LOOKED_AT).await?;
    over.retain(|person, ended| {
        let mut theirs = gradings.iter().filter(|one| one.matter.is_none() && one.subject == Some(*person));
        !theirs.any(|one| one.at >= *ended)
    });
    Ok(over.into_keys().collect())
}

/// The categories of the children whom cases and visits are about: what a list of any matters says of them.
pub(crate) fn lines<'a>(
    ctx: &'a Ctx,
    read: &'a Read,
    about: &'a [&'a Matter],
) -> BoxFuture<'a, Result<HashMap<MatterId, String>, WebError>> {
    Box::pin(async move {
        let scope = ctx.app.roles.scope(&ctx.actor, access::READ, "file");
        let children: Vec<PersonId> = about.iter().filter_map(|matter| matter.subject).collect();
        let categories = repo::categories_of(read.connection(), &scope, &children).await?;
        let said = about.iter().filter_map(|matter| {
            let named = categories.get(&matter.subject?)?.iter().map(|word| words::category(ctx, word));
            Some((matter.id, words::joined(ctx, &named.collect::<Vec<_>>())))
        });
        Ok(said.collect())
    })
}

fn visit_says(t: Texts, visits: Visits) -> String {
    match visits {
        Visits::Late => t.visit_late().to_owned(),
        Visits::Soon => t.visit_soon(SOON_DAYS),
    }
}

fn levels(ctx: &Ctx) -> Vec<Choice> {
    let levels = Severity::ALL.iter();
    levels.map(|level| Choice::new(level.key(), Badge::severity(*level, ctx.language).word)).collect()
}

/// Every category that a file may be in.
pub(super) fn categories(ctx: &Ctx) -> Vec<Choice> {
    let Some(dictionary) = words::dictionary(ctx) else { return Vec::new() };
    let mut all: Vec<Choice> = Vec::new();
    for word in
        [GROUPS, CATEGORIES].iter().filter_map(|key| dictionary.list(key)).flat_map(|list| &list.words)
    {
        if all.iter().all(|known| known.value != word.key) {
            all.push(Choice::new(word.key.as_str(), words::category(ctx, &word.key)));
        }
    }
    all
}

/// The areas below the reader's own; of a community none.
fn areas(ctx: &Ctx) -> Vec<Choice> {
    if ctx.actor.area.level() == AreaLevel::Community {
        return Vec::new();
    }
    let children = ctx.app.areas.children(ctx.actor.area.area());
    children.map(|area| Choice::new(area.id.0.to_string(), area.short_name.clone())).collect()
}
