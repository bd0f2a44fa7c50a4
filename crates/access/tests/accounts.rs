//! Accounts, the door and sessions, on both databases.

#![cfg(test)]

use access::accounts::{self, AccountForm, Attempt, LoggedIn, Outcome, Password, PasswordFault};
use access::{AccessError, FieldFault, sessions};
use base::AccountId;
use store::Migration;
use store::testing::TestDatabase;

fn migrations() -> Vec<Migration> {
    [store::migrations(), access::migrations()].concat()
}

store::on_both! { migrations() =>
    a_person_comes_in_and_leaves,
    five_failures_lock_a_name_whether_it_exists_or_not,
    a_disabled_or_passwordless_account_answers_as_a_wrong_password,
    changing_the_password_ends_every_session,
    a_session_ends_idle_and_after_its_longest,
    a_form_is_refused_by_its_field,
    the_second_editor_is_told,
    names_are_sealed_and_found,
}

const PASSWORD: &str = "Tea-and-7-cups";

fn form(login: &str, name: &str) -> AccountForm {
    AccountForm { login: login.to_owned(), name: name.to_owned(), phone: String::new() }
}

async fn account(database: &TestDatabase, login: &str) -> AccountId {
    let hash = accounts::hash_password(Password::new(PASSWORD), database.entropy()).await.unwrap();
    let write = database.begin("test.account").await;
    let id = accounts::create(&write, &form(login, "王梅"), Some(&hash)).await.unwrap();
    write.save().await.unwrap();
    id
}

async fn log_in(database: &TestDatabase, login: &str, password: &str) -> Result<LoggedIn, AccessError> {
    let attempt = Attempt {
        login: login.to_owned(),
        password: Password::new(password),
        address: "192.0.2.7".to_owned(),
    };
    accounts::log_in(database, database.operation("admin.log_in"), attempt).await
}

async fn session(
    database: &TestDatabase,
    token: &sessions::SessionToken,
) -> Result<sessions::Session, AccessError> {
    let read = database.read().await.unwrap();
    let now = database.machine_now();
    sessions::find(&read, token, now, now).await
}

async fn a_person_comes_in_and_leaves(database: TestDatabase) {
    let id = account(&database, "wangmei").await;
    let inside = log_in(&database, " WangMei ", PASSWORD).await.unwrap();
    assert_eq!(inside.account.id, id);
    assert!(inside.account.must_change_password);
    assert!(!inside.has_post);
    let found = session(&database, &inside.token).await.unwrap();
    assert_eq!(found.actor.account, Some(id));
    assert_eq!(found.actor.display_name, "王梅");
    assert_eq!(found.actor.role, "");
    assert!(sessions::SessionToken::parse(inside.token.reveal()).is_some());
    assert!(sessions::SessionToken::parse("../../etc").is_none());

    database.clock().advance_milliseconds(1);
    let write = database.begin("admin.log_out").await;
    accounts::log_out(&write, &inside.token, "192.0.2.7").await.unwrap();
    write.save().await.unwrap();
    assert!(matches!(session(&database, &inside.token).await, Err(AccessError::SessionEnded)));

    let read = database.read().await.unwrap();
    let log = accounts::records(&read, Some(id), None, 10).await.unwrap();
    let outcomes: Vec<Outcome> = log.iter().map(|record| record.outcome).collect();
    assert_eq!(outcomes, [Outcome::LoggedOut, Outcome::LoggedIn]);
    assert_eq!(log[0].address, "192.0.2.7");
}

