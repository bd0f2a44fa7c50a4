//! One account: who it is, which posts it holds, held and will hold, and when somebody last came in with it.

use access::AccessError;
use access::accounts::{self, Account, AccountForm};
use access::posts::{self, Tenure, TenureKind};
use access::users::{self, Seat};
use askama::Template;
use base::{AccountId, AreaTree, Day, Moment};
use store::Read;
use uuid::Uuid;
use web::components::{Badge, Conflict, Tone};
use web::{Choice, Ctx, Form, FromForm, PageResult, Path, Reader, Shell, Typed, WebError, show};

use super::create::{NewPost, blame_account, read_place, role_choices};
use super::list::state;
use crate::log_ins::{self, LogInRow};
use crate::section::{self, Section};
use crate::{Texts, place, saved_by, says};

/// Log-ins that are shown beside the account.
const LOG_INS_SHOWN: u64 = 8;

#[derive(Template)]
#[template(path = "users/templates/card.html")]
struct UserCard {
    shell: Shell,
    t: Texts,
    account: Account,
    state: Badge,
    locked_minutes: u64,
    form: Typed,
    appointment: Typed,
    conflict: Option<Conflict>,
    tenures: Vec<TenureRow>,
    log_ins: Vec<LogInRow>,
    roles: Vec<Choice>,
    areas: Vec<String>,
    organisations: Vec<String>,
    kinds: Vec<Choice>,
    today: String,
    href: String,
    may_manage: bool,
    is_own: bool,
    end_fault: Option<EndFault>,
}

/// Why a tenure could not be ended as it was typed; its row on the page says so.
pub struct EndFault {
    /// The tenure.
    pub tenure: Uuid,
    /// The day that was typed.
    pub until: String,
    /// What is wrong with it.
    pub message: String,
}

/// A period in which the person holds a post.
pub struct TenureRow {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    pub version: i32,
    /// The other side: the post on the page of a person, the person on the page of a post.
    pub name: String,
    /// Where that is shown.
    pub href: String,
    /// Why it is held.
    pub kind: &'static str,
    /// From which day.
    pub from: String,
    /// Up to which day.
    pub until: String,
    /// Whether it is on.
    pub state: Badge,
    /// Whether it can be ended.
    pub may_end: bool,
}

impl TenureRow {
    /// A tenure as it is listed; `name` and `href` are those of the other side.
    pub fn new(ctx: &Ctx, tenure: &Tenure, name: String, href: String) -> Self {
        let t = Texts(ctx.language);
        let is_over = tenure.until.is_some_and(|until| until <= ctx.now);
        let state = if is_over {
            Badge::new(Tone::Low, "clock", t.tenure_over())
        } else if tenure.covers(ctx.now) {
            Badge::new(Tone::Ok, "circle-check", t.tenure_present())
        } else {
            Badge::new(Tone::Info, "calendar", t.tenure_ahead())
        };
        Self {
            id: tenure.id,
            version: tenure.version,
            name,
            href,
            kind: kind_name(t, tenure.kind),
            from: show::full_day(tenure.from.day()),
            until: tenure.until.map_or_else(String::new, |until| show::full_day(last_day(until))),
            state,
            may_end: !is_over,
        }
    }
}

impl TenureRow {
    /// What is wrong with the end that was typed for it.
    pub fn fault<'a>(&self, fault: Option<&'a EndFault>) -> Option<&'a EndFault> {
        fault.filter(|fault| fault.tenure == self.id)
    }
}

/// The last day on which something that ends at `until` is still on.
fn last_day(until: Moment) -> Day {
    until.plus_milliseconds(-1).day()
}

/// Why a post is held, in words.
pub fn kind_name(t: Texts, kind: TenureKind) -> &'static str {
    match kind {
        TenureKind::Regular => t.tenure_regular(),
        TenureKind::Cover => t.tenure_cover(),
    }
}

/// Both reasons to choose from.
pub fn kind_choices(t: Texts) -> Vec<Choice> {
    TenureKind::ALL.iter().map(|kind| Choice::new(kind.word(), kind_name(t, *kind))).collect()
}

/// The period of an appointment as it is typed: days, the last one included.
pub struct Period {
    /// Why.
    pub kind: TenureKind,
    from: Day,
    until: Option<Day>,
}

