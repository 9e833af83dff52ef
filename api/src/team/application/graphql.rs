//! Mutations by which teams apply.

use super::service::{self, NewApplication};
use crate::error::{Error, Result};
use crate::graphql::{GlobalId, NodeType, Nullable, payload, take_away, write};
use crate::team::Team;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::TeamId;
use entity::team;

/// A team that begins to apply.
#[derive(Debug, InputObject)]
pub(crate) struct CreateTeamInput {
    /// The convening.
    convening_id: ID,
    /// The district whose team it is.
    district_id: ID,
    /// Why the team would like to come, at most 10,000 letters; it may be written later.
    statement: Option<String>,
}

/// What is to change of a team: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateTeamInput {
    /// Why the team would like to come, at most 10,000 letters; once it is in, it cannot be emptied.
    statement: MaybeUndefined<String>,
}

impl TryFrom<CreateTeamInput> for NewApplication {
    type Error = Error;

    fn try_from(input: CreateTeamInput) -> Result<Self> {
        Ok(Self {
            convening: GlobalId::key_of(&input.convening_id, NodeType::Convening)?,
            district: GlobalId::key_of(&input.district_id, NodeType::District)?,
            statement: input.statement,
        })
    }
}

fn key(id: &ID) -> Result<TeamId> {
    GlobalId::key_of(id, NodeType::Team)
}

payload!(
    /// What came of adding a team.
    CreateTeamPayload {
        /// The new team, a draft; null where it was not added.
        team: Team = team::Entity
    }
);

payload!(
    /// What came of changing a team.
    UpdateTeamPayload {
        /// The team as it is now; null where it was not changed.
        team: Team = team::Entity
    }
);

payload!(
    /// What came of sending a statement of interest in.
    SubmitTeamPayload {
        /// The team as it is now; null where that was not done.
        team: Team = team::Entity
    }
);

payload!(
    /// What came of taking a draft away.
    DeleteTeamPayload {
        /// The team as it was; null where it was not taken away.
        team: Team = team::Entity
    }
);

/// How teams apply.
#[derive(Debug, Default)]
pub(crate) struct TeamApplicationMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl TeamApplicationMutation {
    /// Adds a district's team to a convening, as a draft of a statement of interest. Team leads do so for their own
    /// district while statements are taken; those who run the convening until decisions are published.
    async fn create_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateTeamInput,
    ) -> Nullable<CreateTeamPayload> {
        write(ctx, async |db, actor| Ok(service::begin(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a team that has not been decided on, while statements are taken.
    async fn update_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateTeamInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateTeamPayload> {
        write(ctx, async |db, actor| {
            Ok(service::mend(db, actor, (key(&id)?, version), input.statement.into()).await?.id)
        })
        .await
    }

    /// Sends a team's statement of interest in, while statements are taken: from `DRAFT` to `SUBMITTED`.
    async fn submit_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<SubmitTeamPayload> {
        write(ctx, async |db, actor| Ok(service::submit(db, actor, key(&id)?, version).await?.id)).await
    }

    /// Takes away a draft in which nobody sits. A team that has applied steps back instead.
    async fn delete_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteTeamPayload> {
        take_away(ctx, key(&id), async |db, actor| service::discard(db, actor, key(&id)?, version).await).await
    }
}
