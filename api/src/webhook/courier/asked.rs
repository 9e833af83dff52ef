//! What somebody asked to be sent: a test, or once more what was sent before. It is tried once, whatever else waits.

use super::Courier;
use super::claim::Claim;
use super::record::{self, Next};
use crate::auth::Viewer;
use crate::error::{Error, Result};
use crate::feed::{self, Place};
use entity::webhook_delivery::{Column, Entity, Event, Model, State};
use entity::webhook_endpoint;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveEnum as _, ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _, QueryOrder as _, Select,
};

/// What is to be sent to an endpoint because somebody asked for it.
fn waiting(endpoint: &webhook_endpoint::Model) -> Select<Entity> {
    let of_endpoint = Entity::find().filter(Column::EndpointId.eq(endpoint.id));
    of_endpoint.filter(Column::State.eq(State::Pending)).filter(Column::Asked.eq(true))
}

/// The next of those, in the order in which they were asked for.
pub(super) async fn next(db: &DatabaseConnection, endpoint: &webhook_endpoint::Model) -> Result<Option<Model>> {
    let next = waiting(endpoint).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
    Ok(next.one(db).await?)
}

/// Sends none of them.
pub(super) async fn give_up(db: &DatabaseConnection, endpoint: &webhook_endpoint::Model) -> Result<()> {
    let skip = Entity::update_many().col_expr(Column::State, Expr::value(State::Skipped.to_value()));
    let of_endpoint = skip.filter(Column::EndpointId.eq(endpoint.id));
    of_endpoint.filter(Column::State.eq(State::Pending)).filter(Column::Asked.eq(true)).exec(db).await?;
    Ok(())
}

impl Courier {
    /// Sends what was asked for, unless the owner may not be told it any more.
    pub(super) async fn send_asked(&self, claim: &mut Claim, owner: &Viewer, delivery: Model) -> Result<Next> {
        let may_be_told = self.may_still_be_told(owner, &delivery).await?;
        if !claim.holds(self.db()).await? {
            return Ok(Next::Stop);
        }
        let sent = if may_be_told { self.send(claim, &delivery).await? } else { None };
        let delivery = match sent {
            Some(outcome) => record::tried(delivery, outcome, self.now()),
            None => Model { state: State::Skipped, ..delivery },
        };
        record::asked(self.db(), delivery).await?;
        Ok(Next::GoOn)
    }

    /// Whether a change is still in the feed of the owner.
    async fn may_still_be_told(&self, owner: &Viewer, delivery: &Model) -> Result<bool> {
        let (Event::Change, Some(audience), Some(number)) = (delivery.event, delivery.audience, delivery.number) else {
            return Ok(true);
        };
        let before = Place { audience, number: number - 1 };
        match feed::after(&self.feeds, owner, before, (Vec::new(), 1)).await {
            Ok(found) => Ok(found.entries.first().is_some_and(|entry| entry.id == delivery.event_id)),
            Err(Error::OutOfStep(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
