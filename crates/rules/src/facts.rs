//! What is known of a person when rules are asked.
//!
//! The engine offers a small set of facts; a rules file declares those that it uses, so that a page can name them. What is
//! not known is `None`, and a condition that depends on it is unknown too: a rule never counts on a guess.

use base::{Day, IndicatorId, PersonId, Sex, SourceRowId};

/// All that rules may ask of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Age in full years on the day of screening.
    pub age_years: Option<i64>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Kind of residence, in the words of the feed that says it: `registered`, `habitual`, `migrant`, `outside`.
    pub residence: Option<String>,
    /// How many parents or guardians are named by any row about the person.
    pub guardians: Option<i64>,
    /// Who lives in the present household; `None` when no feed tells the household.
    pub household: Option<Household>,
    /// Dated facts about the person, its guardians and those who live with it.
    pub indicators: Vec<IndicatorFact>,
}

/// Who lives in a person's present household, the person left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Household {
    /// Parents of the person.
    pub parents: i64,
    /// Members of 18 and over, parents included.
    pub adults: i64,
    /// Members of 60 and over.
    pub elders: i64,
    /// Members under 18.
    pub children: i64,
    /// Members of 18 and over who are not related to the person.
    pub strangers: i64,
}

/// One indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorFact {
    /// Its id, which a hit names.
    pub id: IndicatorId,
    /// Its kind, as the feed names it: `absent`.
    pub kind: String,
    /// Its day, if it has one.
    pub day: Option<Day>,
    /// Its number, if it has one: days absent, grade of disability.
    pub number: Option<i64>,
    /// The source row that says it.
    pub source: SourceRowId,
    /// Of whom it is said.
    pub bearer: Bearer,
}

/// Of whom an indicator is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bearer {
    /// The person that is screened.
    Person,
    /// A parent or guardian of the person.
    Guardian(PersonId),
    /// Somebody else who lives with the person.
    Household(PersonId),
}

/// A fact with a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberFact {
    AgeYears,
    Guardians,
    ParentsAtHome,
    AdultsAtHome,
    EldersAtHome,
    ChildrenAtHome,
    StrangersAtHome,
}

/// A fact that is a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextFact {
    Sex,
    Residence,
}

/// A fact that holds or does not; always known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FlagFact {
    AgeKnown,
    HouseholdKnown,
}

/// A fact that the engine offers, by its name in conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    Number(NumberFact),
    Text(TextFact),
    Flag(FlagFact),
}

/// Every fact that the engine offers. What a value of a text can be is told so that a misspelt one is found.
pub(crate) const FACTS: [(&str, Fact); 11] = [
    ("age_years", Fact::Number(NumberFact::AgeYears)),
    ("age_known", Fact::Flag(FlagFact::AgeKnown)),
    ("sex", Fact::Text(TextFact::Sex)),
    ("residence", Fact::Text(TextFact::Residence)),
    ("guardians", Fact::Number(NumberFact::Guardians)),
    ("household_known", Fact::Flag(FlagFact::HouseholdKnown)),
    ("parents_at_home", Fact::Number(NumberFact::ParentsAtHome)),
    ("adults_at_home", Fact::Number(NumberFact::AdultsAtHome)),
    ("elders_at_home", Fact::Number(NumberFact::EldersAtHome)),
    ("children_at_home", Fact::Number(NumberFact::ChildrenAtHome)),
    ("strangers_at_home", Fact::Number(NumberFact::StrangersAtHome)),
];

impl TextFact {
    /// The words that the fact can be.
    pub(crate) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Sex => &["female", "male"],
            Self::Residence => &["registered", "habitual", "migrant", "outside"],
        }
    }
}

impl Facts {
    pub(crate) fn number(&self, fact: NumberFact) -> Option<i64> {
        let household = self.household;
        match fact {
            NumberFact::AgeYears => self.age_years,
            NumberFact::Guardians => self.guardians,
            NumberFact::ParentsAtHome => household.map(|home| home.parents),
            NumberFact::AdultsAtHome => household.map(|home| home.adults),
            NumberFact::EldersAtHome => household.map(|home| home.elders),
            NumberFact::ChildrenAtHome => household.map(|home| home.children),
            NumberFact::StrangersAtHome => household.map(|home| home.strangers),
        }
    }

    pub(crate) fn text(&self, fact: TextFact) -> Option<&str> {
        match fact {
            TextFact::Sex => self.sex.map(|sex| match sex {
                Sex::Female => "female",
                Sex::Male => "male",
            }),
            TextFact::Residence => self.residence.as_deref(),
        }
    }

    pub(crate) fn flag(&self, fact: FlagFact) -> bool {
        match fact {
            FlagFact::AgeKnown => self.age_years.is_some(),
            FlagFact::HouseholdKnown => self.household.is_some(),
        }
    }
}
