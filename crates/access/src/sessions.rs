//! Sessions: a random token in a cookie, of which only the keyed hash is stored.
//!
//! Their limits go by the machine's time: moving the demo's clock neither ends a session nor keeps one alive. Which post
//! is held goes by the office's.

use base::{AccountId, Entropy, Moment, PostId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use store::{Keys, Read, Write};
use uuid::Uuid;

use crate::accounts::{self, Account};
use crate::posts::{self, Post};
use crate::{AccessError, Actor};

/// A session that was not used for so long has ended, in minutes.
pub const IDLE_LIMIT_MINUTES: i64 = 120;
/// A session ends so long after logging in, however busy it was, in minutes: a working day with its lunch.
pub const ABSOLUTE_LIMIT_MINUTES: i64 = 12 * 60;
/// The last use is written down at most so often, in minutes: a request does not write otherwise.
const SEEN_EVERY_MINUTES: i64 = 2;
/// The most sessions of one account at a time; the oldest end. A desk, a phone, and some forgotten.
const SESSIONS_AT_MOST: u64 = 8;

const TOKEN_LENGTH_BYTES: usize = 32;

/// What stands in the cookie: 32 random bytes as 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    /// The token of a cookie, if it can be one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_token =
            text.len() == 2 * TOKEN_LENGTH_BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_token.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The text for the cookie. It goes nowhere else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn random(entropy_bytes: [u8; TOKEN_LENGTH_BYTES]) -> Self {
        Self(base::hexadecimal(&entropy_bytes))
    }

    fn hash(&self, keys: &Keys) -> Vec<u8> {
        keys.hash("session", &self.0)
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SessionToken(…)")
    }
}

/// A session that is on.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose it is.
    pub account: Account,
    /// Who acts in it: in the chosen post, in the only one that is held, or without one.
    pub actor: Actor,
    /// When it began, in real time.
    pub opened_at: Moment,
    /// When it was last written down as used, in real time.
    pub seen_at: Moment,
}

impl Session {
    /// Whether its use is to be written down again ([`touch`]).
    pub fn is_due(&self, machine_now: Moment) -> bool {
        self.seen_at.plus_minutes(SEEN_EVERY_MINUTES) <= machine_now
    }
}

/// Opens a session for `account`. If the account holds just one post at present, that one is chosen; the second value
/// says whether it was. Sessions beyond the bound end, the oldest first.
pub(crate) async fn open(
    write: &Write,
    entropy: &Entropy,
    account: AccountId,
) -> Result<(SessionToken, bool), AccessError> {
    let token = SessionToken::random(entropy.bytes());
    let now = write.machine_now();
    let only = only_post(write.connection(), account, write.at()).await?.map(|post| post.id.0);
    let insert = Query::insert()
        .into_table("session")
        .columns(["token_hash", "account_id", "post_id", "opened_at", "seen_at"])
        .values_panic([
            token.hash(write.keys()).into(),
            account.0.into(),
            only.into(),
            now.0.into(),
            now.0.into(),
        ])
        .to_owned();
    write.connection().execute(&insert).await?;
    clear_away(write, account).await?;
    Ok((token, only.is_some()))
}

/// Opens a session after the password was changed, when all others have ended.
pub async fn open_after_change(
    write: &Write,
    entropy: &Entropy,
    account: AccountId,
) -> Result<SessionToken, AccessError> {
    Ok(open(write, entropy, account).await?.0)
}

/// Takes out sessions that are over, and those of `account` beyond the bound.
async fn clear_away(write: &Write, account: AccountId) -> Result<(), AccessError> {
    let now = write.machine_now();
    let over = Query::delete()
        .from_table("session")
        .and_where(
            Expr::col("seen_at")
                .lte(now.plus_minutes(-IDLE_LIMIT_MINUTES).0)
                .or(Expr::col("opened_at").lte(now.plus_minutes(-ABSOLUTE_LIMIT_MINUTES).0)),
        )
        .to_owned();
    write.connection().execute(&over).await?;
    let beyond = Query::select()
        .column("token_hash")
        .from("session")
        .and_where(Expr::col("account_id").eq(account.0))
        .order_by("opened_at", sea_orm::Order::Desc)
        .limit(SESSIONS_AT_MOST * 2)
        .offset(SESSIONS_AT_MOST)
        .to_owned();
    for row in write.connection().query_all(&beyond).await? {
        end_hash(write, &row.try_get::<Vec<u8>>("", "token_hash")?).await?;
    }
    Ok(())
}

