//! Whose an organization is. Everybody may see all of them.

use crate::database::{Alias, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::organization::{self, Column};
use sea_orm::sea_query::Expr;

impl Resource for organization::Entity {
    const KIND: Kind = Kind::Directory;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::OwnOrganization => any_of(rows.col(Column::Id), scopes.organizations.iter().copied()),
            _ => never(),
        }
    }
}
