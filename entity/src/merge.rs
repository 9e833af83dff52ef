//! A merge of two rows. What it moved stands in further columns, which only the database reads.

use crate::ids::MergeId;
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// A merge of two rows.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "merge")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MergeId,
    pub table_name: Table,
    pub kept_id: Uuid,
    pub gone_id: Uuid,
    pub gone_name: String,
    pub gone_slug: Option<String>,
    pub reason: Option<String>,
    pub merged_at: DateTimeUtc,
    pub undone_at: Option<DateTimeUtc>,
}

/// The tables whose rows are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Table {
    Organization,
    District,
    Person,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
