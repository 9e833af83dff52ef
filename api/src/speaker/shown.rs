//! The name and title that an agenda shows, as they are on the day.

use crate::database::Alias;
use crate::error::{Error, Result};
use crate::person;
use chrono::NaiveDate;
use entity::ids::{DistrictId, OrganizationId, PersonId};
use entity::{affiliation, convening, district, organization, session, speaker};
use sea_orm::sea_query::{ExprTrait as _, Order};
use sea_orm::{ConnectionTrait, EntityTrait as _};

/// Whose name is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The person's who speaks.
    Person(PersonId),
    /// The organization's, where nobody speaks on its behalf.
    Organization(OrganizationId),
    /// The district's, likewise.
    District(DistrictId),
}

impl Named {
    /// The one of a speaker; none where there is nobody.
    pub(super) fn of(row: &speaker::Model) -> Option<Self> {
        let organization = row.organization_id.map(Self::Organization);
        row.person_id.map(Self::Person).or(organization).or(row.district_id.map(Self::District))
    }
}

/// The name as it is now; none where nobody is there.
pub(super) async fn name(db: &impl ConnectionTrait, named: Option<Named>) -> Result<Option<String>> {
    Ok(match named {
        None => None,
        Some(Named::Person(id)) => entity::person::Entity::find_by_id(id).one(db).await?.map(|row| row.name),
        Some(Named::Organization(id)) => organization::Entity::find_by_id(id).one(db).await?.map(|row| row.name),
        Some(Named::District(id)) => district::Entity::find_by_id(id).one(db).await?.map(|row| row.name),
    })
}

/// The title that a speaker held on the day of a session: at the organization or district on whose behalf the person
/// speaks, else the one stated first.
pub(super) async fn title(
    db: &impl ConnectionTrait,
    row: &speaker::Model,
    session: &session::Model,
) -> Result<Option<String>> {
    use affiliation::Column::{DistrictId, Id, OrganizationId, PersonId, Title};
    let Some(person) = row.person_id else { return Ok(None) };
    let rows = Alias::new("t0");
    let mut select = rows.select_from::<affiliation::Entity>();
    select
        .expr(rows.col(Title))
        .and_where(rows.col(PersonId).eq(person))
        .and_where(rows.col(Title).is_not_null())
        .and_where(person::in_force(&rows, day(db, session).await?))
        .order_by_expr(rows.col(Id), Order::Asc)
        .limit(1);
    if let Some(organization) = row.organization_id {
        select.and_where(rows.col(OrganizationId).eq(organization));
    } else if let Some(district) = row.district_id {
        select.and_where(rows.col(DistrictId).eq(district));
    }
    Ok(db.query_one(&select).await?.map(|row| row.try_get("", "title")).transpose()?)
}

/// The session's day; its convening's first where it has none.
async fn day(db: &impl ConnectionTrait, session: &session::Model) -> Result<NaiveDate> {
    if let Some(date) = session.date {
        return Ok(date);
    }
    let convening = convening::Entity::find_by_id(session.convening_id).one(db).await?;
    Ok(convening.ok_or(Error::NotFound("convening"))?.starts_on)
}
