//! Numbers that count or measure something.

use crate::read::says_nothing;

/// A number as it is kept: spelled the shortest way, without signs between thousands; `None` for what is no number.
pub(super) fn read(text: &str) -> Option<Box<str>> {
    let text = base::notation::cell_text(text);
    if says_nothing(&text) {
        return None;
    }
    let plain: String = text
        .chars()
        .filter(|character| !matches!(character, ',' | ' ' | '_' | '¥' | '$' | '€' | '£'))
        .collect();
    let (digits, factor) = match plain.strip_suffix('万') {
        Some(digits) => (digits, 1e4),
        None => plain.strip_suffix('亿').map_or((plain.as_str(), 1.0), |digits| (digits, 1e8)),
    };
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    let value = digits.parse::<f64>().ok().filter(|value| is_plain && value.is_finite())? * factor;
    // Zero has one sign.
    Some((value + 0.0).to_string().into())
}

/// The number of a text that [`read`] gave.
pub(crate) fn quantity_of(text: &str) -> Option<f64> {
    text.parse().ok()
}
