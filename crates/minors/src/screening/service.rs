//! Screening people, and what it leads to.

use std::collections::{BTreeSet, HashMap, HashSet};

use access::{Actor, FieldClass, Masked, posts};
use base::{AreaPath, Day, DeliveryId, MatterId, Moment, PersonId};
use matters::notices::NoticeKind;
use matters::{Matter, MatterError, MatterWords, Matters, NewMatter};
use people::PersonFacts;
use policy::Program;
use rules::InForce;
use serde_json::{Value, json};
use store::{Database, Event, Operation, StoreError, Write};

use super::decide::{OpenLead, Standing, Step, decide};
use super::model::{Explanation, Found, LeadDetail, LeadIndicator, Outcome, ScreeningRecord};
use super::place::{Placed, place};
use super::{gather, repo};
use crate::{CASE, LEAD, PROGRAM, VISIT};

/// Persons of one transaction.
const PERSONS_AT_A_TIME: usize = 1_000;

/// The stage in which nobody was sent yet.
pub(crate) const DISPATCH_STAGE: &str = "dispatch";
/// The stages of a lead in which nobody has gone to the child yet: in these it can be dismissed for its reasons alone.
const STAGES_BEFORE_CHECK: [&str; 3] = [DISPATCH_STAGE, "accept", "confirm_dismissal"];

/// The outcome of a lead that was dismissed without a look at the door.
pub(crate) const DISMISSED: &str = "dismissed";

/// What a screening did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Screened {
    /// Persons who were asked about.
    pub persons: u64,
    /// Leads that were opened.
    pub opened: u64,
    /// Leads that something new joined.
    pub joined: u64,
    /// Leads that stand on less than they did.
    pub marked: u64,
    /// Cases at which something new was noted.
    pub noted: u64,
    /// Children of whom no lead could be opened yet: no post answers for their place, up to the city.
    pub waiting: u64,
}

/// What the rules made of some children.
struct Asked {
    /// How many were asked about.
    persons: u64,
    /// Those of whom something follows, or may.
    found: Vec<(PersonFacts, Found)>,
}

/// What a screening works with.
pub struct Screener<'a> {
    /// The database.
    pub database: &'a Database,
    /// The program whose rules are asked.
    pub program: &'a Program,
    /// Matters.
    pub matters: &'a Matters,
}

/// What a screening was made for.
#[derive(Debug, Clone)]
pub struct Cause {
    /// The operation that it is part of.
    pub operation: Operation,
    /// The delivery after which it is made; `None` when rows were moved by hand, or days went by, or rules are new.
    pub delivery: Option<DeliveryId>,
}

