//! Changes of a file that cannot be taken, and two people at one file.

use base::Severity;
use minors::files::{Change, FileError, FileState};
use store::testing::TestDatabase;

use crate::office::{Office, migrations, text};
use crate::{change, check, file, hand_in, send, visited};

store::on_both! { migrations() =>
    a_refused_change_comes_back_with_what_was_typed,
    the_second_of_two_people_is_told_and_shown_both,
    an_adult_is_visited_no_more,
}

async fn a_refused_change_comes_back_with_what_was_typed(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let path = format!("/files/{}", office.child);
    let before = file(&office, office.supervisor, office.child).await.unwrap();
    let fields = format!("version={}&change=add&category=migrant&reason=短", before.version);
    let refused = send(&office, office.supervisor, &path, &fields).await;
    assert_eq!(refused.status(), 422);
    let page = text(refused).await;
    for words in ["<details open>", "<option value=\"migrant\" selected>", ">短</textarea>", "本页查阅已留痕"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let after = file(&office, office.supervisor, office.child).await.unwrap();
    assert_eq!(after, before, "nothing was changed");

    // What the file itself does not allow is said on its page too.
    let fields = format!("version={}&change=close&reason=adult", before.version);
    let refused = send(&office, office.supervisor, &path, &fields).await;
    assert_eq!(refused.status(), 422);
    let page = text(refused).await;
    assert!(page.contains("该儿童未满十八周岁"), "{page}");
    assert!(page.contains("<option value=\"adult\" selected>"), "{page}");
    office.accepted(Severity::Medium).await;
    let fields = format!("version={}&change=close&reason=settled", before.version);
    let page = text(send(&office, office.supervisor, &path, &fields).await).await;
    assert!(page.contains("还有未办结的线索或个案"), "{page}");
}

async fn the_second_of_two_people_is_told_and_shown_both(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let path = format!("/files/{}", office.child);
    let version = file(&office, office.supervisor, office.child).await.unwrap().version;
    let first = format!("version={version}&change=level&level=high&reason=走访见到新的伤痕");
    assert_eq!(send(&office, office.supervisor, &path, &first).await.status(), 303);
    let second = format!("version={version}&change=level&level=low&reason=电话里说一切都好");
    let overtaken = send(&office, office.officer, &path, &second).await;
    assert_eq!(overtaken.status(), 409);
    let page = text(overtaken).await;
    for words in ["别人刚刚改过这份档案", "<mark>高</mark>", "<mark>低</mark>", "电话里说一切都好</textarea>"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let now = file(&office, office.supervisor, office.child).await.unwrap();
    assert_eq!(now.level, Severity::High, "nothing was overwritten");
    // Having compared, the second sends it again from the page that came back.
    assert!(page.contains(&format!("name=\"version\" value=\"{}\"", now.version)), "{page}");
    let again = format!("version={}&change=level&level=low&reason=电话里说一切都好", now.version);
    assert_eq!(send(&office, office.officer, &path, &again).await.status(), 303);
}

async fn an_adult_is_visited_no_more(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let planned = file(&office, office.director, office.child).await.unwrap().visit.unwrap();
    let refused = change(&office, Change::Close("adult".to_owned())).await;
    assert!(matches!(refused, Err(FileError::StillAChild)), "{refused:?}");
    // Born on 6 March 2015.
    office.database.clock().set(base::Day::new(2033, 3, 6).unwrap().start().plus_hours(9));
    hand_in(&office, office.director, planned, "record", "visit", &visited("fine")).await;
    let open = file(&office, office.director, office.child).await.unwrap();
    assert_eq!((open.state, open.visit), (FileState::Open, None), "none is planned");
    let supervisor = office.log_in(office.supervisor).await;
    let page = supervisor.page(&format!("/files/{}", office.child)).await;
    assert!(page.contains("已于 2033-03-06 年满十八周岁"), "{page}");
    let list = supervisor.page("/files").await;
    assert!(list.contains("已成年，待关闭"), "{list}");
    change(&office, Change::Close("adult".to_owned())).await.unwrap();
    let page = office.log_in(office.supervisor).await.page(&format!("/files/{}", office.child)).await;
    assert!(page.contains("年满十八周岁") && page.contains("档案只供查阅"), "{page}");
}
