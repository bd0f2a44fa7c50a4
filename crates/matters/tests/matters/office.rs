//! An office to work in: one district with its posts, the police as a department, and a neighbour district.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use access::accounts::{self, AccountForm};
use access::organisations::{self, OrganisationForm, OrganisationKind};
use access::posts::{self, Appointment, PostForm, TenureKind};
use access::{Actor, Roles};
use base::{
    AreaLevel, AreaPath, AreaTree, Clock as _, MatterId, Moment, OperationId, OrganisationId, PersonId,
    Severity, WorkCalendar,
};
use matters::notices::NoticeKind;
use matters::{Acted, Acting, Consequence, Matter, MatterError, MatterWords, Matters, NewMatter};
use policy::{Files, Programs};
use store::testing::TestDatabase;
use store::{Migration, Operation, Write};
use workflow::{Answer, Answers, FieldKind};

pub const HOUR: i64 = 3_600_000;
pub const DAY: i64 = 24 * HOUR;

pub fn migrations() -> Vec<Migration> {
    [store::migrations(), access::migrations(), people::migrations(), matters::migrations()].concat()
}

pub struct Office {
    pub database: TestDatabase,
    pub matters: Matters,
    /// The words that workflows emitted, with the number of the matter.
    pub heard: Arc<Mutex<Vec<(&'static str, String)>>>,
    pub place: AreaPath,
    pub police: OrganisationId,
    pub director: Actor,
    pub supervisor: Actor,
    pub officer: Actor,
    pub city: Actor,
    pub contact: Actor,
    pub auditor: Actor,
    pub neighbour: Actor,
}

/// Services over these programs, which note the words they hear.
pub fn services(programs: Programs, heard: &Arc<Mutex<Vec<(&'static str, String)>>>) -> Matters {
    let roles = Roles::of_programs(&programs).unwrap();
    let consequences = ["find_category", "open_file", "plan_visit", "plan_follow_up"].map(|word| {
        let heard = Arc::clone(heard);
        Consequence::new(word, move |_, _, matter| {
            heard.lock().unwrap().push((word, matter.number.clone()));
            Box::pin(async { Ok(()) })
        })
    });
    let matters = Matters::new(Arc::new(programs), Arc::new(roles), WorkCalendar::shipped(), consequences);
    matters.check().unwrap();
    matters
}

/// A seat to fill: role, area, login.
struct Seat<'a> {
    role: &'a str,
    area: AreaPath,
    organisation: OrganisationId,
    login: &'a str,
}

impl Office {
    pub async fn new(database: TestDatabase) -> Self {
        Self::with(database, Files::shipped().unwrap()).await
    }

    /// An office under these files.
    pub async fn with(database: TestDatabase, files: Files) -> Self {
        let heard = Arc::default();
        let matters = services(Programs::read(&files).unwrap(), &heard);
        let place = community(0);
        let district = place.cut_at(AreaLevel::District);
        let city = place.cut_at(AreaLevel::City);
        let other = AreaTree::shipped()
            .all()
            .iter()
            .map(|area| area.path)
            .find(|path| path.level() == AreaLevel::Subdistrict && path.district != place.district);
        let other = other.unwrap();
        let write = database.begin("test.office").await;
        let bureau = organisation(&write, OrganisationKind::Bureau, None, city).await;
        let police = organisation(&write, OrganisationKind::Department, Some("police"), district).await;
        let subdistrict = place.cut_at(AreaLevel::Subdistrict);
        let seat = |role, area, organisation, login| Seat { role, area, organisation, login };
        let director = sit(&write, &matters, seat("child_director", place, bureau, "director")).await;
        let supervisor =
            sit(&write, &matters, seat("child_supervisor", subdistrict, bureau, "supervisor")).await;
        let officer = sit(&write, &matters, seat("district_officer", district, bureau, "officer")).await;
        let city_officer = sit(&write, &matters, seat("city_officer", city, bureau, "city")).await;
        let contact = sit(&write, &matters, seat("department_contact", district, police, "police")).await;
        let auditor = sit(&write, &matters, seat("auditor", city, bureau, "auditor")).await;
        let neighbour = sit(&write, &matters, seat("child_supervisor", other, bureau, "neighbour")).await;
        write.save().await.unwrap();
        Self {
            database,
            matters,
            heard,
            place,
            police,
            director,
            supervisor,
            officer,
            city: city_officer,
            contact,
            auditor,
            neighbour,
        }
    }

