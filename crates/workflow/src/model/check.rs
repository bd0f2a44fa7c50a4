//! What must hold of a workflow as a whole: every name it uses exists, every stage is reached, every stage reaches an
//! end, no chain of skips runs in a circle, and somebody could hold every stage, whoever brought the matter there.

use std::collections::BTreeSet;

use base::AreaLevel;

use super::read::{RawBranch, RawKind, RawStage};
use super::{Holder, Kind, Stage, Workflow};
use crate::fault::Faults;
use crate::{Arrival, Candidate, Condition, Hold};

pub(super) fn check(workflow: &Workflow, raw_kinds: &[RawKind], faults: &mut Faults) {
    let mut numbers = BTreeSet::new();
    for raw in raw_kinds {
        let Some(kind) = workflow.kind(raw.key.as_ref()) else { continue };
        if !numbers.insert(kind.number.as_str()) {
            let mend = "give each kind letters of its own";
            faults.add(&raw.key.span(), "another kind has the same letters for its numbers", mend);
        }
        if kind.stages.get(raw.first.as_ref()).is_none_or(Stage::ends) {
            faults.add(
                &raw.first.span(),
                "the first stage is missing or an end",
                "name an open stage of this kind",
            );
        }
        if let Some(form) = raw.tells.as_ref().filter(|form| workflow.forms.get(form.as_ref()).is_none()) {
            let mend = "name a form of forms.toml, or add it there";
            faults.add(&form.span(), format!("there is no form {}", form.as_ref()), mend);
        }
        for raw in &raw.stage {
            check_stage(workflow, kind, raw, faults);
        }
        check_paths(kind, raw, faults);
        check_holders(workflow, kind, raw, faults);
    }
}

fn check_stage(workflow: &Workflow, kind: &Kind, raw: &RawStage, faults: &mut Faults) {
    if let Some(skip) = &raw.skip {
        let to = &skip.as_ref().to;
        if kind.stages.get(to.as_ref()).is_none_or(Stage::ends) {
            faults.add(&to.span(), "the skip leads nowhere", "name an open stage of this kind");
        }
        if let Some(skip) = kind.stages.get(raw.key.as_ref()).and_then(|stage| stage.skip.as_ref()) {
            check_kinds_named(workflow, &skip.when, &to.span(), faults);
        }
    }
    for form in raw.shows.iter().filter(|form| workflow.forms.get(form.as_ref()).is_none()) {
        let mend = "name a form of forms.toml, or add it there";
        faults.add(&form.span(), format!("there is no form {}", form.as_ref()), mend);
    }
    for warning in kind.stages.get(raw.key.as_ref()).into_iter().flat_map(|stage| &stage.warnings) {
        check_kinds_named(workflow, &warning.when, &raw.key.span(), faults);
    }
    for action in &raw.action {
        if let Some(form) = action.form.as_ref().filter(|form| workflow.forms.get(form.as_ref()).is_none()) {
            let mend = "name a form of forms.toml, or add it there";
            faults.add(&form.span(), format!("there is no form {}", form.as_ref()), mend);
        }
        for no_open in action.no_open.iter().filter(|key| workflow.kind(key.as_ref()).is_none()) {
            faults.add(
                &no_open.span(),
                format!("there is no kind {}", no_open.as_ref()),
                "name a kind of this file",
            );
        }
        let branches = action.then.as_ref();
        let (last, others) = match branches.split_last() {
            Some((last, others)) => (Some(last), others),
            None => (None, [].as_slice()),
        };
        if last.is_none_or(|last| last.when.is_some()) || others.iter().any(|branch| branch.when.is_none()) {
            let mend =
                "give every branch but the last a when, and the last none, so that it always leads somewhere";
            faults.add(&action.then.span(), "the branches of the action are not complete", mend);
        }
        for branch in branches {
            check_branch(workflow, kind, branch, faults);
            if branch.stays && branch.to.as_ref() != raw.key.as_ref() {
                faults.add(
                    &branch.to.span(),
                    "the branch stays and leads elsewhere",
                    "name the action's own stage, or delete stays",
                );
            }
        }
        if let Some(action) =
            kind.stages.get(raw.key.as_ref()).and_then(|stage| stage.actions.get(action.key.as_ref()))
        {
            let branches = action.branches.iter().filter_map(|branch| branch.when.as_ref());
            let needs = action.needs.iter().flat_map(|need| need.when.iter().chain([&need.holds]));
            for condition in branches.chain(needs) {
                check_kinds_named(workflow, condition, &raw.key.span(), faults);
            }
        }
    }
}

