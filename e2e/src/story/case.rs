//! Sixth chapter: the file and the case are there, and every step of the case is taken; a referral is rejected, sent
//! again, accepted and done.

use anyhow::{Context, Result, ensure};

use super::Story;

/// Who takes it, the button, what is answered, and what the page says then.
type Step = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

/// What the assessment knows beforehand: from the check at the door, from the child's number, from earlier cases.
const KNOWN: [(&str, &str); 8] = [
    ("困境类别", "监护缺失或不当"),
    ("年龄段", "6 至 13 岁"),
    ("情绪与行为", "恐惧、退缩"),
    ("就学", "经常缺课"),
    ("身体伤害", "新伤"),
    ("基本生活", "勉强"),
    ("是否反复发生", "否"),
    ("是否单独听取儿童意见", "已听取"),
];

/// What the supervisor adds: beaten at home, with an aunt since, the mother torn, the family short of money.
const ASSESSED: [(&str, &str); 15] = [
    ("身体健康", "健康"),
    ("不良或严重不良行为", "无"),
    ("户籍与居住", "本市户籍"),
    ("性侵害或疑似", "无"),
    ("伤害人能接触儿童吗", "不能"),
    ("监护人是否履行日常照料", "偶有疏忽"),
    ("家中是否有人对儿童施暴", "有伤痕"),
    ("监护人知情后的反应", "犹豫回避"),
    ("是否具有须由民政临时监护的情形", "可能"),
    ("可替代的照料人", "姑姑，住同一街道，愿意照料"),
    ("家庭经济", "紧张"),
    ("住所", "稳定"),
    ("监护人自身情况", "无特殊情况"),
    ("亲友邻里支持", "偶尔"),
    ("儿童的想法", "想先住在姑姑家，想回学校上课。"),
];

/// What these answers come to: 2 + 3 + 2 + 5 + 2 for what was known, 1 + 1 + 5 + 2 + 4 + 1 + 1 for the rest.
const ASSESSED_POINTS: &str = "29";
const ASSESSED_LEVEL: &str = "二级，橙色";

impl Story {
    /// The case is found from the inbox's program page, by the child's link on the lead.
    pub(super) async fn file_and_case_are_there(&mut self) -> Result<()> {
        let name = self.sheet.child.name.clone();
        let supervisor = self.seat("supervisor.tan")?;
        supervisor.go(&self.product.url(&format!("/leads/{}", self.lead))).await?;
        supervisor.follow("打开档案").await?;
        let said = supervisor.text().await?;
        for word in [name.as_str(), "监护缺失或不当", "第三实验学校", "个案"] {
            ensure!(said.contains(word), "the file does not say “{word}”:\n{said}");
        }
        ensure!(
            !said.contains(&self.sheet.child.identity_number),
            "the file shows the whole number to the supervisor"
        );
        self.picture(supervisor, "14-file").await?;
        let planned = said.split_whitespace().find(|word| word.starts_with("ZF-"));
        let visit = planned.context("the file plans no visit")?.to_owned();
        self.file = supervisor.path().await?;
        self.visit = visit;
        self.note("supervisor.tan").await?;
        let supervisor = self.seat("supervisor.tan")?;
        supervisor.follow("去办个案").await?;
        let case = supervisor.path().await?;
        ensure!(case.starts_with("/cases/"), "the case stands at {case}");
        self.picture(supervisor, "15-case").await?;
        self.case = case;
        self.note("supervisor.tan").await
    }

    /// From acceptance to the request for closure.
    pub(super) async fn every_step_is_taken(&mut self) -> Result<()> {
        let steps: [Step; 2] = [
            (
                "supervisor.tan",
                "受理",
                &[("主要问题", "家庭暴力、虐待"), ("需要应急处置吗", "需要"), ("已向公安报案吗", "已报案")],
                "应急处置指引",
            ),
            (
                "supervisor.tan",
                "提交处置",
                &[
                    ("采取的措施", "由亲属临时照料"),
                    ("今晚住在哪里", "住在姑姑家，由姑姑照看，民警已留联系电话。"),
                    ("儿童现在安全吗", "安全"),
                ],
                "评估定级指引",
            ),
        ];
        for (at, (login, action, answers, then)) in steps.into_iter().enumerate() {
            self.step(login, action, answers, then, &format!("16-case-{}", at + 1)).await?;
        }
        self.the_case_is_assessed().await.context("the assessment")?;
        self.a_referral_goes_back_and_forth().await.context("the referral")?;
        let steps: [Step; 4] = [
            ("supervisor.tan", "提交研判", &[("是否转介部门", "已转介")], "帮扶计划指引"),
            ("supervisor.tan", "提交计划", &[("监护人同意计划吗", "同意")], "监护干预指引"),
            ("approver.zhou", "提交干预", &[("干预方式", "委托照护")], "评审指引"),
            ("supervisor.tan", "申请结案", &[("结案理由", "风险消除，目标达到")], "结案审批"),
        ];
        for (at, (login, action, answers, then)) in steps.into_iter().enumerate() {
            self.step(login, action, answers, then, &format!("20-case-{}", at + 4)).await?;
        }
        Ok(())
    }

