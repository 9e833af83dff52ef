//! How teams are decided on by hand, and how what was decided is told.

use super::inputs::{TeamDecisionInput, team};
use super::outcome::TeamDecision;
use super::post;
use crate::convening::Convening;
use crate::error::Result;
use crate::graphql::{GlobalId, NodeType, Nullable, Time, payload, write, write_and};
use crate::selection::service::{self, Decided, NewPublication};
use crate::team::Team;
use async_graphql::{Context, ID, InputObject, Object};
use entity::ids::ConveningId;
use entity::{convening, team};

/// Decisions on teams of one convening.
#[derive(Debug, InputObject)]
pub(crate) struct DecideTeamsInput {
    /// Of which convening.
    convening_id: ID,
    /// What is decided, on at most 100 teams.
    decisions: Vec<TeamDecisionInput>,
}

payload!(
    /// What came of deciding on a team.
    DecideTeamPayload {
        /// The team as it is now; null where nothing was decided.
        team: Team = team::Entity
    }
);

payload!(
    /// What came of deciding on teams.
    DecideTeamsPayload {
        /// The convening; null where nothing was decided.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of ordering a waiting list.
    ReorderWaitlistPayload {
        /// The convening; null where nothing was changed.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of publishing decisions.
    PublishDecisionsPayload {
        /// The convening as it is now; null where they were not published.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of offering places.
    OfferFreePlacesPayload {
        /// The convening; null where none were offered.
        convening: Convening = convening::Entity
    }
);

fn convening(id: &ID) -> Result<ConveningId> {
    GlobalId::key_of(id, NodeType::Convening)
}

/// Decisions by hand.
#[derive(Debug, Default)]
pub(crate) struct DecisionMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl DecisionMutation {
    /// Decides on a team. The team is told nothing before decisions are published.
    async fn decide_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which team.")] id: ID,
        #[graphql(desc = "The version of the decision as you have read it; another is refused with STALE_VERSION.")]
        decision_version: i32,
        #[graphql(desc = "What is decided.")] status: TeamDecision,
        #[graphql(desc = "Why, for those who decide.")] reason: String,
    ) -> Nullable<DecideTeamPayload> {
        let act = async |db: &_, actor: crate::auth::Actor<'_>| {
            let decided = Decided { team: team(&id)?, decision_version, status: status.into(), reason };
            service::decide(db, actor, decided).await
        };
        write(ctx, act).await
    }

    /// Decides on teams of one convening, on all or on none.
    async fn decide_teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which, and what.")] input: DecideTeamsInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DecideTeamsPayload> {
        let act = async |db: &_, actor: crate::auth::Actor<'_>| {
            let decisions = input.decisions.into_iter().map(Decided::try_from).collect::<Result<_>>()?;
            service::decide_all(db, actor, convening(&input.convening_id)?, decisions).await
        };
        write(ctx, act).await
    }

    /// Puts the waiting list of a convening into an order.
    async fn reorder_waitlist(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which convening.")] convening_id: ID,
        #[graphql(desc = "All teams that wait, in their new order.")] team_ids: Vec<ID>,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ReorderWaitlistPayload> {
        let act = async |db: &_, actor: crate::auth::Actor<'_>| {
            let teams = team_ids.iter().map(team).collect::<Result<_>>()?;
            service::reorder_waitlist(db, actor, convening(&convening_id)?, teams).await
        };
        write(ctx, act).await
    }

    /// Tells each team what was decided on it, and everybody by which method. No team may be undecided, and no more may
    /// be selected than there is room for. Places that are free are offered to those who wait. Letters go out where mail
    /// is set up.
    async fn publish_decisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which convening.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Until when teams that are selected can answer; whoever does not, loses the place.")]
        answer_due_at: Time,
        #[graphql(
            desc = "How many hours a team has to answer that is offered a place later: 1 to 2,160.",
            default = 168
        )]
        answer_hours: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<PublishDecisionsPayload> {
        let act = async |db: &_, actor: crate::auth::Actor<'_>| {
            let convening = convening(&id)?;
            let new = NewPublication { convening, version, answer_due_at: answer_due_at.0, answer_hours };
            service::publish(db, actor, new).await
        };
        write_and(ctx, act, post).await
    }

    /// Offers the places of a convening that are free to those who wait longest. Places that teams give back, or that come
    /// with a greater capacity, are offered without it.
    async fn offer_free_places(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which convening.")] convening_id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<OfferFreePlacesPayload> {
        write_and(ctx, async |db, actor| service::offer_free_places(db, actor, convening(&convening_id)?).await, post)
            .await
    }
}
