//! How endpoints are read, with what was sent there.

use super::graphql::{WebhookDelivery, WebhookDeliveryState, WebhookEndpoint};
use crate::auth::Viewer;
use crate::database::{Alias, one_of};
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::words;
use chrono::{DateTime, Utc};
use entity::webhook_delivery::State;
use entity::webhook_endpoint::{Column, Status};
use entity::{account, api_key, webhook_delivery, webhook_endpoint, webhook_progress};
use sea_orm::ActiveEnum as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};

impl Branch for webhook_endpoint::Entity {
    type Object = WebhookEndpoint;
    const TYPE: &'static str = "WebhookEndpoint";
    const OBJECT: fn(Node<Self>) -> WebhookEndpoint = WebhookEndpoint;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        use webhook_progress::Column as Progress;
        Ok(Some(match field.name() {
            "owner" => Edge::value::<String>(owner),
            "failures" => Edge::value::<i32>(|_, rows| progress(rows, Progress::Failures)),
            "failingSince" => Edge::value::<DateTime<Utc>>(|_, rows| progress(rows, Progress::FailingSince)),
            "nextAttemptAt" => Edge::value::<DateTime<Utc>>(|_, rows| progress(rows, Progress::NextAttemptAt)),
            "deliveries" => deliveries(field)?,
            _ => return Ok(None),
        }))
    }

    fn moves(_: &Viewer, rows: &Alias, _: DateTime<Utc>) -> Vec<(&'static str, Expr)> {
        let status = || rows.col(Column::Status);
        let active = Status::Active.to_value();
        vec![("pause", status().eq(active.clone())), ("resume", status().ne(active))]
    }
}

impl Branch for webhook_delivery::Entity {
    type Object = WebhookDelivery;
    const TYPE: &'static str = "WebhookDelivery";
    const OBJECT: fn(Node<Self>) -> WebhookDelivery = WebhookDelivery;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        let endpoint = || Edge::one::<webhook_endpoint::Entity>(webhook_delivery::Column::EndpointId).implied();
        Ok((field.name() == "endpoint").then(endpoint))
    }
}

/// How an endpoint's deliveries go.
fn progress(rows: &Alias, column: webhook_progress::Column) -> Expr {
    let progress = rows.with_suffix("p");
    let mut select = progress.select_from::<webhook_progress::Entity>();
    let of_endpoint = progress.col(webhook_progress::Column::EndpointId).eq(rows.col(Column::Id));
    select.expr(progress.col(column)).and_where(of_endpoint);
    Expr::SubQuery(None, Box::new(select.into()))
}

/// What the account or the key is called whose endpoint it is, for those who may see it.
fn owner(viewer: &Viewer, rows: &Alias) -> Expr {
    let account = rows.referred::<account::Entity>(
        Column::AccountId,
        |account| viewer.visible::<account::Entity>(account),
        |account| account.col(account::Column::DisplayName),
    );
    let key = rows.referred::<api_key::Entity>(
        Column::ApiKeyId,
        |key| viewer.visible::<api_key::Entity>(key).or(own_key(viewer, key)),
        |key| key.col(api_key::Column::Name),
    );
    Func::coalesce([account, key]).into()
}

/// A key knows what it is called itself.
fn own_key(viewer: &Viewer, keys: &Alias) -> Expr {
    crate::database::any_of(keys.col(api_key::Column::Id), viewer.identity().key())
}

/// What was sent to an endpoint, the latest first.
fn deliveries(field: &Field<'_>) -> Result<Edge> {
    use webhook_delivery::Column;
    let states: Option<Vec<WebhookDeliveryState>> = field.argument("state")?;
    let latest = Order::by("deliveries", vec![Key::new(KeyKind::Time, |rows| rows.col(Column::CreatedAt))]).reversed();
    let listing = Listing::new(latest)
        .filter_some(states, |rows, states| one_of(rows.col(Column::State), words::<State>(states)))
        .paged(field)?;
    Ok(Edge::many::<webhook_delivery::Entity>(Column::EndpointId, listing))
}

/// The endpoints in the order in which they were made.
pub(super) fn listing() -> Listing {
    let made = Key::new(KeyKind::Time, |rows| rows.col(Column::CreatedAt));
    Listing::new(Order::by("webhookEndpoints", vec![made]))
}
