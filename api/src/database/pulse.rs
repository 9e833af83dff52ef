//! Whether what was read a moment ago still holds.
//!
//! Everything that is told of, or done here, begins a new epoch. What was read in one epoch holds while it lasts, for as
//! long as the connection that listens has just proved that nothing was missed: a database that went silent must not
//! make old answers look good.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long it is known, after the connection that listens was last heard of, that nothing was missed.
const TRUSTED: Duration = Duration::from_secs(1);
/// How often the connection proves itself: often enough that a late proof or two are no interruption.
pub(super) const BEAT: Duration = Duration::from_millis(250);

/// A time in which nothing was changed that this instance has heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch(u64);

/// The epoch that it is, and since when that is certain.
#[derive(Debug)]
pub(crate) struct Pulse {
    epoch: AtomicU64,
    began: Instant,
    /// Milliseconds from the beginning to the last proof; `NEVER` where the database is not listened to.
    proven: AtomicU64,
}

const NEVER: u64 = u64::MAX;

impl Pulse {
    /// Nothing is listened to yet.
    pub(super) fn new() -> Self {
        Self { epoch: AtomicU64::new(0), began: Instant::now(), proven: AtomicU64::new(NEVER) }
    }

    /// The epoch that it is; none while something may have changed that was not told. Whatever is read after this was
    /// asked is as new as the epoch, or newer.
    pub(crate) fn epoch(&self) -> Option<Epoch> {
        let proven = self.proven.load(Ordering::SeqCst);
        let is_certain = proven != NEVER && self.began.elapsed() < Duration::from_millis(proven) + TRUSTED;
        is_certain.then(|| Epoch(self.epoch.load(Ordering::SeqCst)))
    }

    /// Something was changed.
    pub(crate) fn advance(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    /// The connection answered what was asked at this moment, and all that it was told before was passed on.
    pub(super) fn prove(&self, asked: Instant) {
        let since = asked.saturating_duration_since(self.began).as_millis();
        self.proven.store(u64::try_from(since).unwrap_or(NEVER), Ordering::SeqCst);
    }

    /// The database is not listened to any more.
    pub(super) fn lose(&self) {
        self.proven.store(NEVER, Ordering::SeqCst);
        self.advance();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_ends_with_every_change() {
        let pulse = Pulse::new();
        pulse.prove(Instant::now());
        let first = pulse.epoch();
        assert!(first.is_some());
        assert_eq!(pulse.epoch(), first);
        pulse.advance();
        assert!(pulse.epoch().is_some());
        assert_ne!(pulse.epoch(), first);
    }

    #[test]
    fn without_a_proof_of_late_nothing_is_certain() {
        let pulse = Pulse::new();
        assert_eq!(pulse.epoch(), None);
        let began = Instant::now().checked_sub(2 * TRUSTED);
        let long_ago = Pulse { began: began.unwrap_or_else(Instant::now), ..Pulse::new() };
        long_ago.prove(long_ago.began);
        assert_eq!(long_ago.epoch(), None);
        long_ago.prove(Instant::now());
        assert!(long_ago.epoch().is_some());
        long_ago.lose();
        assert_eq!(long_ago.epoch(), None);
    }

    #[test]
    fn what_held_before_an_interruption_does_not_hold_after_it() {
        let pulse = Pulse::new();
        pulse.prove(Instant::now());
        let before = pulse.epoch();
        pulse.lose();
        pulse.prove(Instant::now());
        assert_ne!(pulse.epoch(), before);
    }
}
