//! What somebody answered: nothing leads from here to who that was.

use crate::ids::{ResponseId, SurveyId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// What somebody answered: nothing leads from here to who that was. The database gives it a random key.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "response")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResponseId,
    pub survey_id: SurveyId,
    pub counted: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
