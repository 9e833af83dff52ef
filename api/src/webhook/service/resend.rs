//! Sending something that is not the next change: a test, once more what was sent, or all since a moment.

use super::super::event;
use crate::auth::Actor;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::feed;
use crate::policy::Action;
use crate::writing::find_for;
use chrono::{DateTime, SecondsFormat, Utc};
use entity::ids::{WebhookDeliveryId, WebhookEndpointId};
use entity::webhook_delivery::{Column, Entity, Event, Model, State};
use entity::{webhook_endpoint, webhook_progress};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _, Statement,
};

/// What may wait that was asked for, at an endpoint, at most.
const MOST_ASKED: u64 = 20;

/// Has an endpoint looked at, whatever was heard, and tells whoever listens.
const WAKE: &str = "
    WITH woken AS (UPDATE webhook_progress SET heard = NULL WHERE endpoint_id = $1)
    SELECT pg_notify('changes', '')";

/// Has an endpoint looked at once the transaction is through.
pub(super) async fn wake(db: &impl ConnectionTrait, id: WebhookEndpointId) -> Result<()> {
    db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, WAKE, [id.into()])).await?;
    Ok(())
}

/// Has an event sent that tells of nothing, to try out whether the receiver takes it.
pub(crate) async fn test(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: WebhookEndpointId,
) -> Result<WebhookDeliveryId> {
    let endpoint = find_for::<webhook_endpoint::Entity>(db, actor.viewer, id, Action::Update).await?;
    ask_for(db, event::delivery(endpoint.id, Event::Test, actor.now)).await
}

/// Has something sent once more that was sent before. The receiver knows it again by its id.
pub(crate) async fn redeliver(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: WebhookDeliveryId,
) -> Result<WebhookDeliveryId> {
    let before = find_for::<Entity>(db, actor.viewer, id, Action::Update).await?;
    if before.state == State::Pending {
        let message = "This is going to be sent anyway.";
        return Err(Error::Invalid(vec![Violation::new("id", ViolationCode::Conflict, message)]));
    }
    let row = Model {
        id: WebhookDeliveryId::new(),
        asked: true,
        state: State::Pending,
        attempts: 0,
        status: None,
        fault: None,
        created_at: actor.now,
        last_attempt_at: None,
        delivered_at: None,
        ..before
    };
    ask_for(db, row).await
}

async fn ask_for(db: &impl ConnectionTrait, row: Model) -> Result<WebhookDeliveryId> {
    let waiting = Entity::find().filter(Column::EndpointId.eq(row.endpoint_id)).filter(Column::Asked.eq(true));
    if waiting.filter(Column::State.eq(State::Pending)).count(db).await? >= MOST_ASKED {
        let message = "Twenty deliveries that were asked for wait to be sent. Ask again once they are.";
        return Err(Error::Invalid(vec![Violation::new("id", ViolationCode::CapacityExceeded, message)]));
    }
    let endpoint = row.endpoint_id;
    let row = row.into_active_model().reset_all().insert(db).await?;
    wake(db, endpoint).await?;
    Ok(row.id)
}

/// Has everything sent again, in order, that was first sent since a moment.
pub(crate) async fn replay(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: WebhookEndpointId,
    since: DateTime<Utc>,
) -> Result<WebhookEndpointId> {
    let endpoint = find_for::<webhook_endpoint::Entity>(db, actor.viewer, id, Action::Update).await?;
    let progress = webhook_progress::Entity::find_by_id(endpoint.id).lock_exclusive().one(db).await?;
    let progress = progress.ok_or_else(|| Error::internal("an endpoint without its progress"))?;
    let sent = Entity::find()
        .select_only()
        .filter(Column::EndpointId.eq(endpoint.id))
        .filter(Column::Audience.eq(progress.audience))
        .filter(Column::Asked.eq(false));
    let first = sent.clone().column_as(Column::Number.min(), "first").filter(Column::CreatedAt.gte(since));
    let first: Option<i64> = first.into_tuple::<Option<i64>>().one(db).await?.flatten();
    let kept = feed::kept_from(db, progress.audience).await?;
    let number = match (first, kept) {
        (Some(first), Some(kept)) if first >= kept => progress.number.min(first - 1),
        (Some(_), Some(kept)) => {
            let kept = sent.column_as(Column::CreatedAt.min(), "first").filter(Column::Number.gte(kept));
            return Err(too_early(kept.into_tuple::<Option<DateTime<Utc>>>().one(db).await?.flatten()));
        }
        (None, _) | (_, None) => return Err(nothing_since()),
    };
    let anew = webhook_progress::ActiveModel { number: Set(number), ..progress.into_active_model() };
    anew.update(db).await?;
    wake(db, endpoint.id).await?;
    Ok(endpoint.id)
}

fn nothing_since() -> Error {
    let message = "Nothing was sent since then that is still kept, for what you may see now.";
    Error::Invalid(vec![Violation::new("since", ViolationCode::NotFound, message)])
}

/// From then on not everything is kept that was sent: to begin there would be to leave something out.
fn too_early(kept: Option<DateTime<Utc>>) -> Error {
    let Some(kept) = kept else { return nothing_since() };
    // Rounded down, what was sent then would not be of that moment or later.
    let kept = kept.to_rfc3339_opts(SecondsFormat::Micros, true);
    let message =
        format!("Changes are kept for 30 days, and not all that was sent since then are. Give {kept} or later.");
    Error::Invalid(vec![Violation::new("since", ViolationCode::Invalid, message)])
}
