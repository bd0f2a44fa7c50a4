//! Areas, organisations, posts and tenures, on both databases.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use access::accounts::{self, AccountForm};
use access::organisations::{self, OrganisationForm, OrganisationKind};
use access::posts::{self, Appointment, PostForm, TenureKind};
use access::{AccessError, FieldFault, Reading, Role, Roles, areas, read_record, users};
use base::{
    AccountId, AreaId, AreaLevel, AreaPath, AreaTree, Label, Moment, OrganisationId, PersonId, PostId,
};
use store::Migration;
use store::testing::{START, TestDatabase};

fn migrations() -> Vec<Migration> {
    [store::migrations(), access::migrations()].concat()
}

store::on_both! { migrations() =>
    loading_the_areas_again_changes_nothing,
    a_district_without_a_code_is_added_and_renamed,
    an_organisation_is_made_changed_and_closed,
    a_referral_finds_the_department_of_its_place,
    a_new_user_can_start_at_once,
    a_post_is_refused_by_its_field,
    people_hold_posts_for_periods,
    the_smallest_area_and_the_first_role_hold_a_place,
    an_account_acts_in_a_post_that_it_holds,
    a_read_is_on_record_before_anything_is_shown,
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn roles() -> Roles {
    let role = |key: &str, level: AreaLevel| Role {
        key: key.to_owned(),
        label: Label::new(key, key),
        levels: BTreeSet::from([level]),
        rights: Vec::new(),
        clearance: BTreeMap::new(),
        sees_sealed: false,
    };
    Roles::new([
        role("child_director", AreaLevel::Community),
        role("child_supervisor", AreaLevel::Subdistrict),
        role("district_officer", AreaLevel::District),
    ])
}

/// A community of the shipped list with all above it.
fn community() -> AreaPath {
    let tree = AreaTree::shipped();
    tree.all().iter().find(|area| area.level == AreaLevel::Community).unwrap().path
}

async fn organisation(database: &TestDatabase, name: &str, area: AreaPath) -> OrganisationId {
    let write = database.begin("test.organisation").await;
    let form = OrganisationForm {
        kind: OrganisationKind::SubdistrictOffice,
        name: name.to_owned(),
        department: None,
        area,
    };
    let id = organisations::create(&write, &form).await.unwrap();
    write.save().await.unwrap();
    id
}

async fn post(database: &TestDatabase, role: &str, area: AreaPath, organisation: OrganisationId) -> PostId {
    let write = database.begin("test.post").await;
    let form = PostForm { role: role.to_owned(), organisation, title: String::new(), area };
    let id = posts::create(&write, &roles(), &form).await.unwrap();
    write.save().await.unwrap();
    id
}

async fn account(database: &TestDatabase, login: &str) -> AccountId {
    let write = database.begin("test.account").await;
    let form = AccountForm { login: login.to_owned(), name: login.to_owned(), phone: String::new() };
    let id = accounts::create(&write, &form, None).await.unwrap();
    write.save().await.unwrap();
    id
}

async fn appoint(
    database: &TestDatabase,
    post: PostId,
    account: AccountId,
    kind: TenureKind,
    (first_day, last_day): (i64, i64),
) -> Result<uuid::Uuid, AccessError> {
    let write = database.begin("test.appoint").await;
    let from = START.plus_milliseconds(first_day * DAY);
    let until = (last_day < 1_000).then(|| START.plus_milliseconds(last_day * DAY));
    let id = posts::appoint(&write, &Appointment { post, account, kind, from, until }).await?;
    write.save().await.unwrap();
    Ok(id)
}

fn is_field<T: std::fmt::Debug>(result: Result<T, AccessError>, field: &str, fault: FieldFault) {
    let error = result.unwrap_err();
    assert!(
        matches!(error, AccessError::Field { field: told, fault: why } if told == field && why == fault),
        "{field}: {error}"
    );
}

async fn loading_the_areas_again_changes_nothing(database: TestDatabase) {
    let tree = AreaTree::shipped();
    let write = database.begin("access.load_areas").await;
    let written = areas::load(&write, &tree).await.unwrap();
    assert_eq!(written, tree.all().len() as u64);
    write.save().await.unwrap();
    let write = database.begin("access.load_areas").await;
    assert_eq!(areas::load(&write, &tree).await.unwrap(), 0);
    write.save().await.unwrap();

    let read = database.read().await.unwrap();
    let shown = areas::get(read.connection(), community().area()).await.unwrap();
    assert_eq!(shown.path, community());
    assert!(shown.shipped && shown.code.is_some());
    let city = areas::get(read.connection(), AreaId(1)).await.unwrap();
    assert_eq!(areas::children(read.connection(), &city).await.unwrap().len(), 9);
    assert!(matches!(areas::get(read.connection(), AreaId(-1)).await, Err(AccessError::NotFound)));

    // The same id for another place would move every row of that place.
    let moved = AreaTree::parse("code,name,level\n440399000000,某区,district\n", "深圳市").unwrap();
    let write = database.begin("access.load_areas").await;
    assert!(areas::load(&write, &moved).await.is_err());
}

async fn a_district_without_a_code_is_added_and_renamed(database: TestDatabase) {
    let write = database.begin("test.areas").await;
    areas::load(&write, &AreaTree::shipped()).await.unwrap();
    let new = |parent: AreaId, name: &str| areas::NewArea { parent, name: name.to_owned() };
    let district = areas::add(&write, &new(AreaId(1), " 大鹏新区 ")).await.unwrap();
    assert_eq!(
        (district.level, district.name.as_str(), district.code),
        (AreaLevel::District, "大鹏新区", None)
    );
    assert_eq!(district.id, base::area::FIRST_OWN_AREA);
    let subdistrict = areas::add(&write, &new(district.id, "葵涌办事处")).await.unwrap();
    assert_eq!(subdistrict.path.district, Some(district.id));
    is_field(areas::add(&write, &new(AreaId(1), "大鹏新区")).await, "name", FieldFault::Taken);
    is_field(areas::add(&write, &new(AreaId(7_777_777), "某街道")).await, "parent", FieldFault::Unknown);
    is_field(areas::add(&write, &new(community().area(), "某小区")).await, "parent", FieldFault::WrongLevel);

    areas::rename(&write, subdistrict.id, 1, "葵涌街道").await.unwrap();
    assert!(matches!(areas::rename(&write, subdistrict.id, 1, "葵涌").await, Err(AccessError::Conflict)));
    is_field(areas::rename(&write, AreaId(1), 1, "某市").await, "name", FieldFault::Closed);
    let added = areas::added(write.connection()).await.unwrap();
    assert_eq!(added.iter().map(|area| area.name.as_str()).collect::<Vec<_>>(), ["大鹏新区", "葵涌街道"]);
    let tree = areas::tree(write.connection(), &AreaTree::shipped()).await.unwrap();
    assert_eq!(tree.name_of(&subdistrict.path), "大鹏新区 葵涌街道");
    // A second load of the shipped list leaves them alone.
    assert_eq!(areas::load(&write, &AreaTree::shipped()).await.unwrap(), 0);
}

async fn an_organisation_is_made_changed_and_closed(database: TestDatabase) {
    let area = community().cut_at(AreaLevel::Subdistrict);
    let id = organisation(&database, "西丽街道办事处", area).await;
    let write = database.begin("test.organisations").await;
    let form = |name: &str| OrganisationForm {
        kind: OrganisationKind::SubdistrictOffice,
        name: name.to_owned(),
        department: None,
        area,
    };
    is_field(organisations::create(&write, &form("西丽街道办事处")).await, "name", FieldFault::Taken);
    is_field(organisations::create(&write, &form(" ")).await, "name", FieldFault::Empty);
    organisations::edit(&write, id, 1, &form("西丽街道办")).await.unwrap();
    assert!(matches!(organisations::edit(&write, id, 1, &form("西丽")).await, Err(AccessError::Conflict)));
    write.save().await.unwrap();

    let supervisor = post(&database, "child_supervisor", area, id).await;
    let write = database.begin("test.organisations").await;
    is_field(organisations::close(&write, id, 2).await, "name", FieldFault::StillInUse);
    posts::close(&write, supervisor, 1).await.unwrap();
    organisations::close(&write, id, 2).await.unwrap();
    let filter = organisations::OrganisationFilter { within: Some(area), ..Default::default() };
    assert!(organisations::list(write.connection(), &filter, None, 10).await.unwrap().is_empty());
    let filter = organisations::OrganisationFilter { with_closed: true, ..filter };
    assert_eq!(organisations::list(write.connection(), &filter, None, 10).await.unwrap().len(), 1);
}

async fn a_referral_finds_the_department_of_its_place(database: TestDatabase) {
    let area = community();
    let write = database.begin("test.departments").await;
    let mut ids = Vec::new();
    for (name, level) in [("市公安局", AreaLevel::City), ("区公安分局", AreaLevel::District)] {
        let form = OrganisationForm {
            kind: OrganisationKind::Department,
            name: name.to_owned(),
            department: Some("police".to_owned()),
            area: area.cut_at(level),
        };
        ids.push(organisations::create(&write, &form).await.unwrap());
    }
    let found = |department: &'static str, area: AreaPath| {
        let connection = write.connection();
        async move {
            let found = organisations::for_department(connection, department, &area).await.unwrap();
            found.map(|organisation| organisation.id)
        }
    };
    assert_eq!(found("police", area).await, Some(ids[1]));
    assert_eq!(found("police", area.cut_at(AreaLevel::City)).await, Some(ids[0]));
    let elsewhere =
        AreaTree::shipped().all().iter().rfind(|area| area.level == AreaLevel::Community).unwrap().path;
    assert_eq!(found("police", elsewhere).await, Some(ids[0]));
    assert_eq!(found("school", area).await, None);
}

