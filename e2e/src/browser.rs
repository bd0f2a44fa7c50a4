//! Chromium, driven through its own WebDriver server.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::plain::LANGUAGE_COOKIE;

/// How long a page may take before it counts as not coming.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What a desk's window is higher than the page in it.
const BARS_PIXELS: u32 = 143;

/// The screen that a person sits before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Screen {
    /// An office desk, 1440 × 900.
    Desk,
    /// A phone held upright, 390 × 844.
    Phone,
}

impl Screen {
    /// The word for it in file names.
    pub fn key(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Phone => "phone",
        }
    }

    fn width_and_height_pixels(self) -> (u32, u32) {
        match self {
            Self::Desk => (1440, 900),
            Self::Phone => (390, 844),
        }
    }
}

/// The server that drives browsers; it ends with this value.
#[derive(Debug)]
pub struct Driver {
    // Held so that the process ends with it.
    _process: Child,
    address: String,
}

impl Driver {
    /// Starts the driver on a port that it picks itself.
    ///
    /// # Errors
    /// When `chromedriver` is not installed or does not say where it listens.
    pub async fn start() -> Result<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("chromedriver does not start; `cargo xtask test` installs it")?;
        let output = process.stdout.take().context("chromedriver has no output")?;
        let mut lines = BufReader::new(output).lines();
        let port = loop {
            let line = tokio::time::timeout(PATIENCE, lines.next_line()).await??;
            let line = line.ok_or_else(|| anyhow!("chromedriver ended before it listened"))?;
            if let Some((_, port)) = line.rsplit_once("successfully on port ") {
                break port.trim_end_matches('.').parse::<u16>().context("chromedriver names no port")?;
            }
        };
        // Its further lines are nobody's, yet a full pipe would stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { _process: process, address: format!("http://127.0.0.1:{port}") })
    }

    /// Opens a browser of its own (its own cookies and storage) with a screen and a preferred language.
    ///
    /// # Errors
    /// When Chromium does not start.
    pub async fn open(&self, screen: Screen, language: &str) -> Result<Browser> {
        let (width, height) = screen.width_and_height_pixels();
        // A window without a head still keeps the room of its bars.
        let window_height = height + BARS_PIXELS;
        let mut options = json!({
            "args": [
                "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                "--force-color-profile=srgb", "--hide-scrollbars",
                format!("--window-size={width},{window_height}"), format!("--lang={language}"),
            ],
            "prefs": { "intl.accept_languages": language },
        });
        if screen == Screen::Phone {
            let metrics = json!({ "width": width, "height": height, "pixelRatio": 2.0, "touch": true });
            if let Some(options) = options.as_object_mut() {
                options.insert("mobileEmulation".into(), json!({ "deviceMetrics": metrics }));
            }
        }
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let client = builder.connect(&self.address).await.context("Chromium does not start")?;
        Ok(Browser { client, screen })
    }
}

/// One browser window.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    /// Its screen.
    pub screen: Screen,
}

/// Asks the driver for what the browser wrote to its console since the last time.
#[derive(Debug)]
struct Console;

impl WebDriverCompatibleCommand for Console {
    fn endpoint(&self, base_url: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// Lets Chromium lay the page out for a screen of another size.
#[derive(Debug)]
struct Metrics {
    width: u32,
    height: u32,
}

impl WebDriverCompatibleCommand for Metrics {
    fn endpoint(&self, base_url: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let metrics =
            json!({ "width": self.width, "height": self.height, "deviceScaleFactor": 1, "mobile": false });
        let body = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        (http::Method::POST, Some(body.to_string()))
    }
}

impl Browser {
    /// The WebDriver session, for what has no method here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Goes to an address and waits until the page is there.
    pub async fn go(&self, url: &str) -> Result<()> {
        self.client.goto(url).await.with_context(|| format!("{url} does not open"))
    }

    /// Ends the browser.
    pub async fn close(self) -> Result<()> {
        self.client.close().await.context("the browser does not close")
    }

    /// The text that a person reads on the page.
    pub async fn text(&self) -> Result<String> {
        let text = self.run("return document.body ? document.body.innerText : ''", vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// The path of the present address.
    pub async fn path(&self) -> Result<String> {
        Ok(self.client.current_url().await.context("the browser has no address")?.path().to_owned())
    }

    /// Runs a script on the page and returns its value.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.client.execute(script, arguments).await.context("a script on the page failed")
    }

    /// A picture of the window, as PNG.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        self.client.screenshot().await.context("no picture could be taken")
    }

    /// Whether something stands on the page, without waiting.
    pub async fn has(&self, css: &str) -> Result<bool> {
        Ok(!self.client.find_all(Locator::Css(css)).await.context("the page cannot be searched")?.is_empty())
    }

    /// Waits for `css` to stand on the page.
    pub async fn wait_for(&self, css: &str) -> Result<fantoccini::elements::Element> {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
            Ok(element) => Ok(element),
            Err(error) => {
                let path = self.path().await.unwrap_or_default();
                let text: String = self.text().await.unwrap_or_default().chars().take(1_500).collect();
                bail!("`{css}` does not come on {path} ({error}); the page says:\n{text}")
            }
        }
    }

    /// Chooses the language of the pages from here on, as the switch on each page does. A page must be open already.
    pub async fn speak(&self, language: &str) -> Result<()> {
        let script = "document.cookie = `${arguments[0]}=${arguments[1]}; path=/`";
        self.run(script, vec![json!(LANGUAGE_COOKIE), json!(language)]).await.map(drop)
    }

    /// Gives the open page another screen, without asking for it anew.
    pub async fn turn(&self, screen: Screen) -> Result<()> {
        let (width, height) = screen.width_and_height_pixels();
        self.client
            .issue_cmd(Metrics { width, height })
            .await
            .context("the screen cannot be turned")
            .map(drop)
    }

    /// What the browser complained of on this page: errors of scripts, and breaches of the content security policy.
    pub async fn complaints(&self) -> Result<BTreeSet<String>> {
        let lines = self.client.issue_cmd(Console).await.context("the browser's console cannot be read")?;
        let lines = lines.as_array().cloned().unwrap_or_default();
        let severe = lines.iter().filter(|line| line.get("level").and_then(Value::as_str) == Some("SEVERE"));
        Ok(severe.filter_map(|line| line.get("message").and_then(Value::as_str)).map(str::to_owned).collect())
    }
}
