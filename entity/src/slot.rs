//! One time and place of a session.

use crate::ids::{ConveningId, RoomId, SessionId, SlotId};
use crate::part::InPart;
use crate::seat::Seat;
use sea_orm::entity::prelude::*;

/// One time and place of a session.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "slot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SlotId,
    pub session_id: SessionId,
    pub convening_id: ConveningId,
    pub round: Option<i32>,
    pub audience: Option<Seat>,
    pub room_id: Option<RoomId>,
    pub starts_at: Option<DateTimeUtc>,
    pub ends_at: Option<DateTimeUtc>,
    pub capacity: Option<i32>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
