//! The named terms of which a scope is made, and how much each lets one see.

use serde::{Deserialize, Serialize};

/// One reason why something may be seen. A role names its terms in `roles.toml`; "why may I see this?" answers with
/// them (design §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// It lies in the area of my post, at my post's level: a director's community, a supervisor's sub-district.
    Area,
    /// My post holds it.
    Held,
    /// It was referred to my organisation (转介) and the referral still stands.
    Referred,
    /// Somebody named me on it in person: a lawyer who accompanies one case.
    Named,
    /// Wherever it is. Given with the sight `stub` it says only that there is one elsewhere.
    Anywhere,
}

impl Term {
    /// All terms, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Area, Self::Held, Self::Referred, Self::Named, Self::Anywhere];

    /// The word of this term in `roles.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Held => "held",
            Self::Referred => "referred",
            Self::Named => "named",
            Self::Anywhere => "anywhere",
        }
    }

    /// The term with this word in `roles.toml`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|term| term.word() == word)
    }
}

/// How much of a thing one may see. Ordered: each shows what the one before it shows, and more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// Nothing, not even that it exists: the answer is the same as for a thing that is not there.
    None,
    /// That one exists and where to ask, no more: "a file exists elsewhere".
    Stub,
    /// What was referred to my organisation, no more.
    Referral,
    /// All of it, as far as the clearance of the role goes field by field.
    Full,
}

impl Sight {
    /// All sights from the least.
    pub const ALL: [Self; 4] = [Self::None, Self::Stub, Self::Referral, Self::Full];

    /// The word of this sight in `roles.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Stub => "stub",
            Self::Referral => "referral",
            Self::Full => "full",
        }
    }

    /// The sight with this word in `roles.toml`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sight| sight.word() == word)
    }
}

/// One line of a role's rights: by this term, this much is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// Why it may be seen.
    pub term: Term,
    /// How much of it.
    pub sight: Sight,
}
