//! The way in: what a stranger, somebody new, and somebody who mistypes meet.

use access::accounts::Password;
use http::StatusCode;
use store::testing::TestDatabase;

use crate::office::{OWN, Office, after, migrations};

store::on_both! { migrations() =>
    each_role_begins_at_home,
    five_failures_lock_whoever_it_is,
    a_one_time_password_opens_nothing_but_the_account,
    a_new_password_ends_every_other_session,
    a_session_that_ended_leads_back_and_keeps_no_password,
    a_form_without_its_token_does_nothing,
    whoever_holds_two_posts_chooses,
    a_post_that_is_given_is_there_at_once,
}

async fn each_role_begins_at_home(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut stranger = office.browser();
    let sent = stranger.get("/admin/users").await;
    assert_eq!(
        (sent.status, sent.location.as_str()),
        (StatusCode::SEE_OTHER, "/log-in?next=%2Fadmin%2Fusers")
    );
    // The homes of other modules are not served here: those who begin there are led to the first of what they have.
    for (role, home) in [
        ("administrator", "/admin/users"),
        ("auditor", "/admin/journal"),
        ("child_supervisor", "/admin/posts"),
        ("department_contact", "/account"),
    ] {
        let mut browser = office.enter(&role.replace('_', "-"), role).await;
        assert_eq!(browser.get("/").await.location, home, "{role}");
        assert_eq!(browser.get("/log-in?next=%2Faccount").await.location, "/account", "{role} is in already");
    }
}

/// The sentence in the red box of a page.
fn refusal(page: &str) -> String {
    let alert = after(page, "sw-alert urgent").and_then(|rest| after(rest, "<b>")).unwrap_or_default();
    alert.split("</div>").next().unwrap_or_default().to_owned()
}

async fn five_failures_lock_whoever_it_is(database: TestDatabase) {
    let office = Office::open(database).await;
    office.enter("tan", "child_supervisor").await;
    let (mut known, mut unknown) = (office.browser(), office.browser());
    for attempt in 1..=6 {
        let at_known = known.log_in("tan", "wrong").await;
        let at_unknown = unknown.log_in("nobody", "wrong").await;
        assert_eq!(at_known.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refusal(&at_known.text), refusal(&at_unknown.text), "attempt {attempt} tells who exists");
        let words = if attempt == 6 { "还有 10 分钟" } else { "登录名或密码不对" };
        assert!(refusal(&at_known.text).contains(words), "{}", refusal(&at_known.text));
    }
    let right = known.log_in("tan", OWN).await;
    assert!(refusal(&right.text).contains("已锁定"), "the right password opens a locked name");
    known.language = "en";
    assert!(refusal(&known.log_in("tan", OWN).await.text).contains("is locked for 10 more minutes"));
    office.database.clock().advance_milliseconds(10 * 60_000);
    assert_eq!(known.log_in("tan", OWN).await.status, StatusCode::SEE_OTHER);
}

