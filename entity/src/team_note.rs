//! What a team wrote down for itself alone.

use crate::ids::{FocusQuestionId, TeamId, TeamNoteId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// What a team wrote down for itself alone.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "team_note")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TeamNoteId,
    pub team_id: TeamId,
    pub question_id: Option<FocusQuestionId>,
    pub question_as_asked: Option<String>,
    pub text: String,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
