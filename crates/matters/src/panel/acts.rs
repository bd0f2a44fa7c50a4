//! What a person can do with a matter: the actions of its stage, stopping and starting its clock, handing it to another
//! post. What is refused says why.

use std::collections::HashMap;

use access::posts::{self, Holder};
use askama::Template;
use base::{AreaLevel, AreaPath, Moment, PostId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use store::Read;
use web::{Choice, Ctx, Tokens, Typed, Worded as _};
use workflow::{ActorFacts, Arrival, Kind, MatterState, PauseRule, Refusal, Stage, StageAction, Workflow};

use super::Texts;
use super::names::{Names, Wanted};
use super::read::Ask;
use crate::matter::holders::{Entering, fits};
use crate::matter::{Surroundings, facts};
use crate::{Matter, MatterError, Matters, Offer, Phase};

/// What can be done. Prints itself as forms, one below the other.
#[derive(Template)]
#[template(path = "panel/templates/acts.html")]
pub struct Acts {
    pub(super) t: Texts,
    pub(super) tokens: Tokens,
    /// The pages of the matter's forms: `/matters/{id}`.
    pub(super) base: String,
    pub(super) version: i32,
    /// What the program advises.
    pub(super) advice: Option<String>,
    /// The actions.
    pub acts: Vec<Act>,
    /// Actions that are refused, each with the reason.
    pub refused: Vec<(String, String)>,
    /// Who has the step, since when and until when, for a reader who can do nothing with it.
    pub elsewhere: Option<String>,
    pub(super) pause: Option<PauseForm>,
    pub(super) can_resume: bool,
    pub(super) assign: Option<AssignForm>,
}

/// One action that can be taken.
pub struct Act {
    /// Its key.
    pub key: String,
    /// The verb.
    pub label: String,
    /// Icon of where it leads.
    pub icon: String,
    /// The form that it hands in.
    pub form: Option<String>,
    /// Where that form is, unless it is on the page already.
    pub form_href: Option<String>,
    /// Fewest letters of its reason, where it asks for one.
    pub reason_least: Option<usize>,
    /// Posts that may be named to hold the matter next; `None` where none can.
    pub holders: Option<Vec<Choice>>,
    /// What was typed as its reason.
    pub reason: String,
    /// The post that was chosen.
    pub holder: String,
    /// Whether its button is the one that is filled.
    pub is_main: bool,
}

pub(super) struct PauseForm {
    pub typed: Typed,
    pub reasons: Vec<Choice>,
    pub earliest: String,
    pub latest: String,
    /// How long at a time, and in all in this step.
    pub bounds: String,
}

pub(super) struct AssignForm {
    pub typed: Typed,
    pub holders: Vec<Choice>,
    pub reason_least: usize,
}

impl Acts {
    /// Whether nothing at all can be done.
    pub fn is_empty(&self) -> bool {
        self.acts.is_empty() && self.pause.is_none() && !self.can_resume && self.assign.is_none()
    }

    /// What a narrow screen, where the actions stand below all that is to be read, keeps within reach: where to go, the
    /// icon and the words of the action that is put forward.
    pub fn next(&self) -> Option<(&str, &str, String)> {
        let is_filled_in_here = |act: &&Act| act.form.is_some() && act.form_href.is_none();
        let main = self.acts.iter().find(|act| act.is_main);
        let act = main.or_else(|| self.acts.iter().find(is_filled_in_here)).or(self.acts.first())?;
        let href = match (&act.form, &act.form_href) {
            (Some(_), Some(href)) => href.as_str(),
            (Some(_), None) => "#form",
            (None, _) => "#acts",
        };
        Some((href, &act.icon, self.t.acts_next(&act.label)))
    }
}

web_prints!(Acts);

/// What is asked of [`Acts::read`].
pub(super) struct Wanting<'a> {
    pub ctx: &'a Ctx,
    pub read: &'a Read,
    pub matters: &'a Matters,
    pub matter: &'a Matter,
    pub surroundings: &'a Surroundings,
    pub offers: &'a [Offer],
    /// The action whose form is on the page.
    pub open_form: Option<&'a str>,
    /// What the page wants: what was typed, whom the program proposes.
    pub ask: &'a Ask<'a>,
    /// Where the page is that shows the panel.
    pub here: &'a str,
}

