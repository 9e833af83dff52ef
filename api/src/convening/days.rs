//! The days of a convening as moments: from the first midnight to the last, at its place.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

/// The moments between which days lie that follow one another, at a place of this time zone. None beyond what any
/// calendar knows.
pub(crate) fn bounds(first: NaiveDate, last: NaiveDate, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let after = last.checked_add_days(Days::new(1))?;
    Some((start_of(first, zone)?, start_of(after, zone)?))
}

/// The first moment of a day. Some places set their clocks forward at midnight, and then the day begins later; once, a
/// place left out a day.
fn start_of(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    let quarters = (0..=200).filter_map(|quarter| midnight.checked_add_signed(TimeDelta::minutes(15 * quarter)));
    let mut moments = quarters.filter_map(|time| zone.from_local_datetime(&time).earliest());
    moments.next().map(|moment| moment.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    fn hours(first: NaiveDate, last: NaiveDate, zone: Tz) -> Option<i64> {
        bounds(first, last, zone).map(|(from, until)| (until - from).num_hours())
    }

    #[test]
    fn a_day_has_as_many_hours_as_its_place_gives_it() {
        let california = Tz::America__Los_Angeles;
        assert_eq!(hours(day(2027, 3, 1), day(2027, 3, 2), california), Some(48));
        assert_eq!(hours(day(2027, 3, 14), day(2027, 3, 14), california), Some(23), "clocks go forward");
        assert_eq!(hours(day(2027, 11, 7), day(2027, 11, 7), california), Some(25), "clocks go back");
        assert_eq!(hours(day(2026, 9, 6), day(2026, 9, 6), Tz::America__Santiago), Some(23), "forward at midnight");
        assert_eq!(hours(day(2011, 12, 29), day(2011, 12, 30), Tz::Pacific__Apia), Some(24), "no such day");
    }

    #[test]
    fn days_begin_at_their_place() {
        let (from, _) = bounds(day(2027, 3, 1), day(2027, 3, 1), Tz::America__Los_Angeles).unwrap_or_default();
        assert_eq!(from.to_rfc3339(), "2027-03-01T08:00:00+00:00");
    }
}
