//! A case from its discovery to its closure, all of it through the pages.

use axum::http::StatusCode;
use policy::Files;
use store::testing::TestDatabase;

use crate::office::{Office, migrations, pair};

store::on_both! { migrations() =>
    a_case_runs_from_discovery_to_closure,
    what_cannot_be_taken_comes_back_with_everything_that_was_typed,
    a_draft_is_kept_and_filled_in_again,
    every_role_sees_of_a_case_what_its_clearance_allows,
    a_response_that_left_the_child_unsafe_says_what_stays,
    whoever_decides_on_a_closure_reads_the_review_that_speaks_against_it,
    why_a_closure_came_back_stands_before_everything_else,
    two_writers_of_one_form_keep_what_each_wrote,
    a_case_of_danger_comes_first_and_knows_what_was_reported,
    a_clock_that_stands_names_no_deadline_in_the_steps,
    a_field_added_to_the_files_shows_on_the_page,
}

/// Who, which action, with which answers, and the stage that it leads to.
type Step<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

async fn a_case_runs_from_discovery_to_closure(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "夜间哭喊，学校转来").await;
    let page = format!("/cases/{case}");
    let steps: [Step<'_>; 7] = [
        ("supervisor", "submit", &[], "acceptance"),
        ("supervisor", "accept", &[("emergency", "yes"), ("classes", "care")], "emergency"),
        ("supervisor", "submit", &[], "assessment"),
        ("supervisor", "submit", &[("custody", "possible"), ("heard", "too_young")], "triage"),
        ("supervisor", "submit", &[("referral", "not_needed")], "help_plan"),
        ("supervisor", "submit", &[], "intervention"),
        ("district", "submit", &[], "review"),
    ];
    for (login, action, with, next) in steps {
        let before = office.matter(case).await.stage;
        if before == "assessment" {
            // A level of one's own takes a reason; one that is too short is marked where it stands.
            let with = [with, &[("level", "low"), ("level_reason", "短")]].concat();
            let answer = office.act(login, case, action, &with).await;
            let marked = "aria-describedby=\"level_reason-help\" aria-invalid=\"true\">短</textarea>";
            assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.html.contains(marked));
        }
        let answer = office.act(login, case, action, with).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{before}: {}", answer.html);
        assert_eq!(answer.location, page);
        assert_eq!(office.matter(case).await.stage, next, "after {before}");
    }
    office.act("supervisor", case, "request_closure", &[]).await;
    assert_eq!(office.matter(case).await.stage, "closure");
    let seen = office.get("supervisor", &page).await.html;
    assert!(
        seen.contains("须由上一级") || seen.contains("这一步现由"),
        "who has it now is said to whoever asked"
    );
    assert!(!seen.contains("name=\"action\" value=\"approve\""));
    // Whoever decides has the request before everything else, open.
    let decides = office.get("district", &page).await.html;
    let (request, acts) = (decides.find("id=\"request\""), decides.find("id=\"acts\""));
    assert!(request.is_some() && request < acts && decides.contains("class=\"pn-paper\" open"));
    assert!(!seen.contains("id=\"request\""));
    let refused = office.act("supervisor", case, "approve", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.act("district", case, "approve", &[]).await;
    let closed = office.matter(case).await;
    assert_eq!((closed.stage.as_str(), closed.outcome.as_deref()), ("closed", Some("resolved")));
    for (language, word) in [("zh-CN", "风险消除"), ("en", "Risk resolved")] {
        let seen = office.get_in("supervisor", &page, language).await;
        assert!(seen.html.contains(word) && seen.html.contains("id=\"papers\""));
        assert!(!seen.html.contains("id=\"form\""), "a closed case offers no form");
    }
    assert_eq!(office.get("neighbour", &page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.get("police", &page).await.status, StatusCode::FORBIDDEN);
    assert_eq!(office.get("auditor", &page).await.status, StatusCode::OK);
}

/// A review that speaks against it stands before whoever decides, and is answered by whoever asks; neither the applicant
/// nor anybody who cannot decide is offered it.
async fn whoever_decides_on_a_closure_reads_the_review_that_speaks_against_it(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "夜间哭喊，学校转来").await;
    let page = format!("/cases/{case}");
    for (login, action, with) in [
        ("supervisor", "submit", &[][..]),
        ("supervisor", "accept", &[("emergency", "no"), ("classes", "care")][..]),
        ("supervisor", "submit", &[("custody", "no"), ("heard", "too_young")][..]),
        ("supervisor", "submit", &[("referral", "not_needed")][..]),
        ("supervisor", "submit", &[][..]),
    ] {
        office.act(login, case, action, with).await;
    }
    let due = office.matter(case).await.clock.due;
    office.database.clock().advance_milliseconds(1_000);
    let worse =
        [("progress", "none"), ("risk", "higher"), ("next", "continue"), ("note", "父亲又搬回来住了")];
    office.act("supervisor", case, "submit", &worse).await;
    let reviewed = office.matter(case).await;
    assert!(reviewed.stage == "review" && reviewed.clock.due < due, "the next review comes sooner");
    let seen = office.get("supervisor", &page).await.html;
    assert!(seen.contains("建议重新评估") && seen.contains("下次评审已提前"), "{seen}");
    office.database.clock().advance_milliseconds(1_000);
    let refused = office.act("supervisor", case, "request_closure", &[("ground", "resolved")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("与「风险消除」不一致"), "{}", refused.html);
    let why = [("ground", "resolved"), ("against_review", "评审之后父亲已离开本市")];
    let asked = office.act("supervisor", case, "request_closure", &why).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.html);
    let decides = office.get("district", &page).await.html;
    let request = decides.split("id=\"request\"").nth(1).unwrap().split("</section>").next().unwrap();
    for text in ["评审之后父亲已离开本市", "父亲又搬回来住了", "没有进展", "升高"] {
        assert!(request.contains(text), "{text}: {request}");
    }
    assert_eq!(request.matches("class=\"pn-paper\" open").count(), 2, "both stand open: {request}");
    assert!(decides.contains("最近一次评审认为没有进展，或风险未变、升高，与结案不一致"));
    let audit = office.get("auditor", &page).await.html;
    assert!(!audit.contains("最近一次评审认为"), "a finding about a child is not the auditor's");
    // To whom it may be handed over: to nobody who could not decide.
    if let Some(assign) = decides.split("id=\"assign-holder\"").nth(1) {
        let offered = assign.split("</select>").next().unwrap();
        assert!(!offered.contains("督导员") && !offered.contains("儿童主任"), "{offered}");
    }
}

