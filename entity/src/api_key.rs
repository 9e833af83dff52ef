//! A machine's credential.

use crate::ids::{AccountId, ApiKeyId, OrganizationId};
use crate::part::InPart;
use crate::role_grant::Role;
use sea_orm::entity::prelude::*;

/// A machine's credential.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiKeyId,
    pub name: String,
    pub prefix: String,
    pub previous_until: Option<DateTimeUtc>,
    pub role: Option<Role>,
    pub organization_id: Option<OrganizationId>,
    pub read_only: bool,
    pub expires_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
    pub last_used_at: Option<DateTimeUtc>,
    pub created_by: Option<AccountId>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
