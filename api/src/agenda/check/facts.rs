//! What is known of an agenda, as far as it can be wrong.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{PersonId, RoomId, SessionBlockId, SessionId, SlotId};
use entity::session::Format;
use std::collections::BTreeSet;

/// From when until when, without the last moment.
pub type Span = (DateTime<Utc>, DateTime<Utc>);

/// An agenda with all that its parts must go together with.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The first day of the convening.
    pub first_day: NaiveDate,
    /// The last.
    pub last_day: NaiveDate,
    /// Where it is.
    pub zone: Tz,
    /// How many people sit in the teams that hold a place.
    pub participants: i64,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Its sessions, in the agenda's order.
    pub sessions: Vec<Session>,
    /// Their slots.
    pub slots: Vec<Slot>,
    /// Its rooms.
    pub rooms: Vec<Room>,
    /// Who speaks.
    pub speakers: Vec<Speaks>,
    /// When those who speak speak at other convenings.
    pub elsewhere: Vec<Busy>,
    /// In which slots those who speak have a seat.
    pub seats: Vec<Seat>,
    /// Those who speak and sit in a team.
    pub in_teams: BTreeSet<PersonId>,
}

/// Sessions that are offered together.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its key.
    pub id: SessionBlockId,
    /// What it is called.
    pub title: String,
    /// How many rounds it has.
    pub rounds: Option<i32>,
}

/// A session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its key.
    pub id: SessionId,
    /// What it is called.
    pub title: String,
    /// What happens in it.
    pub format: Format,
    /// The day that it is on.
    pub date: Option<NaiveDate>,
    /// The block that it is offered in.
    pub block: Option<SessionBlockId>,
}

/// A time and place of a session.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its key.
    pub id: SlotId,
    /// Its session.
    pub session: SessionId,
    /// Which round of the block it is in.
    pub round: Option<i32>,
    /// Where.
    pub room: Option<RoomId>,
    /// When.
    pub span: Option<Span>,
    /// How many it takes.
    pub capacity: Option<i32>,
    /// How many have a seat in it.
    pub taken: i64,
}

/// A room.
#[derive(Clone, Debug)]
pub struct Room {
    /// Its key.
    pub id: RoomId,
    /// What it is called.
    pub name: String,
    /// How many it holds.
    pub capacity: Option<i32>,
}

/// Somebody who speaks in a session.
#[derive(Clone, Debug)]
pub struct Speaks {
    /// Who.
    pub person: PersonId,
    /// The name on the agenda.
    pub name: String,
    /// Where.
    pub session: SessionId,
}

/// A time at which somebody speaks at another convening.
#[derive(Clone, Debug)]
pub struct Busy {
    /// Who.
    pub person: PersonId,
    /// When.
    pub span: Span,
}

/// A seat in a slot.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Whose.
    pub person: PersonId,
    /// In which slot.
    pub slot: SlotId,
}

impl Facts {
    pub(super) fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    pub(super) fn slots_of(&self, id: SessionId) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |slot| slot.session == id)
    }

    pub(super) fn room_of(&self, slot: &Slot) -> Option<&Room> {
        let id = slot.room?;
        self.rooms.iter().find(|room| room.id == id)
    }

    /// The title of a slot's session.
    pub(super) fn title_of(&self, slot: &Slot) -> &str {
        self.session(slot.session).map_or("", |session| &session.title)
    }

    /// Whether two slots take place at one time: by the clock where both have times, else by being in one round of a
    /// block.
    pub(super) fn at_once(&self, one: &Slot, other: &Slot) -> bool {
        match (one.span, other.span) {
            (Some(one), Some(other)) => overlap(one, other),
            _ => self.round_of(one).is_some_and(|round| self.round_of(other) == Some(round)),
        }
    }

    /// The block and round that a slot is in.
    pub(super) fn round_of(&self, slot: &Slot) -> Option<(SessionBlockId, i32)> {
        self.session(slot.session)?.block.zip(slot.round)
    }

    pub(super) fn day_of(&self, moment: DateTime<Utc>) -> NaiveDate {
        moment.with_timezone(&self.zone).date_naive()
    }

    /// Whether a time lies within the convening's days. Its end may be the midnight after the last.
    pub(super) fn holds(&self, (start, end): Span) -> bool {
        let days = self.first_day..=self.last_day;
        days.contains(&self.day_of(start)) && days.contains(&self.day_of(end - TimeDelta::nanoseconds(1)))
    }
}

pub(super) fn overlap((start, end): Span, (other_start, other_end): Span) -> bool {
    start < other_end && other_start < end
}