async fn a_new_user_can_start_at_once(database: TestDatabase) {
    let new = |login: &str, role: &str, area: AreaPath| users::NewUser {
        login: login.to_owned(),
        name: "周敏仪".to_owned(),
        post: Some(users::NewUserPost {
            role: role.to_owned(),
            organisation: "南山区民政局".to_owned(),
            area,
        }),
    };
    let district = community().cut_at(AreaLevel::District);
    let operation = || database.operation("user.add");
    let added = users::add(&database, &roles(), operation(), &new("zhou", "district_officer", district))
        .await
        .unwrap();
    let attempt = accounts::Attempt {
        login: "zhou".to_owned(),
        password: added.one_time.clone(),
        address: String::new(),
    };
    let inside = accounts::log_in(&database, operation(), attempt).await.unwrap();
    assert!(inside.account.must_change_password && inside.has_post);
    // A colleague gets a post of their own in the same organisation.
    users::add(&database, &roles(), operation(), &new("wu", "district_officer", district)).await.unwrap();
    let read = database.read().await.unwrap();
    let made = posts::list(read.connection(), &posts::PostFilter::default(), None, 10).await.unwrap();
    assert_eq!(made.len(), 2);
    assert_eq!(made[0].organisation, made[1].organisation);
    // Whoever comes after somebody takes the vacant post, with the matters that it holds.
    let (first, second) = (added.account, account(&database, "zheng").await);
    let held = posts::tenures_of_account(read.connection(), first).await.unwrap();
    drop(read);
    let write = database.begin("test.hand_over").await;
    let over = START.plus_milliseconds(30 * DAY);
    posts::end_tenure(&write, held[0].id, held[0].version, over).await.unwrap();
    let seat = users::Seat {
        role: "district_officer".to_owned(),
        organisation: made[0].organisation,
        area: district,
        kind: TenureKind::Regular,
        from: over,
        until: None,
    };
    assert_eq!(users::take_seat(&write, &roles(), second, &seat).await.unwrap().post, held[0].post);
    write.save().await.unwrap();
    // What cannot be taken leaves nothing behind.
    let refused = users::add(&database, &roles(), operation(), &new("li", "mayor", district)).await;
    is_field(refused, "role", FieldFault::Unknown);
    let read = database.read().await.unwrap();
    assert!(matches!(
        accounts::by_login(read.connection(), read.keys(), "li").await,
        Err(AccessError::NotFound)
    ));
}

