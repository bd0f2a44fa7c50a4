//! `shouwang user`: accounts from the command line. The first administrator is made here, everybody else in the browser.

use access::accounts::{self, Account, AccountFilter, PAGE_AT_MOST, Password};
use access::users::{self, NewUser, NewUserPost};
use access::{Actor, posts};
use anyhow::{Context, Result, anyhow, bail};
use base::{AreaPath, OperationId};
use clap::{Args, Subcommand};
use store::Operation;
use web::App;

use crate::tongue::say;

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Make an account, and print its one-time password.
    Add(New),
    /// List the accounts with their posts.
    List,
    /// Disable an account: its sessions end at once, and it cannot be logged in with.
    Lock(Named),
    /// Put an account back in use, and lift the lock that follows failed attempts.
    Unlock(Named),
    /// Give an account a one-time password in place of what it had, and print it.
    Reset(Named),
}

impl Command {
    /// Whether it is about accounts that are there: the first one is made in a new installation, nothing else is.
    pub fn needs_installation(&self) -> bool {
        !matches!(self, Self::Add(_))
    }
}

/// Somebody new.
#[derive(Args)]
pub struct New {
    /// The login name: small letters, digits, dots, hyphens, underscores; begins with a letter.
    login: String,
    /// The person's name; the login name where it is not given.
    #[arg(long)]
    name: Option<String>,
    /// The role of their post, by its key (administrator, feed_clerk, child_director, child_supervisor, …). Without one
    /// a bare account is made.
    #[arg(long)]
    role: Option<String>,
    /// The area of the post: its 12-digit code, or its name with those above it (南山区西丽街道). The whole city where it is
    /// not given.
    #[arg(long, requires = "role")]
    area: Option<String>,
    /// The organisation of the post, by name; made where the area has none of this name. 民政局 where it is not given.
    #[arg(long, requires = "role")]
    organisation: Option<String>,
}

/// An account by its login name.
#[derive(Args)]
pub struct Named {
    /// The login name.
    login: String,
}

/// Does it.
///
/// # Errors
/// When there is no such account, or a field cannot be taken: the error names it.
pub async fn run(app: &App, command: Command) -> Result<()> {
    match command {
        Command::Add(new) => add(app, new).await,
        Command::List => list(app).await,
        Command::Lock(Named { login }) => lock(app, &login).await,
        Command::Unlock(Named { login }) => unlock(app, &login).await,
        Command::Reset(Named { login }) => reset(app, &login).await,
    }
}

async fn add(app: &App, new: New) -> Result<()> {
    let New { login, name, role, area, organisation } = new;
    // As it is kept, so that what is printed is what can be typed.
    let login = login.trim().to_lowercase();
    let area = area.map_or(Ok(app.areas.city()), |text| find_area(app, &text))?;
    let post = match role {
        None => None,
        Some(role) => Some(NewUserPost {
            role: known_role(app, role)?,
            organisation: organisation.unwrap_or_else(|| office_of(app, &area)),
            area,
        }),
    };
    let name = name.unwrap_or_else(|| login.clone());
    let new = NewUser { login: login.clone(), name, post };
    let added = users::add(&app.database, &app.roles, operation(app, "user.add"), &new)
        .await
        .with_context(|| say("账号没有建成", "the account was not made"))?;
    if let Some(title) = &added.beside {
        let chinese = format!(
            "shouwang：该处这一角色的岗位已有人任职，另建了第二个岗位“{title}”。若是接任，请在网页上结束前任的任职，再任命新人。"
        );
        let english = format!(
            "shouwang: the post of this role there is held; a second one, \"{title}\", was made. For a successor, end the \
             tenure of the one before in the browser and appoint them there."
        );
        eprintln!("{}", say(chinese, english));
    }
    let password = added.one_time.reveal();
    println!("{}", say(format!("登录名      {login}"), format!("login name         {login}")));
    println!("{}", say(format!("一次性密码  {password}"), format!("one-time password  {password}")));
    println!(
        "{}",
        say(
            "只显示这一次。用它登录后，须先自设密码。",
            "It is shown this once. Whoever logs in with it chooses a password of their own first.",
        )
    );
    Ok(())
}

