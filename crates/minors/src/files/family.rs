//! The family of a child, generation by generation: who is what to the child, who lives with the child, who looks after
//! it, and who is not named by any source. Registers say how each member is related to the head of the household; what
//! two of them are to each other follows (`screening::kinship`).

use access::Masked;
use base::{PersonId, Sex};
use people::PersonFacts;
use people::persons::{Card, CardGuardian, CardMember};
use web::Ctx;

use super::{Texts, identity, words};
use crate::screening::kinship::Kin;

/// A generation, the oldest first.
pub(super) struct Generation {
    pub title: &'static str,
    pub people: Vec<Relative>,
}

/// Somebody of the family, or a parent whom no source names.
#[derive(Default)]
pub(super) struct Relative {
    /// What they are to the child: 父亲, 祖辈, 本人.
    pub kin: String,
    /// Masked; empty where no source names anybody.
    pub name: String,
    /// 67 岁.
    pub age: String,
    /// Masked as the reader's role has it.
    pub phones: String,
    pub is_child: bool,
    pub is_guardian: bool,
    pub lives_here: Lives,
    /// Their own file.
    pub href: Option<String>,
    /// The row that says so, and what it is called.
    pub source: Option<(String, String)>,
}

/// Whether somebody lives with the child.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Lives {
    /// In the same household.
    Here,
    /// Not in the household that the sources name.
    Elsewhere,
    /// No source names a household.
    #[default]
    Unknown,
}

/// What the family is made from.
pub(super) struct Sources<'a> {
    pub ctx: &'a Ctx,
    pub card: &'a Card,
    pub facts: Option<&'a PersonFacts>,
    /// Members of the household with a file of their own.
    pub with_files: &'a [PersonId],
}

/// The generations in which somebody is, or ought to be.
pub(super) fn generations(sources: &Sources<'_>) -> Vec<Generation> {
    let t = Texts(sources.ctx.language);
    let (mut elders, mut parents, mut own, mut others) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    own.push(sources.child());
    let mut is_named = [false, false];
    for member in &sources.card.members {
        let kin = sources.kin(member);
        let line = sources.member(member, kin);
        match kin {
            Kin::Grandparent => elders.push(line),
            Kin::Parent => {
                note(&mut is_named, member.sex);
                parents.push(line);
            }
            Kin::Sibling => own.push(line),
            Kin::Relative | Kin::Unrelated | Kin::Unknown => others.push(line),
        }
    }
    for guardian in sources.guardians_elsewhere() {
        match guardian.kind.as_str() {
            "father" => note(&mut is_named, Some(Sex::Male)),
            "mother" => note(&mut is_named, Some(Sex::Female)),
            _ => {}
        }
        let line = sources.guardian(guardian);
        match guardian.kind.as_str() {
            "father" | "mother" => parents.push(line),
            "grandparent" => elders.push(line),
            _ => others.push(line),
        }
    }
    for (sex, named) in [Sex::Male, Sex::Female].into_iter().zip(is_named) {
        if !named {
            parents.push(Relative { kin: parent(t, Some(sex)).to_owned(), ..Relative::default() });
        }
    }
    let generations = [
        (t.family_elders(), elders),
        (t.family_parents(), parents),
        (t.family_own(), own),
        (t.family_others(), others),
    ];
    let generations = generations.into_iter().map(|(title, people)| Generation { title, people });
    generations.filter(|generation| !generation.people.is_empty()).collect()
}

/// Keeps in mind that a father, or a mother, is named. A parent of whom no source says the sex may be either.
fn note(is_named: &mut [bool; 2], sex: Option<Sex>) {
    let [father, mother] = is_named;
    *father |= sex != Some(Sex::Female);
    *mother |= sex != Some(Sex::Male);
}

fn parent(t: Texts, sex: Option<Sex>) -> &'static str {
    match sex {
        Some(Sex::Male) => t.kin_father(),
        Some(Sex::Female) => t.kin_mother(),
        None => t.kin_parent(),
    }
}

