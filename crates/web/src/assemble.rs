//! The modules put together: one router, one rail, one list of everything that is served. A name used twice stops the
//! start.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use access::Actor;
use axum::Router;
use axum::http::Method;
use axum::middleware;
use store::jobs::JobKind;
use store::journal::Listener;
use store::{Migration, Read};
use texts::Language;

use crate::app::App;
use crate::ctx::Ctx;
use crate::error::WebError;
use crate::module::{Action, Figure, Keeps, MenuItem, Module, Words, places};
use crate::pages::{Route, Rule};
use crate::{desk, layers};

/// What came of putting the modules together.
pub struct Assembly {
    /// What the server serves.
    pub router: Router,
    /// Everything in it.
    pub routes: Vec<Route>,
    /// For the runner of jobs.
    pub jobs: Vec<JobKind<App>>,
    /// For the runner of listeners.
    pub listeners: Vec<Listener<App>>,
}

/// Why modules cannot be put together: a mistake of whoever wrote them, found at the start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssemblyError {
    /// A module, job, listener, figure, action or migration with this name is there already.
    #[error("the {what} `{name}` is there twice")]
    NameTwice {
        /// What kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Two modules serve the same path.
    #[error("{method} {path} is served by `{one}` and by `{other}`")]
    RouteTwice {
        /// The method.
        method: Method,
        /// The path.
        path: &'static str,
        /// The module that was first.
        one: &'static str,
        /// The other one.
        other: &'static str,
    },
    /// A menu entry or action shows a figure that no module has.
    #[error("`{user}` shows the figure `{figure}`, which no module has")]
    NoSuchFigure {
        /// The entry or action.
        user: &'static str,
        /// The figure.
        figure: &'static str,
    },
    /// A module does not find in the data what it needs.
    #[error("the module `{module}` cannot start: {message}")]
    Check {
        /// The module.
        module: &'static str,
        /// What is missing, and the mend.
        message: String,
    },
}

/// What the shell and the guards know of all modules.
pub(crate) struct Frame {
    pub menu: Vec<MenuItem>,
    figures: HashMap<&'static str, Figure>,
    actions: Vec<Action>,
    words: Vec<Words>,
    pub keeps: Vec<Keeps>,
    rules: HashMap<(Method, &'static str), Rule>,
}

/// The migrations of the store, of access, of this crate and of `modules`, in the order of the arrows.
pub fn migrations(modules: &[Module]) -> Vec<Migration> {
    let mut all = store::migrations();
    all.extend(access::migrations());
    all.extend(crate::form::migrations());
    all.extend(modules.iter().flat_map(|module| module.migrations.iter().copied()));
    all
}

/// Puts `modules` together. They come in the order of the arrows.
pub fn assemble(app: App, mut modules: Vec<Module>) -> Result<Assembly, AssemblyError> {
    modules.insert(0, desk::module());
    check_names(&modules)?;
    check_routes(&modules)?;
    check_figures(&modules)?;
    for module in &modules {
        if let Some(check) = module.check {
            check(&app).map_err(|message| AssemblyError::Check { module: module.name, message })?;
        }
    }
    let (mut router, mut routes) = (Router::new(), Vec::new());
    let (mut menu, mut figures, mut actions) = (Vec::new(), HashMap::new(), Vec::new());
    let (mut jobs, mut listeners) = (Vec::new(), Vec::new());
    let (mut words, mut keeps) = (Vec::new(), Vec::new());
    for module in modules {
        let (pages, served) = module.pages.into_parts(module.name);
        router = router.merge(pages);
        routes.extend(served);
        menu.extend(module.menu);
        figures.extend(module.figures.into_iter().map(|figure| (figure.name, figure)));
        actions.extend(module.actions);
        jobs.extend(module.jobs);
        listeners.extend(module.listeners);
        words.extend(module.words);
        keeps.extend(module.keeps);
    }
    menu.sort_by_key(|item: &MenuItem| item.place);
    let rules = routes.iter().map(|route| ((route.method.clone(), route.path), route.rule)).collect();
    let frame = Arc::new(Frame { menu, figures, actions, words, keeps, rules });
    let served = layers::Served { app: app.clone(), frame };
    let router = router
        .route_layer(middleware::from_fn_with_state(served.clone(), layers::guard))
        .fallback(layers::no_such_page)
        .layer(axum::extract::DefaultBodyLimit::max(layers::FORM_BYTES_AT_MOST))
        .layer(middleware::from_fn_with_state(served, layers::serve))
        .layer(
            tower_http::compression::CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest),
        )
        .with_state(app);
    Ok(Assembly { router, routes, jobs, listeners })
}

