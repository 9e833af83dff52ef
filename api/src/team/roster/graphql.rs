//! Mutations of rosters.

use super::service::{self, MemberPatch};
use crate::error::Result;
use crate::graphql::{GlobalId, NodeType, Nullable, payload, take_away, write};
use crate::team::{NewMember, Seat, TeamMember};
use crate::writing::Patch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ids::{TeamId, TeamMemberId};
use entity::{seat, team_member};

/// Somebody to add to a team.
#[derive(Debug, InputObject)]
pub(crate) struct AddTeamMemberInput {
    /// The team.
    team_id: ID,
    /// Who: somebody whom you entered yourself or may reach already, or who belongs to the district.
    person_id: ID,
    /// What the person stands for in the district.
    seat: Seat,
    /// Whether the person leads the team, in the stead of whoever does; not where absent.
    is_lead: Option<bool>,
}

/// What is to change of a member: absent leaves a field as it is.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateTeamMemberInput {
    /// What the person stands for in the district; it cannot be emptied.
    seat: MaybeUndefined<Seat>,
    /// Whether the person leads the team, in the stead of whoever does; it cannot be emptied.
    is_lead: MaybeUndefined<bool>,
}

impl From<UpdateTeamMemberInput> for MemberPatch {
    fn from(input: UpdateTeamMemberInput) -> Self {
        Self { seat: Patch::from(input.seat).map(seat::Seat::from), is_lead: input.is_lead.into() }
    }
}

fn key(id: &ID) -> Result<TeamMemberId> {
    GlobalId::key_of(id, NodeType::TeamMember)
}

/// The team and the member that an input names.
fn named(input: &AddTeamMemberInput) -> Result<(TeamId, NewMember)> {
    let person = GlobalId::key_of(&input.person_id, NodeType::Person)?;
    let member = NewMember { person, seat: input.seat.into(), is_lead: input.is_lead.unwrap_or_default() };
    Ok((GlobalId::key_of(&input.team_id, NodeType::Team)?, member))
}

payload!(
    /// What came of adding somebody to a team.
    AddTeamMemberPayload {
        /// The new member; null where nobody was added.
        team_member: TeamMember = team_member::Entity
    }
);

payload!(
    /// What came of changing a member.
    UpdateTeamMemberPayload {
        /// The member as it is now; null where it was not changed.
        team_member: TeamMember = team_member::Entity
    }
);

payload!(
    /// What came of taking somebody out of a team.
    RemoveTeamMemberPayload {
        /// The member as it was; null where nobody was taken out.
        team_member: TeamMember = team_member::Entity
    }
);

/// Changes of rosters.
#[derive(Debug, Default)]
pub(crate) struct RosterMutation;

#[Object]
#[expect(unused_variables, reason = "the reason is read where every act is attributed")]
impl RosterMutation {
    /// Adds somebody to a team. Everybody sits in one team at a convening. A team lead fills the own team until rosters
    /// freeze.
    async fn add_team_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and for what.")] input: AddTeamMemberInput,
    ) -> Nullable<AddTeamMemberPayload> {
        write(ctx, async |db, actor| {
            let (team, member) = named(&input)?;
            Ok(service::add(db, actor, team, member).await?.id)
        })
        .await
    }

    /// Changes what the input names of a member.
    async fn update_team_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "What is to change.")] input: UpdateTeamMemberInput,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<UpdateTeamMemberPayload> {
        write(ctx, async |db, actor| Ok(service::change(db, actor, (key(&id)?, version), input.into()).await?.id)).await
    }

    /// Takes somebody out of a team, with the seats in sessions that the person has.
    async fn remove_team_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Its version as you have read it; another is refused with STALE_VERSION.")] version: i32,
        #[graphql(desc = "Why, for the history.")] reason: Option<String>,
    ) -> Nullable<RemoveTeamMemberPayload> {
        take_away(ctx, key(&id), async |db, actor| service::take_out(db, actor, key(&id)?, version).await).await
    }
}