async fn list(app: &App) -> Result<()> {
    let read = app.database.read().await?;
    let filter = AccountFilter { with_disabled: true, ..AccountFilter::default() };
    let mut after: Option<String> = None;
    loop {
        let page = accounts::list(&read, &filter, after.as_deref(), PAGE_AT_MOST).await?;
        for account in &page {
            let held = posts::present_posts(read.connection(), account.id, app.now()).await?;
            let posts: Vec<String> =
                held.iter().map(|post| format!("{} {}", post.role, app.areas.name_of(&post.area))).collect();
            let state = match account.disabled_at {
                Some(_) => say("已停用", "locked"),
                None => say("在用", "in use"),
            };
            println!("{:<24} {state:<8} {}", account.login, posts.join(", "));
        }
        match page.last() {
            Some(last) => after = Some(last.login.clone()),
            None => return Ok(()),
        }
    }
}

async fn lock(app: &App, login: &str) -> Result<()> {
    let account = find(app, login).await?;
    if account.disabled_at.is_none() {
        let write = app.database.write(operation(app, "user.lock")).await?;
        accounts::disable(&write, account.id, account.version).await?;
        write.save().await?;
    }
    println!("{}", say(format!("{login} 已停用。"), format!("{login} is locked.")));
    Ok(())
}

async fn unlock(app: &App, login: &str) -> Result<()> {
    let account = find(app, login).await?;
    let write = app.database.write(operation(app, "user.unlock")).await?;
    if account.disabled_at.is_some() {
        accounts::enable(&write, account.id, account.version).await?;
    }
    accounts::unlock(&write, account.id).await?;
    write.save().await?;
    println!("{}", say(format!("{login} 已可使用。"), format!("{login} is in use.")));
    Ok(())
}

async fn reset(app: &App, login: &str) -> Result<()> {
    let account = find(app, login).await?;
    let one_time = Password::one_time(&app.entropy);
    let hash = accounts::hash_password(one_time.clone(), &app.entropy).await?;
    let write = app.database.write(operation(app, "user.reset")).await?;
    accounts::issue_password(&write, account.id, account.version, &hash).await?;
    write.save().await?;
    let password = one_time.reveal();
    println!("{}", say(format!("一次性密码  {password}"), format!("one-time password  {password}")));
    Ok(())
}

async fn find(app: &App, login: &str) -> Result<Account> {
    let read = app.database.read().await?;
    accounts::by_login(read.connection(), read.keys(), login).await.with_context(|| {
        say(
            format!("没有账号 {login}；用 `shouwang user list` 查看"),
            format!("there is no account {login}; `shouwang user list` names them"),
        )
    })
}

fn known_role(app: &App, role: String) -> Result<String> {
    if app.roles.get(&role).is_some() {
        return Ok(role);
    }
    let known: Vec<&str> = app.roles.all().map(|role| role.key.as_str()).collect();
    let known = known.join(", ");
    bail!(say(
        format!("没有角色 {role}；可用的角色：{known}"),
        format!("there is no role {role}; the roles are {known}"),
    ))
}

fn find_area(app: &App, text: &str) -> Result<AreaPath> {
    let areas = &app.areas;
    if let Some(area) = areas.by_code(text) {
        return Ok(area.path);
    }
    let city = areas.city();
    if areas.get(city.area()).is_some_and(|area| area.name == text || area.short_name == text) {
        return Ok(city);
    }
    let found = areas.locate(text).filter(|found| found.district.is_some());
    found.ok_or_else(|| {
        anyhow!(say(
            format!("没有区划 {text}：请给 12 位代码，或连同上级的名称"),
            format!("there is no area {text}: give its code, or its name with those above it"),
        ))
    })
}

/// The civil-affairs office of an area.
fn office_of(app: &App, area: &AreaPath) -> String {
    let name = app.areas.get(area.area()).map_or("", |area| area.name.as_str());
    match area.level() {
        base::AreaLevel::City | base::AreaLevel::District => format!("{name}民政局"),
        base::AreaLevel::Subdistrict => format!("{name}办事处"),
        base::AreaLevel::Community => format!("{name}工作站"),
    }
}

fn operation(app: &App, name: &'static str) -> Operation {
    let at = app.now();
    Operation { id: OperationId(app.entropy.uuid(at)), name, actor: Actor::system().reference(), at }
}
