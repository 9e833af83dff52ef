//! How offerings are added, changed, retired, put in order and taken away.

use super::object::{Offering, OfferingStatus};
use crate::convening::ConveningKind;
use crate::error::Result;
use crate::graphql::tree::{self, Field};
use crate::graphql::{GlobalId, NodeType, Nullable, SourceInput, UserError, act_whole, payload, take_away, write};
use crate::offering::service::{self, NewOffering, OfferingPatch};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use entity::ids::OfferingId;
use entity::{convening, offering};

/// An offering to add, behind those that are there.
#[derive(Debug, InputObject)]
pub(crate) struct CreateOfferingInput {
    /// What it is called, at most 300 letters.
    name: String,
    /// What sort of gathering it would be.
    kind: ConveningKind,
    /// Whether it is proposed, offered or retired; proposed where absent.
    status: Option<OfferingStatus>,
    /// Whether participants named it among what they were most interested in; they did not where absent.
    high_interest: Option<bool>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

/// What is to change of an offering: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateOfferingInput {
    /// What it is called; it cannot be emptied.
    name: MaybeUndefined<String>,
    /// What sort of gathering it would be; it cannot be emptied.
    kind: MaybeUndefined<ConveningKind>,
    /// Whether it is proposed, offered or retired; it cannot be emptied.
    status: MaybeUndefined<OfferingStatus>,
    /// Whether participants named it among what they were most interested in; it cannot be emptied.
    high_interest: MaybeUndefined<bool>,
    /// Where these facts come from; all of it, what stands included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

impl From<CreateOfferingInput> for NewOffering {
    fn from(input: CreateOfferingInput) -> Self {
        Self {
            name: input.name,
            kind: input.kind.into(),
            status: input.status.unwrap_or(OfferingStatus::Proposed).into(),
            high_interest: input.high_interest.unwrap_or_default(),
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        }
    }
}

impl From<UpdateOfferingInput> for OfferingPatch {
    fn from(input: UpdateOfferingInput) -> Self {
        Self {
            name: input.name.into(),
            kind: Patch::from(input.kind).map(convening::Kind::from),
            status: Patch::from(input.status).map(offering::Status::from),
            high_interest: input.high_interest.into(),
            sources: Patch::from(input.sources).map(SourceInput::all),
        }
    }
}

pub(super) fn key(id: &ID) -> Result<OfferingId> {
    GlobalId::key_of(id, NodeType::Offering)
}

payload!(
    /// What came of adding an offering.
    CreateOfferingPayload {
        /// The new offering; null where it was not added.
        offering: Offering = offering::Entity
    }
);

payload!(
    /// What came of changing an offering.
    UpdateOfferingPayload {
        /// The offering as it is now; null where it was not changed.
        offering: Offering = offering::Entity
    }
);

payload!(
    /// What came of retiring an offering.
    RetireOfferingPayload {
        /// The offering as it is now; null where it was not retired.
        offering: Offering = offering::Entity
    }
);

payload!(
    /// What came of taking an offering away.
    DeleteOfferingPayload {
        /// The offering as it was; null where it was not taken away.
        offering: Offering = offering::Entity
    }
);

/// What came of putting the offerings in order.
#[derive(SimpleObject)]
pub(crate) struct ReorderOfferingsPayload {
    /// The offerings in their new order; null where they stay as they were.
    offerings: Option<Vec<Offering>>,
    /// What stands in the way, all at once; empty where it was done.
    user_errors: Vec<UserError>,
}

/// Changes of offerings.
#[derive(Debug, Default)]
pub(crate) struct OfferingMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl OfferingMutation {
    /// Adds an offering.
    async fn create_offering(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known of it.")] input: CreateOfferingInput,
    ) -> Nullable<CreateOfferingPayload> {
        write(ctx, async |db, actor| Ok(service::create(db, actor, input.into()).await?.id)).await
    }

    /// Changes what the input names of an offering.
    async fn update_offering(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateOfferingInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateOfferingPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Says that it is offered no longer. It stays in the list, as retired.
    async fn retire_offering(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RetireOfferingPayload> {
        write(ctx, async |db, actor| Ok(service::retire(db, actor, key(&id)?, version).await?.id)).await
    }

    /// Takes an offering away that should not have been in the list.
    async fn delete_offering(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<DeleteOfferingPayload> {
        take_away(ctx, key(&id), async |db, actor| service::delete(db, actor, key(&id)?, version).await).await
    }

    /// Puts the offerings into an order.
    async fn reorder_offerings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "All offerings, the retired ones included, each once, in their new order.")] ids: Vec<ID>,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ReorderOfferingsPayload> {
        let payload = async {
            let ids = ids.iter().map(key).collect::<Result<Vec<_>>>()?;
            Ok(match act_whole(ctx, async |db, actor| service::put_in_order(db, actor, &ids).await).await? {
                Ok(()) => {
                    ReorderOfferingsPayload { offerings: Some(in_order(ctx, &ids).await?), user_errors: Vec::new() }
                }
                Err(user_errors) => ReorderOfferingsPayload { offerings: None, user_errors },
            })
        };
        Some(payload.await)
    }
}

/// The offerings of the payload, as far as it selects them.
async fn in_order(ctx: &Context<'_>, ids: &[OfferingId]) -> Result<Vec<Offering>> {
    let Some(field) = Field::of(ctx).child("ReorderOfferingsPayload", "offerings") else { return Ok(Vec::new()) };
    let keys = ids.iter().map(|id| id.0).collect();
    let mut offerings = tree::by_keys::<offering::Entity>(ctx, &field, keys).await?;
    Ok(ids.iter().filter_map(|id| offerings.remove(&id.0)).collect())
}
