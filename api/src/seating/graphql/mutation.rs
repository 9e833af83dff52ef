//! How seats are given and released.

use super::object::SeatAssignment;
use super::plan::{PlanSeatsInput, PlanSeatsPayload, read};
use crate::error::{Error, Result};
use crate::graphql::tree::Field;
use crate::graphql::{GlobalId, NodeType, Nullable, act_whole, payload, take_away, write};
use crate::seating::service::{self, NewSeat};
use async_graphql::{Context, ID, InputObject, Object};
use entity::ids::SeatAssignmentId;
use entity::seat_assignment;

/// A seat to give.
#[derive(Debug, InputObject)]
pub(crate) struct AssignSeatInput {
    /// To whom: a member of a team that will take part.
    #[graphql(name = "memberId")]
    member_id: ID,
    /// Where and when: a slot of the same convening that has a seat left.
    slot_id: ID,
}

impl TryFrom<AssignSeatInput> for NewSeat {
    type Error = Error;

    fn try_from(input: AssignSeatInput) -> Result<Self> {
        Ok(Self {
            member: GlobalId::key_of(&input.member_id, NodeType::TeamMember)?,
            slot: GlobalId::key_of(&input.slot_id, NodeType::Slot)?,
        })
    }
}

fn key(id: &ID) -> Result<SeatAssignmentId> {
    GlobalId::key_of(id, NodeType::SeatAssignment)
}

payload!(
    /// What came of giving a seat.
    AssignSeatPayload {
        /// The new seat; null where it was not given.
        seat: SeatAssignment = seat_assignment::Entity
    }
);

payload!(
    /// What came of releasing a seat.
    ReleaseSeatPayload {
        /// The seat as it was; null where it was not released.
        seat: SeatAssignment = seat_assignment::Entity
    }
);

/// Changes of seats.
#[derive(Debug, Default)]
pub(crate) struct SeatingMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl SeatingMutation {
    /// Gives a member of a team a seat: one in a round, in no session twice, in none while the member presents, and no more
    /// than the slot and its room hold. Whoever leads the team does it for the own team until the convening begins; those who
    /// run the convening, until it is over.
    async fn assign_seat(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom, and where.")] input: AssignSeatInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<AssignSeatPayload> {
        write(ctx, async |db, actor| Ok(service::assign(db, actor, input.try_into()?).await?.id)).await
    }

    /// Releases a seat. Whoever leads the team does it for the own team until the convening begins; those who run the
    /// convening, until it is over.
    async fn release_seat(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<ReleaseSeatPayload> {
        take_away(ctx, key(&id), async |db, actor| service::release(db, actor, key(&id)?).await).await
    }

    /// Gives all members of all teams that will take part their seats in a block at once: the members of a team go in pairs,
    /// and its pairs to as many different sessions as they can, within what slots and rooms hold, and nobody while
    /// presenting. What cannot be done is told with its reason, and all else is done; `seatPlan` tells beforehand.
    async fn plan_seats(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For which block.")] input: PlanSeatsInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<PlanSeatsPayload> {
        let planned = async {
            let done = act_whole(ctx, async |db, actor| service::apply(db, actor, input.try_into()?).await).await?;
            Ok(match done {
                Ok(plan) => {
                    let field = Field::of(ctx).child("PlanSeatsPayload", "plan");
                    let plan = match field {
                        Some(field) => Some(read(ctx, &field, plan).await?),
                        None => None,
                    };
                    PlanSeatsPayload { plan, user_errors: Vec::new() }
                }
                Err(user_errors) => PlanSeatsPayload { plan: None, user_errors },
            })
        };
        Some(planned.await)
    }
}
