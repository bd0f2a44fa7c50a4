//! Every page of the router's own list, opened by everybody who may and asked for by everybody who may not.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use e2e::browser::{Browser, Driver, Screen};
use e2e::crawl::{Addresses, crawl};
use e2e::look::{self, Faults, form_faults, violations, width_fault};
use e2e::plain::Visitor;
use e2e::product::Product;
use e2e::routes::{Route, Routes};
use e2e::story::{DEMO_PASSWORD, today};
use e2e::workload;

/// Routes that answer a GET with something else than a page.
const NOT_PAGES: [(&str, &str); 13] = [
    ("/", "leads on to the first page of whoever asks"),
    ("/assets/{name}", "style sheets, scripts, icons"),
    ("/deliveries/{id}/progress", "a corner of a page that asks for itself"),
    ("/deliveries/{id}/set-aside.csv", "a file to keep"),
    ("/healthz", "for whoever watches the process"),
    ("/readyz", "for whoever watches the process"),
    ("/favicon.ico", "leads on to the picture"),
    ("/m/photos/{matter}/{id}", "a picture"),
    ("/m/worker.js", "what keeps the next one"),
    ("/m/offline", "for whoever has no signal, a stranger too; tried with bad hands"),
    ("/m/visits/{id}/return", "a visit is not returned; the address comes with those of leads"),
    ("/matters/{id}/attachments/{attachment}", "a file to keep"),
    ("/matters/{id}/attachments/{attachment}/small", "a picture"),
];

/// Pages that some of those whom the router lets in may find nothing to open of: what is done by whoever has the matter in
/// hand, and what a small city has not in everybody's area on every day. Somebody opens each of them all the same.
const NOT_FOR_ALL: [&str; 11] = [
    "/m/leads/{id}/form",
    "/m/leads/{id}/return",
    "/m/visits/{id}/form",
    "/m/visits/{id}/outcome",
    "/cases/{id}",
    "/matters/{id}",
    "/referrals/{id}",
    "/deliveries/{id}",
    "/deliveries/{id}/gone",
    "/deliveries/{id}/set-aside",
    "/deliveries/{id}/warnings",
];

/// Who looks first at a page with axe: whoever has most to do on it.
const LOOKING: [&str; 8] =
    ["director", "supervisor", "district", "clerk", "admin", "department", "city", "auditor"];
const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// One of the demo's people, as far as this test goes with them.
struct Person {
    login: &'static str,
    role: String,
    visitor: Visitor,
}

/// One page to be looked at by somebody; with axe if nobody did before.
struct Visit {
    login: &'static str,
    route: String,
    address: String,
    is_first: bool,
}

struct Look {
    product: Product,
    driver: Driver,
    routes: Routes,
    people: Vec<Person>,
    /// What leads to each route, found by anybody.
    known: Addresses,
    /// Whom each page was opened by, with its address.
    opened: BTreeMap<String, Vec<(&'static str, String)>>,
    faults: Faults,
}

#[tokio::test]
async fn every_page_holds_for_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let mut look = Look::begin(folder.path()).await;
    println!("the city is served after {:.0?}", began.elapsed());
    look.find_addresses().await;
    look.open_what_one_may().await;
    look.refuse_what_one_may_not().await;
    look.refuse_strangers().await;
    println!("every door is tried after {:.0?}", began.elapsed());
    look.look_at_pages().await;
    println!("every page is looked at after {:.0?}", began.elapsed());
    look.list_is_complete();
    assert!(look.faults.is_empty(), "faults of {} pages:\n{}", look.faults.len(), look::report(&look.faults));
}

impl Look {
    async fn begin(folder: &std::path::Path) -> Self {
        let url = format!("sqlite:{}", folder.join("shouwang.db").display());
        let mut product = Product::new(folder, &url).unwrap();
        product.say(&["demo", "--no-serve", "--persons", "2000", "--seed", "1"]).await.unwrap();
        let (year, month, day) = today().unwrap();
        let day = format!("{year}-{month:02}-{day:02}");
        workload::report(&product, &day).await.unwrap();
        let routes = Routes::of(&product).await.unwrap();
        product.serve().await.unwrap();
        let driver = Driver::start().await.unwrap();
        workload::share_out(&driver, &product, &day).await.unwrap();
        let accounts = workload::accounts(folder).unwrap();
        let mut people = Vec::new();
        for login in LOOKING {
            let role = accounts.iter().find(|account| account.login == login).unwrap().role.clone();
            let visitor = Visitor::new(&product.url(""));
            visitor.log_in(login, DEMO_PASSWORD).await.unwrap();
            people.push(Person { login, role, visitor });
        }
        let (known, opened, faults) = (Addresses::new(), BTreeMap::new(), Faults::new());
        Self { product, driver, routes, people, known, opened, faults }
    }

