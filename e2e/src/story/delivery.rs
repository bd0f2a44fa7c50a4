//! Second chapter: the clerk hands a spreadsheet in, sees what is wrong with it, and the power fails while it is applied.

use anyhow::{Context, Result, ensure};

use super::Story;

impl Story {
    /// Upload, preview, apply with `kill -9` in between, result.
    pub(super) async fn the_clerk_hands_a_sheet_in(&mut self) -> Result<()> {
        let file = self.product.folder().join("sheet.xlsx");
        std::fs::write(&file, &self.sheet.bytes)?;
        let path = file.to_str().context("the folder's name is text")?.to_owned();
        let clerk = self.seat("clerk.wen")?;
        clerk.go(&self.product.url("/feeds/school")).await?;
        clerk.fill("文件", &path).await?;
        clerk.press("上传并预览").await?;
        clerk.until_it_says("待入库").await?;
        clerk.until_it_says(&format!("隔离 {} 行", self.sheet.rejected)).await?;
        self.picture(clerk, "02-preview").await?;
        // Between the click and whatever the server would have answered, the power fails.
        let button = clerk.find("button", "入库").await?;
        let script = "arguments[0].form.requestSubmit(arguments[0])";
        clerk.run(script, vec![serde_json::to_value(&button)?]).await?;
        tokio::time::sleep(std::time::Duration::from_millis(self.seed % 120)).await;
        self.product.kill().await?;
        std::fs::remove_file(&file)?;
        self.product.serve().await?;
        let clerk = self.seat("clerk.wen")?;
        clerk.go(&self.product.url("/feeds/school")).await?;
        clerk.follow("sheet.xlsx").await?;
        if clerk.text().await?.contains("待入库") {
            // The click was lost with the power; it is made again, and nothing doubles.
            clerk.press("入库").await?;
        }
        clerk.until_it_says("已入库").await?;
        let said = clerk.text().await?;
        for child in &self.sheet.children {
            ensure!(
                !said.contains(&child.identity_number),
                "a number stands unmasked on the page of the delivery"
            );
        }
        self.picture(clerk, "03-delivered").await
    }
}
