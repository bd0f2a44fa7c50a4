//! Which addresses there are: what each person reaches by links, without a browser, sorted by the route that serves it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Context, Result};

use crate::plain::{Visitor, links};
use crate::routes::Routes;

/// Pages of one route that are read for further links; the next ones only repeat what these say.
const READ_AT_MOST: usize = 3;
/// Addresses of one route that are kept.
const KEPT_AT_MOST: usize = 8;
/// Pages that one person reads altogether.
const PAGES_AT_MOST: usize = 300;

/// Addresses by the path of the route that serves them, in the order in which they were found.
pub type Addresses = BTreeMap<String, Vec<String>>;

/// What came of a crawl.
#[derive(Debug, Default)]
pub struct Crawled {
    /// What was found.
    pub addresses: Addresses,
    /// Links that lead nowhere: the page, the link, the status.
    pub dead: BTreeSet<String>,
}

/// Follows links from the front page, as somebody who is logged in.
///
/// # Errors
/// When the product cannot be reached.
pub async fn crawl(visitor: &Visitor, routes: &Routes) -> Result<Crawled> {
    let mut crawled = Crawled::default();
    let mut queue: VecDeque<(String, String)> = VecDeque::from([(String::new(), "/".to_owned())]);
    let mut read: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut pages = 0;
    while let Some((from, address)) = queue.pop_front() {
        let bare = address.split(['?', '#']).next().unwrap_or_default();
        let whole = address.split('#').next().unwrap_or_default();
        if !seen.insert(whole.to_owned()) {
            continue;
        }
        let Some(route) = routes.serving(bare) else {
            crawled.dead.insert(format!("{from} links to {bare}, which no route serves"));
            continue;
        };
        if route.rule == "anyone" {
            continue;
        }
        let times = read.entry(route.path.clone()).or_default();
        if *times >= READ_AT_MOST || pages >= PAGES_AT_MOST {
            keep(&mut crawled.addresses, &route.path, bare);
            continue;
        }
        *times += 1;
        pages += 1;
        let answer = visitor.get(whole).await.with_context(|| format!("{whole} does not answer"))?;
        match answer.status {
            200 => keep(&mut crawled.addresses, &route.path, bare),
            300..400 => queue.extend(answer.location.clone().map(|next| (bare.to_owned(), next))),
            status => {
                crawled.dead.insert(format!("{from} links to {}, which answers {status}", route.path));
            }
        }
        let further = links(&answer.body, "/").into_iter();
        queue.extend(further.map(|link| (bare.to_owned(), link)));
    }
    Ok(crawled)
}

fn keep(addresses: &mut Addresses, route: &str, address: &str) {
    let kept = addresses.entry(route.to_owned()).or_default();
    if kept.len() < KEPT_AT_MOST && !kept.iter().any(|one| one == address) {
        kept.push(address.to_owned());
    }
}
