//! The life of a lead, a case, a visit and a referral, from opening to end.

use access::Actor;
use access::organisations::{self, OrganisationForm, OrganisationKind};
use access::posts::{self, Appointment, PostForm, TenureKind};
use base::{AreaLevel, PostId, Severity};
use matters::notices::NoticeKind;
use matters::referrals::Referring;
use matters::timeline::What;
use matters::{Assigning, Matter, MatterError, MatterWords, NewMatter, Phase};
use store::testing::TestDatabase;
use workflow::Refusal;

use crate::office::{DAY, HOUR, Office, Picks, because, hand_in, migrations, take};

store::on_both! { migrations() =>
    a_lead_is_dispatched_accepted_checked_and_closed,
    a_danger_opens_a_case_at_once_and_alerts_two_levels,
    a_child_who_is_not_safe_becomes_late_and_the_levels_above_hear_of_it,
    a_case_goes_all_its_steps_and_is_closed_by_the_level_above,
    a_referral_is_rejected_sent_again_accepted_and_done,
    a_referral_goes_to_a_desk_at_which_somebody_sits,
    the_city_sends_back_what_the_district_asked_for,
    a_visit_is_due_on_its_planned_day,
    two_people_act_and_the_second_is_told_what_became_of_it,
    of_two_acts_at_once_the_second_writes_nothing,
    a_matter_is_handed_to_a_fit_post_only,
    a_request_is_handed_only_to_who_may_decide_on_it,
    what_a_department_could_not_do_is_settled_before_the_case_is_closed,
    a_matter_of_no_known_community_may_be_handed_to_any_of_the_sub_district,
    a_lead_in_a_place_without_a_director_is_the_supervisors,
}

async fn a_lead_is_dispatched_accepted_checked_and_closed(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::High, 1).await;
    assert_eq!(lead.number, "XS-260302-0001");
    assert_eq!((lead.stage.as_str(), Some(lead.holder)), ("dispatch", office.supervisor.post));
    let refused = office.act(&office.director, lead.id, take("dispatch")).await;
    assert!(matches!(refused, Err(MatterError::Refused(Refusal::WrongRole))));

    let lead = office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap().matter;
    assert_eq!((lead.stage.as_str(), Some(lead.holder)), ("accept", office.director.post));
    let lead =
        office.act(&office.director, lead.id, because("return", "孩子住在隔壁社区")).await.unwrap().matter;
    assert_eq!(lead.stage, "dispatch");
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    office.act(&office.director, lead.id, take("accept")).await.unwrap();
    let missing = office.act(&office.director, lead.id, take("submit")).await;
    assert!(matches!(missing, Err(MatterError::Refused(Refusal::NeedsForm))));
    let acted =
        office.act(&office.director, lead.id, hand_in("submit", &[("result", "no_risk")])).await.unwrap();
    assert_eq!((acted.matter.phase(), acted.matter.outcome.as_deref()), (Phase::Closed, Some("no_risk")));
    assert!(acted.opened.is_empty() && office.words().is_empty());
    let late = office.act(&office.director, lead.id, take("accept")).await;
    assert!(matches!(late, Err(MatterError::Refused(Refusal::Closed))));
    assert_eq!(office.told(&office.director).await, [NoticeKind::Assigned, NoticeKind::Assigned]);
}

/// Dispatches a lead that was seen at `version`, and saves whatever came of it, as a form does that dispatches many.
async fn dispatch(office: &Office, lead: &Matter) -> Result<(), MatterError> {
    let actor = &office.supervisor;
    let write = office.write_as(actor).await;
    let (_, token) = office.matters.look_up(write.connection(), write.keys(), actor, lead.id).await?;
    let acting = matters::Acting {
        action: "dispatch",
        answers: None,
        reason: None,
        holder: None,
        version: lead.version,
    };
    let acted = office.matters.act(&write, actor, &token, &acting).await;
    write.save().await.unwrap();
    acted.map(drop)
}

