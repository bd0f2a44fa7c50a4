//! Accounts, posts, organisations and areas: made, changed, and by whom not.

use base::{AreaLevel, AreaPath};
use http::{Method, StatusCode};
use store::testing::TestDatabase;

use crate::office::{Browser, KEPT_TITLE, OWN, Office, after, hidden, migrations};

store::on_both! { migrations() =>
    every_page_is_for_its_roles_in_both_languages,
    an_account_is_made_once_and_its_password_shown_once,
    what_cannot_be_taken_is_said_at_its_field,
    all_that_is_wrong_is_said_at_once,
    somebody_is_appointed_and_the_tenure_ended,
    whoever_comes_beside_a_holder_is_told,
    an_account_is_locked_and_comes_back,
    the_second_editor_sees_both_versions,
    a_supervisor_sees_the_posts_of_their_own_area,
    a_new_area_serves_at_once,
    a_post_with_something_to_do_stays_open,
    a_held_post_is_neither_moved_nor_shared_unasked,
    what_a_module_keeps_at_a_post_keeps_the_post,
    a_list_shows_who_is_locked_by_wrong_passwords,
    lists_say_how_much_there_is_in_all,
}

/// Ids that exist, for addresses with one.
async fn known_ids(office: &Office) -> [(&'static str, String); 3] {
    let read = office.app.database.read().await.unwrap();
    let connection = read.connection();
    let account = access::accounts::by_login(connection, read.keys(), "administrator").await.unwrap();
    let posts =
        access::posts::list(connection, &access::posts::PostFilter::default(), None, 1).await.unwrap();
    let organisations = access::organisations::list(
        connection,
        &access::organisations::OrganisationFilter::default(),
        None,
        1,
    )
    .await
    .unwrap();
    [
        ("/admin/users/{id}", account.id.to_string()),
        ("/admin/posts/{id}", posts[0].id.to_string()),
        ("/admin/organisations/{id}", organisations[0].id.to_string()),
    ]
}

async fn every_page_is_for_its_roles_in_both_languages(database: TestDatabase) {
    let office = Office::open(database).await;
    let city = office.area_for("administrator");
    office.enter_at("administrator", "administrator", city).await;
    let ids = known_ids(&office).await;
    let roles: Vec<String> = office.app.roles.all().map(|role| role.key.clone()).collect();
    for role in roles {
        let mut browser = office.enter(&format!("r.{role}"), &role).await;
        for route in office.assembly.routes.iter().filter(|route| route.module == "admin") {
            let web::Rule::May(rights) = route.rule else { continue };
            if route.method != Method::GET {
                continue;
            }
            let id = ids.iter().find(|(path, _)| *path == route.path).map(|(_, id)| id.as_str());
            let path = route.path.replace("{id}", id.unwrap_or_default());
            // Nobody is on record in this office.
            let is_of_a_person = path.contains("{person}");
            let path = path.replace("{person}", "01a20000-0000-7000-8000-000000000000");
            let reads = |(verb, kind): &(&str, &str)| {
                let role = office.app.roles.get(&role).unwrap();
                role.rights.iter().any(|right| right.verbs.contains(*verb) && right.kinds.contains(*kind))
            };
            let is_allowed = rights.iter().any(reads);
            for (language, word) in [("zh-CN", "操作号"), ("en", "Operation")] {
                browser.language = language;
                let answer = browser.get(&path).await;
                let is_in_reach =
                    role != "child_supervisor" && role != "child_director" && role != "district_officer";
                match (is_allowed, is_of_a_person || id.is_some() && !is_in_reach) {
                    (false, _) => assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role} {path}"),
                    (true, true) => assert_eq!(answer.status, StatusCode::NOT_FOUND, "{role} {path}"),
                    (true, false) => {
                        assert_eq!(answer.status, StatusCode::OK, "{role} {path}: {}", answer.text);
                        assert!(answer.text.contains(&format!("<html lang=\"{language}\"")), "{path}");
                        assert!(answer.text.contains(word), "{role} {path} {language}");
                        assert!(!answer.text.contains(" style=") && !answer.text.contains(" onclick="));
                    }
                }
            }
        }
    }
}

