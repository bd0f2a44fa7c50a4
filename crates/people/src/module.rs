//! What this crate hands to the binary.

use access::Actor;
use base::{DeliveryId, Label};
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobKind};
use web::{App, MenuItem, Module, Pages, Rule};

use crate::People;
use crate::deliveries::Delivery;
use crate::import::{self, ImportError, Importer};

/// What the journal and the list of jobs call what happens here.
mod records {
    texts::module!("people-records");
}

/// The job that reads a received delivery and compares it with its feed.
pub const CHECK_JOB: &str = "people.check_delivery";
/// The job that applies and publishes a checked delivery, or goes on with one that was left half applied.
pub const APPLY_JOB: &str = "people.apply_delivery";

/// The job that takes up what killed commands left.
pub const TAKE_UP_JOB: &str = "people.take_up_deliveries";

/// What the jobs of one delivery are enqueued with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryJob {
    /// The delivery.
    pub delivery: DeliveryId,
}

/// The module.
pub fn module(people: &People) -> Module {
    Module {
        migrations: crate::migrations(),
        pages: pages(people),
        menu: menu(),
        figures: vec![crate::review::pages::waiting()],
        actions: vec![crate::persons::pages::search_field()],
        jobs: jobs(people),
        words: Some(|language, key| records::Texts(language).named(key)),
        ..Module::new("people")
    }
}

fn pages(people: &People) -> Pages {
    crate::deliveries::pages::pages(people)
        .merge(crate::rows::pages::pages())
        .merge(crate::review::pages::pages(people))
        .merge(crate::persons::pages::pages(people))
}

fn menu() -> Vec<MenuItem> {
    let label = |zh: &str, en: &str| Label { zh: zh.to_owned(), en: en.to_owned() };
    vec![
        MenuItem {
            place: 50,
            icon: "arrows-join",
            label: label("复核", "Review"),
            href: "/review",
            rule: Rule::May(&[("decide", "review")]),
            figure: Some(crate::review::pages::WAITING),
        },
        MenuItem {
            place: 60,
            icon: "database-import",
            label: label("数据", "Data"),
            href: "/feeds",
            rule: Rule::May(&[("read", "feed")]),
            figure: None,
        },
    ]
}

fn jobs(people: &People) -> Vec<JobKind<App>> {
    let (checking, applying, renewing) = (people.clone(), people.clone(), people.clone());
    let taking_up = people.clone();
    vec![
        JobKind::new(CHECK_JOB, move |app: App, job: Job| {
            let people = checking.clone();
            async move {
                let importer = people.importer(&app, &Actor::system(), job.operation);
                let id = job.payload::<DeliveryJob>()?.delivery;
                settled(&importer, id, importer.check(id).await).await
            }
        }),
        JobKind::new(APPLY_JOB, move |app: App, job: Job| {
            let people = applying.clone();
            async move {
                let importer = people.importer(&app, &Actor::system(), job.operation);
                let id = job.payload::<DeliveryJob>()?.delivery;
                settled(&importer, id, importer.apply(id).await).await
            }
        }),
        JobKind::new(TAKE_UP_JOB, move |app: App, job: Job| {
            let people = taking_up.clone();
            async move { Ok(people.importer(&app, &Actor::system(), job.operation).take_up().await?) }
        }),
        JobKind::new(import::RENEW_JOB, move |app: App, job: Job| {
            let people = renewing.clone();
            async move {
                let hands = people.hands(&app, &Actor::system(), job.operation);
                Ok(import::renew(&hands, job.payload()?).await?)
            }
        }),
    ]
}

/// A file that cannot be read will not be readable the next time: the job ends, and the delivery's page says why.
async fn settled(
    importer: &Importer,
    id: DeliveryId,
    outcome: Result<Delivery, ImportError>,
) -> anyhow::Result<()> {
    match outcome {
        Ok(_) => Ok(()),
        Err(error @ (ImportError::File(_) | ImportError::UnknownFeed(_) | ImportError::TooLarge { .. })) => {
            importer.put_away(id, &error).await?;
            Err(store::jobs::GiveUp(error.to_string()).into())
        }
        Err(other) => Err(other.into()),
    }
}
