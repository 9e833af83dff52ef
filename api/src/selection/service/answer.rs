//! What a team says: that it comes, that it does not, that it steps back.

use super::held;
use super::letters::{Letters, to_leads};
use super::offer::pass_on;
use crate::auth::Actor;
use crate::error::Result;
use crate::team::moves::{self, HOLDS_A_PLACE};
use crate::team::standing::{Standing, Told, out_of_season, stand, stands};
use crate::writing::at_version;
use entity::ids::TeamId;
use entity::team::Status;
use sea_orm::ConnectionTrait;

/// Writes down what a team says: `CONFIRMED`, `DECLINED` or `WITHDRAWN`. A place that becomes free by it is offered to the
/// next in the same transaction.
pub(crate) async fn answer(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    (id, version): (TeamId, i32),
    to: Status,
) -> Result<(TeamId, Letters)> {
    let (convening, team) = held::with_team(db, actor.viewer, id).await?;
    let team = at_version(team, version)?;
    if held::is_over(&convening) {
        return Err(out_of_season("id", "The convening is over: teams stay as they are."));
    }
    let published = convening.decisions_published;
    let stood = stands(&team, published, actor.now);
    moves::check(stood, to, published, held::mover(db, actor.viewer, convening.id).await?)?;
    // What a team says of itself is no secret to it.
    stand(db, Told::Teams(actor.now), false, vec![Standing::new(id, to)]).await?;
    let freed = usize::from(to != Status::Confirmed && HOLDS_A_PLACE.contains(&stood));
    let offered = pass_on(db, &convening, freed, actor.now).await?;
    Ok((id, to_leads(db, &convening, offered, actor.now).await?))
}
