//! Who could hold a matter in a stage. One rule for whom a hand-over offers and takes, for whom the workflow finds by
//! itself, and for the check of the file: a matter must not come to a post that can do nothing with it.

use base::{AccountId, AreaLevel};

use crate::refusal::stands_above;
use crate::{Guard, Holder, Refusal, Stage, StageAction, Who};

/// What a post could do with a matter that it held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// Nothing, but hand it on or raise the alarm.
    Nothing,
    /// Turn it down or end it, and not what the stage is for.
    TurnDown,
    /// What comes next.
    Whole,
}

/// How a matter came into a stage: what the guards of its actions look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Arrival {
    /// Who brought it there; `None` when the system did.
    pub by: Option<AccountId>,
    /// The level at which that person works.
    pub level: Option<AreaLevel>,
}

/// A post that might hold a matter.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Key of its role.
    pub role: &'a str,
    /// The level at which it works; `None` for a department or organisation.
    pub level: Option<AreaLevel>,
    /// Who sits there; empty where nobody does yet, which speaks against nothing.
    pub accounts: &'a [AccountId],
}

impl Stage {
    /// What `candidate` could do in this stage with a matter that came so. What passes by itself (a stopped clock, a
    /// matter that hangs on it and is open) is not looked at.
    pub fn hold(&self, arrival: Arrival, candidate: &Candidate<'_>) -> Hold {
        let holder = self.run.as_ref().map(|run| run.holder);
        let moves = |action: &&StageAction| moves_on(action, holder);
        let moving: Vec<&StageAction> = self.actions.values().filter(moves).collect();
        // Where nothing but turning down moves it on, that is what the stage is for.
        let is_for = |action: &StageAction| !action.turns_down();
        let some_are_for = moving.iter().any(|action| is_for(action));
        let can = moving.iter().filter(|action| candidate.may(action, arrival));
        let can =
            can.map(|action| if is_for(action) || !some_are_for { Hold::Whole } else { Hold::TurnDown });
        can.max().unwrap_or(Hold::Nothing)
    }
}

/// Whether an action is the holder's and moves a matter on: neither hands it to somebody else, nor only raises an alarm,
/// nor is taken by the way.
fn moves_on(action: &StageAction, holder: Option<Holder>) -> bool {
    let is_holders = action.who == Who::Holder || holder == Some(Holder::Opener);
    is_holders && !action.names_holder && !action.raises_alarm() && !action.by_another
}

impl Candidate<'_> {
    fn may(&self, action: &StageAction, arrival: Arrival) -> bool {
        let passes = |account: Option<AccountId>| {
            action.guards.iter().all(|guard| check_guard(*guard, arrival, account, self.level).is_ok())
        };
        let sits = self.accounts.is_empty() || self.accounts.iter().any(|account| passes(Some(*account)));
        action.roles.iter().any(|role| role == self.role) && sits && passes(None)
    }
}

/// Whether whoever acts satisfies a guard; `account` is `None` where nobody is known.
pub(crate) fn check_guard(
    guard: Guard,
    arrival: Arrival,
    account: Option<AccountId>,
    level: Option<AreaLevel>,
) -> Result<(), Refusal> {
    match guard {
        Guard::AnotherPerson if account.is_some() && arrival.by == account => Err(Refusal::SamePerson),
        Guard::LevelAbove if !stands_above(level, arrival.level) => Err(Refusal::NotAbove),
        Guard::AnotherPerson | Guard::LevelAbove => Ok(()),
    }
}
