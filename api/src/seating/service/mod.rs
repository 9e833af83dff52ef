//! What can be done with seats: one at a time, or all of a block at once.

mod choose;
mod plan;
mod presenting;
mod report;
mod scene;

pub(super) use choose::{NewSeat, assign, release};
pub(super) use plan::{PlanRequest, SeatPlan, Standing, apply, preview};
pub(super) use report::Reason;

use crate::auth::{Actor, Viewer};
use crate::convening::illegal;
use crate::error::{Error, Result};
use crate::policy::{Action, Kind};
use crate::writing::permit;
use entity::convening::{self, Status};
use sea_orm::ConnectionTrait;

/// Whether the viewer gives seats throughout a convening, and not only to members of an own team.
async fn runs(db: &impl ConnectionTrait, viewer: &Viewer, convening: &convening::Model) -> Result<bool> {
    let permitted = permit::<convening::Entity>(db, viewer, convening.id, (Kind::Seating, Action::Create)).await;
    match permitted {
        Ok(()) => Ok(true),
        Err(Error::Forbidden | Error::Unauthenticated) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Refuses seats of a convening that is over, and those that a team would change for itself once it has begun; a fault of
/// this field of the input. Says whether whoever asks runs the convening.
async fn in_time(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    convening: &convening::Model,
    field: &str,
) -> Result<bool> {
    let runs = runs(db, actor.viewer, convening).await?;
    let message = match convening.status {
        Status::Completed | Status::Cancelled => "Seats are given and released until the convening is over.",
        Status::InProgress if !runs => {
            "Teams choose their seats until the convening begins. Ask those who run it from then on."
        }
        _ => return Ok(runs),
    };
    Err(said_of(illegal(convening, message), field))
}

/// The faults as faults of one field.
fn said_of(error: Error, field: &str) -> Error {
    match error {
        Error::Invalid(mut violations) => {
            for violation in &mut violations {
                violation.field = vec![field.to_owned()];
            }
            Error::Invalid(violations)
        }
        other => other,
    }
}
