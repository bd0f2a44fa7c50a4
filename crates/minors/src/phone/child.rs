//! Who is behind the door: the child and those who live there, as the reader may see them, in the words of a phone.
//!
//! Several feeds name the same guardian, each in its own words: whoever is named twice stands here once, with the most
//! telling kinship and with every number.

use access::Masked;
use base::{Day, Label, Sex};
use matters::Matter;
use people::persons::{Card, CardGuardian, CardLine, birth_month, sex_word};
use people::rows::PlaceKind;
use store::Keys;
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guardian {
    /// 母亲
    pub kin: String,
    /// Name as on lists, if known.
    pub name: Option<String>,
    /// The numbers that the reader may have.
    pub numbers: Vec<Callable>,
}

/// A number that can be called: given after a recorded tap, never printed on a page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Callable {
    /// What it is known by: whose and which. It stays while the number does, and is another for any other number, so that
    /// a page that was opened yesterday dials the number that it was about or none. It tells nothing of the number.
    pub id: String,
    /// Whom it calls, as a button says it: 母亲, or 母亲 张* where there are two.
    pub who: String,
    /// The number.
    pub number: String,
}

impl Guardian {
    /// As the line of guardians names them: 母亲 张*. Whoever is only said to be a guardian is named by the name alone,
    /// since the line says the rest.
    pub fn in_words(&self, language: Language) -> String {
        let is_plain = self.kin == kin(PLAIN, language);
        match &self.name {
            Some(name) if is_plain => name.clone(),
            Some(name) => format!("{} {name}", self.kin),
            None if is_plain => Texts(language).lead_guardian_unnamed().to_owned(),
            None => self.kin.clone(),
        }
    }
}

impl Child {
    /// The child of `card` on the day `today`. `keys` make the ids by which numbers are called.
    pub fn of(card: &Card, keys: &Keys, today: Day, language: Language) -> Self {
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
            guardians: guardians(
                &card.guardians,
                |whose| base::hexadecimal(&keys.hash("minors.callable", whose)),
                language,
            ),
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

/// The kind of somebody of whom no source says more than that they look after the child.
const PLAIN: &str = "guardian";

/// A guardian as the rows together name them.
struct Named<'a> {
    kind: &'a str,
    name: Option<&'a Masked>,
    phones: Vec<&'a str>,
}

impl<'a> Named<'a> {
    fn of(one: &'a CardGuardian) -> Self {
        let phones = one.phones.iter().filter_map(|phone| match phone {
            Masked::Full(phone) => Some(phone.as_str()),
            Masked::Masked(_) | Masked::Withheld => None,
        });
        Self {
            kind: if is_telling(&one.kind) { &one.kind } else { PLAIN },
            name: one.name.as_ref().filter(|name| **name != Masked::Withheld && !name.as_str().is_empty()),
            phones: phones.collect(),
        }
    }

    /// Whether both are the same person: by the whole name; or by a number, where not both have a name.
    /// Names that are masked for the reader look alike when they are not, so they decide nothing by themselves.
    fn is(&self, other: &Self) -> bool {
        let shares_phone = self.phones.iter().any(|phone| other.phones.contains(phone));
        match (self.name, other.name) {
            (Some(Masked::Full(one)), Some(Masked::Full(other))) => one == other,
            (Some(one), Some(other)) => shares_phone && one == other,
            _ => shares_phone,
        }
    }

    fn take(&mut self, other: Self) {
        if self.kind == PLAIN {
            self.kind = other.kind;
        }
        self.name = self.name.or(other.name);
        for phone in other.phones {
            if !self.phones.contains(&phone) {
                self.phones.push(phone);
            }
        }
    }
}

/// Whether a kind of kinship says more than that somebody looks after the child.
fn is_telling(kind: &str) -> bool {
    matches!(kind, "father" | "mother" | "grandparent")
}

/// The guardians, each once, and each number once: that of whoever is named first. `id_of` makes the id of a number from
/// what it is known by.
fn guardians(all: &[CardGuardian], id_of: impl Fn(&str) -> String, language: Language) -> Vec<Guardian> {
    let mut named: Vec<Named<'_>> = Vec::new();
    for one in all.iter().map(Named::of).filter(|one| one.name.is_some() || !one.phones.is_empty()) {
        match named.iter_mut().find(|known| known.is(&one)) {
            Some(known) => known.take(one),
            None => named.push(one),
        }
    }
    named.truncate(NAMED_AT_MOST);
    let mut called: Vec<&str> = Vec::new();
    let mut guardians: Vec<Guardian> = Vec::with_capacity(named.len());
    for one in &named {
        let listed = one.name.map(|name| match name {
            Masked::Full(name) => base::mask::name(name),
            Masked::Masked(_) | Masked::Withheld => name.as_str().to_owned(),
        });
        let mut numbers = Vec::new();
        for number in &one.phones {
            if !called.contains(number) {
                called.push(number);
                // The kinship is left out: a further feed may tell more of it while person and number stay the same.
                let name = one.name.map(Masked::as_str).unwrap_or_default();
                let id = id_of(&format!("{name}|{number}"));
                numbers.push(Callable { id, who: String::new(), number: (*number).to_owned() });
            }
        }
        guardians.push(Guardian { kin: kin(one.kind, language).to_owned(), name: listed, numbers });
    }
    say_who(&mut guardians);
    guardians
}

/// Writes on each button whom it calls, so that no two say the same: the kinship; where two share it, the name with it;
/// where that is the same too, the last digits of the number.
fn say_who(guardians: &mut [Guardian]) {
    let with_name = |one: &Guardian| match &one.name {
        Some(name) => format!("{} {name}", one.kin),
        None => one.kin.clone(),
    };
    let shorts: Vec<(String, usize)> =
        guardians.iter().map(|one| (one.kin.clone(), one.numbers.len())).collect();
    let longs: Vec<(String, usize)> =
        guardians.iter().map(|one| (with_name(one), one.numbers.len())).collect();
    let is_alone = |all: &[(String, usize)], said: &str| {
        all.iter().filter(|(other, _)| other == said).map(|(_, numbers)| numbers).sum::<usize>() <= 1
    };
    for one in guardians {
        let (short, long) = (one.kin.clone(), with_name(one));
        for number in &mut one.numbers {
            number.who = if is_alone(&shorts, &short) {
                short.clone()
            } else if is_alone(&longs, &long) {
                long.clone()
            } else {
                let digits: Vec<char> = number.number.chars().collect();
                let tail: String = digits.iter().skip(digits.len().saturating_sub(TAIL_DIGITS)).collect();
                format!("{long} …{tail}")
            };
        }
    }
}

/// Digits of a number that a button shows where nothing else tells two apart.
const TAIL_DIGITS: usize = 4;

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

