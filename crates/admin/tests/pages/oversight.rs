//! Jobs, journal, log-ins and the clock.

use http::StatusCode;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use store::jobs::{GiveUp, JobKind, Runner};
use store::journal::{Listener, TRIES_BEFORE_A_PERSON};
use store::testing::TestDatabase;
use web::App;

use crate::office::{Office, after, migrations};

store::on_both! { migrations() =>
    a_dead_job_is_seen_and_put_back,
    the_journal_is_read_and_verified,
    the_journal_is_compared_with_a_head_that_was_kept,
    an_entry_that_stops_a_listener_is_said_and_set_aside,
    the_end_of_the_work_calendar_is_said,
    log_ins_are_on_record,
    the_clock_of_a_demo_moves_forward_on_every_page,
    the_clock_of_an_office_does_not_move,
}

async fn a_dead_job_is_seen_and_put_back(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    assert!(han.page("/admin/jobs").await.contains("没有这样的任务"));
    let write = office.database.begin("test.enqueue").await;
    write.enqueue("test.fails", &"", write.at()).await.unwrap();
    write.save().await.unwrap();
    let fails = JobKind::new("test.fails", |_: App, _| async {
        Err(GiveUp("the file is not readable".to_owned()).into())
    });
    let app = office.app.clone();
    let runner = Runner::new(app.database.clone(), app.clock.clone(), app.clone(), vec![fails], Vec::new())
        .await
        .unwrap();
    runner.settle().await.unwrap();
    runner.release().await;
    let page = han.page("/admin/jobs").await;
    assert!(page.contains("1 个任务多次失败，已停下") && page.contains("the file is not readable"));
    let rail = after(&page, "<span>系统</span>").unwrap();
    assert!(rail.starts_with("<span class=\"n\">1</span>"), "the rail of every page says so");
    let mut shen = office.enter("shen", "auditor").await;
    assert!(!shen.page("/admin/jobs").await.contains("重新排入</button>"), "an auditor looks on");
    let action =
        format!("/admin/jobs/{}", after(&page, "action=\"/admin/jobs/").unwrap().split('"').next().unwrap());
    assert_eq!(shen.send("/admin/jobs", &action, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(han.send_with(&page, &action, &[]).await.location, "/admin/jobs?state=waiting");
    assert!(han.page("/admin/jobs?state=waiting").await.contains("test.fails"));
    assert_eq!(
        han.send("/admin/jobs", &action, &[]).await.status,
        StatusCode::NOT_FOUND,
        "it is not dead any more"
    );
    assert_eq!(office.recorded("admin.job_revived").await, 1);
}

async fn the_journal_is_read_and_verified(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut shen = office.enter("shen", "auditor").await;
    store::journal::sequence(&office.app.database).await.unwrap();
    let page = shen.page("/admin/journal").await;
    assert!(page.contains("access.account_created") && page.contains("access.areas_loaded"));
    assert!(!shen.page("/admin/journal?kind=access.account_created").await.contains("access.areas_loaded"));
    let entry = after(&page, "access.account_created").unwrap();
    let number = after(entry, "operation=").unwrap().split('"').next().unwrap();
    let found = shen.page(&format!("/admin/journal?operation={number}")).await;
    assert!(found.contains("access.account_created") && !found.contains(">access.areas_loaded<"));
    assert!(shen.page("/admin/journal?operation=0000-0000").await.contains("没有符合条件的记录"));
    assert!(shen.page("/admin/journal?from=2026-03-03").await.contains("没有符合条件的记录"));
    assert!(shen.page("/admin/journal?from=2026-13-01").await.contains("日期无法识别，未按日期筛选"));
    let sound = shen.send("/admin/journal", "/admin/journal/verify", &[]).await;
    assert!(sound.text.contains("日志完整"), "{}", sound.text);
    assert_eq!(office.recorded("admin.journal_verified").await, 1);
    office.database.clock().advance_milliseconds(61_000);
    let waiting = shen.send("/admin/journal", "/admin/journal/verify", &[]).await;
    assert!(waiting.text.contains("超过一分钟未编号"), "an entry without a number is told");
}

async fn the_journal_is_compared_with_a_head_that_was_kept(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut shen = office.enter("shen", "auditor").await;
    store::journal::sequence(&office.app.database).await.unwrap();
    let page = shen.send("/admin/journal", "/admin/journal/verify", &[("head", "")]).await.text;
    let head = after(&page, "末条 ").unwrap().split('。').next().unwrap().to_owned();
    let kept = shen.send("/admin/journal", "/admin/journal/verify", &[("head", &head)]).await.text;
    assert!(kept.contains("与留存的一致"), "{kept}");
    let wrong = shen.send("/admin/journal", "/admin/journal/verify", &[("head", "7")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("应为「序号:校验值」"));
    let write = office.database.begin("test.cut").await;
    let last = head.split(':').next().unwrap().parse::<i64>().unwrap();
    let cut = Query::delete().from_table("journal").and_where(Expr::col("number").eq(last)).to_owned();
    assert_eq!(write.connection().execute(&cut).await.unwrap().rows_affected(), 1);
    write.save().await.unwrap();
    let cut = shen.send("/admin/journal", "/admin/journal/verify", &[("head", &head)]).await.text;
    assert!(cut.contains("末尾被截或重写"), "{cut}");
}

async fn an_entry_that_stops_a_listener_is_said_and_set_aside(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let mut shen = office.enter("shen", "auditor").await;
    let badge = |page: &str| {
        after(page, "<span>系统</span>").is_some_and(|rest| rest.starts_with("<span class=\"n\">1<"))
    };
    assert!(!badge(&han.page("/admin/jobs").await));
    let stubborn = Listener::new("test.stubborn", &["access.areas_loaded"], |_: App, _| async {
        anyhow::bail!("the rule is gone")
    });
    let app = office.app.clone();
    let runner =
        Runner::new(app.database.clone(), app.clock.clone(), app.clone(), Vec::new(), vec![stubborn])
            .await
            .unwrap();
    for _try in 0..TRIES_BEFORE_A_PERSON {
        office.database.clock().advance_milliseconds(600_000);
        runner.settle().await.unwrap();
    }
    let page = han.page("/admin/jobs").await;
    assert!(page.contains("1 条日志无法处理") && page.contains("the rule is gone"), "{page}");
    assert!(badge(&page), "whoever looks after the system is told on every page");
    let action = format!(
        "/admin/jobs/listeners/{}",
        after(&page, "action=\"/admin/jobs/listeners/").unwrap().split('"').next().unwrap()
    );
    let skip = action.replace("/retry", "/skip");
    assert_eq!(shen.send("/admin/jobs", &skip, &[]).await.status, StatusCode::FORBIDDEN, "auditors look on");
    assert_eq!(han.send_with(&page, &skip, &[]).await.location, "/admin/jobs");
    let page = han.page("/admin/jobs").await;
    assert!(page.contains("已搁置") && !badge(&page), "{page}");
    assert_eq!(han.send_with(&page, &action, &[]).await.location, "/admin/jobs");
    assert!(han.page("/admin/jobs").await.contains("待重投"));
    assert_eq!(office.recorded("admin.entry_skipped").await, 1);
    assert_eq!(office.recorded("admin.entry_retried").await, 1);
    runner.release().await;
}

async fn the_end_of_the_work_calendar_is_said(database: TestDatabase) {
    let office = Office::open(database).await;
    let until = base::WorkCalendar::shipped().covered_until().unwrap();
    let clock = office.database.clock();
    let mut said = Vec::new();
    let warned = -base::calendar::WARNED_BEFORE_DAYS;
    for (number, days) in [warned - 1, warned, 1].into_iter().enumerate() {
        clock.set(until.plus_days(days).start());
        let mut han = office.enter(&format!("han{number}"), "administrator").await;
        let page = han.page("/admin/jobs").await;
        said.push((page.contains("工作日历只到 2026-12-31"), page.contains("工作日历已经用完")));
    }
    assert_eq!(said, [(false, false), (true, false), (false, true)]);
}

async fn log_ins_are_on_record(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut shen = office.enter("shen", "auditor").await;
    office.browser().log_in("shen", "wrong").await;
    office.browser().log_in("secret-typed-as-name", "wrong").await;
    let page = shen.page("/admin/log-ins").await;
    assert!(page.contains("无此登录名") && page.contains("登录名或密码不对") && page.contains("名shen"));
    assert!(!page.contains("secret-typed-as-name"), "what was typed for no account may be a password");
}

async fn the_clock_of_a_demo_moves_forward_on_every_page(database: TestDatabase) {
    let office = Office::open_as(database, true).await;
    let mut han = office.enter("han", "administrator").await;
    assert!(!han.page("/admin/users").await.contains("办公时钟 2026"));
    let page = han.page("/admin/clock").await;
    for wrong in ["-60", "0", "99999999", "x"] {
        let refused = han.send_with(&page, "/admin/clock", &[("minutes", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let before = office.app.now();
    let moved = han.send_with(&page, "/admin/clock", &[("minutes", "4320")]).await;
    assert_eq!(moved.location, "/admin/clock");
    assert_eq!(han.send_with(&page, "/admin/clock", &[("minutes", "4320")]).await.location, "/admin/clock");
    assert_eq!(office.app.now().milliseconds_since(before), 3 * 86_400_000, "a second click moves nothing");
    assert!(han.page("/admin/users").await.contains("办公时钟 2026-03-05 09:00，快 3 天"));
    han.language = "en";
    assert!(han.page("/account").await.contains("3 days ahead"), "and in every language");
}

async fn the_clock_of_an_office_does_not_move(database: TestDatabase) {
    let office = Office::open(database).await;
    let mut han = office.enter("han", "administrator").await;
    let page = han.page("/admin/users").await;
    let refused = han.send_with(&page, "/admin/clock", &[("minutes", "60")]).await;
    assert!(refused.text.contains("正式环境不能拨时钟"), "{}", refused.text);
    assert_eq!(office.app.now(), office.app.machine_now());
}
