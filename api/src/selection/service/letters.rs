//! Who is written to about a team, and about what. Nothing of it is logged.

use crate::error::Result;
use chrono::{DateTime, Utc};
use entity::ids::TeamId;
use entity::role_grant::{self, Role};
use entity::{account, convening, team};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use std::collections::HashMap;

/// What there is to tell of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// It was selected, and can answer until then.
    Selected(DateTime<Utc>),
    /// It waits.
    Waitlisted,
    /// It was not selected.
    NotSelected,
    /// It is offered a place that became free, and can answer until then.
    Offered(DateTime<Utc>),
}

/// News to send.
#[derive(Clone, Debug, Default)]
pub(crate) struct Letters {
    /// The title of the convening.
    pub convening: String,
    /// Its time zone.
    pub time_zone: String,
    /// The addresses, each with what there is to tell.
    pub news: Vec<(String, News)>,
}

/// The letters to those who lead the districts of teams now.
pub(super) async fn to_leads(
    db: &impl ConnectionTrait,
    convening: &convening::Model,
    news: Vec<(TeamId, News)>,
    now: DateTime<Utc>,
) -> Result<Letters> {
    let mut letters =
        Letters { convening: convening.title.clone(), time_zone: convening.time_zone.clone(), news: Vec::new() };
    if news.is_empty() {
        return Ok(letters);
    }
    let teams = team::Entity::find().filter(team::Column::Id.is_in(news.iter().map(|(team, _)| *team))).all(db).await?;
    let districts: HashMap<_, _> = teams.into_iter().map(|team| (team.id, team.district_id)).collect();
    let lasts =
        Condition::any().add(role_grant::Column::ExpiresAt.is_null()).add(role_grant::Column::ExpiresAt.gt(now));
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::Role.eq(Role::TeamLead))
        .filter(role_grant::Column::RevokedAt.is_null())
        .filter(lasts)
        .filter(role_grant::Column::DistrictId.is_in(districts.values().copied()));
    let grants = grants.all(db).await?;
    let accounts = account::Entity::find()
        .filter(account::Column::Id.is_in(grants.iter().map(|grant| grant.account_id)))
        .filter(account::Column::DisabledAt.is_null());
    let addresses: HashMap<_, _> =
        accounts.all(db).await?.into_iter().map(|account| (account.id, account.email)).collect();
    for (team, news) in news {
        let of_district = grants.iter().filter(|grant| grant.district_id == districts.get(&team).copied());
        let to = of_district.filter_map(|grant| addresses.get(&grant.account_id));
        letters.news.extend(to.map(|address| (address.clone(), news)));
    }
    Ok(letters)
}
