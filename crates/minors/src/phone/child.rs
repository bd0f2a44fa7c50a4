//! Who is behind the door: the child and those who live there, as the reader may see them, in the words of a phone.

use access::Masked;
use base::{Day, Label, Sex};
use matters::Matter;
use people::persons::{Card, CardGuardian, CardLine, birth_month, sex_word};
use people::rows::PlaceKind;
use texts::Language;

use super::Texts;
use crate::screening::kinship::Kin;

/// Guardians and members that a page names at most.
const NAMED_AT_MOST: usize = 6;

/// The child of a matter as a page shows it.
#[derive(Debug, Clone)]
pub(crate) struct Child {
    /// The name as on lists.
    pub title: String,
    /// The whole name, if the reader's clearance includes it. Shown only after a recorded tap.
    pub name: Option<String>,
    /// 女，11 岁
    pub about: String,
    /// Where the child lives, if the reader may know it.
    pub address: Option<String>,
    /// School and class.
    pub school: Option<String>,
    /// Who looks after the child.
    pub guardians: Vec<Guardian>,
    /// The others at home, in words.
    pub members: Vec<String>,
}

/// A guardian as a page shows them.
#[derive(Debug, Clone)]
pub(crate) struct Guardian {
    /// 母亲
    pub kin: String,
    /// Name as on lists, if known.
    pub name: Option<String>,
    /// The number, if the reader may have it: given after a recorded tap, never printed on a page before.
    pub phone: Option<String>,
}

impl Child {
    /// The child of `card` on the day `today`.
    pub fn of(card: &Card, today: Day, language: Language) -> Self {
        let whole = |line: CardLine| {
            let found = card.values.iter().find(|value| value.line == line)?;
            match &found.value {
                Masked::Full(text) => Some(text.clone()),
                Masked::Masked(_) | Masked::Withheld => None,
            }
        };
        let visible = |line: CardLine| {
            let found = card.values.iter().find(|value| value.line == line)?;
            (found.value != Masked::Withheld).then(|| found.value.as_str().to_owned())
        };
        let school = [visible(CardLine::School), visible(CardLine::Class)];
        let school = school.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Self {
            title: card.title.to_string(),
            name: whole(CardLine::Name),
            about: about(card.sex, card.birth_month, today, language),
            address: visible(CardLine::Place(PlaceKind::Present)),
            school: Some(school).filter(|school| !school.is_empty()),
            guardians: card.guardians.iter().take(NAMED_AT_MOST).map(|one| guardian(one, language)).collect(),
            members: members(card, today, language),
        }
    }
}

/// What a child is called in a line of its own: by name, or by the matter's number where no source gives a name. A line
/// without words cannot be touched.
pub(crate) fn heading(child: Option<&Child>, matter: &Matter) -> String {
    let title = child.map_or(matter.words.title.as_str(), |child| child.title.as_str());
    if title.is_empty() { matter.heading().to_owned() } else { title.to_owned() }
}

/// Sex and age, as far as they are known: 女，11 岁.
pub(crate) fn about(sex: Option<Sex>, born: Option<i32>, today: Day, language: Language) -> String {
    let t = Texts(language);
    let sex = sex.map(|sex| if sex_word(sex) == "male" { t.sex_male() } else { t.sex_female() }.to_owned());
    let age = match born {
        Some(born) => t.age_years((birth_month(today).saturating_sub(born)).max(0) / 12),
        None => t.age_unknown().to_owned(),
    };
    sex.into_iter().chain([age]).collect::<Vec<_>>().join(language.choose("，", ", "))
}

fn guardian(one: &CardGuardian, language: Language) -> Guardian {
    let full = |masked: &Masked| match masked {
        Masked::Full(text) => Some(text.clone()),
        Masked::Masked(_) | Masked::Withheld => None,
    };
    let listed = |masked: &Masked| match masked {
        Masked::Full(name) => Some(base::mask::name(name)),
        Masked::Masked(name) => Some(name.clone()),
        Masked::Withheld => None,
    };
    Guardian {
        kin: kin(&one.kind, language).to_owned(),
        name: one.name.as_ref().and_then(listed),
        phone: one.phones.iter().find_map(full),
    }
}

/// A kind of kinship in the reader's language.
fn kin(kind: &str, language: Language) -> &'static str {
    let t = Texts(language);
    match kind {
        "father" => t.kin_father(),
        "mother" => t.kin_mother(),
        "grandparent" => t.kin_grandparent(),
        _ => t.kin_guardian(),
    }
}

fn members(card: &Card, today: Day, language: Language) -> Vec<String> {
    let members = card.members.iter().take(NAMED_AT_MOST);
    let members = members.map(|member| {
        let kin = crate::kin::in_words(card, member, language);
        let age = member.birth_month.map(|_| about(None, member.birth_month, today, language));
        let parts = [kin, member.name.to_string(), age.unwrap_or_default()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    });
    members.collect()
}

/// What a member of the household is to the child, as an option of the question who was there; nothing where it does not
/// follow for certain.
fn option_of(kin: Kin, sex: Option<Sex>) -> Option<&'static str> {
    match (kin, sex) {
        (Kin::Parent, Some(Sex::Male)) => Some("father"),
        (Kin::Parent, Some(Sex::Female)) => Some("mother"),
        (Kin::Grandparent, _) => Some("grandparent"),
        (Kin::Sibling, _) => Some("sibling"),
        (Kin::Relative, _) => Some("relative"),
        (Kin::Unrelated, _) => Some("stranger"),
        (Kin::Parent, None) | (Kin::Unknown, _) => None,
    }
}

/// What is known of those at home, as options of the question who was there, and in words. Only what is certain.
pub(crate) fn at_home(card: &Card) -> Option<(Vec<&'static str>, Label)> {
    let from_guardians = card.guardians.iter().filter_map(|one| match one.kind.as_str() {
        kind @ ("father" | "mother" | "grandparent") => Some(match kind {
            "father" => "father",
            "mother" => "mother",
            _ => "grandparent",
        }),
        _ => None,
    });
    let from_members = card.members.iter().filter_map(|one| option_of(crate::kin::of(card, one), one.sex));
    let mut kinds: Vec<&'static str> = Vec::new();
    for kind in from_guardians.chain(from_members) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        return None;
    }
    let words = |language: Language| {
        let said = kinds.iter().map(|kind| match *kind {
            "stranger" => Texts(language).kin_other(),
            "sibling" => Texts(language).kin_sibling(),
            "relative" => Texts(language).kin_relative(),
            kind => kin(kind, language),
        });
        said.collect::<Vec<_>>().join(Texts(language).phone_comma())
    };
    let label = Label::new(words(Language::Chinese), words(Language::English));
    Some((kinds, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sex_and_age_are_said_as_far_as_they_are_known() {
        let today = Day::new(2026, 11, 24).unwrap();
        let born = Day::new(2015, 11, 30).map(birth_month);
        assert_eq!(about(Some(Sex::Female), born, today, Language::Chinese), "女，11 岁");
        assert_eq!(about(Some(Sex::Male), born, today, Language::English), "boy, 11");
        assert_eq!(about(None, None, today, Language::Chinese), "年龄不详");
    }

    #[test]
    fn only_what_is_certain_is_an_answer_to_who_was_there() {
        assert_eq!(option_of(Kin::Parent, Some(Sex::Female)), Some("mother"));
        assert_eq!(option_of(Kin::Unrelated, None), Some("stranger"));
        assert_eq!(option_of(Kin::Parent, None), None, "father or mother is not said");
        assert_eq!(option_of(Kin::Unknown, Some(Sex::Male)), None);
    }
}
