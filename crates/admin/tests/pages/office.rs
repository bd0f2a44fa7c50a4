//! An office to be tested: its areas, one account for each role, and a browser that keeps its cookies.

use std::collections::HashMap;
use std::sync::Arc;

use access::accounts::{self, Password};
use access::users::{self, NewUser, NewUserPost};
use access::{CITY, Roles};
use axum::body::Body;
use base::{AccountId, AreaLevel, AreaPath, AreaTree};
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use store::Migration;
use store::clock::OfficeClock;
use store::testing::TestDatabase;
use tower::ServiceExt as _;
use web::{App, Assembly, Site};

/// A password that everybody here has chosen.
pub const OWN: &str = "a sentence of one's own, 7";

/// The tables that administration needs.
pub fn migrations() -> Vec<Migration> {
    [web::migrations(&[]), people::migrations(), matters::migrations()].concat()
}

pub struct Office {
    pub database: TestDatabase,
    pub app: App,
    pub assembly: Assembly,
}

/// Where an account is used: the cookies that it has been given.
pub struct Browser<'a> {
    office: &'a Office,
    cookies: HashMap<String, String>,
    /// The page that is looked at.
    at: String,
    pub language: &'static str,
}

/// The title of the posts that the module of [`keeper`] keeps.
pub const KEPT_TITLE: &str = "留任岗";

/// A module that has something at every post with a title, as one of a program would.
fn keeper() -> web::Module {
    web::Module {
        keeps: Some(|_ctx, connection, post| {
            Box::pin(async move {
                let post = access::posts::get(connection, post).await?;
                let list = Some(("/somewhere?post=1".to_owned(), "查看这两件".to_owned()));
                Ok((post.title == KEPT_TITLE)
                    .then(|| web::Kept { words: "本岗位还有别处的两件。".to_owned(), list }))
            })
        }),
        ..web::Module::new("keeper")
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
}

impl Office {
    pub async fn open(database: TestDatabase) -> Self {
        Self::open_as(database, false).await
    }

    pub async fn open_as(database: TestDatabase, is_demo: bool) -> Self {
        let programs = policy::Programs::load(None).unwrap();
        let clock = Arc::new(OfficeClock::new(database.shared_clock()));
        let app = App {
            database: database.database(),
            clock: clock.clone(),
            entropy: database.database().entropy().clone(),
            roles: Arc::new(Roles::of_programs(&programs).unwrap()),
            programs: Arc::new(programs),
            areas: web::Areas::new(AreaTree::shipped()),
            site: Arc::new(Site { is_demo, is_secure: false }),
        };
        let write = database.begin("test.load_areas").await;
        access::areas::load(&write, &app.areas).await.unwrap();
        write.save().await.unwrap();
        let assembly = web::assemble(app.clone(), vec![admin::module(&clock), keeper()]).unwrap();
        Self { database, app, assembly }
    }

    /// The area by its name with those above it.
    pub fn area(&self, name: &str) -> AreaPath {
        let areas = &self.app.areas;
        areas.all().iter().find(|area| areas.name_of(&area.path) == name).unwrap().path
    }

    /// An area of the level at which the role's posts are.
    pub fn area_for(&self, role: &str) -> AreaPath {
        let level = *self.app.roles.get(role).unwrap().levels.first().unwrap();
        let community = self.app.areas.all().iter().find(|area| area.level == AreaLevel::Community);
        community.map_or(CITY, |area| area.path.cut_at(level))
    }

    /// A new account in a post, with its one-time password.
    pub async fn add(&self, login: &str, role: &str, area: AreaPath) -> (AccountId, Password) {
        let post = NewUserPost { role: role.to_owned(), organisation: "测试机构".to_owned(), area };
        let new = NewUser { login: login.to_owned(), name: format!("名{login}"), post: Some(post) };
        let operation = self.database.operation("test.add_user");
        let added = users::add(&self.app.database, &self.app.roles, operation, &new).await.unwrap();
        (added.account, added.one_time)
    }

    /// A new account that has chosen its own password, and a browser in which it is logged in.
    pub async fn enter(&self, login: &str, role: &str) -> Browser<'_> {
        self.enter_at(login, role, self.area_for(role)).await
    }

    pub async fn enter_at(&self, login: &str, role: &str, area: AreaPath) -> Browser<'_> {
        let (account, one_time) = self.add(login, role, area).await;
        let operation = self.database.operation("test.change_password");
        accounts::change_password(&self.app.database, operation, account, one_time, Password::new(OWN))
            .await
            .unwrap();
        let mut browser = self.browser();
        let entered = browser.log_in(login, OWN).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{login} is not let in");
        browser
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { office: self, cookies: HashMap::new(), at: "/".to_owned(), language: "zh-CN" }
    }

    /// How many entries of a kind the journal has.
    pub async fn recorded(&self, kind: &str) -> usize {
        let read = self.app.database.read().await.unwrap();
        let filter = store::journal::Filter { kinds: vec![kind.to_owned()], ..Default::default() };
        store::journal::list(&read, &filter, None, 500).await.unwrap().len()
    }
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        let answer = self.ask(Method::GET, path, None).await;
        if answer.status == StatusCode::OK {
            path.clone_into(&mut self.at);
        }
        answer
    }

    /// The page at `path`, which must be there.
    pub async fn page(&mut self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.text
    }

    /// Sends a form from the page at `from`: with its tokens, as a browser does.
    pub async fn send(&mut self, from: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.page(from).await;
        self.send_with(&page, action, fields).await
    }

    /// Sends a form of a page that was read before.
    pub async fn send_with(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let (token, once) = (hidden(page, "_token"), hidden(page, "_once"));
        let mut all = vec![("_token", token.as_str()), ("_once", once.as_str())];
        all.extend(fields);
        self.ask(Method::POST, action, Some(encode(&all))).await
    }

    /// Sends fields without the tokens of any page.
    pub async fn send_bare(&mut self, action: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(Method::POST, action, Some(encode(fields))).await
    }

    pub async fn log_in(&mut self, login: &str, password: &str) -> Answer {
        self.send("/log-in", "/log-in", &[("login", login), ("password", password)]).await
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    async fn ask(&mut self, method: Method, path: &str, body: Option<String>) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "office.example")
            .header("referer", format!("http://office.example{}", self.at))
            .header("accept-language", self.language)
            .header("cookie", cookies.join("; "));
        if body.is_some() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let request = request.body(Body::from(body.unwrap_or_default())).unwrap();
        let response = self.office.assembly.router.clone().oneshot(request).await.unwrap();
        self.keep_cookies(&response);
        let location = response.headers().get("location");
        let location = location.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, location, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    fn keep_cookies(&mut self, response: &Response<Body>) {
        for cookie in response.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The value of the first hidden field `name` of a page, or nothing.
pub fn hidden(page: &str, name: &str) -> String {
    after(page, &format!("name=\"{name}\" value=\""))
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .unwrap_or_default()
}

/// What stands behind the first `mark`.
pub fn after<'a>(page: &'a str, mark: &str) -> Option<&'a str> {
    page.find(mark).map(|place| &page[place + mark.len()..])
}

fn encode(fields: &[(&str, &str)]) -> String {
    let one = |text: &str| {
        let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        bytes.concat()
    };
    fields.iter().map(|(name, value)| format!("{}={}", one(name), one(value))).collect::<Vec<_>>().join("&")
}
