//! What time it is: asked in one place, so that tests can say it themselves.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::America::Los_Angeles;
use std::time::{Duration, Instant};

/// Tells the time.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's own clock.
    #[default]
    System,
    /// A clock that stands still.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// The present moment, to the microsecond that PostgreSQL keeps.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            Self::System => Utc::now(),
            Self::Fixed(time) => *time,
        };
        chrono::SubsecRound::trunc_subsecs(now, 6)
    }

    /// Today's date in California, where the initiative keeps its calendar.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&Los_Angeles).date_naive()
    }
}

/// Measures how much time passes, which nobody sets forward or back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Option<Instant>);

impl Clock {
    /// Measures from now on; nothing passes where the clock stands still.
    pub(crate) fn stopwatch(&self) -> Stopwatch {
        Stopwatch(matches!(self, Self::System).then(Instant::now))
    }
}

impl Stopwatch {
    /// How much passed since.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.map_or(Duration::ZERO, |began| began.elapsed())
    }
}

/// The moment at which a day is over in California.
pub(crate) fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
    // Clocks there are never changed at midnight, so that there is always exactly one.
    Los_Angeles.from_local_datetime(&midnight).earliest().map_or(midnight.and_utc(), |end| end.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_california() {
        for (day, end) in [("2026-06-30", "2026-07-01T07:00:00Z"), ("2026-12-31", "2027-01-01T08:00:00Z")] {
            assert_eq!(day.parse().map(end_of).ok(), end.parse().ok(), "{day}");
        }
    }
}
