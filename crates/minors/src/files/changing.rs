//! What the reader may change of a file, as forms at the right of its page; and what comes back of one that could not be
//! taken: everything that was typed, what is wrong with it, and, where somebody else was first, both.

use base::Severity;
use texts::Language;
use web::components::{Alert, Badge, Conflict, ConflictRow, Tone};
use web::{Choice, Ctx, Typed, Worded as _};

use super::model::{Category, ChildFile, FileState};
use super::service::FileError;
use super::{CLOSE_REASONS, Texts, fault, list, words};

/// The forms.
pub(super) struct Changing {
    pub base: String,
    pub version: i32,
    pub forms: Vec<ChangeForm>,
}

/// One form.
pub(super) struct ChangeForm {
    /// What is changed, as the form sends it.
    pub key: &'static str,
    pub icon: &'static str,
    pub title: &'static str,
    /// A choice: the field, its label, what there is.
    pub choice: Option<(&'static str, &'static str, Vec<Choice>)>,
    /// A field for words: its label.
    pub reason: Option<&'static str>,
    pub help: &'static str,
    pub is_danger: bool,
    /// Whether it is unfolded: it was sent and came back.
    pub is_open: bool,
    /// What was typed into it.
    pub typed: Typed,
}

/// A change that could not be taken.
pub(super) struct Refused {
    pub typed: Typed,
    /// Why, where it was not a field.
    pub error: Option<FileError>,
}

impl Refused {
    /// Nothing was refused: what was typed before a session ended, if anything.
    pub fn nothing(typed: Typed) -> Self {
        Self { typed, error: None }
    }

    /// Whether somebody else changed the file first.
    pub fn is_overtaken(&self) -> bool {
        matches!(self.error, Some(FileError::Conflict | FileError::WrongState))
    }

    /// What is said above the page.
    pub fn alert(&self, ctx: &Ctx) -> Option<Alert> {
        let message = fault::message(self.error.as_ref()?)?;
        let tone = if self.is_overtaken() { Tone::High } else { Tone::Urgent };
        Some(Alert::new(tone, message.says(ctx.language), Texts(ctx.language).change_still_there()))
    }

    /// What somebody else made of the file beside what was typed here.
    pub fn conflict(
        &self,
        ctx: &Ctx,
        file: &ChildFile,
        categories: &[Category],
        (who, when): (&str, String),
    ) -> Option<Conflict> {
        if !self.is_overtaken() {
            return None;
        }
        let t = Texts(ctx.language);
        let mine = |key: &str, words: String| {
            if self.typed.value("change") == key { words } else { String::new() }
        };
        let level = Severity::from_key(self.typed.value("level"));
        let level = level.map(|level| Badge::severity(level, ctx.language).word).unwrap_or_default();
        let holding = |category: &&Category| category.until.is_none();
        let held: Vec<String> =
            categories.iter().filter(holding).map(|one| words::category(ctx, &one.category)).collect();
        let chosen = self.typed.value("category");
        let ending = categories.iter().find(|one| one.id.to_string() == chosen);
        let ending = ending.map(|one| words::category(ctx, &one.category)).unwrap_or_default();
        let category = match self.typed.value("change") {
            "add" => t.change_mine_add(words::category(ctx, chosen)),
            "end" => t.change_mine_end(ending),
            _ => String::new(),
        };
        let state = match self.typed.value("change") {
            "close" => {
                let reason = self.typed.value("reason");
                format!("{} {}", t.list_state_closed(), words::word(ctx, CLOSE_REASONS, reason))
            }
            "reopen" => t.list_state_open().to_owned(),
            _ => String::new(),
        };
        let is_reason = self.typed.value("change") != "close";
        let row =
            |label: &str, theirs: String, mine: String| ConflictRow { label: label.to_owned(), theirs, mine };
        let rows = vec![
            row(t.list_level(), Badge::severity(file.level, ctx.language).word, mine("level", level)),
            row(t.categories_title(), held.join(ctx.language.choose("、", ", ")), category),
            row(t.list_state(), state_says(t, file).to_owned(), state),
            row(
                t.change_reason(),
                String::new(),
                if is_reason { self.typed.value("reason").to_owned() } else { String::new() },
            ),
        ];
        Some(Conflict::new(who, when, rows, ctx.language))
    }
}

fn state_says(t: Texts, file: &ChildFile) -> &'static str {
    match file.state {
        FileState::Open => t.list_state_open(),
        FileState::Closed => t.list_state_closed(),
    }
}

impl Changing {
    /// The forms for the file as it stands.
    pub fn new(
        ctx: &Ctx,
        base: String,
        file: &ChildFile,
        categories: &[Category],
        refused: &Refused,
    ) -> Self {
        let mut forms = match file.state {
            FileState::Open => open_forms(ctx, file, categories),
            FileState::Closed => vec![reopening(Texts(ctx.language), ctx.language)],
        };
        for form in &mut forms {
            if refused.typed.value("change") == form.key {
                form.is_open = true;
                form.typed = refused.typed.clone();
            }
        }
        Self { base, version: file.version, forms }
    }
}

fn form(key: &'static str, icon: &'static str, title: &'static str, language: Language) -> ChangeForm {
    let t = Texts(language);
    ChangeForm {
        key,
        icon,
        title,
        choice: None,
        reason: Some(t.change_reason()),
        help: t.change_reason_help(),
        is_danger: false,
        is_open: false,
        typed: Typed::empty(language),
    }
}

fn reopening(t: Texts, language: Language) -> ChangeForm {
    ChangeForm { is_open: true, ..form("reopen", "folder-open", t.change_reopen(), language) }
}

fn open_forms(ctx: &Ctx, file: &ChildFile, categories: &[Category]) -> Vec<ChangeForm> {
    let (t, language) = (Texts(ctx.language), ctx.language);
    let levels = Severity::ALL.iter().filter(|level| **level != file.level);
    let levels =
        levels.map(|level| Choice::new(level.key(), Badge::severity(*level, language).word)).collect();
    let is_held = |value: &str| categories.iter().any(|one| one.until.is_none() && one.category == value);
    let adding = list::categories(ctx).into_iter().filter(|one| !is_held(&one.value)).collect();
    let ending: Vec<Choice> = categories
        .iter()
        .filter(|one| one.until.is_none())
        .map(|one| Choice::new(one.id.to_string(), words::category(ctx, &one.category)))
        .collect();
    let reasons = words::dictionary(ctx).and_then(|dictionary| dictionary.list(CLOSE_REASONS));
    let reasons = reasons.into_iter().flat_map(|list| list.on(ctx.today()));
    let reasons = reasons.map(|word| Choice::new(word.key.as_str(), word.label.says(language))).collect();
    let mut forms = vec![
        ChangeForm {
            choice: Some(("level", t.change_level_to(), levels)),
            ..form("level", "flag", t.change_level(), language)
        },
        ChangeForm {
            choice: Some(("category", t.col_category(), adding)),
            reason: Some(t.change_add_ground()),
            ..form("add", "plus", t.change_add(), language)
        },
        ChangeForm {
            choice: Some(("reason", t.change_close_reason(), reasons)),
            reason: None,
            help: t.change_close_help(),
            is_danger: true,
            ..form("close", "archive", t.change_close(), language)
        },
    ];
    if !ending.is_empty() {
        let form = ChangeForm {
            choice: Some(("category", t.col_category(), ending)),
            ..form("end", "x", t.change_end(), language)
        };
        forms.insert(2, form);
    }
    forms
}
