//! `/command/people`: the persons that the second figure of the funnel counts, filtered by what a line shows, and found by
//! name or number.

use askama::Template;
use axum::Extension;
use base::{AreaPath, PersonId, Sex};
use people::People;
use people::persons::listing::{self, Filter, Place};
use people::persons::{self, sex_word};
use serde::Deserialize;
use uuid::Uuid;
use web::components::{EmptyState, Pager};
use web::{Choice, Ctx, Form, FromForm, PageResult, Query, Reader, Shell, WebError};

use super::Texts;
use super::headcount::Headcounts;
use super::pages::area_wanted;

/// Persons on a page.
const ROWS: u64 = 50;
/// Characters of a search.
const TEXT_AT_MOST: usize = 64;
/// Characters of a number that are searched for, at least.
const NUMBER_AT_LEAST: usize = 4;
/// Years of birth that are asked for.
const YEARS: std::ops::RangeInclusive<i32> = 1880..=2200;

#[derive(Template)]
#[template(path = "command/templates/people.html")]
struct PeoplePage {
    shell: Shell,
    t: Texts,
    chosen: Filter,
    /// The list without filters.
    base: String,
    areas: Vec<Choice>,
    sexes: Vec<Choice>,
    /// What was searched for, and what came of it.
    sought: Option<(String, String)>,
    rows: Vec<PersonRow>,
    pager: Option<Pager>,
    empty: EmptyState,
}

impl PeoplePage {
    fn is_area(&self, value: &str) -> bool {
        self.chosen.within.is_some_and(|area| area.area().0.to_string() == value)
    }

    fn is_sex(&self, value: &str) -> bool {
        self.chosen.sex.is_some_and(|sex| sex_word(sex) == value)
    }

    fn year(&self) -> String {
        self.chosen.year.map(|year| year.to_string()).unwrap_or_default()
    }

    fn text(&self) -> &str {
        self.sought.as_ref().map_or("", |(text, _)| text)
    }

    /// What the form of the search carries along unseen.
    fn carried(&self) -> Vec<(&'static str, String)> {
        fields(&self.chosen)
    }
}

struct PersonRow {
    name: String,
    sex: &'static str,
    year: String,
    place: String,
}

/// Which page of which persons. What the address does not say well is passed over: an old address still opens.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    within: Option<i32>,
    sex: Option<String>,
    year: Option<String>,
    after: Option<Uuid>,
    before: Option<Uuid>,
}

impl Wanted {
    fn filter(&self, ctx: &Ctx) -> Result<Filter, WebError> {
        let year = self.year.as_deref().and_then(|year| year.trim().parse().ok());
        Ok(Filter {
            within: Some(area_wanted(ctx, self.within)?),
            sex: self.sex.as_deref().and_then(sex_of),
            year: year.filter(|year| YEARS.contains(year)),
        })
    }

    fn place(&self) -> Place {
        match (self.after, self.before) {
            (Some(last), _) => Place::After(PersonId(last)),
            (None, Some(first)) => Place::Before(PersonId(first)),
            (None, None) => Place::First,
        }
    }
}

fn sex_of(word: &str) -> Option<Sex> {
    [Sex::Male, Sex::Female].into_iter().find(|sex| sex_word(*sex) == word)
}

