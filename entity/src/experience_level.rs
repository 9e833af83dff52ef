//! How experienced a team can say that it is, at one convening.

use crate::ids::{ConveningId, ExperienceLevelId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// How experienced a team can say that it is, at one convening.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "experience_level")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExperienceLevelId,
    pub convening_id: ConveningId,
    pub position: i32,
    pub title: String,
    pub description: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
