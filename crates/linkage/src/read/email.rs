//! Addresses of electronic mail.

use crate::read::says_nothing;

/// Longest address that is one.
const MOST_BYTES: usize = 254;

/// An address in lower case; `None` for what is none.
pub(super) fn read(text: &str) -> Option<Box<str>> {
    let text = base::notation::cell_text(text);
    if says_nothing(&text) || text.len() > MOST_BYTES || text.chars().any(char::is_whitespace) {
        return None;
    }
    let text = text.strip_prefix("mailto:").unwrap_or(&text).to_lowercase();
    let (account, domain) = text.rsplit_once('@')?;
    let is_domain = domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
    (!account.is_empty() && is_domain).then(|| text.as_str().into())
}
