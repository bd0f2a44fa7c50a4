//! Why an action is not done, in words for the person who asked for it.

use base::{AreaLevel, Label, Moment};

use crate::{FieldFault, Period};

/// Why an action is refused. Nothing has changed when it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refused: {}", self.key())]
pub enum Refusal {
    /// The matter has ended.
    Closed,
    /// The clock stands; only resuming is possible.
    Paused,
    /// The clock runs already.
    NotPaused,
    /// The stage does not know this action: somebody else has moved the matter on.
    NoSuchAction,
    /// The actor's role may not do this.
    WrongRole,
    /// The matter is held by somebody else, and the actor is not above them.
    NotHeld,
    /// Who brought the matter here may not decide on it.
    SamePerson,
    /// Only a level above the one that asked may decide.
    NotAbove,
    /// Matters of this kind that hang on it are still open.
    OpenChildren(Label),
    /// A reason of at least this many letters is needed.
    NeedsReason(usize),
    /// The action hands in a form, and none came.
    NeedsForm,
    /// The answers cannot be taken.
    FaultyAnswers(Vec<FieldFault>),
    /// The reason for stopping the clock is not on the list.
    NoSuchPauseReason,
    /// The clock may not stand this long; the latest moment is given.
    PauseTooLong(Moment),
    /// The clock has stood in this stage for as long as it may in all.
    PausedEnough(Period),
    /// Something that the workflow asks for beside the form does not hold; what, and what to do.
    Unmet(Label),
    /// The matter's kind or stage is not in the workflow it runs under.
    UnknownStage,
}

/// Longest reason that is taken, in letters.
pub(crate) const MOST_REASON_LETTERS: usize = 1_000;

impl Refusal {
    /// The word for it in addresses, answers to phones and tests.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Paused => "paused",
            Self::NotPaused => "not_paused",
            Self::NoSuchAction => "no_such_action",
            Self::WrongRole => "wrong_role",
            Self::NotHeld => "not_held",
            Self::SamePerson => "same_person",
            Self::NotAbove => "not_above",
            Self::OpenChildren(_) => "open_children",
            Self::NeedsReason(_) => "needs_reason",
            Self::NeedsForm => "needs_form",
            Self::FaultyAnswers(_) => "faulty_answers",
            Self::NoSuchPauseReason => "no_such_pause_reason",
            Self::PauseTooLong(_) => "pause_too_long",
            Self::PausedEnough(_) => "paused_enough",
            Self::Unmet(_) => "unmet",
            Self::UnknownStage => "unknown_stage",
        }
    }

    /// What happened and what to do next, in both languages.
    pub fn message(&self) -> Label {
        match self {
            Self::Closed => Label::new(
                "事项已办结，不能再办理。请刷新查看结果",
                "The matter is closed. Reload to see how it ended.",
            ),
            Self::Paused => {
                Label::new("时限已停表。先恢复计时，再办理", "The clock is paused. Resume it first.")
            }
            Self::NotPaused => {
                Label::new("时限没有停表，无须恢复", "The clock is running; there is nothing to resume.")
            }
            Self::NoSuchAction => Label::new(
                "事项已进入另一环节，这一步办不了。请刷新后再看",
                "The matter has moved to another stage. Reload and look again.",
            ),
            Self::WrongRole => Label::new(
                "你的岗位不能办这一步。请转给有权的岗位",
                "Your post may not do this. Pass it to one that may.",
            ),
            Self::NotHeld => Label::new(
                "事项由别的岗位持有。请其办理，或请上级改派",
                "Another post holds the matter. Ask them, or ask the level above to reassign it.",
            ),
            Self::SamePerson => Label::new(
                "提出的人不能自己审批。请另一人审批",
                "Who asked may not approve. Another person must.",
            ),
            Self::NotAbove => Label::new("须由上一级审批", "The level above must approve."),
            Self::OpenChildren(kind) => Label::new(
                format!(
                    "还有未了结的{}。请逐件了结：等对方办结、撤回；没有办成的，再转或写明怎么处理",
                    kind.zh
                ),
                format!(
                    "A {} is still open. See each through first: have it finished, or withdraw it; where it failed, send it again or say what becomes of it.",
                    kind.en.to_lowercase()
                ),
            ),
            Self::NeedsReason(least) => Label::new(
                format!("请写明理由，至少 {least} 字，最多 {MOST_REASON_LETTERS} 字"),
                format!("Give a reason of {least} to {MOST_REASON_LETTERS} characters."),
            ),
            Self::NeedsForm => {
                Label::new("这一步要交表单。请填写后提交", "This step hands in a form. Fill it in first.")
            }
            Self::FaultyAnswers(faults) => Label::new(
                format!("表单有 {} 处要改，已在各项下注明", faults.len()),
                format!("{} answers need mending; each is marked.", faults.len()),
            ),
            Self::NoSuchPauseReason => Label::new("请选择停表理由", "Choose a reason for pausing."),
            Self::PauseTooLong(latest) => Label::new(
                format!("停表应在现在之后，最迟到 {}", latest.day()),
                format!("The pause must end after now, and on {} at the latest.", latest.day()),
            ),
            Self::PausedEnough(in_all) => {
                let most = in_all.in_words();
                Label::new(
                    format!("本环节停表累计已达上限（{}），不能再停。请办理，或请上级改派", most.zh),
                    format!(
                        "The clock has stood for its {} in this step. Act on the matter, or ask the level above to reassign it.",
                        most.en
                    ),
                )
            }
            Self::Unmet(message) => message.clone(),
            Self::UnknownStage => Label::new(
                "这件事项的办理版本缺失。请联系管理员，并报操作号",
                "The version this matter runs under is missing. Tell the administrator the operation number.",
            ),
        }
    }
}

/// Whether `actor` stands at a level above `other` (the city has nobody above it and decides itself).
pub(crate) fn stands_above(actor: Option<AreaLevel>, other: Option<AreaLevel>) -> bool {
    match (actor, other) {
        (Some(AreaLevel::City), _) | (Some(_), None) => true,
        (Some(actor), Some(other)) => actor < other,
        (None, _) => false,
    }
}
