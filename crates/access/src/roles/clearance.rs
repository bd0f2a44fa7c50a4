//! Field clearance: which class of field a role sees whole, masked or not at all.
//!
//! Masked is the rule and whole the exception (design §5): a list always shows names masked, whatever the clearance; a
//! file shows what the clearance allows, and marks what it hides.

use std::fmt;

use base::mask;

/// A class of personal field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldClass {
    /// Names of persons.
    Name,
    /// Numbers of identity documents.
    IdentityNumber,
    /// Phones.
    Phone,
    /// Addresses below the community.
    Address,
    /// Full dates of birth; year and month are no secret.
    Birth,
    /// What somebody wrote about a person: reasons, findings, plans.
    Narrative,
    /// Illness, disability, treatment.
    Health,
    /// Offences, detention, drug treatment: of guardians, above all.
    Justice,
    /// Photographs and documents.
    Attachment,
}

impl FieldClass {
    /// All classes.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::IdentityNumber,
        Self::Phone,
        Self::Address,
        Self::Birth,
        Self::Narrative,
        Self::Health,
        Self::Justice,
        Self::Attachment,
    ];

    /// The word of this class in `roles.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::IdentityNumber => "identity_number",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Birth => "birth",
            Self::Narrative => "narrative",
            Self::Health => "health",
            Self::Justice => "justice",
            Self::Attachment => "attachment",
        }
    }

    /// The class with this word in `roles.toml`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }

    /// `text` as somebody without clearance sees it.
    fn mask(self, text: &str) -> String {
        match self {
            Self::Name => mask::name(text),
            Self::IdentityNumber => mask::identity_number(text),
            Self::Phone => mask::phone(text),
            Self::Address => mask::address(text),
            Self::Birth => mask::birth(text),
            // Of free text not even the length is told.
            Self::Narrative | Self::Health | Self::Justice | Self::Attachment => HIDDEN.to_owned(),
        }
    }
}

/// What stands where a text is hidden whole.
const HIDDEN: &str = "***";

/// How far a role sees one class of field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Clearance {
    /// Not at all: the page says that there is a value and that it is withheld.
    None,
    /// Masked: `张*涵`, `138****6207`.
    #[default]
    Masked,
    /// Whole.
    Full,
}

impl Clearance {
    /// The word of this clearance in `roles.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Masked => "masked",
            Self::Full => "full",
        }
    }

    /// The clearance with this word in `roles.toml`.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::None, Self::Masked, Self::Full].into_iter().find(|clearance| clearance.word() == word)
    }
}

/// A personal value as one reader may see it: what pages carry instead of the value, so that a template cannot show
/// more. Prints as the reader sees it.
#[derive(Clone, PartialEq, Eq)]
pub enum Masked {
    /// The whole value.
    Full(String),
    /// The value with its middle hidden; the page marks it and says how to ask.
    Masked(String),
    /// There is a value, and it is withheld.
    Withheld,
}

impl Masked {
    /// `text` of this class for a reader with this clearance.
    pub fn new(class: FieldClass, text: &str, clearance: Clearance) -> Self {
        match clearance {
            Clearance::Full => Self::Full(text.to_owned()),
            Clearance::Masked => Self::Masked(class.mask(text)),
            Clearance::None => Self::Withheld,
        }
    }

    /// `text` as it stands on lists, in titles and notices, for everybody.
    pub fn on_list(class: FieldClass, text: &str) -> Self {
        Self::new(class, text, Clearance::Masked)
    }

    /// Whether the reader sees less than there is, so that the page marks it.
    pub fn is_hidden(&self) -> bool {
        !matches!(self, Self::Full(_))
    }

    /// What the reader sees.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Full(text) | Self::Masked(text) => text,
            Self::Withheld => HIDDEN,
        }
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Never the whole value: what is debugged is logged.
impl fmt::Debug for Masked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Masked(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_shows_no_more_than_the_clearance() {
        let show = |class, text, clearance| Masked::new(class, text, clearance).to_string();
        assert_eq!(show(FieldClass::Name, "张子涵", Clearance::Full), "张子涵");
        assert_eq!(show(FieldClass::Name, "张子涵", Clearance::Masked), "张*涵");
        assert_eq!(show(FieldClass::Name, "张子涵", Clearance::None), "***");
        assert_eq!(show(FieldClass::Phone, "13812346207", Clearance::Masked), "138****6207");
        assert_eq!(show(FieldClass::Narrative, "父亲醉酒", Clearance::Masked), "***");
        assert!(!Masked::new(FieldClass::Name, "张子涵", Clearance::Full).is_hidden());
        assert!(Masked::on_list(FieldClass::Name, "张子涵").is_hidden());
        assert_eq!(format!("{:?}", Masked::Full("张子涵".into())), "Masked(…)");
    }

    #[test]
    fn every_word_is_read_back() {
        for class in FieldClass::ALL {
            assert_eq!(FieldClass::from_word(class.word()), Some(class));
        }
        assert_eq!(Clearance::from_word("full"), Some(Clearance::Full));
        assert_eq!(Clearance::from_word("half"), None);
    }
}
