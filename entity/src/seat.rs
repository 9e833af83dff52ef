//! The seats of a district's team.

use sea_orm::entity::prelude::*;

/// What a member of a team stands for in the district.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    Superintendent,
    SchoolBoardMember,
    TeachersUnionPresident,
    ClassifiedUnionPresident,
    Other,
}
