//! What an account may do, and where.

use crate::ids::{AccountId, ConveningId, DistrictId, OrganizationId, RegionId, RoleGrantId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// What an account may do, and where.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleGrantId,
    pub account_id: AccountId,
    pub role: Role,
    pub organization_id: Option<OrganizationId>,
    pub district_id: Option<DistrictId>,
    pub convening_id: Option<ConveningId>,
    pub region_id: Option<RegionId>,
    pub expires_at: Option<DateTimeUtc>,
    pub granted_by: Option<AccountId>,
    pub granted_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
}

/// A role that an account can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Role {
    Partner,
    TeamLead,
    Organizer,
    Evaluator,
    Staff,
    Auditor,
    Admin,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
