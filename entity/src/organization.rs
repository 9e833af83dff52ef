//! A body that takes part: agency, union, association, foundation, school, university, initiative body.

use crate::ids::OrganizationId;
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// A body that takes part: agency, union, association, foundation, school, university, initiative body.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
    pub acronym: Option<String>,
    pub alternate_names: Vec<String>,
    pub kind: Kind,
    pub website: Option<String>,
    pub description: Option<String>,
    pub parent_id: Option<OrganizationId>,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// What an organization is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    StateAgency,
    StateUnion,
    LocalUnion,
    ProfessionalAssociation,
    NonprofitFoundation,
    Funder,
    University,
    Consultancy,
    Media,
    School,
    AdvisoryBody,
    Initiative,
    InitiativeBody,
    OutOfStatePartner,
    Other,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
