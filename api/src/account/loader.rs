//! How accounts are read.

use super::graphql::Account;
use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::Result;
use crate::grant;
use crate::graphql::tree::{Branch, Edge, Field, Listing, Node, Order};
use crate::identity;
use crate::policy::{Action, Kind};
use entity::account::{self, Column};
use sea_orm::sea_query::Expr;

impl Branch for account::Entity {
    type Object = Account;
    const TYPE: &'static str = "Account";
    const OBJECT: fn(Node<Self>) -> Account = Account;

    fn edge(field: &Field<'_>) -> Result<Option<Edge>> {
        Ok(Some(match field.name() {
            "email" => Edge::value::<String>(address),
            "roles" => grant::held_by(field),
            "identities" => identity::of_account(),
            _ => return Ok(None),
        }))
    }
}

/// The address in full for its owner and whoever may read it, masked for whoever may only know of the account.
fn address(viewer: &Viewer, rows: &Alias) -> Expr {
    let full = viewer.allowed_with::<account::Entity>(Kind::AccountAddress, Action::Read, rows);
    let masked = Expr::cust_with_exprs("left($1, 1) || '***@***'", [rows.col(Column::Email)]);
    Expr::cust_with_exprs("CASE WHEN $1 THEN $2 ELSE $3 END", [full, rows.col(Column::Email), masked])
}

/// The accounts by name: never by address, which a cursor would give away.
pub(super) fn listing() -> Listing {
    Listing::new(Order::by_name("accounts.name"))
}
