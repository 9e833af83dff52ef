//! How participation is counted: one statement counts, one for each type reads what is selected of the groups.

use super::graphql::{ParticipationDimension, ParticipationFilter, ParticipationRow};
use crate::auth::Viewer;
use crate::convening::Convening;
use crate::database::{Alias, one_of};
use crate::district::named_county;
use crate::error::Result;
use crate::geography::{County, Region, known};
use crate::graphql::tree::{self, Branch, Field, Reading};
use crate::graphql::{GlobalId, NodeType, words};
use crate::team::attended;
use async_graphql::Context;
use entity::ids::ConveningId;
use entity::{convening, county, district, region, team};
use sea_orm::sea_query::{self, Expr, ExprTrait as _, JoinType, SelectStatement};
use sea_orm::{ConnectionTrait as _, QueryResult};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The tables of the statement.
struct Tables {
    team: Alias,
    convening: Alias,
    district: Alias,
    county: Alias,
    region: Alias,
}

/// Counts by these dimensions.
pub(super) async fn participation(
    ctx: &Context<'_>,
    filter: ParticipationFilter,
    group_by: &[ParticipationDimension],
) -> Result<Vec<ParticipationRow>> {
    let mut dimensions = group_by.to_vec();
    dimensions.sort_unstable();
    dimensions.dedup();
    let reading = Reading::of(ctx);
    let rows = reading.db().query_all(&counted(reading.viewer, filter, &dimensions)?).await?;
    let convenings: Groups<Convening> = groups::<convening::Entity>(ctx, &rows, "convening", &dimensions).await?;
    let counties: Groups<County> = groups::<county::Entity>(ctx, &rows, "county", &dimensions).await?;
    let regions: Groups<Region> = groups::<region::Entity>(ctx, &rows, "region", &dimensions).await?;
    let group = |row: &QueryResult| {
        Ok(ParticipationRow {
            convening: named(row, "convening", &convenings)?,
            county: named(row, "county", &counties)?,
            region: named(row, "region", &regions)?,
            district_kind: column::<district::Kind>(row, "district_kind", &dimensions)?.map(Into::into),
            year: column(row, "year", &dimensions)?,
            teams: row.try_get("", "teams")?,
            districts: row.try_get("", "districts")?,
        })
    };
    rows.iter().map(group).collect()
}

/// Groups by key.
type Groups<T> = HashMap<Uuid, Arc<T>>;

fn counted(
    viewer: &Viewer,
    filter: ParticipationFilter,
    dimensions: &[ParticipationDimension],
) -> Result<SelectStatement> {
    let tables = Tables {
        team: Alias::new("t"),
        convening: Alias::new("c"),
        district: Alias::new("d"),
        county: Alias::new("k"),
        region: Alias::new("r"),
    };
    let mut select = tables.joined();
    select
        .expr_as(Expr::cust("count(*)"), "teams")
        .expr_as(tables.team.col(team::Column::DistrictId).count_distinct(), "districts")
        .and_where(attended(viewer, &tables.team));
    for &dimension in dimensions {
        let (value, order) = tables.dimension(dimension);
        select
            .expr_as(value.clone(), name(dimension))
            .add_group_by([value.clone(), order.clone()])
            // Convenings that began on one day stay apart.
            .order_by_expr(order, sea_query::Order::Asc)
            .order_by_expr(value, sea_query::Order::Asc);
    }
    let starts_on = tables.convening.col(convening::Column::StartsOn);
    if let Some(id) = filter.convening {
        let key = GlobalId::key_of::<ConveningId>(&id, NodeType::Convening)?;
        select.and_where(tables.team.col(team::Column::ConveningId).eq(key));
    }
    if let Some(from) = filter.from {
        select.and_where(starts_on.clone().gte(from.0));
    }
    if let Some(to) = filter.to {
        select.and_where(starts_on.lte(to.0));
    }
    if let Some(names) = filter.county {
        select.and_where(named_county(&tables.county, &known::counties(&names)?));
    }
    if let Some(kinds) = filter.kind {
        select.and_where(one_of(tables.district.col(district::Column::Kind), words::<district::Kind>(kinds)));
    }
    if let Some(day) = filter.as_of {
        select.and_where(tables.team.col(team::Column::AttendedOn).lte(day.0));
    }
    Ok(select)
}

impl Tables {
    fn joined(&self) -> SelectStatement {
        let mut select = self.team.select_from::<team::Entity>();
        let on = self.convening.computed("id").eq(self.team.col(team::Column::ConveningId));
        select.join_as(JoinType::InnerJoin, convening::Entity, &self.convening, on);
        let on = self.district.computed("id").eq(self.team.col(team::Column::DistrictId));
        select.join_as(JoinType::InnerJoin, district::Entity, &self.district, on);
        let on = self.county.computed("id").eq(self.district.col(district::Column::CountyId));
        select.join_as(JoinType::LeftJoin, county::Entity, &self.county, on);
        let on = self.region.computed("id").eq(self.county.col(county::Column::RegionId));
        select.join_as(JoinType::LeftJoin, region::Entity, &self.region, on);
        select
    }

    /// A dimension's value, and what its groups are ordered by.
    fn dimension(&self, dimension: ParticipationDimension) -> (Expr, Expr) {
        match dimension {
            ParticipationDimension::Convening => {
                (self.convening.computed("id"), self.convening.col(convening::Column::StartsOn))
            }
            ParticipationDimension::County => (self.county.computed("id"), self.county.computed("sort_name")),
            ParticipationDimension::Region => (self.region.computed("id"), self.region.col(region::Column::Number)),
            ParticipationDimension::DistrictKind => {
                let kind = self.district.col(district::Column::Kind);
                (kind.clone(), kind)
            }
            ParticipationDimension::Year => {
                let starts_on = self.convening.col(convening::Column::StartsOn);
                let year = Expr::cust_with_exprs("extract(year from $1)::integer", [starts_on]);
                (year.clone(), year)
            }
        }
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

/// What the rows were grouped by, with what is selected of it.
async fn groups<E: Branch>(
    ctx: &Context<'_>,
    rows: &[QueryResult],
    dimension: &str,
    dimensions: &[ParticipationDimension],
) -> Result<Groups<E::Object>> {
    let Some(field) = Field::of(ctx).child("ParticipationRow", dimension) else { return Ok(Groups::new()) };
    let mut keys = Vec::new();
    for row in rows {
        keys.extend(column::<Uuid>(row, dimension, dimensions)?);
    }
    if keys.is_empty() {
        return Ok(Groups::new());
    }
    let objects = tree::by_keys::<E>(ctx, &field, keys).await?;
    Ok(objects.into_iter().map(|(key, object)| (key, Arc::new(object))).collect())
}

fn named<T>(row: &QueryResult, dimension: &str, groups: &Groups<T>) -> Result<Option<Arc<T>>> {
    if groups.is_empty() {
        return Ok(None);
    }
    let key: Option<Uuid> = row.try_get("", dimension)?;
    Ok(key.and_then(|key| groups.get(&key).cloned()))
}
