//! What happens to a file: opened by a check, categories, level, closed and opened again; and the next visit.

use access::{AccessError, Actor, Sight, Token, look_up};
use base::{FileId, MatterId, Moment, PersonId, Severity};
use matters::{Consequence, Matter, MatterError, MatterWords, Matters, NewMatter};
use people::persons;
use sea_orm::{Condition, ConnectionTrait};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Event, StoreError, Write};
use uuid::Uuid;

use super::model::{Category, ChildFile, FileState, FileThing, GROUPS, Ground};
use super::{age, merged, repo};
use crate::{PROGRAM, VISIT};

/// The word of `file_close_reason` for a child who has turned 18.
const CLOSED_AS_ADULT: &str = "adult";

/// What is done at the words of the workflow that concern files, in the transaction that emits them.
pub fn consequences() -> Vec<Consequence> {
    vec![
        Consequence {
            word: "open_file",
            follow: Arc::new(|matters, write, matter| Box::pin(open_file(matters, write, matter))),
        },
        Consequence {
            word: "find_category",
            follow: Arc::new(|matters, write, matter| Box::pin(find_category(matters, write, matter))),
        },
        Consequence {
            word: "plan_visit",
            follow: Arc::new(|matters, write, matter| Box::pin(plan_visit(matters, write, matter))),
        },
        Consequence {
            word: "plan_follow_up",
            follow: Arc::new(|matters, write, matter| Box::pin(plan_follow_up(matters, write, matter))),
        },
    ]
}

/// A check found a child in difficulty: the child has a file from now on, in the category that the check found, at the
/// level of the matter, with a visit planned. A file that is there already is opened again, or takes the news.
async fn open_file(matters: &Matters, write: &Write, matter: &Matter) -> Result<(), MatterError> {
    let Some(person) = matter.subject else { return Ok(()) };
    let mut file = the_file(write, matter, person).await?;
    if let Some(category) = category_found(matters, write, matter).await? {
        add_found(write, &file, &category, matter).await?;
    }
    if matter.severity > file.level {
        grade(write, &mut file, matter.severity, Some(matter.id), "").await?;
    }
    plan_next(matters, write, &mut file, "check", Wait::Regular).await
}

/// An assessment says in which category the child is: whoever found it in danger was asked for nothing but the danger. A
/// case of a child without a file says it when it ends, and the file is opened.
async fn find_category(matters: &Matters, write: &Write, matter: &Matter) -> Result<(), MatterError> {
    let Some(person) = matter.subject else { return Ok(()) };
    let Some(file) = merged::one_file(write, person).await? else { return Ok(()) };
    if file.state == FileState::Closed {
        return Ok(());
    }
    match category_found(matters, write, matter).await? {
        Some(category) => add_found(write, &file, &category, matter).await,
        None => Ok(()),
    }
}

/// The outcomes of a visit at which nobody saw the child: nobody was there, or it was called off.
const NOT_MET: &str = "not_met";
const CANCELLED: &str = "cancelled";

/// A visit was made, or called off: the next one is planned. Where nobody was met one goes again soon.
async fn plan_visit(matters: &Matters, write: &Write, matter: &Matter) -> Result<(), MatterError> {
    let Some(person) = matter.subject else { return Ok(()) };
    let Some(mut file) = merged::one_file(write, person).await? else { return Ok(()) };
    let outcome = matter.outcome.as_deref();
    if ![Some(CANCELLED), Some(NOT_MET)].contains(&outcome) {
        file.visited_at = Some(write.at());
    }
    if matter.severity > file.level {
        grade(write, &mut file, matter.severity, Some(matter.id), "").await?;
    }
    let wait = if outcome == Some(NOT_MET) { Wait::Again } else { Wait::Regular };
    plan_next(matters, write, &mut file, "plan", wait).await
}

/// How long until the next visit, by the plan of the file's level.
#[derive(Clone, Copy)]
enum Wait {
    /// The time between two visits.
    Regular,
    /// The time until one tries again.
    Again,
}

/// A case was closed: the child is visited from the file. A case that no check brought gives the child a file.
async fn plan_follow_up(matters: &Matters, write: &Write, matter: &Matter) -> Result<(), MatterError> {
    let Some(person) = matter.subject else { return Ok(()) };
    let mut file = the_file(write, matter, person).await?;
    if let Some(category) = category_found(matters, write, matter).await? {
        add_found(write, &file, &category, matter).await?;
    }
    plan_next(matters, write, &mut file, "follow_up", Wait::Regular).await
}

