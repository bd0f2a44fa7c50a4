//! The look at every page: each one that a person can reach by links is opened and held to what all pages must be.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::browser::Browser;

/// Pages that one walk opens at most.
const PAGES_AT_MOST: usize = 120;
/// Addresses that begin so are other things than pages.
const NOT_PAGES: [&str; 4] = ["/assets/", "/log-out", "/healthz", "/readyz"];

/// What was found wrong, page by page: the path as the router has it, and each fault in a line.
pub type Faults = BTreeMap<String, BTreeSet<String>>;

/// One walk over the pages of one person.
#[derive(Debug)]
pub struct Walk {
    /// Every page that was opened: its pattern (`/leads/*`) and the path that stood for it.
    pub opened: BTreeMap<String, String>,
    /// What was wrong.
    pub faults: Faults,
}

/// The source of axe, the checker of accessibility that the assets' lock file names.
///
/// # Errors
/// When `cargo xtask assets` has not run.
pub fn axe() -> Result<String> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/web/assets/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(path).context("axe is not there; run `cargo xtask assets`")
}

/// The path with each part that names one thing (an id, a number) as `*`.
pub fn pattern(path: &str) -> String {
    let part = |part: &str| {
        let is_id = part.len() == 36 && part.bytes().filter(|byte| *byte == b'-').count() == 4;
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_id || is_number { "*".to_owned() } else { part.to_owned() }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What every page must be, asked of the present one: all of [`form_faults`], and nothing that axe finds at WCAG 2.2 AA.
///
/// # Errors
/// When the browser does not answer.
pub async fn faults_of_page(browser: &Browser, axe: &str, language: &str) -> Result<BTreeSet<String>> {
    let mut faults = form_faults(browser, language).await?;
    faults.extend(violations(browser, axe).await?);
    Ok(faults)
}

/// What is asked of every page and takes no time: no breach of the content policy, no error of a script, the language
/// asked for, no width beyond the screen, one heading, a title, no id twice, and no word that only a machine reads.
///
/// # Errors
/// When the browser does not answer.
pub async fn form_faults(browser: &Browser, language: &str) -> Result<BTreeSet<String>> {
    let mut faults = browser.complaints().await?;
    let facts = browser
        .run(
            r"
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            let text = '';
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                // What stands as code is meant for those who know it: names of rules, of jobs, of entries.
                if (!node.parentElement.closest('code, select, script, style')) text += node.data + '\n';
            }
            const all = [...document.querySelectorAll('[id]')].map((e) => e.id);
            return {
                language: document.documentElement.lang,
                title: document.title,
                headings: document.querySelectorAll('h1').length,
                twice: all.filter((id, at) => all.indexOf(id) !== at),
                raw: text.match(/\b\d{4}-\d{2}-\d{2}T\d{2}|\b[a-z]+(_[a-z]+)+\b|\{[a-z_]+\}/g) || [],
            }",
            vec![],
        )
        .await?;
    let fact = |key: &str| facts.get(key).cloned().unwrap_or(Value::Null);
    if !fact("language").as_str().unwrap_or_default().starts_with(language) {
        faults.insert(format!("its language is {}, asked for was {language}", fact("language")));
    }
    if fact("title").as_str().unwrap_or_default().trim().is_empty() {
        faults.insert("it has no title".to_owned());
    }
    if fact("headings") != 1 {
        faults.insert(format!("it has {} headings of the first rank", fact("headings")));
    }
    for (key, what) in [("twice", "ids stand twice"), ("raw", "words of the machine stand on it")] {
        if fact(key).as_array().is_some_and(|list| !list.is_empty()) {
            faults.insert(format!("{what}: {}", fact(key)));
        }
    }
    faults.extend(width_fault(browser).await?);
    Ok(faults)
}

/// Whether the page has to be pushed to the side to be read.
///
/// # Errors
/// When the browser does not answer.
pub async fn width_fault(browser: &Browser) -> Result<Option<String>> {
    let script = r"
        const over = document.documentElement.scrollWidth - window.innerWidth;
        if (over <= 0) return null;
        const all = [...document.querySelectorAll('body *')];
        let wide = all.filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1);
        // Where no element stands out, what is in one does: a word that cannot be broken.
        if (wide.length === 0) wide = all.filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).reverse();
        return over + ' of ' + window.innerWidth + ' pixels, by ' + wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(' | ');";
    let over = browser.run(script, vec![]).await?;
    Ok(over.as_str().map(|over| format!("it is wider than the {}: {over}", browser.screen.key())))
}

