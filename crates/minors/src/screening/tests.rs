//! What screening must hold, from a file to the leads that come of it, on both databases.

use base::{PersonId, Severity};
use store::testing::TestDatabase;

use super::*;
use crate::office::{self, Birth, GridRow, Office, SchoolRow, grid, school};
use crate::{CASE, LEAD};

const RAIN: (&str, Birth, u16) = ("王小雨", (2014, 5, 6), 24);

/// A girl with her grandmother, and a family where nothing is amiss.
fn homes() -> Vec<GridRow<'static>> {
    vec![
        ("H1", "王秀兰", "户主", (1955, 3, 2), 12, ""),
        ("H1", RAIN.0, "孙女", RAIN.1, RAIN.2, "留守"),
        ("H2", "李强", "户主", (1985, 1, 9), 31, ""),
        ("H2", "陈芳", "配偶", (1986, 7, 8), 42, ""),
        ("H2", "李明轩", "子", (2013, 2, 3), 51, ""),
    ]
}

store::on_both! { office::migrations() =>
    a_delivery_brings_a_lead_with_its_reasons,
    what_is_new_joins_the_lead_and_makes_it_graver,
    a_row_that_is_gone_shows_on_the_lead,
    a_row_that_comes_back_restores_the_reasons_of_an_open_lead,
    grounds_that_were_gone_at_a_dismissal_open_a_new_lead_when_they_are_back,
    a_lead_that_was_closed_does_not_come_back_for_the_same,
    what_is_said_of_a_guardian_counts_for_the_child,
    a_child_for_whom_nobody_answers_waits_for_somebody_who_does,
    children_who_are_two_after_all_have_their_own_leads_again,
    new_rules_reach_children_whom_no_row_touched,
    a_birthday_and_days_that_pass_reach_children_whom_no_row_touched,
    a_round_that_was_killed_goes_on_and_doubles_nothing,
    a_lead_goes_to_the_community_that_the_household_names,
}

async fn details(office: &Office) -> Vec<LeadDetail> {
    let read = office.app.database.read().await.unwrap();
    let leads: Vec<_> = office.matters_of(LEAD).await.iter().map(|lead| lead.id).collect();
    let found = repo::details(read.connection(), read.keys(), &leads).await.unwrap();
    leads.iter().map(|lead| found[lead].clone()).collect()
}

async fn a_delivery_brings_a_lead_with_its_reasons(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &grid(&homes())).await;
    let leads = office.matters_of(LEAD).await;
    assert_eq!(leads.len(), 1, "{leads:?}");
    let lead = &leads[0];
    assert_eq!((lead.stage.as_str(), lead.severity), (DISPATCH_STAGE, Severity::Medium));
    assert_eq!(lead.words.title, "王*雨");
    assert_eq!(Some(lead.holder), office.actor("supervisor").post);
    assert_eq!(lead.area, office.community());
    let details = details(&office).await;
    let detail = &details[0];
    // No parent at home 14, one relative alone 12, who is old 4, no guardian known 10. Left behind says the first again.
    assert_eq!(detail.points, 40, "{detail:?}");
    let rules: Vec<&str> = detail.explanation.reasons.iter().map(|reason| reason.rule.as_str()).collect();
    assert_eq!(rules, ["no_parent_at_home", "one_carer_at_home", "elders_only", "no_guardian_known"]);
    let read = office.app.database.read().await.unwrap();
    let grounds = grounds(read.connection(), read.keys(), lead.id).await.unwrap();
    assert_eq!(grounds, rules, "what conditions of the workflow may ask for");
    drop(read);
    assert!(detail.explanation.reasons[0].household_row.is_some());
    assert!(!detail.rules_version.is_empty());

    // The same file again, and the same persons asked about again: nothing.
    office.deliver("grid", &grid(&homes())).await;
    let program = office.app.programs.program(crate::PROGRAM).unwrap();
    let screener = Screener { database: &office.app.database, program, matters: &office.matters };
    let cause = Cause { operation: office.database.operation("test.screen"), delivery: None };
    let again = screener.screen(&cause, &[detail.person]).await.unwrap();
    assert_eq!(again, Screened { persons: 1, ..Screened::default() });
    // Of all who are on record the two children are asked about, each once; a parent alone brings the child of the home.
    let read = office.app.database.read().await.unwrap();
    let feeds = people::deliveries::repo::feed_keys(read.connection()).await.unwrap();
    let (grid, _) = feeds.iter().find(|(_, key)| *key == "grid").unwrap();
    let rows = people::links::repo::persons_of_feed(read.connection(), *grid).await.unwrap();
    let everybody: Vec<PersonId> = rows.into_iter().map(|(_, _, person)| person).collect();
    drop(read);
    assert_eq!(everybody.len(), 5);
    for (asked, children) in [(everybody.as_slice(), 2), (&everybody[..0], 0)] {
        assert_eq!(screener.screen(&cause, asked).await.unwrap().persons, children);
    }
    let mut children = 0;
    for one in &everybody {
        children += screener.screen(&cause, &[*one]).await.unwrap().persons;
    }
    assert_eq!(children, 5, "each of the five has one child at home, or is it");
    assert_eq!(office.matters_of(LEAD).await.len(), 1);
}

