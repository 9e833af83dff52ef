//! Convenings in the schema.

use super::loader;
use super::rule::CompositionRule;
use crate::delegation::Delegation;
use crate::geography::{County, Region};
use crate::graphql::tree::{self, Node};
use crate::graphql::{Connection, Date, FieldResult, GlobalId, NodeType, Nullable, OrderDirection, Source, Url};
use crate::metric::Metric;
use crate::organization::Organization;
use crate::resource::Resource;
use crate::session::{Session, SessionFilter};
use crate::sponsorship::{Sponsorship, SponsorshipRole};
use crate::team::{Team, TeamFilter};
use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{convening, quantity, session_block, strand};

/// A dated gathering: what it is, when, who stands behind it, what is on its agenda and who took part.
#[derive(Debug)]
pub struct Convening(pub(super) Node<convening::Entity>);

/// A dated gathering: a symposium, a regional convening, a summit, an institute, a webinar and the like.
#[Object]
#[expect(unused_variables, clippy::too_many_arguments, reason = "arguments are read when the tree is planned")]
impl Convening {
    /// The convening's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Convening, self.0.row.id)
    }

    /// Its short name in addresses, unique among convenings; it never changes.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Its title, as its organizers write it.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// What sort of gathering it is.
    async fn kind(&self) -> ConveningKind {
        self.0.row.kind.into()
    }

    /// Where it stands between its announcement and its end.
    async fn status(&self) -> ConveningStatus {
        self.0.row.status.into()
    }

    /// What it is about, in a few sentences; null where nobody wrote it.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// Its first day, at its place.
    async fn starts_on(&self) -> Date {
        Date(self.0.row.starts_on)
    }

    /// Its last day, at its place; the first day again where it has only one.
    async fn ends_on(&self) -> Date {
        Date(self.0.row.ends_on)
    }

    /// The IANA time zone of its place, for example `America/Los_Angeles`.
    async fn time_zone(&self) -> &str {
        &self.0.row.time_zone
    }

    /// Where it takes place; null where no source says.
    async fn venue(&self, ctx: &Context<'_>) -> Nullable<Venue<'_>> {
        let row = &self.0.row;
        let known = row.venue_name.is_some() || row.venue_city.is_some() || row.venue_address.is_some();
        let known = known || row.venue_county_id.is_some();
        self.0.planned(ctx).map(|county| known.then_some(Venue { row, county })).transpose()
    }

    /// Its own site; null where it has none.
    async fn website(&self) -> Option<Url> {
        self.0.row.website.clone().map(Url)
    }

    /// Whether the initiative holds it itself; false for a gathering of others at which the initiative appeared.
    async fn hosted_by_initiative(&self) -> bool {
        self.0.row.hosted_by_initiative
    }

    /// The organization that runs it; null where no source says.
    async fn organizer(&self, ctx: &Context<'_>) -> Nullable<&Organization> {
        self.0.one(ctx)
    }

    /// The region that it is for; null where it is for the whole state.
    async fn region(&self, ctx: &Context<'_>) -> Nullable<&Region> {
        self.0.one(ctx)
    }

    /// From when teams may submit statements of interest; null where it takes none or the time is not known.
    async fn applications_open_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.applications_open_at
    }

    /// Until when teams may submit statements of interest; null where it takes none or the time is not known.
    async fn applications_close_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.applications_close_at
    }

    /// From when team leads can no longer change who is in their team; null where no time is set.
    async fn roster_freezes_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.roster_freezes_at
    }

    /// Which seats each district's team is made of; null where teams are free in that.
    async fn composition_rule(&self, ctx: &Context<'_>) -> Nullable<&CompositionRule> {
        self.0.one(ctx)
    }

    /// Sessions that are offered together, in rounds, in the order of the programme.
    async fn blocks(&self, ctx: &Context<'_>) -> FieldResult<&[SessionBlock]> {
        self.0.list(ctx)
    }

    /// How many teams it has room for; null where no source says.
    async fn team_capacity(&self) -> Option<i32> {
        self.0.row.team_capacity
    }

    /// Why it has room for no more teams, as its organizers said it.
    async fn capacity_reasons(&self) -> &[String] {
        &self.0.row.capacity_reasons
    }

    /// How many statements of interest were reported, with the report's own precision: "over 95" is 95 with
    /// `MORE_THAN`. Null where none was reported. Not a count of this dataset's teams.
    async fn statements_of_interest(&self) -> Option<Quantity> {
        let row = &self.0.row;
        row.statements_value
            .zip(row.statements_qualifier)
            .map(|(value, qualifier)| Quantity { value, qualifier: qualifier.into() })
    }

    /// What it was designed to achieve, word for word and in order.
    async fn objectives(&self) -> &[String] {
        &self.0.row.objectives
    }

    /// The themes that its sessions are grouped by, in order.
    async fn strands(&self, ctx: &Context<'_>) -> FieldResult<&[Strand]> {
        self.0.list(ctx)
    }

    /// The organizations behind it, by role (organizer, host, co-sponsor, core funder, funder, partner) and position.
    async fn sponsorships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this role.")] role: Option<SponsorshipRole>,
    ) -> FieldResult<&[Sponsorship]> {
        self.0.list(ctx)
    }

    /// The organizations that were represented at it beside the district teams, by name.
    async fn delegations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<&Connection<Delegation>> {
        self.0.page(ctx)
    }

    /// One session of its agenda; null where there is none of that slug, or its agenda is not published.
    async fn session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session's slug, unique within its convening.")] slug: String,
    ) -> Nullable<&Session> {
        self.0.list(ctx).map(<[Session]>::first).transpose()
    }

    /// Its agenda, by date, number and title; sessions without a date or number come last. Empty until the agenda is
    /// published.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only sessions that all of this holds for.")] filter: Option<SessionFilter>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<&Connection<Session>> {
        self.0.page(ctx)
    }

    /// The district teams, by the district's name. The public sees those that take or took part, once decisions are
    /// published.
    async fn teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only teams that all of this holds for.")] filter: Option<TeamFilter>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<&Connection<Team>> {
        self.0.one(ctx)
    }

    /// Pages, documents and recordings about it, by title.
    async fn resources(&self, ctx: &Context<'_>) -> FieldResult<&[Resource]> {
        self.0.list(ctx)
    }

    /// Figures that were reported of it or at it, in the order of the report.
    async fn metrics(&self, ctx: &Context<'_>) -> FieldResult<&[Metric]> {
        self.0.list(ctx)
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
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.row.created_at
    }

    /// When it was last changed here.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.row.updated_at
    }
}

