//! How a transaction ends of whose end somebody is told.
//!
//! Where the database is set to it, a commit is done once another server has it, and until then nobody sees what was written.
//! It is never told to give up: PostgreSQL would say that it is done, and show everybody what only one server has and a
//! takeover would lose. So a commit may take long, and whoever waits for it is told before that nobody knows; it goes on by
//! itself, and keeps its place, so that what waits never takes all connections.

use super::servers::Switch;
use crate::error::{Error, Result, leaves_in_doubt};
use crate::observe::security;
use crate::unending::to_its_end;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long whoever wants to write waits for a place.
const WAIT: Duration = Duration::from_secs(8);
/// How long whoever has written waits until it is there to stay.
const STAYS: Duration = Duration::from_secs(5);
/// From here on the transaction is given all the time that it takes.
const UNBOUND: &str = "SET LOCAL statement_timeout = 0";

/// Those who may write at one time.
#[derive(Clone, Debug)]
pub(crate) struct Writers {
    places: Arc<Semaphore>,
    switch: Switch,
}

/// A place among them.
pub(crate) struct Writer {
    place: OwnedSemaphorePermit,
    since: Instant,
    switch: Switch,
}

impl Writers {
    /// So many at most, on the servers of this switch.
    pub(crate) fn new(most: usize, switch: Switch) -> Self {
        Self { places: Arc::new(Semaphore::new(most)), switch }
    }

    /// A place, as soon as one is free.
    pub(crate) async fn place(&self) -> Result<Writer> {
        let free = tokio::time::timeout(WAIT, Arc::clone(&self.places).acquire_owned()).await;
        let busy =
            Error::NotReady("More is being written than can be made to stay at present. Send it again in a moment.");
        let place = free.map_err(|_| busy)?.map_err(Error::internal)?;
        Ok(Writer { place, since: Instant::now(), switch: self.switch.clone() })
    }
}

impl Writer {
    /// Commits, and does what is to follow. It goes on whoever has gone away; after a while it is [in doubt](Error::InDoubt).
    pub(crate) async fn commit(
        self,
        transaction: DatabaseTransaction,
        afterwards: impl FnOnce() + Send + 'static,
    ) -> Result<()> {
        let Self { place, since, switch } = self;
        let happened = security::take();
        let committing = to_its_end(async move {
            let mut since = since;
            if switch.is_of_before(since.elapsed()) {
                // It may have begun before or after everything turned to another server: that one says so itself.
                since = Instant::now();
                if !switch.has(&transaction).await? {
                    let away = "Another server has taken over meanwhile. Nothing of this was done; send it again.";
                    return Err(Error::NotReady(away));
                }
            }
            if switch.waits() {
                transaction.execute_unprepared(UNBOUND).await?;
            }
            let committed = transaction.commit().await;
            drop(place);
            committed.map_err(|error| if leaves_in_doubt(&error) { Error::InDoubt } else { error.into() })?;
            // It may have gone to a server that was taken over from meanwhile.
            if switch.is_of_before(since.elapsed()) {
                return Err(Error::InDoubt);
            }
            afterwards();
            happened.into_iter().for_each(security::tell);
            Ok(())
        });
        match tokio::time::timeout(STAYS, committing).await {
            Ok(committed) => committed,
            Err(_) => Err(Error::InDoubt),
        }
    }
}
