//! What can be done with organizations.

use super::validate;
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, refused};
use entity::ids::OrganizationId;
use entity::organization::{self, ActiveModel};
use entity::source::Sources;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};

/// An organization to add.
#[derive(Clone, Debug)]
pub(crate) struct NewOrganization {
    /// Its short name in addresses.
    pub slug: String,
    /// Its full name.
    pub name: String,
    /// The letters that it is known by.
    pub acronym: Option<String>,
    /// Other spellings.
    pub alternate_names: Vec<String>,
    /// What it is.
    pub kind: organization::Kind,
    /// Its site.
    pub website: Option<String>,
    /// What it is and does.
    pub description: Option<String>,
    /// What it is part of.
    pub parent: Option<OrganizationId>,
    /// Where these facts come from.
    pub sources: Sources,
}

const MEANINGS: &[Meaning] = &[
    ("organization_slug_key", "slug", ViolationCode::Taken, "Another organization has this slug."),
    ("organization_acronym_key", "acronym", ViolationCode::Taken, "Another organization has this acronym."),
    ("organization_parent_fkey", "parentId", ViolationCode::NotFound, "There is no such organization."),
];

/// Adds an organization.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    new: NewOrganization,
) -> Result<organization::Model> {
    authorize(actor.viewer, Kind::Directory, Action::Create)?;
    validate::new(&new)?;
    let row = ActiveModel {
        id: Set(OrganizationId::new()),
        slug: Set(new.slug),
        name: Set(new.name),
        acronym: Set(new.acronym),
        alternate_names: Set(new.alternate_names),
        kind: Set(new.kind),
        website: Set(new.website),
        description: Set(new.description),
        parent_id: Set(new.parent),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}
