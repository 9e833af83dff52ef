//! How endpoints are looked up and listed.

use super::endpoint::WebhookEndpoint;
use crate::graphql::tree;
use crate::graphql::{Connection, ContextExt as _, Found, GlobalId, NodeType, Nullable};
use crate::policy::{Action, Kind, authorize_some};
use crate::webhook::loader;
use async_graphql::{Context, ID, Object};
use entity::ids::WebhookEndpointId;
use entity::webhook_endpoint;

/// Root fields on webhooks.
#[derive(Debug, Default)]
pub(crate) struct WebhookQuery;

#[Object]
impl WebhookQuery {
    /// One endpoint; null where there is none of that id that you may see.
    async fn webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The endpoint's global id.")] id: ID,
    ) -> Found<WebhookEndpoint> {
        let key = GlobalId::key_of::<WebhookEndpointId>(&id, NodeType::WebhookEndpoint);
        tree::find_by_key::<webhook_endpoint::Entity>(ctx, key).await
    }

    /// The endpoints that you may see, in the order in which they were made: your own, all for ADMIN and AUDITOR, an error
    /// for those who may have none.
    #[expect(unused_variables, reason = "arguments are read when the tree is planned")]
    async fn webhook_endpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<WebhookEndpoint>> {
        if let Err(refusal) = authorize_some(ctx.viewer(), Kind::Webhook, Action::Read) {
            return Some(Err(refusal.into()));
        }
        tree::connection::<webhook_endpoint::Entity>(ctx, |_| Ok(loader::listing())).await
    }
}