async fn a_lead_goes_to_the_community_that_the_household_names(database: TestDatabase) {
    let office = Office::open(database).await;
    let (named, bare) = ("南山区,西丽街道,大勘社区", "南山区,西丽街道,");
    let line = |place: &str,
                household: &str,
                name: &str,
                relation: &str,
                birth: Birth,
                order: u16,
                tags: &str| {
        let sex = if order.is_multiple_of(2) { "女" } else { "男" };
        let (year, month, day) = birth;
        let number = office::number(birth, order);
        format!(
            "{place},{household},{name},{relation},{sex},{number},{year}-{month:02}-{day:02},,王京坑村3栋301,2025-09-01,{tags}\n"
        )
    };
    // The register names the community at the grandmother, and not at the child, nor at a child who lives alone.
    let file = [
        "区,街道,社区,户号,姓名,与户主关系,性别,身份证号码,出生日期,联系电话,现住址,登记日期,标签\n"
            .to_owned(),
        line(named, "H1", "王秀兰", "户主", (1955, 3, 2), 12, ""),
        line(bare, "H1", RAIN.0, "孙女", RAIN.1, RAIN.2, "家庭暴力"),
        line(bare, "H9", "赵一鸣", "户主", (2013, 2, 3), 51, "家庭暴力"),
    ]
    .concat();
    office.deliver("grid", &file).await;
    let leads = office.matters_of(LEAD).await;
    let of = |title: &str| leads.iter().find(|lead| lead.words.title == title).unwrap();
    let (rain, alone) = (of("王*雨"), of("赵*鸣"));
    assert_eq!((rain.area, alone.area), (office.community(), office.street()), "{leads:?}");
    let read = office.app.database.read().await.unwrap();
    let details = repo::details(read.connection(), read.keys(), &[rain.id, alone.id]).await.unwrap();
    let placed = details[&rain.id].explanation.placed.unwrap();
    assert_eq!((placed.area, placed.by), (office.community(), PlacedBy::Household));
    assert_eq!(details[&alone.id].explanation.placed, None);
    let programs = office.matters.programs();
    let now = office.app.now();
    let proposed = crate::leads::proposal(read.connection(), programs, &rain.area, now, &[]).await.unwrap();
    assert_eq!(Some(proposed.unwrap().id), office.actor("director").post);
    drop(read);
    let page = office::text(office.get("supervisor", &format!("/leads/{}", rain.id), "zh").await).await;
    assert!(page.contains("按同住人的来源行") && page.contains(&format!("/rows/{}", placed.row)), "{page}");
    let page = office::text(office.get("supervisor", &format!("/leads/{}", alone.id), "zh").await).await;
    assert!(!page.contains("所属社区"), "{page}");
}

async fn what_is_new_joins_the_lead_and_makes_it_graver(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &grid(&homes())).await;
    let before = office.matters_of(LEAD).await.remove(0);
    office.deliver("school", &school(&[(RAIN.0, RAIN.1, RAIN.2, 6)])).await;
    let leads = office.matters_of(LEAD).await;
    assert_eq!(leads.len(), 1, "a second lead was opened");
    assert_eq!((leads[0].id, leads[0].severity), (before.id, Severity::Urgent));
    assert!(leads[0].clock.due < before.clock.due, "an urgent lead has less time");
    let details = details(&office).await;
    assert_eq!(details[0].points, 40 + 42);
    let read = office.app.database.read().await.unwrap();
    let stands = repo::indicators(read.connection(), read.keys(), before.id).await.unwrap();
    let kinds: Vec<&str> = stands.iter().map(|one| one.ground.kind.as_str()).collect();
    assert_eq!(kinds, ["absent"], "what says of the home the same as the household is no ground of its own");
    let told = repo::screenings_of_lead(read.connection(), read.keys(), before.id).await.unwrap();
    let told: Vec<(Outcome, i64)> = told.iter().map(|record| (record.outcome, record.points)).collect();
    assert_eq!(
        told,
        [(Outcome::Opened, 40), (Outcome::Joined, 82)],
        "what was decided first stays as it was"
    );
}

