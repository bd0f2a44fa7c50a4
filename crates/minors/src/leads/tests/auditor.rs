//! What whoever audits meets of leads and of the rows that they stand on.

use super::*;

store::on_both! { office::migrations() =>
    who_may_not_see_the_child_sees_what_the_lead_stands_on,
    an_auditor_meets_no_content_of_a_child_on_any_page,
}

/// Whoever audits sees the lead and what it stands on, and the page says so: no school, class or number of the child.
async fn who_may_not_see_the_child_sees_what_the_lead_stands_on(database: TestDatabase) {
    let mut office = Office::open(database).await;
    office.seat("auditor", "auditor", base::AreaPath { ..access::CITY }).await;
    office.deliver("grid", &homes()).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let page = format!("/leads/{}", lead.id);
    let whole = text(office.get("supervisor", &page, "zh").await).await;
    let masked = |html: &str| html.matches("<dt>").count();
    assert!(masked(&whole) > 4);
    for (language, words) in
        [("zh", "不显示学校、班级、证件号码"), ("en", "school, class and numbers are not")]
    {
        let seen = text(office.get("auditor", &page, language).await).await;
        assert!(seen.contains(words), "{seen}");
        let cells: Vec<&str> = seen
            .split("<dl class=\"ld-facts\">")
            .skip(1)
            .filter_map(|part| part.split("</dl>").next())
            .collect();
        let cells = cells.concat();
        assert_eq!(cells.matches("<dd>").count(), cells.matches("<mark>").count(), "{cells}");
        for hidden in ["王小雨", "周雨桐", "吴若曦", "*雨", "*桐", "*曦"] {
            assert!(!seen.contains(hidden), "{hidden}: {seen}");
        }
    }
    assert!(!text(office.get("auditor", "/leads", "zh").await).await.contains("*雨"));
}

/// The addresses on a page that begin with `start`, each once.
fn links_of(page: &str, start: &str) -> Vec<String> {
    let marker = format!("href=\"{start}");
    let ends = page.split(&marker).skip(1).filter_map(|rest| rest.split('"').next());
    let mut links: Vec<String> = ends.map(|end| format!("{start}{end}")).collect();
    links.sort_unstable();
    links.dedup();
    links
}

/// Attaches a picture to each of the leads; the addresses at which they are.
async fn with_pictures(office: &Office, leads: &[Matter]) -> Vec<String> {
    let picture = matters::attachments::Picture::read(office::picture()).await.unwrap();
    let supervisor = office.actor("supervisor");
    let mut pictures = Vec::new();
    for lead in leads {
        let write = office.database.begin("test.attach").await;
        let seen = office.matters.look_up(write.connection(), write.keys(), supervisor, lead.id).await;
        let attached = office.matters.attach(&write, supervisor, &seen.unwrap().1, &picture, "门口").await;
        let attachment = attached.unwrap().id;
        write.save().await.unwrap();
        let path = format!("/matters/{}/attachments/{attachment}", lead.id);
        let on_phone = format!("/m/photos/{}/{attachment}", lead.id);
        pictures.extend([path.clone(), format!("{path}/small"), on_phone]);
    }
    pictures
}

/// What of the child's own nobody is shown who only audits; what is masked for them stands masked in the row itself, and on
/// no page of work.
fn shows_no_content(page: &str, seen: &str) {
    let content = ["小雨", "雨桐", "若曦", "秀兰", "西丽小学", "五（2）班", "王京坑村", "门口", "2014-05-06"];
    let masked: &[&str] = if page.starts_with("/rows/") { &[] } else { &["*雨", "*桐", "*曦", "*兰"] };
    for hidden in content.iter().chain(masked) {
        assert!(!seen.contains(hidden), "{hidden} on {page}: {seen}");
    }
    assert!(!seen.contains("<img"), "no picture on {page}");
}

async fn an_auditor_meets_no_content_of_a_child_on_any_page(database: TestDatabase) {
    let mut office = Office::open(database).await;
    office.seat("auditor", "auditor", base::AreaPath { ..access::CITY }).await;
    office.deliver("grid", &homes()).await;
    office.deliver("school", &school(&[("王小雨", (2014, 5, 6), 24, 9)])).await;
    let mut leads = office.matters_of(LEAD).await;
    let pictures = with_pictures(&office, &leads).await;
    let mut pages = vec!["/leads".to_owned(), "/inbox?whose=area".to_owned(), "/command".to_owned()];
    pages.extend(leads.drain(..).map(|lead| format!("/leads/{}", lead.id)));
    // What these pages lead to, and what those lead to: rows, their older versions, deliveries and their lists.
    let (mut next, mut rows_met) = (0, 0);
    while let Some(page) = pages.get(next).cloned() {
        next += 1;
        for language in ["zh", "en"] {
            let answer = office.get("auditor", &page, language).await;
            if answer.status() != StatusCode::OK {
                assert!(matches!(answer.status(), StatusCode::FORBIDDEN | StatusCode::NOT_FOUND), "{page}");
                continue;
            }
            let seen = text(answer).await;
            shows_no_content(&page, &seen);
            if page.starts_with("/rows/") {
                rows_met += 1;
                let words = ["您的岗位查看做了什么，不查看涉及谁", "not about whom"];
                assert!(words.iter().any(|says| seen.contains(says)), "{page} says why: {seen}");
            }
            for start in ["/rows/", "/deliveries/", "/feeds/", "/leads/", "/files/", "/persons/", "/matters/"]
            {
                for link in links_of(&seen, start) {
                    if !pages.contains(&link) {
                        pages.push(link);
                    }
                }
            }
        }
        assert!(pages.len() < 200, "the pages end");
    }
    assert!(rows_met >= 2, "rows were among them: {pages:?}");
    assert!(pages.iter().any(|page| page.starts_with("/deliveries/")), "{pages:?}");
    for path in &pictures {
        let answer = office.get("auditor", path, "zh").await;
        assert!(matches!(answer.status(), StatusCode::FORBIDDEN | StatusCode::NOT_FOUND), "{path}");
        assert!(!text(answer).await.contains("JFIF"));
    }
    let whole = office.get("supervisor", &pictures[0], "zh").await;
    assert_eq!(whole.status(), StatusCode::OK, "who works on the lead sees its picture");
    // A look through the delivery is a look at the person, and stands in the journal.
    let read = office.app.database.read().await.unwrap();
    let told = store::journal::list(&read, &store::journal::Filter::default(), None, 200).await.unwrap();
    let auditor = office.actor("auditor").account;
    let looks = told.iter().filter(|entry| {
        entry.kind == access::FILE_READ
            && entry.operation_name == "people.read_row"
            && entry.actor.account == auditor
    });
    assert!(looks.count() >= 2);
}
