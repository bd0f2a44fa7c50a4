//! Making and changing accounts.

use base::{AccountId, Entropy};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, Set};
use serde_json::{Value, json};
use store::{Event, Write};
use tokio::sync::Semaphore;

use super::model::{Account, ActiveModel, Entity, Sealed, TABLE};
use super::password::{self, HASHING_COST, Password, PasswordFault, PasswordHash};
use super::repository;
use crate::edit::save_over;
use crate::field::{self, NAME_LIMIT};
use crate::{AccessError, FieldFault, sessions};

/// Bounds of a login name, in characters.
const LOGIN_LENGTH: std::ops::RangeInclusive<usize> = 2..=32;

/// The most characters of a phone at work, with extension.
const PHONE_LIMIT: usize = 32;

/// Passwords that are hashed at the same time in this process: each takes 19 MiB and a core.
static HASHING: Semaphore = Semaphore::const_new(4);

/// What a form says about an account.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountForm {
    /// The login name; capitals are made small.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The person's phone at work; may be empty.
    pub phone: String,
}

/// Hashes a password away from the threads that serve requests. Call it before the writing transaction is opened.
pub async fn hash_password(password: Password, entropy: &Entropy) -> Result<PasswordHash, AccessError> {
    let entropy = entropy.clone();
    blocking(move || password::hash(&password, HASHING_COST, &entropy)).await
}

