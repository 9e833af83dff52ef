//! Writes down what came of an attempt, and where the endpoint stands since.

use super::claim::{Claim, LEASE, Standing, interval, statement};
use super::post::Outcome;
use crate::error::Result;
use crate::feed::Place;
use chrono::{DateTime, Utc};
use entity::webhook_delivery::{Column, Entity, Model, State};
use entity::webhook_endpoint::{self, Reason, Status};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseConnection, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, TransactionTrait as _,
};
use tokio::time::Instant;

/// Where an endpoint stands after an attempt. It moves on from the place that it was found at; where somebody has moved it
/// meanwhile, it stays there, and what lies behind is still to be looked at.
const STANDS: &str = "
    UPDATE webhook_progress SET
      audience = CASE WHEN (audience, number) = ($2, $3) THEN $4 ELSE audience END,
      number = CASE WHEN (audience, number) = ($2, $3) THEN $5 ELSE number END,
      heard = CASE WHEN (audience, number) = ($2, $3) THEN coalesce($11::text::pg_snapshot, heard) ELSE heard END,
      restart_id = $6, failures = $7, failing_since = $8, next_attempt_at = $9,
      leased_until = clock_timestamp() + $10::text::interval
    WHERE lease = $1 AND leased_until > clock_timestamp()
    RETURNING endpoint_id, lease, audience, number, restart_id, failures, failing_since, next_attempt_at,
      (SELECT version FROM webhook_endpoint WHERE id = endpoint_id) AS version";

/// Whether to go on with an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// There may be more.
    GoOn,
    /// It is over for now, or what was known of the endpoint is not so any more.
    Stop,
}

/// Writes a delivery and the endpoint's new standing, together or not at all.
pub(super) async fn attempt(
    db: &DatabaseConnection,
    claim: &mut Claim,
    delivery: Model,
    after: Standing,
) -> Result<Next> {
    let transaction = db.begin().await?;
    let renewed = Instant::now();
    let next = stand(&transaction, claim, after, None).await?;
    if next.is_some() {
        keep(&transaction, delivery).await?;
    }
    transaction.commit().await?;
    claim.renewed = renewed;
    Ok(next.unwrap_or(Next::Stop))
}

/// Writes where the endpoint stands, and of which state of the database everything was looked at, if that is so; none where
/// somebody else works on it.
pub(super) async fn stand(
    db: &impl ConnectionTrait,
    claim: &mut Claim,
    after: Standing,
    heard: Option<String>,
) -> Result<Option<Next>> {
    let before = &claim.standing;
    let values = [
        before.lease.into(),
        before.audience.into(),
        before.number.into(),
        after.audience.into(),
        after.number.into(),
        after.restart_id.into(),
        after.failures.into(),
        after.failing_since.into(),
        after.next_attempt_at.into(),
        interval(LEASE),
        heard.into(),
    ];
    let Some(row) = db.query_one_raw(statement(STANDS, values)).await? else { return Ok(None) };
    let stands = <Standing as sea_orm::FromQueryResult>::from_query_result(&row, "")?;
    let is_known = stands.place() == after.place() && row.try_get::<i32>("", "version")? == claim.endpoint.version;
    claim.standing = stands;
    Ok(Some(if is_known { Next::GoOn } else { Next::Stop }))
}

/// Keeps a delivery: a repetition of what was tried before is the same delivery, with one attempt more.
async fn keep(db: &impl ConnectionTrait, delivery: Model) -> Result<()> {
    let tried = Expr::col((Entity, Column::Attempts)).add(delivery.attempts);
    let again = OnConflict::columns([Column::EndpointId, Column::EventId])
        .target_and_where(Expr::col(Column::Asked).not())
        .update_columns([Column::State, Column::Status, Column::Fault, Column::LastAttemptAt])
        .value(Column::Attempts, tried)
        .value(Column::DeliveredAt, Expr::cust("coalesce(webhook_delivery.delivered_at, excluded.delivered_at)"))
        .to_owned();
    let row = delivery.into_active_model().reset_all();
    Entity::insert(row).on_conflict(again).exec_without_returning(db).await?;
    Ok(())
}

/// Writes what came of something that was asked for.
pub(super) async fn asked(db: &DatabaseConnection, delivery: Model) -> Result<()> {
    delivery.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// A delivery after an attempt.
pub(super) fn tried(delivery: Model, outcome: Outcome, now: DateTime<Utc>) -> Model {
    let is_delivered = outcome.fault.is_none();
    let failed = if delivery.asked { State::Failed } else { State::Pending };
    Model {
        state: if is_delivered { State::Delivered } else { failed },
        attempts: delivery.attempts + 1,
        status: outcome.status.map(Into::into),
        fault: outcome.fault,
        last_attempt_at: Some(now),
        delivered_at: delivery.delivered_at.or(is_delivered.then_some(now)),
        ..delivery
    }
}

/// Marks what was to be tried again and is not in the feed any more for this owner.
pub(super) async fn skip(db: &DatabaseConnection, claim: &Claim, but: Option<uuid::Uuid>) -> Result<()> {
    let waiting = Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Skipped.to_value()))
        .filter(Column::EndpointId.eq(claim.endpoint.id))
        .filter(Column::State.eq(State::Pending))
        .filter(Column::Asked.eq(false));
    let waiting = match but {
        Some(event) => waiting.filter(Column::EventId.ne(event)),
        None => waiting,
    };
    waiting.exec(db).await?;
    Ok(())
}

/// Disables an endpoint; false where it was not active any more.
pub(super) async fn disable(db: &DatabaseConnection, claim: &Claim, why: Reason, now: DateTime<Utc>) -> Result<bool> {
    use webhook_endpoint::Column;
    let disabled = webhook_endpoint::Entity::update_many()
        .col_expr(Column::Status, Expr::value(Status::Disabled.to_value()))
        .col_expr(Column::DisabledBecause, Expr::value(why.to_value()))
        .col_expr(Column::StatusSince, Expr::value(now))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(claim.endpoint.id))
        .filter(Column::Status.eq(Status::Active));
    Ok(disabled.exec(db).await?.rows_affected > 0)
}

/// The same standing at another place.
pub(super) fn moved(standing: &Standing, place: Place) -> Standing {
    Standing { audience: place.audience, number: place.number, ..standing.clone() }
}
