//! How releases, and what changed between two states of an agenda, are read.

use super::graphql::AgendaRelease;
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::policy::{Action, Kind, Resource};
use entity::agenda_release::{Column, Entity};
use entity::convening;
use sea_orm::sea_query::{self, SelectStatement};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, Func};
use serde_json::Value;

impl Branch for Entity {
    type Object = AgendaRelease;
    const TYPE: &'static str = "AgendaRelease";
    const OBJECT: fn(Node<Self>) -> AgendaRelease = AgendaRelease;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            // A release is seen with the agenda that it is of, and that after its convening.
            "convening" => Edge::one::<convening::Entity>(Column::ConveningId).implied(),
            "changesSince" => {
                let number: Option<i32> = field.argument("number")?;
                Edge::value::<Value>(move |viewer, rows| changes_since(viewer, rows, number))
            }
            _ => return Ok(None),
        }))
    }
}

/// The releases of a convening's agenda, the last first.
pub(crate) fn releases_of(field: &Field<'_>) -> Result<Edge> {
    let latest = Order::by("releases", vec![Key::new(KeyKind::Int, |rows| rows.col(Column::Number))]).reversed();
    Ok(Edge::many::<Entity>(Column::ConveningId, Listing::new(latest).paged(field)?))
}

/// What a release tells and what one before it told, with the numbers of both; null where there is no such release.
fn changes_since(viewer: &Viewer, rows: &Alias, number: Option<i32>) -> Expr {
    let number = number.map_or_else(|| rows.col(Column::Number).sub(1), Expr::val);
    let earlier = rows.with_suffix("e");
    let mut before = told(&earlier);
    before
        .and_where(earlier.col(Column::ConveningId).eq(rows.col(Column::ConveningId)))
        .and_where(earlier.col(Column::Number).eq(number.clone()));
    // Before the first release, there was nothing.
    let before =
        Expr::cust_with_exprs("CASE WHEN $1 = 0 THEN '{}'::jsonb ELSE $2 END", [number.clone(), value(before)]);
    let after = call("present_content", rows.computed("content"));
    seen::<Entity>(viewer, rows, states([number, before, rows.col(Column::Number), after]))
}

/// What an agenda tells as it is worked on and what its last release told; null where it was never released.
pub(crate) fn changes_since_release(viewer: &Viewer, convening: &Alias) -> Expr {
    let (number, before) = (value(last(convening, Column::Number)), value(last_told(convening)));
    let after = call("agenda_content", convening.col(convening::Column::Id));
    seen::<convening::Entity>(viewer, convening, states([number, before, Expr::cust("NULL::integer"), after]))
}

/// Whether an agenda tells anything else than its last release.
pub(crate) fn changed_since_release(viewer: &Viewer, convening: &Alias) -> Expr {
    seen::<convening::Entity>(viewer, convening, call("agenda_changed", convening.col(convening::Column::Id)))
}

/// A value for whoever sees the agenda as it is worked on; null for others.
fn seen<E: Resource>(viewer: &Viewer, rows: &Alias, shown: Expr) -> Expr {
    let may = viewer.allowed_with::<E>(Kind::WorkingAgenda, Action::Read, rows);
    CaseStatement::new().case(may, shown).into()
}

/// Two states with their numbers; null where there is no earlier one.
fn states([number, before, after_number, after]: [Expr; 4]) -> Expr {
    Expr::cust_with_exprs(
        "CASE WHEN $2 IS NOT NULL THEN jsonb_build_object('from', $1, 'before', $2, 'to', $3, 'after', $4) END",
        [number, before, after_number, after],
    )
}

fn told(rows: &Alias) -> SelectStatement {
    let mut select = rows.select_from::<Entity>();
    select.expr(call("present_content", rows.computed("content")));
    select
}

fn last_of(convening: &Alias, mut select: SelectStatement, rows: &Alias) -> SelectStatement {
    select
        .and_where(rows.col(Column::ConveningId).eq(convening.col(convening::Column::Id)))
        .order_by_expr(rows.col(Column::Number), sea_query::Order::Desc)
        .limit(1);
    select
}

fn last_told(convening: &Alias) -> SelectStatement {
    let rows = convening.with_suffix("e");
    last_of(convening, told(&rows), &rows)
}

fn last(convening: &Alias, column: Column) -> SelectStatement {
    let rows = convening.with_suffix("e");
    let mut select = rows.select_from::<Entity>();
    select.expr(rows.col(column));
    last_of(convening, select, &rows)
}

fn value(select: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(select.into()))
}

fn call(function: &'static str, of: Expr) -> Expr {
    Func::cust(function).arg(of).into()
}
