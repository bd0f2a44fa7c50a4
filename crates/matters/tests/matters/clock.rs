//! What the clock brings.

use std::sync::Arc;

use base::{AreaTree, Entropy, Moment, Severity};
use matters::inbox::Filter;
use matters::notices::NoticeKind;
use matters::{Matter, MatterError, Pausing, Phase, TICK_JOB, Ticked, TimeLeft};
use policy::Programs;
use store::jobs::{self, Runner};
use store::testing::TestDatabase;
use web::{App, Site};
use workflow::Refusal;

use crate::office::{DAY, HOUR, Office, migrations, take};

store::on_both! { migrations() =>
    a_late_lead_climbs_the_ladder_to_the_city,
    a_paused_clock_stands_and_runs_again_by_itself,
    one_pause_after_the_other_comes_to_an_end,
    a_graver_lead_is_due_earlier,
    the_job_ticks_once_a_minute_from_the_first_matter_on,
    many_late_matters_are_ticked_in_batches,
    old_notices_are_swept_and_those_that_nobody_read_are_kept_longer,
}

async fn a_late_lead_climbs_the_ladder_to_the_city(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::Urgent, 1).await;
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    // One hour to accept: a reminder after half an hour, then up a level each hour.
    let reminded = office.wait(HOUR / 2).await;
    assert_eq!(reminded, Ticked { reminded: 1, ..Ticked::default() });
    assert_eq!(office.wait(1).await, Ticked::default());
    assert_eq!(office.wait(HOUR / 2).await.climbed, 1);
    assert_eq!(
        office.told(&office.director).await,
        [NoticeKind::Assigned, NoticeKind::Reminder, NoticeKind::Late]
    );
    assert_eq!(office.told(&office.supervisor).await, [NoticeKind::Assigned, NoticeKind::Climbed]);
    assert_eq!(office.wait(HOUR).await.climbed, 1);
    assert_eq!(office.told(&office.officer).await, [NoticeKind::Climbed]);
    assert_eq!(office.wait(HOUR).await.climbed, 1);
    assert_eq!(office.told(&office.city).await, [NoticeKind::Climbed]);
    assert_eq!(office.wait(HOUR).await.still_late, 1);
    let lead = office.see(&office.city, lead.id).await.unwrap();
    assert_eq!(lead.holder, office.director.post.unwrap());
    assert!(lead.is_late(office.now()) && matches!(lead.time_left(office.now()), TimeLeft::Over(_)));

    // Whoever is above may act in the holder's place, and then nobody supervises any more.
    office.act(&office.supervisor, lead.id, take("accept")).await.unwrap();
    let read = office.database.read().await.unwrap();
    let page = office.matters.inbox(&read, &office.city, &Filter::default(), office.now(), None, 10).await;
    assert!(page.unwrap().rows.is_empty());
}

async fn pause(office: &Office, lead: &Matter, until: Moment) -> Result<Matter, MatterError> {
    let write = office.write_as(&office.director).await;
    let (matter, token) =
        office.matters.look_up(write.connection(), write.keys(), &office.director, lead.id).await?;
    let pausing = Pausing { reason: "away", until, note: "随母亲回老家", version: matter.version };
    let acted = office.matters.pause(&write, &office.director, &token, &pausing).await?;
    write.save().await.unwrap();
    Ok(acted.matter)
}

