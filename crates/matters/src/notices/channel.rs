//! Ways by which a notice reaches somebody.

use async_trait::async_trait;
use base::PostId;
use store::{StoreError, Write};

use super::model::NoticeKind;
use super::repo;
use crate::Matter;

/// Somebody who is told something.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// What it is about.
    pub matter: &'a Matter,
    /// Who.
    pub post: PostId,
    /// Why.
    pub kind: NoticeKind,
}

/// A way by which notices go out. A channel that leaves the product (a short message) enqueues a job in `write`, so that
/// nothing is sent of what is rolled back; and it sends no name and no number of a person.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Its name, for logs.
    fn name(&self) -> &'static str;

    /// Sends what is told, as part of the transaction in which it happened.
    ///
    /// # Errors
    /// Those of the database; the transaction is then not saved.
    async fn send(&self, write: &Write, told: &[Told<'_>]) -> Result<(), StoreError>;
}

/// The channel inside the product: the bell and the page of notices.
#[derive(Debug, Clone, Copy)]
pub struct InProduct;

#[async_trait]
impl Channel for InProduct {
    fn name(&self) -> &'static str {
        "in_product"
    }

    async fn send(&self, write: &Write, told: &[Told<'_>]) -> Result<(), StoreError> {
        repo::insert(write, told).await
    }
}
