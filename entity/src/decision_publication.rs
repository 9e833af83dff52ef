//! That the decisions on a convening's teams were published.

use crate::ids::{ConveningId, SelectionId};
use sea_orm::entity::prelude::*;

/// That the decisions on a convening's teams were published.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "decision_publication")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub convening_id: ConveningId,
    pub selection_id: Option<SelectionId>,
    pub published_at: DateTimeUtc,
    pub answer_due_at: DateTimeUtc,
    pub answer_hours: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
