//! How to reach a person: apart from the person, because nearly nobody may read it.

use crate::ids::PersonId;
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// How to reach a person: apart from the person, because nearly nobody may read it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "person_contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    pub email: Option<String>,
    pub phone: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
