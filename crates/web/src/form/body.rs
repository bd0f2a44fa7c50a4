//! The body of a form: pairs and files, urlencoded or multipart, under bounds.

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};

use crate::error::WebError;
use crate::layers::FORM_BYTES_AT_MOST;
use crate::pages::BodyLimit;

/// Fields of a form at most.
const FIELDS_AT_MOST: usize = 1_000;
/// Files of a form at most.
const FILES_AT_MOST: usize = 20;
/// Bytes of a form of which only the words are read, at most: more than any route takes.
const PASSED_OVER_AT_MOST: usize = 256 << 20;
/// Characters of a file's name that are kept.
const FILE_NAME_AT_MOST: usize = 200;

/// What becomes of the files of a form.
#[derive(Clone, Copy)]
enum Files {
    Kept,
    PassedOver,
}

/// What a form brought.
#[derive(Default)]
pub(crate) struct Body {
    pub fields: Vec<(String, String)>,
    pub files: Vec<Upload>,
}

/// A file that was chosen in a form.
#[derive(Clone)]
pub struct Upload {
    /// The field.
    pub field: String,
    /// The file's name on the sender's machine, without folders. It may be personal: never logged.
    pub file_name: String,
    /// What it holds.
    pub bytes: Bytes,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Upload({}, {} bytes)", self.field, self.bytes.len())
    }
}

/// Whether a request carries a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = content_type(headers);
    kind.starts_with("application/x-www-form-urlencoded") || kind.starts_with("multipart/form-data")
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn is_multipart(request: &Request) -> bool {
    content_type(request.headers()).starts_with("multipart/form-data")
}

fn too_many_words() -> WebError {
    WebError::TooLarge { limit_bytes: FORM_BYTES_AT_MOST as u64 }
}

/// The whole body, as far as the route's limit allows.
pub(crate) async fn read_bytes(request: Request) -> Result<Bytes, WebError> {
    let limit_bytes = limit_of(&request);
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status().as_u16() {
        413 => WebError::TooLarge { limit_bytes },
        _ => WebError::NotUnderstood("the body could not be read"),
    })
}

/// What the route of `request` takes, in bytes.
fn limit_of(request: &Request) -> u64 {
    let limit = request.extensions().get::<BodyLimit>();
    limit.map_or(FORM_BYTES_AT_MOST, |limit| limit.0) as u64
}

impl Body {
    /// Reads the body of `request`.
    pub async fn read(request: Request) -> Result<Self, WebError> {
        if is_multipart(&request) {
            return Self::read_multipart(request, Files::Kept).await;
        }
        Self::read_pairs(&read_bytes(request).await?)
    }

    /// Reads the words of `request` alone, of as many bytes as a form without files may have. Its files are passed over
    /// piece by piece, however large the route takes them, and stand here empty: whoever has not been let in must not fill
    /// the memory.
    pub async fn read_words(mut request: Request) -> Result<Self, WebError> {
        if is_multipart(&request) {
            DefaultBodyLimit::max(PASSED_OVER_AT_MOST).apply(&mut request);
            return Self::read_multipart(request, Files::PassedOver).await;
        }
        let bytes = axum::body::to_bytes(request.into_body(), FORM_BYTES_AT_MOST).await;
        Self::read_pairs(&bytes.map_err(|_unshown| too_many_words())?)
    }

    fn read_pairs(bytes: &[u8]) -> Result<Self, WebError> {
        let mut fields = Vec::new();
        for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if fields.len() == FIELDS_AT_MOST {
                return Err(WebError::NotUnderstood("the form has too many fields"));
            }
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(place) => {
                    (pair.get(..place).unwrap_or_default(), pair.get(place + 1..).unwrap_or_default())
                }
                None => (pair, &[][..]),
            };
            fields.push((decode(name)?, decode(value)?));
        }
        Ok(Self { fields, files: Vec::new() })
    }

    async fn read_multipart(request: Request, files: Files) -> Result<Self, WebError> {
        let limit_bytes = limit_of(&request);
        let unreadable = |error: MultipartError| unreadable(&error, limit_bytes);
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_unshown| WebError::NotUnderstood("the form is not multipart"))?;
        let mut body = Self::default();
        let mut words_left = FORM_BYTES_AT_MOST;
        while let Some(mut part) = parts.next_field().await.map_err(unreadable)? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(base_name) {
                // A file field in which nothing was chosen comes as an empty file without a name.
                Some(file_name) if file_name.is_empty() => {}
                Some(file_name) => {
                    if body.files.len() == FILES_AT_MOST {
                        return Err(WebError::NotUnderstood("the form has too many files"));
                    }
                    let bytes = match files {
                        Files::Kept => part.bytes().await.map_err(unreadable)?,
                        Files::PassedOver => {
                            while part.chunk().await.map_err(unreadable)?.is_some() {}
                            Bytes::new()
                        }
                    };
                    body.files.push(Upload { field: name, file_name, bytes });
                }
                None => {
                    if body.fields.len() == FIELDS_AT_MOST {
                        return Err(WebError::NotUnderstood("the form has too many fields"));
                    }
                    let mut words = Vec::new();
                    while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
                        words_left = words_left.checked_sub(chunk.len()).ok_or_else(too_many_words)?;
                        words.extend_from_slice(&chunk);
                    }
                    body.fields.push((name, unix_lines(&String::from_utf8_lossy(&words))));
                }
            }
        }
        Ok(body)
    }

    /// The first value of the field `name`.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

