//! Referrals on the page of the matter that sends them: to whom, how each stands, and the form of a new one.

use std::collections::{BTreeMap, HashMap};

use access::FieldClass;
use access::organisations::{self, Organisation, OrganisationFilter, OrganisationKind};
use askama::Template;
use base::{AccountId, AreaLevel, MatterId, Moment, OrganisationId};
use serde_json::Value;
use store::{Read, journal};
use texts::Language;
use web::components::{Badge, Clock, Tone};
use web::{Ctx, Tokens, Typed, Worded as _};
use workflow::{Answer, Answers, Holder, Kind, Period};

use super::Texts;
use super::acts::Act;
use super::names::{Names, Wanted};
use super::papers::{self, Paper};
use super::read::{Ask, clock_of};
use super::sheet::{Filling, Sheet};
use crate::answers::HandedIn;
use crate::matter::holders::{Contact, Contacts};
use crate::referrals::referral_kind;
use crate::{Matter, MatterError, Matters};

/// Referrals of one matter that are shown.
const SHOWN_AT_MOST: usize = 60;

/// The referrals of a matter. Prints itself.
#[derive(Template)]
#[template(path = "panel/templates/referrals.html")]
pub struct Referrals {
    pub(super) t: Texts,
    pub(super) tokens: Tokens,
    pub(super) base: String,
    pub(super) version: i32,
    /// Those that were sent, the newest first.
    pub rows: Vec<Referral>,
    /// Where the form of a new one is, if one may be sent now.
    pub new_href: Option<String>,
    /// How many came back or failed, and nobody has said what becomes of them.
    pub(super) waiting: usize,
    /// The form, if it is open.
    pub(super) form: Option<ReferForm>,
    /// How many duties of how many classes the list is said to have.
    pub(super) list: String,
}

/// One referral.
pub struct Referral {
    /// Where its own page is.
    pub href: String,
    /// Its number.
    pub number: String,
    /// To whom.
    pub organisation: String,
    /// How it stands.
    pub state: Badge,
    /// What is asked.
    pub title: String,
    /// When it was sent, and by what duty.
    pub note: String,
    /// Its clock while it is open.
    pub clock: Option<Clock>,
    /// Whether it came back or failed, and whoever sent it has to say what becomes of it.
    pub is_waiting: bool,
    /// What the department answered.
    pub answer: Option<Paper>,
    /// What was said of it since, each with its action, and by whom.
    pub reasons: Vec<Reason>,
    /// Where the form is that sends it again.
    pub again_href: Option<String>,
    /// What can be done with it here.
    pub acts: Vec<Act>,
    pub(super) base: String,
    pub(super) version: i32,
}

/// A reason that somebody gave for an act on a referral.
pub struct Reason {
    /// The act: 退回.
    pub action: String,
    /// The reason.
    pub words: String,
    /// By whom and when.
    pub who: String,
}

/// The form of a new referral.
pub(super) struct ReferForm {
    pub destinations: Vec<(String, Vec<Destination>)>,
    /// What they are told of the person, filled in from what is known.
    pub told: Option<Sheet>,
    pub typed: Typed,
    pub previous: Option<String>,
    pub back: String,
}

/// To whom something can be referred.
pub(super) struct Destination {
    pub value: String,
    pub label: String,
    pub is_there: bool,
}

impl Referrals {
    /// How many are open.
    pub fn open(&self) -> usize {
        self.rows.iter().filter(|row| row.clock.is_some()).count()
    }
}

web_prints!(Referrals);

/// Whether the form of a referral is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ReferAsked {
    /// Not at all.
    #[default]
    No,
    /// An empty one.
    New,
    /// One that sends this referral again.
    Again(MatterId),
}

impl ReferAsked {
    /// The form that sends `previous` again, else an empty one.
    pub fn of(previous: Option<MatterId>) -> Self {
        previous.map_or(Self::New, Self::Again)
    }
}

/// What is asked of [`Referrals::read`].
pub(super) struct Wanting<'a> {
    pub ctx: &'a Ctx,
    pub read: &'a Read,
    pub matters: &'a Matters,
    pub matter: &'a Matter,
    /// Whether the form of a new one is open.
    pub open: ReferAsked,
    /// What the page wants: what was typed, what is known.
    pub ask: &'a Ask<'a>,
    pub here: &'a str,
}

