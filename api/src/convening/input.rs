//! What is given to add a convening or to change one.

use crate::writing::Patch;
use chrono::{DateTime, NaiveDate, Utc};
use entity::convening::{self, Status};
use entity::ids::{ConveningId, CountyId, OfferingId, OrganizationId, RegionId, SessionId};
use entity::quantity::Qualifier;
use entity::seat::Seat;
use entity::source::Sources;

/// A convening to add, with its strands and blocks.
#[derive(Clone, Debug)]
pub(crate) struct NewConvening {
    /// Its short name in addresses; made from the title where nothing is said.
    pub slug: Option<String>,
    /// Its title.
    pub title: String,
    /// What sort of gathering it is.
    pub kind: convening::Kind,
    /// Where it stands. Only a record may add one that is past its draft.
    pub status: Status,
    /// What it is about.
    pub description: Option<String>,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// The IANA time zone of its place; the initiative's own where nothing is said.
    pub time_zone: Option<String>,
    /// Where it takes place.
    pub venue: Venue,
    /// Its own site.
    pub website: Option<String>,
    /// Whether the initiative holds it itself.
    pub hosted_by_initiative: bool,
    /// Who runs it.
    pub organizer: Option<OrganizationId>,
    /// The region that it is for.
    pub region: Option<RegionId>,
    /// The offering that it is made of.
    pub offering: Option<OfferingId>,
    /// From when statements of interest are taken.
    pub applications_open_at: Option<DateTime<Utc>>,
    /// Until when statements of interest are taken.
    pub applications_close_at: Option<DateTime<Utc>>,
    /// From when rosters stay as they are.
    pub roster_freezes_at: Option<DateTime<Utc>>,
    /// The version of the rule by which teams are made up.
    pub composition_rule: Option<i32>,
    /// How many teams it has room for.
    pub team_capacity: Option<i32>,
    /// Why not for more.
    pub capacity_reasons: Vec<String>,
    /// How many statements of interest were reported, and how exactly.
    pub statements_of_interest: Option<(i32, Qualifier)>,
    /// What it was designed to achieve.
    pub objectives: Vec<String>,
    /// The themes of its sessions, in order.
    pub strands: Vec<String>,
    /// Sessions that are offered together, in order.
    pub blocks: Vec<NewBlock>,
    /// Where these facts come from.
    pub sources: Sources,
}

/// A place, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Venue {
    /// The name of the hotel, school or hall.
    pub name: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// Street and number.
    pub address: Option<String>,
    /// The county.
    pub county: Option<CountyId>,
}

/// Sessions that are offered together.
#[derive(Clone, Debug)]
pub(crate) struct NewBlock {
    /// What the block is called.
    pub title: String,
    /// How many rounds there are.
    pub rounds: Option<i32>,
    /// How many sessions one participant can go to.
    pub sessions_per_participant: Option<i32>,
    /// How many different sessions a team goes to together.
    pub sessions_per_team: Option<i32>,
}

/// A block to add to a convening that is there.
#[derive(Clone, Debug)]
pub(crate) struct AddedBlock {
    /// The convening.
    pub convening: ConveningId,
    /// The block.
    pub block: NewBlock,
    /// The sessions in it.
    pub sessions: Vec<SessionId>,
}

/// What is to change of a convening. Its slug never changes, and its state by moves alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConveningPatch {
    /// Its title.
    pub title: Patch<String>,
    /// What sort of gathering it is.
    pub kind: Patch<convening::Kind>,
    /// What it is about.
    pub description: Patch<String>,
    /// Its first day.
    pub starts_on: Patch<NaiveDate>,
    /// Its last day.
    pub ends_on: Patch<NaiveDate>,
    /// The IANA time zone of its place.
    pub time_zone: Patch<String>,
    /// Where it takes place.
    pub venue: Patch<VenuePatch>,
    /// Its own site.
    pub website: Patch<String>,
    /// Whether the initiative holds it itself.
    pub hosted_by_initiative: Patch<bool>,
    /// Who runs it.
    pub organizer: Patch<OrganizationId>,
    /// The region that it is for.
    pub region: Patch<RegionId>,
    /// From when statements of interest are taken.
    pub applications_open_at: Patch<DateTime<Utc>>,
    /// Until when statements of interest are taken.
    pub applications_close_at: Patch<DateTime<Utc>>,
    /// From when rosters stay as they are.
    pub roster_freezes_at: Patch<DateTime<Utc>>,
    /// The version of the rule by which teams are made up.
    pub composition_rule: Patch<i32>,
    /// How many teams it has room for.
    pub team_capacity: Patch<i32>,
    /// Why not for more.
    pub capacity_reasons: Patch<Vec<String>>,
    /// How many statements of interest were reported, and how exactly.
    pub statements_of_interest: Patch<(i32, Qualifier)>,
    /// What it was designed to achieve.
    pub objectives: Patch<Vec<String>>,
    /// The themes of its sessions, by position: as many as it is to have.
    pub strands: Patch<Vec<String>>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

/// What is to change of a place.
#[derive(Clone, Debug, Default)]
pub(crate) struct VenuePatch {
    /// The name of the hotel, school or hall.
    pub name: Patch<String>,
    /// The city.
    pub city: Patch<String>,
    /// Street and number.
    pub address: Patch<String>,
    /// The county.
    pub county: Patch<CountyId>,
}

/// What is to change of a block.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlockPatch {
    /// What the block is called.
    pub title: Patch<String>,
    /// How many rounds there are.
    pub rounds: Patch<i32>,
    /// How many sessions one participant can go to.
    pub sessions_per_participant: Patch<i32>,
    /// How many different sessions a team goes to together.
    pub sessions_per_team: Patch<i32>,
    /// The sessions in it: all of them.
    pub sessions: Patch<Vec<SessionId>>,
}

/// Which block, of which convening at which version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockPlace {
    /// The convening.
    pub convening: ConveningId,
    /// Its version.
    pub version: i32,
    /// The block's place among the convening's blocks, from 1.
    pub position: i32,
}

/// A rule to add.
#[derive(Clone, Debug)]
pub(crate) struct NewRule {
    /// Its number; the next one where nothing is said.
    pub version: Option<i32>,
    /// The seats that it asks for, in order.
    pub seats: Vec<NewSeat>,
}

/// A seat that a rule asks for.
#[derive(Clone, Debug)]
pub(crate) struct NewSeat {
    /// Which seat.
    pub seat: Seat,
    /// How many must hold it.
    pub minimum: i32,
    /// How many may hold it.
    pub maximum: i32,
    /// What the rule calls it.
    pub label: String,
}
