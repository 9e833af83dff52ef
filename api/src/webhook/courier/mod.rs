//! The courier brings what is due to the endpoints. Every instance of the service has one; each endpoint is worked on by
//! one at a time.
//!
//! [`claim`] takes an endpoint that something is due for, by a lease that ends by itself where an instance is killed.
//! [`work`] looks into the feed with the rights of the endpoint's owner and sends what is there, one after another
//! ([`post`]); what came of each is written down before the next ([`record`]). What is not told is still in the feed: nothing
//! waits in memory, and an endpoint that nobody answers costs nothing but its attempts.

mod asked;
mod claim;
mod owner;
mod post;
mod record;
mod schedule;
mod work;

use super::address::Network;
use crate::account::Accounts;
use crate::database::{Channel, Notices, Waiting};
use crate::error::Result;
use crate::feed::{Feeds, Seal};
use chrono::{DateTime, Utc};
use post::Post;
use sea_orm::DatabaseConnection;
use std::collections::HashSet;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as Latch, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};
use uuid::Uuid;

/// Endpoints that one instance works on at one time at most.
const AT_ONCE: usize = 64;
/// How often it is looked for what is due where nothing is heard: attempts to be made again, leases that ended.
const TICK: Duration = Duration::from_secs(5);
/// How long it is waited at least between two looks because something was written: where many write, one look finds it all, and
/// those who write are not slowed down by it.
const BREATH: Duration = Duration::from_millis(100);

/// Brings what is due to the endpoints.
#[derive(Clone)]
pub struct Courier {
    accounts: Arc<Accounts>,
    notices: Arc<Notices>,
    feeds: Arc<Feeds>,
    post: Post,
    /// What cursors are sealed with, once it was asked for.
    seal: Arc<OnceCell<Seal>>,
    under_way: Arc<UnderWay>,
}

/// What this instance works on.
#[derive(Debug, Default)]
struct UnderWay {
    /// The leases of the endpoints.
    leases: Latch<HashSet<Uuid>>,
    /// Whether nothing new is begun any more.
    is_ending: AtomicBool,
}

impl Courier {
    /// One that sends only where the network allows.
    pub(crate) fn new(
        accounts: Arc<Accounts>,
        notices: Arc<Notices>,
        feeds: Arc<Feeds>,
        network: Network,
    ) -> reqwest::Result<Self> {
        let (post, seal, under_way) = (Post::new(network)?, Arc::default(), Arc::default());
        Ok(Self { accounts, notices, feeds, post, seal, under_way })
    }

    /// The same, who waits only so long for an answer.
    pub fn waiting(self, patience: Duration) -> reqwest::Result<Self> {
        Ok(Self { post: self.post.waiting(patience)?, ..self })
    }

    /// Brings what is due until told to stop; then what is under way is brought to its end.
    pub async fn deliver(self, told_to_stop: impl Future<Output = ()>) {
        let (mut ticks, mut waiting, mut underway) = (interval(TICK), None, JoinSet::new());
        let (mut is_away, mut told_to_stop) = (false, pin!(told_to_stop));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // First it is listened, then looked: what is written between the two is told.
            if waiting.is_none() {
                waiting = self.notices.wait(Channel::Changes).await.ok();
            }
            let looked = Instant::now();
            let filled = self.fill(&mut underway).await;
            if let Err(error) = &filled
                && !is_away
            {
                // Once is enough to say it.
                tracing::warn!(%error, "no webhooks can be delivered at present; it is tried again");
            }
            is_away = filled.is_err();
            tokio::select! {
                () = pause(&mut ticks, &mut waiting, &mut underway, looked + BREATH) => {}
                () = &mut told_to_stop => break,
            }
        }
        self.under_way.is_ending.store(true, Ordering::SeqCst);
        while underway.join_next().await.is_some() {}
    }

    /// Gives back what was being worked on and was cut off, so that others need not wait until the leases end.
    pub async fn release(&self) -> Result<()> {
        let leases = std::mem::take(&mut *self.under_way.leases());
        claim::release(self.db(), leases.into_iter().collect()).await
    }

    /// Brings everything that is due now, once.
    pub async fn deliver_due(&self) -> Result<()> {
        let mut underway = JoinSet::new();
        self.fill(&mut underway).await?;
        while underway.join_next().await.is_some() {
            self.fill(&mut underway).await?;
        }
        Ok(())
    }

    /// Begins to work on what is due, as far as there are places.
    async fn fill(&self, underway: &mut JoinSet<()>) -> Result<()> {
        while underway.len() < AT_ONCE
            && let Some(claim) = claim::next(self.db(), self.now()).await?
        {
            let courier = self.clone();
            underway.spawn(async move { courier.serve(claim).await });
        }
        Ok(())
    }

    /// What cursors are sealed with.
    async fn seal(&self) -> Result<&Seal> {
        self.seal.get_or_try_init(|| Seal::of(self.db())).await
    }

    fn db(&self) -> &DatabaseConnection {
        &self.accounts.db
    }

    fn now(&self) -> DateTime<Utc> {
        self.accounts.now()
    }
}

impl UnderWay {
    fn leases(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until there may be something to do: for what was written, not before a moment.
async fn pause(ticks: &mut Interval, waiting: &mut Option<Waiting>, underway: &mut JoinSet<()>, not_before: Instant) {
    let told = async {
        let Some(waiting) = waiting else { return std::future::pending().await };
        let notice = waiting.next().await;
        sleep_until(not_before).await;
        // One look finds all that was told of by then.
        waiting.was_told();
        notice
    };
    tokio::select! {
        notice = told => {
            if notice.is_none() {
                *waiting = None;
            }
        }
        Some(_) = underway.join_next() => {}
        _ = ticks.tick() => {}
    }
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier").finish_non_exhaustive()
    }
}
