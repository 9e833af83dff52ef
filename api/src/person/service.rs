//! What can be done with people and their affiliations.

use super::validate;
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, refused};
use chrono::NaiveDate;
use entity::ids::{AffiliationId, DistrictId, OrganizationId, PersonId};
use entity::source::Sources;
use entity::{affiliation, person};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};

/// A person to add.
#[derive(Clone, Debug)]
pub(crate) struct NewPerson {
    /// The short name in addresses.
    pub slug: String,
    /// The name.
    pub name: String,
    /// What the name is introduced by.
    pub honorific: Option<String>,
    /// A few sentences.
    pub biography: Option<String>,
    /// Whether everybody may see the person even without having spoken.
    pub is_public: bool,
    /// Where these facts come from.
    pub sources: Sources,
}

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

const MEANINGS: &[Meaning] = &[
    ("person_slug_key", "slug", ViolationCode::Taken, "Another person has this slug."),
    ("affiliation_once", "title", ViolationCode::Taken, "This affiliation is there already."),
    ("affiliation_person_fkey", "personId", ViolationCode::NotFound, "There is no such person."),
    ("affiliation_organization_fkey", "organizationId", ViolationCode::NotFound, "There is no such organization."),
    ("affiliation_district_fkey", "districtId", ViolationCode::NotFound, "There is no such district."),
];

/// Adds a person.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewPerson) -> Result<person::Model> {
    authorize(actor.viewer, Kind::Person, Action::Create)?;
    validate::new(&new)?;
    let row = person::ActiveModel {
        id: Set(PersonId::new()),
        slug: Set(new.slug),
        name: Set(new.name),
        honorific: Set(new.honorific),
        biography: Set(new.biography),
        is_public: Set(new.is_public),
        entered_by: Set(actor.account()),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}

/// Adds an affiliation.
pub(crate) async fn affiliate(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    new: NewAffiliation,
) -> Result<affiliation::Model> {
    authorize(actor.viewer, Kind::Person, Action::Create)?;
    validate::new_affiliation(&new)?;
    let row = affiliation::ActiveModel {
        id: Set(AffiliationId::new()),
        person_id: Set(new.person),
        organization_id: Set(new.organization),
        district_id: Set(new.district),
        title: Set(new.title),
        starts_on: Set(new.starts_on),
        ends_on: Set(new.ends_on),
        stated_on: Set(new.stated_on),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}
