//! What every node that people edit has besides its own fields: what the viewer may do with it, and its history.

use super::edge::Edge;
use super::field::Field;
use super::node::{Branch, Children};
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::graphql::{FieldResult, Nullable, Rows};
use crate::history::{self, HistoryEntry};
use crate::policy::{Action, Kind, RULES};
use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, Func};

/// The fields that are the same for every node that people edit. An object takes them in by a method that is marked
/// `#[graphql(flatten)]`.
pub(crate) struct Edited<'a>(pub(super) &'a Children);

/// What may be done with it, and what was.
#[Object]
#[expect(unused_variables, reason = "arguments are read when the tree is planned")]
impl Edited<'_> {
    /// What you may do with it: `update`, `delete` and the like, and the moves that its state allows now, as `announce`
    /// of a convening. A user interface shows just these.
    async fn can(&self, ctx: &Context<'_>) -> FieldResult<&[String]> {
        self.0.always::<Vec<String>>(ctx).map(Vec::as_slice)
    }

    /// Who changed what of it, when and why, the latest first; null for those who may not read it.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start: 0 to 100, 20 where nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only rows behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Nullable<Rows<'_, HistoryEntry>> {
        Some(self.0.one(ctx)?.map(Rows::Held))
    }
}

/// The edges of those fields.
pub(super) fn edge<E: Branch>(field: &Field<'_>) -> Result<Option<Edge>> {
    Ok(match field.name() {
        "can" => {
            let now = field.now();
            Some(Edge::value::<Vec<String>>(move |viewer, rows| can::<E>(viewer, rows, now)))
        }
        "history" => Some(history::of_row(field)?.gated(Kind::History)),
        _ => None,
    })
}

/// The words for what the viewer may do with a row: the acts of the policy and, for whoever may change it, the moves
/// that its state allows.
fn can<E: Branch>(viewer: &Viewer, rows: &Alias, now: DateTime<Utc>) -> Expr {
    let may = |action| viewer.allowed::<E>(action, rows);
    let acts =
        RULES.iter().filter(|rule| rule.kind == E::KIND && !matches!(rule.action, Action::Read | Action::Create));
    let acts = acts
        .filter(|rule| viewer.may_ever(rule.kind, rule.action))
        .map(|rule| (rule.action.word(), may(rule.action)))
        .collect::<Vec<_>>();
    let moves = if viewer.may_ever(E::KIND, Action::Update) { E::moves(viewer, rows, now) } else { Vec::new() };
    let moves = moves.into_iter().map(|(word, legal)| (word.to_owned(), may(Action::Update).and(legal)));
    let words = acts.into_iter().chain(moves);
    let words = words.map(|(word, may)| CaseStatement::new().case(may, Expr::val(word)).into());
    // Words that do not apply are null, and joining skips those.
    // The empty one is there for those who may do nothing at all: joining takes something to join.
    let joined = Func::cust("concat_ws").args([Expr::val(","), Expr::cust("NULL")].into_iter().chain(words));
    Func::cust("string_to_array").args([Expr::from(joined), Expr::val(",")]).into()
}
