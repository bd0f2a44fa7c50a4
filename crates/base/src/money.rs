//! Amounts of money in fen (1/100 CNY), never in floating point.

use serde::{Deserialize, Serialize};

use crate::notation::cell_text;

/// An amount in fen; negative when owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

/// Most digits before the decimal point that are read: a thousand times the city's yearly budget.
const MOST_DIGITS: usize = 15;

impl Money {
    /// An amount in yuan. Saturates.
    pub fn from_yuan(yuan: i64) -> Self {
        Self(yuan.saturating_mul(100))
    }

    /// The sum, or `None` on overflow: an amount is never silently wrong.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// `count` times the amount, or `None` on overflow.
    pub fn checked_times(self, count: i64) -> Option<Self> {
        self.0.checked_mul(count).map(Self)
    }

    /// Reads an amount in yuan: `1,234.50`, `¥1234.5`, `350元`, `1.2万元`. At most two decimals (six with 万).
    /// `None` when it is no amount, or one that fen cannot hold exactly.
    pub fn read(text: &str) -> Option<Self> {
        let text = cell_text(text);
        let text = text
            .trim_start_matches(['¥', '￥', ' '])
            .trim_start_matches("CNY")
            .trim_start_matches("RMB")
            .trim();
        let text = text.trim_end_matches(['元', '圆', '整', ' ']);
        let (text, ten_thousands) =
            text.strip_suffix('万').map_or((text, false), |rest| (rest.trim_end(), true));
        let (text, negative) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let whole: String = whole.chars().filter(|character| *character != ',').collect();
        let most_decimals = if ten_thousands { 6 } else { 2 };
        let decimals = decimals.trim_end_matches('0');
        let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || whole.len() > MOST_DIGITS
            || decimals.len() > most_decimals
            || !digits_only(&whole)
            || !digits_only(decimals)
        {
            return None;
        }
        let fen: i64 = format!("{whole}{decimals:0<most_decimals$}").parse().ok()?;
        Some(Self(if negative { -fen } else { fen }))
    }
}

impl std::fmt::Display for Money {
    /// Yuan with two decimals and thousands set apart: `12,000.00`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fen = self.0.unsigned_abs();
        let digits = (fen / 100).to_string();
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(formatter, "{sign}")?;
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                write!(formatter, ",")?;
            }
            write!(formatter, "{digit}")?;
        }
        write!(formatter, ".{:02}", fen % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_shown() {
        for (text, fen, shown) in [
            ("1,234.50", 123_450, "1,234.50"),
            ("¥350", 35_000, "350.00"),
            ("350元整", 35_000, "350.00"),
            ("１．２万元", 1_200_000, "12,000.00"),
            ("-0.05", -5, "-0.05"),
            ("20000", 2_000_000, "20,000.00"),
            ("12.500", 1_250, "12.50"),
        ] {
            assert_eq!(Money::read(text), Some(Money(fen)), "{text}");
            assert_eq!(Money(fen).to_string(), shown);
        }
        for text in ["", "元", "1.234", "abc", "1e5", "99999999999999999999", "--1", "1.2.3"] {
            assert_eq!(Money::read(text), None, "{text}");
        }
        assert_eq!(Money(i64::MAX).checked_add(Money(1)), None);
    }
}
