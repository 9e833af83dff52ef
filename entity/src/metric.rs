//! A reported figure, as it was reported.

use crate::ids::{ConveningId, MetricId};
use crate::part::InPart;
use crate::quantity::Qualifier;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// A reported figure, as it was reported.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "metric")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MetricId,
    pub convening_id: ConveningId,
    pub position: i32,
    pub name: String,
    pub unit: String,
    pub value: i32,
    pub qualifier: Qualifier,
    pub status: Status,
    pub as_of: Option<Date>,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// How settled a reported figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Preliminary,
    Final,
    Corrected,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
