//! How members are added to a team, changed and taken away.

use crate::auth::Actor;
use crate::error::{Error, Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::team::standing::stands;
use crate::team::{NewMember, decides, moves, service};
use crate::validation::{Meaning, Violations};
use crate::writing::{Patch, at_version, find_for, insert, permit, refer, remove, save};
use entity::ids::{PersonId, TeamId, TeamMemberId};
use entity::seat::Seat;
use entity::team::Status;
use entity::team_member::{Column, Entity, Model};
use entity::{affiliation, convening, person, team};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

/// What is to change of a member. Who it is never changes: that would be another member.
#[derive(Clone, Debug, Default)]
pub(super) struct MemberPatch {
    /// What the person stands for.
    pub(super) seat: Patch<Seat>,
    /// Whether the person leads the team.
    pub(super) is_lead: Patch<bool>,
}

const MEANINGS: &[Meaning] = &[(
    "team_member_once",
    "personId",
    ViolationCode::Taken,
    "This person cannot be added: everybody sits in one team at a convening.",
)];

/// Adds somebody to a team.
pub(super) async fn add(db: &impl ConnectionTrait, actor: Actor<'_>, id: TeamId, mut new: NewMember) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Roster, Action::Create)?;
    let found = async {
        let convening = service::hold_convening(db, id).await?;
        Ok((convening, find_for::<team::Entity>(db, actor.viewer, id, Action::Read).await?))
    };
    let (convening, team) = found.await.map_err(|error: Error| error.at_field("teamId"))?;
    permit::<team::Entity>(db, actor.viewer, team.id, (Kind::Roster, Action::Create)).await?;
    let mut violations = Violations::default();
    open(db, actor, (&convening, &team, "teamId"), &mut violations).await?;
    let person =
        refer::<person::Entity>(db, actor.viewer, ("personId", Some(&mut new.person)), &mut violations).await?;
    if let Some(person) = person
        && !may_seat(db, actor, person.id, &team).await?
    {
        let message = "Add those whom you entered yourself, whom you may reach already, or who belong to the district.";
        violations.add("personId", ViolationCode::Invalid, message);
    }
    violations.finish()?;
    if new.is_lead {
        replace_lead(db, actor, team.id).await?;
    }
    let row = Model {
        id: TeamMemberId::new(),
        team_id: team.id,
        convening_id: team.convening_id,
        person_id: new.person,
        seat: new.seat,
        is_lead: new.is_lead,
        checked_in_at: None,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Changes what is named of a member.
pub(super) async fn change(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (id, version): (TeamMemberId, i32),
    patch: MemberPatch,
) -> Result<Model> {
    let before = whose_roster_is_open(db, actor, (id, version), Action::Update).await?;
    let mut row = before.clone();
    let mut violations = Violations::default();
    patch.seat.apply_required("seat", &mut row.seat, &mut violations);
    patch.is_lead.apply_required("isLead", &mut row.is_lead, &mut violations);
    violations.finish()?;
    if row.is_lead && !before.is_lead {
        replace_lead(db, actor, row.team_id).await?;
    }
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Takes somebody out of a team, with the seats in sessions that the person has.
pub(super) async fn take_out(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: TeamMemberId,
    version: i32,
) -> Result<()> {
    let row = whose_roster_is_open(db, actor, (id, version), Action::Delete).await?;
    remove(db, row).await
}

/// A member to be changed, of a team whose roster the actor may change now. The convening is held before the member.
async fn whose_roster_is_open(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (id, version): (TeamMemberId, i32),
    action: Action,
) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Roster, action)?;
    let convening = service::hold_convening_of_member(db, id).await?;
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, action).await?, version)?;
    let team = team::Entity::find_by_id(row.team_id).one(db).await?.ok_or(Error::NotFound("team"))?;
    let mut violations = Violations::default();
    open(db, actor, (&convening, &team, "id"), &mut violations).await?;
    violations.finish()?;
    Ok(row)
}

/// The roster is not frozen, and the team is one that may still come; or the actor runs the convening.
async fn open(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (convening, team, field): (&convening::Model, &team::Model, &str),
    violations: &mut Violations,
) -> Result<()> {
    use Status::{Confirmed, Draft, Offered, Selected, Submitted, Waitlisted};
    let published = convening.decisions_published;
    let shown = moves::shown(stands(team, published, actor.now), published);
    let coming = [Draft, Submitted, Selected, Waitlisted, Offered, Confirmed].contains(&shown);
    let frozen = convening.roster_freezes_at.is_some_and(|freeze| freeze <= actor.now);
    if (coming && !frozen) || decides(db, actor.viewer, convening.id).await? {
        return Ok(());
    }
    let message = if frozen {
        "Rosters are frozen. Ask whoever runs the convening."
    } else {
        "This team does not come, or has been there: its roster stays as it is."
    };
    violations.add(field, ViolationCode::Conflict, message);
    Ok(())
}

/// Whether the actor would learn nothing by it of how to reach the person that is not theirs to know.
async fn may_seat(db: &impl ConnectionTrait, actor: Actor<'_>, person: PersonId, team: &team::Model) -> Result<bool> {
    match permit::<person::Entity>(db, actor.viewer, person, (Kind::Contact, Action::Read)).await {
        Ok(()) => return Ok(true),
        Err(Error::Forbidden | Error::Unauthenticated) => {}
        Err(other) => return Err(other),
    }
    let today = actor.now.date_naive();
    let holds = Condition::any().add(affiliation::Column::EndsOn.is_null()).add(affiliation::Column::EndsOn.gte(today));
    let affiliations = affiliation::Entity::find()
        .filter(affiliation::Column::PersonId.eq(person))
        .filter(affiliation::Column::DistrictId.eq(team.district_id))
        .filter(holds);
    Ok(affiliations.count(db).await? > 0)
}

/// Whoever led the team leads it no more.
async fn replace_lead(db: &impl ConnectionTrait, actor: Actor<'_>, team: TeamId) -> Result<()> {
    let lead = Entity::find().filter(Column::TeamId.eq(team)).filter(Column::IsLead.eq(true)).one(db).await?;
    if let Some(before) = lead {
        let row = Model { is_lead: false, ..before.clone() };
        save::<Entity>(db, actor, before, row, MEANINGS).await?;
    }
    Ok(())
}
