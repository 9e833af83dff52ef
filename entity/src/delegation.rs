//! An organization that was represented at a convening.

use crate::ids::{ConveningId, DelegationId, OrganizationId};
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// An organization that was represented at a convening.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "delegation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DelegationId,
    pub convening_id: ConveningId,
    pub organization_id: OrganizationId,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
