//! A theme that sessions of one convening share.

use crate::ids::{ConveningId, StrandId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// A theme that sessions of one convening share.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "strand")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StrandId,
    pub convening_id: ConveningId,
    pub position: i32,
    pub title: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