/// The one-time password that a page shows.
fn one_time(page: &str) -> Option<String> {
    after(page, "<code class=\"sw-secret\">").map(|rest| rest.split('<').next().unwrap().to_owned())
}

async fn an_account_is_made_once_and_its_password_shown_once(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let page = han.page("/admin/users/new").await;
    let fields = [
        ("name", "陈晓岚"),
        ("login", "ChenXL"),
        ("phone", "0755-26660000"),
        ("role", "administrator"),
        ("area", "深圳市"),
        ("organisation", "测试机构"),
    ];
    let made = han.send_with(&page, "/admin/users", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let password = one_time(&made.text).expect("the password is shown");
    let again = han.send_with(&page, "/admin/users", &fields).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "a second click makes nobody");
    let shown = han.page(&again.location).await;
    assert!(shown.contains("陈晓岚") && !shown.contains(&password), "it is shown once");
    assert_eq!(office.recorded("access.account_created").await, 2, "han and chenxl");
    let list = han.page("/admin/users").await;
    assert!(list.contains("chenxl") && list.contains("待本人改密码"));
    assert_eq!(office.browser().log_in("chenxl", &password).await.location, "/");

    let found = han.send("/admin/users", "/admin/users/search", &[("text", "晓岚")]).await;
    assert!(found.text.contains("chenxl") && !found.text.contains(">han<"));
    let nobody = han.send("/admin/users", "/admin/users/search", &[("text", "无此人")]).await;
    assert!(nobody.text.contains("没有符合条件的账号") && nobody.text.contains("请新建账号"));
}

async fn what_cannot_be_taken_is_said_at_its_field(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let base = [("name", "陈晓岚"), ("phone", "")];
    for (more, fault) in [
        (vec![("login", "13812346207")], "登录名用 2 到 32 个"),
        (vec![("login", "han")], "已有相同的"),
        (vec![("login", "chen"), ("phone", "12")], "不是能找到本人的电话"),
        (vec![("login", "chen"), ("area", "月亮"), ("organisation", "没有")], "没有叫这个名字的机构"),
        (
            vec![("login", "chen"), ("role", "auditor"), ("area", "月亮"), ("organisation", "测试机构")],
            "没有这个区域",
        ),
        (
            vec![("login", "chen"), ("role", "auditor"), ("area", "深圳市"), ("organisation", "没有")],
            "没有叫这个名字的机构",
        ),
        (
            vec![("login", "chen"), ("role", "auditor"), ("area", "南山区"), ("organisation", "测试机构")],
            "请改选区域",
        ),
        (vec![("login", "chen"), ("role", "auditor")], "请填写这一项"),
    ] {
        // The first of two fields of one name is read.
        let fields: Vec<(&str, &str)> = more.into_iter().chain(base).collect();
        let refused = han.send("/admin/users/new", "/admin/users", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fault}");
        assert!(refused.text.contains(fault), "{fault}: {}", refused.text);
        assert!(refused.text.contains("value=\"陈晓岚\""), "what was typed stays");
    }
    assert_eq!(office.recorded("access.account_created").await, 1, "nobody was half made");
}

async fn all_that_is_wrong_is_said_at_once(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let fields = [
        ("name", ""),
        ("login", "han"),
        ("phone", "12"),
        ("role", "auditor"),
        ("area", "南山区"),
        ("organisation", "没有"),
    ];
    let refused = han.send("/admin/users/new", "/admin/users", &fields).await;
    for fault in [
        "请填写这一项",
        "已有相同的",
        "不是能找到本人的电话",
        "请改选区域",
        "没有叫这个名字的机构",
        "有 5 项要改",
    ] {
        assert!(refused.text.contains(fault), "{fault}: {}", refused.text);
    }
}

async fn account_of(office: &Office, login: &str) -> String {
    let read = office.app.database.read().await.unwrap();
    access::accounts::by_login(read.connection(), read.keys(), login).await.unwrap().id.to_string()
}

