//! Who an identity provider says that somebody is.

use crate::ids::{AccountId, IdentityId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// Who an identity provider says that somebody is.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityId,
    pub account_id: AccountId,
    pub issuer: String,
    pub subject: String,
    pub linked_at: DateTimeUtc,
    pub unlinked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
