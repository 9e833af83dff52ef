//! How interest is expressed, changed and withdrawn.

use super::object::Interest;
use crate::error::{Error, Result};
use crate::graphql::{GlobalId, NodeType, Nullable, payload, take_away, write};
use crate::interest::service::{self, InterestPatch, NewInterest};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::InterestId;
use entity::interest;

/// What a district would like to take part in.
#[derive(Debug, InputObject)]
pub(crate) struct ExpressInterestInput {
    /// The offering: one that is proposed or offered.
    offering_id: ID,
    /// The district.
    district_id: ID,
    /// What the district has to say of it, at most 2,000 letters.
    note: Option<String>,
}

/// What is to change of an interest: absent leaves a field as it is, null empties it.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateInterestInput {
    /// What the district has to say of it.
    note: MaybeUndefined<String>,
}

impl TryFrom<ExpressInterestInput> for NewInterest {
    type Error = Error;

    fn try_from(input: ExpressInterestInput) -> Result<Self> {
        Ok(Self {
            offering: GlobalId::key_of(&input.offering_id, NodeType::Offering)?,
            district: GlobalId::key_of(&input.district_id, NodeType::District)?,
            note: input.note,
        })
    }
}

impl From<UpdateInterestInput> for InterestPatch {
    fn from(input: UpdateInterestInput) -> Self {
        Self { note: input.note.into() }
    }
}

fn key(id: &ID) -> Result<InterestId> {
    GlobalId::key_of(id, NodeType::Interest)
}

payload!(
    /// What came of expressing an interest.
    ExpressInterestPayload {
        /// The interest; null where it was not noted.
        interest: Interest = interest::Entity
    }
);

payload!(
    /// What came of changing an interest.
    UpdateInterestPayload {
        /// The interest as it is now; null where it was not changed.
        interest: Interest = interest::Entity
    }
);

payload!(
    /// What came of withdrawing an interest.
    WithdrawInterestPayload {
        /// The interest as it was; null where it was not withdrawn.
        interest: Interest = interest::Entity
    }
);

/// Changes of interest.
#[derive(Debug, Default)]
pub(crate) struct InterestMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl InterestMutation {
    /// Says that a district would like to take part in an offering, once for each.
    async fn express_interest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who would like what.")] input: ExpressInterestInput,
    ) -> Nullable<ExpressInterestPayload> {
        write(ctx, async |db, actor| Ok(service::express(db, actor, input.try_into()?).await?.id)).await
    }

    /// Changes what the input names of an interest, for as long as the offering is proposed or offered.
    async fn update_interest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateInterestInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateInterestPayload> {
        write(ctx, async |db, actor| Ok(service::update(db, actor, key(&id)?, version, input.into()).await?.id)).await
    }

    /// Says that a district would not like to take part after all, for as long as the offering is proposed or offered.
    async fn withdraw_interest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<WithdrawInterestPayload> {
        take_away(ctx, key(&id), async |db, actor| service::withdraw(db, actor, key(&id)?, version).await).await
    }
}
