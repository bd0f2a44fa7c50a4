//! An office with its people in their posts, and pages that are asked for as a browser does.

use std::collections::HashMap;
use std::sync::Arc;

use access::accounts::{self, Attempt, Password};
use access::organisations::{self, OrganisationForm, OrganisationKind};
use access::posts::{self, Appointment, PostForm, TenureKind};
use access::users::{self, NewUser, NewUserPost};
use access::{Actor, Roles};
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use base::{AreaLevel, AreaPath, AreaTree, MatterId, OrganisationId, Severity, WorkCalendar};
use http_body_util::BodyExt as _;
use matters::{Matter, MatterWords, Matters, NewMatter};
use people::People;
use policy::{Files, Programs};
use store::Migration;
use store::testing::TestDatabase;
use tower::ServiceExt as _;
use web::{App, Assembly, Site};
use workflow::{Field, FieldKind, Form};

pub fn migrations() -> Vec<Migration> {
    let programs = Arc::new(Programs::load(None).unwrap());
    let people = People::new(&programs).unwrap();
    let matters = matters_of(programs);
    web::migrations(&[
        people::module(&people),
        matters::module(&people, &matters),
        minors::module(&people, &matters),
    ])
}

fn matters_of(programs: Arc<Programs>) -> Matters {
    let roles = Arc::new(Roles::of_programs(&programs).unwrap());
    Matters::new(programs, roles, WorkCalendar::shipped(), minors::consequences()).with_pages(minors::PAGES)
}

/// The office.
pub struct Office {
    pub database: TestDatabase,
    pub app: App,
    pub matters: Matters,
    pub police: OrganisationId,
    pub place: AreaPath,
    assembly: Assembly,
    cookies: HashMap<&'static str, String>,
}

/// What a page answered.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub html: String,
    /// The cookie by which the next page knows what was done.
    said: String,
}

impl Office {
    pub async fn open(database: TestDatabase) -> Self {
        Self::with(database, Files::shipped().unwrap()).await
    }

    /// Under these files of programs.
    pub async fn with(database: TestDatabase, files: Files) -> Self {
        let programs = Arc::new(Programs::read(&files).unwrap());
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
        let place = path(&app, AreaLevel::Community, "西丽社区");
        let district = place.cut_at(AreaLevel::District);
        let form = OrganisationForm {
            kind: OrganisationKind::Department,
            name: "南山公安分局".to_owned(),
            department: Some("police".to_owned()),
            area: district,
        };
        let police = organisations::create(&write, &form).await.unwrap();
        write.save().await.unwrap();
        let people = People::new(&programs).unwrap();
        let matters = matters_of(programs);
        let modules = vec![
            people::module(&people),
            matters::module(&people, &matters),
            minors::module(&people, &matters),
        ];
        let assembly = web::assemble(app.clone(), modules).unwrap();
        let cookies = HashMap::new();
        let mut office = Self { database, app, matters, police, place, assembly, cookies };
        let neighbour = path(&office.app, AreaLevel::Subdistrict, "粤海街道");
        for (login, role, area) in [
            ("director", "child_director", place),
            ("supervisor", "child_supervisor", place.cut_at(AreaLevel::Subdistrict)),
            ("district", "district_officer", district),
            ("city", "city_officer", place.cut_at(AreaLevel::City)),
            ("auditor", "auditor", place.cut_at(AreaLevel::City)),
            ("neighbour", "child_supervisor", neighbour),
        ] {
            office.seat(login, role, area).await;
        }
        office.seat_contact("police", office.police, district).await;
        office
    }

    pub async fn seat(&mut self, login: &'static str, role: &str, area: AreaPath) {
        let post = NewUserPost { role: role.to_owned(), organisation: format!("{login} 单位"), area };
        self.add(login, Some(post)).await;
    }

