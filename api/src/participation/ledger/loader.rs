//! How the ledger is read: one statement for the page, one for its count, one for each object that is selected.

use super::graphql::DistrictParticipation;
use crate::auth::Viewer;
use crate::error::Result;
use crate::graphql::Connection;
use crate::graphql::tree::{Derived, Field, Groups, Key, KeyKind, Order, Reading};
use crate::participation::attendance::Attendance;
use crate::participation::graphql::ParticipationFilter;
use async_graphql::Context;
use entity::{convening, district};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Expr, SelectStatement};

const TYPE: &str = "DistrictParticipation";

/// A page of the ledger.
pub(super) async fn ledger(
    ctx: &Context<'_>,
    filter: ParticipationFilter,
) -> Result<Connection<DistrictParticipation>> {
    let (reading, field) = (Reading::of(ctx), Field::of(ctx));
    let name = Key::new(KeyKind::Text, |rows| rows.computed("name"));
    let order = Order::by("districtParticipation", vec![name]);
    let page = Derived { rows: by_district(reading.viewer, filter)?, order }.page(&reading, &field, TYPE).await?;
    let of = |name| field.nodes(TYPE).and_then(|nodes| nodes.child(TYPE, name));
    let districts = Groups::read::<district::Entity>(ctx, of("district"), "id", &page.rows).await?;
    let first = Groups::read::<convening::Entity>(ctx, of("firstConvening"), "first", &page.rows).await?;
    let last = Groups::read::<convening::Entity>(ctx, of("lastConvening"), "last", &page.rows).await?;
    page.connection(|row: &QueryResult| {
        if !(districts.holds(row)? && first.holds(row)? && last.holds(row)?) {
            return Ok(None);
        }
        Ok(Some(DistrictParticipation {
            district: districts.of(row)?,
            first: first.of(row)?,
            last: last.of(row)?,
            convenings: row.try_get("", "convenings")?,
            years: row.try_get("", "years")?,
        }))
    })
}

/// A row for each district that took part.
fn by_district(viewer: &Viewer, filter: ParticipationFilter) -> Result<SelectStatement> {
    let tables = Attendance::new();
    let mut select = tables.select(viewer, filter)?;
    let (district, name) = (tables.district.computed("id"), tables.district.computed("sort_name"));
    let at = || [tables.convening.computed("id"), tables.convening.col(convening::Column::StartsOn)];
    select
        .expr_as(district.clone(), "id")
        .expr_as(name.clone(), "name")
        .expr_as(Expr::cust("count(*)"), "convenings")
        .expr_as(Expr::cust_with_exprs("(array_agg($1 ORDER BY $2, $1))[1]", at()), "first")
        .expr_as(Expr::cust_with_exprs("(array_agg($1 ORDER BY $2 DESC, $1 DESC))[1]", at()), "last")
        .expr_as(Expr::cust_with_exprs("array_agg(DISTINCT $1)", [tables.year()]), "years")
        .add_group_by([district, name]);
    Ok(select)
}