    pub fn now(&self) -> Moment {
        self.database.clock().now()
    }

    /// Lets `milliseconds` go by and does what the clocks bring.
    pub async fn wait(&self, milliseconds: i64) -> matters::Ticked {
        self.database.clock().advance_milliseconds(milliseconds);
        self.matters.tick(&self.database, self.now()).await.unwrap()
    }

    pub async fn write_as(&self, actor: &Actor) -> Write {
        let at = self.now();
        let id = OperationId(self.database.entropy().uuid(at));
        let operation = Operation { id, name: "test.act", actor: actor.reference(), at };
        self.database.write(operation).await.unwrap()
    }

    /// What is to be opened of this kind, as the system opens it.
    pub fn new_matter(&self, kind: &str, severity: Severity) -> NewMatter {
        NewMatter {
            program: "minors".to_owned(),
            kind: kind.to_owned(),
            parent: None,
            opened_from: None,
            subject: None,
            area: self.place,
            severity,
            origin: "manual".to_owned(),
            words: MatterWords { title: "张*涵 · 缺课".to_owned(), ..MatterWords::default() },
            due: None,
            opener: None,
            holder: None,
            organisation: None,
        }
    }

    pub async fn open(&self, new: NewMatter) -> Matter {
        let write = self.write_as(&Actor::system()).await;
        let matter = self.matters.open(&write, new).await.unwrap();
        write.save().await.unwrap();
        matter
    }

    /// A lead about `person`.
    pub async fn lead(&self, severity: Severity, person: u128) -> Matter {
        let subject = Some(PersonId(uuid::Uuid::from_u128(person)));
        self.open(NewMatter { subject, ..self.new_matter("lead", severity) }).await
    }

    pub async fn see(&self, actor: &Actor, id: MatterId) -> Result<Matter, MatterError> {
        let read = self.database.read().await.unwrap();
        Ok(self.matters.look_up(read.connection(), read.keys(), actor, id).await?.0)
    }

    /// Takes an action as a person who sees the matter as it is, a moment later.
    pub async fn act(&self, actor: &Actor, id: MatterId, taking: Taking<'_>) -> Result<Acted, MatterError> {
        self.database.clock().advance_milliseconds(1);
        let write = self.write_as(actor).await;
        let (matter, token) = self.matters.look_up(write.connection(), write.keys(), actor, id).await?;
        let answers = taking.form.map(|picks| self.answers(&matter, taking.action, picks));
        let acting = Acting {
            action: taking.action,
            answers: answers.as_ref(),
            reason: taking.reason,
            holder: None,
            version: taking.version.unwrap_or(matter.version),
        };
        let acted = self.matters.act(&write, actor, &token, &acting).await?;
        write.save().await.unwrap();
        Ok(acted)
    }

    /// Complete answers to the form of an action: what is picked, else the first that fits.
    pub fn answers(&self, matter: &Matter, action: &str, picks: Picks<'_>) -> Answers {
        let workflow = self.matters.workflow_of(matter).unwrap();
        let stage = self.matters.stage_of(matter).unwrap();
        let form = workflow.form_of(&stage.actions[action]).unwrap();
        let mut answers = Answers::default();
        for _ in form.fields() {
            let shown = form.shown(&answers);
            let open =
                shown.into_iter().find(|field| field.required && !answers.values.contains_key(&field.key));
            let Some(field) = open else { break };
            let pick = picks.iter().find(|(key, _)| *key == field.key).map(|(_, pick)| (*pick).to_owned());
            let first = || field.options().first().map(|option| option.key.clone()).unwrap_or_default();
            let answer = match &field.kind {
                FieldKind::Choice { .. } => Answer::Choice(pick.unwrap_or_else(first)),
                FieldKind::Choices { .. } => Answer::Choices(vec![pick.unwrap_or_else(first)]),
                FieldKind::Text { least, .. } => Answer::Text("写".repeat((*least).max(2))),
                FieldKind::Number { least, .. } => Answer::Number(*least),
                FieldKind::Date { .. } => Answer::Date(self.now().day()),
                FieldKind::Photos { .. } => Answer::Photos(Vec::new()),
                FieldKind::Person => Answer::Person(PersonId(uuid::Uuid::from_u128(1))),
            };
            answers.values.insert(field.key.clone(), answer);
        }
        answers
    }

