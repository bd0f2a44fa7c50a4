//! Fifth chapter: the director accepts on the phone, goes to the door, and fills in the check with a photograph.

use anyhow::{Context, Result, bail, ensure};

use super::Story;
use crate::browser::{Browser, Screen};

/// What is answered at the door.
const ANSWERS: [(&str, &[&str]); 12] = [
    ("见到孩子了吗", &["见到"]),
    ("谁在家", &["母亲"]),
    ("有伤吗", &["有，新伤"]),
    ("孩子的样子", &["害怕"]),
    ("单独和孩子说过话吗", &["说过"]),
    ("吃住和照料", &["勉强"]),
    ("上学", &["经常缺课"]),
    ("照片", &[]),
    ("核查结果", &["紧急危险"]),
    ("困境类别", &["监护缺失或不当"]),
    ("什么危险", &["被打、被虐待"]),
    ("补一句", &[]),
];

/// Questions that a form on the phone has at most, and some taps in reserve.
const STEPS_AT_MOST: usize = 40;

impl Story {
    /// Accept, check one question at a time, hand in: a case is opened at once.
    pub(super) async fn the_director_checks(&mut self) -> Result<()> {
        let photo = self.photograph().await?;
        let page = format!("/m/leads/{}", self.lead);
        let director = self.seat("director.chen")?;
        director.go(&self.product.url("/m")).await?;
        ensure!(director.text().await?.contains("签收"), "the phone does not show the lead");
        self.picture(director, "09-today").await?;
        director.go(&self.product.url(&page)).await?;
        self.picture(director, "10-phone-lead").await?;
        director.press("签收，我去").await?;
        director.until_it_says("开始核查").await?;
        self.note("director.chen").await?;
        let director = self.seat("director.chen")?;
        director.follow("开始核查").await?;
        let mut has_photo = false;
        for _ in 0..STEPS_AT_MOST {
            let question = asked(director).await?;
            if question.is_empty() {
                break;
            }
            has_photo |= answer(director, &question, &photo).await?;
            if question.contains("照片") {
                self.picture(director, "11-phone-photo").await?;
            }
        }
        ensure!(has_photo, "the check did not ask for a photograph");
        self.picture(director, "12-phone-summary").await?;
        director.press("提交核查").await?;
        wait_until(director, "立案").await?;
        self.picture(director, "13-phone-danger").await?;
        std::fs::remove_file(&photo).context("the photograph cannot be taken away")?;
        self.note("director.chen").await
    }

    /// A photograph of nothing: what a screen shows before anybody has come in.
    async fn photograph(&self) -> Result<String> {
        let camera = self.driver.open(Screen::Phone, "zh-CN").await?;
        camera.go(&self.product.url("/log-in")).await?;
        let file = self.product.folder().join("door.png");
        std::fs::write(&file, camera.picture().await?)?;
        camera.close().await?;
        Ok(file.to_str().context("the folder's name is text")?.to_owned())
    }
}

/// The question that the phone shows now; nothing at the end.
async fn asked(director: &Browser) -> Result<String> {
    let script = "return document.querySelector('.q.now legend')?.innerText ?? ''";
    Ok(director.run(script, vec![]).await?.as_str().unwrap_or_default().to_owned())
}

/// Answers it and goes on; says whether that was a photograph.
async fn answer(director: &Browser, question: &str, photo: &str) -> Result<bool> {
    let Some((_, answers)) = ANSWERS.iter().find(|(words, _)| question.contains(words)) else {
        bail!("nobody knows what to answer to “{question}”");
    };
    for option in *answers {
        let script = "const l = [...document.querySelectorAll('.q.now label')].find((l) => l.innerText.trim().startsWith(arguments[0])); \
            if (!l) return [...document.querySelectorAll('.q.now label')].map((l) => l.innerText).join(' / '); \
            const i = l.querySelector('input'); if (!i.checked) i.click(); return null;";
        let missing = director.run(script, vec![serde_json::json!(option)]).await?;
        if let Some(options) = missing.as_str() {
            bail!("“{question}” has no “{option}” among: {options}");
        }
    }
    let is_photo = question.contains("照片");
    if is_photo {
        let field = director.wait_for(".q.now input[type=file][multiple]").await?;
        field.send_keys(photo).await.context("the photograph cannot be chosen")?;
        director.wait_for(".q.now .got").await?;
        wait_until(director, "已送达").await?;
    }
    // One tap answers a question with one answer and goes on by itself; the others wait for a word.
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    if asked(director).await? == question {
        let next = director.wait_for("[data-next]").await?;
        next.click().await.context("the next question cannot be asked for")?;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Ok(is_photo)
}

/// Waits for words on the page as it stands, which a new request would lose.
async fn wait_until(browser: &Browser, words: &str) -> Result<()> {
    let began = std::time::Instant::now();
    while began.elapsed() < crate::browser::PATIENCE {
        if browser.text().await?.contains(words) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    bail!("the phone does not come to say “{words}”; it says:\n{}", browser.text().await?)
}
