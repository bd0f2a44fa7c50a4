//! `/files/{person}`: one child, one file.

use askama::Template;
use axum::Extension;
use base::{AccountId, PersonId, PostId, Severity};
use matters::panel::{Names, Wanted, clock_of};
use matters::{Matter, Matters};
use store::Read;
use web::components::{Badge, Clock, SampleMark, Timeline, Tone};
use web::{Choice, Ctx, PageResult, Path, Shell, WebError, Worded as _, show};

use super::fault::shown;
use super::history::{Reading, Told};
use super::identity::Identity;
use super::model::{Category, ChildFile, FileState};
use super::{CLOSE_REASONS, Texts, list, repo, service, words};
use crate::{CASE, VISIT};

/// Matters whose pictures are looked for: the latest.
const PICTURES_OF: usize = 12;

#[derive(Template)]
#[template(path = "files/templates/file.html")]
struct FilePage {
    shell: Shell,
    t: Texts,
    about: String,
    area: String,
    level: Badge,
    present: Vec<Badge>,
    closed: Option<String>,
    plan: String,
    sample: Option<SampleMark>,
    next: Option<(String, bool)>,
    visit_href: Option<String>,
    case_href: Option<String>,
    identity: Identity,
    categories: Vec<CategoryLine>,
    visits: Vec<MatterLine>,
    others: Vec<MatterLine>,
    photos: Vec<Photo>,
    timeline: Timeline,
    readers: Vec<Reading>,
    changing: Option<Changing>,
}

/// A category, as a line.
struct CategoryLine {
    name: String,
    from: String,
    until: String,
    found: String,
    ground: String,
    holds: bool,
}

/// A matter, as a line.
struct MatterLine {
    number: String,
    href: String,
    kind: String,
    when: String,
    who: String,
    clock: Option<Clock>,
    result: Badge,
}

/// A picture of a matter.
struct Photo {
    href: String,
    small: String,
    label: String,
    caption: String,
}

/// What the reader may change.
struct Changing {
    base: String,
    version: i32,
    is_open: bool,
    levels: Vec<Choice>,
    categories: Vec<Choice>,
    ending: Vec<Choice>,
    reasons: Vec<Choice>,
}

/// The file. That it is read is on record before anything of it is.
pub(super) async fn show(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(person): Path<PersonId>,
) -> PageResult {
    let read = ctx.read().await?;
    let roles = &ctx.app.roles;
    let (file, _) = service::look_up_file(read.connection(), roles, &ctx.actor, access::READ, person).await?;
    drop(read);
    record(&ctx, &file).await?;
    let page = build(&ctx, &matters, file).await?;
    web::page(&page)
}

/// Puts the reading on record, and commits it.
async fn record(ctx: &Ctx, file: &ChildFile) -> Result<(), WebError> {
    let write = ctx.app.database.write(ctx.operation_named("minors.read_file")).await?;
    let reading = access::Reading {
        subject: file.person,
        matter: None,
        area: Some(file.area),
        purpose: "file",
        part: "file",
    };
    access::read_record(write, reading).await?;
    Ok(())
}