async fn a_one_time_password_opens_nothing_but_the_account(database: TestDatabase) {
    let office = Office::open(database).await;
    let (_, one_time) = office.add("han", "administrator", office.area_for("administrator")).await;
    let mut browser = office.browser();
    browser.log_in("han", one_time.reveal()).await;
    for route in office.assembly.routes.iter().filter(|route| route.module == "admin") {
        let path = route.path.replace("{id}", "1");
        let opens = matches!(route.rule, web::Rule::Anyone | web::Rule::OwnAccount);
        if opens || route.method != http::Method::GET {
            continue;
        }
        let answer = browser.get(&path).await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/account"), "{path}");
    }
    assert_eq!(browser.get("/").await.location, "/account");
    let first = browser.page("/account").await;
    assert!(first.contains("请先设自己的密码") && !first.contains("我的岗位"));
    let form = [("name", "新人"), ("login", "newcomer"), ("phone", "")];
    assert_eq!(browser.send_with(&first, "/admin/users", &form).await.location, "/account");
    assert_eq!(office.recorded("access.account_created").await, 1, "only their own");

    let change = |new: &'static str, again: &'static str| {
        vec![
            ("password_old", one_time.reveal().to_owned()),
            ("password_new", new.into()),
            ("password_again", again.into()),
        ]
    };
    let send = |fields: Vec<(&'static str, String)>| fields;
    for (new, again, fault) in [
        ("short", "short", "至少 10 个字符"),
        (OWN, "another sentence of some length", "两次输入的新密码不同"),
        ("hanhanhan-Han1", "hanhanhan-Han1", "不能含有登录名"),
    ] {
        let fields = send(change(new, again));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = browser.send("/account", "/account/password", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(fault), "{fault}");
        assert!(!refused.text.contains(one_time.reveal()), "a password is shown again");
    }
    let fields = change(OWN, OWN);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.send("/account", "/account/password", &fields).await.location, "/");
    browser.page("/admin/users").await;
    assert_eq!(
        office.browser().log_in("han", one_time.reveal()).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

async fn a_new_password_ends_every_other_session(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut here = office.enter("tan", "child_supervisor").await;
    let mut elsewhere = office.browser();
    elsewhere.log_in("tan", OWN).await;
    let new = "another sentence, 19 words";
    let fields = [("password_old", OWN), ("password_new", new), ("password_again", new)];
    assert_eq!(here.send("/account", "/account/password", &fields).await.location, "/account?done=password");
    let page = here.page("/account?done=password").await;
    assert!(page.contains("密码已更改") && page.contains("当前岗位"), "the post is kept");
    assert_eq!(elsewhere.get("/account").await.location, "/log-in?next=%2Faccount");
    let left = here.send("/account", "/log-out", &[]).await;
    assert_eq!(left.location, "/log-in?left=1");
    assert!(here.cookie("shouwang").is_none(), "the cookie is taken back");
    assert_eq!(here.get("/account").await.status, StatusCode::SEE_OTHER);
}

async fn a_session_that_ended_leads_back_and_keeps_no_password(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut browser = office.enter("han", "administrator").await;
    let account = browser.page("/account").await;
    let page = browser.page("/admin/organisations/new").await;
    office.database.clock().advance_milliseconds(3 * 3_600_000);
    let fields = [("name", "刚写的名称"), ("area", "南山区")];
    let ended = browser.send_with(&page, "/admin/organisations", &fields).await;
    let next = ended.location.strip_prefix("/log-in?next=").unwrap().to_owned();
    let next = next.replace("%2F", "/").replace("%3F", "?").replace("%3D", "=").replace("%2D", "-");
    assert!(next.starts_with("/admin/organisations/new?parked="), "{next}");
    assert!(browser.page(&ended.location).await.contains("刚才填写的内容还在"));
    let fields = [("login", "han"), ("password", OWN), ("next", next.as_str())];
    assert_eq!(browser.send(&ended.location, "/log-in", &fields).await.location, next);
    assert!(browser.page(&next).await.contains("刚写的名称"), "what was typed is given back");

    office.database.clock().advance_milliseconds(3 * 3_600_000);
    let secret = [("password_old", OWN), ("password_new", "a secret sentence 9"), ("password_again", "x")];
    let ended = browser.send_with(&account, "/account/password", &secret).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
}

async fn a_form_without_its_token_does_nothing(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut browser = office.enter("han", "administrator").await;
    for route in office.assembly.routes.iter().filter(|route| route.module == "admin") {
        if route.method == http::Method::POST {
            let id = if route.path.starts_with("/admin/areas") {
                "1"
            } else {
                "01a20000-0000-7000-8000-000000000000"
            };
            let path = route
                .path
                .replace("{id}", id)
                .replace("{listener}", "test.stubborn")
                .replace("{number}", "1");
            let refused = browser.send_bare(&path, &[("name", "x"), ("version", "1")]).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
}

async fn whoever_holds_two_posts_chooses(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut browser = office.enter("tan", "child_supervisor").await;
    let (account, _) = {
        let read = office.app.database.read().await.unwrap();
        let account = access::accounts::by_login(read.connection(), read.keys(), "tan").await.unwrap();
        (account.id, account.version)
    };
    let write = office.database.begin("test.appoint").await;
    let read = access::organisations::list(
        write.connection(),
        &access::organisations::OrganisationFilter::default(),
        None,
        10,
    )
    .await
    .unwrap();
    let seat = access::users::Seat {
        role: "auditor".to_owned(),
        organisation: read[0].id,
        area: access::CITY,
        kind: access::posts::TenureKind::Cover,
        from: write.at(),
        until: None,
    };
    access::users::take_seat(&write, &office.app.roles, account, &seat).await.unwrap();
    write.save().await.unwrap();
    let mut again = office.browser();
    assert_eq!(again.log_in("tan", OWN).await.location, "/account", "two posts: a choice comes first");
    let page = again.page("/account").await;
    assert!(page.contains("请选择本次办理所用的岗位") && page.contains("监管审计"));
    assert_eq!(again.get("/admin/journal").await.location, "/account", "before it nothing else is open");
    let auditor = after(&page, "监管审计").unwrap();
    let post = crate::office::hidden(auditor, "post");
    assert_eq!(again.send_with(&page, "/account/post", &[("post", &post)]).await.location, "/");
    assert_eq!(again.get("/").await.location, "/admin/journal");
    // Nobody acts in a post that is not theirs.
    let mut other = office.enter("han", "administrator").await;
    let page = other.page("/account").await;
    let stolen = other.send_with(&page, "/account/post", &[("post", &post)]).await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/admin/posts").await.status, StatusCode::OK, "the other browser stays as it was");
    let _ = Password::new("");
}

async fn a_post_that_is_given_is_there_at_once(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let mut tan = office.enter("tan", "auditor").await;
    let read = office.app.database.read().await.unwrap();
    let account = access::accounts::by_login(read.connection(), read.keys(), "tan").await.unwrap().id;
    let tenure = access::posts::tenures_of_account(read.connection(), account).await.unwrap().remove(0);
    drop(read);
    let write = office.database.begin("test.end").await;
    access::posts::end_tenure(&write, tenure.id, tenure.version, write.at()).await.unwrap();
    write.save().await.unwrap();
    office.database.clock().advance_milliseconds(1_000);
    // Without a post one is led to where that is said, not shut out without a word.
    assert_eq!(tan.get("/admin/journal").await.location, "/account");
    assert!(tan.page("/account").await.contains("没有岗位"));

    let path = format!("/admin/posts/{}", tenure.post);
    let today = web::show::full_day(office.app.now().day());
    let fields = [("account", "tan"), ("kind", "regular"), ("from", today.as_str()), ("until", "")];
    let given = han.send(&path, &format!("{path}/appoint"), &fields).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
    tan.page("/admin/journal").await;
}
