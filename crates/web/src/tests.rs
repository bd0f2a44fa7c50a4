//! Requests from outside: what a person meets who has no session, sends a form twice, or asks for what is not there.
//! Every test runs on both databases.

use std::sync::Arc;

use access::Roles;
use access::accounts::{self, AccountForm, Attempt, Password};
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use axum::response::{Html, IntoResponse as _};
use http_body_util::BodyExt as _;
use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use store::testing::TestDatabase;
use tower::ServiceExt as _;
use web::{
    App, Assembly, AssemblyError, Ctx, Form, FromForm, Module, PageResult, Pages, Reader, Rule, Site,
    WebError,
};

store::on_both! { web::migrations(&[]) =>
    a_form_sent_twice_is_done_once,
    a_form_without_its_token_does_nothing,
    what_was_typed_comes_back_after_a_log_in,
    words_come_back_although_a_large_picture_was_sent_with_them,
    errors_have_their_page_and_number,
    the_next_page_says_once_what_was_done,
    nobody_is_told_what_another_has_done,
    the_address_of_a_form_leads_to_its_page,
    a_panic_is_an_error_page_and_headers_are_set,
    a_phone_without_signal_has_a_page_that_is_nobodys,
}

struct Note {
    text: String,
}

impl FromForm for Note {
    fn read(form: &mut Reader) -> Option<Self> {
        let text = form.text("text", 20);
        Some(Self { text: text? })
    }
}

/// Shows what stands in the form, with what a page's form carries unseen.
async fn show(ctx: Ctx) -> PageResult {
    let (typed, tokens) = (ctx.typed("/notes"), ctx.tokens());
    let said = ctx.shell("/notes", "notes").await?.said.unwrap_or_default();
    let shown =
        format!("text={}\ntoken={}\nonce={}\nsaid={said}\n", typed.value("text"), tokens.token, tokens.once);
    Ok(Html(shown).into_response())
}

async fn keep(ctx: Ctx, form: Form<Note>) -> PageResult {
    let Some(note) = form.input else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, form.typed.value("text").to_owned()).into_response());
    };
    let write = ctx.write("test.keep_note").await?;
    write
        .record(store::Event { kind: "test.note_kept", after: note.text.into(), ..store::Event::default() })
        .await?;
    ctx.save_saying(write, "/notes", "the note is kept").await
}

/// A file to keep.
async fn download(_: Ctx) -> PageResult {
    Ok("a,b\n".into_response())
}

async fn break_off(_: Ctx) -> PageResult {
    panic!("a mistake of ours")
}

fn notes() -> Module {
    let pages = Pages::new()
        .get("/notes", Rule::LoggedIn, show)
        .post("/notes", Rule::LoggedIn, keep)
        .post("/notes/{id}/keep", Rule::LoggedIn, keep)
        .get("/notes.csv", Rule::LoggedIn, download)
        .get("/break", Rule::LoggedIn, break_off)
        .get("/directors", Rule::May(&[("read", "nothing")]), show);
    Module { pages, ..Module::new("notes") }
}

struct Office {
    database: TestDatabase,
    app: App,
    assembly: Assembly,
    password: Password,
}

impl Office {
    async fn open(database: TestDatabase) -> Self {
        let app = App {
            database: database.database(),
            clock: database.shared_clock(),
            entropy: database.database().entropy().clone(),
            programs: Arc::new(policy::Programs::load(None).unwrap()),
            roles: Arc::new(Roles::new([])),
            areas: crate::Areas::new(base::AreaTree::shipped()),
            site: Arc::new(Site { is_demo: false, is_secure: false }),
        };
        let password = Password::one_time(&app.entropy);
        let hash = accounts::hash_password(password.clone(), &app.entropy).await.unwrap();
        let write = database.begin("test.create_account").await;
        let form =
            AccountForm { login: "tan".to_owned(), name: "谭志强".to_owned(), phone: String::new() };
        let account = accounts::create(&write, &form, Some(&hash)).await.unwrap();
        write.save().await.unwrap();
        // With a one-time password nothing else is open yet.
        let chosen = Password::new("Long-enough-for-a-test-7".to_owned());
        let operation = database.operation("test.choose_password");
        accounts::change_password(&app.database, operation, account, password, chosen.clone()).await.unwrap();
        let password = chosen;
        let assembly = web::assemble(app.clone(), vec![notes()]).unwrap();
        Self { database, app, assembly, password }
    }

