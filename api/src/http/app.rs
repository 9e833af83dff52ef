//! What every handler shares.

use crate::auth::Viewer;
use crate::clock::Clock;
use crate::graphql::Limits;
use crate::schema::{self, Schema};
use sea_orm::DatabaseConnection;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The running service.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    db: DatabaseConnection,
    schema: Schema,
    limits: Limits,
    production: bool,
    clock: Clock,
    exports: Arc<Semaphore>,
}

/// Exports at one time at most: each holds a connection for as long as its reader takes.
const EXPORTS: usize = 4;
/// How long a request may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

impl App {
    /// The service on a database that is up to date. In production it keeps its schema to itself.
    pub fn new(db: DatabaseConnection, production: bool, clock: Clock) -> Self {
        let builder = if production { schema::builder().disable_suggestions() } else { schema::builder() };
        let schema = builder.finish();
        let exports = Arc::new(Semaphore::new(EXPORTS));
        Self(Arc::new(Inner { db, schema, limits: Limits::default(), production, clock, exports }))
    }

    pub(super) fn db(&self) -> &DatabaseConnection {
        &self.0.db
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.0.schema
    }

    pub(super) fn clock(&self) -> Clock {
        self.0.clock
    }

    /// The places for exports, of which there are few.
    pub(super) fn exports(&self) -> Arc<Semaphore> {
        Arc::clone(&self.0.exports)
    }

    pub(super) fn limits(&self) -> Limits {
        self.0.limits
    }

    /// Whether it keeps its schema to itself before this viewer.
    pub(super) fn is_closed_to(&self, viewer: &Viewer) -> bool {
        self.0.production && *viewer == Viewer::public()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("production", &self.0.production).finish_non_exhaustive()
    }
}
