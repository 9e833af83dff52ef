//! What a resource is about: exactly one of convening, session, district, organization.

use crate::ids::{ConveningId, DistrictId, OrganizationId, ResourceId, ResourceSubjectId, SessionId};
use sea_orm::entity::prelude::*;

/// What a resource is about: exactly one of convening, session, district, organization.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "resource_subject")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResourceSubjectId,
    pub resource_id: ResourceId,
    pub convening_id: Option<ConveningId>,
    pub session_id: Option<SessionId>,
    pub district_id: Option<DistrictId>,
    pub organization_id: Option<OrganizationId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
