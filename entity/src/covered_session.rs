//! A session in which members of a team have seats.

use crate::ids::{SessionId, TeamId};
use sea_orm::entity::prelude::*;

/// A session in which members of a team have seats: a view, in which nothing is written.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "covered_session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub team_id: TeamId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: SessionId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