    /// Why a post was told, from the first on.
    pub async fn told(&self, actor: &Actor) -> Vec<NoticeKind> {
        let read = self.database.read().await.unwrap();
        let notices = self.matters.notices(read.connection(), read.keys(), actor, None, 100).await.unwrap();
        notices.into_iter().rev().map(|row| row.notice.kind).collect()
    }

    /// The matters to which the alerts of somebody lead.
    pub async fn alerted_to(&self, actor: &Actor) -> Vec<MatterId> {
        let read = self.database.read().await.unwrap();
        let notices = self.matters.notices(read.connection(), read.keys(), actor, None, 100).await.unwrap();
        let alerts = notices.into_iter().rev().filter(|row| row.notice.kind == NoticeKind::Alert);
        alerts.map(|row| row.matter.expect("whoever is alerted sees it").id).collect()
    }

    /// How often each word was heard.
    pub fn words(&self) -> BTreeMap<&'static str, usize> {
        let mut words = BTreeMap::new();
        for (word, _) in self.heard.lock().unwrap().iter() {
            *words.entry(*word).or_default() += 1;
        }
        words
    }
}

/// Options that are picked, by field.
pub type Picks<'a> = &'a [(&'a str, &'a str)];

/// An action that somebody takes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Taking<'a> {
    pub action: &'a str,
    /// Which options are picked in the form that it hands in.
    pub form: Option<Picks<'a>>,
    pub reason: Option<&'a str>,
    /// The version that the person saw, where that is not the present one.
    pub version: Option<i32>,
}

pub fn take(action: &str) -> Taking<'_> {
    Taking { action, ..Taking::default() }
}

pub fn hand_in<'a>(action: &'a str, picks: Picks<'a>) -> Taking<'a> {
    Taking { action, form: Some(picks), ..Taking::default() }
}

pub fn because<'a>(action: &'a str, reason: &'a str) -> Taking<'a> {
    Taking { action, reason: Some(reason), ..Taking::default() }
}

/// The community with this place in the shipped list.
pub fn community(place: usize) -> AreaPath {
    let tree = AreaTree::shipped();
    let communities = tree.all().iter().filter(|area| area.level == AreaLevel::Community);
    communities.map(|area| area.path).nth(place).unwrap()
}

async fn organisation(
    write: &Write,
    kind: OrganisationKind,
    department: Option<&str>,
    area: AreaPath,
) -> OrganisationId {
    let name = department.unwrap_or("民政局").to_owned();
    let form = OrganisationForm { kind, name, department: department.map(str::to_owned), area };
    organisations::create(write, &form).await.unwrap()
}

async fn sit(write: &Write, matters: &Matters, seat: Seat<'_>) -> Actor {
    let Seat { role, area, organisation, login } = seat;
    let form = PostForm { role: role.to_owned(), organisation, title: String::new(), area };
    let post = posts::create(write, matters.roles(), &form).await.unwrap();
    let form = AccountForm { login: login.to_owned(), name: login.to_owned(), phone: String::new() };
    let account = accounts::create(write, &form, None).await.unwrap();
    let appointment = Appointment { post, account, kind: TenureKind::Regular, from: write.at(), until: None };
    posts::appoint(write, &appointment).await.unwrap();
    posts::actor(write.connection(), write.keys(), account, post, write.at()).await.unwrap()
}
