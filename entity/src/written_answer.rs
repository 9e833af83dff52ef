//! What somebody wrote, apart from whatever else they answered.

use crate::ids::{SurveyItemId, WrittenAnswerId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// What somebody wrote, apart from whatever else they answered. The database gives it a random key.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "written_answer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WrittenAnswerId,
    pub item_id: SurveyItemId,
    pub text: String,
    pub moderation: Moderation,
    pub counted: bool,
}

/// Whether everybody may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Moderation {
    Pending,
    Approved,
    Rejected,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
