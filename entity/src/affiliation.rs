//! Who held which title where, and when.

use crate::ids::{AffiliationId, DistrictId, OrganizationId, PersonId};
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// Who held which title where, and when.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "affiliation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliationId,
    pub person_id: PersonId,
    pub organization_id: Option<OrganizationId>,
    pub district_id: Option<DistrictId>,
    pub title: Option<String>,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub stated_on: Option<Date>,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
