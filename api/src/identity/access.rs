//! Whose an identity is: of the account that it opens.

use crate::database::{Alias, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::identity::{self, Column};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for identity::Entity {
    const KIND: Kind = Kind::Identity;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        let linked = rows.col(Column::UnlinkedAt).is_null();
        match reach {
            Reach::Any => linked,
            Reach::OwnAccount => linked.and(any_of(rows.col(Column::AccountId), scopes.account)),
            _ => never(),
        }
    }
}
