//! Levels of experience in the schema.

use super::question::FocusQuestion;
use crate::convening::Convening;
use crate::error::{Error, Result};
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{FieldResult, GlobalId, NodeType, Nullable, One, Walk, payload, take_away, write};
use crate::team_time::service::levels::{self, LevelPatch, NewLevel};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::ExperienceLevelId;
use entity::{convening, experience_level};

/// How experienced with collaboration a team can say that it is.
#[derive(Debug)]
pub struct ExperienceLevel(pub(in crate::team_time) Node<experience_level::Entity>);

/// How experienced with labor-management collaboration a team can say that it is, at one convening. Shown with the agenda.
#[Object]
impl ExperienceLevel {
    /// The level's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::ExperienceLevel, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The convening.
    async fn convening(&self, ctx: &Context<'_>) -> FieldResult<One<&Convening>> {
        self.0.always(ctx)
    }

    /// Its place among the convening's levels, from 1.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// By what a team knows that this is its level; null where nobody wrote it.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// What teams of this level discuss among themselves, in order.
    async fn questions(&self, ctx: &Context<'_>) -> FieldResult<Walk<&FocusQuestion>> {
        self.0.list(ctx)
    }

    /// Counts the changes of this row, from 1.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}

/// A level to add behind the others of a convening.
#[derive(Debug, InputObject)]
pub(crate) struct CreateExperienceLevelInput {
    /// The convening.
    convening_id: ID,
    /// What it is called, at most 300 letters.
    title: String,
    /// By what a team knows that this is its level.
    description: Option<String>,
}

/// What is to change of a level: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateExperienceLevelInput {
    /// What it is called; it cannot be emptied.
    title: MaybeUndefined<String>,
    /// By what a team knows that this is its level.
    description: MaybeUndefined<String>,
}

impl TryFrom<CreateExperienceLevelInput> for NewLevel {
    type Error = Error;

    fn try_from(input: CreateExperienceLevelInput) -> Result<Self> {
        let convening = GlobalId::key_of(&input.convening_id, NodeType::Convening)?;
        Ok(Self { convening, title: input.title, description: input.description })
    }
}

impl From<UpdateExperienceLevelInput> for LevelPatch {
    fn from(input: UpdateExperienceLevelInput) -> Self {
        Self { title: input.title.into(), description: input.description.into() }
    }
}

pub(super) fn key(id: &ID) -> Result<ExperienceLevelId> {
    GlobalId::key_of(id, NodeType::ExperienceLevel)
}

payload!(
    /// What came of adding a level.
    CreateExperienceLevelPayload {
        /// The new level; null where it was not added.
        experience_level: ExperienceLevel = experience_level::Entity
    }
);

payload!(
    /// What came of changing a level.
    UpdateExperienceLevelPayload {
        /// The level as it is now; null where it was not changed.
        experience_level: ExperienceLevel = experience_level::Entity
    }
);

payload!(
    /// What came of taking a level away.
    DeleteExperienceLevelPayload {
        /// The level as it was; null where it was not taken away.
        experience_level: ExperienceLevel = experience_level::Entity
    }
);

payload!(
    /// What came of putting a convening's levels in order.
    ReorderExperienceLevelsPayload {
        /// The convening as it is now; null where its levels stay as they were.
        convening: Convening = convening::Entity
    }
);

/// Changes of levels.
#[derive(Debug, Default)]
pub(crate) struct ExperienceLevelMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl ExperienceLevelMutation {
    /// Adds a level of experience for the teams of a convening, behind the others.
    async fn create_experience_level(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateExperienceLevelInput,
    ) -> Nullable<CreateExperienceLevelPayload> {
        write(ctx, async |db, actor| Ok(levels::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a level.
    async fn update_experience_level(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateExperienceLevelInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateExperienceLevelPayload> {
        write(ctx, async |db, actor| Ok(levels::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes away a level that no team has given itself, with its focus questions.
    async fn delete_experience_level(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteExperienceLevelPayload> {
        take_away(ctx, key(&id), async |db, actor| levels::delete(db, actor, key(&id)?, version).await).await
    }

    /// Puts the levels of a convening into an order.
    async fn reorder_experience_levels(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The convening.")] convening_id: ID,
        #[graphql(desc = "All of its levels, each once, in their new order.")] level_ids: Vec<ID>,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ReorderExperienceLevelsPayload> {
        write(ctx, async |db, actor| {
            let convening = GlobalId::key_of(&convening_id, NodeType::Convening)?;
            let levels = level_ids.iter().map(key).collect::<Result<Vec<_>>>()?;
            levels::put_in_order(db, actor, convening, &levels).await
        })
        .await
    }
}
