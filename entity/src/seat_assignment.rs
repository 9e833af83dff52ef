//! A team member's place in a slot.

use crate::ids::{ConveningId, SeatAssignmentId, SessionBlockId, SessionId, SlotId, TeamMemberId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// A team member's place in a slot.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "seat_assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SeatAssignmentId,
    pub member_id: TeamMemberId,
    pub convening_id: ConveningId,
    pub slot_id: SlotId,
    pub session_id: SessionId,
    // The database takes these two from the slot and its session, and keeps them as those are.
    pub round: Option<i32>,
    pub block_id: Option<SessionBlockId>,
    pub version: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