impl Screener<'_> {
    /// Screens the children among `persons`, and those who live with any of them: what is new about an adult is asked of
    /// the child. Each child once, in transactions of at most a thousand; doing it twice does it once.
    pub async fn screen(&self, cause: &Cause, persons: &[PersonId]) -> Result<Screened, MatterError> {
        let since = gather::eldest_birth_month(cause.operation.at.day());
        let read = self.database.read().await?;
        let children = people::homes::born_since(&read, persons, since).await?;
        drop(read);
        let children: Vec<PersonId> = children.into_iter().collect();
        self.screen_children(cause, &children).await
    }

    /// Screens those of `children` who are children, and nobody beside them.
    pub async fn screen_children(
        &self,
        cause: &Cause,
        children: &[PersonId],
    ) -> Result<Screened, MatterError> {
        let mut screened = Screened::default();
        let mut chunks = children.chunks(PERSONS_AT_A_TIME);
        let mut asked = self.ask_next(cause, chunks.next()).await?;
        while let Some(now) = asked {
            screened.persons = screened.persons.saturating_add(now.persons);
            // The next thousand are read while these are being decided about.
            let followed = self.follow(cause, now.found, &mut screened);
            let (followed, next) = tokio::join!(followed, self.ask_next(cause, chunks.next()));
            followed?;
            asked = next?;
        }
        Ok(screened)
    }

    async fn ask_next(
        &self,
        cause: &Cause,
        children: Option<&[PersonId]>,
    ) -> Result<Option<Asked>, MatterError> {
        let Some(children) = children else { return Ok(None) };
        Ok(Some(self.ask(cause, children).await?))
    }

    /// What the rules make of `children`: of each who reaches a level, and of each who has a lead already.
    async fn ask(&self, cause: &Cause, children: &[PersonId]) -> Result<Asked, MatterError> {
        let today = cause.operation.at.day();
        let read = self.database.read().await?;
        let mut facts = people::facts(&read, children).await?;
        facts.retain(|one| gather::may_be_child(one, today));
        let others: BTreeSet<PersonId> = facts.iter().flat_map(gather::others).collect();
        let others: Vec<PersonId> = others.into_iter().collect();
        let said = people::persons::indicators_of(&read, &others).await?;
        let ids: Vec<PersonId> = facts.iter().map(|one| one.person).collect();
        let leads = repo::details_of(read.connection(), read.keys(), &ids).await?;
        drop(read);
        let in_force = self.program.rules.on(today);
        let persons = u64::try_from(facts.len()).unwrap_or(0);
        let found = facts.into_iter().filter_map(|one| {
            let found = self.found(&in_force, &one, &said, today, leads.contains_key(&one.person))?;
            Some((one, found))
        });
        Ok(Asked { persons, found: found.collect() })
    }

    fn found(
        &self,
        in_force: &InForce<'_>,
        person: &PersonFacts,
        said: &HashMap<PersonId, Vec<people::rows::Indicator>>,
        today: Day,
        has_lead: bool,
    ) -> Option<Found> {
        let facts = gather::gather(person, said, today);
        if in_force.grade(&facts).severity.is_none() && !has_lead {
            return None;
        }
        let screening = in_force.evaluate(&facts);
        let household_row = person.household.as_ref().and_then(|household| household.row);
        let explanation = Explanation::of(&screening, &facts, &self.program.rules, household_row);
        Some(Found {
            person: person.person,
            rules_version: screening.version,
            points: screening.points,
            level: screening.severity,
            explanation,
        })
    }

    /// Decides about each and carries it out, in one transaction.
    async fn follow(
        &self,
        cause: &Cause,
        found: Vec<(PersonFacts, Found)>,
        screened: &mut Screened,
    ) -> Result<(), MatterError> {
        if found.is_empty() {
            return Ok(());
        }
        let write = self.database.write(cause.operation.clone()).await?;
        // Two deliveries may be screened at once: the second sees what the first did.
        write.lock("minors.screening").await?;
        let mut standing = Standings::read(self.matters, &write, &found).await?;
        let mut news = News::new(cause);
        let mut to_open = Vec::new();
        for (facts, mut found) in found {
            let (before, lead) = standing.of(found.person);
            match decide(&found, &before, &self.program.rules) {
                Step::Open(level) => {
                    found.explanation.placed = self.placed(&write, &facts).await?;
                    let area = found.explanation.placed.map_or(facts.area, |placed| placed.area);
                    to_open.push((new_lead(&facts, area, level), found));
                }
                Step::Join { fresh, rises_to, withdrawable, .. } => {
                    let Some(lead) = lead else { continue };
                    let outcome = if fresh.is_empty() { Outcome::Returned } else { Outcome::Joined };
                    let joining = Joining { outcome, rises_to, withdrawable };
                    Box::pin(self.join(&write, lead, found, joining, &mut news)).await?;
                    screened.joined += 1;
                }
                Step::Mark { withdrawable, .. } => {
                    let Some(lead) = lead else { continue };
                    Box::pin(mark(&write, lead, found, withdrawable, &mut news)).await?;
                    screened.marked += 1;
                }
                Step::Note { .. } => {
                    let Some(case) = standing.case(found.person) else { continue };
                    self.note(&write, case, &found, &mut news).await?;
                    screened.noted += 1;
                }
                Step::Nothing => {
                    if let Some((_, mut detail)) = lead {
                        follow_rows(&write, &mut detail, &found, &mut news).await?;
                    }
                }
            }
        }
        let (to_open, unanswered) = self.answered_for(&write, to_open).await?;
        repo::note_unanswered(&write, &unanswered).await?;
        screened.waiting += u64::try_from(unanswered.len()).unwrap_or(0);
        screened.opened += self.open(&write, to_open, &mut news).await?;
        news.save(&write).await?;
        write.save().await?;
        Ok(())
    }

    /// What tells the community of a child whose own address names none.
    async fn placed(&self, write: &Write, facts: &PersonFacts) -> Result<Option<Placed>, MatterError> {
        let model = self.matters.programs().linkage_model();
        let Some(model) = model.filter(|_| facts.area.community.is_none()) else { return Ok(None) };
        let guardians: Vec<PersonId> =
            facts.guardians.iter().filter_map(|guardian| guardian.person).collect();
        let (connection, keys) = (write.connection(), write.keys());
        let said = people::persons::whereabouts(connection, keys, model, facts.person, &guardians).await?;
        Ok(place(&facts.area, &said))
    }

    /// Those for whose place some post of the ladder answers, and the others, who must not hold these up.
    async fn answered_for(
        &self,
        write: &Write,
        to_open: Vec<(NewMatter, Found)>,
    ) -> Result<(Vec<(NewMatter, Found)>, Vec<PersonId>), MatterError> {
        let ladder = &self.program.workflow.ladder;
        let roles: Vec<&str> = ladder.iter().map(|rung| rung.role.as_str()).collect();
        let mut places: HashMap<AreaPath, bool> = HashMap::new();
        let mut answered = Vec::with_capacity(to_open.len());
        let mut unanswered = Vec::new();
        for (new, found) in to_open {
            let is_answered = if let Some(known) = places.get(&new.area) {
                *known
            } else {
                let holder = posts::holder_for(write.connection(), &roles, &new.area, write.at()).await?;
                places.insert(new.area, holder.is_some());
                holder.is_some()
            };
            if is_answered {
                answered.push((new, found));
            } else {
                unanswered.push(found.person);
            }
        }
        Ok((answered, unanswered))
    }

    async fn open(
        &self,
        write: &Write,
        to_open: Vec<(NewMatter, Found)>,
        news: &mut News<'_>,
    ) -> Result<u64, MatterError> {
        let (new, found): (Vec<NewMatter>, Vec<Found>) = to_open.into_iter().unzip();
        if new.is_empty() {
            return Ok(0);
        }
        let opened = self.matters.open_many(write, new).await?;
        let mut details = Vec::with_capacity(opened.len());
        for (matter, found) in opened.iter().zip(found) {
            news.stand_on(write, matter.id, &found, &[]);
            news.record(write, matter, &found, Outcome::Opened);
            details.push(LeadDetail {
                matter: matter.id,
                person: found.person,
                points: found.points,
                rules_version: found.rules_version,
                screened_at: write.at(),
                withdrawable_since: None,
                explanation: found.explanation,
            });
        }
        repo::insert_details(write, &details).await?;
        Ok(u64::try_from(details.len()).unwrap_or(0))
    }

    async fn join(
        &self,
        write: &Write,
        (matter, mut detail): (Matter, LeadDetail),
        found: Found,
        joining: Joining,
        news: &mut News<'_>,
    ) -> Result<(), MatterError> {
        let Joining { outcome, rises_to, withdrawable } = joining;
        let stands = repo::indicators(write.connection(), write.keys(), matter.id).await?;
        news.end_lost(&stands, &found);
        news.stand_on(write, matter.id, &found, &stands);
        news.record(write, &matter, &found, outcome);
        let before = json!({ "points": detail.points, "severity": matter.severity });
        let after = json!({ "points": found.points, "severity": rises_to.unwrap_or(matter.severity),
            "withdrawable": withdrawable, "rules": found.rules_version });
        write.record(event("minors.lead_joined", &matter, before, after)).await?;
        if let Some(severity) = rises_to {
            self.matters.regrade(write, matter.id, severity, "screening").await?;
        }
        self.matters.tell_holder(write, &matter, NoticeKind::Joined).await?;
        let since = withdrawable.then(|| detail.withdrawable_since.unwrap_or_else(|| write.at()));
        take_over(&mut detail, found, write.at(), since);
        repo::update_detail(write, &detail).await?;
        Ok(())
    }

    /// Somebody is on it already, with a case or with the next visit of the child's file: they are told, and no lead is
    /// opened beside.
    async fn note(
        &self,
        write: &Write,
        case: &Matter,
        found: &Found,
        news: &mut News<'_>,
    ) -> Result<(), MatterError> {
        news.record(write, case, found, Outcome::Noted);
        let after = json!({ "points": found.points, "level": found.level, "rules": found.rules_version });
        write.record(event("minors.indicator_noted", case, Value::Null, after)).await?;
        self.matters.tell_holder(write, case, NoticeKind::Joined).await?;
        // The level of a case is assessed by people; a visit that was planned for a lesser one comes sooner.
        if let Some(level) = found.level.filter(|level| case.kind == VISIT && *level > case.severity) {
            self.matters.regrade(write, case.id, level, "screening").await?;
        }
        Ok(())
    }
}