async fn of_two_acts_at_once_the_second_writes_nothing(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::High, 1).await;
    let (one, two) = tokio::join!(dispatch(&office, &lead), dispatch(&office, &lead));
    let is_overtaken = |result: &Result<(), MatterError>| matches!(result, Err(MatterError::Conflict(_)));
    assert!(one.is_ok() && is_overtaken(&two) || two.is_ok() && is_overtaken(&one), "{one:?} {two:?}");
    let read = office.database.database().read().await.unwrap();
    let select = sea_orm::sea_query::Query::select()
        .column("id")
        .from("task")
        .and_where(sea_orm::sea_query::ExprTrait::is_null(sea_orm::sea_query::Expr::col("closed_at")))
        .to_owned();
    let tasks = sea_orm::ConnectionTrait::query_all(read.connection(), &select).await.unwrap();
    assert_eq!(tasks.len(), 1, "the director has it to do, once");
}

/// Takes a lead to a case by a check that found danger.
async fn case_of_danger(office: &Office) -> Matter {
    let lead = office.lead(Severity::Medium, 1).await;
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    office.act(&office.director, lead.id, take("accept")).await.unwrap();
    let danger = hand_in("submit", &[("result", "danger")]);
    let acted = office.act(&office.director, lead.id, danger).await.unwrap();
    assert_eq!(acted.matter.severity, Severity::Urgent);
    acted.opened.into_iter().next().unwrap()
}

async fn a_danger_opens_a_case_at_once_and_alerts_two_levels(database: TestDatabase) {
    let office = Office::new(database).await;
    let case = case_of_danger(&office).await;
    assert_eq!((case.kind.as_str(), case.stage.as_str()), ("case", "acceptance"));
    assert_eq!((case.severity, Some(case.holder)), (Severity::Urgent, office.supervisor.post));
    assert_eq!(case.opened_from.as_deref(), Some("lead"));
    assert_eq!(office.words(), [("open_file", 1)].into());
    assert!(office.told(&office.officer).await.contains(&NoticeKind::Alert));
    assert!(office.told(&office.supervisor).await.contains(&NoticeKind::Alert));
    assert!(office.told(&office.city).await.is_empty());
    for actor in [&office.officer, &office.supervisor] {
        assert_eq!(
            office.alerted_to(actor).await,
            [case.id],
            "an alert leads to the case, not to the lead that ended"
        );
    }

    // A second danger about the same child does not open a second case: the one there is hears of it.
    let lead = office.lead(Severity::Low, 1).await;
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    office.act(&office.director, lead.id, take("accept")).await.unwrap();
    let acted =
        office.act(&office.director, lead.id, hand_in("submit", &[("result", "danger")])).await.unwrap();
    assert!(acted.opened.is_empty());
    assert!(office.told(&office.supervisor).await.contains(&NoticeKind::Joined));
    let whats = whats(&office, &case).await;
    assert!(whats.iter().any(|what| matches!(what, What::Joined { number, .. } if *number == lead.number)));
}

async fn whats(office: &Office, matter: &Matter) -> Vec<What> {
    let read = office.database.read().await.unwrap();
    let (matter, token) =
        office.matters.look_up(read.connection(), read.keys(), &office.city, matter.id).await.unwrap();
    let entries = office.matters.timeline(&read, &token, &matter, None, 100).await.unwrap();
    entries.into_iter().rev().map(|entry| entry.what).collect()
}