/// A filter as the fields of an address or a form.
fn fields(filter: &Filter) -> Vec<(&'static str, String)> {
    [
        ("within", filter.within.map(|area| area.area().0.to_string())),
        ("sex", filter.sex.map(|sex| sex_word(sex).to_owned())),
        ("year", filter.year.map(|year| year.to_string())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

/// The address of the list of a filter.
fn address(filter: &Filter) -> String {
    let pairs: Vec<String> = fields(filter).iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("/command/people?{}", pairs.join("&"))
}

/// A page of the list. Names are masked whoever reads: a list is no file.
pub async fn show(
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
    Extension(headcounts): Extension<Headcounts>,
) -> PageResult {
    let filter = wanted.filter(&ctx)?;
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let (roles, actor) = (&ctx.app.roles, &ctx.actor);
    let total = headcounts.of(&ctx, &read, &filter).await?;
    let full = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let mut place = wanted.place();
    let mut persons = listing::list(&read, roles, actor, &filter, place, ROWS + 1).await?;
    if matches!(place, Place::Before(_)) && persons.len() <= full {
        // The way back has come to the beginning: a whole page, not what is left of one.
        place = Place::First;
        persons = listing::list(&read, roles, actor, &filter, place, ROWS + 1).await?;
    }
    drop(read);
    let has_more = persons.len() > full;
    match place {
        Place::Before(_) if has_more => drop(persons.remove(0)),
        _ => persons.truncate(full),
    }
    let here = address(&filter);
    let behind = matches!(place, Place::Before(_)) || has_more;
    let next = persons.last().filter(|_| behind).map(|last| format!("{here}&after={}", last.person.0));
    let is_first = place == Place::First;
    let previous =
        persons.first().filter(|_| !is_first).map(|first| format!("{here}&before={}", first.person.0));
    let first = (!is_first).then(|| here.clone());
    let pager = Pager::to_and_fro(persons.len(), total, first, (previous, next), ctx.language);
    let rows = persons.iter().map(|one| row(&ctx, t, &one.name, (one.sex, one.birth_month), &one.area));
    let is_filtered = filter.sex.is_some() || filter.year.is_some();
    let (title, detail) = if is_filtered {
        (t.people_none(), t.people_none_next())
    } else {
        (t.people_empty(), t.people_empty_next())
    };
    let page = page(&ctx, filter, rows.collect(), None, (title, detail)).await?;
    web::page(&PeoplePage { pager: Some(pager), ..page })
}

/// Somebody who is searched for among the persons of a filter.
pub struct Finding {
    text: String,
    wanted: Wanted,
}

impl FromForm for Finding {
    fn read(form: &mut Reader) -> Option<Self> {
        let text = form.optional_text("text", TEXT_AT_MOST)?.unwrap_or_default();
        let (sex, year) = (form.optional_text("sex", 10)?, form.optional_text("year", 4)?);
        let within = form.optional_text("within", 12)?.and_then(|id| id.parse().ok());
        Some(Self { text, wanted: Wanted { within, sex, year, ..Wanted::default() } })
    }
}

/// Finds somebody by name, pinyin, part of a number or phone. What was typed is posted and never part of an address, and it
/// is on record before the answer.
pub async fn find(ctx: Ctx, Extension(people): Extension<People>, form: Form<Finding>) -> PageResult {
    let Finding { text, wanted } = form.input.ok_or(WebError::NotUnderstood("the search cannot be read"))?;
    let filter = wanted.filter(&ctx)?;
    if text.is_empty() {
        return Ok(web::see_other(&address(&filter)));
    }
    let t = Texts(ctx.language);
    let is_short = text.chars().count() < NUMBER_AT_LEAST && text.chars().all(|one| one.is_ascii_digit());
    if is_short {
        let said = (text, t.people_find_short(NUMBER_AT_LEAST));
        let nobody = (t.people_found_none(), t.people_found_none_next());
        return web::unprocessable(&page(&ctx, filter, Vec::new(), Some(said), nobody).await?);
    }
    let read = ctx.read().await?;
    let found = persons::search(&read, people.index(), &ctx.app.roles, &ctx.actor, &filter, &text).await?;
    drop(read);
    let write = ctx.app.database.write(ctx.operation_named("minors.find_person")).await?;
    persons::record_search(&write, &text, found.found.len()).await?;
    write.save().await?;
    let count = found.found.len();
    let said = if found.is_cut { t.people_found_cut(count) } else { t.people_found(count) };
    let rows = found.found.iter();
    let rows = rows.map(|one| row(&ctx, t, &one.name, (one.sex, one.birth_month), &one.area)).collect();
    let nobody = (t.people_found_none(), t.people_found_none_next());
    let page = page(&ctx, filter, rows, Some((text, said)), nobody).await?;
    web::page(&PeoplePage { shell: page.shell.on_record(), ..page })
}

async fn page(
    ctx: &Ctx,
    filter: Filter,
    rows: Vec<PersonRow>,
    sought: Option<(String, String)>,
    (title, detail): (&str, &str),
) -> Result<PeoplePage, WebError> {
    let t = Texts(ctx.language);
    let area = filter.within.unwrap_or(ctx.actor.area);
    let shell = ctx.shell("/command", t.people_title(ctx.area_name(area.area()))).await?.at(ctx, &area);
    Ok(PeoplePage {
        shell,
        t,
        base: address(&Filter { within: Some(area), ..Filter::default() }),
        areas: areas(ctx, &area),
        sexes: vec![
            Choice::new(sex_word(Sex::Male), t.male()),
            Choice::new(sex_word(Sex::Female), t.female()),
        ],
        chosen: filter,
        sought,
        rows,
        pager: None,
        empty: EmptyState { icon: "users", title: title.to_owned(), detail: detail.to_owned(), link: None },
    })
}

/// The areas from the reader's own down to the one that is shown, and those below it.
fn areas(ctx: &Ctx, shown: &AreaPath) -> Vec<Choice> {
    let above = [Some(shown.city), shown.district, shown.subdistrict, shown.community];
    let own = ctx.actor.area.level();
    let above = above.into_iter().flatten().filter(|id| {
        ctx.app.areas.path_of(*id).is_some_and(|path| path.level() >= own && path.is_within(&ctx.actor.area))
    });
    let below = ctx.app.areas.children(shown.area()).map(|area| area.id);
    above.chain(below).map(|id| Choice::new(id.0.to_string(), ctx.area_name(id))).collect()
}

fn row(
    ctx: &Ctx,
    t: Texts,
    name: &access::Masked,
    (sex, birth_month): (Option<Sex>, Option<i32>),
    area: &AreaPath,
) -> PersonRow {
    let sex = match sex {
        Some(Sex::Male) => t.male(),
        Some(Sex::Female) => t.female(),
        None => t.unknown(),
    };
    let places = [area.district, area.subdistrict, area.community];
    let place: Vec<&str> = places.into_iter().flatten().map(|id| ctx.area_name(id)).collect();
    PersonRow {
        name: name.as_str().to_owned(),
        sex,
        year: birth_month.map_or_else(|| t.unknown().to_owned(), |month| (month / 12).to_string()),
        place: place.join("·"),
    }
}
