//! Which seats a team is made of, by version.

use crate::ids::CompositionRuleId;
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// Which seats a team is made of, by version.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "composition_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompositionRuleId,
    pub version: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
