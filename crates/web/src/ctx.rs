//! What a handler takes first: who asks, in which language, at what time, and the way to the database.

use std::ops::Deref;
use std::sync::Arc;

use access::Actor;
use access::sessions::SessionToken;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::response::Response;
use base::{AreaId, Day, Label, Moment, OperationId, PostId};
use sea_orm::DatabaseTransaction;
use store::{ActorRef, Operation, Read, Write};
use texts::Language;

use crate::app::App;
use crate::assemble::Frame;
use crate::error::{PageResult, WebError};
use crate::form::{self, Tokens, Typed};
use crate::module::Kept;
use crate::pages::Rule;
use crate::session::{self, Secret};
use crate::shell::{self, Shell};
use crate::show::Worded as _;
use crate::visit::{Manner, Visit};

/// A request by a person who is logged in. Everything of [`Visitor`] is here too.
#[derive(Clone)]
pub struct Ctx {
    /// Who asks, in which post.
    pub actor: Arc<Actor>,
    visitor: Visitor,
}

/// A request by anybody: for the log-in page and pages that need no account.
#[derive(Clone)]
pub struct Visitor {
    /// The application.
    pub app: App,
    /// The language of the answer.
    pub language: Language,
    /// The operation: what log, journal and answer know this request by.
    pub operation: OperationId,
    /// The office's time at which the request came.
    pub now: Moment,
    visit: Arc<Visit>,
    frame: Arc<Frame>,
}

impl Deref for Ctx {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl<S> FromRequestParts<S> for Visitor
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let visit: Option<&Arc<Visit>> = parts.extensions.get();
        let frame: Option<&Arc<Frame>> = parts.extensions.get();
        let (Some(visit), Some(frame)) = (visit, frame) else {
            return Err(WebError::internal("the page is served outside web::assemble"));
        };
        Ok(Self::new(App::from_ref(state), Arc::clone(visit), Arc::clone(frame)))
    }
}

impl<S> FromRequestParts<S> for Ctx
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        visitor.logged_in().ok_or(WebError::LogIn)
    }
}

impl Ctx {
    /// The shell of a page with this title. `section` is the address of the menu entry that it belongs to: `/leads`.
    pub async fn shell(&self, section: &str, title: impl Into<String>) -> Result<Shell, WebError> {
        shell::build(self, section, title.into()).await
    }

    /// Whether the actor may do `verb` to things of `kind` at all: for menus and buttons. Which things is the scope's
    /// to say.
    pub fn may(&self, verb: &str, kind: &str) -> bool {
        self.app.roles.may(&self.actor, verb, kind)
    }

    /// Whether the actor may do `verb` to some kind of matter, of whatever program.
    pub fn may_any(&self, verb: &str) -> bool {
        crate::assemble::may_any(&self.app, &self.actor, verb)
    }

    /// Whether a page with this rule opens to the actor: for links to pages of other crates.
    pub fn admits(&self, rule: Rule) -> bool {
        crate::assemble::admits(&self.app, Some(&self.actor), rule)
    }

    /// `NotAllowed` unless the actor may do `verb` to things of `kind`.
    pub fn demand(&self, verb: &str, kind: &str) -> Result<(), WebError> {
        if self.may(verb, kind) { Ok(()) } else { Err(WebError::NotAllowed) }
    }

    /// What the modules say keeps a post where it is, beside its holders and its open matters.
    ///
    /// # Errors
    /// As the database.
    pub async fn keeping(
        &self,
        connection: &DatabaseTransaction,
        post: PostId,
    ) -> Result<Vec<Kept>, WebError> {
        let mut all = Vec::new();
        for keeps in &self.visitor.frame.keeps {
            all.extend(keeps(self, connection, post).await?);
        }
        Ok(all)
    }
}

impl Visitor {
    pub(crate) fn new(app: App, visit: Arc<Visit>, frame: Arc<Frame>) -> Self {
        Self { app, language: visit.language, operation: visit.operation, now: visit.now, visit, frame }
    }

    /// The same request as that of a person who is logged in; `None` if nobody is.
    pub fn logged_in(self) -> Option<Ctx> {
        let actor = Arc::clone(self.visit.actor.as_ref()?);
        Some(Ctx { actor, visitor: self })
    }

    /// One snapshot of the database. Let it go before rendering.
    pub async fn read(&self) -> Result<Read, WebError> {
        Ok(self.app.database.read().await?)
    }

    /// A writing transaction for the operation `name` (`"matters.accept_lead"`). The first one of a form's request takes
    /// the form: sent a second time, the error leads to the first answer.
    pub async fn write(&self, name: &'static str) -> Result<Write, WebError> {
        let write = self.app.database.write(self.operation_named(name)).await?;
        match self.visit.take_once() {
            None => Ok(write),
            Some(key) => form::take(&self.app.database, write, key)
                .await?
                .map_err(|receipt| WebError::DoneBefore { location: receipt.location }),
        }
    }