async fn a_child_who_is_not_safe_becomes_late_and_the_levels_above_hear_of_it(database: TestDatabase) {
    let office = Office::new(database).await;
    let case = case_of_danger(&office).await;
    let accept = hand_in("accept", &[("emergency", "yes")]);
    let entered = office.act(&office.supervisor, case.id, accept).await.unwrap().matter;
    assert_eq!(entered.stage, "emergency");
    let alerts = |told: Vec<NoticeKind>| told.iter().filter(|kind| **kind == NoticeKind::Alert).count();
    for times in 1..=3 {
        office.wait(6 * HOUR).await;
        let unsafe_still = hand_in("submit", &[("safe", "no")]);
        let stays = office.act(&office.supervisor, case.id, unsafe_still).await.unwrap().matter;
        assert_eq!((stays.stage.as_str(), stays.clock.due), ("emergency", entered.clock.due));
        assert_eq!(alerts(office.told(&office.city).await), times, "the city hears of every hour it lasts");
    }
    let entry_alerts = 2; // With the danger and with the acceptance.
    assert_eq!(alerts(office.told(&office.officer).await), entry_alerts + 3);
    office.wait(7 * HOUR).await;
    let late = office.see(&office.supervisor, case.id).await.unwrap();
    assert!(late.is_late(office.now()) && late.clock.climbed_to == Some(AreaLevel::District));
    // Staying does not undo the climb.
    let still = office.act(&office.supervisor, case.id, hand_in("submit", &[("safe", "no")])).await.unwrap();
    assert_eq!(still.matter.clock.climbed_to, Some(AreaLevel::District));
    let safe = office.act(&office.supervisor, case.id, hand_in("submit", &[("safe", "yes")])).await.unwrap();
    assert_eq!(safe.matter.stage, "assessment");
}

async fn a_case_goes_all_its_steps_and_is_closed_by_the_level_above(database: TestDatabase) {
    let office = Office::new(database).await;
    let case = case_of_danger(&office).await;
    let steps: [(&str, Picks, &str); 7] = [
        ("accept", &[("emergency", "yes")], "emergency"),
        ("submit", &[("safe", "yes")], "assessment"),
        ("submit", &[("custody", "no")], "triage"),
        ("submit", &[("referral", "not_needed")], "help_plan"),
        ("submit", &[], "review"),
        ("submit", &[("next", "continue")], "review"),
        ("request_closure", &[("ground", "resolved")], "closure"),
    ];
    for (action, picks, stage) in steps {
        office.wait(60_000).await;
        let acted = office.act(&office.supervisor, case.id, hand_in(action, picks)).await;
        assert_eq!(acted.unwrap_or_else(|error| panic!("{action} to {stage}: {error}")).matter.stage, stage);
    }
    let own = office.act(&office.supervisor, case.id, take("approve")).await;
    assert!(matches!(own, Err(MatterError::Refused(Refusal::WrongRole))));
    let back =
        office.act(&office.officer, case.id, because("send_back", "请补充走访记录")).await.unwrap().matter;
    assert_eq!(back.stage, "review");
    let sent_back_due = back.clock.due.milliseconds_since(office.now());
    assert!(sent_back_due < 10 * DAY, "what was sent back is not put off for a whole review");
    // Who asked is told that it came back, and not once more that it is theirs.
    let told = office.told(&office.supervisor).await;
    assert_eq!(told.last(), Some(&NoticeKind::SentBack), "{told:?}");
    let again = hand_in("request_closure", &[("ground", "resolved")]);
    let asked = office.act(&office.supervisor, case.id, again).await.unwrap().matter;
    assert_eq!((Some(asked.holder), asked.holder_level), (office.officer.post, Some(AreaLevel::District)));
    let closed = office.act(&office.officer, case.id, take("approve")).await.unwrap().matter;
    assert_eq!((closed.phase(), closed.outcome.as_deref()), (Phase::Closed, Some("resolved")));
    assert_eq!(office.told(&office.supervisor).await.last(), Some(&NoticeKind::Approved));
    assert_eq!(office.words(), [("find_category", 1), ("open_file", 1), ("plan_follow_up", 1)].into());

    let whats = whats(&office, &case).await;
    let acted = whats.iter().filter(|what| matches!(what, What::Acted { .. })).count();
    assert_eq!((whats.len(), acted), (11, 10));
    assert!(matches!(&whats[0], What::Opened { origin, .. } if origin == "lead"));
    assert!(matches!(&whats[10], What::Acted { action } if action.en == "Approve closure"));
}

