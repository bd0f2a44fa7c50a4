//! Numbers, places and names that are given after a recorded tap, never before: `tel:` and `geo:` links stand on no page
//! that was only opened.

use askama::Template;
use axum::Json;
use axum::response::IntoResponse as _;
use base::MatterId;
use matters::Matters;
use serde_json::json;
use web::{Ctx, Form, FromForm, PageResult, Reader, Shell, WebError};

use super::Texts;
use super::child::Child;
use super::door::Door;
use super::section::Section;

/// Which guardian is called: the place in the list of the page.
pub(crate) struct Who(usize);

impl FromForm for Who {
    fn read(form: &mut Reader) -> Option<Self> {
        form.parsed("who", |text| text.parse().ok()).map(Self)
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
    drop(read);
    let child = door.card.as_ref().map(|card| Child::of(card, ctx.today(), ctx.language));
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
    let Who(place) = sent.input.ok_or(WebError::NotUnderstood("nobody to call"))?;
    let (door, child) = at(&ctx, &matters, section, id).await?;
    let guardian = child.and_then(|child| child.guardians.into_iter().nth(place));
    let guardian = guardian.ok_or(WebError::NotFound)?;
    let number = guardian.phone.clone().ok_or(WebError::NotFound)?;
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
