//! The focus questions of the level that a team has given itself: a view.

use crate::ids::{FocusQuestionId, TeamId};
use sea_orm::entity::prelude::*;

/// A focus question of the level that a team has given itself.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "team_focus_question")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub team_id: TeamId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub question_id: FocusQuestionId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