fn referring(office: &Office, version: i32) -> Referring<'static> {
    Referring {
        organisation: office.police,
        duty: Some("family_violence"),
        words: MatterWords {
            title: "告诫".to_owned(),
            summary: "请出具告诫书".to_owned(),
            place: String::new(),
        },
        told: workflow::Answers::default(),
        previous: None,
        version,
    }
}

async fn refer(office: &Office, case: &Matter, referring: Referring<'_>) -> Result<Matter, MatterError> {
    let write = office.write_as(&office.supervisor).await;
    let (_, token) =
        office.matters.look_up(write.connection(), write.keys(), &office.supervisor, case.id).await?;
    let referral = office.matters.refer(&write, &office.supervisor, &token, referring).await?;
    write.save().await.unwrap();
    Ok(referral)
}

async fn a_referral_is_rejected_sent_again_accepted_and_done(database: TestDatabase) {
    let office = Office::new(database).await;
    let case = case_of_danger(&office).await;
    let early = refer(&office, &case, referring(&office, case.version)).await;
    assert!(matches!(early, Err(MatterError::NoReferralsNow)));
    let steps: [(&str, Picks); 2] = [("accept", &[("emergency", "no")]), ("submit", &[("custody", "no")])];
    for (action, picks) in steps {
        office.act(&office.supervisor, case.id, hand_in(action, picks)).await.unwrap();
    }
    let case = office.see(&office.supervisor, case.id).await.unwrap();
    assert_eq!(case.stage, "triage");

    let unsent = office.act(&office.supervisor, case.id, hand_in("submit", &[("referral", "sent")])).await;
    assert!(matches!(unsent, Err(MatterError::Refused(Refusal::Unmet(_)))), "{unsent:?}");

    let first = refer(&office, &case, referring(&office, case.version)).await.unwrap();
    assert_eq!((first.stage.as_str(), Some(first.holder)), ("offered", office.contact.post));
    // "4 hours" of the duty.
    assert_eq!(first.clock.due.milliseconds_since(office.now()), 4 * 3_600_000);
    let stale = refer(&office, &case, referring(&office, case.version)).await;
    assert!(matches!(stale, Err(MatterError::Conflict(now)) if now.version == case.version + 1));
    let bare = office.act(&office.contact, first.id, take("reject")).await;
    assert!(matches!(bare, Err(MatterError::Refused(Refusal::NeedsReason(5)))));
    office.act(&office.contact, first.id, because("reject", "不属于本所辖区")).await.unwrap();
    assert!(office.told(&office.supervisor).await.contains(&NoticeKind::ReferralMoved));
    assert!(matches!(office.see(&office.contact, first.id).await, Err(MatterError::NotFound)));

    let case = office.see(&office.supervisor, case.id).await.unwrap();
    let returned = office.act(&office.supervisor, case.id, hand_in("submit", &[("referral", "sent")])).await;
    assert!(matches!(returned, Err(MatterError::Refused(Refusal::Unmet(_)))), "what came back is not sent");
    let again = Referring { previous: Some(first.id), ..referring(&office, case.version) };
    let second = refer(&office, &case, again).await.unwrap();
    let taken = office.act(&office.contact, second.id, take("accept")).await.unwrap().matter;
    // "3 working days" of the duty, from Monday 09:00 to Thursday 09:00.
    assert_eq!(taken.clock.due.milliseconds_since(office.now()), 3 * DAY);
    let open = hand_in("request_closure", &[("ground", "resolved")]);
    for (action, picks) in [("submit", &[][..]), ("submit", &[][..])] {
        office.act(&office.supervisor, case.id, hand_in(action, picks)).await.unwrap();
    }
    let blocked = office.act(&office.supervisor, case.id, open).await;
    assert!(matches!(blocked, Err(MatterError::Refused(Refusal::OpenChildren(_)))));
    let done = office.act(&office.contact, second.id, hand_in("finish", &[])).await.unwrap().matter;
    assert_eq!(done.outcome.as_deref(), Some("done"));
    assert_eq!(office.see(&office.contact, second.id).await.unwrap().id, second.id);
    office.act(&office.supervisor, case.id, open).await.unwrap();

    let whats = whats(&office, &case).await;
    let states = whats.iter().filter_map(|what| match what {
        What::ReferralMoved { state, .. } => state.as_ref().map(|state| state.en.as_str()),
        _ => None,
    });
    assert_eq!(states.collect::<Vec<_>>(), ["Sent back", "Sent elsewhere", "Being handled", "Done"]);
    assert_eq!(whats.iter().filter(|what| matches!(what, What::Referred { duty: Some(_), .. })).count(), 2);
}

