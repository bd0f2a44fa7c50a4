//! Why one is to go: the grounds of a lead in plain words, those that count most first, each with its source and day.
//! What screening decided is read as it was decided; nothing is worked out anew.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use access::{FieldClass, Masked};
use base::{IndicatorId, Label, SourceRowId};
use matters::{Matter, Matters};
use store::Read;
use web::{Ctx, WebError, Worded as _, show};

use super::Texts;
use super::door::wrong;
use crate::leads::origin;
use crate::screening::{self, Reason, Retired};

/// Grounds that are listed at most.
const LISTED_AT_MOST: usize = 30;

/// The indicator that is read from somebody's own words.
const SIGN_OF_HARM: &str = "sign_of_harm";
/// Indicators that say that somebody does the child harm, who may be whoever answers the telephone.
const HARM: [&str; 2] = [SIGN_OF_HARM, "domestic_violence"];
/// Cells of one row whose words are shown.
const WORDS_AT_MOST: usize = 4;

/// One ground.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    /// What is said: 缺勤 9.
    pub text: String,
    /// Who says so, and of which day.
    pub source: String,
    /// Its picture, by the source.
    pub icon: &'static str,
    /// What it counts.
    pub points: i64,
    /// Whether its source has been corrected or taken back since.
    pub is_stale: bool,
    /// Whether it says that somebody does the child harm.
    pub is_harm: bool,
    /// What was written of a harm, as it came, as far as the reader sees it: 班主任备注：手臂有淤青.
    pub words: Vec<String>,
    /// Since when its source gives it no longer, in words: it counts for nothing, and was what one was sent for.
    pub gone: Option<String>,
}

/// The grounds of a lead, those that count most first; none of one that no screening opened.
pub(crate) async fn of(
    ctx: &Ctx,
    matters: &Matters,
    read: &Read,
    matter: &Matter,
) -> Result<Vec<Ground>, WebError> {
    let (connection, keys) = (read.connection(), read.keys());
    let mut details = screening::repo::details(connection, keys, &[matter.id]).await?;
    let Some(detail) = details.remove(&matter.id) else { return Ok(Vec::new()) };
    let stands = screening::repo::indicators(connection, keys, matter.id).await?;
    let of = |is_ended: bool| {
        stands.iter().filter(move |one| one.ended_at.is_some() == is_ended).map(|one| one.indicator)
    };
    // The same row may be taken back and given again.
    let present: HashSet<IndicatorId> = of(false).collect();
    let ended: HashSet<IndicatorId> = of(true).filter(|one| !present.contains(one)).collect();
    let retired = detail.explanation.retired;
    let mut reasons = detail.explanation.reasons;
    reasons.sort_by_key(|reason| Reverse(reason.points));
    reasons.truncate(LISTED_AT_MOST);
    let all = reasons.iter().chain(retired.iter().map(|one| &one.reason));
    let rows = all.flat_map(|reason| {
        let grounds = reason.grounds.iter().map(|ground| ground.row);
        grounds.chain(reason.household_row).collect::<Vec<_>>()
    });
    let said = Said {
        ctx,
        labels: labels(matters, matter)?,
        feeds: feeds(read, rows.collect()).await?,
        words: words(ctx, read, &reasons).await?,
    };
    let present = reasons.iter().map(|reason| said.ground(reason, &ended));
    let mut gone: Vec<Ground> = retired.iter().map(|one| said.retired(one, &ended)).collect();
    gone.sort_by_key(|ground| Reverse(ground.points));
    Ok(present.chain(gone).take(LISTED_AT_MOST).collect())
}

/// The names of indicators, in the version of the program that the matter runs under.
fn labels(matters: &Matters, matter: &Matter) -> Result<HashMap<String, Label>, WebError> {
    let program = matters.programs().version(&matter.program, &matter.program_version);
    let program = program.ok_or(matters::MatterError::Refused(workflow::Refusal::UnknownStage));
    let declared = &program.map_err(wrong)?.rules.indicators;
    Ok(declared.iter().map(|one| (one.kind.clone(), one.label.clone())).collect())
}

/// The feed of each of these rows, by key.
async fn feeds(read: &Read, rows: Vec<SourceRowId>) -> Result<HashMap<SourceRowId, String>, WebError> {
    let names = people::deliveries::repo::feed_keys(read.connection()).await?;
    let rows = people::rows::repo::by_ids(read.connection(), &rows).await?;
    let feeds = rows.into_iter().filter_map(|row| Some((row.id, names.get(&row.feed_id)?.clone())));
    Ok(feeds.collect())
}