async fn what_cannot_be_taken_comes_back_with_everything_that_was_typed(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "邻居反映").await;
    let shown = office.get("supervisor", &format!("/cases/{case}")).await.html;
    let fields = [
        pair("action", "submit"),
        pair("form", "discovery"),
        pair("version", "1"),
        pair("draft_version", "0"),
        pair("f-reported_on", "哪天"),
        pair("f-facts", "邻居说孩子哭，已去看过两次都没有人开门"),
    ];
    let answer = office.send("supervisor", &shown, &format!("/matters/{case}/act"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html.contains("href=\"/cases\""), "it is the page of the case");
    for text in ["邻居说孩子哭，已去看过两次都没有人开门", "日期读不出", "role=\"alert\""]
    {
        assert!(answer.html.contains(text), "{text}");
    }
    // What the script counts by: which answers are required, how many are missing, and how far each section is.
    let missing = answer.html.matches(" data-required").count();
    assert!(missing > 0 && answer.html.contains("<span data-missing>（差 "), "{}", answer.html);
    assert!(answer.html.contains("data-far=\"s-report\"") && !answer.html.contains("1. 报告人"));
    assert_eq!(office.matter(case).await.stage, "discovery");
}

async fn a_draft_is_kept_and_filled_in_again(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "邻居反映").await;
    let (page, draft) = (format!("/cases/{case}"), format!("/matters/{case}/draft"));
    let shown = office.get("supervisor", &page).await.html;
    let fields = |facts: &str, version: &str| {
        [
            pair("action", "submit"),
            pair("form", "discovery"),
            pair("version", "1"),
            pair("draft_version", version),
            pair("f-facts", facts),
        ]
    };
    let kept = office.send("supervisor", &shown, &draft, &fields("写到一半的经过，明天再补", "0")).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.html);
    let again = office.get("supervisor", &page).await.html;
    assert!(again.contains("写到一半的经过，明天再补") && again.contains("草稿"));
    let other = office.get("district", &page).await.html;
    let overtaken = office.send("district", &other, &draft, &fields("另一人写的经过，内容不同", "0")).await;
    assert_eq!(overtaken.status, StatusCode::CONFLICT);
    for text in ["写到一半的经过，明天再补", "另一人写的经过，内容不同", "supervisor 某"]
    {
        assert!(overtaken.html.contains(text), "{text}");
    }
}