    fn fault(&mut self, page: &str, fault: String) {
        self.faults.entry(page.to_owned()).or_default().insert(fault);
    }

    /// What each person reaches by links; a link that leads nowhere is a fault of the page that has it.
    async fn find_addresses(&mut self) {
        let mut dead = BTreeSet::new();
        for person in &self.people {
            let crawled = crawl(&person.visitor, &self.routes).await.unwrap();
            dead.extend(crawled.dead.into_iter().map(|link| (person.login, link)));
            for (route, addresses) in crawled.addresses {
                self.known.entry(route).or_default().extend(addresses);
            }
        }
        for (login, link) in dead {
            self.fault(login, link);
        }
    }

    /// The addresses of a route: itself if it names nothing, else those that were found, else what stands beside them.
    fn addresses(&self, route: &Route) -> Vec<String> {
        if !route.path.contains('{') {
            return vec![route.path.clone()];
        }
        let mut addresses = self.known.get(&route.path).cloned().unwrap_or_default();
        for other in self.routes.gets() {
            let beside = self.known.get(&other.path).into_iter().flatten();
            addresses.extend(beside.filter_map(|address| route.beside(other, address)));
        }
        let mut seen = BTreeSet::new();
        addresses.retain(|address| seen.insert(address.clone()));
        addresses
    }

    fn pages(&self) -> Vec<Route> {
        let is_page =
            |route: &&Route| NOT_PAGES.iter().all(|(path, _)| *path != route.path) && route.path != "/log-in";
        self.routes.gets().filter(is_page).cloned().collect()
    }

    /// Finds for each person and page an address that opens to them.
    async fn open_what_one_may(&mut self) {
        for route in self.pages() {
            let addresses = self.addresses(&route);
            for at in 0..self.people.len() {
                let person = &self.people[at];
                if !route.admits(&person.role) {
                    continue;
                }
                let (mut open, mut answers) = (None, BTreeSet::new());
                for address in &addresses {
                    let status = person.visitor.get(address).await.unwrap().status;
                    answers.insert(status);
                    if status == 200 {
                        open = Some(address.clone());
                        break;
                    }
                }
                let login = person.login;
                match open {
                    Some(address) => {
                        self.opened.entry(route.path.clone()).or_default().push((login, address));
                    }
                    None if NOT_FOR_ALL.contains(&route.path.as_str()) && !answers.contains(&500) => {}
                    None => {
                        self.fault(
                            &route.path,
                            format!(
                                "{login} may open it, yet {} addresses answer {answers:?}",
                                addresses.len()
                            ),
                        );
                    }
                }
            }
        }
    }

    /// Whoever the list does not name is told that their post does not include this, whatever they ask for.
    async fn refuse_what_one_may_not(&mut self) {
        let mut wrong = Vec::new();
        for route in self.routes.iter() {
            let address = self.addresses(route).into_iter().next();
            // Nobody leads to what is only sent to; a made-up id serves, for the post is asked for before the thing.
            let nothing = "00000000-0000-7000-8000-000000000000";
            let made_up = || {
                let part = |part| if str::starts_with(part, '{') { nothing } else { part };
                route.path.split('/').map(part).collect::<Vec<_>>().join("/")
            };
            let address = address.unwrap_or_else(made_up);
            for person in self.people.iter().filter(|person| !route.admits(&person.role)) {
                let answer = if route.method == "GET" {
                    person.visitor.get(&address).await.unwrap()
                } else {
                    person.visitor.post_nothing(&address).await.unwrap()
                };
                if answer.status != 403 || !answer.body.contains("您的岗位不含此项操作") {
                    wrong.push((
                        route.path.clone(),
                        format!("{} {} gets {}", route.method, person.login, answer.status),
                    ));
                }
            }
        }
        for (page, fault) in wrong {
            self.fault(&page, fault);
        }
    }