impl Sources<'_> {
    /// A row that names somebody the child's mother says more than two places in a register do.
    fn kin(&self, member: &CardMember) -> Kin {
        match self.guardian_of(member.person).map(|guardian| guardian.kind.as_str()) {
            Some("father" | "mother") => return Kin::Parent,
            Some("grandparent") => return Kin::Grandparent,
            _ => {}
        }
        crate::kin::of(self.card, member)
    }

    fn child(&self) -> Relative {
        let (ctx, t) = (self.ctx, Texts(self.ctx.language));
        let household = self.card.household.as_ref();
        Relative {
            kin: t.kin_self().to_owned(),
            name: self.card.title.to_string(),
            age: words::about(ctx, self.card.sex, self.card.birth_month),
            is_child: true,
            lives_here: if household.is_some() { Lives::Here } else { Lives::Unknown },
            ..Relative::default()
        }
    }

    fn member(&self, member: &CardMember, kin: Kin) -> Relative {
        let (ctx, t) = (self.ctx, Texts(self.ctx.language));
        let written = crate::kin::place(member.role.as_deref().unwrap_or_default(), ctx.language);
        let kin = match kin {
            Kin::Parent => parent(t, member.sex).to_owned(),
            Kin::Grandparent => t.kin_grandparent().to_owned(),
            Kin::Sibling => t.kin_sibling().to_owned(),
            Kin::Relative => t.kin_relative(written),
            Kin::Unrelated => t.kin_unrelated(written),
            Kin::Unknown => t.kin_unknown(written),
        };
        let guardian = self.guardian_of(member.person);
        Relative {
            kin,
            name: member.name.to_string(),
            age: words::years(ctx, member.birth_month).map(|years| t.member_age(years)).unwrap_or_default(),
            phones: guardian.map(|guardian| phones(ctx, guardian)).unwrap_or_default(),
            is_child: false,
            is_guardian: guardian.is_some(),
            lives_here: Lives::Here,
            href: self.with_files.contains(&member.person).then(|| format!("/files/{}", member.person)),
            source: Some((t.col_source().to_owned(), format!("/rows/{}", member.row))),
        }
    }

    /// Whom the facts say a guardian is, in the order of the card: both list what the master record has.
    fn guardian_person(&self, guardian: &CardGuardian) -> Option<PersonId> {
        let facts = self.facts?;
        let known =
            facts.guardians.iter().find(|one| one.row == guardian.origin.row && one.kind == guardian.kind);
        known?.person
    }

    fn guardian_of(&self, person: PersonId) -> Option<&CardGuardian> {
        self.card.guardians.iter().find(|guardian| self.guardian_person(guardian) == Some(person))
    }

    /// Guardians who are no member of the household, each once by kinship and name.
    fn guardians_elsewhere(&self) -> Vec<&CardGuardian> {
        let lives_here = |guardian: &CardGuardian| {
            let person = self.guardian_person(guardian);
            person.is_some_and(|person| self.card.members.iter().any(|member| member.person == person))
        };
        let mut found: Vec<&CardGuardian> = Vec::new();
        for guardian in self.card.guardians.iter().filter(|guardian| !lives_here(guardian)) {
            if found.iter().all(|one| (&one.kind, &one.name) != (&guardian.kind, &guardian.name)) {
                found.push(guardian);
            }
        }
        found
    }

    fn guardian(&self, guardian: &CardGuardian) -> Relative {
        let (ctx, t) = (self.ctx, Texts(self.ctx.language));
        let household = self.card.household.as_ref();
        Relative {
            kin: match guardian.kind.as_str() {
                "father" => t.kin_father(),
                "mother" => t.kin_mother(),
                "grandparent" => t.kin_grandparent(),
                _ => t.kin_guardian(),
            }
            .to_owned(),
            name: guardian.name.as_ref().map(ToString::to_string).unwrap_or_default(),
            phones: phones(ctx, guardian),
            is_guardian: true,
            lives_here: if household.is_some() { Lives::Elsewhere } else { Lives::Unknown },
            source: Some(identity::source_of(ctx, &guardian.origin)),
            ..Relative::default()
        }
    }
}

fn phones(ctx: &Ctx, guardian: &CardGuardian) -> String {
    let phones: Vec<&str> = guardian.phones.iter().map(Masked::as_str).collect();
    phones.join(ctx.language.choose("、", ", "))
}
