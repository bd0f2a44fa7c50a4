//! A year's past: everybody who holds a matter does what a person in that post would do, some of it late, by the same
//! services as anybody, while the clock is moved.
//!
//! Nothing here knows the stages of any workflow: whoever holds a matter chooses among what the workflow offers, fills in
//! the form that it asks for, and now and then returns, dismisses or refers. What a check finds at the door follows from
//! how the child lives.

mod answers;
mod life;

use std::collections::{BTreeMap, BTreeSet};

use access::Actor;
use base::{AreaLevel, AreaPath, ManualClock, MatterId, Moment, PersonId, Severity};
use matters::inbox::{Filter, Whose};
use matters::{Acting, Matter, MatterError, MatterWords, Matters, Offer};
use web::App;
use workflow::{Answer, Answers, Refusal};

use crate::chance::Dice;
use crate::office::Office;
use answers::Story;

pub use life::Life;

/// Matters that are read at a time.
const PAGE: u64 = 200;
/// How often the desks are looked through for matters that came by other ways, in days.
const LOOK_EVERY_DAYS: i64 = 5;
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// What has been played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Played {
    /// Acts that were done.
    pub acts: u32,
    /// Referrals that were sent.
    pub referrals: u32,
    /// Acts that the services refused: a rule that was not seen coming.
    pub refused: u32,
}

/// The past while it is played.
pub struct Past<'a> {
    app: &'a App,
    clock: &'a ManualClock,
    matters: &'a Matters,
    office: &'a Office,
    dice: Dice,
    /// When who holds which matter turns to it, the earliest first; equal moments by the matter's number.
    plans: BTreeMap<(Moment, String), Plan>,
    planned: BTreeSet<(MatterId, i32)>,
    played: Played,
    refusals: BTreeMap<String, u32>,
    /// Matters that were thought of referring, with the stage in which that was.
    considered: BTreeSet<(MatterId, String)>,
    looked_at: Option<Moment>,
}

/// Somebody's intent.
#[derive(Debug, Clone, Copy)]
struct Plan {
    matter: MatterId,
    holder: base::PostId,
}

impl<'a> Past<'a> {
    /// A past of the office of `app`, whose clock is `clock`.
    pub fn new(
        app: &'a App,
        clock: &'a ManualClock,
        matters: &'a Matters,
        office: &'a Office,
        seed: u64,
    ) -> Self {
        Self {
            app,
            clock,
            matters,
            office,
            dice: Dice::new(seed, 4),
            plans: BTreeMap::new(),
            planned: BTreeSet::new(),
            played: Played::default(),
            refusals: BTreeMap::new(),
            considered: BTreeSet::new(),
            looked_at: None,
        }
    }

    /// What has been played so far.
    pub fn played(&self) -> Played {
        self.played
    }

    /// What was refused: kind, stage and action with the services' word for the reason, and how often.
    pub fn refusals(&self) -> &BTreeMap<String, u32> {
        &self.refusals
    }

    fn refused(&mut self, matter: &Matter, action: &str, error: &MatterError) {
        self.played.refused += 1;
        let what = format!("{} {} {action}: {}", matter.kind, matter.stage, error.key());
        *self.refusals.entry(what).or_default() += 1;
    }

    /// Plays up to `until`. `life_of` says what whoever knocks at a child's door will find.
    ///
    /// # Errors
    /// As the database; what the services refuse is counted, and the matter left to whoever holds it.
    pub async fn play(
        &mut self,
        until: Moment,
        life_of: &dyn Fn(PersonId) -> Option<Life>,
    ) -> Result<(), MatterError> {
        loop {
            self.look_around().await?;
            let next_look = self.looked_at.map_or(until, |at| at.plus_milliseconds(LOOK_EVERY_DAYS * DAY));
            let stop = next_look.min(until);
            while let Some(entry) = self.plans.first_entry() {
                if entry.key().0 > stop {
                    break;
                }
                let ((at, _), plan) = entry.remove_entry();
                self.clock.set(at.max(self.app.now()));
                Box::pin(self.turn_to(plan, life_of)).await?;
            }
            self.clock.set(stop.max(self.app.now()));
            self.matters.tick(&self.app.database, self.app.now()).await?;
            if stop >= until {
                return Ok(());
            }
            self.looked_at = None;
        }
    }