    /// Whoever is not logged in is sent to do so.
    async fn refuse_strangers(&mut self) {
        let stranger = Visitor::new(&self.product.url(""));
        for route in self.pages() {
            let Some(address) = self.addresses(&route).into_iter().next() else { continue };
            let answer = stranger.get(&address).await.unwrap();
            let to_log_in = answer.location.is_some_and(|to| to.starts_with("/log-in?"));
            if !to_log_in && route.rule != "builders" {
                self.fault(&route.path, format!("a stranger gets {}", answer.status));
            }
        }
    }

    /// In the browser: everybody looks at each of their pages in both languages and on both screens; axe looks at each
    /// page once in each language.
    async fn look_at_pages(&mut self) {
        let axe = look::axe().unwrap();
        let first = |route: &str| {
            LOOKING.iter().find(|login| self.opened[route].iter().any(|(who, _)| who == *login))
        };
        let mut rounds: [Vec<Visit>; 2] = Default::default();
        for (at, login) in LOOKING.into_iter().enumerate() {
            for (route, by) in &self.opened {
                let Some((_, address)) = by.iter().find(|(who, _)| *who == login) else { continue };
                let is_first = first(route) == Some(&login);
                rounds[at % 2].push(Visit {
                    login,
                    route: route.clone(),
                    address: address.clone(),
                    is_first,
                });
            }
        }
        let [one, other] = &rounds;
        let (one, other, stranger) =
            tokio::join!(self.go_round(one, &axe), self.go_round(other, &axe), self.look_at_the_door(&axe));
        for (page, fault) in one.into_iter().chain(other).chain(stranger) {
            self.fault(&page, fault);
        }
    }

    async fn go_round(&self, visits: &[Visit], axe: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for visits in visits.chunk_by(|one, next| one.login == next.login) {
            let login = visits[0].login;
            let browser = workload::come_in(&self.driver, &self.product, Screen::Desk, login).await.unwrap();
            for visit in visits {
                let url = self.product.url(&visit.address);
                for language in LANGUAGES {
                    let faults = look_at(&browser, &url, language, visit.is_first.then_some(axe)).await;
                    let said = faults.into_iter().map(|fault| format!("{login}, {language}: {fault}"));
                    found.extend(said.map(|fault| (visit.route.clone(), fault)));
                }
            }
            browser.close().await.unwrap();
        }
        found
    }

    async fn look_at_the_door(&self, axe: &str) -> Vec<(String, String)> {
        let (stranger, url) =
            (self.driver.open(Screen::Desk, "zh-CN").await.unwrap(), self.product.url("/log-in"));
        stranger.go(&url).await.unwrap();
        let mut found = Vec::new();
        for language in LANGUAGES {
            let faults = look_at(&stranger, &url, language, Some(axe)).await;
            found.extend(
                faults.into_iter().map(|fault| ("/log-in".to_owned(), format!("{language}: {fault}"))),
            );
        }
        stranger.close().await.unwrap();
        found
    }

    /// A page that nobody opened is not proved.
    fn list_is_complete(&mut self) {
        for route in self.pages() {
            if !self.opened.contains_key(&route.path) {
                self.fault(&route.path, "nobody opened it".to_owned());
            }
        }
        let listed: Vec<&str> = NOT_PAGES.iter().map(|(path, _)| *path).collect();
        for path in listed.into_iter().chain(NOT_FOR_ALL) {
            if !self.routes.gets().any(|route| route.path == path) {
                self.fault(path, "stands among the exceptions and is no route any more".to_owned());
            }
        }
    }
}

/// Axe takes most of the time. What it finds hangs on the page, not on the pair of language and screen: it looks in Chinese
/// at a desk, where that is read, and in English, whose words are longer, on the narrow screen.
async fn look_at(browser: &Browser, url: &str, language: &str, axe: Option<&str>) -> BTreeSet<String> {
    browser.turn(Screen::Desk).await.unwrap();
    browser.speak(language).await.unwrap();
    browser.go(url).await.unwrap();
    browser.settle().await.unwrap();
    let mut faults = form_faults(browser, language).await.unwrap();
    let is_narrow = language == LANGUAGES[1];
    if let Some(axe) = axe.filter(|_| !is_narrow) {
        let found = violations(browser, axe).await.unwrap();
        faults.extend(found.into_iter().map(|fault| format!("desk, {fault}")));
    }
    browser.turn(Screen::Phone).await.unwrap();
    faults.extend(width_fault(browser).await.unwrap());
    if let Some(axe) = axe.filter(|_| is_narrow) {
        let found = violations(browser, axe).await.unwrap();
        faults.extend(found.into_iter().map(|fault| format!("phone, {fault}")));
    }
    faults
}
