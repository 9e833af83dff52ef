//! A plan of seats in the schema, to be looked at and to be made.

use crate::error::{Error, Result};
use crate::graphql::tree::{self, Branch, Field};
use crate::graphql::{ContextExt as _, GlobalId, NodeType, Nullable, UserError};
use crate::seating::plan::Measure;
use crate::seating::service::{self, PlanRequest, Reason, Standing};
use crate::slot::Slot;
use crate::team::{Team, TeamMember};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::{slot, team, team_member};
use futures_util::future::FutureExt as _;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Which block is to be planned, and how.
#[derive(Debug, InputObject)]
pub(crate) struct PlanSeatsInput {
    /// The convening.
    convening_id: ID,
    /// The place of the block among the convening's blocks, from 1.
    block: i32,
    /// What is to become of seats that members of these teams have in the block already.
    #[graphql(default_with = "StandingSeats::Keep")]
    standing: StandingSeats,
}

/// What is to become of seats that stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Standing")]
pub(crate) enum StandingSeats {
    /// They stay, and the plan is made around them.
    Keep,
    /// They are given up for the plan.
    Replace,
}

impl TryFrom<PlanSeatsInput> for PlanRequest {
    type Error = Error;

    fn try_from(input: PlanSeatsInput) -> Result<Self> {
        Ok(Self {
            convening: GlobalId::key_of(&input.convening_id, NodeType::Convening)?,
            block: input.block,
            standing: input.standing.into(),
        })
    }
}

/// What came of planning seats.
#[derive(SimpleObject)]
pub(crate) struct PlanSeatsPayload {
    /// The plan as it was made; null where it was not.
    pub(super) plan: Option<SeatPlan>,
    /// What stands in the way, all at once; empty where it was done.
    pub(super) user_errors: Vec<UserError>,
}

/// Seats for all members of all teams of a convening in one block.
#[derive(SimpleObject)]
pub(crate) struct SeatPlan {
    /// Seats of members, in all rounds together.
    seats: PlanMeasure,
    /// Pairs of a team's members that sit together, in all rounds together.
    pairs: PlanMeasure,
    /// Different sessions that each team covers, of all teams together; each team counts up to as many as its pairs could
    /// cover.
    coverage: PlanMeasure,
    /// Whether all that was wanted is reached.
    is_complete: bool,
    /// Whether it is certain that no plan could reach all that was wanted: there is not room enough.
    is_impossible: bool,
    /// What could not be done: first who has no seat, then who sits apart, then which teams cover fewer sessions.
    unmet: Vec<UnmetSeating>,
    /// The teams, with what each covers.
    teams: Vec<TeamCoverage>,
    /// The seats that are new by this plan. Seats that stood and stay are not among them.
    assignments: Vec<PlannedSeat>,
}

/// One measure of a plan.
#[derive(Debug, SimpleObject)]
pub(crate) struct PlanMeasure {
    /// What would be if every room were large enough.
    wanted: usize,
    /// What the plan reaches.
    reached: usize,
    /// What no plan can exceed, for lack of room: where it is what was reached, there is no better plan.
    at_most: usize,
}

/// Something that a plan could not do.
#[derive(SimpleObject)]
pub(crate) struct UnmetSeating {
    /// What it is, for programs.
    reason: UnmetReason,
    /// Of which team.
    team: Option<Arc<Team>>,
    /// Of which of its members; empty where it is of the team as a whole.
    members: Vec<Arc<TeamMember>>,
    /// In which round; null where it is of all.
    round: Option<i32>,
    /// What it is and why, for people.
    message: String,
}

/// Kinds of what a plan could not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Reason")]
pub(crate) enum UnmetReason {
    /// A member has no seat in a round.
    NoSeat,
    /// Two members who should go together sit apart in a round.
    Parted,
    /// A team covers fewer sessions than its pairs could if every room were large enough.
    LessCovered,
}

/// What a team covers by a plan.
#[derive(SimpleObject)]
pub(crate) struct TeamCoverage {
    /// The team.
    team: Option<Arc<Team>>,
    /// In how many different sessions of the block members of it have seats.
    covered: usize,
    /// How many its pairs could cover if every room were large enough.
    wanted: usize,
}

/// A seat that a plan gives.
#[derive(SimpleObject)]
pub(crate) struct PlannedSeat {
    /// To whom.
    member: Option<Arc<TeamMember>>,
    /// Where and when.
    slot: Option<Arc<Slot>>,
}