async fn five_failures_lock_a_name_whether_it_exists_or_not(database: TestDatabase) {
    account(&database, "wangmei").await;
    for login in ["wangmei", "nobody"] {
        for left in (0..5).rev() {
            let refused = log_in(&database, login, "wrong").await.unwrap_err();
            assert!(
                matches!(refused, AccessError::WrongCredentials { attempts_left } if attempts_left == left)
            );
        }
        // The right password no longer helps, and the answer is the same for a name that does not exist.
        let until = database.machine_now().plus_minutes(10);
        let locked = log_in(&database, login, PASSWORD).await.unwrap_err();
        assert!(matches!(locked, AccessError::Locked { until: told } if told == until));
    }
    database.clock().advance_milliseconds(10 * 60_000 - 1);
    assert!(matches!(log_in(&database, "wangmei", PASSWORD).await, Err(AccessError::Locked { .. })));
    database.clock().advance_milliseconds(1);
    log_in(&database, "wangmei", PASSWORD).await.unwrap();

    // A success forgets the failures before it, and an administrator can lift a lock.
    for _ in 0..5 {
        log_in(&database, "wangmei", "wrong").await.unwrap_err();
    }
    let read = database.read().await.unwrap();
    let wangmei = accounts::by_login(read.connection(), read.keys(), "wangmei").await.unwrap();
    let until =
        accounts::locked_until(read.connection(), read.keys(), "wangmei", database.machine_now()).await;
    assert_eq!(until.unwrap(), Some(database.machine_now().plus_minutes(10)));
    drop(read);
    let write = database.begin("test.unlock").await;
    accounts::unlock(&write, wangmei.id).await.unwrap();
    write.save().await.unwrap();
    log_in(&database, "wangmei", PASSWORD).await.unwrap();
}

async fn a_disabled_or_passwordless_account_answers_as_a_wrong_password(database: TestDatabase) {
    let id = account(&database, "wangmei").await;
    let inside = log_in(&database, "wangmei", PASSWORD).await.unwrap();
    let write = database.begin("test.disable").await;
    accounts::disable(&write, id, 1).await.unwrap();
    accounts::create(&write, &form("liyan", "李燕"), None).await.unwrap();
    write.save().await.unwrap();
    assert!(matches!(session(&database, &inside.token).await, Err(AccessError::SessionEnded)));
    for login in ["wangmei", "liyan", "nobody"] {
        let refused = log_in(&database, login, PASSWORD).await.unwrap_err();
        assert!(matches!(refused, AccessError::WrongCredentials { attempts_left: 4 }), "{login}: {refused}");
    }
    let write = database.begin("test.enable").await;
    accounts::enable(&write, id, 2).await.unwrap();
    write.save().await.unwrap();
    log_in(&database, "wangmei", PASSWORD).await.unwrap();
}

async fn changing_the_password_ends_every_session(database: TestDatabase) {
    let id = account(&database, "wangmei").await;
    let (desk, phone) = (
        log_in(&database, "wangmei", PASSWORD).await.unwrap(),
        log_in(&database, "wangmei", PASSWORD).await.unwrap(),
    );
    let change = |old: &str, new: &str| {
        let (old, new) = (Password::new(old), Password::new(new));
        accounts::change_password(&database, database.operation("admin.change_password"), id, old, new)
    };
    assert!(matches!(change("wrong", "Rain-and-8-hats").await, Err(AccessError::WrongCredentials { .. })));
    let refused = change(PASSWORD, PASSWORD).await.unwrap_err();
    assert!(
        matches!(&refused, AccessError::Password(faults) if faults == &[PasswordFault::Unchanged]),
        "{refused}"
    );
    assert!(session(&database, &desk.token).await.is_ok());

    change(PASSWORD, "Rain-and-8-hats").await.unwrap();
    for inside in [desk, phone] {
        assert!(matches!(session(&database, &inside.token).await, Err(AccessError::SessionEnded)));
    }
    let inside = log_in(&database, "wangmei", "Rain-and-8-hats").await.unwrap();
    assert!(!inside.account.must_change_password);

    // A one-time password that an administrator issues does the same.
    let hash =
        accounts::hash_password(Password::one_time(database.entropy()), database.entropy()).await.unwrap();
    let write = database.begin("test.issue").await;
    accounts::issue_password(&write, id, inside.account.version, &hash).await.unwrap();
    write.save().await.unwrap();
    assert!(matches!(session(&database, &inside.token).await, Err(AccessError::SessionEnded)));
    assert!(matches!(
        log_in(&database, "wangmei", "Rain-and-8-hats").await,
        Err(AccessError::WrongCredentials { .. })
    ));
}

