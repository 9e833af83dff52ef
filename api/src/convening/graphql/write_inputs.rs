//! What is given to add or change a convening.

use super::inputs::ConveningKind;
use super::quantity::QuantityInput;
use crate::convening::input::{ConveningPatch, NewConvening, Venue, VenuePatch};
use crate::error::{Error, Result};
use crate::graphql::{Date, GlobalId, NodeType, SourceInput, Time, Url};
use crate::writing::Patch;
use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::convening::{self, Status};
use entity::ids::{CountyId, OrganizationId, RegionId};

/// A convening to add. It begins as a draft that only those see who run it.
#[derive(Debug, InputObject)]
pub(crate) struct CreateConveningInput {
    /// Its short name in addresses, unique among convenings; made from the title where absent. It never changes.
    slug: Option<String>,
    /// Its title, at most 300 letters.
    title: String,
    /// What sort of gathering it is.
    kind: ConveningKind,
    /// What it is about, in a few sentences.
    description: Option<String>,
    /// Its first day, at its place.
    starts_on: Date,
    /// Its last day, at its place; the first day again where it has only one.
    ends_on: Date,
    /// The IANA time zone of its place; `America/Los_Angeles` where absent.
    time_zone: Option<String>,
    /// Where it takes place, as far as it is known.
    venue: Option<VenueInput>,
    /// Its own site.
    website: Option<Url>,
    /// Whether the initiative holds it itself; it does where nothing is said.
    hosted_by_initiative: Option<bool>,
    /// The organization that runs it.
    organizer_id: Option<ID>,
    /// The region that it is for; absent where it is for the whole state.
    region_id: Option<ID>,
    /// From when teams may submit statements of interest. One with neither this nor an end takes no applications.
    applications_open_at: Option<Time>,
    /// Until when teams may submit statements of interest.
    applications_close_at: Option<Time>,
    /// From when team leads can no longer change who is in their team.
    roster_freezes_at: Option<Time>,
    /// The rule by which teams are made up, by its version.
    composition_rule: Option<i32>,
    /// How many teams it has room for, from 1.
    team_capacity: Option<i32>,
    /// Why it has room for no more teams.
    capacity_reasons: Option<Vec<String>>,
    /// How many statements of interest were reported.
    statements_of_interest: Option<QuantityInput>,
    /// What it is designed to achieve, in order.
    objectives: Option<Vec<String>>,
    /// The titles of the themes that its sessions are grouped by, in order.
    strands: Option<Vec<String>>,
    /// Where these facts come from.
    sources: Option<Vec<SourceInput>>,
}

/// What is to change of a convening: absent leaves a field as it is, null empties it. Its state changes by mutations of
/// their own.
#[derive(Debug, InputObject)]
pub(crate) struct UpdateConveningInput {
    /// Its title; it cannot be emptied.
    title: MaybeUndefined<String>,
    /// What sort of gathering it is; it cannot be emptied.
    kind: MaybeUndefined<ConveningKind>,
    /// What it is about.
    description: MaybeUndefined<String>,
    /// Its first day; it cannot be emptied. What is on the agenda stays within its days.
    starts_on: MaybeUndefined<Date>,
    /// Its last day; it cannot be emptied.
    ends_on: MaybeUndefined<Date>,
    /// The IANA time zone of its place; it cannot be emptied.
    time_zone: MaybeUndefined<String>,
    /// Where it takes place. What is absent within it stays; null forgets all of it.
    venue: MaybeUndefined<VenueInput>,
    /// Its own site.
    website: MaybeUndefined<Url>,
    /// Whether the initiative holds it itself; it cannot be emptied.
    hosted_by_initiative: MaybeUndefined<bool>,
    /// The organization that runs it.
    organizer_id: MaybeUndefined<ID>,
    /// The region that it is for.
    region_id: MaybeUndefined<ID>,
    /// From when teams may submit statements of interest; it stays while they may.
    applications_open_at: MaybeUndefined<Time>,
    /// Until when teams may submit statements of interest; it stays while they may.
    applications_close_at: MaybeUndefined<Time>,
    /// From when team leads can no longer change who is in their team.
    roster_freezes_at: MaybeUndefined<Time>,
    /// The rule by which teams are made up, by its version.
    composition_rule: MaybeUndefined<i32>,
    /// How many teams it has room for: not fewer than hold a place already.
    team_capacity: MaybeUndefined<i32>,
    /// Why it has room for no more teams; all of them, those that stand included.
    capacity_reasons: MaybeUndefined<Vec<String>>,
    /// How many statements of interest were reported.
    statements_of_interest: MaybeUndefined<QuantityInput>,
    /// What it is designed to achieve; all of it, what stands included.
    objectives: MaybeUndefined<Vec<String>>,
    /// The titles of its themes, by their positions: all of them, those that stand included. Sessions stay with the
    /// theme of their position; one that sessions belong to cannot go.
    strands: MaybeUndefined<Vec<String>>,
    /// Where these facts come from; all of it, what stands included.
    sources: MaybeUndefined<Vec<SourceInput>>,
}

