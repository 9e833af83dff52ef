//! What teams of one level of experience discuss.

use crate::ids::{ExperienceLevelId, FocusQuestionId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// What teams of one level of experience discuss.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "focus_question")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FocusQuestionId,
    pub level_id: ExperienceLevelId,
    pub position: i32,
    pub text: String,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
