//! The questions of a survey, as rows.

use super::input::NewItem;
use super::results::Question;
use crate::error::Result;
use entity::ids::{SurveyId, SurveyItemId};
use entity::survey_item::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _,
};

/// The questions of a survey, in their order.
pub(super) async fn of(db: &impl ConnectionTrait, survey: SurveyId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::SurveyId.eq(survey)).order_by_asc(Column::Position).all(db).await?)
}

/// Gives a survey these questions in place of those that it has.
pub(super) async fn replace(db: &impl ConnectionTrait, survey: SurveyId, items: Vec<NewItem>) -> Result<()> {
    Entity::delete_many().filter(Column::SurveyId.eq(survey)).exec(db).await?;
    for (position, item) in (1..).zip(items) {
        let row = Model {
            id: SurveyItemId::new(),
            survey_id: survey,
            position,
            kind: item.kind,
            prompt: item.prompt,
            options: item.options,
            minimum: item.bounds.0,
            maximum: item.bounds.1,
            required: item.required,
        };
        row.into_active_model().reset_all().insert(db).await?;
    }
    Ok(())
}

/// A question, as far as counting goes.
pub(super) fn question(item: &Model) -> Question {
    Question {
        item: item.id.0,
        prompt: item.prompt.clone(),
        kind: item.kind,
        options: item.options.clone(),
        bounds: item.minimum.zip(item.maximum),
        required: item.required,
    }
}