/// The lead stands on less than it did: what is gone is marked, the points are those that are left, and the level stays
/// until a person says otherwise.
async fn mark(
    write: &Write,
    (matter, mut detail): (Matter, LeadDetail),
    found: Found,
    withdrawable: bool,
    news: &mut News<'_>,
) -> Result<(), MatterError> {
    let stands = repo::indicators(write.connection(), write.keys(), matter.id).await?;
    news.end_lost(&stands, &found);
    news.stand_on(write, matter.id, &found, &stands);
    news.record(write, &matter, &found, Outcome::Marked);
    let before = json!({ "points": detail.points });
    let after = json!({ "points": found.points, "withdrawable": withdrawable, "rules": found.rules_version });
    write.record(event("minors.lead_marked", &matter, before, after)).await?;
    let since = withdrawable.then(|| detail.withdrawable_since.unwrap_or_else(|| write.at()));
    take_over(&mut detail, found, write.at(), since);
    repo::update_detail(write, &detail).await?;
    Ok(())
}

/// A row was corrected in something that does not count here: the lead stands on the row as it is now.
async fn follow_rows(
    write: &Write,
    detail: &mut LeadDetail,
    found: &Found,
    news: &mut News<'_>,
) -> Result<(), MatterError> {
    let present: HashMap<&str, base::SourceRowId> =
        found.explanation.grounds().into_iter().map(|ground| (ground.element.as_str(), ground.row)).collect();
    let moved = detail
        .explanation
        .grounds()
        .into_iter()
        .any(|ground| present.get(ground.element.as_str()).is_some_and(|row| *row != ground.row));
    if !moved {
        return Ok(());
    }
    let stands = repo::indicators(write.connection(), write.keys(), detail.matter).await?;
    news.end_lost(&stands, found);
    news.stand_on(write, detail.matter, found, &stands);
    for ground in detail.explanation.reasons.iter_mut().flat_map(|reason| &mut reason.grounds) {
        let now = found.explanation.grounds().into_iter().find(|now| now.element == ground.element);
        if let Some(now) = now {
            ground.clone_from(now);
        }
    }
    repo::update_detail(write, detail).await?;
    Ok(())
}

