//! Places that become free: whoever did not answer in time loses theirs, and the next on the waiting list is offered it,
//! in the same transaction.

use super::held;
use super::letters::{Letters, News, to_leads};
use crate::auth::Actor;
use crate::database::begin;
use crate::error::Result;
use crate::team::standing::{Standing, Told, out_of_season, stand, stands};
use crate::writing::hold;
use chrono::{DateTime, TimeDelta, Utc};
use entity::convening;
use entity::decision_publication;
use entity::ids::{ConveningId, TeamId};
use entity::team::{self, Status};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseConnection, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

/// How long a team has to answer where nobody said.
const ANSWER_HOURS: i32 = 7 * 24;

/// How many hours a team has to answer that is offered a place.
pub(super) async fn answer_hours(db: &impl ConnectionTrait, id: ConveningId) -> Result<i32> {
    let publication = decision_publication::Entity::find_by_id(id).one(db).await?;
    Ok(publication.map_or(ANSWER_HOURS, |publication| publication.answer_hours))
}

/// Takes places back from whoever did not answer in time, and offers what is free to those who wait. `freed` places were
/// just given back: where nobody said how many there are, each is offered on. The caller holds the convening.
pub(super) async fn pass_on(
    db: &impl ConnectionTrait,
    convening: &convening::Model,
    freed: usize,
    now: DateTime<Utc>,
) -> Result<Vec<(TeamId, News)>> {
    if !convening.decisions_published {
        return Ok(Vec::new());
    }
    let freed = freed + expire(db, convening.id, now).await?;
    // Once it has begun it is too late to come; before, whoever waits is told at once.
    if !matches!(convening.status, convening::Status::TeamsSelected | convening::Status::AgendaPublished) {
        return Ok(Vec::new());
    }
    let free = match held::capacity(convening) {
        Some(capacity) => capacity.saturating_sub(held::places_held(db, convening.id).await?),
        None => freed,
    };
    if free == 0 {
        return Ok(Vec::new());
    }
    let next = team::Entity::find()
        .filter(team::Column::ConveningId.eq(convening.id))
        .filter(team::Column::Status.eq(Status::Waitlisted))
        .order_by_asc(team::Column::WaitlistPosition)
        .order_by_asc(team::Column::Id)
        .limit(u64::try_from(free).unwrap_or(u64::MAX));
    let next: Vec<TeamId> = next.all(db).await?.into_iter().map(|team| team.id).collect();
    if next.is_empty() {
        return Ok(Vec::new());
    }
    let due = now + TimeDelta::hours(answer_hours(db, convening.id).await?.into());
    let offered = |team: &TeamId| Standing { answer_due_at: Some(due), ..Standing::new(*team, Status::Offered) };
    stand(db, Told::Teams(now), false, next.iter().map(offered).collect()).await?;
    Ok(next.into_iter().map(|team| (team, News::Offered(due))).collect())
}

/// Writes down who did not answer in time; how many.
pub(super) async fn expire(db: &impl ConnectionTrait, id: ConveningId, now: DateTime<Utc>) -> Result<usize> {
    let awaited = team::Entity::find()
        .filter(team::Column::ConveningId.eq(id))
        .filter(team::Column::AnswerDueAt.lte(now))
        .all(db)
        .await?;
    let late = awaited.iter().filter(|team| stands(team, true, now) == Status::Expired);
    let late: Vec<TeamId> = late.map(|team| team.id).collect();
    let expired = late.iter().map(|&team| Standing::new(team, Status::Expired)).collect();
    stand(db, Told::Teams(now), false, expired).await?;
    Ok(late.len())
}

/// Offers the places of a convening that are free, for whoever decides on its teams.
pub(crate) async fn offer_free_places(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: ConveningId,
) -> Result<(ConveningId, Letters)> {
    let convening = held::to_decide(db, actor.viewer, id).await.map_err(|error| error.at_field("conveningId"))?;
    if !convening.decisions_published {
        return Err(out_of_season(
            "conveningId",
            "Places are offered once decisions are published. Publish them first.",
        ));
    }
    Ok((convening.id, offer_what_is_free(db, &convening, actor.now).await?))
}

/// Offers the places of a convening that are free, once decisions are published. The caller holds the convening.
pub(crate) async fn offer_what_is_free(
    db: &impl ConnectionTrait,
    convening: &convening::Model,
    now: DateTime<Utc>,
) -> Result<Letters> {
    let offered = pass_on(db, convening, 0, now).await?;
    to_leads(db, convening, offered, now).await
}

/// Passes on what is free at every convening, each in a transaction of its own. What nobody asked for is done all the
/// same: an offer that ran out is somebody's place. What fails at one is no reason to leave out the others, nor to send
/// no letters of what was done.
pub(crate) async fn keep(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Vec<Letters>> {
    let late = team::Entity::find().select_only().column(team::Column::ConveningId).distinct();
    let late = late.filter(team::Column::AnswerDueAt.lte(now).or(team::Column::Status.eq(Status::Waitlisted)));
    let convenings: Vec<ConveningId> = late.into_tuple().all(db).await?;
    let mut letters = Vec::new();
    for id in convenings {
        match keep_one(db, id, now).await {
            Ok(news) => letters.extend(news),
            Err(error) => tracing::warn!(%error, "places were not passed on; it is tried again in an hour"),
        }
    }
    Ok(letters)
}

async fn keep_one(db: &DatabaseConnection, id: ConveningId, now: DateTime<Utc>) -> Result<Option<Letters>> {
    let transaction = begin(db).await?;
    let held = hold::<convening::Entity>(&transaction, |rows| rows.col(convening::Column::Id).eq(id)).await?;
    let news = match held.first() {
        Some(convening) => Some(offer_what_is_free(&transaction, convening, now).await?),
        None => None,
    };
    transaction.commit().await?;
    Ok(news)
}
