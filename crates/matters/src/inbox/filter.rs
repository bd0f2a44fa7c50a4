//! Which matters: what an address of a list says, and what a number counts.

use std::fmt;
use std::str::FromStr;

use base::{AreaPath, MatterId, Moment, OrganisationId, PersonId, PostId, Severity};
use uuid::Uuid;

use crate::Matter;

/// Whose matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Those of which my post has a task: it holds them, or supervises them since they are late.
    #[default]
    Mine,
    /// Those of the area of my post.
    Area,
    /// Those that were referred to my organisation and still stand.
    Referred,
}

impl Whose {
    /// All, in the order of the tabs.
    pub const ALL: [Self; 3] = [Self::Mine, Self::Area, Self::Referred];

    /// The word for it in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Area => "area",
            Self::Referred => "referred",
        }
    }

    /// What this word says.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|whose| whose.word() == word)
    }
}

/// How matters stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Not ended: all of the next three, and those that have time.
    #[default]
    Open,
    /// Open and overdue.
    Late,
    /// Open, due soon, not yet late.
    Soon,
    /// Open, with a clock that stands.
    Paused,
    /// Ended.
    Closed,
    /// Open or ended.
    Any,
}

impl Standing {
    /// All, in the order of the tabs.
    pub const ALL: [Self; 6] = [Self::Open, Self::Late, Self::Soon, Self::Paused, Self::Closed, Self::Any];

    /// The word for it in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Late => "late",
            Self::Soon => "soon",
            Self::Paused => "paused",
            Self::Closed => "closed",
            Self::Any => "any",
        }
    }

    /// What this word says.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.word() == word)
    }
}

/// By whom matters are held, said from where the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeldBy {
    /// By the reader's post.
    Me,
    /// By a post of the reader's organisation.
    Office,
}

impl HeldBy {
    /// All, in the order of the choices.
    pub const ALL: [Self; 2] = [Self::Me, Self::Office];

    /// The word for it in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Me => "me",
            Self::Office => "office",
        }
    }

    /// What this word says.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|held| held.word() == word)
    }
}

/// What a search for a person found: matters about one of these persons, or with this part in their number. No part of
/// an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// The persons.
    pub persons: Vec<PersonId>,
    /// What was typed, where it may be part of a matter's number.
    pub number: Option<String>,
}

/// Which matters: those that fit everything that is set, among those that the reader may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Whose.
    pub whose: Whose,
    /// How they stand.
    pub standing: Standing,
    /// In this area, which may be smaller than the reader's own; with `Area`, instead of it.
    pub within: Option<AreaPath>,
    /// Only those whose place is not known below `within`, or below the reader's own area: what the numbers of the areas
    /// below leave over.
    pub unplaced: bool,
    /// Of one of these kinds; empty means any.
    pub kinds: Vec<String>,
    /// In one of these stages; empty means any.
    pub stages: Vec<String>,
    /// Of one of these severities; empty means any.
    pub severities: Vec<Severity>,
    /// Ended with one of these outcomes; empty means any.
    pub outcomes: Vec<String>,
    /// Held by this post.
    pub holder: Option<PostId>,
    /// Held by the reader's post, or by one of their organisation's.
    pub held_by: Option<HeldBy>,
    /// Found by a search.
    pub sought: Option<Sought>,
    /// Referred to this organisation.
    pub organisation: Option<OrganisationId>,
    /// About this person.
    pub subject: Option<PersonId>,
    /// Opened from this matter.
    pub parent: Option<MatterId>,
    /// A part of the number: `XS-261124`, `0086`. Names are searched among people, not here.
    pub number: Option<String>,
    /// Opened not before the first and before the second moment.
    pub opened: Option<(Moment, Moment)>,
    /// Ended not before the first and before the second moment.
    pub closed: Option<(Moment, Moment)>,
}

/// Where a page of a list ends: the moment by which the list is ordered, and the id. Its text stands in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub(super) at: Moment,
    pub(super) id: MatterId,
}

impl Cursor {
    /// Behind `matter` in a list of matters that stand like this.
    pub(super) fn behind(matter: &Matter, standing: Standing) -> Self {
        let at = match standing {
            Standing::Closed => matter.closed_at.unwrap_or(matter.changed_at),
            Standing::Any => matter.opened_at,
            _ => matter.clock.due,
        };
        Self { at, id: matter.id }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.at.0, self.id.0.simple())
    }
}

/// The text is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in a list")]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let (at, id) = text.split_once('.').ok_or(NoCursor)?;
        let at = at.parse().ok().ok_or(NoCursor)?;
        let id: Uuid = id.parse().ok().ok_or(NoCursor)?;
        Ok(Self { at: Moment(at), id: MatterId(id) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_from_its_own_text_and_from_no_other() {
        let cursor = Cursor { at: Moment(-5), id: MatterId(Uuid::from_u128(7)) };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "5", "5.", ".x", "x.00000000000000000000000000000007", "5.7; DROP"] {
            assert_eq!(text.parse::<Cursor>(), Err(NoCursor), "{text}");
        }
    }

    #[test]
    fn words_in_addresses_are_read_back() {
        assert!(Whose::ALL.into_iter().all(|whose| Whose::from_word(whose.word()) == Some(whose)));
        assert!(Standing::ALL.into_iter().all(|one| Standing::from_word(one.word()) == Some(one)));
    }
}
