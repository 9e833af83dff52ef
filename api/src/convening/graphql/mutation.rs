//! How convenings are added, changed and taken away.

use super::object::Convening;
use super::write_inputs::{CreateConveningInput, UpdateConveningInput};
use crate::auth::Actor;
use crate::convening::service;
use crate::error::Result;
use crate::graphql::{GlobalId, NodeType, Nullable, payload, take_away, write, write_and};
use crate::selection;
use async_graphql::{Context, ID, Object};
use entity::convening;
use entity::ids::ConveningId;

pub(super) fn key(id: &ID) -> Result<ConveningId> {
    GlobalId::key_of(id, NodeType::Convening)
}

payload!(
    /// What came of adding a convening.
    CreateConveningPayload {
        /// The new convening; null where it was not added.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of changing a convening.
    UpdateConveningPayload {
        /// The convening as it is now; null where it was not changed.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of taking a convening away.
    DeleteConveningPayload {
        /// The convening as it was; null where it was not taken away.
        convening: Convening = convening::Entity
    }
);

/// Changes of convenings.
#[derive(Debug, Default)]
pub(crate) struct ConveningMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl ConveningMutation {
    /// Adds a convening, as a draft. An organizer adds those of the own organization or region.
    async fn create_convening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateConveningInput,
    ) -> Nullable<CreateConveningPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a convening. Once decisions are published, places that come with a greater capacity
    /// are offered to those who wait longest at once; letters go out where mail is set up.
    async fn update_convening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateConveningInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateConveningPayload> {
        let act = async |db: &_, actor: Actor<'_>| {
            let (row, letters) = service::update(db, actor, key(&id)?, version, input.try_into()?).await?;
            Ok((row.id, letters))
        };
        write_and(ctx, act, selection::post).await
    }

    /// Takes away a draft that has no sessions, teams, rooms or resources yet. Strands, blocks, sponsorships,
    /// delegations and metrics go with it. What is no draft any more can be cancelled.
    async fn delete_convening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteConveningPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }
}
