//! What can be done with delegations.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, refused};
use entity::delegation::{self, ActiveModel};
use entity::ids::{ConveningId, DelegationId, OrganizationId};
use entity::source::Sources;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};

/// A delegation to add.
#[derive(Clone, Debug)]
pub(crate) struct NewDelegation {
    /// The convening.
    pub convening: ConveningId,
    /// The organization.
    pub organization: OrganizationId,
    /// Where these facts come from.
    pub sources: Sources,
}

const MEANINGS: &[Meaning] = &[
    ("delegation_once", "organizationId", ViolationCode::Taken, "The organization is represented already."),
    ("delegation_convening_fkey", "conveningId", ViolationCode::NotFound, "There is no such convening."),
    ("delegation_organization_fkey", "organizationId", ViolationCode::NotFound, "There is no such organization."),
];

/// Adds a delegation.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    new: NewDelegation,
) -> Result<delegation::Model> {
    authorize(actor.viewer, Kind::Convening, Action::Create)?;
    let row = ActiveModel {
        id: Set(DelegationId::new()),
        convening_id: Set(new.convening),
        organization_id: Set(new.organization),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}
