//! The scope's SQL against a plain oracle in memory: random actors × random rows, on both databases.
//!
//! The oracle knows the same words (roles.toml's terms) and none of the SQL. For each actor it must name exactly the
//! rows that the list shows, and for each row exactly the terms and the sight that the look-up answers with.

#![cfg(test)]

use std::collections::BTreeSet;

use access::{
    AccessError, Actor, Grant, Reach, Scope, ScopeColumns, Sight, Term, Thing, Through, accounts, look_up,
    scope,
};
use base::{AccountId, AreaId, AreaLevel, AreaPath, Entropy, OrganisationId, PersonId, PostId};
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, Value};
use store::bulk::{Target, insert_rows};
use store::testing::TestDatabase;
use store::{Migration, Write};
use uuid::Uuid;

/// Rows that say who holds them and to whom they are referred in columns of their own.
struct Plain;

impl Thing for Plain {
    const COLUMNS: ScopeColumns = ScopeColumns {
        holder_post: Reach::Column("holder_post_id"),
        organisation: Reach::Column("organisation_id"),
        person: Some("person_id"),
        ..ScopeColumns::of("thing")
    };
}

/// The same rows, found through open tasks and standing referrals.
struct Linked;

impl Thing for Linked {
    const COLUMNS: ScopeColumns = ScopeColumns {
        holder_post: Reach::Through(Through {
            table: "thing_task",
            key: "thing_id",
            own: "id",
            column: "holder_post_id",
            only: Some(("state", &["open"])),
        }),
        organisation: Reach::Through(Through {
            table: "thing_referral",
            key: "thing_id",
            own: "id",
            column: "organisation_id",
            only: Some(("state", &["offered", "accepted"])),
        }),
        person: Some("person_id"),
        ..ScopeColumns::of("thing")
    };
}

const KINDS: [&str; 3] = ["lead", "case", "referral"];
const STATES: [&str; 4] = ["offered", "accepted", "rejected", "withdrawn"];

fn migrations() -> Vec<Migration> {
    let things = Migration {
        name: "zz_test.0001_thing",
        up: |schema| {
            schema.create_table("thing", |table| {
                table.id();
                table.text("kind");
                table.area();
                table.uuid("holder_post_id").optional();
                table.uuid("organisation_id").optional();
                table.uuid("person_id").optional();
            });
            schema.create_table("thing_task", |table| {
                table.id();
                table.uuid("thing_id");
                table.uuid("holder_post_id");
                table.text("state");
            });
            schema.create_table("thing_referral", |table| {
                table.id();
                table.uuid("thing_id");
                table.uuid("organisation_id");
                table.text("state");
            });
        },
    };
    [store::migrations(), access::migrations(), vec![things]].concat()
}

store::on_both! { migrations() => sql_and_oracle_agree, nothing_is_shown_without_terms, a_look_up_tells_no_more_than_the_list }

/// A small world, so that random choices often meet.
struct World {
    entropy: Entropy,
    posts: Vec<PostId>,
    organisations: Vec<OrganisationId>,
    people: Vec<PersonId>,
    accounts: Vec<AccountId>,
    sealed: BTreeSet<PersonId>,
    barred: BTreeSet<(AccountId, PersonId)>,
    named: BTreeSet<(Uuid, AccountId)>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    id: Uuid,
    kind: &'static str,
    area: AreaPath,
    holder: Option<PostId>,
    organisation: Option<OrganisationId>,
    tasks: Vec<(PostId, bool)>,
    referrals: Vec<(OrganisationId, &'static str)>,
    person: Option<PersonId>,
}

impl World {
    fn below(&self, bound: u32) -> u32 {
        u32::from_le_bytes(self.entropy.bytes()) % bound
    }

    fn one<T: Copy>(&self, of: &[T]) -> T {
        of[self.below(u32::try_from(of.len()).unwrap()) as usize]
    }

    fn maybe<T: Copy>(&self, of: &[T]) -> Option<T> {
        (self.below(3) > 0).then(|| self.one(of))
    }

