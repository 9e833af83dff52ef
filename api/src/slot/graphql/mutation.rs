//! How slots are added, changed and taken away.

use super::object::Slot;
use crate::error::{Error, Result};
use crate::graphql::{ForceInput, GlobalId, NodeType, Nullable, Time, payload, take_away, write};
use crate::slot::service::{self, NewSlot, SlotPatch};
use crate::team::Seat;
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::{RoomId, SlotId};
use entity::{seat, slot};

/// A time and place for a session, as far as they are decided.
#[derive(Debug, InputObject)]
pub(crate) struct ScheduleSessionInput {
    /// The session.
    session_id: ID,
    /// From when; within the convening's days, where it takes place.
    starts_at: Option<Time>,
    /// Until when: what begins at that moment does not overlap. Given with `startsAt`.
    ends_at: Option<Time>,
    /// Where: a room of the same convening, in which nothing else takes place at that time.
    room_id: Option<ID>,
    /// Which round of its block it is in, from 1.
    round: Option<i32>,
    /// Whom a role-alike meeting is for; absent where it is for everybody.
    audience: Option<Seat>,
    /// How many participants it takes, no more than the room holds; absent where only the room limits them.
    capacity: Option<i32>,
    /// Schedules it although one of its speakers speaks elsewhere at that time.
    force: Option<ForceInput>,
}

/// What is to change of a slot: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct RescheduleSlotInput {
    /// From when; within the convening's days, where it takes place.
    starts_at: MaybeUndefined<Time>,
    /// Until when: what begins at that moment does not overlap. There with `startsAt`.
    ends_at: MaybeUndefined<Time>,
    /// Where: a room of the same convening, in which nothing else takes place at that time.
    room_id: MaybeUndefined<ID>,
    /// Which round of its block it is in, from 1.
    round: MaybeUndefined<i32>,
    /// Whom a role-alike meeting is for.
    audience: MaybeUndefined<Seat>,
    /// How many participants it takes: no more than the room holds, and no fewer than have a seat.
    capacity: MaybeUndefined<i32>,
    /// Moves it although one of its speakers speaks elsewhere at that time.
    force: Option<ForceInput>,
}

impl TryFrom<ScheduleSessionInput> for NewSlot {
    type Error = Error;

    fn try_from(input: ScheduleSessionInput) -> Result<Self> {
        Ok(Self {
            session: GlobalId::key_of(&input.session_id, NodeType::Session)?,
            round: input.round,
            audience: input.audience.map(seat::Seat::from),
            room: input.room_id.map(|id| room(&id)).transpose()?,
            starts_at: input.starts_at.map(|time| time.0),
            ends_at: input.ends_at.map(|time| time.0),
            capacity: input.capacity,
            force: input.force.map(Into::into),
        })
    }
}

impl TryFrom<RescheduleSlotInput> for SlotPatch {
    type Error = Error;

    fn try_from(input: RescheduleSlotInput) -> Result<Self> {
        Ok(Self {
            round: input.round.into(),
            audience: Patch::from(input.audience).map(seat::Seat::from),
            room: Patch::from(input.room_id).try_map(|id| room(&id))?,
            starts_at: Patch::from(input.starts_at).map(|time| time.0),
            ends_at: Patch::from(input.ends_at).map(|time| time.0),
            capacity: input.capacity.into(),
            force: input.force.map(Into::into),
        })
    }
}

fn key(id: &ID) -> Result<SlotId> {
    GlobalId::key_of(id, NodeType::Slot)
}

fn room(id: &ID) -> Result<RoomId> {
    GlobalId::key_of(id, NodeType::Room)
}

payload!(
    /// What came of adding a time and place to a session.
    ScheduleSessionPayload {
        /// The new slot; null where it was not added.
        slot: Slot = slot::Entity
    }
);

payload!(
    /// What came of changing a slot.
    RescheduleSlotPayload {
        /// The slot as it is now; null where it was not changed.
        slot: Slot = slot::Entity
    }
);

payload!(
    /// What came of taking a slot away.
    UnscheduleSlotPayload {
        /// The slot as it was; null where it was not taken away.
        slot: Slot = slot::Entity
    }
);

/// Changes of slots.
#[derive(Debug, Default)]
pub(crate) struct SlotMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl SlotMutation {
    /// Adds a time and place to a session. A room has one session at a time, and nobody speaks in two at one time,
    /// unless it is forced.
    /// Everybody sees it once the agenda is released.
    async fn schedule_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When and where.")] input: ScheduleSessionInput,
    ) -> Nullable<ScheduleSessionPayload> {
        write(ctx, async |db, actor| Ok(service::schedule(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a slot.
    /// Everybody sees it once the agenda is released.
    async fn reschedule_slot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: RescheduleSlotInput,
        #[graphql(desc = "Why, for the history; where it is forced, the reason for that stands there instead.")]
        reason: Option<String>,
    ) -> Nullable<RescheduleSlotPayload> {
        write(ctx, async |db, actor| {
            Ok(service::reschedule(db, actor, key(&id)?, version, input.try_into()?).await?.id)
        })
        .await
    }

    /// Takes away a slot in which nobody has a seat.
    /// Everybody sees it once the agenda is released.
    async fn unschedule_slot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UnscheduleSlotPayload> {
        take_away(ctx, key(&id), async |db, actor| service::unschedule(db, actor, key(&id)?, version).await).await
    }
}
