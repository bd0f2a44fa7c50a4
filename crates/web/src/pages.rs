//! The pages of a module: axum's router, and a list of what is in it. axum cannot tell its routes; the list can, so that
//! tests ask each page as each role and nothing is served that nobody thought about.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::app::App;

/// Who may ask for a page at all. Which records they then see is the scope's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Anybody, with or without an account.
    Anyone,
    /// Whoever is logged in, whatever the post.
    LoggedIn,
    /// As `LoggedIn`, and open also to somebody who must choose a password of their own first: the pages on which that
    /// is done. Everything else waits until it is.
    OwnAccount,
    /// Whoever's role has one of these verbs on this kind of thing: `May(&[("read", "lead")])`.
    May(&'static [(&'static str, &'static str)]),
    /// Whoever's role has one of these verbs on any kind of matter that a program declares: a further program opens the
    /// pages of matters by its files alone.
    MayAnyMatter(&'static [&'static str]),
    /// Those who build pages: anybody in a demo or a debug build, else nobody.
    Builders,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The module that serves it.
    pub module: &'static str,
    /// `GET` or `POST`.
    pub method: Method,
    /// The path with its parameters: `/leads/{id}`.
    pub path: &'static str,
    /// Who may ask.
    pub rule: Rule,
}

/// How much of a body a route takes, in bytes, for the error that says so: axum keeps its own limit to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BodyLimit(pub usize);

/// The pages of a module.
#[derive(Default)]
pub struct Pages {
    router: Router<App>,
    routes: Vec<Route>,
}

impl Pages {
    /// No pages yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, rule: Rule, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.route(Method::GET, path, rule, on(MethodFilter::GET, handler))
    }

    /// Where a form is sent to.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, rule: Rule, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.route(Method::POST, path, rule, on(MethodFilter::POST, handler))
    }

    /// Where a form with files is sent to: as `post`, with bodies of up to `limit_bytes`.
    #[must_use]
    pub fn upload<H, T>(self, path: &'static str, rule: Rule, limit_bytes: usize, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let route: MethodRouter<App> =
            on(MethodFilter::POST, handler).layer(DefaultBodyLimit::max(limit_bytes));
        let route = route.layer(axum::Extension(BodyLimit(limit_bytes)));
        self.route(Method::POST, path, rule, route)
    }

    /// These pages and those of `other`: a crate with several capabilities puts the pages of its folders together.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.routes.extend(other.routes);
        self
    }

    /// Hands `value` to all pages so far, for axum's `Extension<V>`: what a module keeps for itself.
    #[must_use]
    pub fn with<V: Clone + Send + Sync + 'static>(mut self, value: V) -> Self {
        self.router = self.router.layer(axum::Extension(value));
        self
    }

    fn route(mut self, method: Method, path: &'static str, rule: Rule, route: MethodRouter<App>) -> Self {
        self.routes.push(Route { module: "", method, path, rule });
        self.router = self.router.route(path, route);
        self
    }

    pub(crate) fn into_parts(self, module: &'static str) -> (Router<App>, Vec<Route>) {
        let routes = self.routes.into_iter().map(|route| Route { module, ..route }).collect();
        (self.router, routes)
    }

    pub(crate) fn routes(&self) -> &[Route] {
        &self.routes
    }
}