    /// Two districts with two sub-districts of two communities each; often known to some level only.
    fn area(&self) -> AreaPath {
        let (district, subdistrict, community) = (self.below(2), self.below(2), self.below(2));
        let id = |number: u32| Some(AreaId(i32::try_from(number).unwrap()));
        let path = AreaPath {
            city: AreaId(1),
            district: id(10 + district),
            subdistrict: id(100 + 10 * district + subdistrict),
            community: id(1000 + 100 * district + 10 * subdistrict + community),
        };
        path.cut_at(AreaLevel::ALL[self.below(4) as usize])
    }

    fn grants(&self) -> Vec<Grant> {
        let mut grants = Vec::new();
        for term in Term::ALL {
            // A term may be named twice, by two rights.
            for _ in 0..self.below(3) {
                // "Anywhere" with a full sight would hide what the other terms do.
                let sight = match term {
                    Term::Anywhere => self.one(&[Sight::None, Sight::None, Sight::Stub]),
                    _ => self.one(&Sight::ALL),
                };
                grants.push(Grant { term, sight });
            }
        }
        grants
    }

    fn actor(&self, account: AccountId) -> Actor {
        if self.below(10) == 0 {
            return Actor::without_post(account, String::new());
        }
        let (post, organisation, area) = (self.one(&self.posts), self.one(&self.organisations), self.area());
        Actor::in_post(account, post, "role".to_owned(), organisation, area, String::new())
    }
}

/// Which terms hold between an actor and a row, by the words alone.
fn terms(world: &World, actor: &Actor, row: &Row, is_linked: bool) -> BTreeSet<Term> {
    let mut terms = BTreeSet::from([Term::Anywhere]);
    let Some(account) = actor.account else { return terms };
    if world.named.contains(&(row.id, account)) {
        terms.insert(Term::Named);
    }
    if let (Some(post), Some(organisation)) = (actor.post, actor.organisation) {
        if row.area.is_within(&actor.area) {
            terms.insert(Term::Area);
        }
        let holds = if is_linked { row.tasks.contains(&(post, true)) } else { row.holder == Some(post) };
        if holds {
            terms.insert(Term::Held);
        }
        let standing = |(to, state): &(OrganisationId, &str)| {
            *to == organisation && ["offered", "accepted"].contains(state)
        };
        let referred = if is_linked {
            row.referrals.iter().any(standing)
        } else {
            row.organisation == Some(organisation)
        };
        if referred {
            terms.insert(Term::Referred);
        }
    }
    terms
}

/// What the actor sees of the row, and why; `None` if nothing.
fn sight(
    world: &World,
    actor: &Actor,
    grants: &[Grant],
    sees_sealed: bool,
    row: &Row,
    is_linked: bool,
) -> Option<(Sight, Vec<Term>)> {
    if let Some(person) = row.person {
        let is_barred = actor.account.is_some_and(|account| world.barred.contains(&(account, person)));
        if is_barred || (world.sealed.contains(&person) && !sees_sealed) {
            return None;
        }
    }
    let holding = terms(world, actor, row, is_linked);
    let fitting = || grants.iter().filter(|grant| grant.sight > Sight::None && holding.contains(&grant.term));
    let most = fitting().map(|grant| grant.sight).max()?;
    let why: BTreeSet<Term> = fitting().map(|grant| grant.term).collect();
    Some((most, why.into_iter().collect()))
}

async fn make_world(database: &TestDatabase, seed: u64) -> World {
    let entropy = Entropy::from_seed(seed);
    let now = store::testing::START;
    let write = database.begin("test.world").await;
    let mut world = World {
        posts: (0..4).map(|_| PostId(entropy.uuid(now))).collect(),
        organisations: (0..3).map(|_| OrganisationId(entropy.uuid(now))).collect(),
        people: (0..8).map(|_| PersonId(entropy.uuid(now))).collect(),
        accounts: Vec::new(),
        sealed: BTreeSet::new(),
        barred: BTreeSet::new(),
        named: BTreeSet::new(),
        rows: Vec::new(),
        entropy,
    };
    for number in 0..5 {
        let form = accounts::AccountForm {
            login: format!("user{number}"),
            name: format!("用户{number}"),
            phone: String::new(),
        };
        world.accounts.push(accounts::create(&write, &form, None).await.unwrap());
    }
    for _ in 0..150 {
        let row = Row {
            id: world.entropy.uuid(now),
            kind: world.one(&KINDS),
            area: world.area(),
            holder: world.maybe(&world.posts),
            organisation: world.maybe(&world.organisations),
            tasks: (0..world.below(3)).map(|_| (world.one(&world.posts), world.below(2) == 0)).collect(),
            referrals: (0..world.below(3))
                .map(|_| (world.one(&world.organisations), world.one(&STATES)))
                .collect(),
            person: world.maybe(&world.people),
        };
        world.rows.push(row);
    }
    for _ in 0..40 {
        let row = world.rows[world.below(150) as usize].id;
        world.named.insert((row, world.one(&world.accounts)));
    }
    for _ in 0..6 {
        world.barred.insert((world.one(&world.accounts), world.one(&world.people)));
    }
    world.sealed.extend([world.people[0], world.people[5]]);
    keep(&write, &world).await;
    write.save().await.unwrap();
    world
}

async fn keep(write: &Write, world: &World) {
    let rows = world.rows.iter().map(|row| {
        [
            row.id.into(),
            row.kind.into(),
            row.area.city.0.into(),
            row.area.district.map(|id| id.0).into(),
            row.area.subdistrict.map(|id| id.0).into(),
            row.area.community.map(|id| id.0).into(),
            row.holder.map(|id| id.0).into(),
            row.organisation.map(|id| id.0).into(),
            row.person.map(|id| id.0).into(),
        ]
    });
    let columns = [
        "id",
        "kind",
        "city_id",
        "district_id",
        "subdistrict_id",
        "community_id",
        "holder_post_id",
        "organisation_id",
        "person_id",
    ];
    insert_rows(
        write.connection(),
        Target { table: "thing", columns: &columns },
        rows.collect::<Vec<[Value; 9]>>(),
    )
    .await
    .unwrap();
    let tasks: Vec<[Value; 4]> = world
        .rows
        .iter()
        .flat_map(|row| row.tasks.iter().map(move |(post, is_open)| (row.id, *post, *is_open)))
        .map(|(row, post, is_open)| {
            let state = if is_open { "open" } else { "done" };
            [write.new_id().into(), row.into(), post.0.into(), state.into()]
        })
        .collect();
    let columns = ["id", "thing_id", "holder_post_id", "state"];
    insert_rows(write.connection(), Target { table: "thing_task", columns: &columns }, tasks).await.unwrap();
    let referrals: Vec<[Value; 4]> = world
        .rows
        .iter()
        .flat_map(|row| row.referrals.iter().map(move |(to, state)| (row.id, *to, *state)))
        .map(|(row, to, state)| [write.new_id().into(), row.into(), to.0.into(), state.into()])
        .collect();
    let columns = ["id", "thing_id", "organisation_id", "state"];
    insert_rows(write.connection(), Target { table: "thing_referral", columns: &columns }, referrals)
        .await
        .unwrap();
    for person in &world.sealed {
        scope::exception::seal_person(write, *person).await.unwrap();
    }
    for (account, person) in &world.barred {
        scope::exception::bar(write, *account, *person).await.unwrap();
    }
    for (thing, account) in &world.named {
        let token = look_up::<Plain>(write.connection(), &Scope::of_system(), *thing).await.unwrap();
        scope::exception::name_on(write, &token, *account).await.unwrap();
    }
}

async fn listed(connection: &impl ConnectionTrait, scope: &Scope, columns: &ScopeColumns) -> BTreeSet<Uuid> {
    let select = Query::select().column("id").from("thing").cond_where(scope.condition(columns)).to_owned();
    let rows = connection.query_all(&select).await.unwrap();
    rows.iter().map(|row| row.try_get("", "id").unwrap()).collect()
}

async fn sql_and_oracle_agree(database: TestDatabase) {
    let world = make_world(&database, 20_260_302).await;
    let read = database.read().await.unwrap();
    let (mut seen, mut unseen, mut by_term) = (0, 0, BTreeSet::new());
    for round in 0..60 {
        let actor = world.actor(world.one(&world.accounts));
        let (grants, sees_sealed, is_linked) = (world.grants(), world.below(4) == 0, round % 2 == 0);
        let columns = if is_linked { Linked::COLUMNS } else { Plain::COLUMNS };
        let scope = Scope::of(&actor, &grants, sees_sealed);
        let expected: Vec<_> = world
            .rows
            .iter()
            .map(|row| (row.id, sight(&world, &actor, &grants, sees_sealed, row, is_linked)))
            .collect();
        let on_list = |answer: &Option<(Sight, Vec<Term>)>| {
            answer.as_ref().is_some_and(|(sight, _)| *sight >= Sight::Referral)
        };
        let list: BTreeSet<Uuid> =
            expected.iter().filter(|(_, answer)| on_list(answer)).map(|(id, _)| *id).collect();
        assert_eq!(listed(read.connection(), &scope, &columns).await, list, "{actor:?} {grants:?}");
        for (id, answer) in expected.iter().take(25) {
            let found = if is_linked {
                answer_of(look_up::<Linked>(read.connection(), &scope, *id).await)
            } else {
                answer_of(look_up::<Plain>(read.connection(), &scope, *id).await)
            };
            assert_eq!(&found, answer, "{actor:?} {grants:?}");
            match answer {
                Some((_, why)) => {
                    seen += 1;
                    by_term.extend(why.iter().copied());
                }
                None => unseen += 1,
            }
        }
    }
    // A test that never saw a term, or saw everything, would prove nothing.
    assert_eq!(by_term, BTreeSet::from(Term::ALL));
    assert!(seen > 200 && unseen > 200, "{seen} seen, {unseen} unseen");
}

fn answer_of<T>(found: Result<access::Token<T>, AccessError>) -> Option<(Sight, Vec<Term>)> {
    match found {
        Ok(token) => Some((token.sight(), token.why().to_vec())),
        Err(AccessError::NotFound) => None,
        Err(other) => panic!("{other}"),
    }
}

async fn nothing_is_shown_without_terms(database: TestDatabase) {
    let world = make_world(&database, 7).await;
    let read = database.read().await.unwrap();
    let actor = world.actor(world.accounts[0]);
    let empty = Scope::of(&actor, &[], true);
    assert!(empty.is_empty());
    assert_eq!(listed(read.connection(), &empty, &Plain::COLUMNS).await, BTreeSet::new());
    let everything = listed(read.connection(), &Scope::of_system(), &Plain::COLUMNS).await;
    assert_eq!(everything.len(), world.rows.len());
    // Several kinds in one table: only the kinds that are named, each by its own terms.
    let full = vec![Grant { term: Term::Anywhere, sight: Sight::Full }];
    let stub = vec![Grant { term: Term::Anywhere, sight: Sight::Stub }];
    let kinds = Scope::of_kinds(&actor, "kind", [("lead", full), ("case", stub)], true);
    let expected = world
        .rows
        .iter()
        .filter(|row| row.kind == "lead")
        .filter(|row| row.person.is_none_or(|person| !world.barred.contains(&(world.accounts[0], person))))
        .map(|row| row.id)
        .collect();
    assert_eq!(listed(read.connection(), &kinds, &Plain::COLUMNS).await, expected);
    let case = world.rows.iter().find(|row| row.kind == "case" && row.person.is_none()).unwrap();
    let token = look_up::<Plain>(read.connection(), &kinds, case.id).await.unwrap();
    assert_eq!(token.sight(), Sight::Stub);
    assert!(matches!(token.at_least(Sight::Full), Err(AccessError::NotFound)));
}

async fn a_look_up_tells_no_more_than_the_list(database: TestDatabase) {
    let world = make_world(&database, 11).await;
    let read = database.read().await.unwrap();
    let actor = world.actor(world.accounts[0]);
    let scope = Scope::of(&actor, &[Grant { term: Term::Named, sight: Sight::Full }], false);
    let hidden = world.rows.iter().find(|row| !world.named.contains(&(row.id, world.accounts[0]))).unwrap();
    let unseen = look_up::<Plain>(read.connection(), &scope, hidden.id).await.unwrap_err();
    let absent = look_up::<Plain>(read.connection(), &scope, Uuid::nil()).await.unwrap_err();
    assert!(matches!((&unseen, &absent), (AccessError::NotFound, AccessError::NotFound)));
    assert_eq!(unseen.to_string(), absent.to_string());
    let why = scope.why(&Plain::COLUMNS);
    assert_eq!(why.len(), 1);
}
