//! A district's team at one convening.

use crate::ids::{ConveningId, DistrictId, TeamId};
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// A district's team at one convening.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "team")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TeamId,
    pub district_id: DistrictId,
    pub convening_id: ConveningId,
    pub status: Status,
    pub attended_on: Option<Date>,
    pub statement: Option<String>,
    pub submitted_at: Option<DateTimeUtc>,
    pub decision_version: i32,
    pub decision_reason: Option<String>,
    pub waitlist_position: Option<i32>,
    pub answer_due_at: Option<DateTimeUtc>,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// Where a team stands, from its statement of interest to its attendance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    Submitted,
    Selected,
    Waitlisted,
    NotSelected,
    Offered,
    Confirmed,
    Declined,
    Expired,
    Withdrawn,
    Attended,
    NoShow,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
