//! An agenda as a calendar that others subscribe to: iCalendar, as RFC 5545 has it.
//!
//! Each time of a session is an event, and a day of a session without a time one that lasts all day. An event keeps its
//! UID in every release, and counts up with each that changes it; one that was taken off stays as cancelled, because
//! calendars keep what they once were told. Nobody is named by an address.

use super::text::{joined, label, line, plain};
use super::zone::zone;
use super::{Agenda, Item};
use crate::account::PublicUrl;
use crate::agenda::events::Step;
use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarEntry, ICalendarMethod,
    ICalendarParameter, ICalendarProperty, ICalendarStatus, ICalendarTransparency, ICalendarValue, ICalendarValueType,
    Uri,
};
use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _, Utc};
use std::ops::Range;

/// How often a calendar should look again.
const REFRESH: ICalendarDuration =
    ICalendarDuration { neg: false, weeks: 0, days: 0, hours: 1, minutes: 0, seconds: 0 };

/// The agenda as a calendar.
pub(crate) fn calendar(agenda: &Agenda, url: &PublicUrl) -> String {
    let mut components = vec![whole(agenda, url)];
    let (zone, observances) = zone(agenda.time_zone, &span(agenda));
    components.push(zone);
    let events = standing(agenda, url).chain(gone(agenda, url));
    let first = 2 + observances.len();
    components.extend(observances.into_iter().chain(events));
    let numbers = |range: Range<usize>| range.filter_map(|number| u32::try_from(number).ok());
    components[1].component_ids = numbers(2..first).collect();
    components[0].component_ids = numbers(1..2).chain(numbers(first..components.len())).collect();
    ICalendar { components }.to_string()
}

/// What is said of the calendar as a whole.
fn whole(agenda: &Agenda, url: &PublicUrl) -> ICalendarComponent {
    let mut whole = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    whole.add_property(ICalendarProperty::Version, "2.0");
    whole.add_property(ICalendarProperty::Prodid, "-//California Labor-Management Initiative//lmi//EN");
    whole.add_property(ICalendarProperty::Calscale, "GREGORIAN");
    whole.add_property(ICalendarProperty::Method, ICalendarMethod::Publish);
    let title = line(&agenda.title);
    // Some calendars know the one name of the property, and some the other.
    text(&mut whole, ICalendarProperty::Name, &title);
    text(&mut whole, ICalendarProperty::Other("X-WR-CALNAME".to_owned()), &title);
    text(&mut whole, ICalendarProperty::Other("X-WR-TIMEZONE".to_owned()), agenda.time_zone.name());
    if let Some(description) = &agenda.description {
        text(&mut whole, ICalendarProperty::Description, description);
    }
    whole.add_property(ICalendarProperty::Url, Uri::Location(url.agenda(&agenda.slug)));
    let duration = [ICalendarParameter::value(ICalendarValueType::Duration)];
    whole.add_property_with_params(ICalendarProperty::RefreshInterval, duration, REFRESH);
    whole.add_property(ICalendarProperty::Other("X-PUBLISHED-TTL".to_owned()), REFRESH);
    whole.add_property(ICalendarProperty::LastModified, moment(agenda.changed_at()));
    whole
}

/// What is on the agenda: what has a time, and what has a day alone.
fn standing(agenda: &Agenda, url: &PublicUrl) -> impl Iterator<Item = ICalendarComponent> {
    let timed = agenda.items().into_iter().filter(|item| item.start().is_some());
    let timed = timed.filter_map(|item| Some((item.slot?.id.as_str(), item)));
    let days = agenda.sessions.nodes.iter().filter(|session| session.slots.iter().all(|slot| slot.starts_at.is_none()));
    let days = days.filter(|session| session.date.is_some());
    let days = days.map(|session| (session.id.as_str(), Item { session, slot: None, day: session.date }));
    timed.chain(days).map(|(id, item)| event(agenda, &item, id, url))
}

fn event(agenda: &Agenda, item: &Item<'_>, id: &str, url: &PublicUrl) -> ICalendarComponent {
    let step = agenda.events.standing.get(id).copied().unwrap_or_default();
    let mut event = begun(agenda, id, step, url);
    let is_cancelled = agenda.is_cancelled();
    let status = if is_cancelled { ICalendarStatus::Cancelled } else { ICalendarStatus::Confirmed };
    event.add_property(ICalendarProperty::Status, status);
    // Calling everything off is one more change of it.
    event.add_sequence(i64::from(if is_cancelled { step.number } else { step.number - 1 }.max(0)));
    when(&mut event, agenda, item);
    let title = line(&item.session.title);
    let summary = item.audience().map_or(title.clone(), |audience| format!("{title}: {audience}"));
    text(&mut event, ICalendarProperty::Summary, &summary);
    text(&mut event, ICalendarProperty::Description, &description(item));
    let venue = agenda.venue.as_ref();
    let place = venue.map(|venue| [venue.name.as_deref(), venue.address.as_deref(), venue.city.as_deref()]);
    let place = joined([item.room()].into_iter().chain(place.into_iter().flatten()), ", ");
    text(&mut event, ICalendarProperty::Location, &line(&place));
    let strand = item.session.strand.as_ref().map(|strand| line(&strand.title));
    let categories = [label(&item.session.format)].into_iter().chain(strand).map(ICalendarValue::Text);
    event.entries.push(ICalendarEntry::new(ICalendarProperty::Categories).with_values(categories.collect()));
    let address = format!("{}#{}", url.agenda(&agenda.slug), item.session.slug);
    event.add_property(ICalendarProperty::Url, Uri::Location(address));
    event
}

