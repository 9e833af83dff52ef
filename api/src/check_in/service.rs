//! What can be done about who was there.

use crate::auth::Actor;
use crate::convening::{day_of, illegal};
use crate::error::{Error, Result, ViolationCode};
use crate::policy::{Action, Kind, Resource, authorize_some};
use crate::team::moves::{self, Mover};
use crate::validation::Violations;
use crate::writing::{at_version, find_for, hold, permit, save};
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{ConveningId, TeamId, TeamMemberId};
use entity::team::{self, Status};
use entity::{convening, team_member};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Seen to be there.
    Here,
    /// Checked in by mistake.
    NotHere,
}

/// What became of a team at a convening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It took part, by what happened on this day.
    Attended(NaiveDate),
    /// It did not come.
    NoShow,
}

/// Notes that a member is there, or takes that back.
pub(super) async fn of_member(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: TeamMemberId,
    presence: Presence,
) -> Result<team_member::Model> {
    authorize_some(actor.viewer, Kind::CheckIn, Action::Update)?;
    let held = hold::<team::Entity>(db, |rows| {
        rows.exists::<team_member::Entity>(|member| {
            let own = member.col(team_member::Column::TeamId).eq(rows.col(team::Column::Id));
            own.and(member.col(team_member::Column::Id).eq(id))
        })
    });
    let team = held.await?.into_iter().next().ok_or(Error::NotFound("team_member"))?;
    let member = found::<team_member::Entity>(db, actor, id).await?;
    arriving(db, &team).await?;
    note(db, actor, member, presence).await
}

/// Notes that all members of a team are there, or takes that back.
pub(super) async fn of_team(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: TeamId,
    presence: Presence,
) -> Result<team::Model> {
    authorize_some(actor.viewer, Kind::CheckIn, Action::Update)?;
    let team = found::<team::Entity>(db, actor, id).await?;
    arriving(db, &team).await?;
    let members = members_of(db, id).await?;
    let mut violations = Violations::default();
    let message = "The team has no members who could be checked in. Add them first.";
    violations.check(!members.is_empty(), "id", message);
    violations.finish()?;
    for member in members {
        note(db, actor, member, presence).await?;
    }
    Ok(team)
}

/// Says of every team that was to come whether it attended: whether anybody of it was checked in, and on which day first.
pub(super) async fn close(db: &impl ConnectionTrait, actor: Actor<'_>, id: ConveningId) -> Result<convening::Model> {
    authorize_some(actor.viewer, Kind::CheckIn, Action::Update)?;
    let convening = found::<convening::Entity>(db, actor, id).await?;
    begun(&convening)?;
    let teams = hold::<team::Entity>(db, |rows| {
        let here = rows.col(team::Column::ConveningId).eq(id);
        here.and(rows.col(team::Column::Status).eq(Status::Confirmed))
    });
    let teams = teams.await?;
    let first_of = first_arrivals(db, id).await?;
    for team in teams {
        let first = first_of.iter().filter(|(of, _)| *of == team.id).map(|(_, moment)| *moment).min();
        let outcome = match first {
            Some(moment) => Outcome::Attended(day_of(&convening, moment)?),
            None => Outcome::NoShow,
        };
        moved(db, actor, team, (&convening, outcome)).await?;
    }
    Ok(convening)
}

/// Says by hand whether a team attended.
pub(super) async fn record(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: TeamId,
    version: i32,
    outcome: Outcome,
) -> Result<team::Model> {
    authorize_some(actor.viewer, Kind::CheckIn, Action::Update)?;
    let team = at_version(found::<team::Entity>(db, actor, id).await?, version)?;
    let convening = convening_of(db, &team).await?;
    begun(&convening)?;
    let mut violations = Violations::default();
    match outcome {
        Outcome::Attended(day) => {
            let (first, last) = (convening.starts_on, convening.ends_on);
            let message = format!("Give a day of the convening: from {first} to {last}.");
            violations.check((first..=last).contains(&day), "attendedOn", &message);
        }
        Outcome::NoShow => {
            if members_of(db, id).await?.iter().any(|member| member.checked_in_at.is_some()) {
                let message = "Somebody of the team was checked in. Undo that first, or record that it attended.";
                violations.add("id", ViolationCode::Conflict, message);
            }
        }
    }
    violations.finish()?;
    moved(db, actor, team, (&convening, outcome)).await
}

/// A row that the viewer sees, locked, for whoever checks people in there.
async fn found<E: Resource>(db: &impl ConnectionTrait, actor: Actor<'_>, id: impl Into<Uuid>) -> Result<E::Model> {
    let id = id.into();
    let row = find_for::<E>(db, actor.viewer, id, Action::Read).await?;
    permit::<E>(db, actor.viewer, id, (Kind::CheckIn, Action::Update)).await?;
    Ok(row)
}

async fn convening_of(db: &impl ConnectionTrait, team: &team::Model) -> Result<convening::Model> {
    let convening = convening::Entity::find_by_id(team.convening_id).one(db).await?;
    convening.ok_or(Error::NotFound("convening"))
}

async fn members_of(db: &impl ConnectionTrait, team: TeamId) -> Result<Vec<team_member::Model>> {
    use team_member::Column::{Id, TeamId};
    Ok(team_member::Entity::find().filter(TeamId.eq(team)).order_by_asc(Id).all(db).await?)
}

/// When members of a convening's teams were checked in, with their teams.
async fn first_arrivals(db: &impl ConnectionTrait, convening: ConveningId) -> Result<Vec<(TeamId, DateTime<Utc>)>> {
    use team_member::Column::{CheckedInAt, ConveningId};
    let members = team_member::Entity::find().filter(ConveningId.eq(convening)).filter(CheckedInAt.is_not_null());
    let arrived = |member: team_member::Model| Some((member.team_id, member.checked_in_at?));
    Ok(members.all(db).await?.into_iter().filter_map(arrived).collect())
}

/// Refuses people who arrive when nobody does, or whose team is not expected or is settled.
async fn arriving(db: &impl ConnectionTrait, team: &team::Model) -> Result<()> {
    let convening = convening_of(db, team).await?;
    if convening.status != convening::Status::InProgress {
        return Err(illegal(&convening, "People are checked in while the convening is in progress."));
    }
    if team.status != Status::Confirmed {
        return Err(moves::illegal(team.status, convening.decisions_published, Mover::Decides));
    }
    Ok(())
}

/// Refuses attendance at what has not begun, or does not take place.
fn begun(convening: &convening::Model) -> Result<()> {
    use convening::Status::{Completed, InProgress};
    if matches!(convening.status, InProgress | Completed) {
        Ok(())
    } else {
        Err(illegal(convening, "Who attended is recorded once the convening has begun."))
    }
}

async fn note(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    member: team_member::Model,
    presence: Presence,
) -> Result<team_member::Model> {
    let checked_in_at = match presence {
        Presence::Here => member.checked_in_at.or(Some(actor.now)),
        Presence::NotHere => None,
    };
    let after = team_member::Model { checked_in_at, ..member.clone() };
    save::<team_member::Entity>(db, actor, member, after, &[]).await
}

async fn moved(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    team: team::Model,
    (convening, outcome): (&convening::Model, Outcome),
) -> Result<team::Model> {
    let (status, attended_on) = match outcome {
        Outcome::Attended(day) => (Status::Attended, Some(day)),
        Outcome::NoShow => (Status::NoShow, None),
    };
    moves::check(team.status, status, convening.decisions_published, Mover::Decides)?;
    let after = team::Model { status, attended_on, ..team.clone() };
    save::<team::Entity>(db, actor, team, after, &[]).await
}