fn check_branch(workflow: &Workflow, kind: &Kind, branch: &RawBranch, faults: &mut Faults) {
    let to = branch.to.as_ref();
    match (kind.stages.get(to), &branch.outcome) {
        (None, _) => {
            faults.add(&branch.to.span(), format!("there is no stage {to}"), "name a stage of this kind");
        }
        (Some(stage), None) if stage.ends() => {
            faults.add(&branch.to.span(), "the branch ends the matter without an outcome", "add outcome");
        }
        (Some(stage), Some(outcome)) if !stage.ends() => {
            faults.add(
                &outcome.span(),
                "an outcome stands where nothing ends",
                "delete it, or lead to an end",
            );
        }
        (Some(_), Some(outcome)) if !kind.outcomes.contains_key(outcome.as_ref()) => {
            let mend = "add it to the outcomes of the kind";
            faults.add(&outcome.span(), format!("there is no outcome {}", outcome.as_ref()), mend);
        }
        (Some(_), _) => {}
    }
    for opens in branch.opens.iter().filter(|key| workflow.kind(key.as_ref()).is_none()) {
        faults.add(&opens.span(), format!("there is no kind {}", opens.as_ref()), "name a kind of this file");
    }
}

fn check_kinds_named(
    workflow: &Workflow,
    condition: &Condition,
    at: &std::ops::Range<usize>,
    faults: &mut Faults,
) {
    match condition {
        Condition::OpenedFrom(kinds) => {
            for kind in kinds.iter().filter(|key| workflow.kind(key).is_none()) {
                faults.add(at, format!("there is no kind {kind}"), "name a kind of this file");
            }
        }
        Condition::Hangs { kind: key, not_at, ended_not } => match workflow.kind(key) {
            Some(kind) => {
                for stage in not_at.iter().filter(|key| !kind.stages.contains_key(*key)) {
                    faults.add(at, format!("{key} has no stage {stage}"), "name stages of that kind");
                }
                for outcome in ended_not.iter().filter(|key| !kind.outcomes.contains_key(*key)) {
                    let message = format!("{key} has no outcome {outcome}");
                    faults.add(at, message, "name outcomes of that kind");
                }
            }
            None => faults.add(at, format!("there is no kind {key}"), "name a kind of this file"),
        },
        Condition::All(list) | Condition::Any(list) => {
            for one in list {
                check_kinds_named(workflow, one, at, faults);
            }
        }
        Condition::Not(one) => check_kinds_named(workflow, one, at, faults),
        Condition::Is { .. }
        | Condition::AtLeast { .. }
        | Condition::Answered(_)
        | Condition::Severity(_)
        | Condition::Grounds(_)
        | Condition::LoweredFrom(_)
        | Condition::AgeUnder(_) => {}
    }
}

/// Every stage is reached from the first, every stage reaches an end, and skips run in no circle. Conditions are not
/// looked at: what they decide is a person's answer.
fn check_paths(kind: &Kind, raw: &RawKind, faults: &mut Faults) {
    let ways = ways(kind);
    let back: Vec<(&str, &str)> = ways.iter().map(|(from, to)| (*to, *from)).collect();
    let ends = kind.stages.values().filter(|stage| stage.ends()).map(|stage| stage.key.as_str());
    let reached = reached_from(&ways, std::iter::once(kind.first.as_str()));
    let reaching = reached_from(&back, ends);
    for raw_stage in &raw.stage {
        let key = raw_stage.key.as_ref();
        let at = raw_stage.key.span();
        if !reached.contains(key.as_str()) {
            faults.add(&at, format!("stage {key} is never entered"), "lead a branch to it, or delete it");
        }
        if !reaching.contains(key.as_str()) {
            faults.add(
                &at,
                format!("from stage {key} no end is reached"),
                "add an action that leads towards an end",
            );
        }
        let mut stage = kind.stages.get(key);
        let mut steps = 0;
        while let Some(skip) = stage.and_then(|stage| stage.skip.as_ref()) {
            steps += 1;
            if steps > kind.stages.len() {
                faults.add(
                    &at,
                    "the skips run in a circle",
                    "let one of them lead to a stage that is not skipped",
                );
                break;
            }
            stage = kind.stages.get(&skip.to);
        }
    }
}