async fn a_post_is_refused_by_its_field(database: TestDatabase) {
    let area = community();
    let station = organisation(&database, "大勘社区工作站", area).await;
    let write = database.begin("test.posts").await;
    let form = |role: &str, area: AreaPath| PostForm {
        role: role.to_owned(),
        organisation: station,
        title: String::new(),
        area,
    };
    let roles = roles();
    is_field(posts::create(&write, &roles, &form("mayor", area)).await, "role", FieldFault::Unknown);
    let above = area.cut_at(AreaLevel::Subdistrict);
    is_field(
        posts::create(&write, &roles, &form("child_director", above)).await,
        "area",
        FieldFault::WrongLevel,
    );
    let elsewhere = PostForm { organisation: OrganisationId(write.new_id()), ..form("child_director", area) };
    is_field(posts::create(&write, &roles, &elsewhere).await, "organisation", FieldFault::Unknown);
    let id = posts::create(&write, &roles, &form("child_director", area)).await.unwrap();
    is_field(posts::create(&write, &roles, &form("child_director", area)).await, "title", FieldFault::Taken);
    let second = PostForm { title: "二号".to_owned(), ..form("child_director", area) };
    posts::create(&write, &roles, &second).await.unwrap();
    posts::edit(&write, &roles, id, 1, &PostForm { title: "一号".to_owned(), ..second.clone() })
        .await
        .unwrap();
    assert!(matches!(posts::edit(&write, &roles, id, 1, &second).await, Err(AccessError::Conflict)));
    let filter = posts::PostFilter { within: Some(above), ..Default::default() };
    let titles: Vec<_> = posts::list(write.connection(), &filter, None, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|post| post.title)
        .collect();
    assert_eq!(titles, ["一号", "二号"]);
}

