//! An office for the tests of pages: the application with this crate's module, people of several roles, and a browser
//! for each. Every page test runs on both databases.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use access::accounts::{self, Attempt, Password};
use access::users::{NewUser, NewUserPost};
use access::{Roles, areas, users};
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use base::{AreaLevel, AreaPath, AreaTree};
use http_body_util::BodyExt as _;
use store::jobs::Runner;
use store::testing::TestDatabase;
use tower::ServiceExt as _;
use web::{App, Assembly, Site};

use crate::People;

/// The mark between the parts of a form with a file.
const BOUNDARY: &str = "shouwang-boundary";

pub(crate) struct Office {
    pub(crate) app: App,
    assembly: Assembly,
    runner: Runner<App>,
    cookies: HashMap<&'static str, String>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) text: String,
    pub(crate) refreshes: bool,
}

/// Tables of everything that these tests need.
pub(crate) fn migrations() -> Vec<store::Migration> {
    let programs = policy::Programs::load(None).unwrap();
    web::migrations(&[crate::module(&People::new(&programs).unwrap())])
}

/// The area of this level and name.
pub(crate) fn area(tree: &AreaTree, level: AreaLevel, name: &str) -> AreaPath {
    tree.path_of(tree.by_name(level, name)[0]).unwrap()
}

impl Office {
    /// Opens it with a person in each of the roles that these tests play.
    pub(crate) async fn open(database: &TestDatabase) -> Self {
        let programs = Arc::new(policy::Programs::load(None).unwrap());
        let tree = Arc::new(AreaTree::shipped());
        let app = App {
            database: database.database(),
            clock: database.shared_clock(),
            entropy: database.database().entropy().clone(),
            roles: Arc::new(Roles::of_programs(&programs).unwrap()),
            programs: Arc::clone(&programs),
            areas: web::Areas::new(AreaTree::clone(&tree)),
            site: Arc::new(Site { is_demo: true, is_secure: false }),
        };
        let write = database.begin("test.load_areas").await;
        areas::load(&write, &tree).await.unwrap();
        write.save().await.unwrap();
        let people = People::new(&programs).unwrap();
        let mut assembly = web::assemble(app.clone(), vec![crate::module(&people)]).unwrap();
        let (jobs, listeners) = (std::mem::take(&mut assembly.jobs), std::mem::take(&mut assembly.listeners));
        let runner =
            Runner::new(app.database.clone(), app.clock.clone(), app.clone(), jobs, listeners).await.unwrap();
        let mut office = Self { app, assembly, runner, cookies: HashMap::new() };
        let (nanshan, futian) =
            (area(&tree, AreaLevel::District, "南山区"), area(&tree, AreaLevel::District, "福田区"));
        office.employ(database, "clerk", "feed_clerk", tree.city()).await;
        office.employ(database, "officer", "district_officer", nanshan).await;
        office.employ(database, "neighbour", "district_officer", futian).await;
        office.employ(database, "auditor", "auditor", tree.city()).await;
        office.employ(database, "contact", "department_contact", nanshan).await;
        office
    }

