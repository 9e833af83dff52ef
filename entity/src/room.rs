//! A room of a convening's venue.

use crate::ids::{ConveningId, RoomId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// A room of a convening's venue.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "room")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoomId,
    pub convening_id: ConveningId,
    pub name: String,
    pub capacity: Option<i32>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
