//! Partnerships are shown to everybody. Neither of the two may speak for both, so none is anybody's own.

use crate::database::{Alias, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::partnership;
use sea_orm::sea_query::Expr;

impl Resource for partnership::Entity {
    const KIND: Kind = Kind::Directory;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        never()
    }
}
