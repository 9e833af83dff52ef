//! Where a partner's program is told of changes.

use crate::ids::{AccountId, ApiKeyId, WebhookEndpointId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// Where a partner's program is told of changes.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "webhook_endpoint")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookEndpointId,
    pub account_id: Option<AccountId>,
    pub api_key_id: Option<ApiKeyId>,
    pub url: String,
    pub description: Option<String>,
    pub types: Vec<String>,
    pub actions: Vec<String>,
    pub status: Status,
    pub status_since: DateTimeUtc,
    pub disabled_because: Option<Reason>,
    pub secret: Vec<u8>,
    pub previous_secret: Option<Vec<u8>>,
    pub previous_until: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Whether anything is sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Status {
    Active,
    Paused,
    Disabled,
}

/// Why the service gave up on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Reason {
    Failing,
    Gone,
    Owner,
    Secret,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