async fn a_clock_that_stands_names_no_deadline_in_the_steps(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "邻居反映").await;
    let page = format!("/cases/{case}");
    let steps = async || {
        let shown = office.get("supervisor", &page).await.html;
        let steps = shown.split("sw-steps").nth(1).unwrap().split("</ol>").next().unwrap().to_owned();
        (shown, steps)
    };
    let (shown, running) = steps().await;
    assert!(running.contains(" 止</small>") && !running.contains("已停表"), "{running}");
    let fields =
        [pair("version", "1"), pair("pause", "hospital"), pair("until", "2026-03-05"), pair("note", "")];
    let paused = office.send("supervisor", &shown, &format!("/matters/{case}/pause"), &fields).await;
    assert_eq!(paused.status, StatusCode::SEE_OTHER, "{}", paused.html);
    let (_, stopped) = steps().await;
    assert!(stopped.contains("已停表") && !stopped.contains(" 止</small>"), "{stopped}");
}

/// A step and its form are data: a city adds a question in TOML, and the page has it.
async fn a_field_added_to_the_files_shows_on_the_page(database: TestDatabase) {
    let files = Files::shipped().unwrap();
    let path = "programs/minors/forms.toml";
    let mut forms = files.get(path).unwrap().to_owned();
    let place = forms.find("key = \"facts\"").unwrap();
    let start = forms[..place].rfind("[[form.section.field]]").unwrap();
    let field = "[[form.section.field]]\nkey = \"pets\"\nlabel = { zh = \"家里养不养狗\", en = \"Is there a dog?\" }\n\
                 kind = \"choice\"\nrequired = true\noptions = [\n  { key = \"yes\", label = { zh = \"养狗\", en = \"A dog\" } },\n  \
                 { key = \"no\", label = { zh = \"不养\", en = \"None\" } },\n]\n\n";
    forms.insert_str(start, field);
    let office = Office::with(database, files.with(path, forms)).await;
    let case = office.open_matter("case", "邻居反映").await;
    let page = format!("/cases/{case}");
    for (language, word) in [("zh-CN", "家里养不养狗"), ("en", "Is there a dog?")] {
        assert!(office.get_in("supervisor", &page, language).await.html.contains(word));
    }
    let answer = office.act("supervisor", case, "submit", &[("pets", "no")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.html);
    assert!(office.get("supervisor", &page).await.html.contains("不养"), "the answer is among the papers");
}

/// What was written about a child is read by who has the clearance for it; whoever audits sees what was done.
async fn every_role_sees_of_a_case_what_its_clearance_allows(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "夜间哭喊，学校转来").await;
    office.act("supervisor", case, "submit", &[("facts", "邻居听见孩子夜里哭，手臂有淤青")]).await;
    let accept = [("emergency", "yes"), ("classes", "violence"), ("note", "母亲请求保密")];
    office.act("supervisor", case, "accept", &accept).await;
    office.act("supervisor", case, "submit", &[("safe", "yes")]).await;
    office.act("supervisor", case, "submit", &[("custody", "possible"), ("heard", "too_young")]).await;
    let page = office.get("supervisor", &format!("/cases/{case}?refer=new")).await.html;
    let fields = [
        pair("version", &office.matter(case).await.version.to_string()),
        pair("to", "duty:family_violence"),
        pair("title", "出具告诫书"),
        pair("summary", "父亲酒后打人，请到场处置"),
    ];
    office.send("supervisor", &page, &format!("/matters/{case}/refer"), &fields).await;
    let written = ["手臂有淤青", "母亲请求保密", "家庭暴力、虐待", "夜间哭喊", "出具告诫书", "酒后打人"];
    let pages = [
        format!("/cases/{case}"),
        "/cases".to_owned(),
        "/referrals".to_owned(),
        "/inbox?whose=area".to_owned(),
    ];
    for (login, role) in [
        ("director", "child_director"),
        ("supervisor", "child_supervisor"),
        ("district", "district_officer"),
        ("city", "city_officer"),
        ("police", "department_contact"),
        ("auditor", "auditor"),
    ] {
        let clearance = &office.app.roles.get(role).unwrap().clearance;
        let sees = clearance.get(&access::FieldClass::Narrative) == Some(&access::Clearance::Full);
        assert_eq!(sees, login != "auditor", "{role}");
        for path in &pages {
            let answer = office.get(login, path).await;
            let found: Vec<&str> = written.into_iter().filter(|text| answer.html.contains(text)).collect();
            assert!(sees || found.is_empty(), "{login} reads {found:?} on {path}");
            assert!(!(login == "police" && path.starts_with("/cases")) || found.is_empty());
        }
    }
    let seen = office.get("supervisor", &pages[0]).await.html;
    assert!(written[..3].iter().all(|text| seen.contains(text)), "whoever works on it reads it");
    let audit = office.get("auditor", &pages[0]).await.html;
    assert!(audit.contains("项回答不在您岗位可看的范围内") && audit.contains("受理登记"), "{audit}");
    assert!(!audit.contains(" 分，"), "nor the points that the answers came to");
    let read = office.app.database.read().await.unwrap();
    let scope = office.matters.scope(&access::Actor::system());
    let children = office.matters.children(read.connection(), read.keys(), &scope, case).await.unwrap();
    drop(read);
    let one = office.get("auditor", &format!("/referrals/{}", children[0].id)).await;
    assert_eq!(one.status, StatusCode::OK);
    assert!(!one.html.contains("出具告诫书") && !one.html.contains("酒后打人"));
}