impl Period {
    /// Reads `kind`, `from` and `until`.
    pub fn read(form: &mut Reader) -> Option<Self> {
        let kind = form.parsed("kind", TenureKind::from_word);
        let from = form.day("from");
        let until = form.optional_day("until");
        if let (Some(from), Some(Some(until))) = (from, until)
            && until < from
        {
            return form.fault("until", &says::both(|t| t.fault_ends_before().to_owned()));
        }
        Some(Self { kind: kind?, from: from?, until: until? })
    }

    /// From when on: a tenure that begins today begins now, behind one that was just ended.
    pub fn from(&self, now: Moment) -> Moment {
        if self.from == now.day() { now } else { self.from.start() }
    }

    /// Up to when: the end of the last day.
    pub fn until(&self) -> Option<Moment> {
        self.until.map(|day| day.tomorrow().start())
    }
}

struct Edited {
    version: i32,
    form: AccountForm,
}

/// What an account's form says.
pub struct EditForm(Edited);

impl FromForm for EditForm {
    fn read(form: &mut Reader) -> Option<Self> {
        let version = form.version();
        let login = form.text("login", 64);
        let name = form.text("name", 60);
        let phone = form.optional_text("phone", 32);
        let form = AccountForm { login: login?, name: name?, phone: phone?.unwrap_or_default() };
        Some(Self(Edited { version: version?, form }))
    }
}

/// A post for somebody, and when.
pub struct Appointed {
    post: NewPost,
    period: Period,
}

impl FromForm for Appointed {
    fn read(form: &mut Reader) -> Option<Self> {
        let post = NewPost::read(form);
        let period = Period::read(form);
        Some(Self { post: post?, period: period? })
    }
}

/// What is typed on the page at present.
#[derive(Default)]
struct Forms {
    edit: Option<Typed>,
    appoint: Option<Typed>,
    conflict: Option<Conflict>,
    end: Option<EndFault>,
}

/// The account and its tenures, if it is the actor's to see.
pub async fn look_up(
    ctx: &Ctx,
    read: &Read,
    id: AccountId,
) -> Result<(Account, Vec<(Tenure, posts::Post)>), WebError> {
    let account = accounts::get(read.connection(), read.keys(), id).await?;
    let tenures = posts::tenures_of_account(read.connection(), id).await?;
    let ids: Vec<_> = tenures.iter().map(|tenure| tenure.post).collect();
    let held = posts::by_ids(read.connection(), &ids).await?;
    let with_post = |tenure: Tenure| {
        let post = held.iter().find(|post| post.id == tenure.post)?.clone();
        Some((tenure, post))
    };
    let tenures: Vec<_> = tenures.into_iter().filter_map(with_post).collect();
    let is_seen =
        tenures.is_empty() || tenures.iter().any(|(_, post)| section::is_in_reach(&ctx.actor, &post.area));
    if is_seen { Ok((account, tenures)) } else { Err(WebError::NotFound) }
}

/// The page.
pub async fn show(ctx: Ctx, Path(id): Path<AccountId>) -> PageResult {
    web::page(&page(&ctx, id, Forms::default()).await?)
}

/// The page again, with what was wrong with the end of a tenure.
pub async fn show_end_fault(ctx: &Ctx, id: AccountId, fault: EndFault) -> PageResult {
    let forms = Forms { end: Some(fault), ..Forms::default() };
    web::unprocessable(&page(ctx, id, forms).await?)
}

async fn page(ctx: &Ctx, id: AccountId, forms: Forms) -> Result<UserCard, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let (account, tenures) = look_up(ctx, &read, id).await?;
    let tree = section::areas(ctx, &read).await?;
    let known = place::organisations_for(&read, &ctx.actor.area).await?;
    let locked =
        accounts::locked_until(read.connection(), read.keys(), &account.login, ctx.app.machine_now()).await?;
    let log_ins = log_ins::rows(ctx, &read, Some(id), None, LOG_INS_SHOWN).await?;
    drop(read);
    let today = show::full_day(ctx.today());
    let left = locked.map_or(0, |until| until.milliseconds_since(ctx.app.machine_now()).max(0));
    let action = format!("/admin/users/{id}");
    let form = forms.edit.unwrap_or_else(|| ctx.typed_or(&action, fields_of(&account)));
    let appointment = forms.appoint.unwrap_or_else(|| {
        ctx.typed_or(&format!("{action}/appoint"), [("from", today.as_str()), ("kind", "regular")])
    });
    Ok(UserCard {
        shell: Section::Users.shell(ctx, account.name.clone()).await?,
        t,
        state: state(t, &account, locked.is_some()),
        locked_minutes: left.unsigned_abs().div_ceil(60_000),
        form,
        appointment,
        conflict: forms.conflict,
        tenures: rows(ctx, &tree, &tenures),
        log_ins,
        roles: role_choices(ctx),
        areas: place::area_names(&tree, &ctx.actor.area),
        organisations: place::organisation_names(&known),
        kinds: kind_choices(t),
        today,
        href: action,
        may_manage: ctx.may("manage", "account"),
        is_own: ctx.actor.account == Some(account.id),
        end_fault: forms.end,
        account,
    })
}

