//! A case from its discovery to its closure, all of it through the pages.

use axum::http::StatusCode;
use policy::Files;
use store::testing::TestDatabase;

use crate::office::{Office, migrations, pair};

store::on_both! { migrations() =>
    a_case_runs_from_discovery_to_closure,
    what_cannot_be_taken_comes_back_with_everything_that_was_typed,
    a_draft_is_kept_and_filled_in_again,
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
        let answer = office.act(login, case, action, with).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{before}: {}", answer.html);
        assert_eq!(answer.location, page);
        assert_eq!(office.matter(case).await.stage, next, "after {before}");
    }
    office.act("supervisor", case, "request_closure", &[]).await;
    assert_eq!(office.matter(case).await.stage, "closure");
    let seen = office.get("supervisor", &page).await.html;
    assert!(
        seen.contains("须由上一级") || seen.contains("不能办这一步"),
        "why the asker cannot approve is said"
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
