//! Why a lead is returned: a reason from the program's list, and a line more.

use askama::Template;
use base::MatterId;
use matters::Matters;
use web::components::Choice;
use web::{Ctx, PageResult, Shell, Typed, WebError, Worded as _};

use super::Texts;
use super::door::Door;
use super::section::Section;
use super::seen::Seen;

/// The list of reasons in `dictionary.toml`.
const REASONS: &str = "return_reason";
/// Letters of the further line at most.
const MORE_AT_MOST: usize = 300;

#[derive(Template)]
#[template(path = "phone/templates/give_back.html")]
struct GiveBackPage {
    shell: Shell,
    t: Texts,
    id: MatterId,
    href: String,
    number: String,
    base: String,
    reasons: Vec<Choice>,
    typed: Typed,
    fault: String,
}

/// Asks why.
pub(crate) async fn show(ctx: Ctx, matters: Matters, section: &'static Section, id: MatterId) -> PageResult {
    let typed = ctx.typed(&format!("{}/act", section.href(id)));
    web::page(&page(&ctx, &matters, section, id, typed, String::new()).await?)
}

/// Asks again, with what is wrong.
pub(crate) async fn again(
    ctx: &Ctx,
    matters: &Matters,
    section: &'static Section,
    id: MatterId,
    typed: Typed,
    fault: String,
) -> PageResult {
    web::unprocessable(&page(ctx, matters, section, id, typed, fault).await?)
}

async fn page(
    ctx: &Ctx,
    matters: &Matters,
    section: &'static Section,
    id: MatterId,
    typed: Typed,
    fault: String,
) -> Result<GiveBackPage, WebError> {
    let read = ctx.read().await?;
    let door = Door::open(ctx, matters, &read, section, id).await?;
    drop(read);
    if door.offer("return").is_none() {
        return Err(WebError::NotFound);
    }
    let t = Texts(ctx.language);
    Ok(GiveBackPage {
        shell: ctx.shell("/m", t.return_title()).await?.at(ctx, &door.matter.area),
        t,
        id,
        href: section.href(id),
        number: door.matter.number.clone(),
        base: Seen::of(&door.matter).to_json(),
        reasons: reasons(ctx),
        typed,
        fault,
    })
}

/// The reasons that hold today.
fn reasons(ctx: &Ctx) -> Vec<Choice> {
    let program = ctx.app.programs.program(crate::PROGRAM);
    let list = program.and_then(|program| program.dictionary.list(REASONS));
    let words = list.into_iter().flat_map(|list| &list.words);
    let held = words.filter(|word| word.dated.holds_on(ctx.today()));
    held.map(|word| Choice::new(&word.key, word.label.says(ctx.language))).collect()
}

/// The reason in words from what was chosen and written without script; `None` if there is none.
pub(crate) fn reason(ctx: &Ctx, typed: &Typed) -> Option<String> {
    let chosen = reasons(ctx).into_iter().find(|reason| reason.value == typed.value("reason"));
    let chosen = chosen.map(|reason| reason.label);
    let more: String = typed.value("more").trim().chars().take(MORE_AT_MOST).collect();
    let parts: Vec<String> = chosen.into_iter().chain(Some(more).filter(|more| !more.is_empty())).collect();
    Some(parts.join(Texts(ctx.language).phone_comma())).filter(|reason| !reason.is_empty())
}
