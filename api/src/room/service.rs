//! What can be done with rooms.

use super::validate;
use crate::auth::Actor;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::session::agenda;
use crate::slot;
use crate::validation::{Meaning, Violations};
use crate::writing::{Patch, at_version, find_for, insert, remove, save};
use entity::convening;
use entity::ids::{ConveningId, RoomId};
use entity::room::{Entity, Model};
use sea_orm::ConnectionTrait;

/// A room to add.
#[derive(Clone, Debug)]
pub(crate) struct NewRoom {
    /// The convening at whose venue it is.
    pub convening: ConveningId,
    /// What it is called.
    pub name: String,
    /// How many people it holds.
    pub capacity: Option<i32>,
}

/// What is to change of a room.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoomPatch {
    /// What it is called.
    pub name: Patch<String>,
    /// How many people it holds.
    pub capacity: Patch<i32>,
}

const MEANINGS: &[Meaning] =
    &[("room_name_key", "name", ViolationCode::Taken, "Another room of this convening has this name.")];

/// Adds a room.
pub(crate) async fn create(db: &impl ConnectionTrait, actor: Actor<'_>, new: NewRoom) -> Result<Model> {
    authorize_some(actor.viewer, Kind::Agenda, Action::Create)?;
    let convening = find_for::<convening::Entity>(db, actor.viewer, new.convening, Action::Update).await;
    let convening = convening.map_err(|error| error.at_field("conveningId"))?;
    let mut violations = Violations::default();
    let row = Model {
        id: RoomId::new(),
        convening_id: convening.id,
        name: new.name,
        capacity: new.capacity,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    validate::room(&row, &mut violations);
    violations.finish()?;
    insert::<Entity>(db, actor, row, MEANINGS).await
}

/// Changes what is named of a room. It does not become too small for what takes place in it.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    id: RoomId,
    version: i32,
    patch: RoomPatch,
) -> Result<Model> {
    agenda::of_part::<Entity>(db, actor.viewer, id).await?;
    let before = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Update).await?, version)?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.name.apply_required("name", &mut row.name, &mut violations);
    patch.capacity.apply(&mut row.capacity);
    validate::room(&row, &mut violations);
    if let Some(capacity) = row.capacity
        && slot::service::takes_more(db, id, capacity).await?
    {
        let message = "A session in this room takes more, or has more seats taken. Move it or make it smaller first.";
        violations.add("capacity", ViolationCode::CapacityExceeded, message);
    }
    violations.finish()?;
    save::<Entity>(db, actor, before, row, MEANINGS).await
}

/// Takes away a room that no slot is in.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, id: RoomId, version: i32) -> Result<()> {
    agenda::of_part::<Entity>(db, actor.viewer, id).await?;
    let row = at_version(find_for::<Entity>(db, actor.viewer, id, Action::Delete).await?, version)?;
    remove(db, row).await
}
