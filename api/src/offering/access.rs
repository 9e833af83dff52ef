//! Offerings are shown to everybody and are nobody's own.

use crate::database::{Alias, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::offering;
use sea_orm::sea_query::Expr;

impl Resource for offering::Entity {
    const KIND: Kind = Kind::Directory;

    fn reached(_: Reach, _: &Scopes, _: &Alias) -> Expr {
        never()
    }
}