impl Referrals {
    /// The referrals of a matter that the actor may see; `None` for a matter that never has any.
    pub(super) async fn read(wanting: &Wanting<'_>) -> Result<Option<Self>, MatterError> {
        let Wanting { ctx, read, matters, matter, .. } = *wanting;
        let (connection, keys) = (read.connection(), read.keys());
        if !matters.kind_of(matter)?.stages.values().any(|stage| stage.refers) {
            return Ok(None);
        }
        let mut sent = matters.children(connection, keys, &matters.scope(&ctx.actor), matter.id).await?;
        sent.retain(|child| child.organisation.is_some());
        sent.reverse();
        sent.truncate(SHOWN_AT_MOST);
        let may = match matters.may_refer(connection, keys, &ctx.actor, matter).await {
            Ok(()) => true,
            Err(error) if error.message().is_some() || matches!(error, MatterError::NotAllowed) => false,
            Err(error) => return Err(error),
        };
        let (rows, waiting) = rows(wanting, &sent, may).await?;
        let form = match wanting.open {
            ReferAsked::New if may => Some(refer_form(wanting, &sent, None).await?),
            ReferAsked::Again(previous) if may => Some(refer_form(wanting, &sent, Some(previous)).await?),
            _ => None,
        };
        Ok(Some(Self {
            t: Texts(ctx.language),
            tokens: ctx.tokens(),
            base: format!("/matters/{}", matter.id),
            version: matter.version,
            rows,
            waiting,
            new_href: (may && form.is_none()).then(|| format!("{}?refer=new#refer", wanting.here)),
            form,
            list: list_words(matters, matter, ctx.language),
        }))
    }
}

fn list_words(matters: &Matters, matter: &Matter, language: Language) -> String {
    let program = matters.programs().version(&matter.program, &matter.program_version);
    program.map_or_else(String::new, |program| {
        let list = &program.routing.responsibility;
        Texts(language).refer_list(list.stated_classes, list.stated_duties)
    })
}

/// The rows, and how many of the referrals came back or failed and are not settled.
async fn rows(
    wanting: &Wanting<'_>,
    sent: &[Matter],
    may: bool,
) -> Result<(Vec<Referral>, usize), MatterError> {
    let Wanting { ctx, read, matters, .. } = *wanting;
    let (connection, t) = (read.connection(), Texts(ctx.language));
    let details = matters.referral_details(connection, sent).await?;
    let mut said = HashMap::with_capacity(sent.len());
    for one in sent {
        said.insert(one.id, Said::read(wanting, one).await?);
    }
    let mut wanted = Wanted::default();
    wanted.organisations.extend(sent.iter().filter_map(|one| one.organisation));
    wanted.accounts.extend(said.values().flat_map(Said::accounts));
    let names = Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
    let sent_again: Vec<MatterId> = details.values().filter_map(|detail| detail.previous).collect();
    let mut waiting = 0;
    let mut rows = Vec::with_capacity(sent.len());
    for one in sent {
        let kind = matters.kind_of(one)?;
        let detail = details.get(&one.id);
        let duty = detail.and_then(|detail| detail.duty.as_deref()).and_then(|key| matters.duty_of(one, key));
        let duty = duty.map(|duty| duty.label.says(ctx.language)).unwrap_or_default();
        let is_sent_again = sent_again.contains(&one.id);
        // Those that ran under an earlier version of the program ended when they were rejected.
        let is_waiting =
            matters.waits_for_sender(one) || (one.outcome.as_deref() == Some(REJECTED) && !is_sent_again);
        waiting += usize::from(is_waiting);
        let again = may && !is_sent_again && matters.may_be_sent_again(one);
        let (answer, reasons) = match said.remove(&one.id) {
            Some(said) => said.shown(ctx, matters, one, &names)?,
            None => (None, Vec::new()),
        };
        rows.push(Referral {
            href: matters.path_for(ctx, one),
            number: one.number.clone(),
            organisation: one.organisation.map(|id| names.organisation(id)).unwrap_or_default().to_owned(),
            state: state(one, kind, ctx.language),
            title: matters.worded_for(&ctx.actor, one).words.title,
            note: {
                let sent = t.refer_note(web::show::when(one.opened_at, ctx.now), duty);
                let terms = terms(ctx, matters, one, detail.and_then(|detail| detail.duty.as_deref()));
                let terms = terms.filter(|_| one.closed_at.is_none()).unwrap_or_default();
                format!("{} {terms}", sent.trim()).trim().to_owned()
            },
            clock: one.closed_at.is_none().then(|| clock_of(one, kind, ctx)),
            is_waiting,
            answer,
            reasons,
            again_href: again.then(|| format!("{}?refer=again&previous={}#refer", wanting.here, one.id)),
            acts: withdrawals(wanting, one).await?,
            base: format!("/matters/{}", one.id),
            version: one.version,
        });
    }
    Ok((rows, waiting))
}

