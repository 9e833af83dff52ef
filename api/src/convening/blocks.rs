//! Blocks: sessions of a convening that are offered together. A block is known by its place and has no version of its
//! own: it goes with its convening's.

use super::input::{AddedBlock, BlockPatch, BlockPlace, NewBlock};
use super::validate;
use crate::auth::Actor;
use crate::error::{Error, Result, ViolationCode};
use crate::policy::Action;
use crate::validation::{Meaning, Violations, refused};
use crate::writing::{Patch, at_version, find_for, save, touch};
use entity::ids::{ConveningId, SessionBlockId, SessionId};
use entity::{convening, session, session_block};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    ModelTrait as _, QueryFilter as _, QueryOrder as _,
};
use std::collections::BTreeSet;

/// The rows of a convening's blocks, in their order.
pub(super) fn rows(convening: ConveningId, blocks: Vec<NewBlock>) -> Vec<session_block::Model> {
    (1..).zip(blocks).map(|(position, block)| row_of(convening, position, block)).collect()
}

/// Adds blocks to a convening that has none yet.
pub(super) async fn add_all(db: &impl ConnectionTrait, blocks: Vec<session_block::Model>) -> Result<()> {
    for block in blocks {
        block.into_active_model().reset_all().insert(db).await?;
    }
    Ok(())
}

fn row_of(convening: ConveningId, position: i32, block: NewBlock) -> session_block::Model {
    session_block::Model {
        id: SessionBlockId::new(),
        convening_id: convening,
        position,
        title: block.title,
        rounds: block.rounds,
        sessions_per_participant: block.sessions_per_participant,
        sessions_per_team: block.sessions_per_team,
    }
}

/// Adds a block behind the others of a convening, with these of its sessions.
pub(crate) async fn add(db: &impl ConnectionTrait, actor: Actor<'_>, new: AddedBlock) -> Result<ConveningId> {
    let AddedBlock { convening, block, sessions } = new;
    let convening = find_for::<convening::Entity>(db, actor.viewer, convening, Action::Update).await;
    let convening = convening.map_err(|error| error.at_field("conveningId"))?;
    let mut violations = Violations::default();
    let last = blocks_of(db, convening.id).await?.last().map_or(0, |last| last.position);
    let row = row_of(convening.id, last + 1, block);
    validate::block(&row, &mut violations);
    violations.finish()?;
    let row = row.into_active_model().reset_all().insert(db).await?;
    fill(db, actor, &row, sessions).await?;
    Ok(touch::<convening::Entity>(db, actor, convening).await?.id)
}

/// Changes what is named of a block, and which sessions are in it.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    place: BlockPlace,
    patch: BlockPatch,
) -> Result<ConveningId> {
    let (convening, before) = block_at(db, actor, place).await?;
    let mut violations = Violations::default();
    let mut row = before.clone();
    patch.title.apply_required("title", &mut row.title, &mut violations);
    patch.rounds.apply(&mut row.rounds);
    patch.sessions_per_participant.apply(&mut row.sessions_per_participant);
    patch.sessions_per_team.apply(&mut row.sessions_per_team);
    validate::block(&row, &mut violations);
    violations.finish()?;
    let changed = row != before;
    if changed {
        row.clone().into_active_model().reset_all().update(db).await?;
    }
    let refilled = match patch.sessions {
        Patch::Keep => false,
        Patch::Clear => fill(db, actor, &row, Vec::new()).await?,
        Patch::Set(sessions) => fill(db, actor, &row, sessions).await?,
    };
    if changed || refilled {
        touch::<convening::Entity>(db, actor, convening).await?;
    }
    Ok(place.convening)
}

/// Takes away a block that no session is in; those behind it move up.
pub(crate) async fn delete(db: &impl ConnectionTrait, actor: Actor<'_>, place: BlockPlace) -> Result<ConveningId> {
    const MEANINGS: &[Meaning] = &[(
        "session_block_fkey",
        "position",
        ViolationCode::InUse,
        "Sessions are in this block. Take them out first, with updateSessionBlock.",
    )];
    let (convening, row) = block_at(db, actor, place).await?;
    row.delete(db).await.map_err(|error| refused(error, MEANINGS))?;
    for row in blocks_of(db, convening.id).await?.into_iter().filter(|row| row.position > place.position) {
        let position = row.position - 1;
        let mut row = row.into_active_model();
        row.position = Set(position);
        row.update(db).await?;
    }
    Ok(touch::<convening::Entity>(db, actor, convening).await?.id)
}

async fn blocks_of(db: &impl ConnectionTrait, convening: ConveningId) -> Result<Vec<session_block::Model>> {
    let blocks = session_block::Entity::find().filter(session_block::Column::ConveningId.eq(convening));
    Ok(blocks.order_by_asc(session_block::Column::Position).all(db).await?)
}

/// A block and its convening, which is locked, for whoever may change them.
async fn block_at(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    place: BlockPlace,
) -> Result<(convening::Model, session_block::Model)> {
    let convening = find_for::<convening::Entity>(db, actor.viewer, place.convening, Action::Update).await?;
    let convening = at_version(convening, place.version)?;
    let block = blocks_of(db, convening.id).await?.into_iter().find(|block| block.position == place.position);
    let Some(block) = block else {
        let mut violations = Violations::default();
        violations.add("position", ViolationCode::NotFound, "The convening has no block in this place.");
        return Err(violations.finish().err().unwrap_or(Error::NotFound("session_block")));
    };
    Ok((convening, block))
}

const FILLING: &[Meaning] = &[(
    "seat_assignment_round_once",
    "sessionIds",
    ViolationCode::Conflict,
    "Somebody would have two seats in one round of a block. Free one of the two first.",
)];

/// Puts sessions of the convening into a block, and no others; tells whether any came or went. Sessions are locked in
/// the order of their keys, after their convening.
async fn fill(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    block: &session_block::Model,
    sessions: Vec<SessionId>,
) -> Result<bool> {
    let mut violations = Violations::default();
    violations.items("sessionIds", &sessions);
    violations.finish()?;
    let inside = session::Entity::find().filter(session::Column::BlockId.eq(block.id)).all(db).await?;
    let wanted: BTreeSet<SessionId> = sessions.into_iter().collect();
    let involved: BTreeSet<SessionId> = inside.iter().map(|row| row.id).chain(wanted.iter().copied()).collect();
    let (mut violations, mut moving) = (Violations::default(), Vec::new());
    for id in involved {
        let row = find_for::<session::Entity>(db, actor.viewer, id, Action::Update).await;
        let row = row.map_err(|error| error.at_field("sessionIds"))?;
        violations.check(
            row.convening_id == block.convening_id,
            "sessionIds",
            "A block holds sessions of its own convening.",
        );
        let stays = row.block_id.filter(|other| *other != block.id);
        let block_id = if wanted.contains(&id) { Some(block.id) } else { stays };
        if block_id != row.block_id {
            moving.push((session::Model { block_id, ..row.clone() }, row));
        }
    }
    violations.finish()?;
    let changed = !moving.is_empty();
    // Those that go make room in their rounds for those that come.
    moving.sort_by_key(|(after, _)| after.block_id.is_some());
    for (after, before) in moving {
        save::<session::Entity>(db, actor, before, after, FILLING).await?;
    }
    Ok(changed)
}
