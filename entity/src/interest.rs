//! That a district would like to take part in an offering.

use crate::ids::{DistrictId, InterestId, OfferingId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// That a district would like to take part in an offering.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "interest")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InterestId,
    pub offering_id: OfferingId,
    pub district_id: DistrictId,
    pub note: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
