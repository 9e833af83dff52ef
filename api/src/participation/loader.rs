//! How participation is counted: one statement counts, and reads what is selected of the groups.

use super::attendance::Attendance;
use super::graphql::{ParticipationDimension, ParticipationFilter, ParticipationRow};
use crate::auth::Viewer;
use crate::error::Result;
use crate::graphql::One;
use crate::graphql::tree::{Field, Grouping, Reading, place};
use async_graphql::Context;
use entity::{convening, county, district, region, team};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Expr, ExprTrait as _, SelectStatement};

/// The type of a group.
const ROW: &str = "ParticipationRow";

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
    let grouped = |dimension: &str| dimensions.iter().any(|&by| name(by) == dimension);
    let of = |name: &str| field.child(ROW, name).filter(|_| grouped(name));
    let mut grouping = Grouping::new(reading);
    let convening = grouping.join::<convening::Entity>(of("convening").as_ref(), "convening");
    let county = grouping.join::<county::Entity>(of("county").as_ref(), "county");
    let region = grouping.join::<region::Entity>(of("region").as_ref(), "region");
    let districts = field.child(ROW, "districts").is_some();
    let order: Vec<String> = (0..2 * dimensions.len()).map(order).collect();
    let groups = grouping.read(counted(reading.viewer, filter, &dimensions, districts)?, &order).await?;
    let Some(first) = groups.rows.first() else { return Ok(Vec::new()) };
    let place_of = |dimension| grouped(dimension).then(|| place(first, dimension)).transpose();
    let (kind, year) = (place_of("district_kind")?, place_of("year")?);
    let (teams, districts) = (place(first, "teams")?, place(first, "districts")?);
    let row = |row: &QueryResult| {
        let kind: Option<district::Kind> =
            kind.map(|kind| row.try_get_by_index::<Option<_>>(kind)).transpose()?.flatten();
        Ok(ParticipationRow {
            convening: groups.object::<convening::Entity>(row, convening)?.map(One),
            county: groups.object::<county::Entity>(row, county)?.map(One),
            region: groups.object::<region::Entity>(row, region)?.map(One),
            district_kind: kind.map(Into::into),
            year: year.map(|year| row.try_get_by_index::<Option<_>>(year)).transpose()?.flatten(),
            teams: row.try_get_by_index(teams)?,
            districts: row.try_get_by_index(districts)?,
        })
    };
    groups.rows.iter().map(row).collect()
}

/// The groups, with how many teams each has, and how many districts where those are asked for: each counts once, which takes
/// putting them in order.
fn counted(
    viewer: &Viewer,
    filter: ParticipationFilter,
    dimensions: &[ParticipationDimension],
    districts: bool,
) -> Result<SelectStatement> {
    let tables = Attendance::new();
    let mut select = tables.select(viewer, filter)?;
    let different = tables.team.col(team::Column::DistrictId).count_distinct();
    select
        .expr_as(Expr::cust("count(*)"), "teams")
        .expr_as(if districts { different } else { Expr::cust("0::bigint") }, "districts");
    for (i, &dimension) in dimensions.iter().enumerate() {
        let (value, by) = by(&tables, dimension);
        select
            .expr_as(value.clone(), name(dimension))
            // Convenings that began on one day stay apart.
            .expr_as(by.clone(), order(2 * i))
            .expr_as(value.clone(), order(2 * i + 1))
            .add_group_by([value, by]);
    }
    Ok(select)
}

/// The columns that groups are ordered by.
fn order(i: usize) -> String {
    format!("o{i}")
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
