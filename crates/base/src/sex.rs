//! Sex as registers write it (GB/T 2261.1: 1 male, 2 female, 0 unknown, 9 not stated).

use serde::{Deserialize, Serialize};

use crate::notation::cell_text;

/// The sex entered in a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

impl Sex {
    /// Reads what a cell says, in the words, letters and codes in use; `None` when it says neither.
    pub fn read(text: &str) -> Option<Self> {
        let text = cell_text(text);
        let text = text.trim_end_matches(['性', '生', '孩', '童', '士', '子']);
        Some(match text {
            "男" | "1" | "1.0" | "M" | "m" | "Male" | "male" | "MALE" | "♂" => Self::Male,
            "女" | "2" | "2.0" | "F" | "f" | "Female" | "female" | "FEMALE" | "♀" => Self::Female,
            // Some exports carry code and word together: 1-男, 2|女.
            other => match (other.contains('男'), other.contains('女')) {
                (true, false) if other.chars().count() <= 4 => Self::Male,
                (false, true) if other.chars().count() <= 4 => Self::Female,
                _ => return None,
            },
        })
    }

    /// The word in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_letters_and_codes() {
        for text in ["男", " 男性 ", "1", "M", "male", "1-男", "男（1）", "男孩"] {
            assert_eq!(Sex::read(text), Some(Sex::Male), "{text}");
        }
        for text in ["女", "女性", "2", "Ｆ", "女童"] {
            assert_eq!(Sex::read(text), Some(Sex::Female), "{text}");
        }
        for text in ["", "0", "9", "未知", "男女", "3"] {
            assert_eq!(Sex::read(text), None, "{text}");
        }
    }
}
