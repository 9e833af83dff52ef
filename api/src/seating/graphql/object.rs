//! A seat as clients see it.

use crate::graphql::tree::Node;
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, Time};
use crate::slot::Slot;
use crate::team::TeamMember;
use async_graphql::{Context, ID, Object};
use entity::seat_assignment;

/// A member's seat in a slot.
#[derive(Debug)]
pub struct SeatAssignment(pub(in crate::seating) Node<seat_assignment::Entity>);

/// A member's seat in a slot: where one member of a team is in one round. Not public: shown to the team's own district, to
/// those who run the convening and to staff. It is given and released, and never changed; the history of both is the
/// member's.
#[Object]
impl SeatAssignment {
    /// The seat's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::SeatAssignment, self.0.row.id)
    }

    /// Whose seat it is.
    async fn member(&self, ctx: &Context<'_>) -> FieldResult<One<&TeamMember>> {
        self.0.always(ctx)
    }

    /// Where and when; null as long as you do not see the agenda that it is on.
    async fn slot(&self, ctx: &Context<'_>) -> Nullable<One<&Slot>> {
        self.0.one(ctx)
    }

    /// When it was given.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }
}
