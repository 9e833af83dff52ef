//! What each has to spend: points that come back evenly, a minute's worth at most.

use super::payer::Payer;
use super::refusal::Short;
use crate::clock::Stopwatch;
use quick_cache::sync::Cache;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Points that each has in a minute where nothing else is set.
pub const POINTS: u64 = 1_000_000;
/// Of how many it is known what they have left. Of those who come after that, whoever asked longest ago is forgotten, and
/// has the whole again.
pub(in crate::http) const MOST_PAYERS: usize = 100_000;
/// Of a minute's points, what is dear leaves this part: whoever has spent all others is still answered small things.
const RESERVE: u64 = 100;
/// Nanoseconds of a minute.
const MINUTE: u64 = 60_000_000_000;

/// What everybody has left.
#[derive(Debug)]
pub(super) struct Budget {
    points: u64,
    stopwatch: Stopwatch,
    purses: Cache<Payer, Arc<Purse>>,
}

/// What one has left, by the moment, in nanoseconds, at which it is whole again: so that it is one number, which nobody has to
/// lock, and nothing has to be done as time passes.
#[derive(Debug, Default)]
struct Purse(AtomicU64);

/// What is told of a purse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// Points that each has in a minute.
    pub(super) of: u64,
    pub(super) points: u64,
    /// Seconds until it is whole again.
    pub(super) whole_in: u64,
}

impl Budget {
    /// So many points in a minute.
    pub(super) fn new(points: u64, stopwatch: Stopwatch) -> Self {
        Self { points: points.min(MINUTE), stopwatch, purses: Cache::new(MOST_PAYERS) }
    }

    /// Takes points, of a whole minute's at most; all or none.
    pub(super) fn take(&self, payer: Payer, points: u64) -> Result<(), Short> {
        self.take_within(MINUTE, payer, points)
    }

    /// The same for what is dear, which leaves the last hundredth to what costs no more than a point.
    pub(super) fn take_dear(&self, payer: Payer, points: u64) -> Result<(), Short> {
        let reserve = self.points / RESERVE;
        let most = (self.points - reserve).saturating_sub(1);
        self.take_within(MINUTE - self.time(reserve), payer, points.min(most))
    }

    fn take_within(&self, room: u64, payer: Payer, points: u64) -> Result<(), Short> {
        let (now, needed) = (self.now(), self.time(points));
        let taken = self.purse(payer).0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |whole_at| {
            let whole_at = whole_at.max(now) + needed;
            (whole_at - now <= room).then_some(whole_at)
        });
        taken.map(drop).map_err(|whole_at| {
            let wait = (whole_at.max(now) + needed).saturating_sub(now + room);
            Short { wanted: points, of: self.points, wait: whole_seconds(wait).max(1) }
        })
    }

    /// Takes points whether or not they are there: a debt of another minute's at most.
    pub(super) fn owe(&self, payer: Payer, points: u64) {
        let (now, needed) = (self.now(), self.time(points));
        // It cannot fail: there is always a next value.
        let _ = self.purse(payer).0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |whole_at| {
            Some((whole_at.max(now) + needed).min(now + 2 * MINUTE))
        });
    }

    pub(super) fn left(&self, payer: Payer) -> Left {
        let missing = self.purse(payer).0.load(Ordering::Relaxed).saturating_sub(self.now());
        let points = (MINUTE.saturating_sub(missing) / self.of_one()).min(self.points);
        Left { of: self.points, points, whole_in: whole_seconds(missing) }
    }

    fn purse(&self, payer: Payer) -> Arc<Purse> {
        let found = self.purses.get_or_insert_with(&payer, || Ok::<_, Infallible>(Arc::default()));
        match found {
            Ok(purse) => purse,
            Err(never) => match never {},
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.stopwatch.elapsed().as_nanos()).unwrap_or(u64::MAX / 2)
    }

    /// The time in which a point comes back.
    fn of_one(&self) -> u64 {
        MINUTE / self.points
    }

    fn time(&self, points: u64) -> u64 {
        self.of_one() * points.min(self.points)
    }
}

/// Rounded up: whoever comes a moment too early would wait once more.
fn whole_seconds(nanoseconds: u64) -> u64 {
    nanoseconds.div_ceil(1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use std::net::IpAddr;

    fn budget(points: u64) -> Budget {
        let still = Clock::Fixed(chrono::DateTime::UNIX_EPOCH);
        Budget::new(points, still.stopwatch())
    }

    fn network(number: u32) -> Payer {
        Payer::Network(Some(IpAddr::from(number.to_be_bytes())))
    }

    #[test]
    fn whoever_has_spent_a_minutes_points_waits_until_there_are_enough() {
        let budget = budget(60);
        assert_eq!(budget.left(network(1)), Left { of: 60, points: 60, whole_in: 0 });
        assert_eq!(budget.take(network(1), 59), Ok(()));
        assert_eq!(budget.take(network(1), 2), Err(Short { wanted: 2, of: 60, wait: 1 }), "all or none");
        assert_eq!(budget.take(network(1), 1), Ok(()));
        assert_eq!(budget.take(network(1), 30), Err(Short { wanted: 30, of: 60, wait: 30 }));
        assert_eq!(budget.left(network(1)), Left { of: 60, points: 0, whole_in: 60 });
        assert_eq!(budget.take(network(2), 60), Ok(()), "others have their own");
    }

    #[test]
    fn what_costs_more_than_a_minutes_points_takes_all_of_them() {
        let budget = budget(60);
        assert_eq!(budget.take(network(1), u64::MAX), Ok(()));
        assert_eq!(budget.left(network(1)).points, 0);
        assert_eq!(budget.take(network(1), u64::MAX).map_err(|short| short.wait), Err(60));
    }

    #[test]
    fn a_debt_ends_in_two_minutes_at_most() {
        let budget = budget(60);
        for _ in 0..100 {
            budget.owe(network(1), 50);
        }
        assert_eq!(budget.left(network(1)), Left { of: 60, points: 0, whole_in: 120 });
        assert_eq!(budget.take(network(1), 1).map_err(|short| short.wait), Err(61));
    }

    #[test]
    fn points_come_back_as_time_passes() {
        let budget = Budget::new(MINUTE, Clock::System.stopwatch());
        assert_eq!(budget.take(network(1), MINUTE), Ok(()));
        // A nanosecond for each.
        while budget.take(network(1), 1_000).is_err() {}
    }

    #[test]
    fn many_at_once_are_given_no_more_than_there_is() {
        let budget = budget(1_000);
        let taken = || (0..1_000).filter(|_| budget.take(network(1), 1).is_ok()).count();
        let all = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(taken)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or_default()).sum::<usize>()
        });
        assert_eq!(all, 1_000);
    }

    #[test]
    fn a_million_networks_take_no_more_room_than_a_hundred_thousand() {
        let budget = budget(60);
        for number in 0..1_000_000 {
            assert_eq!(budget.take(network(number), 1), Ok(()));
        }
        assert!(budget.purses.len() <= MOST_PAYERS, "{}", budget.purses.len());
    }
}
