//! What can be done with speakers.

use super::shown::{self, Named};
use super::{elsewhere, validate};
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::session::agenda;
use crate::validation::{Meaning, Violations};
use crate::writing::{self, Force, Patch, at_version, find_for, insert, next_place, refer, remove, save, touch};
use entity::ids::{DistrictId, OrganizationId, PersonId, SessionId, SpeakerId};
use entity::source::Sources;
use entity::speaker::{Column, Entity, Model, Role};
use entity::{district, organization, person, session};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Select};

/// A speaker to add: at least one of person, organization and district.
#[derive(Clone, Debug)]
pub(crate) struct NewSpeaker {
    /// The session.
    pub session: SessionId,
    /// The part in the session.
    pub role: Role,
    /// The place among those in the same role, from 1; the last where nothing is said.
    pub position: Option<i32>,
    /// Who speaks.
    pub person: Option<PersonId>,
    /// Which organization presents, or on whose behalf the person speaks.
    pub organization: Option<OrganizationId>,
    /// Which district presents, or on whose behalf the person speaks.
    pub district: Option<DistrictId>,
    /// Whether the district's team presents as a team.
    pub as_team: bool,
    /// The title on the agenda; where nothing is said, the one that the person held on the day.
    pub title_as_shown: Option<String>,
    /// Where these facts come from.
    pub sources: Sources,
    /// Why the person is to speak here although somebody speaks elsewhere at that time.
    pub force: Option<Force>,
}

/// What is to change of a speaker. Who speaks never changes: that would be another speaker.
#[derive(Clone, Debug, Default)]
pub(crate) struct SpeakerPatch {
    /// The part in the session; in another, the speaker is the last at first.
    pub role: Patch<Role>,
    /// Which organization presents, or on whose behalf the person speaks.
    pub organization: Patch<OrganizationId>,
    /// Which district presents, or on whose behalf the person speaks.
    pub district: Patch<DistrictId>,
    /// Whether the district's team presents as a team.
    pub as_team: Patch<bool>,
    /// The name on the agenda.
    pub name_as_shown: Patch<String>,
    /// The title on the agenda.
    pub title_as_shown: Patch<String>,
    /// Where these facts come from.
    pub sources: Patch<Sources>,
}

/// An order for the speakers of a session that are in one role.
#[derive(Clone, Debug)]
pub(crate) struct NewOrder {
    /// The session.
    pub session: SessionId,
    /// The version of the session that whoever orders them has read.
    pub version: i32,
    /// The role.
    pub role: Role,
    /// All of them, in their new order.
    pub speakers: Vec<SpeakerId>,
}

const POSITION: Meaning =
    ("speaker_position_key", "position", ViolationCode::Taken, "Another speaker in this role has this place.");

