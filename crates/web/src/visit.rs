//! What is known of a request before any handler sees it: its operation, who sends it, in which language, how the answer
//! will be shown. Read once by [`crate::layers`], kept as an extension, and shared by the extractors.

use std::sync::{Arc, Mutex, PoisonError};

use access::Actor;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base::{Moment, OperationId};
use texts::Language;
use uuid::Uuid;

use crate::form::ParkedForm;
use crate::session::Secret;

/// How the answer to a request is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// A whole page.
    Page,
    /// A piece that htmx puts into a page.
    Fragment,
    /// JSON, for a command of the phone.
    Json,
}

/// A request, as far as it concerns everybody.
pub struct Visit {
    /// The number under which log, journal and answer know this request.
    pub operation: OperationId,
    /// Who sends it; `None` without a session.
    pub actor: Option<Arc<Actor>>,
    /// Whether they must choose a password of their own before anything else.
    pub must_change_password: bool,
    /// The secret behind the session's or the visitor's cookie, on which CSRF tokens stand.
    pub secret: Secret,
    /// The language of the answer.
    pub language: Language,
    /// How the answer is shown.
    pub manner: Manner,
    /// The office's time at which the request came.
    pub now: Moment,
    /// Path and query, for coming back after a log-in.
    pub address: String,
    /// Whether the request asks for the phone's pages.
    pub is_phone: bool,
    /// What a session that ended while its person typed has left, if this request asks for it.
    pub parked: Option<ParkedForm>,
    /// What the form before this page has done, in a sentence that the page says once.
    pub said: Option<String>,
    once: Mutex<Once>,
}

/// The key of a form that is to be done once, and whether a transaction has taken it.
#[derive(Default)]
struct Once {
    key: Option<Uuid>,
    is_taken: bool,
}

impl Visit {
    /// A request by nobody in particular: the starting point of [`crate::layers`].
    pub fn new(
        operation: OperationId,
        secret: Secret,
        language: Language,
        now: Moment,
        parts: &Parts,
    ) -> Self {
        let address = parts.uri.path_and_query().map_or("/", |address| address.as_str());
        Self {
            operation,
            actor: None,
            must_change_password: false,
            secret,
            language,
            manner: Manner::of(&parts.headers),
            now,
            address: address.to_owned(),
            is_phone: is_phone_path(parts.uri.path()),
            parked: None,
            said: None,
            once: Mutex::new(Once::default()),
        }
    }

    /// The actor's role for the log; nothing personal.
    pub fn role(&self) -> &str {
        self.actor.as_ref().map_or("", |actor| &actor.role)
    }

    /// Remembers the key of the form that came with the request.
    pub(crate) fn set_once(&self, key: Uuid) {
        self.once.lock().unwrap_or_else(PoisonError::into_inner).key = Some(key);
    }

    /// The key of the form, for the first transaction of the request; later ones get none.
    pub(crate) fn take_once(&self) -> Option<Uuid> {
        let mut once = self.once.lock().unwrap_or_else(PoisonError::into_inner);
        let key = once.key.filter(|_| !once.is_taken);
        once.is_taken = true;
        key
    }

    /// The key of the form that came with the request, if any.
    pub(crate) fn once(&self) -> Option<Uuid> {
        self.once.lock().unwrap_or_else(PoisonError::into_inner).key
    }
}

impl Manner {
    /// Reads the headers. A page that the browser fetches again for its history is always whole (design §6).
    pub fn of(headers: &HeaderMap) -> Self {
        let says = |name: &str, value: &str| {
            headers.get(name).and_then(|found| found.to_str().ok()).is_some_and(|found| found.contains(value))
        };
        if says("hx-request", "true")
            && !says("hx-history-restore-request", "true")
            && !says("hx-boosted", "true")
        {
            return Self::Fragment;
        }
        let accepts_json = says(header::ACCEPT.as_str(), "application/json");
        let sends_json = says(header::CONTENT_TYPE.as_str(), "application/json");
        if (accepts_json || sends_json) && !says(header::ACCEPT.as_str(), "text/html") {
            return Self::Json;
        }
        Self::Page
    }
}

/// Whether `path` is one of the phone's pages.
pub fn is_phone_path(path: &str) -> bool {
    path == "/m" || path.starts_with("/m/")
}

/// An operation's number as a person reads it out: the last 40 bits in Crockford's base 32, `7Q2M-84KD`.
pub fn operation_number(operation: OperationId) -> String {
    const ALPHABET: [char; 32] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K',
        'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
    ];
    let bits = operation.0.as_u128();
    let mut number = String::with_capacity(9);
    for place in (0..8_u32).rev() {
        let index = usize::try_from(bits >> (5 * place) & 31).unwrap_or(0);
        number.push(ALPHABET.get(index).copied().unwrap_or('0'));
        if place == 4 {
            number.push('-');
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_shows_the_last_forty_bits() {
        assert_eq!(operation_number(OperationId(Uuid::from_u128(0))), "0000-0000");
        assert_eq!(operation_number(OperationId(Uuid::from_u128((1 << 40) - 1))), "ZZZZ-ZZZZ");
        assert_eq!(operation_number(OperationId(Uuid::from_u128(33))), "0000-0011");
    }

    #[test]
    fn htmx_gets_fragments_but_its_history_gets_pages() {
        let manner = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            Manner::of(&headers)
        };
        assert_eq!(manner(&[("accept", "text/html,*/*")]), Manner::Page);
        assert_eq!(manner(&[("hx-request", "true")]), Manner::Fragment);
        assert_eq!(manner(&[("hx-request", "true"), ("hx-history-restore-request", "true")]), Manner::Page);
        assert_eq!(manner(&[("content-type", "application/json"), ("accept", "*/*")]), Manner::Json);
    }
}