/// Where a convening takes place.
#[derive(Debug)]
pub struct Venue<'a> {
    row: &'a convening::Model,
    county: Option<&'a County>,
}

/// Where a convening takes place, as far as it is known.
#[Object]
impl Venue<'_> {
    /// The name of the hotel, school or hall; null where it is not known.
    async fn name(&self) -> Option<&str> {
        self.row.venue_name.as_deref()
    }

    /// The city; null where it is not known.
    async fn city(&self) -> Option<&str> {
        self.row.venue_city.as_deref()
    }

    /// Street and number; null where they are not known.
    async fn address(&self) -> Option<&str> {
        self.row.venue_address.as_deref()
    }

    /// The county; null where it is not known.
    async fn county(&self) -> Option<&County> {
        self.county
    }
}

/// A theme that sessions of one convening share.
#[derive(Debug)]
pub struct Strand(pub(super) Node<strand::Entity>);

/// A theme that sessions of one convening share.
#[Object]
impl Strand {
    /// Its place among the convening's strands, from 1.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// Its title, as the organizers write it.
    async fn title(&self) -> &str {
        &self.0.row.title
    }
}

/// Sessions that are offered together: participants choose among them, round by round.
#[derive(Debug)]
pub struct SessionBlock(pub(super) Node<session_block::Entity>);

/// Sessions that are offered together: participants choose among them, round by round.
#[Object]
impl SessionBlock {
    /// What the block is called.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// How many rounds there are; null where no source says or it has none.
    async fn rounds(&self) -> Option<i32> {
        self.0.row.rounds
    }

    /// How many of the sessions one participant can go to; null where no source says.
    async fn sessions_per_participant(&self) -> Option<i32> {
        self.0.row.sessions_per_participant
    }

    /// How many different sessions the members of one team go to together; null where no source says.
    async fn sessions_per_team(&self) -> Option<i32> {
        self.0.row.sessions_per_team
    }

