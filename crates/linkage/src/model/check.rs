//! From the shape of a model file to a model, or to the list of its faults.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::Label;
use toml::Spanned;

use super::file::{
    BlockingFile, BorrowedFile, CharactersFile, ColumnFile, ComparisonFile, ConditionFile, GuardFile,
    LevelFile, ModelFile, TeacherFile,
};
use super::{
    Aspect, Borrowed, Calibration, Characters, Column, ColumnKind, Comparison, FixedKeys, Guard, Key,
    KeyRule, Level, Model, ModelFault, Part, Prior, Teacher, Test, Zones,
};
use crate::compare::{CROSS, CROSS_BOTH, tests_of};
use crate::mixing::mix_text;
use crate::sound::RegionalFold;

/// Most levels of one comparison: their places are bits of a word.
const MOST_LEVELS: usize = 24;
/// Most values of one column.
const MOST_VALUES: usize = 8;
/// Most columns, comparisons and rules: a place of each fits into a byte with room to spare.
const MOST_ENTRIES: usize = 64;
/// The parts of an address, by their names in a model.
const ADDRESS_PARTS: [&str; crate::read::address::PARTS] =
    ["district", "subdistrict", "community", "estate", "building", "room"];
/// Most records under one key that a rule may ask to compare.
const MOST_UNDER_ONE_KEY: usize = 5_000;

pub(super) fn parse(text: &str) -> Result<Model, Vec<ModelFault>> {
    let file: ModelFile = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![ModelFault {
            line: line_of(text, at),
            message: error.message().to_owned(),
            mend: "see docs/linkage.md for the keys of a model".to_owned(),
        }]
    })?;
    let mut checker = Checker { text, faults: Vec::new(), names: HashMap::new(), kinds: Vec::new() };
    let model = checker.model(file);
    let mut faults = checker.faults;
    faults.sort_by_key(|fault| fault.line);
    if faults.is_empty() { Ok(model) } else { Err(faults) }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// Reads on after a fault, so that all are told at once.
struct Checker<'text> {
    text: &'text str,
    faults: Vec<ModelFault>,
    /// Columns by key.
    names: HashMap<String, usize>,
    kinds: Vec<ColumnKind>,
}

