//! What a team makes of its time together.

use crate::ids::{ConveningId, ExperienceLevelId, TeamId};
use sea_orm::entity::prelude::*;

/// What a team makes of its time together.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "team_time")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub team_id: TeamId,
    pub convening_id: ConveningId,
    pub level_id: Option<ExperienceLevelId>,
    pub headline: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
