//! One line of a timeline, and how it is read from the journal.

use base::{AccountId, AreaLevel, AttachmentId, Label, MatterId, Moment, OrganisationId, PostId, Severity};
use policy::Program;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::journal;
use uuid::Uuid;
use workflow::{Kind, Workflow};

use crate::answers::HandedIn;

/// Something that happened to a matter. Whoever shows it masks `reason` and `answers` by the reader's clearance.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id in the journal.
    pub id: Uuid,
    /// When.
    pub at: Moment,
    /// Who did it; `None` is the system.
    pub account: Option<AccountId>,
    /// On which post.
    pub post: Option<PostId>,
    /// What happened.
    pub what: What,
    /// The stage that was left, where another one was entered.
    pub from: Option<Label>,
    /// The stage that was entered.
    pub to: Option<Label>,
    /// Stages that were passed over on the way.
    pub passed: Vec<Label>,
    /// How the matter ended, where it did.
    pub outcome: Option<Label>,
    /// The severity before and after, where it changed.
    pub severity: Option<(Severity, Severity)>,
    /// The post that holds the matter now, where it changed.
    pub holder: Option<PostId>,
    /// By when the stage is to be left now, where that changed.
    pub due: Option<Moment>,
    /// What the person gave as reason.
    pub reason: Option<String>,
    /// Whether it took another act back, which is reason enough and is said in the reader's words.
    pub is_taken_back: bool,
    /// When it was written, where it arrived only after the matter had gone on.
    pub written: Option<Moment>,
    /// The form that was handed in, and the answers.
    pub answers: Option<(Label, Box<HandedIn>)>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It was opened.
    Opened {
        /// What brought it, as a word of the program.
        origin: String,
        /// The matter that it came from.
        parent: Option<MatterId>,
    },
    /// Somebody took an action of the stage.
    Acted {
        /// The verb on the button.
        action: Label,
    },
    /// It was handed to another post.
    Assigned,
    /// Its clock was stopped.
    Paused {
        /// Why.
        reason: Label,
        /// When it runs again by itself.
        until: Option<Moment>,
    },
    /// Its clock runs again.
    Resumed,
    /// Its holder was reminded.
    Reminded,
    /// It is late and has climbed.
    Climbed {
        /// To this level.
        to: Option<AreaLevel>,
    },
    /// It is late with nobody above.
    StillLate,
    /// Its severity was changed for a reason that no form brought.
    Regraded,
    /// Another matter about the same person brought news.
    Joined {
        /// That matter.
        from: Option<MatterId>,
        /// Its number.
        number: String,
    },
    /// Something of it was referred.
    Referred {
        /// The referral.
        referral: Option<MatterId>,
        /// Its number.
        number: String,
        /// To whom.
        organisation: Option<OrganisationId>,
        /// The duty that it was sent for.
        duty: Option<Label>,
    },
    /// A form arrived that was written when the matter was somebody else's to do: it lies beside the matter.
    Late {
        /// The form.
        form: Label,
    },
    /// A referral was answered, done or taken back.
    ReferralMoved {
        /// The referral.
        referral: Option<MatterId>,
        /// Its number.
        number: String,
        /// To whom it was sent.
        organisation: Option<OrganisationId>,
        /// How it stands now: a stage or an outcome.
        state: Option<Label>,
    },
    /// A picture was added.
    Attached {
        /// The picture.
        attachment: Option<AttachmentId>,
    },
}

/// What the journal says of an act that takes another one back.
pub(crate) const TAKEN_BACK: &str = "taken_back";

/// What the journal calls it when a late matter rises to the level above.
pub(super) const CLIMBED: &str = "matters.climbed";

/// The kinds of the journal that are told. Drafts that were saved and reads are not: they did nothing to the matter.
pub(super) const TOLD: [&str; 14] = [
    "matters.opened",
    "matters.acted",
    "matters.assigned",
    "matters.paused",
    "matters.resumed",
    "matters.reminded",
    CLIMBED,
    "matters.still_late",
    "matters.regraded",
    "matters.joined",
    "matters.late",
    "matters.referred",
    "matters.referral_moved",
    "matters.attached",
];

/// Reads entries of one matter's journal in the words of its program.
pub(super) struct Reader<'a> {
    pub program: &'a Program,
    pub kind: &'a Kind,
    pub answers: Vec<HandedIn>,
}

/// What an entry says before and after.
struct Payload<'a> {
    before: &'a Value,
    after: &'a Value,
}

impl Payload<'_> {
    fn get<T: DeserializeOwned>(side: &Value, name: &str) -> Option<T> {
        side.get(name).and_then(|value| T::deserialize(value).ok())
    }

    fn after<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        Self::get(self.after, name)
    }

    /// Both values, where they differ.
    fn change<T: DeserializeOwned + PartialEq>(&self, name: &str) -> Option<(T, T)> {
        let (before, after) = (Self::get::<T>(self.before, name)?, Self::get::<T>(self.after, name)?);
        (before != after).then_some((before, after))
    }

    /// The new value, where it differs from the old one or there was none.
    fn changed<T: DeserializeOwned + PartialEq>(&self, name: &str) -> Option<T> {
        let after = Self::get::<T>(self.after, name)?;
        (Self::get::<T>(self.before, name).as_ref() != Some(&after)).then_some(after)
    }
}