/// The outcome of a referral that was done.
const DONE: &str = "done";
/// The outcome of a referral that its addressee turned down, under earlier versions of the program.
const REJECTED: &str = "rejected";

/// How a referral stands, as a badge.
pub fn state(referral: &Matter, kind: &Kind, language: Language) -> Badge {
    let outcome = referral.outcome.as_deref();
    let label = outcome.and_then(|outcome| kind.outcomes.get(outcome));
    let label = label.or_else(|| kind.stages.get(&referral.stage).map(|stage| &stage.label));
    let word = label.map(|label| label.says(language)).unwrap_or_default();
    match outcome {
        Some(DONE) => Badge::new(Tone::Ok, "circle-check", word),
        Some(REJECTED) => Badge::new(Tone::Urgent, "x", word),
        Some(_) => Badge::new(Tone::Low, "arrow-back-up", word),
        // Whoever sent it has it back: what was asked for is not met.
        None if holder_of(referral, kind) == Some(Holder::Opener) => {
            Badge::new(Tone::Urgent, "alert-triangle", word)
        }
        None if referral.stage == kind.first => Badge::new(Tone::Medium, "clock", word),
        None => Badge::new(Tone::Info, "player-play", word),
    }
}

fn holder_of(referral: &Matter, kind: &Kind) -> Option<Holder> {
    kind.stages.get(&referral.stage)?.run.as_ref().map(|run| run.holder)
}

/// What the actor can do with a referral from here: what asks for no form.
async fn withdrawals(wanting: &Wanting<'_>, referral: &Matter) -> Result<Vec<Act>, MatterError> {
    let Wanting { ctx, read, matters, .. } = *wanting;
    if referral.closed_at.is_some() {
        return Ok(Vec::new());
    }
    let offers = matters.offers(read.connection(), read.keys(), &ctx.actor, referral).await?;
    let open = offers.into_iter().filter(|offer| offer.refusal.is_none() && offer.action.form.is_none());
    let acts = open.map(|offer| Act {
        label: offer.action.label.says(ctx.language).to_owned(),
        key: offer.action.key,
        icon: "arrow-back-up".to_owned(),
        form: None,
        form_href: None,
        reason_least: offer.action.reason_least,
        holders: None,
        reason: String::new(),
        holder: String::new(),
        is_main: false,
    });
    Ok(acts.collect())
}

/// What was said of a referral after it was sent.
struct Said {
    /// What the department handed in.
    answer: Option<HandedIn>,
    /// Reasons of acts, the first first.
    reasons: Vec<Because>,
}

/// A reason as the journal keeps it.
struct Because {
    stage: String,
    action: String,
    reason: String,
    account: Option<AccountId>,
    at: Moment,
}

/// Acts on a referral of which the reasons are looked at: more than a referral goes through.
const ACTS_LOOKED_AT: u64 = 20;

