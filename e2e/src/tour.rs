//! The tour: each demo account walks over every page that it reaches by links, on each screen and in each language.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::browser::{Driver, Screen};
use crate::look::{Faults, walk};
use crate::story::DEMO_PASSWORD;

/// The demo accounts, and on which screen each works.
pub const ACCOUNTS: [(&str, Screen); 8] = [
    ("admin", Screen::Desk),
    ("clerk", Screen::Desk),
    ("city", Screen::Desk),
    ("district", Screen::Desk),
    ("supervisor", Screen::Desk),
    ("department", Screen::Desk),
    ("auditor", Screen::Desk),
    ("director", Screen::Phone),
];

/// What a tour found.
#[derive(Debug, Default)]
pub struct Tour {
    /// Patterns of the pages that somebody opened.
    pub opened: BTreeSet<String>,
    /// What was wrong, by account, screen, language and page.
    pub faults: Faults,
}

/// One walk of a tour.
#[derive(Debug, Clone, Copy)]
pub struct Leg {
    /// The account.
    pub login: &'static str,
    /// The screen.
    pub screen: Screen,
    /// The language: `zh-CN` or `en`.
    pub language: &'static str,
}

/// Walks the `legs` on the product at `origin`.
///
/// # Errors
/// When a browser or the product does not answer.
pub async fn tour(driver: &Driver, origin: &str, legs: &[Leg], pictures: Option<&PathBuf>) -> Result<Tour> {
    let mut tour = Tour::default();
    for Leg { login, screen, language } in legs {
        let browser = driver.open(*screen, language).await?;
        let labels = if *language == "en" {
            ("Login name", "Password", "Log in")
        } else {
            ("登录名", "密码", "登录")
        };
        browser.go(&format!("{origin}/log-in")).await?;
        browser.fill(labels.0, login).await?;
        browser.fill(labels.1, DEMO_PASSWORD).await?;
        browser.press(labels.2).await?;
        let folder = pictures.map(|folder| folder.join(login));
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder)?;
        }
        let walked = walk(&browser, origin, &["/"], language, folder.as_ref())
            .await
            .with_context(|| format!("{login} on the {} in {language}", screen.key()))?;
        tour.opened.extend(walked.opened.into_keys());
        for (page, faults) in walked.faults {
            let place = format!("{login} {} {language} {page}", screen.key());
            tour.faults.entry(place).or_default().extend(faults);
        }
        browser.close().await?;
    }
    Ok(tour)
}
