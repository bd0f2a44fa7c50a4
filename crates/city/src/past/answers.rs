//! How forms are filled in: by how the child lives where a form asks for what is known, by what is found at the door
//! where it asks for that, anything that can be true of the child elsewhere.

use base::Day;
use workflow::{Answer, Answers, Field, FieldKind, Form, FormOption};

use super::Life;
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

    /// Whether somebody who found this does what `action` names: who found a child well reports no danger and no difficulty.
    pub(super) fn allows(self, action: &str) -> bool {
        match action {
            "danger" => self == Self::Danger,
            "in_difficulty" => matches!(self, Self::Danger | Self::Difficulty),
            _ => true,
        }
    }

    /// How often, 0 to 1, a question that is weighed gets an answer that weighs something: by what was found, and by how
    /// often nobody looked after the child.
    fn gravity(self, life: Option<&Life>) -> f64 {
        let found: f64 = match self {
            Self::NotFound | Self::Well => 0.08,
            Self::Difficulty => 0.3,
            Self::Danger => 0.65,
        };
        let lived = life.map_or(0.0, |life| 0.4 * life.neglect);
        (found + lived).min(0.9)
    }

    /// Options that go with it, in any form: by the words that options are called by.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::NotFound => &["not_found", "not_met", "no", "nobody_home"],
            Self::Well => &[
                "no_risk", "fine", "yes", "home", "none", "calm", "enough", "attends", "mother", "parents",
                "same", "better", "resolved", "go_on", "continue", "low", "solved",
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
                "solved",
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

/// The word for having come of age.
const GROWN_UP: &str = "adult";
/// Words for what is not said of a child below the age of school: it misses no school, works nowhere, reports nothing.
const OF_BIGGER_CHILDREN: &[&str] = &[
    "school",
    "schooling",
    "attends",
    "often_absent",
    "out",
    "bullying",
    "online",
    "labour",
    "self_harm",
    "suicide",
    "bad",
    "serious",
    "child",
];

/// Fields that a form asks for at most; a condition on another field brings up the next.
const ROUNDS: usize = 40;

/// Complete answers to `form`, as far as they can be had without files.
pub(super) fn fill(form: &Form, story: Story, life: Option<&Life>, today: Day, dice: &mut Dice) -> Answers {
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
        let known = life.and_then(|life| known(field, life));
        let weighed = || form.scoring.as_ref().and_then(|_| weigh(field, story, life, dice));
        match known.or_else(weighed).or_else(|| answer(field, story, life, today, dice)) {
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

fn answer(field: &Field, story: Story, life: Option<&Life>, today: Day, dice: &mut Dice) -> Option<Answer> {
    Some(match &field.kind {
        FieldKind::Choice { options } => Answer::Choice(option(options, story, life, dice)?),
        FieldKind::Choices { options } => Answer::Choices(vec![option(options, story, life, dice)?]),
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

/// The answer to a question that asks for what is known of the child.
fn known(field: &Field, life: &Life) -> Option<Answer> {
    let word = life.word(field.prefill.as_deref()?)?;
    let has = |options: &[FormOption]| options.iter().any(|option| option.key == word);
    match &field.kind {
        FieldKind::Choice { options } if has(options) => Some(Answer::Choice(word.to_owned())),
        FieldKind::Choices { options } if has(options) => Some(Answer::Choices(vec![word.to_owned()])),
        _ => None,
    }
}

/// The answer to a question of a form with points: graver or lighter by what was found.
fn weigh(field: &Field, story: Story, life: Option<&Life>, dice: &mut Dice) -> Option<Answer> {
    let FieldKind::Choice { options } = &field.kind else { return None };
    let mut weighed: Vec<&FormOption> =
        options.iter().filter(|option| option.points.is_some() && can_be(option, life)).collect();
    weighed.sort_by_key(|option| option.points);
    let (lightest, graver) = weighed.split_first()?;
    if graver.is_empty() || !dice.happens(story.gravity(life)) {
        return Some(Answer::Choice(lightest.key.clone()));
    }
    // The lighter ones far more often: each is left for the next graver one in a quarter of the cases.
    let chosen = graver.iter().find(|_| dice.happens(0.75)).or(graver.first())?;
    Some(Answer::Choice(chosen.key.clone()))
}

/// Whether an option can be true at all. Who is looked after here is a child to the end of the past, and a small one does
/// not do what only a bigger one does.
fn can_be(option: &FormOption, life: Option<&Life>) -> bool {
    let key = option.key.as_str();
    key != GROWN_UP && !(life.is_some_and(Life::is_small) && OF_BIGGER_CHILDREN.contains(&key))
}

/// An option that goes with the story; where none does, any that can be true.
fn option(options: &[FormOption], story: Story, life: Option<&Life>, dice: &mut Dice) -> Option<String> {
    let possible: Vec<&FormOption> = options.iter().filter(|option| can_be(option, life)).collect();
    let goes_with = |option: &&&FormOption| story.words().contains(&option.key.as_str());
    let fitting: Vec<&FormOption> = possible.iter().filter(goes_with).copied().collect();
    let chosen = dice.pick(&fitting).or_else(|| dice.pick(&possible)).copied();
    // A question of which nothing can be true is answered all the same: it would not be asked at a door.
    chosen.or_else(|| options.first()).map(|option| option.key.clone())
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
    use std::collections::BTreeSet;

    use base::Severity;
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
                        let answers = fill(form, story, None, today, &mut dice);
                        let faults = form.fill(&answers, today).err();
                        assert!(faults.is_none(), "{} as {story:?}: {faults:?}", form.key);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_known_of_a_child_decides_how_an_assessment_ends() {
        let programs = Programs::load(None).unwrap();
        let today = Day::new(2026, 11, 24).unwrap();
        let settings = crate::Settings { persons: 20_000, seed: 6, today };
        let city = crate::City::simulate(settings, &base::AreaTree::shipped());
        let workflow = &programs.program("minors").unwrap().workflow;
        let form = workflow.forms.iter().find(|form| form.scoring.is_some()).unwrap();
        let mut dice = Dice::new(1, 1);
        let mut points = |at_risk: bool| {
            let lives = (0..city.persons.len()).filter_map(|place| Life::of(&city, place, today));
            let lives: Vec<Life> = lives.filter(|life| life.is_at_risk == at_risk).take(60).collect();
            let scores = lives.iter().map(|life| {
                let story = Story::draw(&mut dice, at_risk);
                let answers = fill(form, story, Some(life), today, &mut dice);
                form.fill(&answers, today).unwrap().score.unwrap()
            });
            scores.collect::<Vec<_>>()
        };
        let (well, at_risk) = (points(false), points(true));
        let mean = |scores: &[workflow::Score]| {
            scores.iter().map(|score| f64::from(score.points)).sum::<f64>() / scores.len() as f64
        };
        assert!(mean(&well) + 8.0 < mean(&at_risk), "{} against {}", mean(&well), mean(&at_risk));
        let levels: BTreeSet<_> = well.iter().chain(&at_risk).map(|score| score.level).collect();
        assert_eq!(levels.len(), 4, "assessments end in every level: {levels:?}");
        // What calls everything urgent calls nothing urgent.
        let urgent = at_risk.iter().filter(|score| score.level == Severity::Urgent).count();
        assert!(urgent * 3 < at_risk.len(), "{urgent} of {} at risk are urgent", at_risk.len());
    }

    /// Every word that answers of this form hold, over many tries.
    fn said(form: &Form, life: Option<&Life>, dice: &mut Dice) -> BTreeSet<String> {
        let today = Day::new(2026, 11, 24).unwrap();
        let stories = [Story::NotFound, Story::Well, Story::Difficulty, Story::Danger];
        let filled = stories.iter().cycle().take(400).map(|story| fill(form, *story, life, today, dice));
        let words = filled.flat_map(|answers| answers.values.into_values()).flat_map(|answer| match answer {
            Answer::Choice(word) => vec![word],
            Answer::Choices(words) => words,
            _ => Vec::new(),
        });
        words.collect()
    }

    #[test]
    fn nothing_is_said_of_a_child_that_its_age_rules_out() {
        let programs = Programs::load(None).unwrap();
        let today = Day::new(2026, 11, 24).unwrap();
        let settings = crate::Settings { persons: 2_000, seed: 6, today };
        let city = crate::City::simulate(settings, &base::AreaTree::shipped());
        let workflow = &programs.program("minors").unwrap().workflow;
        let lives = (0..city.persons.len()).filter_map(|place| Life::of(&city, place, today));
        let (small, big): (Vec<Life>, Vec<Life>) = lives.partition(Life::is_small);
        let mut dice = Dice::new(1, 1);
        let closure = workflow.forms.get("closure").unwrap();
        for life in [None, small.first(), big.first()] {
            let grounds = said(closure, life, &mut dice);
            assert!(!grounds.contains(GROWN_UP), "{life:?} came of age");
            assert!(grounds.contains("resolved") && grounds.contains("guardian_changed"), "{grounds:?}");
        }
        for form in workflow.forms.iter() {
            let words = said(form, small.first(), &mut dice);
            let wrong: Vec<_> = OF_BIGGER_CHILDREN.iter().filter(|word| words.contains(**word)).collect();
            assert!(wrong.is_empty(), "{} says {wrong:?} of a small child", form.key);
        }
        let check = said(workflow.forms.get("check").unwrap(), small.first(), &mut dice);
        assert!(check.contains("too_young"), "{check:?}");
    }

    #[test]
    fn most_of_what_departments_are_asked_for_is_done() {
        let programs = Programs::load(None).unwrap();
        let today = Day::new(2026, 11, 24).unwrap();
        let form = programs.program("minors").unwrap().workflow.forms.get("referral_result").unwrap();
        let mut dice = Dice::new(3, 1);
        let results: Vec<_> = (0..400)
            .filter_map(|number| {
                let story = Story::draw(&mut dice, number % 2 == 0);
                fill(form, story, None, today, &mut dice).choice("result").map(str::to_owned)
            })
            .collect();
        let of = |word: &str| results.iter().filter(|result| *result == word).count();
        assert_eq!(results.len(), 400);
        assert!(of("solved") > 280 && of("partly") > 0 && of("impossible") > 0, "{} solved", of("solved"));
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
