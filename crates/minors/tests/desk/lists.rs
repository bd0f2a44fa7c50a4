//! Inbox, notices and lists: each role in both languages, numbers that equal lists, and dispatching many at once.

use axum::http::StatusCode;
use store::testing::TestDatabase;

use crate::office::{Office, migrations, pair, value_of};

store::on_both! { migrations() =>
    each_role_has_its_inbox_in_both_languages,
    numbers_equal_the_lists_behind_them,
    the_command_page_counts_what_it_links_to,
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
