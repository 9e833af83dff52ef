//! What came of a selection for one team.

use crate::district::Kind;
use crate::ids::{ConveningId, SelectionId, SelectionOutcomeId, TeamId};
use crate::part::InPart;
use crate::team::Status;
use sea_orm::entity::prelude::*;

/// What came of a selection for one team, and what the method knew of it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "selection_outcome")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SelectionOutcomeId,
    pub selection_id: SelectionId,
    pub convening_id: ConveningId,
    pub team_id: TeamId,
    pub code: String,
    pub region_number: Option<i32>,
    pub kind: Option<Kind>,
    pub enrollment: Option<i32>,
    pub first_time: bool,
    pub kept: bool,
    pub draw: String,
    pub lottery_place: i32,
    pub status: Status,
    pub waitlist_position: Option<i32>,
    pub reason_code: ReasonCode,
    pub reason: String,
}

/// Why a team was selected, or was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum ReasonCode {
    Kept,
    Drawn,
    Quota,
    OverMaximum,
    Reserved,
    NoPlace,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
