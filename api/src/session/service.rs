//! What can be done with sessions and their slots.

use super::validate;
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, refused};
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{ConveningId, RoomId, SessionBlockId, SessionId, SlotId, StrandId};
use entity::seat::Seat;
use entity::source::Sources;
use entity::{session, session_relation, slot};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait as _};

/// A session to add.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    /// The convening on whose agenda it is.
    pub convening: ConveningId,
    /// Its short name in addresses, unique within its convening.
    pub slug: String,
    /// Its number.
    pub number: Option<i32>,
    /// Its title.
    pub title: String,
    /// What happens in it.
    pub format: session::Format,
    /// The theme that it belongs to.
    pub strand: Option<StrandId>,
    /// The block that it is offered in.
    pub block: Option<SessionBlockId>,
    /// What it is about.
    pub r#abstract: Option<String>,
    /// How long it takes.
    pub duration_minutes: Option<i32>,
    /// The day that it is on.
    pub date: Option<NaiveDate>,
    /// The questions put to a panel.
    pub questions: Vec<String>,
    /// Whether its speakers are everybody.
    pub speakers_complete: bool,
    /// Where these facts come from.
    pub sources: Sources,
}

/// A time and place to add to a session.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewSlot {
    /// Which round of its block it is in.
    pub round: Option<i32>,
    /// Whom it is for.
    pub audience: Option<Seat>,
    /// Where.
    pub room: Option<RoomId>,
    /// From when.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
    /// How many participants it takes.
    pub capacity: Option<i32>,
}

const MEANINGS: &[Meaning] = &[
    ("session_slug_key", "slug", ViolationCode::Taken, "Another session of this convening has this slug."),
    ("session_convening_fkey", "conveningId", ViolationCode::NotFound, "There is no such convening."),
    ("session_strand_fkey", "strand", ViolationCode::NotFound, "The convening has no such strand."),
    ("session_block_fkey", "block", ViolationCode::NotFound, "The convening has no such block."),
    ("session_relation_pkey", "related", ViolationCode::Taken, "The two sessions are related already."),
    ("session_relation_other", "related", ViolationCode::Invalid, "A session is not related to itself."),
    ("slot_round_key", "round", ViolationCode::Taken, "The session is in this round already."),
    ("slot_audience_key", "audience", ViolationCode::Taken, "The session has a meeting for this seat already."),
    ("slot_room_fkey", "roomId", ViolationCode::NotFound, "The convening has no such room."),
    ("slot_room_once", "roomId", ViolationCode::Taken, "The room is taken at this time."),
];

/// Adds a session.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewSession) -> Result<session::Model> {
    authorize(actor.viewer, Kind::Agenda, Action::Create)?;
    validate::new(&new)?;
    let row = session::ActiveModel {
        id: Set(SessionId::new()),
        convening_id: Set(new.convening),
        slug: Set(new.slug),
        number: Set(new.number),
        title: Set(new.title),
        format: Set(new.format),
        strand_id: Set(new.strand),
        block_id: Set(new.block),
        r#abstract: Set(new.r#abstract),
        duration_minutes: Set(new.duration_minutes),
        date: Set(new.date),
        questions: Set(new.questions),
        speakers_complete: Set(new.speakers_complete),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}

/// Adds a time and place to a session.
pub(crate) async fn schedule(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    session: &session::Model,
    new: NewSlot,
) -> Result<slot::Model> {
    authorize(actor.viewer, Kind::Agenda, Action::Create)?;
    validate::new_slot(&new)?;
    let row = slot::ActiveModel {
        id: Set(SlotId::new()),
        session_id: Set(session.id),
        convening_id: Set(session.convening_id),
        round: Set(new.round),
        audience: Set(new.audience),
        room_id: Set(new.room),
        starts_at: Set(new.starts_at),
        ends_at: Set(new.ends_at),
        capacity: Set(new.capacity),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}

/// Notes that two sessions are on one subject.
pub(crate) async fn relate(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    one: SessionId,
    other: SessionId,
) -> Result<()> {
    authorize(actor.viewer, Kind::Agenda, Action::Create)?;
    let pair = |session, related| session_relation::ActiveModel { session_id: Set(session), related_id: Set(related) };
    // Both at once: each of the two rows holds the other in place.
    let both = session_relation::Entity::insert_many([pair(one, other), pair(other, one)]);
    both.exec_without_returning(db).await.map(drop).map_err(|error| refused(error, MEANINGS))
}
