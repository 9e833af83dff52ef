//! Linked identities in the schema.

use super::service;
use crate::error::Result;
use crate::graphql::tree::Node;
use crate::graphql::{ContextExt as _, GlobalId, NodeType, Nullable, Time, payload, take_away, write};
use async_graphql::{Context, ID, InputObject, Object};
use entity::identity;
use entity::ids::IdentityId;

/// Who somebody is at an identity provider of their organization, which opens an account here.
#[derive(Debug)]
pub struct LinkedIdentity(pub(super) Node<identity::Entity>);

/// Who somebody is at an identity provider of their organization: whoever signs in there so is signed in here too.
#[Object]
impl LinkedIdentity {
    /// The linked identity's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::LinkedIdentity, self.0.row.id)
    }

    /// The identity provider: its `issuer`, a URL.
    async fn issuer(&self) -> &str {
        &self.0.row.issuer
    }

    /// When it was linked.
    async fn linked_at(&self) -> Time {
        Time(self.0.row.linked_at)
    }
}

/// What is to be linked.
#[derive(InputObject)]
pub(crate) struct LinkIdentityInput {
    /// A token that an identity provider gave you just now: an identity token or an access token.
    token: String,
}

payload!(
    /// What came of linking an identity.
    LinkIdentityPayload {
        /// The identity that was linked; null where it was not.
        identity: LinkedIdentity = identity::Entity
    }
);

payload!(
    /// What came of unlinking an identity.
    UnlinkIdentityPayload {
        /// The identity as it was; null where it was not unlinked.
        identity: LinkedIdentity = identity::Entity
    }
);

/// Changes of linked identities.
#[derive(Debug, Default)]
pub(crate) struct IdentityMutation;

#[Object]
impl IdentityMutation {
    /// Lets your identity at your organization's identity provider open your account here. Sign in there for a token; that
    /// you hold it is the proof that the identity is yours.
    async fn link_identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be linked.")] input: LinkIdentityInput,
    ) -> Nullable<LinkIdentityPayload> {
        // Before the transaction begins: the provider may have to be asked for its keys.
        let proven = ctx.accounts().authority.external_identity(&input.token).await;
        write(ctx, async |db, actor| service::link_own(db, actor, proven).await).await
    }

    /// Lets an identity open its account no more, from the next request on. It is not linked by itself again.
    async fn unlink_identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Nullable<UnlinkIdentityPayload> {
        take_away(ctx, key(&id), async |db, actor| service::unlink(db, actor, key(&id)?).await).await
    }
}

fn key(id: &ID) -> Result<IdentityId> {
    GlobalId::key_of(id, NodeType::LinkedIdentity)
}