    /// A contact of a department that is there already.
    async fn seat_contact(&mut self, login: &'static str, organisation: OrganisationId, area: AreaPath) {
        let account = self.add(login, None).await;
        let write = self.database.begin("test.contact").await;
        let form =
            PostForm { role: "department_contact".to_owned(), organisation, title: String::new(), area };
        let post = posts::create(&write, &self.app.roles, &form).await.unwrap();
        let from = self.app.now();
        let appointment = Appointment { post, account, kind: TenureKind::Regular, from, until: None };
        posts::appoint(&write, &appointment).await.unwrap();
        write.save().await.unwrap();
        self.log_in(login).await;
    }

    async fn add(&mut self, login: &'static str, post: Option<NewUserPost>) -> base::AccountId {
        let has_post = post.is_some();
        let new = NewUser { login: login.to_owned(), name: format!("{login} 某"), post };
        let operation = self.database.operation("test.seat");
        let added = users::add(&self.app.database, &self.app.roles, operation, &new).await.unwrap();
        let operation = self.database.operation("test.choose_password");
        let (account, first) = (added.account, added.one_time);
        accounts::change_password(&self.app.database, operation, account, first, password()).await.unwrap();
        if has_post {
            self.log_in(login).await;
        }
        account
    }

    pub async fn log_in(&mut self, login: &'static str) {
        let attempt = Attempt { login: login.to_owned(), password: password(), address: "::1".to_owned() };
        let operation = self.database.operation("test.log_in");
        let logged_in = accounts::log_in(&self.app.database, operation, attempt).await.unwrap();
        self.cookies.insert(login, format!("shouwang={}", logged_in.token.reveal()));
    }

    /// Opens a matter about no person in particular.
    pub async fn open_matter(&self, kind: &str, title: &str) -> MatterId {
        self.open_with(kind, title, |_| ()).await
    }

    /// As `open_matter`, with what `change` makes of it.
    pub async fn open_with(&self, kind: &str, title: &str, change: impl FnOnce(&mut NewMatter)) -> MatterId {
        let write = self.database.begin("test.open").await;
        let mut new = NewMatter {
            program: minors::PROGRAM.to_owned(),
            kind: kind.to_owned(),
            parent: None,
            opened_from: None,
            subject: None,
            area: self.place,
            severity: Severity::High,
            origin: "manual".to_owned(),
            words: MatterWords { title: title.to_owned(), ..MatterWords::default() },
            due: None,
            opener: None,
            holder: None,
            organisation: None,
        };
        change(&mut new);
        let matter = self.matters.open(&write, new).await.unwrap();
        write.save().await.unwrap();
        matter.id
    }

