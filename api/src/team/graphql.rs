//! Teams in the schema.

use super::loader;
use super::member::{Seat, TeamMember};
use super::readiness;
use crate::convening::Convening;
use crate::district::District;
use crate::graphql::tree::{self, Edited, Node};
use crate::graphql::{Connection, Date, FieldResult, Found, GlobalId, NodeType, Nullable, One, Source, Time, Walk};
use crate::selection::SelectionOutcome;
use crate::session::Session;
use crate::team_time::{ExperienceLevel, FocusQuestion, TeamNote};
use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, NaiveDate, Utc};
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
    async fn district(&self, ctx: &Context<'_>) -> FieldResult<One<&District>> {
        self.0.always(ctx)
    }

    /// The convening.
    async fn convening(&self, ctx: &Context<'_>) -> FieldResult<One<&Convening>> {
        self.0.always(ctx)
    }

    /// Where the team stands. Until decisions are published a team's own district sees `SUBMITTED` for whatever was
    /// decided.
    async fn status(&self, ctx: &Context<'_>) -> FieldResult<TeamStatus> {
        Ok(self.0.value_always::<team::Status>(ctx).copied()?.into())
    }

    /// Counts what was decided on the team. Give it back with a decision, so that nobody decides otherwise unseen. Null for
    /// everybody who may not know of decisions before they are published.
    async fn decision_version(&self, ctx: &Context<'_>) -> Nullable<i32> {
        Some(self.0.value::<i32>(ctx)?.copied())
    }

    /// Why it was decided so, for those who decide; null for everybody else, and where nothing was decided.
    async fn decision_reason(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.value::<String>(ctx)?.map(String::as_str))
    }

    /// Its place on the waiting list, from 1; null where it does not wait. Its own district sees it once decisions are
    /// published.
    async fn waitlist_position(&self, ctx: &Context<'_>) -> Nullable<i64> {
        Some(self.0.value::<i64>(ctx)?.copied())
    }

    /// Until when a team that was selected or offered a place can say that it comes; null where it does not have to. Its
    /// own district sees it once decisions are published.
    async fn answer_due_at(&self, ctx: &Context<'_>) -> Nullable<Time> {
        Some(self.0.value::<DateTime<Utc>>(ctx)?.map(|due| Time(*due)))
    }

    /// What came of each selection for the team, the last first. Its own district sees the one behind the decisions, once
    /// they are published.
    async fn selection_outcomes(&self, ctx: &Context<'_>) -> FieldResult<Walk<&SelectionOutcome>> {
        self.0.list(ctx)
    }

    /// Why the team would like to come, as it wrote; null where nothing is written, and for everybody but the team's own
    /// district and those who run the convening.
    async fn statement(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.value::<String>(ctx)?.map(String::as_str))
    }

    /// When its statement of interest came in; null while it is a draft, where no source says, and for everybody who may
    /// not read the statement.
    async fn submitted_at(&self, ctx: &Context<'_>) -> Nullable<Time> {
        Some(self.0.value::<DateTime<Utc>>(ctx)?.copied().map(Time))
    }

    /// Whether no team of the district attended a convening that began before this one, as far as you may know.
    async fn first_time(&self, ctx: &Context<'_>) -> FieldResult<bool> {
        self.0.value_always::<bool>(ctx).copied()
    }

    /// Who is in the team, by seat; null for everybody who may not see the roster.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<One<&Connection<TeamMember>>> {
        self.0.one(ctx)
    }

    /// How many members the team has; null where no roster was recorded.
    async fn member_count(&self, ctx: &Context<'_>) -> Nullable<i64> {
        Some(self.0.value::<i64>(ctx)?.copied())
    }

    /// Whether the members fill the seats that the convening's composition rule asks for; null for everybody who may
    /// not see the roster.
    async fn readiness(&self, ctx: &Context<'_>) -> Nullable<One<&Readiness>> {
        self.0.one(ctx)
    }

    /// The day that states that the team attended: a document's, or that of the check-in. Null where it did not, or you may
    /// not know that it did.
    async fn attended_on(&self, ctx: &Context<'_>) -> Nullable<Date> {
        Some(self.0.value::<NaiveDate>(ctx)?.copied().map(Date))
    }

    /// How experienced with collaboration the team says that it is; null where it has not said, and for everybody but its
    /// own district, those who run the convening, and staff.
    async fn experience_level(&self, ctx: &Context<'_>) -> Nullable<One<&ExperienceLevel>> {
        self.0.value::<Vec<ExperienceLevel>>(ctx)?.map(|levels| levels.first().map(One)).transpose()
    }

    /// The focus questions of that level, in order; empty where the team has not said it, and null for whoever may not know
    /// it.
    async fn focus_questions(&self, ctx: &Context<'_>) -> Nullable<Walk<&FocusQuestion>> {
        self.0.list_or_null(ctx)
    }

    /// What a newspaper would write of the district once its collaboration has succeeded, in the team's own words; null
    /// where it wrote none, and for everybody but its own district, those who run the convening, and staff.
    async fn headline(&self, ctx: &Context<'_>) -> Nullable<&str> {
        Some(self.0.value::<String>(ctx)?.map(String::as_str))
    }

    /// What the team wrote down for itself alone, in the order in which it was written; null for everybody but those who
    /// lead the team of its district now.
    async fn notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<One<&Connection<TeamNote>>> {
        self.0.one(ctx)
    }

    /// The sessions in which members of it have seats, by date, number and title, as far as you see the agenda; null for
    /// everybody who may not see its seats.
    async fn breakouts_covered(&self, ctx: &Context<'_>) -> Nullable<Walk<&Session>> {
        self.0.list_or_null(ctx)
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
    async fn team(&self, ctx: &Context<'_>, #[graphql(desc = "The team's global id.")] id: ID) -> Found<Team> {
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