async fn a_referral_goes_to_a_desk_at_which_somebody_sits(database: TestDatabase) {
    let office = Office::new(database).await;
    let case = case_of_danger(&office).await;
    office.act(&office.supervisor, case.id, hand_in("accept", &[("emergency", "no")])).await.unwrap();
    // A court whose first post nobody holds, and whose second one somebody does.
    let write = office.write_as(&Actor::system()).await;
    let area = office.place.cut_at(AreaLevel::District);
    let form = OrganisationForm {
        kind: OrganisationKind::Department,
        name: "区法院".to_owned(),
        department: Some("court".to_owned()),
        area,
    };
    let court = organisations::create(&write, &form).await.unwrap();
    let post = |title: &str| PostForm {
        role: "department_contact".to_owned(),
        organisation: court,
        title: title.to_owned(),
        area,
    };
    posts::create(&write, office.matters.roles(), &post("立案庭")).await.unwrap();
    write.save().await.unwrap();
    let to_court = |version| Referring { organisation: court, duty: None, ..referring(&office, version) };
    let case = office.see(&office.supervisor, case.id).await.unwrap();
    let vacant = refer(&office, &case, to_court(case.version)).await;
    assert!(matches!(vacant, Err(MatterError::NobodyAtOrganisation)), "{vacant:?}");

    office.database.clock().advance_milliseconds(1);
    let write = office.write_as(&Actor::system()).await;
    let second = posts::create(&write, office.matters.roles(), &post("少年庭")).await.unwrap();
    let account = office.neighbour.account.unwrap();
    let appointment =
        Appointment { post: second, account, kind: TenureKind::Regular, from: write.at(), until: None };
    posts::appoint(&write, &appointment).await.unwrap();
    write.save().await.unwrap();
    let sent = refer(&office, &case, to_court(case.version)).await.unwrap();
    assert_eq!(sent.holder, second, "the older post is empty");
    let read = office.database.read().await.unwrap();
    let at = office.now();
    let judge = posts::actor(read.connection(), read.keys(), account, second, at).await.unwrap();
    drop(read);
    let taken = office.act(&judge, sent.id, take("accept")).await.unwrap().matter;
    assert_eq!((taken.stage.as_str(), taken.holder), ("handling", second), "whoever took it keeps it");
}

async fn the_city_sends_back_what_the_district_asked_for(database: TestDatabase) {
    let office = Office::new(database).await;
    let case = case_of_danger(&office).await;
    let steps: [(&str, Picks); 4] = [
        ("accept", &[("emergency", "no")]),
        ("submit", &[("custody", "no")]),
        ("submit", &[("referral", "not_needed")]),
        ("submit", &[]),
    ];
    for (action, picks) in steps {
        office.act(&office.supervisor, case.id, hand_in(action, picks)).await.unwrap();
    }
    let ask = hand_in("request_closure", &[("ground", "resolved")]);
    let asked = office.act(&office.officer, case.id, ask).await.unwrap().matter;
    // The district would stand above the supervisor who held it, and not above itself, which asked.
    assert_eq!((Some(asked.holder), asked.holder_level), (office.city.post, Some(AreaLevel::City)));
    let own = office.act(&office.officer, case.id, take("approve")).await;
    assert!(matches!(own, Err(MatterError::Refused(Refusal::NotHeld))), "{own:?}");
    office.act(&office.city, case.id, because("send_back", "请补充走访记录")).await.unwrap();
    // The supervisor has it again; the officer, who asked, does not, and is told all the same.
    assert_eq!(office.told(&office.supervisor).await.last(), Some(&NoticeKind::Assigned));
    assert_eq!(office.told(&office.officer).await.last(), Some(&NoticeKind::SentBack));
}

