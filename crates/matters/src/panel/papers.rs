//! The papers of a matter: what was handed in, and its pictures; with those of the matter that brought it, since a case
//! begins with what was found at the door.

use access::{Actor, Clearance, FieldClass, Masked, Sight};
use askama::Template;
use base::Moment;
use store::Read;
use web::{Ctx, Tokens, Worded as _};
use workflow::{Answers, Form};

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

/// A form that was handed in. Prints itself folded, unless it is open.
#[derive(Template)]
#[template(path = "panel/templates/paper.html")]
pub struct Paper {
    pub(super) is_open: bool,
    /// Its title.
    pub title: String,
    /// When and by whom.
    pub note: String,
    /// Points and level, where it has them.
    pub score: Option<String>,
    /// Questions with their answers, as far as the reader's post sees them at all.
    pub rows: Vec<(String, String)>,
    /// How many answers the reader's post does not see, in words.
    pub withheld: Option<String>,
}

web_prints!(Papers);
web_prints!(Paper);

/// The papers as they were read.
pub(super) struct Stack {
    pub handed_in: Vec<HandedIn>,
    /// What arrived when the matter had gone on, oldest first.
    pub late: Vec<HandedIn>,
    pub attachments: Vec<Attachment>,
    /// What the matter was opened from had, as far as the reader sees that one whole.
    brought: Option<Brought>,
}

struct Brought {
    from: Matter,
    handed_in: Vec<HandedIn>,
    attachments: Vec<Attachment>,
}

impl Stack {
    pub async fn read(
        read: &Read,
        matters: &Matters,
        actor: &Actor,
        matter: &Matter,
        token: &MatterToken,
    ) -> Result<Self, MatterError> {
        let (handed_in, attachments) = papers_of(read, matters, actor, token).await?;
        let late = matters.late_answers(read.connection(), read.keys(), token).await?;
        let brought = Brought::read(read, matters, actor, matter).await?;
        Ok(Self { handed_in, late, attachments, brought })
    }

    pub fn wanted(&self, wanted: &mut Wanted) {
        let brought = self.brought.iter().flat_map(|brought| &brought.handed_in);
        let own = self.handed_in.iter().chain(&self.late);
        wanted.accounts.extend(own.chain(brought).filter_map(|paper| paper.account));
    }

    /// The pictures of the matter itself: those that an answer can name.
    pub fn photos(&self, base: &str, t: Texts) -> Vec<Photo> {
        photos(&self.attachments, base, t)
    }

    /// The latest answers to these forms, in their order.
    pub fn latest_of<'a>(&'a self, forms: &'a [String]) -> impl Iterator<Item = &'a HandedIn> {
        forms.iter().filter_map(|form| self.handed_in.iter().find(|paper| paper.form == *form))
    }

    /// The newest form that was handed in on the matter at `at`: what brought it into its stage.
    pub fn handed_in_at(&self, at: Moment) -> Option<&HandedIn> {
        self.handed_in.iter().filter(|paper| paper.at == at).max_by_key(|paper| paper.id)
    }
}

impl Brought {
    /// The papers of the matter from which `matter` was opened. A referral brings none: whoever answers it sees what it
    /// says and no more.
    async fn read(
        read: &Read,
        matters: &Matters,
        actor: &Actor,
        matter: &Matter,
    ) -> Result<Option<Self>, MatterError> {
        let Some(parent) = matter.parent.filter(|_| matter.organisation.is_none()) else { return Ok(None) };
        let (from, token) = match matters.look_up(read.connection(), read.keys(), actor, parent).await {
            Ok(found) => found,
            Err(MatterError::NotFound) => return Ok(None),
            Err(other) => return Err(other),
        };
        if token.sight() != Sight::Full {
            return Ok(None);
        }
        let (mut handed_in, attachments) = papers_of(read, matters, actor, &token).await?;
        // A danger that arrived late brought the matter, or may have: whoever works on it reads that too.
        handed_in.extend(matters.late_answers(read.connection(), read.keys(), &token).await?);
        Ok(Some(Self { from, handed_in, attachments }))
    }
}

async fn papers_of(
    read: &Read,
    matters: &Matters,
    actor: &Actor,
    token: &MatterToken,
) -> Result<(Vec<HandedIn>, Vec<Attachment>), MatterError> {
    let (connection, keys) = (read.connection(), read.keys());
    // The newest first: what was handed in again does not take away what was said before.
    let mut handed_in = matters.all_answers(connection, keys, token).await?;
    handed_in.reverse();
    Ok((handed_in, matters.attachments(connection, keys, actor, token).await?))
}

fn photos(attachments: &[Attachment], base: &str, t: Texts) -> Vec<Photo> {
    let photos = attachments.iter().enumerate().map(|(number, one)| Photo {
        id: one.id,
        href: format!("{base}/attachments/{}", one.id),
        thumbnail: format!("{base}/attachments/{}/small", one.id),
        label: if one.caption.is_empty() { t.photo(number + 1) } else { one.caption.clone() },
    });
    photos.collect()
}

