//! A convening.

use super::inputs::{ConveningKind, ConveningStatus};
use super::parts::{SessionBlock, Strand, Venue};
use super::quantity::Quantity;
use super::rule::CompositionRule;
use crate::agenda::{AgendaDiff, AgendaRelease, AgendaWarning};
use crate::check_in::CheckIns;
use crate::convening_result::ConveningResult;
use crate::delegation::Delegation;
use crate::geography::Region;
use crate::graphql::tree::{Edited, Node};
use crate::graphql::{Connection, Date, FieldResult, GlobalId, NodeType, Nullable, One, Source, Time, Url, Walk};
use crate::metric::Metric;
use crate::offering::Offering;
use crate::organization::Organization;
use crate::resource::Resource;
use crate::selection::Selection;
use crate::session::{Session, SessionFilter};
use crate::sponsorship::{Sponsorship, SponsorshipRole};
use crate::survey::Survey;
use crate::team::{Team, TeamFilter};
use crate::team_time::ExperienceLevel;
use async_graphql::{Context, ID, Object};
use entity::convening;

/// A dated gathering: what it is, when, who stands behind it, what is on its agenda and who took part.
#[derive(Debug)]
pub struct Convening(pub(in crate::convening) Node<convening::Entity>);

/// A dated gathering: a symposium, a regional convening, a summit, an institute, a webinar and the like.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl Convening {
    /// The convening's global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::encode(NodeType::Convening, self.0.row.id)
    }

    #[graphql(flatten)]
    async fn edited(&self) -> Edited<'_> {
        self.0.edited()
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
        self.0.planned(ctx).map(|county| known.then_some(Venue::new(row, county))).transpose()
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
    async fn organizer(&self, ctx: &Context<'_>) -> Nullable<One<&Organization>> {
        self.0.one(ctx)
    }

    /// The region that it is for; null where it is for the whole state.
    async fn region(&self, ctx: &Context<'_>) -> Nullable<One<&Region>> {
        self.0.one(ctx)
    }

    /// The offering that it was made of; null where it was made of none.
    async fn offering(&self, ctx: &Context<'_>) -> Nullable<One<&Offering>> {
        self.0.one(ctx)
    }

    /// From when teams may submit statements of interest; null where it takes none or the time is not known.
    async fn applications_open_at(&self) -> Option<Time> {
        self.0.row.applications_open_at.map(Time)
    }

    /// Until when teams may submit statements of interest; null where it takes none or the time is not known.
    async fn applications_close_at(&self) -> Option<Time> {
        self.0.row.applications_close_at.map(Time)
    }

    /// From when team leads can no longer change who is in their team; null where no time is set.
    async fn roster_freezes_at(&self) -> Option<Time> {
        self.0.row.roster_freezes_at.map(Time)
    }

    /// Which seats each district's team is made of; null where teams are free in that.
    async fn composition_rule(&self, ctx: &Context<'_>) -> Nullable<One<&CompositionRule>> {
        self.0.one(ctx)
    }

    /// Sessions that are offered together, in rounds, in the order of the programme. Empty until the agenda is published.
    async fn blocks(&self, ctx: &Context<'_>) -> FieldResult<Walk<&SessionBlock>> {
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
    async fn strands(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Strand>> {
        self.0.list(ctx)
    }

    /// The organizations behind it, by role (organizer, host, co-sponsor, core funder, funder, partner) and position.
    async fn sponsorships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this role.")] role: Option<SponsorshipRole>,
    ) -> FieldResult<Walk<&Sponsorship>> {
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
    ) -> FieldResult<One<&Connection<Delegation>>> {
        self.0.page(ctx)
    }

    /// One session of its agenda; null where there is none of that slug, or its agenda is not published.
    async fn session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session's slug, unique within its convening.")] slug: String,
    ) -> Nullable<One<&Session>> {
        self.0.value_always::<Vec<Session>>(ctx).map(|sessions| sessions.first().map(One)).transpose()
    }

    /// Its agenda, by date, number and title; sessions without a date or number come last. Empty until the agenda is
    /// published; after that, as it was last released, but for those who work on it.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only sessions that all of this holds for.")] filter: Option<SessionFilter>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<Session>>> {
        self.0.page(ctx)
    }

    /// The releases of its agenda, the last first. Those who may not see the agenda as it is worked on see the last alone.
    async fn agenda_releases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<AgendaRelease>>> {
        self.0.page(ctx)
    }

    /// Whether its agenda tells anything else than its last release, or anything where it was never released; null for
    /// those who may not see it as it is worked on.
    async fn agenda_changed_since_release(&self, ctx: &Context<'_>) -> Nullable<bool> {
        Some(self.0.value::<bool>(ctx)?.copied())
    }

    /// What changed in its agenda since its last release; null where it was never released, and for those who may not see
    /// it as it is worked on.
    async fn agenda_changes(&self, ctx: &Context<'_>) -> Nullable<AgendaDiff> {
        Some(self.0.value::<serde_json::Value>(ctx)?.map(AgendaDiff::of))
    }

    /// What is wrong with its agenda as it is worked on, conflicts first: rooms and people in two places at once, rooms that
    /// are too small, sessions without a time, times outside of its days and the like. Null for those who may not see the
    /// agenda as it is worked on.
    async fn agenda_warnings(&self, ctx: &Context<'_>) -> Nullable<Walk<&AgendaWarning>> {
        self.0.list_or_null(ctx)
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
    ) -> Nullable<One<&Connection<Team>>> {
        self.0.one(ctx)
    }

    /// Whether teams were told what was decided on them.
    async fn decisions_published(&self) -> bool {
        self.0.row.decisions_published
    }

    /// How teams were selected, each time that lots were drawn, the last first; null for everybody who may not know of
    /// decisions.
    async fn selections(&self, ctx: &Context<'_>) -> Nullable<Walk<&Selection>> {
        self.0.list_or_null(ctx)
    }

    /// How the teams were selected that take part: the quotas, the seed and the method, so that it can be drawn again.
    /// Null until decisions are published, and where all of it was decided by hand.
    async fn selection_method(&self, ctx: &Context<'_>) -> Nullable<One<&Selection>> {
        self.0.value_always::<Vec<Selection>>(ctx).map(|selections| selections.first().map(One)).transpose()
    }

    /// How experienced with collaboration its teams can say that they are, in order, each with its focus questions. Empty
    /// until the agenda is published.
    async fn experience_levels(&self, ctx: &Context<'_>) -> FieldResult<Walk<&ExperienceLevel>> {
        self.0.list(ctx)
    }

    /// Pages, documents and recordings about it, by title.
    async fn resources(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Resource>> {
        self.0.list(ctx)
    }

    /// The surveys of it that you may see, the latest first.
    async fn surveys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> FieldResult<One<&Connection<Survey>>> {
        self.0.page(ctx)
    }

    /// Figures that were reported of it or at it, in the order of the report.
    async fn metrics(&self, ctx: &Context<'_>) -> FieldResult<Walk<&Metric>> {
        self.0.list(ctx)
    }

    /// Results in one form: the figures that were reported of it or at it, in the order of the report, then what is counted
    /// here of its surveys, the earliest survey first. What the results of a survey do not show is not among them.
    async fn results(&self, ctx: &Context<'_>) -> FieldResult<Walk<&ConveningResult>> {
        self.0.list(ctx)
    }

    /// How many of those who were to come are there, counted now; null for everybody who may not see that of all teams.
    async fn check_ins(&self, ctx: &Context<'_>) -> Nullable<One<&CheckIns>> {
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
