//! What a member of the household is to the child, in the reader's words. Where that does not follow from the two places
//! in the household, the place itself is said: in Chinese as the source has it, in English by the word that is known for it.

use base::Sex;
use people::persons::{Card, CardMember};
use texts::Language;

use crate::screening::kinship::{self, Kin, Place};

texts::module!("minors-kin");

/// What `member` of the household of `card` is to whom the card is about.
pub(crate) fn of(card: &Card, member: &CardMember) -> Kin {
    let own = card.household.as_ref().and_then(|household| household.role.as_deref());
    kinship::kin(kinship::place(own), kinship::place(member.role.as_deref()))
}

/// In the reader's words: 母亲, 祖辈, else the place in the household. Empty where no source says anything.
pub(crate) fn in_words(card: &Card, member: &CardMember, language: Language) -> String {
    let written = member.role.as_deref().unwrap_or_default();
    relation(of(card, member), member.sex, language)
        .map_or_else(|| place(written, language).to_owned(), str::to_owned)
}

/// Whether what `member` is to whom the card is about says the member's sex already.
pub(crate) fn says_sex(card: &Card, member: &CardMember) -> bool {
    matches!(of(card, member), Kin::Parent | Kin::Sibling)
}

/// A relation that is told for certain.
fn relation(kin: Kin, sex: Option<Sex>, language: Language) -> Option<&'static str> {
    let t = Texts(language);
    Some(match (kin, sex) {
        (Kin::Parent, Some(Sex::Male)) => t.father(),
        (Kin::Parent, Some(Sex::Female)) => t.mother(),
        (Kin::Parent, None) => t.parent(),
        (Kin::Grandparent, _) => t.grandparent(),
        (Kin::Sibling, Some(Sex::Male)) => t.brother(),
        (Kin::Sibling, Some(Sex::Female)) => t.sister(),
        (Kin::Sibling, None) => t.sibling(),
        (Kin::Relative | Kin::Unrelated | Kin::Unknown, _) => return None,
    })
}

/// A place in a household as written, in the reader's words: Chinese keeps the source's own word, and so does English
/// where the word is none that is known.
pub(crate) fn place(written: &str, language: Language) -> &str {
    if language == Language::Chinese {
        return written;
    }
    let t = Texts(language);
    match kinship::place(Some(written)) {
        Place::Head => t.head(),
        Place::Spouse => t.spouse(),
        Place::Child => t.child(),
        Place::ChildInLaw => t.child_in_law(),
        Place::Grandchild => t.grandchild(),
        Place::Parent => t.head_parent(),
        Place::Grandparent => t.head_grandparent(),
        Place::Sibling => t.head_sibling(),
        Place::Relative => t.relative(),
        Place::Unrelated => t.unrelated(),
        Place::Unknown => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_relation_is_said_in_the_readers_language() {
        let said = |kin, sex, language| relation(kin, sex, language);
        assert_eq!(said(Kin::Sibling, Some(Sex::Female), Language::Chinese), Some("姐妹"));
        assert_eq!(said(Kin::Sibling, Some(Sex::Female), Language::English), Some("sister"));
        assert_eq!(said(Kin::Parent, None, Language::English), Some("parent"));
        assert_eq!(said(Kin::Unknown, Some(Sex::Male), Language::English), None);
    }

    #[test]
    fn a_place_keeps_the_sources_word_where_no_other_is_known() {
        assert_eq!(place("女", Language::Chinese), "女");
        assert_eq!(place("女", Language::English), "child of the head");
        assert_eq!(place("配偶", Language::English), "spouse of the head");
        assert_eq!(place("待核", Language::English), "待核");
        assert_eq!(place("", Language::English), "");
    }
}
