//! The form of a stage's action on the page: the sheet with what sends it.

use askama::Template;
use web::{Choice, Tokens};

use super::Texts;
use super::acts::Act;
use super::settle::Differing;
use super::sheet::Sheet;

/// The form that an action hands in. Prints itself.
#[derive(Template)]
#[template(path = "panel/templates/work.html")]
pub struct Work {
    pub(super) t: Texts,
    pub(super) tokens: Tokens,
    pub(super) base: String,
    pub(super) version: i32,
    /// The version of the draft that the sheet was filled from; 0 when there is none.
    pub(super) draft_version: i32,
    /// When the draft was saved, and by whom.
    pub draft: Option<String>,
    /// The action that hands it in.
    pub act: Act,
    /// The sheet.
    pub sheet: Sheet,
    /// What another person answered differently meanwhile, to choose between.
    pub(super) settle: Vec<Differing>,
    /// Further actions of the stage that hand in forms: the words and where they are.
    pub others: Vec<Choice>,
}

web_prints!(Work);

impl Work {
    /// Anchors of the sections with how far each is, for a list beside the form.
    pub fn sections(&self) -> impl Iterator<Item = &super::sheet::SheetSection> {
        self.sheet.sections.iter()
    }
}
