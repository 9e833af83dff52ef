//! What is wrong with an agenda, in the schema: each thing with the sessions, slots, room and person that it concerns.

use super::check::{self, Kind, Severity, Warning};
use crate::error::Result;
use crate::graphql::tree::{self, Branch, Edge, Erased, Field, Reading};
use crate::person::Person;
use crate::policy;
use crate::room::Room;
use crate::session::Session;
use crate::slot::Slot;
use async_graphql::{Enum, Object};
use entity::{person, room, session, slot};
use futures_util::future::{BoxFuture, FutureExt as _};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Something about an agenda that is wrong or deserves a look.
pub(crate) struct AgendaWarning {
    warning: Warning,
    sessions: Vec<Arc<Session>>,
    slots: Vec<Arc<Slot>>,
    room: Option<Arc<Room>>,
    person: Option<Arc<Person>>,
}

/// Something about an agenda that is wrong or deserves a look.
#[Object]
impl AgendaWarning {
    /// What it is.
    async fn kind(&self) -> AgendaWarningKind {
        self.warning.kind.into()
    }

    /// How bad it is.
    async fn severity(&self) -> AgendaWarningSeverity {
        self.warning.kind.severity().into()
    }

    /// The same in a sentence, with what to do about it.
    async fn message(&self) -> &str {
        &self.warning.message
    }

    /// The sessions that it concerns.
    async fn sessions(&self) -> &[Arc<Session>] {
        &self.sessions
    }

    /// The slots that it concerns; empty where it concerns a session as a whole.
    async fn slots(&self) -> &[Arc<Slot>] {
        &self.slots
    }

    /// The room that it concerns; null where it is not about a room.
    async fn room(&self) -> Option<&Room> {
        self.room.as_deref()
    }

    /// The person whom it concerns; null where it is not about somebody.
    async fn person(&self) -> Option<&Person> {
        self.person.as_deref()
    }
}

/// What can be wrong with an agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Kind")]
pub(crate) enum AgendaWarningKind {
    /// Two slots are in one room at one time.
    RoomTwice,
    /// Somebody speaks in two sessions of the convening at one time: by the clock, or in one round of a block.
    SpeakerTwice,
    /// Somebody speaks here while speaking at another convening.
    SpeakerElsewhere,
    /// Somebody speaks while having a seat in another session.
    SpeakerSeated,
    /// Somebody speaks while the own team has its time together.
    SpeakerMissesTeamTime,
    /// More seats are taken than the room or the slot holds.
    Overbooked,
    /// The room is smaller than the slot, or holds fewer than take part where everybody is expected.
    RoomTooSmall,
    /// A round offers fewer seats than there are participants.
    RoundTooSmall,
    /// A session, or one of its slots, has no time.
    SessionWithoutTime,
    /// A slot has no room.
    SlotWithoutRoom,
    /// A time or date is not within the convening's days.
    OutsideConvening,
    /// A slot is on another day than its session.
    AnotherDay,
    /// A session is in fewer rounds than its block has.
    FewerRounds,
    /// A slot is in a round that its block does not have.
    UnknownRound,
    /// Two rounds of a block overlap.
    RoundsOverlap,
}

/// How bad something about an agenda is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Severity")]
pub(crate) enum AgendaWarningSeverity {
    /// It cannot take place like this.
    Conflict,
    /// Somebody should look at it; it may be meant so.
    Warning,
}

/// To what is wrong with the agendas of convenings, for those who see them as they are worked on.
pub(crate) fn warnings_of() -> Edge {
    Edge::loaded_with(load).gated(policy::Kind::WorkingAgenda)
}

/// Checks agendas, and reads what is selected of all that is concerned: as many statements for one as for many.
fn load<'f>(
    convenings: Vec<Uuid>,
    reading: Reading<'f>,
    field: Field<'f>,
) -> BoxFuture<'f, Result<HashMap<Uuid, Erased>>> {
    async move {
        let facts = check::load(&convenings, reading).await?;
        let found: Vec<(Uuid, Vec<Warning>)> = facts.iter().map(|(key, facts)| (*key, check::check(facts))).collect();
        let of = Concerned { reading, field: &field, found: &found };
        let sessions =
            of.rows::<session::Entity>("sessions", |one| one.sessions.iter().map(|id| id.0).collect()).await?;
        let slots = of.rows::<slot::Entity>("slots", |one| one.slots.iter().map(|id| id.0).collect()).await?;
        let rooms = of.rows::<room::Entity>("room", |one| one.room.iter().map(|id| id.0).collect()).await?;
        let people = of.rows::<person::Entity>("person", |one| one.person.iter().map(|id| id.0).collect()).await?;
        let told = found.into_iter().map(|(key, warnings)| {
            let warnings: Vec<AgendaWarning> = warnings
                .into_iter()
                .map(|warning| AgendaWarning {
                    sessions: warning.sessions.iter().filter_map(|id| sessions.get(&id.0).cloned()).collect(),
                    slots: warning.slots.iter().filter_map(|id| slots.get(&id.0).cloned()).collect(),
                    room: warning.room.and_then(|id| rooms.get(&id.0).cloned()),
                    person: warning.person.and_then(|id| people.get(&id.0).cloned()),
                    warning,
                })
                .collect();
            (key, Box::new(warnings) as Erased)
        });
        Ok(told.collect())
    }
    .boxed()
}

/// What warnings concern, to be read as far as it is selected and the viewer sees it.
struct Concerned<'a, 'f> {
    reading: Reading<'f>,
    field: &'a Field<'f>,
    found: &'a [(Uuid, Vec<Warning>)],
}

impl Concerned<'_, '_> {
    async fn rows<E: Branch>(
        &self,
        name: &str,
        keys: impl Fn(&Warning) -> Vec<Uuid>,
    ) -> Result<HashMap<Uuid, Arc<E::Object>>> {
        let Some(field) = self.field.child("AgendaWarning", name) else { return Ok(HashMap::new()) };
        let mut keys: Vec<Uuid> = self.found.iter().flat_map(|(_, warnings)| warnings).flat_map(keys).collect();
        keys.sort_unstable();
        keys.dedup();
        let rows = tree::read_keys::<E>(self.reading, &field, keys).await?;
        Ok(rows.into_iter().map(|(key, row)| (key, Arc::new(row))).collect())
    }
}
