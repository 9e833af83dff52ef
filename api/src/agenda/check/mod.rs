//! What is wrong with a whole agenda, or deserves a look. Pure: [`facts`] is what is known of one, [`mod@load`] reads it.
//!
//! The services refuse most conflicts when something is changed; here an agenda is looked at as it stands, also where
//! somebody forced a change, a record was loaded, or one thing became wrong by another.

mod facts;
mod load;
mod people;
mod rooms;
mod times;

use entity::ids::{PersonId, RoomId, SessionId, SlotId};
pub use facts::{Block, Busy, Facts, Room, Seat, Session, Slot, Span, Speaks};
pub(super) use load::load;

/// What is wrong, or may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Two slots in one room at one time.
    RoomTwice,
    /// Somebody speaks in two sessions of the convening at one time.
    SpeakerTwice,
    /// Somebody speaks here while speaking at another convening.
    SpeakerElsewhere,
    /// Somebody speaks while having a seat in another session.
    SpeakerSeated,
    /// Somebody speaks while the own team has its time together.
    SpeakerMissesTeamTime,
    /// More seats are taken than the room or the slot holds.
    Overbooked,
    /// The room is smaller than the slot, or than everybody whom a session for all expects.
    RoomTooSmall,
    /// A round offers fewer seats than there are participants.
    RoundTooSmall,
    /// A session without a time.
    SessionWithoutTime,
    /// A slot without a room.
    SlotWithoutRoom,
    /// A time or date that is not within the convening's days.
    OutsideConvening,
    /// A slot on another day than its session is on.
    AnotherDay,
    /// A session of a block that is in fewer of its rounds than the block has.
    FewerRounds,
    /// A slot in a round that its block does not have.
    UnknownRound,
    /// Two rounds of a block overlap.
    RoundsOverlap,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot take place like this.
    Conflict,
    /// Somebody should look at it; it may be meant so.
    Warning,
}

impl Kind {
    /// How bad it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::RoomTwice
            | Self::SpeakerTwice
            | Self::SpeakerElsewhere
            | Self::Overbooked
            | Self::OutsideConvening
            | Self::UnknownRound
            | Self::RoundsOverlap => Severity::Conflict,
            Self::SpeakerSeated
            | Self::SpeakerMissesTeamTime
            | Self::RoomTooSmall
            | Self::RoundTooSmall
            | Self::SessionWithoutTime
            | Self::SlotWithoutRoom
            | Self::AnotherDay
            | Self::FewerRounds => Severity::Warning,
        }
    }
}

/// One thing that is wrong, with what it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What is wrong.
    pub kind: Kind,
    /// The same in a sentence, with what to do about it.
    pub message: String,
    /// The sessions that it concerns.
    pub sessions: Vec<SessionId>,
    /// The slots that it concerns.
    pub slots: Vec<SlotId>,
    /// The room that it concerns.
    pub room: Option<RoomId>,
    /// The person whom it concerns.
    pub person: Option<PersonId>,
}

impl Warning {
    /// One about slots and their sessions.
    fn about<'a>(kind: Kind, message: String, slots: impl IntoIterator<Item = &'a Slot>) -> Self {
        let mut warning = Self { kind, message, sessions: Vec::new(), slots: Vec::new(), room: None, person: None };
        for slot in slots {
            warning.slots.push(slot.id);
            if !warning.sessions.contains(&slot.session) {
                warning.sessions.push(slot.session);
            }
        }
        warning
    }
}

/// Everything that is wrong with an agenda: conflicts first, each sort together.
pub fn check(facts: &Facts) -> Vec<Warning> {
    let mut warnings = Vec::new();
    rooms::check(facts, &mut warnings);
    people::check(facts, &mut warnings);
    times::check(facts, &mut warnings);
    // The order of those that are alike is that of the agenda.
    warnings.sort_by_key(|warning| (warning.kind.severity(), warning.kind));
    warnings
}