impl Acts {
    pub(super) async fn read(wanting: &Wanting<'_>) -> Result<Self, MatterError> {
        let Wanting { ctx, read, matters, matter, .. } = *wanting;
        let kind = matters.kind_of(matter)?;
        let workflow = matters.workflow_of(matter)?;
        let state = wanting.surroundings.state(matter);
        let actor = facts(workflow, matter, &ctx.actor).ok();
        let may_steer = |roles: &[String]| {
            let steers = actor.as_ref().is_some_and(|actor| steers_as(&state, actor, roles));
            steers && matter.closed_at.is_none() && matters.works_on(&ctx.actor, &matter.kind)
        };
        let can_assign = may_steer(&kind.assign.roles);
        let names_holder =
            wanting.offers.iter().any(|offer| offer.refusal.is_none() && offer.action.names_holder);
        let candidates =
            if can_assign || names_holder { Candidates::read(wanting).await? } else { Candidates::default() };
        let arrival = Arrival { by: matter.entered_by, level: matter.entered_level };
        let others = candidates.for_stage(wanting, workflow, &matter.stage, arrival).into_iter();
        let others: Vec<Choice> = others.filter(|choice| choice.value != matter.holder.to_string()).collect();
        let pause = kind.pause.as_ref().filter(|rule| may_steer(&rule.roles));
        let can_pause = matter.phase() == Phase::Open && matters.stage_of(matter)?.pausable;
        let at_latest =
            |rule: &PauseRule| workflow::pause_at_latest(rule, &matter.clock, ctx.now, matters.calendar());
        let stop = pause.filter(|rule| can_pause && !rule.not_for.contains(&matter.severity));
        let stop = stop.map(|rule| (rule, at_latest(rule)));
        let t = Texts(ctx.language);
        let mut refused = refused(wanting);
        if let Some((_, Err(refusal))) = &stop {
            let why = refusal.message().says(ctx.language).to_owned();
            refused.push((refusal.clone(), t.act_pause().to_owned(), why));
        }
        let acts = acts(wanting, kind, workflow, &candidates);
        let has_nothing = acts.is_empty() && !can_assign && pause.is_none();
        let elsewhere = if has_nothing { elsewhere(ctx, read, matter).await? } else { None };
        if elsewhere.is_some() {
            // Who has it says more than that the reader has not.
            refused.retain(|(refusal, ..)| !matches!(refusal, Refusal::WrongRole | Refusal::NotHeld));
        }
        let refused = refused.into_iter().map(|(_, label, why)| (label, why)).collect();
        Ok(Self {
            t,
            tokens: ctx.tokens(),
            base: format!("/matters/{}", matter.id),
            version: matter.version,
            advice: wanting.ask.advice.clone().filter(|_| names_holder),
            acts,
            refused,
            elsewhere,
            pause: stop.and_then(|(rule, latest)| Some(pause_form(wanting, rule, latest.ok()?, t))),
            can_resume: pause.is_some() && matter.phase() == Phase::Paused,
            // Where nobody else could go on with it, there is nobody to hand it to.
            assign: (can_assign && !others.is_empty()).then(|| AssignForm {
                typed: typed_in(wanting, "assign", "holder"),
                holders: others,
                reason_least: kind.assign.reason_least,
            }),
        })
    }
}

/// What was typed into the form `name`, which always sends the field `mark`: before a refusal, or before a session ended.
fn typed_in(wanting: &Wanting<'_>, name: &str, mark: &str) -> Typed {
    let is_its = |typed: &&Typed| typed.value("action").is_empty() && typed.values(mark).next().is_some();
    let sent = wanting.ask.typed.filter(is_its).cloned();
    sent.unwrap_or_else(|| wanting.ctx.typed(&format!("/matters/{}/{name}", wanting.matter.id)))
}

fn steers_as(state: &MatterState<'_>, actor: &ActorFacts<'_>, roles: &[String]) -> bool {
    roles.iter().any(|role| role == actor.role) && workflow::steers(state, actor)
}

/// The form that stops a clock until `latest` at most.
fn pause_form(wanting: &Wanting<'_>, rule: &PauseRule, latest: Moment, t: Texts) -> PauseForm {
    let Wanting { ctx, .. } = *wanting;
    let reasons = rule.reasons.iter().map(|(key, label)| Choice::new(key, label.says(ctx.language)));
    PauseForm {
        typed: typed_in(wanting, "pause", "until"),
        reasons: reasons.collect(),
        earliest: web::show::full_day(ctx.today().tomorrow()),
        latest: web::show::full_day(latest.day()),
        bounds: t
            .act_pause_bounds(super::refer::period(rule.longest, t), super::refer::period(rule.in_all, t)),
    }
}

