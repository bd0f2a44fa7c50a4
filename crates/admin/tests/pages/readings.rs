//! Who has read of one child: asked by whoever oversees it, answered without saying more of the child than lists do.

use std::sync::Arc;

use access::{Actor, Reading, posts, read_record};
use base::{AreaPath, MatterId, PersonId, Severity, WorkCalendar};
use http::StatusCode;
use matters::{MatterWords, Matters, NewMatter};
use people::People;
use people::import::{self, File, Options};
use store::testing::TestDatabase;
use store::{ActorRef, Operation};
use web::Language;

use crate::office::{Office, migrations};

store::on_both! { migrations() =>
    an_auditor_is_told_who_read_of_one_child_and_of_no_other,
    nobody_else_asks_who_read,
}

const NUMBER: &str = "440305201303060029";
const OTHER_NUMBER: &str = "440305201105050014";

/// Two children as the school delivers them, by their numbers.
async fn deliver(office: &Office) -> (PersonId, PersonId) {
    let people = People::new(&office.app.programs).unwrap();
    let text = format!(
        "姓名,身份证号,学校,缺课天数,统计日期,监护人电话\n\
         夏侯云岚,{NUMBER},西丽某小学,9,2026-02-13,13800006207\n\
         司马云起,{OTHER_NUMBER},粤海某中学,3,2026-02-12,\n"
    );
    let file = File { name: "学校.csv", bytes: text.as_bytes() };
    let options = Options { dry_run: false, language: Language::Chinese };
    let report = import::run(&people, &office.app, &Actor::system(), "school", file, options).await.unwrap();
    assert_eq!(report.figures.new_persons, 2, "{report:?}");
    let read = office.app.database.read().await.unwrap();
    let mut found = Vec::new();
    for number in [NUMBER, OTHER_NUMBER] {
        let document = base::IdentityDocument::read(number).unwrap();
        let number = people::persons::Number::of(read.keys(), &document);
        let owners = people::persons::repo::owners(read.connection(), &[number]).await.unwrap();
        found.push(owners[&number.digest]);
    }
    (found[0], found[1])
}

/// A lead about the child, as screening would open it.
async fn lead(office: &Office, subject: PersonId, area: AreaPath) -> (MatterId, String) {
    let (programs, roles) = (Arc::clone(&office.app.programs), Arc::clone(&office.app.roles));
    let matters = Matters::new(programs, roles, WorkCalendar::shipped(), Vec::new());
    let write = office.database.begin("test.open_lead").await;
    let words = MatterWords { title: "夏侯*岚".to_owned(), summary: String::new(), place: String::new() };
    let new = NewMatter {
        program: "minors".to_owned(),
        kind: "lead".to_owned(),
        parent: None,
        opened_from: None,
        subject: Some(subject),
        area,
        severity: Severity::High,
        origin: "screening".to_owned(),
        words,
        due: None,
        opener: None,
        holder: None,
        organisation: None,
    };
    let matter = matters.open(&write, new).await.unwrap();
    write.save().await.unwrap();
    (matter.id, matter.number)
}

/// Somebody of this login name reads of a person, in the post that they hold.
async fn reads(office: &Office, login: &str, reading: Reading) {
    let read = office.app.database.read().await.unwrap();
    let account = access::accounts::by_login(read.connection(), read.keys(), login).await.unwrap().id;
    let post = posts::present_posts(read.connection(), account, office.app.now()).await.unwrap()[0].id;
    drop(read);
    let actor = ActorRef { account: Some(account), post: Some(post) };
    let operation = Operation { actor, ..office.database.operation("test.read_file") };
    read_record(office.database.write(operation).await.unwrap(), reading).await.unwrap();
}

async fn an_auditor_is_told_who_read_of_one_child_and_of_no_other(database: TestDatabase) {
    let office = Office::open(database).await;
    let area = office.area_for("child_director");
    office.add("dora", "child_director", area).await;
    office.add("olga", "child_director", area).await;
    office.add("sven", "child_supervisor", office.area_for("child_supervisor")).await;
    let (child, other) = deliver(&office).await;
    let (matter, number) = lead(&office, child, area).await;
    let of = |subject, matter, purpose, part| Reading { subject, matter, area: Some(area), purpose, part };
    reads(&office, "dora", of(child, Some(matter), "check", "phone")).await;
    reads(&office, "dora", of(child, None, "file", "file")).await;
    reads(&office, "olga", of(other, None, "file", "file")).await;
    store::journal::sequence(&office.app.database).await.unwrap();

    let mut shen = office.enter("shen", "auditor").await;
    let list = format!("/admin/journal/readings/{child}");
    let ways = [NUMBER.to_owned(), number.to_lowercase(), format!("http://office.example/files/{child}")];
    for whose in ways {
        let found = shen.send("/admin/journal", "/admin/journal/readings", &[("whose", &whose)]).await;
        assert_eq!(found.location, list, "{whose}: {}", found.text);
    }
    let page = shen.page(&list).await;
    assert_eq!(page.matches("名dora").count(), 2, "{page}");
    for shown in [
        "核实线索",
        "电话",
        "查阅档案",
        "儿童档案",
        "儿童主任",
        number.as_str(),
        "夏侯*岚",
        "4403**********0029",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for hidden in ["名olga", "夏侯云岚", NUMBER, "13800006207"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    assert!(shen.page("/admin/journal?kind=file.read").await.contains(&list), "an entry leads there too");
    assert!(shen.page(&format!("/admin/journal/readings/{other}")).await.contains("名olga"));

    for nobody in ["440305201303060037", "XS-990101-0001", "夏侯云岚"] {
        let page = shen.send("/admin/journal", "/admin/journal/readings", &[("whose", nobody)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains("没有找到"), "{nobody}");
    }
    assert_eq!(office.recorded("admin.readings_searched").await, 6, "each look-up is on record");
    assert_eq!(office.recorded("admin.readings_listed").await, 2, "and each list that was shown");
    let read = office.app.database.read().await.unwrap();
    let all = store::journal::list(&read, &store::journal::Filter::default(), None, 500).await.unwrap();
    let told = |entry: &store::journal::Entry| format!("{:?}", entry.payload);
    let own = all.iter().filter(|entry| entry.kind.starts_with("admin.readings"));
    assert!(own.clone().all(|entry| !told(entry).contains(NUMBER)), "what was typed is not kept");
    assert_eq!(own.filter(|entry| entry.subject == Some(child)).count(), 4);
}

async fn nobody_else_asks_who_read(database: TestDatabase) {
    let office = Office::open(database).await;
    let (child, _) = deliver(&office).await;
    let list = format!("/admin/journal/readings/{child}");
    for (login, role) in [("han", "administrator"), ("dora", "child_director"), ("dan", "district_officer")] {
        let mut browser = office.enter(login, role).await;
        assert_eq!(browser.get(&list).await.status, StatusCode::FORBIDDEN, "{role}");
        let asked = browser.send("/account", "/admin/journal/readings", &[("whose", NUMBER)]).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN, "{role}");
    }
    let mut han = office.browser();
    han.log_in("han", crate::office::OWN).await;
    assert!(!han.page("/admin/journal").await.contains("谁看过"), "the form is not offered");
    let mut shen = office.enter("shen", "auditor").await;
    let unknown = "/admin/journal/readings/00000000-0000-7000-8000-000000000001";
    assert_eq!(shen.get(unknown).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.recorded("admin.readings_listed").await, 0);
}