/// The file of the child, opened if there is none, and opened again if it was closed.
async fn the_file(write: &Write, matter: &Matter, person: PersonId) -> Result<ChildFile, MatterError> {
    let person = persons::repo::ids_of(write.connection(), person).await?.first().copied().unwrap_or(person);
    if let Some(mut file) = merged::one_file(write, person).await? {
        if file.state == FileState::Closed {
            open_again(write, &mut file, Some(matter.id), "").await?;
        }
        return Ok(file);
    }
    let file = ChildFile {
        id: FileId(write.new_id()),
        person,
        area: matter.area,
        state: FileState::Open,
        level: matter.severity,
        opened_at: write.at(),
        opened_from: Some(matter.id),
        closed_at: None,
        close_reason: None,
        holder: None,
        visit: None,
        visit_due_at: write.at(),
        visited_at: Some(write.at()),
        version: 1,
    };
    repo::insert(write, &file).await?;
    tell(write, "minors.file_opened", &file, Some(matter.id), json!({ "level": file.level })).await?;
    Ok(file)
}

/// The forms that ask for the category: the second look at a check and the check of a lead, and the assessment of a case.
const CATEGORY_FORMS: [&str; 3] = ["second_look", "check", "assessment"];

/// The category that the check or the assessment found, as a word of the dictionary.
async fn category_found(
    matters: &Matters,
    write: &Write,
    matter: &Matter,
) -> Result<Option<String>, MatterError> {
    let (connection, keys) = (write.connection(), write.keys());
    let (_, token) = matters.look_up(connection, keys, &Actor::system(), matter.id).await?;
    let answers = matters.answers(connection, keys, &token).await?;
    let mut forms = CATEGORY_FORMS.into_iter().filter_map(|form| answers.get(form));
    let found = forms.find_map(|form| form.filled.answers.choice("category"));
    let program = matters.programs().version(&matter.program, &matter.program_version);
    let known = |word: &&str| program.is_some_and(|program| program.dictionary.label(GROUPS, word).is_some());
    Ok(found.filter(known).map(str::to_owned))
}

async fn add_found(
    write: &Write,
    file: &ChildFile,
    category: &str,
    matter: &Matter,
) -> Result<(), MatterError> {
    if repo::holds(write.connection(), file.id, category).await? {
        return Ok(());
    }
    repo::add_category(write, file.id, category, Some(matter.id), &Ground::default()).await?;
    let after = json!({ "category": category });
    Ok(tell(write, "minors.category_added", file, Some(matter.id), after).await?)
}

/// Plans the next visit by the plan of the file's level, unless one is open; of a closed file none, and none of somebody
/// who is a child no longer.
async fn plan_next(
    matters: &Matters,
    write: &Write,
    file: &mut ChildFile,
    origin: &str,
    wait: Wait,
) -> Result<(), MatterError> {
    if file.state == FileState::Open {
        let (connection, keys) = (write.connection(), write.keys());
        let ids = persons::repo::ids_of(connection, file.person).await?;
        let open = matters.open_of(connection, keys, PROGRAM, VISIT, &ids).await?;
        let child =
            persons::repo::by_ids(connection, ids.get(..1).unwrap_or_default(), Condition::all()).await?;
        let master = child.first().map(|child| child.master(keys)).transpose()?.unwrap_or_default();
        let visit = if let Some(open) = open {
            Some(open)
        } else if age::is_adult(&master, write.at().day()) {
            None
        } else {
            let mut visit = next_visit(matters, file, origin, wait, write.at())?;
            visit.subject = ids.first().copied().or(visit.subject);
            persons::title(&master).as_str().clone_into(&mut visit.words.title);
            Some(matters.open(write, visit).await?)
        };
        file.visit = visit.as_ref().map(|visit| visit.id);
        file.visit_due_at = visit.as_ref().map_or(write.at(), |visit| visit.clock.due);
        file.holder = visit.map(|visit| visit.holder);
    } else {
        // Nobody goes there any more, so nobody sees it for going there.
        file.holder = None;
    }
    Ok(repo::update(write, file).await?)
}

