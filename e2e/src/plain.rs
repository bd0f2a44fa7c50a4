//! A visitor without a browser: asks, keeps cookies, sends forms. For load, where a browser would be what is measured.

use anyhow::{Context, Result, anyhow, bail};
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::Mutex;

/// The largest answer that is read.
const ANSWER_AT_MOST_BYTES: usize = 8 << 20;

/// The cookie in which the product keeps the chosen language.
pub const LANGUAGE_COOKIE: &str = "shouwang_language";

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where to go next, if it says so.
    pub location: Option<String>,
    /// The body as text.
    pub body: String,
}

/// Somebody with a session.
#[derive(Debug)]
pub struct Visitor {
    client: Client<HttpConnector, Full<hyper::body::Bytes>>,
    origin: String,
    cookies: Mutex<Vec<(String, String)>>,
}

impl Visitor {
    /// A visitor of the product at `origin` (`http://127.0.0.1:8080`), not yet logged in.
    pub fn new(origin: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        Self { client, origin: origin.to_owned(), cookies: Mutex::default() }
    }

    /// Asks for a page.
    ///
    /// # Errors
    /// When the product cannot be reached.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.ask(Request::get(format!("{}{path}", self.origin)), String::new()).await
    }

    /// Sends an empty form: enough to learn whether the door is open at all.
    ///
    /// # Errors
    /// When the product cannot be reached.
    pub async fn post_nothing(&self, path: &str) -> Result<Answer> {
        let request = Request::post(format!("{}{path}", self.origin))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, &self.origin);
        self.ask(request, String::new()).await
    }

    /// Presses the button on `page` whose form leads to `action`.
    ///
    /// # Errors
    /// When there is no such button, or the product cannot be reached.
    pub async fn press(&self, page: &str, action: &str) -> Result<Answer> {
        let fields = self.fields_of(page, action).await?;
        let request = Request::post(format!("{}{action}", self.origin))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, &self.origin);
        self.ask(request, encode(&fields)).await
    }

    /// Hands a file in by the form on `page` that leads to that page itself.
    ///
    /// # Errors
    /// When there is no such form, or the product cannot be reached.
    pub async fn hand_in(&self, page: &str, name: &str, text: &str) -> Result<Answer> {
        const BOUNDARY: &str = "shouwang-file";
        let part = |disposition: String, value: &str| {
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{value}\r\n")
        };
        let fields = self.fields_of(page, page).await?;
        let fields = fields.iter().map(|(field, value)| part(format!("name=\"{field}\""), value));
        let file = part(format!("name=\"file\"; filename=\"{name}\""), text);
        let body = fields.chain([file, format!("--{BOUNDARY}--\r\n")]).collect();
        let request = Request::post(format!("{}{page}", self.origin))
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .header(header::ORIGIN, &self.origin);
        self.ask(request, body).await
    }

    /// The hidden fields of the form on `page` that leads to `action`.
    async fn fields_of(&self, page: &str, action: &str) -> Result<Vec<(String, String)>> {
        let fields = hidden_fields(&self.get(page).await?.body, action);
        if fields.is_empty() {
            bail!("{page} has no form that leads to {action}");
        }
        Ok(fields)
    }

    /// Chooses the language of the answers: `zh-CN` or `en`.
    pub async fn speak(&self, language: &str) {
        let mut cookies = self.cookies.lock().await;
        cookies.retain(|(name, _)| name != LANGUAGE_COOKIE);
        cookies.push((LANGUAGE_COOKIE.to_owned(), language.to_owned()));
    }

    /// Logs in as a person does: by the form of the log-in page.
    ///
    /// # Errors
    /// When the page has no such form, or the log-in is refused.
    pub async fn log_in(&self, name: &str, password: &str) -> Result<()> {
        let page = self.get("/log-in").await?;
        let mut fields = hidden_fields(&page.body, "/log-in");
        let [name_field, password_field] = visible_fields(&page.body, "/log-in")
            .ok_or_else(|| anyhow!("the log-in page has no form with a name and a password"))?;
        fields.push((name_field, name.to_owned()));
        fields.push((password_field, password.to_owned()));
        let body = encode(&fields);
        let request = Request::post(format!("{}/log-in", self.origin))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, &self.origin);
        let answer = self.ask(request, body).await?;
        if answer.status != 303 {
            bail!("the log-in of {name} was answered with {}", answer.status);
        }
        Ok(())
    }

    async fn ask(&self, request: http::request::Builder, body: String) -> Result<Answer> {
        let cookies = self.cookies.lock().await.clone();
        let cookies: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::ACCEPT, "text/html")
            .body(Full::from(body))
            .context("a request is well formed")?;
        let answer = self.client.request(request).await.context("the product cannot be reached")?;
        let (head, body) = answer.into_parts();
        for set in head.headers.get_all(header::SET_COOKIE) {
            let set =
                set.to_str().context("a cookie is text")?.split(';').next().unwrap_or_default().to_owned();
            if let Some((name, value)) = set.split_once('=') {
                let mut cookies = self.cookies.lock().await;
                cookies.retain(|(present, _)| present != name);
                cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let body = http_body_util::Limited::new(body, ANSWER_AT_MOST_BYTES).collect().await;
        let body = body.map_err(|error| anyhow!("the answer breaks off: {error}"))?.to_bytes();
        let location =
            head.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Answer {
            status: head.status.as_u16(),
            location,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

/// The addresses on a page that begin with `head`, each once, in their order.
pub fn links(page: &str, head: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    for part in page.split("href=\"").skip(1) {
        let address = part.split('"').next().unwrap_or_default().replace("&amp;", "&");
        if address.starts_with(head) && !links.contains(&address) {
            links.push(address);
        }
    }
    links
}

fn form<'page>(page: &'page str, action: &str) -> &'page str {
    let mark = format!("action=\"{action}\"");
    page.split_once(&mark).map_or("", |(_, rest)| rest.split("</form>").next().unwrap_or_default())
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!("{name}=\""))?.1.split('"').next()?;
    Some(value.replace("&amp;", "&").replace("&quot;", "\"").replace("&#38;", "&"))
}

