//! A slot as clients see it.

use crate::graphql::tree::{Edited, Node};
use crate::graphql::{Connection, FieldResult, GlobalId, NodeType, Nullable, One, Time};
use crate::room::Room;
use crate::seating::SeatAssignment;
use crate::session::Session;
use crate::team::{Seat, TeamMember};
use async_graphql::{Context, ID, Object};
use entity::slot;

/// One time and place of a session.
#[derive(Debug)]
pub struct Slot(pub(in crate::slot) Node<slot::Entity>);

/// One time and place of a session. What is not decided or not known is null.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
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
    async fn session(&self, ctx: &Context<'_>) -> FieldResult<One<&Session>> {
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
    async fn room(&self, ctx: &Context<'_>) -> Nullable<One<&Room>> {
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

    /// How many seats are given to members of teams whose seats you may see.
    async fn seats_taken(&self, ctx: &Context<'_>) -> FieldResult<i64> {
        self.0.value_always::<i64>(ctx).copied()
    }

    /// How many seats are free; null where nothing limits them, and for everybody who may not see the seats of all teams.
    async fn seats_left(&self, ctx: &Context<'_>) -> Nullable<i64> {
        Some(self.0.value::<i64>(ctx)?.copied())
    }

    /// Whether no seat is free; null for everybody who cannot give any here.
    async fn is_full(&self, ctx: &Context<'_>) -> Nullable<bool> {
        Some(self.0.value::<bool>(ctx)?.copied())
    }

    /// Who has a seat in it, by team, as far as you may see.
    async fn seats(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<SeatAssignment>>> {
        self.0.page(ctx)
    }

    /// Who belongs to a role-alike meeting: everybody who has its seat in a team that takes part, as far as you may see. Empty
    /// where it is for everybody.
    async fn role_alike_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<TeamMember>>> {
        self.0.page(ctx)
    }

    /// How many more people belong to a role-alike meeting than it and its room hold: more than none is to be mended. Null
    /// where it is for everybody or nothing limits it, and for everybody who may not see all who belong to it.
    async fn places_lacking(&self, ctx: &Context<'_>) -> Nullable<i64> {
        Some(self.0.value::<i64>(ctx)?.copied())
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}
