//! A human being who spoke, works with the initiative or sits in a team.

use crate::ids::{AccountId, PersonId};
use crate::part::InPart;
use crate::source::Sources;
use sea_orm::entity::prelude::*;

/// A human being who spoke, works with the initiative or sits in a team.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    pub slug: String,
    pub name: String,
    pub honorific: Option<String>,
    pub biography: Option<String>,
    pub is_public: bool,
    pub entered_by: Option<AccountId>,
    pub sources: Sources,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
