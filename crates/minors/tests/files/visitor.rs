//! The post that has the next visit of a file: it stays where it is while it has it, and the file follows the visit.

use access::accounts::{self, Password};
use access::users::{self, NewUser, NewUserPost};
use base::{AreaLevel, Severity};
use matters::matter::Assigning;
use store::testing::TestDatabase;

use crate::case::send;
use crate::office::{Office, Worker, between, migrations, text};
use crate::{check, file};

store::on_both! { migrations() =>
    a_planned_visit_keeps_its_post_until_it_is_handed_over,
}

/// Somebody who may close posts.
async fn administrator(office: &Office) -> Worker {
    let post = NewUserPost {
        role: "administrator".to_owned(),
        organisation: "街道办".to_owned(),
        area: office.area.cut_at(AreaLevel::City),
    };
    let new = NewUser { login: "han".to_owned(), name: "韩梅".to_owned(), post: Some(post) };
    let operation = office.database.operation("test.add");
    let added = users::add(&office.app.database, &office.app.roles, operation, &new).await.unwrap();
    let operation = office.database.operation("test.change_password");
    let own = Password::new("Umbrella-Grey-74");
    accounts::change_password(&office.app.database, operation, added.account, added.one_time, own)
        .await
        .unwrap();
    let read = office.app.database.read().await.unwrap();
    let post = access::posts::tenures_of_account(read.connection(), added.account).await.unwrap()[0].post;
    Worker { account: added.account, post, login: "han" }
}

/// What its page says when a post is to be closed that cannot be.
async fn hindrance(office: &Office, han: Worker, post: base::PostId) -> String {
    let path = format!("/admin/posts/{post}");
    let page = office.log_in(han).await.page(&path).await;
    let version = between(&page, "name=\"version\" value=\"", "\"").to_owned();
    let refused = send(office, han, &path, &format!("{path}/close"), &format!("version={version}")).await;
    assert_eq!(refused.status(), 422);
    let page = text(refused).await;
    between(&page, "role=\"alert\"", "sw-cols").to_owned()
}

async fn a_planned_visit_keeps_its_post_until_it_is_handed_over(database: TestDatabase) {
    let office = Office::open(database).await;
    check(&office, Severity::Medium).await;
    let planned = file(&office, office.supervisor, office.child).await.unwrap();
    assert_eq!(planned.holder, Some(office.director.post));
    let han = administrator(&office).await;
    let kept = "由本岗位走访的儿童档案 1 份";
    let said = hindrance(&office, han, office.director.post).await;
    assert!(said.contains("在办事项 1 件") && said.contains(kept), "{said}");
    assert!(!said.contains("/files?"), "an administrator sees no files: {said}");
    assert!(!hindrance(&office, han, office.supervisor.post).await.contains(kept));
    let list = format!("/files?holder={}", office.director.post);
    let page = office.log_in(office.supervisor).await.page(&list).await;
    assert!(page.contains("共 1 份") && page.contains("name=\"holder\""), "{page}");

    let actor = office.actor(office.supervisor).await;
    let operation = store::Operation { actor: actor.reference(), ..office.database.operation("test.assign") };
    let write = office.app.database.write(operation).await.unwrap();
    let (connection, keys) = (write.connection(), write.keys());
    let (visit, token) =
        office.matters.look_up(connection, keys, &actor, planned.visit.unwrap()).await.unwrap();
    let assigning =
        Assigning { holder: office.supervisor.post, reason: "主任调岗", version: visit.version };
    office.matters.assign(&write, &actor, &token, &assigning).await.unwrap();
    write.save().await.unwrap();
    office.settle().await;
    let handed = file(&office, office.supervisor, office.child).await.unwrap();
    assert_eq!(handed.holder, Some(office.supervisor.post), "the file goes along with its visit");
    assert!(!hindrance(&office, han, office.director.post).await.contains("儿童档案"));
    assert!(hindrance(&office, han, office.supervisor.post).await.contains(kept));
    assert!(office.log_in(office.supervisor).await.page(&list).await.contains("共 0 份"));
}
