//! Team members in the schema.

use super::graphql::Team;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, Time, Walk};
use crate::person::Person;
use crate::seating::SeatAssignment;
use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use entity::{seat, team_member};

/// A person's seat in a team.
#[derive(Debug)]
pub struct TeamMember(pub(super) Node<team_member::Entity>);

/// A person's seat in a team. Not public: shown to the team's own district, to those who run the convening and to
/// staff.
#[Object]
impl TeamMember {
    /// The member's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::TeamMember, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The team.
    async fn team(&self, ctx: &Context<'_>) -> FieldResult<One<&Team>> {
        self.0.always(ctx)
    }

    /// Who.
    async fn person(&self, ctx: &Context<'_>) -> FieldResult<One<&Person>> {
        self.0.always(ctx)
    }

    /// What the person stands for in the district.
    async fn seat(&self) -> Seat {
        self.0.row.seat.into()
    }

    /// Whether the person leads the team; one member at most does.
    async fn is_lead(&self) -> bool {
        self.0.row.is_lead
    }

    /// When the member was checked in; null where that did not happen, and for everybody who may not see it.
    async fn checked_in_at(&self, ctx: &Context<'_>) -> Nullable<Time> {
        Some(self.0.value::<DateTime<Utc>>(ctx)?.copied().map(Time))
    }

    /// In which sessions the member has seats, by round; null for everybody who may not see them.
    async fn seats(&self, ctx: &Context<'_>) -> Nullable<Walk<&SeatAssignment>> {
        self.0.list_or_null(ctx)
    }

    /// Counts the changes of this row, from 1. Give it back with a change, so that nobody overwrites what they did
    /// not see.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}

/// What a member of a team stands for in the district.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "seat::Seat")]
pub enum Seat {
    /// The district's superintendent.
    Superintendent,
    /// A member of its school board.
    SchoolBoardMember,
    /// The president of its teachers' union or association.
    TeachersUnionPresident,
    /// The president of its classified employees' union or association.
    ClassifiedUnionPresident,
    /// Anybody else.
    Other,
}
