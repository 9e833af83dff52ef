//! A question of a survey.

use crate::ids::{SurveyId, SurveyItemId};
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// A question of a survey.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "survey_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SurveyItemId,
    pub survey_id: SurveyId,
    pub position: i32,
    pub kind: Kind,
    pub prompt: String,
    pub options: Vec<String>,
    pub minimum: Option<i32>,
    pub maximum: Option<i32>,
    pub required: bool,
}

/// What sort of answer it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, serde::Deserialize, serde::Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Likert,
    SingleChoice,
    MultipleChoice,
    Number,
    OpenText,
    Headline,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
