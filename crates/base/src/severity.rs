//! How grave something is: the four levels on which leads are raised, cases are assessed and deadlines depend.
//!
//! The source document grades cases but names no levels: that there are four is ours (domain.md, M3), and so the
//! figures that hang on them are `sample` in the data.

use serde::{Deserialize, Serialize};

/// A level, from the least grave to the gravest, so that `max` is the graver of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 低
    Low,
    /// 中
    Medium,
    /// 高
    High,
    /// 紧急
    Urgent,
}

impl Severity {
    /// All levels, the gravest first, as they are listed on pages.
    pub const ALL: [Self; 4] = [Self::Urgent, Self::High, Self::Medium, Self::Low];

    /// The word for it in data, addresses and journal.
    pub fn key(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// The level with this [`Severity::key`].
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.key() == key)
    }

    /// 1 (low) to 4 (urgent): how a database stores and orders it.
    pub fn rank(self) -> i16 {
        match self {
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
            Self::Urgent => 4,
        }
    }

    /// The level with this [`Severity::rank`].
    pub fn from_rank(rank: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.rank() == rank)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_ranks_go_back_and_forth_and_order_by_gravity() {
        for severity in Severity::ALL {
            assert_eq!(Severity::from_key(severity.key()), Some(severity));
            assert_eq!(Severity::from_rank(severity.rank()), Some(severity));
        }
        assert!(Severity::Urgent > Severity::High && Severity::High > Severity::Low);
    }
}