impl Checker<'_> {
    fn fault<T>(&mut self, at: &Spanned<T>, message: impl Into<String>, mend: impl Into<String>) {
        let line = line_of(self.text, at.span().start);
        self.faults.push(ModelFault { line, message: message.into(), mend: mend.into() });
    }

    fn model(&mut self, file: ModelFile) -> Model {
        self.check_sizes(&file);
        self.check_figures(&file.prior, &file.zones);
        if let Some(line) = &file.calibration
            && !(line.get_ref().scale > 0.0
                && line.get_ref().scale.is_finite()
                && line.get_ref().offset.is_finite())
        {
            self.fault(
                line,
                "a figure of `calibration` is out of range",
                "`scale` lies above 0: take both figures from `shouwang link train`",
            );
        }
        let columns = self.columns(&file.columns);
        let mut rules: Vec<KeyRule> = file.blocking.iter().map(|rule| self.rule(rule)).collect();
        let comparisons = self.comparisons(file.comparisons, &mut rules);
        let guards = file.guards.into_iter().map(|guard| self.guard(guard, &comparisons)).collect();
        let borrowed = file.borrowed.and_then(|borrowed| self.borrowed(&borrowed, &comparisons));
        let teacher = file.teacher.and_then(|teacher| self.teacher(&teacher, &comparisons));
        let key = file.key.into_inner();
        Model {
            key,
            version: file.version,
            sample: file.sample,
            label: file.label,
            prior: file.prior.into_inner(),
            zones: file.zones.into_inner(),
            columns,
            comparisons,
            rules,
            guards,
            borrowed,
            teacher,
            calibration: file.calibration.map_or_else(Calibration::default, Spanned::into_inner),
            characters: self.characters(&file.characters),
            labels: file.labels,
            fixed: FixedKeys::default(),
            text: self.text.into(),
            fingerprint: mix_text(self.text),
        }
    }

    fn check_sizes(&mut self, file: &ModelFile) {
        let sizes = [
            ("columns", file.columns.len()),
            ("comparisons", file.comparisons.len()),
            ("blocking", file.blocking.len()),
        ];
        for (list, size) in sizes {
            if size == 0 || size > MOST_ENTRIES {
                self.fault(
                    &file.key,
                    format!("`{list}` has {size} entries"),
                    format!("give 1 to {MOST_ENTRIES}"),
                );
            }
        }
    }

    fn check_figures(&mut self, prior: &Spanned<Prior>, zones: &Spanned<Zones>) {
        let figures = prior.get_ref();
        let sound = figures.known_share > 0.0
            && figures.known_share <= 1.0
            && figures.least_records >= 1.0
            && figures.household_others >= 0.0
            && figures.ballast_records >= 1.0;
        if !sound {
            let mend = "`known_share` lies above 0 and up to 1, `least_records` and `ballast_records` are at least 1, `household_others` at least 0";
            self.fault(prior, "a figure of `prior` is out of range", mend);
        }
        let figures = zones.get_ref();
        let ordered =
            figures.link > figures.review && figures.review >= figures.listed && figures.rival_margin >= 0.0;
        if !ordered {
            self.fault(
                zones,
                "the zones are not in order",
                "`link` lies above `review`, `review` not below `listed`, `rival_margin` not below 0",
            );
        }
    }

    fn columns(&mut self, files: &[ColumnFile]) -> Vec<Column> {
        for (place, file) in files.iter().enumerate() {
            self.kinds.push(file.kind);
            if self.names.insert(file.key.get_ref().clone(), place).is_some() {
                self.fault(
                    &file.key,
                    format!("column `{}` stands twice", file.key.get_ref()),
                    "give each column its own key",
                );
            }
        }
        files.iter().map(|file| self.column(file)).collect()
    }

    fn column(&mut self, file: &ColumnFile) -> Column {
        if file.most == 0 || file.most > MOST_VALUES {
            self.fault(&file.key, format!("`most` is {}", file.most), format!("give 1 to {MOST_VALUES}"));
        }
        if (file.kind == ColumnKind::Category) == file.words.is_empty() {
            self.fault(
                &file.key,
                "a column has `words` exactly when its kind is `category`",
                "list each value with its wordings, or change the kind",
            );
        }
        let mut words = BTreeMap::new();
        for (value, (_, wordings)) in (1..).zip(&file.words) {
            words.extend(wordings.iter().map(|wording| (wording.clone(), value)));
        }
        let filled_from = file.filled_from.as_ref().and_then(|source| self.column_at(source));
        if let (Some(from), Some(source)) = (filled_from, &file.filled_from) {
            let fits =
                file.kind == ColumnKind::Day && self.kinds.get(from) == Some(&ColumnKind::IdentityNumber);
            if !fits {
                self.fault(
                    source,
                    "only a `day` is filled from an `identity_number`",
                    "take `filled_from` out, or name such a column",
                );
            }
        }
        let sources = file.sources.clone().unwrap_or_else(|| vec![file.key.get_ref().clone()]);
        let parts = self.parts(file);
        if !file.drops.is_empty()
            && (file.kind != ColumnKind::Text || file.drops.iter().any(String::is_empty))
        {
            self.fault(
                &file.key,
                "`drops` are words at the end of a `text`",
                "take them out, or name words such as 有限公司",
            );
        }
        // As the texts are read, and the longest first.
        let mut drops: Vec<String> = file.drops.iter().map(|word| word.to_lowercase()).collect();
        drops.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Column {
            kind: file.kind,
            sources,
            parts,
            most: file.most,
            searched: file.search,
            words,
            filled_from,
            drops,
        }
    }

    /// The cells of an address's parts, in the parts' order.
    fn parts(&mut self, file: &ColumnFile) -> Vec<Vec<String>> {
        let is_known = |name: &&String| ADDRESS_PARTS.contains(&name.as_str());
        let is_sound = file.kind == ColumnKind::Address && file.parts.keys().all(|name| is_known(&name));
        if !file.parts.is_empty() && !is_sound {
            self.fault(
                &file.key,
                "`parts` belong to a column of kind `address`",
                format!("take them out, or name some of: {}", ADDRESS_PARTS.join(", ")),
            );
        }
        ADDRESS_PARTS.iter().map(|name| file.parts.get(*name).cloned().unwrap_or_default()).collect()
    }

    fn column_at(&mut self, name: &Spanned<String>) -> Option<usize> {
        let found = self.names.get(name.get_ref()).copied();
        if found.is_none() {
            self.fault(
                name,
                format!("there is no column `{}`", name.get_ref()),
                "name the key of one of `columns`",
            );
        }
        found
    }

    fn rule(&mut self, file: &BlockingFile) -> KeyRule {
        let parts: Vec<Part> = file.on.iter().filter_map(|part| self.part(part)).collect();
        if let Some(first) = file.on.first().filter(|_| !(1..=MOST_UNDER_ONE_KEY).contains(&file.most)) {
            self.fault(first, format!("`most` is {}", file.most), format!("give 1 to {MOST_UNDER_ONE_KEY}"));
        }
        let name = file.on.iter().map(|part| part.get_ref().as_str()).collect::<Vec<_>>().join(" + ");
        KeyRule { name, parts, most: file.most, decisive: file.decisive, finds: true }
    }

    /// A part of a key: `birth`, `birth.year`, `phone|guardian_phone`.
    fn part(&mut self, name: &Spanned<String>) -> Option<Part> {
        let (columns, aspect) = name
            .get_ref()
            .split_once('.')
            .map_or((name.get_ref().as_str(), ""), |(columns, aspect)| (columns, aspect));
        let places: Option<Vec<usize>> =
            columns.split('|').map(|column| self.names.get(column).copied()).collect();
        let Some(places) = places else {
            self.fault(
                name,
                format!("`{columns}` names no column"),
                "name the key of one of `columns`, or several with `|` between",
            );
            return None;
        };
        let kinds: Vec<ColumnKind> =
            places.iter().filter_map(|place| self.kinds.get(*place).copied()).collect();
        let found = kinds.first().and_then(|kind| aspect_of(*kind, aspect));
        if found.is_none() || kinds.windows(2).any(|pair| pair.first() != pair.last()) {
            let message = format!("`{}` is no side of such a column", name.get_ref());
            self.fault(
                name,
                message,
                "see docs/linkage.md for the sides of each kind; columns joined by `|` are of one kind",
            );
        }
        found.map(|aspect| Part { columns: places, aspect })
    }

    fn comparisons(&mut self, files: Vec<ComparisonFile>, rules: &mut Vec<KeyRule>) -> Vec<Comparison> {
        let mut conditions = Vec::new();
        let mut comparisons: Vec<Comparison> = Vec::new();
        for file in files {
            if comparisons.iter().any(|before| before.key.as_str() == file.key.get_ref()) {
                self.fault(
                    &file.key,
                    format!("comparison `{}` stands twice", file.key.get_ref()),
                    "give each comparison its own key",
                );
            }
            let column = self.column_at(&file.column);
            let cross = file.cross.as_ref().and_then(|cross| self.column_at(cross));
            if let (Some(cross), Some(name)) = (cross, &file.cross)
                && column.is_some_and(|column| self.kinds.get(cross) != self.kinds.get(column))
            {
                self.fault(
                    name,
                    "`cross` is a column of another kind",
                    "name a column of the same kind as `column`",
                );
            }
            self.check_levels(&file);
            let levels =
                file.levels.into_iter().map(|level| self.level(level, column, cross, rules)).collect();
            conditions.push(file.implied_by);
            comparisons.push(Comparison {
                key: Key::from(file.key.get_ref().as_str()),
                label: file.label,
                // A fault was told; what names this comparison need not tell another.
                column: column.unwrap_or(usize::MAX),
                cross,
                levels,
                implied_by: Vec::new(),
            });
        }
        let resolved: Vec<_> = conditions.iter().map(|list| self.conditions(list, &comparisons)).collect();
        for (comparison, implied_by) in comparisons.iter_mut().zip(resolved) {
            comparison.implied_by = implied_by;
        }
        comparisons
    }

    fn check_levels(&mut self, file: &ComparisonFile) {
        let ends_in_else = file.levels.last().is_some_and(|level| level.test.get_ref() == "else");
        if !ends_in_else || file.levels.len() > MOST_LEVELS {
            let message =
                format!("`{}` has {} levels and must end in `else`", file.key.get_ref(), file.levels.len());
            self.fault(
                &file.key,
                message,
                format!("give at most {MOST_LEVELS} levels, the last with test = \"else\""),
            );
        }
        let mut keys = HashSet::new();
        for level in &file.levels {
            if !keys.insert(level.key.as_ref().unwrap_or(level.test.get_ref())) {
                self.fault(
                    &level.test,
                    "two levels of one comparison have one key",
                    "give one of them another `key`",
                );
            }
        }
        for (letter, sum) in sums(&file.levels) {
            if !(0.97..=1.03).contains(&sum) {
                let message = format!("the shares `{letter}` of `{}` add up to {sum:.3}", file.key.get_ref());
                self.fault(
                    &file.key,
                    message,
                    "each of m, u and h says how all pairs divide over the levels: make them add up to 1",
                );
            }
        }
    }

    fn level(
        &mut self,
        file: LevelFile,
        column: Option<usize>,
        cross: Option<usize>,
        rules: &mut Vec<KeyRule>,
    ) -> Level {
        let shares = [file.matched, file.chance, file.household];
        if shares.iter().any(|share| !(*share > 0.0 && *share <= 1.0)) {
            self.fault(
                &file.test,
                "a share m, u or h is not above 0 and at most 1",
                "what was never seen still has a small share",
            );
        }
        let test = self.test(&file, column, cross);
        let frequency = file
            .frequency
            .as_ref()
            .and_then(|name| Some(counting_rule(name.get_ref(), self.part(name)?, rules)));
        let key = Key::from(file.key.as_deref().unwrap_or(file.test.get_ref()));
        self.check_label(&file.test, &file.label);
        Level {
            key,
            label: file.label,
            test,
            log_match: file.matched.log2(),
            chance: file.chance,
            log_household: file.household.log2(),
            frequency,
        }
    }

    fn check_label<T>(&mut self, at: &Spanned<T>, label: &Label) {
        if label.lacks_a_language() {
            self.fault(at, "a label lacks a language", "give `zh` and `en`");
        }
    }

    fn test(&mut self, file: &LevelFile, column: Option<usize>, cross: Option<usize>) -> Test {
        // A comparison of a column that does not exist has been told already.
        let Some(kind) = column.and_then(|column| self.kinds.get(column).copied()) else {
            return Test::Otherwise;
        };
        match (file.test.get_ref().as_str(), file.at_least, file.at_most) {
            ("else", None, None) => Test::Otherwise,
            ("cross", None, None) if cross.is_some() => Test::Relation(CROSS),
            ("cross_both", None, None) if cross.is_some() => Test::Relation(CROSS_BOTH),
            ("jaro_winkler", Some(least), None) if kind == ColumnKind::Text => Test::JaroWinkler(least),
            ("edits", None, Some(most)) if kind == ColumnKind::Text => Test::Edits(characters_of(most)),
            ("damerau", None, Some(most)) if kind == ColumnKind::Text => Test::Damerau(characters_of(most)),
            ("tokens", Some(least), None) if kind == ColumnKind::Text => Test::Tokens(least),
            ("apart", None, Some(most)) if kind == ColumnKind::Quantity => Test::Apart(most),
            ("apart_share", None, Some(most)) if kind == ColumnKind::Quantity => Test::ApartShare(most),
            ("kilometres", None, Some(most)) if kind == ColumnKind::Place => Test::Kilometres(most),
            (name, None, None) => {
                let known = tests_of(kind)
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, bit)| Test::Relation(*bit));
                known.unwrap_or_else(|| {
                    let known: Vec<&str> = tests_of(kind).iter().map(|(known, _)| *known).collect();
                    let mend =
                        format!("use one of {}, else, or cross with a `cross` column", known.join(", "));
                    self.fault(&file.test, format!("`{name}` is no test of such a column"), mend);
                    Test::Otherwise
                })
            }
            (name, _, _) => {
                let message = format!("`{name}` does not go with these bounds here");
                self.fault(
                    &file.test,
                    message,
                    "on `text` columns `jaro_winkler` and `tokens` take `at_least`, `edits` and `damerau` take `at_most`; so do `apart` and `apart_share` on `quantity`, `kilometres` on `place`",
                );
                Test::Otherwise
            }
        }
    }

    fn conditions(&mut self, files: &[ConditionFile], comparisons: &[Comparison]) -> Vec<(usize, u32)> {
        files.iter().filter_map(|file| self.condition(file, comparisons)).collect()
    }

    fn condition(&mut self, file: &ConditionFile, comparisons: &[Comparison]) -> Option<(usize, u32)> {
        let found = comparisons
            .iter()
            .enumerate()
            .find(|(_, comparison)| comparison.key.as_str() == file.field.get_ref());
        let Some((place, comparison)) = found else {
            self.fault(
                &file.field,
                format!("there is no comparison `{}`", file.field.get_ref()),
                "name the key of one of `comparisons`",
            );
            return None;
        };
        let mut bits = 0;
        for name in &file.levels {
            match comparison.levels.iter().position(|level| level.key.as_str() == name.get_ref()) {
                Some(level) => bits |= 1 << level.min(31),
                None => self.fault(
                    name,
                    format!("`{}` has no level `{}`", file.field.get_ref(), name.get_ref()),
                    "name the key of one of its levels",
                ),
            }
        }
        Some((place, bits))
    }

    fn guard(&mut self, file: GuardFile, comparisons: &[Comparison]) -> Guard {
        if file.when.is_empty() || file.at_most < file.at_least {
            self.fault(
                &file.key,
                "a guard holds always or asks for what it forbids",
                "give `when`, and `at_least` not above `at_most`",
            );
        }
        self.check_label(&file.key, &file.label);
        let when = self.conditions(&file.when, comparisons);
        Guard {
            key: Key::from(file.key.get_ref().as_str()),
            label: file.label,
            when,
            at_most: file.at_most,
            at_least: file.at_least,
        }
    }

    fn borrowed(&mut self, file: &BorrowedFile, comparisons: &[Comparison]) -> Option<Borrowed> {
        if !(file.share > 0.0 && file.share < 1.0) {
            self.fault(&file.number, format!("`share` is {}", file.share), "give a share between 0 and 1");
        }
        let owner = self.condition(&file.owner_differs, comparisons)?;
        let number_comparison = self.comparison_at(&file.number, ColumnKind::IdentityNumber, comparisons)?;
        let birth = match &file.birth {
            None => None,
            Some(birth) => {
                let place = self.comparison_at(birth, ColumnKind::Day, comparisons)?;
                Some((comparisons.get(place)?.column, place))
            }
        };
        let number = comparisons.get(number_comparison)?.column;
        let sign = file.sign.as_ref().and_then(|sign| self.column_at(sign));
        Some(Borrowed { number, number_comparison, birth, sign, owner, log_share: file.share.log2() })
    }

    fn teacher(&mut self, file: &TeacherFile, comparisons: &[Comparison]) -> Option<Teacher> {
        let (comparison, same) = self.condition(&file.same, comparisons)?;
        let (other, different) = self.condition(&file.different, comparisons)?;
        if comparison != other || same & different != 0 {
            self.fault(
                &file.different.field,
                "`same` and `different` are no two outcomes of one comparison",
                "name different levels of the same comparison in both",
            );
        }
        Some(Teacher { comparison, same, different })
    }

    /// The place of a comparison whose column is of `kind`.
    fn comparison_at(
        &mut self,
        name: &Spanned<String>,
        kind: ColumnKind,
        comparisons: &[Comparison],
    ) -> Option<usize> {
        let found = comparisons.iter().position(|comparison| {
            let found = self.kinds.get(comparison.column);
            comparison.key.as_str() == name.get_ref() && found.is_none_or(|found| *found == kind)
        });
        if found.is_none() {
            self.fault(
                name,
                format!("`{}` is no comparison of such a column", name.get_ref()),
                "`number` names the comparison of an `identity_number`, `birth` that of a `day`",
            );
        }
        found
    }

    fn characters(&mut self, file: &CharactersFile) -> Characters {
        let mut table = Characters::default();
        for name in &file.compound_surnames {
            let mut characters = name.get_ref().chars();
            match (characters.next(), characters.next(), characters.next()) {
                (Some(first), Some(second), None) => drop(table.compound_surnames.insert((first, second))),
                _ => self.fault(name, "a compound surname has two characters", "list surnames such as 欧阳"),
            }
        }
        for pairs in &file.simplified {
            let characters: Vec<char> =
                pairs.get_ref().chars().filter(|character| !character.is_whitespace()).collect();
            for pair in characters.chunks(2) {
                match pair {
                    [from, to] if from != to => drop(table.simplified.insert(*from, *to)),
                    _ => self.fault(
                        pairs,
                        "variants come in pairs of two different characters",
                        "write 張张 劉刘",
                    ),
                }
            }
        }
        for group in &file.look_alike {
            let group: Vec<char> = group.chars().collect();
            for one in &group {
                table
                    .look_alikes
                    .extend(group.iter().filter(|other| one < other).map(|other| (*one, *other)));
            }
        }
        table.regional = RegionalFold::new(&file.regional_beginnings, &file.regional_endings);
        table
    }
}

