//! A page, document or recording about something in the dataset.

use crate::ids::ResourceId;
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// A page, document or recording about something in the dataset.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "resource")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResourceId,
    pub title: String,
    pub kind: Kind,
    pub url: Option<String>,
    pub availability: Availability,
    pub credit: Option<String>,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// What a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Website,
    Document,
    Slides,
    Video,
    Report,
    Poll,
    FeedbackForm,
    Profile,
    Other,
}

/// Whether a resource can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    Forthcoming,
    Available,
    Moved,
    Broken,
    Archived,
    Withdrawn,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
