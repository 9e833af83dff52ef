//! How delegations are added and taken away.

use super::object::Delegation;
use crate::delegation::service::{self, NewDelegation};
use crate::error::{Error, Result};
use crate::graphql::{GlobalId, NodeType, Nullable, SourceInput, payload, take_away, write};
use async_graphql::{Context, ID, InputObject, Object};
use entity::delegation;
use entity::ids::DelegationId;

/// A delegation to add.
#[derive(Debug, InputObject)]
pub(crate) struct AddDelegationInput {
    /// The convening.
    convening_id: ID,
    /// The organization that was represented; once.
    organization_id: ID,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

impl TryFrom<AddDelegationInput> for NewDelegation {
    type Error = Error;

    fn try_from(input: AddDelegationInput) -> Result<Self> {
        Ok(Self {
            convening: GlobalId::key_of(&input.convening_id, NodeType::Convening)?,
            organization: GlobalId::key_of(&input.organization_id, NodeType::Organization)?,
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        })
    }
}

fn key(id: &ID) -> Result<DelegationId> {
    GlobalId::key_of(id, NodeType::Delegation)
}

payload!(
    /// What came of adding a delegation.
    AddDelegationPayload {
        /// The new delegation; null where it was not added.
        delegation: Delegation = delegation::Entity
    }
);

payload!(
    /// What came of taking a delegation away.
    RemoveDelegationPayload {
        /// The delegation as it was; null where it was not taken away.
        delegation: Delegation = delegation::Entity
    }
);

/// Changes of delegations.
#[derive(Debug, Default)]
pub(crate) struct DelegationMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl DelegationMutation {
    /// Says that an organization was represented at a convening.
    async fn add_delegation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: AddDelegationInput,
    ) -> Nullable<AddDelegationPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Takes back that an organization was represented at a convening.
    async fn remove_delegation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RemoveDelegationPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }
}