fn acts(wanting: &Wanting<'_>, kind: &Kind, workflow: &Workflow, candidates: &Candidates) -> Vec<Act> {
    let offered = wanting.offers.iter().filter(|offer| offer.refusal.is_none());
    let mut is_first = wanting.open_form.is_none();
    let given_back = wanting.ctx.typed(&format!("/matters/{}/act", wanting.matter.id));
    let given_back = Some(&given_back).filter(|typed| typed.is_given_back());
    let acts = offered.map(|offer| {
        let action = &offer.action;
        let to = action.branches.last().and_then(|branch| kind.stages.get(&branch.to));
        let is_here = wanting.open_form == Some(action.key.as_str());
        let typed = wanting.ask.typed.or(given_back).filter(|typed| typed.value("action") == action.key);
        let proposed = wanting.ask.proposed.filter(|_| action.names_holder).map(|post| post.to_string());
        let turns_down = turns_down(action, to);
        let suggested = wanting.ask.suggested.filter(|(key, _)| *key == action.key);
        Act {
            key: action.key.clone(),
            label: action.label.says(wanting.ctx.language).to_owned(),
            icon: icon_of(action, to).to_owned(),
            form: action.form.clone(),
            form_href: action
                .form
                .as_ref()
                .filter(|_| !is_here)
                .map(|_| format!("{}?action={}#form", wanting.here, action.key)),
            reason_least: action.reason_least,
            holders: action.names_holder.then(|| candidates.after(wanting, workflow, kind, action)),
            reason: match (typed, suggested) {
                (Some(typed), _) => typed.value("reason").to_owned(),
                (None, Some((_, reason))) => reason.to_owned(),
                (None, None) => String::new(),
            },
            holder: match typed {
                Some(typed) => typed.value("holder").to_owned(),
                None => proposed.unwrap_or_default(),
            },
            // Turning something down is never what a page puts forward.
            is_main: !turns_down && std::mem::take(&mut is_first),
        }
    });
    acts.collect()
}

/// Whether an action turns something down or back. One that ends what another asked to end agrees with them, whatever
/// reason it asks for.
fn turns_down(action: &StageAction, to: Option<&Stage>) -> bool {
    let agrees = action.decides() && to.is_some_and(Stage::ends);
    action.reason_least.is_some() && action.form.is_none() && !action.names_holder && !agrees
}

/// The icon of where an action leads; of one that turns something down or back, that.
fn icon_of<'a>(action: &StageAction, to: Option<&'a Stage>) -> &'a str {
    match to {
        Some(to) if turns_down(action, Some(to)) && to.ends() => "x",
        _ if turns_down(action, to) => "arrow-back-up",
        Some(to) => to.icon.as_str(),
        _ => "arrow-right",
    }
}

/// What is refused, and why. That a role never does something is said only to who can do nothing at all.
fn refused(wanting: &Wanting<'_>) -> Vec<(Refusal, String, String)> {
    let language = wanting.ctx.language;
    let some_can = wanting.offers.iter().any(|offer| offer.refusal.is_none());
    let refused = wanting.offers.iter().filter_map(|offer| {
        let refusal = offer.refusal.as_ref()?;
        if some_can && matches!(refusal, Refusal::WrongRole) {
            return None;
        }
        let label = offer.action.label.says(language).to_owned();
        Some((refusal.clone(), label, refusal.message().says(language).to_owned()))
    });
    refused.collect()
}

/// Who has the step that `matter` is in, since when and until when, for a reader who is not among them; `None` of a matter
/// that has ended, or that the reader holds.
///
/// # Errors
/// Those of the database.
pub async fn elsewhere(ctx: &Ctx, read: &Read, matter: &Matter) -> Result<Option<String>, MatterError> {
    if matter.closed_at.is_some() || ctx.actor.post == Some(matter.holder) {
        return Ok(None);
    }
    let wanted = Wanted { posts: vec![matter.holder], ..Wanted::default() };
    let names = Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
    let holder = names.post(matter.holder).line(ctx.language);
    let t = Texts(ctx.language);
    // With the hour: deadlines of a few hours are what somebody waits for.
    let day = |at: Moment| format!("{} {}", web::show::short_day(at.day(), ctx.today()), web::show::time(at));
    let (since, due) = (day(matter.clock.started), day(matter.clock.due));
    Ok(Some(match matter.phase() {
        Phase::Paused => t.acts_elsewhere_paused(holder, since),
        _ if matter.is_late(ctx.now) => t.acts_elsewhere_late(holder, since, due),
        _ => t.acts_elsewhere(holder, since, due),
    }))
}

/// The posts of the ladder that answer for the place, of which those are offered that can go on with the matter.
#[derive(Default)]
struct Candidates(Vec<(Holder, Choice)>);

