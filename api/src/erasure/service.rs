//! How a person is erased.

use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::observe::security::{self, Event, Happened};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::{Meaning, refused};
use crate::writing::{at_version, find_for};
use entity::ids::PersonId;
use entity::person::Entity;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

const MEANINGS: &[Meaning] = &[(
    "erasure_reason",
    "reason",
    ViolationCode::Invalid,
    "Do not name the person, nor any address: this text stays. Name the request instead, by its number or day.",
)];

/// Erases a person, for the reason that the transaction was given.
pub(crate) async fn erase(db: &impl ConnectionTrait, actor: Actor<'_>, id: PersonId, version: i32) -> Result<PersonId> {
    authorize_some(actor.viewer, Kind::Person, Action::Erase)?;
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Erase).await?, version)?;
    let values = [row.id.into(), actor.now.into()];
    let erase = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT erase_person($1, $2)", values);
    db.query_one_raw(erase).await.map_err(|error| refused(error, MEANINGS))?;
    security::tell_once_kept(Happened::from(Event::PersonErased).about(row.id));
    Ok(row.id)
}