fn take_over(detail: &mut LeadDetail, found: Found, at: Moment, withdrawable_since: Option<Moment>) {
    detail.points = found.points;
    detail.rules_version = found.rules_version;
    detail.screened_at = at;
    detail.withdrawable_since = withdrawable_since;
    // What was known before stays known: news is what was never heard of while the lead stands.
    let before = std::mem::replace(&mut detail.explanation, found.explanation);
    detail.explanation.retired = before.retired_in(&detail.explanation, at);
    detail.explanation.known.extend(before.known);
    detail.explanation.placed = before.placed;
}

/// How something joins a lead.
struct Joining {
    outcome: Outcome,
    rises_to: Option<base::Severity>,
    withdrawable: bool,
}

/// What the lead stood on once and was no longer said at its last screening. What screenings found is never changed, so
/// this is told by them, whatever became of the lead since.
fn gone(screenings: &[ScreeningRecord], lead: MatterId) -> BTreeSet<String> {
    let of_lead = || screenings.iter().filter(|record| record.matter == lead);
    let Some(last) = of_lead().next_back() else { return BTreeSet::new() };
    let used = of_lead().flat_map(|record| &record.explanation.used);
    used.filter(|element| !last.explanation.known.contains(*element)).cloned().collect()
}

fn event(kind: &'static str, matter: &Matter, before: Value, after: Value) -> Event {
    Event { kind, subject: matter.subject, matter: Some(matter.id), area: Some(matter.area), before, after }
}

