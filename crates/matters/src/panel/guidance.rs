//! What the workflow says to whoever works on a stage, and the law behind it.

use askama::Template;
use web::Worded as _;
use web::components::SampleMark;
use workflow::{Form, Stage};

use super::Texts;

/// Guidance and law beside the form. Prints itself.
#[derive(Template)]
#[template(path = "panel/templates/guidance.html")]
pub struct Guidance {
    pub(super) t: Texts,
    /// The stage.
    pub stage: String,
    /// What to do in it.
    pub text: String,
    /// Laws and documents behind the stage and its form.
    pub sources: Vec<String>,
    /// Questions that have a law or a word of explanation of their own.
    pub questions: Vec<(String, String, Vec<String>)>,
    /// Marks figures of the stage that are ours.
    pub sample: Option<SampleMark>,
}

web_prints!(Guidance);

impl Guidance {
    pub(super) fn new(stage: &Stage, form: Option<&Form>, t: Texts) -> Self {
        let says = |label: &base::Label| label.says(t.0).to_owned();
        let mut sources = stage.sources.clone();
        for source in form.into_iter().flat_map(|form| &form.sources) {
            if !sources.contains(source) {
                sources.push(source.clone());
            }
        }
        let fields = form.into_iter().flat_map(Form::fields);
        let questions = fields.filter(|field| field.help.is_some() || !field.sources.is_empty());
        // Without numbers: those on the sheet come and go with the answers.
        let questions = questions.map(|field| {
            (says(&field.label), field.help.as_ref().map(says).unwrap_or_default(), field.sources.clone())
        });
        Self {
            t,
            stage: says(&stage.label),
            text: stage.guidance.as_ref().map(says).unwrap_or_default(),
            sources,
            questions: questions.collect(),
            sample: stage.sample.then(|| SampleMark::new(t.0)),
        }
    }
}
