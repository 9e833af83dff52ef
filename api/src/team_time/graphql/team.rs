//! What a team says of itself.

use super::level;
use crate::error::Result;
use crate::graphql::{GlobalId, NodeType, Nullable, payload, write};
use crate::team::Team;
use crate::team_time::service::teams;
use async_graphql::{Context, ID, Object};
use entity::ids::TeamId;
use entity::team;

fn key(id: &ID) -> Result<TeamId> {
    GlobalId::key_of(id, NodeType::Team)
}

payload!(
    /// What came of giving a team a level of experience.
    RateTeamExperiencePayload {
        /// The team as it is now; null where its level stays as it was.
        team: Team = team::Entity
    }
);

payload!(
    /// What came of giving a team a headline.
    SetTeamHeadlinePayload {
        /// The team as it is now; null where its headline stays as it was.
        team: Team = team::Entity
    }
);

/// What a team says of itself.
#[derive(Debug, Default)]
pub(crate) struct TeamTimeMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl TeamTimeMutation {
    /// Says how experienced with collaboration a team is: one of its convening's levels. From then on it is given the
    /// focus questions of that level. As often as it likes.
    async fn rate_team_experience(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which team.")] team_id: ID,
        #[graphql(desc = "The team's version as you have read it; another is refused with STALE_VERSION.")]
        version: i32,
        #[graphql(desc = "The level; null takes back what was said before.")] level_id: Option<ID>,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RateTeamExperiencePayload> {
        write(ctx, async |db, actor| {
            let level = level_id.as_ref().map(level::key).transpose()?;
            teams::rate(db, actor, (key(&team_id)?, version), level).await
        })
        .await
    }

    /// Gives a team its headline: what a newspaper would write once its collaboration has succeeded. Its lead sees it,
    /// and those who run the convening.
    async fn set_team_headline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which team.")] team_id: ID,
        #[graphql(desc = "The team's version as you have read it; another is refused with STALE_VERSION.")]
        version: i32,
        #[graphql(desc = "The headline, at most 300 letters; null takes it back.")] headline: Option<String>,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<SetTeamHeadlinePayload> {
        write(ctx, async |db, actor| teams::set_headline(db, actor, (key(&team_id)?, version), headline).await).await
    }
}
