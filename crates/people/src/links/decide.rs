//! Who a row is about: the rules of design §3, Identity, as one pure function over what was looked up beforehand.
//!
//! In their order: what a person decided about this row holds; a usable number names its owner, unless name and birth
//! speak against it; two different usable numbers never join by themselves; otherwise the weights decide: above the
//! upper threshold the row is joined, between the two a person is asked, below it is somebody new. A row that must be
//! asked about gets a person of its own until then, so that nobody is lost and nobody is given another's facts.

use base::PersonId;
pub use linkage::Zone;

/// Somebody whom the row may be about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proposal {
    /// The person.
    pub person: PersonId,
    /// Total weight, in the logarithm to base 2 of the odds.
    pub weight: f64,
    /// Where it stands.
    pub zone: Zone,
    /// Whether both have a usable number of the same kind, and not the same one.
    pub other_number: bool,
    /// Whether all but the numbers would join the two: the same name with a phone or a guardian.
    pub is_same_otherwise: bool,
    /// Whether a person has said before that these two are not the same.
    pub told_apart: bool,
}

/// The person to whom the row's usable number belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The person.
    pub person: PersonId,
    /// Whether name and birth speak against the row being about this person.
    pub conflicts: bool,
    /// Whether a person has said before that this row is not about them.
    pub told_apart: bool,
    /// Whether the question whether whoever the row was joined to is them waits already.
    pub is_asked: bool,
}

/// What the row was joined to until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Former {
    /// The person.
    pub person: PersonId,
    /// Whether a person decided it.
    pub decided_by_person: bool,
    /// Whether that person has a usable number of the kind that the row has, and not the same one.
    pub other_number: bool,
}

/// Everything that is asked before the decision.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// What an earlier version of the row was joined to.
    pub former: Option<Former>,
    /// Who owns the row's usable number.
    pub owner: Option<Owner>,
    /// Candidates by weight, the heaviest first.
    pub proposals: Vec<Proposal>,
}

/// On what a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ground {
    /// The usable number is the person's.
    Number,
    /// The weights were above the upper threshold.
    Weights,
    /// An earlier version of the row was joined so.
    Former,
    /// The row is the first of this person.
    First,
    /// Somebody decided it.
    Decision,
}

impl Ground {
    const ALL: [Self; 5] = [Self::Number, Self::Weights, Self::Former, Self::First, Self::Decision];

    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Weights => "weights",
            Self::Former => "former",
            Self::First => "first",
            Self::Decision => "decision",
        }
    }

    /// The ground with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.word() == word)
    }
}

/// Why a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The weight lies between the thresholds.
    Between,
    /// The number is this person's, name and birth are not.
    NumberAgainstName,
    /// The weights say the same person, two usable numbers say two.
    TwoNumbers,
}

impl Cause {
    const ALL: [Self; 3] = [Self::Between, Self::NumberAgainstName, Self::TwoNumbers];

    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Between => "between",
            Self::NumberAgainstName => "number_against_name",
            Self::TwoNumbers => "two_numbers",
        }
    }

    /// The cause with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    /// The row is about this person.
    Link {
        /// The person.
        person: PersonId,
        /// Why.
        ground: Ground,
        /// The weight, where weights decided.
        weight: Option<f64>,
    },
    /// The row is about somebody new, and it must be asked whether that is `candidate`.
    Ask {
        /// Who it may be.
        candidate: PersonId,
        /// Why it is not decided.
        cause: Cause,
        /// The weight; 0 where a number and not a weight proposes the candidate.
        weight: f64,
    },
    /// The row is about somebody new.
    New,
}

/// Decides `question`.
pub fn decide(question: &Question) -> Answer {
    if let Some(former) = question.former
        && former.decided_by_person
    {
        return Answer::Link { person: former.person, ground: Ground::Former, weight: None };
    }
    if let Some(owner) = question.owner
        && !owner.told_apart
    {
        if owner.conflicts {
            // The row comes again while somebody is asked: it stays whose it is, and nobody is asked twice.
            if let Some(former) = question.former.filter(|_| owner.is_asked) {
                return Answer::Link { person: former.person, ground: Ground::Former, weight: None };
            }
            let weight = weight_of(question, owner.person);
            return Answer::Ask { candidate: owner.person, cause: Cause::NumberAgainstName, weight };
        }
        return Answer::Link { person: owner.person, ground: Ground::Number, weight: None };
    }
    if let Some(former) = question.former
        && !former.other_number
    {
        return Answer::Link { person: former.person, ground: Ground::Former, weight: None };
    }
    by_weight(question)
}

