//! How many are there: counted when it is asked.

use super::graphql::{CheckIns, SeatCheckIns};
use crate::database::{Alias, any_of, one_of};
use crate::error::Result;
use crate::graphql::tree::{Edge, Erased, Listing, Order, Reading};
use crate::policy::Kind;
use entity::seat::Seat;
use entity::team::Status;
use entity::{team, team_member};
use futures_util::future::{BoxFuture, FutureExt as _};
use sea_orm::sea_query::{Expr, ExprTrait as _, JoinType, SelectStatement};
use sea_orm::{ActiveEnum as _, ConnectionTrait as _, Iterable as _};
use std::collections::HashMap;
use uuid::Uuid;

/// The teams that were to come, whether or not it is settled that they came.
const EXPECTED: [Status; 3] = [Status::Confirmed, Status::Attended, Status::NoShow];

/// How many are there of a convening, for whoever may see of all its teams who is.
pub(crate) fn of_convening() -> Edge {
    Edge::loaded(load).gated(Kind::CheckIn)
}

/// A member who is there, for whoever may see it.
pub(super) fn member(key: Uuid) -> Listing {
    use team_member::Column::{CheckedInAt, Id};
    let by_key = Order::by("check_ins", Vec::new());
    Listing::new(by_key).filter(move |rows| rows.col(Id).eq(key).and(rows.col(CheckedInAt).is_not_null()))
}

/// Two statements for any number of convenings.
fn load(convenings: Vec<Uuid>, reading: Reading<'_>) -> BoxFuture<'_, Result<HashMap<Uuid, Erased>>> {
    async move {
        let mut counts: HashMap<Uuid, CheckIns> =
            convenings.iter().map(|&convening| (convening, CheckIns::default())).collect();
        let rows = Alias::new("t");
        let of = rows.col(team::Column::ConveningId);
        for row in reading.db().query_all(&teams(&rows, &reading, &convenings, of)).await? {
            let Some(counts) = counts.get_mut(&row.try_get("", "convening_id")?) else { continue };
            counts.expected_teams = row.try_get("", "expected")?;
            counts.checked_in_teams = row.try_get("", "there")?;
        }
        let mut by_seat: HashMap<Uuid, Vec<SeatCheckIns>> = HashMap::new();
        for row in reading.db().query_all(&members(&rows, &reading, &convenings)).await? {
            let seat: Seat = row.try_get("", "seat")?;
            let (expected, checked_in) = (row.try_get("", "expected")?, row.try_get("", "there")?);
            let of = by_seat.entry(row.try_get("", "convening_id")?).or_default();
            of.push(SeatCheckIns { seat: seat.into(), expected, checked_in });
        }
        for (convening, counts) in &mut counts {
            let found = by_seat.remove(convening).unwrap_or_default();
            counts.expected_members = found.iter().map(|seat| seat.expected).sum();
            counts.checked_in_members = found.iter().map(|seat| seat.checked_in).sum();
            counts.by_seat = in_order(found);
        }
        Ok(counts.into_iter().map(|(key, counts)| (key, Box::new(counts) as Erased)).collect())
    }
    .boxed()
}

/// The seats in their order.
fn in_order(mut found: Vec<SeatCheckIns>) -> Vec<SeatCheckIns> {
    let place = |seat: &SeatCheckIns| Seat::iter().position(|each| crate::team::Seat::from(each) == seat.seat);
    found.sort_by_key(place);
    found
}

/// The teams that were to come, by convening, and those of which anybody is there.
fn teams(rows: &Alias, reading: &Reading<'_>, convenings: &[Uuid], of: Expr) -> SelectStatement {
    let anybody = rows.exists::<team_member::Entity>(|member| {
        let own = member.col(team_member::Column::TeamId).eq(rows.col(team::Column::Id));
        own.and(member.col(team_member::Column::CheckedInAt).is_not_null())
    });
    let mut select = rows.select_from::<team::Entity>();
    select
        .expr_as(of.clone(), "convening_id")
        .expr_as(Expr::cust("count(*)"), "expected")
        .expr_as(Expr::cust_with_exprs("count(*) FILTER (WHERE $1)", [anybody]), "there")
        .and_where(any_of(of.clone(), convenings.iter().copied()))
        .and_where(expected(rows))
        .and_where(reading.viewer.visible::<team::Entity>(rows))
        .add_group_by([of]);
    select
}

/// Their members, by convening and seat, and those who are there.
fn members(rows: &Alias, reading: &Reading<'_>, convenings: &[Uuid]) -> SelectStatement {
    let member = Alias::new("m");
    let (of, seat) = (member.col(team_member::Column::ConveningId), member.col(team_member::Column::Seat));
    let own = rows.col(team::Column::Id).eq(member.col(team_member::Column::TeamId));
    let mut select = member.select_from::<team_member::Entity>();
    select
        .expr_as(of.clone(), "convening_id")
        .expr_as(seat.clone(), "seat")
        .expr_as(Expr::cust("count(*)"), "expected")
        .expr_as(Expr::cust_with_exprs("count($1)", [member.col(team_member::Column::CheckedInAt)]), "there")
        .join_as(JoinType::InnerJoin, team::Entity, rows, own)
        .and_where(any_of(of.clone(), convenings.iter().copied()))
        .and_where(expected(rows))
        .and_where(reading.viewer.visible::<team_member::Entity>(&member))
        .add_group_by([of, seat]);
    select
}

fn expected(team: &Alias) -> Expr {
    one_of(team.col(team::Column::Status), EXPECTED.map(|status| status.to_value()).to_vec())
}
