//! How districts are read.

use super::graphql::{District, DistrictBy, DistrictCandidate, DistrictFilter, DistrictOrder, DistrictOrderField};
use crate::database::former::Former;
use crate::database::search::{Beginnings, Searched};
use crate::database::{Alias, one_of};
use crate::error::Result;
use crate::geography::known;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::graphql::{GlobalId, NodeType, OrderDirection, words};
use crate::{interest, merge, partnership, person, resource, team};
use async_graphql::ID;
use entity::district::{self, Column};
use entity::ids::{ConveningId, DistrictId};
use entity::{county, district_candidate, region};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Branch for district::Entity {
    type Object = District;
    const TYPE: &'static str = "District";
    const OBJECT: fn(Node<Self>) -> District = District;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "county" => Edge::one::<county::Entity>(Column::CountyId),
            "candidates" => {
                Edge::many::<district_candidate::Entity>(district_candidate::Column::DistrictId, candidates())
            }
            "affiliations" => person::affiliations_of(entity::affiliation::Column::DistrictId, field)?,
            "partnerships" => partnership::of_district(),
            "teams" => team::of_district(field)?,
            "participations" => team::participations_of_district(field)?,
            "interests" => interest::of_district(),
            "resources" => resource::of(entity::resource_subject::Column::DistrictId),
            "merges" => merge::of_row(field)?,
            _ => return Ok(None),
        }))
    }
}

impl Searched for district::Entity {
    const BEGINNINGS: Option<Beginnings> = Some(Beginnings { table: "district_beginning", key: "district_id" });
}

impl Branch for district_candidate::Entity {
    type Object = DistrictCandidate;
    const TYPE: &'static str = "DistrictCandidate";
    const OBJECT: fn(Node<Self>) -> DistrictCandidate = DistrictCandidate;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        let county = || Edge::one::<county::Entity>(district_candidate::Column::CountyId);
        Ok((field.name() == "county").then(county))
    }
}

fn candidates() -> Listing {
    let code = Key::new(KeyKind::Text, |rows| rows.col(district_candidate::Column::CdsCode));
    Listing::new(Order::by("candidates", vec![code]))
}

/// The districts of a county, by the page.
pub(crate) fn of_county(field: &Field<'_>) -> Result<Edge> {
    Ok(Edge::many::<district::Entity>(Column::CountyId, Listing::new(by_name()).paged(field)?))
}

/// The districts that a field asks for.
pub(super) fn listing(field: &Field<'_>) -> Result<Listing> {
    let filter: Option<DistrictFilter> = field.argument("filter")?;
    let listing = Listing::new(order(field.argument("orderBy")?));
    let Some(filter) = filter else { return Ok(listing) };
    let county = filter.county.as_deref().map(known::counties).transpose()?;
    filter.region.as_deref().map(known::regions).transpose()?;
    let attended = filter.attended.map(|id| GlobalId::key_of::<ConveningId>(&id, NodeType::Convening)).transpose()?;
    let listing = listing
        .search::<district::Entity>(filter.search)
        .filter_some(filter.kind, |rows, kinds| one_of(rows.col(Column::Kind), words::<district::Kind>(kinds)))
        .filter_some(filter.status, |rows, all| one_of(rows.col(Column::Status), words::<district::Status>(all)))
        .filter_some(county, |rows, names| in_counties(rows, &names))
        .filter_some(filter.region, |rows, numbers| {
            rows.refers_to::<county::Entity>(Column::CountyId, |county| {
                county.refers_to::<region::Entity>(county::Column::RegionId, |region| {
                    one_of_numbers(region.col(region::Column::Number), numbers)
                })
            })
        });
    Ok(match attended {
        Some(convening) => listing.filter_seen(move |viewer, rows| team::of_attending_team(viewer, rows, convening)),
        None => listing,
    })
}

/// Districts of counties, by names as they are stored for comparison.
pub(crate) fn in_counties(district: &Alias, names: &[String]) -> Expr {
    let county = district.with_suffix("c");
    let mut select = county.select_from::<county::Entity>();
    select.expr(county.computed("id")).and_where(named_county(&county, names));
    let keys = Expr::SubQuery(None, Box::new(select.into()));
    let of = district.col(Column::CountyId);
    match names {
        // The index has the districts of one county in the order of their names.
        [_] => of.eq(keys),
        _ => Expr::cust_with_exprs("$1 = ANY (ARRAY $2)", [of, keys]),
    }
}

/// Counties by names as they are stored for comparison.
pub(crate) fn named_county(county: &Alias, names: &[String]) -> Expr {
    one_of(county.computed("sort_name"), names.to_vec())
}

fn one_of_numbers(column: Expr, numbers: Vec<i32>) -> Expr {
    use sea_orm::sea_query::extension::postgres::PgFunc;
    column.eq(PgFunc::any(Expr::val(numbers)))
}

pub(super) fn by_name() -> Order {
    Order::by_name("districts.name")
}

fn name() -> Key {
    Key::new(KeyKind::Text, |rows| rows.computed("sort_name"))
}

fn order(by: Option<DistrictOrder>) -> Order {
    let direction = by.as_ref().map_or_else(Default::default, |by| by.direction);
    let order = match by.map_or(DistrictOrderField::Name, |by| by.field) {
        DistrictOrderField::Name => by_name(),
        // County codes are numbered by the alphabet; a district without a county comes last.
        DistrictOrderField::County => {
            let code = |rows: &Alias| {
                Expr::cust_with_exprs("coalesce(left($1, 2), '~') COLLATE \"C\"", [rows.col(Column::CdsCode)])
            };
            Order::by("districts.county", vec![Key::new(KeyKind::Text, code), name()])
        }
        // A district whose enrollment is not known comes last either way.
        DistrictOrderField::Enrollment => {
            let unknown = if direction == OrderDirection::Asc { "2147483647" } else { "-1" };
            let enrollment = move |rows: &Alias| {
                Expr::cust_with_exprs(format!("coalesce($1, {unknown})"), [rows.col(Column::Enrollment)])
            };
            Order::by("districts.enrollment", vec![Key::new(KeyKind::Int, enrollment), name()])
        }
        DistrictOrderField::UpdatedAt => {
            Order::by("districts.updated", vec![Key::new(KeyKind::Time, |rows| rows.col(Column::UpdatedAt))])
        }
    };
    direction.of(order)
}

/// The row that a lookup names.
pub(super) fn named(by: &DistrictBy) -> Result<impl Fn(&Alias) -> Expr + Send + Sync + use<>> {
    let (column, value): (Column, sea_orm::Value) = match by {
        DistrictBy::Id(id) => (Column::Id, key(id)?.into()),
        DistrictBy::Slug(slug) => (Column::Slug, slug.as_str().into()),
        DistrictBy::CdsCode(code) => (Column::CdsCode, code.as_str().into()),
        DistrictBy::NcesId(id) => (Column::NcesId, id.as_str().into()),
    };
    Ok(move |rows: &Alias| rows.col(column).eq(value.clone()))
}

/// What a lookup names, where districts that were merged into others may have been known by it.
pub(super) fn former(by: &DistrictBy) -> Option<Former> {
    match by {
        DistrictBy::Id(id) => key(id).ok().map(|key| Former::Keys(vec![key.0])),
        DistrictBy::Slug(slug) => Some(Former::Slug(slug.clone())),
        DistrictBy::CdsCode(_) | DistrictBy::NcesId(_) => None,
    }
}

fn key(id: &ID) -> Result<DistrictId> {
    GlobalId::key_of(id, NodeType::District)
}