    /// The sessions, by date, number and title.
    async fn sessions(&self, ctx: &Context<'_>) -> FieldResult<&[Session]> {
        self.0.list(ctx)
    }
}

/// A figure as it was reported.
#[derive(Debug, SimpleObject)]
pub struct Quantity {
    /// The number in the report.
    pub(crate) value: i32,
    /// How exactly the report means it.
    pub(crate) qualifier: Qualifier,
}

/// How exactly a reported figure is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "quantity::Qualifier")]
pub enum Qualifier {
    /// Exactly this.
    Exact,
    /// More than this: "over 95".
    MoreThan,
    /// This or more.
    AtLeast,
    /// Near this.
    About,
    /// Less than this.
    LessThan,
}

/// What sort of gathering a convening is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "convening::Kind")]
pub enum ConveningKind {
    /// A statewide gathering of district teams.
    Symposium,
    /// A gathering of the teams of one part of the state.
    RegionalConvening,
    /// Several days of learning together.
    Institute,
    /// A conference, often of others.
    Summit,
    /// Districts that learn from one another over time.
    PeerLearning,
    /// Work with an external facilitator.
    Coaching,
    /// Two districts that visit one another.
    InterDistrictExchange,
    /// A journey to see how others work.
    StudyTour,
    /// A session over the network.
    Webinar,
    /// A meeting of one of the initiative's bodies.
    Meeting,
}

/// Where a convening stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "convening::Status")]
pub enum ConveningStatus {
    /// Being prepared; only those who run it see it.
    Draft,
    /// Everybody can see it.
    Announced,
    /// District teams can submit statements of interest.
    ApplicationsOpen,
    /// No more statements of interest are taken.
    ApplicationsClosed,
    /// It is decided which teams take part.
    TeamsSelected,
    /// Everybody can see its agenda.
    AgendaPublished,
    /// It is going on.
    InProgress,
    /// It is over.
    Completed,
    /// It does not take place.
    Cancelled,
}

/// Names one convening, by exactly one of these.
#[derive(Debug, OneofObject)]
pub enum ConveningBy {
    /// Its global id.
    Id(ID),
    /// Its slug, for example `2015-symposium`.
    Slug(String),
}

/// Which convenings; all that is given must hold.
#[derive(Debug, InputObject)]
pub struct ConveningFilter {
    /// Words, or beginnings of words, in its title, city or description. Typos are forgiven, case and accents too.
    pub(super) search: Option<String>,
    /// Only of one of these kinds.
    pub(super) kind: Option<Vec<ConveningKind>>,
    /// Only in one of these states.
    pub(super) status: Option<Vec<ConveningStatus>>,
    /// Only those whose first day is this or later.
    pub(super) starts_on_or_after: Option<Date>,
    /// Only those whose first day is this or earlier.
    pub(super) starts_on_or_before: Option<Date>,
    /// Only those that the initiative holds itself (true), or only those of others (false).
    pub(super) hosted_by_initiative: Option<bool>,
}

/// What convenings can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ConveningOrderField {
    /// Their first day, then their title.
    StartsOn,
    /// Their title, without regard to case and accents.
    Title,
    /// When they were last changed here.
    UpdatedAt,
}

/// An order of convenings.
#[derive(Debug, InputObject)]
pub struct ConveningOrder {
    /// What to order by.
    pub(super) field: ConveningOrderField,
    /// Which way.
    #[graphql(default)]
    pub(super) direction: OrderDirection,
}

/// Root fields on convenings.
#[derive(Debug, Default)]
pub(crate) struct ConveningQuery;

#[Object]
#[expect(unused_variables, clippy::too_many_arguments, reason = "arguments are read when the tree is planned")]
impl ConveningQuery {
    /// One convening; null where there is none of that name that you may see.
    async fn convening(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: ConveningBy,
    ) -> Nullable<Convening> {
        tree::find::<convening::Entity>(ctx, loader::named(&by)).await
    }

    /// The convenings that you may see, by title unless ordered otherwise.
    async fn convenings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only convenings that all of this holds for.")] filter: Option<ConveningFilter>,
        #[graphql(desc = "The order; by title where nothing is said.")] order_by: Option<ConveningOrder>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Connection<Convening>> {
        tree::connection::<convening::Entity>(ctx, loader::listing).await
    }
}
