//! What can be done with sponsorships.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, Violations, refused};
use entity::ids::{ConveningId, OrganizationId, SponsorshipId};
use entity::source::Sources;
use entity::sponsorship::{self, ActiveModel};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};

/// A sponsorship to add.
#[derive(Clone, Debug)]
pub(crate) struct NewSponsorship {
    /// The convening.
    pub convening: ConveningId,
    /// The organization.
    pub organization: OrganizationId,
    /// What it does for the convening.
    pub role: sponsorship::Role,
    /// Its place among those in the same role, from 1.
    pub position: i32,
    /// Where these facts come from.
    pub sources: Sources,
}

const MEANINGS: &[Meaning] = &[
    ("sponsorship_once", "organizationId", ViolationCode::Taken, "The organization has this role already."),
    ("sponsorship_position_key", "position", ViolationCode::Taken, "Another organization has this place."),
    ("sponsorship_convening_fkey", "conveningId", ViolationCode::NotFound, "There is no such convening."),
    ("sponsorship_organization_fkey", "organizationId", ViolationCode::NotFound, "There is no such organization."),
];

/// Adds a sponsorship.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    new: NewSponsorship,
) -> Result<sponsorship::Model> {
    authorize(actor.viewer, Kind::Convening, Action::Create)?;
    let mut violations = Violations::default();
    violations.check(new.position > 0, "position", "Places are counted from 1.");
    violations.finish()?;
    let row = ActiveModel {
        id: Set(SponsorshipId::new()),
        convening_id: Set(new.convening),
        organization_id: Set(new.organization),
        role: Set(new.role),
        position: Set(new.position),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}
