//! An organization's part in a convening.

use crate::ids::{ConveningId, OrganizationId, SponsorshipId};
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// An organization's part in a convening.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "sponsorship")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SponsorshipId,
    pub convening_id: ConveningId,
    pub organization_id: OrganizationId,
    pub role: Role,
    pub position: i32,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// What an organization does for a convening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Organizer,
    Host,
    CoSponsor,
    CoreFunder,
    Funder,
    Partner,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