/// What was written of harm in the rows of these reasons, by row.
async fn words(
    ctx: &Ctx,
    read: &Read,
    reasons: &[Reason],
) -> Result<HashMap<SourceRowId, Vec<String>>, WebError> {
    let mut kinds: HashMap<SourceRowId, HashSet<String>> = HashMap::new();
    let grounds = reasons.iter().flat_map(|reason| &reason.grounds);
    for ground in grounds.filter(|ground| ground.kind == SIGN_OF_HARM) {
        kinds.entry(ground.row).or_default().insert(ground.kind.clone());
    }
    let origins = origin::read(ctx, read, &kinds).await?;
    let said = origins.into_iter().map(|(row, origin)| {
        let cells = origin.cells.into_iter().filter(|cell| cell.tells && cell.value != Masked::Withheld);
        let colon = ctx.language.choose("：", ": ");
        let words = cells.map(|cell| format!("{}{colon}{}", cell.heading, cell.value));
        (row, words.take(WORDS_AT_MOST).collect())
    });
    Ok(said.collect())
}

/// What reasons are said with.
struct Said<'a> {
    ctx: &'a Ctx,
    labels: HashMap<String, Label>,
    feeds: HashMap<SourceRowId, String>,
    words: HashMap<SourceRowId, Vec<String>>,
}

impl Said<'_> {
    fn ground(&self, reason: &Reason, ended: &HashSet<IndicatorId>) -> Ground {
        let (language, today) = (self.ctx.language, self.ctx.today());
        let t = Texts(language);
        let first = reason.grounds.iter().max_by_key(|ground| ground.day.clone());
        let row = first.map(|ground| ground.row).or(reason.household_row);
        let feed = row.and_then(|row| self.feeds.get(&row)).map(String::as_str).unwrap_or_default();
        let source = self.ctx.app.programs.feed(feed);
        let source = source.map(|feed| feed.label.says(language).to_owned()).unwrap_or_default();
        let day = first.and_then(|ground| ground.day.as_deref());
        let day = day.and_then(|day| base::read_day(day).day());
        Ground {
            text: self.text(reason),
            source: match day {
                Some(day) => t.lead_source(source, show::day(day, today, language)),
                None => source,
            },
            icon: picture(feed),
            points: reason.points,
            is_harm: reason.grounds.iter().any(|ground| HARM.contains(&ground.kind.as_str())),
            words: {
                let of_harm = reason.grounds.iter().filter(|ground| ground.kind == SIGN_OF_HARM);
                let rows: BTreeSet<SourceRowId> = of_harm.map(|ground| ground.row).collect();
                rows.iter().filter_map(|row| self.words.get(row)).flatten().cloned().collect()
            },
            is_stale: !reason.grounds.is_empty()
                && reason.grounds.iter().all(|ground| ended.contains(&ground.indicator)),
            gone: None,
        }
    }

    fn retired(&self, retired: &Retired, ended: &HashSet<IndicatorId>) -> Ground {
        let day = show::short_day(retired.since.day(), self.ctx.today());
        let gone = Some(Texts(self.ctx.language).lead_gone_since(day));
        Ground { is_stale: true, gone, ..self.ground(&retired.reason, ended) }
    }

    /// The rule's name, and the number that was reported. What the reader's role does not see whole is masked.
    fn text(&self, reason: &Reason) -> String {
        let language = self.ctx.language;
        let number = reason.grounds.iter().find_map(|ground| {
            let label = self.labels.get(&ground.kind)?.says(language).to_owned();
            Some(format!("{label} {}", ground.number?))
        });
        let name = reason.label.says(language);
        let text = match number {
            Some(number) if !number.starts_with(name) => {
                format!("{name}{}{number}", language.choose("：", ": "))
            }
            Some(number) => number,
            None => name.to_owned(),
        };
        let class = reason.grounds.iter().find_map(|ground| class(&ground.kind));
        match class {
            Some(class) => self.ctx.app.roles.show(&self.ctx.actor, class, &text).to_string(),
            None => text,
        }
    }
}

/// The class of field that an indicator belongs to, where its very name says something that is not for everybody.
fn class(kind: &str) -> Option<FieldClass> {
    match kind {
        "parent_in_prison" => Some(FieldClass::Justice),
        "serious_illness" | "disabled" | "severely_disabled" | "mentally_disabled" => {
            Some(FieldClass::Health)
        }
        _ => None,
    }
}

/// The picture of a source. A feed that is new in the data gets the plain one.
fn picture(feed: &str) -> &'static str {
    match feed {
        "school" => "school",
        "disabled" => "wheelchair",
        "grid" => "home",
        _ => "file-text",
    }
}
