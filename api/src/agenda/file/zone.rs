//! A time zone as calendars are told of it: from when on its clocks show what.

use super::calendar::{date_time, offset, text};
use calcard::icalendar::{ICalendarComponent, ICalendarComponentType, ICalendarProperty};
use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{OffsetComponents as _, OffsetName as _, Tz};
use std::ops::Range;

/// How far back the clocks' last change is looked for, so that both of a year's times are told.
const BEFORE: TimeDelta = TimeDelta::days(400);

/// What clocks show for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Observance {
    /// What they showed when it began.
    begins: NaiveDateTime,
    before: FixedOffset,
    shown: Shown,
}

/// What clocks show at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    offset: FixedOffset,
    is_summer: bool,
    name: String,
}

/// The zone with all that its clocks show between two moments: the components of a calendar, it and its parts.
pub(super) fn zone(zone: Tz, between: &Range<DateTime<Utc>>) -> (ICalendarComponent, Vec<ICalendarComponent>) {
    let mut whole = ICalendarComponent::new(ICalendarComponentType::VTimezone);
    whole.add_property(ICalendarProperty::Tzid, zone.name());
    (whole, observances(zone, between).iter().map(component).collect())
}

fn component(observance: &Observance) -> ICalendarComponent {
    let Observance { begins, before, shown } = observance;
    let kind = if shown.is_summer { ICalendarComponentType::Daylight } else { ICalendarComponentType::Standard };
    let mut part = ICalendarComponent::new(kind);
    part.add_property(ICalendarProperty::Dtstart, date_time(*begins));
    part.add_property(ICalendarProperty::Tzoffsetfrom, offset(*before));
    part.add_property(ICalendarProperty::Tzoffsetto, offset(shown.offset));
    text(&mut part, ICalendarProperty::Tzname, &shown.name);
    part
}

fn observances(zone: Tz, between: &Range<DateTime<Utc>>) -> Vec<Observance> {
    let mut found = Vec::new();
    let mut moment = between.start - BEFORE;
    let first = shown(zone, moment);
    while moment < between.end {
        let next = moment + TimeDelta::days(1);
        let (before, after) = (shown(zone, moment), shown(zone, next));
        if before != after {
            let change = change(zone, moment..next);
            let begins = change.with_timezone(&before.offset).naive_local();
            found.push(Observance { begins, before: before.offset, shown: after });
        }
        moment = next;
    }
    // Where the clocks were not changed lately, they have shown the same since ever.
    let since = found.first().is_none_or(|first| first.begins.and_utc() > between.start);
    if since {
        let begins = DateTime::UNIX_EPOCH.naive_utc();
        found.insert(0, Observance { begins, before: first.offset, shown: first });
    }
    found
}

/// The first second within a day from which on the clocks show something else.
fn change(zone: Tz, day: Range<DateTime<Utc>>) -> DateTime<Utc> {
    let (mut same, mut other) = (day.start, day.end);
    let before = shown(zone, same);
    while other - same > TimeDelta::seconds(1) {
        let middle = same + TimeDelta::seconds((other - same).num_seconds() / 2);
        if shown(zone, middle) == before { same = middle } else { other = middle }
    }
    other
}

fn shown(zone: Tz, moment: DateTime<Utc>) -> Shown {
    let there = zone.offset_from_utc_datetime(&moment.naive_utc());
    Shown {
        offset: there.fix(),
        is_summer: !there.dst_offset().is_zero(),
        name: there.abbreviation().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a zone tells of the days between two: from when on, in which way, and by how much.
    fn told(name: &str, from: &str, until: &str) -> Vec<String> {
        let moment = |text: &str| text.parse::<DateTime<Utc>>();
        let (Ok(zone), Ok(from), Ok(until)) = (name.parse::<Tz>(), moment(from), moment(until)) else { return vec![] };
        let told = |part: Observance| {
            let kind = if part.shown.is_summer { "daylight" } else { "standard" };
            format!("{} {} to {} {kind} {}", part.begins, part.before, part.shown.offset, part.shown.name)
        };
        observances(zone, &(from..until)).into_iter().map(told).collect()
    }

    #[test]
    fn clocks_go_forward_in_spring_and_back_in_autumn() {
        let expected = [
            "2026-03-08 02:00:00 -08:00 to -07:00 daylight PDT",
            "2026-11-01 02:00:00 -07:00 to -08:00 standard PST",
            "2027-03-14 02:00:00 -08:00 to -07:00 daylight PDT",
        ];
        let spring = told("America/Los_Angeles", "2027-03-13T08:00:00Z", "2027-03-15T07:00:00Z");
        assert_eq!(spring, expected);
        let winter = told("America/Los_Angeles", "2027-01-13T08:00:00Z", "2027-01-15T08:00:00Z");
        assert_eq!(winter.last().map(String::as_str), Some(expected[1]));
    }

    #[test]
    fn some_clocks_are_never_changed() {
        let expected = ["1970-01-01 00:00:00 -07:00 to -07:00 standard MST"];
        assert_eq!(told("America/Phoenix", "2027-03-13T08:00:00Z", "2027-03-15T07:00:00Z"), expected);
        let utc = told("UTC", "2027-03-13T08:00:00Z", "2027-03-15T07:00:00Z");
        assert_eq!(utc, ["1970-01-01 00:00:00 +00:00 to +00:00 standard UTC"]);
    }
}
