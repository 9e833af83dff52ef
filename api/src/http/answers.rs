//! Answers that are kept: what everybody is answered alike stays in memory, as bytes, for as long as nothing was changed
//! that this instance has heard of or done itself.

use super::front::Runnable;
use super::tag::Content;
use crate::database::{Epoch, Notices, Pulse};
use crate::observe::metrics::metrics;
use crate::observe::trail::note;
use quick_cache::sync::Cache;
use quick_cache::{Lifecycle, Weighter};
use std::hash::RandomState;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Bytes of an answer that is kept at most, with what was asked for it.
const MAX_ANSWER: u64 = 1024 * 1024;
/// What the key of a file begins with, as no question does.
const FILE: &[u8] = b"file ";
/// How long one is kept at most: what the clock alone changes, or a change of the tables themselves, is told by nobody.
const KEPT: Duration = Duration::from_mins(1);
/// Bytes that stand around an answer.
const AROUND: u64 = 256;
/// Bytes of an answer as they are usually, from which it is reckoned how many there will be.
const TYPICAL: u64 = 4096;

/// The answers that are kept, and until when they hold.
pub(super) struct Answers {
    kept: Option<Cache<Key, Kept, Weight, RandomState, Counted>>,
    notices: Arc<Notices>,
}

/// All that an answer depends on but the data, written down.
type Key = Box<[u8]>;

#[derive(Clone)]
struct Kept {
    content: Content,
    epoch: Epoch,
    since: Instant,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Kept> for Weight {
    fn weight(&self, key: &Key, kept: &Kept) -> u64 {
        size(key, &kept.content) + AROUND
    }
}

/// Counts those for which there is no room any more.
#[derive(Clone)]
struct Counted;

impl Lifecycle<Key, Kept> for Counted {
    type RequestState = ();

    fn on_evict(&self, (): &mut (), _: Key, _: Kept) {
        metrics().evicted();
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
        self.asked_for(|| request.question())
    }

    /// A file that everybody may read, likewise: its path with what narrows it down.
    pub(super) fn asked_file(&self, path: &str) -> Option<Asked> {
        self.asked_for(|| Some([FILE, path.as_bytes()].concat()))
    }

    fn asked_for(&self, what: impl FnOnce() -> Option<Vec<u8>>) -> Option<Asked> {
        self.kept.as_ref()?;
        let epoch = self.notices.pulse().epoch()?;
        Some(Asked { key: what()?.into(), epoch })
    }

    /// Its answer, if it is kept and still holds.
    pub(super) fn find(&self, asked: &Asked) -> Option<Content> {
        let kept = self.kept.as_ref()?.get(&asked.key);
        let found = kept.filter(|kept| kept.epoch == asked.epoch && kept.since.elapsed() < KEPT);
        metrics().kept(found.is_some());
        note(|facts| facts.was_kept = found.is_some());
        Some(found?.content)
    }

    /// How many are kept, and how many bytes they and all that could be are.
    pub(super) fn room(&self) -> (u64, u64, u64) {
        self.kept.as_ref().map_or((0, 0, 0), |kept| (kept.len() as u64, kept.weight(), kept.capacity()))
    }

    /// Keeps its answer, which is everybody's.
    pub(super) fn keep(&self, asked: &Asked, content: Content) {
        if let Some(answers) = &self.kept
            && size(&asked.key, &content) <= MAX_ANSWER
        {
            answers.insert(asked.key.clone(), Kept { content, epoch: asked.epoch, since: Instant::now() });
        }
    }
}

/// Bytes of an answer with what was asked for it.
fn size(key: &Key, content: &Content) -> u64 {
    (key.len() + content.bytes().len()) as u64
}

fn within(bytes: u64) -> Cache<Key, Kept, Weight, RandomState, Counted> {
    let expected = usize::try_from(bytes / TYPICAL).unwrap_or(usize::MAX);
    Cache::with(expected, bytes, Weight, RandomState::new(), Counted)
}