/// A bound in whole characters.
fn characters_of(bound: f64) -> usize {
    (0..=MOST_EDITS).rev().find(|most| *most as f64 <= bound).unwrap_or(0)
}

/// More edits than this make any two names alike.
const MOST_EDITS: usize = 64;

/// The sums of the three shares over all levels.
fn sums(levels: &[LevelFile]) -> [(char, f64); 3] {
    let sum = |share: fn(&LevelFile) -> f64| levels.iter().map(share).sum();
    [('m', sum(|level| level.matched)), ('u', sum(|level| level.chance)), ('h', sum(|level| level.household))]
}

/// The rule that counts the values of `part`: a blocking rule on just this part, or one of its own.
fn counting_rule(name: &str, part: Part, rules: &mut Vec<KeyRule>) -> usize {
    let same = |rule: &KeyRule| rule.parts.len() == 1 && rule.parts.first() == Some(&part);
    rules.iter().position(same).unwrap_or_else(|| {
        let name = name.to_owned();
        rules.push(KeyRule { name, parts: vec![part], most: 0, decisive: false, finds: false });
        rules.len() - 1
    })
}

/// The side of a kind of column that `name` means; the empty name is the whole value.
fn aspect_of(kind: ColumnKind, name: &str) -> Option<Aspect> {
    Some(match (kind, name) {
        (_, "") => Aspect::Whole,
        (ColumnKind::PersonName, "sound") => Aspect::Sound,
        (ColumnKind::PersonName, "surname") => Aspect::Surname,
        (ColumnKind::IdentityNumber, "area_and_birth") => Aspect::AreaAndBirth,
        (ColumnKind::IdentityNumber, "tail") => Aspect::Tail,
        (ColumnKind::Day, "year") => Aspect::Year,
        (ColumnKind::Address, "community") => Aspect::Community,
        (ColumnKind::Address, "estate") => Aspect::Estate,
        (ColumnKind::Address, "building") => Aspect::Building,
        (ColumnKind::Address, "room") => Aspect::Room,
        _ => return None,
    })
}
