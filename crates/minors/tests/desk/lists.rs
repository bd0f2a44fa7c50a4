//! Inbox, notices and lists: each role in both languages, numbers that equal lists, and dispatching many at once.

use axum::http::StatusCode;
use store::testing::TestDatabase;

use crate::office::{Office, migrations, pair, value_of};

store::on_both! { migrations() =>
    each_role_has_its_inbox_in_both_languages,
    numbers_equal_the_lists_behind_them,
    a_long_list_says_what_it_is_and_leads_back_and_forth,
    the_badge_is_the_number_of_the_list,
    the_command_page_counts_what_it_links_to,
    every_number_of_the_command_page_leads_to_a_list_of_that_many,
    leads_come_in_the_order_that_their_list_names,
    another_program_opens_the_desk_by_its_files_alone,
    many_are_dispatched_by_the_filter_and_once,
    notices_are_read_up_to_the_newest_that_was_seen,
}

async fn each_role_has_its_inbox_in_both_languages(database: TestDatabase) {
    let office = Office::open(database).await;
    let lead = office.open_matter("lead", "连续缺课十五天").await;
    for login in ["director", "supervisor", "district", "city", "police", "auditor", "neighbour"] {
        for (language, title) in [("zh-CN", "我的待办"), ("en", "My inbox")] {
            for path in ["/inbox", "/inbox?whose=area", "/notices"] {
                let answer = office.get_in(login, path, language).await;
                assert_eq!(answer.status, StatusCode::OK, "{login} {path}");
                assert!(path == "/notices" || answer.html.contains(title), "{login} {path} {language}");
            }
        }
    }
    let sees =
        async |login: &str| office.get(login, "/inbox?whose=area").await.html.contains("连续缺课十五天");
    assert!(sees("supervisor").await && sees("district").await && sees("director").await);
    assert!(!sees("neighbour").await && !sees("police").await);
    let led = office.get("supervisor", &format!("/matters/{lead}")).await;
    assert_eq!((led.status, led.location), (StatusCode::SEE_OTHER, format!("/leads/{lead}")));
    assert_eq!(office.get("neighbour", &format!("/matters/{lead}")).await.status, StatusCode::NOT_FOUND);
}

/// Rows of the table of a page.
fn rows(html: &str) -> usize {
    html.matches("<tr data-row").count()
}

async fn numbers_equal_the_lists_behind_them(database: TestDatabase) {
    let office = Office::open(database).await;
    for number in 0..3 {
        office.open_matter("lead", &format!("线索 {number}")).await;
    }
    office.open_matter("case", "个案").await;
    let inbox = office.get("supervisor", "/inbox").await.html;
    let mut seen = 0;
    for part in inbox.split("<a class=\"list-group-item").skip(1) {
        let href = part.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        let href = href.replace("&#38;", "&");
        let count: usize = part
            .split("<b")
            .nth(1)
            .unwrap()
            .split('>')
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(rows(&office.get("supervisor", &href).await.html), count, "{href}");
        seen += 1;
    }
    assert!(seen >= 8, "views of my own, of the area and by kind: {seen}");
    assert_eq!(rows(&office.get("supervisor", "/cases").await.html), 1);
}

