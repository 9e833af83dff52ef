//! How endpoints are made, changed and taken away.

use super::endpoint::WebhookEndpoint;
use super::inputs::{CreateWebhookEndpointInput, UpdateWebhookEndpointInput};
use crate::auth::Actor;
use crate::error::Result;
use crate::graphql::{
    ContextExt as _, FieldResult, GlobalId, NodeType, Nullable, Payload, UserError, act_whole, changed, payload,
    take_away, write,
};
use crate::webhook::address::Network;
use crate::webhook::secret::SigningSecret;
use crate::webhook::service::{self, Sealed};
use async_graphql::{Context, ID, Object, SimpleObject};
use entity::ids::WebhookEndpointId;
use entity::webhook_endpoint;

/// Declares the payload of a mutation that shows a secret.
macro_rules! secret_payload {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            /// The endpoint; null where it was not done.
            webhook_endpoint: Option<WebhookEndpoint>,
            /// The secret that messages are signed with, `whsec_…`, as libraries of Standard Webhooks take it. Keep it now:
            /// it is never shown again.
            secret: Option<String>,
            /// What stands in the way, all at once; empty where it was done.
            user_errors: Vec<UserError>,
        }

        impl Payload for $name {
            type Row = webhook_endpoint::Entity;
            const TYPE: &'static str = stringify!($name);
            const FIELD: &'static str = "webhook_endpoint";

            fn of(webhook_endpoint: Option<WebhookEndpoint>, user_errors: Vec<UserError>) -> Self {
                Self { webhook_endpoint, secret: None, user_errors }
            }
        }

        impl ShowsSecret for $name {
            fn with(self, secret: String) -> Self {
                Self { secret: Some(secret), ..self }
            }
        }
    };
}

/// A payload that shows a secret.
trait ShowsSecret: Payload {
    fn with(self, secret: String) -> Self;
}

secret_payload!(
    /// What came of making an endpoint.
    CreateWebhookEndpointPayload
);

secret_payload!(
    /// What came of giving an endpoint a new secret.
    RotateWebhookSecretPayload
);

payload!(
    /// What came of changing an endpoint.
    UpdateWebhookEndpointPayload {
        /// The endpoint as it is now; null where it was not changed.
        webhook_endpoint: WebhookEndpoint = webhook_endpoint::Entity
    }
);

payload!(
    /// What came of pausing an endpoint.
    PauseWebhookEndpointPayload {
        /// The endpoint as it is now; null where it was not paused.
        webhook_endpoint: WebhookEndpoint = webhook_endpoint::Entity
    }
);

payload!(
    /// What came of resuming an endpoint.
    ResumeWebhookEndpointPayload {
        /// The endpoint as it is now; null where it was not resumed.
        webhook_endpoint: WebhookEndpoint = webhook_endpoint::Entity
    }
);

payload!(
    /// What came of taking an endpoint away.
    DeleteWebhookEndpointPayload {
        /// The endpoint as it was; null where it was not taken away.
        webhook_endpoint: WebhookEndpoint = webhook_endpoint::Entity
    }
);

async fn shown<P: ShowsSecret>(
    ctx: &Context<'_>,
    made: FieldResult<Result<(WebhookEndpointId, SigningSecret), Vec<UserError>>>,
) -> FieldResult<P> {
    Ok(match made? {
        Ok((id, secret)) => P::of(changed::<P>(ctx, id.into()).await?, Vec::new()).with(secret.reveal()),
        Err(user_errors) => P::of(None, user_errors),
    })
}

pub(super) fn key(id: &ID) -> Result<WebhookEndpointId> {
    GlobalId::key_of(id, NodeType::WebhookEndpoint)
}

/// Where requests of this service may go.
fn network(ctx: &Context<'_>) -> Network {
    *ctx.data_unchecked()
}

/// Changes of webhook endpoints.
#[derive(Debug, Default)]
pub(crate) struct WebhookMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl WebhookMutation {
    /// Makes an endpoint of your own, which is told of what changes from now on, with your rights. Its secret is shown in the
    /// answer, and never again.
    async fn create_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is to be.")] input: CreateWebhookEndpointInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<CreateWebhookEndpointPayload> {
        // Before the transaction begins: a feed that nobody has read yet takes a while.
        let place = service::place(ctx.data_unchecked(), ctx.viewer()).await;
        let sealed = Sealed { network: network(ctx), keyring: ctx.accounts().authority.seals() };
        let create = async |db: &_, actor: Actor<'_>| service::create(db, actor, (sealed, place?), input.into()).await;
        let made = act_whole(ctx, create).await;
        Some(shown(ctx, made).await)
    }

    /// Changes an endpoint.
    async fn update_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] id: ID,
        #[graphql(desc = "The version that you read.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateWebhookEndpointInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateWebhookEndpointPayload> {
        let patch = (network(ctx), input.into());
        write(ctx, async |db, actor| service::update(db, actor, (key(&id)?, version), patch).await).await
    }

    /// Sends nothing to an endpoint until it is resumed. What changes meanwhile is told then.
    async fn pause_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<PauseWebhookEndpointPayload> {
        write(ctx, async |db, actor| service::pause(db, actor, key(&id)?).await).await
    }

    /// Goes on with an endpoint at once, where it stopped: one that was paused, one that was disabled, or one that waits for
    /// the next attempt. Changes are kept for 30 days; after a longer pause it is told `feed.restarted`.
    async fn resume_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ResumeWebhookEndpointPayload> {
        write(ctx, async |db, actor| service::resume(db, actor, key(&id)?).await).await
    }

    /// Gives an endpoint a new secret, which is shown in the answer and never again. For some hours messages carry two
    /// signatures, of the new secret and of the one before.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] id: ID,
        #[graphql(desc = "For how many hours the secret before still signs, too: 0 to 168.", default = 24)]
        overlap_hours: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RotateWebhookSecretPayload> {
        let keyring = ctx.accounts().authority.seals();
        let rotate =
            async |db: &_, actor: Actor<'_>| service::rotate(db, actor, keyring, (key(&id)?, overlap_hours)).await;
        let made = act_whole(ctx, rotate).await;
        Some(shown(ctx, made).await)
    }

    /// Takes an endpoint away, with all that is known of what was sent there.
    async fn delete_webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] id: ID,
        #[graphql(desc = "The version that you read.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteWebhookEndpointPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, (key(&id)?, version)).await).await
    }
}
