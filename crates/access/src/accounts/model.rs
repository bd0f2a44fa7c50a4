//! The table `account`.

use base::{AccountId, Moment};
use sea_orm::DeriveRelation;
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, EntityTrait, EnumIter, PrimaryKeyTrait, Uuid,
};
use serde::{Deserialize, Serialize};
use store::Keys;

use super::password::PasswordHash;
use crate::AccessError;

/// The table, which is also what its sealed parts are bound to.
pub const TABLE: &str = "account";

/// A person's way into the system. The password is not part of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The login name: small letters and digits, never a phone or an identity number.
    pub login: String,
    /// The person's name; sealed in the database, never logged.
    pub name: String,
    /// The person's phone at work; may be empty; sealed.
    pub phone: String,
    /// Whether a password was issued at all.
    pub has_password: bool,
    /// Whether the next log-in must begin with a new password.
    pub must_change_password: bool,
    /// Since when it is disabled, by the office's clock.
    pub disabled_at: Option<Moment>,
    /// Its version.
    pub version: i32,
}

/// Names are personal data: what is debugged is logged.
impl std::fmt::Debug for Account {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Account")
            .field("id", &self.id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// What of an account is sealed.
#[derive(Serialize, Deserialize)]
pub struct Sealed {
    pub name: String,
    #[serde(default)]
    pub phone: String,
}

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub login: String,
    pub password_hash: Option<String>,
    pub must_change_password: bool,
    pub disabled_at: Option<i64>,
    pub sealed: Vec<u8>,
    pub version: i32,
}

/// A hash of a password is not for logs either.
impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("account::Model(…)")
    }
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn hash(&self) -> Option<PasswordHash> {
        self.password_hash.clone().map(PasswordHash::stored)
    }

    pub fn open(self, keys: &Keys) -> Result<Account, AccessError> {
        let sealed: Sealed = keys.open(TABLE, self.id, &self.sealed)?;
        Ok(Account {
            id: AccountId(self.id),
            login: self.login,
            name: sealed.name,
            phone: sealed.phone,
            has_password: self.password_hash.is_some(),
            must_change_password: self.must_change_password,
            disabled_at: self.disabled_at.map(Moment),
            version: self.version,
        })
    }
}
