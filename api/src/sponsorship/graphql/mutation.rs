//! How sponsorships are added, changed, put in order and taken away.

use super::object::{Sponsorship, SponsorshipRole};
use crate::convening::Convening;
use crate::error::{Error, Result};
use crate::graphql::{GlobalId, NodeType, Nullable, SourceInput, payload, take_away, write};
use crate::sponsorship::service::{self, NewSponsorship, SponsorshipPatch};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::SponsorshipId;
use entity::{convening, sponsorship};

/// A sponsorship to add.
#[derive(Debug, InputObject)]
pub(crate) struct AddSponsorshipInput {
    /// The convening.
    convening_id: ID,
    /// The organization; it has a role once.
    organization_id: ID,
    /// What it does for the convening.
    role: SponsorshipRole,
    /// Its place among those in the same role, from 1; behind the others where absent.
    position: Option<i32>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

/// What is to change of a sponsorship: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateSponsorshipInput {
    /// What the organization does for the convening; it cannot be emptied. In another role it comes last.
    role: MaybeUndefined<SponsorshipRole>,
    /// Its place among those in the same role, where that is free; it cannot be emptied.
    position: MaybeUndefined<i32>,
    /// Where these facts come from; all of them, those that stand included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl TryFrom<AddSponsorshipInput> for NewSponsorship {
    type Error = Error;

    fn try_from(input: AddSponsorshipInput) -> Result<Self> {
        Ok(Self {
            convening: GlobalId::key_of(&input.convening_id, NodeType::Convening)?,
            organization: GlobalId::key_of(&input.organization_id, NodeType::Organization)?,
            role: input.role.into(),
            position: input.position,
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        })
    }
}

impl From<UpdateSponsorshipInput> for SponsorshipPatch {
    fn from(input: UpdateSponsorshipInput) -> Self {
        Self {
            role: Patch::from(input.role).map(sponsorship::Role::from),
            position: input.position.into(),
            sources: Patch::from(input.sources).map(SourceInput::all),
        }
    }
}

fn key(id: &ID) -> Result<SponsorshipId> {
    GlobalId::key_of(id, NodeType::Sponsorship)
}

payload!(
    /// What came of adding a sponsorship.
    AddSponsorshipPayload {
        /// The new sponsorship; null where it was not added.
        sponsorship: Sponsorship = sponsorship::Entity
    }
);

payload!(
    /// What came of changing a sponsorship.
    UpdateSponsorshipPayload {
        /// The sponsorship as it is now; null where it was not changed.
        sponsorship: Sponsorship = sponsorship::Entity
    }
);

payload!(
    /// What came of taking a sponsorship away.
    RemoveSponsorshipPayload {
        /// The sponsorship as it was; null where it was not taken away.
        sponsorship: Sponsorship = sponsorship::Entity
    }
);

payload!(
    /// What came of putting sponsorships in order.
    ReorderSponsorshipsPayload {
        /// The convening with its sponsorships; null where they stay as they were.
        convening: Convening = convening::Entity
    }
);

/// Changes of sponsorships.
#[derive(Debug, Default)]
pub(crate) struct SponsorshipMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl SponsorshipMutation {
    /// Adds an organization's part in a convening.
    async fn add_sponsorship(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: AddSponsorshipInput,
    ) -> Nullable<AddSponsorshipPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of a sponsorship.
    async fn update_sponsorship(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateSponsorshipInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateSponsorshipPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Takes an organization's part in a convening away.
    async fn remove_sponsorship(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RemoveSponsorshipPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }

    /// Puts the sponsorships of one role at a convening into an order.
    async fn reorder_sponsorships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The convening.")] convening_id: ID,
        #[graphql(desc = "Which role.")] role: SponsorshipRole,
        #[graphql(desc = "All sponsorships in this role, each once, in their new order.")] ids: Vec<ID>,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ReorderSponsorshipsPayload> {
        write(ctx, async |db, actor| {
            let convening = GlobalId::key_of(&convening_id, NodeType::Convening)?;
            let ids = ids.iter().map(key).collect::<Result<_>>()?;
            service::put_in_order(db, actor, convening, role.into(), ids).await
        })
        .await
    }
}