async fn a_long_list_says_what_it_is_and_leads_back_and_forth(database: TestDatabase) {
    let office = Office::open(database).await;
    for number in 0..52 {
        office.open_matter("lead", &format!("线索 {number}")).await;
    }
    let title = |html: &str| {
        let head = html.split("<h1").nth(1).unwrap().split("</h1>").next().unwrap().to_owned();
        head.split('>').nth(1).unwrap_or_default().to_owned()
    };
    let area = office.get("supervisor", "/inbox?whose=area").await.html;
    assert_eq!(title(&area), "本区域 · 全部在办");
    assert!(area.contains("共 52 件") && !area.contains("本岗位在办"), "{area}");
    assert_eq!(title(&office.get("supervisor", "/inbox?whose=mine").await.html), "我的待办");
    let filtered = office.get("supervisor", "/inbox?whose=area&severity=urgent").await.html;
    assert_eq!(title(&filtered), "本区域 · 筛选结果");
    assert!(area.contains("第 1–50 条，共 52 条") && area.contains("page=2\" rel=\"next\""), "{area}");
    let second = office.get("supervisor", "/inbox?whose=area&page=2").await.html;
    assert_eq!(rows(&second), 2);
    assert!(second.contains("第 51–52 条，共 52 条") && second.contains("rel=\"prev\""), "{second}");
    // Of one kind, its stages can be chosen between.
    let leads = office.get("supervisor", "/inbox?whose=area&kind=lead").await.html;
    assert!(leads.contains("name=\"stage\"") && leads.contains("待派发"), "{leads}");
    let accepted = office.get("supervisor", "/inbox?whose=area&kind=lead&stage=accept").await.html;
    assert_eq!(rows(&accepted), 0);
}

/// The number at 待办 in the rail; nothing stands there for none.
fn badge(html: &str) -> usize {
    let entry = html.split("<span>待办</span>").nth(1).unwrap().split("</a>").next().unwrap();
    let number = entry.split("<span class=\"n\">").nth(1).map(|rest| rest.split('<').next().unwrap());
    number.map_or(0, |number| number.parse().unwrap())
}

async fn the_badge_is_the_number_of_the_list(database: TestDatabase) {
    let office = Office::open(database).await;
    let barred = base::PersonId(office.database.begin("test.person").await.new_id());
    for (number, subject) in [None, None, Some(barred)].into_iter().enumerate() {
        office.open_with("lead", &format!("线索 {number}"), |new| new.subject = subject).await;
    }
    let listed = async || {
        let page = office.get("supervisor", "/inbox?whose=mine").await.html;
        (badge(&page), rows(&page))
    };
    assert_eq!(listed().await, (3, 3));
    let read = office.app.database.read().await.unwrap();
    let account = access::accounts::by_login(read.connection(), read.keys(), "supervisor").await.unwrap().id;
    drop(read);
    let write = office.database.begin("test.bar").await;
    access::scope::exception::bar(&write, account, barred).await.unwrap();
    write.save().await.unwrap();
    assert_eq!(listed().await, (2, 2), "of what one may not see nothing is counted");
}

/// Each figure on a command page with the list of the inbox that it leads to.
fn figures(html: &str) -> Vec<(String, usize)> {
    let links = html.split("<a ").skip(1).filter_map(|part| {
        let link = part.split("</a>").next()?;
        let href =
            link.split("href=\"").nth(1)?.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&");
        // The figure is the last number of what the link says.
        let said: String =
            link.split('>').skip(1).map(|part| part.split('<').next().unwrap_or_default()).collect();
        let figure =
            said.trim().rsplit(|letter: char| !letter.is_ascii_digit()).find(|digits| !digits.is_empty());
        Some((href, figure?.parse().ok()?))
    });
    links.filter(|(href, _)| href.starts_with("/inbox?")).collect()
}

async fn the_command_page_counts_what_it_links_to(database: TestDatabase) {
    let office = Office::open(database).await;
    for number in 0..3 {
        office.open_matter("lead", &format!("线索 {number}")).await;
    }
    office.open_matter("case", "个案").await;
    for login in ["supervisor", "district", "city"] {
        let page = office.get(login, "/command").await;
        assert_eq!(page.status, StatusCode::OK, "{login}: {}", page.html);
        let funnel = page.html.split("sw-funnel").nth(1).unwrap().split("</ol>").next().unwrap();
        let figures = figures(funnel);
        assert!(figures.len() >= 9, "{login}: {figures:?}");
        assert!(figures.iter().any(|(_, figure)| *figure == 3), "{login}: three leads {figures:?}");
        for (href, figure) in figures {
            assert_eq!(rows(&office.get(login, &href).await.html), figure, "{login} {href}");
        }
    }
    assert_eq!(office.get("neighbour", "/command?within=1").await.status, StatusCode::NOT_FOUND);
}