async fn a_row_that_is_gone_shows_on_the_lead(database: TestDatabase) {
    let office = Office::open(database).await;
    let many: Vec<(String, Birth, u16)> =
        (0..40_u16).map(|one| (format!("赵甲{one}"), (2012, 1, 2), 100 + one)).collect();
    let mut rows: Vec<SchoolRow<'_>> =
        many.iter().map(|(name, birth, order)| (name.as_str(), *birth, *order, 0)).collect();
    rows.push((RAIN.0, RAIN.1, RAIN.2, 4));
    office.deliver("school", &school(&rows)).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    assert_eq!(details(&office).await[0].points, 28 + 10, "absent four days, and no guardian known");
    // Corrected in what does not count here: the lead follows the row.
    let first = details(&office).await[0].explanation.grounds()[0].row;
    let corrected = school(&rows).replace("五（2）班,4", "五（3）班,4");
    office.deliver("school", &corrected).await;
    let read = office.app.database.read().await.unwrap();
    let stands = repo::indicators(read.connection(), read.keys(), lead.id).await.unwrap();
    assert_eq!(stands.iter().map(|one| one.ended_at.is_some()).collect::<Vec<_>>(), [true, false]);
    assert_ne!(details(&office).await[0].explanation.grounds()[0].row, first);
    assert!(stands.iter().all(|one| one.ground.kind == "absent"));
    drop(read);
    // Gone: marked, and a person is asked.
    rows.pop();
    office.deliver("school", &school(&rows)).await;
    let leads = office.matters_of(LEAD).await;
    assert_eq!((leads.len(), leads[0].closed_at), (1, None), "nothing is withdrawn by itself");
    let detail = details(&office).await.remove(0);
    assert_eq!(detail.points, 10, "only that no guardian is known is left: {detail:?}");
    assert!(detail.withdrawable_since.is_some());
    let read = office.app.database.read().await.unwrap();
    let stands = repo::indicators(read.connection(), read.keys(), lead.id).await.unwrap();
    assert!(stands.iter().all(|one| one.ended_at.is_some()), "marked, not deleted: {stands:?}");
}

const BOY: (&str, Birth, u16) = ("李明轩", (2013, 2, 3), 51);

/// A list of forty others, with the boy with whom nothing else is amiss absent so many days, or without him.
fn class(absent: Option<u32>) -> String {
    let many: Vec<(String, Birth, u16)> =
        (0..40_u16).map(|one| (format!("赵甲{one}"), (2012, 1, 2), 100 + one)).collect();
    let mut rows: Vec<SchoolRow<'_>> =
        many.iter().map(|(name, birth, order)| (name.as_str(), *birth, *order, 0)).collect();
    rows.extend(absent.map(|days| (BOY.0, BOY.1, BOY.2, days)));
    school(&rows)
}

async fn told(office: &Office, lead: base::MatterId) -> Vec<(Outcome, i64)> {
    let read = office.app.database.read().await.unwrap();
    let told = repo::screenings_of_lead(read.connection(), read.keys(), lead).await.unwrap();
    told.iter().map(|record| (record.outcome, record.points)).collect()
}