async fn a_paused_clock_stands_and_runs_again_by_itself(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::High, 1).await;
    let lead = office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap().matter;
    let left = lead.clock.due.milliseconds_since(office.now());
    let long = pause(&office, &lead, office.now().plus_milliseconds(60 * DAY)).await;
    assert!(matches!(long, Err(MatterError::Refused(Refusal::PauseTooLong(_)))));
    let paused = pause(&office, &lead, office.now().plus_milliseconds(2 * DAY)).await.unwrap();
    assert_eq!(paused.phase(), Phase::Paused);
    assert_eq!(office.wait(DAY).await, Ticked::default());
    let refused = office.act(&office.director, lead.id, take("accept")).await;
    assert!(matches!(refused, Err(MatterError::Refused(Refusal::Paused))));
    assert_eq!(office.wait(DAY).await, Ticked { resumed: 1, ..Ticked::default() });
    let lead = office.see(&office.director, lead.id).await.unwrap();
    assert_eq!((lead.phase(), lead.clock.due.milliseconds_since(office.now())), (Phase::Open, left));

    // A person can let it run before that.
    pause(&office, &lead, office.now().plus_milliseconds(DAY)).await.unwrap();
    office.wait(HOUR).await;
    let write = office.write_as(&office.director).await;
    let (matter, token) =
        office.matters.look_up(write.connection(), write.keys(), &office.director, lead.id).await.unwrap();
    let lead = office.matters.resume(&write, &office.director, &token, matter.version).await.unwrap().matter;
    assert_eq!(lead.clock.due.milliseconds_since(office.now()), left);

    drop(write);

    let urgent = office.lead(Severity::Urgent, 2).await;
    office.act(&office.supervisor, urgent.id, take("dispatch")).await.unwrap();
    let urgent = office.act(&office.director, urgent.id, take("accept")).await.unwrap().matter;
    let refused = pause(&office, &urgent, office.now().plus_milliseconds(2 * DAY)).await;
    assert!(
        matches!(refused, Err(MatterError::Refused(Refusal::NoSuchAction))),
        "an urgent lead is not silenced"
    );
}

async fn one_pause_after_the_other_comes_to_an_end(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::Low, 1).await;
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    let lead = office.act(&office.director, lead.id, take("accept")).await.unwrap().matter;
    let mut stood = 0;
    let refused = loop {
        match pause(&office, &lead, office.now().plus_milliseconds(2 * DAY)).await {
            Ok(_) => stood += 2,
            Err(MatterError::Refused(refused)) => break refused,
            Err(other) => panic!("{other}"),
        }
        assert!(stood < 30, "the clock stands for ever");
        assert_eq!(office.wait(2 * DAY).await.resumed, 1);
        let kept = office.see(&office.director, lead.id).await.unwrap();
        assert_eq!(kept.clock.stood_milliseconds, stood * DAY);
    };
    // "10 working days" in all: two weeks with their week-ends.
    assert!(stood >= 12, "{stood} days");
    let is_over = matches!(&refused, Refusal::PausedEnough(_) | Refusal::PauseTooLong(_));
    assert!(is_over, "{refused:?}");
    // In the next step it is counted anew.
    let back = office.act(&office.director, lead.id, crate::office::because("return", "去不了")).await;
    assert_eq!(back.unwrap().matter.clock.stood_milliseconds, 0);
}

async fn a_graver_lead_is_due_earlier(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::Low, 1).await;
    let write = office.database.begin("test.regrade").await;
    let graver = office.matters.regrade(&write, lead.id, Severity::Urgent, "screening").await.unwrap();
    write.save().await.unwrap();
    assert!(graver.clock.due < lead.clock.due && graver.severity == Severity::Urgent);
    assert_eq!(graver.clock.due.milliseconds_since(office.now()), HOUR);
    let write = office.database.begin("test.regrade").await;
    let milder = office.matters.regrade(&write, lead.id, Severity::Low, "screening").await.unwrap();
    assert_eq!((milder.clock.due, milder.severity), (graver.clock.due, Severity::Low));
}

fn app(office: &Office) -> App {
    App {
        database: office.database.database(),
        clock: office.database.shared_clock(),
        entropy: Entropy::from_seed(7),
        programs: Arc::new(Programs::load(None).unwrap()),
        roles: Arc::new(office.matters.roles().clone()),
        areas: web::Areas::new(AreaTree::shipped()),
        site: Arc::new(Site { is_demo: false, is_secure: false }),
    }
}

/// People under the programs that the office runs with.
fn people_of(office: &Office) -> people::People {
    people::People::new(office.matters.programs()).unwrap()
}

