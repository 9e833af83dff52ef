//! What can be done with sponsorships. Whoever adds or orders them locks their convening first, so that each finds its
//! place.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{Meaning, Violations};
use crate::writing::{Patch, at_version, find_for, insert, next_place, refer, remove, reorder, save};
use entity::ids::{ConveningId, OrganizationId, SponsorshipId};
use entity::source::Sources;
use entity::sponsorship::{Column, Entity, Model, Role};
use entity::{convening, organization};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Select};

/// A sponsorship to add.
#[derive(Clone, Debug)]
pub(crate) struct NewSponsorship {
    /// The convening.
    pub convening: ConveningId,
    /// The organization.
    pub organization: OrganizationId,
    /// What it does for the convening.
    pub role: Role,
    /// Its place among those in the same role, from 1; behind the others where nothing is said.
    pub position: Option<i32>,
    /// Where these facts come from.
    pub sources: Sources,
}

/// What is to change of a sponsorship.
#[derive(Clone, Debug, Default)]
pub(crate) struct SponsorshipPatch {
    /// What the organization does for the convening.
    pub role: Patch<Role>,
    /// Its place among those in the same role.
    pub position: Patch<i32>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

const PLACE: Meaning = (
    "sponsorship_position_key",
    "position",
    ViolationCode::Taken,
    "Another organization has this place. Take the next free one, or give all a new order.",
);
const MEANINGS: &[Meaning] =
    &[PLACE, ("sponsorship_once", "organizationId", ViolationCode::Taken, "The organization has this role already.")];
/// The same where it is the role that changes.
const ROLE_MEANINGS: &[Meaning] =
    &[PLACE, ("sponsorship_once", "role", ViolationCode::Taken, "The organization has this role already.")];

/// Adds a sponsorship.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewSponsorship) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Convening, Action::Create)?;
    let convening = find_for::<convening::Entity>(db, actor.viewer, new.convening, Action::Update).await;
    let convening = convening.map_err(|error| error.at_field("conveningId"))?.id;
    let mut violations = Violations::default();
    let organization = ("organizationId", Some(&mut new.organization));
    refer::<organization::Entity>(db, actor.viewer, organization, &mut violations).await?;
    let row = Model {
        id: SponsorshipId::new(),
        convening_id: convening,
        organization_id: new.organization,
        role: new.role,
        position: match new.position {
            Some(position) => position,
            None => next_place(db, in_role(convening, new.role)).await?,
        },
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Changes what is named of a sponsorship. In another role it comes last, unless its place there is named too.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: SponsorshipId,
    version: i32,
    patch: SponsorshipPatch,
) -> Result<Model> {
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.role.apply_required("role", &mut row.role, &mut violations);
    if row.role != before.role {
        row.position = next_place(db, in_role(row.convening_id, row.role)).await?;
    }
    patch.position.apply_required("position", &mut row.position, &mut violations);
    patch.sources.apply_or_default(&mut row.sources);
    validate(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, ROLE_MEANINGS).await
}

/// Takes a sponsorship away.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: SponsorshipId, version: i32) -> Result<()> {
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}

/// Puts the sponsorships of one role into an order: all of them.
pub(crate) async fn put_in_order(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    convening: ConveningId,
    role: Role,
    ids: Vec<SponsorshipId>,
) -> Result<ConveningId> {
    let convening = find_for::<convening::Entity>(db, actor.viewer, convening, Action::Update).await?.id;
    let ids = ids.into_iter().map(Into::into).collect();
    reorder(db, actor, in_role(convening, role), ("ids", ids)).await?;
    Ok(convening)
}

fn in_role(convening: ConveningId, role: Role) -> Select<Entity> {
    Entity::find().filter(Column::ConveningId.eq(convening)).filter(Column::Role.eq(role))
}

fn validate(row: &Model, violations: &mut Violations) {
    violations.count("position", Some(row.position));
    violations.sources("sources", &row.sources);
}
