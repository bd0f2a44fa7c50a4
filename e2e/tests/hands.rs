//! Bad hands: clicks made twice, sessions that end under somebody's fingers, the way back, two people at one record,
//! files that are not what they should be. Each is done in a real browser, and nothing is done twice, lost or overwritten.

#![cfg(test)]

use std::time::{Duration, Instant};

use e2e::browser::{Browser, Driver, PATIENCE, Screen};
use e2e::product::Product;
use e2e::story::{DEMO_PASSWORD, today};
use e2e::workload;
use serde_json::json;

/// A served city with work for its supervisor, and the driver of browsers.
struct Office {
    product: Product,
    driver: Driver,
    // Gone with the test.
    _folder: tempfile::TempDir,
}

impl Office {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("shouwang.db").display());
        let mut product = Product::new(folder.path(), &url).unwrap();
        product.say(&["demo", "--no-serve", "--persons", "1000", "--seed", "3"]).await.unwrap();
        let (year, month, day) = today().unwrap();
        workload::report(&product, &format!("{year}-{month:02}-{day:02}")).await.unwrap();
        product.serve().await.unwrap();
        Self { product, driver: Driver::start().await.unwrap(), _folder: folder }
    }

    async fn seat(&self, login: &str) -> Browser {
        workload::come_in(&self.driver, &self.product, Screen::Desk, login).await.unwrap()
    }

    /// Goes to the leads that wait for dispatch and opens the one in place `at`.
    async fn lead(&self, browser: &Browser, at: usize) -> String {
        browser.go(&self.product.url("/leads")).await.unwrap();
        browser.until_it_says("待派发").await.unwrap();
        let all = browser.addresses().await.unwrap();
        let mut leads: Vec<String> = all.into_iter().filter(|path| is_lead(path)).collect();
        leads.dedup();
        browser.go(&self.product.url(&leads[at])).await.unwrap();
        leads.swap_remove(at)
    }

    /// A file of `bytes` under `name`, and its path.
    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.product.folder().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn is_lead(path: &str) -> bool {
    path.strip_prefix("/leads/").is_some_and(|id| id.len() == 36)
}

fn count(text: &str, words: &str) -> usize {
    text.matches(words).count()
}

