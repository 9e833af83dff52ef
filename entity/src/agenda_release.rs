//! A release of a convening's agenda. What it told is read in SQL alone, where two releases are compared.

use crate::ids::{AgendaReleaseId, ConveningId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// A release of a convening's agenda.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "agenda_release")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgendaReleaseId,
    pub convening_id: ConveningId,
    pub number: i32,
    pub released_at: DateTimeUtc,
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