fn inputs(page: &str, action: &str) -> Vec<String> {
    form(page, action)
        .split("<input")
        .skip(1)
        .map(|tag| tag.split('>').next().unwrap_or_default().to_owned())
        .collect()
}

fn hidden_fields(page: &str, action: &str) -> Vec<(String, String)> {
    let inputs = inputs(page, action);
    let hidden = inputs.iter().filter(|tag| tag.contains("type=\"hidden\""));
    hidden
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
        .collect()
}

/// The names of the two fields that a person fills in at the log-in.
fn visible_fields(page: &str, action: &str) -> Option<[String; 2]> {
    let inputs = inputs(page, action);
    let password = inputs.iter().find(|tag| tag.contains("type=\"password\""))?;
    let name =
        inputs.iter().find(|tag| !tag.contains("type=\"hidden\"") && !tag.contains("type=\"password\""))?;
    Some([attribute(name, "name")?, attribute(password, "name")?])
}

fn encode(fields: &[(String, String)]) -> String {
    let encoded = |text: &str| -> String {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<form method="post" action="/log-in"><input type="hidden" name="t" value="a&amp;b">
        <input id="n" name="name" type="text"><input type="password" name="password"></form><a href="/leads/1?a=1&amp;b=2">x</a>"#;

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        assert_eq!(hidden_fields(PAGE, "/log-in"), [("t".to_owned(), "a&b".to_owned())]);
        assert_eq!(visible_fields(PAGE, "/log-in"), Some(["name".to_owned(), "password".to_owned()]));
        assert_eq!(encode(&[("名".to_owned(), "a b".to_owned())]), "%E5%90%8D=a%20b");
        assert_eq!(links(PAGE, "/leads/"), ["/leads/1?a=1&b=2"]);
    }
}
