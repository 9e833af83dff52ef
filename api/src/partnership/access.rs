//! Partnerships are shown to everybody.

use crate::database::{Alias, always};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::partnership;
use sea_orm::sea_query::Expr;

impl Resource for partnership::Entity {
    const KIND: Kind = Kind::Directory;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        always()
    }
}
