//! How something is sent that is not the next change.

use super::delivery::WebhookDelivery;
use super::endpoint::WebhookEndpoint;
use super::mutation::key;
use crate::error::Result;
use crate::graphql::{GlobalId, NodeType, Nullable, Time, payload, write};
use crate::webhook::service;
use async_graphql::{Context, ID, Object};
use entity::ids::WebhookDeliveryId;
use entity::{webhook_delivery, webhook_endpoint};

payload!(
    /// What came of asking for a test.
    SendTestWebhookPayload {
        /// The delivery, which is sent within moments; null where it will not be.
        webhook_delivery: WebhookDelivery = webhook_delivery::Entity
    }
);

payload!(
    /// What came of asking for a repetition.
    RedeliverWebhookPayload {
        /// The new delivery of the same event, which is sent within moments; null where it will not be.
        webhook_delivery: WebhookDelivery = webhook_delivery::Entity
    }
);

payload!(
    /// What came of asking for all since a moment.
    ReplayWebhooksPayload {
        /// The endpoint; null where nothing is sent again.
        webhook_endpoint: WebhookEndpoint = webhook_endpoint::Entity
    }
);

fn delivery(id: &ID) -> Result<WebhookDeliveryId> {
    GlobalId::key_of(id, NodeType::WebhookDelivery)
}

/// What can be sent besides the next change.
#[derive(Debug, Default)]
pub(crate) struct WebhookResendMutation;

#[Object]
impl WebhookResendMutation {
    /// Sends an event of the type `test` to an endpoint, once, whatever its status: what comes of it stands in the delivery.
    async fn send_test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] webhook_endpoint_id: ID,
    ) -> Nullable<SendTestWebhookPayload> {
        write(ctx, async |db, actor| service::test(db, actor, key(&webhook_endpoint_id)?).await).await
    }

    /// Sends an event once more, beside what is told in order and whatever the status of the endpoint. It is tried once; it is
    /// skipped where the owner may not be told of it any more.
    async fn redeliver_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which delivery.")] id: ID,
    ) -> Nullable<RedeliverWebhookPayload> {
        write(ctx, async |db, actor| service::redeliver(db, actor, delivery(&id)?).await).await
    }

    /// Tells an endpoint everything again, in order, that it was first told since a moment, as far as its owner may see it now.
    /// Where not all of that is kept it is refused, and says from when on all is.
    async fn replay_webhooks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] id: ID,
        #[graphql(desc = "Since when; deliveries are kept for 30 days.")] since: Time,
    ) -> Nullable<ReplayWebhooksPayload> {
        write(ctx, async |db, actor| service::replay(db, actor, key(&id)?, since.0).await).await
    }
}