async fn somebody_is_appointed_and_the_tenure_ended(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    office.enter("tan", "child_supervisor").await;
    let user = format!("/admin/users/{}", account_of(&office, "tan").await);
    let appoint = format!("{user}/appoint");
    let fields = |from: &'static str, until: &'static str| {
        [
            ("role", "auditor"),
            ("area", "深圳市"),
            ("organisation", "测试机构"),
            ("kind", "cover"),
            ("from", from),
            ("until", until),
        ]
    };
    let wrong = han.send(&user, &appoint, &fields("2026-03-09", "2026-03-05")).await;
    assert!(wrong.text.contains("结束不能早于开始"), "{}", wrong.text);
    let far = han.send(&user, &appoint, &fields("2026-03-02", "9999-12-31")).await;
    assert!(far.text.contains("没有期限的请留空"), "{}", far.text);
    let mut several = fields("2026-03-09", "2026-03-05");
    (several[1].1, several[2].1) = ("月亮", "没有");
    let several = han.send(&user, &appoint, &several).await;
    for fault in ["没有这个区域", "没有叫这个名字的机构", "结束不能早于开始", "有 3 项要改"]
    {
        assert!(several.text.contains(fault), "{fault}: {}", several.text);
    }
    let done = han.send(&user, &appoint, &fields("2026-03-02", "2026-03-31")).await;
    assert_eq!(
        (done.status, done.location.as_str()),
        (StatusCode::SEE_OTHER, user.as_str()),
        "{}",
        done.text
    );
    let page = han.page(&user).await;
    assert!(page.contains("监管审计") && page.contains("代班") && page.contains("2026-03-31"));

    let row = after(&page, "监管审计").unwrap();
    let end = after(row, "action=\"/admin/tenures/").unwrap();
    let tenure = end.split('/').next().unwrap().to_owned();
    let version = hidden(end, "version");
    let action = format!("/admin/tenures/{tenure}/end");
    for (day, fault) in
        [("2026-03-01", "结束不能早于开始"), ("", "请填写这一项"), ("9999-12-31", "没有期限的请留空")]
    {
        let fields = [("version", version.as_str()), ("until", day), ("back", user.as_str())];
        let refused = han.send(&user, &action, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
        assert!(refused.text.contains(fault), "{fault}: {}", refused.text);
        assert!(refused.text.contains("任职记录"), "it is said on the page of the account");
    }
    let fields = [("version", version.as_str()), ("until", "2026-03-02"), ("back", user.as_str())];
    assert_eq!(han.send_with(&page, &action, &fields).await.location, user);
    let ended = han.page(&user).await;
    assert!(ended.contains("已结束") && ended.contains("任职已即时结束"), "{ended}");
    // Ended at that version already: somebody else was first.
    let late = han.send(&user, &action, &[("version", "1"), ("until", "2026-03-20"), ("back", "/")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(office.recorded("access.tenure_ended").await, 1);

    let own = format!("/admin/users/{}", account_of(&office, "han").await);
    let page = han.page(&own).await;
    let tenure = after(&page, "action=\"/admin/tenures/").unwrap().split('/').next().unwrap().to_owned();
    let fields = [("version", "1"), ("until", "2026-03-20"), ("back", "/")];
    let refused = han.send(&own, &format!("/admin/tenures/{tenure}/end"), &fields).await;
    assert!(refused.text.contains("不能结束自己的任职"), "{}", refused.text);
    assert_eq!(office.recorded("access.tenure_ended").await, 1, "an administrator is left");
}

async fn whoever_comes_beside_a_holder_is_told(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    office.add("first", "auditor", office.area_for("auditor")).await;
    let seat = [("role", "auditor"), ("area", "深圳市"), ("organisation", "测试机构")];
    let account = [("name", "后来者"), ("login", "second"), ("phone", "")];
    let made = han.send("/admin/users/new", "/admin/users", &[account.as_slice(), &seat].concat()).await;
    assert!(made.text.contains("已另设「2」号岗位"), "{}", made.text);
    let password = one_time(&made.text).unwrap();
    assert!(password.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{password}");
    han.get("/admin/users").await;
    office.add("third", "child_supervisor", office.area_for("child_supervisor")).await;
    let user = format!("/admin/users/{}", account_of(&office, "third").await);
    let period = [("kind", "regular"), ("from", "2026-03-02"), ("until", "")];
    let done = han.send(&user, &format!("{user}/appoint"), &[seat.as_slice(), &period].concat()).await;
    assert_eq!(done.location, user, "{}", done.text);
    assert!(han.page(&user).await.contains("另设了「3」号岗位"));
}

async fn an_account_is_locked_and_comes_back(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let mut tan = office.enter("tan", "child_supervisor").await;
    let (own, other) = (account_of(&office, "han").await, account_of(&office, "tan").await);
    let user = format!("/admin/users/{other}");
    let refused = han.send(&user, &format!("/admin/users/{own}/lock"), &[]).await;
    assert!(refused.text.contains("不能停用自己的账号"));
    han.send(&user, &format!("{user}/lock"), &[]).await;
    assert_eq!(tan.get("/account").await.status, StatusCode::SEE_OTHER, "the session ended with it");
    assert_eq!(office.browser().log_in("tan", OWN).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!han.page("/admin/users").await.contains(">tan<"), "locked ones are asked for");
    assert!(han.page("/admin/users?locked=1").await.contains("已停用"));
    han.send(&user, &format!("{user}/unlock"), &[]).await;
    assert_eq!(office.browser().log_in("tan", OWN).await.status, StatusCode::SEE_OTHER);

    let reset = han.send(&user, &format!("{user}/password"), &[]).await;
    let password = one_time(&reset.text).expect("a new password is shown");
    let mut tan = office.browser();
    tan.log_in("tan", &password).await;
    assert_eq!(tan.get("/admin/posts").await.location, "/account");
}

/// Sends a form whose fields are made at run time.
async fn send(
    browser: &mut Browser<'_>,
    page: &str,
    to: &str,
    fields: Vec<(String, String)>,
) -> crate::office::Answer {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send_with(page, to, &fields).await
}

async fn the_second_editor_sees_both_versions(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let mut lin = office.enter("lin", "administrator").await;
    office.enter("tan", "child_supervisor").await;
    let user = format!("/admin/users/{}", account_of(&office, "tan").await);
    let (first, second) = (han.page(&user).await, lin.page(&user).await);
    let version = hidden(after(&first, &format!("action=\"{user}\"")).unwrap(), "version");
    let saved = |name: &'static str, version: String| {
        vec![
            ("version".to_owned(), version),
            ("name".into(), name.into()),
            ("login".into(), "tan".into()),
            ("phone".into(), String::new()),
        ]
    };
    assert_eq!(
        send(&mut han, &first, &user, saved("谭一", version.clone())).await.status,
        StatusCode::SEE_OTHER
    );
    let told = send(&mut lin, &second, &user, saved("谭二", version)).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    for word in ["名han 在", "<mark>谭一</mark>", "<mark>谭二</mark>", "value=\"谭二\""] {
        assert!(told.text.contains(word), "{word}: {}", told.text);
    }
    let next = hidden(after(&told.text, &format!("action=\"{user}\"")).unwrap(), "version");
    assert_eq!(send(&mut lin, &told.text, &user, saved("谭二", next)).await.status, StatusCode::SEE_OTHER);
    assert!(lin.page(&user).await.contains("谭二"));
}

async fn a_supervisor_sees_the_posts_of_their_own_area(database: TestDatabase) {
    let office = Office::open(database).await;
    let own: AreaPath = office.area("南山区 西丽街道");
    let mut tan = office.enter_at("tan", "child_supervisor", own).await;
    office.enter_at("neighbour", "child_supervisor", office.area("南山区 桃源街道")).await;
    let list = tan.page("/admin/posts").await;
    assert!(list.contains("名tan") && !list.contains("名neighbour"));
    assert!(
        !tan.page("/admin/posts?area=1").await.contains("名neighbour"),
        "a wider area in the address widens nothing"
    );
    let read = office.app.database.read().await.unwrap();
    let posts = access::posts::list(read.connection(), &access::posts::PostFilter::default(), None, 10)
        .await
        .unwrap();
    drop(read);
    for post in posts {
        let status = tan.get(&format!("/admin/posts/{}", post.id)).await.status;
        let expected = if post.area == own { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(status, expected);
    }
    let page = tan.page("/admin/posts").await;
    assert_eq!(tan.send_with(&page, "/admin/posts", &[("title", "x")]).await.status, StatusCode::FORBIDDEN);
}

async fn a_new_area_serves_at_once(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let nothing = han.send("/admin/areas", "/admin/areas/1/add", &[("name", "南山区")]).await;
    assert!(nothing.text.contains("已有相同的"), "{}", nothing.text);
    let added = han.send("/admin/areas", "/admin/areas/1/add", &[("name", "前海新区")]).await;
    assert_eq!(added.location, "/admin/areas?at=1", "{}", added.text);
    assert!(han.page("/admin/areas").await.contains("本市新增"));
    // The tree that rows are placed by knows it, and so does another node, as soon as it has looked.
    let there = office.app.areas.present();
    assert_eq!(there.by_name(AreaLevel::District, "前海新区").len(), 1);
    let elsewhere = web::Areas::new(base::AreaTree::shipped());
    elsewhere.refresh(&office.app.database).await.unwrap();
    assert_eq!(elsewhere.clone().by_name(AreaLevel::District, "前海新区").len(), 1);
    let fields = [("kind", "bureau"), ("name", "前海民政局"), ("area", "前海新区"), ("department", "")];
    let made = han.send("/admin/organisations/new", "/admin/organisations", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let fields =
        [("role", "district_officer"), ("area", "前海新区"), ("organisation", "前海民政局"), ("title", "")];
    let post = han.send("/admin/posts/new", "/admin/posts", &fields).await;
    assert_eq!(post.status, StatusCode::SEE_OTHER, "{}", post.text);
    let again = han.send("/admin/posts/new", "/admin/posts", &fields).await;
    assert!(again.text.contains("已有相同的"), "a post like it is there");
    let appoint = format!("{}/appoint", post.location);
    let fields = [("account", "nobody"), ("kind", "regular"), ("from", "2026-03-02"), ("until", "")];
    assert!(han.send(&post.location, &appoint, &fields).await.text.contains("没有这个登录名"));
    let fields = [("account", "han"), ("kind", "regular"), ("from", "2026-03-02"), ("until", "")];
    assert_eq!(han.send(&post.location, &appoint, &fields).await.location, post.location);
    // Renamed, it is called so wherever it is named: at the head of every page of whoever works there, too.
    let id = there.by_name(AreaLevel::District, "前海新区")[0];
    let page = han.page(&format!("/admin/areas?at={}", id.0)).await;
    let renamed = [("version", hidden(&page, "version")), ("new_name", "前海合作区".to_owned())];
    let renamed: Vec<(&str, &str)> = renamed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let saved = han.send_with(&page, &format!("/admin/areas/{}/rename", id.0), &renamed).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let mut officer = office.enter_at("qian", "district_officer", there.path_of(id).unwrap()).await;
    assert!(officer.page("/account").await.contains("前海合作区"), "the crumb names the area");
    let held = han.page(&post.location).await;
    let close = han
        .send_with(&held, &format!("{}/close", post.location), &[("version", &hidden(&held, "version"))])
        .await;
    assert_eq!(close.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(close.text.contains("岗位没有停用"), "{}", close.text);
    let (_, why) = close.text.split_once("还有人任职（或待任）").unwrap();
    assert!(why.contains("<a href=\"/admin/users/"), "who holds it is named and leads to the account: {why}");
}

async fn a_post_with_something_to_do_stays_open(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let (tan, _) = office.add("tan", "child_supervisor", office.area_for("child_supervisor")).await;
    let (programs, roles) = (office.app.programs.clone(), office.app.roles.clone());
    let matters = matters::Matters::new(programs, roles, base::WorkCalendar::shipped(), []);
    let lead = matters::NewMatter {
        program: "minors".to_owned(),
        kind: "lead".to_owned(),
        parent: None,
        opened_from: None,
        subject: None,
        area: office.area_for("child_director"),
        severity: base::Severity::Low,
        origin: "screening".to_owned(),
        words: matters::MatterWords::default(),
        due: None,
        opener: None,
        holder: None,
        organisation: None,
    };
    let write = office.database.begin("test.open_lead").await;
    let lead = matters.open(&write, lead).await.unwrap();
    let tenures = access::posts::tenures_of_account(write.connection(), tan).await.unwrap();
    let [tenure] = tenures.as_slice() else { panic!("{tenures:?}") };
    assert_eq!(lead.holder, tenure.post);
    access::posts::end_tenure(&write, tenure.id, tenure.version, write.at()).await.unwrap();
    write.save().await.unwrap();

    // Nobody holds the post any more, but the lead lies there.
    let path = format!("/admin/posts/{}", lead.holder);
    a_busy_post_keeps_its_place(&office, &mut han, lead.holder).await;

    let page = han.page(&path).await;
    let version = hidden(&page, "version");
    let fields = [("version", version.as_str())];
    let refused = han.send_with(&page, &format!("{path}/close"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(
        refused.text.contains("岗位没有停用") && refused.text.contains("在办事项 1 件"),
        "{}",
        refused.text
    );
    assert!(refused.text.contains("href=\"/admin/posts?area="), "{}", refused.text);
    assert!(!refused.text.contains("还有人任职（或待任）"), "nobody holds it");
    // The administrator sees no matters, so no list of them is offered.
    assert!(!refused.text.contains("/inbox?"), "{}", refused.text);
    assert!(han.page(&path).await.contains(&format!("{path}/close")), "it can still be closed later");
}

/// The one matter of the post `id` is not to go along to another office.
async fn a_busy_post_keeps_its_place(office: &Office, han: &mut Browser<'_>, id: base::PostId) {
    let path = format!("/admin/posts/{id}");
    let page = han.page(&path).await;
    let version = hidden(&page, "version");
    let read = office.app.database.read().await.unwrap();
    let post = access::posts::get(read.connection(), id).await.unwrap();
    drop(read);
    let organisation = "测试机构";
    let area = office.area_for("child_supervisor");
    let area_name =
        after(&page, "id=\"area\" name=\"area\" type=\"text\" list=\"area-list\" value=\"").unwrap();
    let area_name = area_name.split('"').next().unwrap().to_owned();
    let moved = [
        ("version", version.as_str()),
        ("role", "auditor"),
        ("area", "深圳市"),
        ("organisation", organisation),
        ("title", ""),
    ];
    assert_eq!(post.area, area);
    let refused = han.send_with(&page, &path, &moved).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(
        refused.text.contains("角色、单位和辖区没有更改") && refused.text.contains("在办事项 1 件"),
        "{}",
        refused.text
    );
    let labelled = [
        ("version", version.as_str()),
        ("role", post.role.as_str()),
        ("area", area_name.as_str()),
        ("organisation", organisation),
        ("title", "甲岗"),
    ];
    let saved = han.send(&path, &path, &labelled).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "the label can be changed: {}", saved.text);
    let read = office.app.database.read().await.unwrap();
    let kept = access::posts::get(read.connection(), id).await.unwrap();
    drop(read);
    assert_eq!((kept.role, kept.area, kept.title.as_str()), (post.role, post.area, "甲岗"));
}

/// The fields of a post that is to be an administrator's of the whole city.
fn moved_to_the_city<'a>(version: &'a str, title: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("version", version),
        ("role", "administrator"),
        ("area", "深圳市"),
        ("organisation", "测试机构"),
        ("title", title),
    ]
}

async fn a_held_post_is_neither_moved_nor_shared_unasked(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let (tan, _) = office.add("tan", "auditor", office.area_for("auditor")).await;
    office.add("sun", "child_supervisor", office.area_for("child_supervisor")).await;
    let read = office.app.database.read().await.unwrap();
    let post = access::posts::tenures_of_account(read.connection(), tan).await.unwrap()[0].post;
    drop(read);
    let path = format!("/admin/posts/{post}");
    let page = han.page(&path).await;
    let version = hidden(&page, "version");
    let moved = moved_to_the_city(&version, "甲");
    let refused = han.send_with(&page, &path, &moved).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let (_, why) = refused.text.split_once("角色、单位和辖区没有更改").unwrap();
    assert!(why.contains("名tan</a>") && why.contains("请先在「任职人」中结束其任职"), "{why}");
    let mut labelled = moved;
    labelled[1].1 = "auditor";
    assert_eq!(han.send(&path, &path, &labelled).await.status, StatusCode::SEE_OTHER);

    let appoint = format!("{path}/appoint");
    let fields = [("account", "sun"), ("kind", "regular"), ("from", "2026-03-02"), ("until", "")];
    let asked = han.send(&path, &appoint, &fields).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains("名tan在这段时间已正式任职本岗位"), "{}", asked.text);
    assert!(asked.text.contains("name=\"beside\""), "{}", asked.text);
    let ticked = [fields.as_slice(), &[("beside", "1")]].concat();
    assert_eq!(han.send(&path, &appoint, &ticked).await.location, path);
}

async fn what_a_module_keeps_at_a_post_keeps_the_post(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let operation = office.database.begin("test.post").await;
    let every = access::organisations::OrganisationFilter::default();
    let organisations = access::organisations::list(operation.connection(), &every, None, 1).await;
    let organisation = organisations.unwrap()[0].id;
    let area = office.area_for("auditor");
    let form = access::posts::PostForm {
        role: "auditor".to_owned(),
        organisation,
        title: KEPT_TITLE.to_owned(),
        area,
    };
    let post = access::posts::create(&operation, &office.app.roles, &form).await.unwrap();
    operation.save().await.unwrap();
    let path = format!("/admin/posts/{post}");
    let page = han.page(&path).await;
    let version = hidden(&page, "version");
    let moved = moved_to_the_city(&version, "别的");
    let closed = [("version", version.as_str())];
    let close = format!("{path}/close");
    for (address, fields, not_done) in
        [(&path, moved.as_slice(), "角色、单位和辖区没有更改"), (&close, closed.as_slice(), "岗位没有停用")]
    {
        let page = han.page(&path).await;
        let refused = han.send_with(&page, address, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        for words in [not_done, "本岗位还有别处的两件。", "<a href=\"/somewhere?post=1\">查看这两件</a>"]
        {
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
        }
        assert!(!refused.text.contains("现在已没有妨碍"), "{}", refused.text);
    }
    // Once it is gone, nothing keeps the post any more.
    let mut labelled = moved;
    (labelled[1].1, labelled[4].1) = ("auditor", "");
    assert_eq!(han.send(&path, &path, &labelled).await.status, StatusCode::SEE_OTHER);
    let version = hidden(&han.page(&path).await, "version");
    let gone = han.send(&path, &close, &[("version", version.as_str())]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text);
}

async fn a_list_shows_who_is_locked_by_wrong_passwords(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    office.enter("tan", "auditor").await;
    assert!(!han.page("/admin/users").await.contains("密码输错，暂时锁定"));
    let mut stranger = office.browser();
    for _attempt in 0..5 {
        stranger.log_in("tan", "wrong").await;
    }
    let page = han.page("/admin/users").await;
    assert_eq!(page.matches("密码输错，暂时锁定").count(), 1, "{page}");
}

async fn lists_say_how_much_there_is_in_all(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    for number in 0..52 {
        office.add(&format!("clerk{number:02}"), "feed_clerk", office.area_for("feed_clerk")).await;
    }
    let page = han.page("/admin/users").await;
    assert!(page.contains("本页 50 条，共 53 条"), "{page}");
    let second = han.page("/admin/users?after=clerk49").await;
    assert!(second.contains("本页 3 条，共 53 条"), "{second}");
    for path in ["/admin/posts", "/admin/organisations", "/admin/jobs"] {
        let page = han.page(path).await;
        assert!(page.contains("条，共 ") || page.contains("sw-empty"), "{path}: {page}");
    }
}
