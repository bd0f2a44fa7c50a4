//! The README's pictures: the same few pages of a demo city in both languages.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::browser::{Browser, Driver, Screen};
use crate::product::Product;
use crate::story::DEMO_PASSWORD;

/// The most that a picture may weigh.
const BYTES_AT_MOST: usize = 250_000;

/// What is shown: the file's name, who sees it on which screen, the list, and where in it the first entry leads.
const PICTURES: [(&str, &str, Screen, &str, &str); 7] = [
    ("command", "district", Screen::Desk, "/command", ""),
    ("inbox", "supervisor", Screen::Desk, "/inbox?whose=area", ""),
    ("lead", "district", Screen::Desk, "/leads?whose=area", "/leads/"),
    ("case", "district", Screen::Desk, "/cases?whose=area", "/cases/"),
    ("file", "district", Screen::Desk, "/files", "/files/"),
    ("phone-today", "director", Screen::Phone, "/m", ""),
    ("phone-lead", "director", Screen::Phone, "/m", "/m/"),
];

/// Labels of the log-in page: language, name, password, button, and the end of the file's name.
const LANGUAGES: [(&str, &str, &str, &str, &str); 2] =
    [("zh-CN", "登录名", "密码", "登录", "zh"), ("en", "Login name", "Password", "Log in", "en")];

/// Makes a demo city of `persons` and the pictures of it in `pictures`.
///
/// # Errors
/// When the city cannot be made, a page does not show what it should, or a picture is too heavy.
pub async fn make(persons: u32, seed: u64, pictures: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("shouwang.db").display());
    let mut product = Product::new(folder.path(), &url)?;
    let (persons, seed) = (persons.to_string(), seed.to_string());
    product.say(&["demo", "--no-serve", "--persons", &persons, "--seed", &seed]).await?;
    product.serve().await?;
    std::fs::create_dir_all(pictures)?;
    let driver = Driver::start().await?;
    for (language, name, password, button, ending) in LANGUAGES {
        for (picture, login, screen, list, first) in PICTURES {
            let browser = driver.open(screen, language).await?;
            if screen == Screen::Desk {
                browser.client().set_window_size(1280, 800).await.context("the window keeps its size")?;
            }
            browser.go(&product.url("/log-in")).await?;
            browser.fill(name, login).await?;
            browser.fill(password, DEMO_PASSWORD).await?;
            browser.press(button).await?;
            show(&browser, &product, list, first)
                .await
                .with_context(|| format!("{picture} in {language}"))?;
            let file = pictures.join(format!("{picture}-{ending}.png"));
            let bytes = browser.picture().await?;
            println!("{} {} kB", file.display(), bytes.len() / 1_000);
            ensure!(bytes.len() < BYTES_AT_MOST, "{} weighs {} bytes", file.display(), bytes.len());
            std::fs::write(&file, bytes)?;
            browser.close().await?;
        }
    }
    Ok(())
}

/// Opens the list, or the first entry of it whose address goes on with an id behind `first`.
async fn show(browser: &Browser, product: &Product, list: &str, first: &str) -> Result<()> {
    browser.go(&product.url(list)).await?;
    if !first.is_empty() {
        let found = browser.addresses().await?.into_iter().find(|address| {
            address.strip_prefix(first).is_some_and(|id| id.contains('-') && !id.contains('?'))
        });
        browser.go(&product.url(&found.context("the list is empty")?)).await?;
    }
    browser.settle().await
}
