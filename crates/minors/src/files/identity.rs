//! Who the child is and with whom it lives, as `people` know it: each value masked for the reader, with its row.

use access::Masked;
use base::PersonId;
use people::persons::{self, Card, CardLine, CardMember, CardSaid, CardValue, Origin};
use people::rows::PlaceKind;
use store::Read;
use web::components::Sourced;
use web::{Ctx, WebError, Worded as _, show};

use super::family::{self, Generation};
use super::{Texts, words};

/// A line of the identity.
pub(super) struct IdentityLine {
    pub label: &'static str,
    pub value: Sourced,
    /// What other rows say, each with its row.
    pub others: Vec<(String, String, String)>,
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
#[derive(Default)]
pub(super) struct Identity {
    pub values: Vec<IdentityLine>,
    pub family: Vec<Generation>,
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
        let guardians = card.guardians.iter().flat_map(|one| one.name.iter().chain(&one.phones));
        let values = card.values.iter().map(|value| &value.value);
        let mut masked = values.chain(guardians).filter(|value| value.is_hidden()).count();
        let mut indicators = Vec::new();
        let mut said = Vec::new();
        if let Some(facts) = &facts {
            said = persons::said(read, &ctx.app.roles, &ctx.actor, card, facts).await?;
            for indicator in &facts.indicators {
                let feed = facts.rows.iter().find(|(row, _)| *row == indicator.row);
                let feed = feed.and_then(|(_, feed)| feeds.get(feed)).map(String::as_str);
                let (line, is_hidden) = indicator_of(ctx, indicator, feed);
                masked += usize::from(is_hidden);
                indicators.push(line);
            }
        }
        let with_files = with_files(read, &card.members).await?;
        let facts = facts.as_ref();
        let sources = family::Sources { ctx, card, facts, with_files: &with_files };
        Ok(Self {
            values: values_of(ctx, card, &said),
            family: family::generations(&sources),
            indicators,
            masked,
            rows: facts.map_or(0, |facts| facts.rows.len()),
        })
    }
}

/// The lines of the card. Other spellings of the name are what other rows say of it.
fn values_of(ctx: &Ctx, card: &Card, said: &[CardSaid]) -> Vec<IdentityLine> {
    let mut told: Vec<CardLine> = Vec::new();
    let mut values = Vec::new();
    for value in card.values.iter().filter(|value| value.line != CardLine::OtherName) {
        // Of a line with several values, what others say stands once, at the first.
        let is_first = !told.contains(&value.line);
        told.push(value.line);
        let said = said.iter().find(|one| one.line == value.line).filter(|_| is_first);
        values.push(value_of(ctx, value, said));
    }
    values
}

/// Which members of the household have a file of their own.
async fn with_files(read: &Read, members: &[CardMember]) -> Result<Vec<PersonId>, WebError> {
    let ids: Vec<PersonId> = members.iter().map(|member| member.person).collect();
    Ok(super::repo::with_file(read.connection(), &ids).await?)
}

fn value_of(ctx: &Ctx, value: &CardValue, said: Option<&CardSaid>) -> IdentityLine {
    let (source, href) = source_of(ctx, &value.origin);
    let shown = Sourced::new(in_words(ctx, value), ctx.language).from_source(source, Some(href));
    let others = said.map_or(&[][..], |said| said.others.as_slice());
    let agrees = others.is_empty() && said.is_some_and(|said| said.agreeing > 1);
    IdentityLine {
        label: label_of(Texts(ctx.language), value.line),
        value: if agrees { shown.agreed() } else { shown },
        others: others
            .iter()
            .map(|other| {
                let (source, href) = source_of(ctx, &other.origin);
                (in_words(ctx, other).to_string(), source, href)
            })
            .collect(),
    }
}

fn in_words(ctx: &Ctx, value: &CardValue) -> Masked {
    let t = Texts(ctx.language);
    match value.line {
        CardLine::Sex => Masked::Full(match value.value.as_str() {
            "male" => t.sex_male().to_owned(),
            "female" => t.sex_female().to_owned(),
            other => other.to_owned(),
        }),
        _ => value.value.clone(),
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
pub(super) fn source_of(ctx: &Ctx, origin: &Origin) -> (String, String) {
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
