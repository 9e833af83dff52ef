//! How convenings are read with all that belongs to them.

use super::graphql::{
    CompositionRule, Convening, ConveningBy, ConveningFilter, ConveningOrder, ConveningOrderField, RequiredSeat,
    SessionBlock, Strand,
};
use super::moves::Move;
use crate::auth::Viewer;
use crate::database::search::Searched;
use crate::database::{Alias, one_of};
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::{GlobalId, NodeType, words};
use crate::{
    agenda, check_in, convening_result, delegation, metric, resource, selection, session, sponsorship, survey, team,
    team_time,
};
use chrono::{DateTime, Utc};
use entity::convening::Column;
use entity::ids::ConveningId;
use entity::{
    composition_rule, convening, county, offering, organization, region, required_seat, session_block, strand,
};
use sea_orm::ActiveEnum as _;
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Branch for convening::Entity {
    type Object = Convening;
    const TYPE: &'static str = "Convening";
    const OBJECT: fn(Node<Self>) -> Convening = Convening;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "venue" => Edge::one::<county::Entity>(Column::VenueCountyId).within("Venue", "county"),
            "organizer" => Edge::one::<organization::Entity>(Column::OrganizerId),
            "region" => Edge::one::<region::Entity>(Column::RegionId),
            "offering" => Edge::one::<offering::Entity>(Column::OfferingId),
            "experienceLevels" => team_time::levels_of_convening(),
            "compositionRule" => Edge::one::<composition_rule::Entity>(Column::CompositionRuleId),
            "blocks" => Edge::many::<session_block::Entity>(session_block::Column::ConveningId, by_position("blocks")),
            "strands" => Edge::many::<strand::Entity>(strand::Column::ConveningId, by_position("strands")),
            "sponsorships" => sponsorship::of_convening(field)?,
            "delegations" => delegation::of_convening(field)?,
            "session" => session::of_convening_by_slug(field)?,
            "sessions" => session::of_convening(field)?,
            "teams" => team::of_convening(field)?,
            "agendaWarnings" => agenda::warnings_of(),
            "agendaReleases" => agenda::releases_of(field)?,
            "agendaChangedSinceRelease" => Edge::value::<bool>(agenda::changed_since_release),
            "agendaChanges" => Edge::value::<serde_json::Value>(agenda::changes_since_release),
            "selections" => selection::of_convening(),
            "selectionMethod" => selection::published_of_convening(),
            "resources" => resource::of(entity::resource_subject::Column::ConveningId),
            "metrics" => metric::of_convening(),
            "results" => convening_result::of_convening(),
            "surveys" => survey::of_convening(field)?,
            "checkIns" => check_in::of_convening(),
            _ => return Ok(None),
        }))
    }

    fn moves(_: &Viewer, rows: &Alias, now: DateTime<Utc>) -> Vec<(&'static str, Expr)> {
        Move::ALL.into_iter().map(|step| (step.word(), can_make(step, rows, now))).collect()
    }
}

/// The convenings that were made of an offering, the earliest first.
pub(crate) fn of_offering() -> Edge {
    let date = Key::new(KeyKind::Date, |rows| rows.col(Column::StartsOn));
    Edge::many::<convening::Entity>(Column::OfferingId, Listing::new(Order::by("offering.convenings", vec![date])))
}

/// Whether a convening can make a move as it stands now.
fn can_make(step: Move, rows: &Alias, now: DateTime<Utc>) -> Expr {
    let given = |column| rows.col(column).is_not_null();
    let applying = given(Column::ApplicationsOpenAt).or(given(Column::ApplicationsCloseAt));
    let in_one_of = |applying| {
        let sources = step.sources(applying).map(|status| status.to_value()).collect();
        one_of(rows.col(Column::Status), sources)
    };
    let legal = applying.clone().and(in_one_of(true)).or(applying.not().and(in_one_of(false)));
    match step {
        Move::PublishDecisions => legal.and(rows.col(Column::DecisionsPublished).not()),
        // Its window is known, and not over.
        Move::OpenApplications => {
            legal.and(given(Column::ApplicationsOpenAt)).and(rows.col(Column::ApplicationsCloseAt).gt(now))
        }
        _ => legal,
    }
}