/// The session behind `token`. `now` is the office's time, `machine_now` the machine's.
///
/// # Errors
/// `SessionEnded` if there is none, it is over, or its account is disabled.
pub async fn find(
    read: &Read,
    token: &SessionToken,
    now: Moment,
    machine_now: Moment,
) -> Result<Session, AccessError> {
    let select = Query::select()
        .columns(["account_id", "post_id", "opened_at", "seen_at"])
        .from("session")
        .and_where(Expr::col("token_hash").eq(token.hash(read.keys())))
        .to_owned();
    let row = read.connection().query_one(&select).await?.ok_or(AccessError::SessionEnded)?;
    let opened_at = Moment(row.try_get("", "opened_at")?);
    let seen_at = Moment(row.try_get("", "seen_at")?);
    if is_over(opened_at, seen_at, machine_now) {
        return Err(AccessError::SessionEnded);
    }
    let account = AccountId(row.try_get::<Uuid>("", "account_id")?);
    let account = accounts::get(read.connection(), read.keys(), account).await?;
    if account.disabled_at.is_some() {
        return Err(AccessError::SessionEnded);
    }
    let post = match row.try_get::<Option<Uuid>>("", "post_id")? {
        Some(post) => posts::held_post(read.connection(), account.id, PostId(post), now).await?,
        None => None,
    };
    // Nothing was chosen, or it is held no more: a post that was given since is theirs at once.
    let post = match post {
        Some(post) => Some(post),
        None => only_post(read.connection(), account.id, now).await?,
    };
    let actor = match post {
        Some(post) => posts::in_post(&account, post),
        None => Actor::without_post(account.id, account.name.clone()),
    };
    Ok(Session { account, actor, opened_at, seen_at })
}

/// The post that an account holds at present, if it is just one: between several the person chooses.
async fn only_post(
    connection: &impl ConnectionTrait,
    account: AccountId,
    now: Moment,
) -> Result<Option<Post>, AccessError> {
    let mut held = posts::present_posts(connection, account, now).await?;
    Ok(if held.len() == 1 { held.pop() } else { None })
}

fn is_over(opened_at: Moment, seen_at: Moment, machine_now: Moment) -> bool {
    machine_now >= seen_at.plus_minutes(IDLE_LIMIT_MINUTES)
        || machine_now >= opened_at.plus_minutes(ABSOLUTE_LIMIT_MINUTES)
}

/// Writes down that the session is in use. Call it when [`Session::is_due`].
pub async fn touch(write: &Write, token: &SessionToken) -> Result<(), AccessError> {
    let update = Query::update()
        .table("session")
        .value("seen_at", write.machine_now().0)
        .and_where(Expr::col("token_hash").eq(token.hash(write.keys())))
        .to_owned();
    write.connection().execute(&update).await?;
    Ok(())
}

/// Chooses the post in which `account` acts in this session.
///
/// # Errors
/// `NotFound` unless the account holds the post at present; `SessionEnded` if there is no such session of it.
pub async fn choose_post(
    write: &Write,
    token: &SessionToken,
    account: AccountId,
    post: PostId,
) -> Result<Post, AccessError> {
    let post = posts::held_post(write.connection(), account, post, write.at())
        .await?
        .ok_or(AccessError::NotFound)?;
    let update = Query::update()
        .table("session")
        .value("post_id", Some(post.id.0))
        .and_where(Expr::col("token_hash").eq(token.hash(write.keys())))
        .and_where(Expr::col("account_id").eq(account.0))
        .to_owned();
    if write.connection().execute(&update).await?.rows_affected() == 0 {
        return Err(AccessError::SessionEnded);
    }
    Ok(post)
}

/// Ends the session behind `token`; returns whose it was.
pub(crate) async fn end(write: &Write, token: &SessionToken) -> Result<Option<AccountId>, AccessError> {
    let hash = token.hash(write.keys());
    let select = Query::select()
        .column("account_id")
        .from("session")
        .and_where(Expr::col("token_hash").eq(hash.as_slice()))
        .to_owned();
    let Some(row) = write.connection().query_one(&select).await? else { return Ok(None) };
    end_hash(write, &hash).await?;
    Ok(Some(AccountId(row.try_get::<Uuid>("", "account_id")?)))
}

async fn end_hash(write: &Write, hash: &[u8]) -> Result<(), AccessError> {
    let delete = Query::delete().from_table("session").and_where(Expr::col("token_hash").eq(hash)).to_owned();
    write.connection().execute(&delete).await?;
    Ok(())
}

/// Ends every session of an account: its password was changed, or it was disabled.
pub(crate) async fn end_all(write: &Write, account: AccountId) -> Result<(), AccessError> {
    let delete =
        Query::delete().from_table("session").and_where(Expr::col("account_id").eq(account.0)).to_owned();
    write.connection().execute(&delete).await?;
    Ok(())
}
