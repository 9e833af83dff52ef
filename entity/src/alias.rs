//! What a row was known by that became part of another.

use crate::ids::MergeId;
use sea_orm::entity::prelude::*;

/// What a row was known by that became part of another.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "alias")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub old_id: Uuid,
    pub table_name: String,
    pub old_slug: Option<String>,
    pub target_id: Uuid,
    pub merge_id: MergeId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
