//! What was sent to an endpoint, as the schema shows it.

use super::endpoint::WebhookEndpoint;
use crate::error::Error;
use crate::graphql::tree::Node;
use crate::graphql::{FieldResult, GlobalId, NodeType, One, Time};
use crate::webhook::event;
use async_graphql::{Context, Enum, ID, Object};
use entity::webhook_delivery::{self, Fault, State};

/// One event, as it was sent to an endpoint.
#[derive(Debug)]
pub struct WebhookDelivery(pub(in crate::webhook) Node<webhook_delivery::Entity>);

/// One event, as it was sent to an endpoint, and what came of it. Kept for 30 days.
#[Object]
impl WebhookDelivery {
    /// The delivery's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::WebhookDelivery, self.0.row.id)
    }

    /// Where it was sent.
    async fn endpoint(&self, ctx: &Context<'_>) -> FieldResult<One<&WebhookEndpoint>> {
        self.0.always(ctx)
    }

    /// What the receiver knows the event by: the header `webhook-id`, the same however often it is sent.
    async fn event_id(&self) -> String {
        event::id_of(&self.0.row)
    }

    /// What happened: `convening.updated` and the like; `feed.restarted`, where the receiver must read all anew because its
    /// owner sees other rows than before; or `test`.
    async fn event_type(&self) -> String {
        event::type_of(&self.0.row)
    }

    /// What it happened to; null where it happened to nothing in particular.
    async fn node_id(&self) -> FieldResult<Option<ID>> {
        let row = &self.0.row;
        let (Some(node_type), Some(key)) = (&row.node_type, row.node_key) else { return Ok(None) };
        let known = NodeType::named(node_type).ok_or_else(|| Error::internal("a type that is not known"))?;
        Ok(Some(GlobalId::encode(known, key)))
    }

    /// When it happened.
    async fn occurred_at(&self) -> Time {
        Time(self.0.row.occurred_at)
    }

    /// Whether somebody asked for it to be sent: it is tried once, beside what is told in order.
    async fn asked_for(&self) -> bool {
        self.0.row.asked
    }

    /// What has come of it.
    async fn state(&self) -> WebhookDeliveryState {
        self.0.row.state.into()
    }

    /// How often it was tried.
    async fn attempts(&self) -> i32 {
        self.0.row.attempts
    }

    /// The HTTP status that the receiver answered last; null where it answered nothing.
    async fn status(&self) -> Option<i32> {
        self.0.row.status
    }

    /// What went wrong the last time; null where nothing did, and where it was not tried.
    async fn fault(&self) -> Option<WebhookFault> {
        self.0.row.fault.map(WebhookFault::from)
    }

    /// When it was first to be sent.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    /// When it was last tried; null where it was not.
    async fn last_attempt_at(&self) -> Option<Time> {
        self.0.row.last_attempt_at.map(Time)
    }

    /// When the receiver first took it; null where it has not.
    async fn delivered_at(&self) -> Option<Time> {
        self.0.row.delivered_at.map(Time)
    }
}

/// What has come of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "State")]
pub(crate) enum WebhookDeliveryState {
    /// It is to be sent, or sent again.
    Pending,
    /// The receiver took it.
    Delivered,
    /// It was asked for and tried once, and the receiver did not take it.
    Failed,
    /// Its owner may not be told of it any more, or it is not kept any more: it is not sent.
    Skipped,
}

/// What can go wrong with sending something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Fault")]
pub(crate) enum WebhookFault {
    /// The receiver's answer was not one of success (200 to 299). Redirects are not followed.
    Status,
    /// The receiver took longer than 15 seconds to answer, or than 5 to be connected to.
    Timeout,
    /// There was no connection: no such name, nobody there, or no certificate that is trusted.
    Connection,
    /// The address is not of the public internet, or does not start with https://.
    Address,
    /// The receiver broke off before it answered.
    CutOff,
}
