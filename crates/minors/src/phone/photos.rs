//! Pictures: each is a command of its own, so that one that does not get through holds up no other; and looking at them.

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use axum::{Extension, Json};
use base::{AttachmentId, MatterId};
use matters::attachments::{Attachment, Picture};
use matters::{MatterError, Matters, receipts};
use serde::{Deserialize, Serialize};
use store::Write;
use uuid::Uuid;
use web::{Ctx, Form, FromForm, PageResult, Path, Reader, Upload};
use workflow::Refusal;

use super::Texts;
use super::commands::refused;
use super::door::{put_on_record, wrong};

/// Bytes of a form with pictures at most: six as a phone's camera writes them.
pub(crate) const FORM_BYTES_AT_MOST: usize = 48 << 20;

/// The word under which receipts of pictures are kept.
const ATTACH: &str = "minors.attach_at_door";

/// A picture as a phone sends it.
pub(crate) struct Taken {
    command: Uuid,
    matter: MatterId,
    picture: Upload,
}

impl FromForm for Taken {
    fn read(form: &mut Reader) -> Option<Self> {
        let (command, matter, picture) = (form.id("command"), form.id("matter"), form.file("photo"));
        Some(Self { command: command?, matter: matter?, picture: picture? })
    }
}

/// What a picture was answered.
#[derive(Debug, Serialize, Deserialize)]
struct Received {
    command: Uuid,
    at: i64,
    attachment: AttachmentId,
}

/// Takes one picture.
pub(crate) async fn take(ctx: Ctx, Extension(matters): Extension<Matters>, sent: Form<Taken>) -> PageResult {
    let Some(taken) = sent.input else {
        let message = Texts(ctx.language).photo_unreadable();
        let body = serde_json::json!({ "title": message });
        return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response());
    };
    let picture = match Picture::read(taken.picture.bytes.to_vec()).await {
        Ok(picture) => picture,
        Err(error) => return refused(&ctx, error),
    };
    let write = ctx.write(ATTACH).await?;
    if let Some(before) = receipts::find(&write, &ctx.actor, taken.command).await.map_err(wrong)? {
        return Ok(Json(before.answer::<Received>().map_err(wrong)?).into_response());
    }
    match attach(&ctx, &matters, &write, taken.matter, &picture).await {
        Ok(attached) => {
            let received = Received { command: taken.command, at: write.at().0, attachment: attached.id };
            let matter = Some(taken.matter);
            receipts::keep(&write, &ctx.actor, taken.command, ATTACH, matter, &received)
                .await
                .map_err(wrong)?;
            write.save().await?;
            Ok(Json(received).into_response())
        }
        Err(MatterError::NotFound) => Err(web::WebError::NotFound),
        Err(error) => refused(&ctx, error),
    }
}

/// Attaches a picture; one that was taken by whoever held the matter then arrives too when it is somebody else's, or has
/// ended.
async fn attach(
    ctx: &Ctx,
    matters: &Matters,
    write: &Write,
    id: MatterId,
    picture: &Picture,
) -> Result<Attachment, MatterError> {
    let in_time = match matters.token(write.connection(), &ctx.actor, id).await {
        Ok(token) => matters.attach(write, &ctx.actor, &token, picture, "").await,
        Err(other) => Err(other),
    };
    match in_time {
        Err(MatterError::NotFound | MatterError::Refused(Refusal::Closed)) => {
            let held = matters.held_once(write.connection(), write.keys(), &ctx.actor, id).await;
            match (held, in_time) {
                (Ok(held), _) => matters.attach_late(write, &ctx.actor, &held, picture).await,
                // It is said what stood in the way at first.
                (Err(MatterError::NotFound), refused) => refused,
                (Err(other), _) => Err(other),
            }
        }
        taken => taken,
    }
}

/// One picture of a matter that the reader may see, once the look is on record.
pub(crate) async fn show(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path((matter, id)): Path<(Uuid, Uuid)>,
) -> PageResult {
    let read = ctx.read().await?;
    let (connection, keys) = (read.connection(), read.keys());
    let looked_up = matters.look_up(connection, keys, &ctx.actor, MatterId(matter)).await;
    let (matter, token) = looked_up.map_err(wrong)?;
    let found = matters.attachment(connection, keys, &ctx.actor, &token, AttachmentId(id)).await;
    let (_, bytes) = found.map_err(wrong)?;
    drop(read);
    put_on_record(&ctx, &matter, matter.subject, "check", "photo").await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Picture::MEDIA_TYPE));
    Ok(response)
}