/// A place, as far as it is known.
#[derive(Debug, InputObject)]
pub(crate) struct VenueInput {
    /// The name of the hotel, school or hall.
    name: MaybeUndefined<String>,
    /// The city.
    city: MaybeUndefined<String>,
    /// Street and number.
    address: MaybeUndefined<String>,
    /// The county.
    county_id: MaybeUndefined<ID>,
}

impl TryFrom<VenueInput> for VenuePatch {
    type Error = Error;

    fn try_from(input: VenueInput) -> Result<Self> {
        Ok(Self {
            name: input.name.into(),
            city: input.city.into(),
            address: input.address.into(),
            county: Patch::from(input.county_id).try_map(|id| county(&id))?,
        })
    }
}

impl TryFrom<VenueInput> for Venue {
    type Error = Error;

    fn try_from(input: VenueInput) -> Result<Self> {
        let patch = VenuePatch::try_from(input)?;
        let mut venue = Self::default();
        patch.name.apply(&mut venue.name);
        patch.city.apply(&mut venue.city);
        patch.address.apply(&mut venue.address);
        patch.county.apply(&mut venue.county);
        Ok(venue)
    }
}

impl TryFrom<CreateConveningInput> for NewConvening {
    type Error = Error;

    fn try_from(input: CreateConveningInput) -> Result<Self> {
        Ok(Self {
            slug: input.slug,
            title: input.title,
            kind: input.kind.into(),
            status: Status::Draft,
            description: input.description,
            starts_on: input.starts_on.0,
            ends_on: input.ends_on.0,
            time_zone: input.time_zone,
            venue: input.venue.map(Venue::try_from).transpose()?.unwrap_or_default(),
            website: input.website.map(|url| url.0),
            hosted_by_initiative: input.hosted_by_initiative.unwrap_or(true),
            organizer: input.organizer_id.map(|id| organizer(&id)).transpose()?,
            region: input.region_id.map(|id| region(&id)).transpose()?,
            offering: None,
            applications_open_at: input.applications_open_at.map(|time| time.0),
            applications_close_at: input.applications_close_at.map(|time| time.0),
            roster_freezes_at: input.roster_freezes_at.map(|time| time.0),
            composition_rule: input.composition_rule,
            team_capacity: input.team_capacity,
            capacity_reasons: input.capacity_reasons.unwrap_or_default(),
            statements_of_interest: input.statements_of_interest.map(Into::into),
            objectives: input.objectives.unwrap_or_default(),
            strands: input.strands.unwrap_or_default(),
            blocks: Vec::new(),
            sources: SourceInput::all(input.sources.unwrap_or_default()),
        })
    }
}

impl TryFrom<UpdateConveningInput> for ConveningPatch {
    type Error = Error;

    fn try_from(input: UpdateConveningInput) -> Result<Self> {
        Ok(Self {
            title: input.title.into(),
            kind: Patch::from(input.kind).map(convening::Kind::from),
            description: input.description.into(),
            starts_on: Patch::from(input.starts_on).map(|date| date.0),
            ends_on: Patch::from(input.ends_on).map(|date| date.0),
            time_zone: input.time_zone.into(),
            venue: Patch::from(input.venue).try_map(VenuePatch::try_from)?,
            website: Patch::from(input.website).map(|url| url.0),
            hosted_by_initiative: input.hosted_by_initiative.into(),
            organizer: Patch::from(input.organizer_id).try_map(|id| organizer(&id))?,
            region: Patch::from(input.region_id).try_map(|id| region(&id))?,
            applications_open_at: Patch::from(input.applications_open_at).map(|time| time.0),
            applications_close_at: Patch::from(input.applications_close_at).map(|time| time.0),
            roster_freezes_at: Patch::from(input.roster_freezes_at).map(|time| time.0),
            composition_rule: input.composition_rule.into(),
            team_capacity: input.team_capacity.into(),
            capacity_reasons: input.capacity_reasons.into(),
            statements_of_interest: Patch::from(input.statements_of_interest).map(Into::into),
            objectives: input.objectives.into(),
            strands: input.strands.into(),
            sources: Patch::from(input.sources).map(SourceInput::all),
        })
    }
}

fn organizer(id: &ID) -> Result<OrganizationId> {
    GlobalId::key_of(id, NodeType::Organization)
}

fn region(id: &ID) -> Result<RegionId> {
    GlobalId::key_of(id, NodeType::Region)
}

fn county(id: &ID) -> Result<CountyId> {
    GlobalId::key_of(id, NodeType::County)
}
