//! What is sent from the page of a file.

use axum::Extension;
use base::{Label, PersonId, Severity};
use matters::Matters;
use uuid::Uuid;
use web::{Ctx, Form, FromForm, PageResult, Path, Reader, WebError};

use super::fault::shown_of_file;
use super::service::{self, Change};
use super::{CLOSE_REASONS, list, words};

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

/// Changes the file, and shows it as it then is.
pub(super) async fn change(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(person): Path<PersonId>,
    form: Form<Sent>,
) -> PageResult {
    let Some(sent) = form.input.filter(|sent| is_known(&ctx, &sent.change)) else {
        return Err(incomplete());
    };
    let write = ctx.write("minors.change_file").await?;
    let (connection, roles) = (write.connection(), &ctx.app.roles);
    let (file, token) = service::look_up_file(connection, roles, &ctx.actor, "handle", person).await?;
    service::change(&matters, &write, &token, sent.version, file, sent.change)
        .await
        .map_err(shown_of_file)?;
    ctx.save(write, &format!("/files/{person}")).await
}

/// Whether the words that were chosen are words of the program.
fn is_known(ctx: &Ctx, change: &Change) -> bool {
    match change {
        Change::AddCategory(category, _) => {
            list::categories(ctx).iter().any(|known| known.value == *category)
        }
        Change::Close(reason) => {
            let reasons = words::dictionary(ctx).and_then(|dictionary| dictionary.list(CLOSE_REASONS));
            reasons.is_some_and(|list| list.has_on(reason, ctx.today()))
        }
        _ => true,
    }
}

fn incomplete() -> WebError {
    WebError::refused(
        Label::new(
            "没有改动：有一项没选，或理由不足 5 个字",
            "Nothing was changed: something is not chosen, or the reason has fewer than 5 letters",
        ),
        Label::new(
            "返回档案，选好并写明理由，再提交",
            "Go back to the file, choose, give the reason, and send again.",
        ),
    )
}
