//! Focus questions in the schema.

use super::level::{self, ExperienceLevel};
use crate::error::{Error, Result};
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, payload, take_away, write};
use crate::team_time::service::questions::{self, NewQuestion, QuestionPatch};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::FocusQuestionId;
use entity::{experience_level, focus_question};

/// What teams of one level of experience discuss.
#[derive(Debug)]
pub struct FocusQuestion(pub(in crate::team_time) Node<focus_question::Entity>);

/// What teams of one level of experience discuss among themselves. Shown with the agenda.
#[Object]
impl FocusQuestion {
    /// The question's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::FocusQuestion, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The level of the teams that it is for.
    async fn level(&self, ctx: &Context<'_>) -> FieldResult<One<&ExperienceLevel>> {
        self.0.always(ctx)
    }

    /// Its place among the level's questions, from 1.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// What is asked.
    async fn text(&self) -> &str {
        &self.0.row.text
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}

/// A focus question to add behind the others of a level.
#[derive(Debug, InputObject)]
pub(crate) struct CreateFocusQuestionInput {
    /// The level of the teams that it is for.
    level_id: ID,
    /// What is asked, at most 20,000 letters.
    text: String,
}

/// What is to change of a focus question: absent leaves a field as it is.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateFocusQuestionInput {
    /// What is asked; it cannot be emptied.
    text: MaybeUndefined<String>,
}

impl TryFrom<CreateFocusQuestionInput> for NewQuestion {
    type Error = Error;

    fn try_from(input: CreateFocusQuestionInput) -> Result<Self> {
        Ok(Self { level: level::key(&input.level_id)?, text: input.text })
    }
}

impl From<UpdateFocusQuestionInput> for QuestionPatch {
    fn from(input: UpdateFocusQuestionInput) -> Self {
        Self { text: input.text.into() }
    }
}

pub(super) fn key(id: &ID) -> Result<FocusQuestionId> {
    GlobalId::key_of(id, NodeType::FocusQuestion)
}

payload!(
    /// What came of adding a focus question.
    CreateFocusQuestionPayload {
        /// The new question; null where it was not added.
        focus_question: FocusQuestion = focus_question::Entity
    }
);

payload!(
    /// What came of changing a focus question.
    UpdateFocusQuestionPayload {
        /// The question as it is now; null where it was not changed.
        focus_question: FocusQuestion = focus_question::Entity
    }
);

payload!(
    /// What came of taking a focus question away.
    DeleteFocusQuestionPayload {
        /// The question as it was; null where it was not taken away.
        focus_question: FocusQuestion = focus_question::Entity
    }
);

payload!(
    /// What came of putting a level's focus questions in order.
    ReorderFocusQuestionsPayload {
        /// The level as it is now; null where its questions stay as they were.
        experience_level: ExperienceLevel = experience_level::Entity
    }
);

/// Changes of focus questions.
#[derive(Debug, Default)]
pub(crate) struct FocusQuestionMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl FocusQuestionMutation {
    /// Adds a focus question for the teams of a level, behind the others.
    async fn create_focus_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateFocusQuestionInput,
    ) -> Nullable<CreateFocusQuestionPayload> {
        write(ctx, async |db, actor| Ok(questions::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a focus question.
    async fn update_focus_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateFocusQuestionInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateFocusQuestionPayload> {
        write(ctx, async |db, actor| Ok(questions::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes a focus question away. What teams wrote in answer to it stays theirs.
    async fn delete_focus_question(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteFocusQuestionPayload> {
        take_away(ctx, key(&id), async |db, actor| questions::delete(db, actor, key(&id)?, version).await).await
    }

    /// Puts the focus questions of a level into an order.
    async fn reorder_focus_questions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The level.")] level_id: ID,
        #[graphql(desc = "All of its questions, each once, in their new order.")] question_ids: Vec<ID>,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ReorderFocusQuestionsPayload> {
        write(ctx, async |db, actor| {
            let questions = question_ids.iter().map(key).collect::<Result<Vec<_>>>()?;
            questions::put_in_order(db, actor, level::key(&level_id)?, &questions).await
        })
        .await
    }
}
