//! Reading a feed: from a place in it, as far as it goes, and nothing of what may not be seen at this moment.

use super::advance::{Extent, advance};
use super::audience::{self, Audience};
use super::cursor::{Position, Seal};
use super::feeds::{Feeds, Shared, Stretch};
use super::read::{Entry, Part, read};
use super::watch;
use crate::auth::Viewer;
use crate::database::Epoch;
use crate::error::{Error, Result};
use crate::graphql::NodeType;
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long a request waits for what is done for a feed, which goes on.
const PATIENCE: Duration = Duration::from_secs(8);

pub(super) const OUT_OF_STEP: &str = "This cursor is not one of your feed any more: it is older than the 30 days that \
    changes are kept, or what you may see has changed since. Start again with `from: BEGINNING`.";

/// A place in the feed of an audience: behind the change of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) audience: Uuid,
    pub(crate) number: i64,
}

/// What follows a place.
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    /// In order; those that may not be seen at present are left out.
    pub(crate) entries: Vec<Entry>,
    /// The place to go on from: also what was left out lies before it.
    pub(crate) upto: Place,
}

/// Where a feed is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// Everything that there is, then what becomes of it.
    Beginning,
    /// What is changed from now on.
    Now,
}

/// The end of the viewer's feed at this moment.
pub(crate) async fn now(feeds: &Arc<Feeds>, viewer: &Viewer) -> Result<Place> {
    let audience = up_to_date(feeds, viewer, None).await?;
    Ok(Place { audience: audience.id, number: audience.last_number })
}

/// The number of the first change of an audience that is kept, or will be; none where the audience is not known any more.
pub(crate) async fn kept_from(db: &impl ConnectionTrait, audience: Uuid) -> Result<Option<i64>> {
    Ok(audience::forgotten(db, audience).await?.map(|forgotten| forgotten + 1))
}

/// So many changes behind a place, of these types, or of any where none is named. [`Error::OutOfStep`] where the place is
/// older than changes are kept or is in the feed of another audience, because the viewer sees other rows than before.
pub(crate) async fn after(
    feeds: &Arc<Feeds>,
    viewer: &Viewer,
    place: Place,
    (types, limit): (Vec<NodeType>, usize),
) -> Result<Entries> {
    let audience = up_to_date(feeds, viewer, None).await?;
    let position = Position { audience: place.audience, number: place.number, until: None };
    belongs(&audience, &position)?;
    let part = read(feeds.db(), viewer, audience.last_number, &Stretch { position, types, limit }).await?;
    let entries = part.entries.into_iter().map(|(entry, _)| entry).collect();
    Ok(Entries { entries, upto: Place { number: part.upto.number, ..place } })
}

/// The place that a cursor or a word names, in the viewer's own feed, and the number that this goes to.
pub(super) async fn start(
    feeds: &Arc<Feeds>,
    viewer: &Viewer,
    seal: &Seal,
    (after, from): (Option<&str>, From),
) -> Result<(Position, i64)> {
    let audience = up_to_date(feeds, viewer, None).await?;
    let end = audience.last_number;
    let Some(cursor) = after else {
        let (number, until) = match from {
            From::Now => (end, None),
            From::Beginning => (0, Some(end)),
        };
        return Ok((Position { audience: audience.id, number, until }, end));
    };
    let position = seal.open(cursor)?;
    let position = position.ok_or_else(|| {
        Error::bad_input(
            "This is not a cursor of this feed. Cursors come from its changes; or start with `from: BEGINNING`.",
        )
    })?;
    belongs(&audience, &position)?;
    Ok((position, end))
}

/// What follows a place, for one who follows the feed and was told that there may be something new. It is looked at once
/// for all of this instance who see the same and stand at the same place.
pub(super) async fn follow(feeds: &Arc<Feeds>, viewer: &Viewer, shared: &Shared, stretch: Stretch) -> Result<Part> {
    // Asked first: what is read afterwards is as new as this.
    let epoch = feeds.epoch();
    let audience = up_to_date(feeds, viewer, epoch).await?;
    let position = stretch.position;
    if position.audience != audience.id || behind(&position) < audience.forgotten {
        return Err(Error::OutOfStep(OUT_OF_STEP));
    }
    // Whoever looked a moment later may have read further.
    if position.until.is_none() && position.number >= audience.last_number {
        return Ok(Part { entries: Vec::new(), upto: position, more: false });
    }
    let reading = shared.reading(epoch, stretch.clone());
    let read = async {
        let _place = feeds.following().await?;
        read(feeds.db(), viewer, audience.last_number, &stretch).await
    };
    reading.take(epoch, read).await
}

/// The viewer's audience, told everything that was committed before this was called; or in an epoch that is not over.
pub(super) async fn up_to_date(feeds: &Arc<Feeds>, viewer: &Viewer, epoch: Option<Epoch>) -> Result<Audience> {
    let (feeds, viewer) = (Arc::clone(feeds), viewer.clone());
    let turn = async move {
        let shared = feeds.shared(&viewer);
        shared.audience.take(epoch, bring(&feeds, &viewer)).await
    };
    patiently(turn, "Your feed is being made or brought up to date. Ask again in a minute.").await
}

async fn bring(feeds: &Arc<Feeds>, viewer: &Viewer) -> Result<Audience> {
    let mut audience = audience::ensure(feeds.db(), viewer).await?;
    if audience.is_behind {
        advance(feeds.db(), viewer, audience.id, Extent::Touched).await?;
        audience = audience::ensure(feeds.db(), viewer).await?;
    }
    watch::check_if_due(feeds, viewer, &audience).await?;
    Ok(audience)
}

/// Does something however long it takes, whether or not the request goes on to wait for it.
async fn patiently<T: Send + 'static>(
    act: impl Future<Output = Result<T>> + Send + 'static,
    otherwise: &'static str,
) -> Result<T> {
    match tokio::time::timeout(PATIENCE, tokio::spawn(act)).await {
        Ok(done) => done.map_err(Error::internal)?,
        Err(_) => Err(Error::NotReady(otherwise)),
    }
}

/// Whether a place is one of the feed of an audience, and all that follows it is kept.
pub(super) fn belongs(audience: &Audience, position: &Position) -> Result<()> {
    let is_kept = (audience.forgotten..=audience.last_number).contains(&behind(position));
    if position.audience == audience.id && is_kept { Ok(()) } else { Err(Error::OutOfStep(OUT_OF_STEP)) }
}

/// The number behind which changes are told from a place.
fn behind(position: &Position) -> i64 {
    position.until.unwrap_or(position.number)
}