fn unreadable(error: &MultipartError, limit_bytes: u64) -> WebError {
    match error.status().as_u16() {
        413 => WebError::TooLarge { limit_bytes },
        _ => WebError::NotUnderstood("the form breaks off"),
    }
}

/// The last part of a path, whichever way its system writes it, bounded.
fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(FILE_NAME_AT_MOST).collect()
}

/// One urlencoded name or value: `+` is a space, `%XX` a byte, UTF-8.
fn decode(text: &[u8]) -> Result<String, WebError> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    match percent_encoding::percent_decode(&spaced).decode_utf8() {
        Ok(text) => Ok(unix_lines(&text)),
        Err(_unshown) => Err(WebError::NotUnderstood("the form is not UTF-8")),
    }
}

/// Browsers send line ends as CR LF; what is kept has LF.
fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(kind: &str, body: &str) -> Result<Body, WebError> {
        let request = Request::builder()
            .header("content-type", kind)
            .body(axum::body::Body::from(body.to_owned()))
            .unwrap();
        Body::read(request).await
    }

    #[tokio::test]
    async fn urlencoded_pairs_with_chinese_spaces_and_repeats() {
        let body = read("application/x-www-form-urlencoded", "name=%E5%BC%A0+%2A&who=a&who=b&empty=&bare")
            .await
            .unwrap();
        assert_eq!(body.value("name"), Some("张 *"));
        assert_eq!(body.fields.iter().filter(|(name, _)| name == "who").count(), 2);
        assert_eq!((body.value("empty"), body.value("bare")), (Some(""), Some("")));
        assert!(read("application/x-www-form-urlencoded", "a=%FF").await.is_err());
    }

    #[tokio::test]
    async fn multipart_keeps_texts_and_files_apart_and_drops_folders() {
        let text = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n两处淤伤\r\n\
             --x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"C:\\fake\\a.jpg\"\r\n\
             Content-Type: image/jpeg\r\n\r\nabc\r\n\
             --x\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--x--\r\n";
        let body = read("multipart/form-data; boundary=x", text).await.unwrap();
        assert_eq!(body.value("note"), Some("两处淤伤"));
        assert_eq!(body.files.len(), 1);
        assert_eq!((body.files[0].file_name.as_str(), body.files[0].bytes.as_ref()), ("a.jpg", &b"abc"[..]));
    }

    #[tokio::test]
    async fn whoever_is_not_let_in_fills_no_memory() {
        let kind = "multipart/form-data; boundary=x";
        let form = |note: &str| {
            format!(
                "--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n{}\r\n\
                 --x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n{note}\r\n--x--\r\n",
                "a".repeat(100_000)
            )
        };
        let words = async |kind: &str, body: String| {
            let request = Request::builder().header("content-type", kind);
            Body::read_words(request.body(axum::body::Body::from(body)).unwrap()).await
        };
        let body = words(kind, form("两处淤伤")).await.unwrap();
        assert_eq!(body.value("note"), Some("两处淤伤"));
        assert_eq!((body.files.len(), body.files[0].bytes.len()), (1, 0));
        let long = "a".repeat(FORM_BYTES_AT_MOST + 1);
        let pairs = words("application/x-www-form-urlencoded", format!("note={long}")).await;
        for refused in [words(kind, form(&long)).await, pairs, read(kind, &form(&long)).await] {
            assert!(matches!(refused, Err(WebError::TooLarge { .. })));
        }
    }
}
