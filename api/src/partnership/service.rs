//! What can be done with partnerships.

use super::validate;
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{Meaning, Violations};
use crate::writing::{Patch, at_version, find_for, insert, refer, remove, save};
use entity::ids::{DistrictId, OrganizationId, PartnershipId};
use entity::partnership::{Entity, Model};
use entity::source::Sources;
use entity::{district, organization};
use sea_orm::ConnectionTrait;

/// A partnership to add.
#[derive(Clone, Debug)]
pub(crate) struct NewPartnership {
    /// The district.
    pub district: DistrictId,
    /// The union.
    pub organization: OrganizationId,
    /// Since which year.
    pub since_year: Option<i32>,
    /// The agreement that lays it down.
    pub codified_in: Option<String>,
    /// What they work on together.
    pub description: Option<String>,
    /// Where these facts come from.
    pub sources: Sources,
}

/// What is to change of a partnership. Whose it is stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct PartnershipPatch {
    /// Since which year.
    pub since_year: Patch<i32>,
    /// The agreement that lays it down.
    pub codified_in: Patch<String>,
    /// What they work on together.
    pub description: Patch<String>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

const MEANINGS: &[Meaning] =
    &[("partnership_once", "organizationId", ViolationCode::Taken, "The two have a partnership already.")];

/// Adds a partnership.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewPartnership) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Directory, Action::Create)?;
    let mut violations = Violations::default();
    refer::<district::Entity>(db, actor.viewer, ("districtId", Some(&mut new.district)), &mut violations).await?;
    refer::<organization::Entity>(db, actor.viewer, ("organizationId", Some(&mut new.organization)), &mut violations)
        .await?;
    let row = Model {
        id: PartnershipId::new(),
        district_id: new.district,
        organization_id: new.organization,
        since_year: new.since_year,
        codified_in: new.codified_in,
        description: new.description,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate::partnership(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Changes what is named of a partnership.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: PartnershipId,
    version: i32,
    patch: PartnershipPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.since_year.apply(&mut row.since_year);
    patch.codified_in.apply(&mut row.codified_in);
    patch.description.apply(&mut row.description);
    patch.sources.apply_or_default(&mut row.sources);
    validate::partnership(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Takes away a partnership.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: PartnershipId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}
