//! How exactly a figure was reported.

use sea_orm::entity::prelude::*;

/// What a document says of a figure: "over 95" is more than 95, never 96.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    Exact,
    MoreThan,
    AtLeast,
    About,
    LessThan,
}