/// Somebody could do with a matter what each stage is for: at the level that holds it or above, whoever brought it there.
/// Who sits at a post is not known here.
fn check_holders(workflow: &Workflow, kind: &Kind, raw: &RawKind, faults: &mut Faults) {
    for raw_stage in &raw.stage {
        let stage = kind.stages.get(raw_stage.key.as_ref());
        let Some((stage, run)) = stage.and_then(|stage| Some((stage, stage.run.as_ref()?))) else { continue };
        let stuck = arrivals(workflow, kind, stage)
            .into_iter()
            .find(|level| !somebody_holds(workflow, stage, run.holder, *level));
        if let Some(level) = stuck {
            let by =
                level.map_or_else(String::new, |level| format!(" once {} has brought it there", level.key()));
            faults.add(
                &raw_stage.key.span(),
                format!("nobody could hold stage {}{by}", stage.key),
                "give a role that stands on the ladder at its holder's level or above an action of its own there, \
                 beside handing on and alarms; or let another level hold it",
            );
        }
    }
}

/// The levels from which a matter may come into a stage, by an action or past stages that are skipped; `None` for the
/// system, and for whoever stands on no rung.
fn arrivals(workflow: &Workflow, kind: &Kind, stage: &Stage) -> BTreeSet<Option<AreaLevel>> {
    let leads_here = |from: &str| {
        let mut at = kind.stages.get(from);
        for _ in 0..=kind.stages.len() {
            match at {
                Some(found) if found.key == stage.key => return true,
                Some(found) => {
                    at = found.skip.as_ref().and_then(|skip| kind.stages.get(&skip.to));
                }
                None => return false,
            }
        }
        false
    };
    let level_of =
        |role: &String| workflow.ladder.iter().find(|rung| rung.role == *role).map(|rung| rung.level);
    let actions = kind.stages.values().flat_map(|stage| stage.actions.values());
    let brings = actions.filter(|action| action.branches.iter().any(|branch| leads_here(&branch.to)));
    let levels = brings.flat_map(|action| action.roles.iter().map(level_of));
    levels.chain(leads_here(&kind.first).then_some(None)).collect()
}

fn somebody_holds(workflow: &Workflow, stage: &Stage, holder: Holder, level: Option<AreaLevel>) -> bool {
    let arrival = Arrival { by: None, level };
    let could = |role: &str, level: Option<AreaLevel>| {
        stage.hold(arrival, &Candidate { role, level, accounts: &[] }) == Hold::Whole
    };
    let lowest = workflow.ladder.first().map(|rung| rung.level);
    let reaches = |level: AreaLevel| match holder {
        Holder::Level(least) => level <= least,
        Holder::Above => Some(level) != lowest,
        Holder::Keep | Holder::Opener | Holder::Organisation => true,
    };
    if holder == Holder::Organisation {
        let roles = stage.actions.values().flat_map(|action| &action.roles);
        let on_ladder = |role: &str| workflow.ladder.iter().any(|rung| rung.role == role);
        return roles.filter(|role| !on_ladder(role)).any(|role| could(role, None));
    }
    workflow.ladder.iter().any(|rung| reaches(rung.level) && could(&rung.role, Some(rung.level)))
}

/// All ways from one stage to the next.
fn ways(kind: &Kind) -> Vec<(&str, &str)> {
    kind.stages
        .values()
        .flat_map(|stage| {
            let branches = stage.actions.values().flat_map(|action| &action.branches);
            let skip = stage.skip.as_ref().map(|skip| skip.to.as_str());
            branches.map(|branch| branch.to.as_str()).chain(skip).map(|to| (stage.key.as_str(), to))
        })
        .collect()
}

/// Every stage that is reached from `starts`, these among them.
fn reached_from<'a>(ways: &[(&'a str, &'a str)], starts: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut known: BTreeSet<&str> = starts.collect();
    loop {
        let before = known.len();
        let next: Vec<&str> =
            ways.iter().filter(|(from, _)| known.contains(from)).map(|(_, to)| *to).collect();
        known.extend(next);
        if known.len() == before {
            return known;
        }
    }
}
