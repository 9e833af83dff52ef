//! A public agenda as files: for calendars, spreadsheets, search engines, and as a page to read.
//!
//! All of them are made of one [`Agenda`], which is what everybody reads of it: the answer to a document that is asked
//! as the public. Nothing here reads anything else, so that no file tells what the API would not.

mod calendar;
mod linked;
mod page;
mod table;
mod text;
mod zone;

pub(crate) use calendar::calendar;
pub(crate) use linked::linked;
pub(crate) use page::{STYLE, page};
pub(crate) use table::table;

use super::events::Events;
use chrono::{DateTime, FixedOffset, NaiveDate, Offset as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, de};

/// The agenda of a convening.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Agenda {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) title: String,
    kind: String,
    status: String,
    description: Option<String>,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    #[serde(deserialize_with = "zone")]
    time_zone: Tz,
    website: Option<String>,
    updated_at: DateTime<Utc>,
    venue: Option<Venue>,
    organizer: Option<Body>,
    #[serde(rename = "agendaReleases")]
    releases: Nodes<Release>,
    pub(crate) sessions: Page,
    /// What calendars are told of it.
    #[serde(skip)]
    pub(crate) events: Events,
}

/// The sessions, as far as they fit on a page of the answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    page_info: PageInfo,
    nodes: Vec<Session>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Nodes<T> {
    nodes: Vec<T>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Release {
    released_at: DateTime<Utc>,
}

#[derive(Debug, Deserialize)]
struct Venue {
    name: Option<String>,
    city: Option<String>,
    address: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Body {
    name: String,
    website: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Titled {
    title: String,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// A session, with its times and whoever speaks.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    id: String,
    slug: String,
    number: Option<i32>,
    title: String,
    format: String,
    r#abstract: Option<String>,
    date: Option<NaiveDate>,
    duration_minutes: Option<i32>,
    strand: Option<Titled>,
    slots: Vec<Slot>,
    speakers: Vec<Speaker>,
}

/// One time and place of a session.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Slot {
    id: String,
    round: Option<i32>,
    audience: Option<String>,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    room: Option<Named>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Speaker {
    role: String,
    name_as_shown: String,
    title_as_shown: Option<String>,
    person: Option<Id>,
    organization: Option<Named>,
    district: Option<Named>,
}

#[derive(Debug, Deserialize)]
struct Id {}

/// A session at one of its times: what stands on a line of the agenda.
#[derive(Clone, Copy, Debug)]
struct Item<'a> {
    session: &'a Session,
    slot: Option<&'a Slot>,
    /// The day, where the convening takes place; none where it is not known.
    day: Option<NaiveDate>,
}

impl Page {
    /// Adds the page that follows.
    pub(crate) fn add(&mut self, next: Self) {
        self.page_info = next.page_info;
        self.nodes.extend(next.nodes);
    }
}

impl Agenda {
    /// Where the next page of its sessions begins; none where this was the last.
    pub(crate) fn next(&self) -> Option<&str> {
        let page = &self.sessions.page_info;
        page.end_cursor.as_deref().filter(|_| page.has_next_page)
    }

    /// Whether it was ever released: before that, there is nothing to read.
    pub(crate) fn is_released(&self) -> bool {
        !self.releases.nodes.is_empty()
    }

    /// When something in it changed last.
    pub(crate) fn changed_at(&self) -> DateTime<Utc> {
        let released = self.releases.nodes.iter().map(|release| release.released_at).max();
        released.unwrap_or_default().max(self.updated_at)
    }

    fn is_cancelled(&self) -> bool {
        self.status == "CANCELLED"
    }

    /// A moment as the clocks show it where the convening takes place.
    fn local(&self, moment: DateTime<Utc>) -> DateTime<FixedOffset> {
        let there = moment.with_timezone(&self.time_zone);
        there.with_timezone(&there.offset().fix())
    }

    /// What stands on it, by time; what has none comes last on its day, and what has no day at the end. Slots of which
    /// neither time nor room is known tell nothing: their session stands there once.
    fn items(&self) -> Vec<Item<'_>> {
        let is_known = |item: &Item<'_>| item.start().is_some() || item.room().is_some();
        let items = |session| {
            let mut items = self.slots_of(session);
            if !items.iter().any(is_known) {
                items = vec![Item { session, slot: None, day: session.date }];
            }
            items
        };
        by_time(self.sessions.nodes.iter().flat_map(items).collect())
    }

    /// Every slot, and sessions without one, in the same order.
    fn slots(&self) -> Vec<Item<'_>> {
        by_time(self.sessions.nodes.iter().flat_map(|session| self.slots_of(session)).collect())
    }

    fn slots_of<'a>(&self, session: &'a Session) -> Vec<Item<'a>> {
        if session.slots.is_empty() {
            return vec![Item { session, slot: None, day: session.date }];
        }
        let day = |start| self.local(start).date_naive();
        let item = |slot: &'a Slot| Item { session, slot: Some(slot), day: slot.starts_at.map(day).or(session.date) };
        session.slots.iter().map(item).collect()
    }
}

/// What is not known comes last.
fn by_time(mut items: Vec<Item<'_>>) -> Vec<Item<'_>> {
    items.sort_by_key(|item| (item.day.is_none(), item.day, item.start().is_none(), item.start()));
    items
}

impl Item<'_> {
    fn start(&self) -> Option<DateTime<Utc>> {
        self.slot.and_then(|slot| slot.starts_at)
    }

    fn end(&self) -> Option<DateTime<Utc>> {
        self.slot.and_then(|slot| slot.ends_at)
    }

    fn room(&self) -> Option<&str> {
        Some(self.slot?.room.as_ref()?.name.as_str())
    }

    fn round(&self) -> Option<i32> {
        self.slot?.round
    }

    /// Whom it is for, where it is a meeting of those who hold one seat.
    fn audience(&self) -> Option<String> {
        self.slot?.audience.as_deref().map(text::label)
    }
}

impl Speaker {
    /// The title, and the body on whose behalf a person speaks.
    fn position(&self) -> String {
        text::joined([self.title_as_shown.as_deref(), self.behalf()], ", ")
    }

    /// The body on whose behalf a person speaks.
    fn behalf(&self) -> Option<&str> {
        let body = self.organization.as_ref().or(self.district.as_ref())?;
        self.is_person().then_some(body.name.as_str())
    }

    fn is_person(&self) -> bool {
        self.person.is_some()
    }

    /// The name with what is known of it: `Ada Example, President, Alder Teachers`.
    fn told(&self) -> String {
        text::joined([Some(self.name_as_shown.as_str()), Some(self.position().as_str())], ", ")
    }
}

fn zone<'de, D: Deserializer<'de>>(from: D) -> Result<Tz, D::Error> {
    String::deserialize(from)?.parse().map_err(|_| de::Error::custom("a convening in a time zone unknown"))
}
