//! When everything turned to another server last, so that nothing of before is used any more.

use super::address::timeline;
use sea_orm::sqlx::{Executor as _, PgConnection, Row as _};
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr, QueryResult, RuntimeErr, SqlxError, Statement,
};
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

    /// Turns to the server of a timeline from now on. One that was only away is the same as before, and so is what a first look
    /// finds where there are no others that connections could have led to.
    pub(super) fn now(&self, timeline: u32, has_others: bool) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = last.timeline == 0;
        if last.timeline != timeline && (has_others || !is_first) {
            last.at = Some(Instant::now());
        }
        last.timeline = timeline;
    }

    /// Notes whether commits wait for another server.
    pub(super) fn note(&self, waits: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).waits = waits;
    }

    /// Whether commits wait for another server, as far as is known.
    pub(crate) fn waits(&self) -> bool {
        self.last().waits
    }

    /// Whether a transaction is on the server that everything turned to last.
    pub(crate) async fn has(&self, transaction: &DatabaseTransaction) -> Result<bool, DbErr> {
        let row = transaction.query_one_raw(Statement::from_string(DbBackend::Postgres, TAKES_WRITES)).await?;
        let timeline = row.as_ref().and_then(QueryResult::try_as_pg_row).map(timeline).transpose();
        let timeline = timeline.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))?.flatten();
        Ok(timeline.is_some_and(|timeline| timeline >= self.last().timeline))
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
        switch.now(2, false);
        assert!(!switch.is_of_before(Duration::from_hours(1)), "there was none to turn from");
        switch.now(2, true);
        assert!(!switch.is_of_before(Duration::from_hours(1)), "it was only away");
        switch.now(3, false);
        assert!(switch.is_of_before(Duration::from_hours(1)));
        assert!(!switch.is_of_before(Duration::ZERO));
        let among_others = Switch::default();
        among_others.now(2, true);
        assert!(among_others.is_of_before(Duration::from_hours(1)), "what was connected before may lead to another");
    }
}