/// Adds a speaker to a session, and freezes the name and title shown.
pub(crate) async fn add(db: &impl ConnectionTrait, actor: Actor<'_>, mut new: NewSpeaker) -> Result<Model> {
    const ONCE: &str = "This person is in this role already.";
    const MEANINGS: &[Meaning] = &[POSITION, ("speaker_person_once", "personId", ViolationCode::Taken, ONCE)];
    authorize_some(actor.viewer, Kind::Agenda, Action::Create)?;
    let (_, session) = agenda::to_add(db, actor.viewer, new.session).await?;
    let mut violations = Violations::default();
    refer::<person::Entity>(db, actor.viewer, ("personId", new.person.as_mut()), &mut violations).await?;
    let bodies = (new.organization.as_mut(), new.district.as_mut());
    refer_to_bodies(db, actor, bodies, &mut violations).await?;
    let position = match new.position {
        Some(position) => position,
        None => next_place(db, in_role(session.id, new.role)).await?,
    };
    let mut row = Model {
        id: SpeakerId::new(),
        session_id: session.id,
        role: new.role,
        position,
        person_id: new.person,
        organization_id: new.organization,
        district_id: new.district,
        as_team: new.as_team,
        name_as_shown: String::new(),
        title_as_shown: new.title_as_shown,
        sources: new.sources,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    row.name_as_shown = shown::name(db, Named::of(&row)).await?.unwrap_or_default();
    if row.title_as_shown.is_none() {
        row.title_as_shown = shown::title(db, &row, &session).await?;
    }
    validate::speaker(&row, &mut violations);
    violations.finish()?;
    speaks_once(db, actor, &row, new.force).await?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Refuses a person who speaks elsewhere at the time of the session, unless somebody says why.
async fn speaks_once(db: &impl ConnectionTrait, actor: Actor<'_>, row: &Model, force: Option<Force>) -> Result<()> {
    if let Some(force) = force {
        return force.attribute(db, actor).await;
    }
    let mut violations = Violations::default();
    if let Some(person) = row.person_id
        && elsewhere::speaks(db, person, row.session_id).await?
    {
        violations.add("personId", ViolationCode::Conflict, elsewhere::message(&row.name_as_shown));
    }
    violations.finish()
}

/// Changes what is named of a speaker.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: SpeakerId,
    version: i32,
    mut patch: SpeakerPatch,
) -> Result<Model> {
    const ONCE: &str = "This person is in that role already.";
    const MEANINGS: &[Meaning] = &[POSITION, ("speaker_person_once", "role", ViolationCode::Taken, ONCE)];
    agenda::of_speaker(db, actor.viewer, id).await?;
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let bodies = (patch.organization.value_mut(), patch.district.value_mut());
    refer_to_bodies(db, actor, bodies, &mut violations).await?;
    let renamed = patch.name_as_shown.is_given();
    if let Some(name) = patch.name_as_shown.value() {
        violations.title("nameAsShown", name);
    }
    let mut row = before.clone();
    patch.role.apply_required("role", &mut row.role, &mut violations);
    patch.organization.apply(&mut row.organization_id);
    patch.district.apply(&mut row.district_id);
    patch.as_team.apply_required("asTeam", &mut row.as_team, &mut violations);
    patch.name_as_shown.apply_required("nameAsShown", &mut row.name_as_shown, &mut violations);
    patch.title_as_shown.apply(&mut row.title_as_shown);
    patch.sources.apply_or_default(&mut row.sources);
    if row.role != before.role {
        row.position = next_place(db, in_role(row.session_id, row.role)).await?;
    }
    // Another body that presents goes by its own name.
    if Named::of(&row) != Named::of(&before) && !renamed {
        row.name_as_shown = shown::name(db, Named::of(&row)).await?.unwrap_or_default();
    }
    validate::speaker(&row, &mut violations);
    violations.finish()?;
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Takes a speaker off a session. The places of the others stay.
pub(crate) async fn take_off(db: &impl ConnectionTrait, actor: Actor<'_>, id: SpeakerId, version: i32) -> Result<()> {
    agenda::of_speaker(db, actor.viewer, id).await?;
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}

/// Puts all speakers of a session that are in one role into a new order.
pub(crate) async fn reorder(db: &impl ConnectionTrait, actor: Actor<'_>, order: NewOrder) -> Result<SessionId> {
    agenda::of_part::<session::Entity>(db, actor.viewer, order.session).await?;
    let session = find_for::<session::Entity>(db, actor.viewer, order.session, Action::Update).await?;
    let session = at_version(session, order.version)?;
    let keys = order.speakers.into_iter().map(Into::into).collect();
    if writing::reorder(db, actor, in_role(session.id, order.role), ("speakerIds", keys)).await? {
        return Ok(touch::<session::Entity>(db, actor, session).await?.id);
    }
    Ok(session.id)
}

async fn refer_to_bodies(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (organization, district): (Option<&mut OrganizationId>, Option<&mut DistrictId>),
    violations: &mut Violations,
) -> Result<()> {
    refer::<organization::Entity>(db, actor.viewer, ("organizationId", organization), violations).await?;
    refer::<district::Entity>(db, actor.viewer, ("districtId", district), violations).await?;
    Ok(())
}

/// The speakers of a session that are in a role.
fn in_role(session: SessionId, role: Role) -> Select<Entity> {
    Entity::find().filter(Column::SessionId.eq(session)).filter(Column::Role.eq(role))
}
