//! Who the lead is about and with whom the child lives, each value with its row.

use access::Masked;
use matters::Matter;
use people::persons::{Card, CardLine, CardMember};
use web::components::{Avatar, Badge, Tone};
use web::{Ctx, Worded as _};

use super::{Texts, list};
use crate::screening::{LeadDetail, LeadIndicator, PlacedBy};

/// A line about the child.
pub(super) struct Fact {
    pub label: String,
    pub value: Masked,
    pub href: Option<String>,
}

/// A member of the household.
pub(super) struct MemberLine {
    pub avatar: Avatar,
    pub name: Masked,
    pub about: String,
    pub says: Vec<Badge>,
    pub href: String,
}

/// What is known of the child.
pub(super) fn child(t: Texts, card: &Card) -> Vec<Fact> {
    let mut facts: Vec<Fact> = card
        .values
        .iter()
        .filter(|value| !matches!(value.line, CardLine::OtherName | CardLine::UnusableNumber | CardLine::Sex))
        .map(|value| Fact {
            label: label(t, value.line).to_owned(),
            value: value.value.clone(),
            href: Some(format!("/rows/{}", value.origin.row)),
        })
        .collect();
    facts.extend(card.guardians.iter().map(|guardian| {
        let phones: Vec<String> = guardian.phones.iter().map(ToString::to_string).collect();
        let name = guardian.name.as_ref().map(ToString::to_string).unwrap_or_default();
        Fact {
            label: kin(t, &guardian.kind).to_owned(),
            value: Masked::Full(format!("{name} {}", phones.join(" ")).trim().to_owned()),
            href: Some(format!("/rows/{}", guardian.origin.row)),
        }
    }));
    facts
}

/// The community of the lead and whose row told it, where the child's own address names none.
pub(super) fn placed(ctx: &Ctx, matter: &Matter, detail: Option<&LeadDetail>) -> Option<Fact> {
    let t = Texts(ctx.language);
    let placed = detail?.explanation.placed?;
    // Somebody may have moved the lead since: then it stands where a person has put it.
    if placed.area != matter.area {
        return None;
    }
    let name = ctx.area_name(placed.area.area());
    let value = match placed.by {
        PlacedBy::Own => t.lead_placed_own(name),
        PlacedBy::Household => t.lead_placed_household(name),
        PlacedBy::House => t.lead_placed_house(name),
    };
    Some(Fact {
        label: t.lead_line_community().to_owned(),
        value: Masked::Full(value),
        href: Some(format!("/rows/{}", placed.row)),
    })
}

fn label(t: Texts, line: CardLine) -> &'static str {
    use people::rows::PlaceKind as Kind;
    match line {
        CardLine::Name | CardLine::OtherName => t.lead_line_name(),
        CardLine::IdentityNumber | CardLine::UnusableNumber => t.lead_line_number(),
        CardLine::Birth => t.lead_line_birth(),
        CardLine::Sex => t.lead_line_sex(),
        CardLine::Phone => t.lead_line_phone(),
        CardLine::Place(Kind::Present) => t.lead_line_present(),
        CardLine::Place(Kind::School) => t.lead_line_school_place(),
        CardLine::Place(Kind::Registration) => t.lead_line_registration(),
        CardLine::School => t.lead_line_school(),
        CardLine::Class => t.lead_line_class(),
    }
}

fn kin(t: Texts, kind: &str) -> &'static str {
    match kind {
        "father" => t.lead_kin_father(),
        "mother" => t.lead_kin_mother(),
        "grandparent" => t.lead_kin_grandparent(),
        _ => t.lead_kin_guardian(),
    }
}

/// Values that the reader does not see whole.
pub(super) fn masked(card: &Card) -> usize {
    card.values.iter().filter(|value| !matches!(value.value, Masked::Full(_))).count()
}

/// The household; `stands` are the indicators that the lead stands on.
pub(super) fn members(ctx: &Ctx, card: &Card, stands: &[LeadIndicator]) -> Vec<MemberLine> {
    let rules = ctx.app.programs.program(crate::PROGRAM).map(|program| &program.rules);
    card.members
        .iter()
        .map(|member: &CardMember| {
            let kin = crate::kin::in_words(card, member, ctx.language);
            let sex = member.sex.filter(|_| !crate::kin::says_sex(card, member));
            let age = list::person_line(ctx, sex, member.birth_month);
            let mut kinds: Vec<&str> = stands
                .iter()
                .filter(|one| one.ended_at.is_none() && one.ground.bearer == Some(member.person))
                .map(|one| one.ground.kind.as_str())
                .collect();
            kinds.sort_unstable();
            kinds.dedup();
            let says = kinds.into_iter().map(|kind| {
                let declared = rules.and_then(|rules| rules.indicators.iter().find(|one| one.kind == kind));
                let word = declared.map_or(kind, |one| one.label.says(ctx.language));
                Badge::new(Tone::High, "alert-triangle", word)
            });
            MemberLine {
                avatar: Avatar {
                    text: kin.chars().next().map_or_else(|| "?".to_owned(), String::from),
                    tone: Tone::Info,
                },
                name: member.name.clone(),
                about: format!("{kin} {age}").trim().to_owned(),
                says: says.collect(),
                href: format!("/rows/{}", member.row),
            }
        })
        .collect()
}
