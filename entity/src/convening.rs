//! A dated gathering: symposium, regional convening, summit, institute, webinar and the like.

use crate::ids::{CompositionRuleId, ConveningId, CountyId, OfferingId, OrganizationId, RegionId};
use crate::part::InPart;
use crate::quantity::Qualifier;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// A dated gathering: symposium, regional convening, summit, institute, webinar and the like.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "convening")]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConveningId,
    pub slug: String,
    pub title: String,
    pub kind: Kind,
    pub status: Status,
    pub announced: bool,
    pub agenda_published: bool,
    pub decisions_published: bool,
    pub description: Option<String>,
    pub starts_on: Date,
    pub ends_on: Date,
    pub time_zone: String,
    pub venue_name: Option<String>,
    pub venue_city: Option<String>,
    pub venue_address: Option<String>,
    pub venue_county_id: Option<CountyId>,
    pub website: Option<String>,
    pub hosted_by_initiative: bool,
    pub organizer_id: Option<OrganizationId>,
    pub region_id: Option<RegionId>,
    pub offering_id: Option<OfferingId>,
    pub applications_open_at: Option<DateTimeUtc>,
    pub applications_close_at: Option<DateTimeUtc>,
    pub roster_freezes_at: Option<DateTimeUtc>,
    pub composition_rule_id: Option<CompositionRuleId>,
    pub team_capacity: Option<i32>,
    pub capacity_reasons: Vec<String>,
    pub statements_value: Option<i32>,
    pub statements_qualifier: Option<Qualifier>,
    pub objectives: Vec<String>,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// What sort of gathering it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Symposium,
    RegionalConvening,
    Institute,
    Summit,
    PeerLearning,
    Coaching,
    InterDistrictExchange,
    StudyTour,
    Webinar,
    Meeting,
}

/// Where a convening stands between its first draft and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    Announced,
    ApplicationsOpen,
    ApplicationsClosed,
    TeamsSelected,
    AgendaPublished,
    InProgress,
    Completed,
    Cancelled,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
