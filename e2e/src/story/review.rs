//! Third chapter: one row has the number of another child of the sheet; the clerk decides whether they are one.

use anyhow::{Context, Result, ensure};

use super::{Story, sheet};

impl Story {
    /// The queue shows the pair side by side with weights; what is decided leaves the queue.
    pub(super) async fn one_row_is_decided(&mut self) -> Result<()> {
        let masked = sheet::masked(&self.sheet.doubtful.name);
        let clerk = self.seat("clerk.wen")?;
        clerk.go(&self.product.url("/review")).await?;
        clerk.until_it_says(&masked).await?;
        // Which of the two rows came first is the import's business: the pair stands in one line.
        let script = "return [...document.querySelectorAll('tr')].find((r) => r.innerText.includes(arguments[0]))\
            ?.querySelector('a[href]').getAttribute('href') ?? null";
        let href = clerk.run(script, vec![serde_json::json!(masked)]).await?;
        let href = href.as_str().context("the queue does not lead to the pair")?.to_owned();
        clerk.go(&self.product.url(&href)).await?;
        let said = clerk.text().await?;
        for word in ["证件号", "监护人", "合计"] {
            ensure!(said.contains(word), "the pair is shown without “{word}”:\n{said}");
        }
        self.picture(clerk, "04-review").await?;
        let asked = clerk.path().await?;
        clerk.press("不同人").await?;
        clerk.go(&self.product.url(&asked)).await?;
        let decided = clerk.text().await?;
        ensure!(decided.contains("撤回"), "what was decided cannot be taken back:\n{decided}");
        self.picture(clerk, "05-decided").await?;
        self.keep(&[asked]);
        Ok(())
    }
}
