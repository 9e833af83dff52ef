//! Answers that are kept: what everybody is answered alike stays in memory, as bytes, for as long as nothing was changed
//! that this instance has heard of or done itself.

use super::front::Runnable;
use crate::database::{Epoch, Notices, Pulse};
use axum::body::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Bytes of an answer that is kept at most.
const MAX_ANSWER: usize = 1024 * 1024;
/// How long one is kept at most: what the clock alone changes, or a change of the tables themselves, is told by nobody.
const KEPT: Duration = Duration::from_mins(1);
/// Bytes that stand around an answer.
const AROUND: u64 = 256;
/// Bytes of an answer as they are usually, from which it is reckoned how many there will be.
const TYPICAL: u64 = 4096;

/// The answers that are kept, and until when they hold.
pub(super) struct Answers {
    kept: Option<Cache<Key, Kept, Weight>>,
    notices: Arc<Notices>,
}

/// A hash of all that an answer depends on but the data.
type Key = [u8; 32];

#[derive(Clone)]
struct Kept {
    body: Bytes,
    epoch: Epoch,
    since: Instant,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Kept> for Weight {
    fn weight(&self, _: &Key, kept: &Kept) -> u64 {
        kept.body.len() as u64 + AROUND
    }
}

/// A query whose answer may be kept, and the epoch in which it was asked.
pub(super) struct Asked {
    key: Key,
    epoch: Epoch,
}

/// Something that is being written: what was read before holds no longer once it is over, however it ends.
pub(super) struct Writing<'a>(&'a Pulse);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.advance();
    }
}

impl Answers {
    /// Nothing is kept yet, and later so many bytes at most.
    pub(super) fn new(bytes: u64, notices: Arc<Notices>) -> Self {
        Self { kept: (bytes > 0).then(|| within(bytes)), notices }
    }

    /// Is held while something is written, until it is there to stay and before anybody is told.
    pub(super) fn writing(&self) -> Writing<'_> {
        Writing(self.notices.pulse())
    }

    /// A query of the public, if its answer may be kept at present. Asked before anything of it runs.
    pub(super) fn asked(&self, request: &Runnable) -> Option<Asked> {
        self.asked_for(&request.question())
    }

    /// A file that everybody may read, likewise: its path with what narrows it down.
    pub(super) fn asked_file(&self, path: &str) -> Option<Asked> {
        self.asked_for(&path)
    }

    fn asked_for(&self, what: &impl Serialize) -> Option<Asked> {
        self.kept.as_ref()?;
        let epoch = self.notices.pulse().epoch()?;
        Some(Asked { key: Sha256::digest(serde_json::to_vec(what).ok()?).into(), epoch })
    }

    /// Its answer, if it is kept and still holds.
    pub(super) fn find(&self, asked: &Asked) -> Option<Bytes> {
        let kept = self.kept.as_ref()?.get(&asked.key)?;
        (kept.epoch == asked.epoch && kept.since.elapsed() < KEPT).then_some(kept.body)
    }

    /// Keeps its answer, which is everybody's.
    pub(super) fn keep(&self, asked: &Asked, body: Bytes) {
        if let Some(answers) = &self.kept
            && body.len() <= MAX_ANSWER
        {
            answers.insert(asked.key, Kept { body, epoch: asked.epoch, since: Instant::now() });
        }
    }
}

fn within(bytes: u64) -> Cache<Key, Kept, Weight> {
    Cache::with_weighter(usize::try_from(bytes / TYPICAL).unwrap_or(usize::MAX), bytes, Weight)
}
