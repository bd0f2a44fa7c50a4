//! The people who look after the city: bureaus, offices, stations and departments, their posts, and who holds them, made
//! by the services of access as an administrator would. One account of each role can be logged in with; it works where
//! most children live.

use std::collections::{BTreeMap, HashMap};

use access::accounts::{self, AccountForm, Password};
use access::organisations::{self, OrganisationForm, OrganisationKind};
use access::posts::{self, Appointment, PostForm, TenureKind};
use access::{AccessError, Actor};
use base::{AreaId, AreaLevel, AreaPath, PostId, Sex};
use serde::{Deserialize, Serialize};
use web::App;

use crate::chance::Dice;
use crate::lives::City;
use crate::names::Names;

/// The password of every demo account. It guards synthetic people only.
pub const DEMO_PASSWORD: &str = "watch-over-one-another";

/// Posts that are made in one transaction.
const POSTS_AT_A_TIME: usize = 200;

/// An account that can be logged in with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Login name.
    pub login: String,
    /// Key of its role.
    pub role: String,
    /// Where its post lies, in words.
    pub place: String,
}

/// Who works where.
#[derive(Debug, Default)]
pub struct Office {
    /// Whoever holds a post, by post.
    pub actors: HashMap<PostId, Actor>,
    /// The demo accounts, from the city down.
    pub demo: Vec<DemoAccount>,
    /// The community with most children at risk: the demo accounts work there, and above it.
    pub home: Option<AreaPath>,
}

/// A seat that is to be taken.
struct Seat {
    role: &'static str,
    organisation: OrganisationForm,
    area: AreaPath,
    login: Option<&'static str>,
}

impl Office {
    /// Who works in the city, as read from what was made: a post of `role` at `area`.
    pub fn actor_at(&self, role: &str, area: AreaId) -> Option<&Actor> {
        self.actors.values().find(|actor| actor.role == role && actor.area.area() == area)
    }

    /// Makes the organisations, posts and accounts of `city`.
    ///
    /// # Errors
    /// As the services of access: nothing here breaks their rules.
    pub async fn found(app: &App, city: &City, watch: &dyn Fn(usize, usize)) -> Result<Self, AccessError> {
        let home = busiest(app, city);
        let seats = seats(app, home);
        let mut dice = Dice::new(city.settings.seed, 3);
        let names = Names::new();
        let mut office = Self { home: Some(home), ..Self::default() };
        let mut organisations: BTreeMap<(AreaId, String), base::OrganisationId> = BTreeMap::new();
        let one_time = Password::one_time(&app.entropy);
        let hash = accounts::hash_password(one_time.clone(), &app.entropy).await?;
        let mut starters = Vec::new();
        for (chunk_number, chunk) in seats.chunks(POSTS_AT_A_TIME).enumerate() {
            let write = app.write(&Actor::system(), "city.found_office").await?;
            for (place, seat) in chunk.iter().enumerate() {
                let key = (seat.area.area(), seat.organisation.name.clone());
                let organisation = match organisations.get(&key) {
                    Some(known) => *known,
                    None => organisations::create(&write, &seat.organisation).await?,
                };
                organisations.insert(key, organisation);
                let sex = if dice.happens(0.6) { Sex::Female } else { Sex::Male };
                let name = names.full(&names.family(&mut dice), sex, 1985, None, &mut dice);
                let login = seat.login.map_or_else(
                    || format!("u{:05}", chunk_number * POSTS_AT_A_TIME + place + 1),
                    str::to_owned,
                );
                let form = AccountForm { login, name: name.clone(), phone: String::new() };
                let account = accounts::create(&write, &form, seat.login.map(|_| &hash)).await?;
                let form = PostForm {
                    role: seat.role.to_owned(),
                    organisation,
                    title: String::new(),
                    area: seat.area,
                };
                let post = posts::create(&write, &app.roles, &form).await?;
                let appointment =
                    Appointment { post, account, kind: TenureKind::Regular, from: write.at(), until: None };
                posts::appoint(&write, &appointment).await?;
                let actor =
                    Actor::in_post(account, post, seat.role.to_owned(), organisation, seat.area, name);
                office.actors.insert(post, actor);
                if let Some(login) = seat.login {
                    starters.push(account);
                    let place = app.areas.name_of(&seat.area);
                    office.demo.push(DemoAccount {
                        login: login.to_owned(),
                        role: seat.role.to_owned(),
                        place,
                    });
                }
            }
            write.save().await?;
            watch((chunk_number * POSTS_AT_A_TIME + chunk.len()).min(seats.len()), seats.len());
        }
        for account in starters {
            let operation = app.operation(&Actor::system(), "city.choose_password");
            let new = Password::new(DEMO_PASSWORD);
            accounts::change_password(&app.database, operation, account, one_time.clone(), new).await?;
        }
        Ok(office)
    }
}

