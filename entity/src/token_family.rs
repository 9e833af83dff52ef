//! One sign-in and every token that descends from it.

use crate::ids::{AccountId, TokenFamilyId};
use sea_orm::entity::prelude::*;

/// One sign-in and every token that descends from it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "token_family")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TokenFamilyId,
    pub account_id: AccountId,
    pub created_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    pub reason: Option<Reason>,
}

/// Why a sign-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Reason {
    SignedOut,
    Reused,
    PasswordChanged,
    PasswordReset,
    AccountDisabled,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
