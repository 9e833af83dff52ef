//! What can be done with organizations.

use super::validate;
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{Meaning, Violations};
use crate::writing::{Patch, at_version, find_for, free_slug, insert, refer, remove, save};
use entity::ids::OrganizationId;
use entity::organization::{self, Entity, Model};
use entity::source::Sources;
use sea_orm::{ConnectionTrait, EntityTrait as _};
use std::collections::HashSet;

/// An organization to add.
#[derive(Clone, Debug)]
pub(crate) struct NewOrganization {
    /// Its short name in addresses; made from the name where nothing is said.
    pub slug: Option<String>,
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

/// What is to change of an organization.
#[derive(Clone, Debug, Default)]
pub(crate) struct OrganizationPatch {
    /// Its full name.
    pub name: Patch<String>,
    /// The letters that it is known by.
    pub acronym: Patch<String>,
    /// Other spellings.
    pub alternate_names: Patch<Vec<String>>,
    /// What it is.
    pub kind: Patch<organization::Kind>,
    /// Its site.
    pub website: Patch<String>,
    /// What it is and does.
    pub description: Patch<String>,
    /// What it is part of.
    pub parent: Patch<OrganizationId>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

const MEANINGS: &[Meaning] = &[
    ("organization_slug_key", "slug", ViolationCode::Taken, "Another organization has this slug."),
    ("organization_acronym_key", "acronym", ViolationCode::Taken, "Another organization has this acronym."),
];

/// Adds an organization.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewOrganization) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Directory, Action::Create)?;
    let mut violations = Violations::default();
    refer::<Entity>(db, actor.viewer, ("parentId", new.parent.as_mut()), &mut violations).await?;
    let row = Model {
        id: OrganizationId::new(),
        slug: free_slug::<Entity>(db, new.slug, &new.name, None).await?,
        name: new.name,
        acronym: new.acronym,
        alternate_names: new.alternate_names,
        kind: new.kind,
        website: new.website,
        description: new.description,
        parent_id: new.parent,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate::organization(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Changes what is named of an organization.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: OrganizationId,
    version: i32,
    mut patch: OrganizationPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    refer::<Entity>(db, actor.viewer, ("parentId", patch.parent.value_mut()), &mut violations).await?;
    if is_part_of(db, patch.parent.value().copied(), before.id).await? {
        violations.add("parentId", ViolationCode::Conflict, "That organization is itself part of this one.");
    }
    let mut row = before.clone();
    patch.name.apply_required("name", &mut row.name, &mut violations);
    patch.acronym.apply(&mut row.acronym);
    patch.alternate_names.apply_or_default(&mut row.alternate_names);
    patch.kind.apply_required("kind", &mut row.kind, &mut violations);
    patch.website.apply(&mut row.website);
    patch.description.apply(&mut row.description);
    patch.parent.apply(&mut row.parent_id);
    patch.sources.apply_or_default(&mut row.sources);
    validate::organization(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Takes away an organization that nothing refers to.
pub(crate) async fn delete(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: OrganizationId,
    version: i32,
) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}

/// Whether an organization is another, or part of it through however many others.
pub(crate) async fn is_part_of(
    db: &impl ConnectionTrait,
    part: Option<OrganizationId>,
    whole: OrganizationId,
) -> Result<bool> {
    let (mut next, mut passed) = (part, HashSet::new());
    while let Some(id) = next {
        if id == whole {
            return Ok(true);
        }
        // A chain that leads back into itself ends somewhere, too.
        if !passed.insert(id) {
            break;
        }
        next = Entity::find_by_id(id).one(db).await?.and_then(|row| row.parent_id);
    }
    Ok(false)
}
