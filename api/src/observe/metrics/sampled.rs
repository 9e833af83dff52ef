//! What only the database knows, looked at now and then.

use crate::error::{Error, Result};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, FromQueryResult, Statement};
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(15);

/// What is waiting, and how long. What was written is told once every transaction that began before it has ended: the oldest that
/// writes is how far the feed of changes may be behind. What was written lately may not be told by anybody yet.
const LOOK: &str = "
    SELECT
      (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8
       FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = current_database()) AS feed_lag,
      (SELECT count(*) FROM webhook_endpoint WHERE status = 'active') AS active,
      (SELECT count(*) FROM webhook_endpoint WHERE status <> 'active') AS inactive,
      (SELECT count(*) FROM webhook_endpoint AS e JOIN webhook_progress AS p ON p.endpoint_id = e.id
       WHERE e.status = 'active' AND p.failures > 0) AS failing,
      (SELECT count(*) FROM webhook_delivery WHERE state = 'pending') AS pending,
      (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - p.failing_since)), 0)::float8
       FROM webhook_endpoint AS e JOIN webhook_progress AS p ON p.endpoint_id = e.id WHERE e.status = 'active') AS failing_for,
      (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
      current_setting('max_connections')::bigint AS most_connections,
      pg_database_size(current_database()) AS bytes";

#[derive(Debug, FromQueryResult)]
struct Look {
    feed_lag: f64,
    active: i64,
    inactive: i64,
    failing: i64,
    pending: i64,
    failing_for: f64,
    connections: i64,
    most_connections: i64,
    bytes: i64,
}

/// What the database said last.
#[derive(Debug, Default)]
pub(crate) struct Gauges {
    feed_lag: Gauge<f64, AtomicU64>,
    active: Gauge,
    inactive: Gauge,
    failing: Gauge,
    pending: Gauge,
    failing_for: Gauge<f64, AtomicU64>,
    connections: Gauge,
    most_connections: Gauge,
    bytes: Gauge,
    is_answered: Gauge,
}

impl Gauges {
    pub(super) fn register(&self, all: &mut Registry) {
        let about = "How far the feed of changes may be behind: the age of the oldest transaction that writes";
        all.register("feed_lag_seconds", about, self.feed_lag.clone());
        all.register("webhook_endpoints_active", "Webhook endpoints that are told", self.active.clone());
        all.register("webhook_endpoints_inactive", "Webhook endpoints that are not told", self.inactive.clone());
        all.register(
            "webhook_endpoints_failing",
            "Active webhook endpoints that do not answer well",
            self.failing.clone(),
        );
        all.register("webhook_pending", "Webhooks that are to be delivered or tried again", self.pending.clone());
        let about = "How long the webhook endpoint has failed that has failed longest";
        all.register("webhook_failing_seconds", about, self.failing_for.clone());
        let about = "Connections to the database server, of everybody";
        all.register("database_server_connections", about, self.connections.clone());
        let about = "Connections that the database server admits (max_connections)";
        all.register("database_server_connections_max", about, self.most_connections.clone());
        all.register("database_size_bytes", "Bytes of the database", self.bytes.clone());
        let about = "Whether the database answered when these figures were asked for last";
        all.register("database_sampled", about, self.is_answered.clone());
    }

    /// Looks for as long as the service runs.
    pub(crate) async fn keep_looking(&self, db: &DatabaseConnection) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.look(db).await {
                tracing::debug!(%error, "the database does not say how it stands");
            }
        }
    }

    /// Looks once.
    pub(crate) async fn look(&self, db: &DatabaseConnection) -> Result<()> {
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, LOOK)).await;
        self.is_answered.set(i64::from(row.is_ok()));
        let row = row?.ok_or_else(|| Error::internal("the database has nothing to say"))?;
        let look = Look::from_query_result(&row, "")?;
        self.feed_lag.set(look.feed_lag);
        self.active.set(look.active);
        self.inactive.set(look.inactive);
        self.failing.set(look.failing);
        self.pending.set(look.pending);
        self.failing_for.set(look.failing_for);
        self.connections.set(look.connections);
        self.most_connections.set(look.most_connections);
        self.bytes.set(look.bytes);
        Ok(())
    }
}
