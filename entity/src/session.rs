//! Content on a convening's agenda; its times and places are slots.

use crate::ids::{ConveningId, SessionBlockId, SessionId, StrandId};
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// Content on a convening's agenda; its times and places are slots.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub convening_id: ConveningId,
    pub slug: String,
    pub number: Option<i32>,
    pub title: String,
    pub format: Format,
    pub strand_id: Option<StrandId>,
    pub block_id: Option<SessionBlockId>,
    pub r#abstract: Option<String>,
    pub duration_minutes: Option<i32>,
    pub date: Option<Date>,
    pub questions: Vec<String>,
    pub speakers_complete: bool,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// What happens in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Welcome,
    Plenary,
    Panel,
    Breakout,
    RoleAlike,
    TeamTime,
    MealPresentation,
    Closing,
    Break,
    Unstructured,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