async fn build(ctx: &Ctx, matters: &Matters, file: ChildFile) -> Result<FilePage, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let (connection, keys) = (read.connection(), read.keys());
    let card = people::card(&read, &ctx.app.roles, &ctx.actor, file.person).await?;
    let identity = Identity::read(ctx, &read, &card).await?;
    let categories = repo::categories(connection, keys, file.id).await?;
    let scope = matters.scope(&ctx.actor);
    let about = matters.about(connection, keys, &scope, file.person).await.map_err(shown)?;
    let told = Told::read(&read, file.person).await?;
    let names = names(ctx, &read, &file, &about, &categories, &told).await?;
    let photos = photos(ctx, &read, matters, &about).await?;
    drop(read);

    let lines = Lines { ctx, matters, names: &names };
    let (visits, others): (Vec<&Matter>, Vec<&Matter>) =
        about.iter().partition(|matter| matter.kind == VISIT);
    let open_visit = visits.iter().find(|visit| visit.closed_at.is_none());
    let open_case = others.iter().find(|one| one.kind == CASE && one.closed_at.is_none());
    let plan = words::plan_of(ctx, file.level);
    let shell = ctx.shell("/files", card.title.to_string()).await?.at(ctx, &file.area).on_record();
    let shell =
        shell.note(t.file_numbers(show::full_day(file.opened_at.day()))).note(t.file_made_of(identity.rows));
    let is_open = file.state == FileState::Open;
    Ok(FilePage {
        about: words::about(ctx, card.sex, card.birth_month),
        area: ctx.app.areas.name_of(&file.area),
        level: Badge::severity(file.level, ctx.language),
        present: present(ctx, &categories),
        closed: file.closed_at.map(|at| {
            let reason = file.close_reason.as_deref().unwrap_or_default();
            t.file_closed_on(show::full_day(at.day()), words::word(ctx, CLOSE_REASONS, reason))
        }),
        plan: plan
            .map(|plan| t.file_plan(plan.label.says(ctx.language), words::every(t, plan.every)))
            .unwrap_or_default(),
        sample: plan.filter(|plan| plan.dated.sample).map(|_| SampleMark::new(ctx.language)),
        next: is_open
            .then(|| (show::near(file.visit_due_at, ctx.now, ctx.language), file.visit_due_at <= ctx.now)),
        visit_href: open_visit.map(|visit| matters.path_of(visit)),
        case_href: open_case.map(|case| matters.path_of(case)),
        categories: categories.iter().map(|category| lines.category(category)).collect(),
        visits: visits.iter().map(|visit| lines.matter(visit)).collect(),
        others: others.iter().map(|other| lines.matter(other)).collect(),
        photos,
        timeline: told.timeline(ctx, matters, &about, &names),
        readers: told.readers(ctx, &names),
        changing: ctx.may("handle", "file").then(|| changing(ctx, &file, &categories)),
        identity,
        shell,
        t,
    })
}

async fn names(
    ctx: &Ctx,
    read: &Read,
    file: &ChildFile,
    about: &[Matter],
    categories: &[Category],
    told: &Told,
) -> Result<Names, WebError> {
    let posts: Vec<PostId> = about
        .iter()
        .map(|matter| matter.holder)
        .chain(file.holder)
        .chain(categories.iter().filter_map(|category| category.post))
        .collect();
    let accounts: Vec<AccountId> = categories.iter().filter_map(|category| category.account).collect();
    let mut wanted = Wanted { posts, accounts, ..Wanted::default() };
    told.wanted(&mut wanted);
    Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await.map_err(shown)
}

/// The categories that hold, as marks of the head.
fn present(ctx: &Ctx, categories: &[Category]) -> Vec<Badge> {
    let holding = categories.iter().filter(|category| category.until.is_none());
    holding.map(|one| Badge::new(Tone::High, "tag", words::category(ctx, &one.category))).collect()
}

/// The pictures of the latest matters, where the reader's role sees any.
async fn photos(ctx: &Ctx, read: &Read, matters: &Matters, about: &[Matter]) -> Result<Vec<Photo>, WebError> {
    let (connection, keys) = (read.connection(), read.keys());
    let mut photos = Vec::new();
    for matter in about.iter().take(PICTURES_OF) {
        let (_, token) = matters.look_up(connection, keys, &ctx.actor, matter.id).await.map_err(shown)?;
        let attachments = matters.attachments(connection, keys, &ctx.actor, &token).await.map_err(shown)?;
        photos.extend(attachments.into_iter().map(|attachment| {
            let href = format!("/matters/{}/attachments/{}", matter.id, attachment.id);
            Photo {
                small: format!("{href}/small"),
                href,
                label: Texts(ctx.language).photo_of(matter.number.as_str()),
                caption: attachment.caption,
            }
        }));
    }
    Ok(photos)
}