async fn a_row_that_comes_back_restores_the_reasons_of_an_open_lead(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &grid(&homes()[2..])).await;
    office.deliver("school", &class(Some(6))).await;
    let lead = office.matters_of(LEAD).await.remove(0);
    let before = details(&office).await.remove(0);
    assert_eq!(before.points, 42);
    office.deliver("school", &class(None)).await;
    let gone = details(&office).await.remove(0);
    assert_eq!((gone.points, gone.withdrawable_since.is_some()), (0, true));
    let retired: Vec<&str> = gone.explanation.retired.iter().map(|one| one.reason.rule.as_str()).collect();
    assert_eq!(retired, ["absent_often"], "it stays to be read");
    // The same row comes again.
    office.deliver("school", &class(Some(6))).await;
    let now = details(&office).await.remove(0);
    assert_eq!((now.points, now.withdrawable_since), (42, None), "{now:?}");
    assert!(now.explanation.retired.is_empty());
    let read = office.app.database.read().await.unwrap();
    let stands = repo::indicators(read.connection(), read.keys(), lead.id).await.unwrap();
    drop(read);
    assert_eq!(stands.iter().filter(|one| one.ended_at.is_none()).count(), 1, "{stands:?}");
    let expected = [(Outcome::Opened, 42), (Outcome::Marked, 0), (Outcome::Returned, 42)];
    assert_eq!(told(&office, lead.id).await, expected);
    let page = office::text(office.get("supervisor", &format!("/leads/{}", lead.id), "zh").await).await;
    assert!(page.contains("来源重新提供：") && page.contains("起曾不再提供）；现得 42 分"), "{page}");
    assert!(page.contains("来源不再提供：") && !page.contains("依据已不足"), "{page}");
    // Gone and another in its place in one delivery: one line says both.
    office.deliver("school", &class(Some(4))).await;
    let last = told(&office, lead.id).await;
    assert_eq!(last.len(), 4, "{last:?}");
    assert_eq!(office.matters_of(LEAD).await.len(), 1);
}

async fn grounds_that_were_gone_at_a_dismissal_open_a_new_lead_when_they_are_back(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &grid(&homes()[2..])).await;
    office.deliver("school", &class(Some(6))).await;
    office.deliver("school", &class(None)).await;
    let first = office.matters_of(LEAD).await.remove(0);
    dismiss(&office, &first).await;
    office.deliver("grid", &grid(&homes()[2..])).await;
    office.deliver("school", &class(Some(6))).await;
    let leads = office.matters_of(LEAD).await;
    let open: Vec<_> = leads.iter().filter(|lead| lead.closed_at.is_none()).collect();
    assert_eq!((leads.len(), open.len()), (2, 1), "{leads:?}");
    assert_eq!(open[0].severity, Severity::Medium);
    // This time it is dismissed while it is said: gone and back again, it stays as it was decided.
    dismiss(&office, open[0]).await;
    office.deliver("school", &class(None)).await;
    office.deliver("school", &class(Some(6))).await;
    assert_eq!(office.matters_of(LEAD).await.len(), 2);
}

async fn a_lead_that_was_closed_does_not_come_back_for_the_same(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &grid(&homes())).await;
    dismiss(&office, &office.matters_of(LEAD).await[0]).await;
    // The row comes in another version that says the same; then one that says something grave and new.
    let mut rows = homes();
    let same = grid(&rows).replace("王京坑村H1栋301", "王京坑村H1栋302");
    office.deliver("grid", &same).await;
    assert_eq!(office.matters_of(LEAD).await.len(), 1);
    rows[1].5 = "留守、家暴";
    office.deliver("grid", &grid(&rows)).await;
    let leads = office.matters_of(LEAD).await;
    assert_eq!(leads.iter().filter(|lead| lead.closed_at.is_none()).count(), 1);
    assert!(office.matters_of(CASE).await.is_empty());
}

async fn what_is_said_of_a_guardian_counts_for_the_child(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &grid(&homes())).await;
    let register = |names: &[(&str, Birth, u16)]| {
        let mut file = "残疾人证号,姓名,身份证号,残疾类别,残疾等级,发证日期\n".to_owned();
        for (name, birth, order) in names {
            let number = office::number(*birth, *order);
            let line = format!("{number}11,{name},{number},肢体,一级,2025-06-01\n");
            file.push_str(&line);
        }
        file
    };
    office.deliver("disabled", &register(&[("李强", (1985, 1, 9), 31)])).await;
    assert_eq!(office.matters_of(LEAD).await.len(), 1, "one carer is no lead by itself");
    let both = register(&[("李强", (1985, 1, 9), 31), ("陈芳", (1986, 7, 8), 42)]);
    office.deliver("disabled", &both).await;
    let leads = office.matters_of(LEAD).await;
    assert_eq!(leads.len(), 2);
    let details = details(&office).await;
    let reasons = &details[1].explanation.reasons;
    assert_eq!(reasons[0].rule, "both_carers_severely_disabled", "{reasons:?}");
    assert_eq!(reasons[0].grounds.len(), 2);
    assert!(reasons[0].grounds.iter().all(|ground| ground.bearer.is_some()));
}