async fn the_job_ticks_once_a_minute_from_the_first_matter_on(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::Urgent, 1).await;
    let kinds = matters::module(&people_of(&office), &office.matters).jobs;
    let clock = office.database.shared_clock();
    let runner =
        Runner::new(office.database.database(), clock, app(&office), kinds, Vec::new()).await.unwrap();
    assert_eq!(runner.settle().await.unwrap().done, 0);
    for minutes in [31, 30] {
        office.database.clock().advance_milliseconds(minutes * 60_000);
        let settled = runner.settle().await.unwrap();
        assert_eq!((settled.done, settled.failed), (1, 0));
    }
    assert_eq!(
        office.told(&office.supervisor).await,
        [NoticeKind::Assigned, NoticeKind::Reminder, NoticeKind::Late]
    );
    // It goes on when nothing is open, and another matter does not start a second one.
    let dismiss = crate::office::because("dismiss", "经核实与系统内其他线索重复");
    office.act(&office.supervisor, lead.id, dismiss).await.unwrap();
    for _ in 0..2 {
        office.database.clock().advance_milliseconds(60_000);
        assert_eq!(runner.settle().await.unwrap().done, 1);
    }
    office.lead(Severity::Low, 2).await;
    let read = office.database.read().await.unwrap();
    let filter = jobs::Filter { kind: Some(TICK_JOB.to_owned()), ..jobs::Filter::default() };
    let waiting = jobs::list(&read, &filter, None, 10).await.unwrap();
    assert_eq!(waiting.iter().filter(|job| job.state == jobs::State::Waiting).count(), 1);
}

async fn many_late_matters_are_ticked_in_batches(database: TestDatabase) {
    let office = Office::new(database).await;
    let write = office.database.begin("test.open").await;
    let new = (0..120).map(|_| office.new_matter("lead", Severity::Urgent)).collect();
    let opened = office.matters.open_many(&write, new).await.unwrap();
    write.save().await.unwrap();
    let mut numbers: Vec<_> = opened.iter().map(|lead| lead.number.clone()).collect();
    numbers.dedup();
    assert_eq!((numbers.len(), numbers[119].as_str()), (120, "XS-260302-0120"));
    let ticked = office.wait(HOUR).await;
    assert_eq!((ticked.climbed, ticked.failed, ticked.more), (120, 0, false));
    assert_eq!(office.wait(0).await, Ticked::default());
}

async fn old_notices_are_swept_and_those_that_nobody_read_are_kept_longer(database: TestDatabase) {
    use matters::notices::{KEPT_DAYS, READ_KEPT_DAYS};
    let office = Office::new(database).await;
    let lead = office.lead(Severity::Low, 1).await;
    let write = office.write_as(&office.supervisor).await;
    let notices = office.matters.notices(write.connection(), write.keys(), &office.supervisor, None, 10);
    let newest = notices.await.unwrap()[0].notice.id;
    office.matters.mark_notices_read(&write, &office.supervisor, newest).await.unwrap();
    write.save().await.unwrap();
    // The matter ends, so that the clock brings no further notices; the director was told and never looked.
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    let dismissed = crate::office::because("return", "去不了");
    office.act(&office.director, lead.id, dismissed).await.unwrap();
    let dismissed = crate::office::because("dismiss", "经核实与系统内其他线索重复");
    office.act(&office.supervisor, lead.id, dismissed).await.unwrap();
    assert_eq!(office.told(&office.director).await, [NoticeKind::Assigned]);
    assert_eq!(office.told(&office.supervisor).await, [NoticeKind::Assigned, NoticeKind::Assigned]);

    let kinds = matters::module(&people_of(&office), &office.matters).jobs;
    let clock = office.database.shared_clock();
    let runner =
        Runner::new(office.database.database(), clock, app(&office), kinds, Vec::new()).await.unwrap();
    let tick_after = async |days: i64| {
        office.database.clock().advance_milliseconds(days * 24 * HOUR);
        assert_eq!(runner.settle().await.unwrap().failed, 0);
    };
    tick_after(READ_KEPT_DAYS - 1).await;
    assert_eq!(office.told(&office.supervisor).await.len(), 2, "a day before it is still there");
    tick_after(1).await;
    assert_eq!(
        office.told(&office.supervisor).await,
        [NoticeKind::Assigned],
        "the one that was read is gone"
    );
    tick_after(KEPT_DAYS - READ_KEPT_DAYS).await;
    assert_eq!(office.told(&office.director).await, []);
}
