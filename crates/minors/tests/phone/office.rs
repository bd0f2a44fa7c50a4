//! A small district for the phone's tests: two communities with a director each, a supervisor, a district officer; one
//! household as the grid delivers it; leads and visits made and dispatched by the same services as everybody's.

use std::sync::Arc;

use access::accounts::{self, AccountForm, Attempt, Password};
use access::organisations::{self, OrganisationForm, OrganisationKind};
use access::posts::{self, Appointment, PostForm, TenureKind};
use access::{Actor, Roles};
use axum::body::Body;
use axum::http::{Request, Response};
use base::{AccountId, AreaLevel, AreaPath, AreaTree, MatterId, PersonId, PostId, Severity, WorkCalendar};
use http_body_util::BodyExt as _;
use matters::{Acting, Matter, MatterWords, Matters, NewMatter};
use people::People;
use people::import::{File, Options};
use policy::Programs;
use serde_json::Value;
use store::Migration;
use store::clock::OfficeClock;
use store::jobs::Runner;
use store::testing::TestDatabase;
use texts::Language;
use tower::ServiceExt as _;
use web::{App, Assembly, Site};

/// Whoever works here.
#[derive(Debug, Clone, Copy)]
pub struct Worker {
    pub account: AccountId,
    pub post: PostId,
    pub login: &'static str,
}

pub struct Office {
    pub database: TestDatabase,
    pub app: App,
    pub matters: Matters,
    pub assembly: Assembly,
    pub director: Worker,
    pub neighbour: Worker,
    pub supervisor: Worker,
    pub officer: Worker,
    /// Another director of the same community as the first.
    pub colleague: Worker,
    pub child: PersonId,
    pub area: AreaPath,
    people: People,
    password: Password,
}

fn services(programs: Programs) -> (Arc<Programs>, Arc<Roles>, People, Matters) {
    let roles = Arc::new(Roles::of_programs(&programs).unwrap());
    let people = People::new(&programs).unwrap();
    let programs = Arc::new(programs);
    let matters =
        Matters::new(programs.clone(), roles.clone(), WorkCalendar::shipped(), minors::consequences())
            .with_pages(minors::PAGES);
    (programs, roles, people, matters)
}

pub fn migrations() -> Vec<Migration> {
    let (_, _, people, matters) = services(Programs::load(None).unwrap());
    web::migrations(&modules(&people, &matters))
}

/// What has tables, jobs and listeners, in the order of the arrows.
fn modules(people: &People, matters: &Matters) -> Vec<web::Module> {
    vec![people::module(people), matters::module(people, matters), minors::module(people, matters)]
}

/// What is served: the same, with the office's own pages in their place.
fn served(people: &People, matters: &Matters, database: &TestDatabase) -> Vec<web::Module> {
    let mut served = modules(people, matters);
    served.insert(2, admin::module(&Arc::new(OfficeClock::new(database.shared_clock()))));
    served
}

/// Two communities of one sub-district.
fn communities(tree: &AreaTree) -> (AreaPath, AreaPath) {
    let all: Vec<AreaPath> =
        tree.all().iter().filter(|area| area.level == AreaLevel::Community).map(|area| area.path).collect();
    let first = all[0];
    let second = all.into_iter().skip(1).find(|path| path.subdistrict == first.subdistrict).unwrap();
    (first, second)
}