impl From<Measure> for PlanMeasure {
    fn from(Measure { wanted, reached, at_most }: Measure) -> Self {
        Self { wanted, reached, at_most }
    }
}

/// Rows by key, as far as they are selected.
type Rows<T> = HashMap<Uuid, Arc<T>>;

/// Rows that stand at some places of a plan: read at once for all of them.
async fn rows<E: Branch>(
    ctx: &Context<'_>,
    field: &Field<'_>,
    places: &[(&str, &str, &str)],
    keys: Vec<Uuid>,
) -> Result<Rows<E::Object>> {
    let at = |(list, object, name): &(&str, &str, &str)| field.child("SeatPlan", list)?.child(object, name);
    match places.iter().filter_map(at).reduce(Field::and) {
        Some(selected) => {
            let found = tree::by_keys::<E>(ctx, &selected, keys).await?;
            Ok(found.into_iter().map(|(key, object)| (key, Arc::new(object))).collect())
        }
        None => Ok(HashMap::new()),
    }
}

/// The plan with the rows that are selected beneath it.
pub(super) async fn read(ctx: &Context<'_>, field: &Field<'_>, plan: service::SeatPlan) -> Result<SeatPlan> {
    let teams = plan.teams.iter().map(|(team, ..)| (*team).into()).collect();
    let members = plan.seats.iter().map(|(member, _)| *member);
    let members = members.chain(plan.unmet.iter().flat_map(|unmet| unmet.members.clone()));
    let mut members: Vec<Uuid> = members.map(Into::into).collect();
    let mut slots: Vec<Uuid> = plan.seats.iter().map(|(_, slot)| (*slot).into()).collect();
    for keys in [&mut members, &mut slots] {
        keys.sort_unstable();
        keys.dedup();
    }
    let at = [("unmet", "UnmetSeating", "team"), ("teams", "TeamCoverage", "team")];
    let teams: Rows<Team> = rows::<team::Entity>(ctx, field, &at, teams).await?;
    let at = [("unmet", "UnmetSeating", "members"), ("assignments", "PlannedSeat", "member")];
    let members: Rows<TeamMember> = rows::<team_member::Entity>(ctx, field, &at, members).await?;
    let slots: Rows<Slot> = rows::<slot::Entity>(ctx, field, &[("assignments", "PlannedSeat", "slot")], slots).await?;
    let team = |key: Uuid| teams.get(&key).cloned();
    let measures = plan.measures.all();
    let unmet = plan.unmet.into_iter().map(|unmet| UnmetSeating {
        reason: unmet.reason.into(),
        team: team(unmet.team.into()),
        members: unmet.members.iter().filter_map(|&key| members.get(&key.into()).cloned()).collect(),
        round: unmet.round,
        message: unmet.message,
    });
    let covered = plan.teams.iter();
    let covered = covered.map(|&(key, covered, wanted)| TeamCoverage { team: team(key.into()), covered, wanted });
    let seats = plan.seats.iter().map(|&(member, slot)| PlannedSeat {
        member: members.get(&member.into()).cloned(),
        slot: slots.get(&slot.into()).cloned(),
    });
    Ok(SeatPlan {
        seats: plan.measures.seats.into(),
        pairs: plan.measures.pairs.into(),
        coverage: plan.measures.coverage.into(),
        is_complete: measures.iter().all(|measure| measure.is_met()),
        is_impossible: measures.iter().any(|measure| measure.is_impossible()),
        unmet: unmet.collect(),
        teams: covered.collect(),
        assignments: seats.collect(),
    })
}

/// Root fields on seats.
#[derive(Debug, Default)]
pub(crate) struct SeatingQuery;

#[Object]
impl SeatingQuery {
    /// What `planSeats` would do with this input now; nothing is changed. For those who run the convening; null where there
    /// is no such convening that you may see.
    async fn seat_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For which block.")] input: PlanSeatsInput,
    ) -> Nullable<SeatPlan> {
        let planned = async {
            match service::preview(&ctx.link().executor(), ctx.viewer(), input.try_into()?).await? {
                Some(plan) => Ok(Some(read(ctx, &Field::of(ctx), plan).await?)),
                None => Ok(None),
            }
        };
        planned.boxed().await.map_err(|error: Error| error.into()).transpose()
    }
}
