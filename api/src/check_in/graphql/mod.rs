//! Check-in in the schema.

mod live;

pub(crate) use live::CheckInSubscription;

use super::service::{self, Outcome, Presence};
use crate::convening::Convening;
use crate::error::Result;
use crate::graphql::{Date, GlobalId, NodeType, Nullable, payload, write};
use crate::team::{Seat, Team, TeamMember};
use async_graphql::{Context, ID, Object, SimpleObject};
use entity::ids::{ConveningId, TeamId, TeamMemberId};
use entity::{convening, team, team_member};

/// How many of those who were to come are there.
#[derive(Clone, Debug, Default, SimpleObject)]
pub(crate) struct CheckIns {
    /// How many teams were to come.
    pub(super) expected_teams: i64,
    /// Of how many of them somebody was checked in.
    pub(super) checked_in_teams: i64,
    /// How many members these teams have.
    pub(super) expected_members: i64,
    /// How many of them were checked in.
    pub(super) checked_in_members: i64,
    /// The same by the seats of the members; seats that nobody holds are left out.
    pub(super) by_seat: Vec<SeatCheckIns>,
}

/// How many of those who hold one seat are there.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct SeatCheckIns {
    /// The seat.
    pub(super) seat: Seat,
    /// How many hold it in teams that were to come.
    pub(super) expected: i64,
    /// How many of them were checked in.
    pub(super) checked_in: i64,
}

payload!(
    /// What came of checking a member in.
    CheckInMemberPayload {
        /// The member as it is now; null where that was not done.
        member: TeamMember = team_member::Entity
    }
);

payload!(
    /// What came of checking a team in.
    CheckInTeamPayload {
        /// The team as it is now; null where that was not done.
        team: Team = team::Entity
    }
);

payload!(
    /// What came of taking the check-in of a member back.
    UndoCheckInPayload {
        /// The member as it is now; null where that was not done.
        member: TeamMember = team_member::Entity
    }
);

payload!(
    /// What came of taking the check-in of a team back.
    UndoTeamCheckInPayload {
        /// The team as it is now; null where that was not done.
        team: Team = team::Entity
    }
);

payload!(
    /// What came of closing attendance.
    CloseAttendancePayload {
        /// The convening with its teams as they are now; null where that was not done.
        convening: Convening = convening::Entity
    }
);

payload!(
    /// What came of recording that a team attended.
    RecordAttendancePayload {
        /// The team as it is now; null where that was not done.
        team: Team = team::Entity
    }
);

payload!(
    /// What came of recording that a team did not come.
    RecordNoShowPayload {
        /// The team as it is now; null where that was not done.
        team: Team = team::Entity
    }
);

fn member(id: &ID) -> Result<TeamMemberId> {
    GlobalId::key_of(id, NodeType::TeamMember)
}

fn team(id: &ID) -> Result<TeamId> {
    GlobalId::key_of(id, NodeType::Team)
}

fn convening(id: &ID) -> Result<ConveningId> {
    GlobalId::key_of(id, NodeType::Convening)
}

/// Acts on who was there.
#[derive(Debug, Default)]
pub(crate) struct CheckInMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl CheckInMutation {
    /// Notes that a member of a team that was to come is there, while the convening is in progress. Done again, it changes
    /// nothing: the first time counts.
    async fn check_in_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which member.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<CheckInMemberPayload> {
        write(ctx, async |db, actor| Ok(service::of_member(db, actor, member(&id)?, Presence::Here).await?.id)).await
    }

    /// Notes that all members of a team are there. Who is checked in already stays so.
    async fn check_in_team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which team.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<CheckInTeamPayload> {
        write(ctx, async |db, actor| Ok(service::of_team(db, actor, team(&id)?, Presence::Here).await?.id)).await
    }

    /// Takes back that a member was checked in, while the convening is in progress and attendance is not closed.
    async fn undo_check_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which member.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UndoCheckInPayload> {
        write(ctx, async |db, actor| Ok(service::of_member(db, actor, member(&id)?, Presence::NotHere).await?.id)).await
    }

    /// Takes back that members of a team were checked in, of all of them, while the convening is in progress and attendance
    /// is not closed.
    async fn undo_team_check_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which team.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UndoTeamCheckInPayload> {
        write(ctx, async |db, actor| Ok(service::of_team(db, actor, team(&id)?, Presence::NotHere).await?.id)).await
    }

    /// Says of every team that was to come whether it did, once the convening has begun: it attended if anybody of it was
    /// checked in, on the day of the first, and else it is a no-show. What is said of a team stands; done again, it speaks
    /// only of teams of which nothing was said.
    async fn close_attendance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which convening.")] id: ID,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<CloseAttendancePayload> {
        write(ctx, async |db, actor| Ok(service::close(db, actor, convening(&id)?).await?.id)).await
    }

    /// Says that a team attended, also where nobody of it was checked in.
    async fn record_attendance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which team.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "On which day of the convening, at its place.")] attended_on: Date,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RecordAttendancePayload> {
        write(ctx, async |db, actor| {
            Ok(service::record(db, actor, team(&id)?, version, Outcome::Attended(attended_on.0)).await?.id)
        })
        .await
    }

    /// Says that a team did not come, of which nobody was checked in.
    async fn record_no_show(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which team.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RecordNoShowPayload> {
        write(ctx, async |db, actor| Ok(service::record(db, actor, team(&id)?, version, Outcome::NoShow).await?.id))
            .await
    }
}
