//! Whose an endpoint is: of the account or the key that made it. What was sent there is its owner's, too.

use crate::database::{Alias, always, any_of, never};
use crate::policy::{Kind, Reach, Resource, Scopes};
use entity::webhook_endpoint::Column;
use entity::{webhook_delivery, webhook_endpoint};
use sea_orm::sea_query::{Expr, ExprTrait as _};

impl Resource for webhook_endpoint::Entity {
    const KIND: Kind = Kind::Webhook;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::Any => always(),
            Reach::OwnCredential => {
                any_of(rows.col(Column::AccountId), scopes.account).or(any_of(rows.col(Column::ApiKeyId), scopes.key))
            }
            _ => never(),
        }
    }
}

impl Resource for webhook_delivery::Entity {
    const KIND: Kind = Kind::Webhook;

    fn reached(reach: Reach, scopes: &Scopes, rows: &Alias) -> Expr {
        match reach {
            Reach::Any => always(),
            _ => rows.refers_to::<webhook_endpoint::Entity>(webhook_delivery::Column::EndpointId, |endpoint| {
                webhook_endpoint::Entity::reached(reach, scopes, endpoint)
            }),
        }
    }
}
