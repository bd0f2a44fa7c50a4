//! The papers of a matter: what was handed in, and its pictures.

use access::Actor;
use askama::Template;
use store::Read;
use web::{Tokens, Worded as _};
use workflow::{Form, Workflow};

use super::names::Names;
use super::sheet::{self, Photo};
use super::{Texts, names::Wanted};
use crate::answers::HandedIn;
use crate::attachments::Attachment;
use crate::{Matter, MatterError, MatterToken, Matters};

/// The papers. Prints itself.
#[derive(Template)]
#[template(path = "panel/templates/papers.html")]
pub struct Papers {
    pub(super) t: Texts,
    pub(super) tokens: Tokens,
    pub(super) base: String,
    /// The pictures.
    pub photos: Vec<Photo>,
    pub(super) can_attach: bool,
    /// The forms that were handed in, the newest first.
    pub forms: Vec<Paper>,
}

/// A form that was handed in.
pub struct Paper {
    /// Its title.
    pub title: String,
    /// When and by whom.
    pub note: String,
    /// Points and level, where it has them.
    pub score: Option<String>,
    /// Questions with their answers.
    pub rows: Vec<(String, String)>,
}

web_prints!(Papers);

/// The papers as they were read.
pub(super) struct Stack {
    pub handed_in: Vec<HandedIn>,
    pub attachments: Vec<Attachment>,
}

impl Stack {
    pub async fn read(
        read: &Read,
        matters: &Matters,
        actor: &Actor,
        token: &MatterToken,
    ) -> Result<Self, MatterError> {
        let (connection, keys) = (read.connection(), read.keys());
        let handed_in = matters.answers(connection, keys, token).await?.into_values().collect();
        let attachments = matters.attachments(connection, keys, actor, token).await?;
        Ok(Self { handed_in, attachments })
    }

    pub fn wanted(&self, wanted: &mut Wanted) {
        wanted.accounts.extend(self.handed_in.iter().filter_map(|paper| paper.account));
    }

    pub fn photos(&self, base: &str, t: Texts) -> Vec<Photo> {
        let photos = self.attachments.iter().enumerate().map(|(number, one)| Photo {
            id: one.id,
            href: format!("{base}/attachments/{}", one.id),
            thumbnail: format!("{base}/attachments/{}/small", one.id),
            label: if one.caption.is_empty() { t.photo(number + 1) } else { one.caption.clone() },
        });
        photos.collect()
    }
}

impl Papers {
    pub(super) fn new(
        stack: &Stack,
        workflow: &Workflow,
        matter: &Matter,
        names: &Names,
        shown: Shown,
    ) -> Self {
        let mut handed_in: Vec<&HandedIn> = stack.handed_in.iter().collect();
        handed_in.sort_by_key(|paper| std::cmp::Reverse(paper.at));
        let base = format!("/matters/{}", matter.id);
        let forms = handed_in.iter().filter_map(|paper| {
            let form = workflow.forms.get(&paper.form)?;
            Some(one_paper(form, paper, names, shown.t))
        });
        Self {
            t: shown.t,
            photos: stack.photos(&base, shown.t),
            can_attach: shown.can_attach && matter.closed_at.is_none(),
            tokens: shown.tokens,
            forms: forms.collect(),
            base,
        }
    }
}

/// How papers are shown.
pub(super) struct Shown {
    pub t: Texts,
    pub tokens: Tokens,
    pub can_attach: bool,
}

fn one_paper(form: &Form, paper: &HandedIn, names: &Names, t: Texts) -> Paper {
    let language = t.0;
    let answers = &paper.filled.answers;
    let rows = form.fields().filter_map(|field| {
        let answer = answers.values.get(&field.key)?;
        Some((field.label.says(language).to_owned(), sheet::in_words(field, answer, language)))
    });
    let mut rows: Vec<(String, String)> = rows.collect();
    if let Some((level, reason)) = sheet::level_in_words(form, answers, language) {
        rows.push((t.sheet_level_set(level), reason));
    }
    let who = paper.account.map(|account| names.account(account)).unwrap_or_default();
    let level = paper.filled.score.as_ref().and_then(|score| {
        let level = form.scoring.as_ref()?.named(score.level)?;
        Some(t.paper_score(score.points, level.label.says(language)))
    });
    Paper {
        title: form.label.says(language).to_owned(),
        note: format!("{} {who}", web::show::full(paper.at)),
        score: level,
        rows,
    }
}
