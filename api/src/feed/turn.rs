//! Turns: of all who want the same thing of this instance at one time, one goes, and the others wait without holding
//! anything.

use crate::database::Epoch;
use crate::error::{Error, Result};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

const NOT_NOW: &str = "Your feed cannot be read at present. Ask again in a moment.";

/// Something that many want. One who goes brings it for all who asked before that one set out, and for all who are content
/// with what was there in an epoch of the database that is not over.
#[derive(Debug)]
pub(super) struct Turn<T> {
    asked: AtomicU64,
    brought: Mutex<Brought<T>>,
}

/// What was brought last, if nothing was in the way.
#[derive(Debug)]
struct Brought<T> {
    /// For how many of those who asked.
    upto: u64,
    /// The epoch that it was before it was brought.
    epoch: Option<Epoch>,
    what: Option<T>,
}

impl<T> Default for Turn<T> {
    fn default() -> Self {
        Self { asked: AtomicU64::new(0), brought: Mutex::new(Brought { upto: 0, epoch: None, what: None }) }
    }
}

impl<T: Clone> Turn<T> {
    /// What is wanted, brought after this was asked for; or in this epoch, where one is given.
    pub(super) async fn take(&self, epoch: Option<Epoch>, bring: impl Future<Output = Result<T>>) -> Result<T> {
        let ticket = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut brought = self.brought.lock().await;
        let is_of_epoch = epoch.is_some() && brought.epoch == epoch;
        match &brought.what {
            Some(what) if brought.upto >= ticket || is_of_epoch => return Ok(what.clone()),
            // Whoever went for this one, too, was sent back; that all who wait try it again, one after another, helps nobody.
            None if brought.upto >= ticket => return Err(Error::NotReady(NOT_NOW)),
            _ => {}
        }
        let upto = self.asked.load(Ordering::SeqCst);
        let went = bring.await;
        *brought = Brought { upto, epoch, what: went.as_ref().ok().cloned() };
        went
    }

    /// Does something while nobody has a turn.
    pub(super) async fn alone<R>(&self, act: impl Future<Output = R>) -> R {
        let _brought = self.brought.lock().await;
        act.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    /// Many who ask at once, the first of whom sets out when all have asked.
    async fn brought(times: &AtomicUsize, fails: bool) -> Vec<Result<usize>> {
        let turn: Arc<Turn<usize>> = Arc::default();
        let bring = async || {
            while turn.asked.load(Ordering::SeqCst) < 20 {
                tokio::task::yield_now().await;
            }
            let time = times.fetch_add(1, Ordering::SeqCst);
            if fails { Err(Error::Forbidden) } else { Ok(time) }
        };
        futures_util::future::join_all((0..20).map(|_| turn.take(None, bring()))).await
    }

    #[tokio::test]
    async fn of_many_who_ask_at_once_two_go() {
        let times = AtomicUsize::new(0);
        let all = brought(&times, false).await;
        assert!(all.iter().all(Result::is_ok));
        // The second goes for all who asked after the first had set out.
        assert_eq!(times.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_fault_is_shared_and_not_kept() {
        let times = AtomicUsize::new(0);
        let all = brought(&times, true).await;
        assert!(all.iter().all(Result::is_err));
        assert_eq!(times.load(Ordering::SeqCst), 2);
        let turn = Turn::default();
        assert!(turn.take(None, async { Err::<u8, _>(Error::Forbidden) }).await.is_err());
        assert!(turn.take(None, async { Ok(1) }).await.is_ok_and(|what| what == 1));
        assert!(turn.take(None, async { Ok(2) }).await.is_ok_and(|what| what == 2), "whoever asks later goes");
    }
}
