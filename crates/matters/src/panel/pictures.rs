//! Pictures of a matter: attaching, and looking at them, each look on record.

use std::io::Cursor;

use axum::Extension;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base::{AttachmentId, MatterId};
use image::ImageFormat;
use web::{Ctx, Form, PageResult, Path, Reader, WebError};

use super::Texts;
use super::post::{Sent, again};
use super::read::{look_up, record_part};
use crate::attachments::Picture;
use crate::{MatterError, Matters};

/// The longer side of a small picture, in pixels: twice what it is shown at, for fine screens.
const SMALL_SIDE: u32 = 192;

/// Letters of a caption.
const CAPTION_AT_MOST: usize = 200;

/// Attaches the pictures that were chosen.
pub(super) async fn attach(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path(id): Path<MatterId>,
    form: Form<Reader>,
) -> PageResult {
    let Form { input, typed } = form;
    let mut reader = input.ok_or(WebError::NotUnderstood("the form is not readable"))?;
    let files = reader.files("photo");
    let caption: String = typed.value("caption").chars().take(CAPTION_AT_MOST).collect();
    let sent = Sent::plain(typed);
    let mut pictures = Vec::with_capacity(files.len());
    for file in files {
        match Picture::read(file.bytes.to_vec()).await {
            Ok(picture) => pictures.push(picture),
            Err(error) => return again(&ctx, &matters, id, &sent, error).await,
        }
    }
    let write = ctx.write("matters.attach").await?;
    let (matter, token) = matters.look_up(write.connection(), write.keys(), &ctx.actor, id).await?;
    for picture in &pictures {
        if let Err(error) = matters.attach(&write, &ctx.actor, &token, picture, &caption).await {
            drop(write);
            return again(&ctx, &matters, id, &sent, error).await;
        }
    }
    let said = Texts(ctx.language).said_attached(pictures.len());
    ctx.save_saying(write, &format!("{}#papers", matters.path_of(&matter)), said).await
}

/// A picture.
pub(super) async fn whole(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path((id, attachment)): Path<(MatterId, AttachmentId)>,
) -> PageResult {
    let bytes = open(&ctx, &matters, id, attachment, "photo").await?;
    Ok(picture(bytes))
}

/// A picture made small.
pub(super) async fn small(
    ctx: Ctx,
    Extension(matters): Extension<Matters>,
    Path((id, attachment)): Path<(MatterId, AttachmentId)>,
) -> PageResult {
    let bytes = open(&ctx, &matters, id, attachment, "thumbnail").await?;
    let made = tokio::task::spawn_blocking(move || shrink(&bytes)).await;
    let small = made.map_err(WebError::internal)?;
    small.map(picture).ok_or_else(|| WebError::internal("a kept picture cannot be read"))
}

/// The bytes of a picture, once the read is on record.
async fn open(
    ctx: &Ctx,
    matters: &Matters,
    id: MatterId,
    attachment: AttachmentId,
    part: &'static str,
) -> Result<Vec<u8>, WebError> {
    let seen = look_up(ctx, matters, id).await?;
    let (connection, keys) = (seen.read.connection(), seen.read.keys());
    let found = matters.attachment(connection, keys, &ctx.actor, &seen.token, attachment).await;
    let (_, bytes) = found.map_err(|error| match error {
        MatterError::NotFound | MatterError::NotAllowed => WebError::NotFound,
        other => other.into(),
    })?;
    let matter = seen.matter;
    drop(seen.read);
    if let Some(subject) = matter.subject {
        record_part(ctx, &matter, subject, "work", part).await?;
    }
    Ok(bytes)
}

fn shrink(bytes: &[u8]) -> Option<Vec<u8>> {
    let image = image::load_from_memory(bytes).ok()?.thumbnail(SMALL_SIDE, SMALL_SIDE);
    let mut small = Cursor::new(Vec::new());
    image.to_rgb8().write_to(&mut small, ImageFormat::Jpeg).ok()?;
    Some(small.into_inner())
}

fn picture(bytes: Vec<u8>) -> Response {
    let mut response = (StatusCode::OK, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Picture::MEDIA_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=300"));
    response
}
