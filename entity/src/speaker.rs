//! One contribution to one session, by a person, an organization, a district, or a person on behalf of one.

use crate::ids::{DistrictId, OrganizationId, PersonId, SessionId, SpeakerId};
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// One contribution to one session, by a person, an organization, a district, or a person on behalf of one.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "speaker")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SpeakerId,
    pub session_id: SessionId,
    pub role: Role,
    pub position: i32,
    pub person_id: Option<PersonId>,
    pub organization_id: Option<OrganizationId>,
    pub district_id: Option<DistrictId>,
    pub as_team: bool,
    pub name_as_shown: String,
    pub title_as_shown: Option<String>,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// A speaker's part in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Moderator,
    Panelist,
    Presenter,
    Speaker,
    Facilitator,
    Host,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
