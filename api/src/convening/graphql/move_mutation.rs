//! How convenings move from state to state. Each move is a mutation; where it is not legal, `ILLEGAL_TRANSITION` names the
//! states that can be reached.

use super::mutation::key;
use super::object::Convening;
use crate::convening::moves::Move;
use crate::convening::service;
use crate::graphql::{Nullable, Payload, payload, write};
use async_graphql::{Context, ID, Object};
use entity::convening;

payload!(
    /// What came of announcing a convening.
    AnnounceConveningPayload {
        /// The convening as it is now; null where that was not done.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of retracting a convening.
    RetractConveningPayload {
        /// The convening as it is now; null where that was not done.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of opening applications.
    OpenApplicationsPayload {
        /// The convening as it is now; null where that was not done.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of closing applications.
    CloseApplicationsPayload {
        /// The convening as it is now; null where that was not done.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of publishing an agenda.
    PublishAgendaPayload {
        /// The convening as it is now; null where that was not done.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of starting a convening.
    StartConveningPayload {
        /// The convening as it is now; null where that was not done.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of completing a convening.
    CompleteConveningPayload {
        /// The convening as it is now; null where that was not done.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of cancelling a convening.
    CancelConveningPayload {
        /// The convening as it is now; null where that was not done.
        convening: Convening = convening::Entity
    }
);

/// Moves a convening.
async fn make<P: Payload>(ctx: &Context<'_>, step: Move, id: &ID, version: i32) -> Nullable<P> {
    write(ctx, async |db, actor| Ok(service::make_move(db, actor, key(id)?, version, step).await?.id)).await
}

/// Moves of convenings.
#[derive(Debug, Default)]
pub(crate) struct ConveningMoveMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl ConveningMoveMutation {
    /// Shows a draft to everybody, but for its agenda and its teams.
    async fn announce_convening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which convening.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<AnnounceConveningPayload> {
        make(ctx, Move::Announce, &id, version).await
    }

    /// Takes an announcement back: the convening is a draft again that only those see who run it.
    async fn retract_convening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which convening.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RetractConveningPayload> {
        make(ctx, Move::Retract, &id, version).await
    }

    /// Lets district teams submit statements of interest. The convening has a time from which and one until which they may,
    /// and that is still to come.
    async fn open_applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which convening.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<OpenApplicationsPayload> {
        make(ctx, Move::OpenApplications, &id, version).await
    }

    /// Takes no more statements of interest.
    async fn close_applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which convening.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<CloseApplicationsPayload> {
        make(ctx, Move::CloseApplications, &id, version).await
    }

    /// Shows the agenda to everybody, as its first release: once teams are selected or, where no applications are taken, after
    /// the announcement. What is changed later is seen by everybody once that is released, with `releaseAgenda`.
    async fn publish_agenda(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which convening.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<PublishAgendaPayload> {
        make(ctx, Move::PublishAgenda, &id, version).await
    }

    /// Says that the convening has begun. What was decided on its teams is no secret any more.
    async fn start_convening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which convening.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<StartConveningPayload> {
        make(ctx, Move::Start, &id, version).await
    }

    /// Says that the convening is over.
    async fn complete_convening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which convening.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<CompleteConveningPayload> {
        make(ctx, Move::Complete, &id, version).await
    }

    /// Says that the convening does not take place, at any time before it is completed. Announced, it stays visible as
    /// cancelled; a draft stays hidden.
    async fn cancel_convening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which convening.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why; the history keeps it.")] reason: String,
    ) -> Nullable<CancelConveningPayload> {
        make(ctx, Move::Cancel, &id, version).await
    }
}