fn fields_of(account: &Account) -> [(&'static str, String); 3] {
    [("login", account.login.clone()), ("name", account.name.clone()), ("phone", account.phone.clone())]
}

fn rows(ctx: &Ctx, areas: &AreaTree, tenures: &[(Tenure, posts::Post)]) -> Vec<TenureRow> {
    let row = |(tenure, post): &(Tenure, posts::Post)| {
        let name = section::post_name(ctx, areas, post);
        TenureRow::new(ctx, tenure, name, format!("/admin/posts/{}", post.id))
    };
    tenures.iter().map(row).collect()
}

/// Saves name, login name and phone.
pub async fn edit(ctx: Ctx, Path(id): Path<AccountId>, form: Form<EditForm>) -> PageResult {
    let Form { input, mut typed } = form;
    blame_account(&ctx, &mut typed, Some(id)).await?;
    let Some(EditForm(edited)) = input.filter(|_| !typed.has_faults()) else {
        let forms = Forms { edit: Some(typed), ..Forms::default() };
        return web::unprocessable(&page(&ctx, id, forms).await?);
    };
    let read = ctx.read().await?;
    look_up(&ctx, &read, id).await?;
    drop(read);
    let write = ctx.write("admin.edit_user").await?;
    let saved = accounts::edit(&write, id, edited.version, &edited.form).await;
    match saved {
        Ok(()) => {
            return ctx
                .save_saying(write, &format!("/admin/users/{id}"), Texts(ctx.language).said_user_saved())
                .await;
        }
        Err(AccessError::Conflict) => {
            drop(write);
            let conflict = Some(conflict(&ctx, id, &edited.form).await?);
            let forms = Forms { edit: Some(typed), conflict, ..Forms::default() };
            return web::overtaken(&page(&ctx, id, forms).await?);
        }
        Err(error) => {
            drop(write);
            says::blame(Texts(ctx.language), &mut typed, error)?;
        }
    }
    let forms = Forms { edit: Some(typed), ..Forms::default() };
    web::unprocessable(&page(&ctx, id, forms).await?)
}

async fn conflict(ctx: &Ctx, id: AccountId, mine: &AccountForm) -> Result<Conflict, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let theirs = accounts::get(read.connection(), read.keys(), id).await?;
    let rows = vec![
        saved_by::row(t.account_name(), theirs.name, mine.name.as_str()),
        saved_by::row(t.log_in_login(), theirs.login, mine.login.as_str()),
        saved_by::row(t.account_phone(), theirs.phone, mine.phone.as_str()),
    ];
    let kinds = [
        "access.account_changed",
        "access.account_disabled",
        "access.account_enabled",
        "access.password_issued",
    ];
    saved_by::conflict(ctx, &read, &kinds, ("account", id.to_string()), rows).await
}

/// Appoints the person to a post of this role, organisation and area.
pub async fn appoint(ctx: Ctx, Path(id): Path<AccountId>, form: Form<Appointed>) -> PageResult {
    let Form { input, mut typed } = form;
    let place = read_place(&ctx, &mut typed).await?;
    if let (Some(Appointed { post, period }), Some((organisation, area))) = (input, place) {
        let seat = Seat {
            role: post.role().to_owned(),
            organisation,
            area,
            kind: period.kind,
            from: period.from(ctx.now),
            until: period.until(),
        };
        let write = ctx.write("admin.appoint").await?;
        match users::take_seat(&write, &ctx.app.roles, id, &seat).await {
            Ok(seated) => {
                let t = Texts(ctx.language);
                let said = match seated.beside {
                    Some(title) => t.said_appointed_beside(title),
                    None => t.said_appointed().to_owned(),
                };
                return ctx.save_saying(write, &format!("/admin/users/{id}"), said).await;
            }
            Err(error) => {
                drop(write);
                says::blame(Texts(ctx.language), &mut typed, error)?;
            }
        }
    }
    let forms = Forms { appoint: Some(typed), ..Forms::default() };
    web::unprocessable(&page(&ctx, id, forms).await?)
}
