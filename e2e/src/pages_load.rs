//! The load of the promise: inbox, lead, file and command page in equal shares, by four levels, another matter each time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::load::{Load, Target, Times, run};
use crate::plain::{Visitor, links};
use crate::product::Product;
use crate::story::DEMO_PASSWORD;

/// Those who ask, from the city down to the community.
const LEVELS: [&str; 4] = ["city", "district", "supervisor", "director"];
/// Lists that hand out the addresses of single pages, and how those begin.
const LISTS: [(&str, &str, &str); 2] =
    [("lead", "/leads?standing=any", "/leads/"), ("file", "/files", "/files/")];

/// Makes a demo city of `persons` in `folder`, serves it, and asks for its pages.
///
/// # Errors
/// When the city cannot be made, a page stands for nothing, or an answer is no page.
pub async fn measure(persons: u32, folder: &Path, load: &Load) -> Result<()> {
    let url = format!("sqlite:{}", folder.join("shouwang.db").display());
    let mut product = Product::new(folder, &url)?;
    let began = std::time::Instant::now();
    product.say(&["demo", "--no-serve", "--persons", &persons.to_string()]).await?;
    println!("demo of {persons} people: {:.1} s", began.elapsed().as_secs_f64());
    product.serve().await?;
    let mut visitors = Vec::new();
    for login in LEVELS {
        let visitor = Visitor::new(&product.url(""));
        visitor.log_in(login, DEMO_PASSWORD).await.with_context(|| format!("{login} does not come in"))?;
        visitors.push(Arc::new(visitor));
    }
    let targets = targets(&visitors).await?;
    println!("{} requests a second for {} s", load.rate, load.seconds);
    tell(&run(load, &targets).await?);
    let load = Load { seconds: load.seconds.min(IMPORT_SECONDS), ..load.clone() };
    let file = folder.join("grid-under-load.csv");
    std::fs::write(&file, grid(0)).context("the list cannot be written")?;
    let file = file.to_str().context("the folder's name is no text")?;
    let command = ["import", "grid", file];
    let import = async { product.say(&command).await.map(|_| ()) };
    while_importing("a command", import, &load, &targets).await?;
    while_importing("the server itself", hand_in(&product, grid(IMPORT_ROWS)), &load, &targets).await
}

/// The same pages while `import` takes a list in. They are asked for no longer than that takes.
async fn while_importing(
    who: &str,
    import: impl Future<Output = Result<()>>,
    load: &Load,
    targets: &[Target],
) -> Result<()> {
    let began = std::time::Instant::now();
    let import = async { import.await.map(|()| began.elapsed().as_secs_f64()) };
    let (took, times) = tokio::join!(import, run(load, targets));
    let took = took?;
    println!(
        "while {who} imports {IMPORT_ROWS} rows, which takes {took:.1} s: the first {} s of it",
        load.seconds
    );
    tell(&times?);
    Ok(())
}

/// Has the server take `list` in, as a clerk does on its pages.
async fn hand_in(product: &Product, list: String) -> Result<()> {
    let clerk = Visitor::new(&product.url(""));
    clerk.log_in("clerk", DEMO_PASSWORD).await?;
    let answer = clerk.hand_in("/feeds/grid", "grid.csv", &list).await?;
    let page = answer.location.with_context(|| format!("a list was answered with {}", answer.status))?;
    let apply = format!("{page}/apply");
    wait_for(&clerk, &page, |shown| shown.contains(&format!("action=\"{apply}\""))).await?;
    clerk.press(&page, &apply).await?;
    wait_for(&clerk, &page, |shown| !shown.contains(&format!("{page}/progress"))).await
}

/// Looks at `page` again and again until `holds` is true of it.
async fn wait_for(visitor: &Visitor, page: &str, holds: impl Fn(&str) -> bool) -> Result<()> {
    const LOOKS_AT_MOST: u32 = 600;
    for _look in 0..LOOKS_AT_MOST {
        if holds(&visitor.get(page).await?.body) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    bail!("{page} does not become what is waited for")
}

fn tell(times: &BTreeMap<&'static str, Times>) {
    for (name, times) in times {
        println!(
            "{name:<8} {:>6} answers, median {:>6.1} ms, p99 {:>6.1} ms, most {:>6.1} ms",
            times.count,
            times.median.as_secs_f64() * 1e3,
            times.p99.as_secs_f64() * 1e3,
            times.most.as_secs_f64() * 1e3
        );
    }
}

/// Rows of the list that is taken in beside: more than the seconds of asking suffice for.
const IMPORT_ROWS: u32 = 150_000;
/// Seconds of asking beside an import.
const IMPORT_SECONDS: u32 = 10;

/// A list of made-up people of a city's grid, three in a household, from the household of person `first` on.
fn grid(first: u32) -> String {
    const SURNAMES: [&str; 8] = ["王", "李", "张", "刘", "陈", "杨", "黄", "欧阳"];
    const GIVEN: [&str; 9] = ["梓", "涵", "宇", "轩", "欣", "怡", "浩", "然", "晨"];
    let mut text = "姓名,性别,户号,与户主关系,联系电话,现住址,街道,社区\n".to_owned();
    let pick = |from: &[&'static str], number: u32| {
        let place = usize::try_from(number).unwrap_or(0) % from.len();
        from.get(place).copied().unwrap_or_default()
    };
    for row in first..first + IMPORT_ROWS {
        let name = [pick(&SURNAMES, row / 7), pick(&GIVEN, row / 56), pick(&GIVEN, row / 504)].concat();
        let (sex, kin) = (pick(&["男", "女"], row), pick(&["户主", "配偶", "子"], row));
        let phone = 13_800_000_000_u64 + u64::from(row) * 61;
        let (house, room) = (row / 660, row / 3);
        // Writing into a text does not fail.
        let _ =
            writeln!(text, "{name},{sex},L{room},{kin},{phone},留仙大道{house}号{room}房,西丽街道,大勘社区");
    }
    text
}

async fn targets(visitors: &[Arc<Visitor>]) -> Result<Vec<Target>> {
    let mut targets = Vec::new();
    for (name, path) in [("inbox", "/inbox?whose=area"), ("command", "/command")] {
        let mut asks = Vec::new();
        for visitor in visitors {
            // Not every level has every page: a community has nobody to send leads out to.
            if visitor.get(path).await?.status == 200 {
                asks.push((Arc::clone(visitor), path.to_owned()));
            }
        }
        targets.push(Target { name, asks });
    }
    for (name, list, head) in LISTS {
        let mut asks = Vec::new();
        for visitor in visitors {
            let page = visitor.get(list).await?;
            let single = links(&page.body, head).into_iter().filter(|link| link.len() > head.len() + 30);
            asks.extend(single.map(|link| (Arc::clone(visitor), link)));
        }
        ensure!(!asks.is_empty(), "no {name} stands on {list}");
        targets.push(Target { name, asks });
    }
    Ok(targets)
}