/// Waits for words on the page without asking for it anew: what answers a form is gone then.
async fn comes_to_say(browser: &Browser, words: &str) {
    let began = Instant::now();
    while !browser.text().await.unwrap().contains(words) {
        assert!(began.elapsed() < PATIENCE, "{words}: {}", browser.text().await.unwrap());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Everything that goes wrong at a desk goes wrong in one city, one after the other: a city takes longer to found than
/// all of it together.
#[tokio::test]
async fn bad_hands_do_no_harm() {
    let mut office = Office::open().await;
    let supervisor = office.seat("supervisor").await;
    a_second_click_does_nothing(&office, &supervisor).await;
    a_form_sent_twice_at_once_is_done_once(&office, &supervisor).await;
    the_way_back_shows_how_it_stands_now(&office, &supervisor).await;
    what_was_typed_survives_the_end_of_a_session(&office, &supervisor).await;
    a_strangers_address_is_told_in_words(&office, &supervisor).await;
    files_that_are_no_pictures_are_refused_in_words(&office, &supervisor).await;
    supervisor.close().await.unwrap();
    a_wrong_clock_on_a_phone_loses_no_word(&office).await;
    another_phone_goes_on_at_the_first_question_without_an_answer(&office).await;
    what_was_typed_in_a_step_waits_for_whoever_typed_it(&office).await;
    what_was_kept_without_signal_turns_into_what_came_of_it(&office).await;
    uploads_of_nothing_and_of_too_much_are_refused_in_words(&office).await;
    the_second_of_two_people_is_shown_both(&office).await;
    a_phone_without_signal_shows_a_page_of_its_own(&mut office).await;
}

/// A word in a step of a lead: gone elsewhere and back, it is there; taken, or met by somebody else in the same tab, it is
/// not there any more.
async fn what_was_typed_in_a_step_waits_for_whoever_typed_it(office: &Office) {
    let supervisor = office.seat("supervisor").await;
    supervisor.go(&office.product.url("/leads")).await.unwrap();
    let all = supervisor.addresses().await.unwrap();
    let mut step = None;
    for path in all.into_iter().filter(|path| is_lead(path)) {
        supervisor.go(&office.product.url(&path)).await.unwrap();
        if supervisor.has("form[data-keep]").await.unwrap() {
            step = Some(office.product.url(&path));
            break;
        }
    }
    let step = step.expect("a lead that somebody checks");
    let field = "form[data-keep] [name='f-note']";
    let words = "邻居说孩子放学后一个人在家";
    let write = "const f = document.querySelector(arguments[0]); f.value = arguments[1]; f.dispatchEvent(new Event('input', { bubbles: true })); return f.name";
    supervisor.run(write, vec![json!(field), json!(words)]).await.unwrap();
    let elsewhere = async || {
        // Whoever leaves is asked first; here the answer is yes.
        let leave = "window.addEventListener('beforeunload', (e) => e.stopImmediatePropagation(), true); location.href = '/notices'";
        supervisor.run(leave, vec![]).await.unwrap();
        let began = Instant::now();
        while supervisor.path().await.unwrap_or_default() != "/notices" {
            let _ = supervisor.client().accept_alert().await;
            assert!(began.elapsed() < PATIENCE, "the page is left");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        supervisor.settle().await.unwrap();
    };
    let read = "return document.querySelector(arguments[0]).value";
    let kept = "return Object.keys(sessionStorage).filter((name) => name.startsWith('sheet:')).length";
    elsewhere().await;
    supervisor.go(&step).await.unwrap();
    supervisor.wait_for("[data-kept]").await.unwrap();
    assert_eq!(supervisor.run(read, vec![json!(field)]).await.unwrap(), json!(words));
    // Taken: it is the server's now, and the tab keeps nothing.
    supervisor.press("存草稿").await.unwrap();
    supervisor.wait_for(".sw-said").await.unwrap();
    assert_eq!(supervisor.run(kept, vec![]).await.unwrap(), json!(0));
    supervisor.go(&step).await.unwrap();
    assert_eq!(supervisor.run(read, vec![json!(field)]).await.unwrap(), json!(words), "saved");
    assert!(!supervisor.has("[data-kept]").await.unwrap(), "and not put back from the tab");
    // Typed anew, and then somebody else sits down: their session ends, another begins in the same tab.
    let private = "只写给自己看的半句话";
    supervisor.run(write, vec![json!(field), json!(private)]).await.unwrap();
    elsewhere().await;
    assert_eq!(supervisor.run(kept, vec![]).await.unwrap(), json!(1));
    supervisor.client().delete_all_cookies().await.unwrap();
    supervisor.go(&office.product.url("/log-in")).await.unwrap();
    supervisor.fill("登录名", "district").await.unwrap();
    supervisor.fill("密码", DEMO_PASSWORD).await.unwrap();
    supervisor.press("登录").await.unwrap();
    let began = Instant::now();
    while supervisor.path().await.unwrap() == "/log-in" {
        assert!(began.elapsed() < PATIENCE, "the district comes in");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    supervisor.settle().await.unwrap();
    assert_eq!(
        supervisor.run(kept, vec![]).await.unwrap(),
        json!(0),
        "nothing of the other is left in the tab"
    );
    supervisor.go(&step).await.unwrap();
    supervisor.settle().await.unwrap();
    let everything = "return document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((f) => f.value)";
    let shown = supervisor.run(everything, vec![]).await.unwrap();
    assert!(!shown.as_str().unwrap().contains(private), "{shown}");
    supervisor.close().await.unwrap();
}

/// The server is gone, as it is for a phone without signal: the page says so in both languages and leads back.
async fn a_phone_without_signal_shows_a_page_of_its_own(office: &mut Office) {
    let director =
        workload::come_in(&office.driver, &office.product, Screen::Phone, "director").await.unwrap();
    let page = office.product.url("/m/me");
    director.go(&page).await.unwrap();
    let began = Instant::now();
    let is_minded = "return Boolean(navigator.serviceWorker.controller)";
    while director.run(is_minded, vec![]).await.unwrap() != json!(true) {
        if began.elapsed() > PATIENCE {
            let how = "const done = arguments[0]; navigator.serviceWorker.getRegistrations().then((all) => done(all.map((one) => [one.scope, one.installing?.state, one.waiting?.state, one.active?.state])))";
            let how = director.client().execute_async(how, vec![]).await.unwrap();
            panic!("the worker does not take the phone's pages: {how}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let kept = r"
        const done = arguments[arguments.length - 1];
        (async () => {
          const all = [];
          for (const name of await caches.keys()) all.push(...(await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname));
          return all;
        })().then(done, (error) => done([String(error)]));";
    let kept = director.client().execute_async(kept, vec![]).await.unwrap();
    let kept: Vec<&str> = kept.as_array().unwrap().iter().filter_map(|path| path.as_str()).collect();
    assert!(kept.contains(&"/m/offline") && kept.len() == 4, "{kept:?}");
    assert!(kept.iter().all(|path| *path == "/m/offline" || path.starts_with("/assets/")), "{kept:?}");

    office.product.kill().await.unwrap();
    director.client().refresh().await.unwrap();
    let said = director.text().await.unwrap();
    for words in ["没有信号", "您写下的还在", "No signal", "What you wrote is still there"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(director.path().await.unwrap(), "/m/me", "the address stays, so that it can be tried again");
    let sheet = "return getComputedStyle(document.querySelector('.bar')).backgroundColor";
    assert_eq!(director.run(sheet, vec![]).await.unwrap(), json!("rgb(18, 48, 79)"), "with its sheet");
    assert!(
        director
            .complaints()
            .await
            .unwrap_or_default()
            .iter()
            .all(|one| !one.contains("Content Security Policy"))
    );

    office.product.serve().await.unwrap();
    director.follow("再试").await.unwrap();
    director.wait_for("[data-sync]").await.unwrap();
    assert_eq!(director.path().await.unwrap(), "/m/me");
    director.close().await.unwrap();
}

async fn a_second_click_does_nothing(office: &Office, supervisor: &Browser) {
    office.lead(supervisor, 0).await;
    let button = supervisor.find("#acts button", "派发").await.unwrap();
    let twice = "arguments[0].click(); arguments[0].click()";
    supervisor.run(twice, vec![serde_json::to_value(&button).unwrap()]).await.unwrap();
    supervisor.wait_for(".sw-said").await.unwrap();
    let said = supervisor.text().await.unwrap();
    assert!(said.contains("「派发」已办：线索"), "{said}");
    assert_eq!(count(&said, "派发，进入待签收"), 1, "{said}");
    supervisor.client().refresh().await.unwrap();
    assert!(!supervisor.has(".sw-said").await.unwrap(), "it is said once");
}

/// As two clicks arrive from a browser without scripts: both are sent, and the server takes one.
async fn a_form_sent_twice_at_once_is_done_once(office: &Office, supervisor: &Browser) {
    let lead = office.lead(supervisor, 0).await;
    let button = supervisor.find("#acts button", "派发").await.unwrap();
    let script = r"
        const [button, done] = arguments;
        const send = () => fetch(button.form.getAttribute('action'), { method: 'POST', body: new URLSearchParams(new FormData(button.form)) });
        Promise.all([send(), send(), send()]).then((answers) => done(answers.map((a) => a.status)), (e) => done([String(e)]));";
    let button = serde_json::to_value(&button).unwrap();
    let answers = supervisor.client().execute_async(script, vec![button]).await.unwrap();
    assert_eq!(answers, json!([200, 200, 200]), "each is led to the same page");
    supervisor.go(&office.product.url(&lead)).await.unwrap();
    let said = supervisor.text().await.unwrap();
    assert_eq!(count(&said, "派发，进入待签收"), 1, "{said}");
}

async fn the_way_back_shows_how_it_stands_now(office: &Office, supervisor: &Browser) {
    office.lead(supervisor, 0).await;
    supervisor.press("派发").await.unwrap();
    supervisor.until_it_says("待签收").await.unwrap();
    supervisor.follow("待办").await.unwrap();
    supervisor.client().back().await.unwrap();
    supervisor.settle().await.unwrap();
    let said = supervisor.text().await.unwrap();
    assert!(said.contains("待签收"), "{said}");
    let offered = supervisor.has("#acts input[name=action][value=dispatch]").await.unwrap();
    assert!(!offered, "what was done cannot be done again from the page before: {said}");
    assert!(!supervisor.has(".sw-said").await.unwrap(), "what was done is not said again");
}

async fn what_was_typed_survives_the_end_of_a_session(office: &Office, supervisor: &Browser) {
    let lead = office.lead(supervisor, 0).await;
    let typed = "已致电居委会，孩子上月随父母迁回老家";
    supervisor.fill("理由（至少", typed).await.unwrap();
    // An administrator ends every session of the account, and lets its person in again.
    let admin = office.seat("admin").await;
    admin.go(&office.product.url("/admin/users")).await.unwrap();
    admin.fill("按姓名或登录名查找", "supervisor\n").await.unwrap();
    admin.settle().await.unwrap();
    let script = "[...document.querySelectorAll('main tr')].find((r) => /\\bsupervisor\\b/.test(r.innerText)).querySelector('a').click()";
    admin.run(script, vec![]).await.unwrap();
    admin.press("停用账号").await.unwrap();
    admin.until_it_says("账号已停用，此人不能再登录。").await.unwrap();
    admin.press("恢复使用").await.unwrap();
    admin.close().await.unwrap();
    supervisor.press("不成立").await.unwrap();
    let said = supervisor.text().await.unwrap();
    assert!(said.contains("刚才填写的内容还在"), "{said}");
    supervisor.fill("登录名", "supervisor").await.unwrap();
    supervisor.fill("密码", DEMO_PASSWORD).await.unwrap();
    supervisor.press("登录").await.unwrap();
    supervisor.wait_for("#acts").await.unwrap();
    assert_eq!(supervisor.path().await.unwrap(), lead);
    let said = supervisor.text().await.unwrap();
    assert!(said.contains("上次没交上的内容已填回") && said.contains("待派发"), "nothing was done: {said}");
    let kept = "return [...document.querySelectorAll('#acts textarea')].map((t) => t.value)";
    assert_eq!(supervisor.run(kept, vec![]).await.unwrap()[0], json!(typed));
}

async fn a_strangers_address_is_told_in_words(office: &Office, supervisor: &Browser) {
    for path in ["/leads/00000000-0000-7000-8000-000000000000", "/leads/x", "/cases/1", "/nothing/here"] {
        supervisor.go(&office.product.url(path)).await.unwrap();
        let said = supervisor.text().await.unwrap();
        assert!(said.contains("没有这个页面或记录") && said.contains("回到首页"), "{path}: {said}");
    }
    // The address of a form leads to the page that has it, not to an empty answer.
    let lead = office.lead(supervisor, 0).await;
    let id = lead.rsplit('/').next().unwrap();
    supervisor.go(&office.product.url(&format!("/matters/{id}/act"))).await.unwrap();
    assert_eq!(supervisor.path().await.unwrap(), lead);
}

async fn files_that_are_no_pictures_are_refused_in_words(office: &Office, supervisor: &Browser) {
    let lead = office.lead(supervisor, 0).await;
    let large = vec![0xFF; 30 << 20];
    let files = [("letter.jpg", &b"not a picture at all"[..]), ("empty.jpg", b""), ("large.jpg", &large)];
    for (name, bytes) in files {
        supervisor.go(&office.product.url(&lead)).await.unwrap();
        supervisor.press("附照片或文书").await.unwrap();
        supervisor.fill("选择图片", &office.file(name, bytes)).await.unwrap();
        supervisor.fill("说明", "门口拍的").await.unwrap();
        let button = supervisor.find("#papers button", "附照片或文书").await.unwrap();
        supervisor.click(&button).await.unwrap();
        supervisor.wait_for("[role=alert]").await.unwrap();
        let said = supervisor.text().await.unwrap();
        let words = if bytes.len() > 1 << 20 { "16" } else { "JPEG" };
        assert!(said.contains(words) && said.contains("为什么提出这条线索"), "{name}: {said}");
    }
}

/// A phone whose clock is years behind, without signal while somebody writes: what was typed is there again, at the
/// question where they were, and goes to the server as soon as it answers.
async fn a_wrong_clock_on_a_phone_loses_no_word(office: &Office) {
    let director =
        workload::come_in(&office.driver, &office.product, Screen::Phone, "director").await.unwrap();
    let lead =
        director.addresses().await.unwrap().into_iter().find(|path| path.starts_with("/m/leads/")).unwrap();
    director.go(&office.product.url(&lead)).await.unwrap();
    director.press("签收，我去").await.unwrap();
    director.until_it_says("开始核查").await.unwrap();
    let form = office.product.url(&format!("{lead}/form"));
    director.go(&form).await.unwrap();
    director.settle().await.unwrap();
    let asked = "return document.querySelector('.q.now').dataset.q";
    let first = director.run(asked, vec![]).await.unwrap();
    let write = r"
        Date.now = () => 1000000000000;
        const real = window.fetch;
        window.fetch = (path, ...more) => String(path).includes('/m/drafts') ? Promise.reject(new Error('no signal')) : real(path, ...more);
        document.querySelector('.q.now input[type=radio]').click();";
    director.run(write, vec![]).await.unwrap();
    comes_to_say(&director, "存在本机").await;
    let there = director.run(asked, vec![]).await.unwrap();
    assert_ne!(there, first, "one tap answers and leads on");
    director.go(&office.product.url("/m")).await.unwrap();
    director.go(&form).await.unwrap();
    comes_to_say(&director, "已恢复").await;
    assert_eq!(director.run(asked, vec![]).await.unwrap(), there, "it opens where they were");
    let chosen = "return document.querySelectorAll(`[name=${arguments[0]}]:checked`).length";
    assert_eq!(director.run(chosen, vec![first.clone()]).await.unwrap(), json!(1), "the answer is there");
    comes_to_say(&director, "已保存").await;
    director.go(&form).await.unwrap();
    director.settle().await.unwrap();
    assert_eq!(director.run(chosen, vec![first]).await.unwrap(), json!(1), "and on the server");
    director.close().await.unwrap();
}

/// The addresses of the leads on the phone's list.
async fn leads_of(office: &Office, director: &Browser) -> Vec<String> {
    director.go(&office.product.url("/m")).await.unwrap();
    let mut all = director.addresses().await.unwrap();
    all.retain(|path| path.starts_with("/m/leads/") && path.len() == "/m/leads/".len() + 36);
    all.dedup();
    all
}

/// The lead whose check the director has begun.
async fn begun(office: &Office, director: &Browser) -> String {
    for lead in leads_of(office, director).await {
        director.go(&office.product.url(&lead)).await.unwrap();
        if director.text().await.unwrap().contains("接着填") {
            return lead;
        }
    }
    panic!("no check was begun");
}

/// A later answer may have been filled in from what is known: nobody is led past a question because of it. And answers
/// that speak against each other are asked back on the spot.
async fn another_phone_goes_on_at_the_first_question_without_an_answer(office: &Office) {
    let first = workload::come_in(&office.driver, &office.product, Screen::Phone, "director").await.unwrap();
    let lead = begun(office, &first).await;
    let form = office.product.url(&format!("{lead}/form"));
    first.go(&form).await.unwrap();
    first.settle().await.unwrap();
    let choose = "const i = document.querySelector(`[name=${arguments[0]}][value=${arguments[1]}]`); i.checked = true; \
        i.dispatchEvent(new Event('change', { bubbles: true }));";
    for (question, option) in [("seen", "yes"), ("school", "attends")] {
        first.run(choose, vec![json!(question), json!(option)]).await.unwrap();
    }
    comes_to_say(&first, "已保存").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    first.close().await.unwrap();

    let second = workload::come_in(&office.driver, &office.product, Screen::Phone, "director").await.unwrap();
    second.go(&form).await.unwrap();
    second.settle().await.unwrap();
    let place = r"
        const open = [...document.querySelectorAll('[data-q][data-required]:not([data-off])')]
            .find((q) => q.closest('[data-form]') && !q.querySelector('input:checked'));
        return [document.querySelector('.q.now').dataset.q, open.dataset.q];";
    let began = Instant::now();
    loop {
        let places = second.run(place, vec![]).await.unwrap();
        if places[0] == places[1] && places[0] != json!("seen") {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "it opens at {places}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    let now = "return document.querySelector('.q.now').dataset.q";
    second.run("location.hash = 'q-result'", vec![]).await.unwrap();
    second.run(choose, vec![json!("result"), json!("not_found")]).await.unwrap();
    comes_to_say(&second, "就不是「未找到」").await;
    second.wait_for("[data-next]").await.unwrap().click().await.unwrap();
    assert_eq!(second.run(now, vec![]).await.unwrap(), json!("result"), "nobody goes on from there");
    second.run(choose, vec![json!("injury"), json!("new")]).await.unwrap();
    second.run(choose, vec![json!("result"), json!("no_risk")]).await.unwrap();
    second.wait_for("[data-next]").await.unwrap().click().await.unwrap();
    comes_to_say(&second, "为什么说没有风险").await;
    assert_eq!(second.run(now, vec![]).await.unwrap(), json!("why_no_risk"));

    // The session has ended: the head does not go on saying that all is in step.
    comes_to_say(&second, "已保存").await;
    second.client().delete_all_cookies().await.unwrap();
    second.run(choose, vec![json!("manner"), json!("calm")]).await.unwrap();
    let head = "return document.querySelector('[data-sync]').innerText";
    let began = Instant::now();
    while !second.run(head, vec![]).await.unwrap().as_str().unwrap().contains("请重新登录") {
        assert!(began.elapsed() < PATIENCE, "{}", second.run(head, vec![]).await.unwrap());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    second.close().await.unwrap();
}

/// Danger that is reported without signal and delivered later: the page goes on to what came of it. And a lead that is
/// given back so leaves the list by itself.
async fn what_was_kept_without_signal_turns_into_what_came_of_it(office: &Office) {
    let director =
        workload::come_in(&office.driver, &office.product, Screen::Phone, "director").await.unwrap();
    let silence = r"
        window.realFetch = window.fetch;
        window.fetch = (path, ...more) => String(path).includes('/m/commands') ? Promise.reject(new Error('no signal')) : window.realFetch(path, ...more);";
    let signal = "window.fetch = window.realFetch; window.dispatchEvent(new Event('online'))";
    let lead = begun(office, &director).await;
    director.go(&office.product.url(&format!("{lead}/form#danger"))).await.unwrap();
    director.settle().await.unwrap();
    director.run(silence, vec![]).await.unwrap();
    let report = "document.querySelector('#danger [name=danger][value=violence]').checked = true; \
        document.querySelector('#danger form').requestSubmit()";
    director.run(report, vec![]).await.unwrap();
    comes_to_say(&director, "已存本机，还没送达").await;
    director.run(signal, vec![]).await.unwrap();
    comes_to_say(&director, "立案").await;
    assert_eq!(director.path().await.unwrap(), format!("{lead}/outcome"));
    assert!(!director.text().await.unwrap().contains("还没送达"));

    let other = leads_of(office, &director).await.into_iter().find(|other| *other != lead).unwrap();
    director.go(&office.product.url(&format!("{other}/return"))).await.unwrap();
    director.settle().await.unwrap();
    let send = "document.querySelector('#return').requestSubmit()";
    director.run(send, vec![]).await.unwrap();
    comes_to_say(&director, "请选一个原因").await;
    director.run(silence, vec![]).await.unwrap();
    director.run("document.querySelector('[name=reason]').click()", vec![]).await.unwrap();
    director.run(send, vec![]).await.unwrap();
    comes_to_say(&director, "已存本机，还没送达").await;
    director.go(&office.product.url("/m")).await.unwrap();
    let began = Instant::now();
    while director.addresses().await.unwrap_or_default().contains(&other) {
        assert!(began.elapsed() < PATIENCE, "the list still shows what was given back");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    director.close().await.unwrap();
}

async fn uploads_of_nothing_and_of_too_much_are_refused_in_words(office: &Office) {
    let clerk = office.seat("clerk").await;
    let page = office.product.url("/feeds/school");
    clerk.go(&page).await.unwrap();
    let send = "document.querySelector('main form[enctype]').noValidate = true; document.querySelector('main form[enctype]').requestSubmit()";
    clerk.run(send, vec![]).await.unwrap();
    comes_to_say(&clerk, "请选择文件").await;
    let thirty = "某某,123,x\n".repeat((30 << 20) / 15);
    for (name, bytes) in [
        ("empty.csv", &b""[..]),
        ("picture.csv", &b"\x89PNG\r\n\x1a\n\0\0\0"[..]),
        ("thirty.csv", thirty.as_bytes()),
    ] {
        clerk.go(&page).await.unwrap();
        clerk.fill("文件", &office.file(name, bytes)).await.unwrap();
        clerk.press("上传并预览").await.unwrap();
        comes_to_say(&clerk, "这份文件收不了").await;
    }
    clerk.close().await.unwrap();
}

async fn the_second_of_two_people_is_shown_both(office: &Office) {
    let (one, other) = (office.seat("admin").await, office.seat("admin").await);
    one.go(&office.product.url("/admin/posts")).await.unwrap();
    let posts = one.addresses().await.unwrap();
    let post = posts.iter().find(|path| path.strip_prefix("/admin/posts/").is_some_and(|id| id.len() == 36));
    let page = office.product.url(post.unwrap());
    for browser in [&one, &other] {
        browser.go(&page).await.unwrap();
    }
    one.fill("岗位名", "先来的").await.unwrap();
    one.press("保存").await.unwrap();
    one.until_it_says("岗位已保存。").await.unwrap();
    other.fill("岗位名", "后到的").await.unwrap();
    other.press("保存").await.unwrap();
    other.settle().await.unwrap();
    let said = other.text().await.unwrap();
    assert!(said.contains("先来的") && said.contains("后到的"), "{said}");
    one.client().refresh().await.unwrap();
    assert!(!one.text().await.unwrap().contains("后到的"), "nothing was overwritten");
    one.close().await.unwrap();
    other.close().await.unwrap();
}
