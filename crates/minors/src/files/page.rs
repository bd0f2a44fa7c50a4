//! `/files/{person}`: one child, one file.

use access::AccessError;
use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use base::{AccountId, Day, PersonId, PostId, Severity};
use matters::panel::{Names, Wanted, clock_of, steps_of};
use matters::{Matter, Matters};
use people::persons::{self, Master};
use sea_orm::Condition;
use store::Read;
use web::components::{Alert, Badge, Clock, Conflict, SampleMark, Steps, Timeline, Tone};
use web::{Ctx, PageResult, Path, Shell, WebError, Worded as _, show};

use super::changing::{Changing, Refused};
use super::family::Lives;
use super::history::{Reading, Told};
use super::identity::Identity;
use super::merged::CLOSED_AS_MERGED;
use super::model::{Category, ChildFile, FileState};
use super::{CLOSE_REASONS, Texts, age, repo, service, words};
use crate::{CASE, VISIT};

/// Visits that stand on the page unfolded, the latest: a child of the gravest level has fifty a year.
const LINES_UNFOLDED: usize = 8;
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
    case: Option<CaseStrip>,
    steps: Option<Steps>,
    alerts: Vec<Alert>,
    conflict: Option<Conflict>,
    /// Whether the child lives where the reader does not see people: then who it is and with whom it lives is not shown.
    is_elsewhere: bool,
    identity: Identity,
    categories: Vec<CategoryLine>,
    visits: Vec<MatterLine>,
    others: Vec<MatterLine>,
    photos: Vec<Photo>,
    timeline: Timeline,
    readers: Vec<Reading>,
    changing: Option<Changing>,
}

