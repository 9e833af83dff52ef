//! A district and a union working together.

use crate::ids::{DistrictId, OrganizationId, PartnershipId};
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// A district and a union working together.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "partnership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartnershipId,
    pub district_id: DistrictId,
    pub organization_id: OrganizationId,
    pub since_year: Option<i32>,
    pub codified_in: Option<String>,
    pub description: Option<String>,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