    pub async fn matter(&self, id: MatterId) -> Matter {
        let read = self.app.database.read().await.unwrap();
        self.matters.look_up(read.connection(), read.keys(), &Actor::system(), id).await.unwrap().0
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.assembly.router.clone().oneshot(request).await.unwrap();
        let location = response.headers().get("location");
        let location = location.map(|text| text.to_str().unwrap().to_owned()).unwrap_or_default();
        let said = response.headers().get_all("set-cookie").iter().filter_map(|set| set.to_str().ok());
        let said = said.filter_map(|set| set.split(';').next()).find(|set| set.starts_with("shouwang_said="));
        let said = said.unwrap_or_default().to_owned();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, location, html: String::from_utf8_lossy(&bytes).into_owned(), said }
    }

    /// The page to which an answer leads, as its browser shows it.
    pub async fn follow(&self, login: &str, answer: &Answer) -> String {
        let cookies = format!("{}; {}", self.cookies[login], answer.said);
        let path = answer.location.split('#').next().unwrap();
        let request = Request::get(path).header("cookie", cookies).header("accept-language", "zh-CN");
        let page = self.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        page.html
    }

    pub async fn get_in(&self, login: &str, path: &str, language: &str) -> Answer {
        let request = Request::get(path)
            .header("cookie", self.cookies[login].as_str())
            .header("accept-language", language)
            .body(Body::empty());
        self.ask(request.unwrap()).await
    }

    pub async fn get(&self, login: &str, path: &str) -> Answer {
        self.get_in(login, path, "zh-CN").await
    }

    /// Sends `fields` with what the page `shown` carries unseen.
    pub async fn send(&self, login: &str, shown: &str, path: &str, fields: &[(String, String)]) -> Answer {
        let hidden = ["_token", "_once"].map(|name| (name.to_owned(), value_of(shown, name)));
        let body: Vec<String> = fields
            .iter()
            .chain(&hidden)
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let request = Request::post(path)
            .header("cookie", self.cookies[login].as_str())
            .header("host", "office.example")
            .header("referer", format!("http://office.example{path}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")));
        self.ask(request.unwrap()).await
    }

    /// Takes an action of a matter from its page, with the form filled in where it has one.
    pub async fn act(&self, login: &str, id: MatterId, action: &str, with: &[(&str, &str)]) -> Answer {
        let matter = self.matter(id).await;
        let page = self.get(login, &format!("{}?action={action}", self.matters.path_of(&matter))).await;
        assert_eq!(page.status, StatusCode::OK, "{login} sees the page before {action}");
        let fields = self.fields(&matter, action, with);
        self.send(login, &page.html, &format!("/matters/{id}/act"), &fields).await
    }

    /// What a page sends for an action: its form with every required field answered, `with` before anything else.
    pub fn fields(&self, matter: &Matter, action: &str, with: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut fields = vec![
            pair("action", action),
            pair("version", &matter.version.to_string()),
            pair("draft_version", "0"),
        ];
        let stage = self.matters.stage_of(matter).unwrap();
        let form = stage.actions.get(action).and_then(|action| action.form.as_deref());
        let form = form.and_then(|form| self.matters.workflow_of(matter).unwrap().forms.get(form));
        if let Some(form) = form {
            fields.push(pair("form", &form.key));
            fields.extend(filled(form, with));
        }
        let plain = with.iter().filter(|(name, _)| form.is_none_or(|form| form.field(name).is_none()));
        fields.extend(plain.map(|(name, value)| pair(name, value)));
        fields
    }
}

/// Answers to every field that is shown and required.
fn filled(form: &Form, with: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    loop {
        let (answers, _) = form.read_pairs(&pairs);
        let next = form.shown(&answers).into_iter().find_map(|field| {
            if answers.values.contains_key(&field.key) {
                return None;
            }
            let given =
                with.iter().find(|(name, _)| *name == field.key).map(|(_, value)| (*value).to_owned());
            given.or_else(|| field.required.then(|| usual(field))).map(|value| (field.key.clone(), value))
        });
        match next {
            Some(pair) => pairs.push(pair),
            None => break,
        }
    }
    pairs.into_iter().map(|(key, value)| (format!("f-{key}"), value)).collect()
}

fn usual(field: &Field) -> String {
    match &field.kind {
        FieldKind::Choice { options } | FieldKind::Choices { options } => options[0].key.clone(),
        FieldKind::Text { least, .. } => "如实".repeat((*least).max(1)),
        FieldKind::Number { least, .. } => least.to_string(),
        FieldKind::Date { .. } => "2026-03-02".to_owned(),
        FieldKind::Photos { .. } | FieldKind::Person => String::new(),
    }
}

pub fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The value of a hidden field.
pub fn value_of(html: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    let start = html.find(&marker).unwrap_or_else(|| panic!("the page has no {name}")) + marker.len();
    html[start..].split('"').next().unwrap().to_owned()
}

fn encoded(text: &str) -> String {
    let letters = text.bytes().map(|byte| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    letters.collect()
}

fn password() -> Password {
    Password::new("Men-qian 老榕树 2026".to_owned())
}

fn path(app: &App, level: AreaLevel, name: &str) -> AreaPath {
    let found = app.areas.by_name(level, name);
    app.areas.path_of(*found.first().unwrap()).unwrap()
}