async fn every_number_of_the_command_page_leads_to_a_list_of_that_many(database: TestDatabase) {
    let mut office = Office::open(database).await;
    office.open_matter("lead", "第一条").await;
    // One whose community is not known, one late, one that has no name, and two with a department.
    let street = office.place.cut_at(base::AreaLevel::Subdistrict);
    office.open_with("lead", "不知哪个社区", |new| new.area = street).await;
    office.open_with("lead", "", |new| new.severity = base::Severity::Urgent).await;
    let case = office.open_matter("case", "个案").await;
    for title in ["转介一", "转介二"] {
        office
            .open_with("referral", title, |new| {
                new.parent = Some(case);
                new.organisation = Some(office.police);
            })
            .await;
    }
    office.database.clock().advance_milliseconds(5 * 24 * 60 * 60_000);
    for login in ["supervisor", "district", "city"] {
        office.log_in(login).await;
        let page = office.get(login, "/command").await.html;
        let figures = figures(&page);
        assert!(figures.len() >= 16, "{login}: {figures:?}");
        let has = |part: &str, figure: usize| {
            figures.iter().any(|(href, one)| href.contains(part) && *one == figure)
        };
        // The department's two in hand, both late, which it holds; and, for the street, the one without a community.
        assert!(has("organisation=", 2) && has("holder=", 2), "{login}: {figures:?}");
        assert!(login != "supervisor" || has("unplaced=yes", 1), "{figures:?}");
        let tiles = page.split("sw-tiles").nth(1).unwrap().split("</ul>").next().unwrap();
        assert!(tiles.contains("standing=late"), "what is late leads to what is late: {tiles}");
        for (href, figure) in &figures {
            assert_eq!(rows(&office.get(login, href).await.html), *figure, "{login} {href}");
        }
        assert!(page.contains("姓名不详"), "a row that has no name says so: {page}");
    }
}

/// The ids of leads on the pages of a list, in their order, by way of "next".
async fn leads_in_order(office: &Office, path: &str) -> Vec<String> {
    let (mut found, mut path) = (Vec::new(), path.to_owned());
    loop {
        let page = office.get("supervisor", &path).await.html;
        let table = page.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
        for part in table.split("<tr").skip(1) {
            let id = part.split("href=\"/leads/").nth(1).unwrap().split('"').next().unwrap();
            found.push(id.to_owned());
        }
        let next = page.split("<a class=\"btn\" href=\"").skip(1).find(|part| part.contains("rel=\"next\""));
        let next = next.filter(|part| part.split("</a>").next().unwrap().contains("rel=\"next\""));
        let Some(next) = next else { return found };
        path = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    }
}

async fn leads_come_in_the_order_that_their_list_names(database: TestDatabase) {
    let office = Office::open(database).await;
    let now = office.app.now();
    let mut due = Vec::new();
    for number in 0..103_i64 {
        // Neither the order of opening nor its reverse.
        let at = now.plus_hours(1 + (number * 37) % 103);
        let lead = office.open_with("lead", &format!("线索 {number}"), |new| new.due = Some(at)).await;
        due.push((at, lead.to_string()));
    }
    due.sort();
    let due: Vec<String> = due.into_iter().map(|(_, lead)| lead).collect();
    assert_eq!(leads_in_order(&office, "/leads").await, due, "three pages, the first to be due first");
    assert!(office.get("supervisor", "/leads").await.html.contains("先到期在前"));
    for (state, words) in [("closed", "按办结时间，新的在前"), ("any", "按开立时间，新的在前")]
    {
        let page = office.get("supervisor", &format!("/leads?state={state}")).await.html;
        assert!(page.contains(words) && !page.contains("先到期在前"), "{state}: {page}");
    }
    let opened = leads_in_order(&office, "/leads?state=any").await;
    assert_eq!(opened.len(), 103);
    assert!(opened.is_sorted_by(|one, next| one > next), "the latest opened first");
}

