//! What can be done with people.

use super::contact::{ContactChange, ContactPatch};
use super::validate;
use crate::auth::{Actor, Viewer};
use crate::database::Alias;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{MAX_SLUG, Meaning, Violations, slug_of};
use crate::writing::{Patch, at_version, find_for, free_slug, insert, remove, save};
use entity::affiliation;
use entity::ids::PersonId;
use entity::person::{Column, Entity, Model};
use entity::source::Sources;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

/// A person to add. It is not to be printed: it may hold an address.
#[derive(Clone)]
pub(crate) struct NewPerson {
    /// The short name in addresses; made from the name where nothing is said.
    pub slug: Option<String>,
    /// The name.
    pub name: String,
    /// What the name is introduced by.
    pub honorific: Option<String>,
    /// A few sentences.
    pub biography: Option<String>,
    /// Whether everybody may see the person even without having spoken.
    pub is_public: bool,
    /// How to reach the person.
    pub contact: ContactPatch,
    /// Where these facts come from.
    pub sources: Sources,
    /// Whether somebody is meant who only has the name of one who is here already.
    pub is_namesake: bool,
}

/// What is to change of a person. It is not to be printed: it may hold an address.
#[derive(Clone, Default)]
pub(crate) struct PersonPatch {
    /// The name.
    pub name: Patch<String>,
    /// What the name is introduced by.
    pub honorific: Patch<String>,
    /// A few sentences.
    pub biography: Patch<String>,
    /// Whether everybody may see the person even without having spoken.
    pub is_public: Patch<bool>,
    /// How to reach the person.
    pub contact: ContactPatch,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

const MEANINGS: &[Meaning] = &[("person_slug_key", "slug", ViolationCode::Taken, "Another person has this slug.")];

/// Adds a person. Whoever may only change whom they entered becomes the one who did.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewPerson) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Person, Action::Create)?;
    let mut violations = Violations::default();
    let id = PersonId::new();
    if !new.is_namesake
        && let Some(slug) = namesake(db, actor.viewer, &new.name).await?
    {
        let message =
            format!("Somebody of this name is here: `{slug}`. Set `isNamesake` where another person is meant.");
        violations.add("name", ViolationCode::Taken, message);
    }
    let row = Model {
        id,
        slug: slug(db, actor.viewer, id, (new.slug, &new.name), &mut violations).await?,
        name: new.name,
        honorific: new.honorific,
        biography: new.biography,
        is_public: new.is_public,
        entered_by: actor.account(),
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate::person(&row, &mut violations);
    let contact = ContactChange::first(id, new.contact, &mut violations);
    violations.finish()?;
    let row = insert::<Entity>(db, actor, row, MEANINGS).await?;
    contact.store(db, actor.viewer).await?;
    Ok(row)
}

/// Changes what is named of a person.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: PersonId,
    version: i32,
    patch: PersonPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.name.apply_required("name", &mut row.name, &mut violations);
    patch.honorific.apply(&mut row.honorific);
    patch.biography.apply(&mut row.biography);
    patch.is_public.apply_required("isPublic", &mut row.is_public, &mut violations);
    patch.sources.apply_or_default(&mut row.sources);
    validate::person(&row, &mut violations);
    let contact = ContactChange::find(db, row.id, patch.contact, &mut violations).await?;
    violations.finish()?;
    if contact.differs() {
        // The address has no version of its own: that of the person counts its changes as well.
        row.version += 1;
    }
    let row = save::<Entity>(db, actor, before, row, MEANINGS).await?;
    contact.store(db, actor.viewer).await?;
    Ok(row)
}

/// Takes away a person whom nothing refers to. Affiliations and contact data go with the person.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: PersonId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    let theirs = affiliation::Column::PersonId.eq(row.id);
    affiliation::Entity::delete_many().filter(theirs).exec(db).await?;
    remove(db, row).await
}

/// The slug of somebody of that name whom the viewer sees. Two who are entered at the same moment both come in: this is
/// to remind people, who may have reasons, and nothing depends on it.
async fn namesake(db: &impl ConnectionTrait, viewer: &Viewer, name: &str) -> Result<Option<String>> {
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<Entity>();
    let folded = Expr::cust_with_exprs("fold($1)", [Expr::val(name)]);
    select
        .expr(rows.col(Column::Slug))
        .and_where(rows.computed("sort_name").eq(folded))
        .and_where(viewer.visible::<Entity>(&rows))
        .limit(1);
    let row = db.query_one(&select).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// The slug of a new person. Whoever does not see everybody cannot choose one and gets one that nobody has: that a slug
/// is taken, or has a number behind it, would tell that somebody hidden is there.
async fn slug(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: PersonId,
    (given, name): (Option<String>, &str),
    violations: &mut Violations,
) -> Result<String> {
    if viewer.may_always(Kind::Person, Action::Read) {
        return free_slug::<Entity>(db, given, name, None).await;
    }
    violations.check(given.is_none(), "slug", "Leave this out: it will be made from the name.");
    // The end of a key is random.
    let tail = &id.0.simple().to_string()[24..];
    let made: String = slug_of(name).chars().take(MAX_SLUG - tail.len() - 1).collect();
    Ok(format!("{made}-{tail}").trim_start_matches('-').replace("--", "-"))
}