/// A child who is not safe: the same deadline, said in words, with who was told.
async fn a_response_that_left_the_child_unsafe_says_what_stays(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "邻居反映").await;
    office.act("supervisor", case, "submit", &[]).await;
    office.act("supervisor", case, "accept", &[("emergency", "yes"), ("classes", "care")]).await;
    let page = office.get("supervisor", &format!("/cases/{case}")).await.html;
    assert!(!page.contains("申请停表"), "a danger does not wait");
    let answer = office.act("supervisor", case, "submit", &[("safe", "no")]).await;
    let said = office.follow("supervisor", &answer).await;
    assert!(said.contains("仍在「应急处置」，时限不变") && said.contains("已告知：区、市"), "{said}");
    assert!(!said.contains("转入「应急处置」"));
    assert!(office.get("city", "/notices").await.html.contains("/cases/"), "the level above is told");
}

async fn why_a_closure_came_back_stands_before_everything_else(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "邻居反映").await;
    let page = format!("/cases/{case}");
    for (action, with) in [
        ("submit", &[][..]),
        ("accept", &[("emergency", "no"), ("classes", "care")][..]),
        ("submit", &[("custody", "no"), ("heard", "too_young")]),
        ("submit", &[("referral", "not_needed")]),
        ("submit", &[]),
        ("request_closure", &[("ground", "resolved")]),
    ] {
        office.database.clock().advance_milliseconds(1_000);
        office.act("supervisor", case, action, with).await;
    }
    assert_eq!(office.matter(case).await.stage, "closure");
    office.database.clock().advance_milliseconds(1_000);
    office.act("district", case, "send_back", &[("reason", "请补充最近一次走访的情况")]).await;
    assert_eq!(office.matter(case).await.stage, "review");
    let seen = office.get("supervisor", &page).await.html;
    let (why, steps) = (seen.find("退回补充：请补充最近一次走访的情况"), seen.find("pn-steps"));
    assert!(why.is_some() && why < steps, "whoever goes on reads it first: {seen}");
    let audit = office.get("auditor", &page).await.html;
    assert!(!audit.contains("请补充最近一次走访的情况"));
    office.database.clock().advance_milliseconds(1_000);
    office.act("supervisor", case, "submit", &[("next", "continue")]).await;
    let later = office.get("supervisor", &page).await.html;
    assert!(later.find("退回补充：请补充") > later.find("pn-steps") || !later.contains("退回补充：请补充"));
}