async fn a_visit_is_due_on_its_planned_day(database: TestDatabase) {
    let office = Office::new(database).await;
    let due = office.now().plus_milliseconds(20 * DAY);
    let new = NewMatter { due: Some(due), ..office.new_matter("visit", Severity::Low) };
    let visit = office.open(new).await;
    assert_eq!((visit.clock.due, Some(visit.holder)), (due, office.director.post));
    let acted =
        office.act(&office.director, visit.id, hand_in("record", &[("result", "concern")])).await.unwrap();
    assert_eq!(acted.matter.outcome.as_deref(), Some("concern"));
    assert_eq!(office.words(), [("plan_visit", 1)].into());
    assert_eq!(office.told(&office.supervisor).await, [NoticeKind::Alert]);
}

async fn two_people_act_and_the_second_is_told_what_became_of_it(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::High, 1).await;
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    let mut second = because("dismiss", "经核实与系统内其他线索重复");
    second.version = Some(lead.version);
    match office.act(&office.officer, lead.id, second).await {
        Err(MatterError::Conflict(now)) => assert_eq!((now.stage.as_str(), now.version), ("accept", 2)),
        other => panic!("{other:?}"),
    }
    assert_eq!(office.see(&office.officer, lead.id).await.unwrap().stage, "accept");
}

async fn a_matter_of_no_known_community_may_be_handed_to_any_of_the_sub_district(database: TestDatabase) {
    let office = Office::new(database).await;
    let area = office.place.cut_at(AreaLevel::Subdistrict);
    let lead = office.open(NewMatter { area, ..office.new_matter("lead", Severity::High) }).await;
    let lead = office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap().matter;
    assert_eq!(Some(lead.holder), office.supervisor.post, "no director has the whole sub-district");
    let assign = async |holder: PostId| {
        let write = office.write_as(&office.supervisor).await;
        let (matter, token) =
            office.matters.look_up(write.connection(), write.keys(), &office.supervisor, lead.id).await?;
        let assigning = Assigning { holder, reason: "住在大塘龙社区", version: matter.version };
        let acted = office.matters.assign(&write, &office.supervisor, &token, &assigning).await?;
        write.save().await.unwrap();
        Ok::<_, MatterError>(acted.matter)
    };
    let unfit = assign(office.neighbour.post.unwrap()).await;
    assert!(matches!(unfit, Err(MatterError::UnfitHolder)), "{unfit:?}");
    let sent = assign(office.director.post.unwrap()).await.unwrap();
    assert_eq!(Some(sent.holder), office.director.post);
    assert!(office.see(&office.director, sent.id).await.is_ok(), "whoever holds it sees it");
}

async fn a_matter_is_handed_to_a_fit_post_only(database: TestDatabase) {
    let office = Office::new(database).await;
    let lead = office.lead(Severity::High, 1).await;
    office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap();
    let assign = async |holder| {
        let write = office.write_as(&office.officer).await;
        let (matter, token) =
            office.matters.look_up(write.connection(), write.keys(), &office.officer, lead.id).await?;
        let assigning = Assigning { holder, reason: "主任请假", version: matter.version };
        let acted = office.matters.assign(&write, &office.officer, &token, &assigning).await?;
        write.save().await.unwrap();
        Ok::<_, MatterError>(acted.matter)
    };
    for unfit in [&office.neighbour, &office.contact, &office.auditor] {
        assert!(matches!(assign(unfit.post.unwrap()).await, Err(MatterError::UnfitHolder)));
    }
    let lead = assign(office.supervisor.post.unwrap()).await.unwrap();
    assert_eq!((Some(lead.holder), lead.stage.as_str()), (office.supervisor.post, "accept"));
    let gone = office.act(&office.director, lead.id, take("accept")).await;
    assert!(matches!(gone, Err(MatterError::Refused(Refusal::NotHeld))));
    office.act(&office.supervisor, lead.id, take("accept")).await.unwrap();
}

