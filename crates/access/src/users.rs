//! Adding a whole user in one step: account, post and tenure, with a one-time password. For the command line and for
//! installations that are set up by a program; in the browser the steps are pages of their own.

use base::{AccountId, AreaLevel, AreaPath, Moment, OrganisationId, PostId};
use store::{Database, Operation, Write};

use crate::accounts::{self, AccountForm, Password};
use crate::organisations::{self, OrganisationFilter, OrganisationForm, OrganisationKind};
use crate::posts::{self, Appointment, PostFilter, PostForm, TenureKind};
use crate::{AccessError, Roles};

/// How many numbers are tried to tell a post from others alike.
const SEATS_AT_MOST: usize = 1_000;

/// Somebody who is to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// The login name.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The post that they begin with; none for a bare account.
    pub post: Option<NewUserPost>,
}

/// The post of somebody who is to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUserPost {
    /// Its role.
    pub role: String,
    /// The name of its organisation, which is made if there is none of this name in the area.
    pub organisation: String,
    /// Its area.
    pub area: AreaPath,
}

/// Somebody who can start.
#[derive(Debug)]
pub struct AddedUser {
    /// The account.
    pub account: AccountId,
    /// What to log in with the first time. Shown once and kept nowhere.
    pub one_time: Password,
    /// What tells their post from the one alike that somebody else holds, where a second one was made.
    pub beside: Option<String>,
}

/// Makes account, post and tenure in one transaction.
///
/// # Errors
/// As those of `accounts::create`, `posts::create`; then nothing was made.
pub async fn add(
    database: &Database,
    roles: &Roles,
    operation: Operation,
    new: &NewUser,
) -> Result<AddedUser, AccessError> {
    let one_time = Password::one_time(database.entropy());
    let hash = accounts::hash_password(one_time.clone(), database.entropy()).await?;
    let write = database.write(operation).await?;
    let form = AccountForm { login: new.login.clone(), name: new.name.clone(), phone: String::new() };
    let account = accounts::create(&write, &form, Some(&hash)).await?;
    let mut beside = None;
    if let Some(post) = &new.post {
        let organisation = organisation(&write, post).await?;
        let seat = Seat {
            role: post.role.clone(),
            organisation,
            area: post.area,
            kind: TenureKind::Regular,
            from: write.at(),
            until: None,
        };
        beside = take_seat(&write, roles, account, &seat).await?.beside;
    }
    write.save().await?;
    Ok(AddedUser { account, one_time, beside })
}

/// The organisation of this name in the area, made if there is none.
async fn organisation(write: &Write, post: &NewUserPost) -> Result<OrganisationId, AccessError> {
    let filter = OrganisationFilter { within: Some(post.area), ..OrganisationFilter::default() };
    let mut after = None;
    loop {
        let page =
            organisations::list(write.connection(), &filter, after, organisations::PAGE_AT_MOST).await?;
        let known = page.iter().find(|known| known.name == post.organisation && known.area == post.area);
        if let Some(known) = known {
            return Ok(known.id);
        }
        match page.last() {
            Some(last) => after = Some(last.id),
            None => break,
        }
    }
    let kind = match post.area.level() {
        AreaLevel::City | AreaLevel::District => OrganisationKind::Bureau,
        AreaLevel::Subdistrict => OrganisationKind::SubdistrictOffice,
        AreaLevel::Community => OrganisationKind::CommunityStation,
    };
    let form = OrganisationForm { kind, name: post.organisation.clone(), department: None, area: post.area };
    organisations::create(write, &form).await
}

/// What somebody is to be, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The role.
    pub role: String,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The area.
    pub area: AreaPath,
    /// Why it is held.
    pub kind: TenureKind,
    /// From when on, by the office's clock.
    pub from: Moment,
    /// Up to when; open if `None`.
    pub until: Option<Moment>,
}

/// Where somebody was seated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seated {
    /// The post.
    pub post: PostId,
    /// The title of a new post that was made because those alike are held: whoever appoints a successor should know.
    pub beside: Option<String>,
}

/// Appoints an account to a post of this role, organisation and area: to one that is vacant over the whole period, else
/// to a new one.
///
/// # Errors
/// As those of `posts::create` and `posts::appoint`.
pub async fn take_seat(
    write: &Write,
    roles: &Roles,
    account: AccountId,
    seat: &Seat,
) -> Result<Seated, AccessError> {
    let (post, title) = match vacant_post(write, seat).await? {
        Some(post) => (post, String::new()),
        None => new_post(write, roles, seat).await?,
    };
    let Seat { kind, from, until, .. } = *seat;
    posts::appoint(write, &Appointment { post, account, kind, from, until }).await?;
    Ok(Seated { post, beside: Some(title).filter(|title| !title.is_empty()) })
}

/// An open post of this role, organisation and area that nobody holds at any time of the period.
async fn vacant_post(write: &Write, seat: &Seat) -> Result<Option<PostId>, AccessError> {
    let filter = PostFilter {
        role: Some(seat.role.clone()),
        organisation: Some(seat.organisation),
        within: Some(seat.area),
        with_closed: false,
    };
    for post in posts::list(write.connection(), &filter, None, posts::PAGE_AT_MOST).await? {
        let tenures = posts::tenures_of_post(write.connection(), post.id).await?;
        if post.area == seat.area && !tenures.iter().any(|tenure| tenure.overlaps(seat.from, seat.until)) {
            return Ok(Some(post.id));
        }
    }
    Ok(None)
}

/// A post of its own: alike ones are told apart by a number.
async fn new_post(write: &Write, roles: &Roles, seat: &Seat) -> Result<(PostId, String), AccessError> {
    for number in 1..=SEATS_AT_MOST {
        let title = if number == 1 { String::new() } else { number.to_string() };
        let form =
            PostForm { role: seat.role.clone(), organisation: seat.organisation, title, area: seat.area };
        match posts::create(write, roles, &form).await {
            Err(AccessError::Field { field: "title", fault: crate::FieldFault::Taken }) => {}
            made => return Ok((made?, form.title)),
        }
    }
    Err(AccessError::field("title", crate::FieldFault::Taken))
}