    async fn log_in(&self) -> String {
        self.log_in_as("tan", self.password.clone()).await
    }

    /// A second account, in a session of its own.
    async fn log_in_another(&self) -> String {
        let issued = Password::one_time(&self.app.entropy);
        let hash = accounts::hash_password(issued.clone(), &self.app.entropy).await.unwrap();
        let write = self.database.begin("test.create_account").await;
        let form =
            AccountForm { login: "lin".to_owned(), name: "林小梅".to_owned(), phone: String::new() };
        let account = accounts::create(&write, &form, Some(&hash)).await.unwrap();
        write.save().await.unwrap();
        let chosen = Password::new("Long-enough-for-a-test-8".to_owned());
        let operation = self.database.operation("test.choose_password");
        accounts::change_password(&self.app.database, operation, account, issued, chosen.clone())
            .await
            .unwrap();
        self.log_in_as("lin", chosen).await
    }

    async fn log_in_as(&self, login: &str, password: Password) -> String {
        let attempt = Attempt { login: login.to_owned(), password, address: "::1".to_owned() };
        let operation = self.database.operation("test.log_in");
        let logged_in = accounts::log_in(&self.app.database, operation, attempt).await.unwrap();
        format!("shouwang={}", logged_in.token.reveal())
    }

    async fn ask(&self, request: Request<Body>) -> Response<Body> {
        self.assembly.router.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str, cookie: &str) -> Response<Body> {
        self.ask(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, cookie: &str, body: &str) -> Response<Body> {
        let request = Request::post("/notes")
            .header("cookie", cookie)
            .header("host", "office.example")
            .header("referer", "http://office.example/notes")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.ask(request).await
    }

    async fn kept(&self) -> usize {
        let read = self.app.database.read().await.unwrap();
        let select = Query::select()
            .column("id")
            .from("journal")
            .and_where(Expr::col("kind").eq("test.note_kept"))
            .to_owned();
        read.connection().query_all(&select).await.unwrap().len()
    }
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// The value of `name=` in what `show` wrote.
fn field(shown: &str, name: &str) -> String {
    shown.lines().find_map(|line| line.strip_prefix(&format!("{name}="))).unwrap().to_owned()
}

async fn a_form_sent_twice_is_done_once(database: TestDatabase) {
    let site = Office::open(database).await;
    let cookie = site.log_in().await;
    let shown = text(site.get("/notes", &cookie).await).await;
    let body = format!("text=a&_token={}&_once={}", field(&shown, "token"), field(&shown, "once"));
    for _ in 0..3 {
        let response = site.post(&cookie, &body).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()["location"], "/notes");
    }
    assert_eq!(site.kept().await, 1);
    site.post(&cookie, &body.replace("text=a", "text=b")).await;
    assert_eq!(site.kept().await, 2, "other content from the same page is another act");
    let refused = site.post(&cookie, &body.replace("text=a", "text=")).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

async fn a_form_without_its_token_does_nothing(database: TestDatabase) {
    let site = Office::open(database).await;
    let (one, other) = (site.log_in().await, site.log_in().await);
    let foreign = field(&text(site.get("/notes", &other).await).await, "token");
    for body in ["text=a".to_owned(), format!("text=a&_token={foreign}")] {
        assert_eq!(site.post(&one, &body).await.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(site.kept().await, 0);
}

async fn what_was_typed_comes_back_after_a_log_in(database: TestDatabase) {
    let site = Office::open(database).await;
    let cookie = site.log_in().await;
    let token = field(&text(site.get("/notes", &cookie).await).await, "token");
    site.database.clock().advance_milliseconds(3 * 3_600_000);
    let ended = site.post(&cookie, &format!("text=typed&_token={token}")).await;
    assert_eq!(ended.status(), StatusCode::SEE_OTHER);
    let location = ended.headers()["location"].to_str().unwrap().to_owned();
    let next = location.strip_prefix("/log-in?next=").unwrap();
    let next = percent_encoding::percent_decode_str(next).decode_utf8().unwrap().into_owned();
    assert!(next.starts_with("/notes?parked="), "{next}");
    let again = site.log_in().await;
    assert_eq!(field(&text(site.get(&next, &again).await).await, "text"), "typed");
    assert_eq!(site.kept().await, 0);

    // A form whose token was never this session's is not kept for anybody.
    let forged = site.post(&cookie, "text=forged&_token=x.y.z").await;
    assert!(!forged.headers()["location"].to_str().unwrap().contains("parked"));
}

async fn words_come_back_although_a_large_picture_was_sent_with_them(database: TestDatabase) {
    let site = Office::open(database).await;
    let cookie = site.log_in().await;
    let token = field(&text(site.get("/notes", &cookie).await).await, "token");
    site.database.clock().advance_milliseconds(3 * 3_600_000);
    let part = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let picture = "photo\"; filename=\"a.jpg";
    let body = [part("_token", &token), part(picture, &"a".repeat(3 << 20)), part("text", "typed")].concat();
    let request = Request::post("/notes")
        .header("cookie", &cookie)
        .header("host", "office.example")
        .header("referer", "http://office.example/notes")
        .header("content-type", "multipart/form-data; boundary=x")
        .body(Body::from(format!("{body}--x--\r\n")))
        .unwrap();
    let ended = site.ask(request).await;
    assert_eq!(ended.status(), StatusCode::SEE_OTHER);
    let location = ended.headers()["location"].to_str().unwrap().to_owned();
    let next = percent_encoding::percent_decode_str(location.strip_prefix("/log-in?next=").unwrap());
    let next = next.decode_utf8().unwrap().into_owned();
    let again = site.log_in().await;
    assert_eq!(field(&text(site.get(&next, &again).await).await, "text"), "typed");
}

/// The cookie that a response sets, as a browser sends it back.
fn cookie_set(response: &Response<Body>, name: &str) -> String {
    let set = response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    set.filter_map(|value| value.split(';').next()).find(|pair| pair.starts_with(name)).unwrap().to_owned()
}

async fn the_next_page_says_once_what_was_done(database: TestDatabase) {
    let site = Office::open(database).await;
    let cookie = site.log_in().await;
    let shown = text(site.get("/notes", &cookie).await).await;
    let body = format!("text=a&_token={}&_once={}", field(&shown, "token"), field(&shown, "once"));
    // Sent twice, for the first answer may never reach a browser that was clicked in twice.
    for _ in 0..2 {
        let done = site.post(&cookie, &body).await;
        assert_eq!(done.headers()["location"], "/notes");
        let said = cookie_set(&done, "shouwang_said");
        assert!(!said.contains("kept"), "the words stand in no cookie");
        let with = format!("{cookie}; {said}");
        let request = Request::get("/notes").header("cookie", &with).header("accept", "image/png,*/*");
        let picture = site.ask(request.body(Body::empty()).unwrap()).await;
        assert!(picture.headers().get("set-cookie").is_none(), "a picture says nothing and uses nothing up");
        let file = site.get("/notes.csv", &with).await;
        assert!(file.headers().get("set-cookie").is_none(), "a download uses nothing up either");
        let page = site.get("/notes", &with).await;
        assert_eq!(cookie_set(&page, "shouwang_said"), "shouwang_said=");
        assert_eq!(field(&text(page).await, "said"), "the note is kept");
    }
    assert_eq!(field(&text(site.get("/notes", &cookie).await).await, "said"), "");
}

async fn nobody_is_told_what_another_has_done(database: TestDatabase) {
    let site = Office::open(database).await;
    let cookie = site.log_in().await;
    let shown = text(site.get("/notes", &cookie).await).await;
    let body = format!("text=a&_token={}&_once={}", field(&shown, "token"), field(&shown, "once"));
    let said = cookie_set(&site.post(&cookie, &body).await, "shouwang_said");
    let other = site.log_in_another().await;
    let page = text(site.get("/notes", &format!("{other}; {said}")).await).await;
    assert_eq!(field(&page, "said"), "", "the phone has passed on to somebody else");

    let mut out = Response::new(Body::empty());
    web::session::end(&site.app.site, &mut out);
    assert_eq!(cookie_set(&out, "shouwang_said"), "shouwang_said=");
}

async fn the_address_of_a_form_leads_to_its_page(database: TestDatabase) {
    let site = Office::open(database).await;
    let cookie = site.log_in().await;
    let page = site.get("/notes/7/keep?parked=x", &cookie).await;
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    assert_eq!(page.headers()["location"], "/notes?parked=x");
}

async fn errors_have_their_page_and_number(database: TestDatabase) {
    let site = Office::open(database).await;
    let cookie = site.log_in().await;
    let missing = site.get("/nothing/here", &cookie).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    let number = missing.headers()["x-operation"].to_str().unwrap().to_owned();
    let page = text(missing).await;
    assert!(page.contains("没有这个页面或记录") && page.contains(&number), "{page}");
    assert_eq!(site.get("/directors", &cookie).await.status(), StatusCode::FORBIDDEN);

    let request = Request::get("/nothing").header("accept", "application/json").body(Body::empty()).unwrap();
    let problem = site.ask(request).await;
    assert_eq!(problem.headers()["content-type"], "application/problem+json; charset=utf-8");

    let request = Request::get("/notes").header("hx-request", "true").body(Body::empty()).unwrap();
    let fragment = site.ask(request).await;
    assert_eq!(fragment.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(fragment.headers()["hx-redirect"], "/log-in?next=%2Fnotes");
    assert!(!text(fragment).await.contains("<html"));
}

async fn a_panic_is_an_error_page_and_headers_are_set(database: TestDatabase) {
    let site = Office::open(database).await;
    let cookie = site.log_in().await;
    let response = site.get("/break", &cookie).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(
        response.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none';")
    );
    assert!(!text(response).await.contains("a mistake of ours"), "nothing of the inside is shown");
    for (path, language, words) in
        [("/components", "en", "Components"), ("/components/phone", "zh", "部件总览")]
    {
        let request = Request::get(path).header("accept-language", language).body(Body::empty()).unwrap();
        let page = site.ask(request).await;
        assert_eq!(page.status(), StatusCode::OK);
        let page = text(page).await;
        assert!(page.contains(words), "{page}");
        assert!(!page.contains(" style="), "the policy forbids styles inside the page");
    }
    assert_eq!(text(site.get("/readyz", "").await).await, "ok\n");
}

async fn a_phone_without_signal_has_a_page_that_is_nobodys(database: TestDatabase) {
    let site = Office::open(database).await;
    let cookie = site.log_in().await;
    let mut pages = Vec::new();
    for cookie in ["", &cookie] {
        let page = site.get("/m/offline", cookie).await;
        assert_eq!(page.status(), StatusCode::OK);
        pages.push(text(page).await);
    }
    assert_eq!(pages[0], pages[1], "whoever asks gets the same");
    for words in ["没有信号", "No signal", "您写下的还在", "What you wrote is still there", "再试", "110"]
    {
        assert!(pages[0].contains(words), "{words}");
    }
    for hidden in ["谭志强", "token", "<script", " style="] {
        assert!(!pages[0].contains(hidden), "{hidden}: {}", pages[0]);
    }
    let worker = site.get("/m/worker.js", "").await;
    let headers = worker.headers().clone();
    assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(
        (&headers["service-worker-allowed"], &headers["cache-control"]),
        (&"/m".parse().unwrap(), &"no-cache".parse().unwrap())
    );
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'") && policy.contains("connect-src 'self'"), "{policy}");
    let script = text(worker).await;
    assert!(
        script.contains("const PAGE = \"/m/offline\"") && script.contains("credentials: \"omit\""),
        "{script}"
    );
    // One place puts something into the cache, and it goes through the list.
    assert_eq!(script.matches(".put(").count(), 1, "{script}");
    let kept: Vec<&str> =
        script.split("const KEPT = [").nth(1).unwrap().split(']').next().unwrap().split(", ").collect();
    assert!(kept.len() == 3 && kept.iter().all(|path| path.starts_with("\"/assets/")), "{kept:?}");
}

#[tokio::test]
async fn a_name_used_twice_stops_the_start() {
    let site = Office::open(store::testing::sqlite(&web::migrations(&[])).await).await;
    let twice = web::assemble(site.app.clone(), vec![notes(), notes()]).err();
    assert_eq!(twice, Some(AssemblyError::NameTwice { what: "module", name: "notes".to_owned() }));
    let pages = Pages::new().get("/notes", Rule::Anyone, || async { WebError::NotFound });
    let other = Module { pages, ..Module::new("other") };
    let clash = web::assemble(site.app.clone(), vec![notes(), other]).err();
    assert!(matches!(
        clash,
        Some(AssemblyError::RouteTwice { path: "/notes", one: "notes", other: "other", .. })
    ));
    assert!(site.assembly.routes.iter().any(|route| route.path == "/notes" && route.module == "notes"));
}