async fn people_hold_posts_for_periods(database: TestDatabase) {
    let area = community();
    let station = organisation(&database, "大勘社区工作站", area).await;
    let director = post(&database, "child_director", area, station).await;
    let (chen, feng) = (account(&database, "chen").await, account(&database, "feng").await);
    let tenure = appoint(&database, director, chen, TenureKind::Regular, (0, 9_999)).await.unwrap();
    is_field(
        appoint(&database, director, chen, TenureKind::Cover, (5, 6)).await,
        "from",
        FieldFault::Overlaps,
    );
    is_field(
        appoint(&database, director, feng, TenureKind::Cover, (6, 5)).await,
        "until",
        FieldFault::EndsBeforeItBegins,
    );
    appoint(&database, director, feng, TenureKind::Cover, (5, 10)).await.unwrap();

    let read = database.read().await.unwrap();
    let holders = |day: i64| {
        let (at, connection) = (START.plus_milliseconds(day * DAY), read.connection());
        async move { posts::holder_for(connection, &["child_director"], &area, at).await.unwrap() }
    };
    assert_eq!(holders(0).await.unwrap().accounts, [chen]);
    // While somebody stands in, they come first.
    assert_eq!(holders(5).await.unwrap().accounts, [feng, chen]);
    assert_eq!(holders(10).await.unwrap().accounts, [chen]);
    assert!(holders(-1).await.is_none());
    drop(read);

    // Hand-over: the tenure ends, the post stays, and nobody holds it from then on.
    let write = database.begin("test.end").await;
    posts::end_tenure(&write, tenure, 1, START.plus_milliseconds(20 * DAY)).await.unwrap();
    assert!(matches!(posts::end_tenure(&write, tenure, 1, START).await, Err(AccessError::Conflict)));
    is_field(
        posts::end_tenure(&write, tenure, 2, START.plus_milliseconds(-1)).await,
        "until",
        FieldFault::EndsBeforeItBegins,
    );
    is_field(posts::close(&write, director, 1).await, "title", FieldFault::StillInUse);
    let at = START.plus_milliseconds(20 * DAY);
    assert!(posts::holder_for(write.connection(), &["child_director"], &area, at).await.unwrap().is_none());
    assert_eq!(posts::tenures_of_account(write.connection(), chen).await.unwrap().len(), 1);
}

async fn the_smallest_area_and_the_first_role_hold_a_place(database: TestDatabase) {
    let area = community();
    let subdistrict = area.cut_at(AreaLevel::Subdistrict);
    let office = organisation(&database, "西丽街道办事处", subdistrict).await;
    let director = post(&database, "child_director", area, office).await;
    let supervisor = post(&database, "child_supervisor", subdistrict, office).await;
    let officer = post(&database, "district_officer", area.cut_at(AreaLevel::District), office).await;
    let ladder = ["child_director", "child_supervisor", "district_officer"];
    let held_by = |area: AreaPath, at: Moment| {
        let database = database.database();
        async move {
            let read = database.read().await.unwrap();
            posts::holder_for(read.connection(), &ladder, &area, at)
                .await
                .unwrap()
                .map(|holder| holder.post.id)
        }
    };
    assert_eq!(held_by(area, START).await, None);
    let officer_account = account(&database, "officer").await;
    appoint(&database, officer, officer_account, TenureKind::Regular, (0, 9_999)).await.unwrap();
    assert_eq!(held_by(area, START).await, Some(officer));
    let supervisor_account = account(&database, "supervisor").await;
    appoint(&database, supervisor, supervisor_account, TenureKind::Regular, (0, 9_999)).await.unwrap();
    assert_eq!(held_by(area, START).await, Some(supervisor));
    let director_account = account(&database, "director").await;
    appoint(&database, director, director_account, TenureKind::Regular, (0, 9_999)).await.unwrap();
    assert_eq!(held_by(area, START).await, Some(director));
    // A place that is known to its sub-district only is nobody's community.
    assert_eq!(held_by(subdistrict, START).await, Some(supervisor));
    // A disabled account holds nothing.
    let write = database.begin("test.disable").await;
    accounts::disable(&write, director_account, 1).await.unwrap();
    write.save().await.unwrap();
    assert_eq!(held_by(area, START).await, Some(supervisor));
    // The community next door has no director of its own.
    let neighbour = AreaTree::shipped()
        .children(subdistrict.area())
        .map(|area| area.path)
        .find(|other| *other != area)
        .unwrap();
    assert_eq!(held_by(neighbour, START).await, Some(supervisor));
}