impl Reader<'_> {
    fn workflow(&self) -> &Workflow {
        &self.program.workflow
    }

    fn stage(&self, key: &str) -> Label {
        self.kind.stages.get(key).map_or_else(|| plain(key), |stage| stage.label.clone())
    }

    /// The line that an entry of the journal becomes.
    pub fn read(&self, entry: &journal::Entry) -> Option<Entry> {
        let empty = journal::Payload::default();
        let payload = entry.payload.as_ref().unwrap_or(&empty);
        let payload = Payload { before: &payload.before, after: &payload.after };
        let stages = payload.change::<String>("stage");
        // Reminders and climbs change the clock's own business, not by when the holder has to be done.
        let outcome = payload.changed::<String>("outcome");
        Some(Entry {
            id: entry.id,
            at: entry.at,
            account: entry.actor.account,
            post: entry.actor.post,
            what: self.what(entry.kind.as_str(), &payload)?,
            from: stages.as_ref().map(|(before, _)| self.stage(before)),
            to: payload.changed::<String>("stage").map(|stage| self.stage(&stage)),
            passed: payload
                .after::<Vec<String>>("passed")
                .unwrap_or_default()
                .iter()
                .map(|key| self.stage(key))
                .collect(),
            outcome: outcome.map(|key| self.kind.outcomes.get(&key).cloned().unwrap_or_else(|| plain(&key))),
            severity: payload.change("severity"),
            holder: payload.changed("holder"),
            due: payload.changed("due"),
            reason: payload.after("reason"),
            is_taken_back: payload.after(TAKEN_BACK).unwrap_or_default(),
            written: payload.after("written"),
            answers: self.answers(&payload),
        })
    }

    fn answers(&self, payload: &Payload<'_>) -> Option<(Label, Box<HandedIn>)> {
        let id: Uuid = payload.after("answer")?;
        let answers = self.answers.iter().find(|answers| answers.id == id)?;
        Some((self.form(&answers.form), Box::new(answers.clone())))
    }

    fn form(&self, key: &str) -> Label {
        self.workflow().forms.get(key).map_or_else(|| plain(key), |form| form.label.clone())
    }

    fn what(&self, kind: &str, payload: &Payload<'_>) -> Option<What> {
        Some(match kind {
            "matters.opened" => What::Opened {
                origin: payload.after("origin").unwrap_or_default(),
                parent: payload.after("parent"),
            },
            "matters.acted" => What::Acted { action: self.action(payload) },
            "matters.assigned" => What::Assigned,
            "matters.paused" => {
                let key: String = payload.after("pause").unwrap_or_default();
                let reasons = self.kind.pause.as_ref().map(|rule| &rule.reasons);
                let reason =
                    reasons.and_then(|reasons| reasons.get(&key)).cloned().unwrap_or_else(|| plain(&key));
                What::Paused { reason, until: payload.after("paused_until") }
            }
            "matters.resumed" => What::Resumed,
            "matters.reminded" => What::Reminded,
            CLIMBED => What::Climbed { to: payload.after("climbed_to") },
            "matters.still_late" => What::StillLate,
            "matters.regraded" => What::Regraded,
            "matters.joined" => What::Joined {
                from: payload.after("from"),
                number: payload.after("number").unwrap_or_default(),
            },
            "matters.late" => {
                What::Late { form: self.form(&payload.after::<String>("form").unwrap_or_default()) }
            }
            "matters.referred" => What::Referred {
                referral: payload.after("referral"),
                number: payload.after("number").unwrap_or_default(),
                organisation: payload.after("organisation"),
                duty: payload.after::<String>("duty").map(|key| self.duty(&key)),
            },
            "matters.referral_moved" => What::ReferralMoved {
                referral: payload.after("referral"),
                number: payload.after("number").unwrap_or_default(),
                organisation: payload.after("organisation"),
                state: self.referral_state(payload),
            },
            "matters.attached" => What::Attached { attachment: payload.after("attachment") },
            _ => return None,
        })
    }

    fn action(&self, payload: &Payload<'_>) -> Label {
        let key: String = payload.after("action").unwrap_or_default();
        // What arrived late was done where it was written, wherever the matter stood by then.
        let stage = payload.after("written_in").or_else(|| Payload::get(payload.before, "stage"));
        let stage: Option<String> = stage;
        let stage = stage.and_then(|stage| self.kind.stages.get(&stage));
        let action = stage.and_then(|stage| stage.actions.get(&key));
        action.map_or_else(|| plain(&key), |action| action.label.clone())
    }

    fn duty(&self, key: &str) -> Label {
        self.program.routing.duty(key).map_or_else(|| plain(key), |(_, duty)| duty.label.clone())
    }

    fn referral_state(&self, payload: &Payload<'_>) -> Option<Label> {
        let kind: Option<String> = payload.after("kind");
        let kind = kind.and_then(|kind| self.workflow().kind(&kind))?;
        if let Some(outcome) = payload.after::<String>("outcome") {
            return Some(kind.outcomes.get(&outcome).cloned().unwrap_or_else(|| plain(&outcome)));
        }
        let stage: String = payload.after("stage")?;
        Some(kind.stages.get(&stage).map_or_else(|| plain(&stage), |stage| stage.label.clone()))
    }
}

/// A key that the workflow gives no words for, as itself: what happened stays told.
fn plain(key: &str) -> Label {
    Label::new(key, key)
}
