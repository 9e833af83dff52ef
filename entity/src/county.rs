//! One of the state's 58 counties.

use crate::ids::{CountyId, RegionId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// One of the state's 58 counties.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "county")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CountyId,
    pub name: String,
    pub cds_county_code: String,
    pub fips_code: String,
    pub region_id: Option<RegionId>,
    pub region_confirmed: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