/// Checks a password in the same way.
pub(super) async fn verify_password(
    password: Password,
    hash: Option<PasswordHash>,
) -> Result<bool, AccessError> {
    blocking(move || password::verify(&password, hash.as_ref(), HASHING_COST)).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AccessError> + Send + 'static,
) -> Result<T, AccessError> {
    let _turn = HASHING.acquire().await.map_err(AccessError::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(AccessError::internal)?
}

/// Makes an account. Without a password it can be appointed and shown but not logged in with, until one is issued. A
/// password that is handed in must be changed at the first log-in.
///
/// # Errors
/// `Field`: `login` is none or taken; `name` empty or too long; `phone` too long or none.
pub async fn create(
    write: &Write,
    form: &AccountForm,
    one_time: Option<&PasswordHash>,
) -> Result<AccountId, AccessError> {
    let form = checked(write, form, None).await?;
    let id = AccountId(write.new_id());
    let row = ActiveModel {
        id: Set(id.0),
        login: Set(form.login.clone()),
        password_hash: Set(one_time.map(|hash| hash.as_str().to_owned())),
        must_change_password: Set(true),
        disabled_at: Set(None),
        sealed: Set(seal(write, id, &form)?),
        version: Set(1),
    };
    row.insert(write.connection()).await?;
    record(write, "access.account_created", id, Value::Null, told(&form)).await?;
    Ok(id)
}

/// Changes an account that was read at `version`.
///
/// # Errors
/// `NotFound`; `Conflict`; `Field` as for `create`.
pub async fn edit(write: &Write, id: AccountId, version: i32, form: &AccountForm) -> Result<(), AccessError> {
    let before = current(write, id, version).await?;
    let form = checked(write, form, Some(id)).await?;
    let changes = ActiveModel {
        login: Set(form.login.clone()),
        sealed: Set(seal(write, id, &form)?),
        ..Default::default()
    };
    update(write, id, version, changes).await?;
    record(write, "access.account_changed", id, told(&form_of(&before)), told(&form)).await
}

/// Disables an account: its sessions end at once, it cannot be logged in with, and posts count it no longer.
///
/// # Errors
/// `NotFound`; `Conflict`.
pub async fn disable(write: &Write, id: AccountId, version: i32) -> Result<(), AccessError> {
    current(write, id, version).await?;
    let changes = ActiveModel { disabled_at: Set(Some(write.at().0)), ..Default::default() };
    update(write, id, version, changes).await?;
    sessions::end_all(write, id).await?;
    record(write, "access.account_disabled", id, Value::Null, Value::Null).await
}

/// Puts a disabled account back in use.
///
/// # Errors
/// `NotFound`; `Conflict`.
pub async fn enable(write: &Write, id: AccountId, version: i32) -> Result<(), AccessError> {
    current(write, id, version).await?;
    update(write, id, version, ActiveModel { disabled_at: Set(None), ..Default::default() }).await?;
    record(write, "access.account_enabled", id, Value::Null, Value::Null).await
}

/// Gives an account a one-time password in place of whatever it had: its sessions end, a lock is lifted, and the next
/// log-in must begin with a new password.
///
/// # Errors
/// `NotFound`; `Conflict`.
pub async fn issue_password(
    write: &Write,
    id: AccountId,
    version: i32,
    one_time: &PasswordHash,
) -> Result<(), AccessError> {
    let account = current(write, id, version).await?;
    set_password(write, &account, one_time, true).await?;
    clear_failures(write, &account.login).await?;
    record(write, "access.password_issued", id, Value::Null, Value::Null).await
}

/// Replaces a person's own password; all sessions of the account end, the caller opens a fresh one.
///
/// `old` and `new` are in the clear; both are hashed before the transaction is opened, so this takes the database.
///
/// # Errors
/// `WrongCredentials` if `old` is not the present password (counted like a failed log-in); `Password` with all that is
/// wrong with `new`; `Locked`.
pub async fn change_password(
    database: &store::Database,
    operation: store::Operation,
    account: AccountId,
    old: Password,
    new: Password,
) -> Result<(), AccessError> {
    let read = database.read().await?;
    let row = Entity::find_by_id(account.0).one(read.connection()).await?.ok_or(AccessError::NotFound)?;
    drop(read);
    let mut faults = password::faults(new.reveal(), &row.login);
    if old.reveal() == new.reveal() {
        faults.push(PasswordFault::Unchanged);
    }
    let counted = super::log_in::count_attempt(database, &operation, &row.login).await?;
    if !verify_password(old, row.hash()).await? {
        return Err(AccessError::WrongCredentials { attempts_left: counted });
    }
    if !faults.is_empty() {
        let write = database.write(operation).await?;
        clear_failures(&write, &row.login).await?;
        write.save().await?;
        return Err(AccessError::Password(faults));
    }
    let hash = hash_password(new, database.entropy()).await?;
    let write = database.write(operation).await?;
    let account = row.open(write.keys())?;
    set_password(&write, &account, &hash, false).await?;
    clear_failures(&write, &account.login).await?;
    record(&write, "access.password_changed", account.id, Value::Null, Value::Null).await?;
    write.save().await?;
    Ok(())
}

/// Lifts the lock of a login name.
pub async fn unlock(write: &Write, id: AccountId) -> Result<(), AccessError> {
    let account = repository::get(write.connection(), write.keys(), id).await?;
    clear_failures(write, &account.login).await?;
    record(write, "access.account_unlocked", id, Value::Null, Value::Null).await
}

/// Forgets the failures of a login name.
pub(super) async fn clear_failures(write: &Write, login: &str) -> Result<(), AccessError> {
    let delete = Query::delete()
        .from_table("login_failure")
        .and_where(Expr::col("login_hash").eq(repository::login_hash(write.keys(), login)))
        .to_owned();
    write.connection().execute(&delete).await?;
    Ok(())
}

/// Keeps a log-in and a change of password of one account apart, so that no session is opened with a password that was
/// just replaced.
pub(super) async fn lock_login(write: &Write, login: &str) -> Result<(), AccessError> {
    Ok(write.lock(&format!("access.login.{login}")).await?)
}

async fn set_password(
    write: &Write,
    account: &Account,
    hash: &PasswordHash,
    must_change: bool,
) -> Result<(), AccessError> {
    lock_login(write, &account.login).await?;
    let changes = ActiveModel {
        password_hash: Set(Some(hash.as_str().to_owned())),
        must_change_password: Set(must_change),
        ..Default::default()
    };
    update(write, account.id, account.version, changes).await?;
    sessions::end_all(write, account.id).await
}

async fn current(write: &Write, id: AccountId, version: i32) -> Result<Account, AccessError> {
    let account = repository::get(write.connection(), write.keys(), id).await?;
    if account.version == version { Ok(account) } else { Err(AccessError::Conflict) }
}

async fn update(write: &Write, id: AccountId, version: i32, changes: ActiveModel) -> Result<(), AccessError> {
    save_over(write, id.0, version, ActiveModel { version: Set(version + 1), ..changes }).await
}

/// The form as it is stored, if every field can be taken.
async fn checked(
    write: &Write,
    form: &AccountForm,
    own: Option<AccountId>,
) -> Result<AccountForm, AccessError> {
    match form_faults(write.connection(), form, own).await?.first() {
        Some((field, fault)) => Err(AccessError::field(field, *fault)),
        None => Ok(AccountForm {
            login: normal_login(&form.login),
            name: form.name.trim().to_owned(),
            phone: form.phone.trim().to_owned(),
        }),
    }
}

/// All that is wrong with the form of a new account, or of the account `own`: for a page that says it at once.
pub async fn form_faults(
    connection: &impl ConnectionTrait,
    form: &AccountForm,
    own: Option<AccountId>,
) -> Result<Vec<(&'static str, FieldFault)>, AccessError> {
    let mut faults = Vec::new();
    let login = normal_login(&form.login);
    if login.is_empty() {
        faults.push(("login", FieldFault::Empty));
    } else if !is_login(&login) {
        faults.push(("login", FieldFault::NotALogin));
    } else {
        let taken = repository::row_by_login(connection, &login).await?;
        if taken.is_some_and(|row| own.is_none_or(|own| own.0 != row.id)) {
            faults.push(("login", FieldFault::Taken));
        }
    }
    let name = field::required("name", &form.name, NAME_LIMIT);
    let phone = field::optional("phone", &form.phone, PHONE_LIMIT);
    if phone.as_ref().is_ok_and(|phone| !phone.is_empty() && !is_work_phone(phone)) {
        faults.push(("phone", FieldFault::NotAPhone));
    }
    for error in [name.err(), phone.err()].into_iter().flatten() {
        match error {
            AccessError::Field { field, fault } => faults.push((field, fault)),
            other => return Err(other),
        }
    }
    Ok(faults)
}

/// A login name as it is stored and looked up: without spaces at its ends, small.
pub(super) fn normal_login(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Whether it can be a login name. It begins with a letter, so it is never somebody's phone or identity number, and is
/// ASCII, so it can be typed with every input method.
fn is_login(login: &str) -> bool {
    LOGIN_LENGTH.contains(&login.len())
        && login.starts_with(|first: char| first.is_ascii_lowercase())
        && login
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter))
}