/// The next visit of a file whose last one was at `last`.
fn next_visit(
    matters: &Matters,
    file: &ChildFile,
    origin: &str,
    wait: Wait,
    last: Moment,
) -> Result<NewMatter, MatterError> {
    let program = matters.programs().program(PROGRAM);
    let plan = program.and_then(|program| program.dictionary.visit_plan(file.level));
    let plan = plan.ok_or_else(|| StoreError::internal("the program has no plan of visits"))?;
    let period = match wait {
        Wait::Regular => plan.every,
        Wait::Again => plan.again,
    };
    Ok(NewMatter {
        program: PROGRAM.to_owned(),
        kind: VISIT.to_owned(),
        parent: None,
        opened_from: None,
        subject: Some(file.person),
        area: file.area,
        severity: file.level,
        origin: origin.to_owned(),
        words: MatterWords::default(),
        due: Some(period.after(last, matters.calendar())),
        opener: None,
        holder: None,
        organisation: None,
    })
}

/// Sets the level of a file. The visit that is planned keeps its day; the next one goes by the new level.
pub(super) async fn grade(
    write: &Write,
    file: &mut ChildFile,
    level: Severity,
    matter: Option<MatterId>,
    reason: &str,
) -> Result<(), StoreError> {
    let before = file.level;
    file.level = level;
    let after = json!({ "before": before, "level": level, "reason": reason });
    tell(write, "minors.file_regraded", file, matter, after).await
}

async fn open_again(
    write: &Write,
    file: &mut ChildFile,
    matter: Option<MatterId>,
    reason: &str,
) -> Result<(), StoreError> {
    (file.state, file.closed_at, file.close_reason) = (FileState::Open, None, None);
    repo::update(write, file).await?;
    tell(write, "minors.file_reopened", file, matter, json!({ "reason": reason })).await
}

/// Opens a file again that was closed into another child's, and goes on with its visits.
pub(super) async fn open_parted(
    matters: &Matters,
    write: &Write,
    mut file: ChildFile,
) -> Result<(), MatterError> {
    open_again(write, &mut file, None, "").await?;
    plan_next(matters, write, &mut file, "plan", Wait::Regular).await
}

/// One line of the file's history.
pub(super) async fn tell(
    write: &Write,
    kind: &'static str,
    file: &ChildFile,
    matter: Option<MatterId>,
    after: Value,
) -> Result<(), StoreError> {
    let event =
        Event { kind, subject: Some(file.person), matter, area: Some(file.area), before: Value::Null, after };
    write.record(event).await.map(drop)
}

/// Proof that somebody may see a file.
pub type FileToken = Token<FileThing>;

/// The file of a child as `actor` may see it, under whichever id the child is asked for. Who only knows that there is
/// one elsewhere finds none here; [`is_known_of`] tells them.
///
/// # Errors
/// `NotFound`.
pub async fn look_up_file(
    connection: &impl ConnectionTrait,
    roles: &access::Roles,
    actor: &Actor,
    verb: &str,
    person: PersonId,
) -> Result<(ChildFile, FileToken), AccessError> {
    let file = repo::of_person(connection, person).await?.ok_or(AccessError::NotFound)?;
    let scope = roles.scope(actor, verb, "file");
    let token = look_up::<FileThing>(connection, &scope, file.id.0).await?.at_least(Sight::Full)?;
    Ok((file, token))
}

/// Whether `actor` may know that the child has a file, and no more of it (design §5, "a file exists elsewhere").
pub async fn is_known_of(
    connection: &impl ConnectionTrait,
    roles: &access::Roles,
    actor: &Actor,
    person: PersonId,
) -> Result<bool, AccessError> {
    let Some(file) = repo::of_person(connection, person).await? else { return Ok(false) };
    match look_up::<FileThing>(connection, &roles.scope(actor, access::READ, "file"), file.id.0).await {
        Ok(token) => Ok(token.sight() == Sight::Stub),
        Err(AccessError::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// What a person does to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another level, with the reason.
    Level(Severity, String),
    /// A category more, with its ground.
    AddCategory(String, String),
    /// A category less, with the reason.
    EndCategory(Uuid, String),
    /// No more visits: a word of the dictionary says why.
    Close(String),
    /// Visits again, with the reason.
    Reopen(String),
}

/// Why a change of a file is refused.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no such file or category, or none that this person may change.
    #[error("there is no such file")]
    NotFound,
    /// Somebody else changed it since it was read.
    #[error("the file was changed by somebody else in the meantime")]
    Conflict,
    /// A lead or a case of the child is open.
    #[error("a lead or a case of the child is open")]
    StillOpen,
    /// The child is under 18.
    #[error("the child is under 18")]
    StillAChild,
    /// The child is in the category already.
    #[error("the child is in the category already")]
    HoldsAlready,
    /// The file is closed, or not.
    #[error("the file is not in a state for this")]
    WrongState,
    /// Of matters.
    #[error(transparent)]
    Matter(#[from] MatterError),
    /// The database's own.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for FileError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict,
            StoreError::NotFound => Self::NotFound,
            other => Self::Store(other),
        }
    }
}

