//! What can be done with slots.

use super::validate::{self, Place};
use crate::auth::Actor;
use crate::database::Alias;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::session::agenda;
use crate::speaker::elsewhere;
use crate::validation::{Meaning, Violations};
use crate::writing::{Force, Patch, at_version, find_for, insert, refer, remove, save};
use chrono::{DateTime, Utc};
use entity::ids::{ConveningId, RoomId, SessionId, SlotId};
use entity::seat::Seat;
use entity::slot::{Column, Entity, Model};
use entity::{room, seat_assignment};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait as _};

/// A time and place to add to a session.
#[derive(Clone, Debug)]
pub(crate) struct NewSlot {
    /// The session.
    pub session: SessionId,
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
    /// Why it is to be then although somebody speaks elsewhere at that time.
    pub force: Option<Force>,
}

/// What is to change of a slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct SlotPatch {
    /// Which round of its block it is in.
    pub round: Patch<i32>,
    /// Whom it is for.
    pub audience: Patch<Seat>,
    /// Where.
    pub room: Patch<RoomId>,
    /// From when.
    pub starts_at: Patch<DateTime<Utc>>,
    /// Until when.
    pub ends_at: Patch<DateTime<Utc>>,
    /// How many participants it takes.
    pub capacity: Patch<i32>,
    /// Why it is to be then although somebody speaks elsewhere at that time.
    pub force: Option<Force>,
}

const MEANINGS: &[Meaning] = &[
    ("slot_round_key", "round", ViolationCode::Taken, "The session is in this round already."),
    ("slot_audience_key", "audience", ViolationCode::Taken, "The session has a meeting for this seat already."),
    (
        "slot_room_once",
        "roomId",
        ViolationCode::Conflict,
        "The room is taken at that time. Choose another room or another time.",
    ),
    // The database knows microseconds: less than one is no time.
    ("slot_times", "endsAt", ViolationCode::Invalid, "It ends after it starts."),
    (
        "seat_assignment_round_once",
        "round",
        ViolationCode::Conflict,
        "Somebody with a seat here has another seat in that round. Free one of the two first.",
    ),
];

/// Adds a time and place to a session.
pub(crate) async fn schedule(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewSlot) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Agenda, Action::Create)?;
    let (convening, session) = agenda::to_add(db, actor.viewer, new.session).await?;
    let mut violations = Violations::default();
    let room = room_of(db, actor, (convening.id, new.room), &mut violations).await?;
    let row = Model {
        id: SlotId::new(),
        session_id: session.id,
        convening_id: convening.id,
        round: new.round,
        audience: new.audience,
        room_id: new.room,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        capacity: new.capacity,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    let place = Place { convening: &convening, room: room.as_ref(), taken: 0 };
    validate::slot(&row, &place, &mut violations)?;
    violations.finish()?;
    speak_once(db, actor, &row, new.force).await?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Changes what is named of a slot.
pub(crate) async fn reschedule(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: SlotId,
    version: i32,
    patch: SlotPatch,
) -> Result<Model> {
    let convening = agenda::of_part::<Entity>(db, actor.viewer, id).await?;
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.round.apply(&mut row.round);
    patch.audience.apply(&mut row.audience);
    patch.room.apply(&mut row.room_id);
    patch.starts_at.apply(&mut row.starts_at);
    patch.ends_at.apply(&mut row.ends_at);
    patch.capacity.apply(&mut row.capacity);
    let room = room_of(db, actor, (convening.id, row.room_id), &mut violations).await?;
    let place = Place { convening: &convening, room: room.as_ref(), taken: seats_taken(db, id).await? };
    validate::slot(&row, &place, &mut violations)?;
    violations.finish()?;
    if patch.force.is_some() || (row.starts_at, row.ends_at) != (before.starts_at, before.ends_at) {
        speak_once(db, actor, &row, patch.force).await?;
    }
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Takes a slot away in which nobody has a seat.
pub(crate) async fn unschedule(db: &impl ConnectionTrait, actor: Actor<'_>, id: SlotId, version: i32) -> Result<()> {
    agenda::of_part::<Entity>(db, actor.viewer, id).await?;
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}

/// Refuses a time at which one of the session's speakers speaks elsewhere, unless somebody says why.
async fn speak_once(db: &impl ConnectionTrait, actor: Actor<'_>, row: &Model, force: Option<Force>) -> Result<()> {
    if let Some(force) = force {
        return force.attribute(db, actor).await;
    }
    let mut violations = Violations::default();
    if let Some(span) = row.starts_at.zip(row.ends_at) {
        for name in elsewhere::speakers(db, row.session_id, span).await? {
            violations.add("startsAt", ViolationCode::Conflict, elsewhere::message(&name));
        }
    }
    violations.finish()
}

/// The room that a slot is in: one of its own convening.
async fn room_of(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (convening, mut id): (ConveningId, Option<RoomId>),
    violations: &mut Violations,
) -> Result<Option<room::Model>> {
    let room = refer::<room::Entity>(db, actor.viewer, ("roomId", id.as_mut()), violations).await?;
    if room.as_ref().is_some_and(|room| room.convening_id != convening) {
        violations.add("roomId", ViolationCode::NotFound, "The convening has no such room.");
        return Ok(None);
    }
    Ok(room)
}

/// How many seats of a slot are taken, whoever may see by whom.
async fn seats_taken(db: &impl ConnectionTrait, id: SlotId) -> Result<i64> {
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<Entity>();
    select.expr(taken(&rows)).and_where(rows.col(Column::Id).eq(id));
    Ok(db.query_one(&select).await?.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

fn taken(slot: &Alias) -> Expr {
    let seats = slot.with_suffix("s");
    let mut count = seats.select_from::<seat_assignment::Entity>();
    count.expr(Expr::cust("count(*)")).and_where(seats.col(seat_assignment::Column::SlotId).eq(slot.col(Column::Id)));
    Expr::SubQuery(None, Box::new(count.into()))
}

/// Whether a slot in a room takes more than so many participants, or has so many already.
pub(crate) async fn takes_more(db: &impl ConnectionTrait, room: RoomId, capacity: i32) -> Result<bool> {
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<Entity>();
    select
        .expr(Expr::cust("1"))
        .and_where(rows.col(Column::RoomId).eq(room))
        .and_where(rows.col(Column::Capacity).gt(capacity).or(taken(&rows).gt(capacity)))
        .limit(1);
    Ok(db.query_one(&select).await?.is_some())
}
