//! The router's own list, as `shouwang pages --json` prints it: what there is to open, and who may.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::product::Product;

/// One line of the list.
#[derive(Debug, Clone, Deserialize)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: String,
    /// The path with its parameters: `/leads/{id}`.
    pub path: String,
    /// `anyone`, `logged_in`, `builders`, or `roles`.
    pub rule: String,
    /// The roles that may ask for it, where the rule is by roles.
    pub roles: BTreeSet<String>,
}

impl Route {
    /// Whether somebody with `role` is let in by the router.
    pub fn admits(&self, role: &str) -> bool {
        self.rule != "roles" || self.roles.contains(role)
    }

    /// How many parts of its path are written out; the more, the closer it describes an address.
    fn written_out(&self) -> usize {
        self.path.split('/').filter(|part| !part.starts_with('{')).count()
    }

    /// What stands for the parameters in `address`, in their order; `None` if the address is another route's.
    fn parameters<'a>(&self, address: &'a str) -> Option<Vec<&'a str>> {
        let (own, theirs): (Vec<&str>, Vec<&str>) =
            (self.path.split('/').collect(), address.split('/').collect());
        if own.len() != theirs.len() {
            return None;
        }
        let mut found = Vec::new();
        for (own, theirs) in own.into_iter().zip(theirs) {
            if own.starts_with('{') && !theirs.is_empty() {
                found.push(theirs);
            } else if own != theirs {
                return None;
            }
        }
        Some(found)
    }

    /// The address of this route for what an address of `other` names: `/leads/7` and `/leads/{id}/act` give
    /// `/leads/7/act`. `None` where it asks for more than that names, or begins otherwise.
    pub fn beside(&self, other: &Self, address: &str) -> Option<String> {
        let named = other.parameters(address)?;
        let (own_head, other_head) = (head(&self.path), head(&other.path));
        if named.is_empty() || own_head != other_head || parameters_in(&self.path) != named.len() {
            return None;
        }
        let mut named = named.into_iter();
        let parts =
            self.path.split('/').map(|part| if part.starts_with('{') { named.next() } else { Some(part) });
        Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
    }
}

/// What stands before the first parameter.
fn head(path: &str) -> &str {
    path.split('{').next().unwrap_or_default()
}

fn parameters_in(path: &str) -> usize {
    path.matches('{').count()
}

/// Everything that the product serves.
#[derive(Debug, Clone)]
pub struct Routes(Vec<Route>);

impl Routes {
    /// Asks the product.
    ///
    /// # Errors
    /// When the command fails or prints something else.
    pub async fn of(product: &Product) -> Result<Self> {
        let printed = product.say(&["pages", "--json"]).await?;
        let line = printed.lines().last().context("the product prints no routes")?;
        Ok(Self(serde_json::from_str(line).context("the list of routes cannot be read")?))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }

    /// The pages and whatever else answers a GET.
    pub fn gets(&self) -> impl Iterator<Item = &Route> {
        self.iter().filter(|route| route.method == "GET")
    }

    /// The GET route that serves `address` (without query).
    pub fn serving(&self, address: &str) -> Option<&Route> {
        let fitting = self.gets().filter(|route| route.parameters(address).is_some());
        fitting.max_by_key(|route| route.written_out())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(paths: &[&str]) -> Routes {
        let route = |path: &&str| Route {
            method: "GET".into(),
            path: (*path).into(),
            rule: "roles".into(),
            roles: BTreeSet::new(),
        };
        Routes(paths.iter().map(route).collect())
    }

    #[test]
    fn an_address_belongs_to_the_route_that_says_most_of_it() {
        let routes = routes(&["/admin/users/{id}", "/admin/users/new", "/leads"]);
        let serving = |address| routes.serving(address).map(|route| route.path.as_str());
        assert_eq!(serving("/admin/users/new"), Some("/admin/users/new"));
        assert_eq!(serving("/admin/users/7"), Some("/admin/users/{id}"));
        assert_eq!(serving("/admin/users/"), None);
        assert_eq!(serving("/elsewhere"), None);
    }

    #[test]
    fn a_neighbouring_address_names_the_same_thing() {
        let routes =
            routes(&["/m/leads/{id}", "/m/leads/{id}/form", "/m/visits/{id}", "/m/photos/{matter}/{id}"]);
        let of = |path: &str| routes.iter().find(|route| route.path == path).unwrap();
        let lead = of("/m/leads/{id}");
        assert_eq!(of("/m/leads/{id}/form").beside(lead, "/m/leads/7"), Some("/m/leads/7/form".into()));
        assert_eq!(of("/m/visits/{id}").beside(lead, "/m/leads/7"), None);
        assert_eq!(of("/m/photos/{matter}/{id}").beside(lead, "/m/leads/7"), None);
    }
}