impl Papers {
    pub(super) fn new(
        stack: &Stack,
        matter: &Matter,
        names: &Names,
        shown: &Shown<'_>,
    ) -> Result<Self, MatterError> {
        let t = Texts(shown.ctx.language);
        let base = format!("/matters/{}", matter.id);
        let mut forms = shown.forms(matter, &stack.late, names)?;
        for paper in &mut forms {
            paper.is_open = true;
        }
        forms.extend(shown.forms(matter, &stack.handed_in, names)?);
        let mut photos = stack.photos(&base, t);
        if let Some(brought) = &stack.brought {
            let kind = shown.matters.kind_of(&brought.from)?.label.says(shown.ctx.language);
            let mut theirs = shown.forms(&brought.from, &brought.handed_in, names)?;
            for paper in &mut theirs {
                paper.note = format!("{kind} {} {}", brought.from.number, paper.note);
            }
            forms.extend(theirs);
            let base = format!("/matters/{}", brought.from.id);
            photos.extend(self::photos(&brought.attachments, &base, t));
        }
        Ok(Self {
            t,
            photos,
            can_attach: shown.can_attach && matter.closed_at.is_none(),
            tokens: shown.ctx.tokens(),
            forms,
            base,
        })
    }
}

/// How papers are shown, and to whom.
pub(super) struct Shown<'a> {
    pub ctx: &'a Ctx,
    pub matters: &'a Matters,
    pub can_attach: bool,
}

impl Shown<'_> {
    /// What was handed in on `matter`, the newest first; without what its page says at its head.
    fn forms(
        &self,
        matter: &Matter,
        handed_in: &[HandedIn],
        names: &Names,
    ) -> Result<Vec<Paper>, MatterError> {
        let tells = self.matters.kind_of(matter)?.tells.as_deref();
        let mut papers: Vec<&HandedIn> =
            handed_in.iter().filter(|paper| Some(paper.form.as_str()) != tells).collect();
        papers.sort_by_key(|paper| std::cmp::Reverse(paper.at));
        let forms = &self.matters.workflow_of(matter)?.forms;
        let papers = papers.into_iter().filter_map(|paper| {
            let form = forms.get(&paper.form)?;
            Some(one_paper(form, paper, names, self.ctx))
        });
        Ok(papers.collect())
    }

    /// A form that was handed in, open, for whoever decides on it.
    pub fn open(
        &self,
        matter: &Matter,
        paper: &HandedIn,
        names: &Names,
    ) -> Result<Option<Paper>, MatterError> {
        let form = self.matters.workflow_of(matter)?.forms.get(&paper.form);
        Ok(form.map(|form| Paper { is_open: true, ..one_paper(form, paper, names, self.ctx) }))
    }
}

/// Whether the reader's post sees what was written about a child.
pub(super) fn sees_words(ctx: &Ctx) -> bool {
    ctx.app.roles.clearance(&ctx.actor, FieldClass::Narrative) == Clearance::Full
}

/// Questions with their answers, each as the reader may see its class.
pub(super) fn rows(form: &Form, answers: &Answers, ctx: &Ctx) -> Vec<(String, Masked)> {
    let language = ctx.language;
    let rows = form.fields().filter_map(|field| {
        let answer = sheet::in_words(field, answers.values.get(&field.key)?, language);
        let class = field.class.as_deref().and_then(FieldClass::from_word);
        let shown = match class {
            Some(class) => ctx.app.roles.show(&ctx.actor, class, &answer),
            // What a form asks without naming a class is a finding about a child.
            None if !sees_words(ctx) => Masked::Withheld,
            None => Masked::Full(answer),
        };
        Some((field.label.says(language).to_owned(), shown))
    });
    rows.collect()
}

pub(super) fn one_paper(form: &Form, paper: &HandedIn, names: &Names, ctx: &Ctx) -> Paper {
    let (language, t) = (ctx.language, Texts(ctx.language));
    let answers = &paper.filled.answers;
    let (hidden, shown): (Vec<_>, Vec<_>) =
        rows(form, answers, ctx).into_iter().partition(|(_, value)| matches!(value, Masked::Withheld));
    let mut rows: Vec<(String, String)> =
        shown.into_iter().map(|(label, value)| (label, value.to_string())).collect();
    let sees_words = sees_words(ctx);
    if let Some((level, reason)) = sheet::level_in_words(form, answers, language).filter(|_| sees_words) {
        rows.push((t.sheet_level_set(level), reason));
    }
    let who = paper.account.map(|account| names.account(account)).unwrap_or_default();
    let level = paper.filled.score.as_ref().filter(|_| sees_words).and_then(|score| {
        let scoring = form.scoring.as_ref()?;
        let (level, by_rule) = (scoring.named(score.level)?, scoring.named(score.by_rule)?);
        Some(if score.level == score.by_rule {
            t.paper_score(score.points, level.label.says(language))
        } else {
            t.paper_score_set(score.points, by_rule.label.says(language), who, level.label.says(language))
        })
    });
    Paper {
        is_open: false,
        title: match paper.written {
            Some(_) => t.paper_late(form.label.says(language)),
            None => form.label.says(language).to_owned(),
        },
        note: match paper.written {
            Some(written) => t.paper_late_note(web::show::full(written), web::show::full(paper.at), who),
            None => format!("{} {who}", web::show::full(paper.at)),
        },
        score: level,
        rows,
        withheld: (!hidden.is_empty()).then(|| t.paper_withheld(hidden.len())),
    }
}
