//! Rooms in the schema.

use super::service::{self, NewRoom, RoomPatch};
use crate::convening::Convening;
use crate::error::{Error, Result};
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, payload, take_away, write};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::RoomId;
use entity::room;

/// A room of a convening's venue.
#[derive(Debug)]
pub struct Room(pub(super) Node<room::Entity>);

/// A room of a convening's venue.
#[Object]
impl Room {
    /// The room's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Room, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The convening.
    async fn convening(&self, ctx: &Context<'_>) -> FieldResult<One<&Convening>> {
        self.0.always(ctx)
    }

    /// What the room is called.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// How many people it holds; null where it is not known.
    async fn capacity(&self) -> Option<i32> {
        self.0.row.capacity
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}

/// A room to add to a convening's venue.
#[derive(Debug, InputObject)]
pub(crate) struct CreateRoomInput {
    /// The convening.
    convening_id: ID,
    /// What it is called, unlike the convening's other rooms; at most 300 letters.
    name: String,
    /// How many people it holds; absent where it is not known.
    capacity: Option<i32>,
}

/// What is to change of a room: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateRoomInput {
    /// What it is called; it cannot be emptied.
    name: MaybeUndefined<String>,
    /// How many people it holds: no fewer than a session in it takes, or has seats taken.
    capacity: MaybeUndefined<i32>,
}

impl TryFrom<CreateRoomInput> for NewRoom {
    type Error = Error;

    fn try_from(input: CreateRoomInput) -> Result<Self> {
        let convening = GlobalId::key_of(&input.convening_id, NodeType::Convening)?;
        Ok(Self { convening, name: input.name, capacity: input.capacity })
    }
}

impl From<UpdateRoomInput> for RoomPatch {
    fn from(input: UpdateRoomInput) -> Self {
        Self { name: input.name.into(), capacity: input.capacity.into() }
    }
}

fn key(id: &ID) -> Result<RoomId> {
    GlobalId::key_of(id, NodeType::Room)
}

payload!(
    /// What came of adding a room.
    CreateRoomPayload {
        /// The new room; null where it was not added.
        room: Room = room::Entity
    }
);

payload!(
    /// What came of changing a room.
    UpdateRoomPayload {
        /// The room as it is now; null where it was not changed.
        room: Room = room::Entity
    }
);

payload!(
    /// What came of taking a room away.
    DeleteRoomPayload {
        /// The room as it was; null where it was not taken away.
        room: Room = room::Entity
    }
);

/// Changes of rooms.
#[derive(Debug, Default)]
pub(crate) struct RoomMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl RoomMutation {
    /// Adds a room to a convening's venue.
    /// Everybody sees it once the agenda is released.
    async fn create_room(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateRoomInput,
    ) -> Nullable<CreateRoomPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a room.
    /// Everybody sees it once the agenda is released.
    async fn update_room(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateRoomInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateRoomPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes away a room that no slot is in.
    /// Everybody sees it once the agenda is released.
    async fn delete_room(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteRoomPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }
}
