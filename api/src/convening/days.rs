//! The days of a convening, where it takes place.

use crate::error::{Error, Result};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::convening::Model;

/// Whether what begins at a moment begins on a day of the convening.
pub(crate) fn begins_within(convening: &Model, start: DateTime<Utc>) -> Result<bool> {
    Ok((convening.starts_on..=convening.ends_on).contains(&day_of(convening, start)?))
}

/// Whether what ends at a moment ends on a day of the convening, at the latest at the midnight after its last. The end
/// itself is not part of it: at midnight it may be that of the next day.
pub(crate) fn ends_within(convening: &Model, end: DateTime<Utc>) -> Result<bool> {
    begins_within(convening, end - TimeDelta::nanoseconds(1))
}

/// The day that a moment is on, where the convening takes place.
pub(crate) fn day_of(convening: &Model, moment: DateTime<Utc>) -> Result<NaiveDate> {
    let zone: Tz = convening.time_zone.parse().map_err(|_| Error::internal("a convening in a time zone unknown"))?;
    Ok(moment.with_timezone(&zone).date_naive())
}