impl Said {
    /// What was said of a referral, once it has come to an end or back to whoever sent it.
    async fn read(wanting: &Wanting<'_>, referral: &Matter) -> Result<Self, MatterError> {
        let Wanting { ctx, read, matters, .. } = *wanting;
        let (connection, keys) = (read.connection(), read.keys());
        if referral.closed_at.is_none() && !matters.waits_for_sender(referral) {
            return Ok(Self { answer: None, reasons: Vec::new() });
        }
        let token = matters.token(connection, &ctx.actor, referral.id).await?;
        let tells = matters.kind_of(referral)?.tells.as_deref();
        let answers = matters.answers(connection, keys, &token).await?.into_values();
        let answer = answers.filter(|paper| Some(paper.form.as_str()) != tells).max_by_key(|paper| paper.at);
        let filter = journal::Filter {
            matter: Some(referral.id),
            kinds: vec!["matters.acted".to_owned()],
            ..journal::Filter::default()
        };
        let entries = journal::list(read, &filter, None, ACTS_LOOKED_AT).await?.into_iter().rev();
        let reasons = entries.filter_map(|entry| {
            let payload = entry.payload?;
            let word = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).map(str::to_owned);
            Some(Because {
                stage: word(&payload.before, "stage")?,
                action: word(&payload.after, "action")?,
                reason: word(&payload.after, "reason")?,
                account: entry.actor.account,
                at: entry.at,
            })
        });
        Ok(Self { answer, reasons: reasons.collect() })
    }

    fn accounts(&self) -> impl Iterator<Item = AccountId> + '_ {
        let answered = self.answer.iter().filter_map(|paper| paper.account);
        answered.chain(self.reasons.iter().filter_map(|one| one.account))
    }

    /// The answer, unfolded where it is no success, and the reasons, as the reader may see them.
    fn shown(
        &self,
        ctx: &Ctx,
        matters: &Matters,
        referral: &Matter,
        names: &Names,
    ) -> Result<(Option<Paper>, Vec<Reason>), MatterError> {
        let kind = matters.kind_of(referral)?;
        let forms = &matters.workflow_of(referral)?.forms;
        let answer = self.answer.as_ref().and_then(|answer| {
            let paper = papers::one_paper(forms.get(&answer.form)?, answer, names, ctx);
            Some(Paper { is_open: referral.outcome.as_deref() != Some(DONE), ..paper })
        });
        let reasons = self.reasons.iter().map(|one| {
            let action = kind.stages.get(&one.stage).and_then(|stage| stage.actions.get(&one.action));
            let who = one.account.map(|account| names.account(account)).unwrap_or_default();
            let words = ctx.app.roles.show(&ctx.actor, FieldClass::Narrative, &one.reason);
            Reason {
                action: action.map(|one| one.label.says(ctx.language)).unwrap_or_default().to_owned(),
                words: words.to_string(),
                who: format!("{who} {}", web::show::when(one.at, ctx.now)),
            }
        });
        Ok((answer, reasons.collect()))
    }
}

async fn refer_form(
    wanting: &Wanting<'_>,
    sent: &[Matter],
    previous: Option<MatterId>,
) -> Result<ReferForm, MatterError> {
    let Wanting { ctx, read, matters, matter, .. } = *wanting;
    let again = previous.and_then(|previous| sent.iter().find(|one| one.id == previous));
    let address = format!("/matters/{}/refer", matter.id);
    let sent = wanting.ask.typed.filter(|_| wanting.ask.refer != ReferAsked::No);
    let typed = match (sent, again) {
        (Some(typed), _) => typed.clone(),
        (None, Some(again)) => {
            let details = matters.referral_details(read.connection(), std::slice::from_ref(again)).await?;
            let duty = details.get(&again.id).and_then(|detail| detail.duty.clone());
            let to = duty.map(|duty| format!("duty:{duty}")).unwrap_or_default();
            let known =
                [("to", to), ("title", again.words.title.clone()), ("summary", again.words.summary.clone())];
            ctx.typed_or(&address, known)
        }
        (None, None) => ctx.typed(&address),
    };
    let is_typed = sent.is_some() || typed.is_given_back();
    Ok(ReferForm {
        destinations: destinations(wanting).await?,
        told: told(wanting, again, is_typed.then_some(&typed)).await?,
        typed,
        previous: again.map(|again| again.id.to_string()),
        back: wanting.here.to_owned(),
    })
}

/// The form of what they are told of the person: as it was typed, else as it was sent before, else from what is known.
async fn told(
    wanting: &Wanting<'_>,
    again: Option<&Matter>,
    typed: Option<&Typed>,
) -> Result<Option<Sheet>, MatterError> {
    let Wanting { ctx, read, matters, matter, ask, .. } = *wanting;
    let Some(form) = matters.telling_form(matter)? else { return Ok(None) };
    let before = match again {
        Some(again) => {
            let (connection, keys) = (read.connection(), read.keys());
            let (_, token) = matters.look_up(connection, keys, &ctx.actor, again.id).await?;
            let mut sent = matters.answers(connection, keys, &token).await?;
            // Nothing was told: then nothing is proposed either.
            Some(sent.remove(&form.key).map(|sent| sent.filled.answers).unwrap_or_default())
        }
        None => None,
    };
    let known: BTreeMap<String, Answer> =
        ask.known.iter().filter_map(|one| Some((one.word.clone(), one.answer.clone()?))).collect();
    let answers: Answers = match &before {
        Some(before) => before.clone(),
        None => crate::forms::fill_in(form, &known, None, None, ctx.today()).0,
    };
    let filling = Filling {
        answers: &answers,
        is_earlier: &|field| before.as_ref().is_some_and(|before| before.values.contains_key(field)),
        known: if before.is_some() { &[] } else { ask.known },
        typed,
        faults: ask.faults,
        photos: &[],
        persons: &[],
    };
    Ok(Some(Sheet::new(form, &filling, ctx.today(), ctx.language)))
}

