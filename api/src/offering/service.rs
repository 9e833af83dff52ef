//! What can be done with offerings.

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::policy::{Action, Kind, authorize};
use crate::validation::Violations;
use entity::convening;
use entity::ids::OfferingId;
use entity::offering::{self, ActiveModel, Column};
use entity::source::Sources;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait as _, QueryOrder as _};

/// An offering to add, behind those that are there.
#[derive(Clone, Debug)]
pub(crate) struct NewOffering {
    /// What it is called.
    pub name: String,
    /// What sort of gathering it would be.
    pub kind: convening::Kind,
    /// Whether it is proposed, offered or retired.
    pub status: offering::Status,
    /// Whether participants named it among what they were most interested in.
    pub high_interest: bool,
    /// Where these facts come from.
    pub sources: Sources,
}

/// Adds an offering.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewOffering) -> Result<offering::Model> {
    authorize(actor.viewer, Kind::Directory, Action::Create)?;
    let mut violations = Violations::default();
    violations.title("name", &new.name);
    violations.finish()?;
    let last = offering::Entity::find().order_by_desc(Column::Position).one(db).await?;
    let row = ActiveModel {
        id: Set(OfferingId::new()),
        position: Set(last.map_or(1, |last| last.position + 1)),
        name: Set(new.name),
        kind: Set(new.kind),
        status: Set(new.status),
        high_interest: Set(new.high_interest),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(Error::from)
}
