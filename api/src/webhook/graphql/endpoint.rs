//! An endpoint as the schema shows it.

use super::delivery::{WebhookDelivery, WebhookDeliveryState};
use crate::feed::{Action, ChangeAction};
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{Connection, FieldResult, GlobalId, NodeType, Nullable, One, Time, Url};
use crate::webhook::event;
use async_graphql::{Context, Enum, ID, Object};
use entity::webhook_endpoint::{self, Reason, Status};

/// Where a program is told of changes.
#[derive(Debug)]
pub struct WebhookEndpoint(pub(in crate::webhook) Node<webhook_endpoint::Entity>);

/// Where a program is told of changes: each change that its owner may see is posted there as JSON, signed as Standard
/// Webhooks (standardwebhooks.com), at least once and in order. A message tells what happened to what, by its type and its
/// id, and never what it holds: ask for that, with the own rights. Receivers know a repetition by the header `webhook-id`.
/// Its `cursor` is the place in its owner's feed: with that one's rights, `changes(after:)` goes on from there.
#[Object]
impl WebhookEndpoint {
    /// The endpoint's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::WebhookEndpoint, self.0.row.id)
    }

    /// Where messages are posted.
    async fn url(&self) -> Url {
        Url(self.0.row.url.clone())
    }

    /// What it is for; null where nobody said.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// What the account or key is called whose endpoint it is, and with whose rights it is told; null for those who may
    /// not see that account or key.
    async fn owner(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.value::<String>(ctx)?.map(String::as_str))
    }

    /// Of changes of which types it is told, by their names in the schema; of all where there is none.
    async fn types(&self) -> &[String] {
        &self.0.row.types
    }

    /// Of which acts it is told; of all where there is none.
    async fn actions(&self) -> Vec<ChangeAction> {
        let is_told = |action: &Action| self.0.row.actions.iter().any(|word| word == event::word(*action));
        event::ACTIONS.into_iter().filter(is_told).map(ChangeAction::from).collect()
    }

    /// Whether it is told anything.
    async fn status(&self) -> WebhookStatus {
        self.0.row.status.into()
    }

    /// Since when.
    async fn status_since(&self) -> Time {
        Time(self.0.row.status_since)
    }

    /// Why the service gave up on it; null where it did not.
    async fn disabled_because(&self) -> Option<WebhookDisabledReason> {
        self.0.row.disabled_because.map(WebhookDisabledReason::from)
    }

    /// How many attempts failed, one after another, since the last that did not.
    async fn failures(&self, ctx: &Context<'_>) -> FieldResult<i32> {
        self.0.value_always(ctx).copied()
    }

    /// Since when; null where the last attempt did not fail.
    async fn failing_since(&self, ctx: &Context<'_>) -> Nullable<Time> {
        time(&self.0, ctx)
    }

    /// When it is tried again; null where nothing failed. A receiver that answers 429 or 503 may ask by `Retry-After` to be
    /// left alone for longer, up to a day.
    async fn next_attempt_at(&self, ctx: &Context<'_>) -> Nullable<Time> {
        time(&self.0, ctx)
    }

    /// Until when the secret before the last rotation signs, too; null where there is none.
    async fn previous_secret_until(&self) -> Option<Time> {
        self.0.row.previous_until.map(Time)
    }

    /// What was sent there, the latest first, as far as it is kept: 30 days.
    #[expect(unused_variables, reason = "arguments are read when the tree is planned")]
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what has come to one of these.")] state: Option<Vec<WebhookDeliveryState>>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<WebhookDelivery>>> {
        self.0.page(ctx)
    }

    /// How many times it was changed: give it with a change of it.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// When it was made.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> Time {
        Time(self.0.row.updated_at)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }
}

fn time(node: &Node<webhook_endpoint::Entity>, ctx: &Context<'_>) -> Nullable<Time> {
    Some(node.value::<chrono::DateTime<chrono::Utc>>(ctx)?.map(|time| Time(*time)))
}

/// Whether anything is sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Status")]
pub(crate) enum WebhookStatus {
    /// It is told of changes.
    Active,
    /// Its owner paused it: what changes meanwhile is told once it is resumed.
    Paused,
    /// The service gave up on it. Resumed, it goes on where it stopped.
    Disabled,
}

/// Why the service gave up on an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Reason")]
pub(crate) enum WebhookDisabledReason {
    /// For more than three days nothing was taken that was sent there.
    Failing,
    /// The receiver answered 410: there is nothing for it any more.
    Gone,
    /// Its account or key is not in force any more, or may have no endpoints any more.
    Owner,
    /// Its secret cannot be read any more, since the keys of the service were changed: give it a new one.
    Secret,
}
