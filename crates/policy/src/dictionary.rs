//! The words of one program: categories, outcomes, reasons, and how often a level is visited.

use base::{Day, Label, Severity};
use rules::document::Fields;
use rules::{Dated, Fault, document};
use workflow::Period;

/// The lists of words of one program, and its plan of visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dictionary {
    /// The lists in the order of the file.
    pub lists: Vec<WordList>,
    /// How often a child is visited, by level: one for each [`Severity`], the gravest first.
    pub visit_plans: Vec<VisitPlan>,
}

/// One list of words, from which a field of a form or a reason is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordList {
    /// Its name in data: `difficulty_category`.
    pub key: String,
    /// Its name on screen.
    pub label: Label,
    /// The words in the order of the file. A key may stand there again for a later period.
    pub words: Vec<Word>,
}

/// One word of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its name in data, which records keep.
    pub key: String,
    /// Its name on screen.
    pub label: Label,
    /// What it means, for whoever has to choose.
    pub note: Option<Label>,
    /// Since when, and who says so.
    pub dated: Dated,
}

/// How often a child of one level is visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitPlan {
    /// The level.
    pub severity: Severity,
    /// The colour by which the field names it: 红色.
    pub label: Label,
    /// The time between two visits.
    pub every: Period,
    /// The time until the next attempt after a visit at which nobody was met; that between two visits where the file does
    /// not say.
    pub again: Period,
    /// Since when, and who says so.
    pub dated: Dated,
}

impl Dictionary {
    /// Reads `dictionary.toml`.
    ///
    /// # Errors
    /// Every fault of the file; a key that holds twice on one day; a level without a plan of visits.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        document::read(text, |fields| {
            let entries = fields.entries("list");
            let lists: Vec<Option<WordList>> = entries.iter().map(read_list).collect();
            let plans = fields.entries("visit_plan");
            let plans: Vec<Option<VisitPlan>> = plans.iter().map(read_plan).collect();
            let lists: Option<Vec<WordList>> = lists.into_iter().collect();
            if let Some(lists) = &lists {
                let keys =
                    lists.iter().zip(&entries).map(|(list, entry)| (list.key.as_str(), entry.line_of("key")));
                fields.refuse_twins("list", keys);
            }
            let mut visit_plans: Vec<VisitPlan> = plans.into_iter().collect::<Option<_>>()?;
            visit_plans.sort_by_key(|plan| std::cmp::Reverse(plan.severity));
            if visit_plans.iter().map(|plan| plan.severity).ne(Severity::ALL) {
                let mend = "Write one table [[visit_plan]] for each of `urgent`, `high`, `medium`, `low`";
                fields.fault("visit_plan", "there is not one plan of visits for each level", mend);
            }
            Some(Self { lists: lists?, visit_plans })
        })
    }

    /// The list with this key.
    pub fn list(&self, key: &str) -> Option<&WordList> {
        self.lists.iter().find(|list| list.key == key)
    }

    /// The name of a word on screen, whenever it held: what old records say stays readable.
    pub fn label(&self, list: &str, word: &str) -> Option<&Label> {
        self.list(list)?.words.iter().rev().find(|one| one.key == word).map(|one| &one.label)
    }

    /// How often a child of this level is visited.
    pub fn visit_plan(&self, severity: Severity) -> Option<&VisitPlan> {
        self.visit_plans.iter().find(|plan| plan.severity == severity)
    }
}

impl WordList {
    /// The words that can be chosen on `day`.
    pub fn on(&self, day: Day) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(move |word| word.dated.holds_on(day))
    }

    /// Whether `key` can be chosen on `day`.
    pub fn has_on(&self, key: &str, day: Day) -> bool {
        self.on(day).any(|word| word.key == key)
    }
}

fn read_list(entry: &Fields<'_>) -> Option<WordList> {
    let (key, label) = (entry.key("key"), entry.label("label"));
    let entries = entry.entries("word");
    let words: Vec<Option<Word>> = entries.iter().map(read_word).collect();
    entry.finish();
    if entries.is_empty() {
        entry.fault_at(entry.line(), "the list has no word", "Add a table [[list.word]], or remove the list");
    }
    let words: Vec<Word> = words.into_iter().collect::<Option<_>>()?;
    for (place, (word, entry)) in words.iter().zip(&entries).enumerate() {
        let earlier = words.iter().take(place);
        if earlier.filter(|other| other.key == word.key).any(|other| other.dated.overlaps(&word.dated)) {
            let message = format!("the word `{}` holds twice on the same day", word.key);
            entry.fault("key", message, "Give each word its own key, or end the earlier one with `until`");
        }
    }
    Some(WordList { key: key?, label: label?, words })
}