    /// As a supervisor assesses who has read the check and has been at the aunt's: what the check says stands there, the
    /// points add up, and the level follows.
    async fn the_case_is_assessed(&mut self) -> Result<()> {
        let case = self.product.url(&self.case);
        let supervisor = self.at("supervisor.tan", &case).await?;
        let said = supervisor.complete(&KNOWN, &ASSESSED, "提交评估", "研判转介指引").await;
        said.context("supervisor.tan at “提交评估”")?;
        let script =
            "return [...document.querySelectorAll('.pn-paper summary')].map((s) => s.innerText).join('\\n')";
        let papers = supervisor.run(script, vec![]).await?;
        let papers = papers.as_str().unwrap_or_default().to_owned();
        let assessed =
            papers.lines().find(|line| line.contains("评估表")).context("no assessment is kept")?;
        ensure!(
            assessed.contains(ASSESSED_POINTS) && assessed.contains(ASSESSED_LEVEL),
            "the assessment does not come to {ASSESSED_POINTS}, {ASSESSED_LEVEL}: {assessed}"
        );
        self.picture(supervisor, "16-case-3").await?;
        self.note("supervisor.tan").await
    }

    async fn step(
        &mut self,
        login: &'static str,
        action: &str,
        answers: &[(&str, &str)],
        then: &str,
        picture: &str,
    ) -> Result<()> {
        let case = self.product.url(&self.case);
        let somebody = self.at(login, &case).await?;
        somebody
            .fill_in(&self.day, action, answers, then)
            .await
            .with_context(|| format!("{login} at “{action}”"))?;
        self.picture(somebody, picture).await?;
        self.note(login).await
    }

    async fn a_referral_goes_back_and_forth(&mut self) -> Result<()> {
        let office = format!("{}教育局", self.place.district);
        let case = self.product.url(&self.case);
        let supervisor = self.at("supervisor.tan", &case).await?;
        supervisor.follow("新转介").await?;
        supervisor.choose("转给谁", &office).await?;
        supervisor.fill("一句话说明要办的事", "请安排返校").await?;
        supervisor.fill("情况与要求", "四年级学生，已缺课两周，请与学校商量返校。").await?;
        supervisor.press("发出转介").await?;
        supervisor.until_it_says("待应答").await?;
        self.picture(supervisor, "17-referred").await?;

        self.open_referral().await?;
        let contact = self.seat("contact.he")?;
        let said = contact.text().await?;
        ensure!(said.contains("请安排返校"), "the department does not read what is asked:\n{said}");
        ensure!(!said.contains("有，新伤"), "the department reads of the check:\n{said}");
        self.picture(contact, "18-asked").await?;
        self.note("contact.he").await?;
        let contact = self.seat("contact.he")?;
        let rejected = contact.path().await?;
        contact.fill("理由", "学籍不在本区，请先核实").await?;
        contact.press("退回").await?;
        // What a department has turned down is not its business any more.
        ensure!(contact.path().await? == "/referrals", "the rejection leads to {}", contact.path().await?);
        contact.go(&self.product.url(&rejected)).await?;
        let said = contact.text().await?;
        ensure!(!said.contains("请安排返校"), "the department still reads what it turned down:\n{said}");

        let supervisor = self.at("supervisor.tan", &case).await?;
        supervisor.until_it_says("学籍不在本区").await?;
        self.picture(supervisor, "18-rejected").await?;
        supervisor.follow("再转").await?;
        supervisor.fill("情况与要求", "学籍已核实在本区第三实验学校，请安排返校。").await?;
        supervisor.press("发出转介").await?;
        supervisor.until_it_says("待应答").await?;

        self.open_referral().await?;
        let contact = self.seat("contact.he")?;
        contact.press("接受").await?;
        contact.until_it_says("办理中").await?;
        contact.fill_in(&self.day, "办结", &[("结果", "已办好")], "已办结").await?;
        self.picture(contact, "19-done").await?;
        self.note("contact.he").await
    }

    /// The department's contact opens the one referral that waits for an answer.
    async fn open_referral(&self) -> Result<()> {
        let list = self.product.url("/referrals");
        let contact = self.at("contact.he", &list).await?;
        contact.until_it_says("待应答").await?;
        let script = "return [...document.querySelectorAll('tr')].filter((r) => r.innerText.includes('待应答')) \
            .flatMap((r) => [...r.querySelectorAll('a[href^=\"/referrals/\"]')].map((a) => a.getAttribute('href')))[0] ?? null";
        let href = contact.run(script, vec![]).await?;
        let href = href.as_str().context("no referral waits for an answer")?.to_owned();
        contact.go(&self.product.url(&href)).await
    }
}