async fn a_session_ends_idle_and_after_its_longest(database: TestDatabase) {
    account(&database, "wangmei").await;
    let minutes = |minutes: i64| database.clock().advance_milliseconds(minutes * 60_000);
    let inside = log_in(&database, "wangmei", PASSWORD).await.unwrap();
    minutes(sessions::IDLE_LIMIT_MINUTES - 1);
    assert!(session(&database, &inside.token).await.unwrap().is_due(database.machine_now()));
    minutes(1);
    assert!(matches!(session(&database, &inside.token).await, Err(AccessError::SessionEnded)));

    let inside = log_in(&database, "wangmei", PASSWORD).await.unwrap();
    for _ in 0..(sessions::ABSOLUTE_LIMIT_MINUTES / 60) - 1 {
        minutes(60);
        let write = database.begin("web.touch").await;
        sessions::touch(&write, &inside.token).await.unwrap();
        write.save().await.unwrap();
        assert!(session(&database, &inside.token).await.is_ok());
    }
    minutes(60);
    assert!(matches!(session(&database, &inside.token).await, Err(AccessError::SessionEnded)));
}

async fn a_form_is_refused_by_its_field(database: TestDatabase) {
    account(&database, "wangmei").await;
    let write = database.begin("test.forms").await;
    for (form, field, fault) in [
        (form("", "李燕"), "login", FieldFault::Empty),
        (form("13812346207", "李燕"), "login", FieldFault::NotALogin),
        (form("wangmei", "李燕"), "login", FieldFault::Taken),
        (form("WANGMEI", "李燕"), "login", FieldFault::Taken),
        (form("liyan", "  "), "name", FieldFault::Empty),
        (form("liyan", &"李".repeat(61)), "name", FieldFault::TooLong { limit: 60 }),
    ] {
        let refused = accounts::create(&write, &form, None).await.unwrap_err();
        assert!(
            matches!(refused, AccessError::Field { field: told, fault: why } if told == field && why == fault),
            "{field}: {refused}"
        );
    }
}

async fn the_second_editor_is_told(database: TestDatabase) {
    let id = account(&database, "wangmei").await;
    let write = database.begin("test.first").await;
    accounts::edit(&write, id, 1, &form("wangmei", "王梅梅")).await.unwrap();
    write.save().await.unwrap();
    let write = database.begin("test.second").await;
    let refused = accounts::edit(&write, id, 1, &form("wangmei", "王玫")).await.unwrap_err();
    assert!(matches!(refused, AccessError::Conflict));
    drop(write);
    let read = database.read().await.unwrap();
    let now = accounts::get(read.connection(), read.keys(), id).await.unwrap();
    assert_eq!((now.name.as_str(), now.version), ("王梅梅", 2));
}

async fn names_are_sealed_and_found(database: TestDatabase) {
    let write = database.begin("test.accounts").await;
    for (login, name) in [("zhao", "赵一鸣"), ("qian", "钱二虎"), ("sun", "孙三娘")] {
        accounts::create(&write, &form(login, name), None).await.unwrap();
    }
    write.save().await.unwrap();
    let read = database.read().await.unwrap();
    let filter = |text: &str| accounts::AccountFilter { text: Some(text.to_owned()), ..Default::default() };
    let logins = |found: Vec<accounts::Account>| -> Vec<String> {
        found.into_iter().map(|account| account.login).collect()
    };
    assert_eq!(logins(accounts::list(&read, &filter("三"), None, 10).await.unwrap()), ["sun"]);
    assert_eq!(logins(accounts::list(&read, &filter("a"), None, 10).await.unwrap()), ["qian", "zhao"]);
    let everybody = accounts::AccountFilter::default();
    assert_eq!(logins(accounts::list(&read, &everybody, None, 2).await.unwrap()), ["qian", "sun"]);
    assert_eq!(logins(accounts::list(&read, &everybody, Some("sun"), 2).await.unwrap()), ["zhao"]);
    let sun = accounts::by_login(read.connection(), read.keys(), "sun").await.unwrap();
    assert_eq!(accounts::names(&read, &[sun.id]).await.unwrap()[&sun.id], "孙三娘");
    assert!(!format!("{sun:?}").contains("孙三娘"));
}
