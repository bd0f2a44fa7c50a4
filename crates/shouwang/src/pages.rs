//! `shouwang pages`: every address of the product with who may ask for it, for whoever checks the rights.

use std::collections::BTreeSet;

use access::Roles;
use anyhow::{Context, Result};
use clap::Args;
use policy::Programs;
use serde::Serialize;
use web::{Route, Rule};

use crate::application::Application;

/// How to print.
#[derive(Args)]
pub struct Arguments {
    /// Print one JSON list on one line.
    #[arg(long)]
    json: bool,
}

/// One address.
#[derive(Debug, Serialize)]
struct Page<'a> {
    /// `GET` or `POST`.
    method: &'a str,
    /// The path with its parameters.
    path: &'a str,
    /// The module that serves it.
    module: &'a str,
    /// `anyone`, `logged_in`, `builders`, or `roles`.
    rule: &'static str,
    /// The roles that may ask for it, where the rule is by roles.
    roles: BTreeSet<&'a str>,
}

/// Prints the addresses of all modules, ordered by path.
///
/// # Errors
/// When the modules cannot be put together.
pub fn print(application: &Application, arguments: &Arguments) -> Result<()> {
    let assembly = web::assemble(application.app.clone(), application.modules())
        .context("the modules cannot be put together")?;
    let mut pages: Vec<Page<'_>> = assembly
        .routes
        .iter()
        .map(|route| page(&application.app.roles, &application.app.programs, route))
        .collect();
    pages.sort_by_key(|page| (page.path, page.method));
    if arguments.json {
        println!("{}", serde_json::to_string(&pages)?);
        return Ok(());
    }
    for page in pages {
        let roles: Vec<&str> = page.roles.into_iter().collect();
        println!("{:<5} {:<44} {:<9} {} {}", page.method, page.path, page.module, page.rule, roles.join(" "));
    }
    Ok(())
}

fn page<'a>(roles: &'a Roles, programs: &'a Programs, route: &'a Route) -> Page<'a> {
    let (rule, rights): (_, Vec<(&str, &str)>) = match route.rule {
        Rule::Anyone => ("anyone", Vec::new()),
        Rule::LoggedIn | Rule::OwnAccount => ("logged_in", Vec::new()),
        Rule::Builders => ("builders", Vec::new()),
        Rule::May(rights) => ("roles", rights.to_vec()),
        Rule::MayAnyMatter(verbs) => {
            let kinds = programs.all().flat_map(|program| program.workflow.kinds());
            let pairs = kinds.flat_map(|kind| verbs.iter().map(|verb| (*verb, kind.key.as_str())));
            ("roles", pairs.collect())
        }
    };
    let has = |role: &access::Role, (verb, kind): (&str, &str)| {
        role.rights.iter().any(|right| right.verbs.contains(verb) && right.kinds.contains(kind))
    };
    let allowed = roles.all().filter(|role| rights.iter().any(|right| has(role, *right)));
    Page {
        method: route.method.as_str(),
        path: route.path,
        module: route.module,
        rule,
        roles: allowed.map(|role| role.key.as_str()).collect(),
    }
}