/// The case that is open.
struct CaseStrip {
    title: String,
    href: String,
    holder: String,
    clock: Option<Clock>,
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

/// The file. That it is read is on record before anything of it is.
pub(super) async fn show(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(asked): Path<PersonId>,
) -> PageResult {
    let read = ctx.read().await?;
    let (connection, roles) = (read.connection(), &ctx.app.roles);
    let file = match service::look_up_file(connection, roles, &ctx.actor, access::READ, asked).await {
        Ok((file, _)) => file,
        Err(AccessError::NotFound) if service::is_known_of(connection, roles, &ctx.actor, asked).await? => {
            drop(read);
            return elsewhere(&ctx).await;
        }
        Err(error) => return Err(error.into()),
    };
    let person = persons::repo::resolve(connection, file.person).await?;
    drop(read);
    if person != asked {
        // Two persons were found to be one: there is one file, at the address of the person on record.
        return Ok(web::see_other(&address(person)));
    }
    record(&ctx, &file).await?;
    let typed = ctx.typed(&address(person));
    let page = build(&ctx, &matters, file, person, &Refused::nothing(typed)).await?;
    web::page(&page)
}

/// The page of a file with a change that could not be taken.
pub(super) async fn again(ctx: &Ctx, matters: &Matters, person: PersonId, refused: Refused) -> PageResult {
    let read = ctx.read().await?;
    let (connection, roles) = (read.connection(), &ctx.app.roles);
    let (file, _) = service::look_up_file(connection, roles, &ctx.actor, access::READ, person).await?;
    let person = persons::repo::resolve(connection, file.person).await?;
    drop(read);
    record(ctx, &file).await?;
    let page = build(ctx, matters, file, person, &refused).await?;
    if refused.is_overtaken() { web::overtaken(&page) } else { web::unprocessable(&page) }
}

/// Where the file of a person is.
pub(super) fn address(person: PersonId) -> String {
    format!("/files/{person}")
}

/// What is shown to a reader who may know that the child has a file and no more of it.
#[derive(Template)]
#[template(path = "files/templates/elsewhere.html")]
struct ElsewherePage {
    shell: Shell,
    t: Texts,
}

/// The child belongs to another place. Nothing of the file is here for this reader, so the status is that of a page that
/// is not there; the words tell what the reader's role may know.
async fn elsewhere(ctx: &Ctx) -> PageResult {
    let t = Texts(ctx.language);
    let shell = ctx.shell("/files", t.elsewhere_title()).await?;
    web::page_with(StatusCode::NOT_FOUND, &ElsewherePage { shell, t })
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

/// What is read for the page.
struct Seen {
    file: ChildFile,
    /// The child's name, masked as in titles.
    title: String,
    /// Sex and age.
    line: String,
    /// Where the child lives now, when the reader sees the file but no longer the child.
    lives_elsewhere: Option<String>,
    identity: Identity,
    /// The day on which the child turns 18, where the reader may know it.
    adult_on: Option<Day>,
    categories: Vec<Category>,
    about: Vec<Matter>,
    /// The steps of the case that is open.
    steps: Option<Steps>,
    told: Told,
    names: Names,
    photos: Vec<Photo>,
}

/// The case that is open.
fn open_case(about: &[Matter]) -> Option<&Matter> {
    about.iter().find(|one| one.kind == CASE && one.closed_at.is_none())
}

impl Seen {
    async fn read(ctx: &Ctx, matters: &Matters, file: ChildFile, person: PersonId) -> Result<Self, WebError> {
        let read = ctx.read().await?;
        let (connection, keys) = (read.connection(), read.keys());
        let child = persons::repo::by_ids(connection, &[person], Condition::all()).await?.pop();
        let child = child.ok_or(WebError::NotFound)?;
        let identity = match people::card(&read, &ctx.app.roles, &ctx.actor, person).await {
            Ok(card) => Some(Identity::read(ctx, &read, &card).await?),
            // A file stays where it was opened until it is handed over; a child who moved is known to the new place only.
            Err(AccessError::NotFound) => None,
            Err(error) => return Err(error.into()),
        };
        let lives_elsewhere = identity.is_none().then(|| ctx.app.areas.name_of(&child.area));
        let ids = persons::repo::ids_of(connection, person).await?;
        let mut categories = Vec::new();
        for one in repo::of_ids(connection, &ids).await? {
            let own = repo::categories(connection, keys, one.id).await?;
            // Of a file that was closed into this one, what held was taken over.
            let is_past = |category: &Category| one.id == file.id || category.until.is_some();
            categories.extend(own.into_iter().filter(is_past));
        }
        let scope = matters.scope(&ctx.actor);
        let mut about = Vec::new();
        for id in &ids {
            about.extend(matters.about(connection, keys, &scope, *id).await?);
        }
        about.sort_by_key(|matter| std::cmp::Reverse(matter.id));
        let steps = match open_case(&about) {
            Some(case) => Some(steps_of(ctx, &read, matters, case.id).await?),
            None => None,
        };
        let told = Told::read(&read, &ids).await?;
        let names = names(ctx, &read, &file, &about, &categories, &told).await?;
        let photos = photos(ctx, &read, matters, &about).await?;
        let master = child.master(keys)?;
        Ok(Self {
            title: persons::title(&master).to_string(),
            line: words::about(ctx, child.sex, child.birth_month),
            lives_elsewhere,
            identity: identity.unwrap_or_default(),
            adult_on: adult_on(ctx, &master),
            file,
            categories,
            about,
            steps,
            told,
            names,
            photos,
        })
    }
}

/// The day on which the child turns 18; of a birth that the reader may not see in full, none.
fn adult_on(ctx: &Ctx, master: &Master) -> Option<Day> {
    let birth = master.birth.as_ref()?.value;
    let shown = ctx.app.roles.show(&ctx.actor, access::FieldClass::Birth, &birth.to_string());
    (!shown.is_hidden()).then(|| age::adult_on(birth))
}

async fn build(
    ctx: &Ctx,
    matters: &Matters,
    file: ChildFile,
    person: PersonId,
    refused: &Refused,
) -> Result<FilePage, WebError> {
    let t = Texts(ctx.language);
    let seen = Seen::read(ctx, matters, file, person).await?;
    let Seen { file, categories, about, told, names, .. } = &seen;
    let lines = Lines { ctx, matters, names };
    let (visits, others): (Vec<&Matter>, Vec<&Matter>) =
        about.iter().partition(|matter| matter.kind == VISIT);
    let open_visit = visits.iter().find(|visit| visit.closed_at.is_none());
    let case = open_case(about).map(|case| lines.case(case));
    let plan = words::plan_of(ctx, file.level);
    let shell = ctx.shell("/files", seen.title.clone()).await?.at(ctx, &file.area).on_record();
    let shell = shell.note(t.file_numbers(show::full_day(file.opened_at.day())));
    let shell = match seen.lives_elsewhere {
        Some(_) => shell,
        None => shell.note(t.file_made_of(seen.identity.rows)),
    };
    let last_change = told.last_change(names).unwrap_or_default();
    Ok(FilePage {
        is_elsewhere: seen.lives_elsewhere.is_some(),
        area: ctx.app.areas.name_of(&file.area),
        level: level(ctx, &seen),
        present: present(ctx, categories),
        closed: closed(ctx, file),
        plan: plan
            .map(|plan| t.file_plan(plan.label.says(ctx.language), words::every(t, plan.every)))
            .unwrap_or_default(),
        sample: plan.filter(|plan| plan.dated.sample).map(|_| SampleMark::new(ctx.language)),
        next: (file.state == FileState::Open && file.visit.is_some())
            .then(|| (show::near(file.visit_due_at, ctx.now, ctx.language), file.visit_due_at <= ctx.now)),
        visit_href: open_visit.map(|visit| matters.path_for(ctx, visit)),
        case,
        alerts: refused
            .alert(ctx)
            .into_iter()
            .chain(elsewhere_now(t, &seen))
            .chain(of_age(ctx, &seen))
            .chain(to_regrade(ctx, &seen))
            .collect(),
        conflict: refused.conflict(ctx, file, categories, (&last_change.0, last_change.1)),
        categories: categories.iter().map(|category| lines.category(category)).collect(),
        visits: visits.iter().map(|visit| lines.matter(visit)).collect(),
        others: others.iter().map(|other| lines.matter(other)).collect(),
        timeline: told.timeline(ctx, matters, about, names),
        readers: told.readers(ctx, names),
        changing: ctx
            .may("handle", "file")
            .then(|| Changing::new(ctx, address(person), file, categories, refused)),
        about: seen.line,
        photos: seen.photos,
        steps: seen.steps,
        identity: seen.identity,
        shell,
        t,
    })
}

/// That and why the file is closed.
fn closed(ctx: &Ctx, file: &ChildFile) -> Option<String> {
    let t = Texts(ctx.language);
    let reason = file.close_reason.as_deref().unwrap_or_default();
    let reason = if reason == CLOSED_AS_MERGED {
        t.file_merged().to_owned()
    } else {
        words::word(ctx, CLOSE_REASONS, reason)
    };
    file.closed_at.map(|at| t.file_closed_on(show::full_day(at.day()), reason))
}

/// The case for which the level of the file was last set, if it has ended, none is open, and nobody has set the level
/// since: then the level says how it was, not how it is.
fn regraded_for(seen: &Seen) -> Option<&Matter> {
    if seen.file.state == FileState::Closed || seen.about.iter().any(is_urging) {
        return None;
    }
    let cases = seen.about.iter().filter(|one| one.kind == CASE);
    let last = cases.max_by_key(|case| case.closed_at)?;
    let ended = last.closed_at?;
    seen.told.graded_at().is_none_or(|at| at < ended).then_some(last)
}

/// Whether a matter says by itself how urgent things are: a visit that is planned does not.
fn is_urging(matter: &Matter) -> bool {
    matter.closed_at.is_none() && matter.kind != VISIT
}

/// The level as a mark: red and orange are for what goes on. Of a file that is closed, and of a child whose case has ended,
/// it is what was found then.
fn level(ctx: &Ctx, seen: &Seen) -> Badge {
    let present = Badge::severity(seen.file.level, ctx.language);
    let is_past = seen.file.state == FileState::Closed || regraded_for(seen).is_some();
    let t = Texts(ctx.language);
    if is_past && seen.file.level > Severity::Low {
        return Badge::new(Tone::Low, "history", t.level_then(present.word));
    }
    present
}

/// That the level is still that of a case that has ended: nothing lowers it but a person.
fn to_regrade(ctx: &Ctx, seen: &Seen) -> Option<Alert> {
    let t = Texts(ctx.language);
    let case = regraded_for(seen).filter(|_| seen.file.level > Severity::Low)?;
    let word = Badge::severity(seen.file.level, ctx.language).word;
    Some(Alert::new(Tone::Medium, t.file_regrade(case.number.as_str(), word), t.file_regrade_next()))
}

/// That the child moved away, and with whom the identity is.
fn elsewhere_now(t: Texts, seen: &Seen) -> Option<Alert> {
    let area = seen.lives_elsewhere.as_deref()?;
    Some(Alert::new(Tone::Medium, t.file_moved(area), t.file_moved_next()))
}

/// That the child is one no longer, and what follows.
fn of_age(ctx: &Ctx, seen: &Seen) -> Option<Alert> {
    let t = Texts(ctx.language);
    let day = seen.adult_on.filter(|day| *day <= ctx.today())?;
    let next = match seen.file.state {
        FileState::Open => t.file_adult_open(),
        FileState::Closed => t.file_adult_closed(),
    };
    Some(Alert::new(Tone::Medium, t.file_adult(show::full_day(day)), next))
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
    let organisations = about.iter().filter_map(|matter| matter.organisation).collect();
    let mut wanted = Wanted { posts, accounts, organisations };
    told.wanted(&mut wanted);
    Ok(Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await?)
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
        let (_, token) = matters.look_up(connection, keys, &ctx.actor, matter.id).await?;
        let attachments = matters.attachments(connection, keys, &ctx.actor, &token).await?;
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

    fn case(&self, case: &Matter) -> CaseStrip {
        let kind = self.matters.kind_of(case).ok();
        let label = kind.map(|kind| kind.label.says(self.ctx.language)).unwrap_or_default();
        CaseStrip {
            title: format!("{label} {}", case.number),
            href: self.matters.path_for(self.ctx, case),
            holder: self.names.post(case.holder).short().to_owned(),
            clock: kind.map(|kind| clock_of(case, kind, self.ctx)),
        }
    }

    fn matter(&self, matter: &Matter) -> MatterLine {
        let (ctx, language) = (self.ctx, self.ctx.language);
        let kind = self.matters.kind_of(matter).ok();
        let outcome = self.matters.outcome_of(matter);
        let result = if let Some(outcome) = outcome {
            let (tone, icon) = look_of(matter.outcome.as_deref());
            Badge::new(tone, icon, outcome.says(language))
        } else {
            let stage = self.matters.stage_of(matter).map(|stage| stage.label.says(language));
            Badge::new(Tone::Info, "player-play", stage.unwrap_or(&matter.stage))
        };
        MatterLine {
            number: matter.number.clone(),
            href: self.matters.path_for(ctx, matter),
            kind: kind.map_or(matter.kind.as_str(), |kind| kind.label.says(language)).to_owned(),
            when: show::short_day(matter.closed_at.unwrap_or(matter.opened_at).day(), ctx.today()),
            who: match matter.organisation {
                Some(organisation) => self.names.organisation(organisation).to_owned(),
                None => self.names.post(matter.holder).short().to_owned(),
            },
            clock: kind.filter(|_| matter.closed_at.is_none()).map(|kind| clock_of(matter, kind, ctx)),
            result,
        }
    }
}

/// How an outcome looks: a tick is for what was done, not for whatever has ended.
pub(super) fn look_of(outcome: Option<&str>) -> (Tone, &'static str) {
    match outcome {
        Some("danger") => (Tone::Urgent, "urgent"),
        Some("rejected" | "unable") => (Tone::Urgent, "x"),
        Some("concern" | "in_difficulty") => (Tone::High, "flag"),
        Some("not_met" | "not_found") => (Tone::Medium, "help-circle"),
        Some(
            "cancelled" | "dismissed" | "withdrawn" | "not_accepted" | "sent_again" | "covered" | "dropped",
        ) => (Tone::Low, "arrow-back-up"),
        _ => (Tone::Ok, "checks"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_done_is_green_with_a_tick() {
        let shipped = policy::Programs::load(None).unwrap();
        let kinds = shipped.program(crate::PROGRAM).unwrap().workflow.kinds();
        let outcomes: Vec<&String> = kinds.flat_map(|kind| kind.outcomes.keys()).collect();
        let green = |outcome: &&&String| look_of(Some(outcome.as_str())) == (Tone::Ok, "checks");
        let ticked: Vec<&str> = outcomes.iter().filter(green).map(|outcome| outcome.as_str()).collect();
        assert_eq!(ticked, ["no_risk", "resolved", "moved", "adult", "guardianship_settled", "fine", "done"]);
        assert_eq!(look_of(Some("rejected")), (Tone::Urgent, "x"));
    }
}