impl Office {
    pub async fn open(database: TestDatabase) -> Self {
        let (programs, roles, people, matters) = services(Programs::load(None).unwrap());
        let areas = Arc::new(AreaTree::shipped());
        let app = App {
            database: database.database(),
            clock: database.shared_clock(),
            entropy: database.database().entropy().clone(),
            programs,
            roles,
            areas: web::Areas::new(AreaTree::shipped()),
            site: Arc::new(Site { is_demo: true, is_secure: false }),
        };
        let assembly = web::assemble(app.clone(), served(&people, &matters, &database)).unwrap();
        let password = Password::one_time(&app.entropy);
        let hash = accounts::hash_password(password.clone(), &app.entropy).await.unwrap();
        let (area, other) = communities(&areas);
        let write = database.begin("test.office").await;
        access::areas::load(&write, &areas).await.unwrap();
        let form = OrganisationForm {
            kind: OrganisationKind::SubdistrictOffice,
            name: "街道办".to_owned(),
            department: None,
            area: area.cut_at(AreaLevel::City),
        };
        let organisation = organisations::create(&write, &form).await.unwrap();
        let mut workers = Vec::new();
        for (login, name, role, at) in [
            ("director", "陈晓岚", "child_director", area),
            ("neighbour", "林静", "child_director", other),
            ("colleague", "何芳", "child_director", area),
            ("supervisor", "谭志强", "child_supervisor", area.cut_at(AreaLevel::Subdistrict)),
            ("officer", "周敏", "district_officer", area.cut_at(AreaLevel::District)),
        ] {
            let form = AccountForm { login: login.to_owned(), name: name.to_owned(), phone: String::new() };
            let account = accounts::create(&write, &form, Some(&hash)).await.unwrap();
            // Two posts of one role in one place are told apart by their titles.
            let title = if login == "colleague" { "二组".to_owned() } else { String::new() };
            let form = PostForm { role: role.to_owned(), organisation, title, area: at };
            let post = posts::create(&write, &app.roles, &form).await.unwrap();
            let appointment =
                Appointment { post, account, kind: TenureKind::Regular, from: write.at(), until: None };
            posts::appoint(&write, &appointment).await.unwrap();
            workers.push(Worker { account, post, login });
        }
        write.save().await.unwrap();
        let own = Password::new("Umbrella-Grey-74");
        for worker in &workers {
            let Worker { account, .. } = *worker;
            choose_password(&database, account, (&password, &own)).await;
        }
        let child = deliver(&database, &people, &app, &areas, area).await;
        let [director, neighbour, colleague, supervisor, officer] = workers.try_into().unwrap();
        Self {
            database,
            app,
            matters,
            assembly,
            director,
            neighbour,
            supervisor,
            officer,
            colleague,
            child,
            area,
            people,
            password: own,
        }
    }

    /// Runs the jobs that wait, and those that follow: the records of persons who have several rows are renewed by one.
    pub async fn settle(&self) {
        let (people, matters) = (&self.people, &self.matters);
        let (mut jobs, mut listeners) = (Vec::new(), Vec::new());
        for module in modules(people, matters) {
            jobs.extend(module.jobs);
            listeners.extend(module.listeners);
        }
        let (database, clock) = (self.app.database.clone(), self.app.clock.clone());
        let runner = Runner::new(database, clock, self.app.clone(), jobs, listeners).await.unwrap();
        assert_eq!(runner.settle().await.unwrap().failed, 0);
        runner.release().await;
    }

    /// The grid names another guardian of the child.
    pub async fn deliver_guardian(&self, name: &str, kinship: &str, phone: &str) {
        self.database.clock().advance_milliseconds(60_000);
        let text = household(&self.app.areas, self.area, (name, kinship, phone));
        let file = File { name: "网格.csv", bytes: text.as_bytes() };
        let options = Options { dry_run: false, language: Language::Chinese };
        let system = Actor::system();
        let report =
            people::import::run(&self.people, &self.app, &system, "grid", file, options).await.unwrap();
        // The rows before wait for a person's word: both guardians are named until then.
        assert_eq!(report.figures.accepted, 1, "{report:?}");
        self.settle().await;
    }

    /// The school reports the child absent, with what its teacher wrote.
    pub async fn deliver_absence(&self, reason: &str) {
        self.database.clock().advance_milliseconds(60_000);
        let text = format!(
            "姓名,性别,出生日期,学校,缺勤天数,最近缺勤日期,缺勤原因,监护人姓名,监护人电话\n\
             张子涵,女,2015-03-06,西丽小学,3,2026-02-27,{reason},张丽,13812346207\n"
        );
        let file = File { name: "缺勤.csv", bytes: text.as_bytes() };
        let options = Options { dry_run: false, language: Language::Chinese };
        let system = Actor::system();
        let report =
            people::import::run(&self.people, &self.app, &system, "school", file, options).await.unwrap();
        assert_eq!((report.figures.accepted, report.figures.linked), (1, 1), "{report:?}");
        self.settle().await;
    }

    pub async fn actor(&self, worker: Worker) -> Actor {
        let read = self.app.database.read().await.unwrap();
        let now = self.app.now();
        posts::actor(read.connection(), read.keys(), worker.account, worker.post, now).await.unwrap()
    }

    /// A lead as screening would open it, not dispatched yet.
    pub async fn lead(&self, severity: Severity) -> Matter {
        let write = self.database.begin("test.open_lead").await;
        let new = NewMatter {
            program: "minors".to_owned(),
            kind: "lead".to_owned(),
            parent: None,
            opened_from: None,
            subject: Some(self.child),
            area: self.area,
            severity,
            origin: "screening".to_owned(),
            words: MatterWords {
                title: "张*涵".to_owned(),
                summary: "学校报来缺课 9 天，家庭暴力告警 1 次".to_owned(),
                place: String::new(),
            },
            due: None,
            opener: None,
            holder: None,
            organisation: None,
        };
        let matter = self.matters.open(&write, new).await.unwrap();
        write.save().await.unwrap();
        matter
    }

