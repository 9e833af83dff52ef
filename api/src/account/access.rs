//! Whose an account is: its own, and of whoever may see all.

use crate::database::{Alias, always, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::account::{self, Column};
use sea_orm::sea_query::Expr;

impl Resource for account::Entity {
    const KIND: Kind = Kind::Account;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::Any => always(),
            Reach::OwnAccount => any_of(rows.col(Column::Id), scopes.account),
            _ => never(),
        }
    }
}
