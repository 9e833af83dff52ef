//! Teams in the schema.

use super::loader;
use super::member::{Seat, TeamMember};
use super::readiness;
use crate::convening::Convening;
use crate::district::District;
use crate::graphql::tree::{self, Edited, Node};
use crate::graphql::{Connection, FieldResult, GlobalId, NodeType, Nullable, Source, Time};
use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::ids::TeamId;
use entity::team;

/// A district's team at one convening.
#[derive(Debug)]
pub struct Team(pub(super) Node<team::Entity>);

/// A district's team at one convening: superintendent, board member and union presidents who come together.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl Team {
    /// The team's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Team, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
    }

    /// The district.
    async fn district(&self, ctx: &Context<'_>) -> FieldResult<&District> {
        self.0.always(ctx)
    }

    /// The convening.
    async fn convening(&self, ctx: &Context<'_>) -> FieldResult<&Convening> {
        self.0.always(ctx)
    }

    /// Where the team stands. Until decisions are published a team's own district sees `SUBMITTED` for whatever was
    /// decided.
    async fn status(&self, ctx: &Context<'_>) -> FieldResult<TeamStatus> {
        Ok(self.0.always::<team::Status>(ctx).copied()?.into())
    }

    /// Why the team would like to come, as it wrote; null where nothing is written, and for everybody but the team's own
    /// district and those who run the convening.
    async fn statement(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.one::<String>(ctx)?.map(String::as_str))
    }

    /// When its statement of interest came in; null while it is a draft, where no source says, and for everybody who may
    /// not read the statement.
    async fn submitted_at(&self, ctx: &Context<'_>) -> Nullable<Time> {
        Some(self.0.one::<DateTime<Utc>>(ctx)?.copied().map(Time))
    }

    /// Whether no team of the district attended a convening that began before this one, as far as you may know.
    async fn first_time(&self, ctx: &Context<'_>) -> FieldResult<bool> {
        self.0.always::<bool>(ctx).copied()
    }

    /// Who is in the team, by seat; null for everybody who may not see the roster.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<&Connection<TeamMember>> {
        self.0.one(ctx)
    }

    /// How many members the team has; null where no roster was recorded.
    async fn member_count(&self, ctx: &Context<'_>) -> Nullable<i64> {
        Some(self.0.one::<i64>(ctx)?.copied())
    }

    /// Whether the members fill the seats that the convening's composition rule asks for; null for everybody who may
    /// not see the roster.
    async fn readiness(&self, ctx: &Context<'_>) -> Nullable<&Readiness> {
        self.0.one(ctx)
    }

    /// Where these facts come from.
    async fn sources(&self) -> Vec<Source> {
        Source::list(&self.0.row.sources)
    }

    /// Counts the changes of this row, from 1. Give it back with a change, so that nobody overwrites what they did
    /// not see.
    async fn version(&self) -> i32 {
        self.0.row.version
    }

    /// When it was entered here.
    async fn created_at(&self) -> Time {
        Time(self.0.row.created_at)
    }

    /// When it was last changed here.
    async fn updated_at(&self) -> Time {
        Time(self.0.row.updated_at)
    }
}

/// What a team has and lacks by its convening's composition rule.
#[derive(Debug)]
pub(crate) struct Readiness(pub(super) readiness::Readiness);

/// What a team has and lacks by its convening's composition rule.
#[Object]
impl Readiness {
    /// Whether nothing is missing and nothing is wrong. A team of a convening without a rule is always ready.
    async fn is_ready(&self) -> bool {
        self.0.is_ready()
    }

    /// The seats that too few hold, once for each member missing, in the rule's order.
    async fn missing_seats(&self) -> Vec<Seat> {
        self.0.missing.iter().copied().map(Into::into).collect()
    }

    /// What else is wrong, in words: seats that too many hold, and seats held by somebody whose affiliations ended.
    async fn problems(&self) -> Vec<String> {
        self.0.problems()
    }
}

/// Where a team stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "team::Status")]
pub enum TeamStatus {
    /// Its statement of interest is being written.
    Draft,
    /// Its statement of interest is in.
    Submitted,
    /// Chosen to take part.
    Selected,
    /// On the waiting list.
    Waitlisted,
    /// Not chosen.
    NotSelected,
    /// Offered a place that became free.
    Offered,
    /// It will take part.
    Confirmed,
    /// It gave its place back.
    Declined,
    /// It did not answer in time.
    Expired,
    /// It stepped back.
    Withdrawn,
    /// It took part.
    Attended,
    /// It was expected and did not come.
    NoShow,
}

/// Which teams; all that is given must hold.
#[derive(Debug, InputObject)]
pub(crate) struct TeamFilter {
    /// Only in one of these states.
    pub(super) status: Option<Vec<TeamStatus>>,
    /// Only of districts in one of these counties, by name.
    pub(super) county: Option<Vec<String>>,
    /// Only of this district.
    pub(super) district: Option<ID>,
    /// Only at this convening.
    pub(super) convening: Option<ID>,
}

/// Root fields on teams.
#[derive(Debug, Default)]
pub(crate) struct TeamQuery;

#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl TeamQuery {
    /// One team; null where there is none of that id that you may see.
    async fn team(&self, ctx: &Context<'_>, #[graphql(desc = "The team's global id.")] id: ID) -> Nullable<Team> {
        let key = GlobalId::key_of::<TeamId>(&id, NodeType::Team);
        tree::find_by_key::<team::Entity>(ctx, key).await
    }

    /// The teams that you may see, at all convenings, by the district's name.
    async fn teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only teams that all of this holds for.")] filter: Option<TeamFilter>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<Team>> {
        tree::connection::<team::Entity>(ctx, loader::listing).await
    }
}
