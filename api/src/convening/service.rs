//! What can be done with convenings and the rules by which teams are made up.

use super::validate;
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, refused};
use chrono::{DateTime, NaiveDate, Utc};
use entity::convening::{self, ActiveModel, Status};
use entity::ids::{
    CompositionRuleId, ConveningId, CountyId, OrganizationId, RegionId, RequiredSeatId, SessionBlockId, StrandId,
};
use entity::quantity::Qualifier;
use entity::seat::Seat;
use entity::source::Sources;
use entity::{composition_rule, required_seat, session_block, strand};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};

/// A convening to add, with its strands and blocks.
#[derive(Clone, Debug)]
pub(crate) struct NewConvening {
    /// Its short name in addresses.
    pub slug: String,
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
    /// The IANA time zone of its place.
    pub time_zone: String,
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
    /// From when statements of interest are taken.
    pub applications_open_at: Option<DateTime<Utc>>,
    /// Until when statements of interest are taken.
    pub applications_close_at: Option<DateTime<Utc>>,
    /// From when rosters stay as they are.
    pub roster_freezes_at: Option<DateTime<Utc>>,
    /// The rule by which teams are made up.
    pub composition_rule: Option<CompositionRuleId>,
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

/// A rule to add.
#[derive(Clone, Debug)]
pub(crate) struct NewRule {
    /// Its number.
    pub version: i32,
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

const MEANINGS: &[Meaning] = &[
    ("convening_slug_key", "slug", ViolationCode::Taken, "Another convening has this slug."),
    ("convening_organizer_fkey", "organizerId", ViolationCode::NotFound, "There is no such organization."),
    ("convening_region_fkey", "regionId", ViolationCode::NotFound, "There is no such region."),
    ("convening_venue_county_fkey", "venue", ViolationCode::NotFound, "There is no such county."),
];

/// Adds a convening.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewConvening) -> Result<convening::Model> {
    authorize(actor.viewer, Kind::Convening, Action::Create)?;
    validate::new(&new)?;
    let (announced, agenda_published, decisions_published) = made_public(new.status);
    let row = ActiveModel {
        id: Set(ConveningId::new()),
        slug: Set(new.slug),
        title: Set(new.title),
        kind: Set(new.kind),
        status: Set(new.status),
        announced: Set(announced),
        agenda_published: Set(agenda_published),
        decisions_published: Set(decisions_published),
        description: Set(new.description),
        starts_on: Set(new.starts_on),
        ends_on: Set(new.ends_on),
        time_zone: Set(new.time_zone),
        venue_name: Set(new.venue.name),
        venue_city: Set(new.venue.city),
        venue_address: Set(new.venue.address),
        venue_county_id: Set(new.venue.county),
        website: Set(new.website),
        hosted_by_initiative: Set(new.hosted_by_initiative),
        organizer_id: Set(new.organizer),
        region_id: Set(new.region),
        applications_open_at: Set(new.applications_open_at),
        applications_close_at: Set(new.applications_close_at),
        roster_freezes_at: Set(new.roster_freezes_at),
        composition_rule_id: Set(new.composition_rule),
        team_capacity: Set(new.team_capacity),
        capacity_reasons: Set(new.capacity_reasons),
        statements_value: Set(new.statements_of_interest.map(|(value, _)| value)),
        statements_qualifier: Set(new.statements_of_interest.map(|(_, qualifier)| qualifier)),
        objectives: Set(new.objectives),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    let convening = row.insert(db).await.map_err(|error| refused(error, MEANINGS))?;
    add_strands(db, convening.id, new.strands).await?;
    add_blocks(db, convening.id, new.blocks).await?;
    Ok(convening)
}

/// What has been made public of a convening that reached a state: itself, its agenda, its decisions. One that was
/// cancelled is taken to have been cancelled before its agenda was published, unless somebody says otherwise.
fn made_public(status: Status) -> (bool, bool, bool) {
    match status {
        Status::Draft => (false, false, false),
        Status::Announced
        | Status::ApplicationsOpen
        | Status::ApplicationsClosed
        | Status::TeamsSelected
        | Status::Cancelled => (true, false, false),
        Status::AgendaPublished => (true, true, false),
        Status::InProgress | Status::Completed => (true, true, true),
    }
}

async fn add_strands(db: &impl ConnectionTrait, convening: ConveningId, titles: Vec<String>) -> Result<()> {
    for (position, title) in (1..).zip(titles) {
        let row = strand::ActiveModel {
            id: Set(StrandId::new()),
            convening_id: Set(convening),
            position: Set(position),
            title: Set(title),
        };
        row.insert(db).await?;
    }
    Ok(())
}

async fn add_blocks(db: &impl ConnectionTrait, convening: ConveningId, blocks: Vec<NewBlock>) -> Result<()> {
    for (position, block) in (1..).zip(blocks) {
        let row = session_block::ActiveModel {
            id: Set(SessionBlockId::new()),
            convening_id: Set(convening),
            position: Set(position),
            title: Set(block.title),
            rounds: Set(block.rounds),
            sessions_per_participant: Set(block.sessions_per_participant),
            sessions_per_team: Set(block.sessions_per_team),
        };
        row.insert(db).await?;
    }
    Ok(())
}

/// Adds a composition rule.
pub(crate) async fn create_rule(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    new: NewRule,
) -> Result<composition_rule::Model> {
    const MEANINGS: &[Meaning] = &[
        ("composition_rule_version_key", "version", ViolationCode::Taken, "Another rule has this number."),
        ("required_seat_once", "seats", ViolationCode::Taken, "A rule names each seat once."),
    ];
    authorize(actor.viewer, Kind::Convening, Action::Create)?;
    validate::new_rule(&new)?;
    let row = composition_rule::ActiveModel {
        id: Set(CompositionRuleId::new()),
        version: Set(new.version),
        created_at: Set(actor.now),
    };
    let rule = row.insert(db).await.map_err(|error| refused(error, MEANINGS))?;
    for (position, seat) in (1..).zip(new.seats) {
        let row = required_seat::ActiveModel {
            id: Set(RequiredSeatId::new()),
            rule_id: Set(rule.id),
            position: Set(position),
            seat: Set(seat.seat),
            minimum: Set(seat.minimum),
            maximum: Set(seat.maximum),
            label: Set(seat.label),
        };
        row.insert(db).await.map_err(|error| refused(error, MEANINGS))?;
    }
    Ok(rule)
}
