//! Fourth chapter: a lead appears with its reasons, and the supervisor sends it to the director while the power fails.

use anyhow::{Context, Result, ensure};

use super::{Story, sheet};

impl Story {
    /// The lead of the sheet's main child: found, understood, dispatched with `kill -9` between click and answer.
    pub(super) async fn the_supervisor_dispatches(&mut self) -> Result<()> {
        let masked = sheet::masked(&self.sheet.child.name);
        let supervisor = self.seat("supervisor.tan")?;
        supervisor.go(&self.product.url("/leads")).await?;
        supervisor.choose("程度", "紧急").await?;
        supervisor.press("筛选").await?;
        supervisor.until_it_says(&masked).await?;
        self.picture(supervisor, "06-leads").await?;
        supervisor.follow(&masked).await?;
        let said = supervisor.text().await?;
        for word in ["为什么提出这条线索", "身上多处伤痕", "80"] {
            ensure!(said.contains(word), "the lead does not say “{word}”:\n{said}");
        }
        ensure!(!said.contains(&self.sheet.child.identity_number), "a number stands unmasked on the lead");
        self.picture(supervisor, "07-lead").await?;
        let lead = supervisor.path().await?;
        self.note("supervisor.tan").await?;

        let supervisor = self.seat("supervisor.tan")?;
        supervisor.choose("派给", "陈晓岚").await?;
        let button = supervisor.find("#acts button", "派发").await?;
        let script = "arguments[0].form.requestSubmit(arguments[0])";
        supervisor.run(script, vec![serde_json::to_value(&button)?]).await?;
        self.power_fails(self.seed % 60).await?;

        let supervisor = self.seat("supervisor.tan")?;
        supervisor.go(&self.product.url(&lead)).await?;
        if !supervisor.text().await?.contains("待签收") {
            // The click was lost with the power, whole: it is made again.
            supervisor.choose("派给", "陈晓岚").await?;
            supervisor.press("派发").await?;
        }
        supervisor.go(&self.product.url(&lead)).await?;
        supervisor.until_it_says("待签收").await?;
        let said = supervisor.text().await?;
        ensure!(said.contains("陈晓岚"), "the lead does not say who has it:\n{said}");
        self.picture(supervisor, "08-dispatched").await?;
        let id = lead.rsplit('/').next().context("a lead has an id")?.to_owned();
        self.lead = id;
        Ok(())
    }
}
