//! How interest is read.

use super::graphql::{Interest, OfferingDemand, OfferingDemandDimension};
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Groups, Key, KeyKind, Listing, Node, Order, Reading};
use crate::graphql::{GlobalId, NodeType};
use crate::policy::{Action, Kind, authorize};
use async_graphql::{Context, ID};
use entity::ids::OfferingId;
use entity::interest::{Column, Entity};
use entity::{county, district, offering, region};
use sea_orm::sea_query::{self, CaseStatement, Expr, ExprTrait as _, JoinType, SelectStatement};
use sea_orm::{ConnectionTrait as _, QueryResult};

impl Branch for Entity {
    type Object = Interest;
    const TYPE: &'static str = "Interest";
    const OBJECT: fn(Node<Self>) -> Interest = Interest;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "offering" => Edge::one::<offering::Entity>(Column::OfferingId),
            "district" => Edge::one::<district::Entity>(Column::DistrictId),
            _ => return Ok(None),
        }))
    }
}

/// Which districts want an offering, by their names.
pub(crate) fn of_offering(field: &Field<'_>) -> Result<Edge> {
    Ok(Edge::many::<Entity>(Column::OfferingId, Listing::new(by_district()).paged(field)?))
}

/// What a district wants, in the order in which that was offered.
pub(crate) fn of_district() -> Edge {
    let position = Key::via(KeyKind::Int, |offering| offering.col(offering::Column::Position));
    let order = Order::by("district.interests", vec![position]).through::<offering::Entity>(Column::OfferingId);
    Edge::many::<Entity>(Column::DistrictId, Listing::new(order)).gated(Kind::Interest)
}

/// By the district's name.
pub(super) fn by_district() -> Order {
    let name = Key::via(KeyKind::Text, |district| district.computed("sort_name"));
    Order::by("offering.interests", vec![name]).through::<district::Entity>(Column::DistrictId)
}

/// How many of the districts that a viewer may know of want an offering; null for those who may know of none.
pub(crate) fn count_of_offering(viewer: &Viewer, offering: &Alias) -> Expr {
    let interest = Alias::new("wanted");
    let mut count = interest.select_from::<Entity>();
    count
        .expr(Expr::cust("count(*)"))
        .and_where(interest.col(Column::OfferingId).eq(offering.col(offering::Column::Id)))
        .and_where(viewer.visible::<Entity>(&interest));
    let may_know = Expr::val(viewer.may_ever(Kind::Interest, Action::Read));
    CaseStatement::new().case(may_know, Expr::SubQuery(None, Box::new(count.into()))).into()
}

/// How many districts want what, by these dimensions: one statement counts, one for each type reads what is selected of
/// the groups.
pub(super) async fn demand(
    ctx: &Context<'_>,
    offering: Option<ID>,
    group_by: &[OfferingDemandDimension],
) -> Result<Vec<OfferingDemand>> {
    let (reading, field) = (Reading::of(ctx), Field::of(ctx));
    authorize(reading.viewer, Kind::Interest, Action::Read)?;
    let offering = offering.map(|id| GlobalId::key_of::<OfferingId>(&id, NodeType::Offering)).transpose()?;
    let (by_county, by_region) =
        (group_by.contains(&OfferingDemandDimension::County), group_by.contains(&OfferingDemandDimension::Region));
    let rows = reading.db().query_all(&counted(reading.viewer, offering, by_county, by_region)).await?;
    let of = |name| field.child("OfferingDemand", name);
    let offerings = Groups::read::<offering::Entity>(ctx, of("offering"), "offering", &rows).await?;
    let counties = Groups::read::<county::Entity>(ctx, of("county").filter(|_| by_county), "county", &rows).await?;
    let regions = Groups::read::<region::Entity>(ctx, of("region").filter(|_| by_region), "region", &rows).await?;
    let group = |row: &QueryResult| {
        Ok(OfferingDemand {
            offering: offerings.of(row)?,
            county: counties.of(row)?,
            region: regions.of(row)?,
            districts: row.try_get("", "districts")?,
        })
    };
    rows.iter().map(group).collect()
}

fn counted(viewer: &Viewer, offering: Option<OfferingId>, by_county: bool, by_region: bool) -> SelectStatement {
    let [interest, offered, district, county, region] = ["i", "o", "d", "k", "r"].map(Alias::new);
    let mut select = interest.select_from::<Entity>();
    let on = |other: &Alias, column: Expr| other.computed("id").eq(column);
    let (inner, left) = (JoinType::InnerJoin, JoinType::LeftJoin);
    select
        .join_as(inner, offering::Entity, &offered, on(&offered, interest.col(Column::OfferingId)))
        .join_as(inner, district::Entity, &district, on(&district, interest.col(Column::DistrictId)))
        .join_as(left, county::Entity, &county, on(&county, district.col(district::Column::CountyId)))
        .join_as(left, region::Entity, &region, on(&region, county.col(county::Column::RegionId)))
        .expr_as(Expr::cust("count(*)"), "districts")
        .and_where(viewer.visible::<Entity>(&interest));
    if let Some(offering) = offering {
        select.and_where(interest.col(Column::OfferingId).eq(offering));
    }
    let groups = [
        (true, "offering", offered.computed("id"), offered.col(offering::Column::Position)),
        (by_county, "county", county.computed("id"), county.computed("sort_name")),
        (by_region, "region", region.computed("id"), region.col(region::Column::Number)),
    ];
    for (_, name, value, order) in groups.into_iter().filter(|(wanted, ..)| *wanted) {
        select
            .expr_as(value.clone(), name)
            .add_group_by([value, order.clone()])
            .order_by_expr(order, sea_query::Order::Asc);
    }
    select
}
