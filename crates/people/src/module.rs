//! What this crate hands to the binary.

use access::Actor;
use base::DeliveryId;
use serde::{Deserialize, Serialize};
use store::jobs::{Job, JobKind};
use web::{App, Module};

use crate::People;
use crate::import::{self, ImportError};

/// The job that reads a received delivery and compares it with its feed.
pub const CHECK_JOB: &str = "people.check_delivery";
/// The job that applies and publishes a checked delivery, or goes on with one that was left half applied.
pub const APPLY_JOB: &str = "people.apply_delivery";

/// What both are enqueued with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryJob {
    /// The delivery.
    pub delivery: DeliveryId,
}

/// The module.
pub fn module(people: &People) -> Module {
    Module { migrations: crate::migrations(), jobs: jobs(people), ..Module::new("people") }
}

fn jobs(people: &People) -> Vec<JobKind<App>> {
    let (checking, applying, renewing) = (people.clone(), people.clone(), people.clone());
    vec![
        JobKind::new(CHECK_JOB, move |app: App, job: Job| {
            let people = checking.clone();
            async move {
                let importer = people.importer(&app, &Actor::system(), job.operation);
                settled(importer.check(job.payload::<DeliveryJob>()?.delivery).await.map(drop))
            }
        }),
        JobKind::new(APPLY_JOB, move |app: App, job: Job| {
            let people = applying.clone();
            async move {
                let importer = people.importer(&app, &Actor::system(), job.operation);
                settled(importer.apply(job.payload::<DeliveryJob>()?.delivery).await.map(drop))
            }
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
fn settled(outcome: Result<(), ImportError>) -> anyhow::Result<()> {
    match outcome {
        Err(error @ (ImportError::File(_) | ImportError::UnknownFeed(_) | ImportError::TooLarge { .. })) => {
            Err(store::jobs::GiveUp(error.to_string()).into())
        }
        other => Ok(other?),
    }
}
