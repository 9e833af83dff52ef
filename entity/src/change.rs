//! A change of a row, as the row's table wrote it down. Nothing here is ever written by the service.

use crate::ids::ChangeId;
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// A change of a row, as the row's table wrote it down.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChangeId,
    pub number: i64,
    pub recorded_at: DateTimeUtc,
    pub action: Action,
    pub table_name: String,
    pub row_id: Uuid,
    pub subject_id: Uuid,
    pub before: Option<Json>,
    pub after: Option<Json>,
    pub origin: Origin,
    pub origin_id: Option<Uuid>,
    pub reason: Option<String>,
}

/// What happened to the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Action {
    Created,
    Updated,
    Deleted,
    Erased,
}

/// By what way it was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Origin {
    Account,
    Key,
    CommandLine,
    Service,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
