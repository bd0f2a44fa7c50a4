//! What a person does on a page, by what they read: labels, buttons, links. No test knows an element's id, so that a page
//! which only a test can use does not pass.

use anyhow::{Context, Result, bail};
use fantoccini::Locator;
use fantoccini::elements::{Element, ElementRef};
use serde_json::json;

use crate::browser::{Browser, PATIENCE};

/// Finds the first visible element of `arguments[0]` whose accessible words contain `arguments[1]`; exact words win.
const FIND: &str = r"
const [css, words] = arguments;
const said = (e) => [
  e.getAttribute('aria-label'), e.labels && [...e.labels].map((l) => l.innerText).join(' '), e.innerText,
  e.getAttribute('title'), e.getAttribute('placeholder'), e.value && e.type === 'submit' ? e.value : '',
].filter(Boolean).map((t) => t.replace(/\s+/g, ' ').trim());
const seen = (e) => e.getClientRects().length > 0 || e.type === 'file' || e.type === 'radio' || e.type === 'checkbox';
const all = [...document.querySelectorAll(css)].filter((e) => seen(e) && !e.disabled);
return all.find((e) => said(e).some((t) => t === words)) || all.find((e) => said(e).some((t) => t.includes(words))) || null;
";

/// Everything that can be filled in.
const FIELDS: &str = "input:not([type=hidden]):not([type=submit]), select, textarea";

/// How long after a click a page may stand before it counts as staying.
const LEAVING: std::time::Duration = std::time::Duration::from_millis(300);

impl Browser {
    /// The element among `css` that says `words`, waited for.
    ///
    /// # Errors
    /// When none comes; the error shows what the page says instead.
    pub async fn find(&self, css: &str, words: &str) -> Result<Element> {
        let began = std::time::Instant::now();
        loop {
            let found = self.client().execute(FIND, vec![json!(css), json!(words)]).await;
            if let Ok(value) = found
                && value.is_object()
            {
                let reference = value.as_object().and_then(|object| object.values().next());
                let reference =
                    reference.and_then(|id| id.as_str()).context("the browser names no element")?;
                let reference = ElementRef::from(reference.to_owned());
                return Ok(Element::from_element_id(self.client().clone(), reference));
            }
            if began.elapsed() > PATIENCE {
                let (path, text) = (self.path().await?, self.text().await?);
                let text: String = text.chars().take(2_000).collect();
                bail!("nothing among `{css}` says “{words}” on {path}; the page says:\n{text}");
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// Types `value` into the field labelled `label`, in place of what stood there.
    pub async fn fill(&self, label: &str, value: &str) -> Result<()> {
        let field = self.find(FIELDS, label).await?;
        let kind = field.attr("type").await?.unwrap_or_default();
        if matches!(kind.as_str(), "date" | "datetime-local" | "time") {
            // A date field takes keys in the order of the machine's own locale; its value does not.
            let script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', { bubbles: true }))";
            self.run(script, vec![serde_json::to_value(&field)?, json!(value)]).await?;
            return Ok(());
        }
        if kind != "file" {
            field.clear().await.with_context(|| format!("“{label}” cannot be cleared"))?;
        }
        field.send_keys(value).await.with_context(|| format!("“{label}” cannot be filled in"))
    }

    /// Chooses the option that says `words` in the list labelled `label`.
    pub async fn choose(&self, label: &str, words: &str) -> Result<()> {
        let list = self.find("select", label).await?;
        let script = r"
            const option = [...arguments[0].options].find((o) => o.text.replace(/\s+/g, ' ').includes(arguments[1]));
            if (!option) return [...arguments[0].options].map((o) => o.text).join(' / ');
            arguments[0].value = option.value;
            arguments[0].dispatchEvent(new Event('change', { bubbles: true }));
            return null;";
        let missing = self.run(script, vec![serde_json::to_value(&list)?, json!(words)]).await?;
        match missing.as_str() {
            Some(options) => bail!("“{label}” has no “{words}” among: {options}"),
            None => Ok(()),
        }
    }

    /// Ticks the box, or picks the one of several, that is labelled `label`.
    pub async fn tick(&self, label: &str) -> Result<()> {
        let field = self.find("input[type=checkbox], input[type=radio]", label).await?;
        // The box itself may lie under its label, which is what a finger meets.
        let script = "if (!arguments[0].checked) (arguments[0].labels[0] || arguments[0]).click()";
        self.run(script, vec![serde_json::to_value(&field)?]).await?;
        Ok(())
    }

    /// Presses the button that says `words`, and waits for the next page where it leads to one.
    pub async fn press(&self, words: &str) -> Result<()> {
        let button = self.find("button, input[type=submit], summary, [role=button], a.btn", words).await?;
        self.click(&button).await.with_context(|| format!("“{words}” cannot be pressed"))
    }

    /// Follows the link that says `words`.
    pub async fn follow(&self, words: &str) -> Result<()> {
        let link = self.find("a[href]", words).await?;
        self.click(&link).await.with_context(|| format!("“{words}” cannot be followed"))
    }

    /// Clicks, and waits for the page to which that leads. A browser begins to leave a page some moments after the
    /// click: whoever asks at once still finds the old one at rest.
    pub async fn click(&self, element: &Element) -> Result<()> {
        let mark =
            "arguments[0].scrollIntoView({ block: 'center' }); document.documentElement.dataset.left = '1'";
        self.run(mark, vec![serde_json::to_value(element)?]).await?;
        element.click().await.context("the browser does not click")?;
        let began = std::time::Instant::now();
        while began.elapsed() < LEAVING {
            let stays = "return document.documentElement.dataset.left === '1'";
            if self.client().execute(stays, vec![]).await.is_ok_and(|value| value == json!(false)) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        self.settle().await
    }

    /// Waits until the page has loaded and htmx has nothing under way.
    pub async fn settle(&self) -> Result<()> {
        let began = std::time::Instant::now();
        while began.elapsed() < PATIENCE {
            let quiet =
                "return document.readyState === 'complete' && !document.querySelector('.htmx-request')";
            if self.client().execute(quiet, vec![]).await.is_ok_and(|value| value == json!(true)) {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        bail!("the page {} does not come to rest", self.path().await?)
    }

    /// Waits until the page says `words`, asking for it anew now and then: what a job brings does not come by itself.
    pub async fn until_it_says(&self, words: &str) -> Result<()> {
        let began = std::time::Instant::now();
        while began.elapsed() < PATIENCE * 2 {
            if self.text().await?.contains(words) {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            self.client().refresh().await.context("the page cannot be asked for again")?;
            self.settle().await?;
        }
        let text: String = self.text().await?.chars().take(2_000).collect();
        bail!("{} does not come to say “{words}”; it says:\n{text}", self.path().await?)
    }

    /// Whether a link with this address stands on the page.
    pub async fn addresses(&self) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))";
        let found = self.run(script, vec![]).await?;
        Ok(serde_json::from_value(found).unwrap_or_default())
    }

    /// The elements of `css`, without waiting.
    pub async fn all(&self, css: &str) -> Result<Vec<Element>> {
        self.client().find_all(Locator::Css(css)).await.context("the page cannot be searched")
    }
}
