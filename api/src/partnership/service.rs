//! What can be done with partnerships.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, Violations, refused};
use entity::ids::{DistrictId, OrganizationId, PartnershipId};
use entity::partnership::{self, ActiveModel};
use entity::source::Sources;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};

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

const MEANINGS: &[Meaning] = &[
    ("partnership_once", "organizationId", ViolationCode::Taken, "The two have a partnership already."),
    ("partnership_district_fkey", "districtId", ViolationCode::NotFound, "There is no such district."),
    ("partnership_organization_fkey", "organizationId", ViolationCode::NotFound, "There is no such organization."),
];

/// Adds a partnership.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    new: NewPartnership,
) -> Result<partnership::Model> {
    authorize(actor.viewer, Kind::Directory, Action::Create)?;
    let mut violations = Violations::default();
    let sensible = new.since_year.is_none_or(|year| (1850..=2200).contains(&year));
    violations.check(sensible, "sinceYear", "Give a year from 1850 to 2200.");
    violations.finish()?;
    let row = ActiveModel {
        id: Set(PartnershipId::new()),
        district_id: Set(new.district),
        organization_id: Set(new.organization),
        since_year: Set(new.since_year),
        codified_in: Set(new.codified_in),
        description: Set(new.description),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}
