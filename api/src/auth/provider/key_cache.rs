//! The keys of one provider, kept in memory: asked for again when they are old or one is missing, and used on while
//! the provider cannot be reached.

use super::key_set::{KeySet, VerifyingKey};
use super::{Issuer, discovery};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Client;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};
use tokio::task::JoinHandle;

/// From this age on, keys are asked for again, while those that are there go on being used.
const OLD: TimeDelta = TimeDelta::hours(1);
/// Beyond this age, keys are not used any more: a provider withdraws a stolen key by not publishing it.
const TOO_OLD: TimeDelta = TimeDelta::hours(24);
/// The time between two attempts: whoever makes up names of keys must not set us on the provider.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

/// The keys of one provider.
pub(super) struct KeyCache {
    issuer: Issuer,
    client: Client,
    kept: watch::Sender<Option<Kept>>,
    /// When they were last asked for. Held while asking, so that one asks and the others wait for the answer.
    asked: Arc<Mutex<Option<DateTime<Utc>>>>,
}

#[derive(Clone)]
struct Kept {
    keys: Arc<KeySet>,
    since: DateTime<Utc>,
}

impl KeyCache {
    pub(super) fn new(issuer: Issuer, client: Client) -> Self {
        Self { issuer, client, kept: watch::Sender::new(None), asked: Arc::default() }
    }

    pub(super) fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Asks for the keys, and keeps nothing.
    pub(super) async fn try_out(&self) -> anyhow::Result<()> {
        discovery::keys(&self.client, &self.issuer).await.map(drop)
    }

    /// The key of this name, asked for where it is not known.
    pub(super) async fn get(self: &Arc<Self>, kid: &str, now: DateTime<Utc>) -> Option<Arc<VerifyingKey>> {
        if let Some(key) = self.kept(kid, now) {
            self.refresh_if_old(now);
            return Some(key);
        }
        let turn = Arc::clone(&self.asked).lock_owned().await;
        if let Some(asking) = self.ask_if_due(turn, now) {
            // It fails only where the whole service ends.
            let _ = asking.await;
        }
        self.kept(kid, now)
    }

    /// Asks for the keys again where they are old or were never there, without waiting for the answer.
    pub(super) fn refresh_if_old(self: &Arc<Self>, now: DateTime<Utc>) {
        let is_fresh = self.kept.borrow().as_ref().is_some_and(|kept| kept.age(now) < OLD);
        if let (false, Ok(turn)) = (is_fresh, Arc::clone(&self.asked).try_lock_owned()) {
            drop(self.ask_if_due(turn, now));
        }
    }

    fn kept(&self, kid: &str, now: DateTime<Utc>) -> Option<Arc<VerifyingKey>> {
        let kept = self.kept.borrow();
        kept.as_ref().filter(|kept| kept.age(now) <= TOO_OLD).and_then(|kept| kept.keys.get(kid))
    }

    /// Asks on a task of its own: whoever waits may go away, and must not take the answer from the others.
    fn ask_if_due(
        self: &Arc<Self>,
        mut turn: OwnedMutexGuard<Option<DateTime<Utc>>>,
        now: DateTime<Utc>,
    ) -> Option<JoinHandle<()>> {
        if turn.is_some_and(|last| (now - last).abs() < PAUSE) {
            return None;
        }
        *turn = Some(now);
        let cache = Arc::clone(self);
        Some(tokio::spawn(async move {
            cache.ask(now).await;
            drop(turn);
        }))
    }

    async fn ask(&self, now: DateTime<Utc>) {
        let issuer = self.issuer.name();
        match discovery::keys(&self.client, &self.issuer).await {
            Ok(keys) => {
                tracing::debug!(issuer, "the keys of an identity provider were fetched");
                self.kept.send_replace(Some(Kept { keys: Arc::new(keys), since: now }));
            }
            Err(error) => {
                let error = format!("{error:#}");
                tracing::warn!(issuer, error, "the keys of an identity provider could not be fetched");
            }
        }
    }
}

impl Kept {
    /// A clock that was put back makes nothing old.
    fn age(&self, now: DateTime<Utc>) -> TimeDelta {
        now - self.since
    }
}