/// Hands a matter to a post, as whoever sees it.
async fn hand_over(office: &Office, by: &Actor, matter: &Matter, to: PostId) -> Result<Matter, MatterError> {
    office.database.clock().advance_milliseconds(1);
    let write = office.write_as(by).await;
    let (matter, token) = office.matters.look_up(write.connection(), write.keys(), by, matter.id).await?;
    let assigning = Assigning { holder: to, reason: "主任请假", version: matter.version };
    let acted = office.matters.assign(&write, by, &token, &assigning).await?;
    write.save().await.unwrap();
    Ok(acted.matter)
}

/// A case whose closure the supervisor has asked for.
async fn case_to_be_closed(office: &Office) -> Matter {
    let case = case_of_danger(office).await;
    let steps: [(&str, Picks); 5] = [
        ("accept", &[("emergency", "no")]),
        ("submit", &[("custody", "no")]),
        ("submit", &[("referral", "not_needed")]),
        ("submit", &[]),
        ("request_closure", &[("ground", "moved")]),
    ];
    let mut case = case;
    for (action, picks) in steps {
        case = office.act(&office.supervisor, case.id, hand_in(action, picks)).await.unwrap().matter;
    }
    case
}

async fn a_request_is_handed_only_to_who_may_decide_on_it(database: TestDatabase) {
    let office = Office::new(database).await;
    let case = case_to_be_closed(&office).await;
    assert_eq!((case.stage.as_str(), Some(case.holder)), ("closure", office.officer.post));
    for unfit in [&office.supervisor, &office.director, &office.contact, &office.neighbour] {
        let handed = hand_over(&office, &office.officer, &case, unfit.post.unwrap()).await;
        assert!(matches!(handed, Err(MatterError::UnfitHolder)), "{} has it: {handed:?}", unfit.role);
    }
    let case = hand_over(&office, &office.officer, &case, office.city.post.unwrap()).await.unwrap();
    assert_eq!(Some(case.holder), office.city.post);
    office.act(&office.city, case.id, take("approve")).await.unwrap();

    // Whoever asked from one post does not decide from another, even one of the level above.
    let case = case_to_be_closed(&office).await;
    office.act(&office.officer, case.id, because("send_back", "请补充走访记录")).await.unwrap();
    let write = office.write_as(&Actor::system()).await;
    let form = PostForm {
        role: "district_officer".to_owned(),
        organisation: posts::get(write.connection(), office.officer.post.unwrap())
            .await
            .unwrap()
            .organisation,
        title: "代理".to_owned(),
        area: office.place.cut_at(AreaLevel::District),
    };
    let second = posts::create(&write, office.matters.roles(), &form).await.unwrap();
    let account = office.supervisor.account.unwrap();
    let appointment =
        Appointment { post: second, account, kind: TenureKind::Cover, from: write.at(), until: None };
    posts::appoint(&write, &appointment).await.unwrap();
    write.save().await.unwrap();
    let ask = hand_in("request_closure", &[("ground", "moved")]);
    let asked = office.act(&office.supervisor, case.id, ask).await.unwrap().matter;
    assert_eq!(Some(asked.holder), office.officer.post);
    let handed = hand_over(&office, &office.officer, &asked, second).await;
    assert!(matches!(handed, Err(MatterError::UnfitHolder)), "{handed:?}");
}

