//! A slot as clients see it.

use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, Time};
use crate::room::Room;
use crate::session::Session;
use crate::team::Seat;
use async_graphql::{Context, ID, Object};
use entity::slot;

/// One time and place of a session.
#[derive(Debug)]
pub struct Slot(pub(in crate::slot) Node<slot::Entity>);

/// One time and place of a session. What is not decided or not known is null.
#[Object]
impl Slot {
    /// The slot's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Slot, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// What happens then and there.
    async fn session(&self, ctx: &Context<'_>) -> FieldResult<&Session> {
        self.0.always(ctx)
    }

    /// Which round of its block it is in, from 1; null where there are no rounds or it is not known.
    async fn round(&self) -> Option<i32> {
        self.0.row.round
    }

    /// Whom a role-alike meeting is for; null where it is for everybody.
    async fn audience(&self) -> Option<Seat> {
        self.0.row.audience.map(Into::into)
    }

    /// Where; null where it is not decided or not known.
    async fn room(&self, ctx: &Context<'_>) -> Nullable<&Room> {
        self.0.one(ctx)
    }

    /// From when; null where it is not decided or not known.
    async fn starts_at(&self) -> Option<Time> {
        self.0.row.starts_at.map(Time)
    }

    /// Until when; null where it is not decided or not known.
    async fn ends_at(&self) -> Option<Time> {
        self.0.row.ends_at.map(Time)
    }

    /// How many participants it takes; null where only the room limits them.
    async fn capacity(&self) -> Option<i32> {
        self.0.row.capacity
    }

    /// How many seats are assigned to members of teams that you may see.
    async fn seats_taken(&self, ctx: &Context<'_>) -> FieldResult<i64> {
        self.0.always::<i64>(ctx).copied()
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}
