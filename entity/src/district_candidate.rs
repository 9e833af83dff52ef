//! What an unresolved district may be in the state's directory.

use crate::ids::{CountyId, DistrictCandidateId, DistrictId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// What an unresolved district may be in the state's directory.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "district_candidate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DistrictCandidateId,
    pub district_id: DistrictId,
    pub cds_code: String,
    pub name: String,
    pub county_id: CountyId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