async fn what_a_department_could_not_do_is_settled_before_the_case_is_closed(database: TestDatabase) {
    let office = Office::new(database).await;
    let case = case_of_danger(&office).await;
    let steps: [(&str, Picks); 2] = [("accept", &[("emergency", "no")]), ("submit", &[("custody", "no")])];
    for (action, picks) in steps {
        office.act(&office.supervisor, case.id, hand_in(action, picks)).await.unwrap();
    }
    let mut sent = Vec::new();
    for _ in 0..3 {
        let now = office.see(&office.supervisor, case.id).await.unwrap();
        let referral = refer(&office, &case, referring(&office, now.version)).await.unwrap();
        office.act(&office.contact, referral.id, take("accept")).await.unwrap();
        sent.push(referral.id);
    }
    for (id, result) in sent.iter().zip(["impossible", "impossible", "partly"]) {
        let picks = [("result", result)];
        let failed = office.act(&office.contact, *id, hand_in("finish", &picks)).await.unwrap().matter;
        assert_eq!((failed.stage.as_str(), failed.outcome.as_deref()), ("undone", None), "{result}");
        assert_eq!(Some(failed.holder), office.supervisor.post, "whoever sent it has it back");
        let run = office.matters.stage_of(&failed).unwrap().run.clone().unwrap();
        let due = run.deadline.of(failed.severity).after(office.now(), office.matters.calendar());
        assert_eq!(failed.clock.due, due, "by the step, whatever the duty states");
        assert!(office.see(&office.contact, *id).await.is_ok(), "the department reads what it answered");
    }
    let unmet = office.act(&office.supervisor, case.id, hand_in("submit", &[("referral", "sent")])).await;
    assert!(matches!(unmet, Err(MatterError::Refused(Refusal::Unmet(_)))), "{unmet:?}");
    for picks in [&[("referral", "not_needed")][..], &[][..]] {
        office.act(&office.supervisor, case.id, hand_in("submit", picks)).await.unwrap();
    }
    let ask = hand_in("request_closure", &[("ground", "moved")]);
    let settle = async |id, taking| office.act(&office.supervisor, id, taking).await;
    let blocked = settle(case.id, ask).await;
    assert!(matches!(blocked, Err(MatterError::Refused(Refusal::OpenChildren(_)))), "{blocked:?}");
    // Nobody settles it in passing: sending it again is done by sending it.
    let passing = settle(sent[0], take("send_again")).await;
    assert!(matches!(passing, Err(MatterError::Refused(Refusal::NoSuchAction))), "{passing:?}");
    let bare = settle(sent[1], take("cover")).await;
    assert!(matches!(bare, Err(MatterError::Refused(Refusal::NeedsReason(5)))), "{bare:?}");
    let covered = settle(sent[1], because("cover", "由姑姑接走照料")).await.unwrap().matter;
    assert_eq!(covered.outcome.as_deref(), Some("covered"));
    let dropped = settle(sent[2], because("drop", "已调解，当事人不再要求出具告诫书")).await.unwrap().matter;
    assert_eq!(dropped.outcome.as_deref(), Some("dropped"));
    let blocked = settle(case.id, ask).await;
    assert!(matches!(blocked, Err(MatterError::Refused(Refusal::OpenChildren(_)))), "one is left");
    let now = office.see(&office.supervisor, case.id).await.unwrap();
    let again = Referring { previous: Some(sent[0]), ..referring(&office, now.version) };
    let second = refer(&office, &case, again).await.unwrap();
    let first = office.see(&office.supervisor, sent[0]).await.unwrap();
    assert_eq!(first.outcome.as_deref(), Some("sent_again"));
    office.act(&office.contact, second.id, take("accept")).await.unwrap();
    office.act(&office.contact, second.id, hand_in("finish", &[("result", "solved")])).await.unwrap();
    assert_eq!(settle(case.id, ask).await.unwrap().matter.stage, "closure");
}

async fn a_lead_in_a_place_without_a_director_is_the_supervisors(database: TestDatabase) {
    let office = Office::new(database).await;
    let beside =
        (1..50).map(crate::office::community).find(|path| path.subdistrict == office.place.subdistrict);
    let new = NewMatter { area: beside.unwrap(), ..office.new_matter("lead", Severity::High) };
    let lead = office.open(new).await;
    let lead = office.act(&office.supervisor, lead.id, take("dispatch")).await.unwrap().matter;
    assert_eq!((lead.stage.as_str(), Some(lead.holder)), ("accept", office.supervisor.post));
    assert!(matches!(office.see(&office.director, lead.id).await, Err(MatterError::NotFound)));
}
