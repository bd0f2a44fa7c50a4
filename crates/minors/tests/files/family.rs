//! Who the child is and with whom it lives, as sources say and contradict each other; children who turned out to be one;
//! and what is told to whoever may only know that there is a file.

use base::{PersonId, Severity};
use minors::files::{self, FileState};
use people::links::decisions;
use store::jobs::Runner;
use store::testing::TestDatabase;

use crate::office::{Office, Worker, migrations, text};
use crate::{check, child_with_number, deliver_grid, file, hand_in, in_difficulty};

store::on_both! { migrations() =>
    the_family_reads_as_kinship_with_who_is_there_and_who_is_not,
    children_who_turn_out_to_be_one_have_one_file,
    lists_say_what_visits_are_about_to_whoever_sees_the_file,
    children_who_turn_out_to_be_one_have_one_case,
    who_may_only_know_of_a_file_is_told_so_and_no_more,
    a_file_of_a_child_who_moved_away_opens_without_the_child,
}

async fn page(office: &Office, worker: Worker, person: PersonId) -> String {
    office.log_in(worker).await.page(&format!("/files/{person}")).await
}

async fn the_family_reads_as_kinship_with_who_is_there_and_who_is_not(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let shown = page(&office, office.supervisor, office.child).await;
    let family = shown.split("<ol class=\"fl-family\"").nth(1).unwrap().split("</ol>").next().unwrap();
    let generation = |title: &str| {
        let rest = family.split(&format!("<h3>{title}</h3>")).nth(1).unwrap_or_default();
        rest.split("<h3>").next().unwrap_or_default().to_owned()
    };
    let parents = generation("父母");
    for words in ["母亲 张*", "监护人", "同住", "13812346207", "父亲", "来源记录未写明"] {
        assert!(parents.contains(words), "{words}: {family}");
    }
    let own = generation("本人与兄弟姐妹");
    assert!(own.contains("本人 张*涵") && own.contains("兄弟姐妹 张*宇"), "{family}");
    let mut english = office.log_in(office.supervisor).await;
    english.language = "en";
    let shown = english.page(&format!("/files/{}", office.child)).await;
    for words in ["Mother 张*", "Lives here", "Named by no source"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

/// Runs every job that waits, and those that they enqueue.
async fn settle(office: &mut Office) {
    let jobs = std::mem::take(&mut office.assembly.jobs);
    let listeners = std::mem::take(&mut office.assembly.listeners);
    let (database, clock) = (office.app.database.clone(), office.app.clock.clone());
    let runner = Runner::new(database, clock, office.app.clone(), jobs, listeners).await.unwrap();
    assert_eq!(runner.settle().await.unwrap().failed, 0);
    runner.release().await;
}

async fn hear(office: &Office) {
    let (database, clock) = (office.app.database.clone(), office.app.clock.clone());
    let listeners = files::listeners(&office.matters);
    let runner = Runner::new(database, clock, office.app.clone(), Vec::new(), listeners).await.unwrap();
    assert_eq!(runner.settle().await.unwrap().failed, 0);
    runner.release().await;
}

/// The numbers of the matters about these persons.
async fn matters_of(office: &Office, persons: &[PersonId]) -> Vec<String> {
    let read = office.app.database.read().await.unwrap();
    let scope = office.matters.scope(&access::Actor::system());
    let mut numbers = Vec::new();
    for person in persons {
        let about = office.matters.about(read.connection(), read.keys(), &scope, *person).await.unwrap();
        assert!(!about.is_empty());
        numbers.extend(about.into_iter().map(|matter| matter.number));
    }
    numbers
}

async fn children_who_turn_out_to_be_one_have_one_file(database: TestDatabase) {
    let mut office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let kept = office.child;
    let birth = base::Day::new(2014, 5, 2).unwrap();
    let number = base::ResidentId::compose(440_305, birth, 17).unwrap().as_str().to_owned();
    let joined = child_with_number(&office, &number).await;
    office.child = joined;
    check(&office, Severity::High).await;
    let (one, two) = (
        file(&office, office.supervisor, kept).await.unwrap(),
        file(&office, office.supervisor, joined).await.unwrap(),
    );
    assert_ne!(one.id, two.id);

    let write = office.database.begin("test.merge").await;
    let city = office.area.cut_at(base::AreaLevel::City);
    let decision = decisions::merge(&write, joined, kept, None, "", city).await.unwrap();
    write.save().await.unwrap();
    hear(&office).await;

    // The old address leads to the file that goes on, which has what both had.
    let browser = office.log_in(office.supervisor).await;
    let old = browser.get(&format!("/files/{joined}")).await;
    assert_eq!(
        (old.status().as_u16(), &old.headers()["location"]),
        (303, &format!("/files/{kept}").parse().unwrap())
    );
    let now = file(&office, office.supervisor, joined).await.unwrap();
    assert_eq!((now.id, now.level, now.state), (one.id, Severity::High, FileState::Open));
    let shown = page(&office, office.supervisor, kept).await;
    assert!(shown.contains("关闭档案：与另一份档案合并"), "{shown}");
    for lead in matters_of(&office, &[kept, joined]).await {
        assert!(shown.contains(&lead), "the matters of both are listed: {lead}");
    }
    // What the rows of the two say stands beside each other, each with its row.
    assert!(shown.contains("另有 1 说") && shown.contains("欧阳晨"), "{shown}");
    assert_eq!(office.log_in(office.neighbour).await.get(&format!("/files/{joined}")).await.status(), 404);

    // Taken back, each has their own again.
    let write = office.database.begin("test.undo").await;
    decisions::undo(&write, decision, city).await.unwrap();
    write.save().await.unwrap();
    let apart = file(&office, office.supervisor, joined).await.unwrap();
    assert_eq!((apart.id, apart.state), (two.id, FileState::Closed));
    let shown = page(&office, office.supervisor, joined).await;
    assert!(shown.contains("与另一份档案合并") && shown.contains("重新启用"), "{shown}");
    hear(&office).await;
    let again = file(&office, office.supervisor, joined).await.unwrap();
    assert_eq!((again.id, again.state), (two.id, FileState::Open));
    assert!(office.matter(again.visit.unwrap()).await.closed_at.is_none(), "the child is visited");
    let kept = file(&office, office.supervisor, kept).await.unwrap();
    assert_eq!((kept.id, kept.state), (one.id, FileState::Open));
}

async fn children_who_turn_out_to_be_one_have_one_case(database: TestDatabase) {
    let mut office = Office::open(database).await;
    let kept = office.child;
    let birth = base::Day::new(2014, 5, 2).unwrap();
    let number = base::ResidentId::compose(440_305, birth, 17).unwrap().as_str().to_owned();
    let joined = child_with_number(&office, &number).await;
    office.child = joined;
    let mut answers = in_difficulty();
    answers["case_needed"] = serde_json::json!("yes");
    let lead = office.accepted(Severity::Medium).await;
    hand_in(&office, office.director, lead.id, "submit", "check", &answers).await;
    let cases = async || {
        let read = office.app.database.read().await.unwrap();
        let scope = office.matters.scope(&access::Actor::system());
        let mut cases = Vec::new();
        for person in [kept, joined] {
            let about = office.matters.about(read.connection(), read.keys(), &scope, person).await.unwrap();
            cases.extend(about.into_iter().filter(|matter| matter.kind == "case"));
        }
        cases
    };
    let before = cases().await;
    assert_eq!((before.len(), before[0].subject, before[0].severity), (1, Some(joined), Severity::Medium));

    let write = office.database.begin("test.merge").await;
    let city = office.area.cut_at(base::AreaLevel::City);
    decisions::merge(&write, joined, kept, None, "", city).await.unwrap();
    write.save().await.unwrap();
    // A graver check of the child, under the name that stays, goes to the case that is worked on.
    office.child = kept;
    let lead = office.accepted(Severity::High).await;
    hand_in(&office, office.director, lead.id, "submit", "check", &answers).await;
    let after = cases().await;
    assert_eq!((after.len(), after[0].id, after[0].severity), (1, before[0].id, Severity::High));
}

async fn lists_say_what_visits_are_about_to_whoever_sees_the_file(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    for (language, category) in [("zh-CN", "监护缺失或不当"), ("en", "Guardianship missing or improper")]
    {
        let mut supervisor = office.log_in(office.supervisor).await;
        supervisor.language = language;
        let inbox = supervisor.page("/inbox?whose=area&kind=visit").await;
        assert!(inbox.contains("data-row") && inbox.contains(category), "{inbox}");
    }
    let neighbour = office.log_in(office.neighbour).await.page("/inbox?whose=area&kind=visit").await;
    assert!(!neighbour.contains("data-row"), "{neighbour}");
}

async fn who_may_only_know_of_a_file_is_told_so_and_no_more(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let neighbour = office.log_in(office.neighbour).await;
    let there = neighbour.get(&format!("/files/{}", office.child)).await;
    assert_eq!(there.status(), 404);
    let there = text(there).await;
    assert!(there.contains("有一份档案，在另一个辖区"), "{there}");
    assert!(!there.contains("张*"), "{there}");
    let nowhere = neighbour.get(&format!("/files/{}", uuid::Uuid::from_u128(1))).await;
    assert_eq!(nowhere.status(), 404);
    assert!(!text(nowhere).await.contains("另一个辖区"));
}

async fn a_file_of_a_child_who_moved_away_opens_without_the_child(database: TestDatabase) {
    let mut office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let areas = office.app.areas.clone();
    let of_the_street = |path: &base::AreaPath| path.subdistrict == office.area.subdistrict;
    let mut communities = areas.all().iter().map(|area| area.path).filter(of_the_street);
    let there = communities.find(|path| path.community.is_some_and(|one| one != office.area.area())).unwrap();
    deliver_grid(&office, there, "").await;
    settle(&mut office).await;

    // It stands on the list of those who opened it, and leads to what is theirs: visits and matters.
    let director = office.log_in(office.director).await;
    assert!(director.page("/files").await.contains(&format!("/files/{}", office.child)));
    let shown = page(&office, office.director, office.child).await;
    let moved = format!("现居住地已在 {}", office.app.areas.name_of(&there));
    assert!(shown.contains(&moved), "{moved}: {shown}");
    for hidden in ["13812346207", "王京坑村18栋503", "张丽"] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
    assert!(shown.contains("张*涵") && shown.contains("走访"), "{shown}");
    // The street sees both communities, so it goes on seeing the child.
    let shown = page(&office, office.supervisor, office.child).await;
    assert!(shown.contains("13812346207") && !shown.contains("现居住地已在"), "{shown}");
}
