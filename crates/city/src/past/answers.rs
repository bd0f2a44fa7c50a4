//! How forms are filled in: by what is found at the door where a form asks for it, anything that fits elsewhere.

use base::Day;
use workflow::{Answer, Answers, Field, FieldKind, Form, FormOption};

use crate::chance::Dice;

/// What somebody finds when they look after a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Story {
    /// Nobody at home, or the address is wrong.
    NotFound,
    /// All is well.
    Well,
    /// In difficulty.
    Difficulty,
    /// In danger.
    Danger,
}

impl Story {
    /// What is found, by how the child lives: doors stay closed, and eyes err, here as there.
    pub(super) fn draw(dice: &mut Dice, is_at_risk: bool) -> Self {
        let drawn = dice.unit();
        if drawn < 0.08 {
            Self::NotFound
        } else if !is_at_risk {
            if drawn < 0.92 { Self::Well } else { Self::Difficulty }
        } else if drawn < 0.18 {
            Self::Danger
        } else if drawn < 0.88 {
            Self::Difficulty
        } else {
            Self::Well
        }
    }

    /// Whether somebody who found this does what `action` names: who found a child well does not report danger.
    pub(super) fn allows(self, action: &str) -> bool {
        self == Self::Danger || action != "danger"
    }

    /// Options that go with it, in any form: by the words that options are called by.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::NotFound => &["not_found", "not_met", "no", "nobody_home"],
            Self::Well => &[
                "no_risk", "fine", "yes", "home", "none", "calm", "enough", "attends", "mother", "parents",
                "same", "better", "resolved", "go_on", "continue", "low",
            ],
            Self::Difficulty => &[
                "in_difficulty",
                "concern",
                "yes",
                "home",
                "none",
                "old",
                "calm",
                "silent",
                "barely",
                "lacking",
                "often_absent",
                "grandparent",
                "one_parent",
                "same",
                "guardianship",
                "poverty",
                "possible",
            ],
            Self::Danger => &[
                "danger",
                "yes",
                "home",
                "new",
                "afraid",
                "lacking",
                "violence",
                "abandoned",
                "often_absent",
                "guardianship",
                "worse",
                "stranger",
                "alone",
            ],
        }
    }
}

/// Fields that a form asks for at most; a condition on another field brings up the next.
const ROUNDS: usize = 40;

/// Complete answers to `form`, as far as they can be had without files.
pub(super) fn fill(form: &Form, story: Story, today: Day, dice: &mut Dice) -> Answers {
    let mut answers = Answers::default();
    for _ in 0..ROUNDS {
        let shown = form.shown(&answers);
        let Some(field) = shown
            .into_iter()
            .find(|field| !answers.values.contains_key(&field.key) && (field.required || is_told(field)))
        else {
            break;
        };
        let key = field.key.clone();
        match answer(field, story, today, dice) {
            Some(answer) => answers.values.insert(key, answer),
            None => break,
        };
    }
    answers
}

/// Words are written even where nobody asks for them.
fn is_told(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Text { .. })
}

fn answer(field: &Field, story: Story, today: Day, dice: &mut Dice) -> Option<Answer> {
    Some(match &field.kind {
        FieldKind::Choice { options } => Answer::Choice(option(options, story, dice)?),
        FieldKind::Choices { options } => Answer::Choices(vec![option(options, story, dice)?]),
        FieldKind::Text { least, most } => Answer::Text(words(*least, *most, dice)),
        FieldKind::Number { least, most } => {
            let span = u32::try_from(most.saturating_sub(*least).clamp(0, 6)).unwrap_or(0);
            Answer::Number(least.saturating_add(i64::from(dice.below(span + 1))))
        }
        FieldKind::Date { future: true } => Answer::Date(today.plus_days(dice.between(14, 60))),
        FieldKind::Date { future: false } => Answer::Date(today),
        // Pictures and people are not made up.
        FieldKind::Photos { .. } | FieldKind::Person => return None,
    })
}

/// An option that goes with the story; any where none does.
fn option(options: &[FormOption], story: Story, dice: &mut Dice) -> Option<String> {
    let fitting: Vec<&FormOption> =
        options.iter().filter(|option| story.words().contains(&option.key.as_str())).collect();
    let chosen = match dice.pick(&fitting) {
        Some(fitting) => *fitting,
        None => dice.pick(options)?,
    };
    Some(chosen.key.clone())
}

const SENTENCES: &[&str] = &[
    "已入户见到儿童，与监护人谈话，情况与线索基本一致。",
    "电话与家长核实，约定下周再次上门。",
    "邻居反映平时由祖辈照看，家中卫生一般，食物充足。",
    "学校反馈出勤恢复正常，班主任继续关注。",
    "与家长讲明监护责任，家长表示配合。",
    "儿童情绪平稳，愿意交流，暂未发现外伤。",
    "家中经济紧张，已告知可申请的救助项目。",
];

/// Between `least` and `most` letters of what people write.
pub(super) fn words(least: usize, most: usize, dice: &mut Dice) -> String {
    let mut text = String::new();
    while text.chars().count() < least.max(8).min(most) {
        text.push_str(dice.pick(SENTENCES).copied().unwrap_or("情况已核实。"));
    }
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use policy::Programs;

    use super::*;

    #[test]
    fn every_shipped_form_can_be_filled_in_whatever_is_found() {
        let programs = Programs::load(None).unwrap();
        let today = Day::new(2026, 11, 24).unwrap();
        let mut dice = Dice::new(1, 1);
        for program in programs.all() {
            for form in program.workflow.forms.iter() {
                for story in [Story::NotFound, Story::Well, Story::Difficulty, Story::Danger] {
                    for _ in 0..20 {
                        let answers = fill(form, story, today, &mut dice);
                        let faults = form.fill(&answers, today).err();
                        assert!(faults.is_none(), "{} as {story:?}: {faults:?}", form.key);
                    }
                }
            }
        }
    }

    #[test]
    fn words_keep_their_bounds() {
        let mut dice = Dice::new(2, 1);
        for (least, most) in [(0, 200), (2, 5), (150, 160)] {
            let length = words(least, most, &mut dice).chars().count();
            assert!((least..=most).contains(&length));
        }
    }
}