    /// What waits in `home` for the supervisor of its street is done now, before it was planned: whoever logs in as the
    /// director there finds leads sent to the phone.
    ///
    /// # Errors
    /// As [`Past::play`].
    pub async fn send_on(
        &mut self,
        home: AreaPath,
        life_of: &dyn Fn(PersonId) -> Option<Life>,
    ) -> Result<(), MatterError> {
        let Some(supervisor) =
            self.office.actor_at("child_supervisor", home.cut_at(AreaLevel::Subdistrict).area())
        else {
            return Ok(());
        };
        let filter = Filter { whose: Whose::Mine, ..Filter::default() };
        let read = self.app.database.read().await?;
        let page = self.matters.inbox(&read, supervisor, &filter, self.app.now(), None, PAGE).await?;
        drop(read);
        for row in page.rows.iter().filter(|row| row.matter.area.is_within(&home)) {
            let plan = Plan { matter: row.matter.id, holder: row.matter.holder };
            Box::pin(self.turn_to(plan, life_of)).await?;
        }
        Ok(())
    }

    /// Plans every open matter that is not planned yet.
    async fn look_around(&mut self) -> Result<(), MatterError> {
        let now = self.app.now();
        self.looked_at = Some(now);
        let city = self.app.areas.city().city;
        let Some(reader) = self.office.actor_at("city_officer", city) else { return Ok(()) };
        let filter = Filter { whose: Whose::Area, ..Filter::default() };
        let mut after = None;
        loop {
            let read = self.app.database.read().await?;
            let page = self.matters.inbox(&read, reader, &filter, now, after, PAGE).await?;
            for row in &page.rows {
                self.plan(&row.matter);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Plans when the holder turns to a matter: mostly in good time, now and then late.
    fn plan(&mut self, matter: &Matter) {
        if matter.closed_at.is_some() || !self.planned.insert((matter.id, matter.version)) {
            return;
        }
        let whole = matter.clock.due.milliseconds_since(matter.clock.started).max(1) as f64;
        let drawn = self.dice.unit();
        let share = if drawn < 0.74 {
            0.05 + 0.7 * self.dice.unit()
        } else if drawn < 0.90 {
            0.75 + 0.24 * self.dice.unit()
        } else {
            1.05 + self.dice.unit()
        };
        // Rounded to minutes: nobody works by the millisecond.
        #[expect(clippy::cast_possible_truncation, reason = "a period of some months in minutes")]
        let minutes = (whole * share / 60_000.0) as i64;
        let at = in_office_hours(matter.clock.started.plus_minutes(minutes), matter.severity);
        self.plans.insert((at, matter.number.clone()), Plan { matter: matter.id, holder: matter.holder });
    }

    /// The holder looks at the matter and does something, if anything can be done.
    async fn turn_to(
        &mut self,
        plan: Plan,
        life_of: &dyn Fn(PersonId) -> Option<Life>,
    ) -> Result<(), MatterError> {
        let office = self.office;
        let Some(actor) = office.actors.get(&plan.holder) else { return Ok(()) };
        let read = self.app.database.read().await?;
        let matter = match self.matters.look_up(read.connection(), read.keys(), actor, plan.matter).await {
            Ok((matter, _)) => matter,
            Err(MatterError::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        if matter.closed_at.is_some() || matter.holder != plan.holder {
            drop(read);
            self.plan(&matter);
            return Ok(());
        }
        let life = matter.subject.and_then(life_of);
        // First, since what can be done hangs on it: a case with an open referral is not closed.
        let (matter, offers) = if let Some((duty, label)) = self.wants_to_refer(&matter)? {
            drop(read);
            self.send_referral(actor, &matter, (&duty, &label), life.as_ref()).await?;
            let read = self.app.database.read().await?;
            let (matter, _) =
                self.matters.look_up(read.connection(), read.keys(), actor, plan.matter).await?;
            let offers = self.matters.offers(read.connection(), read.keys(), actor, &matter).await?;
            (matter, offers)
        } else {
            let offers = self.matters.offers(read.connection(), read.keys(), actor, &matter).await?;
            drop(read);
            (matter, offers)
        };
        if self.waits_for_its_sender(&matter)? {
            return self.settle(actor, &matter, &offers, life.as_ref()).await;
        }
        let story = Story::draw(&mut self.dice, life.as_ref().is_some_and(|life| life.is_at_risk));
        let Some(offer) = self.choose(&offers, story) else {
            // Nothing now: the next look around turns to it again, when a department may have answered.
            self.planned.remove(&(matter.id, matter.version));
            return Ok(());
        };
        match self.act(actor, &matter, &offer, (story, life.as_ref())).await {
            Ok(()) => self.played.acts += 1,
            Err(MatterError::Store(error)) => return Err(MatterError::Store(error)),
            Err(error) => self.refused(&matter, &offer.action.key, &error),
        }
        Ok(())
    }

    /// One of what can be done: what asks for a reason is the exception, and danger is reported by who met it.
    fn choose(&mut self, offers: &[Offer], story: Story) -> Option<Offer> {
        let open = offers.iter().filter(|offer| offer.refusal.is_none() && story.allows(&offer.action.key));
        let open: Vec<&Offer> = open.collect();
        let (plain, reasoned): (Vec<&Offer>, Vec<&Offer>) =
            open.into_iter().partition(|offer| offer.action.reason_least.is_none());
        let exceptional = self.dice.happens(if plain.is_empty() { 0.3 } else { 0.07 });
        let among = if exceptional && !reasoned.is_empty() { reasoned } else { plain };
        self.dice.pick(&among).map(|offer| (*offer).clone())
    }

    /// Whether a matter stands where its sender says what becomes of it: another one may take its place.
    fn waits_for_its_sender(&self, matter: &Matter) -> Result<bool, MatterError> {
        Ok(self.matters.stage_of(matter)?.actions.values().any(|action| action.by_another))
    }

    /// What came back is sent elsewhere, or what was asked for is said to be met another way, or needed no more: a need is
    /// not left lying.
    async fn settle(
        &mut self,
        actor: &Actor,
        matter: &Matter,
        offers: &[Offer],
        life: Option<&Life>,
    ) -> Result<(), MatterError> {
        if self.dice.happens(SENT_AGAIN) && self.send_elsewhere(actor, matter, life).await? {
            return Ok(());
        }
        let open: Vec<&Offer> = offers.iter().filter(|offer| offer.refusal.is_none()).collect();
        let Some(offer) = self.dice.pick(&open).map(|offer| (*offer).clone()) else {
            self.planned.remove(&(matter.id, matter.version));
            return Ok(());
        };
        let story = Story::draw(&mut self.dice, life.is_some_and(|life| life.is_at_risk));
        match self.act(actor, matter, &offer, (story, life)).await {
            Ok(()) => self.played.acts += 1,
            Err(MatterError::Store(error)) => return Err(MatterError::Store(error)),
            Err(error) => self.refused(matter, &offer.action.key, &error),
        }
        Ok(())
    }

    /// Refers what came back to another organisation than the one that sent it back; whether it was.
    async fn send_elsewhere(
        &mut self,
        actor: &Actor,
        matter: &Matter,
        life: Option<&Life>,
    ) -> Result<bool, MatterError> {
        let Some(parent) = matter.parent else { return Ok(false) };
        let read = self.app.database.read().await?;
        let parent = match self.matters.look_up(read.connection(), read.keys(), actor, parent).await {
            Ok((parent, _)) => parent,
            Err(MatterError::NotFound) => return Ok(false),
            Err(error) => return Err(error),
        };
        let mut others = Vec::new();
        for (duty, label) in self.duties(matter) {
            let organisation = self.matters.destination(read.connection(), &parent, &duty).await?;
            if organisation.is_some_and(|organisation| Some(organisation.id) != matter.organisation) {
                others.push((duty, label));
            }
        }
        drop(read);
        let Some((duty, label)) = self.dice.pick(&others).cloned() else { return Ok(false) };
        match self.refer(actor, &parent, (&duty, &label), life, Some(matter.id)).await {
            Ok(referral) => {
                self.played.referrals += 1;
                self.plan(&referral);
                Ok(true)
            }
            Err(MatterError::Store(error)) => Err(MatterError::Store(error)),
            // The case is where nothing is referred any more, or somebody else's.
            Err(_refused) => Ok(false),
        }
    }

    async fn act(
        &mut self,
        actor: &Actor,
        matter: &Matter,
        offer: &Offer,
        (story, life): (Story, Option<&Life>),
    ) -> Result<(), MatterError> {
        let workflow = self.matters.workflow_of(matter)?;
        let form = workflow.form_of(&offer.action);
        let reason = offer.action.reason_least.map(|least| answers::words(least, 200, &mut self.dice));
        let mut tries = ANSWERED_AT_MOST;
        let acted = loop {
            let today = self.app.now().day();
            let answers = form.map(|form| answers::fill(form, story, life, today, &mut self.dice));
            let write = self.app.write(actor, "matters.act").await?;
            let token = self.matters.token(write.connection(), actor, matter.id).await?;
            let acting = Acting {
                action: &offer.action.key,
                answers: answers.as_ref(),
                reason: reason.as_deref(),
                holder: None,
                version: matter.version,
            };
            tries -= 1;
            match self.matters.act(&write, actor, &token, &acting).await {
                Err(MatterError::Refused(Refusal::Unmet(_))) if tries > 0 => {}
                acted => {
                    let acted = acted?;
                    write.save().await?;
                    break acted;
                }
            }
        };
        self.plan(&acted.matter);
        for opened in &acted.opened {
            self.plan(opened);
        }
        Ok(())
    }

    /// In a stage that refers, two matters of five are referred to a department, once: for which of the duties.
    fn wants_to_refer(&mut self, matter: &Matter) -> Result<Option<(String, String)>, MatterError> {
        let refers = self.matters.stage_of(matter)?.refers;
        if !refers || !self.considered.insert((matter.id, matter.stage.clone())) || !self.dice.happens(0.4) {
            return Ok(None);
        }
        let duties = self.duties(matter);
        Ok(self.dice.pick(&duties).cloned())
    }

    /// The duties of departments by the list that a matter goes by: key and name.
    fn duties(&self, matter: &Matter) -> Vec<(String, String)> {
        let program = self.matters.programs().version(&matter.program, &matter.program_version);
        program
            .into_iter()
            .flat_map(|program| &program.routing.responsibility.classes)
            .flat_map(|class| &class.duties)
            .map(|duty| (duty.key.clone(), duty.label.zh.clone()))
            .collect()
    }

    async fn send_referral(
        &mut self,
        actor: &Actor,
        matter: &Matter,
        duty: (&str, &str),
        life: Option<&Life>,
    ) -> Result<(), MatterError> {
        match self.refer(actor, matter, duty, life, None).await {
            Ok(referral) => {
                self.played.referrals += 1;
                self.plan(&referral);
                Ok(())
            }
            Err(MatterError::Store(error)) => Err(MatterError::Store(error)),
            Err(error) => {
                self.refused(matter, "refer", &error);
                Ok(())
            }
        }
    }

    /// What a department is told of the child: what is known of what the form asks for.
    fn told(&self, matter: &Matter, life: Option<&Life>) -> Result<Answers, MatterError> {
        let workflow = self.matters.workflow_of(matter)?;
        let forms = workflow.kinds().filter_map(|kind| workflow.forms.get(kind.tells.as_deref()?));
        let community = matter.area.community.and_then(|area| self.app.areas.get(area));
        let known = |word: &str| match word {
            "child.community" => community.map(|area| Answer::Text(area.short_name.clone())),
            word => life?.told(word),
        };
        let fields = forms.flat_map(workflow::Form::fields);
        let values = fields.filter_map(|field| Some((field.key.clone(), known(field.prefill.as_deref()?)?)));
        Ok(Answers { values: values.collect(), level: None })
    }

    async fn refer(
        &mut self,
        actor: &Actor,
        matter: &Matter,
        (duty, label): (&str, &str),
        life: Option<&Life>,
        previous: Option<MatterId>,
    ) -> Result<Matter, MatterError> {
        let write = self.app.write(actor, "matters.refer").await?;
        let token = self.matters.token(write.connection(), actor, matter.id).await?;
        let organisation = self.matters.destination(write.connection(), matter, duty).await?;
        let organisation = organisation.ok_or(MatterError::NobodyAtOrganisation)?;
        let summary = answers::words(10, 200, &mut self.dice);
        let referring = matters::referrals::Referring {
            organisation: organisation.id,
            duty: Some(duty),
            words: MatterWords { title: label.to_owned(), summary, place: String::new() },
            told: self.told(matter, life)?,
            previous,
            version: matter.version,
        };
        let referral = self.matters.refer(&write, actor, &token, referring).await?;
        write.save().await?;
        Ok(referral)
    }
}

/// How often what a department sent back, or could not do, is sent to another one.
const SENT_AGAIN: f64 = 0.6;

/// How often an answer is thought over that the matter does not bear out: a case is not "referred" of which nothing was.
const ANSWERED_AT_MOST: u32 = 8;

/// The moment itself when it is urgent or within office hours, else the next morning.
fn in_office_hours(at: Moment, severity: Severity) -> Moment {
    let hour = at.city_time().hour();
    if severity == Severity::Urgent || (8..18).contains(&hour) {
        return at;
    }
    let day = if hour >= 18 { at.day().tomorrow() } else { at.day() };
    let minutes = at.milliseconds_since(at.day().start()) / 60_000;
    day.start().plus_minutes(8 * 60 + 30 + minutes % 180)
}

#[cfg(test)]
mod tests {
    use base::Day;

    use super::*;

    #[test]
    fn nobody_works_at_night_but_on_what_is_urgent() {
        let night = Day::new(2026, 11, 24).unwrap().start().plus_hours(22);
        assert_eq!(in_office_hours(night, Severity::Urgent), night);
        let moved = in_office_hours(night, Severity::Low);
        assert_eq!(moved.day(), Day::new(2026, 11, 25).unwrap());
        assert!((8..12).contains(&moved.city_time().hour()));
    }
}