fn by_weight(question: &Question) -> Answer {
    let may_be = |proposal: &&Proposal| {
        !proposal.told_apart && (proposal.zone != Zone::New || is_two_numbers(proposal))
    };
    let Some(best) = question.proposals.iter().find(may_be) else { return Answer::New };
    if is_two_numbers(best) {
        return Answer::Ask { candidate: best.person, cause: Cause::TwoNumbers, weight: best.weight };
    }
    match (best.zone, best.other_number) {
        (Zone::Link, false) => {
            Answer::Link { person: best.person, ground: Ground::Weights, weight: Some(best.weight) }
        }
        // Two usable numbers, and the rest leaves it open: two people (siblings, namesakes). Nobody is asked.
        (_, true) | (Zone::New, false) => Answer::New,
        (Zone::Review, false) => {
            Answer::Ask { candidate: best.person, cause: Cause::Between, weight: best.weight }
        }
    }
}

/// Whether one person seems to have two usable numbers: one is mistyped so that its check character fits, or two people
/// share all else. The numbers alone keep the total below the threshold, so that the total says nothing here.
fn is_two_numbers(proposal: &Proposal) -> bool {
    proposal.other_number && proposal.is_same_otherwise
}

fn weight_of(question: &Question, person: PersonId) -> f64 {
    question
        .proposals
        .iter()
        .find(|proposal| proposal.person == person)
        .map_or(0.0, |proposal| proposal.weight)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn proposal(number: u128, weight: f64, zone: Zone) -> Proposal {
        Proposal {
            person: person(number),
            weight,
            zone,
            other_number: false,
            is_same_otherwise: false,
            told_apart: false,
        }
    }

    #[test]
    fn a_number_names_its_owner() {
        let owner = Owner { person: person(1), conflicts: false, told_apart: false, is_asked: false };
        let question = Question {
            owner: Some(owner),
            proposals: vec![proposal(2, 30.0, Zone::Link)],
            ..Question::default()
        };
        assert_eq!(
            decide(&question),
            Answer::Link { person: person(1), ground: Ground::Number, weight: None }
        );
        let conflicting = Question { owner: Some(Owner { conflicts: true, ..owner }), ..Question::default() };
        assert_eq!(
            decide(&conflicting),
            Answer::Ask { candidate: person(1), cause: Cause::NumberAgainstName, weight: 0.0 }
        );
    }

    #[test]
    fn two_numbers_never_join_by_themselves() {
        // The model's guard holds such a pair in review, or the number weighs it down to new: it is asked all the same.
        for (weight, zone) in [(25.0, Zone::Link), (25.0, Zone::Review), (0.2, Zone::New)] {
            let same = Proposal { other_number: true, is_same_otherwise: true, ..proposal(1, weight, zone) };
            assert_eq!(
                decide(&Question { proposals: vec![same], ..Question::default() }),
                Answer::Ask { candidate: person(1), cause: Cause::TwoNumbers, weight }
            );
            // Twins and namesakes agree in less: they are two.
            let other = Proposal { is_same_otherwise: false, ..same };
            assert_eq!(decide(&Question { proposals: vec![other], ..Question::default() }), Answer::New);
            let apart = Proposal { told_apart: true, ..same };
            assert_eq!(decide(&Question { proposals: vec![apart], ..Question::default() }), Answer::New);
        }
    }

    #[test]
    fn weights_decide_the_rest_and_what_was_told_apart_is_not_asked_again() {
        let apart = Proposal { told_apart: true, ..proposal(1, 25.0, Zone::Link) };
        let question =
            Question { proposals: vec![apart, proposal(2, 8.7, Zone::Review)], ..Question::default() };
        assert_eq!(
            decide(&question),
            Answer::Ask { candidate: person(2), cause: Cause::Between, weight: 8.7 }
        );
        assert_eq!(decide(&Question { proposals: vec![apart], ..Question::default() }), Answer::New);
    }

    #[test]
    fn a_row_stays_with_its_person_until_its_number_says_otherwise() {
        let former = Former { person: person(1), decided_by_person: false, other_number: false };
        let kept = Answer::Link { person: person(1), ground: Ground::Former, weight: None };
        assert_eq!(decide(&Question { former: Some(former), ..Question::default() }), kept);
        let owner = Some(Owner { person: person(2), conflicts: false, told_apart: false, is_asked: false });
        assert_eq!(
            decide(&Question { former: Some(former), owner, ..Question::default() }),
            Answer::Link { person: person(2), ground: Ground::Number, weight: None }
        );
        let decided = Former { decided_by_person: true, ..former };
        assert_eq!(decide(&Question { former: Some(decided), owner, ..Question::default() }), kept);
        let corrected = Former { other_number: true, ..former };
        assert_eq!(decide(&Question { former: Some(corrected), ..Question::default() }), Answer::New);
    }

    proptest! {
        /// Nothing but a usable number, a person or an earlier version joins what two usable numbers keep apart.
        #[test]
        fn no_weight_joins_two_numbers(weight in 0.0_f64..200.0, zone in prop::sample::select(vec![Zone::Link, Zone::Review, Zone::New]), is_same_otherwise: bool) {
            let proposals = vec![Proposal { other_number: true, is_same_otherwise, ..proposal(1, weight, zone) }];
            let answer = decide(&Question { proposals, ..Question::default() });
            let is_link = matches!(answer, Answer::Link { .. });
            prop_assert!(!is_link);
        }
    }
}
