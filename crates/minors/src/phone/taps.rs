//! Numbers, places and names that are given after a recorded tap, never before: `tel:` and `geo:` links stand on no page
//! that was only opened.

use askama::Template;
use axum::Json;
use axum::response::IntoResponse as _;
use base::{Label, MatterId};
use matters::Matters;
use serde_json::json;
use web::{Ctx, Form, FromForm, PageResult, Reader, Shell, WebError};

use super::Texts;
use super::child::Child;
use super::door::Door;
use super::section::Section;

/// Letters of the id of a number at most.
const ID_AT_MOST: usize = 64;

/// Which number is called: by its own id, so that a page that is older than a renewal of the child never dials another.
pub(crate) struct Who(String);

impl FromForm for Who {
    fn read(form: &mut Reader) -> Option<Self> {
        form.optional_text("who", ID_AT_MOST).flatten().map(Self)
    }
}

#[derive(Template)]
#[template(path = "phone/templates/given.html")]
struct GivenPage {
    shell: Shell,
    t: Texts,
    href: String,
    what: String,
    value: String,
    link: Option<String>,
    icon: &'static str,
    go: String,
    note: String,
}

/// A door with its child, for what is shown of them only now.
async fn at(
    ctx: &Ctx,
    matters: &Matters,
    section: &'static Section,
    id: MatterId,
) -> Result<(Door, Option<Child>), WebError> {
    let read = ctx.read().await?;
    let door = Door::open(ctx, matters, &read, section, id).await?;
    let child = door.card.as_ref().map(|card| Child::of(card, read.keys(), ctx.today(), ctx.language));
    drop(read);
    Ok((door, child))
}

/// The number of a guardian.
pub(crate) async fn call(
    ctx: Ctx,
    matters: Matters,
    section: &'static Section,
    id: MatterId,
    sent: Form<Who>,
) -> PageResult {
    let Who(wanted) = sent.input.ok_or(WebError::NotUnderstood("nobody to call"))?;
    let (door, child) = at(&ctx, &matters, section, id).await?;
    let called = child.into_iter().flat_map(|child| child.guardians).find_map(|guardian| {
        let number = guardian.numbers.iter().find(|number| number.id == wanted)?.number.clone();
        Some((guardian, number))
    });
    let Some((guardian, number)) = called else { return Err(changed()) };
    door.put_on_record(&ctx, "call", "phone").await?;
    let t = Texts(ctx.language);
    let what = [Some(guardian.kin), guardian.name].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let given = Given {
        title: t.call_title(),
        what,
        link: Some(format!("tel:{number}")),
        icon: "phone",
        go: t.call_dial(&number),
        value: number,
        note: "",
    };
    give(&ctx, section, &door, given).await
}

/// The number of the page is not among those of the child any more.
fn changed() -> WebError {
    WebError::overtaken(
        Label::new(
            "这个号码已经变了，没有拨出",
            "This number has changed since the page was opened. Nobody was called.",
        ),
        Label::new(
            "返回刷新页面，看清现在的联系人再打",
            "Go back, load the page again, and see whom to call now.",
        ),
    )
}

/// The way there.
pub(crate) async fn map(ctx: Ctx, matters: Matters, section: &'static Section, id: MatterId) -> PageResult {
    let (door, child) = at(&ctx, &matters, section, id).await?;
    let place = child.and_then(|child| child.address).unwrap_or_else(|| door.matter.words.place.clone());
    let area = ctx.app.areas.name_of(&door.matter.area);
    let place = if place.is_empty() { area } else { place };
    door.put_on_record(&ctx, "visit", "address").await?;
    let t = Texts(ctx.language);
    let given = Given {
        title: t.map_title(),
        what: t.map_place().to_owned(),
        link: Some(format!("geo:0,0?q={}", encoded(&place))),
        icon: "navigation",
        go: t.map_open().to_owned(),
        value: place,
        note: t.map_copy(),
    };
    give(&ctx, section, &door, given).await
}

/// The whole name.
pub(crate) async fn name(ctx: Ctx, matters: Matters, section: &'static Section, id: MatterId) -> PageResult {
    let (door, child) = at(&ctx, &matters, section, id).await?;
    let child = child.ok_or(WebError::NotFound)?;
    let name = child.name.clone().ok_or(WebError::NotAllowed)?;
    door.put_on_record(&ctx, "full_name", "name").await?;
    let t = Texts(ctx.language);
    let given = Given {
        title: t.lead_full_name(),
        what: child.about,
        link: None,
        icon: "eye",
        go: String::new(),
        value: name,
        note: "",
    };
    give(&ctx, section, &door, given).await
}

struct Given {
    title: &'static str,
    what: String,
    value: String,
    link: Option<String>,
    icon: &'static str,
    go: String,
    note: &'static str,
}

/// As JSON for the script, which opens the link at once; else as a page with the link on it.
async fn give(ctx: &Ctx, section: &'static Section, door: &Door, given: Given) -> PageResult {
    if let (true, Some(link)) = (ctx.wants_json(), &given.link) {
        return Ok(Json(json!({ "href": link })).into_response());
    }
    let shell = ctx.shell("/m", given.title).await?.at(ctx, &door.matter.area).on_record();
    web::page(&GivenPage {
        shell,
        t: Texts(ctx.language),
        href: section.href(door.matter.id),
        what: given.what,
        value: given.value,
        link: given.link,
        icon: given.icon,
        go: given.go,
        note: given.note.to_owned(),
    })
}

/// A text as part of an address: every byte that is no letter and no digit as `%XX`.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len() * 3), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            use std::fmt::Write as _;
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn an_address_is_percent_encoded() {
        assert_eq!(encoded("西 18-503"), "%E8%A5%BF%2018%2D503");
    }
}