fn new_lead(facts: &PersonFacts, area: AreaPath, severity: base::Severity) -> NewMatter {
    let name = facts.name.as_deref().unwrap_or_default();
    NewMatter {
        program: PROGRAM.to_owned(),
        kind: LEAD.to_owned(),
        parent: None,
        opened_from: None,
        subject: Some(facts.person),
        area,
        severity,
        origin: "screening".to_owned(),
        words: MatterWords {
            title: Masked::on_list(FieldClass::Name, name).to_string(),
            ..MatterWords::default()
        },
        due: None,
        opener: None,
        holder: None,
        organisation: None,
    }
}

/// What was decided before, of everybody in one transaction.
struct Standings {
    details: HashMap<PersonId, Vec<LeadDetail>>,
    screenings: HashMap<PersonId, Vec<ScreeningRecord>>,
    /// The case that is open, else the next visit of the file.
    cases: HashMap<PersonId, Matter>,
    leads: HashMap<MatterId, Matter>,
}

impl Standings {
    async fn read(
        matters: &Matters,
        write: &Write,
        found: &[(PersonFacts, Found)],
    ) -> Result<Self, MatterError> {
        let (connection, keys) = (write.connection(), write.keys());
        let ids: Vec<PersonId> = found.iter().map(|(_, found)| found.person).collect();
        let mut cases = HashMap::new();
        for id in &ids {
            // A case keeps the id under which it was opened, although the child has turned out to be another.
            let known_as = [vec![*id], people::persons::repo::merged_into(connection, *id).await?].concat();
            let case = matters.open_of(connection, keys, PROGRAM, CASE, &known_as).await?;
            let in_hand = match case {
                Some(case) => Some(case),
                None => matters.open_of(connection, keys, PROGRAM, VISIT, &known_as).await?,
            };
            if let Some(in_hand) = in_hand {
                cases.insert(*id, in_hand);
            }
        }
        let details = repo::details_of(connection, keys, &ids).await?;
        let leads: Vec<MatterId> = details.values().flatten().map(|detail| detail.matter).collect();
        let leads = matters.by_ids(connection, keys, &matters.scope(&Actor::system()), &leads).await?;
        Ok(Self {
            details,
            leads: leads.into_iter().map(|lead| (lead.id, lead)).collect(),
            screenings: repo::screenings_of(connection, keys, &ids).await?,
            cases,
        })
    }

    fn case(&self, person: PersonId) -> Option<&Matter> {
        self.cases.get(&person)
    }

