//! How a concept tells the policy about its rows.

use super::reach::{Reach, Scopes};
use super::table::Kind;
use crate::database::Alias;
use sea_orm::EntityTrait;
use sea_orm::sea_query::Expr;

/// A table whose rows the policy decides about.
pub trait Resource: EntityTrait {
    /// The rows of the policy table that speak of it.
    const KIND: Kind;

    /// Which rows a reach takes in, said of the table under the name that it has in a statement.
    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr;
}
