//! The people of the story: how each gets an account and comes in.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::browser::{Browser, Driver, Screen};
use crate::product::Product;
use crate::story::sheet::Place;

/// The password that each of them chooses; it guards synthetic people only.
const CHOSEN: &str = "Story-of-one-child-2026";

/// Posts of one role at one place that are made vacant at most.
const POSTS_AT_MOST: usize = 8;

/// The first post of the list with a holder, in the area `arguments[0]` and the organisation `arguments[1]`.
const HELD: &str = r"
const [area, organisation] = arguments;
const rows = [...document.querySelectorAll('tr[data-row]')].map((row) => [...row.cells]);
const held = rows.find((cells) => cells[1].innerText.trim().endsWith(area) && cells[2].innerText.trim() === organisation
  && cells[4].innerText.trim() !== '');
return held ? held[0].querySelector('a').getAttribute('href') : null;
";

/// Somebody with an account: what the administrator types.
#[derive(Debug, Clone)]
pub struct Player {
    /// Login name.
    pub login: &'static str,
    /// Name.
    pub name: &'static str,
    /// The role as the list of roles says it.
    pub role: &'static str,
    /// Area and organisation, as typed.
    pub area: String,
    /// The organisation that serves it.
    pub organisation: String,
}

/// Everybody that the administrator makes accounts for.
pub fn players(place: &Place, other_district: &str) -> Vec<Player> {
    let Place { district, subdistrict, community } = place;
    let role = |login, name, role, area: String, organisation: String| Player {
        login,
        name,
        role,
        area,
        organisation,
    };
    let below = format!("{district} {subdistrict}");
    vec![
        role("clerk.wen", "文书禾", "数据专员", "深圳市".into(), "市民政信息中心".into()),
        role("supervisor.tan", "谭予安", "街道儿童督导员", below.clone(), format!("{subdistrict}办事处")),
        role(
            "director.chen",
            "陈晓岚",
            "社区儿童主任",
            format!("{below} {community}"),
            format!("{community}工作站"),
        ),
        role("contact.he", "何望舒", "会办单位联络员", district.clone(), format!("{district}教育局")),
        role("approver.zhou", "周敏仪", "区民政局", district.clone(), format!("{district}民政局")),
        role("neighbour.luo", "罗静雯", "区民政局", other_district.into(), format!("{other_district}民政局")),
    ]
}

/// The password of somebody who has come in before.
pub fn password(login: &str) -> &'static str {
    if login == "admin" { super::DEMO_PASSWORD } else { CHOSEN }
}

/// Logs in with a password that is known already.
pub async fn come_in(browser: &Browser, product: &Product, login: &str, password: &str) -> Result<()> {
    browser.go(&product.url("/log-in")).await?;
    browser.fill("登录名", login).await?;
    browser.fill("密码", password).await?;
    browser.press("登录").await
}

/// The administrator ends what others hold of this role at this very place, so that the post waits for its new holder.
pub async fn make_room(admin: &Browser, product: &Product, role: &Player) -> Result<()> {
    let own = role.area.split(' ').next_back().unwrap_or_default();
    // The list can be narrowed down to a sub-district, not to a community.
    let around = role.area.split(' ').take(2).last().unwrap_or_default();
    for _ in 0..POSTS_AT_MOST {
        admin.go(&product.url("/admin/posts")).await?;
        admin.choose("角色", role.role).await?;
        admin.choose("区域", around).await?;
        admin.press("筛选").await?;
        let held = admin.run(HELD, vec![json!(own), json!(role.organisation)]).await?;
        let Some(post) = held.as_str() else { return Ok(()) };
        admin.go(&product.url(post)).await?;
        admin.press("结束任职").await?;
    }
    bail!("the posts of {} at {own} do not become vacant", role.role)
}

/// The administrator makes an account, and reads the one-time password that is shown this once.
pub async fn make_account(admin: &Browser, product: &Product, role: &Player) -> Result<String> {
    admin.go(&product.url("/admin/users/new")).await?;
    admin.fill("姓名", role.name).await?;
    admin.fill("登录名", role.login).await?;
    admin.choose("角色", role.role).await?;
    admin.fill("区域", &role.area).await?;
    admin.fill("机构", &role.organisation).await?;
    admin.press("建立账号").await?;
    let shown = admin.wait_for("code").await?;
    shown.text().await.context("the one-time password cannot be read")
}

/// Somebody comes in for the first time: nothing is open to them before they have a password of their own.
pub async fn first_log_in(
    driver: &Driver,
    product: &Product,
    screen: Screen,
    role: &Player,
    one_time: &str,
) -> Result<Browser> {
    let browser = driver.open(screen, "zh-CN").await?;
    come_in(&browser, product, role.login, one_time).await?;
    browser.fill("一次性密码", one_time).await?;
    browser.fill("新密码", CHOSEN).await?;
    browser.fill("再输一次新密码", CHOSEN).await?;
    browser.press("更改密码").await?;
    Ok(browser)
}

/// The browsers in which they sit, by login name.
pub type Seats = BTreeMap<&'static str, Browser>;
