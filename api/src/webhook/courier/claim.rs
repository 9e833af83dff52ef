//! Taking an endpoint to work on, and giving it back.

use crate::error::Result;
use crate::feed::Place;
use chrono::{DateTime, Utc};
use entity::ids::WebhookEndpointId;
use entity::webhook_endpoint::{Entity, Model};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait as _, FromQueryResult, Statement, Value};
use tokio::time::{Duration, Instant};
use uuid::Uuid;

/// How long nobody else works on an endpoint after its lease was last renewed. A request may take half of that.
pub(super) const LEASE: Duration = Duration::from_secs(30);
/// How long before a request the lease may have been renewed.
const FRESH: Duration = Duration::from_secs(10);

/// Takes the endpoint that was worked on longest ago, of those that something is due for: something that somebody asked
/// for; an attempt to be made again; something in the history that was not looked at, which is looked for at its end alone. Nobody
/// has a lease for longer than one lasts: such a one is of a clock that was set back since.
const TAKE: &str = "
    UPDATE webhook_progress AS taken SET lease = gen_random_uuid(), leased_until = clock_timestamp() + $2::text::interval
    FROM (
      SELECT p.endpoint_id FROM webhook_progress AS p JOIN webhook_endpoint AS e ON e.id = p.endpoint_id
      WHERE (p.leased_until IS NULL
          OR p.leased_until NOT BETWEEN clock_timestamp() AND clock_timestamp() + $2::text::interval)
        AND (
          EXISTS (SELECT FROM webhook_delivery WHERE endpoint_id = e.id AND state = 'pending' AND asked)
          OR (e.status = 'active' AND CASE
            WHEN p.next_attempt_at IS NOT NULL THEN p.next_attempt_at <= $1
            ELSE p.heard IS NULL OR EXISTS (
              SELECT FROM change WHERE transaction_id >= pg_snapshot_xmin(p.heard)
                AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())
                AND NOT pg_visible_in_snapshot(transaction_id, p.heard)
              ORDER BY transaction_id DESC, number DESC OFFSET 0) END))
      ORDER BY p.leased_until NULLS FIRST LIMIT 1 FOR UPDATE OF p SKIP LOCKED) AS due
    WHERE taken.endpoint_id = due.endpoint_id
    RETURNING taken.endpoint_id, taken.lease, taken.audience, taken.number, taken.restart_id, taken.failures,
      taken.failing_since, taken.next_attempt_at";

const RENEW: &str = "
    UPDATE webhook_progress SET leased_until = clock_timestamp() + $2::text::interval WHERE lease = $1 AND leased_until > clock_timestamp()";

/// The moment of giving back stays: by it, whoever was worked on longest ago comes first.
const GIVE_BACK: &str =
    "UPDATE webhook_progress SET lease = NULL, leased_until = clock_timestamp() + $2::text::interval WHERE lease = $1";

/// As if somebody gave them back.
const RELEASE: &str =
    "UPDATE webhook_progress SET lease = NULL, leased_until = clock_timestamp() WHERE lease = ANY ($1)";

/// An endpoint to work on, and how it stands.
pub(super) struct Claim {
    pub(super) endpoint: Model,
    pub(super) standing: Standing,
    /// When the lease was last renewed.
    pub(super) renewed: Instant,
}

/// How far an endpoint has been told, and how that goes.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Standing {
    pub(super) endpoint_id: WebhookEndpointId,
    pub(super) lease: Uuid,
    pub(super) audience: Uuid,
    pub(super) number: i64,
    pub(super) restart_id: Option<Uuid>,
    pub(super) failures: i32,
    pub(super) failing_since: Option<DateTime<Utc>>,
    pub(super) next_attempt_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// Its place in the feed.
    pub(super) fn place(&self) -> Place {
        Place { audience: self.audience, number: self.number }
    }
}

/// The next endpoint that something is due for, to be worked on by nobody else.
pub(super) async fn next(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Option<Claim>> {
    let renewed = Instant::now();
    let taken = statement(TAKE, [now.into(), interval(LEASE)]);
    let Some(standing) = Standing::find_by_statement(taken).one(db).await? else { return Ok(None) };
    let endpoint = Entity::find_by_id(standing.endpoint_id).one(db).await?;
    // It may have been taken away meanwhile, and its lease with it.
    Ok(endpoint.map(|endpoint| Claim { endpoint, standing, renewed }))
}

/// Gives back what somebody worked on who was cut off.
pub(super) async fn release(db: &DatabaseConnection, leases: Vec<Uuid>) -> Result<()> {
    db.execute_raw(statement(RELEASE, [leases.into()])).await?;
    Ok(())
}

/// What became of an endpoint since it was last looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    Unchanged,
    Changed,
    Gone,
}

impl Claim {
    /// Looks at the endpoint anew: where it is, whether it is on, what it is told of and what signs.
    pub(super) async fn learn(&mut self, db: &DatabaseConnection) -> Result<Since> {
        let Some(now) = Entity::find_by_id(self.endpoint.id).one(db).await? else { return Ok(Since::Gone) };
        let before = std::mem::replace(&mut self.endpoint, now);
        Ok(if before.version == self.endpoint.version { Since::Unchanged } else { Since::Changed })
    }

    /// Sees to it that nobody else works on the endpoint while a request is made; false where somebody does already.
    pub(super) async fn holds(&mut self, db: &DatabaseConnection) -> Result<bool> {
        if self.renewed.elapsed() < FRESH {
            return Ok(true);
        }
        self.renewed = Instant::now();
        let renewed = db.execute_raw(statement(RENEW, [self.standing.lease.into(), interval(LEASE)])).await?;
        Ok(renewed.rows_affected() > 0)
    }

    /// Gives the endpoint back, to be taken again at once or after a while.
    pub(super) async fn give_back(&self, db: &DatabaseConnection, after: Duration) -> Result<()> {
        db.execute_raw(statement(GIVE_BACK, [self.standing.lease.into(), interval(after)])).await?;
        Ok(())
    }
}

/// A duration as the database takes it.
pub(super) fn interval(duration: Duration) -> Value {
    format!("{} seconds", duration.as_secs()).into()
}

pub(super) fn statement<const N: usize>(sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