fn read_word(entry: &Fields<'_>) -> Option<Word> {
    let (key, label, note) = (entry.key("key"), entry.label("label"), entry.optional_label("note"));
    let dated = entry.dated();
    entry.finish();
    Some(Word { key: key?, label: label?, note, dated: dated? })
}

fn read_plan(entry: &Fields<'_>) -> Option<VisitPlan> {
    let (severity, label) = (entry.severity("severity"), entry.label("label"));
    let (every, again) = (entry.text("every"), entry.optional_text("again"));
    let dated = entry.dated();
    entry.finish();
    let period = |key: &str, text: Option<String>| {
        let text = text?;
        let period = Period::read(&text);
        if period.is_none() {
            let mend = "Write days or working days, such as \"7 days\"";
            entry.fault(key, format!("`{text}` is no length of time"), mend);
        }
        period
    };
    let every = period("every", every);
    // A version that was kept before this could be said is read as it was: the next attempt is the next visit.
    let again = if again.is_some() { period("again", again) } else { every };
    Some(VisitPlan { severity: severity?, label: label?, every: every?, again: again?, dated: dated? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plans() -> String {
        let plan = |severity: &str, every: &str| {
            format!(
                "[[visit_plan]]\nseverity = \"{severity}\"\nlabel = {{ zh = \"红色\", en = \"Red\" }}\n\
                 every = \"{every}\"\nagain = \"2 days\"\nfrom = 2024-01-01\nsource = \"own\"\nsample = true\n"
            )
        };
        plan("low", "90 days")
            + &plan("urgent", "7 days")
            + &plan("high", "15 days")
            + &plan("medium", "30 days")
    }

    fn word(key: &str, zh: &str, from: &str, until: Option<&str>) -> String {
        let until = until.map(|day| format!("until = {day}\n")).unwrap_or_default();
        format!(
            "[[list.word]]\nkey = \"{key}\"\nlabel = {{ zh = \"{zh}\", en = \"One\" }}\nfrom = {from}\n{until}\
             source = \"M5\"\n"
        )
    }

    const LIST: &str = "[[list]]\nkey = \"category\"\nlabel = { zh = \"类别\", en = \"Category\" }\n";

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_word_that_ended_stays_readable_and_cannot_be_chosen() {
        let text = LIST.to_owned() + &word("orphan", "孤儿", "2011-01-01", Some("2019-12-31")) + &plans();
        let dictionary = Dictionary::parse(&text).unwrap();
        let list = dictionary.list("category").unwrap();
        assert!(list.has_on("orphan", day("2019-12-31")) && !list.has_on("orphan", day("2020-01-01")));
        assert_eq!(dictionary.label("category", "orphan").unwrap().zh, "孤儿");
        assert_eq!(dictionary.visit_plan(Severity::Urgent).unwrap().every, Period::Days(7));
        assert_eq!(dictionary.visit_plans.first().unwrap().severity, Severity::Urgent);
    }

    #[test]
    fn the_same_key_may_follow_itself_but_not_stand_beside_itself() {
        let earlier = word("orphan", "孤儿", "2011-01-01", Some("2019-12-31"));
        let following = LIST.to_owned() + &earlier + &word("orphan", "孤儿", "2020-01-01", None) + &plans();
        assert!(Dictionary::parse(&following).is_ok());
        let beside = LIST.to_owned() + &earlier + &word("orphan", "孤儿", "2019-12-31", None) + &plans();
        let faults = Dictionary::parse(&beside).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [11]);
    }

    #[test]
    fn a_version_that_was_kept_before_attempts_were_planned_is_read() {
        let earlier = plans().replace("again = \"2 days\"\n", "");
        let plan = Dictionary::parse(&earlier).unwrap().visit_plan(Severity::Urgent).cloned().unwrap();
        assert_eq!((plan.every, plan.again), (Period::Days(7), Period::Days(7)));
        let plan = Dictionary::parse(&plans()).unwrap().visit_plan(Severity::Urgent).cloned().unwrap();
        assert_eq!(plan.again, Period::Days(2));
    }

    #[test]
    fn a_level_without_a_plan_of_visits_is_refused() {
        let text =
            plans().replace("severity = \"low\"", "severity = \"high\"").replace("\"15 days\"", "\"often\"");
        let faults = Dictionary::parse(&text).unwrap_err();
        assert!(faults.iter().any(|fault| fault.message == "`often` is no length of time"));
        let text = plans().replace("severity = \"low\"", "severity = \"high\"");
        let faults = Dictionary::parse(&text).unwrap_err();
        assert_eq!(faults.len(), 1);
    }
}