async fn another_program_opens_the_desk_by_its_files_alone(database: TestDatabase) {
    let mut files = policy::Files::shipped().unwrap();
    let names = [("lead", "tip"), ("case", "affair")];
    let own: Vec<(String, String)> = files
        .in_folder("programs/minors")
        .map(|(name, text)| {
            let mut text = text.to_owned();
            for (minors, other) in names {
                text = text.replace(&format!("\"{minors}\""), &format!("\"{other}\""));
            }
            (format!("programs/elders/{name}"), text.replace("key = \"minors\"", "key = \"elders\""))
        })
        .collect();
    for (path, text) in own {
        let text = if path.ends_with("roles.toml") { OTHER_ROLE.to_owned() + &text } else { text };
        files = files.with(path, text);
    }
    let mut office = Office::with(database, files).await;
    let street = office.place.cut_at(base::AreaLevel::Subdistrict);
    office.seat("elder", "elder_officer", street).await;
    for path in ["/inbox", "/inbox?whose=area", "/notices"] {
        assert_eq!(office.get("elder", path).await.status, StatusCode::OK, "{path}");
    }
    // Which matters is the scope's to say: those of minors are none of theirs.
    let lead = office.open_matter("lead", "未保线索").await;
    assert_eq!(office.get("elder", &format!("/matters/{lead}")).await.status, StatusCode::NOT_FOUND);
    assert!(!office.get("elder", "/inbox?whose=area").await.html.contains("未保线索"));
}

/// A role that has to do with matters of the other program alone.
const OTHER_ROLE: &str = r#"
[[role]]
key = "elder_officer"
label = { zh = "养老专干", en = "Elders officer" }
level = "subdistrict"
clearance = { name = "full", identity_number = "masked", phone = "full", address = "full", birth = "full", narrative = "full", health = "full", justice = "masked", attachment = "full" }
from = 2024-01-01
source = "own"
sample = true

[[role.right]]
verbs = ["read", "handle"]
kinds = ["tip", "affair"]
by = { area = "full", held = "full" }

"#;

async fn many_are_dispatched_by_the_filter_and_once(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut leads = Vec::new();
    for number in 0..3 {
        leads.push(office.open_matter("lead", &format!("线索 {number}")).await);
    }
    let page = office.get("supervisor", "/inbox").await.html;
    let fields = [
        pair("query", &value_of(&page, "query").replace("&amp;", "&").replace("&#38;", "&")),
        pair("expected", &value_of(&page, "expected")),
        pair("which", "all"),
    ];
    for _ in 0..2 {
        let answer = office.send("supervisor", &page, "/inbox/dispatch", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.html);
        assert!(answer.location.contains("done=3&left=0"), "{}", answer.location);
    }
    for lead in leads {
        let matter = office.matter(lead).await;
        assert_eq!((matter.stage.as_str(), matter.version), ("accept", 2));
    }
    let director = office.get("director", "/inbox").await.html;
    assert_eq!(rows(&director), 3, "they are the director's now");
    let refused = office.send("director", &page, "/inbox/dispatch", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

async fn notices_are_read_up_to_the_newest_that_was_seen(database: TestDatabase) {
    let office = Office::open(database).await;
    office.open_matter("lead", "第一条").await;
    let page = office.get("supervisor", "/notices").await.html;
    assert!(page.contains("第一条"));
    office.database.clock().advance_milliseconds(1_000);
    office.open_matter("lead", "第二条").await;
    let fields = [pair("up_to", &value_of(&page, "up_to"))];
    let answer = office.send("supervisor", &page, "/notices/read", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = office.get("supervisor", "/notices").await.html;
    assert!(page.contains("未读 1 条"), "what came in meanwhile stays unread");
}
