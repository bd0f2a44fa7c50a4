//! Work for the demo accounts: a small demo city has little of it on a given day, and an empty page shows nothing.
//!
//! Children are reported in the community of the demo's own director, the supervisor sends them there, and the director
//! is left with one lead to accept, one at the door, one checked, and the visit that follows from it. One more file of the
//! clerk's waits to be applied.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::browser::{Browser, Driver, PATIENCE, Screen};
use crate::product::Product;
use crate::story::DEMO_PASSWORD;

/// One account of the demo city, as `demo-accounts.toml` in its folder names it.
#[derive(Debug, Clone, Deserialize)]
pub struct Account {
    /// Login name.
    pub login: String,
    /// The key of its role.
    pub role: String,
    /// Its area, level by level.
    pub place: String,
}

/// The accounts of the demo city in `folder`.
///
/// # Errors
/// When there is none.
pub fn accounts(folder: &Path) -> Result<Vec<Account>> {
    #[derive(Deserialize)]
    struct File {
        account: Vec<Account>,
    }
    let text = std::fs::read_to_string(folder.join("demo-accounts.toml"));
    let file: File = toml::from_str(&text.context("there are no demo accounts")?)?;
    Ok(file.account)
}

/// Reported children: name, identity number, days absent, what the teacher wrote. A name of forty letters stands among
/// them, and two children under one number, whom no machine can tell apart.
const CHILDREN: [(&str, &str, u32, &str); 6] = [
    (
        "阿卜杜拉赫曼·买买提艾力·阿不都热西提·吐尔逊江·艾合买提江·努尔买买提·居来提",
        "",
        12,
        "身上有伤痕，称在家被打",
    ),
    ("澹台予霁", "440305201603151010", 11, "手臂淤青，家长失联"),
    ("慕容箬竹", "440306201407281025", 9, "称被打，不敢回家"),
    ("尉迟昀屿", "440307201709051037", 8, "有伤痕"),
    ("皇甫旻笙", "", 7, "挨打，多日未到校"),
    ("令狐沐阳", "440307201709051037", 1, "感冒"),
];
const HEADINGS: &str = "学籍号,姓名,身份证号,学校,班级,缺勤天数,最近缺勤日期,缺勤原因,监护人,监护人电话,居住区,居住街道,居住社区";

/// What is answered at the door, by the keys of the form: a child in difficulty, for whom a file and a case are opened.
const ANSWERS: [(&str, &str); 11] = [
    ("seen", "yes"),
    ("at_home", "mother"),
    ("injury", "old"),
    ("manner", "afraid"),
    ("spoke_alone", "yes"),
    ("care", "barely"),
    ("school", "often_absent"),
    ("result", "in_difficulty"),
    ("category", "guardianship"),
    ("case_needed", "yes"),
    ("note", "母亲说近来常加班，孩子由邻居照看"),
];

/// Hands the report in, before the product is served.
///
/// # Errors
/// When the import is refused.
pub async fn report(product: &Product, day: &str) -> Result<()> {
    let director = accounts(product.folder())?.into_iter().find(|account| account.login == "director");
    let place = director.context("the demo has no director")?.place;
    let file = product.folder().join("reported.csv");
    std::fs::write(&file, sheet(&place, day))?;
    product.say(&["import", "school", "reported.csv"]).await?;
    std::fs::remove_file(file).context("the report cannot be taken away")
}

fn sheet(place: &str, day: &str) -> String {
    let place = place.replace(' ', ",");
    let lines = CHILDREN.into_iter().enumerate().map(|(at, (name, number, days, wrote))| {
        let family: String = name.chars().take(2).collect();
        format!(
            "L26{at:04},{name},{number},第三实验学校,四（{at}）班,{days},{day},{wrote},{family}守,1990000{at:04},{place}\n"
        )
    });
    std::iter::once(format!("{HEADINGS}\n")).chain(lines).collect()
}

/// Lets the supervisor, the director and the clerk do their share, in the browser, on the product that is served now.
///
/// # Errors
/// When somebody cannot do what is theirs: with what the page said.
pub async fn share_out(driver: &Driver, product: &Product, day: &str) -> Result<()> {
    let supervisor = come_in(driver, product, Screen::Desk, "supervisor").await?;
    supervisor.go(&product.url("/leads")).await?;
    supervisor.until_it_says("皇甫*笙").await?;
    supervisor.press("派发").await?;
    supervisor.until_it_says("待签收").await.context("the supervisor dispatches")?;
    supervisor.close().await?;
    let director = come_in(driver, product, Screen::Phone, "director").await?;
    the_director_goes(&director, product).await.context("the director goes")?;
    director.close().await?;
    let clerk = come_in(driver, product, Screen::Desk, "clerk").await?;
    let file = product.folder().join("waiting.csv");
    std::fs::write(
        &file,
        format!("{HEADINGS}\nL27,司马未名,123,第三实验学校,四（1）班,3,{day},,,,,,\n,,,,,2,{day},,,,,,\n"),
    )?;
    clerk.go(&product.url("/feeds/school")).await?;
    clerk.fill("文件", file.to_str().context("the folder's name is text")?).await?;
    clerk.press("上传并预览").await?;
    clerk.until_it_says("待入库").await.context("the clerk's file waits")?;
    clerk.close().await
}

async fn the_director_goes(director: &Browser, product: &Product) -> Result<()> {
    director.go(&product.url("/m")).await?;
    let leads: Vec<String> = director.addresses().await?;
    let leads: Vec<&String> = leads.iter().filter(|path| path.starts_with("/m/leads/")).collect();
    ensure!(leads.len() >= 3, "the director has only {} leads", leads.len());
    for lead in leads.iter().take(2) {
        director.go(&product.url(lead)).await?;
        director.press("签收，我去").await?;
        director.until_it_says("开始核查").await?;
    }
    let lead = leads.first().context("there is a lead")?;
    director.go(&product.url(&format!("{lead}/form"))).await?;
    director.settle().await?;
    let script = r"
        const form = document.getElementById('form');
        for (const [name, value] of Object.entries(arguments[0])) {
            const fields = [...form.querySelectorAll(`[name=${name}]`)];
            const chosen = fields.find((f) => f.value === value);
            if (chosen) { if (!chosen.checked) chosen.click(); } else if (fields[0]) fields[0].value = value;
        }
        form.requestSubmit();";
    let answers: serde_json::Map<String, serde_json::Value> =
        ANSWERS.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    director.run(script, vec![answers.into()]).await?;
    director.settle().await?;
    director.until_it_says("建档").await.context("the check is handed in")
}

/// Opens a browser and logs in.
///
/// # Errors
/// When the product or the browser does not answer.
pub async fn come_in(driver: &Driver, product: &Product, screen: Screen, login: &str) -> Result<Browser> {
    let browser = driver.open(screen, "zh-CN").await?;
    browser.go(&product.url("/log-in")).await?;
    browser.fill("登录名", login).await?;
    browser.fill("密码", DEMO_PASSWORD).await?;
    browser.press("登录").await?;
    // A password takes its time to be checked; whoever goes elsewhere before the answer has no session.
    let began = Instant::now();
    while browser.path().await? == "/log-in" {
        ensure!(began.elapsed() < PATIENCE, "{login} cannot log in: {}", browser.text().await?);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    browser.settle().await?;
    Ok(browser)
}
