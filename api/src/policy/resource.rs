//! How a concept tells the policy about its rows.

use super::reach::{Reach, Scopes};
use super::table::{Action, Kind};
use crate::auth::Viewer;
use crate::database::Alias;
use sea_orm::EntityTrait;
use sea_orm::sea_query::Expr;

/// A table whose rows the policy decides about.
pub trait Resource: EntityTrait {
    /// The rows of the policy table that speak of it.
    const KIND: Kind;

    /// Which rows a reach takes in, said of the table under the name that it has in a statement.
    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr;

    /// What must hold besides for whoever may not do this with every row: a row that belongs to several is not one's own
    /// because a part of it is.
    fn besides(_viewer: &Viewer, _action: Action, _rows: &Alias) -> Option<Expr> {
        None
    }
}