async fn an_account_acts_in_a_post_that_it_holds(database: TestDatabase) {
    let area = community();
    let station = organisation(&database, "大勘社区工作站", area).await;
    let (first, second) = (
        post(&database, "child_director", area, station).await,
        post(&database, "child_supervisor", area.cut_at(AreaLevel::Subdistrict), station).await,
    );
    let hash =
        accounts::hash_password(accounts::Password::new("Tea-and-7-cups"), database.entropy()).await.unwrap();
    let write = database.begin("test.account").await;
    let form = AccountForm { login: "chen".to_owned(), name: "陈晓岚".to_owned(), phone: String::new() };
    let chen = accounts::create(&write, &form, Some(&hash)).await.unwrap();
    write.save().await.unwrap();
    appoint(&database, first, chen, TenureKind::Regular, (0, 10)).await.unwrap();

    let log_in = || {
        let attempt = accounts::Attempt {
            login: "chen".to_owned(),
            password: accounts::Password::new("Tea-and-7-cups"),
            address: String::new(),
        };
        accounts::log_in(&database, database.operation("admin.log_in"), attempt)
    };
    let find = |token: access::sessions::SessionToken, day: i64| {
        let database = database.database();
        async move {
            let read = database.read().await.unwrap();
            let now = START.plus_milliseconds(day * DAY);
            access::sessions::find(&read, &token, now, database.machine_now()).await.unwrap().actor
        }
    };
    let inside = log_in().await.unwrap();
    assert!(inside.has_post);
    let actor = find(inside.token.clone(), 0).await;
    assert_eq!((actor.post, actor.role.as_str(), actor.area), (Some(first), "child_director", area));
    assert_eq!(actor.organisation, Some(station));
    // The tenure ends while the session goes on: the post is gone at once.
    assert_eq!(find(inside.token.clone(), 10).await.post, None);

    // The only post that is held is theirs at once, whatever was chosen before.
    appoint(&database, second, chen, TenureKind::Cover, (0, 9_999)).await.unwrap();
    assert_eq!(find(inside.token.clone(), 10).await.post, Some(second));
    assert_eq!(find(inside.token, 9).await.post, Some(first), "what was chosen and is held stays chosen");
    let inside = log_in().await.unwrap();
    assert!(!inside.has_post);
    let write = database.begin("admin.choose_post").await;
    let stranger = PostId(write.new_id());
    let refused = access::sessions::choose_post(&write, &inside.token, chen, stranger).await;
    assert!(matches!(refused, Err(AccessError::NotFound)));
    access::sessions::choose_post(&write, &inside.token, chen, second).await.unwrap();
    write.save().await.unwrap();
    assert_eq!(find(inside.token, 0).await.role, "child_supervisor");
    let read = database.read().await.unwrap();
    let acting = posts::actor(read.connection(), read.keys(), chen, second, START).await.unwrap();
    assert_eq!(acting.display_name, "陈晓岚");
    let too_early =
        posts::actor(read.connection(), read.keys(), chen, second, START.plus_milliseconds(-1)).await;
    assert!(matches!(too_early, Err(AccessError::NotFound)));
}

async fn a_read_is_on_record_before_anything_is_shown(database: TestDatabase) {
    let subject = PersonId(database.entropy().uuid(START));
    let write = database.begin("people.show_file").await;
    let reading = Reading { subject, matter: None, area: Some(community()), purpose: "check", part: "file" };
    let record = read_record(write, reading).await.unwrap();
    assert_eq!(record.subject(), subject);
    let read = database.read().await.unwrap();
    let filter = store::journal::Filter { subjects: vec![subject], ..Default::default() };
    let entries = store::journal::list(&read, &filter, None, 10).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].id, entries[0].kind.as_str()), (record.entry(), access::FILE_READ));
    assert_eq!(entries[0].area, Some(community()));
}
