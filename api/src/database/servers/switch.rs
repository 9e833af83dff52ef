//! When everything turned to another server last, so that nothing of before is used any more.

use super::address::timeline;
use sea_orm::SqlxError;
use sea_orm::sqlx::{Executor as _, PgConnection, Row as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Whether a server takes writes, and how many times one that followed took over until it did.
const TAKES_WRITES: &str = "
    SELECT pg_is_in_recovery() AS follows,
      CASE WHEN NOT pg_is_in_recovery() THEN substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END AS timeline";

/// When everything turned to another server last, and how many times one that followed had taken over by then.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switch(Arc<Mutex<Last>>);

#[derive(Clone, Copy, Debug, Default)]
struct Last {
    at: Option<Instant>,
    timeline: u32,
    waits: bool,
}

impl Switch {
    /// Whether something of this age is of a time before.
    pub(crate) fn is_of_before(&self, age: Duration) -> bool {
        self.last().at.is_some_and(|at| at.elapsed() < age)
    }

    /// Turns to the server of a timeline from now on.
    pub(super) fn now(&self, timeline: u32) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (last.at, last.timeline) = (Some(Instant::now()), timeline);
    }

    /// Notes whether commits wait for another server.
    pub(super) fn note(&self, waits: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).waits = waits;
    }

    /// Whether commits wait for another server, as far as is known.
    pub(crate) fn waits(&self) -> bool {
        self.last().waits
    }

    /// Whether a new connection leads to a server that takes writes, and not to one that was taken over from: it may have
    /// been under way when everything turned to another, or a pooler may still lead to the one before.
    pub(crate) async fn admits(&self, connection: &mut PgConnection) -> Result<(), SqlxError> {
        let row = connection.fetch_one(TAKES_WRITES).await?;
        let timeline = timeline(&row)?;
        if row.try_get("follows")? {
            return Err(SqlxError::Configuration("this server only follows another".into()));
        }
        if timeline.is_none_or(|timeline| timeline < self.last().timeline) {
            return Err(SqlxError::Configuration("another server has taken over from this one".into()));
        }
        Ok(())
    }

    fn last(&self) -> Last {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_the_switch_is_of_before() {
        let switch = Switch::default();
        assert!(!switch.is_of_before(Duration::from_hours(1)), "there was none");
        switch.now(2);
        assert!(switch.is_of_before(Duration::from_hours(1)));
        assert!(!switch.is_of_before(Duration::ZERO));
    }
}