impl Candidates {
    /// Of each rung of the ladder the posts that cover the place and that somebody holds, the nearest first, with how much
    /// each has in hand. Where no more than the sub-district is known those of its communities are among them.
    async fn read(wanting: &Wanting<'_>) -> Result<Self, MatterError> {
        let Wanting { ctx, read, matters, matter, .. } = *wanting;
        let workflow: &Workflow = matters.workflow_of(matter)?;
        let connection = read.connection();
        let mut found: Vec<Holder> = Vec::new();
        for rung in &workflow.ladder {
            for area in places(ctx, &matter.area, rung.level) {
                let held = posts::holders_for(connection, &rung.role, &area, ctx.now).await?;
                found.extend(held.into_iter().filter(|holder| holder.post.area.level() == rung.level));
            }
        }
        // Whom the program proposes comes first.
        found.sort_by_key(|holder| Some(holder.post.id) != wanting.ask.proposed);
        let ids: Vec<PostId> = found.iter().map(|holder| holder.post.id).collect();
        let loads = loads(connection, &ids).await?;
        let wanted = Wanted { posts: ids, ..Wanted::default() };
        let names = Names::read(read, &ctx.app, ctx.language, &wanted, ctx.now).await?;
        let t = Texts(ctx.language);
        let choices = found.into_iter().map(|holder| {
            let post = holder.post.id;
            let load = loads.get(&post).copied().unwrap_or(0);
            let choice =
                Choice::new(post.to_string(), t.holder_choice(names.post(post).line(ctx.language), load));
            (holder, choice)
        });
        Ok(Self(choices.collect()))
    }

    /// Those that could hold the matter in `stage`, once it came there so.
    fn for_stage(
        &self,
        wanting: &Wanting<'_>,
        workflow: &Workflow,
        stage: &str,
        arrival: Arrival,
    ) -> Vec<Choice> {
        let Wanting { ctx, matter, .. } = *wanting;
        let entering = Entering { workflow, kind: &matter.kind, stage, arrival, at: ctx.now };
        let fit = self.0.iter().filter(|(holder, _)| fits(&entering, &holder.post, &holder.accounts, matter));
        fit.map(|(_, choice)| choice.clone()).collect()
    }

    /// Those that could hold the matter wherever `action` of this actor leads it.
    fn after(
        &self,
        wanting: &Wanting<'_>,
        workflow: &Workflow,
        kind: &Kind,
        action: &StageAction,
    ) -> Vec<Choice> {
        let actor = &wanting.ctx.actor;
        let arrival = Arrival { by: actor.account, level: actor.post.map(|_| actor.area.level()) };
        let open = action.branches.iter().filter_map(|branch| kind.stages.get(&branch.to));
        let open: Vec<&Stage> = open.filter(|stage| !stage.ends()).collect();
        let fit_in = |stage: &&Stage| self.for_stage(wanting, workflow, &stage.key, arrival);
        let mut lists = open.iter().map(fit_in);
        let mut choices = lists.next().unwrap_or_default();
        for list in lists {
            choices.retain(|choice| list.iter().any(|other| other.value == choice.value));
        }
        choices
    }
}

/// Where posts of a rung are looked for: at the matter's own place, and in the communities of a sub-district.
fn places(ctx: &Ctx, area: &AreaPath, rung: AreaLevel) -> Vec<AreaPath> {
    if area.level() == AreaLevel::Subdistrict && rung == AreaLevel::Community {
        ctx.app.areas.children(area.area()).map(|community| community.path).collect()
    } else {
        vec![*area]
    }
}

/// How many open matters each post holds.
async fn loads(
    connection: &impl ConnectionTrait,
    posts: &[PostId],
) -> Result<HashMap<PostId, i64>, MatterError> {
    if posts.is_empty() {
        return Ok(HashMap::new());
    }
    let select = Query::select()
        .column("holder_post_id")
        .expr_as(Expr::col("id").count(), "count")
        .from("matter")
        .and_where(Expr::col("closed_at").is_null())
        .and_where(Expr::col("holder_post_id").is_in(posts.iter().map(|post| post.0)))
        .group_by_col("holder_post_id")
        .to_owned();
    let rows = connection.query_all(&select).await?;
    let rows = rows.iter().map(|row| {
        let post: uuid::Uuid = row.try_get("", "holder_post_id")?;
        Ok((PostId(post), row.try_get::<i64>("", "count")?))
    });
    rows.collect::<Result<_, sea_orm::DbErr>>().map_err(Into::into)
}