    /// A guardian as a row names them to a reader who may see everything.
    fn row(kind: &str, name: Option<&str>, phones: &[&str]) -> CardGuardian {
        let origin = people::persons::Origin {
            row: base::SourceRowId(uuid::Uuid::nil()),
            feed: String::new(),
            delivery: None,
            place: people::rows::RowPlace::default(),
        };
        let phones = phones.iter().map(|phone| Masked::Full((*phone).to_owned())).collect();
        CardGuardian {
            kind: kind.to_owned(),
            name: name.map(|name| Masked::Full(name.to_owned())),
            phones,
            origin,
        }
    }

    fn shown(rows: &[CardGuardian]) -> Vec<Guardian> {
        guardians(rows, |whose| format!("id of {whose}"), Language::English)
    }

    fn buttons(guardians: &[Guardian]) -> Vec<(String, String)> {
        let numbers = guardians.iter().flat_map(|one| &one.numbers);
        numbers.map(|number| (number.who.clone(), number.number.clone())).collect()
    }

    #[test]
    fn a_guardian_whom_two_feeds_name_stands_once_with_the_kinship_that_says_most() {
        let (one, other) = ("13812346207", "13912346208");
        let found = shown(&[
            row("guardian", Some("张丽"), &[one]),
            row("mother", Some("张丽"), &[one, other]),
            row("guardian", None, &[one]),
            row("guardian", None, &[]),
        ]);
        let named: Vec<String> = found.iter().map(|one| one.in_words(Language::English)).collect();
        assert_eq!(named, ["mother 张*"]);
        assert_eq!(
            buttons(&found),
            [
                ("mother 张* …6207".to_owned(), one.to_owned()),
                ("mother 张* …6208".to_owned(), other.to_owned())
            ]
        );
    }

    #[test]
    fn two_guardians_have_buttons_that_differ_and_a_shared_number_has_one() {
        let found = shown(&[
            row("guardian", Some("张丽"), &["13812346207"]),
            row("guardian", Some("李强"), &["13912346208"]),
            row("father", Some("王刚"), &["13812346207"]),
        ]);
        let named: Vec<String> = found.iter().map(|one| one.in_words(Language::English)).collect();
        assert_eq!(named, ["张*", "李*", "father 王*"], "the line says guardians already");
        let said: Vec<String> = buttons(&found).into_iter().map(|(who, _)| who).collect();
        assert_eq!(said, ["guardian 张*", "guardian 李*"]);
    }

    #[test]
    fn the_id_of_a_number_stays_with_person_and_number_and_with_nothing_else() {
        let id = |kind: &str, name: &str, phone: &str| {
            shown(&[row(kind, Some(name), &[phone])])[0].numbers[0].id.clone()
        };
        let known = id("guardian", "张丽", "13812346207");
        assert_eq!(
            id("mother", "张丽", "13812346207"),
            known,
            "a feed that tells the kinship changes nobody"
        );
        assert_ne!(id("guardian", "李丽", "13812346207"), known);
        assert_ne!(id("guardian", "张丽", "13812346208"), known);
    }

    #[test]
    fn only_what_is_certain_is_an_answer_to_who_was_there() {
        assert_eq!(option_of(Kin::Parent, Some(Sex::Female)), Some("mother"));
        assert_eq!(option_of(Kin::Unrelated, None), Some("stranger"));
        assert_eq!(option_of(Kin::Parent, None), None, "father or mother is not said");
        assert_eq!(option_of(Kin::Unknown, Some(Sex::Male)), None);
    }
}
