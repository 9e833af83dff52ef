//! How the teams of a convening were selected.

use crate::ids::{ConveningId, SelectionId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// How the teams of a convening were selected.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "selection")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SelectionId,
    pub convening_id: ConveningId,
    pub number: i32,
    pub method: String,
    pub seed: String,
    pub capacity: i32,
    pub waitlist_size: Option<i32>,
    pub quotas: Json,
    pub shortfalls: Json,
    pub made_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