    /// Saves `write` and leads to `location` (303): the end of each handler of a form. `location` is an address of ours.
    pub async fn save(&self, write: Write, location: &str) -> PageResult {
        form::finish(write, self.visit.once(), location, None).await
    }

    /// As `save`, and the next page that is shown says `said`: one sentence, what was done and where it is now.
    pub async fn save_saying(
        &self,
        write: Write,
        location: &str,
        said: impl AsRef<str> + Send,
    ) -> PageResult {
        let once = self.visit.once();
        let mut response = form::finish(write, once, location, Some(said.as_ref())).await?;
        self.say_next(&mut response);
        Ok(response)
    }

    /// As `save_saying`, with an answer of its own: a receipt of the phone.
    pub async fn answer_saying(
        &self,
        write: Write,
        mut response: Response,
        said: impl AsRef<str> + Send,
    ) -> PageResult {
        let receipt = form::keep_said(&write, said.as_ref()).await?;
        write.save().await?;
        session::say_next(&self.app.site, &mut response, receipt);
        Ok(response)
    }

    /// Lets the next page say what the receipt of this request's form keeps, if anything.
    pub(crate) fn say_next(&self, response: &mut Response) {
        if let Some(receipt) = self.visit.once() {
            session::say_next(&self.app.site, response, receipt);
        }
    }

    /// This request as an operation of the store, for services that open their own transactions.
    pub fn operation_named(&self, name: &'static str) -> Operation {
        let actor = self.visit.actor.as_ref().map_or(ActorRef::SYSTEM, |actor| actor.reference());
        Operation { id: self.operation, name, actor, at: self.now }
    }

    /// Whether who asks must choose a password of their own before anything else.
    pub fn must_change_password(&self) -> bool {
        self.visit.must_change_password
    }

    /// The token of the session's cookie, for choosing a post and logging out.
    pub fn session_token(&self) -> Option<SessionToken> {
        match &self.visit.secret {
            Secret::Session(text) => SessionToken::parse(text),
            Secret::Visitor(_) => None,
        }
    }

    /// What the forms of a page carry unseen. [`Shell`] has them already; this is for fragments.
    pub fn tokens(&self) -> Tokens {
        let account = self.visit.actor.as_ref().and_then(|actor| actor.account);
        let entropy = &self.app.entropy;
        Tokens {
            token: self.visit.secret.form_token(self.app.database.keys(), account, entropy.bytes()),
            once: base::hexadecimal(&entropy.bytes::<12>()),
        }
    }

    /// An empty form that is sent to `action`, or what was typed into it before the session ended.
    pub fn typed(&self, action: &str) -> Typed {
        match &self.visit.parked {
            Some(parked) if parked.action == action => {
                Typed::of(parked.fields.clone(), self.language).given_back(parked.has_lost_files)
            }
            _ => Typed::empty(self.language),
        }
    }

    /// As `typed`, but filled in with what is known unless the sender's own words are given back.
    pub fn typed_or<N: Into<String>, V: Into<String>>(
        &self,
        action: &str,
        known: impl IntoIterator<Item = (N, V)>,
    ) -> Typed {
        let typed = self.typed(action);
        if typed.is_given_back() { typed } else { Typed::filled(self.language, known) }
    }

    /// A label in the language of the answer.
    pub fn says<'a>(&self, label: &'a Label) -> &'a str {
        label.says(self.language)
    }

    /// What the event, job or listener with this key is called, in the reader's language; the key itself where no module
    /// has words for it: what an earlier version recorded is still shown.
    pub fn word<'a>(&self, key: &'a str) -> &'a str {
        self.frame.word(self.language, key).unwrap_or(key)
    }

    /// The short name of an area: 西丽街道. Empty for one that is not known here.
    pub fn area_name(&self, id: AreaId) -> &str {
        self.app.areas.get(id).map_or("", |area| area.short_name.as_str())
    }

    /// The office's day.
    pub fn today(&self) -> Day {
        self.now.day()
    }

    /// Whether htmx asks for a piece of the page.
    pub fn wants_fragment(&self) -> bool {
        self.visit.manner == Manner::Fragment
    }

    /// Whether a script asks and wants JSON: a command of the phone.
    pub fn wants_json(&self) -> bool {
        self.visit.manner == Manner::Json
    }

    /// Path and query that were asked for.
    pub fn address(&self) -> &str {
        &self.visit.address
    }

    pub(crate) fn visit(&self) -> &Visit {
        &self.visit
    }

    pub(crate) fn frame(&self) -> &Frame {
        &self.frame
    }

    pub(crate) fn check_token(&self, token: Option<&str>) -> Result<(), WebError> {
        let account = self.visit.actor.as_ref().and_then(|actor| actor.account);
        let owner = token.and_then(|token| self.visit.secret.form_owner(self.app.database.keys(), token));
        if owner == Some(account) { Ok(()) } else { Err(WebError::ForeignForm) }
    }
}

/// 303 to `location`, for handlers that wrote nothing or saved by themselves.
pub fn see_other(location: &str) -> Response {
    form::see_other(location)
}
