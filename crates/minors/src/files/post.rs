//! What is sent from the page of a file.

use axum::Extension;
use base::{PersonId, Severity};
use matters::Matters;
use uuid::Uuid;
use web::{Ctx, Form, FromForm, PageResult, Path, Reader, Typed};

use super::changing::Refused;
use super::service::{self, Change};
use super::{CLOSE_REASONS, fault, list, page, words};

/// Letters of a reason at least and at most.
const REASON: (usize, usize) = (5, 1_000);

/// Which of the forms was sent.
pub(super) struct Sent {
    version: i32,
    change: Change,
}

impl FromForm for Sent {
    fn read(form: &mut Reader) -> Option<Self> {
        let version = form.version();
        let what = form.text("change", 20);
        let change = match what.as_deref() {
            Some("level") => {
                let level = form.parsed("level", Severity::from_key);
                let reason = form.reason("reason", REASON.0, REASON.1);
                level.zip(reason).map(|(level, reason)| Change::Level(level, reason))
            }
            Some("add") => {
                let category = form.text("category", 40);
                let ground = form.reason("reason", REASON.0, REASON.1);
                category.zip(ground).map(|(category, ground)| Change::AddCategory(category, ground))
            }
            Some("end") => {
                let id = form.id::<Uuid>("category");
                let reason = form.reason("reason", REASON.0, REASON.1);
                id.zip(reason).map(|(id, reason)| Change::EndCategory(id, reason))
            }
            Some("close") => form.text("reason", 40).map(Change::Close),
            Some("reopen") => form.reason("reason", REASON.0, REASON.1).map(Change::Reopen),
            _ => None,
        };
        Some(Self { version: version?, change: change? })
    }
}

/// Changes the file, and shows it as it then is. What cannot be taken comes back with everything that was typed.
pub(super) async fn change(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(person): Path<PersonId>,
    form: Form<Sent>,
) -> PageResult {
    let Form { input, mut typed } = form;
    let Some(sent) = input.filter(|sent| is_known(&ctx, &sent.change, &mut typed)) else {
        return page::again(&ctx, &matters, person, Refused { typed, error: None }).await;
    };
    let write = ctx.write("minors.change_file").await?;
    let (connection, roles) = (write.connection(), &ctx.app.roles);
    let (file, token) = service::look_up_file(connection, roles, &ctx.actor, "handle", person).await?;
    let t = super::Texts(ctx.language);
    let said = match &sent.change {
        Change::Level(..) => t.said_level(),
        Change::AddCategory(..) => t.said_add(),
        Change::EndCategory(..) => t.said_end(),
        Change::Close(_) => t.said_close(),
        Change::Reopen(_) => t.said_reopen(),
    };
    match service::change(&matters, &write, &token, sent.version, file, sent.change).await {
        Ok(()) => ctx.save_saying(write, &page::address(person), said).await,
        Err(error) if fault::message(&error).is_some() => {
            drop(write);
            page::again(&ctx, &matters, person, Refused { typed, error: Some(error) }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether the words that were chosen are words of the program. Those of the page are; one that has ended since is not.
fn is_known(ctx: &Ctx, change: &Change, typed: &mut Typed) -> bool {
    let (field, known) = match change {
        Change::AddCategory(category, _) => {
            ("category", list::categories(ctx).iter().any(|known| known.value == *category))
        }
        Change::Close(reason) => {
            let reasons = words::dictionary(ctx).and_then(|dictionary| dictionary.list(CLOSE_REASONS));
            ("reason", reasons.is_some_and(|list| list.has_on(reason, ctx.today())))
        }
        _ => ("change", true),
    };
    if !known {
        typed.add_fault(field, super::Texts(ctx.language).change_choose_again());
    }
    known
}