async fn a_child_for_whom_nobody_answers_waits_for_somebody_who_does(database: TestDatabase) {
    // A file is taken in before anybody holds a post: no job fails, and the child is not forgotten.
    let mut office = Office::without_people(database).await;
    office.deliver("grid", &grid(&homes())).await;
    assert!(office.matters_of(LEAD).await.is_empty());
    let waiting = async |office: &Office| {
        let read = office.app.database.read().await.unwrap();
        repo::unanswered(read.connection(), None, 10).await.unwrap().len()
    };
    assert_eq!(waiting(&office).await, 1);

    office.database.clock().advance_milliseconds(60_000);
    office.staff().await;
    office.settle().await;
    let leads = office.matters_of(LEAD).await;
    assert_eq!(leads.len(), 1, "{leads:?}");
    assert_eq!(Some(leads[0].holder), office.actor("supervisor").post);
    assert_eq!(waiting(&office).await, 0);
}

async fn children_who_are_two_after_all_have_their_own_leads_again(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &grid(&homes())).await;
    let absent = |days| school(&[("李明轩", (2013, 2, 3), 51, days)]);
    office.deliver("school", &absent(6)).await;
    let before = details(&office).await;
    let [girl, boy] = [before[0].person, before[1].person];
    assert_ne!(girl, boy);

    let city = office.street().cut_at(base::AreaLevel::City);
    let write = office.database.begin("test.merge").await;
    let decision = people::links::decisions::merge(&write, boy, girl, None, "", city).await.unwrap();
    write.save().await.unwrap();
    office.settle().await;
    assert!(details(&office).await.iter().all(|detail| detail.person == girl));

    let write = office.database.begin("test.undo").await;
    people::links::decisions::undo(&write, decision, city).await.unwrap();
    write.save().await.unwrap();
    office.settle().await;
    let after: Vec<PersonId> = details(&office).await.iter().map(|detail| detail.person).collect();
    assert_eq!(after, [girl, boy]);
    // What is new of him joins his lead, not hers, and opens no other.
    let points = |of: usize| before[of].points;
    office.deliver("school", &absent(9)).await;
    let now = details(&office).await;
    assert_eq!((now.len(), now[0].points), (2, points(0)));
    assert_eq!(now[1].person, boy);
}

/// A rule of the tests.
fn rule(key: &str, when: &str) -> String {
    format!(
        "\n[[rule]]\nkey = \"{key}\"\nlabel = {{ zh = \"试\", en = \"Trial\" }}\nwhen = '{when}'\npoints = 20\nfrom = 2024-01-01\nsource = \"试\"\nsample = true\n"
    )
}

async fn start(office: &Office) {
    begin_round(&office.app, office.database.operation("test.start")).await.unwrap();
    office.settle().await;
}

async fn dismiss(office: &Office, lead: &matters::Matter) {
    let supervisor = office.actor("supervisor");
    let operation =
        store::Operation { actor: supervisor.reference(), ..office.database.operation("test.dismiss") };
    let write = office.app.database.write(operation).await.unwrap();
    let (lead, token) =
        office.matters.look_up(write.connection(), write.keys(), supervisor, lead.id).await.unwrap();
    let acting = matters::Acting {
        action: "dismiss",
        answers: None,
        reason: Some("已电话核实，父母上月回深同住"),
        holder: None,
        version: lead.version,
    };
    office.matters.act(&write, supervisor, &token, &acting).await.unwrap();
    write.save().await.unwrap();
}

async fn new_rules_reach_children_whom_no_row_touched(database: TestDatabase) {
    let office = Office::open(database).await;
    office.deliver("grid", &grid(&homes())).await;
    start(&office).await;
    let old = office.matters_of(LEAD).await;
    assert_eq!(old.len(), 1, "with the rules as they are the round finds nobody else");
    dismiss(&office, &old[0]).await;

    let office = office.restarted_with(&rule("housed", "household_known")).await;
    start(&office).await;
    let leads = office.matters_of(LEAD).await;
    assert_eq!(leads.len(), 2, "{leads:?}");
    let (kept, new): (Vec<_>, Vec<_>) = leads.iter().partition(|lead| lead.id == old[0].id);
    assert_eq!((new[0].words.title.as_str(), new[0].severity), ("李*轩", Severity::Low));
    assert_eq!(new[0].program_version, "2099.1-1");
    assert!(kept[0].closed_at.is_some(), "what was decided stays decided");
    let read = office.app.database.read().await.unwrap();
    let details = repo::details(read.connection(), read.keys(), &[kept[0].id, new[0].id]).await.unwrap();
    drop(read);
    let rules: Vec<&str> =
        details[&new[0].id].explanation.reasons.iter().map(|reason| reason.rule.as_str()).collect();
    assert!(rules.contains(&"housed"), "{rules:?}");
    assert_eq!(details[&kept[0].id].points, 40, "new rules alter no old lead");
    // The same version again, and the nights after: nothing.
    start(&office).await;
    office.database.clock().advance_milliseconds(2 * 86_400_000);
    office.settle().await;
    assert_eq!(office.matters_of(LEAD).await.len(), 2);
}

