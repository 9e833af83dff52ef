//! Sessions of one convening that are offered together, in rounds.

use crate::ids::{ConveningId, SessionBlockId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// Sessions of one convening that are offered together, in rounds.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "session_block")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionBlockId,
    pub convening_id: ConveningId,
    pub position: i32,
    pub title: String,
    pub rounds: Option<i32>,
    pub sessions_per_participant: Option<i32>,
    pub sessions_per_team: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
