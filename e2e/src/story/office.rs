//! First chapter: the administrator makes the accounts, and everybody comes in.

use anyhow::{Context, Result};

use super::{Story, cast};
use crate::browser::Screen;

impl Story {
    /// Accounts are made in the browser, each person chooses a password of their own.
    pub(super) async fn everybody_comes_in(&mut self) -> Result<()> {
        let admin = self.driver.open(Screen::Desk, "zh-CN").await?;
        cast::come_in(&admin, &self.product, "admin", super::DEMO_PASSWORD).await?;
        for role in cast::players(&self.place, &self.other_district) {
            // The demo city fills every post; whoever is new takes over what somebody held before.
            cast::make_room(&admin, &self.product, &role)
                .await
                .with_context(|| format!("no room for {}", role.login))?;
            let one_time = cast::make_account(&admin, &self.product, &role)
                .await
                .with_context(|| format!("the account of {} is not made", role.login))?;
            let screen = if role.login == "director.chen" { Screen::Phone } else { Screen::Desk };
            let browser = cast::first_log_in(&self.driver, &self.product, screen, &role, &one_time)
                .await
                .with_context(|| format!("{} does not come in", role.login))?;
            self.seats.insert(role.login, browser);
        }
        admin.go(&self.product.url("/admin/users")).await?;
        self.picture(&admin, "01-accounts").await?;
        self.seats.insert("admin", admin);
        Ok(())
    }
}