/// Changes a file that was looked up, in the version in which the person saw it.
///
/// A file is closed only when no lead and no case of the child is open; the visit that is planned then goes on until
/// somebody calls it off or makes it, and none follows it.
pub async fn change(
    matters: &Matters,
    write: &Write,
    token: &FileToken,
    version: i32,
    mut file: ChildFile,
    change: Change,
) -> Result<(), FileError> {
    if token.id() != file.id.0 {
        return Err(FileError::NotFound);
    }
    if file.version != version {
        return Err(FileError::Conflict);
    }
    if (file.state == FileState::Closed) != matches!(change, Change::Reopen(_)) {
        return Err(FileError::WrongState);
    }
    match change {
        Change::Level(level, reason) => {
            grade(write, &mut file, level, None, &reason).await?;
            repo::update(write, &mut file).await?;
        }
        Change::AddCategory(category, begins) => {
            if repo::holds(write.connection(), file.id, &category).await? {
                return Err(FileError::HoldsAlready);
            }
            let ground = Ground { begins, ends: String::new() };
            repo::add_category(write, file.id, &category, None, &ground).await?;
            tell(write, "minors.category_added", &file, None, json!({ "category": category })).await?;
            repo::update(write, &mut file).await?;
        }
        Change::EndCategory(id, reason) => end_category(write, &mut file, id, reason).await?,
        Change::Close(reason) => {
            check_may_close(matters, write, &file, &reason).await?;
            close(write, &mut file, &reason).await?;
        }
        Change::Reopen(reason) => {
            open_again(write, &mut file, None, &reason).await?;
            plan_next(matters, write, &mut file, "plan", Wait::Regular).await?;
        }
    }
    Ok(())
}

/// A file is closed when nothing of the child is open any more, and as that of an adult only when the child is one.
async fn check_may_close(
    matters: &Matters,
    write: &Write,
    file: &ChildFile,
    reason: &str,
) -> Result<(), FileError> {
    let ids = persons::repo::ids_of(write.connection(), file.person).await?;
    for kind in [crate::LEAD, crate::CASE] {
        if matters.open_of(write.connection(), write.keys(), PROGRAM, kind, &ids).await?.is_some() {
            return Err(FileError::StillOpen);
        }
    }
    if reason == CLOSED_AS_ADULT {
        let found =
            persons::repo::by_ids(write.connection(), ids.get(..1).unwrap_or_default(), Condition::all());
        let child = found.await?.pop().ok_or(FileError::NotFound)?;
        if !age::is_adult(&child.master(write.keys())?, write.at().day()) {
            return Err(FileError::StillAChild);
        }
    }
    Ok(())
}

/// Closes a file, for whatever reason.
pub(super) async fn close(write: &Write, file: &mut ChildFile, reason: &str) -> Result<(), StoreError> {
    tell(write, "minors.file_closed", file, None, json!({ "reason": reason })).await?;
    (file.state, file.closed_at, file.close_reason) =
        (FileState::Closed, Some(write.at()), Some(reason.to_owned()));
    repo::update(write, file).await
}

async fn end_category(
    write: &Write,
    file: &mut ChildFile,
    id: Uuid,
    reason: String,
) -> Result<(), FileError> {
    let categories = repo::categories(write.connection(), write.keys(), file.id).await?;
    let found = categories.into_iter().find(|category| category.id == id && category.until.is_none());
    let mut category: Category = found.ok_or(FileError::NotFound)?;
    category.ground.ends = reason;
    repo::end_category(write, &category).await?;
    tell(write, "minors.category_ended", file, None, json!({ "category": category.category })).await?;
    Ok(repo::update(write, file).await?)
}