    /// The lead that screening opens for the child of the household.
    pub async fn screened(&self) -> Matter {
        let screener = minors::screening::Screener {
            database: &self.app.database,
            program: self.app.programs.program("minors").unwrap(),
            matters: &self.matters,
        };
        let operation = self.database.operation("test.screen");
        let cause = minors::screening::Cause { operation, delivery: None };
        // The brother who lives there is screened with her.
        assert_eq!(screener.screen(&cause, &[self.child]).await.unwrap().opened, 2);
        self.lead_of_child().await
    }

    /// The open lead about the child.
    pub async fn lead_of_child(&self) -> Matter {
        let read = self.app.database.read().await.unwrap();
        let (connection, keys) = (read.connection(), read.keys());
        self.matters.open_of(connection, keys, "minors", "lead", &[self.child]).await.unwrap().unwrap()
    }

    pub async fn act(&self, worker: Worker, id: MatterId, action: &str, holder: Option<PostId>) -> Matter {
        let actor = self.actor(worker).await;
        let operation = store::Operation { actor: actor.reference(), ..self.database.operation("test.act") };
        let write = self.app.database.write(operation).await.unwrap();
        let (matter, token) =
            self.matters.look_up(write.connection(), write.keys(), &actor, id).await.unwrap();
        let acting =
            Acting {
                action, answers: None, reason: Some("改派给别人"), holder, version: matter.version
            };
        let acted = self.matters.act(&write, &actor, &token, &acting).await.unwrap();
        write.save().await.unwrap();
        acted.matter
    }

    /// A lead that waits for the director to accept it.
    pub async fn dispatched(&self, severity: Severity) -> Matter {
        let lead = self.lead(severity).await;
        self.act(self.supervisor, lead.id, "dispatch", Some(self.director.post)).await
    }

    /// A lead that the director has accepted.
    pub async fn accepted(&self, severity: Severity) -> Matter {
        let lead = self.dispatched(severity).await;
        self.act(self.director, lead.id, "accept", None).await
    }

    /// The supervisor gives a lead that the director has to another director of the community.
    pub async fn hand_to_colleague(&self, id: MatterId) -> Matter {
        self.act(self.supervisor, id, "reassign", Some(self.colleague.post)).await
    }

    /// Somebody leaves their post and works on that of the next community from now on.
    pub async fn move_to_next_community(&self, worker: Worker) -> Worker {
        self.database.clock().advance_milliseconds(1_000);
        let write = self.database.begin("test.move").await;
        let held = posts::tenures_of_account(write.connection(), worker.account).await.unwrap();
        posts::end_tenure(&write, held[0].id, held[0].version, write.at()).await.unwrap();
        let (account, post) = (worker.account, self.neighbour.post);
        let from = write.at();
        let appointment = Appointment { post, account, kind: TenureKind::Regular, from, until: None };
        posts::appoint(&write, &appointment).await.unwrap();
        write.save().await.unwrap();
        Worker { post, ..worker }
    }

    /// The matter as it stands.
    pub async fn matter(&self, id: MatterId) -> Matter {
        let actor = self.actor(self.officer).await;
        let read = self.app.database.read().await.unwrap();
        self.matters.look_up(read.connection(), read.keys(), &actor, id).await.unwrap().0
    }

    pub async fn log_in(&self, worker: Worker) -> Browser<'_> {
        let attempt = Attempt {
            login: worker.login.to_owned(),
            password: self.password.clone(),
            address: "::1".to_owned(),
        };
        let operation = self.database.operation("test.log_in");
        let logged_in = accounts::log_in(&self.app.database, operation, attempt).await.unwrap();
        Browser { office: self, cookie: format!("shouwang={}", logged_in.token.reveal()), language: "zh" }
    }
}

