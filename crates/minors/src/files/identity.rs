//! Who the child is and with whom it lives, as `people` know it: each value masked for the reader, with its row.

use access::Masked;
use base::PersonId;
use people::persons::{Card, CardGuardian, CardLine, CardMember, CardValue, Origin};
use people::rows::PlaceKind;
use store::Read;
use web::components::Sourced;
use web::{Ctx, WebError, Worded as _, show};

use super::{Texts, words};

/// A line of the identity.
pub(super) struct Value {
    pub label: &'static str,
    pub value: Sourced,
}

/// Somebody who looks after the child.
pub(super) struct Guardian {
    pub relation: String,
    pub name: String,
    pub phones: String,
    pub source: String,
    pub source_href: String,
}

/// Somebody who lives with the child.
pub(super) struct Member {
    pub relation: String,
    pub name: String,
    pub age: String,
    pub href: Option<String>,
    pub source_href: String,
}

/// A fact of a department's row.
pub(super) struct Indicator {
    pub label: String,
    pub day: String,
    pub amount: String,
    pub source: String,
    pub source_href: String,
}

/// All of it.
pub(super) struct Identity {
    pub values: Vec<Value>,
    pub guardians: Vec<Guardian>,
    pub members: Vec<Member>,
    pub indicators: Vec<Indicator>,
    /// How many values the reader sees masked, or not at all.
    pub masked: usize,
    /// How many rows the child is known from.
    pub rows: usize,
}

impl Identity {
    /// What the card and the rows say.
    pub async fn read(ctx: &Ctx, read: &Read, card: &Card) -> Result<Self, WebError> {
        let facts = people::facts(read, &[card.person]).await?;
        let feeds = people::deliveries::repo::feed_keys(read.connection()).await?;
        let facts = facts.into_iter().next();
        let hidden_values = card.values.iter().filter(|value| value.value.is_hidden()).count();
        let mut masked = hidden_values;
        let mut guardians = Vec::with_capacity(card.guardians.len());
        for guardian in &card.guardians {
            masked += guardian.name.iter().chain(&guardian.phones).filter(|value| value.is_hidden()).count();
            guardians.push(guardian_of(ctx, guardian));
        }
        let mut indicators = Vec::new();
        let mut rows = 0;
        if let Some(facts) = facts {
            rows = facts.rows.len();
            for indicator in &facts.indicators {
                let feed = facts.rows.iter().find(|(row, _)| *row == indicator.row);
                let feed = feed.and_then(|(_, feed)| feeds.get(feed)).map(String::as_str);
                let (line, is_hidden) = indicator_of(ctx, indicator, feed);
                masked += usize::from(is_hidden);
                indicators.push(line);
            }
        }
        let with_files = with_files(read, &card.members).await?;
        Ok(Self {
            values: card.values.iter().map(|value| value_of(ctx, value)).collect(),
            guardians,
            members: card.members.iter().map(|member| member_of(ctx, member, &with_files)).collect(),
            indicators,
            masked,
            rows,
        })
    }
}

/// Which members of the household have a file of their own.
async fn with_files(read: &Read, members: &[CardMember]) -> Result<Vec<PersonId>, WebError> {
    let ids: Vec<PersonId> = members.iter().map(|member| member.person).collect();
    Ok(super::repo::with_file(read.connection(), &ids).await?)
}

fn value_of(ctx: &Ctx, value: &CardValue) -> Value {
    let t = Texts(ctx.language);
    let shown = match value.line {
        CardLine::Sex => Masked::Full(match value.value.as_str() {
            "male" => t.sex_male().to_owned(),
            "female" => t.sex_female().to_owned(),
            other => other.to_owned(),
        }),
        _ => value.value.clone(),
    };
    let (source, href) = source_of(ctx, &value.origin);
    Value {
        label: label_of(t, value.line),
        value: Sourced::new(shown, ctx.language).from_source(source, Some(href)),
    }
}

fn label_of(t: Texts, line: CardLine) -> &'static str {
    match line {
        CardLine::Name => t.line_name(),
        CardLine::OtherName => t.line_other_name(),
        CardLine::IdentityNumber => t.line_identity_number(),
        CardLine::UnusableNumber => t.line_unusable_number(),
        CardLine::Birth => t.line_birth(),
        CardLine::Sex => t.line_sex(),
        CardLine::Phone => t.line_phone(),
        CardLine::Place(PlaceKind::Present) => t.line_present(),
        CardLine::Place(PlaceKind::School) => t.line_school_place(),
        CardLine::Place(PlaceKind::Registration) => t.line_registration(),
        CardLine::School => t.line_school(),
        CardLine::Class => t.line_class(),
    }
}

/// What a row is called, and where it is shown.
fn source_of(ctx: &Ctx, origin: &Origin) -> (String, String) {
    let t = Texts(ctx.language);
    let href = format!("/rows/{}", origin.row);
    match feed_name(ctx, Some(&origin.feed)) {
        Some(feed) => (t.line_source(feed, origin.place), href),
        None => (t.line_by_hand().to_owned(), href),
    }
}

fn feed_name<'a>(ctx: &'a Ctx, feed: Option<&'a str>) -> Option<&'a str> {
    let key = feed.filter(|key| !key.is_empty())?;
    Some(ctx.app.programs.feed(key).map_or(key, |feed| feed.label.says(ctx.language)))
}

fn guardian_of(ctx: &Ctx, guardian: &CardGuardian) -> Guardian {
    let t = Texts(ctx.language);
    let (source, source_href) = source_of(ctx, &guardian.origin);
    let phones: Vec<&str> = guardian.phones.iter().map(Masked::as_str).collect();
    Guardian {
        relation: match guardian.kind.as_str() {
            "father" => t.kin_father().to_owned(),
            "mother" => t.kin_mother().to_owned(),
            "guardian" => t.kin_guardian().to_owned(),
            other => other.to_owned(),
        },
        name: guardian.name.as_ref().map(ToString::to_string).unwrap_or_default(),
        phones: phones.join(ctx.language.choose("、", ", ")),
        source,
        source_href,
    }
}

fn member_of(ctx: &Ctx, member: &CardMember, with_files: &[PersonId]) -> Member {
    let t = Texts(ctx.language);
    Member {
        relation: member.role.clone().unwrap_or_default(),
        name: member.name.to_string(),
        age: words::years(ctx, member.birth_month).map(|years| t.member_age(years)).unwrap_or_default(),
        href: with_files.contains(&member.person).then(|| format!("/files/{}", member.person)),
        source_href: format!("/rows/{}", member.row),
    }
}

/// A line, and whether the reader sees less than there is.
fn indicator_of(ctx: &Ctx, indicator: &people::rows::Indicator, feed: Option<&str>) -> (Indicator, bool) {
    let rules = ctx.app.programs.feeds().flat_map(|feed| &feed.indicators);
    let label =
        rules.filter(|rule| rule.kind == indicator.kind).map(|rule| rule.label.says(ctx.language)).next();
    let label = label.unwrap_or(&indicator.kind);
    let shown = match words::class_of_indicator(&indicator.kind) {
        Some(class) => ctx.app.roles.show(&ctx.actor, class, label),
        None => Masked::Full(label.to_owned()),
    };
    let line = Indicator {
        label: shown.to_string(),
        day: indicator.day.map(|day| show::short_day(day, ctx.today())).unwrap_or_default(),
        amount: indicator.amount.map(show::number).unwrap_or_default(),
        source: feed_name(ctx, feed).unwrap_or_default().to_owned(),
        source_href: format!("/rows/{}", indicator.row),
    };
    (line, shown.is_hidden())
}
