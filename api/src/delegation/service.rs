//! What can be done with delegations.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{Meaning, Violations};
use crate::writing::{at_version, find_for, insert, refer, remove};
use entity::delegation::{Entity, Model};
use entity::ids::{ConveningId, DelegationId, OrganizationId};
use entity::source::Sources;
use entity::{convening, organization};
use sea_orm::ConnectionTrait;

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

const MEANINGS: &[Meaning] =
    &[("delegation_once", "organizationId", ViolationCode::Taken, "The organization is represented already.")];

/// Adds a delegation.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewDelegation) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Convening, Action::Create)?;
    let convening = find_for::<convening::Entity>(db, actor.viewer, new.convening, Action::Update).await;
    let convening = convening.map_err(|error| error.at_field("conveningId"))?.id;
    let mut violations = Violations::default();
    let organization = ("organizationId", Some(&mut new.organization));
    refer::<organization::Entity>(db, actor.viewer, organization, &mut violations).await?;
    let row = Model {
        id: DelegationId::new(),
        convening_id: convening,
        organization_id: new.organization,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    violations.sources("sources", &row.sources);
    violations.finish()?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Takes a delegation away.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: DelegationId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}