/// The duties of the responsibility list by class, each with the organisation that has it here; then the other
/// organisations that take referrals here. Where nobody would get it, that is said in place of a choice.
async fn destinations(wanting: &Wanting<'_>) -> Result<Vec<(String, Vec<Destination>)>, MatterError> {
    let Wanting { ctx, read, matters, matter, .. } = *wanting;
    let (connection, t, language) = (read.connection(), Texts(ctx.language), ctx.language);
    let Some(program) = matters.programs().version(&matter.program, &matter.program_version) else {
        return Ok(Vec::new());
    };
    let kind = referral_kind(&program.workflow).map(|kind| kind.key.as_str()).unwrap_or_default();
    let contacts = Contacts::read(connection, &program.workflow, kind, &matter.area, ctx.now).await?;
    let mut groups = Vec::new();
    for class in &program.routing.responsibility.classes {
        let mut duties = Vec::new();
        for duty in &class.duties {
            let organisation = matters.destination(connection, matter, &duty.key).await?;
            let label = duty.label.says(language);
            let terms = t.refer_terms(period(duty.answer_within, t), period(duty.done_within, t));
            let value = format!("duty:{}", duty.key);
            duties.push(match organisation {
                Some(one) => {
                    Destination::of(value, &contacts, one.id, t.refer_duty(one.name, label, terms), t)
                }
                None => Destination { value, label: t.refer_nobody(label), is_there: false },
            });
        }
        groups.push((class.label.says(language).to_owned(), duties));
    }
    let others = others(wanting, &contacts).await?.into_iter().map(|one| {
        let value = format!("organisation:{}", one.id);
        Destination::of(value, &contacts, one.id, one.name, t)
    });
    groups.push((t.refer_others().to_owned(), others.collect()));
    Ok(groups)
}

/// Departments and agencies of the district, and whoever else has a contact for its place: an office or a station without
/// one is nobody to refer to.
async fn others(wanting: &Wanting<'_>, contacts: &Contacts) -> Result<Vec<Organisation>, MatterError> {
    let connection = wanting.read.connection();
    let within = wanting.matter.area.cut_at(AreaLevel::District);
    let mut found = Vec::new();
    for kind in [OrganisationKind::Department, OrganisationKind::Agency] {
        let filter = OrganisationFilter { kind: Some(kind), within: Some(within), with_closed: false };
        found.extend(organisations::list(connection, &filter, None, organisations::PAGE_AT_MOST).await?);
    }
    let rest = contacts.organisations().filter(|id| !found.iter().any(|one| one.id == *id));
    let rest: Vec<OrganisationId> = rest.collect();
    let mut rest = organisations::by_ids(connection, &rest).await?;
    rest.retain(|one| {
        one.closed_at.is_none() && (one.area.is_within(&within) || within.is_within(&one.area))
    });
    found.extend(rest);
    found.sort_by_key(|one| one.id);
    Ok(found)
}

impl Destination {
    /// An organisation as a choice; one that nobody can be reached at says why it is none.
    fn of(value: String, contacts: &Contacts, id: OrganisationId, label: String, t: Texts) -> Self {
        match contacts.of(id) {
            Contact::Held(_) => Self { value, label, is_there: true },
            Contact::Vacant => Self { value, label: t.refer_vacant(label), is_there: false },
            Contact::None => Self { value, label: t.refer_no_contact(label), is_there: false },
        }
    }
}

/// Within what time a referral is to be answered and done, in words: the clock counts one after the other, and whoever
/// sees one of them takes it for the whole.
pub fn terms(ctx: &Ctx, matters: &Matters, referral: &Matter, duty: Option<&str>) -> Option<String> {
    let t = Texts(ctx.language);
    let (answer, done) = if let Some(duty) = duty.and_then(|key| matters.duty_of(referral, key)) {
        (duty.answer_within, duty.done_within)
    } else {
        let stages = matters.kind_of(referral).ok()?.stages.values();
        let mut runs = stages.filter_map(|stage| stage.run.as_ref());
        let mut next = || runs.next().map(|run| run.deadline.of(referral.severity));
        (next()?, next()?)
    };
    Some(t.refer_terms(period(answer, t), period(done, t)))
}

/// A length of time in words.
pub(super) fn period(period: Period, t: Texts) -> String {
    match period {
        Period::Minutes(minutes) => t.period_minutes(minutes),
        Period::Hours(hours) => t.period_hours(hours),
        Period::WorkingDays(days) => t.period_working_days(days),
        Period::Days(days) => t.period_days(days),
    }
}
