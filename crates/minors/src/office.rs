//! An office for tests: one street with its people in their posts, and files that are taken in as anybody's are.

use std::collections::HashMap;
use std::sync::Arc;

use access::accounts::{self, Attempt, Password};
use access::users::{self, NewUser, NewUserPost};
use access::{Actor, Roles};
use axum::body::Body;
use axum::http::{Request, Response};
use base::{AreaLevel, AreaPath, AreaTree, Day, MatterId, ResidentId, WorkCalendar};
use http_body_util::BodyExt as _;
use matters::{Matter, Matters};
use people::People;
use people::import::{File, Options};
use store::Migration;
use store::jobs::Runner;
use store::testing::TestDatabase;
use tower::ServiceExt as _;
use web::{App, Assembly, Language, Site};

/// A community of the street that the tests play in.
pub(crate) const COMMUNITY: &str = "大勘社区";
const STREET: &str = "西丽街道";
const DISTRICT: &str = "南山区";

/// The tables that the office needs.
pub(crate) fn migrations() -> Vec<Migration> {
    let programs = policy::Programs::load(None).unwrap();
    let people = People::new(&programs).unwrap();
    let matters = matters_of(Arc::new(programs));
    web::migrations(&[
        people::module(&people),
        matters::module(&people, &matters),
        crate::module(&people, &matters),
    ])
}

fn matters_of(programs: Arc<policy::Programs>) -> Matters {
    let roles = Arc::new(Roles::of_programs(&programs).unwrap());
    Matters::new(programs, roles, WorkCalendar::shipped(), crate::consequences()).with_pages(crate::PAGES)
}

/// The office.
pub(crate) struct Office {
    pub database: TestDatabase,
    pub app: App,
    pub people: People,
    pub matters: Matters,
    assembly: Assembly,
    cookies: HashMap<&'static str, String>,
    actors: HashMap<&'static str, Actor>,
}

impl Office {
    /// Opens it: a director of one community, the street's supervisor, the district, and a supervisor next door.
    pub async fn open(database: TestDatabase) -> Self {
        let mut office = Self::without_people(database).await;
        office.staff().await;
        office
    }

    /// A new office, in which nobody holds a post.
    pub async fn without_people(database: TestDatabase) -> Self {
        let programs = Arc::new(policy::Programs::load(None).unwrap());
        let app = App {
            database: database.database(),
            clock: database.shared_clock(),
            entropy: database.database().entropy().clone(),
            roles: Arc::new(Roles::of_programs(&programs).unwrap()),
            programs: Arc::clone(&programs),
            areas: web::Areas::new(AreaTree::shipped()),
            site: Arc::new(Site { is_demo: true, is_secure: false }),
        };
        let write = database.begin("test.areas").await;
        access::areas::load(&write, &app.areas).await.unwrap();
        write.save().await.unwrap();
        let people = People::new(&programs).unwrap();
        let matters = matters_of(programs);
        let modules = vec![
            people::module(&people),
            matters::module(&people, &matters),
            crate::module(&people, &matters),
        ];
        let assembly = web::assemble(app.clone(), modules).unwrap();
        Self { database, app, people, matters, assembly, cookies: HashMap::new(), actors: HashMap::new() }
    }

    /// Fills its posts.
    pub async fn staff(&mut self) {
        let street = self.street();
        let next_door = self.area(AreaLevel::Subdistrict, "粤海街道");
        for (login, role, area) in [
            ("director", "child_director", self.community()),
            ("supervisor", "child_supervisor", street),
            ("district", "district_officer", street.cut_at(AreaLevel::District)),
            ("city", "city_officer", street.cut_at(AreaLevel::City)),
            ("neighbour", "child_supervisor", next_door),
        ] {
            self.seat(login, role, area).await;
        }
    }

