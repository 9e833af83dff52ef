//! How surveys are added, changed, opened, closed, published and corrected, and how what was written is moderated.

use super::answer::{ModerationStatus, WrittenAnswer};
use super::inputs::{CreateSurveyInput, UpdateSurveyInput};
use super::object::Survey;
use crate::error::Result;
use crate::graphql::{GlobalId, NodeType, Nullable, payload, take_away, write};
use crate::survey::outcome::{self, Correction};
use crate::survey::service;
use async_graphql::{Context, ID, InputObject, Object};
use entity::ids::{SurveyId, SurveyItemId};
use entity::{survey, written_answer};

/// What is wrong with published results.
#[derive(Debug, InputObject)]
pub(crate) struct CorrectResultInput {
    /// What was wrong, in at most 2,000 letters: everybody reads it beside the result.
    note: String,
    /// The items whose answers are not to be relied on: they are taken out of the result.
    withdrawn_item_ids: Option<Vec<ID>>,
}

impl CorrectResultInput {
    fn correction(self) -> Result<Correction> {
        let key = |id: &ID| GlobalId::key_of::<SurveyItemId>(id, NodeType::SurveyItem);
        let withdrawn = self.withdrawn_item_ids.unwrap_or_default().iter().map(key).collect::<Result<_>>()?;
        Ok(Correction { note: self.note, withdrawn })
    }
}

fn key(id: &ID) -> Result<SurveyId> {
    GlobalId::key_of(id, NodeType::Survey)
}

payload!(
    /// What came of adding a survey.
    CreateSurveyPayload {
        /// The new survey; null where it was not added.
        survey: Survey = survey::Entity
    }
);

payload!(
    /// What came of changing a survey.
    UpdateSurveyPayload {
        /// The survey as it is now; null where it was not changed.
        survey: Survey = survey::Entity
    }
);

payload!(
    /// What came of taking a survey away.
    DeleteSurveyPayload {
        /// The survey as it was; null where it was not taken away.
        survey: Survey = survey::Entity
    }
);

payload!(
    /// What came of opening a survey.
    OpenSurveyPayload {
        /// The survey as it is now; null where that was not done.
        survey: Survey = survey::Entity
    }
);

payload!(
    /// What came of closing a survey.
    CloseSurveyPayload {
        /// The survey as it is now; null where that was not done.
        survey: Survey = survey::Entity
    }
);

payload!(
    /// What came of publishing results.
    PublishResultsPayload {
        /// The survey as it is now; null where that was not done.
        survey: Survey = survey::Entity
    }
);

payload!(
    /// What came of correcting a result.
    CorrectResultPayload {
        /// The survey as it is now; null where that was not done.
        survey: Survey = survey::Entity
    }
);

payload!(
    /// What came of moderating what somebody wrote.
    ModerateAnswerPayload {
        /// The written answer as it is now; null where that was not done.
        answer: WrittenAnswer = written_answer::Entity
    }
);

/// Changes of surveys.
#[derive(Debug, Default)]
pub(crate) struct SurveyMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl SurveyMutation {
    /// Adds a survey, as a draft.
    async fn create_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it asks, and whom.")] input: CreateSurveyInput,
    ) -> Nullable<CreateSurveyPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a survey.
    async fn update_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateSurveyInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateSurveyPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes a draft away.
    async fn delete_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteSurveyPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }

    /// Opens a draft: answers are taken from now on, within its times, and its items stay as they are.
    async fn open_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<OpenSurveyPayload> {
        write(ctx, async |db, actor| Ok(service::open(db, actor, key(&id)?, version).await?.id)).await
    }

    /// Closes an open survey: no more answers are taken, ballots that were not cast are void, and what was answered is counted.
    async fn close_survey(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<CloseSurveyPayload> {
        write(ctx, async |db, actor| Ok(outcome::close(db, actor, key(&id)?, version).await?.id)).await
    }

    /// Shows everybody the final results of a closed survey. They stay as they are.
    async fn publish_results(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which survey.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<PublishResultsPayload> {
        write(ctx, async |db, actor| Ok(outcome::publish(db, actor, key(&id)?, version).await?.id)).await
    }

    /// Adds a corrected result to published ones, with a note and without the items that are not to be relied on. What stood
    /// before stays readable.
    async fn correct_result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which survey.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What was wrong.")] input: CorrectResultInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<CorrectResultPayload> {
        let act = async |db: &_, actor: crate::auth::Actor<'_>| {
            Ok(outcome::correct(db, actor, (key(&id)?, version), input.correction()?).await?.id)
        };
        write(ctx, act).await
    }

    /// Lets everybody read what somebody wrote, or nobody.
    async fn moderate_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which written answer.")] id: ID,
        #[graphql(desc = "Whether everybody may read it.")] moderation: ModerationStatus,
    ) -> Nullable<ModerateAnswerPayload> {
        let key = GlobalId::key_of(&id, NodeType::WrittenAnswer);
        write(ctx, async |db, actor| service::moderate(db, actor, key?, moderation.into()).await).await
    }
}