/// Of two who write one form nobody loses what the other wrote: what one left empty is taken over, what differs is chosen.
async fn two_writers_of_one_form_keep_what_each_wrote(database: TestDatabase) {
    let office = Office::open(database).await;
    let case = office.open_matter("case", "邻居反映").await;
    let (page, draft) = (format!("/cases/{case}"), format!("/matters/{case}/draft"));
    let with = |version: &str, more: &[(&str, &str)]| {
        let plain =
            [("action", "submit"), ("form", "discovery"), ("version", "1"), ("draft_version", version)];
        plain.iter().chain(more).map(|(name, value)| pair(name, value)).collect::<Vec<_>>()
    };
    let (first, second) =
        (office.get("supervisor", &page).await.html, office.get("district", &page).await.html);
    let theirs = [
        ("f-reporter", "school"),
        ("f-facts", "老师说孩子手臂有淤青，问了不说"),
        ("f-reported_on", "2026-03-01"),
    ];
    office.send("supervisor", &first, &draft, &with("0", &theirs)).await;
    let mine = [("f-reporter", ""), ("f-facts", "邻居说夜里一直有哭喊的声音"), ("f-reported_on", "")];
    let both = office.send("district", &second, &draft, &with("0", &mine)).await;
    assert_eq!(both.status, StatusCode::CONFLICT);
    for text in [
        "name=\"f-reporter\" value=\"school\" checked",
        "name=\"f-reported_on\" type=\"date\" value=\"2026-03-01\"",
        "两人填得不同的 1 项",
        "name=\"pick-facts\" value=\"theirs\"",
        "name=\"t-facts\" value=\"老师说孩子手臂有淤青，问了不说\"",
        "name=\"draft_version\" value=\"1\"",
    ] {
        assert!(both.html.contains(text), "{text}: {}", both.html);
    }
    // Handing in over a draft that one has not seen is stopped as well.
    let handed = office.send("district", &second, &format!("/matters/{case}/act"), &with("0", &mine)).await;
    assert_eq!(
        (handed.status, office.matter(case).await.stage.as_str()),
        (StatusCode::CONFLICT, "discovery")
    );
    let chosen = [
        ("f-reporter", "school"),
        ("f-facts", "邻居说夜里一直有哭喊的声音"),
        ("f-reported_on", "2026-03-01"),
        ("pick", "each"),
        ("pick-facts", "theirs"),
        ("t-facts", "老师说孩子手臂有淤青，问了不说"),
    ];
    let kept = office.send("district", &both.html, &draft, &with("1", &chosen)).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.html);
    let seen = office.get("supervisor", &page).await.html;
    assert!(
        seen.contains("老师说孩子手臂有淤青，问了不说") && seen.contains("value=\"2026-03-01\""),
        "{seen}"
    );
    assert!(!seen.contains("邻居说夜里一直有哭喊的声音"));
}

/// A case from a danger: first in the inbox, marked, and the acceptance knows what was reported.
async fn a_case_of_danger_comes_first_and_knows_what_was_reported(database: TestDatabase) {
    let office = Office::open(database).await;
    let urgent = |new: &mut matters::NewMatter| new.severity = base::Severity::Urgent;
    // Due in an hour: sooner than the acceptance of the case.
    let other = office.open_with("lead", "另一条线索", urgent).await;
    let lead = office.open_with("lead", "缺课", urgent).await;
    let holder = office.matter(lead).await.holder;
    office.act("supervisor", lead, "dispatch", &[("holder", &holder.to_string())]).await;
    office.act("supervisor", lead, "accept", &[]).await;
    let danger = office.act("supervisor", lead, "danger", &[("danger", "violence")]).await;
    assert_eq!(danger.status, StatusCode::SEE_OTHER, "{}", danger.html);
    let read = office.app.database.read().await.unwrap();
    let scope = office.matters.scope(&access::Actor::system());
    let case = office.matters.children(read.connection(), read.keys(), &scope, lead).await.unwrap().remove(0);
    drop(read);
    let inbox = office.get("supervisor", "/inbox").await.html;
    let place = |id: &base::MatterId| inbox.find(&format!("/{id}\"")).unwrap();
    assert!(place(&case.id) < place(&other), "a danger stands first: {inbox}");
    assert_eq!(inbox.matches("紧急危险</span>").count(), 1, "{inbox}");
    assert_eq!(inbox.matches(&format!("href=\"/cases/{}\"", case.id)).count(), inbox.matches("缺课").count());
    let command = office.get("district", "/command").await.html;
    let row = command.split("<tr>").find(|row| row.contains(&case.number)).unwrap();
    let why = row.split("cm-why").nth(1).unwrap().split("</td>").next().unwrap();
    assert!(why.contains("紧急危险"), "what was found at the door: {row}");
    let page = office.get("supervisor", &format!("/cases/{}", case.id)).await.html;
    for text in [
        "name=\"f-classes\" value=\"violence\" checked",
        "name=\"f-emergency\" value=\"yes\" checked",
        "紧急危险上报 XS-",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("申请停表"), "what must be decided in two hours is not put off");
}
