//! Requests at a fixed rate against a running product, whatever it answers how fast: an open loop, so that a slow answer
//! does not slow the asking and hide itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::sync::Mutex;

use crate::plain::{Answer, Visitor};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Load {
    /// Requests a second.
    pub rate: u32,
    /// How long.
    pub seconds: u32,
}

/// One kind of page, and the addresses that stand for it.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name in the report: `lead`.
    pub name: &'static str,
    /// The person who asks, and the path.
    pub asks: Vec<(Arc<Visitor>, String)>,
}

/// How long the answers of one kind of page took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// Answers.
    pub count: usize,
    /// Half of them came within.
    pub median: Duration,
    /// 99 of 100 came within.
    pub p99: Duration,
    /// The slowest.
    pub most: Duration,
}

/// Asks for the targets in turn, another address each time.
///
/// # Errors
/// When a target has no address, or any answer is not a page.
pub async fn run(load: &Load, targets: &[Target]) -> Result<BTreeMap<&'static str, Times>> {
    if let Some(empty) = targets.iter().find(|target| target.asks.is_empty()) {
        bail!("no page stands for `{}`", empty.name);
    }
    let taken: Arc<Mutex<Vec<(&'static str, Duration)>>> = Arc::default();
    let failed: Arc<Mutex<Vec<String>>> = Arc::default();
    let began = Instant::now();
    let mut under_way = tokio::task::JoinSet::new();
    for number in 0..load.rate.saturating_mul(load.seconds) {
        let due = Duration::from_secs_f64(f64::from(number) / f64::from(load.rate));
        tokio::time::sleep_until((began + due).into()).await;
        let number = usize::try_from(number).context("a count fits")?;
        let target = targets.get(number % targets.len()).context("there is a target")?;
        let round = number / targets.len();
        let (visitor, path) =
            target.asks.get(round % target.asks.len()).context("there is an address")?.clone();
        let (name, taken, failed) = (target.name, Arc::clone(&taken), Arc::clone(&failed));
        // From the moment at which it was due: waiting for a turn is part of what a person waits.
        let asked = began + due;
        under_way.spawn(async move {
            match visitor.get(&path).await {
                Ok(Answer { status: 200, .. }) => taken.lock().await.push((name, asked.elapsed())),
                Ok(answer) => failed.lock().await.push(format!("{name} answered {}", answer.status)),
                Err(error) => failed.lock().await.push(format!("{name}: {error:#}")),
            }
        });
    }
    while under_way.join_next().await.is_some() {}
    let failed = std::mem::take(&mut *failed.lock().await);
    if let Some(first) = failed.first() {
        bail!("{} of the answers were no pages; the first: {first}", failed.len());
    }
    let taken = std::mem::take(&mut *taken.lock().await);
    Ok(targets.iter().map(|target| (target.name, times(&taken, target.name))).collect())
}

fn times(taken: &[(&'static str, Duration)], name: &str) -> Times {
    let mut own: Vec<Duration> =
        taken.iter().filter(|(target, _)| *target == name).map(|(_, time)| *time).collect();
    own.sort_unstable();
    let at = |share: usize| {
        own.get(own.len().saturating_mul(share) / 100).or(own.last()).copied().unwrap_or_default()
    };
    Times { count: own.len(), median: at(50), p99: at(99), most: own.last().copied().unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_one_kind_of_page_only() {
        let mut taken: Vec<_> =
            (1..=200).map(|milliseconds| ("lead", Duration::from_millis(milliseconds))).collect();
        taken.push(("inbox", Duration::from_secs(9)));
        let times = times(&taken, "lead");
        assert_eq!(times.count, 200);
        assert_eq!(times.median, Duration::from_millis(101));
        assert_eq!(times.p99, Duration::from_millis(199));
        assert_eq!(times.most, Duration::from_millis(200));
    }
}