/// From when until when an event is. One that has a day only keeps nobody from anything else.
fn when(event: &mut ICalendarComponent, agenda: &Agenda, item: &Item<'_>) {
    let transparency = if let (Some(start), Some(end)) = (item.start(), item.end()) {
        for (property, time) in [(ICalendarProperty::Dtstart, start), (ICalendarProperty::Dtend, end)] {
            let zone = ICalendarParameter::tzid(agenda.time_zone.name().to_owned());
            event.add_property_with_params(property, [zone], date_time(agenda.local(time).naive_local()));
        }
        ICalendarTransparency::Opaque
    } else {
        all_day(event, item.day.unwrap_or(agenda.starts_on));
        ICalendarTransparency::Transparent
    };
    event.add_property(ICalendarProperty::Transp, transparency);
}

/// What an earlier release told and the last does not. What and when it was is nobody's business any more; a time is
/// only there because an event must have one.
fn gone(agenda: &Agenda, url: &PublicUrl) -> impl Iterator<Item = ICalendarComponent> {
    agenda.events.gone.iter().map(|(id, step)| {
        let mut event = begun(agenda, id, *step, url);
        event.add_property(ICalendarProperty::Status, ICalendarStatus::Cancelled);
        event.add_sequence(i64::from(step.number - 1));
        all_day(&mut event, agenda.starts_on);
        event.add_property(ICalendarProperty::Transp, ICalendarTransparency::Transparent);
        text(&mut event, ICalendarProperty::Summary, "No longer on the agenda");
        event
    })
}

/// An event with what tells it from others, and when it was changed.
fn begun(agenda: &Agenda, id: &str, step: Step, url: &PublicUrl) -> ICalendarComponent {
    let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
    event.add_uid(&format!("{id}@{}", url.host()));
    // What is said of the convening, such as its venue, is in its events too.
    event.add_property(ICalendarProperty::Dtstamp, moment(agenda.changed_at()));
    event.add_property(ICalendarProperty::LastModified, moment(step.at.max(agenda.updated_at)));
    event
}

/// What it is, who speaks, and what it is about.
fn description(item: &Item<'_>) -> String {
    let session = item.session;
    let round = item.round().map(|round| format!("Round {round}"));
    let audience = item.audience().map(|audience| format!("For: {audience}"));
    let strand = session.strand.as_ref().map(|strand| strand.title.as_str());
    let kind = label(&session.format);
    let facts = joined([Some(kind.as_str()), strand, round.as_deref(), audience.as_deref()], " · ");
    let speakers = session.speakers.iter().map(|speaker| format!("{}: {}", label(&speaker.role), speaker.told()));
    let speakers = speakers.collect::<Vec<_>>().join("\n");
    joined([Some(facts.as_str()), session.r#abstract.as_deref(), Some(speakers.as_str())], "\n\n")
}

/// All that the time zone has to be told for.
fn span(agenda: &Agenda) -> Range<DateTime<Utc>> {
    let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
    let times = || agenda.sessions.nodes.iter().flat_map(|session| &session.slots);
    let first = times().filter_map(|slot| slot.starts_at).min().unwrap_or_else(|| midnight(agenda.starts_on));
    let last = times().filter_map(|slot| slot.ends_at).max().unwrap_or_else(|| midnight(agenda.ends_on));
    first.min(midnight(agenda.starts_on))..last.max(midnight(agenda.ends_on)) + TimeDelta::days(2)
}

fn all_day(event: &mut ICalendarComponent, day: NaiveDate) {
    let next = day.succ_opt().unwrap_or(day);
    for (property, day) in [(ICalendarProperty::Dtstart, day), (ICalendarProperty::Dtend, next)] {
        let date = [ICalendarParameter::value(ICalendarValueType::Date)];
        event.add_property_with_params(property, date, date_time(day.and_time(chrono::NaiveTime::MIN)));
    }
}

/// Adds a text; one that is empty is left out.
pub(super) fn text(component: &mut ICalendarComponent, property: ICalendarProperty, value: &str) {
    let value = plain(value);
    if !value.trim().is_empty() {
        component.add_property(property, value);
    }
}

fn moment(at: DateTime<Utc>) -> PartialDateTime {
    PartialDateTime { tz_hour: Some(0), tz_minute: Some(0), ..date_time(at.naive_utc()) }
}

/// A time as the clocks show it.
pub(super) fn date_time(time: NaiveDateTime) -> PartialDateTime {
    let small = |number: u32| u8::try_from(number).ok();
    PartialDateTime {
        year: u16::try_from(time.year()).ok(),
        month: small(time.month()),
        day: small(time.day()),
        hour: small(time.hour()),
        minute: small(time.minute()),
        second: small(time.second()),
        ..PartialDateTime::default()
    }
}

/// How much the clocks differ from those of UTC.
pub(super) fn offset(from_utc: FixedOffset) -> PartialDateTime {
    let seconds = from_utc.local_minus_utc();
    let minutes = seconds.unsigned_abs() / 60;
    PartialDateTime {
        tz_hour: u8::try_from(minutes / 60).ok(),
        tz_minute: u8::try_from(minutes % 60).ok(),
        tz_minus: seconds < 0,
        ..PartialDateTime::default()
    }
}
