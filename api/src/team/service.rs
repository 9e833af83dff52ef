//! What the acts on teams share, and how a record adds them.

use crate::auth::{Actor, Viewer};
use crate::error::{Error, Result, ViolationCode};
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, Violations, refused};
use crate::writing::{hold, permit};
use chrono::NaiveDate;
use entity::ids::{ConveningId, DistrictId, PersonId, TeamId, TeamMemberId};
use entity::seat::Seat;
use entity::source::Sources;
use entity::team::{self, Status};
use entity::{convening, team_member};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};

/// A team to add. Only a record may add one that is past its draft.
#[derive(Clone, Debug)]
pub(crate) struct NewTeam {
    /// The district.
    pub district: DistrictId,
    /// The convening.
    pub convening: ConveningId,
    /// Where the team stands.
    pub status: Status,
    /// The day that states that it attended; with `Attended` and not without.
    pub attended_on: Option<NaiveDate>,
    /// Where these facts come from.
    pub sources: Sources,
}

/// A member to add to a team.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewMember {
    /// Who.
    pub person: PersonId,
    /// What the person stands for.
    pub seat: Seat,
    /// Whether the person leads the team.
    pub is_lead: bool,
}

const MEANINGS: &[Meaning] = &[
    ("team_once", "districtId", ViolationCode::Taken, "The district has a team at this convening already."),
    ("team_district_fkey", "districtId", ViolationCode::NotFound, "There is no such district."),
    ("team_convening_fkey", "conveningId", ViolationCode::NotFound, "There is no such convening."),
    ("team_member_once", "personId", ViolationCode::Taken, "This person is in a team at this convening already."),
    ("team_member_person_fkey", "personId", ViolationCode::NotFound, "There is no such person."),
    ("team_member_one_lead", "isLead", ViolationCode::Taken, "The team has a lead already."),
];

/// Adds a team.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewTeam) -> Result<team::Model> {
    authorize(actor.viewer, Kind::Team, Action::Create)?;
    let mut violations = Violations::default();
    let day_with_attendance = (new.status == Status::Attended) == new.attended_on.is_some();
    violations.check(
        day_with_attendance,
        "attendedOn",
        "A team that attended has the day that states it, no other has.",
    );
    violations.finish()?;
    let row = team::ActiveModel {
        id: Set(TeamId::new()),
        district_id: Set(new.district),
        convening_id: Set(new.convening),
        status: Set(new.status),
        attended_on: Set(new.attended_on),
        statement: Set(None),
        submitted_at: Set(None),
        decision_version: Set(0),
        decision_reason: Set(None),
        waitlist_position: Set(None),
        answer_due_at: Set(None),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}

/// Adds a member to a team.
pub(crate) async fn add_member(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    team: &team::Model,
    new: NewMember,
) -> Result<team_member::Model> {
    authorize(actor.viewer, Kind::Roster, Action::Create)?;
    let row = team_member::ActiveModel {
        id: Set(TeamMemberId::new()),
        team_id: Set(team.id),
        convening_id: Set(team.convening_id),
        person_id: Set(new.person),
        seat: Set(new.seat),
        is_lead: Set(new.is_lead),
        checked_in_at: Set(None),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}

/// Holds the convening of a team: its window, its capacity and its decisions stay as they are until the act is done.
pub(crate) async fn hold_convening(db: &impl ConnectionTrait, id: TeamId) -> Result<convening::Model> {
    let held = hold::<convening::Entity>(db, |convening| {
        convening.exists::<team::Entity>(|team| {
            let here = team.col(team::Column::ConveningId).eq(convening.col(convening::Column::Id));
            here.and(team.col(team::Column::Id).eq(id))
        })
    });
    held.await?.into_iter().next().ok_or(Error::NotFound("team"))
}

/// Holds the convening of a member's team.
pub(crate) async fn hold_convening_of_member(db: &impl ConnectionTrait, id: TeamMemberId) -> Result<convening::Model> {
    let held = hold::<convening::Entity>(db, |convening| {
        convening.exists::<team_member::Entity>(|member| {
            let here = member.col(team_member::Column::ConveningId).eq(convening.col(convening::Column::Id));
            here.and(member.col(team_member::Column::Id).eq(id))
        })
    });
    held.await?.into_iter().next().ok_or(Error::NotFound("team_member"))
}

/// Whether the viewer decides on the teams of a convening, and may therefore act for them at any time.
pub(crate) async fn decides(db: &impl ConnectionTrait, viewer: &Viewer, id: ConveningId) -> Result<bool> {
    match permit::<convening::Entity>(db, viewer, id, (Kind::Decision, Action::Update)).await {
        Ok(()) => Ok(true),
        Err(Error::Forbidden | Error::Unauthenticated) => Ok(false),
        Err(other) => Err(other),
    }
}
