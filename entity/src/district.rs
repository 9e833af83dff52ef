//! A California school district or county office of education.

use crate::ids::{CountyId, DistrictId};
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// A California school district or county office of education.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "district")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DistrictId,
    pub slug: String,
    pub name: String,
    pub named_by_record: bool,
    pub alternate_names: Vec<String>,
    pub cds_code: Option<String>,
    pub nces_id: Option<String>,
    pub kind: Option<Kind>,
    pub status: Status,
    pub county_id: Option<CountyId>,
    pub city: Option<String>,
    pub website: Option<String>,
    pub enrollment: Option<i32>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub directory_updated_on: Option<Date>,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// The grades that a district serves, by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize, serde::Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Unified,
    Elementary,
    High,
    CountyOffice,
    Other,
}

/// Where a district stands in the state's directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Active,
    Closed,
    Merged,
    Pending,
    Unresolved,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
