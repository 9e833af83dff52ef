//! What time it is: asked in one place, so that tests can say it themselves.

use chrono::{DateTime, NaiveDate, Utc};
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's own clock.
    #[default]
    System,
    /// A clock that stands still.
    Fixed(DateTime<Utc>),
    /// A clock that stands where its hands were put, in microseconds since 1970.
    Hands(&'static AtomicI64),
}

impl Clock {
    /// The present moment, to the microsecond that PostgreSQL keeps.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            Self::System => Utc::now(),
            Self::Fixed(time) => *time,
            Self::Hands(hands) => DateTime::from_timestamp_micros(hands.load(Ordering::Relaxed)).unwrap_or_default(),
        };
        chrono::SubsecRound::trunc_subsecs(now, 6)
    }

    /// Today's date in California, where the initiative keeps its calendar.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&chrono_tz::America::Los_Angeles).date_naive()
    }
}
