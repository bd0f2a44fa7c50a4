//! Drafts: what has been written of a form, kept on the server a moment after each change. Saving one twice keeps the
//! same; one that was written elsewhere meanwhile is handed back and nothing is overwritten.

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::{Extension, Json};
use base::{MatterId, Moment};
use matters::Matters;
use matters::answers::{Saved, Saving};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use web::{Command, Ctx, PageResult, WebError};
use workflow::{Answer, Answers};

use super::Texts;
use super::commands::refused;
use super::door::wrong;

/// A draft as a phone sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    matter: Uuid,
    form: String,
    version: i32,
    answers: Map<String, Value>,
}

/// What a state of a draft is known by: its version, and the server's time of it, since the draft that follows one which
/// was handed in counts from one again. A phone compares these and never its own clock, which may be wrong. Before there
/// is a draft it is that of the stage (`version` 0, since when).
pub(crate) fn revision(version: i32, at: Moment) -> String {
    format!("{version}.{}", at.0)
}

/// Keeps a draft.
pub(crate) async fn save(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Command(written): Command<Written>,
) -> PageResult {
    let write = ctx.write("minors.save_draft").await?;
    let id = MatterId(written.matter);
    let (matter, token) =
        matters.look_up(write.connection(), write.keys(), &ctx.actor, id).await.map_err(wrong)?;
    let workflow = matters.workflow_of(&matter).map_err(wrong)?;
    let form = workflow.forms.get(&written.form).ok_or(WebError::NotFound)?;
    let (answers, _) = form.read_json(&written.answers);
    let saving = Saving { form: &form.key, answers: &answers, version: written.version };
    match matters.save_draft(&write, &ctx.actor, &token, &saving).await {
        Ok(Saved::Kept(version)) => {
            let revision = revision(version, write.at());
            write.save().await?;
            Ok(Json(json!({ "version": version, "revision": revision })).into_response())
        }
        Ok(Saved::Overtaken(other)) => {
            let body = json!({
                "title": Texts(ctx.language).command_draft_moved(),
                "version": other.version,
                "revision": revision(other.version, other.at),
                "answers": as_sent(&other.answers),
            });
            Ok((StatusCode::CONFLICT, Json(body)).into_response())
        }
        Err(other) => refused(&ctx, other),
    }
}

/// Answers in the shape in which a phone sends them.
fn as_sent(answers: &Answers) -> Map<String, Value> {
    let values = answers.values.iter().map(|(field, answer)| {
        let value = match answer {
            Answer::Choice(text) | Answer::Text(text) => json!(text),
            Answer::Choices(keys) => json!(keys),
            Answer::Number(number) => json!(number.to_string()),
            Answer::Date(day) => json!(web::show::full_day(*day)),
            Answer::Photos(photos) => json!(photos),
            Answer::Person(person) => json!(person),
        };
        (field.clone(), value)
    });
    values.collect()
}
