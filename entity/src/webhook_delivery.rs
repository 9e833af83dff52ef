//! One event as it was sent to an endpoint.

use crate::ids::{WebhookDeliveryId, WebhookEndpointId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// One event as it was sent to an endpoint.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookDeliveryId,
    pub endpoint_id: WebhookEndpointId,
    pub event_id: Uuid,
    pub event: Event,
    pub audience: Option<Uuid>,
    pub number: Option<i64>,
    pub action: Option<String>,
    pub node_type: Option<String>,
    pub node_key: Option<Uuid>,
    pub occurred_at: DateTimeUtc,
    pub asked: bool,
    pub state: State,
    pub attempts: i32,
    pub status: Option<i32>,
    pub fault: Option<Fault>,
    pub created_at: DateTimeUtc,
    pub last_attempt_at: Option<DateTimeUtc>,
    pub delivered_at: Option<DateTimeUtc>,
}

/// What it tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Event {
    Change,
    Restart,
    Test,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum State {
    Pending,
    Delivered,
    Failed,
    Skipped,
}

/// Why the last attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Fault {
    Status,
    Timeout,
    Connection,
    Address,
    CutOff,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
