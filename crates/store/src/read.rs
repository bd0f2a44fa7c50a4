//! A reading transaction.

use sea_orm::DatabaseTransaction;

use crate::keys::Keys;

/// One snapshot of the database. Ends when it is dropped.
pub struct Read {
    transaction: DatabaseTransaction,
    keys: Keys,
}

impl Read {
    pub(crate) fn new(transaction: DatabaseTransaction, keys: Keys) -> Self {
        Self { transaction, keys }
    }

    /// What queries run on. It refuses to write.
    pub fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// The keys, to open what is sealed.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }
}