async fn a_birthday_and_days_that_pass_reach_children_whom_no_row_touched(database: TestDatabase) {
    let office = Office::open(database).await;
    let rules = rule("fourteen", "age_years >= 14 && parents_at_home == 2")
        + &rule("long_ago", "days_since(\"absent\") >= 90");
    let office = office.restarted_with(&rules).await;
    let mut rows = homes();
    rows.push(("H2", "李明月", "女", (2016, 2, 3), 62, ""));
    office.deliver("grid", &grid(&rows)).await;
    office.deliver("school", &school(&[("李明月", (2016, 2, 3), 62, 1)])).await;
    start(&office).await;
    let titles = async || {
        let leads = office.matters_of(LEAD).await.into_iter().map(|lead| lead.words.title);
        leads.collect::<Vec<_>>()
    };
    assert_eq!(titles().await, ["王*雨"], "{}", office.app.now().day());
    let until = async |day: base::Day| {
        let now = office.app.now();
        office.database.clock().advance_milliseconds(day.start().plus_hours(3).milliseconds_since(now));
        office.settle().await;
    };
    // She was absent on 20 February; he turns fourteen on 3 February of the next year.
    until(base::Day::new(2026, 5, 20).unwrap()).await;
    assert_eq!(titles().await.len(), 1);
    until(base::Day::new(2026, 5, 21).unwrap()).await;
    assert_eq!(titles().await, ["王*雨", "李*月"]);
    until(base::Day::new(2027, 2, 2).unwrap()).await;
    assert_eq!(titles().await.len(), 2);
    until(base::Day::new(2027, 2, 3).unwrap()).await;
    assert_eq!(titles().await, ["王*雨", "李*月", "李*轩"]);
}

async fn a_round_that_was_killed_goes_on_and_doubles_nothing(database: TestDatabase) {
    let office = Office::open(database).await;
    let names: Vec<(String, String)> = (0..6).map(|one| (format!("H1{one}"), format!("周小{one}"))).collect();
    let mut rows = Vec::new();
    for ((home, child), order) in names.iter().zip(100_u16..) {
        rows.push((home.as_str(), "周强", "户主", (1985, 1, 9), 2 * order + 1, ""));
        rows.push((home.as_str(), child.as_str(), "女", (2015, 3, 4), 2 * order, ""));
    }
    office.deliver("grid", &grid(&rows)).await;
    assert!(office.matters_of(LEAD).await.is_empty());
    let office = office.restarted_with(&rule("housed", "household_known")).await;
    let step = async || {
        let operation = office.database.operation("test.step");
        round::step(&office.app, &office.matters, &operation, 2).await.unwrap()
    };
    assert_eq!(step().await.map(|screened| screened.opened), Some(2));
    // The next step is killed when its leads are there and how far it came is not written yet.
    let state = async || {
        let read = office.app.database.read().await.unwrap();
        repo::round(read.connection(), crate::PROGRAM).await.unwrap().unwrap()
    };
    let before = state().await;
    assert_eq!(step().await.map(|screened| screened.opened), Some(2));
    let write = office.database.begin("test.kill").await;
    repo::keep_round(&write, crate::PROGRAM, &before).await.unwrap();
    write.save().await.unwrap();

    start(&office).await;
    let leads = office.matters_of(LEAD).await;
    let mut persons: Vec<_> = leads.iter().filter_map(|lead| lead.subject).collect();
    persons.sort();
    persons.dedup();
    assert_eq!((leads.len(), persons.len()), (6, 6), "each child once: {leads:?}");
    let read = office.app.database.read().await.unwrap();
    let screenings = repo::screenings_of(read.connection(), read.keys(), &persons).await.unwrap();
    assert!(screenings.values().all(|of_child| of_child.len() == 1), "{screenings:?}");
    assert!(state().await.done_at.is_some());
}
