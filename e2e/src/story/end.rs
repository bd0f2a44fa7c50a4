//! The last chapters: a deadline climbs, the district closes, and what must not be seen is not there.

use anyhow::{Context, Result, bail, ensure};

use super::{Story, cast};

impl Story {
    /// The administrator moves the office's clock, and the step that waits climbs.
    pub(super) async fn a_deadline_climbs(&mut self) -> Result<()> {
        let clock = self.product.url("/admin/clock");
        for days in ["7 天", "3 天"] {
            let admin = self.at("admin", &clock).await?;
            admin.tick(days).await?;
            admin.press("拨快时钟").await?;
        }
        let admin = self.seat("admin")?;
        admin.until_it_says("快 10 天").await?;
        self.picture(admin, "21-clock").await?;
        let case = self.product.url(&self.case);
        let approver = self.at("approver.zhou", &case).await?;
        approver.until_it_says("超期，升级至").await?;
        self.picture(approver, "22-climbed").await?;
        let notices = self.product.url("/notices");
        let supervisor = self.at("supervisor.tan", &notices).await?;
        let visit = self.visit.clone();
        supervisor.until_it_says(&visit).await?;
        let said = supervisor.text().await?;
        ensure!(said.contains("超期升级到你"), "no notice says that something climbed:\n{said}");
        self.picture(supervisor, "22-notices").await?;
        self.note("supervisor.tan").await
    }

    /// The level above approves; the case ends, the file plans who is seen next.
    pub(super) async fn the_district_closes(&mut self) -> Result<()> {
        let (case, file) = (self.product.url(&self.case), self.product.url(&self.file));
        let approver = self.at("approver.zhou", &case).await?;
        approver.press("同意结案").await?;
        approver.until_it_says("已结案").await?;
        self.picture(approver, "23-closed").await?;
        let supervisor = self.at("supervisor.tan", &file).await?;
        let said = supervisor.text().await?;
        ensure!(said.contains("风险消除"), "the file does not say how the case ended:\n{said}");
        ensure!(said.contains("走访 ZF"), "no follow-up visit is planned on the file:\n{said}");
        self.picture(supervisor, "24-follow-up").await?;
        self.note("supervisor.tan").await
    }

    /// Whoever has no business here finds nothing at any address that named a person or a matter.
    pub(super) async fn the_neighbour_finds_nothing(&mut self) -> Result<()> {
        let home = self.product.url("/");
        let neighbour = self.at("neighbour.luo", &home).await?;
        let visited = self.visited.borrow().clone();
        ensure!(visited.len() > 8, "the story visited {} addresses only", visited.len());
        ensure!(visited.iter().any(|path| path.starts_with("/deliveries/")), "no delivery was looked at");
        let script = r"
            const [paths, done] = arguments;
            (async () => {
              const found = [];
              for (const path of paths) {
                const answer = await fetch(path, { redirect: 'manual' });
                if (answer.status !== 404) found.push(path + ' ' + answer.status + ' ' + answer.type);
              }
              return found;
            })().then(done, (error) => done(['failed: ' + error]));";
        let paths = serde_json::to_value(&visited)?;
        let found = neighbour.client().execute_async(script, vec![paths]).await;
        let found: Vec<String> =
            serde_json::from_value(found.context("the neighbour's browser does not answer")?)?;
        ensure!(found.is_empty(), "the neighbour was not told 404:\n{}", found.join("\n"));
        let file = self.product.url(&self.file);
        neighbour.go(&file).await?;
        self.picture(neighbour, "25-neighbour").await
    }

    /// No name and no number of the sheet stands in the clear in database, write-ahead log or the server's log.
    pub(super) async fn nothing_lies_open(&mut self) -> Result<()> {
        self.product.kill().await?;
        let mut folders = vec![self.product.folder().to_owned()];
        if let Some(server) = &self.server {
            folders.extend(server.folders().await);
        }
        let mut files = Vec::new();
        for folder in &folders {
            for entry in std::fs::read_dir(folder).with_context(|| format!("{}", folder.display()))? {
                let path = entry?.path();
                if path.is_file() {
                    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    files.push((name, std::fs::read(&path)?));
                }
            }
        }
        ensure!(files.iter().any(|(name, _)| name == "server.log"), "the server wrote no log");
        let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        println!("  {bytes} bytes in {} files are searched", files.len());
        let children = self.sheet.children.iter().chain([&self.sheet.child]);
        for child in children {
            for secret in [&child.name, &child.identity_number, &child.guardian, &child.phone] {
                for (file, bytes) in &files {
                    if holds(bytes, secret.as_bytes()) {
                        bail!("a name or number of the sheet lies open in {file}");
                    }
                }
            }
        }
        Ok(())
    }

    /// The chain of the journal is whole.
    pub(super) async fn the_journal_is_sound(&mut self) -> Result<()> {
        let said = self.product.say(&["audit", "verify"]).await?;
        println!("{}", said.trim());
        Ok(())
    }

    /// Somebody's own browser at an address; whoever was logged out in the meantime comes in again.
    pub(super) async fn at(&self, login: &'static str, url: &str) -> Result<&crate::browser::Browser> {
        let browser = self.seat(login)?;
        browser.go(url).await?;
        if browser.path().await?.starts_with("/log-in") {
            cast::come_in(browser, &self.product, login, cast::password(login)).await?;
            browser.go(url).await?;
        }
        Ok(browser)
    }
}

/// Whether `part` stands anywhere in `whole`.
fn holds(whole: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else { return false };
    let mut rest = whole;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        let Some(from) = rest.get(at..) else { return false };
        if from.starts_with(part) {
            return true;
        }
        rest = from.get(1..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn what_lies_open_is_found() {
        assert!(holds(b"aab aabc", b"aabc"));
        assert!(!holds(b"aab aab", b"aabc"));
    }
}
