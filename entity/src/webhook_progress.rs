//! How far an endpoint has been told of changes, and how that goes.

use crate::ids::WebhookEndpointId;
use sea_orm::entity::prelude::*;

/// How far an endpoint has been told of changes, and how that goes.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_progress")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub endpoint_id: WebhookEndpointId,
    pub audience: Uuid,
    pub number: i64,
    pub restart_id: Option<Uuid>,
    pub failures: i32,
    pub failing_since: Option<DateTimeUtc>,
    pub next_attempt_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