struct Lines<'a> {
    ctx: &'a Ctx,
    matters: &'a Matters,
    names: &'a Names,
}

impl Lines<'_> {
    fn category(&self, category: &Category) -> CategoryLine {
        let (ctx, t) = (self.ctx, Texts(self.ctx.language));
        let account = category.account.map(|account| self.names.account(account)).unwrap_or_default();
        let seat = category.post.map(|post| self.names.post(post).seat).unwrap_or_default();
        let ground = [&category.ground.begins, &category.ground.ends];
        let ground: Vec<String> = ground
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(|text| ctx.app.roles.show(&ctx.actor, access::FieldClass::Narrative, text).to_string())
            .collect();
        CategoryLine {
            name: words::category(ctx, &category.category),
            from: show::full_day(category.from),
            until: category.until.map_or_else(|| t.until_now().to_owned(), show::full_day),
            found: format!("{account} {seat}").trim().to_owned(),
            ground: if ground.is_empty() && category.matter.is_some() {
                t.category_by_rule().to_owned()
            } else {
                ground.join(ctx.language.choose("；", "; "))
            },
            holds: category.until.is_none(),
        }
    }

    fn matter(&self, matter: &Matter) -> MatterLine {
        let (ctx, language) = (self.ctx, self.ctx.language);
        let kind = self.matters.kind_of(matter).ok();
        let outcome = self.matters.outcome_of(matter);
        let result = if let Some(outcome) = outcome {
            Badge::new(tone_of(matter), "checks", outcome.says(language))
        } else {
            let stage = self.matters.stage_of(matter).map(|stage| stage.label.says(language));
            Badge::new(Tone::Info, "player-play", stage.unwrap_or(&matter.stage))
        };
        MatterLine {
            number: matter.number.clone(),
            href: self.matters.path_of(matter),
            kind: kind.map_or(matter.kind.as_str(), |kind| kind.label.says(language)).to_owned(),
            when: show::short_day(matter.closed_at.unwrap_or(matter.opened_at).day(), ctx.today()),
            who: self.names.post(matter.holder).short().to_owned(),
            clock: kind.filter(|_| matter.closed_at.is_none()).map(|kind| clock_of(matter, kind, ctx)),
            result,
        }
    }
}

fn tone_of(matter: &Matter) -> Tone {
    match matter.outcome.as_deref() {
        Some("danger") => Tone::Urgent,
        Some("concern" | "in_difficulty") => Tone::High,
        Some("not_met" | "not_found") => Tone::Medium,
        Some("cancelled" | "dismissed") => Tone::Low,
        _ => Tone::Ok,
    }
}

fn changing(ctx: &Ctx, file: &ChildFile, categories: &[Category]) -> Changing {
    let reasons = words::dictionary(ctx).and_then(|dictionary| dictionary.list(CLOSE_REASONS));
    let reasons = reasons.into_iter().flat_map(|list| list.on(ctx.today()));
    let holding = categories.iter().filter(|category| category.until.is_none());
    let levels = Severity::ALL.iter().filter(|level| **level != file.level);
    Changing {
        base: format!("/files/{}", file.person),
        version: file.version,
        is_open: file.state == FileState::Open,
        levels: levels
            .map(|level| Choice::new(level.key(), Badge::severity(*level, ctx.language).word))
            .collect(),
        categories: list::categories(ctx)
            .into_iter()
            .filter(|one| categories.iter().all(|held| held.until.is_some() || held.category != one.value))
            .collect(),
        ending: holding
            .map(|one| Choice::new(one.id.to_string(), words::category(ctx, &one.category)))
            .collect(),
        reasons: reasons.map(|word| Choice::new(word.key.as_str(), word.label.says(ctx.language))).collect(),
    }
}