/// The household as the grid writes it, with the guardian that it names of the child: name, kinship, phone.
fn household(areas: &AreaTree, area: AreaPath, (guardian, kinship, phone): (&str, &str, &str)) -> String {
    let name = |level: AreaLevel| areas.get(area.at(level).unwrap()).unwrap().name.clone();
    format!(
        "姓名,身份证号,性别,出生日期,户号,与户主关系,监护人,与监护人关系,监护人电话,区,街道,社区,现住址,标签,登记日期\n\
         张丽,,女,1988-03-06,H1,母亲,,,,{0},{1},{2},王京坑村18栋503,,2026-02-20\n\
         张子涵,,女,2015-03-06,H1,女,{guardian},{kinship},{phone},{0},{1},{2},王京坑村18栋503,家庭暴力,2026-02-20\n\
         张小宇,,男,2022-03-06,H1,子,,,,{0},{1},{2},王京坑村18栋503,,2026-02-20\n",
        name(AreaLevel::District),
        name(AreaLevel::Subdistrict),
        name(AreaLevel::Community)
    )
}

/// A one-time password opens nothing but the page that changes it.
async fn choose_password(database: &TestDatabase, account: AccountId, (given, own): (&Password, &Password)) {
    let operation = database.operation("test.change_password");
    accounts::change_password(&database.database(), operation, account, given.clone(), own.clone())
        .await
        .unwrap();
}

async fn deliver(
    database: &TestDatabase,
    people: &People,
    app: &App,
    areas: &AreaTree,
    area: AreaPath,
) -> PersonId {
    let text = household(areas, area, ("张丽", "母亲", "13812346207"));
    let file = File { name: "网格.csv", bytes: text.as_bytes() };
    let options = Options { dry_run: false, language: Language::Chinese };
    let report = people::import::run(people, app, &Actor::system(), "grid", file, options).await.unwrap();
    assert_eq!(report.figures.new_persons, 3, "{report:?}");
    let read = database.database().read().await.unwrap();
    let delivery = report.delivery.unwrap();
    let mut found = Vec::new();
    for ordinal in 0.. {
        match people::persons::touched(&read, delivery, ordinal).await.unwrap() {
            Some(persons) => found.extend(persons),
            None => break,
        }
    }
    let all = people::persons::repo::by_ids(read.connection(), &found, sea_orm::Condition::all()).await;
    let is_child = |person: &people::persons::Person| {
        let master = person.master(read.keys()).unwrap();
        master.name.is_some_and(|name| name.value == "张子涵")
    };
    all.unwrap().into_iter().find(is_child).unwrap().id
}

/// A session of somebody.
pub struct Browser<'a> {
    pub office: &'a Office,
    pub cookie: String,
    pub language: &'static str,
}

impl Browser<'_> {
    pub async fn ask(&self, request: Request<Body>) -> Response<Body> {
        self.office.assembly.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Response<Body> {
        let request = Request::get(path)
            .header("cookie", &self.cookie)
            .header("accept-language", self.language)
            .body(Body::empty());
        self.ask(request.unwrap()).await
    }

    /// The page at `path`, which must be there.
    pub async fn page(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        text(response).await
    }

    pub async fn token(&self) -> String {
        let page = self.page("/m/me").await;
        between(&page, "data-form-token=\"", "\"").to_owned()
    }

    pub async fn command(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::post(path)
            .header("cookie", &self.cookie)
            .header("accept-language", self.language)
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .header("x-form-token", self.token().await)
            .body(Body::from(body.to_string()));
        answer(self.ask(request.unwrap()).await).await
    }

    /// Sends a form with a picture.
    pub async fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
        accept: &str,
    ) -> Response<Body> {
        let mut body = Vec::new();
        let token = self.token().await;
        let own = [("_token", token.as_str()), ("_once", "0123")];
        // A picture of the queue is done once by its own id.
        let own = if accept == "text/html" { &own[..] } else { &own[..1] };
        for (name, value) in own.iter().chain(fields) {
            body.extend(
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .into_bytes(),
            );
        }
        if let Some((name, bytes)) = file {
            let head = format!(
                "--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.png\"\r\n\
                 Content-Type: image/png\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--x--\r\n");
        let request = Request::post(path)
            .header("cookie", &self.cookie)
            .header("accept", accept)
            .header("accept-language", self.language)
            .header("content-type", "multipart/form-data; boundary=x")
            .body(Body::from(body));
        self.ask(request.unwrap()).await
    }
}

pub async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

pub async fn answer(response: Response<Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, serde_json::from_str(&text(response).await).unwrap_or(Value::Null))
}

pub fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).unwrap_or_else(|| panic!("no {start}")) + start.len();
    let rest = &text[from..];
    &rest[..rest.find(end).unwrap()]
}

/// A picture of one pixel.
pub fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 48, image::Rgb([90, 120, 90]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