    /// What was decided before of `person`, and the lead that is open.
    fn of(&mut self, person: PersonId) -> (Standing, Option<(Matter, LeadDetail)>) {
        let details = self.details.remove(&person).unwrap_or_default();
        let mut standing = Standing { has_case: self.cases.contains_key(&person), ..Standing::default() };
        let screenings = self.screenings.get(&person).map_or(&[][..], Vec::as_slice);
        // Whoever dismisses a lead without going there decides about what is said on that day: what its source had taken
        // back by then was weighed by nobody.
        let dismissed = details.iter().filter_map(|detail| self.leads.get(&detail.matter));
        let dismissed = dismissed.filter(|lead| lead.outcome.as_deref() == Some(DISMISSED));
        let unweighed: HashMap<MatterId, BTreeSet<String>> =
            dismissed.map(|lead| (lead.id, gone(screenings, lead.id))).collect();
        let mut settle = |matter: MatterId, known: &BTreeSet<String>| {
            let unweighed = unweighed.get(&matter);
            let weighed =
                known.iter().filter(|element| !unweighed.is_some_and(|gone| gone.contains(*element)));
            standing.settled.extend(weighed.cloned());
        };
        for record in screenings {
            settle(record.matter, &record.explanation.known);
        }
        for detail in &details {
            settle(detail.matter, &detail.explanation.known);
        }
        let mut open = None;
        for detail in details {
            // Of several leads of one child, after two children were found to be one, the first is the one that is kept up.
            let Some(matter) = self.leads.remove(&detail.matter) else { continue };
            if matter.closed_at.is_none() && open.is_none() {
                standing.lead = Some(OpenLead {
                    severity: matter.severity,
                    used: detail.explanation.used.clone(),
                    gone: gone(screenings, matter.id),
                    known: detail.explanation.known.clone(),
                    nobody_has_gone: STAGES_BEFORE_CHECK.contains(&matter.stage.as_str()),
                });
                open = Some((matter, detail));
            }
        }
        (standing, open)
    }
}

/// What is written at the end of a transaction, together.
struct News<'a> {
    cause: &'a Cause,
    records: Vec<ScreeningRecord>,
    joined: Vec<LeadIndicator>,
    ended: Vec<uuid::Uuid>,
}

impl<'a> News<'a> {
    fn new(cause: &'a Cause) -> Self {
        Self { cause, records: Vec::new(), joined: Vec::new(), ended: Vec::new() }
    }

    fn record(&mut self, write: &Write, matter: &Matter, found: &Found, outcome: Outcome) {
        self.records.push(ScreeningRecord {
            id: write.new_id(),
            person: found.person,
            matter: matter.id,
            delivery: self.cause.delivery,
            at: write.at(),
            rules_version: found.rules_version.clone(),
            points: found.points,
            level: found.level,
            outcome,
            explanation: found.explanation.clone(),
        });
    }

    /// What the rules now rest on and the lead does not stand on yet.
    fn stand_on(&mut self, write: &Write, matter: MatterId, found: &Found, stands: &[LeadIndicator]) {
        let there: HashSet<_> =
            stands.iter().filter(|one| one.ended_at.is_none()).map(|one| one.indicator).collect();
        let fresh =
            found.explanation.grounds().into_iter().filter(|ground| !there.contains(&ground.indicator));
        self.joined.extend(fresh.map(|ground| LeadIndicator {
            id: write.new_id(),
            matter,
            indicator: ground.indicator,
            row: ground.row,
            joined_at: write.at(),
            ended_at: None,
            ground: ground.clone(),
        }));
    }

    /// What the lead stands on and no present row says any more.
    fn end_lost(&mut self, stands: &[LeadIndicator], found: &Found) {
        let present: HashSet<_> =
            found.explanation.grounds().into_iter().map(|ground| ground.indicator).collect();
        let lost = stands.iter().filter(|one| one.ended_at.is_none() && !present.contains(&one.indicator));
        self.ended.extend(lost.map(|one| one.id));
    }

    async fn save(self, write: &Write) -> Result<(), StoreError> {
        repo::keep(write, &self.records).await?;
        repo::end_indicators(write, &self.ended).await?;
        repo::insert_indicators(write, &self.joined).await
    }
}

impl std::ops::AddAssign for Screened {
    fn add_assign(&mut self, other: Self) {
        self.persons = self.persons.saturating_add(other.persons);
        self.opened = self.opened.saturating_add(other.opened);
        self.joined = self.joined.saturating_add(other.joined);
        self.marked = self.marked.saturating_add(other.marked);
        self.noted = self.noted.saturating_add(other.noted);
        self.waiting = self.waiting.saturating_add(other.waiting);
    }
}
