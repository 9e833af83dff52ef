//! One seat that a composition rule asks for.

use crate::ids::{CompositionRuleId, RequiredSeatId};
use crate::part::InPart;
use crate::seat::Seat;
use sea_orm::entity::prelude::*;

/// One seat that a composition rule asks for.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "required_seat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RequiredSeatId,
    pub rule_id: CompositionRuleId,
    pub position: i32,
    pub seat: Seat,
    pub minimum: i32,
    pub maximum: i32,
    pub label: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
