//! How a team says whether it comes.

use super::inputs::team;
use super::post;
use crate::graphql::{Nullable, Payload, payload, write_and};
use crate::selection::service;
use crate::team::Team;
use async_graphql::{Context, ID, Object};
use entity::team::{self, Status};

payload!(
    /// What came of confirming a place.
    ConfirmTeamPayload {
        /// The team as it is now; null where it was not confirmed.
        team: Team = team::Entity
    }
);

payload!(
    /// What came of giving a place back.
    DeclineTeamPayload {
        /// The team as it is now; null where the place was not given back.
        team: Team = team::Entity
    }
);

payload!(
    /// What came of stepping back.
    WithdrawTeamPayload {
        /// The team as it is now; null where it did not step back.
        team: Team = team::Entity
    }
);

/// Writes down what a team says.
async fn answer<P: Payload>(ctx: &Context<'_>, id: &ID, version: i32, to: Status) -> Nullable<P> {
    write_and(ctx, async |db, actor| service::answer(db, actor, (team(id)?, version), to).await, post).await
}

/// What teams say.
#[derive(Debug, Default)]
pub(crate) struct TeamAnswerMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl TeamAnswerMutation {
    /// Says that a team takes its place: one that is selected or was offered one, until its time to answer is over.
    async fn confirm_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which team.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ConfirmTeamPayload> {
        answer(ctx, &id, version, Status::Confirmed).await
    }

    /// Gives a team's place back before it was confirmed. It is offered to the team that waits longest.
    async fn decline_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which team.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeclineTeamPayload> {
        answer(ctx, &id, version, Status::Declined).await
    }

    /// Steps back from a convening, as a whole team: with a statement of interest that is being written or is in, from the
    /// waiting list, or from a place, which is offered to the team that waits longest.
    async fn withdraw_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which team.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<WithdrawTeamPayload> {
        answer(ctx, &id, version, Status::Withdrawn).await
    }
}