impl Branch for strand::Entity {
    type Object = Strand;
    const TYPE: &'static str = "Strand";
    const OBJECT: fn(Node<Self>) -> Strand = Strand;

    fn edge(_: &Field<'_>) -> Result<Option<Edge>> {
        Ok(None)
    }
}

impl Branch for session_block::Entity {
    type Object = SessionBlock;
    const TYPE: &'static str = "SessionBlock";
    const OBJECT: fn(Node<Self>) -> SessionBlock = SessionBlock;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok((field.name() == "sessions").then(session::of_block))
    }
}

impl Branch for composition_rule::Entity {
    type Object = CompositionRule;
    const TYPE: &'static str = "CompositionRule";
    const OBJECT: fn(Node<Self>) -> CompositionRule = CompositionRule;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        let seats = || Edge::many::<required_seat::Entity>(required_seat::Column::RuleId, by_position("seats"));
        Ok((field.name() == "seats").then(seats))
    }
}

impl Branch for required_seat::Entity {
    type Object = RequiredSeat;
    const TYPE: &'static str = "RequiredSeat";
    const OBJECT: fn(Node<Self>) -> RequiredSeat = RequiredSeat;

    fn edge(_: &Field<'_>) -> Result<Option<Edge>> {
        Ok(None)
    }
}

impl Searched for convening::Entity {}

/// Rules by their numbers.
pub(super) fn by_version() -> Listing {
    Listing::new(Order::by("rules", vec![Key::new(KeyKind::Int, |rows| rows.computed("version"))]))
}

fn by_position(name: &str) -> Listing {
    Listing::new(Order::by(name, vec![Key::new(KeyKind::Int, |rows| rows.computed("position"))]))
}

/// The convenings that a field asks for.
pub(super) fn listing(field: &Field<'_>) -> Result<Listing> {
    let filter: Option<ConveningFilter> = field.argument("filter")?;
    let listing = Listing::new(order(field.argument("orderBy")?));
    let Some(filter) = filter else { return Ok(listing) };
    Ok(listing
        .search::<convening::Entity>(filter.search)
        .filter_some(filter.kind, |rows, kinds| one_of(rows.col(Column::Kind), words::<convening::Kind>(kinds)))
        .filter_some(filter.status, |rows, statuses| {
            one_of(rows.col(Column::Status), words::<convening::Status>(statuses))
        })
        .filter_some(filter.starts_on_or_after, |rows, date| rows.col(Column::StartsOn).gte(date.0))
        .filter_some(filter.starts_on_or_before, |rows, date| rows.col(Column::StartsOn).lte(date.0))
        .filter_some(filter.hosted_by_initiative, |rows, hosted| rows.col(Column::HostedByInitiative).eq(hosted)))
}

pub(super) fn order(by: Option<ConveningOrder>) -> Order {
    let title = || Key::new(KeyKind::Text, |rows| rows.computed("sort_title"));
    let order = match by.as_ref().map_or(ConveningOrderField::Title, |by| by.field) {
        ConveningOrderField::Title => Order::by("convenings.title", vec![title()]),
        ConveningOrderField::StartsOn => {
            let date = Key::new(KeyKind::Date, |rows| rows.col(Column::StartsOn));
            Order::by("convenings.starts", vec![date, title()])
        }
        ConveningOrderField::UpdatedAt => {
            let time = Key::new(KeyKind::Time, |rows| rows.col(Column::UpdatedAt));
            Order::by("convenings.updated", vec![time])
        }
    };
    by.map_or_else(Default::default, |by| by.direction).of(order)
}

/// The row that a lookup names.
pub(super) fn named(by: &ConveningBy) -> Result<impl Fn(&Alias) -> Expr + Send + Sync + use<>> {
    let (column, value): (Column, sea_orm::Value) = match by {
        ConveningBy::Id(id) => (Column::Id, GlobalId::key_of::<ConveningId>(id, NodeType::Convening)?.into()),
        ConveningBy::Slug(slug) => (Column::Slug, slug.as_str().into()),
    };
    Ok(move |rows: &Alias| rows.col(column).eq(value.clone()))
}
