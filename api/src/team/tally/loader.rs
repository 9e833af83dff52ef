//! How applications are counted: one statement counts, one for each type reads what is selected of the groups.

use super::graphql::{ApplicationDimension, ApplicationRow};
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::{Error, Result};
use crate::graphql::tree::{Field, Groups, Reading};
use crate::policy::{Action, Kind, authorize_some};
use crate::team::loader::first_time;
use crate::team::shown::status_at;
use async_graphql::Context;
use chrono::{DateTime, Utc};
use entity::ids::ConveningId;
use entity::{convening, county, district, region, team};
use sea_orm::sea_query::{self, Expr, ExprTrait as _, JoinType, SelectStatement};
use sea_orm::{ConnectionTrait as _, QueryResult};

const ROW: &str = "ApplicationRow";

/// Counts the applications to a convening by these dimensions.
pub(super) async fn applications(
    ctx: &Context<'_>,
    convening: ConveningId,
    group_by: &[ApplicationDimension],
) -> Result<Vec<ApplicationRow>> {
    let mut dimensions = group_by.to_vec();
    dimensions.sort_unstable();
    dimensions.dedup();
    let reading = Reading::of(ctx);
    may_count(&reading, convening).await?;
    let rows = reading.db().query_all(&counted((reading.viewer, Field::of(ctx).now()), convening, &dimensions)).await?;
    let by = |dimension| dimensions.contains(&dimension);
    let of = |name, dimension| Field::of(ctx).child(ROW, name).filter(|_| by(dimension));
    let county = of("county", ApplicationDimension::County);
    let counties = Groups::read::<county::Entity>(ctx, county, "county", &rows).await?;
    let region = of("region", ApplicationDimension::Region);
    let regions = Groups::read::<region::Entity>(ctx, region, "region", &rows).await?;
    let group = |row: &QueryResult| {
        Ok(ApplicationRow {
            county: counties.of(row)?,
            region: regions.of(row)?,
            district_kind: value::<district::Kind>(row, "district_kind", by(ApplicationDimension::DistrictKind))?
                .map(Into::into),
            first_time: value(row, "first_time", by(ApplicationDimension::FirstTime))?,
            status: value::<team::Status>(row, "status", by(ApplicationDimension::Status))?.map(Into::into),
            teams: row.try_get("", "teams")?,
        })
    };
    rows.iter().map(group).collect()
}

/// Lets pass whoever may know how the teams of the convening stand.
async fn may_count(reading: &Reading<'_>, id: ConveningId) -> Result<()> {
    let viewer = reading.viewer;
    authorize_some(viewer, Kind::Decision, Action::Read)?;
    let rows = Alias::new("c");
    let mut select = rows.select_from::<convening::Entity>();
    select
        .expr(viewer.allowed_with::<convening::Entity>(Kind::Decision, Action::Read, &rows))
        .and_where(rows.col(convening::Column::Id).eq(id))
        .and_where(viewer.visible::<convening::Entity>(&rows));
    let row = reading.db().query_one(&select).await?.ok_or(Error::NotFound("convening"))?;
    if row.try_get_by_index(0)? { Ok(()) } else { Err(viewer.refusal()) }
}

fn counted(
    asked: (&Viewer, DateTime<Utc>),
    convening: ConveningId,
    dimensions: &[ApplicationDimension],
) -> SelectStatement {
    let team = Alias::new("t");
    let mut select = sea_query::Query::select();
    select.expr_as(Expr::cust("count(*)"), "teams").from_subquery(applied(asked, &team, convening), &team);
    for &dimension in dimensions {
        let (name, order) = columns(dimension);
        select.expr_as(team.computed(name), name).add_group_by([team.computed(name), team.computed(order)]);
        select.order_by_expr(team.computed(order), sea_query::Order::Asc);
    }
    select
}

/// A dimension's column, and the one that its groups are ordered by.
fn columns(dimension: ApplicationDimension) -> (&'static str, &'static str) {
    match dimension {
        ApplicationDimension::County => ("county", "county_name"),
        ApplicationDimension::Region => ("region", "region_number"),
        ApplicationDimension::DistrictKind => ("district_kind", "district_kind"),
        ApplicationDimension::FirstTime => ("first_time", "first_time"),
        ApplicationDimension::Status => ("status", "status"),
    }
}

/// The teams whose statement came in, each with what it can be counted by.
fn applied((viewer, now): (&Viewer, DateTime<Utc>), team: &Alias, id: ConveningId) -> SelectStatement {
    let (district, county, region) = (Alias::new("d"), Alias::new("k"), Alias::new("r"));
    let mut select = team.select_from::<team::Entity>();
    let on = district.col(district::Column::Id).eq(team.col(team::Column::DistrictId));
    select.join_as(JoinType::InnerJoin, district::Entity, &district, on);
    let on = county.col(county::Column::Id).eq(district.col(district::Column::CountyId));
    select.join_as(JoinType::LeftJoin, county::Entity, &county, on);
    let on = region.col(region::Column::Id).eq(county.col(county::Column::RegionId));
    select.join_as(JoinType::LeftJoin, region::Entity, &region, on);
    select
        .expr_as(county.col(county::Column::Id), "county")
        .expr_as(county.computed("sort_name"), "county_name")
        .expr_as(region.col(region::Column::Id), "region")
        .expr_as(region.col(region::Column::Number), "region_number")
        .expr_as(district.col(district::Column::Kind), "district_kind")
        .expr_as(first_time(viewer, team), "first_time")
        .expr_as(status_at(viewer, team, now), "status")
        .and_where(team.col(team::Column::ConveningId).eq(id))
        .and_where(team.col(team::Column::SubmittedAt).is_not_null())
        .and_where(viewer.visible::<team::Entity>(team));
    select
}

fn value<T: sea_orm::TryGetable>(row: &QueryResult, column: &str, used: bool) -> Result<Option<T>> {
    if used { Ok(row.try_get("", column)?) } else { Ok(None) }
}