    /// The office after a restart with `rules` added to those of the shipped program, as a version of its own.
    pub async fn restarted_with(mut self, rules: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("programs/minors");
        std::fs::create_dir_all(&path).unwrap();
        let shipped = policy::Files::shipped().unwrap();
        let get = |name: &str| shipped.get(&format!("programs/minors/{name}.toml")).unwrap().to_owned();
        std::fs::write(path.join("rules.toml"), get("rules") + rules).unwrap();
        let declared =
            format!("version = \"{}\"", self.app.programs.program(crate::PROGRAM).unwrap().version);
        let program = get("program").replace(&declared, "version = \"2099.1-1\"");
        std::fs::write(path.join("program.toml"), program).unwrap();
        let mut before = policy::Programs::load(None).unwrap();
        let mut programs = policy::Programs::load(Some(folder.path())).unwrap();
        let write = self.database.begin("test.restart").await;
        matters::versions::keep(&write, &mut before).await.unwrap();
        matters::versions::keep(&write, &mut programs).await.unwrap();
        write.save().await.unwrap();
        let programs = Arc::new(programs);
        self.app.roles = Arc::new(Roles::of_programs(&programs).unwrap());
        self.app.programs = Arc::clone(&programs);
        self.people = People::new(&programs).unwrap();
        self.matters = matters_of(programs);
        self
    }

    fn area(&self, level: AreaLevel, name: &str) -> AreaPath {
        let found = self.app.areas.by_name(level, name);
        self.app.areas.path_of(*found.first().unwrap()).unwrap()
    }

    /// The community with a director.
    pub fn community(&self) -> AreaPath {
        self.area(AreaLevel::Community, COMMUNITY)
    }

    /// The street.
    pub fn street(&self) -> AreaPath {
        self.area(AreaLevel::Subdistrict, STREET)
    }

    pub async fn seat(&mut self, login: &'static str, role: &str, area: AreaPath) {
        let post = NewUserPost { role: role.to_owned(), organisation: format!("{login} 单位"), area };
        let new = NewUser { login: login.to_owned(), name: format!("{login} 某"), post: Some(post) };
        let operation = self.database.operation("test.seat");
        let added = users::add(&self.app.database, &self.app.roles, operation, &new).await.unwrap();
        let own = || Password::new("Laorongshu-2026-xili".to_owned());
        let operation = self.database.operation("test.choose_password");
        let chosen =
            accounts::change_password(&self.app.database, operation, added.account, added.one_time, own());
        chosen.await.unwrap();
        let attempt = Attempt { login: login.to_owned(), password: own(), address: "::1".to_owned() };
        let operation = self.database.operation("test.log_in");
        let logged_in = accounts::log_in(&self.app.database, operation, attempt).await.unwrap();
        self.cookies.insert(login, format!("shouwang={}", logged_in.token.reveal()));
        let read = self.app.database.read().await.unwrap();
        let posts =
            access::posts::present_posts(read.connection(), added.account, self.app.now()).await.unwrap();
        let post = posts.first().unwrap().id;
        let actor = access::posts::actor(read.connection(), read.keys(), added.account, post, self.app.now())
            .await
            .unwrap();
        self.actors.insert(login, actor);
    }

    /// Somebody of the office.
    pub fn actor(&self, login: &str) -> &Actor {
        &self.actors[login]
    }

    /// Takes a file in and does everything that follows.
    pub async fn deliver(&self, feed: &str, text: &str) {
        // Each delivery comes at a time of its own.
        self.database.clock().advance_milliseconds(60_000);
        let file = File { name: "名单.csv", bytes: text.as_bytes() };
        let options = Options { dry_run: false, language: Language::Chinese };
        let system = Actor::system();
        let report = people::import::run(&self.people, &self.app, &system, feed, file, options);
        let report = report.await.unwrap();
        assert_eq!(report.figures.rejected, 0, "{report:?}");
        self.settle().await;
    }

    /// Runs the jobs that wait, and those that follow.
    pub async fn settle(&self) {
        let modules = vec![
            people::module(&self.people),
            matters::module(&self.people, &self.matters),
            crate::module(&self.people, &self.matters),
        ];
        let (mut jobs, mut listeners) = (Vec::new(), Vec::new());
        for module in modules {
            jobs.extend(module.jobs);
            listeners.extend(module.listeners);
        }
        let (database, clock) = (self.app.database.clone(), self.app.clock.clone());
        let runner = Runner::new(database, clock, self.app.clone(), jobs, listeners).await.unwrap();
        let settled = runner.settle().await.unwrap();
        runner.release().await;
        let read = self.app.database.read().await.unwrap();
        let all = store::jobs::list(&read, &store::jobs::Filter::default(), None, 50).await.unwrap();
        let faults: Vec<_> = all.into_iter().filter_map(|job| Some((job.kind, job.error?))).collect();
        assert_eq!(settled.failed, 0, "{faults:?}");
    }