impl Frame {
    /// The figure `name` for the actor; `None` if no module has it.
    pub async fn figure(&self, ctx: &Ctx, read: &Read, name: &str) -> Result<Option<u64>, WebError> {
        match self.figures.get(name) {
            Some(figure) => (figure.read)(ctx, read).await.map(Some),
            None => Ok(None),
        }
    }

    /// The actions that are offered at `place`, in the order of the modules.
    pub fn actions_at(&self, place: &str) -> impl Iterator<Item = &Action> {
        self.actions.iter().filter(move |action| action.place == place)
    }

    /// What the event, job or listener with this key is called.
    pub fn word(&self, language: Language, key: &str) -> Option<&'static str> {
        let key = key.replace(['.', '_'], "-");
        self.words.iter().find_map(|words| words(language, &key))
    }

    /// Who may ask for a route; HEAD is a GET without its body.
    pub fn rule(&self, method: &Method, path: &str) -> Option<Rule> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.rules.iter().find(|((known, at), _)| known == method && *at == path).map(|(_, rule)| *rule)
    }

    /// The page of one's own account; the front page where no module has one.
    pub fn account(&self) -> &'static str {
        self.actions_at(places::ACCOUNT).next().map_or("/", |action| action.href)
    }

    /// Where somebody is sent who is not logged in.
    pub fn log_in(&self) -> &'static str {
        self.actions_at(places::LOG_IN).next().map_or("/log-in", |action| action.href)
    }
}

/// Whether `rule` lets in who asks.
pub(crate) fn admits(app: &App, actor: Option<&Actor>, rule: Rule) -> bool {
    match (rule, actor) {
        (Rule::Anyone, _) | (Rule::LoggedIn | Rule::OwnAccount, Some(_)) => true,
        (Rule::Builders, _) => app.site.is_demo || cfg!(debug_assertions),
        (Rule::May(rights), Some(actor)) => {
            rights.iter().any(|(verb, kind)| app.roles.may(actor, verb, kind))
        }
        (Rule::MayAnyMatter(verbs), Some(actor)) => verbs.iter().any(|verb| may_any(app, actor, verb)),
        (Rule::LoggedIn | Rule::OwnAccount | Rule::May(_) | Rule::MayAnyMatter(_), None) => false,
    }
}

/// Whether the actor may do `verb` to some kind of matter of some program.
pub(crate) fn may_any(app: &App, actor: &Actor, verb: &str) -> bool {
    let mut kinds = app.programs.all().flat_map(|program| program.workflow.kinds());
    kinds.any(|kind| app.roles.may(actor, verb, &kind.key))
}

fn check_names(modules: &[Module]) -> Result<(), AssemblyError> {
    let all = modules.iter();
    distinct("module", all.clone().map(|module| module.name))?;
    distinct("job", all.clone().flat_map(|module| &module.jobs).map(|job| job.name))?;
    distinct("listener", all.clone().flat_map(|module| &module.listeners).map(|listener| listener.name))?;
    distinct("figure", all.clone().flat_map(|module| &module.figures).map(|figure| figure.name))?;
    distinct("action", all.clone().flat_map(|module| &module.actions).map(|action| action.name))?;
    distinct("migration", all.clone().flat_map(|module| &module.migrations).map(|migration| migration.name))?;
    distinct("menu entry", all.flat_map(|module| &module.menu).map(|item| item.href))
}

fn distinct<'a>(what: &'static str, names: impl Iterator<Item = &'a str>) -> Result<(), AssemblyError> {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(AssemblyError::NameTwice { what, name: name.to_owned() });
        }
    }
    Ok(())
}

fn check_routes(modules: &[Module]) -> Result<(), AssemblyError> {
    let mut seen: HashMap<(Method, String), &'static str> = HashMap::new();
    for module in modules {
        for route in module.pages.routes() {
            let (method, path) = (route.method.clone(), route.path);
            if let Some(one) = seen.insert((method.clone(), shape(path)), module.name) {
                return Err(AssemblyError::RouteTwice { method, path, one, other: module.name });
            }
        }
    }
    Ok(())
}

/// A path without the names of its parameters: `/leads/{id}` and `/leads/{lead}` are the same.
fn shape(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

fn check_figures(modules: &[Module]) -> Result<(), AssemblyError> {
    let known: HashSet<&str> =
        modules.iter().flat_map(|module| &module.figures).map(|figure| figure.name).collect();
    let items = modules.iter().flat_map(|module| &module.menu).map(|item| (item.href, item.figure));
    let actions =
        modules.iter().flat_map(|module| &module.actions).map(|action| (action.name, action.figure));
    for (user, figure) in items.chain(actions) {
        if let Some(figure) = figure.filter(|figure| !known.contains(figure)) {
            return Err(AssemblyError::NoSuchFigure { user, figure });
        }
    }
    Ok(())
}