/// Whether this very person can be called under it: mobiles and land lines as [`base::phone`] knows them, with or without
/// area code (the whole office is in one city) and extension, several beside each other. Nothing else stands beside them:
/// the field is dialled by whoever looks for the person, and by the telephone itself where the page offers that. A service
/// number (`12345`, `12355`, `95598`) is refused: behind it sits whoever has the shift, never the one whose account this is,
/// and five digits are most often a number that was not typed to its end.
fn is_work_phone(text: &str) -> bool {
    let read = base::phone::read_phones(text);
    text.chars().all(stands_in_a_phone) && read.fault.is_none() && !read.phones.is_empty()
}

/// Digits of either width, what is written between them, and the word for an extension (转).
fn stands_in_a_phone(character: char) -> bool {
    matches!(character, '0'..='9' | '０'..='９' | '+' | '-' | '—' | '–' | '.' | '(' | ')' | '（' | '）' | '转')
        || matches!(character, '/' | '、' | ',' | '，' | ';' | '；')
        || character.is_whitespace()
}

fn seal(write: &Write, id: AccountId, form: &AccountForm) -> Result<Vec<u8>, AccessError> {
    let sealed = Sealed { name: form.name.clone(), phone: form.phone.clone() };
    Ok(write.keys().seal(TABLE, id.0, &sealed)?)
}

fn form_of(account: &Account) -> AccountForm {
    AccountForm { login: account.login.clone(), name: account.name.clone(), phone: account.phone.clone() }
}

fn told(form: &AccountForm) -> Value {
    json!({ "login": form.login, "name": form.name, "phone": form.phone })
}

/// The journal's payloads are sealed, so the name may stand in it; the account is named by its id.
async fn record(
    write: &Write,
    kind: &'static str,
    id: AccountId,
    before: Value,
    after: Value,
) -> Result<(), AccessError> {
    let after = json!({ "account": id, "now": after });
    write.record(Event { kind, before, after, ..Event::default() }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_can_be_called_at_a_phone_at_work() {
        for phone in [
            "0755-26660000",
            "13812346207",
            "１３８ 1234 6207",
            "26660000",
            "（0755）83501234转801",
            "13812346207、0755-26660000",
            "+852 6123 4567",
        ] {
            assert!(is_work_phone(phone), "{phone}");
        }
        for none in
            ["12", "1234", "五楼", "1381234620", "00000", "138****6207", "12345", "95598", "123456", "12355"]
        {
            assert!(!is_work_phone(none), "{none}");
        }
        // A number with words beside it is read from a department's file; here nothing but the number stands.
        for none in ["abcde", "tel 13812346207", "13812346207 王梅", "1381234620a"] {
            assert!(!is_work_phone(none), "{none}");
        }
    }

    #[test]
    fn a_login_is_never_a_phone_or_an_identity_number() {
        for good in ["wangmei", "wang.mei-2", "a_1", "xl01"] {
            assert!(is_login(&normal_login(good)), "{good}");
        }
        assert_eq!(normal_login(" WangMei "), "wangmei");
        for bad in
            ["", "a", "13812346207", "440305201303061234", "王梅", "wang mei", "-wang", &"a".repeat(33)]
        {
            assert!(!is_login(&normal_login(bad)), "{bad}");
        }
    }
}
