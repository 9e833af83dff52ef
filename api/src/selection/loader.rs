//! How selections and their outcomes are read.

use super::graphql::{Selection, SelectionOutcome};
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::graphql::tree::{Branch, Edge, Field, Key, KeyKind, Listing, Node, Order};
use crate::policy::{Action, Kind};
use entity::{account, convening, decision_publication, selection, selection_outcome, team};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use serde_json::Value;

impl Branch for selection::Entity {
    type Object = Selection;
    const TYPE: &'static str = "Selection";
    const OBJECT: fn(Node<Self>) -> Selection = Selection;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "convening" => Edge::one::<convening::Entity>(selection::Column::ConveningId),
            "shortfalls" => Edge::value::<Value>(shortfalls),
            "by" => Edge::value::<String>(by),
            "outcomes" => {
                Edge::many::<selection_outcome::Entity>(selection_outcome::Column::SelectionId, drawn().paged(field)?)
            }
            _ => return Ok(None),
        }))
    }
}

impl Branch for selection_outcome::Entity {
    type Object = SelectionOutcome;
    const TYPE: &'static str = "SelectionOutcome";
    const OBJECT: fn(Node<Self>) -> SelectionOutcome = SelectionOutcome;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "team" => Edge::one::<team::Entity>(selection_outcome::Column::TeamId),
            "selection" => Edge::one::<selection::Entity>(selection_outcome::Column::SelectionId),
            _ => return Ok(None),
        }))
    }
}

/// What is said of applicants of a group is said of few.
fn shortfalls(viewer: &Viewer, rows: &Alias) -> Expr {
    let may = viewer.allowed_with::<selection::Entity>(Kind::Decision, Action::Read, rows);
    Expr::cust_with_exprs("CASE WHEN $1 THEN $2 END", [may, rows.col(selection::Column::Shortfalls)])
}

fn by(viewer: &Viewer, rows: &Alias) -> Expr {
    rows.referred::<account::Entity>(
        selection::Column::MadeBy,
        |account| viewer.visible::<account::Entity>(account),
        |account| account.col(account::Column::DisplayName),
    )
}

/// In the order of the lottery.
fn drawn() -> Listing {
    let place = Key::new(KeyKind::Int, |rows| rows.col(selection_outcome::Column::LotteryPlace));
    Listing::new(Order::by("outcomes", vec![place]))
}

fn last_first() -> Listing {
    let number = Key::new(KeyKind::Int, |rows| rows.col(selection::Column::Number));
    Listing::new(Order::by("selections", vec![number]).reversed())
}

/// The selections of a convening, the last first.
pub(crate) fn of_convening() -> Edge {
    Edge::many::<selection::Entity>(selection::Column::ConveningId, last_first()).gated(Kind::Decision)
}

/// The selection behind the decisions on a convening's teams, once they are published.
pub(crate) fn published_of_convening() -> Edge {
    let published = last_first().filter(|rows| {
        let id = rows.col(selection::Column::Id);
        rows.exists::<decision_publication::Entity>(|publication| {
            publication.col(decision_publication::Column::SelectionId).eq(id)
        })
    });
    Edge::many::<selection::Entity>(selection::Column::ConveningId, published)
}

/// What came of selections for a team, the last first.
pub(crate) fn of_team() -> Edge {
    let number = Key::via(KeyKind::Int, |selection| selection.col(selection::Column::Number));
    let last_first = Order::by("outcomes.teams", vec![number])
        .through::<selection::Entity>(selection_outcome::Column::SelectionId)
        .reversed();
    Edge::many::<selection_outcome::Entity>(selection_outcome::Column::TeamId, Listing::new(last_first))
}