/// The community with most children at risk, and most children among such: the demo accounts work there, and have
/// something to do.
fn busiest(app: &App, city: &City) -> AreaPath {
    let mut children: BTreeMap<AreaId, (u32, u32)> = BTreeMap::new();
    for (person, childhood) in city.children() {
        if let Some(household) = city.households.get(person.household) {
            let counts = children.entry(household.home.community).or_default();
            *counts = (counts.0 + u32::from(childhood.is_at_risk()), counts.1 + 1);
        }
    }
    let most = children.into_iter().max_by_key(|(area, counts)| (*counts, std::cmp::Reverse(*area)));
    most.and_then(|(area, _)| app.areas.path_of(area)).unwrap_or_else(|| app.areas.city())
}

fn seats(app: &App, home: AreaPath) -> Vec<Seat> {
    let city = app.areas.city();
    let own = |area: AreaPath, login: &'static str| home.is_within(&area).then_some(login);
    let bureau =
        |name: &str, kind, area| OrganisationForm { kind, name: name.to_owned(), department: None, area };
    let at_city = |role: &'static str, login: &'static str, name: &str| Seat {
        role,
        organisation: bureau(name, OrganisationKind::Bureau, city),
        area: city,
        login: Some(login),
    };
    let mut seats = vec![
        at_city("administrator", "admin", "市民政信息中心"),
        at_city("feed_clerk", "clerk", "市民政信息中心"),
        at_city("city_officer", "city", "市民政局"),
        at_city("auditor", "auditor", "市纪检监察组"),
    ];
    for area in app.areas.all() {
        let Some(path) = app.areas.path_of(area.id) else { continue };
        let (role, login, kind, suffix) = match area.level {
            AreaLevel::City => continue,
            AreaLevel::District => ("district_officer", "district", OrganisationKind::Bureau, "民政局"),
            AreaLevel::Subdistrict => {
                ("child_supervisor", "supervisor", OrganisationKind::SubdistrictOffice, "办事处")
            }
            AreaLevel::Community => {
                ("child_director", "director", OrganisationKind::CommunityStation, "工作站")
            }
        };
        let organisation = bureau(&format!("{}{suffix}", area.short_name), kind, path);
        seats.push(Seat { role, organisation, area: path, login: own(path, login) });
        if area.level == AreaLevel::District {
            seats.extend(departments(app, path, &area.name, own(path, "department")));
        }
    }
    seats
}

/// A contact of each department of the responsibility list in a district. The one of education can be logged in with.
fn departments(app: &App, area: AreaPath, district: &str, login: Option<&'static str>) -> Vec<Seat> {
    let departments = app.programs.all().flat_map(|program| &program.routing.departments);
    departments
        .map(|department| Seat {
            role: "department_contact",
            organisation: OrganisationForm {
                kind: OrganisationKind::Department,
                name: format!("{district}{}", office_name(&department.key, &department.label.zh)),
                department: Some(department.key.clone()),
                area,
            },
            area,
            login: login.filter(|_| department.key == "education"),
        })
        .collect()
}

/// What the office of a department is called in a district, after the district's name; of a department that is not known
/// here, its own name.
fn office_name<'a>(department: &str, label: &'a str) -> &'a str {
    match department {
        "civil_affairs" => "民政局儿童福利科",
        "police" => "公安局",
        "procuratorate" => "人民检察院",
        "court" => "人民法院",
        "justice" => "司法局",
        "education" => "教育局",
        "health" => "卫生健康局",
        "medical_insurance" => "医疗保障局",
        "disabled_persons" => "残疾人联合会",
        "youth_league" => "团委",
        "womens_federation" => "妇女联合会",
        "political_legal" => "委政法委",
        "internet" => "委网信办",
        "market" => "市场监督管理局",
        "labour" => "人力资源和社会保障局",
        "culture" => "文化广电旅游体育局",
        _ => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_department_of_the_shipped_programs_has_an_office_of_its_own() {
        let programs = policy::Programs::load(None).unwrap();
        let mut names = std::collections::BTreeSet::new();
        for department in programs.all().flat_map(|program| &program.routing.departments) {
            let name = office_name(&department.key, "");
            assert!(!name.is_empty(), "{} has no office", department.key);
            assert!(names.insert(name), "{name} stands twice");
        }
    }
}
