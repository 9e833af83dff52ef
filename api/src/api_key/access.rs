//! Whose a key is: its organization's.

use crate::database::{Alias, always, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::api_key::{self, Column};
use sea_orm::sea_query::Expr;

impl Resource for api_key::Entity {
    const KIND: Kind = Kind::Key;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::Any => always(),
            Reach::OwnOrganization => any_of(rows.col(Column::OrganizationId), scopes.organizations.iter().copied()),
            _ => never(),
        }
    }
}