    async fn employ(&mut self, database: &TestDatabase, login: &'static str, role: &str, area: AreaPath) {
        let post = NewUserPost { role: role.to_owned(), organisation: format!("{login} 单位"), area };
        let new = NewUser { login: login.to_owned(), name: "周敏仪".to_owned(), post: Some(post) };
        let operation = database.operation("test.employ");
        let added = users::add(&self.app.database, &self.app.roles, operation, &new).await.unwrap();
        let own = Password::new("Bamboo-Lantern-2026-River");
        let operation = database.operation("test.change_password");
        accounts::change_password(&self.app.database, operation, added.account, added.one_time, own.clone())
            .await
            .unwrap();
        let attempt = Attempt { login: login.to_owned(), password: own, address: "::1".to_owned() };
        let operation = database.operation("test.log_in");
        let logged_in = accounts::log_in(&self.app.database, operation, attempt).await.unwrap();
        self.cookies.insert(login, format!("shouwang={}", logged_in.token.reveal()));
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.assembly.router.clone().oneshot(request).await.unwrap();
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let (status, location) = (response.status(), header("location"));
        let refreshes = header("hx-refresh") == "true";
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, location, text: String::from_utf8_lossy(&bytes).into_owned(), refreshes }
    }

    /// A page in Chinese.
    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.get_in(who, path, "zh-CN").await
    }

    /// A page in another language.
    pub(crate) async fn get_in(&self, who: &str, path: &str, language: &str) -> Answer {
        let request = Request::get(path)
            .header("cookie", &self.cookies[who])
            .header("accept-language", language)
            .body(Body::empty())
            .unwrap();
        self.ask(request).await
    }

    /// A piece of a page, as htmx asks for it.
    pub(crate) async fn piece(&self, who: &str, path: &str) -> Answer {
        let request = Request::get(path)
            .header("cookie", &self.cookies[who])
            .header("hx-request", "true")
            .body(Body::empty())
            .unwrap();
        self.ask(request).await
    }

    /// Sends the form `action` that stands on the page `page`, with these fields, as the page's reader would.
    pub(crate) async fn send(&self, who: &str, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let shown = self.get(who, page).await;
        self.send_tokens(who, action, &tokens(&shown.text), fields).await
    }

    /// Sends a form with the tokens of a page that was seen before.
    pub(crate) async fn send_tokens(
        &self,
        who: &str,
        action: &str,
        (token, once): &(String, String),
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut body = format!("_token={token}&_once={once}");
        for (name, value) in fields {
            write!(body, "&{name}=").unwrap();
            for byte in value.bytes() {
                write!(body, "%{byte:02X}").unwrap();
            }
        }
        let request = Request::post(action)
            .header("cookie", &self.cookies[who])
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept-language", "zh-CN")
            .body(Body::from(body))
            .unwrap();
        self.ask(request).await
    }

    /// Hands a file in.
    pub(crate) async fn hand_in(&self, who: &str, feed: &str, name: &str, bytes: &[u8]) -> Answer {
        let path = format!("/feeds/{feed}");
        let (token, once) = tokens(&self.get(who, &path).await.text);
        let mut body = Vec::new();
        for (field, value) in [("_token", token), ("_once", once)] {
            body.extend_from_slice(
                format!(
                    "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
                )
                .as_bytes(),
            );
        }
        body.extend_from_slice(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
            )
            .as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::post(&path)
            .header("cookie", &self.cookies[who])
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
            .header("accept-language", "zh-CN")
            .body(Body::from(body))
            .unwrap();
        self.ask(request).await
    }

    /// Hands a file in, has it read and applied. Returns the address of its page.
    pub(crate) async fn import(&self, feed: &str, text: &str) -> String {
        let answer = self.hand_in("clerk", feed, "一批.csv", text.as_bytes()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        self.settle().await;
        let page = answer.location;
        let applied = self.send("clerk", &page, &format!("{page}/apply"), &[]).await;
        assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.text);
        self.settle().await;
        page
    }

    /// The first address on a page that begins with `start`, whole.
    pub(crate) async fn link(&self, who: &str, page: &str, start: &str) -> String {
        let text = self.get(who, page).await.text;
        link_in(&text, start).unwrap_or_else(|| panic!("no {start} on {page}: {text}"))
    }

    /// Does all jobs that are due.
    pub(crate) async fn settle(&self) {
        assert_eq!(self.runner.settle().await.unwrap().failed, 0);
    }
}

/// The first address in `text` that begins with `start`, whole.
pub(crate) fn link_in(text: &str, start: &str) -> Option<String> {
    let at = text.find(&format!("\"{start}"))? + 1;
    text[at..].split('"').next().map(str::to_owned)
}

/// The tokens that a page's forms carry; a page without a form of its own has one for the language.
pub(crate) fn tokens(page: &str) -> (String, String) {
    let value = |name: &str| {
        let rest = page.split_once(&format!("name=\"{name}\" value=\""))?.1;
        Some(rest.split_once('"')?.0.to_owned())
    };
    (value("_token").unwrap_or_default(), value("_once").unwrap_or_else(|| "0".repeat(24)))
}
