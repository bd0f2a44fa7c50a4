//! The phone in the field (M9): what is due today, one lead, the check at the door, planned visits, notices.
//!
//! What belongs here: pages of one thumb under `/m`, and the commands by which they save. A command carries its own id
//! and the state of the matter that its sender saw; it is answered by a receipt, is done once however often it is sent,
//! and never overwrites what somebody else did meanwhile. What may be done, by when and by which form is the workflow's.
//!
//! The way of a check: [`matter`] shows why and where, [`form`] asks, [`commands`] takes the answers (without script
//! [`form`] itself does), [`outcome`] says what came of it.

mod child;
mod commands;
mod door;
mod drafts;
mod form;
mod give_back;
mod grounds;
pub(crate) mod known;
mod late;
mod matter;
mod me;
mod notices;
mod outcome;
mod photos;
mod questions;
mod section;
mod seen;
mod taps;
mod time;
mod today;

use axum::Extension;
use base::MatterId;
use matters::Matters;
use uuid::Uuid;
use web::{Ctx, Form, MenuItem, Pages, Path, Reader, Rule};

use section::{LEADS, Section, VISITS};

texts::module!("minors-phone");

/// Who has the phone's pages: whoever works on leads or visits at a door.
pub(crate) const WORKERS: Rule = Rule::May(&[("handle", "lead"), ("handle", "visit")]);

/// The pages under `/m`.
pub fn pages() -> Pages {
    let pages = Pages::new()
        .get("/m", WORKERS, today::show)
        .post("/m/commands", WORKERS, commands::take)
        .post("/m/drafts", WORKERS, drafts::save)
        .upload("/m/photos", WORKERS, photos::FORM_BYTES_AT_MOST, photos::take)
        .get("/m/photos/{matter}/{id}", WORKERS, photos::show)
        .get("/m/notices", WORKERS, notices::show)
        .post("/m/notices", WORKERS, notices::mark_read)
        .get("/m/me", WORKERS, me::show);
    at_door(at_door(pages, &LEADS), &VISITS)
}

/// The pages of one kind of matter.
fn at_door(pages: Pages, section: &'static Section) -> Pages {
    type Kept = Extension<Matters>;
    pages
        .get(section.one, WORKERS, move |ctx: Ctx, Extension(matters): Kept, Path(id): Path<Uuid>| {
            matter::show(ctx, matters, section, MatterId(id))
        })
        .get(section.form, WORKERS, move |ctx: Ctx, Extension(matters): Kept, Path(id): Path<Uuid>| {
            form::show(ctx, matters, section, MatterId(id))
        })
        .upload(
            section.form,
            WORKERS,
            photos::FORM_BYTES_AT_MOST,
            move |ctx: Ctx, Extension(matters): Kept, Path(id): Path<Uuid>, sent: Form<Reader>| {
                form::hand_in(ctx, matters, section, MatterId(id), sent)
            },
        )
        .post(
            section.act,
            WORKERS,
            move |ctx: Ctx, Extension(matters): Kept, Path(id): Path<Uuid>, sent: Form<Reader>| {
                form::act(ctx, matters, section, MatterId(id), sent)
            },
        )
        .get(section.give_back, WORKERS, move |ctx: Ctx, Extension(matters): Kept, Path(id): Path<Uuid>| {
            give_back::show(ctx, matters, section, MatterId(id))
        })
        .post(
            section.call,
            WORKERS,
            move |ctx: Ctx, Extension(matters): Kept, Path(id): Path<Uuid>, sent: Form<taps::Who>| {
                taps::call(ctx, matters, section, MatterId(id), sent)
            },
        )
        .post(
            section.map,
            WORKERS,
            move |ctx: Ctx, Extension(matters): Kept, Path(id): Path<Uuid>, _: Form<()>| {
                taps::map(ctx, matters, section, MatterId(id))
            },
        )
        .post(
            section.name,
            WORKERS,
            move |ctx: Ctx, Extension(matters): Kept, Path(id): Path<Uuid>, _: Form<()>| {
                taps::name(ctx, matters, section, MatterId(id))
            },
        )
        .get(section.outcome, WORKERS, move |ctx: Ctx, Extension(matters): Kept, Path(id): Path<Uuid>| {
            outcome::show(ctx, matters, section, MatterId(id))
        })
}

/// The phone has tabs of its own; a rail leads to it from a desk.
pub fn menu() -> Vec<MenuItem> {
    vec![MenuItem {
        place: 15,
        icon: "device-mobile",
        label: base::Label::new("上门", "Door"),
        href: "/m",
        rule: WORKERS,
        figure: None,
    }]
}
