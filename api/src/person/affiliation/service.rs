//! What can be done with affiliations: whatever may be done with their person.

use super::validate;
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{Meaning, Violations};
use crate::writing::{Patch, at_version, find_for, insert, refer, remove, save};
use chrono::NaiveDate;
use entity::affiliation::{Entity, Model};
use entity::ids::{AffiliationId, DistrictId, OrganizationId, PersonId};
use entity::source::Sources;
use entity::{district, organization, person};
use sea_orm::ConnectionTrait;

/// An affiliation to add: with exactly one of organization and district.
#[derive(Clone, Debug)]
pub(crate) struct NewAffiliation {
    /// Who.
    pub person: PersonId,
    /// At which organization.
    pub organization: Option<OrganizationId>,
    /// At which district.
    pub district: Option<DistrictId>,
    /// The title.
    pub title: Option<String>,
    /// Its first day.
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    pub ends_on: Option<NaiveDate>,
    /// The day of the document that states it.
    pub stated_on: Option<NaiveDate>,
    /// Where these facts come from.
    pub sources: Sources,
}

/// What is to change of an affiliation. Whose it is stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct AffiliationPatch {
    /// At which organization.
    pub organization: Patch<OrganizationId>,
    /// At which district.
    pub district: Patch<DistrictId>,
    /// The title.
    pub title: Patch<String>,
    /// Its first day.
    pub starts_on: Patch<NaiveDate>,
    /// Its last day.
    pub ends_on: Patch<NaiveDate>,
    /// The day of the document that states it.
    pub stated_on: Patch<NaiveDate>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

const MEANINGS: &[Meaning] = &[(
    "affiliation_once",
    "title",
    ViolationCode::Taken,
    "The person has this title there from this day already. Change that affiliation, or give another title or day.",
)];

/// Adds an affiliation.
pub(crate) async fn affiliate(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewAffiliation) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Person, Action::Create)?;
    let mut violations = Violations::default();
    refer::<person::Entity>(db, actor.viewer, ("personId", Some(&mut new.person)), &mut violations).await?;
    refer::<organization::Entity>(db, actor.viewer, ("organizationId", new.organization.as_mut()), &mut violations)
        .await?;
    refer::<district::Entity>(db, actor.viewer, ("districtId", new.district.as_mut()), &mut violations).await?;
    let row = Model {
        id: AffiliationId::new(),
        person_id: new.person,
        organization_id: new.organization,
        district_id: new.district,
        title: new.title,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        stated_on: new.stated_on,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate::affiliation(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Changes what is named of an affiliation.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: AffiliationId,
    version: i32,
    mut patch: AffiliationPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    refer::<organization::Entity>(
        db,
        actor.viewer,
        ("organizationId", patch.organization.value_mut()),
        &mut violations,
    )
    .await?;
    refer::<district::Entity>(db, actor.viewer, ("districtId", patch.district.value_mut()), &mut violations).await?;
    let mut row = before.clone();
    patch.organization.apply(&mut row.organization_id);
    patch.district.apply(&mut row.district_id);
    patch.title.apply(&mut row.title);
    patch.starts_on.apply(&mut row.starts_on);
    patch.ends_on.apply(&mut row.ends_on);
    patch.stated_on.apply(&mut row.stated_on);
    patch.sources.apply_or_default(&mut row.sources);
    validate::affiliation(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Takes away an affiliation that never was.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: AffiliationId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}