    /// The matters of a kind, open or ended, the oldest first, as the system sees them.
    pub async fn matters_of(&self, kind: &str) -> Vec<Matter> {
        use matters::inbox::{Filter, Standing, Whose};
        let read = self.app.database.read().await.unwrap();
        let (mut all, system) = (Vec::new(), Actor::system());
        for standing in [Standing::Open, Standing::Closed] {
            let kinds = vec![kind.to_owned()];
            let filter = Filter { whose: Whose::Area, standing, kinds, ..Filter::default() };
            let page = self.matters.inbox(&read, &system, &filter, self.app.now(), None, 200);
            all.extend(page.await.unwrap().rows.into_iter().map(|row| row.matter));
        }
        all.sort_by_key(|matter| matter.id);
        all
    }

    /// A page as somebody sees it in a language.
    pub async fn get(&self, login: &str, path: &str, language: &str) -> Response<Body> {
        let request = Request::get(path)
            .header("cookie", self.cookies[login].as_str())
            .header("accept-language", language)
            .body(Body::empty())
            .unwrap();
        self.assembly.router.clone().oneshot(request).await.unwrap()
    }

    /// Sends a form that somebody took from `page`.
    pub async fn post(&self, login: &str, page: &str, path: &str, body: &str) -> Response<Body> {
        let shown = text(self.get(login, page, "zh").await).await;
        let hidden = |name: &str| {
            let marker = format!("name=\"{name}\" value=\"");
            let start = shown.find(&marker).expect("the page has a form") + marker.len();
            shown[start..].split('"').next().unwrap().to_owned()
        };
        let body = format!("{body}&_token={}&_once={}", hidden("_token"), hidden("_once"));
        let request = Request::post(path)
            .header("cookie", self.cookies[login].as_str())
            .header("host", "office.example")
            .header("referer", format!("http://office.example{page}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.assembly.router.clone().oneshot(request).await.unwrap()
    }

    /// One matter as it is now.
    pub async fn matter(&self, id: MatterId) -> Matter {
        let read = self.app.database.read().await.unwrap();
        self.matters.look_up(read.connection(), read.keys(), &Actor::system(), id).await.unwrap().0
    }
}

/// The body of an answer.
pub(crate) async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// A number of this city of somebody born on a day; even orders are women.
pub(crate) fn number(birth: (i16, i8, i8), order: u16) -> String {
    let (year, month, day) = birth;
    ResidentId::compose(440_305, Day::new(year, month, day).unwrap(), order).unwrap().as_str().to_owned()
}

/// Year, month and day.
pub(crate) type Birth = (i16, i8, i8);
/// Household, name, relation, birth, order of the number, tags.
pub(crate) type GridRow<'a> = (&'a str, &'a str, &'a str, Birth, u16, &'a str);
/// Name, birth, order of the number, days absent.
pub(crate) type SchoolRow<'a> = (&'a str, Birth, u16, u32);

const GRID: &str =
    "区,街道,社区,户号,姓名,与户主关系,性别,身份证号码,出生日期,联系电话,现住址,登记日期,标签\n";

/// A file of the grid: household, name, relation, birth, order of the number, tags.
pub(crate) fn grid(rows: &[GridRow<'_>]) -> String {
    let mut file = GRID.to_owned();
    for (household, name, relation, birth, order, tags) in rows {
        let sex = if order % 2 == 0 { "女" } else { "男" };
        let (year, month, day) = birth;
        let line = format!(
            "{DISTRICT},{STREET},{COMMUNITY},{household},{name},{relation},{sex},{},{year}-{month:02}-{day:02},,王京坑村{household}栋301,2025-09-01,{tags}\n",
            number(*birth, *order)
        );
        file.push_str(&line);
    }
    file
}

/// A file of schools: name, birth, order of the number, days absent.
pub(crate) fn school(rows: &[SchoolRow<'_>]) -> String {
    let mut file = "学籍号,姓名,身份证号,学校,班级,缺勤天数,最近缺勤日期\n".to_owned();
    for (name, birth, order, days) in rows {
        let number = number(*birth, *order);
        let line = format!("G{number},{name},{number},西丽小学,五（2）班,{days},2026-02-20\n");
        file.push_str(&line);
    }
    file
}

/// A picture as a camera hands it over.
pub(crate) fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 48, image::Rgb([90, 120, 90]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