/// What axe finds on the present page, a line for each rule.
///
/// # Errors
/// When the browser does not answer.
pub async fn violations(browser: &Browser, axe: &str) -> Result<Vec<String>> {
    browser.run(axe, vec![]).await?;
    let script = r"
        const done = arguments[arguments.length - 1];
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
        axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }).then(
          (found) => done(found.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | '))),
          (error) => done(['axe failed: ' + error]));";
    let found = browser.client().execute_async(script, vec![]).await.context("axe does not answer")?;
    Ok(serde_json::from_value(found)?)
}

/// Walks over every page that the person in `browser` reaches by links from `from`, one page of each pattern, and keeps
/// a picture of each in `pictures` if given. `origin` is the product's address without a path.
///
/// # Errors
/// When the browser does not answer, or there are more kinds of pages than a product of this size has.
pub async fn walk(
    browser: &Browser,
    origin: &str,
    from: &[&str],
    language: &str,
    pictures: Option<&PathBuf>,
) -> Result<Walk> {
    let axe = axe()?;
    let mut queue: VecDeque<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut walk = Walk { opened: BTreeMap::new(), faults: Faults::new() };
    while let Some(path) = queue.pop_front() {
        let bare = path.split(['?', '#']).next().unwrap_or_default().to_owned();
        let pattern = pattern(&bare);
        if walk.opened.contains_key(&pattern) || NOT_PAGES.iter().any(|head| bare.starts_with(head)) {
            continue;
        }
        if walk.opened.len() >= PAGES_AT_MOST {
            bail!("more than {PAGES_AT_MOST} kinds of pages; the last is {pattern}");
        }
        browser.go(&format!("{origin}{path}")).await?;
        browser.settle().await?;
        if browser.run("return document.contentType", vec![]).await? != "text/html" {
            continue;
        }
        walk.opened.insert(pattern.clone(), bare);
        let faults = faults_of_page(browser, &axe, language).await?;
        if let Some(folder) = pictures {
            let name = pattern.trim_matches('/').replace(['/', '*'], "_");
            let name = if name.is_empty() { "home".to_owned() } else { name };
            let file = format!("{name}.{}.{language}.png", browser.screen.key());
            std::fs::write(folder.join(file), browser.picture().await?)?;
        }
        if !faults.is_empty() {
            walk.faults.insert(pattern, faults);
        }
        let inside = browser.addresses().await?.into_iter().filter(|address| address.starts_with('/'));
        queue.extend(inside.filter(|address| !is_download(address)));
    }
    Ok(walk)
}

/// Whether an address hands out a file: opening one changes no page, and would be reported as if it were the last.
fn is_download(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    [".csv", ".xlsx", ".json", ".zip", ".jpg", ".png"].iter().any(|end| path.ends_with(end))
}

/// The faults in words, a line each, for the message of a test.
pub fn report(faults: &Faults) -> String {
    let lines =
        faults.iter().flat_map(|(page, faults)| faults.iter().map(move |fault| format!("{page}: {fault}")));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn what_names_one_thing_is_a_star() {
        assert_eq!(pattern("/leads/0199a7c0-0000-7000-8000-00000000002a"), "/leads/*");
        assert_eq!(pattern("/admin/areas/4403"), "/admin/areas/*");
        assert_eq!(pattern("/feeds/grid"), "/feeds/grid");
    }
}
