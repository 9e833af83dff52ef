//! So many in a time, and no more.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Lets so many through in each span of time.
#[derive(Debug)]
pub(super) struct Sparing {
    most: u32,
    span: Duration,
    /// When the present span began, and how many were let through since.
    passed: Mutex<Option<(Instant, u32)>>,
}

impl Sparing {
    pub(super) const fn new(most: u32, span: Duration) -> Self {
        Self { most, span, passed: Mutex::new(None) }
    }

    /// Whether one more may be.
    pub(super) fn may(&self) -> bool {
        self.may_at(Instant::now())
    }

    fn may_at(&self, now: Instant) -> bool {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = passed.filter(|(since, _)| now.duration_since(*since) < self.span).unwrap_or((now, 0));
        let may = count < self.most;
        *passed = Some((since, count + u32::from(may)));
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_so_many_pass_in_a_time() {
        let (sparing, now) = (Sparing::new(2, Duration::from_secs(10)), Instant::now());
        let later = |seconds| now + Duration::from_secs(seconds);
        assert_eq!([0, 1, 2, 9].map(|at| sparing.may_at(later(at))), [true, true, false, false]);
        assert_eq!([10, 11, 12].map(|at| sparing.may_at(later(at))), [true, true, false]);
    }
}
