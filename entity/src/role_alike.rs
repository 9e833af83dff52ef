//! Somebody who belongs to a role-alike meeting.

use crate::ids::{SlotId, TeamMemberId};
use sea_orm::entity::prelude::*;

/// Somebody who belongs to a role-alike meeting, by the seat in the team: a view, in which nothing is written.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_alike")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub slot_id: SlotId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: TeamMemberId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
