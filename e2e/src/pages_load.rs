//! The load of the promise: inbox, lead, file and command page in equal shares, by four levels, another matter each time.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};

use crate::load::{Load, Target, run};
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
    for (name, times) in run(load, &targets).await? {
        println!(
            "{name:<8} {:>6} answers, median {:>6.1} ms, p99 {:>6.1} ms, most {:>6.1} ms",
            times.count,
            times.median.as_secs_f64() * 1e3,
            times.p99.as_secs_f64() * 1e3,
            times.most.as_secs_f64() * 1e3
        );
    }
    Ok(())
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
