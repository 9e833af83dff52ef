//! The answer to one item, as part of a response.

use crate::ids::{AnswerId, ResponseId, SurveyItemId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// The answer to one item, as part of a response: the number, or the places of what was chosen.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "answer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnswerId,
    pub response_id: ResponseId,
    pub item_id: SurveyItemId,
    pub chosen: Vec<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
