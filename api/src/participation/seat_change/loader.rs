//! How changes of seat are read: one statement finds the page, one counts, one for each object reads what is selected.

use super::graphql::SeatChange;
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::graphql::Connection;
use crate::graphql::tree::{Derived, Field, Groups, Key, KeyKind, Order, Reading};
use crate::participation::attendance::Attendance;
use crate::participation::graphql::ParticipationFilter;
use crate::policy::{Action, Kind, authorize_some};
use async_graphql::Context;
use entity::{convening, person, team, team_member};
use sea_orm::QueryResult;
use sea_orm::sea_query::{Expr, ExprTrait as _, JoinType, Query, SelectStatement};

const TYPE: &str = "SeatChange";

/// A page of changes.
pub(super) async fn seat_changes(ctx: &Context<'_>, filter: ParticipationFilter) -> Result<Connection<SeatChange>> {
    let (reading, field) = (Reading::of(ctx), Field::of(ctx));
    authorize_some(reading.viewer, Kind::Roster, Action::Read)?;
    let order = Order::by("seatChanges", vec![Key::new(KeyKind::Date, |rows| rows.computed("starts_on"))]);
    let page = Derived { rows: changed(reading.viewer, filter)?, order }.page(&reading, &field, TYPE).await?;
    let of = |name| field.nodes(TYPE).and_then(|nodes| nodes.child(TYPE, name));
    let people = Groups::read::<person::Entity>(ctx, of("person"), "person_id", &page.rows).await?;
    let from = Groups::read::<team_member::Entity>(ctx, of("from"), "id_before", &page.rows).await?;
    let to = Groups::read::<team_member::Entity>(ctx, of("to"), "id", &page.rows).await?;
    page.connection(|row: &QueryResult| {
        if !(people.holds(row)? && from.holds(row)? && to.holds(row)?) {
            return Ok(None);
        }
        Ok(Some(SeatChange {
            person: people.of(row)?,
            from: from.of(row)?,
            to: to.of(row)?,
            seat: row.try_get("", "another_seat")?,
            district: row.try_get("", "another_district")?,
        }))
    })
}

/// Every seat that a person held, where it or the district is not that of the time before.
fn changed(viewer: &Viewer, filter: ParticipationFilter) -> Result<SelectStatement> {
    let held = Alias::new("held");
    let differs = |now: &'static str, before: &'static str| held.computed(now).ne(held.computed(before));
    let (seat, district) = (differs("seat", "seat_before"), differs("district_id", "district_before"));
    let mut select = Query::select();
    select
        .from_subquery(seats(viewer, filter)?, &held)
        .exprs(["id", "id_before", "person_id", "starts_on"].map(|column| held.computed(column)))
        .expr_as(seat.clone(), "another_seat")
        .expr_as(district.clone(), "another_district")
        .and_where(held.computed("id_before").is_not_null())
        .and_where(seat.or(district));
    Ok(select)
}

/// Every seat that the viewer may see, each with the one that the same person held the time before.
fn seats(viewer: &Viewer, filter: ParticipationFilter) -> Result<SelectStatement> {
    let (tables, member) = (Attendance::new(), Alias::new("m"));
    let mut select = tables.select(viewer, filter)?;
    let on = member.col(team_member::Column::TeamId).eq(tables.team.computed("id"));
    select
        .join_as(JoinType::InnerJoin, team_member::Entity, &member, on)
        .and_where(viewer.visible::<team_member::Entity>(&member));
    let (person, starts_on) =
        (member.col(team_member::Column::PersonId), tables.convening.col(convening::Column::StartsOn));
    let before = |value: Expr| {
        let window = [value, person.clone(), starts_on.clone(), tables.convening.computed("id")];
        Expr::cust_with_exprs("lag($1) OVER (PARTITION BY $2 ORDER BY $3, $4)", window)
    };
    let held = [
        (member.computed("id"), "id", "id_before"),
        (member.col(team_member::Column::Seat), "seat", "seat_before"),
        (tables.team.col(team::Column::DistrictId), "district_id", "district_before"),
    ];
    for (value, now, time_before) in held {
        select.expr_as(value.clone(), now).expr_as(before(value), time_before);
    }
    select.expr_as(person, "person_id").expr_as(starts_on, "starts_on");
    Ok(select)
}
