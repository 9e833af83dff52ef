//! A person's seat in a team.

use crate::ids::{ConveningId, PersonId, TeamId, TeamMemberId};
use crate::part::InPart;
use crate::seat::Seat;
use sea_orm::entity::prelude::*;

/// A person's seat in a team.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "team_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TeamMemberId,
    pub team_id: TeamId,
    pub convening_id: ConveningId,
    pub person_id: PersonId,
    pub seat: Seat,
    pub is_lead: bool,
    pub checked_in_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
