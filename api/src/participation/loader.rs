//! How participation is counted: one statement counts, one for each type reads what is selected of the groups.

use super::attendance::Attendance;
use super::graphql::{ParticipationDimension, ParticipationFilter, ParticipationRow};
use crate::auth::Viewer;
use crate::error::Result;
use crate::graphql::tree::{Field, Groups, Reading};
use async_graphql::Context;
use entity::{convening, county, district, region, team};
use sea_orm::sea_query::{self, Expr, ExprTrait as _, SelectStatement};
use sea_orm::{ConnectionTrait as _, QueryResult};

/// Counts by these dimensions.
pub(super) async fn participation(
    ctx: &Context<'_>,
    filter: ParticipationFilter,
    group_by: &[ParticipationDimension],
) -> Result<Vec<ParticipationRow>> {
    let mut dimensions = group_by.to_vec();
    dimensions.sort_unstable();
    dimensions.dedup();
    let (reading, field) = (Reading::of(ctx), Field::of(ctx));
    let rows = reading.db().query_all(&counted(reading.viewer, filter, &dimensions)?).await?;
    let grouped = |column: &str| dimensions.iter().any(|&dimension| name(dimension) == column);
    let of = |name| field.child("ParticipationRow", name).filter(|_| grouped(name));
    let convenings = Groups::read::<convening::Entity>(ctx, of("convening"), "convening", &rows).await?;
    let counties = Groups::read::<county::Entity>(ctx, of("county"), "county", &rows).await?;
    let regions = Groups::read::<region::Entity>(ctx, of("region"), "region", &rows).await?;
    let group = |row: &QueryResult| {
        let kind: Option<district::Kind> = column(row, "district_kind", &dimensions)?;
        Ok(ParticipationRow {
            convening: convenings.of(row)?,
            county: counties.of(row)?,
            region: regions.of(row)?,
            district_kind: kind.map(Into::into),
            year: column(row, "year", &dimensions)?,
            teams: row.try_get("", "teams")?,
            districts: row.try_get("", "districts")?,
        })
    };
    rows.iter().map(group).collect()
}

fn counted(
    viewer: &Viewer,
    filter: ParticipationFilter,
    dimensions: &[ParticipationDimension],
) -> Result<SelectStatement> {
    let tables = Attendance::new();
    let mut select = tables.select(viewer, filter)?;
    select
        .expr_as(Expr::cust("count(*)"), "teams")
        .expr_as(tables.team.col(team::Column::DistrictId).count_distinct(), "districts");
    for &dimension in dimensions {
        let (value, order) = by(&tables, dimension);
        select
            .expr_as(value.clone(), name(dimension))
            .add_group_by([value.clone(), order.clone()])
            // Convenings that began on one day stay apart.
            .order_by_expr(order, sea_query::Order::Asc)
            .order_by_expr(value, sea_query::Order::Asc);
    }
    Ok(select)
}

/// A dimension's value, and what its groups are ordered by.
fn by(tables: &Attendance, dimension: ParticipationDimension) -> (Expr, Expr) {
    match dimension {
        ParticipationDimension::Convening => {
            (tables.convening.computed("id"), tables.convening.col(convening::Column::StartsOn))
        }
        ParticipationDimension::County => (tables.county.computed("id"), tables.county.computed("sort_name")),
        ParticipationDimension::Region => (tables.region.computed("id"), tables.region.col(region::Column::Number)),
        ParticipationDimension::DistrictKind => {
            let kind = tables.district.col(district::Column::Kind);
            (kind.clone(), kind)
        }
        ParticipationDimension::Year => (tables.year(), tables.year()),
    }
}

fn name(dimension: ParticipationDimension) -> &'static str {
    match dimension {
        ParticipationDimension::Convening => "convening",
        ParticipationDimension::County => "county",
        ParticipationDimension::Region => "region",
        ParticipationDimension::DistrictKind => "district_kind",
        ParticipationDimension::Year => "year",
    }
}

fn column<T: sea_orm::TryGetable>(
    row: &QueryResult,
    column: &str,
    dimensions: &[ParticipationDimension],
) -> Result<Option<T>> {
    if dimensions.iter().any(|&dimension| name(dimension) == column) { Ok(row.try_get("", column)?) } else { Ok(None) }
}
