//! What was answered to a survey, counted, with small cells withheld. All of it stands in a column that is not named
//! here: it is read only for those who may see it.

use crate::ids::{PublishedResultId, SurveyId};
use crate::metric::Status;
use crate::part::InPart;
use sea_orm::entity::prelude::*;

/// What was answered to a survey, counted, with small cells withheld.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, InPart)]
#[sea_orm(table_name = "published_result")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PublishedResultId,
    pub survey_id: SurveyId,
    pub number: i32,
    pub status: Status,
    pub note: Option<String>,
    pub responses: Option<i32>,
    pub tables: Json,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
