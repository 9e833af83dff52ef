//! What the initiative offers or proposes next.

use crate::convening;
use crate::ids::OfferingId;
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// What the initiative offers or proposes next.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "offering")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferingId,
    pub position: i32,
    pub name: String,
    pub kind: convening::Kind,
    pub status: Status,
    pub high_interest: bool,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Whether an offering is proposed, offered or retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Proposed,
    Offered,
    Retired,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
