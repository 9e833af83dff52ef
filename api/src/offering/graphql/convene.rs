//! How an offering becomes a convening.

use super::mutation::key;
use crate::convening::{Convening, CreateConveningInput};
use crate::graphql::{Nullable, payload, write};
use crate::offering::service;
use async_graphql::{Context, ID, InputObject, Object};
use entity::convening;

/// The convening that an offering is to become.
#[derive(Debug, InputObject)]
pub(crate) struct CreateConveningFromOfferingInput {
    /// The offering: one that is proposed or offered.
    offering_id: ID,
    /// What is known of the convening.
    convening: CreateConveningInput,
}

payload!(
    /// What came of making a convening of an offering.
    CreateConveningFromOfferingPayload {
        /// The new convening; null where it was not added.
        convening: Convening = convening::Entity
    }
);

/// Makes convenings of offerings.
#[derive(Debug, Default)]
pub(crate) struct ConveneMutation;

#[Object]
impl ConveneMutation {
    /// Adds a convening that an offering becomes, as a draft that refers to it. The offering stands: several convenings
    /// can be made of it. An organizer adds those of the own organization or region.
    async fn create_convening_from_offering(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which offering, and what is known of the convening.")]
        input: CreateConveningFromOfferingInput,
    ) -> Nullable<CreateConveningFromOfferingPayload> {
        write(ctx, async |db, actor| {
            let offering = key(&input.offering_id)?;
            Ok(service::convene(db, actor, offering, input.convening.try_into()?).await?.id)
        })
        .await
    }
}
