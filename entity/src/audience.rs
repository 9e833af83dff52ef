//! Those who see the same rows, and so have one feed of changes. Its state of the database is read and written by
//! statements of the feed alone.

use crate::ids::AudienceId;
use sea_orm::entity::prelude::*;

/// Those who see the same rows.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audience")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AudienceId,
    pub fingerprint: Vec<u8>,
    pub last_number: i64,
    pub forgotten: i64,
    pub used_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
