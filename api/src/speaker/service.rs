//! What can be done with speakers.

use crate::auth::Actor;
use crate::database::Alias;
use crate::error::{Error, Result, Violation, ViolationCode};
use crate::person;
use crate::policy::{Action, Kind, authorize};
use crate::validation::{Meaning, Violations, refused};
use chrono::NaiveDate;
use entity::ids::{DistrictId, OrganizationId, PersonId, SpeakerId};
use entity::source::Sources;
use entity::speaker::{self, ActiveModel};
use entity::{affiliation, convening, district, organization, session};
use sea_orm::sea_query::{ExprTrait as _, Order};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait as _};

/// A speaker to add: at least one of person, organization and district.
#[derive(Clone, Debug)]
pub(crate) struct NewSpeaker {
    /// The part in the session.
    pub role: speaker::Role,
    /// The place among those in the same role, from 1.
    pub position: i32,
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
}

const MEANINGS: &[Meaning] = &[
    ("speaker_position_key", "position", ViolationCode::Taken, "Another speaker in this role has this place."),
    ("speaker_person_once", "personId", ViolationCode::Taken, "This person is in this role already."),
    ("speaker_session_fkey", "sessionId", ViolationCode::NotFound, "There is no such session."),
];

/// Adds a speaker to a session, and freezes the name and title shown.
pub(crate) async fn add(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    session: &session::Model,
    new: NewSpeaker,
) -> Result<speaker::Model> {
    authorize(actor.viewer, Kind::Agenda, Action::Create)?;
    let mut violations = Violations::default();
    let somebody = new.person.is_some() || new.organization.is_some() || new.district.is_some();
    violations.check(somebody, "personId", "Give a person, an organization or a district.");
    violations.check(!new.as_team || new.district.is_some(), "districtId", "A team is the team of a district.");
    violations.check(new.position > 0, "position", "Places are counted from 1.");
    if let Some(title) = &new.title_as_shown {
        violations.title("titleAsShown", title);
    }
    violations.finish()?;
    let title = match (&new.title_as_shown, new.person) {
        (None, Some(person)) => title_on_day(db, person, new.organization, session).await?,
        (shown, _) => shown.clone(),
    };
    let row = ActiveModel {
        id: Set(SpeakerId::new()),
        session_id: Set(session.id),
        role: Set(new.role),
        position: Set(new.position),
        person_id: Set(new.person),
        organization_id: Set(new.organization),
        district_id: Set(new.district),
        as_team: Set(new.as_team),
        name_as_shown: Set(name(db, &new).await?),
        title_as_shown: Set(title),
        sources: Set(new.sources),
        version: Set(1),
        created_at: Set(actor.now),
        updated_at: Set(actor.now),
    };
    row.insert(db).await.map_err(|error| refused(error, MEANINGS))
}

/// The name of the person, else of the organization, else of the district.
async fn name(db: &impl ConnectionTrait, new: &NewSpeaker) -> Result<String> {
    let missing =
        |field| Error::Invalid(vec![Violation::new(field, ViolationCode::NotFound, "There is none of this id.")]);
    if let Some(id) = new.person {
        let row = entity::person::Entity::find_by_id(id).one(db).await?;
        return row.map(|row| row.name).ok_or_else(|| missing("personId"));
    }
    if let Some(id) = new.organization {
        let row = organization::Entity::find_by_id(id).one(db).await?;
        return row.map(|row| row.name).ok_or_else(|| missing("organizationId"));
    }
    let id = new.district.ok_or_else(|| missing("personId"))?;
    let row = district::Entity::find_by_id(id).one(db).await?;
    row.map(|row| row.name).ok_or_else(|| missing("districtId"))
}

/// The title that a person held on the day of a session: at the organization on whose behalf the person speaks, else
/// the one stated first.
async fn title_on_day(
    db: &impl ConnectionTrait,
    person: PersonId,
    organization: Option<OrganizationId>,
    session: &session::Model,
) -> Result<Option<String>> {
    use affiliation::Column::{Id, OrganizationId, PersonId, Title};
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<affiliation::Entity>();
    select
        .expr(rows.col(Title))
        .and_where(rows.col(PersonId).eq(person))
        .and_where(rows.col(Title).is_not_null())
        .and_where(person::in_force(&rows, day(db, session).await?))
        .order_by_expr(rows.col(Id), Order::Asc)
        .limit(1);
    if let Some(organization) = organization {
        select.and_where(rows.col(OrganizationId).eq(organization));
    }
    Ok(db.query_one(&select).await?.map(|row| row.try_get("", "title")).transpose()?)
}

/// The session's day; its convening's first where it has none.
async fn day(db: &impl ConnectionTrait, session: &session::Model) -> Result<NaiveDate> {
    if let Some(date) = session.date {
        return Ok(date);
    }
    let convening = convening::Entity::find_by_id(session.convening_id).one(db).await?;
    Ok(convening.ok_or(Error::NotFound("Convening"))?.starts_on)
}
