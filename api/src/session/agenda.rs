//! An agenda is changed by one at a time.
//!
//! What is asked before something is put on an agenda (is the day one of the convening's, does the room hold that many,
//! does somebody speak elsewhere then) must still be so when it is written. Therefore whoever changes a session, a slot,
//! a room or a speaker takes locks in this order, from the whole to the part:
//!
//! 1. the convening on whose agenda it is: one change of an agenda at a time. Where two agendas are concerned, both, in
//!    the order of their keys;
//! 2. the row itself, where it is there already;
//! 3. the people whose time it takes, in the order of their keys: they speak at other convenings too.
//!
//! Only then, in a statement of its own that sees what others wrote before they let go, it is asked what is in the way.
//! Convenings and people are held so that others may go on to refer to them.

use crate::auth::Viewer;
use crate::database::Alias;
use crate::error::{Error, Result};
use crate::policy::{Action, Resource};
use crate::writing::{find_for, hold, missing};
use entity::ids::SessionId;
use entity::{convening, session, speaker};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use uuid::Uuid;

/// Holds the convening on whose agenda a session, slot or room is.
pub(crate) async fn of_part<E: Resource>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    key: impl Into<Uuid>,
) -> Result<convening::Model> {
    let key = key.into();
    let held =
        hold::<convening::Entity>(db, |convening| is_of::<E>(convening, |part| part.computed("id").eq(key))).await?;
    match held.into_iter().next() {
        Some(convening) => Ok(convening),
        None => Err(missing::<E>(db, viewer, key).await?),
    }
}

/// Holds the convening and the session that a new slot or speaker names, for whoever may change that session.
pub(crate) async fn to_add(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: SessionId,
) -> Result<(convening::Model, session::Model)> {
    let whole = async {
        let convening = of_part::<session::Entity>(db, viewer, id).await?;
        Ok((convening, find_for::<session::Entity>(db, viewer, id, Action::Update).await?))
    };
    whole.await.map_err(|error: Error| error.at_field("sessionId"))
}

/// Holds the convening on whose agenda a speaker is.
pub(crate) async fn of_speaker(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    key: impl Into<Uuid>,
) -> Result<convening::Model> {
    let key = key.into();
    let speaks = |session: &Alias| {
        session.exists::<speaker::Entity>(|speaker| {
            let here = speaker.col(speaker::Column::SessionId).eq(session.col(session::Column::Id));
            here.and(speaker.col(speaker::Column::Id).eq(key))
        })
    };
    let held = hold::<convening::Entity>(db, |convening| is_of::<session::Entity>(convening, speaks)).await?;
    match held.into_iter().next() {
        Some(convening) => Ok(convening),
        None => Err(missing::<speaker::Entity>(db, viewer, key).await?),
    }
}

/// Holds the convenings on whose agendas two sessions are.
pub(super) async fn of_both(db: &impl ConnectionTrait, one: Uuid, other: Uuid) -> Result<()> {
    let either = |session: &Alias| session.computed("id").eq(one).or(session.computed("id").eq(other));
    hold::<convening::Entity>(db, |convening| is_of::<session::Entity>(convening, either)).await.map(drop)
}

/// There is a row of `E` on the agenda of a convening that the condition holds for.
fn is_of<E: Resource>(convening: &Alias, condition: impl FnOnce(&Alias) -> Expr) -> Expr {
    convening
        .exists::<E>(|part| part.computed("convening_id").eq(convening.col(convening::Column::Id)).and(condition(part)))
}
